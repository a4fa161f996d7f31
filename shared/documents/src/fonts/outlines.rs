//! The outlines of a face: a CFF table of which everything but the glyph programs is kept, and those read when needed.

use super::bytes::{u16_at, uint_at};
use super::collection::read_at;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// What is kept of a CFF table: all before and all behind the glyph programs, and where each program stands.
#[derive(Debug)]
pub(super) struct Outlines {
    before: Vec<u8>,
    behind: Vec<u8>,
    /// Length of the index of glyph programs in the file.
    index_length: usize,
    /// Where the programs begin in the file.
    programs_at: u64,
    /// From where to where each program goes.
    places: Vec<u32>,
    /// In `before`: the number that says where the list of font dictionaries stands, which is behind.
    list_number: usize,
    /// In `behind`: the numbers that say where a private dictionary stands.
    private_numbers: Vec<usize>,
}

/// Operators of a CFF dictionary that name places; those of two bytes begin with 12.
const CHARSET: u16 = 15;
const PROGRAMS: u16 = 17;
const PRIVATE: u16 = 18;
const DICTIONARIES: u16 = 12 << 8 | 36;
const SELECTION: u16 = 12 << 8 | 37;
/// Enough for header, name and top dictionary.
const OPENING: usize = 4096;
/// Bytes of a place in the index that is written; three reach 16 MB.
const STEP: usize = 3;

/// A number in a dictionary, and where it is written.
struct Number {
    value: i32,
    at: usize,
    length: usize,
}

impl Outlines {
    /// Reads the table that stands at `start`. `Ok(None)` if it is not arranged as those of this family are.
    pub(super) fn read(file: &File, start: u64, length: usize) -> io::Result<Option<Self>> {
        let opening = read_at(file, start, length.min(OPENING))?;
        let Some(top) = top_dictionary(&opening) else { return Ok(None) };
        let place = |operator| last_number(&opening, top.clone(), operator);
        let (Some(programs), Some(list), Some(charset), Some(selection)) =
            (place(PROGRAMS), place(DICTIONARIES), place(CHARSET), place(SELECTION))
        else {
            return Ok(None);
        };
        let at = programs.value.max(0) as usize;
        let list_at = list.value.max(0) as usize;
        let in_order = charset.value < programs.value && selection.value < programs.value;
        if !in_order || list.length != 5 || list_at <= at || list_at > length {
            return Ok(None);
        }
        let head = read_at(file, start + at as u64, 3)?;
        let count = u16_at(&head, 0).map_or(0, usize::from);
        let step = usize::from(head[2]);
        let list_of_places = read_at(file, start + at as u64 + 3, (count + 1) * step.min(4))?;
        let places = (0..=count).map(|n| uint_at(&list_of_places, n * step, step).map(|place| place as u32));
        let places = places.collect::<Option<Vec<_>>>().unwrap_or_default();
        let base = 3 + (count + 1) * step - 1;
        let ascending = places.is_sorted() && places.first() == Some(&1);
        let index_length = base + places.last().map_or(0, |last| *last as usize);
        if !ascending || at + index_length != list_at {
            return Ok(None);
        }
        let behind = read_at(file, start + list_at as u64, length - list_at)?;
        let Some(private_numbers) = private_numbers(&behind) else { return Ok(None) };
        Ok(Some(Self {
            before: read_at(file, start, at)?,
            behind,
            index_length,
            programs_at: start + (at + base) as u64,
            places,
            list_number: list.at,
            private_numbers,
        }))
    }

    /// The index of a CFF table that has the programs of these glyphs; the others are there and empty.
    pub(super) fn index_of(&self, file: &File, glyphs: &BTreeSet<u16>) -> io::Result<Vec<u8>> {
        let count = self.places.len() - 1;
        let mut index = Vec::with_capacity(3 + (count + 1) * STEP + glyphs.len() * 256);
        index.extend((count as u16).to_be_bytes());
        index.push(STEP as u8);
        let mut programs = Vec::with_capacity(glyphs.len() * 256);
        // Places count from 1; between two programs all are the same.
        let mut place = |up_to: usize, end: usize| {
            let end = &((end + 1) as u32).to_be_bytes()[4 - STEP..];
            (index.len()..3 + up_to * STEP).step_by(STEP).for_each(|_| index.extend(end));
        };
        for glyph in std::iter::once(0).chain(glyphs.iter().copied().filter(|glyph| *glyph != 0)) {
            let glyph = usize::from(glyph);
            let Some(&[from, to]) = self.places.get(glyph..glyph + 2) else { continue };
            let begin = programs.len();
            place(glyph + 1, begin);
            programs.resize(begin + (to - from) as usize, 0);
            file.read_exact_at(&mut programs[begin..], self.programs_at + u64::from(from))?;
        }
        place(count + 1, programs.len());
        index.extend(programs);
        Ok(index)
    }

