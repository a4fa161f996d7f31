//! One key opens all fields or none, before or after issue, and only once.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Restore;
use crate::restore::Keys;
use crypto::key::Key;
use crypto::sm4::Sm4;
use domain::{
    Command, GuaranteeKind, GuaranteeNo, Mode, Opener, Order, Payment, RefusalKind, Reply, RestoreOrder,
    SealCipher, SealedField,
};
use house::{House, envelope, house, policy, press};
use messages::Envelope;
use samples::{at, issued, key, order};
use store::Store;

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

const RIGHT: &[u8; 16] = b"0123456789abcdef";
const WRONG: &[u8; 16] = b"fedcba9876543210";

fn seal(plain: &str) -> String {
    let sm4 = Sm4::ecb(&Key::from(RIGHT.to_vec())).expect("a key");
    crypto::text::to_base64(&sm4.encrypt(plain.as_bytes()))
}

/// The order with its section and its tenderee sealed.
fn sealed(mut order: Order) -> Order {
    let tender = &mut order.application.tender;
    tender.section_no = seal("BD-2026-001");
    tender.section_name = seal("一标段：道路与桥梁工程").into();
    tender.tenderee.name = seal("福州市某某建设局").into();
    order.application.sealed =
        vec![SealedField::SectionNo, SealedField::SectionName, SealedField::TendereeName];
    if let Some(guarantee) = &mut order.guarantee {
        guarantee.kind = GuaranteeKind::Sealed;
    }
    order
}

fn keys() -> Keys {
    Keys::counted(&boot::Metrics::default())
}

async fn with(order: &Order) -> House<Restore> {
    let house = house(Restore { press: press(), keys: keys() }, policy(Mode::Auto, Payment::Later)).await;
    let mut work = house.store.work(key(order.no.as_str(), "placed"));
    work.save(order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    house
}

fn restore(order: &Order, bytes: &[u8]) -> Envelope<Command> {
    let opener = Opener { cipher: SealCipher::Sm4Ecb, key: hex::encode(bytes).into(), iv: "".into() };
    let command = Command::RestoreOrder(RestoreOrder {
        business_no: order.application.business_no.clone(),
        guarantee_no: order.guarantee.as_ref().map_or(GuaranteeNo::quoted(""), |it| it.no.clone()),
        opening: Some(at(77)),
        openers: vec![opener],
        plain_allowed: false,
    });
    let mut message = envelope("baohanrestore", &order.application.business_no, command);
    message.content_hash = hex::encode(bytes);
    message
}

async fn kept(store: &Store, order: &Order) -> Order {
    store.find_order(&order.origin.partner, &order.no).await.expect("reads").expect("is there")
}

#[tokio::test]
async fn the_key_reveals_an_issued_guarantee_and_both_documents_are_kept() {
    let order = sealed(issued("demo", "1"));
    let house = with(&order).await;
    let message = restore(&order, RIGHT);
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: order.no.clone() });
    let now = kept(&house.store, &order).await;
    let guarantee = now.guarantee.clone().expect("issued");
    assert_eq!(guarantee.kind, GuaranteeKind::Revealed);
    assert_eq!(guarantee.earlier[0].document, order.guarantee.clone().expect("issued").document);
    assert_ne!(guarantee.document, guarantee.earlier[0].document);
    assert_eq!(now.application.tender, order.application.tender, "what was received stays as it was");
    let known = now.known_application();
    assert_eq!(known.tender.section_no, "BD-2026-001");
    assert_eq!(known.tender.tenderee.name.expose(), "福州市某某建设局");
    assert_eq!(house.texts("select event from callbacks").await, ["guarantee_revealed"]);
    assert_eq!(house.texts("select section_no from orders").await, ["BD-2026-001"]);
    // The same again: the same answer, no second effect.
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: order.no.clone() });
    assert_eq!(house.count("select count(*) from callbacks").await, 1);
}

#[tokio::test]
async fn a_key_that_fails_changes_nothing_and_the_right_one_may_follow() {
    let order = sealed(issued("demo", "1"));
    let house = with(&order).await;
    let Reply::Refused(refusal) = house.ask(&restore(&order, WRONG)).await else { panic!("not refused") };
    assert_eq!(refusal.say, "密钥无法解密全部密文字段，请核对后重新发送");
    assert_eq!(kept(&house.store, &order).await, order);
    assert_eq!(house.count("select count(*) from callbacks").await, 0);
    assert_eq!(house.ask(&restore(&order, RIGHT)).await, Reply::Accepted { no: order.no.clone() });
}

#[tokio::test]
async fn a_key_that_opens_only_some_fields_is_refused() {
    let mut order = sealed(issued("demo", "1"));
    let other = Sm4::ecb(&Key::from(WRONG.to_vec())).expect("a key");
    order.application.tender.tenderee.name =
        crypto::text::to_base64(&other.encrypt("招标人".as_bytes())).into();
    let house = with(&order).await;
    assert!(matches!(house.ask(&restore(&order, RIGHT)).await, Reply::Refused(_)));
    assert_eq!(kept(&house.store, &order).await, order);
}

#[tokio::test]
async fn a_restore_before_issue_waits_on_the_order() {
    let mut order = sealed(order("demo", "1"));
    order.application.product = domain::Product::Bid { opening: None, validity_days: None };
    let house = with(&order).await;
    assert_eq!(house.ask(&restore(&order, RIGHT)).await, Reply::Accepted { no: order.no.clone() });
    let now = kept(&house.store, &order).await;
    assert!(now.revealed.is_some() && now.guarantee.is_none());
    assert_eq!(now.opening(), Some(at(77)), "some partners tell the opening only now");
    assert_eq!(house.count("select count(*) from callbacks").await, 0);
}

