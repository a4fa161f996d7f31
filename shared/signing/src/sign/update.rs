//! An incremental update: new and changed objects behind the file, which stays as it is to the last byte.

use crate::pdf::{Dict, File, Id, Kind, Object};
use std::collections::BTreeMap;
use std::fmt::Write;

/// An update in the making.
#[derive(Debug)]
pub(super) struct Update<'a> {
    file: &'a File<'a>,
    next: u32,
    objects: BTreeMap<Id, Vec<u8>>,
}

/// The updated file and where the new objects are.
#[derive(Debug)]
pub(super) struct Updated {
    pub(super) bytes: Vec<u8>,
    pub(super) offsets: BTreeMap<Id, usize>,
}

impl<'a> Update<'a> {
    pub(super) fn new(file: &'a File<'a>) -> Self {
        let used = file.places.keys().next_back().copied().unwrap_or_default();
        Self { file, next: used + 1, objects: BTreeMap::new() }
    }

    /// A number not used yet.
    pub(super) fn fresh(&mut self) -> Id {
        let id = Id { number: self.next, generation: 0 };
        self.next += 1;
        id
    }

    /// Writes an object, or writes it anew.
    pub(super) fn put(&mut self, id: Id, body: impl Into<Vec<u8>>) {
        self.objects.insert(id, body.into());
    }

    /// Writes a stream as it is.
    pub(super) fn put_stream(&mut self, id: Id, mut dict: Dict, data: &[u8]) {
        dict.set("Length", Object::Int(data.len() as i64));
        let mut body = format!("{dict}\nstream\n").into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.put(id, body);
    }

    /// The whole file, ending in a line end: what is signed must include it.
    pub(super) fn finish(mut self) -> Option<Updated> {
        let section = self.file.sections.first()?;
        let mut bytes = self.file.bytes.to_vec();
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        for (id, body) in std::mem::take(&mut self.objects) {
            offsets.insert(id, bytes.len());
            bytes.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
            bytes.extend_from_slice(&body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let mut trailer = Dict::default();
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = section.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", Object::Int(section.at as i64));
        let at = bytes.len();
        match section.kind {
            Kind::Table => self.table(trailer, &offsets, &mut bytes),
            Kind::Stream => self.stream(trailer, &offsets, &mut bytes),
        }
        bytes.extend_from_slice(format!("startxref\n{at}\n%%EOF\n").as_bytes());
        Some(Updated { bytes, offsets })
    }

    fn size(&self) -> Object {
        let stated = self.file.sections.first().and_then(|section| section.trailer.get("Size")?.int());
        Object::Int(stated.unwrap_or_default().max(i64::from(self.next)))
    }

    fn table(&self, mut trailer: Dict, offsets: &BTreeMap<Id, usize>, bytes: &mut Vec<u8>) {
        trailer.set("Size", self.size());
        let mut text = "xref\n".to_owned();
        for (id, offset) in offsets {
            // Writing to a string does not fail.
            let _ = write!(text, "{} 1\n{offset:010} {:05} n \n", id.number, id.generation);
        }
        bytes.extend_from_slice(format!("{text}trailer\n{trailer}\n").as_bytes());
    }

    fn stream(&mut self, mut dict: Dict, offsets: &BTreeMap<Id, usize>, bytes: &mut Vec<u8>) {
        let own = self.fresh();
        dict.set("Type", Object::name("XRef"));
        dict.set("Size", self.size());
        dict.set("W", Object::List([1, 4, 2].map(Object::Int).to_vec()));
        let (mut index, mut rows) = (Vec::new(), Vec::new());
        let at = bytes.len();
        for (id, offset) in offsets.iter().map(|(id, offset)| (*id, *offset)).chain([(own, at)]) {
            index.extend([Object::Int(i64::from(id.number)), Object::Int(1)]);
            rows.push(1);
            rows.extend_from_slice(&(offset as u32).to_be_bytes());
            rows.extend_from_slice(&id.generation.to_be_bytes());
        }
        dict.set("Index", Object::List(index));
        dict.set("Length", Object::Int(rows.len() as i64));
        bytes.extend_from_slice(format!("{} 0 obj\n{dict}\nstream\n", own.number).as_bytes());
        bytes.extend_from_slice(&rows);
        bytes.extend_from_slice(b"\nendstream\nendobj\n");
    }
}
