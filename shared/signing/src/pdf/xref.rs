//! Cross-reference sections: which object is where, in which revision.

use super::filter::unpack;
use super::lex::{Lexer, is_space};
use super::object::{Dict, Object};
use super::work::{Broken, Read, Work};
use std::collections::BTreeMap;

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Free,
    At { offset: usize, generation: u16 },
    Packed { stream: u32, index: usize },
}

/// How a section is written; an update must be written alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    Stream,
}

/// One section: the objects that a revision brought, and its trailer.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
    pub(crate) places: BTreeMap<u32, Place>,
    pub(crate) trailer: Dict,
}

/// Where the newest section is: what the last `startxref` says. Behind it there is `%%EOF` and at most two line ends, ours
/// and one that an editor added.
pub(crate) fn newest(bytes: &[u8], work: &Work) -> Read<usize> {
    let end = without_line_end(without_line_end(bytes)).strip_suffix(b"%%EOF").ok_or(Broken::Syntax)?;
    let from = end.len().saturating_sub(64);
    let word = b"startxref";
    let found = end[from..].windows(word.len()).rposition(|window| window == word).ok_or(Broken::Syntax)?;
    let mut lexer = Lexer::new(end, from + found + word.len(), work);
    let at = lexer.count()?;
    if end[lexer.at()..].iter().all(|byte| is_space(*byte)) { Ok(at) } else { Err(Broken::Syntax) }
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// Reads the section at this place.
pub(crate) fn section(bytes: &[u8], at: usize, work: &Work) -> Read<Section> {
    let mut lexer = Lexer::new(bytes, at, work);
    if lexer.sees("xref") {
        lexer.word("xref")?;
        return table(lexer, at, work);
    }
    if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return Err(Broken::Syntax);
    }
    stream(bytes, at, work)
}

fn table(mut lexer: Lexer<'_>, at: usize, work: &Work) -> Read<Section> {
    let mut places = BTreeMap::new();
    loop {
        lexer.space()?;
        if lexer.sees("trailer") {
            break;
        }
        let (first, count) = (lexer.count()?, lexer.count()?);
        work.list(count)?;
        for number in first..first.checked_add(count).ok_or(Broken::Syntax)? {
            let (offset, generation) = (lexer.count()?, lexer.count()?);
            lexer.space()?;
            let generation = u16::try_from(generation).map_err(|_| Broken::Syntax)?;
            let place = if lexer.sees("n") {
                lexer.word("n")?;
                Place::At { offset, generation }
            } else {
                lexer.word("f")?;
                Place::Free
            };
            put(&mut places, number, place)?;
        }
    }
    lexer.word("trailer")?;
    let Object::Dict(trailer) = lexer.object(0)? else { return Err(Broken::Syntax) };
    // Two tables for two kinds of readers: they could show two documents.
    if trailer.has("XRefStm") {
        return Err(Broken::Unsupported);
    }
    Ok(Section { at, kind: Kind::Table, places, trailer })
}

fn stream(bytes: &[u8], at: usize, work: &Work) -> Read<Section> {
    let mut lexer = Lexer::new(bytes, at, work);
    lexer.count()?;
    lexer.count()?;
    lexer.word("obj")?;
    let Object::Dict(trailer) = lexer.object(0)? else { return Err(Broken::Syntax) };
    if !trailer.is("Type", "XRef") {
        return Err(Broken::Syntax);
    }
    lexer.word("stream")?;
    let start = lexer.stream_start()?;
    let length = trailer.get("Length").and_then(Object::int).and_then(|length| usize::try_from(length).ok());
    let end = length.and_then(|length| start.checked_add(length)).ok_or(Broken::Syntax)?;
    lexer.jump(end)?;
    lexer.word("endstream")?;
    lexer.word("endobj")?;
    let data = unpack(&trailer, &bytes[start..end], work)?;
    let places = rows(&trailer, &data, work)?;
    Ok(Section { at, kind: Kind::Stream, places, trailer })
}

fn numbers(value: Option<&Object>) -> Read<Vec<usize>> {
    let list = value.and_then(Object::list).ok_or(Broken::Syntax)?;
    let number = |item: &Object| item.int().and_then(|int| usize::try_from(int).ok()).ok_or(Broken::Syntax);
    list.iter().map(number).collect()
}

fn rows(dict: &Dict, data: &[u8], work: &Work) -> Read<BTreeMap<u32, Place>> {
    let widths = numbers(dict.get("W"))?;
    let [kind, first, second] = widths[..] else { return Err(Broken::Syntax) };
    if kind > 1 || first > 8 || second > 8 || kind + first + second == 0 {
        return Err(Broken::Syntax);
    }
    let ranges = match dict.get("Index") {
        Some(index) => numbers(Some(index))?,
        None => numbers(Some(&Object::List(vec![
            Object::Int(0),
            dict.get("Size").cloned().ok_or(Broken::Syntax)?,
        ])))?,
    };
    if ranges.len() % 2 == 1 {
        return Err(Broken::Syntax);
    }
    let mut rows = data.chunks_exact(kind + first + second);
    let mut places = BTreeMap::new();
    for range in ranges.chunks_exact(2) {
        work.list(range[1])?;
        for number in range[0]..range[0].checked_add(range[1]).ok_or(Broken::Syntax)? {
            let row = rows.next().ok_or(Broken::Syntax)?;
            let (a, b) = (value(&row[kind..kind + first])?, value(&row[kind + first..])?);
            let place = match if kind == 0 { 1 } else { row[0] } {
                0 => Place::Free,
                1 => Place::At { offset: a, generation: u16::try_from(b).map_err(|_| Broken::Syntax)? },
                2 => Place::Packed { stream: u32::try_from(a).map_err(|_| Broken::Syntax)?, index: b },
                _ => return Err(Broken::Syntax),
            };
            put(&mut places, number, place)?;
        }
    }
    Ok(places)
}

fn value(bytes: &[u8]) -> Read<usize> {
    bytes.iter().try_fold(0_usize, |sum, byte| {
        sum.checked_mul(256).map(|sum| sum + usize::from(*byte)).ok_or(Broken::Syntax)
    })
}

/// No object twice in one section: readers differ in which they take.
fn put(places: &mut BTreeMap<u32, Place>, number: usize, place: Place) -> Read<()> {
    let number = u32::try_from(number).map_err(|_| Broken::Syntax)?;
    if places.insert(number, place).is_some() { Err(Broken::Syntax) } else { Ok(()) }
}
