//! Templates: the texts of each document as data, with named places for the facts, checked when a process starts.

mod check;
mod facts;
mod fill;
mod kind;
mod shelf;
mod wire;
mod words;

pub use check::{BadTemplate, BadTemplates};
pub(crate) use facts::{Fact, Facts, Value};
pub(crate) use fill::fill;
pub(crate) use kind::Kind;
pub(crate) use shelf::Shelf;

use crate::layout::Ink;
use std::collections::BTreeMap;
use words::Words;

/// A template, read and checked.
#[derive(Debug)]
pub(crate) struct Template {
    /// Name and version, as printed on the document: `bid 2026-2`.
    pub(crate) edition: String,
    title: Words,
    subtitle: Option<Words>,
    accent: Ink,
    left: Words,
    right: Words,
    stamp: Option<Stamp>,
    salutation: Option<Words>,
    rows: Vec<Vec<Cell>>,
    clauses: Vec<Clause>,
    closing: Vec<Words>,
    caption: Vec<Words>,
    seal: Words,
    foot: Option<Words>,
    running: Words,
    phrases: BTreeMap<String, Phrase>,
}

#[derive(Debug)]
struct Stamp {
    word: Words,
    note: Option<Words>,
    watermark: bool,
}

#[derive(Debug)]
struct Cell {
    label: Words,
    value: Words,
    strong: bool,
}

#[derive(Debug)]
struct Clause {
    lead: Option<Words>,
    text: Words,
}

/// A text that depends on whether a fact is known.
#[derive(Debug)]
struct Phrase {
    /// The fact.
    when: String,
    then: Words,
    /// Without it, whatever names the phrase is left out too.
    otherwise: Option<Words>,
}
