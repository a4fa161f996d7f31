//! What the platform may push: the table of interfaces, from a proven push to a call, and from its outcome to an answer.

mod announce_order;
mod answer;
mod change_tender;
mod order_status;
mod request_claim;
mod request_invoice;
mod verify_document;
mod verify_record;

use crate::Verifier;
use crate::envelope::{Envelope, SIGN, TIMESTAMP, Verified};
use crate::settings::Manner;
pub(crate) use answer::Ending;
use bytes::Bytes;
use domain::Timestamp;
use http::{Request, Response};
use protocol::{Ask, Call, Direction, Fields, Interface, Outcome, Rejection, RejectionKind, Way};

/// One interface: its row, what may be in its `param`, and its two halves.
struct Served {
    interface: Interface,
    /// The fields of its table besides `sign` and `timestamp`; the first one tells it from all others (FZ-12).
    fields: &'static [&'static str],
    /// From the fields to what is wished.
    read: fn(&Push<'_>) -> Result<Ask, Rejection>,
    /// From what became of it to the answer.
    answer: fn(&Ending<'_>, &Manner) -> Response<Bytes>,
}

/// A proven push and what is at hand to understand it.
struct Push<'a> {
    fields: &'a Fields,
    file: Option<&'a Bytes>,
    manner: &'a Manner,
    verifier: &'a Verifier,
}

static SERVED: [Served; 7] = [
    announce_order::SERVED,
    order_status::SERVED,
    verify_document::SERVED,
    verify_record::SERVED,
    request_invoice::SERVED,
    change_tender::SERVED,
    request_claim::SERVED,
];

/// The interfaces in the order of the document.
pub(crate) static INTERFACES: [Interface; 7] = {
    let mut rows = [SERVED[0].interface; 7];
    let mut row = 1;
    while row < rows.len() {
        rows[row] = SERVED[row].interface;
        row += 1;
    }
    rows
};

/// What the platform puts into other messages, and may put into these; whoever moves the border between a name and a
/// value, which the signature does not see, ends at a name that is on no list (WIRE.md, table 004).
const EXTRAS: [&str; 4] = ["method", "request_method", "btc_id", "enter_institution_type"];

const fn inbound(section: &'static str, name: &'static str, title: &'static str, way: Way) -> Interface {
    Interface { section, name, title, direction: Direction::Inbound, way }
}

/// Opens a push: each interface has an address of its own, `/<name>`, and `/` serves them all (FZ-12).
pub(crate) fn open(
    request: &Request<Bytes>,
    now: Timestamp,
    envelope: &Envelope,
    manner: &Manner,
    verifier: &Verifier,
) -> Result<Call, Rejection> {
    let path = request.uri().path().trim_matches('/');
    let named = SERVED.iter().find(|served| served.interface.name == path);
    if named.is_none() && !path.is_empty() {
        return Err(Rejection::new(RejectionKind::Unknown, "接口地址不存在", "no such path"));
    }
    // The address is the caller's own choice: answering in its form gives nothing away.
    let told = |rejection: Rejection| match named {
        Some(served) => rejection.by(&served.interface),
        None => rejection,
    };
    let verified = envelope.open(request, now).map_err(told)?;
    let served = named.or_else(|| recognised(&verified)).ok_or_else(|| {
        Rejection::new(RejectionKind::Unknown, "无法识别的推送类型", "the fields are those of no push")
    })?;
    let interface = &served.interface;
    read(served, &verified, manner, verifier)
        .map(|ask| Call { interface, asks: vec![ask] })
        .map_err(|rejection| rejection.by(interface))
}

/// The kind of a push by request_method, then by its fields (FZ-12); a record is asked for by two numbers, a document by
/// one of them.
fn recognised(verified: &Verified) -> Option<&'static Served> {
    let method = verified.fields().text(("request_method", "")).unwrap_or_default();
    let by_method = SERVED.iter().find(|served| served.interface.name == method);
    by_method.or_else(|| SERVED.iter().rev().find(|served| verified.has(served.fields[0])))
}

fn read(
    served: &Served,
    verified: &Verified,
    manner: &Manner,
    verifier: &Verifier,
) -> Result<Ask, Rejection> {
    if !verified.is_signed() && served.interface.name != request_invoice::SERVED.interface.name {
        return Err(Rejection::forged("there is no sign"));
    }
    let known = |name: &str| {
        name == SIGN.0
            || name == TIMESTAMP.0
            || served.fields.contains(&name)
            || EXTRAS.contains(&name)
            || manner.extra_fields.iter().any(|extra| extra == name)
    };
    if let Some(stranger) = verified.names().find(|name| !known(name)) {
        let short: String = stranger.chars().take(40).collect();
        return Err(Rejection::new(
            RejectionKind::Malformed,
            format!("参数({short})不在接口文档中"),
            "a field that the document does not have; add it to extra_fields if it is harmless",
        ));
    }
    for name in verified.names() {
        let longest = longest(name);
        if verified.fields().length(name).is_some_and(|length| length > longest) {
            let say = format!("参数({name})超过长度限制({longest})");
            return Err(Rejection::new(
                RejectionKind::Malformed,
                say,
                format!("{name} is longer than {longest}"),
            ));
        }
    }
    (served.read)(&Push { fields: verified.fields(), file: verified.file(), manner, verifier })
}

/// The manual has no lengths; these are ours, in characters: identifiers, names, and everything else (FZ-26). The whole of it
/// is bounded by what is deciphered at all.
fn longest(name: &str) -> usize {
    match name {
        "principal" | "creditor" => 255,
        _ if name.ends_with("_no") || name.ends_with("_number") || name.ends_with("_id") => 64,
        _ if name.ends_with("_name") => 255,
        _ => 2000,
    }
}

/// Says what became of a call.
pub(crate) fn answer(call: &Call, outcomes: &[Outcome], manner: &Manner) -> Response<Bytes> {
    // An ask without an outcome is not done.
    let outcome = outcomes.first().unwrap_or(&Outcome::Unavailable);
    let ending = match call.asks.first() {
        Some(ask) => Ending::of(ask, outcome),
        None => Ending::Busy,
    };
    match serving(call.interface) {
        Some(served) => (served.answer)(&ending, manner),
        None => answer::status(&ending, manner),
    }
}

/// Says why a request did not become a call, in the form of its interface.
pub(crate) fn reject(rejection: &Rejection, manner: &Manner) -> Response<Bytes> {
    let ending = Ending::Rejected(rejection);
    match rejection.interface.and_then(serving) {
        Some(served) => (served.answer)(&ending, manner),
        None => answer::status(&ending, manner),
    }
}

fn serving(interface: &Interface) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.interface.name == interface.name)
}

/// A key out of several values that cannot run together.
fn joined(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect();
    escaped.join("/")
}

#[cfg(test)]
mod tests;
