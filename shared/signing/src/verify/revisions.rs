//! What happened after signing: nothing but what long-term validation adds, a store of certificates and timestamps.

use super::fields::Field;
use super::{Reason, told};
use crate::pdf::object::Seen;
use crate::pdf::work::Read;
use crate::pdf::{Dict, File, Id, Object, Place};
use std::collections::{BTreeSet, HashSet};

/// What a timestamp's field may say; nothing that could be seen or run.
const STAMP_FIELD: [&str; 11] = ["Type", "Subtype", "FT", "T", "V", "F", "Rect", "P", "Ff", "TU", "Lang"];

/// Nothing is different from `then` but the store, the timestamps and their fields.
pub(super) fn only_stamped(then: &File<'_>, now: &File<'_>, stamps: &[&Field]) -> Result<(), Reason> {
    let older = now.sections.len().checked_sub(then.sections.len()).ok_or(Reason::Changed)?;
    let (later, same) = now.sections.split_at(older);
    let kept = same.iter().zip(&then.sections).all(|(a, b)| a.at == b.at);
    // What is referred to from the part that was signed was there when it was signed.
    if !kept || later.iter().any(|section| section.at < then.bytes.len()) {
        return Err(Reason::Changed);
    }
    if later.is_empty() {
        return Ok(());
    }
    let compare = Compare { then, now, stamps };
    let holds = compare.trailer().map_err(told)?
        && compare.catalog().map_err(told)?
        && compare
            .objects(later.iter().flat_map(|section| section.places.keys().copied()).collect())
            .map_err(told)?
        && stamps.iter().all(|stamp| compare.is_plain(stamp));
    if holds { Ok(()) } else { Err(Reason::Changed) }
}

struct Compare<'a> {
    then: &'a File<'a>,
    now: &'a File<'a>,
    stamps: &'a [&'a Field],
}

