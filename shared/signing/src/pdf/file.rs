//! A file as its cross-references show it: sections from the newest to the oldest, and objects by number.

use super::filter::unpack;
use super::lex::Lexer;
use super::object::{Dict, Id, Object};
use super::work::{Broken, Read, Work};
use super::xref::{self, Place, Section};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

/// A reference to a reference to a reference … ends here.
const HOPS: usize = 8;

/// An object and where it is written, from its number to `endobj`; packed objects are nowhere.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) object: Object,
    pub(crate) span: Option<Range<usize>>,
}

/// The objects in one object stream.
#[derive(Debug)]
struct Pack {
    data: Vec<u8>,
    /// Number and offset of each.
    index: Vec<(u32, usize)>,
}

/// A file, or the part of it that one signature covers.
#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) sections: Vec<Section>,
    pub(crate) places: BTreeMap<u32, Place>,
    work: &'a Work,
    packs: RefCell<HashMap<(usize, u32), Rc<Pack>>>,
}

impl<'a> File<'a> {
    /// Reads all cross-reference sections.
    pub(crate) fn open(bytes: &'a [u8], work: &'a Work) -> Read<Self> {
        if bytes.len() > work.limits.file_bytes {
            return Err(Broken::Limit);
        }
        if !bytes.starts_with(b"%PDF-") {
            return Err(Broken::Syntax);
        }
        let mut sections: Vec<Section> = Vec::new();
        let mut next = Some(xref::newest(bytes, work)?);
        while let Some(at) = next {
            if sections.iter().any(|section| section.at == at) {
                return Err(Broken::Syntax);
            }
            if sections.len() == work.limits.revisions {
                return Err(Broken::Limit);
            }
            let section = xref::section(bytes, at, work)?;
            if section.trailer.has("Encrypt") {
                return Err(Broken::Encrypted);
            }
            next = match section.trailer.get("Prev") {
                None => None,
                Some(Object::Int(at)) => Some(usize::try_from(*at).map_err(|_| Broken::Syntax)?),
                Some(_) => return Err(Broken::Syntax),
            };
            sections.push(section);
        }
        let mut places = BTreeMap::new();
        for section in sections.iter().rev() {
            places.extend(section.places.iter().map(|(number, place)| (*number, *place)));
        }
        Ok(Self { bytes, sections, places, work, packs: RefCell::default() })
    }

