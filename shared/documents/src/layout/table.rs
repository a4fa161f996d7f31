//! The table of facts: rows of one label and value, or of two side by side.

use super::flow::Piece;
use super::form::Cell;
use super::kinsoku::is_word;
use super::lines::lines;
use super::marks::{Ink, PAGE, Sheet};
use super::pages::{LEFT, RIGHT, Setting};
use super::text::{Glyph, width};

/// Width of a label's column in type sizes of the text.
const LABEL: f32 = 8.0;
/// Labels are a little smaller than values.
const SMALLER: f32 = 0.92;
/// White around a value, in type sizes.
const PAD: f32 = 0.6;
/// How much smaller, at most.
const SMALLEST: f32 = 0.85;
const MIDDLE: f32 = PAGE[0] / 2.0;

pub(super) fn rows(rows: &[Vec<Cell>], accent: Ink, setting: Setting) -> Vec<Piece> {
    let last = rows.len().saturating_sub(1);
    rows.iter().enumerate().map(|(at, cells)| row(cells, accent, setting, [at == 0, at == last])).collect()
}

/// A row with the rules around it.
fn row(cells: &[Cell], accent: Ink, setting: Setting, [first, last]: [bool; 2]) -> Piece {
    let size = setting.size;
    let halves = match cells {
        [_, _, ..] => vec![(LEFT, MIDDLE), (MIDDLE, RIGHT)],
        _ => vec![(LEFT, RIGHT)],
    };
    let room = |(left, right): (f32, f32)| (right - left) / size - LABEL - 2.0 * PAD;
    let fit = |(cell, &half): (&Cell, &(f32, f32))| {
        let shrunk = shrunk(&cell.value, room(half));
        (cell.label.clone(), half, lines(&cell.value, room(half) / shrunk, 0.0, false), shrunk)
    };
    let set: Vec<_> = cells.iter().zip(&halves).map(fit).collect();
    let most = set.iter().map(|(_, _, lines, _)| lines.len()).max().unwrap_or(1).max(1);
    let step = size * 1.42;
    let height = most as f32 * step + size * 0.72;
    let mut sheet = Sheet::default();
    let hair = (accent.tint(0.45), 0.5);
    for (text, (left, right), value, shrunk) in &set {
        let split = left + LABEL * size;
        sheet.rectangle([*left, 0.0, LABEL * size, height], Some(accent.tint(0.07)), None);
        label(&mut sheet, text, [*left, split], height, size);
        let top = (height - value.len() as f32 * step) / 2.0;
        for (at, line) in value.iter().enumerate() {
            let base = top + step * at as f32 + step / 2.0 + size * 0.37;
            sheet.text([split + PAD * size, base], size * shrunk, Ink::BLACK, line);
        }
        sheet.line([split, 0.0], [split, height], hair.1, hair.0);
        if *right < RIGHT {
            sheet.line([*right, 0.0], [*right, height], hair.1, hair.0);
        }
    }
    border(&mut sheet, height, accent, [first, last]);
    Piece { height, above: 0.0, may_begin: !first, marks: sheet.marks }
}

/// A code that is a little too long for its line is set smaller rather than broken.
fn shrunk(value: &[Glyph], room: f32) -> f32 {
    let fits = room / width(value);
    if (SMALLEST..1.0).contains(&fits) && value.iter().all(|glyph| is_word(glyph.c)) {
        fits * 0.999
    } else {
        1.0
    }
}

/// A label in the middle of its column; a long one on several lines.
fn label(sheet: &mut Sheet, text: &[Glyph], [left, right]: [f32; 2], height: f32, size: f32) {
    let small = size * SMALLER;
    let set = lines(text, (right - left) / small - 0.4, 0.0, false);
    let step = small * 1.3;
    let top = (height - set.len() as f32 * step) / 2.0;
    for (at, line) in set.iter().enumerate() {
        let x = (left + right - width(line) * small) / 2.0;
        sheet.text([x, top + step * at as f32 + step / 2.0 + small * 0.36], small, Ink::GREY, line);
    }
}

/// The outer border is heavier than the rules inside.
fn border(sheet: &mut Sheet, height: f32, accent: Ink, [first, last]: [bool; 2]) {
    for x in [LEFT, RIGHT] {
        sheet.line([x, 0.0], [x, height], 0.9, accent);
    }
    let rule = |outer: bool| if outer { (0.9, accent) } else { (0.5, accent.tint(0.45)) };
    let (above, below) = (rule(first), rule(last));
    // Also where the row above has one: the ground of this row covers half of it.
    sheet.line([LEFT - 0.45, 0.0], [RIGHT + 0.45, 0.0], above.0, above.1);
    sheet.line([LEFT - 0.45, height], [RIGHT + 0.45, height], below.0, below.1);
}
