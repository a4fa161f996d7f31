//! For verification after years: all certificates into the document, and a timestamp over everything.

use super::prepare::{Prepared, dict, place_value, register, show, text, unreadable};
use super::update::Update;
use super::{NotSigned, place};
use crate::certificate::Certificate;
use crate::pdf::{Dict, File, Object, Work};
use crate::verify::Limits;

/// Bytes reserved for the timestamp.
const ROOM: usize = 10 * 1024;

/// Adds the document security store and a document timestamp whose token is still missing.
pub(super) fn prepare(pdf: &[u8], certificates: &[Certificate]) -> Result<Prepared, NotSigned> {
    let limits = Limits { file_bytes: pdf.len(), ..Limits::default() };
    let work = Work::new(&limits, std::sync::Arc::default());
    let file = File::open(pdf, &work).map_err(unreadable)?;
    let mut update = Update::new(&file);
    let (value, field, store) = (update.fresh(), update.fresh(), update.fresh());
    let mut kept = Vec::new();
    for certificate in certificates {
        let id = update.fresh();
        update.put_stream(id, Dict::default(), certificate.der());
        kept.push(Object::Ref(id));
    }
    update.put(store, dict([("Type", Object::name("DSS")), ("Certs", Object::List(kept))]).to_string());
    let found = place::page(&file, 0).map_err(unreadable)?;
    let (page, page_dict) = found.ok_or(NotSigned::Document("it has no page"))?;
    let widget = dict([
        ("Type", Object::name("Annot")),
        ("Subtype", Object::name("Widget")),
        ("FT", Object::name("Sig")),
        ("T", text("Timestamp1")),
        ("V", Object::Ref(value)),
        ("F", Object::Int(4 + 128)),
        ("Rect", Object::List(vec![Object::Int(0); 4])),
        ("P", Object::Ref(page)),
    ]);
    update.put(field, widget.to_string());
    show(&mut update, &file, page, page_dict, field).map_err(unreadable)?;
    let (root, mut catalog) = file.catalog().map_err(unreadable)?;
    register(&mut update, &file, &mut catalog, field).map_err(unreadable)?;
    catalog.set("DSS", Object::Ref(store));
    update.put(root, catalog.to_string());
    let said = [("Type", "DocTimeStamp"), ("Filter", "Adobe.PPKLite"), ("SubFilter", "ETSI.RFC3161")];
    let said = Dict(said.map(|(key, name)| (key.as_bytes().to_vec(), Object::name(name))).into());
    place_value(update, value, &said, ROOM)
}
