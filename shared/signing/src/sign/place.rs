//! The page that shows the signature, found by its index.

use crate::pdf::work::Read;
use crate::pdf::{Broken, Dict, File, Id, Object};
use std::collections::HashSet;

/// The page of this index (from 0) with its number, if there is one.
pub(super) fn page(file: &File<'_>, index: usize) -> Read<Option<(Id, Dict)>> {
    let (_, catalog) = file.catalog()?;
    let root = catalog.get("Pages").and_then(Object::reference).ok_or(Broken::Syntax)?;
    let (mut seen, mut waiting, mut passed) = (HashSet::new(), vec![root], 0);
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            return Err(Broken::Syntax);
        }
        let Object::Dict(node) = file.object(id)?.object else { return Err(Broken::Syntax) };
        match file.entry(&node, "Kids")? {
            Object::List(kids) => {
                let kids: Option<Vec<Id>> = kids.iter().map(Object::reference).collect();
                waiting.extend(kids.ok_or(Broken::Syntax)?.into_iter().rev());
            }
            _ if passed == index => return Ok(Some((id, node))),
            _ => passed += 1,
        }
    }
    Ok(None)
}