#[tokio::test]
async fn another_key_after_success_is_refused() {
    let order = sealed(issued("demo", "1"));
    let house = with(&order).await;
    house.ask(&restore(&order, RIGHT)).await;
    let revealed = kept(&house.store, &order).await;
    let Reply::Refused(refusal) = house.ask(&restore(&order, WRONG)).await else { panic!("not refused") };
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    assert_eq!(kept(&house.store, &order).await, revealed);
}

#[tokio::test]
async fn an_order_without_sealed_fields_has_nothing_to_reveal() {
    let order = issued("demo", "1");
    let house = with(&order).await;
    let Reply::Refused(refusal) = house.ask(&restore(&order, RIGHT)).await else { panic!("not refused") };
    assert_eq!(refusal.say, "该订单没有密文字段，无需还原");
    let mut stranger = restore(&order, RIGHT);
    stranger.origin.partner = samples::partner("other");
    assert!(!matches!(
        house.engine.judge(&stranger, String::new(), true).await,
        worker::Verdict::Replied(Reply::Accepted { .. })
    ));
}

#[tokio::test]
async fn a_guarantee_that_ended_is_not_revealed_and_one_made_out_anew_is() {
    let mut ended = sealed(issued("demo", "1"));
    ended.guarantee_mut().expect("issued").end(domain::GuaranteeState::Refunded).expect("in force");
    let house = with(&ended).await;
    let Reply::Refused(refusal) = house.ask(&restore(&ended, RIGHT)).await else { panic!("not refused") };
    assert_eq!(refusal.say, "保函已退保");
    assert_eq!(kept(&house.store, &ended).await, ended);

    let mut anew = sealed(issued("demo", "2"));
    anew.guarantee.as_mut().expect("issued").kind = GuaranteeKind::Reissued;
    let house = with(&anew).await;
    assert!(matches!(house.ask(&restore(&anew, RIGHT)).await, Reply::Accepted { .. }));
    let guarantee = kept(&house.store, &anew).await.guarantee.expect("issued");
    assert_eq!(guarantee.kind, GuaranteeKind::Revealed);
}

#[tokio::test]
async fn one_of_several_readings_of_a_key_is_enough_and_the_rest_may_be_nonsense() {
    let order = sealed(issued("demo", "1"));
    let house = with(&order).await;
    let mut message = restore(&order, RIGHT);
    if let Command::RestoreOrder(wish) = &mut message.body {
        let nonsense = ["", "zz", "00"].map(|key| Opener { key: key.into(), ..wish.openers[0].clone() });
        wish.openers.splice(0..0, nonsense);
    }
    assert!(matches!(house.ask(&message).await, Reply::Accepted { .. }));
}

/// Issues as `worker-apply` does: under the lock of the order, with the revealed guarantee at once if the key came first.
struct Issuing(worker::Press);

impl worker::Office for Issuing {
    const NOUN: domain::Noun = domain::Noun::Apply;

    async fn command(&self, desk: &mut worker::Desk, command: &Command) -> worker::Handled {
        let Command::ConfirmPayment(payment) = command else { panic!("a payment") };
        let mut order = desk.work.any_order(&payment.no).await?.expect("there");
        let policy = desk.policy(&order.origin)?;
        let guarantee = self.0.guarantee(&order, &policy, desk.now).await?;
        order.issue(guarantee)?;
        if order.revealed.is_some() {
            worker::issue_revealed(desk, &self.0, &mut order, &policy).await?;
        }
        desk.work.save(&order)?;
        Ok(Reply::Accepted { no: order.no })
    }

    async fn query(&self, _: &worker::Window, _: &domain::Query) -> worker::Handled {
        panic!("nobody asks")
    }
}

#[tokio::test]
async fn of_issue_and_restore_at_the_same_moment_the_second_reveals() {
    for round in 0..6 {
        let mut order = sealed(order("demo", &round.to_string()));
        order.state = domain::OrderState::Paid;
        let house = with(&order).await;
        let issuing = worker::Engine::new(
            Issuing(press()),
            "worker-apply",
            house.store.clone(),
            worker::Policies::new([(order.origin.partner.clone(), policy(Mode::Auto, Payment::Later))]),
        );
        let payment = domain::ConfirmPayment {
            no: order.no.clone(),
            amount: domain::Money::ZERO,
            paid_at: at(0),
            reference: String::new(),
            by: String::new(),
            payer: None,
        };
        let payment = envelope("operator", "pay", Command::ConfirmPayment(payment));
        let key = restore(&order, RIGHT);
        let (issued, restored) = tokio::join!(issuing.judge(&payment, String::new(), true), house.ask(&key));
        assert!(matches!(issued, worker::Verdict::Replied(Reply::Accepted { .. })), "{issued:?}");
        assert!(matches!(restored, Reply::Accepted { .. }), "{restored:?}");
        let guarantee = kept(&house.store, &order).await.guarantee.expect("issued");
        assert_eq!((guarantee.kind, guarantee.earlier.len()), (GuaranteeKind::Revealed, 1));
        assert_eq!(house.texts("select event from callbacks").await, ["guarantee_revealed"]);
    }
}
