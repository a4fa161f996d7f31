//! The tree of a TOML text with the place of every key: from a place to its key, and from a key to its place.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Span = Range<usize>;
type Path = Vec<String>;

/// The path of the innermost key to which a place belongs; empty for the root.
pub(super) fn path_at(root: &DeTable<'_>, place: &Span) -> Path {
    // What is missing from the root is reported at the very start, where the first key may stand by chance.
    if place.is_empty() {
        return Path::new();
    }
    let mut best: Option<(usize, Path)> = None;
    visit(root, &mut Vec::new(), &mut |span, path| {
        let inside = span.start <= place.start && place.end <= span.end;
        let size = if span == place { 0 } else { span.len() + 1 };
        if inside && best.as_ref().is_none_or(|(smallest, _)| size < *smallest) {
            best = Some((size, path.clone()));
        }
    });
    best.map(|(_, path)| path).unwrap_or_default()
}

/// Calls `see` with the span of every key and of every value, and the path to it.
fn visit(table: &DeTable<'_>, path: &mut Path, see: &mut impl FnMut(&Span, &Path)) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        see(&key.span(), path);
        see(&value.span(), path);
        for inner in tables_in(value) {
            visit(inner, path, see);
        }
        path.pop();
    }
}

fn tables_in<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> Vec<&'a DeTable<'i>> {
    match value.get_ref() {
        DeValue::Table(table) => vec![table],
        DeValue::Array(items) => items.iter().filter_map(|item| item.get_ref().as_table()).collect(),
        _ => Vec::new(),
    }
}

/// The place of a key; if it is not there, the place of the innermost table that should hold it.
pub(super) fn place_of(root: &DeTable<'_>, path: &[&str]) -> Option<Span> {
    let (first, rest) = path.split_first()?;
    let (key, value) = root.iter().find(|(key, _)| key.get_ref() == first)?;
    let deeper = tables_in(value).into_iter().find_map(|table| place_of(table, rest));
    Some(deeper.unwrap_or_else(|| key.span()))
}

/// Takes a key out, so that what stands beside it can still be judged. False if it is not there.
pub(super) fn remove(root: &mut DeTable<'_>, path: &[String]) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    if rest.is_empty() {
        return root.remove(first.as_str()).is_some();
    }
    match root.get_mut(first.as_str()).map(Spanned::get_mut) {
        Some(DeValue::Table(table)) => remove(table, rest),
        // Inside an array of tables the place does not tell which one: the whole array goes.
        Some(_) => root.remove(first.as_str()).is_some(),
        None => false,
    }
}
