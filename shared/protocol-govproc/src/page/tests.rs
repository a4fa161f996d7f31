//! The page as a browser meets it: with a good link, a bad one, an old one, and the button.

use super::*;
use crate::Govproc;
use crate::sample::{made, no, now};
use domain::{OrderState, OrderStatus, Refusal};
use protocol::Inbound;

const BUTTON: &str = "transport = \"sandbox\"\nsandbox_pay_button = true";

fn get(path: &str) -> Request<Bytes> {
    Request::get(path).body(Bytes::new()).unwrap()
}

/// The address of the page of an order, as the gateway sees it.
fn link(govproc: &Govproc, orderno: &str) -> String {
    let links = &govproc.manner.links;
    links.page(&links.ticket(orderno, now())).replace("https://gateway.example/govproc-demo", "")
}

fn waiting() -> OrderStatus {
    let premium = Some(Money::from_fen(400_000));
    OrderStatus { state: OrderState::AwaitingPayment, premium, ..OrderStatus::reviewing(no()) }
}

fn shown(govproc: &Govproc, request: &Request<Bytes>, outcome: Outcome) -> Response<Bytes> {
    let call = govproc.open(request, now()).unwrap();
    govproc.answer_to(request, now(), Ok((&call, &[outcome])))
}

fn html(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

#[test]
fn a_good_link_shows_its_order_and_no_other() {
    let govproc = made("").unwrap();
    let request = get(&link(&govproc, "ZC<1>"));
    let call = govproc.open(&request, now()).unwrap();
    let expected = order_no(&govproc.manner, "ZC<1>");
    assert!(matches!(&call.asks[0].wish, Wish::Query(Query::OrderStatus { no }) if *no == expected));
    let page = shown(&govproc, &request, Outcome::Replied(Reply::Order(waiting())));
    let html = html(&page);
    for part in
        ["lang=\"zh-CN\"", "ZC&lt;1&gt;", "待支付保费", "4000.00 元", "width=device-width", "000-00000000"]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
    for part in ["<script", "http:", "https:", "<form", "src=", "<link"] {
        assert!(!html.contains(part), "{part}");
    }
    let header = |name: &str| page.headers()[name].to_str().unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(
        [header("cache-control"), header("referrer-policy"), header("content-type")],
        ["no-store", "no-referrer", "text/html; charset=utf-8"]
    );
    assert!(header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn a_link_is_good_for_its_order_its_partner_and_its_time() {
    let govproc = made("").unwrap();
    let good = link(&govproc, "ZC1");
    let kind = |path: &str, at| govproc.open(&get(path), at).map(drop).map_err(|rejection| rejection.kind);
    assert_eq!(kind(&good, now().plus_seconds(86_399)), Ok(()));
    assert_eq!(kind(&good, now().plus_seconds(86_400)), Err(RejectionKind::Stale));
    let until = (now().unix_seconds() + 86_400).to_string();
    let later = (now().unix_seconds() + 86_401).to_string();
    for bad in [
        good.replace("no=ZC1", "no=ZC2"),
        good.replace(&until, &later),
        good.replace(&until, "soon"),
        good.replace("token=", "token=0"),
        "/continue".to_owned(),
    ] {
        assert_eq!(kind(&bad, now()), Err(RejectionKind::Forged), "{bad}");
    }
    let other = Govproc::new(
        domain::PartnerId::parse("govproc-other").unwrap(),
        &crate::sample::settings("").unwrap(),
        crate::sample::BASE,
        &BTreeMap::new(),
        &crate::sample::Dummies,
    );
    assert!(other.unwrap().open(&get(&good), now()).is_err());
    let expired = govproc.open(&get(&good), now().plus_seconds(86_400)).unwrap_err();
    let page = govproc.answer_to(&get(&good), now(), Err(&expired));
    assert_eq!(page.status(), 410);
    assert!(html(&page).contains("链接已过期，请从交易平台重新进入"));
}

/// What the button posts, out of the page.
fn pressed(html: &str) -> Request<Bytes> {
    let value = |name: &str| {
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (_, action) =
        html.split_once("method=\"post\" action=\"https://gateway.example/govproc-demo").unwrap();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(["no", "until", "premium", "token"].map(|name| (name, value(name))))
        .finish();
    Request::post(action.split_once('"').unwrap().0).body(Bytes::from(body)).unwrap()
}

#[test]
fn the_button_pays_the_premium_that_is_shown() {
    let govproc = made(BUTTON).unwrap();
    let page = shown(&govproc, &get(&link(&govproc, "ZC1")), Outcome::Replied(Reply::Order(waiting())));
    let request = pressed(&html(&page));
    let call = govproc.open(&request, now()).unwrap();
    let Wish::Command(Command::ConfirmPayment(payment)) = &call.asks[0].wish else { panic!("{call:?}") };
    assert_eq!((&payment.no, payment.amount), (&order_no(&govproc.manner, "ZC1"), Money::from_fen(400_000)));
    assert_eq!((payment.paid_at, payment.by.as_str()), (now(), "continueurl"));
    let back = shown(&govproc, &request, Outcome::Replied(Reply::Accepted { no: no() }));
    let location = back.headers()[LOCATION].to_str().unwrap();
    assert_eq!(
        (back.status(), location),
        (StatusCode::SEE_OTHER, &*format!("https://gateway.example/govproc-demo{}", link(&govproc, "ZC1")))
    );
    let paid = shown(&govproc, &request, Outcome::Replied(Reply::Refused(Refusal::not_now("保费已支付"))));
    assert_eq!(paid.status(), 409);
    assert!(html(&paid).contains("保费已支付"));
}

#[test]
fn the_button_pays_nothing_else_and_is_not_there_otherwise() {
    let govproc = made(BUTTON).unwrap();
    let open = get(&link(&govproc, "ZC1"));
    let page = html(&shown(&govproc, &open, Outcome::Replied(Reply::Order(waiting()))));
    let honest = String::from_utf8(pressed(&page).body().to_vec()).unwrap();
    for (from, to) in [("4000.00", "0.01"), ("ZC1", "ZC2"), ("premium=", "x=")] {
        let request = Request::post(PAY).body(Bytes::from(honest.replacen(from, to, 1))).unwrap();
        assert_eq!(govproc.open(&request, now()).unwrap_err().kind, RejectionKind::Forged, "{to}");
    }
    let paid = OrderStatus { state: OrderState::Paid, ..waiting() };
    assert!(!html(&shown(&govproc, &open, Outcome::Replied(Reply::Order(paid)))).contains("<form"));
    let without = made("").unwrap();
    assert_eq!(without.open(&pressed(&page), now()).unwrap_err().kind, RejectionKind::Unknown);
    assert_eq!(govproc.open(&get(PAY), now()).unwrap_err().kind, RejectionKind::Unknown);
}

#[test]
fn a_page_that_cannot_be_shown_says_so() {
    let govproc = made("").unwrap();
    let page = shown(&govproc, &get(&link(&govproc, "ZC1")), Outcome::Unavailable);
    assert_eq!(page.status(), 503);
    assert!(html(&page).contains(BUSY));
}
