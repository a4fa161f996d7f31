//! The signatures of a document, found as a reader finds them: from the form's fields, and no other way.

use super::{Reason, told};
use crate::pdf::{Dict, File, Id, Object};
use std::collections::HashSet;
use std::ops::Range;

/// A signature field that is signed.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) field: Id,
    pub(crate) widget: Dict,
    /// The signature dictionary.
    pub(crate) value: Id,
    pub(crate) dict: Dict,
    /// Where the dictionary is written.
    pub(crate) span: Option<Range<usize>>,
}

impl Field {
    /// Whether it is a timestamp over the document.
    pub(crate) fn stamps(&self) -> bool {
        self.dict.is("SubFilter", "ETSI.RFC3161")
    }
}

/// All signed fields; each has a signature of its own.
pub(crate) fn signature_fields(file: &File<'_>) -> Result<Vec<Field>, Reason> {
    let (_, catalog) = file.catalog().map_err(told)?;
    let form = match file.entry(&catalog, "AcroForm").map_err(told)? {
        Object::Null => return Ok(Vec::new()),
        Object::Dict(form) => form,
        _ => return Err(Reason::NotReadable),
    };
    let mut walk = Walk { file, seen: HashSet::new(), found: Vec::new() };
    match file.entry(&form, "Fields").map_err(told)? {
        Object::Null => {}
        Object::List(fields) => walk.all(&fields, &Inherited::default(), 0)?,
        _ => return Err(Reason::NotReadable),
    }
    let values: HashSet<Id> = walk.found.iter().map(|field| field.value).collect();
    if values.len() == walk.found.len() { Ok(walk.found) } else { Err(Reason::SharedSignature) }
}

/// What a field has from its parents.
#[derive(Debug, Clone, Default)]
struct Inherited {
    signs: bool,
    value: Option<Object>,
}

struct Walk<'a> {
    file: &'a File<'a>,
    seen: HashSet<Id>,
    found: Vec<Field>,
}

impl Walk<'_> {
    fn all(&mut self, fields: &[Object], from: &Inherited, depth: usize) -> Result<(), Reason> {
        if depth > self.file.work().limits.depth {
            return Err(Reason::BeyondLimits);
        }
        for field in fields {
            let id = field.reference().ok_or(Reason::NotReadable)?;
            // A field twice, or a ring of fields.
            if !self.seen.insert(id) {
                return Err(Reason::NotReadable);
            }
            match self.file.object(id).map_err(told)?.object {
                Object::Dict(dict) => self.one(id, dict, from, depth)?,
                Object::Null => {}
                _ => return Err(Reason::NotReadable),
            }
        }
        Ok(())
    }

    fn one(&mut self, id: Id, dict: Dict, from: &Inherited, depth: usize) -> Result<(), Reason> {
        let mut here = from.clone();
        match self.file.entry(&dict, "FT").map_err(told)? {
            Object::Null => {}
            kind => here.signs = matches!(kind, Object::Name(name) if name == b"Sig"),
        }
        if let Some(value) = dict.get("V") {
            here.value = Some(value.clone());
        }
        let kids = match self.file.entry(&dict, "Kids").map_err(told)? {
            Object::List(kids) => kids,
            _ => Vec::new(),
        };
        if self.has_fields(&kids)? {
            return self.all(&kids, &here, depth + 1);
        }
        // What is left are widgets, which show the field and are none.
        match here.value {
            Some(value) if here.signs => self.signed(id, dict, &value),
            _ => Ok(()),
        }
    }

    /// Whether the kids are fields (they have names) rather than widgets.
    fn has_fields(&self, kids: &[Object]) -> Result<bool, Reason> {
        for kid in kids {
            let kid = self.file.resolve(kid).map_err(told)?;
            if kid.dict().is_some_and(|kid| kid.has("T") || kid.has("Kids") || kid.has("V") || kid.has("FT"))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn signed(&mut self, field: Id, widget: Dict, value: &Object) -> Result<(), Reason> {
        let Object::Ref(value) = value else {
            // Not signed yet; a signature without a number of its own could be anywhere.
            return if matches!(value, Object::Null) { Ok(()) } else { Err(Reason::SharedSignature) };
        };
        let found = self.file.object(*value).map_err(told)?;
        match found.object {
            Object::Dict(dict) => {
                self.found.push(Field { field, widget, value: *value, dict, span: found.span });
                Ok(())
            }
            _ => Err(Reason::SharedSignature),
        }
    }
}
