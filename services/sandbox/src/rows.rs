//! A story's table: what became of every interface of a document.

use crate::interface::Interface;
use std::time::Duration;

/// What became of one interface.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub interface: &'static Interface,
    /// What was asked or told.
    pub asked: String,
    /// What was answered.
    pub answer: String,
    /// The business, acceptance or guarantee number.
    pub number: String,
    /// Until the answer; for a callback, from the request to the acknowledgement.
    pub took: Option<Duration>,
    /// Whether signature and content were as they should be.
    pub good: bool,
}

/// The rows of a story while it is played.
pub(crate) struct Rows<T> {
    interfaces: &'static [Interface],
    told: T,
    rows: Vec<Row>,
}

impl<T: FnMut(&Row)> Rows<T> {
    /// None yet, of a document with these interfaces; `told` hears of each as it is finished.
    pub(crate) const fn new(interfaces: &'static [Interface], told: T) -> Self {
        Self { interfaces, told, rows: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: Row) {
        (self.told)(&row);
        self.rows.push(row);
    }

    /// One row per interface: the first, or the first that went wrong; interfaces never reached are wrong too.
    pub(crate) fn finish(self) -> Vec<Row> {
        let row = |interface: &'static Interface| {
            let mut of_it = self.rows.iter().filter(|row| row.interface == interface);
            let first = of_it.next();
            let wrong = of_it.find(|row| !row.good);
            wrong.filter(|_| first.is_some_and(|row| row.good)).or(first).cloned().unwrap_or_else(|| Row {
                interface,
                asked: String::new(),
                answer: "未执行".to_owned(),
                number: String::new(),
                took: None,
                good: false,
            })
        };
        self.interfaces.iter().map(row).collect()
    }
}

/// The first field that is not what it should be, in words for the table.
pub(crate) fn difference<'v>(expected: &[(&str, &str)], value: impl Fn(&str) -> &'v str) -> Option<String> {
    let wrong = expected.iter().find(|(field, wanted)| value(field) != *wanted)?;
    Some(format!("{} 应为 {}，实为 {}", wrong.0, wrong.1, value(wrong.0)))
}
