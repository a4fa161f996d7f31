//! A form with everything filled in: what is to be laid out, and nothing about where.

use super::marks::Ink;
use super::text::Text;

/// The texts of one document.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Colour of frame, rules and marks.
    pub(crate) accent: Ink,
    /// Who issues it, at the top.
    pub(crate) issuer: Text,
    pub(crate) title: Text,
    /// Under the title, small; may be empty.
    pub(crate) subtitle: Text,
    /// Under the title, to the left and to the right.
    pub(crate) sides: [Text; 2],
    /// Stamped over the upper right corner.
    pub(crate) stamp: Option<Stamp>,
    /// The table: rows of one or two cells.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// To whom it is addressed; may be empty.
    pub(crate) salutation: Text,
    /// Paragraphs.
    pub(crate) clauses: Vec<Text>,
    /// Signature lines, next to the seal.
    pub(crate) closing: Vec<Text>,
    /// Where the square code leads.
    pub(crate) link: String,
    /// Lines below the square code.
    pub(crate) caption: Vec<Text>,
    /// The foot of every page: to the left the template, in the middle.
    pub(crate) foot: [Text; 2],
    /// Head of every page but the first.
    pub(crate) running: Text,
    /// Page numbers: the only page; the first of two; the second of two.
    pub(crate) numbers: [Text; 3],
    /// Around the star of the seal.
    pub(crate) seal_name: Text,
    /// Below the star.
    pub(crate) seal_word: Text,
}

/// A mark that tells documents apart at a glance.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    pub(crate) word: Text,
    /// Small, under the word.
    pub(crate) note: Text,
    /// True if the word is also printed large behind the text.
    pub(crate) watermark: bool,
}

/// A label and its value.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) label: Text,
    pub(crate) value: Text,
}
