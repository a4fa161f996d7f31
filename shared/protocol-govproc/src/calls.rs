//! What the partner may call: the table of interfaces, from proven fields to a call, and from its outcome to an answer.

mod change_tender;
mod estimate_cost;
mod order_status;
mod place_order;
mod pull_document;
mod request_release;

use crate::codes;
use crate::datum::Letter;
use crate::envelope::{Answer, Verified};
use crate::settings::Manner;
use domain::{AcceptanceNo, RefusalKind, Reply, Timestamp};
use protocol::{Ask, Call, Direction, Fields, Interface, Outcome, Rejection, RejectionKind, Way, Wish};

/// One interface: its row, its path, and its two halves.
struct Served {
    interface: Interface,
    /// Where it is, behind the partner's id.
    path: &'static str,
    /// True if its parameters may also come in the address (GP-03).
    in_address: bool,
    /// From the fields to what is wished.
    read: fn(&Fields, &Manner) -> Result<Ask, Rejection>,
    /// From a worker's reply to the parameters of the answer.
    tell: fn(&Told<'_>) -> Tell,
}

/// What an answer is made of.
struct Told<'a> {
    ask: &'a Ask,
    reply: &'a Reply,
    manner: &'a Manner,
    now: Timestamp,
}

/// What an interface makes of a reply.
enum Tell {
    /// Yes, with these parameters.
    Data(Letter),
    /// Yes; there is nothing to say besides.
    Nothing,
    /// The reply is none to this question.
    Strange,
}

/// Where queryurl leads.
pub(crate) const QUERY_PATH: &str = "/guarantee/query";
const PULL_PATH: &str = "/guarantee/pull";
const CANCEL_PATH: &str = "/guarantee/cancel";

static SERVED: [Served; 6] = [
    place_order::SERVED,
    order_status::SERVED,
    pull_document::SERVED,
    request_release::SERVED,
    estimate_cost::SERVED,
    change_tender::SERVED,
];

/// The interfaces in the order of the document.
pub(crate) static INTERFACES: [Interface; 6] = {
    let mut rows = [SERVED[0].interface; 6];
    let mut row = 1;
    while row < rows.len() {
        rows[row] = SERVED[row].interface;
        row += 1;
    }
    rows
};

/// Every interface with its path behind the partner's id.
pub(crate) fn paths() -> impl Iterator<Item = (&'static Interface, String)> {
    SERVED.iter().map(|served| (&served.interface, served.path.to_owned()))
}

pub(crate) const BUSY: &str = "系统繁忙，请稍后重试";
const IN_PROGRESS: &str = "处理中，请稍后重试";
/// The same refusal in this partner's words.
const CONFLICT: &str = "业务订单号(orderno)已使用且内容不一致，请更换业务订单号";

const fn inbound(section: &'static str, name: &'static str, title: &'static str, way: Way) -> Interface {
    Interface { section, name, title, direction: Direction::Inbound, way }
}

/// The acceptance number of an order, which the partner only knows by its own number.
pub(crate) fn order_no(manner: &Manner, orderno: &str) -> AcceptanceNo {
    AcceptanceNo::of(&manner.links.partner, place_order::SERVED.interface.name, orderno)
}

/// Reads what a proven request wishes.
pub(crate) fn read(verified: &Verified, manner: &Manner) -> Result<Call, Rejection> {
    let served = SERVED.iter().find(|served| served.path == verified.path()).ok_or_else(|| {
        Rejection::new(RejectionKind::Unknown, "接口不存在，请核对请求地址", "no such path")
    })?;
    let interface = &served.interface;
    if verified.is_get() && !served.in_address {
        let rejection = Rejection::new(RejectionKind::Unreadable, "请使用POST方式提交", "not a POST");
        return Err(rejection.by(interface));
    }
    (served.read)(verified.fields(), manner)
        .map(|ask| Call { interface, asks: vec![ask] })
        .map_err(|rejection| rejection.by(interface))
}

/// Says what became of a call.
pub(crate) fn answer(call: &Call, outcomes: &[Outcome], manner: &Manner, now: Timestamp) -> Answer {
    let served = SERVED.iter().find(|served| served.interface.name == call.interface.name);
    let (Some(served), Some(ask)) = (served, call.asks.first()) else { return busy() };
    let is_command = matches!(ask.wish, Wish::Command(_));
    let told = |reply: &Reply| match (served.tell)(&Told { ask, reply, manner, now }) {
        Tell::Data(letter) => Answer::Done(Some(letter)),
        Tell::Nothing => Answer::Done(None),
        Tell::Strange => busy(),
    };
    match outcomes.first() {
        Some(Outcome::Replied(Reply::Refused(refusal))) => {
            let say = if refusal.kind == RefusalKind::Conflict { CONFLICT } else { &refusal.say };
            Answer::Failed(codes::refused(refusal.kind), say.to_owned())
        }
        Some(Outcome::Replied(reply)) => told(reply),
        // Durable, and its result follows by callback: as good as accepted (GP-10).
        Some(Outcome::Pending(no)) if is_command => told(&Reply::Accepted { no: no.clone() }),
        Some(Outcome::Pending(_)) => Answer::Failed(codes::IN_PROGRESS, IN_PROGRESS.to_owned()),
        // An ask without an outcome is not done.
        Some(Outcome::Unavailable) | None => busy(),
    }
}

fn busy() -> Answer {
    Answer::Failed(codes::BUSY, BUSY.to_owned())
}

/// Says why a request did not become a call.
pub(crate) fn reject(rejection: &Rejection) -> Answer {
    Answer::Failed(codes::rejected(rejection.kind), rejection.say.clone())
}

/// Yes to what is accepted, without a word more: 通用响应.
fn receipt(told: &Told<'_>) -> Tell {
    match told.reply {
        Reply::Accepted { .. } => Tell::Nothing,
        _ => Tell::Strange,
    }
}

/// A key out of several numbers that cannot run together.
fn joined(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect();
    escaped.join("/")
}

#[cfg(test)]
mod tests;
