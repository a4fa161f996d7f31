//! What the partner may call: the table of interfaces, from proven data to a call, and from its outcome to an answer.

mod change_tender;
mod claim_status;
mod invoice_status;
mod order_status;
mod place_order;
mod refund_status;
mod release_status;
mod request_claim;
mod request_invoice;
mod request_refund;
mod request_release;
mod wire;

use crate::envelope::Verified;
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Command, Reply};
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{Ask, Call, Direction, Fields, Interface, Outcome, Rejection, RejectionKind, Way, Wish};

/// One interface: its row, and its two halves.
struct Served {
    interface: Interface,
    /// True if `data` may also be an array (FS-21).
    batch: bool,
    /// From the fields to what is wished.
    read: fn(&Fields) -> Result<Ask, Rejection>,
    /// From a worker's reply, or the reason why not, to the body of the answer.
    answer: fn(Result<&Reply, &str>, &Manner) -> Bytes,
}

static SERVED: [Served; 11] = [
    place_order::SERVED,
    order_status::SERVED,
    request_release::SERVED,
    release_status::SERVED,
    request_claim::SERVED,
    claim_status::SERVED,
    request_invoice::SERVED,
    invoice_status::SERVED,
    request_refund::SERVED,
    refund_status::SERVED,
    change_tender::SERVED,
];

/// The interfaces in the order of the document.
pub(crate) static INTERFACES: [Interface; 11] = {
    let mut rows = [SERVED[0].interface; 11];
    let mut row = 1;
    while row < rows.len() {
        rows[row] = SERVED[row].interface;
        row += 1;
    }
    rows
};

const BUSY: &str = "系统繁忙，请稍后重试";
const IN_PROGRESS: &str = "处理中，请稍后重试";

const fn inbound(section: &'static str, name: &'static str, title: &'static str, way: Way) -> Interface {
    Interface { section, name, title, direction: Direction::Inbound, way }
}

/// The interface with this name.
fn named(name: &str) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.interface.name == name)
}

/// Reads what a proven request wishes.
pub(crate) fn read(verified: &Verified) -> Result<Call, Rejection> {
    let served = named(verified.method()).ok_or_else(|| {
        Rejection::new(RejectionKind::Unknown, "接口名称(method)不存在，请核对接口编码", "no such method")
    })?;
    let interface = &served.interface;
    asks(served, verified.plain())
        .map(|asks| Call { interface, asks })
        .map_err(|rejection| rejection.by(interface))
}

fn asks(served: &Served, plain: &str) -> Result<Vec<Ask>, Rejection> {
    if !served.batch || !plain.trim_start().starts_with('[') {
        return Ok(vec![(served.read)(&Fields::parse(plain)?)?]);
    }
    // All or nothing: the partner repeats the batch, and what was done already is not done twice.
    let items = Fields::parse_batch(plain)?.into_iter().enumerate();
    items.map(|(index, item)| (served.read)(&item).map_err(|wrong| in_batch(wrong, index + 1))).collect()
}

fn in_batch(wrong: Rejection, position: usize) -> Rejection {
    let say = format!("第{position}条：{}", wrong.say);
    let why = format!("item {position}: {}", wrong.why);
    Rejection { say, why, ..wrong }
}

/// Says what became of a call.
pub(crate) fn answer(call: &Call, outcomes: &[Outcome], manner: &Manner) -> Response<Bytes> {
    let Some(served) = named(call.interface.name) else {
        return plain_no(BUSY);
    };
    // An ask without an outcome is not done.
    let outcomes = outcomes.iter().chain(std::iter::repeat(&Outcome::Unavailable));
    let settled: Vec<Settled> =
        call.asks.iter().zip(outcomes).map(|(ask, outcome)| settle(ask, outcome)).collect();
    let verdict = match settled.as_slice() {
        [] => Err(BUSY.to_owned()),
        [Settled { reply, .. }] => reply.clone(),
        batch => together(batch),
    };
    ok((served.answer)(verdict.as_ref().map_err(String::as_str), manner))
}

/// Says why a request did not become a call: in the form of its interface once that is proven, else in two fields.
pub(crate) fn reject(rejection: &Rejection, manner: &Manner) -> Response<Bytes> {
    let served = rejection.interface.and_then(|interface| named(interface.name));
    match served {
        Some(served) => ok((served.answer)(Err(&rejection.say), manner)),
        None => plain_no(&rejection.say),
    }
}

/// What one ask came to, by the number the partner knows it by.
struct Settled {
    apply_no: String,
    reply: Result<Reply, String>,
}

fn settle(ask: &Ask, outcome: &Outcome) -> Settled {
    let reply = match (outcome, &ask.wish) {
        (Outcome::Replied(Reply::Refused(refusal)), _) => Err(refusal.say.clone()),
        (Outcome::Replied(reply), _) => Ok(reply.clone()),
        // Durable, and the result follows by feedback: as good as accepted.
        (Outcome::Pending(no), Wish::Command(_)) => Ok(Reply::Accepted { no: no.clone() }),
        (Outcome::Pending(_), Wish::Query(_)) => Err(IN_PROGRESS.to_owned()),
        (Outcome::Unavailable, _) => Err(BUSY.to_owned()),
    };
    Settled { apply_no: apply_no(&ask.wish).to_owned(), reply }
}

/// One verdict on a batch: no if any is no, naming which (FS-21).
fn together(batch: &[Settled]) -> Result<Reply, String> {
    let noes: Vec<String> = batch
        .iter()
        .filter_map(|one| one.reply.as_ref().err().map(|say| format!("{}：{say}", one.apply_no)))
        .collect();
    if noes.is_empty() { batch[0].reply.clone() } else { Err(noes.join("；")) }
}

fn apply_no(wish: &Wish) -> &str {
    match wish {
        Wish::Command(Command::PlaceOrder(order)) => &order.business_no,
        Wish::Command(Command::RequestClaim(about)) => &about.business_no,
        Wish::Command(Command::RequestInvoice(about)) => &about.business_no,
        Wish::Command(Command::RequestRefund(about)) => &about.business_no,
        Wish::Command(Command::RequestRelease(about)) => &about.business_no,
        Wish::Command(Command::ChangeTender(change)) => &change.business_no,
        Wish::Command(_) | Wish::Query(_) => "",
    }
}

fn plain_no(say: &str) -> Response<Bytes> {
    ok(wire::Receipt::refused(say).bytes())
}

/// Java clients rarely read the body of anything but 200 (WIRE.md, table 000).
fn ok(body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// A key out of several numbers that cannot run together (FS-13).
fn joined(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect();
    escaped.join("/")
}

#[cfg(test)]
mod tests;
