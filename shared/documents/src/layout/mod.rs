//! Layout: from the texts of a form to marks on one or two A4 pages.

mod closing;
mod flow;
mod form;
mod head;
mod kinsoku;
mod lines;
mod marks;
mod pages;
mod table;
mod text;

pub(crate) use form::{Cell, Form, Stamp};
pub(crate) use marks::{Ink, Mark, PAGE, Shape, Sheet};
pub(crate) use pages::{Pages, paginate};
pub(crate) use text::{Glyph, NoGlyph, Text, compose, width};
