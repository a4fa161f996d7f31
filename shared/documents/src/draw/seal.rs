//! The round seal of the institution: its name along the ring, a star, and the word of the document below.

use super::watermark::picture;
use crate::layout::{Glyph, Ink, Sheet, width};
use krilla::geom::PathBuilder;
use std::f32::consts::{PI, TAU};

/// Parts of the radius.
const RING: f32 = 0.045;
const STAR: f32 = 0.3;
/// The widest arc a name may take, of the whole circle.
const WIDEST_ARC: f32 = 0.72;
/// Names are set narrow, as on seals of brass.
const NARROW: f32 = 0.72;

pub(crate) fn draw(sheet: &mut Sheet, centre: [f32; 2], radius: f32, name: &[Glyph], word: &[Glyph]) {
    let ring = radius * (1.0 - RING / 2.0);
    sheet.shape(circle(centre, ring), None, Some((Ink::SEAL, radius * RING)));
    sheet.shape(star(centre, radius * STAR), Some(Ink::SEAL), None);
    draw_name(sheet, centre, radius, name);
    draw_word(sheet, centre, radius, word);
}

/// Characters that stand on a circle with their heads outwards, as far apart as the name is short.
fn draw_name(sheet: &mut Sheet, [x, y]: [f32; 2], radius: f32, name: &[Glyph]) {
    let count = name.len().max(1) as f32;
    let height = (radius * 0.27).min(radius * 3.6 / count);
    let line = radius * (1.0 - RING - 0.07) - height / 2.0;
    // A character and the white behind it, as an angle.
    let step = (height * NARROW * 1.6 / line).min(WIDEST_ARC * TAU / count);
    let narrow = (step * line * 0.94 / height).min(NARROW);
    for (at, glyph) in name.iter().enumerate() {
        let angle = (at as f32 - (count - 1.0) / 2.0) * step;
        let (sine, cosine) = angle.sin_cos();
        let wide = height * narrow;
        let turn = [wide * cosine, wide * sine, -height * sine, height * cosine];
        let middle = [x + line * sine, y - line * cosine];
        sheet.marks.push(picture(glyph, turn, middle, Ink::SEAL));
    }
}

/// The word on a straight line below the star.
fn draw_word(sheet: &mut Sheet, [x, y]: [f32; 2], radius: f32, word: &[Glyph]) {
    let length = width(word);
    let height = radius * 0.215;
    let wide = (height * 0.9).min(radius * 1.18 / length.max(1.0));
    let mut along = -length / 2.0 * wide;
    for glyph in word {
        let middle = [x + along + glyph.advance * wide / 2.0, y + radius * 0.55];
        sheet.marks.push(picture(glyph, [wide, 0.0, 0.0, height], middle, Ink::SEAL));
        along += glyph.advance * wide;
    }
}

/// Five points, the first upwards.
fn star([x, y]: [f32; 2], radius: f32) -> PathBuilder {
    let mut path = PathBuilder::new();
    for corner in 0..10 {
        let angle = corner as f32 * PI / 5.0;
        let reach = if corner % 2 == 0 { radius } else { radius * 0.382 };
        let (px, py) = (x + reach * angle.sin(), y - reach * angle.cos());
        if corner == 0 { path.move_to(px, py) } else { path.line_to(px, py) }
    }
    path.close();
    path
}

/// A circle of four curves.
pub(super) fn circle([x, y]: [f32; 2], radius: f32) -> PathBuilder {
    let (r, k) = (radius, radius * 0.552_285);
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path
}
