//! What the partner may call: the table of interfaces, from a message to a call, and from its outcome to an answer.

mod change_tender;
mod credit_status;
mod place_order;
mod receipt;
mod request_claim;
mod request_credit;
mod request_invoice;
mod request_refund;
mod request_release;
mod restore_order;
mod revoke_case;
mod withdraw_order;

use crate::codes::{APPLY_NO, APPLY_TIME, BUSINESS_NO, GUARANTEE_NO, ORDER_NO};
use crate::envelope::Verified;
use crate::settings::Manner;
use bytes::Bytes;
use domain::{About, GuaranteeNo, Reply, Timestamp};
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{Ask, Call, Direction, Fields, Interface, Label, Outcome, Rejection, RejectionKind, Way};
use receipt::{Form, Receipt};

/// One interface: its row, and how it is read and answered.
struct Served {
    interface: Interface,
    /// From the fields to what is wished.
    read: fn(&Fields, &Manner, Timestamp) -> Result<Ask, Rejection>,
    /// True if a callback tells the outcome, so that "accepted" is an answer before a worker has judged.
    told_later: bool,
    /// What the answer has room for.
    form: Form,
    /// True if only a bank serves it (YY-32).
    credit: bool,
}

static SERVED: [Served; 15] = [
    place_order::SERVED,
    withdraw_order::SERVED,
    request_credit::SERVED,
    restore_order::SERVED,
    request_release::SERVED,
    request_claim::SERVED,
    request_invoice::SERVED,
    request_refund::SERVED,
    revoke_case::CREDIT,
    revoke_case::REFUND,
    revoke_case::CLAIM,
    revoke_case::RELEASE,
    credit_status::SERVED,
    change_tender::OPENING,
    change_tender::DEADLINE,
];

/// The interfaces in the order of the document.
pub(crate) static INTERFACES: [Interface; 15] = {
    let mut rows = [SERVED[0].interface; 15];
    let mut row = 1;
    while row < rows.len() {
        rows[row] = SERVED[row].interface;
        row += 1;
    }
    rows
};

const BUSY: &str = "系统繁忙，请稍后重试";
const IN_PROGRESS: &str = "处理中，请稍后重试";
const NO_CREDIT: &str = "授信接口未开通";

const fn inbound(section: &'static str, name: &'static str, title: &'static str, way: Way) -> Interface {
    Interface { section, name, title, direction: Direction::Inbound, way }
}

/// The interface with this name.
fn named(name: &str) -> Option<&'static Served> {
    SERVED.iter().find(|served| served.interface.name == name)
}

/// Reads what a proven request wishes.
pub(crate) fn read(verified: &Verified, manner: &Manner, now: Timestamp) -> Result<Call, Rejection> {
    let served = named(verified.name()).ok_or_else(|| {
        Rejection::new(RejectionKind::Unknown, "接口不存在，请核对接口地址", "no such path")
    })?;
    let interface = &served.interface;
    asks(served, verified.json(), manner, now)
        .map(|asks| Call { interface, asks })
        .map_err(|rejection| rejection.by(interface))
}

fn asks(served: &Served, json: &str, manner: &Manner, now: Timestamp) -> Result<Vec<Ask>, Rejection> {
    if served.credit && !manner.gives_credit {
        return Err(Rejection::new(
            RejectionKind::Unknown,
            NO_CREDIT,
            "credit is not served: settings.institution",
        ));
    }
    if served.form != Form::Batch {
        return Ok(vec![(served.read)(&Fields::parse(json)?, manner, now)?]);
    }
    Fields::parse_batch(json)?.iter().map(|fields| (served.read)(fields, manner, now)).collect()
}

/// Says what became of a call.
pub(crate) fn answer(call: &Call, outcomes: &[Outcome], manner: &Manner) -> Response<Bytes> {
    let Some(served) = named(call.interface.name) else {
        return ok(&Receipt::failed(BUSY), manner, Form::Plain);
    };
    let receipt = match served.form {
        Form::Batch => received(outcomes),
        _ => single(served, outcomes.first(), manner),
    };
    ok(&receipt, manner, served.form)
}

fn single(served: &Served, outcome: Option<&Outcome>, manner: &Manner) -> Receipt {
    match outcome {
        Some(Outcome::Replied(Reply::Accepted { no })) => Receipt::accepted(no, manner, served.form),
        Some(Outcome::Replied(Reply::Credit(standing))) => Receipt::credit(*standing),
        Some(Outcome::Replied(Reply::Refused(refusal))) => Receipt::refused(&refusal.say, served.form),
        Some(Outcome::Pending(no)) if served.told_later => Receipt::accepted(no, manner, served.form),
        Some(Outcome::Pending(_)) => Receipt::failed(IN_PROGRESS),
        // An ask without an outcome is not done.
        Some(Outcome::Replied(_) | Outcome::Unavailable) | None => Receipt::failed(BUSY),
    }
}

/// 200 means received, whatever becomes of it (YY-24): with `also_tell = ["withdrawal"]` the worker accepts every request
/// about an order that it knows, and tells the outcome by notice.
fn received(outcomes: &[Outcome]) -> Receipt {
    let failure = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Replied(Reply::Refused(refusal)) => Some(refusal.say.as_str()),
        Outcome::Replied(Reply::Accepted { .. }) | Outcome::Pending(_) => None,
        Outcome::Replied(_) | Outcome::Unavailable => Some(BUSY),
    });
    match failure {
        Some(say) => Receipt::failed(say),
        None if outcomes.is_empty() => Receipt::failed(BUSY),
        None => Receipt::received(outcomes.len()),
    }
}

/// Says why a request did not become a call: in the form of its interface once that is proven.
pub(crate) fn reject(rejection: &Rejection, manner: &Manner) -> Response<Bytes> {
    let served = rejection.interface.and_then(|interface| named(interface.name));
    ok(&Receipt::failed(&rejection.say), manner, served.map_or(Form::Plain, |served| served.form))
}

/// Java clients rarely read the body of anything but 200.
fn ok(receipt: &Receipt, manner: &Manner, form: Form) -> Response<Bytes> {
    let mut response = Response::new(receipt.bytes(manner.answer_code, form));
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

// === what several interfaces share ===

/// The partner's number of the order, by whichever of its names (YY-01, YY-02); `printed` is missed if there is none.
fn order_no(fields: &Fields, printed: Label) -> Result<String, Rejection> {
    let found = fields.text_of_any(&[ORDER_NO, APPLY_NO, BUSINESS_NO])?;
    if found.is_empty() { fields.required(printed) } else { Ok(found) }
}

/// The serial number of a request, and the time that every request has and nothing depends on.
fn serial_no(fields: &Fields) -> Result<String, Rejection> {
    let serial_no = fields.required(BUSINESS_NO)?;
    fields.required(APPLY_TIME)?;
    Ok(serial_no)
}

/// A request about a guarantee: found by guaranteeNo, then businessNo, then orderNo (YY-20).
fn about<R>(fields: &Fields, request: R) -> Result<About<R>, Rejection> {
    Ok(About {
        business_no: fields.required(BUSINESS_NO)?,
        guarantee_no: GuaranteeNo::quoted(&fields.required(GUARANTEE_NO)?),
        order_no: fields.text_of_any(&[ORDER_NO, APPLY_NO])?,
        stage: None,
        by: String::new(),
        request,
    })
}

#[cfg(test)]
mod tests;