impl Compare<'_> {
    fn same(&self, a: &Object, b: &Object) -> bool {
        a.same(b, self.now.bytes)
    }

    fn trailer(&self) -> Read<bool> {
        let (then, now) = (&self.then.newest()?.trailer, &self.now.newest()?.trailer);
        let same = |key: &str| match (then.get(key), now.get(key)) {
            (None, None) => true,
            (Some(a), Some(b)) => self.same(a, b),
            _ => false,
        };
        Ok(same("Root") && same("Info"))
    }

    /// The catalog may get a store, and a form that shows more timestamps.
    fn catalog(&self) -> Read<bool> {
        let ((_, then), (_, now)) = (self.then.catalog()?, self.now.catalog()?);
        if !self.all_but(&then, &now, &["DSS", "AcroForm", "Extensions"]) {
            return Ok(false);
        }
        let reference = |dict: &Dict| dict.get("AcroForm").and_then(Object::reference);
        let (Object::Dict(old), Object::Dict(new)) =
            (self.then.entry(&then, "AcroForm")?, self.now.entry(&now, "AcroForm")?)
        else {
            return Ok(false);
        };
        Ok(reference(&then) == reference(&now) && self.form(&old, &new)?)
    }

    fn form(&self, then: &Dict, now: &Dict) -> Read<bool> {
        Ok(self.all_but(then, now, &["Fields", "SigFlags"]) && self.grown(then, now, "Fields")?)
    }

    /// Whether both say the same under all keys but these.
    fn all_but(&self, then: &Dict, now: &Dict, but: &[&str]) -> bool {
        let rest = |dict: &Dict| {
            let kept = dict.0.iter().filter(|(key, _)| !but.iter().any(|but| key == but.as_bytes()));
            Dict(kept.cloned().collect())
        };
        rest(then).same(&rest(now), self.now.bytes)
    }

    /// Whether a list under this key is as before, with timestamp fields behind it.
    fn grown(&self, then: &Dict, now: &Dict, key: &str) -> Read<bool> {
        let list = |found: Object| match found {
            Object::List(items) => Some(items),
            Object::Null => Some(Vec::new()),
            _ => None,
        };
        let (old, new) = (list(self.then.entry(then, key)?), list(self.now.entry(now, key)?));
        Ok(old.zip(new).is_some_and(|(old, new)| self.longer(&old, &new)))
    }

    fn longer(&self, old: &[Object], new: &[Object]) -> bool {
        new.len() >= old.len()
            && old.iter().zip(new).all(|(a, b)| self.same(a, b))
            && new[old.len()..].iter().all(|item| {
                item.reference().is_some_and(|id| self.stamps.iter().any(|stamp| stamp.field == id))
            })
    }

    fn objects(&self, numbers: BTreeSet<u32>) -> Read<bool> {
        let Known { referenced, annotations, form, fields } = self.known()?;
        let (root, _) = self.then.catalog()?;
        let info = self.then.newest()?.trailer.get("Info").and_then(Object::reference).map(|id| id.number);
        for number in numbers.into_iter().filter(|number| *number != 0 && *number != root.number) {
            let Some(place) = self.then.places.get(&number).filter(|place| **place != Place::Free) else {
                // New; had something pointed there all along, it would now show something else.
                if referenced.contains(&number) {
                    return Ok(false);
                }
                continue;
            };
            let old = self.then.placed(number, *place)?.object;
            let now = self.now.places.get(&number).copied().unwrap_or(Place::Free);
            let same_generation = generation(*place) == generation(now);
            let new = self.now.placed(number, now)?.object;
            let allowed = match (&old, &new) {
                (Object::Dict(a), Object::Dict(b)) if Some(number) == form => self.form(a, b)?,
                // Who updated the file, and when; what it is called stays.
                (Object::Dict(a), Object::Dict(b)) if Some(number) == info => {
                    self.all_but(a, b, &["ModDate", "Producer"])
                }
                (Object::Dict(a), Object::Dict(b)) if a.is("Type", "Page") => {
                    self.all_but(a, b, &["Annots"]) && self.grown(a, b, "Annots")?
                }
                (Object::List(a), Object::List(b))
                    if annotations.contains(&number) || Some(number) == fields =>
                {
                    self.longer(a, b)
                }
                _ => false,
            };
            if !same_generation || !(allowed || self.same(&old, &new)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the signed file knows of its objects.
    fn known(&self) -> Read<Known> {
        let mut known = Known::default();
        for (number, place) in &self.then.places {
            let object = self.then.placed(*number, *place)?.object;
            object.walk(&mut |seen| {
                if let Seen::Ref(id) = seen {
                    known.referenced.insert(id.number);
                }
            });
            let page = object.dict().filter(|dict| dict.is("Type", "Page"));
            let list = page.and_then(|page| page.get("Annots")).and_then(Object::reference);
            known.annotations.extend(list.map(|id| id.number));
        }
        let (_, catalog) = self.then.catalog()?;
        let number = |dict: &Dict, key| dict.get(key).and_then(Object::reference).map(|id: Id| id.number);
        known.form = number(&catalog, "AcroForm");
        if let Object::Dict(form) = self.then.entry(&catalog, "AcroForm")? {
            known.fields = number(&form, "Fields");
        }
        Ok(known)
    }

    /// A timestamp's field shows nothing and does nothing.
    fn is_plain(&self, stamp: &Field) -> bool {
        let known = stamp.widget.0.iter().all(|(key, _)| STAMP_FIELD.iter().any(|one| key == one.as_bytes()));
        let flat = match stamp.widget.get("Rect") {
            None => true,
            Some(Object::List(corners)) => {
                let zero = |corner: &Object| match corner {
                    Object::Int(number) => *number == 0,
                    Object::Real(text) => text.bytes().all(|byte| !byte.is_ascii_digit() || byte == b'0'),
                    _ => false,
                };
                corners.len() == 4 && corners.iter().all(zero)
            }
            Some(_) => false,
        };
        // A field that was there when the document was signed may look as it did.
        let before = self.then.places.contains_key(&stamp.field.number);
        before || (known && flat)
    }
}

const fn generation(place: Place) -> u16 {
    if let Place::At { generation, .. } = place { generation } else { 0 }
}

#[derive(Default)]
struct Known {
    /// Numbers that anything points to.
    referenced: HashSet<u32>,
    /// Numbers of lists of annotations.
    annotations: HashSet<u32>,
    /// Number of the form.
    form: Option<u32>,
    /// Number of the form's list of fields.
    fields: Option<u32>,
}
