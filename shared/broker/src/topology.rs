//! Where every message of the gateway travels: the names of exchanges, queues, keys and waiting times.

use std::time::Duration;

/// The one virtual host of the gateway.
pub const VHOST: &str = "gw";

/// Topic exchange of commands; keys `<noun>.<partner>`.
pub const CMD: &str = "cmd";
/// Topic exchange of queries; keys `<noun>.<partner>`. What is not answered in time is worth nothing.
pub const ASK: &str = "ask";
/// Topic exchange of what partners are to be told; keys `<kind>.<partner>`.
pub const NOTICE: &str = "notice";
/// Topic exchange into the waiting queues; keys `<rung>.<kind>.<partner>`.
pub const WAIT: &str = "wait";
/// Topic exchange on which waiting ends; keys as in [`WAIT`], which the dead-lettering keeps.
pub const DUE: &str = "due";
/// Direct exchange of poison messages; keys `cmd` and `egress`. Only the broker publishes here.
pub const PARK: &str = "park";
/// Fanout behind all exchanges that partners or services feed: what no queue wanted is kept, not dropped.
pub const UNROUTED: &str = "unrouted";
/// Queue of commands and queries nobody could handle.
pub const PARK_CMD: &str = "park.cmd";
/// Queue of notices nobody could deliver.
pub const PARK_EGRESS: &str = "park.egress";

/// First word of the keys of rejected requests on [`CMD`], and last word of their queue.
pub const REJECTED: &str = "rejected";

/// What commands and queries are about; each noun has one worker, one command queue and one ask queue.
pub const NOUNS: [&str; 8] =
    ["apply", "restore", "claim", "invoice", "refund", "tender", "credit", "callback"];

/// Partner protocols; each kind has one egress queue.
pub const KINDS: [&str; 5] = ["finserv", "pubres", "yueyang", "govproc", "fuzhou"];

/// The queues an operator looks into by hand.
pub const PARKS: [&str; 3] = [PARK_CMD, PARK_EGRESS, UNROUTED];

/// One waiting time: a queue that holds a notice for exactly this long and hands it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// First word of the key and last word of the queue name, such as `15s`.
    pub name: &'static str,
    /// How long a message stays.
    pub delay: Duration,
}

/// The waiting times, shortest first. The first serves joint testing and saturated partners, the others are
/// the documented schedule of callbacks.
pub const RUNGS: [Rung; 6] = [
    rung("1s", 1),
    rung("15s", 15),
    rung("30s", 30),
    rung("180s", 180),
    rung("1800s", 1800),
    rung("3600s", 3600),
];

const fn rung(name: &'static str, seconds: u64) -> Rung {
    Rung { name, delay: Duration::from_secs(seconds) }
}

/// The longest rung that does not overshoot `remaining` (the shortest one for less than a second).
///
/// A delay between two rungs is waited in several steps; the sender keeps the due time in a header of its own.
#[must_use]
pub fn rung_for(remaining: Duration) -> Rung {
    RUNGS.into_iter().rev().find(|rung| rung.delay <= remaining).unwrap_or(RUNGS[0])
}

/// `<noun>.<partner>`: the key of a command on [`CMD`] and of a query on [`ASK`].
#[must_use]
pub fn command_key(noun: &str, partner: &str) -> String {
    format!("{noun}.{partner}")
}

/// `<kind>.<partner>`: the key of a notice.
#[must_use]
pub fn notice_key(kind: &str, partner: &str) -> String {
    format!("{kind}.{partner}")
}

/// `<rung>.<kind>.<partner>`: the key of a notice that has to wait.
#[must_use]
pub fn wait_key(rung: Rung, kind: &str, partner: &str) -> String {
    format!("{}.{kind}.{partner}", rung.name)
}

/// The queue of a noun's commands.
#[must_use]
pub fn command_queue(noun: &str) -> String {
    format!("cmd.{noun}")
}

/// The queue of a noun's queries.
#[must_use]
pub fn ask_queue(noun: &str) -> String {
    format!("ask.{noun}")
}

/// The queue of a partner protocol's notices.
#[must_use]
pub fn egress_queue(kind: &str) -> String {
    format!("egress.{kind}")
}

/// The queue of a waiting time.
#[must_use]
pub fn wait_queue(rung: Rung) -> String {
    format!("wait.{}", rung.name)
}

/// Every queue of the gateway.
#[must_use]
pub fn queues() -> Vec<String> {
    let commands = NOUNS.into_iter().map(command_queue);
    let asks = NOUNS.into_iter().map(ask_queue);
    let egress = KINDS.into_iter().map(egress_queue);
    let waits = RUNGS.into_iter().map(wait_queue);
    let rejected = [command_queue(REJECTED)];
    commands.chain(rejected).chain(asks).chain(egress).chain(waits).chain(PARKS.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_never_overshoots_and_always_ends() {
        assert_eq!(rung_for(Duration::ZERO).name, "1s");
        assert_eq!(rung_for(Duration::from_millis(14_999)).name, "1s");
        assert_eq!(rung_for(Duration::from_secs(15)).name, "15s");
        assert_eq!(rung_for(Duration::from_secs(1799)).name, "180s");
        assert_eq!(rung_for(Duration::from_secs(86_400)).name, "3600s");
    }
}
