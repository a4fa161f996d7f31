//! How the fixtures and the READMEs write down what the code knows as values.

use protocol::{Direction, Interface, Verdict, Way, Wish};
use serde_json::Value;

/// A verdict as `verdict.txt` has it.
#[must_use]
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::TokenExpired => "token expired".to_owned(),
        Verdict::Delivered => "delivered".to_owned(),
        Verdict::Refused(why) => format!("refused: {why}"),
        Verdict::Later(why, _) => format!("later: {why}"),
    }
}

/// A wish as `command.json` or `query.json` has it.
#[must_use]
pub fn wish(wish: &Wish) -> Value {
    let value = match wish {
        Wish::Command(command) => serde_json::to_value(command),
        Wish::Query(query) => serde_json::to_value(query),
    };
    value.expect("a wish that can be written")
}

/// A row of the table of interfaces in a protocol's README.
pub(crate) fn row(interface: &Interface) -> String {
    let Interface { section, name, title, .. } = interface;
    let direction = match interface.direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    };
    let way = match interface.way {
        Way::Tell => "tell",
        Way::Ask => "ask",
        Way::Query => "query",
        Way::Notice => "notice",
    };
    format!("| {section} | `{name}` | {title} | {direction} | {way} |")
}
