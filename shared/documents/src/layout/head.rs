//! The head of the first page: who issues it, what it is, its number and its date.

use super::flow::Piece;
use super::form::{Form, Stamp};
use super::lines::lines;
use super::marks::{Ink, PAGE, Sheet};
use super::pages::{LEFT, RIGHT};
use super::text::{Glyph, width};

const ISSUER: f32 = 13.0;
const TITLE: f32 = 27.0;
const SUBTITLE: f32 = 9.5;
const SIDES: f32 = 9.0;
const MIDDLE: f32 = PAGE[0] / 2.0;

pub(super) fn head(form: &Form) -> Piece {
    let mut sheet = Sheet::default();
    let mut y = 16.0;
    y = centred(&mut sheet, &form.issuer, [ISSUER, 0.12, 1.4], y, form.accent);
    double_rule(&mut sheet, y + 1.5, form);
    y += 36.0;
    y = centred(&mut sheet, &form.title, [TITLE, 0.28, 1.25], y, Ink::BLACK);
    if form.subtitle.is_empty() {
        y -= 10.0;
    } else {
        y = centred(&mut sheet, &form.subtitle, [SUBTITLE, 0.15, 1.5], y - 13.0, Ink::GREY);
    }
    y += 8.0;
    let [left, right] = &form.sides;
    sheet.text([LEFT, y], SIDES, Ink::BLACK, left);
    sheet.text([RIGHT - width(right) * SIDES, y], SIDES, Ink::BLACK, right);
    if let Some(stamp) = &form.stamp {
        draw_stamp(&mut sheet, stamp, form.accent);
    }
    Piece { height: y + 7.0, above: 0.0, may_begin: true, marks: sheet.marks }
}

/// Lines in the middle of the page, letters so much apart; returns the base line of a line that would follow.
fn centred(sheet: &mut Sheet, text: &[Glyph], [size, apart, leading]: [f32; 3], mut y: f32, ink: Ink) -> f32 {
    let mut text = text.to_vec();
    let room = (RIGHT - LEFT) / size;
    // Long names are set close rather than on two lines.
    let apart = if width(&text) + apart * text.len() as f32 > room { 0.0 } else { apart };
    text.iter_mut().for_each(|glyph| glyph.advance += apart);
    for line in lines(&text, room, 0.0, false) {
        let shown = (width(&line) - apart) * size;
        sheet.text([MIDDLE - shown / 2.0, y], size, ink, &line);
        y += size * leading;
    }
    y
}

fn double_rule(sheet: &mut Sheet, y: f32, form: &Form) {
    let y = y - 10.0;
    sheet.line([LEFT, y], [RIGHT, y], 1.4, form.accent);
    sheet.line([LEFT, y + 2.6], [RIGHT, y + 2.6], 0.4, form.accent);
}

/// A box in the upper right corner.
fn draw_stamp(sheet: &mut Sheet, stamp: &Stamp, ink: Ink) {
    let (size, small) = (15.0, 6.5);
    let inner = (width(&stamp.word) * size + 3.0 * size * 0.12).max(width(&stamp.note) * small);
    let (box_width, box_height) = (inner + 14.0, if stamp.note.is_empty() { 24.0 } else { 34.0 });
    let (x, y) = (RIGHT - box_width, 34.0);
    sheet.rectangle([x, y, box_width, box_height], Some(ink.tint(0.06)), Some((ink, 1.3)));
    sheet.rectangle([x + 2.2, y + 2.2, box_width - 4.4, box_height - 4.4], None, Some((ink, 0.4)));
    let mut word = stamp.word.clone();
    word.iter_mut().for_each(|glyph| glyph.advance += 0.12);
    let middle = x + box_width / 2.0;
    sheet.text([middle - (width(&word) - 0.12) * size / 2.0, y + 18.0], size, ink, &word);
    sheet.text([middle - width(&stamp.note) * small / 2.0, y + 28.0], small, ink, &stamp.note);
}
