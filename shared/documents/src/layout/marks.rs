//! What is drawn on a page: text, lines and areas at their final places, in points from the upper left corner.

use super::text::Glyph;
use crate::fonts::Style;
use krilla::geom::Path;

/// Width and height of A4.
pub(crate) const PAGE: [f32; 2] = [595.28, 841.89];

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ink(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// The marks of one page, the lowest first.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) marks: Vec<Mark>,
}

/// One mark.
pub(crate) enum Mark {
    /// A line of text that can be searched and copied; `y` is its base line.
    Text { x: f32, y: f32, size: f32, ink: Ink, glyphs: Vec<Glyph> },
    /// A line or an area.
    Shape(Shape),
    /// A character as a picture of itself, for seals and watermarks: moved, turned and scaled by a matrix from the
    /// type size 1, and no text to a reader.
    Picture { glyph: u16, style: Style, matrix: [f32; 6], ink: Ink },
}

/// A line or an area.
pub(crate) struct Shape {
    pub(crate) path: Path,
    pub(crate) fill: Option<Ink>,
    /// Ink and width.
    pub(crate) stroke: Option<(Ink, f32)>,
}

impl Ink {
    /// What texts are printed in.
    pub(crate) const BLACK: Self = Self(0x1C, 0x1C, 0x1E);
    /// Labels and small print.
    pub(crate) const GREY: Self = Self(0x5A, 0x5F, 0x66);
    /// The seal.
    pub(crate) const SEAL: Self = Self(0xC8, 0x1E, 0x23);

    /// The same hue, so much of it (0 to 1) on white paper.
    pub(crate) fn tint(self, share: f32) -> Self {
        let mix = |part: u8| (255.0 - (255.0 - f32::from(part)) * share).round() as u8;
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}

impl Sheet {
    /// Sets text so that it begins at `x`.
    pub(crate) fn text(&mut self, [x, y]: [f32; 2], size: f32, ink: Ink, glyphs: &[Glyph]) {
        if !glyphs.is_empty() {
            self.marks.push(Mark::Text { x, y, size, ink, glyphs: glyphs.to_vec() });
        }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, from: [f32; 2], to: [f32; 2], width: f32, ink: Ink) {
        let mut path = krilla::geom::PathBuilder::new();
        path.move_to(from[0], from[1]);
        path.line_to(to[0], to[1]);
        self.shape(path, None, Some((ink, width)));
    }

    /// A rectangle: left, top, width, height.
    pub(crate) fn rectangle(
        &mut self,
        [x, y, width, height]: [f32; 4],
        fill: Option<Ink>,
        stroke: Option<(Ink, f32)>,
    ) {
        let mut path = krilla::geom::PathBuilder::new();
        if let Some(rectangle) = krilla::geom::Rect::from_xywh(x, y, width, height) {
            path.push_rect(rectangle);
        }
        self.shape(path, fill, stroke);
    }

    /// A path; nothing if it is empty.
    pub(crate) fn shape(
        &mut self,
        path: krilla::geom::PathBuilder,
        fill: Option<Ink>,
        stroke: Option<(Ink, f32)>,
    ) {
        if let Some(path) = path.finish() {
            self.marks.push(Mark::Shape(Shape { path, fill, stroke }));
        }
    }
}
