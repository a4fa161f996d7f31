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

#[cfg(test)]
mod tests {
    use super::{Grid, Look, Page, Tone, Word};
    use serde_json::json;

    const PIPE: Look = Look { width: None, colour: false };

    fn page() -> Page {
        let mut grid = Grid::new(vec!["受理流水号", "状态", "备注"]).whole(&[0]);
        let state = Word::toned("已出函 issued", Tone::Good);
        grid.row(vec!["ANBMYTSPQQ92AQNWQPNE".into(), state, "宏远建设工程有限公司".into()]);
        grid.row(vec!["A1".into(), Word::toned("审核中 reviewing", Tone::Open), Word::faint("ascii only")]);
        Page::of(json!({ "orders": [] })).grid(grid).line("2 orders")
    }

    /// Columns on a terminal: a Chinese character takes two.
    fn columns(line: &str) -> usize {
        line.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
    }

    #[test]
    fn in_a_pipe_it_is_plain_and_aligned() {
        let expected = concat!(
            " 受理流水号            状态              备注\n",
            " ANBMYTSPQQ92AQNWQPNE  已出函 issued     宏远建设工程有限公司\n",
            " A1                    审核中 reviewing  ascii only\n",
            "2 orders\n",
        );
        assert_eq!(page().text(PIPE), expected);
    }

    #[test]
    fn on_a_terminal_it_fits_the_width_and_numbers_stay_whole() {
        let expected = concat!(
            "┌──────────────────────┬───────────┬─────────────────┐\n",
            "│ 受理流水号           ┆ 状态      ┆ 备注            │\n",
            "╞══════════════════════╪═══════════╪═════════════════╡\n",
            "│ ANBMYTSPQQ92AQNWQPNE ┆ 已出函    ┆ 宏远建设工程有  │\n",
            "│                      ┆ issued    ┆ 限公司          │\n",
            "│ A1                   ┆ 审核中    ┆ ascii only      │\n",
            "│                      ┆ reviewing ┆                 │\n",
            "└──────────────────────┴───────────┴─────────────────┘\n",
            "2 orders\n",
        );
        let shown = page().text(Look { width: Some(54), colour: false });
        assert_eq!(shown, expected, "\n{shown}");
        for width in [60, 80, 120] {
            let shown = page().text(Look { width: Some(width), colour: false });
            let lines: Vec<usize> = shown.lines().filter(|line| line.contains('│')).map(columns).collect();
            assert!(lines.iter().all(|line| *line == lines[0] && *line <= width.into()), "{width}\n{shown}");
            assert!(shown.contains("ANBMYTSPQQ92AQNWQPNE"), "{shown}");
        }
    }

    #[test]
    fn colour_is_for_terminals() {
        let coloured = page().text(Look { width: Some(80), colour: true });
        assert!(coloured.contains("\u{1b}[38;5;10m"), "green: {coloured:?}");
        assert!(!page().text(Look { width: Some(80), colour: false }).contains('\u{1b}'));
        assert!(!page().text(PIPE).contains('\u{1b}'));
    }

    #[test]
    fn an_empty_table_is_left_out() {
        let page = Page::of(json!([])).grid(Grid::new(vec!["受理流水号"])).line("0 orders");
        assert_eq!((page.text(PIPE).as_str(), page.json().as_str()), ("0 orders\n", "[]\n"));
    }
}
