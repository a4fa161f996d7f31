//! One face: glyphs and widths of characters, and a font of only the glyphs a document shows.

use super::bytes::u16_at;
use super::characters::Characters;
use super::collection::{NoFont, Tables};
use super::outlines::Outlines;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

/// A face and the file its outlines are read from. The file stays open, so it may be replaced while we run.
#[derive(Debug)]
pub(crate) struct Face {
    file: File,
    characters: Characters,
    /// Small tables, as they are.
    tables: Vec<([u8; 4], Vec<u8>)>,
    /// Widths in thousandths of the type size.
    widths: Vec<u16>,
    outlines: Outlines,
}

/// What a font in a PDF is made of, beside the outlines.
const KEPT: [[u8; 4]; 7] = [*b"OS/2", *b"head", *b"hhea", *b"hmtx", *b"maxp", *b"name", *b"post"];
/// Parts of the type size that widths are counted in.
const UNITS: u16 = 1000;

impl Face {
    /// Opens the face of this family.
    pub(super) fn open(path: &Path, family: &'static str) -> Result<Self, NoFont> {
        let unreadable = |why| NoFont::Unreadable { path: path.to_owned(), why };
        let unfit = |what| NoFont::Unfit { path: path.to_owned(), what };
        let source = Tables::find(path, family)?;
        let cmap = source.read(*b"cmap").map_err(unreadable)?;
        let kept = KEPT.iter().map(|tag| Ok((*tag, source.read(*tag)?)));
        let tables = kept.collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
        let (at, length) = source.place(*b"CFF ").map_err(unreadable)?;
        let outlines = Outlines::read(&source.file, at, length).map_err(unreadable)?;
        Ok(Self {
            characters: Characters::read(&cmap).ok_or_else(|| unfit("it has no full table of characters"))?,
            widths: widths(&tables).ok_or_else(|| unfit("its widths are not in thousandths"))?,
            outlines: outlines.ok_or_else(|| unfit("its outlines are arranged in another way"))?,
            file: source.file,
            tables,
        })
    }

    /// The glyph of a character, if the face has it.
    pub(crate) fn glyph(&self, c: char) -> Option<u16> {
        self.characters.glyph(c)
    }

    /// Width of a glyph in type sizes.
    pub(crate) fn width(&self, glyph: u16) -> f32 {
        let last = self.widths.last().copied().unwrap_or(UNITS);
        f32::from(self.widths.get(usize::from(glyph)).copied().unwrap_or(last)) / f32::from(UNITS)
    }

    /// An OpenType font with the outlines of these glyphs alone, each under its own number. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub(crate) fn font_of(&self, glyphs: &BTreeSet<u16>) -> io::Result<Vec<u8>> {
        let index = self.outlines.index_of(&self.file, glyphs)?;
        let small = self.tables.iter().map(|(tag, table)| (*tag, table.len()));
        let outlines = (*b"CFF ", self.outlines.length_with(&index));
        let mut font = directory(&std::iter::once(outlines).chain(small).collect::<Vec<_>>());
        self.outlines.append(&mut font, &index);
        for (_, table) in &self.tables {
            font.resize(font.len().next_multiple_of(4), 0);
            font.extend(table);
        }
        Ok(font)
    }
}

/// Widths of the glyphs, as far as they differ from the last.
fn widths(tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u16>> {
    let table = |tag: [u8; 4]| tables.iter().find(|(name, _)| *name == tag).map(|(_, table)| table);
    let count = usize::from(u16_at(table(*b"hhea")?, 34)?);
    let units = u16_at(table(*b"head")?, 18)?;
    let widths = (0..count).map(|n| u16_at(table(*b"hmtx")?, 4 * n)).collect::<Option<Vec<_>>>()?;
    (units == UNITS && !widths.is_empty()).then_some(widths)
}

/// The beginning of a font file, for tables in the order of their names; with room for all of them. Checksums are left
/// out: the font is only cut down further.
fn directory(tables: &[([u8; 4], usize)]) -> Vec<u8> {
    let power = tables.len().ilog2();
    let range = 16 << power;
    let begin = 12 + 16 * tables.len();
    let mut font = Vec::with_capacity(begin + tables.iter().map(|(_, length)| length + 3).sum::<usize>());
    font.extend(b"OTTO");
    for number in [tables.len() as u16, range as u16, power as u16, (tables.len() * 16 - range) as u16] {
        font.extend(number.to_be_bytes());
    }
    let mut at = begin;
    for (tag, length) in tables {
        font.extend(tag);
        for number in [0, at as u32, *length as u32] {
            font.extend(number.to_be_bytes());
        }
        at += length.next_multiple_of(4);
    }
    font
}