    /// Length of a table with this index.
    pub(super) fn length_with(&self, index: &[u8]) -> usize {
        self.before.len() + index.len() + self.behind.len()
    }

    /// Appends the table: the index between what stands around it, and the places behind it moved.
    pub(super) fn append(&self, font: &mut Vec<u8>, index: &[u8]) {
        let shift = index.len() as i64 - self.index_length as i64;
        let start = font.len();
        font.extend(&self.before);
        font.extend(index);
        let behind = font.len();
        font.extend(&self.behind);
        let private = self.private_numbers.iter().map(|at| behind + at);
        for at in std::iter::once(start + self.list_number).chain(private) {
            // One byte says that a number of four follows.
            if let Some(number) = font.get_mut(at + 1..at + 5) {
                let old = number.iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
                number.copy_from_slice(&((old + shift) as u32).to_be_bytes());
            }
        }
    }
}

/// The only dictionary in the second index: after header and names.
fn top_dictionary(cff: &[u8]) -> Option<Range<usize>> {
    let (_, names_end) = index(cff, usize::from(*cff.get(2)?))?;
    let (top, _) = index(cff, names_end)?;
    top.into_iter().next()
}

/// The items of an index, and where it ends.
fn index(data: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let count = usize::from(u16_at(data, at)?);
    if count == 0 {
        return Some((Vec::new(), at + 2));
    }
    let step = usize::from(*data.get(at + 2)?).min(4);
    let base = at + 3 + (count + 1) * step - 1;
    let place = |n: usize| uint_at(data, at + 3 + n * step, step).map(|place| base + place);
    let items = (0..count).map(|n| Some(place(n)?..place(n + 1)?)).collect::<Option<Vec<_>>>()?;
    let end = place(count)?;
    (end <= data.len() && items.is_sorted_by_key(|item| item.start)).then_some((items, end))
}

/// Where the place of each private dictionary is written, if all are written with four bytes.
fn private_numbers(behind: &[u8]) -> Option<Vec<usize>> {
    let (dictionaries, _) = index(behind, 0)?;
    let places = dictionaries.into_iter().map(|range| {
        let number = last_number(behind, range, PRIVATE)?;
        (number.length == 5).then_some(number.at)
    });
    places.collect()
}

/// The last number before an operator.
fn last_number(data: &[u8], range: Range<usize>, wanted: u16) -> Option<Number> {
    let dictionary = data.get(..range.end)?;
    let mut at = range.start;
    let mut last = None;
    while at < dictionary.len() {
        let first = dictionary[at];
        if first > 21 {
            let number = number(dictionary, at)?;
            at += number.length;
            last = Some(number);
            continue;
        }
        let long = first == 12;
        let operator = if long { u16_at(dictionary, at)? } else { u16::from(first) };
        if operator == wanted {
            return last;
        }
        at += if long { 2 } else { 1 };
        last = None;
    }
    None
}

fn number(data: &[u8], at: usize) -> Option<Number> {
    let byte = |n: usize| data.get(at + n).map(|byte| i32::from(*byte));
    let first = byte(0)?;
    let (value, length) = match first {
        28 => (i32::from(u16_at(data, at + 1)? as i16), 3),
        29 => (uint_at(data, at + 1, 4)? as u32 as i32, 5),
        // A fraction: its value is of no interest here, only its end.
        30 => (0, 2 + data.get(at + 1..)?.iter().position(|pair| pair & 15 == 15 || pair >> 4 == 15)?),
        32..=246 => (first - 139, 1),
        247..=250 => ((first - 247) * 256 + byte(1)? + 108, 2),
        251..=254 => (-(first - 251) * 256 - byte(1)? - 108, 2),
        _ => return None,
    };
    Some(Number { value, at, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_each_of_their_lengths() {
        for (bytes, value) in [
            (&[139_u8][..], 0),
            (&[239], 100),
            (&[247, 0], 108),
            (&[251, 0], -108),
            (&[28, 0x27, 0x10], 10_000),
            (&[29, 0xFF, 0xFE, 0x79, 0x60], -100_000),
        ] {
            let number = number(bytes, 0).expect("a number");
            assert_eq!((number.value, number.length), (value, bytes.len()));
        }
        assert_eq!(number(&[30, 0xE2, 0xA2, 0x5F], 0).map(|fraction| fraction.length), Some(4));
        assert!(number(&[29, 0], 0).is_none());
    }

    #[test]
    fn the_number_before_an_operator_is_found_with_its_place() {
        // 5 charset; 1 2 (12 36); 9 programs
        let dictionary = [144, 15, 140, 141, 12, 36, 148, 17];
        let found = last_number(&dictionary, 0..8, DICTIONARIES).expect("a number");
        assert_eq!((found.value, found.at), (2, 3));
        assert_eq!(last_number(&dictionary, 0..8, PROGRAMS).map(|number| number.value), Some(9));
        assert!(last_number(&dictionary, 0..8, PRIVATE).is_none());
    }
}
