//! The document with its signature field and an empty place for the signature.

use super::update::Update;
use super::{NotSigned, Wording, place};
use crate::pdf::{Broken, Dict, File, Id, Object, Text, Work};
use crate::verify::{Limits, signature_fields};
use crypto::digest::sha256;
use domain::Timestamp;
use std::ops::Range;

/// Four numbers of this width are patched in, padded with blanks.
const RANGE: &str = "[0 ********** ********** **********]";

/// A document in which only the signature is missing.
#[derive(Debug, Clone)]
pub struct Prepared {
    bytes: Vec<u8>,
    /// From `<` to `>` of the signature's place.
    gap: Range<usize>,
}

impl Prepared {
    /// SHA-256 of all that will be signed: everything but the gap.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        sha256(&[&self.bytes[..self.gap.start], &self.bytes[self.gap.end..]].concat())
    }

    /// Puts the signature into its place.
    ///
    /// # Errors
    /// If it is larger than its place.
    pub fn embed(mut self, container: &[u8]) -> Result<Vec<u8>, NotSigned> {
        let digits = hex::encode(container);
        let start = self.gap.start + 1;
        if digits.len() > self.gap.len() - 2 {
            return Err(NotSigned::Unsound("the signature is larger than the place reserved for it"));
        }
        self.bytes[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }
}

/// Adds the signature field, certifies the document (`DocMDP`, nothing may change), and reserves `room` bytes.
/// The same document and wording always give the same bytes.
///
/// # Errors
/// [`NotSigned::Document`] if it is no PDF that we can read, has no such page, or is signed already.
pub fn prepare(pdf: &[u8], wording: &Wording<'_>, room: usize) -> Result<Prepared, NotSigned> {
    let limits = Limits { file_bytes: pdf.len(), ..Limits::default() };
    let work = Work::new(&limits, std::sync::Arc::default());
    let file = File::open(pdf, &work).map_err(unreadable)?;
    if !signature_fields(&file)
        .map_err(|_| NotSigned::Document("it has signatures that cannot be read"))?
        .is_empty()
    {
        return Err(NotSigned::Document("it is signed already"));
    }
    let mut update = Update::new(&file);
    let (value, field) = (update.fresh(), update.fresh());
    let found = place::page(&file, wording.place.page).map_err(unreadable)?;
    let (page, page_dict) = found.ok_or(NotSigned::Document("it has no page of this index"))?;
    let widget = visible(&mut update, wording, page, value);
    update.put(field, widget.to_string());
    show(&mut update, &file, page, page_dict, field).map_err(unreadable)?;
    let (root, mut catalog) = file.catalog().map_err(unreadable)?;
    register(&mut update, &file, &mut catalog, field).map_err(unreadable)?;
    catalog.set("Perms", dict([("DocMDP", Object::Ref(value))]));
    update.put(root, catalog.to_string());
    place_value(update, value, &certifying(wording), room)
}

pub(super) fn unreadable(broken: Broken) -> NotSigned {
    NotSigned::Document(match broken {
        Broken::Limit => "it is too large or too complex",
        Broken::Encrypted => "it is encrypted",
        _ => "it is no PDF that can be read without repairing it",
    })
}

pub(super) fn dict<const N: usize>(entries: [(&str, Object); N]) -> Object {
    Object::Dict(Dict(entries.map(|(key, value)| (key.as_bytes().to_vec(), value)).into()))
}

pub(super) fn text(text: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::Text(Text { bytes, at: 0..0, hex: true })
}

/// What the signature dictionary says beside byte range and contents.
fn certifying(wording: &Wording<'_>) -> Dict {
    let parameters =
        dict([("Type", Object::name("TransformParams")), ("P", Object::Int(1)), ("V", Object::name("1.2"))]);
    let reference = dict([
        ("Type", Object::name("SigRef")),
        ("TransformMethod", Object::name("DocMDP")),
        ("TransformParams", parameters),
    ]);
    Dict(
        [
            ("Type", Object::name("Sig")),
            ("Filter", Object::name("Adobe.PPKLite")),
            ("SubFilter", Object::name("ETSI.CAdES.detached")),
            ("Name", text(wording.name)),
            ("Reason", text(wording.reason)),
            ("M", Object::Text(Text { bytes: date(wording.at).into_bytes(), at: 0..0, hex: true })),
            ("Reference", Object::List(vec![reference])),
        ]
        .map(|(key, value)| (key.as_bytes().to_vec(), value))
        .into(),
    )
}

