//! One interface of a partner's document, as data that can be printed, tested and documented.

/// Who sends the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The partner calls us.
    Inbound,
    /// We call the partner.
    Outbound,
}

/// How an interface is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Accepted once the broker holds it; the outcome follows by notice.
    Tell,
    /// A durable command whose answer carries the worker's verdict.
    Ask,
    /// A question without effect, which expires with its deadline.
    Query,
    /// A callback of ours.
    Notice,
}

/// A row of the partner's table of interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface {
    /// Section of the document, for example `3.1.1`.
    pub section: &'static str,
    /// The partner's own name for it; labels logs, metrics and URL overrides.
    pub name: &'static str,
    /// The partner's Chinese title, verbatim.
    pub title: &'static str,
    /// Who sends the request.
    pub direction: Direction,
    /// How it is served.
    pub way: Way,
}

/// Finds a row by the partner's name for it.
#[must_use]
pub fn interface_named(table: &'static [Interface], name: &str) -> Option<&'static Interface> {
    table.iter().find(|row| row.name == name)
}
