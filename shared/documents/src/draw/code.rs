//! The square code (QR) of an address, as one area of vectors.

use crate::layout::{Ink, Sheet};
use krilla::geom::{PathBuilder, Rect};
use qrcodegen::{QrCode, QrCodeEcc};

/// Draws the code with its white border inside a square; nothing if the text is too long for any code.
pub(crate) fn draw(sheet: &mut Sheet, [left, top]: [f32; 2], side: f32, text: &str) {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return };
    const BORDER: i32 = 2;
    let step = side / (code.size() + 2 * BORDER) as f32;
    sheet.rectangle([left, top, side, side], Some(Ink(255, 255, 255)), Some((Ink::GREY, 0.4)));
    let mut path = PathBuilder::new();
    for row in 0..code.size() {
        let mut column = 0;
        while column < code.size() {
            let end = (column..code.size()).find(|&x| !code.get_module(x, row)).unwrap_or(code.size());
            if end > column {
                let at = |n: i32| ((n + BORDER) as f32 * step * 1000.0).round() / 1000.0;
                let run =
                    Rect::from_xywh(left + at(column), top + at(row), (end - column) as f32 * step, step);
                run.into_iter().for_each(|run| path.push_rect(run));
            }
            column = end.max(column) + 1;
        }
    }
    sheet.shape(path, Some(Ink::BLACK), None);
}
