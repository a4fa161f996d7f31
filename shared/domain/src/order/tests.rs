//! Whatever is asked of an order in whatever sequence, it moves only along the table, one version at a time.

use super::*;
use crate::{
    Applicant, AutoRules, Contact, DocumentRef, GuaranteeKind, GuaranteeNo, GuaranteeState, Mode, PartnerId,
    Payment, Product, RateCard, Tender,
};
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).unwrap().plus_seconds(second)
}

fn policy(payment: Payment) -> Policy {
    Policy {
        orders: Mode::Auto,
        claims: Mode::Auto,
        invoices: Mode::Auto,
        refunds: Mode::Auto,
        releases: Mode::Auto,
        payment,
        rate_card: RateCard { rate: Rate::parse("0.005").unwrap(), minimum: Money::from_fen(10_000) },
        auto: AutoRules::default(),
        guarantee_prefix: "BH".to_owned(),
        credits: Mode::Manual,
        term_days: None,
        reissue: false,
        fetch_files: false,
        also_tell: Vec::new(),
        credit: None,
    }
}

fn order() -> Order {
    let partner = PartnerId::parse("demo").unwrap();
    let application = PlaceOrder {
        business_no: "1".to_owned(),
        product: Product::Bid { opening: Some(at(86_400)), validity_days: Some(90) },
        applicant: Applicant::default(),
        tender: Tender::default(),
        bond: Money::from_fen(10_000_000),
        contact: Contact::default(),
        attachments: Vec::new(),
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    };
    let no = AcceptanceNo::of(&partner, "apply", "1");
    Order::place(no, Origin { kind: "finserv".to_owned(), partner, callback: None }, application, at(0))
}

fn guarantee(order: &Order) -> Guarantee {
    Guarantee {
        no: GuaranteeNo::of("BH", "20261122", &order.no),
        state: GuaranteeState::InForce,
        issued_at: at(1),
        valid_until: None,
        document: DocumentRef { sha256: "0".repeat(64), name: "保函.pdf".to_owned() },
        kind: GuaranteeKind::Plain,
        valid_from: None,
        serial_no: None,
        earlier: Vec::new(),
    }
}

/// Everything that can be asked of an order.
#[derive(Debug, Clone)]
enum Ask {
    Approve(Payment),
    Refuse,
    PayPremium,
    PayOther(i64),
    Issue,
    Withdraw,
    End(GuaranteeState),
    Change(TenderChangeKind, Option<i64>),
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let payment = prop_oneof![Just(Payment::Operator), Just(Payment::Simulated), Just(Payment::Later)];
    let how = prop_oneof![
        Just(GuaranteeState::Refunded),
        Just(GuaranteeState::Released),
        Just(GuaranteeState::Claimed)
    ];
    let kind = prop_oneof![Just(TenderChangeKind::Postponed), Just(TenderChangeKind::Cancelled)];
    let ask = prop_oneof![
        payment.prop_map(Ask::Approve),
        Just(Ask::Refuse),
        Just(Ask::PayPremium),
        (0_i64..100_000).prop_map(Ask::PayOther),
        Just(Ask::Issue),
        Just(Ask::Withdraw),
        how.prop_map(Ask::End),
        (kind, proptest::option::of(0_i64..1_000_000)).prop_map(|(kind, opening)| Ask::Change(kind, opening)),
    ];
    proptest::collection::vec(ask, 0..14)
}

fn put(order: &mut Order, ask: &Ask) -> Result<(), Refusal> {
    match ask {
        Ask::Approve(payment) => order.decide(&Decision::Approve, &policy(*payment)),
        Ask::Refuse => order.decide(&Decision::Refuse { reason: "否".to_owned() }, &policy(Payment::Later)),
        Ask::PayPremium => order.pay(order.premium.unwrap_or(Money::ZERO)),
        Ask::PayOther(fen) => order.pay(Money::from_fen(*fen)),
        Ask::Issue => order.issue(guarantee(order)),
        Ask::Withdraw => order.withdraw(Side::Partner, "放弃"),
        Ask::End(how) => {
            order.guarantee()?.must_be_in_force()?;
            order.guarantee_mut()?.end(*how)
        }
        Ask::Change(kind, opening) => {
            let opening = opening.map(at);
            order.note_tender_change(TenderChange {
                kind: *kind,
                opening,
                notice_url: String::new(),
                deadline: None,
            });
            Ok(())
        }
    }
}

