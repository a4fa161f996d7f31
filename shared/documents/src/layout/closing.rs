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

/// Where its drawings belong, downwards from the top of the piece. They are made once a setting is chosen: of all that
/// is on a page, the square code takes longest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closing {
    /// Centre of the seal.
    seal: [f32; 2],
    /// Upper left corner of the square code.
    code: [f32; 2],
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
    let code = verification(&mut sheet, form, height);
    (Piece { height, above: 16.0, may_begin: false, marks: sheet.marks }, Closing { seal: centre, code })
}

impl Closing {
    /// Draws square code and seal, for the piece that came to stand there; answers the centre of the seal.
    pub(super) fn draw(&self, sheet: &mut Sheet, form: &Form, top: f32) -> [f32; 2] {
        let down = |[x, y]: [f32; 2]| [x, y + top];
        code::draw(sheet, down(self.code), CODE, &form.link);
        seal::draw(sheet, down(self.seal), SEAL_RADIUS, &form.seal_name, &form.seal_word);
        down(self.seal)
    }
}

/// The lines below the square code; answers the place of the code.
fn verification(sheet: &mut Sheet, form: &Form, height: f32) -> [f32; 2] {
    let set: Vec<_> = form.caption.iter().flat_map(|text| lines(text, CODE / SMALL, 0.0, false)).collect();
    let step = SMALL * 1.5;
    let top = (height - CODE - step * set.len() as f32 - 4.0) / 2.0;
    let mut y = top + CODE + 4.0 + step / 2.0;
    for line in &set {
        let x = LEFT + (CODE - width(line) * SMALL) / 2.0;
        sheet.text([x, y + SMALL * 0.36], SMALL, Ink::GREY, line);
        y += step;
    }
    [LEFT, top]
}
