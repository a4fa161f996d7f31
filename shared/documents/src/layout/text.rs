//! Text as glyphs: characters found in their face, with the room they take.

use super::kinsoku::{is_closing, is_opening};
use crate::fonts::{Fonts, Style};

/// One glyph, measured in type sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    /// The character, for whoever copies or searches.
    pub(crate) c: char,
    /// Its number in the face.
    pub(crate) id: u16,
    pub(crate) style: Style,
    /// From where it stands to where the next one does.
    pub(crate) advance: f32,
    /// How far it is drawn from where it stands.
    pub(crate) shift: f32,
    /// True for a fact filled into a clause.
    pub(crate) fact: bool,
}

/// A text ready to be broken into lines.
pub(crate) type Text = Vec<Glyph>;

/// A character that the face does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoGlyph(pub(crate) char);

/// Half of a full-width punctuation mark is white.
const HALF: f32 = 0.5;

/// Finds the glyphs of a text.
///
/// # Errors
/// [`NoGlyph`] for the first character that has none.
pub(crate) fn compose(fonts: &Fonts, style: Style, text: &str, fact: bool) -> Result<Text, NoGlyph> {
    let face = fonts.face(style);
    let shown = text.chars().filter(|c| !is_invisible(*c)).map(printable);
    let glyph = |c: char| {
        let id = face.glyph(c).ok_or(NoGlyph(c))?;
        Ok(Glyph { c, id, style, advance: face.width(id), shift: 0.0, fact })
    };
    shown.map(glyph).collect()
}

/// How much room a text takes on one line, in type sizes.
pub(crate) fn width(text: &[Glyph]) -> f32 {
    text.iter().map(|glyph| glyph.advance).sum()
}

/// Draws marks that stand side by side together: of `）、` and `：“` each would bring its own white.
pub(crate) fn tighten(text: &mut [Glyph]) {
    for at in 1..text.len() {
        let (left, right) = (text[at - 1], text[at]);
        let full = |glyph: &Glyph| glyph.advance > 0.99;
        if is_closing(left.c) && (is_closing(right.c) || is_opening(right.c)) && full(&left) {
            text[at - 1].advance -= HALF;
        } else if is_opening(left.c) && is_opening(right.c) && full(&right) {
            trim_start(&mut text[at]);
        }
    }
}

/// Takes the white in front of an opening mark away.
pub(super) fn trim_start(glyph: &mut Glyph) {
    if is_opening(glyph.c) && glyph.advance > 0.99 {
        glyph.advance -= HALF;
        glyph.shift -= HALF;
    }
}

/// The white behind a closing mark.
pub(super) fn white_behind(glyph: &Glyph) -> f32 {
    if is_closing(glyph.c) && glyph.advance > 0.99 { HALF } else { 0.0 }
}

/// Line ends, tabs and other control characters in a received name would break the page: blanks instead.
fn printable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// Characters that come along with copied names and have no shape.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}' | '\u{202A}'..='\u{202E}')
}
