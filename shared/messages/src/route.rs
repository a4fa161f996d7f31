//! Exchanges and routing keys: built here and nowhere else.

use domain::{Command, Noun, Origin, PartnerId, Query};

/// Where a message is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The exchange.
    pub exchange: &'static str,
    /// The routing key.
    pub key: String,
}

/// The name of the wait rung of so many seconds: `15s`.
#[must_use]
pub fn rung_name(seconds: u64) -> String {
    format!("{seconds}s")
}

impl Route {
    /// A command, to the worker that owns it.
    #[must_use]
    pub fn command(command: &Command, origin: &Origin) -> Self {
        Self::noun("cmd", command.noun(), origin)
    }

    /// A query, to the worker that owns it.
    #[must_use]
    pub fn query(query: &Query, origin: &Origin) -> Self {
        Self::noun("ask", query.noun(), origin)
    }

    /// A notice, to the egress of the partner's protocol.
    #[must_use]
    pub fn notice(origin: &Origin) -> Self {
        Self { exchange: "notice", key: format!("{}.{}", origin.kind, origin.partner) }
    }

    /// A notice that waits on the rung of so many seconds before it comes back.
    #[must_use]
    pub fn wait(seconds: u64, origin: &Origin) -> Self {
        Self { exchange: "wait", key: format!("{}.{}.{}", rung_name(seconds), origin.kind, origin.partner) }
    }

    /// A task about callbacks.
    #[must_use]
    pub fn callback(origin: &Origin) -> Self {
        Self::noun("cmd", Noun::Callback, origin)
    }

    /// A request that was rejected, to whoever keeps such.
    #[must_use]
    pub fn rejected(partner: &PartnerId) -> Self {
        Self { exchange: "cmd", key: format!("rejected.{partner}") }
    }

    /// The queue of rejected requests.
    #[must_use]
    pub fn rejected_queue() -> String {
        "cmd.rejected".to_owned()
    }

    fn noun(exchange: &'static str, noun: Noun, origin: &Origin) -> Self {
        Self { exchange, key: format!("{}.{}", noun.word(), origin.partner) }
    }

    /// The queue of a worker's commands.
    #[must_use]
    pub fn command_queue(noun: Noun) -> String {
        format!("cmd.{}", noun.word())
    }

    /// The queue of a worker's queries.
    #[must_use]
    pub fn query_queue(noun: Noun) -> String {
        format!("ask.{}", noun.word())
    }

    /// The queue of a protocol's notices.
    #[must_use]
    pub fn notice_queue(kind: &str) -> String {
        format!("egress.{kind}")
    }
}
