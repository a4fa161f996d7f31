//! Tables for people: Chinese characters count as two columns, colour only where somebody looks.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

/// A table with these headings, as wide as the terminal allows; plain and unbroken in a pipe.
#[must_use]
pub fn with_headings(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED);
    if table.is_tty() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(headings.iter().map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
    table
}

/// ✓ in green or ✗ in red.
#[must_use]
pub fn mark(good: bool) -> Cell {
    if good { Cell::new("✓").fg(Color::Green) } else { Cell::new("✗").fg(Color::Red) }
}

/// A cell that stands back.
#[must_use]
pub fn faint(text: impl ToString) -> Cell {
    Cell::new(text).add_attribute(Attribute::Dim)
}
