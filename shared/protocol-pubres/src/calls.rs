//! What the partner may call: the table of interfaces, from proven fields to a call, and from its outcome to an answer.

mod place_order;
mod receipt;
mod request_claim;
mod request_invoice;
mod request_refund;
mod request_release;
mod restore_order;
mod withdraw_order;

use crate::codes::{APPLY_NO, GUARANTEE_NO, PLATFORM_CODE};
use crate::envelope::Verified;
use crate::settings::Manner;
use bytes::Bytes;
use crypto::{digest, text};
use domain::{About, GuaranteeNo, Reply};
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{Ask, Call, Direction, Fields, Interface, Outcome, Rejection, RejectionKind, Way};
use receipt::Receipt;

/// One interface: its row, and how it is read and answered.
struct Served {
    interface: Interface,
    /// From the fields to what is wished.
    read: fn(&Fields, &Manner) -> Result<Ask, Rejection>,
    /// The fields that may be absent.
    optional: &'static [&'static str],
    /// True if a callback tells the outcome, so that "accepted" is an answer before a worker has judged.
    told_later: bool,
    /// True if the answer has room for a page to go on with.
    has_page: bool,
}

static SERVED: [Served; 7] = [
    place_order::SERVED,
    restore_order::SERVED,
    request_invoice::SERVED,
    request_refund::SERVED,
    request_release::SERVED,
    request_claim::SERVED,
    withdraw_order::SERVED,
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

/// What the document misspells, and what some platforms therefore call (PR-11).
const ALIAS: (&str, &str) = ("cancelnotice", "canclenotice");

const BUSY: &str = "系统繁忙，请稍后重试";
const IN_PROGRESS: &str = "处理中，请稍后重试";

const fn inbound(section: &'static str, name: &'static str, title: &'static str, way: Way) -> Interface {
    Interface { section, name, title, direction: Direction::Inbound, way }
}

/// The interface with this name.
fn named(name: &str) -> Option<&'static Served> {
    let name = if name == ALIAS.0 { ALIAS.1 } else { name };
    SERVED.iter().find(|served| served.interface.name == name)
}

/// Reads what a proven request wishes.
pub(crate) fn read(verified: &Verified, manner: &Manner) -> Result<Call, Rejection> {
    let served = named(verified.name()).ok_or_else(|| {
        Rejection::new(RejectionKind::Unknown, "接口不存在，请核对接口名称与请求地址", "no such path")
    })?;
    let interface = &served.interface;
    let fields = verified.fields();
    verified
        .hides_none(served.optional)
        .and_then(|()| platform(fields, manner))
        .and_then(|()| (served.read)(fields, manner))
        .map(|ask| Call { interface, asks: vec![ask] })
        .map_err(|rejection| rejection.by(interface))
}

/// One appkey may serve several platforms, and only its own is this instance.
fn platform(fields: &Fields, manner: &Manner) -> Result<(), Rejection> {
    let given = fields.required(PLATFORM_CODE)?;
    match &manner.platform_code {
        Some(code) if *code != given => {
            Err(Rejection::malformed(PLATFORM_CODE.0, PLATFORM_CODE.1, "与约定的不一致"))
        }
        _ => Ok(()),
    }
}

/// Says what became of a call.
pub(crate) fn answer(call: &Call, outcomes: &[Outcome], manner: &Manner) -> Response<Bytes> {
    let Some(served) = named(call.interface.name) else {
        return ok(Receipt::refused(BUSY, manner).of(false));
    };
    let receipt = match outcomes.first() {
        Some(Outcome::Replied(Reply::Accepted { no })) => Receipt::accepted(no, manner),
        Some(Outcome::Replied(Reply::Refused(refusal))) => Receipt::refused(&refusal.say, manner),
        Some(Outcome::Pending(no)) if served.told_later => Receipt::accepted(no, manner),
        Some(Outcome::Pending(_)) => Receipt::refused(IN_PROGRESS, manner),
        // An ask without an outcome is not done.
        Some(Outcome::Replied(_) | Outcome::Unavailable) | None => Receipt::refused(BUSY, manner),
    };
    ok(receipt.of(served.has_page))
}

/// Says why a request did not become a call: in the form of its interface once that is proven.
pub(crate) fn reject(rejection: &Rejection, manner: &Manner) -> Response<Bytes> {
    let served = rejection.interface.and_then(|interface| named(interface.name));
    ok(Receipt::refused(&rejection.say, manner).of(served.is_some_and(|served| served.has_page)))
}

/// Java clients rarely read the body of anything but 200.
fn ok(receipt: Receipt<'_>) -> Response<Bytes> {
    let mut response = Response::new(receipt.bytes());
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// A request about a guarantee: this partner numbers orders, never requests.
fn about<R>(fields: &Fields, request: R) -> Result<About<R>, Rejection> {
    Ok(About {
        business_no: fields.required(APPLY_NO)?,
        guarantee_no: GuaranteeNo::quoted(&fields.required(GUARANTEE_NO)?),
        order_no: String::new(),
        stage: None,
        by: String::new(),
        request,
    })
}

/// The key of a request that may be made again with other content after it was refused: order, guarantee and content,
/// for it has no number of its own.
fn key_of<R: serde::Serialize>(about: &About<R>) -> String {
    // What goes into a queue always has a JSON form.
    let content = serde_json::to_vec(&about.request).unwrap_or_default();
    let content = text::to_hex(&digest::sha256(&content)[..8]);
    joined(&[&about.business_no, about.guarantee_no.as_str(), &content])
}

/// A key out of several numbers that cannot run together.
fn joined(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect();
    escaped.join("/")
}

#[cfg(test)]
mod tests;
