//! Putting the facts of one document into its template. What names a fact that is not known is left out.

use super::facts::{Facts, Value};
use super::kind::Kind;
use super::words::{Part, Words};
use super::{Cell, Clause, Template};
use crate::fonts::{Fonts, Style};
use crate::layout::{self, Form, NoGlyph, Text, compose};
use crate::shown;

/// A character without a shape, and in which fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) field: &'static str,
    pub(crate) character: char,
}

/// Fills a template.
pub(crate) fn fill(template: &Template, kind: Kind, facts: &Facts, fonts: &Fonts) -> Result<Form, Missing> {
    Filler { template, kind, facts, fonts }.form()
}

struct Filler<'a> {
    template: &'a Template,
    kind: Kind,
    facts: &'a Facts,
    fonts: &'a Fonts,
}

/// How facts are set in a text.
#[derive(Debug, Clone, Copy)]
struct Manner {
    style: Style,
    /// Facts are underlined.
    underline: bool,
    /// Ciphertext with both ends of its digest, else with one.
    long: bool,
}

impl Manner {
    const fn plain(style: Style) -> Self {
        Self { style, underline: false, long: false }
    }
}

/// Between a lead and its clause.
const WIDE_BLANK: &str = "\u{3000}";

impl Filler<'_> {
    fn form(&self) -> Result<Form, Missing> {
        let template = self.template;
        let label = Manner::plain(Style::Label);
        let strong = Manner::plain(Style::Strong);
        let link = match self.facts.get("verify_url") {
            Some(Value::Plain(link)) => link.clone(),
            _ => String::new(),
        };
        Ok(Form {
            accent: template.accent,
            issuer: self.fact("institution", strong)?,
            title: self.needed(&template.title, strong)?,
            subtitle: self.optional(template.subtitle.as_ref(), label)?,
            sides: [self.needed(&template.left, label)?, self.needed(&template.right, label)?],
            stamp: self.stamp()?,
            rows: self.rows()?,
            salutation: self.optional(template.salutation.as_ref(), strong)?,
            clauses: self.clauses()?,
            closing: self.every(&template.closing, Manner::plain(Style::Text))?,
            link,
            caption: self.every(&template.caption, label)?,
            foot: [self.edition()?, self.optional(template.foot.as_ref(), label)?],
            running: self.needed(&template.running, label)?,
            numbers: self.numbers()?,
            seal_name: self.fact("institution", strong)?,
            seal_word: self.needed(&template.seal, strong)?,
        })
    }

    fn stamp(&self) -> Result<Option<layout::Stamp>, Missing> {
        let Some(stamp) = &self.template.stamp else { return Ok(None) };
        Ok(Some(layout::Stamp {
            word: self.needed(&stamp.word, Manner::plain(Style::Strong))?,
            note: self.optional(stamp.note.as_ref(), Manner::plain(Style::Label))?,
            watermark: stamp.watermark,
        }))
    }

    fn rows(&self) -> Result<Vec<Vec<layout::Cell>>, Missing> {
        let mut rows = Vec::new();
        for row in &self.template.rows {
            let cells = row.iter().filter_map(|cell| self.cell(cell).transpose());
            rows.push(cells.collect::<Result<Vec<_>, _>>()?);
        }
        rows.retain(|row| !row.is_empty());
        Ok(rows)
    }

    fn cell(&self, cell: &Cell) -> Result<Option<layout::Cell>, Missing> {
        let style = if cell.strong { Style::Strong } else { Style::Text };
        let value = self.text(&cell.value, Manner { style, underline: false, long: true })?;
        let label = self.needed(&cell.label, Manner::plain(Style::Label))?;
        Ok(value.map(|value| layout::Cell { label, value }))
    }

    fn clauses(&self) -> Result<Vec<Text>, Missing> {
        let clauses = self.template.clauses.iter().filter_map(|clause| self.clause(clause).transpose());
        clauses.collect()
    }

    fn clause(&self, Clause { lead, text }: &Clause) -> Result<Option<Text>, Missing> {
        let manner = Manner { style: Style::Text, underline: true, long: false };
        let Some(text) = self.text(text, manner)? else { return Ok(None) };
        let mut whole = self.optional(lead.as_ref(), Manner::plain(Style::Strong))?;
        if !whole.is_empty() {
            whole.extend(self.set(WIDE_BLANK, Style::Text, false, "")?);
        }
        whole.extend(text);
        Ok(Some(whole))
    }

    /// Which template it was made from; on every page.
    fn edition(&self) -> Result<Text, Missing> {
        self.set(&format!("模板 {}", self.template.edition), Style::Label, false, "")
    }

    fn numbers(&self) -> Result<[Text; 3], Missing> {
        let number = |text| self.set(text, Style::Label, false, "");
        Ok([number("第 1 页，共 1 页")?, number("第 1 页，共 2 页")?, number("第 2 页，共 2 页")?])
    }

    fn every(&self, all: &[Words], manner: Manner) -> Result<Vec<Text>, Missing> {
        all.iter().filter_map(|words| self.text(words, manner).transpose()).collect()
    }

    fn needed(&self, words: &Words, manner: Manner) -> Result<Text, Missing> {
        Ok(self.text(words, manner)?.unwrap_or_default())
    }

    fn optional(&self, words: Option<&Words>, manner: Manner) -> Result<Text, Missing> {
        words.map_or(Ok(Text::new()), |words| self.needed(words, manner))
    }

    fn fact(&self, name: &str, manner: Manner) -> Result<Text, Missing> {
        self.needed(&Words(vec![Part::Name(name.to_owned())]), manner)
    }

    /// The text with its facts; `None` if one of them is not known.
    fn text(&self, words: &Words, manner: Manner) -> Result<Option<Text>, Missing> {
        let mut whole = Text::new();
        for part in &words.0 {
            let set = match part {
                Part::Plain(text) => Some(self.set(text, manner.style, false, "")?),
                Part::Name(name) => self.named(name, manner)?,
            };
            let Some(set) = set else { return Ok(None) };
            whole.extend(set);
        }
        Ok(Some(whole))
    }

    /// A fact or a phrase.
    fn named(&self, name: &str, manner: Manner) -> Result<Option<Text>, Missing> {
        if let Some(phrase) = self.template.phrases.get(name) {
            let known = self.facts.get(&phrase.when).is_some();
            let words = if known { Some(&phrase.then) } else { phrase.otherwise.as_ref() };
            return words.map_or(Ok(None), |words| self.text(words, manner));
        }
        let shown = match self.facts.get(name) {
            None => return Ok(None),
            Some(Value::Plain(text)) => text.clone(),
            Some(Value::Sealed(text)) if manner.long => shown::long_digest(text),
            Some(Value::Sealed(text)) => shown::short_digest(text),
        };
        let label = self.kind.label(name).unwrap_or_default();
        self.set(&shown, manner.style, manner.underline, label).map(Some)
    }

    fn set(&self, text: &str, style: Style, fact: bool, field: &'static str) -> Result<Text, Missing> {
        compose(self.fonts, style, text, fact).map_err(|NoGlyph(character)| Missing { field, character })
    }
}