/// `D:20261122200112+08'00'`.
fn date(at: Timestamp) -> String {
    let local = at.shanghai();
    format!("D:{}{:02}{:02}{:02}+08'00'", at.shanghai_day(), local.hour(), local.minute(), local.second())
}

/// The field and its widget in one. PDF/A demands an appearance: an empty one.
fn visible(update: &mut Update<'_>, wording: &Wording<'_>, page: Id, value: Id) -> Object {
    let [left, bottom, right, top] = wording.place.rect;
    let real = |number: f32| Object::Real(format!("{number:.2}"));
    let empty = update.fresh();
    let mut form = Dict::default();
    form.set("Type", Object::name("XObject"));
    form.set("Subtype", Object::name("Form"));
    form.set("BBox", Object::List(vec![real(0.0), real(0.0), real(right - left), real(top - bottom)]));
    form.set("Resources", dict([]));
    update.put_stream(empty, form, b"");
    dict([
        ("Type", Object::name("Annot")),
        ("Subtype", Object::name("Widget")),
        ("FT", Object::name("Sig")),
        ("T", text("Signature1")),
        ("V", Object::Ref(value)),
        // Print, locked.
        ("F", Object::Int(4 + 128)),
        ("Rect", Object::List([left, bottom, right, top].map(real).to_vec())),
        ("P", Object::Ref(page)),
        ("AP", dict([("N", Object::Ref(empty))])),
    ])
}

/// Puts the widget among the page's annotations.
pub(super) fn show(
    update: &mut Update<'_>,
    file: &File<'_>,
    page: Id,
    mut page_dict: Dict,
    widget: Id,
) -> Result<(), Broken> {
    let mut all = match file.entry(&page_dict, "Annots")? {
        Object::Null => Vec::new(),
        Object::List(all) => all,
        _ => return Err(Broken::Syntax),
    };
    all.push(Object::Ref(widget));
    match page_dict.get("Annots").and_then(Object::reference) {
        Some(list) => update.put(list, Object::List(all).to_string()),
        None => {
            page_dict.set("Annots", Object::List(all));
            update.put(page, page_dict.to_string());
        }
    }
    Ok(())
}

/// Puts the field into the form, which is made if there is none.
pub(super) fn register(
    update: &mut Update<'_>,
    file: &File<'_>,
    catalog: &mut Dict,
    field: Id,
) -> Result<(), Broken> {
    let mut form = match file.entry(catalog, "AcroForm")? {
        Object::Null => Dict::default(),
        Object::Dict(form) => form,
        _ => return Err(Broken::Syntax),
    };
    let mut fields = match file.entry(&form, "Fields")? {
        Object::Null => Vec::new(),
        Object::List(fields) => fields,
        _ => return Err(Broken::Syntax),
    };
    fields.push(Object::Ref(field));
    form.set("Fields", Object::List(fields));
    // Signatures exist; only append.
    form.set("SigFlags", Object::Int(3));
    match catalog.get("AcroForm").and_then(Object::reference) {
        Some(own) => update.put(own, Object::Dict(form).to_string()),
        None => catalog.set("AcroForm", Object::Dict(form)),
    }
    Ok(())
}

/// Writes the signature dictionary with an empty place of `room` bytes, and then the byte range that leaves it out.
pub(super) fn place_value(
    mut update: Update<'_>,
    value: Id,
    said: &Dict,
    room: usize,
) -> Result<Prepared, NotSigned> {
    let said = said.to_string();
    let head = said.strip_suffix(">>").unwrap_or(&said);
    let head = format!("{head}/ByteRange {RANGE}/Contents ");
    let at = head.len();
    update.put(value, format!("{head}<{}>>>", "0".repeat(2 * room)));
    let done = update.finish().ok_or(NotSigned::Document("it has no cross-references"))?;
    let mut bytes = done.bytes;
    let object = done.offsets.get(&value).ok_or(NotSigned::Document("it has no cross-references"))?;
    let body = object + format!("{} {} obj\n", value.number, value.generation).len();
    let gap = body + at..body + at + 2 * room + 2;
    let range = format!("[0 {} {} {}", gap.start, gap.end, bytes.len() - gap.end);
    let range = format!("{range:<width$}]", width = RANGE.len() - 1);
    let start = gap.start - "/Contents ".len() - RANGE.len();
    bytes[start..start + RANGE.len()].copy_from_slice(range.as_bytes());
    Ok(Prepared { bytes, gap })
}
