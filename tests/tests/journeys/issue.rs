//! From an application to a guarantee in the platform's hands, checked at every step.

use crate::world::{PATIENCE, World};
use domain::{Money, OrderState, Rate};
use gateway_tests::platform::Platform;
use sandbox::Entry;
use sandbox::finserv::{Answer, Bidder, Partner, Request};

/// A guarantee as the platform knows it.
pub(crate) struct Held {
    pub(crate) bidder: Bidder,
    pub(crate) accept_no: String,
    pub(crate) guarantee_no: String,
    pub(crate) fee: String,
    pub(crate) url: String,
}

/// Sends what must succeed.
pub(crate) async fn agreed(partner: &Partner, request: &Request) -> Answer {
    let answer = partner.send(request).await.expect("an answer");
    assert!(answer.success(), "{}: {}", request.method, answer.text("msg"));
    answer
}

/// Sends what must be refused, and returns the reason.
pub(crate) async fn refused(partner: &Partner, request: &Request) -> String {
    let answer = partner.send(request).await.expect("an answer");
    assert!(!answer.success(), "{} should have been refused", request.method);
    assert!(!answer.text("msg").is_empty(), "{} was refused without a reason", request.method);
    answer.text("msg").to_owned()
}

/// The acknowledged callback of this method that has these fields.
pub(crate) async fn heard(platform: &Platform, method: &str, fields: &[(&str, &str)]) -> Entry {
    let ours = |entry: &Entry| {
        entry.acknowledged
            && entry.method == method
            && fields.iter().all(|(name, value)| entry.text(name) == *value)
    };
    let entry = platform.receiver.ledger().wait_for(PATIENCE, ours).await;
    let entry = entry.unwrap_or_else(|| {
        let seen = platform.receiver.ledger().select(|entry| entry.method == method);
        panic!("no {method} with {fields:?} was acknowledged; of that method there came {seen:#?}")
    });
    assert!(entry.good(), "{entry:?}");
    entry
}

/// Applies, and holds the guarantee.
pub(crate) async fn issue(world: &World, platform: &Platform, bidder: Bidder, application: &Request) -> Held {
    let partner = platform.partner(&world.gateway).expect("keys");
    let answer = agreed(&partner, application).await;
    hold(world, platform, bidder, answer.text("accept_no")).await
}

/// Hears of the issue of what was applied for, and checks every field of it, on both sides.
pub(crate) async fn hold(world: &World, platform: &Platform, bidder: Bidder, accept_no: &str) -> Held {
    assert!(accept_no.len() == 20 && accept_no.starts_with('A'), "{accept_no}");
    let expected = [("accept_no", accept_no), ("approve_status", "1")];
    let told = heard(platform, "feedback_apply_guarantee_result", &expected).await;
    assert_eq!(told.text("fee"), premium(bidder.bond()));
    assert_eq!(told.text("rate"), "0.005");
    assert_eq!(told.text("merchant_name"), "示范担保有限公司");
    assert_eq!(told.text("error"), "");

    let order = world.order(accept_no).await;
    assert_eq!(order.state, OrderState::Issued);
    let guarantee = order.guarantee.as_ref().expect("a guarantee");
    assert_eq!(guarantee.no.as_str(), told.text("guarantee_no"));
    assert_eq!(order.premium.expect("a premium").to_string(), told.text("fee"));
    Held {
        bidder,
        accept_no: accept_no.to_owned(),
        guarantee_no: told.text("guarantee_no").to_owned(),
        fee: told.text("fee").to_owned(),
        url: told.text("guarantee_url").to_owned(),
    }
}

/// What the rate card of every partner under test charges: 千分之五, at least 100 yuan.
fn premium(bond: &str) -> String {
    let bond = Money::parse(bond).expect("an amount");
    Rate::parse("0.005").expect("a rate").of(bond).max(Money::from_fen(10_000)).to_string()
}
