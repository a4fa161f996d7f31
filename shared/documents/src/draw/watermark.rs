//! A word large and pale across a page, behind everything: a picture, so that nobody copies it along with the text.

use crate::layout::{Glyph, Ink, Mark, PAGE, Sheet};

/// The largest type, and the longest line that stays within the frame.
const SIZE: f32 = 112.0;
const LONGEST: f32 = 530.0;
/// From character to character, in type sizes.
const APART: f32 = 1.15;
/// Upwards to the right, in degrees.
const SLOPE: f32 = 38.0;

pub(crate) fn draw(sheet: &mut Sheet, word: &[Glyph], ink: Ink) {
    let (sine, cosine) = SLOPE.to_radians().sin_cos();
    let size = SIZE.min(LONGEST / (APART * word.len().max(1) as f32));
    for (at, glyph) in word.iter().enumerate() {
        // The middle of the character along the slope, from the middle of the page.
        let along = (at as f32 + 0.5 - word.len() as f32 / 2.0) * APART * size;
        let (x, y) = (PAGE[0] / 2.0 + along * cosine, PAGE[1] / 2.0 - along * sine);
        let turn = [size * cosine, -size * sine, size * sine, size * cosine];
        sheet.marks.push(picture(glyph, turn, [x, y], ink.tint(0.085)));
    }
}

/// A character turned by a matrix around its middle, which comes to stand at a point.
pub(super) fn picture(glyph: &Glyph, [a, b, c, d]: [f32; 4], [x, y]: [f32; 2], ink: Ink) -> Mark {
    // From the left end of the base line to the middle of the body: half the width, and 0.38 up.
    let (right, up) = (glyph.advance / 2.0, 0.38);
    let matrix = [a, b, c, d, x - a * right + c * up, y - b * right + d * up];
    Mark::Picture { glyph: glyph.id, style: glyph.style, matrix, ink }
}
