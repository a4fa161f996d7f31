//! Pagination: pieces of a page put one below the other, and where a page may end.

use super::marks::{Mark, Sheet};
use krilla::geom::Transform;

/// Something that stays in one piece; its marks are drawn as if its top were at 0.
pub(super) struct Piece {
    pub(super) height: f32,
    /// White above it, unless it begins a page.
    pub(super) above: f32,
    /// False if it must stand on the page of the piece before it.
    pub(super) may_begin: bool,
    pub(super) marks: Vec<Mark>,
}

/// Where a piece came to stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) page: usize,
    pub(super) top: f32,
}

/// Finds a spot for every piece on at most so many pages; the first begins at `first`, all others at `next`.
/// The latest page end that is allowed is taken. `None` if they do not fit.
pub(super) fn flow(
    pieces: &[Piece],
    [first, next, bottom]: [f32; 3],
    most_pages: usize,
) -> Option<Vec<Spot>> {
    let mut spots: Vec<Spot> = Vec::with_capacity(pieces.len());
    let mut start = 0;
    for page in 0..most_pages {
        let mut y = if page == 0 { first } else { next };
        let mut end = start;
        // Where this page may end at the latest.
        let mut last_end = start;
        while end < pieces.len() {
            let piece = &pieces[end];
            let top = y + if end == start { 0.0 } else { piece.above };
            if top + piece.height > bottom {
                break;
            }
            if piece.may_begin && end > start {
                last_end = end;
            }
            spots.push(Spot { page, top });
            y = top + piece.height;
            end += 1;
        }
        if end == pieces.len() {
            return Some(spots);
        }
        let fits = if pieces[end].may_begin { end } else { last_end };
        if fits == start {
            return None;
        }
        spots.truncate(fits);
        start = fits;
    }
    None
}

/// Draws a piece at its spot.
pub(super) fn place(sheet: &mut Sheet, piece: Piece, top: f32) {
    sheet.marks.extend(piece.marks.into_iter().filter_map(|mark| lower(mark, top)));
}

fn lower(mark: Mark, by: f32) -> Option<Mark> {
    Some(match mark {
        Mark::Text { x, y, size, ink, glyphs } => Mark::Text { x, y: y + by, size, ink, glyphs },
        Mark::Shape(mut shape) => {
            shape.path = shape.path.transform(Transform::from_translate(0.0, by))?;
            Mark::Shape(shape)
        }
        Mark::Picture { glyph, style, mut matrix, ink } => {
            matrix[5] += by;
            Mark::Picture { glyph, style, matrix, ink }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(height: f32, may_begin: bool) -> Piece {
        Piece { height, above: 5.0, may_begin, marks: Vec::new() }
    }

    fn pages(pieces: &[Piece], most_pages: usize) -> Option<Vec<usize>> {
        let spots = flow(pieces, [0.0, 10.0, 100.0], most_pages)?;
        Some(spots.iter().map(|spot| spot.page).collect())
    }

    #[test]
    fn pieces_stand_below_each_other_and_a_page_begins_without_white() {
        let pieces = [piece(40.0, true), piece(50.0, true), piece(20.0, true), piece(10.0, true)];
        let spots = flow(&pieces, [0.0, 10.0, 100.0], 2).expect("two pages");
        let tops: Vec<(usize, f32)> = spots.iter().map(|spot| (spot.page, spot.top)).collect();
        assert_eq!(tops, [(0, 0.0), (0, 45.0), (1, 10.0), (1, 35.0)]);
    }

    #[test]
    fn what_belongs_together_moves_together() {
        let pieces = [piece(40.0, true), piece(30.0, true), piece(10.0, false), piece(30.0, false)];
        assert_eq!(pages(&pieces, 2), Some(vec![0, 1, 1, 1]));
    }

    #[test]
    fn what_fits_nowhere_is_refused() {
        assert_eq!(pages(&[piece(101.0, true)], 2), None);
        assert_eq!(pages(&[piece(60.0, true), piece(60.0, true), piece(60.0, true)], 2), None);
        assert_eq!(pages(&[piece(60.0, true), piece(60.0, false)], 2), None);
    }
}
