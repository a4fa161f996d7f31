//! A document as the printer leaves it: the bytes, and where the seal stands that a visible signature goes over.

/// A rendered document, not signed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The PDF (PDF/A-2b, classic cross-reference table); the same facts always give the same bytes.
    pub bytes: Vec<u8>,
    /// Where the institution's seal was drawn.
    pub seal: SealPlace,
}

/// The place of the seal, for the widget of a visible signature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SealPlace {
    /// Page, counted from 0.
    pub page: usize,
    /// Left, bottom, right, top in PDF points from the lower left corner of the page: what `/Rect` takes.
    pub rect: [f32; 4],
}
