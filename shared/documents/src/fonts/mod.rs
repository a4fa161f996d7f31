//! The type: three faces from a configured folder, opened and checked at start, of which little is kept in memory.
//!
//! A face of this family holds 65,535 glyphs in 15 to 24 MB, a document shows some hundreds of them. So a face keeps
//! only its tables of characters, widths and places (about 2 MB); the outlines of a document's glyphs are read from
//! the file when it is drawn. Every process of a machine can then afford all faces.

mod bytes;
mod characters;
mod collection;
mod face;
mod outlines;

pub use collection::NoFont;
pub(crate) use face::Face;

use std::path::Path;
use std::sync::Arc;

/// What a text is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Style {
    /// Clauses and facts: serif (宋体).
    Text,
    /// Titles, amounts, lead words: serif, bold.
    Strong,
    /// Labels and small print: sans (黑体).
    Label,
}

/// The faces; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Fonts(Arc<[Face; 3]>);

impl Style {
    pub(crate) const ALL: [Self; 3] = [Self::Text, Self::Strong, Self::Label];

    /// File in the folder and family name of the face for simplified Chinese in it, as Debian's `fonts-noto-cjk` has them.
    const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
            Self::Strong => ("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC"),
            Self::Label => ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
        }
    }
}

impl Fonts {
    /// Opens and checks the faces in a folder. Blocks.
    ///
    /// # Errors
    /// [`NoFont`], which says what to install.
    pub(crate) fn open(folder: &Path) -> Result<Self, NoFont> {
        let open = |style: Style| {
            let (file, family) = style.source();
            Face::open(&folder.join(file), family)
        };
        let [text, strong, label] = Style::ALL.map(open);
        Ok(Self(Arc::new([text?, strong?, label?])))
    }

    pub(crate) fn face(&self, style: Style) -> &Face {
        let [text, strong, label] = &*self.0;
        match style {
            Style::Text => text,
            Style::Strong => strong,
            Style::Label => label,
        }
    }
}
