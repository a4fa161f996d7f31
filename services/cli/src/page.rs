//! What a command has to say: lines and tables for people, one JSON value for scripts.

use comfy_table::presets::{NOTHING, UTF8_FULL_CONDENSED};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table};
use serde_json::Value;
use std::io::{self, IsTerminal, Write};

/// A terminal narrower than this is not believed.
const NARROWEST: u16 = 40;

/// The answer of a command.
#[derive(Debug)]
pub(crate) struct Page {
    parts: Vec<Part>,
    json: Value,
    /// False makes the exit code 1.
    pub(crate) good: bool,
}

#[derive(Debug)]
enum Part {
    Line(String),
    Grid(Grid),
}

/// A table that does not know yet where it will be shown.
#[derive(Debug)]
pub(crate) struct Grid {
    headings: Vec<&'static str>,
    /// Columns whose texts are copied by hand: never broken, however narrow the terminal.
    whole: Vec<usize>,
    rows: Vec<Vec<Word>>,
}

/// A cell: its text and how it stands out on a terminal.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    text: String,
    tone: Tone,
}

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Not at all.
    Plain,
    /// It stands back.
    Faint,
    /// All is well.
    Good,
    /// Somebody has to act or wait.
    Open,
    /// Something is wrong.
    Bad,
}

/// Where a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Columns of the terminal; absent in a pipe, where lines are never broken.
    pub(crate) width: Option<u16>,
    /// Colours and weights.
    pub(crate) colour: bool,
}

impl Look {
    /// As standard output is.
    pub(crate) fn of_stdout() -> Self {
        if !io::stdout().is_terminal() {
            return Self { width: None, colour: false };
        }
        // Some terminals (a build's, a recorder's) claim to have no columns at all.
        let width = Table::new().width().filter(|columns| *columns >= NARROWEST);
        Self { width: Some(width.unwrap_or(120)), colour: true }
    }
}

impl Page {
    /// A page that says in JSON what its parts will say to people.
    pub(crate) const fn of(json: Value) -> Self {
        Self { parts: Vec::new(), json, good: true }
    }

    /// The page with one more line; it may hold line breaks.
    pub(crate) fn line(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Line(text.into()));
        self
    }

    /// The page with one more table; an empty one is left out.
    pub(crate) fn grid(mut self, grid: Grid) -> Self {
        if !grid.rows.is_empty() {
            self.parts.push(Part::Grid(grid));
        }
        self
    }

    /// The page of something that was not done.
    pub(crate) const fn not_good(mut self) -> Self {
        self.good = false;
        self
    }

    /// For scripts.
    pub(crate) fn json(&self) -> String {
        format!("{:#}\n", self.json)
    }

    /// For people.
    pub(crate) fn text(&self, look: Look) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Line(line) => text.push_str(line),
                Part::Grid(grid) => text.push_str(&grid.text(look)),
            }
            text.push('\n');
        }
        text
    }
}

impl Grid {
    /// An empty table.
    pub(crate) const fn new(headings: Vec<&'static str>) -> Self {
        Self { headings, whole: Vec::new(), rows: Vec::new() }
    }

    /// The table with these columns never broken.
    pub(crate) fn whole(mut self, columns: &[usize]) -> Self {
        self.whole = columns.to_vec();
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, row: Vec<Word>) {
        self.rows.push(row);
    }

    fn text(&self, look: Look) -> String {
        let mut table = Table::new();
        match look.width {
            Some(width) => {
                table.load_preset(UTF8_FULL_CONDENSED);
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.load_preset(NOTHING);
            }
        }
        if look.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(self.headings.iter().map(|word| Cell::new(word).add_attribute(Attribute::Bold)));
        for row in &self.rows {
            table.add_row(row.iter().map(Word::cell));
        }
        for column in &self.whole {
            if let Some(column) = table.column_mut(*column) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        // The padding of the last column is of no use to anybody.
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n")
    }
}

impl Word {
    /// A cell in this tone.
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }

    /// A cell that stands back.
    pub(crate) fn faint(text: impl Into<String>) -> Self {
        Self::toned(text, Tone::Faint)
    }

    fn cell(&self) -> Cell {
        let cell = Cell::new(&self.text);
        match self.tone {
            Tone::Plain => cell,
            Tone::Faint => cell.add_attribute(Attribute::Dim),
            Tone::Good => cell.fg(Color::Green),
            Tone::Open => cell.fg(Color::Yellow),
            Tone::Bad => cell.fg(Color::Red),
        }
    }
}

impl<T: Into<String>> From<T> for Word {
    fn from(text: T) -> Self {
        Self::toned(text, Tone::Plain)
    }
}

/// Prints, and is content if nobody listens any more (`baohan orders list | head`).
pub(crate) fn print(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
