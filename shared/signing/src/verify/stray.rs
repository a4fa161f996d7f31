//! Signatures that lie about: a file whose signature no field leads to (any more) has been tampered with.

use super::fields::Field;
use super::{Reason, told};
use crate::pdf::object::Seen;
use crate::pdf::{Dict, File, Object};
use std::collections::BTreeSet;

fn is_signature(dict: &Dict) -> bool {
    dict.has("ByteRange") || dict.is("Type", "Sig") || dict.is("Type", "DocTimeStamp")
}

/// No object of any revision is a signature, except those of the fields.
pub(super) fn none_but(file: &File<'_>, fields: &[Field]) -> Result<(), Reason> {
    let mut places = BTreeSet::new();
    for section in &file.sections {
        // What is packed and overwritten cannot be a signature: its bytes are nowhere in the file.
        let old = section.places.iter().filter(|(_, place)| matches!(place, crate::pdf::Place::At { .. }));
        places.extend(old.map(|(number, place)| (*number, *place)));
    }
    places.extend(file.places.iter().map(|(number, place)| (*number, *place)));
    for (number, place) in places {
        let found = file.placed(number, place).map_err(told)?;
        let known = fields.iter().any(|field| field.span.is_some() && field.span == found.span);
        let mut signatures = 0_usize;
        found.object.walk(&mut |seen| {
            if let Seen::Dict(dict) = seen {
                signatures += usize::from(is_signature(dict));
            }
        });
        let own = known && matches!(&found.object, Object::Dict(dict) if is_signature(dict));
        if signatures > usize::from(own) {
            return Err(Reason::StraySignature);
        }
    }
    Ok(())
}
