//! Reading a template: wrong keys, unknown names and characters without a shape are told with file and line.

use super::kind::Kind;
use super::wire::{Text, Wire, WirePhrase, WireStamp};
use super::words::Words;
use super::{Cell, Clause, Phrase, Stamp, Template};
use crate::fonts::{Fonts, Style};
use crate::layout::{Ink, compose};
use std::fmt;

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadTemplate {
    /// The file; one that came with the program is called by its name alone.
    pub file: String,
    /// Line, from 1; absent if the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub say: String,
}

/// All mistakes in the templates, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTemplates(pub Vec<BadTemplate>);

impl fmt::Display for BadTemplates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mistakes in the templates of documents:")?;
        for BadTemplate { file, line, say } in &self.0 {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            write!(f, "\n  {file}{line}: {say}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BadTemplates {}

/// Longest title of any use; a whole page of it would still be laid out, and look like a mistake.
const LONGEST_SEAL_WORD: usize = 12;

/// Reads and checks one template.
pub(super) fn read(kind: Kind, file: &str, text: &str, fonts: &Fonts) -> Result<Template, Vec<BadTemplate>> {
    let wire: Wire = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        vec![BadTemplate { file: file.to_owned(), line, say: error.message().trim().to_owned() }]
    })?;
    let mut reader = Reader { kind, file, text, fonts, phrases: phrase_names(&wire), found: Vec::new() };
    let template = reader.template(wire);
    if reader.found.is_empty() { Ok(template) } else { Err(reader.found) }
}

fn phrase_names(wire: &Wire) -> Vec<String> {
    wire.phrases.keys().map(|name| name.get_ref().clone()).collect()
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

struct Reader<'a> {
    kind: Kind,
    file: &'a str,
    text: &'a str,
    fonts: &'a Fonts,
    phrases: Vec<String>,
    found: Vec<BadTemplate>,
}

impl Reader<'_> {
    fn template(&mut self, wire: Wire) -> Template {
        let phrases = wire.phrases.into_iter().map(|(name, phrase)| self.phrase(&name, phrase)).collect();
        let edition = format!("{} {}", self.kind.name(), wire.version.get_ref());
        self.words(&wire.version, &[Style::Label]);
        Template {
            edition,
            title: self.words(&wire.title, &[Style::Strong]),
            subtitle: wire.subtitle.map(|text| self.words(&text, &[Style::Label])),
            accent: self.accent(&wire.accent),
            left: self.words(&wire.left, &[Style::Label]),
            right: self.words(&wire.right, &[Style::Label]),
            stamp: wire.stamp.map(|stamp| self.stamp(stamp)),
            salutation: wire.salutation.map(|text| self.words(&text, &[Style::Strong])),
            rows: wire.rows.into_iter().map(|row| self.row(row)).collect(),
            clauses: wire.clauses.into_iter().map(|clause| self.clause(clause)).collect(),
            closing: wire.closing.iter().map(|text| self.words(text, &[Style::Text])).collect(),
            caption: wire.caption.iter().map(|text| self.words(text, &[Style::Label])).collect(),
            seal: self.seal(&wire.seal),
            foot: wire.foot.map(|text| self.words(&text, &[Style::Label])),
            running: self.words(&wire.running, &[Style::Label]),
            phrases,
        }
    }

    fn clause(&mut self, clause: super::wire::WireClause) -> Clause {
        Clause {
            lead: clause.lead.map(|text| self.words(&text, &[Style::Strong])),
            text: self.words(&clause.text, &[Style::Text]),
        }
    }

    fn row(&mut self, row: Vec<super::wire::WireCell>) -> Vec<Cell> {
        if let Some(third) = row.get(2) {
            self.wrong(&third.label, None, "a row has one cell or two".to_owned());
        }
        let cell = |cell: super::wire::WireCell| Cell {
            label: self.words(&cell.label, &[Style::Label]),
            value: self.words(&cell.value, &[if cell.strong { Style::Strong } else { Style::Text }]),
            strong: cell.strong,
        };
        row.into_iter().map(cell).collect()
    }

    fn stamp(&mut self, stamp: WireStamp) -> Stamp {
        Stamp {
            word: self.words(&stamp.word, &[Style::Strong]),
            note: stamp.note.map(|text| self.words(&text, &[Style::Label])),
            watermark: stamp.watermark,
        }
    }

    /// A phrase may name facts, not other phrases, and must not hide a fact.
    fn phrase(&mut self, name: &Text, phrase: WirePhrase) -> (String, Phrase) {
        let phrases = std::mem::take(&mut self.phrases);
        if self.kind.label(name.get_ref()).is_some() {
            self.wrong(
                name,
                None,
                format!("“{}” is the name of a fact; give the phrase another", name.get_ref()),
            );
        }
        if self.kind.label(phrase.when.get_ref()).is_none() {
            self.unknown(&phrase.when, phrase.when.get_ref());
        }
        let all = [Style::Text, Style::Strong];
        let read = Phrase {
            when: phrase.when.get_ref().clone(),
            then: self.words(&phrase.then, &all),
            otherwise: phrase.otherwise.map(|text| self.words(&text, &all)),
        };
        self.phrases = phrases;
        (name.get_ref().clone(), read)
    }

    fn seal(&mut self, text: &Text) -> Words {
        if text.get_ref().chars().count() > LONGEST_SEAL_WORD {
            self.wrong(text, None, format!("a seal has room for {LONGEST_SEAL_WORD} characters"));
        }
        self.words(text, &[Style::Strong])
    }

    fn accent(&mut self, text: &Text) -> Ink {
        let digits = text.get_ref().strip_prefix('#').unwrap_or_default();
        let mut parts = [0; 3];
        if hex::decode_to_slice(digits, &mut parts).is_err() {
            self.wrong(text, None, "a colour is written #RRGGBB".to_owned());
        }
        Ink(parts[0], parts[1], parts[2])
    }

    /// Reads a text that will be set in these styles.
    fn words(&mut self, text: &Text, styles: &[Style]) -> Words {
        let Ok(words) = Words::read(text.get_ref()) else {
            self.wrong(text, None, "a brace has no partner".to_owned());
            return Words(Vec::new());
        };
        for name in words.names() {
            if self.kind.label(name).is_none() && !self.phrases.iter().any(|phrase| phrase == name) {
                self.unknown(text, name);
            }
        }
        for style in styles {
            for plain in words.plain() {
                if let Err(missing) = compose(self.fonts, *style, plain, false) {
                    self.wrong(text, None, format!("the font has no shape for “{}”", missing.0));
                }
            }
        }
        words
    }

    fn unknown(&mut self, text: &Text, name: &str) {
        let mut known: Vec<&str> = self.kind.facts().map(|(fact, _)| fact).collect();
        known.extend(self.phrases.iter().map(String::as_str));
        known.sort_unstable();
        self.wrong(text, Some(name), format!("unknown name “{name}”; known are: {}", known.join(", ")));
    }

    /// Notes a mistake at a text, or more exactly where a word of it stands.
    fn wrong(&mut self, text: &Text, word: Option<&str>, say: String) {
        let span = text.span();
        let source = self.text.get(span.clone()).unwrap_or_default();
        let within = word.and_then(|word| source.find(word)).unwrap_or_default();
        let line = Some(line_of(self.text, span.start + within));
        self.found.push(BadTemplate { file: self.file.to_owned(), line, say });
    }
}
