//! The whole document: the largest setting in which a form fits on one page, or else on two.

use super::closing::{self, Closing};
use super::flow::{Piece, Spot, flow, place};
use super::form::Form;
use super::head;
use super::lines::lines;
use super::marks::{Ink, PAGE, Sheet};
use super::table;
use super::text::{Glyph, Text, width};
use crate::draw::{frame, watermark};
use crate::rendered::SealPlace;

/// The texts do not fit on two pages, not even in the smallest type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Left and right edge of the text.
pub(super) const LEFT: f32 = 62.0;
pub(super) const RIGHT: f32 = PAGE[0] - LEFT;
/// Top of the text on the first page and on others, and its end.
const FIRST: f32 = 58.0;
const NEXT: f32 = 80.0;
const BOTTOM: f32 = PAGE[1] - 64.0;
/// Base line of the foot.
const FOOT: f32 = PAGE[1] - 45.0;
const SMALL: f32 = 7.5;

/// A document laid out.
pub(crate) struct Pages {
    /// What is the same on all pages, under everything.
    pub(crate) ground: Sheet,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) seal: SealPlace,
}

/// Type size in points and line distance in type sizes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub(super) size: f32,
    pub(super) leading: f32,
}

/// Settings in the order they are tried, and on how many pages.
const SETTINGS: [(f32, f32, usize); 14] = [
    (11.0, 1.8, 1),
    (11.0, 1.65, 1),
    (10.5, 1.65, 1),
    (10.5, 1.55, 1),
    (10.0, 1.55, 1),
    (9.5, 1.5, 1),
    (11.0, 1.8, 2),
    (10.5, 1.65, 2),
    (10.0, 1.55, 2),
    (9.0, 1.5, 2),
    (8.0, 1.45, 2),
    (7.0, 1.4, 2),
    (6.0, 1.35, 2),
    (5.0, 1.35, 2),
];

/// Lays a form out.
///
/// # Errors
/// [`TooLong`] if it does not fit in the smallest setting.
pub(crate) fn paginate(form: &Form) -> Result<Pages, TooLong> {
    SETTINGS
        .iter()
        .find_map(|&(size, leading, most)| {
            let setting = Setting { size, leading };
            let (pieces, closing) = pieces(form, setting);
            let spots = flow(&pieces, [FIRST, NEXT, BOTTOM], most)?;
            Some(assemble(form, pieces, spots, closing))
        })
        .ok_or(TooLong)
}

/// Everything from the title to the seal.
fn pieces(form: &Form, setting: Setting) -> (Vec<Piece>, Closing) {
    let mut pieces = vec![head::head(form)];
    pieces.extend(table::rows(&form.rows, form.accent, setting));
    if !form.salutation.is_empty() {
        pieces.extend(paragraph(&form.salutation, 0.0, setting, setting.size * 0.9));
    }
    for (at, text) in form.clauses.iter().enumerate() {
        let above = if at == 0 && form.salutation.is_empty() { 0.9 } else { 0.12 };
        pieces.extend(paragraph(text, 2.0, setting, setting.size * above));
    }
    let (piece, closing) = closing::closing(form, setting);
    pieces.push(piece);
    (pieces, closing)
}

/// One piece a line. Of a paragraph, a page ends or begins with at least two lines.
fn paragraph(text: &Text, indent: f32, setting: Setting, above: f32) -> Vec<Piece> {
    let Setting { size, leading } = setting;
    let set = lines(text, (RIGHT - LEFT) / size, indent, true);
    let count = set.len();
    let piece = |(at, line): (usize, Vec<Glyph>)| {
        let mut sheet = Sheet::default();
        let x = LEFT + if at == 0 { indent * size } else { 0.0 };
        let base = size * (leading / 2.0 + 0.38);
        underline(&mut sheet, &line, [x, base + size * 0.2], size);
        sheet.text([x, base], size, Ink::BLACK, &line);
        Piece {
            height: size * leading,
            above: if at == 0 { above } else { 0.0 },
            may_begin: at == 0 || (at > 1 && count - at > 1),
            marks: sheet.marks,
        }
    };
    set.into_iter().enumerate().map(piece).collect()
}

