//! The printer: fonts and templates of an institution, from which every document is rendered.

use crate::draw::{Card, pdf};
use crate::ending::Ending;
use crate::fonts::{Fonts, NoFont};
use crate::invoice::InvoiceFacts;
use crate::issuer::Issuer;
use crate::layout::paginate;
use crate::letter::Letter;
use crate::rendered::Rendered;
use crate::template::{BadTemplates, Facts, Kind, Shelf, fill};
use domain::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// Why a process cannot print documents; found when it starts.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// There is no type.
    #[error(transparent)]
    Font(#[from] NoFont),
    /// There are mistakes in the templates.
    #[error(transparent)]
    Templates(#[from] BadTemplates),
}

/// Why a document cannot be made of these facts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unprintable {
    /// They do not fit on two pages, not even in the smallest type.
    #[error("the names and texts are too long for two pages")]
    TooLong,
    /// The type has no shape for a character; nothing is printed in its place.
    #[error("the field {field} has a character without a shape: U+{:04X}", u32::from(*.character))]
    NoGlyph {
        /// What the field is called, in Chinese.
        field: &'static str,
        /// The character.
        character: char,
    },
    /// The facts contradict each other.
    #[error("{0}")]
    NoForm(&'static str),
    /// The font files are gone, or the file would break a rule of PDF/A.
    #[error("the document could not be written: {0}")]
    NotWritten(String),
}

/// Renders documents. Cloning shares fonts and templates. Rendering blocks: keep it off the async threads.
#[derive(Debug, Clone)]
pub struct Printer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    issuer: Issuer,
    fonts: Fonts,
    shelf: Shelf,
}

impl Printer {
    /// Opens the fonts and reads the templates; those in `templates` take the place of the supplied ones. Blocks.
    ///
    /// # Errors
    /// [`Unready`], which says what to install or where the mistakes stand.
    pub fn open(issuer: Issuer, fonts: &Path, templates: Option<&Path>) -> Result<Self, Unready> {
        let fonts = Fonts::open(fonts)?;
        let shelf = Shelf::open(templates, &fonts)?;
        Ok(Self(Arc::new(Inner { issuer, fonts, shelf })))
    }

    /// Who issues its documents.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Renders a guarantee: sealed if any of its texts is, revealed or made out again by what it follows.
    ///
    /// # Errors
    /// [`Unprintable`].
    pub fn guarantee(&self, letter: &Letter<'_>) -> Result<Rendered, Unprintable> {
        let kind = letter.kind().map_err(|no| Unprintable::NoForm(no.0))?;
        self.render(kind, letter.facts(), letter.no, letter.issued_at)
    }

    /// Renders the confirmation of a refund or a release.
    ///
    /// # Errors
    /// [`Unprintable`].
    pub fn ending(&self, ending: &Ending<'_>) -> Result<Rendered, Unprintable> {
        self.render(ending.kind(), ending.facts(), ending.no, ending.issued_at)
    }

    /// Renders the page about an invoice.
    ///
    /// # Errors
    /// [`Unprintable`].
    pub fn invoice(&self, invoice: &InvoiceFacts<'_>) -> Result<Rendered, Unprintable> {
        self.render(Kind::Invoice, invoice.facts(), invoice.number, invoice.made_out_at)
    }

    fn render(&self, kind: Kind, mut facts: Facts, no: &str, at: Timestamp) -> Result<Rendered, Unprintable> {
        let Inner { issuer, fonts, shelf } = &*self.0;
        facts.add(issuer.facts());
        let template = shelf.template(kind);
        let form = fill(template, kind, &facts, fonts)
            .map_err(|missing| Unprintable::NoGlyph { field: missing.field, character: missing.character })?;
        let pages = paginate(&form).map_err(|_| Unprintable::TooLong)?;
        let title: String = form.title.iter().map(|glyph| glyph.c).collect();
        let card = Card {
            subject: format!("{title} {no}（模板 {}）", template.edition),
            title,
            author: issuer.name.clone(),
            at,
        };
        let bytes = pdf(fonts, &pages, card).map_err(|error| Unprintable::NotWritten(error.0))?;
        Ok(Rendered { bytes, seal: pages.seal })
    }
}
