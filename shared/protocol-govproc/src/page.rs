//! The page behind continueurl: a bidder's browser sees one order, and in the sandbox presses the button that pays.

mod sheet;

use crate::calls::{BUSY, order_no};
use crate::links::{PAGE, PAY, Ticket};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Command, ConfirmPayment, Money, Query, Reply, Timestamp};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};
use protocol::{Ask, Call, Direction, Interface, Outcome, Rejection, RejectionKind, Way, Wish};
use sheet::Sheet;
use std::collections::BTreeMap;

/// Whose word it is that a premium was paid on the page, for the audit.
const BY: &str = "continueurl";

static OPENED: Interface = Interface {
    section: "3.2.1",
    name: "continueurl",
    title: "继续办理页面",
    direction: Direction::Inbound,
    way: Way::Query,
};
static PRESSED: Interface = Interface {
    section: "3.2.1",
    name: "continueurl/pay",
    title: "继续办理页面支付",
    direction: Direction::Inbound,
    way: Way::Ask,
};

/// True for what a browser asks, which has no appKey and no cipher but a token.
pub(crate) fn is_page(request: &Request<Bytes>) -> bool {
    matches!(request.uri().path(), PAGE | PAY)
}

/// Reads what a browser wishes: to see the page, or to pay.
pub(crate) fn read(request: &Request<Bytes>, now: Timestamp, manner: &Manner) -> Result<Call, Rejection> {
    match (request.uri().path(), request.method()) {
        (PAGE, &Method::GET) => opened(request, now, manner).map_err(|rejection| rejection.by(&OPENED)),
        (PAY, &Method::POST) if manner.pay_button => {
            pressed(request, now, manner).map_err(|rejection| rejection.by(&PRESSED))
        }
        _ => Err(Rejection::new(RejectionKind::Unknown, "页面不存在", "no such page")),
    }
}

fn opened(request: &Request<Bytes>, now: Timestamp, manner: &Manner) -> Result<Call, Rejection> {
    let given = pairs(request.uri().query().unwrap_or_default().as_bytes());
    let ticket = ticket(&given)?;
    manner.links.check(&manner.links.page_token(&ticket), field(&given, "token"), ticket.until, now)?;
    let no = order_no(manner, &ticket.order_no);
    let ask =
        Ask { business_key: ticket.order_no, wish: Wish::Query(Query::OrderStatus { no }), callback: None };
    Ok(Call { interface: &OPENED, asks: vec![ask] })
}

fn pressed(request: &Request<Bytes>, now: Timestamp, manner: &Manner) -> Result<Call, Rejection> {
    let given = pairs(request.body());
    let ticket = ticket(&given)?;
    let amount = Money::parse(field(&given, "premium")).map_err(|_| broken())?;
    let expected = manner.links.pay_token(&ticket, amount);
    manner.links.check(&expected, field(&given, "token"), ticket.until, now)?;
    let no = order_no(manner, &ticket.order_no);
    let payment =
        ConfirmPayment { no, amount, paid_at: now, reference: String::new(), payer: None, by: BY.to_owned() };
    // Each press is a request of its own: only the first finds the premium unpaid.
    let business_key = format!("{}/{}", ticket.order_no, now.unix_seconds());
    let wish = Wish::Command(Command::ConfirmPayment(payment));
    Ok(Call { interface: &PRESSED, asks: vec![Ask { business_key, wish, callback: None }] })
}

fn pairs(text: &[u8]) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

fn field<'a>(given: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    given.get(name).map(String::as_str).unwrap_or_default()
}

fn ticket(given: &BTreeMap<String, String>) -> Result<Ticket, Rejection> {
    let until = field(given, "until").parse().map_err(|_| broken())?;
    Ok(Ticket { order_no: field(given, "no").to_owned(), until })
}

fn broken() -> Rejection {
    Rejection::new(RejectionKind::Forged, "链接无效，请从交易平台重新进入", "a broken link")
}

// === what is shown ===

/// Shows a page, or leads back to it after the button was pressed.
pub(crate) fn answer(
    request: &Request<Bytes>,
    outcome: Result<(&Call, &[Outcome]), &Rejection>,
    manner: &Manner,
) -> Response<Bytes> {
    let (call, outcomes) = match outcome {
        Ok(settled) => settled,
        Err(rejection) => return note(status_of(rejection.kind), &rejection.say, manner),
    };
    let is_payment = call.interface.name == PRESSED.name;
    let given = pairs(match is_payment {
        true => request.body(),
        false => request.uri().query().unwrap_or_default().as_bytes(),
    });
    let Ok(ticket) = ticket(&given) else { return note(StatusCode::FORBIDDEN, &broken().say, manner) };
    match (outcomes.first(), is_payment) {
        (Some(Outcome::Replied(Reply::Refused(refusal))), _) => {
            note(StatusCode::CONFLICT, &refusal.say, manner)
        }
        (Some(Outcome::Replied(Reply::Order(order))), false) => {
            page(StatusCode::OK, &Sheet::of(order, &ticket, manner))
        }
        // Paid, or about to be: the page knows.
        (Some(Outcome::Replied(Reply::Accepted { .. }) | Outcome::Pending(_)), true) => back(&ticket, manner),
        _ => note(StatusCode::SERVICE_UNAVAILABLE, BUSY, manner),
    }
}

const fn status_of(kind: RejectionKind) -> StatusCode {
    match kind {
        RejectionKind::Stale => StatusCode::GONE,
        RejectionKind::Unknown => StatusCode::NOT_FOUND,
        RejectionKind::Unwelcome => StatusCode::TOO_MANY_REQUESTS,
        RejectionKind::Forged | RejectionKind::Unreadable | RejectionKind::Malformed => StatusCode::FORBIDDEN,
    }
}

fn note(status: StatusCode, say: &str, manner: &Manner) -> Response<Bytes> {
    page(status, &Sheet::note(say, manner))
}

fn page(status: StatusCode, sheet: &Sheet) -> Response<Bytes> {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let mut response = private(status, sheet.html().into());
    response.headers_mut().insert(CONTENT_TYPE, kind);
    if let Ok(policy) = HeaderValue::from_str(&sheet::policy()) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn back(ticket: &Ticket, manner: &Manner) -> Response<Bytes> {
    let mut response = private(StatusCode::SEE_OTHER, Bytes::new());
    if let Ok(to) = HeaderValue::from_str(&manner.links.page(ticket)) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// What is kept nowhere and tells nobody where it came from: the token stands in the address.
fn private(status: StatusCode, body: Bytes) -> Response<Bytes> {
    const QUIET: [(HeaderName, &str); 3] =
        [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().extend(QUIET.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

#[cfg(test)]
mod tests;