    pub(crate) const fn work(&self) -> &'a Work {
        self.work
    }

    /// The newest section.
    pub(crate) fn newest(&self) -> Read<&Section> {
        self.sections.first().ok_or(Broken::Syntax)
    }

    /// The dictionary of the whole, and its number.
    pub(crate) fn catalog(&self) -> Read<(Id, Dict)> {
        let root = self.newest()?.trailer.get("Root").and_then(Object::reference).ok_or(Broken::Syntax)?;
        match self.object(root)?.object {
            Object::Dict(dict) => Ok((root, dict)),
            _ => Err(Broken::Syntax),
        }
    }

    /// The object under this number, null if there is none.
    pub(crate) fn object(&self, id: Id) -> Read<Found> {
        match self.places.get(&id.number) {
            Some(Place::At { generation, .. }) if *generation != id.generation => Ok(Found::nothing()),
            Some(Place::Packed { .. }) if id.generation != 0 => Ok(Found::nothing()),
            Some(place) => self.placed(id.number, *place),
            None => Ok(Found::nothing()),
        }
    }

    /// The object at this place, which must have this number.
    pub(crate) fn placed(&self, number: u32, place: Place) -> Read<Found> {
        match place {
            Place::Free => Ok(Found::nothing()),
            Place::At { offset, generation } => self.written(Id { number, generation }, offset, true),
            Place::Packed { stream, index } => self.packed(number, stream, index),
        }
    }

    /// The value itself, or what it refers to.
    pub(crate) fn resolve(&self, value: &Object) -> Read<Object> {
        let mut value = value.clone();
        for _ in 0..HOPS {
            match value.reference() {
                Some(id) => value = self.object(id)?.object,
                None => return Ok(value),
            }
        }
        Err(Broken::Syntax)
    }

    /// A dictionary's entry, resolved; null if it is not there.
    pub(crate) fn entry(&self, dict: &Dict, key: &str) -> Read<Object> {
        dict.get(key).map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// `streams`: whether it may be a stream (the length of a stream may not).
    fn written(&self, id: Id, offset: usize, streams: bool) -> Read<Found> {
        if !self.bytes.get(offset).is_some_and(u8::is_ascii_digit) {
            return Err(Broken::Syntax);
        }
        let mut lexer = Lexer::new(self.bytes, offset, self.work);
        if lexer.count()? != id.number as usize || lexer.count()? != usize::from(id.generation) {
            return Err(Broken::Syntax);
        }
        lexer.word("obj")?;
        let mut object = lexer.object(0)?;
        lexer.space()?;
        if lexer.sees("stream") && streams {
            let Object::Dict(dict) = object else { return Err(Broken::Syntax) };
            lexer.word("stream")?;
            let start = lexer.stream_start()?;
            let end = start.checked_add(self.length(&dict)?).ok_or(Broken::Syntax)?;
            lexer.jump(end)?;
            lexer.word("endstream")?;
            object = Object::Stream(dict, start..end);
        }
        lexer.word("endobj")?;
        Ok(Found { object, span: Some(offset..lexer.at()) })
    }

    fn length(&self, dict: &Dict) -> Read<usize> {
        let length = match dict.get("Length") {
            Some(Object::Ref(id)) => match self.places.get(&id.number) {
                Some(Place::At { offset, generation }) if *generation == id.generation => {
                    self.written(*id, *offset, false)?.object
                }
                _ => return Err(Broken::Syntax),
            },
            Some(length) => length.clone(),
            None => return Err(Broken::Syntax),
        };
        length.int().and_then(|length| usize::try_from(length).ok()).ok_or(Broken::Syntax)
    }

    fn packed(&self, number: u32, stream: u32, index: usize) -> Read<Found> {
        let Some(Place::At { offset, generation }) = self.places.get(&stream).copied() else {
            return Err(Broken::Syntax);
        };
        let pack = self.pack(Id { number: stream, generation }, offset)?;
        match pack.index.get(index) {
            Some((is, at)) if *is == number => {
                let object = Lexer::new(&pack.data, *at, self.work).object(0)?;
                Ok(Found { object, span: None })
            }
            _ => Err(Broken::Syntax),
        }
    }

    fn pack(&self, id: Id, offset: usize) -> Read<Rc<Pack>> {
        if let Some(pack) = self.packs.borrow().get(&(offset, id.number)) {
            return Ok(Rc::clone(pack));
        }
        let Object::Stream(dict, data) = self.written(id, offset, true)?.object else {
            return Err(Broken::Syntax);
        };
        if !dict.is("Type", "ObjStm") {
            return Err(Broken::Syntax);
        }
        let number = |key| dict.get(key).and_then(Object::int).and_then(|int| usize::try_from(int).ok());
        let (count, first) = (number("N").ok_or(Broken::Syntax)?, number("First").ok_or(Broken::Syntax)?);
        let data = unpack(&dict, &self.bytes[data], self.work)?;
        self.work.list(count)?;
        let mut lexer = Lexer::new(&data, 0, self.work);
        let mut index = Vec::new();
        for _ in 0..count {
            let number = u32::try_from(lexer.count()?).map_err(|_| Broken::Syntax)?;
            index.push((number, first.checked_add(lexer.count()?).ok_or(Broken::Syntax)?));
        }
        let pack = Rc::new(Pack { data, index });
        self.packs.borrow_mut().insert((offset, id.number), Rc::clone(&pack));
        Ok(pack)
    }
}

impl Found {
    const fn nothing() -> Self {
        Self { object: Object::Null, span: None }
    }
}
