//! The end of a document: the square code that leads to verification, the signature lines, and the seal over them.

use super::flow::Piece;
use super::form::Form;
use super::lines::lines;
use super::marks::{Ink, Sheet};
use super::pages::{LEFT, RIGHT, Setting};
use super::text::width;
use crate::draw::{code, seal};

/// Radius of the seal: 40 mm across, as those of companies.
pub(super) const SEAL_RADIUS: f32 = 56.5;
/// Side of the square code.
const CODE: f32 = 72.0;
const SMALL: f32 = 7.0;
/// Where the signature lines begin, and how far they may reach under the seal.
const SIGNATURES: f32 = LEFT + CODE + 24.0;
const UNDER: f32 = 36.0;
const SEAL_MIDDLE: f32 = RIGHT - SEAL_RADIUS - 22.0;

/// What the page needs to know of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closing {
    /// Centre of the seal; downwards from the top of the piece.
    pub(super) seal: [f32; 2],
}

pub(super) fn closing(form: &Form, setting: Setting) -> (Piece, Closing) {
    let mut sheet = Sheet::default();
    let size = setting.size.max(9.0);
    let step = size * 1.75;
    let room = (SEAL_MIDDLE - SEAL_RADIUS + UNDER - SIGNATURES) / size;
    let set: Vec<_> = form.closing.iter().flat_map(|text| lines(text, room, 0.0, false)).collect();
    let height = (step * set.len() as f32).max(2.0 * SEAL_RADIUS + 4.0);
    let mut y = (height - step * set.len() as f32) / 2.0 + step / 2.0;
    for line in &set {
        sheet.text([SIGNATURES, y + size * 0.37], size, Ink::BLACK, line);
        y += step;
    }
    let centre = [SEAL_MIDDLE, height / 2.0];
    seal::draw(&mut sheet, centre, SEAL_RADIUS, &form.seal_name, &form.seal_word);
    verification(&mut sheet, form, height);
    (Piece { height, above: 16.0, may_begin: false, marks: sheet.marks }, Closing { seal: centre })
}

/// The square code with its lines below.
fn verification(sheet: &mut Sheet, form: &Form, height: f32) {
    let set: Vec<_> = form.caption.iter().flat_map(|text| lines(text, CODE / SMALL, 0.0, false)).collect();
    let step = SMALL * 1.5;
    let top = (height - CODE - step * set.len() as f32 - 4.0) / 2.0;
    code::draw(sheet, [LEFT, top], CODE, &form.link);
    let mut y = top + CODE + 4.0 + step / 2.0;
    for line in &set {
        let x = LEFT + (CODE - width(line) * SMALL) / 2.0;
        sheet.text([x, y + SMALL * 0.36], SMALL, Ink::GREY, line);
        y += step;
    }
}