/// A thin line under every fact, as in a form that was filled in.
fn underline(sheet: &mut Sheet, line: &[Glyph], [left, y]: [f32; 2], size: f32) {
    let mut x = left;
    for run in line.chunk_by(|a, b| a.fact == b.fact) {
        let end = x + width(run) * size;
        if run[0].fact {
            sheet.line([x, y], [end, y], 0.45, Ink::GREY);
        }
        x = end;
    }
}

fn assemble(form: &Form, pieces: Vec<Piece>, mut spots: Vec<Spot>, closing: Closing) -> Pages {
    let pages = spots.last().map_or(1, |spot| spot.page + 1);
    lower_closing(&mut spots, &pieces, pages);
    let mut sheets: Vec<Sheet> = (0..pages).map(|page| ground(form, page, pages)).collect();
    let last = spots.last().copied().unwrap_or(Spot { page: 0, top: FIRST });
    for (piece, spot) in pieces.into_iter().zip(&spots) {
        place(&mut sheets[spot.page], piece, spot.top);
    }
    let [x, y] = closing.draw(&mut sheets[last.page], form, last.top);
    let up = PAGE[1] - y;
    let radius = closing::SEAL_RADIUS;
    let seal = SealPlace { page: last.page, rect: [x - radius, up - radius, x + radius, up + radius] };
    Pages { ground: frame_of(form), sheets, seal }
}

/// On a single page the signatures stand at its end; some white before them is better than much below.
fn lower_closing(spots: &mut [Spot], pieces: &[Piece], pages: usize) {
    if let (Some(spot), Some(piece)) = (spots.last_mut(), pieces.last()) {
        let free = BOTTOM - spot.top - piece.height;
        spot.top += if pages == 1 { free.min(90.0) } else { free.min(24.0) };
    }
}

/// What is the same on every page.
fn frame_of(form: &Form) -> Sheet {
    let mut sheet = Sheet::default();
    let watermark = form.stamp.as_ref().filter(|stamp| stamp.watermark);
    frame::draw(&mut sheet, form.accent, watermark.is_none());
    if let Some(stamp) = watermark {
        watermark::draw(&mut sheet, &stamp.word, form.accent);
    }
    sheet
}

/// Running head and foot of a page.
fn ground(form: &Form, page: usize, pages: usize) -> Sheet {
    let mut sheet = Sheet::default();
    if page > 0 {
        sheet.text([LEFT, 62.0], SMALL + 0.5, Ink::GREY, &form.running);
        sheet.line([LEFT, 67.5], [RIGHT, 67.5], 0.5, form.accent.tint(0.5));
    }
    sheet.line([LEFT, FOOT - 11.0], [RIGHT, FOOT - 11.0], 0.5, form.accent.tint(0.5));
    let [template, middle] = &form.foot;
    sheet.text([LEFT, FOOT], SMALL, Ink::GREY, template);
    let number = &form.numbers[if pages == 1 { 0 } else { page + 1 }];
    let (x, size) = between(width(template), width(middle), width(number));
    sheet.text([x, FOOT], size, Ink::GREY, middle);
    sheet.text([RIGHT - width(number) * SMALL, FOOT], SMALL, Ink::GREY, number);
    sheet
}

/// Where the middle of the foot begins, and how large it is: in the middle of the page if the texts beside it (widths for
/// the type size 1) leave room there, else between them, smaller if it must be.
fn between(left: f32, middle: f32, right: f32) -> (f32, f32) {
    const GAP: f32 = 9.0;
    let (from, to) = (LEFT + left * SMALL + GAP, RIGHT - right * SMALL - GAP);
    let size = if middle > 0.0 { SMALL.min((to - from) / middle) } else { SMALL };
    let centred = (PAGE[0] - middle * size) / 2.0;
    (centred.clamp(from, (to - middle * size).max(from)), size)
}