fn check_step(
    before: &Order,
    after: &Order,
    ask: &Ask,
    result: &Result<(), Refusal>,
) -> Result<(), TestCaseError> {
    if result.is_err() {
        prop_assert_eq!(before, after, "a refusal changes nothing: {:?}", ask);
        return Ok(());
    }
    prop_assert_eq!(after.version, before.version + 1, "{:?}", ask);
    if before.state != after.state {
        prop_assert!(before.state.may_become(after.state), "{:?} → {:?}", before.state, after.state);
    }
    prop_assert_eq!(after.guarantee.is_some(), after.state == OrderState::Issued);
    let quoted = !matches!(after.state, OrderState::Reviewing | OrderState::Rejected | OrderState::Withdrawn);
    prop_assert!(!quoted || after.premium == Some(Money::from_fen(50_000)));
    if let Some(ended) = before.guarantee.as_ref().filter(|it| it.state != GuaranteeState::InForce) {
        prop_assert_eq!(after.guarantee.as_ref(), Some(ended), "an ending is final");
    }
    Ok(())
}

proptest! {
    #[test]
    fn an_order_moves_only_along_the_table(asks in asks()) {
        let mut order = order();
        for ask in &asks {
            let before = order.clone();
            let result = put(&mut order, ask);
            check_step(&before, &order, ask, &result)?;
        }
        let kept: Order = serde_json::from_str(&serde_json::to_string(&order).unwrap()).unwrap();
        prop_assert_eq!(kept, order);
    }
}

#[test]
fn final_states_have_no_way_on() {
    for from in OrderState::ALL {
        let ways = OrderState::ALL.into_iter().filter(|to| from.may_become(*to)).count();
        assert_eq!(ways == 0, from.is_final(), "{from:?}");
        assert!(!from.may_become(from), "{from:?}");
    }
}

#[test]
fn every_state_is_reached_by_some_course() {
    for (asks, end) in [
        (vec![], OrderState::Reviewing),
        (vec![Ask::Approve(Payment::Operator)], OrderState::AwaitingPayment),
        (vec![Ask::Approve(Payment::Later)], OrderState::Paid),
        (vec![Ask::Approve(Payment::Operator), Ask::PayPremium, Ask::Issue], OrderState::Issued),
        (vec![Ask::Refuse], OrderState::Rejected),
        (vec![Ask::Approve(Payment::Operator), Ask::Withdraw], OrderState::Withdrawn),
    ] {
        let mut order = order();
        asks.iter().try_for_each(|ask| put(&mut order, ask)).unwrap();
        assert_eq!(order.state, end);
        assert_eq!(usize::try_from(order.version).unwrap(), asks.len() + 1);
    }
}

#[test]
fn a_postponement_moves_the_opening_only_with_a_date() {
    let mut order = order();
    put(&mut order, &Ask::Change(TenderChangeKind::Postponed, None)).unwrap();
    assert_eq!(order.opening(), Some(at(86_400)));
    put(&mut order, &Ask::Change(TenderChangeKind::Postponed, Some(7))).unwrap();
    assert_eq!(order.opening(), Some(at(7)));
    assert_eq!(order.tender_changes.len(), 2);
}

#[test]
fn a_term_that_the_partner_counted_from_the_opening_moves_with_it() {
    let mut order = order();
    order.application.term = Some((at(86_400), at(10 * 86_400)));
    put(&mut order, &Ask::Change(TenderChangeKind::Postponed, None)).unwrap();
    assert_eq!(order.application.term, Some((at(86_400), at(10 * 86_400))));
    put(&mut order, &Ask::Change(TenderChangeKind::Postponed, Some(3 * 86_400))).unwrap();
    assert_eq!(order.application.term, Some((at(3 * 86_400), at(12 * 86_400))));
}

#[test]
fn an_order_belongs_to_every_project_that_it_does_not_deny() {
    let mut order = order();
    order.application.tender.project_no = "P-1".to_owned();
    assert!(order.may_be_of_project("P-1") && order.may_be_of_project("") && !order.may_be_of_project("P-2"));
    order.application.sealed = vec![SealedField::ProjectNo];
    assert!(order.may_be_of_project("P-2"), "nobody can read it yet");
    let fields = [(SealedField::ProjectNo, Private::from("P-2"))].into();
    order.reveal(Revealed { fields, at: at(0) });
    assert!(order.may_be_of_project("P-2") && !order.may_be_of_project("P-1"));
}
