//! A case is decided once.

use super::*;
use crate::PartnerId;
use proptest::prelude::*;

fn case() -> Case<String> {
    let partner = PartnerId::parse("demo").unwrap();
    let no = AcceptanceNo::of(&partner, "apply_claim", "1");
    Case {
        order: no.clone(),
        no,
        origin: Origin { kind: "finserv".to_owned(), partner, callback: None },
        business_no: "1".to_owned(),
        guarantee_no: GuaranteeNo::quoted("BH1"),
        request: String::new(),
        state: CaseState::Reviewing,
        reason: String::new(),
        requested_at: Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).unwrap(),
        decided_at: None,
        version: 1,
        payout: None,
        confirmation: None,
        revocation: None,
    }
}

proptest! {
    #[test]
    fn the_first_decision_stays(decisions in proptest::collection::vec(proptest::option::of("[一-十]{1,5}"), 1..5)) {
        let mut case = case();
        let mut first = None;
        for refused in decisions {
            let decision = refused.map_or(Decision::Approve, |reason| Decision::Refuse { reason });
            let result = case.decide(&decision, case.requested_at.plus_seconds(1));
            prop_assert_eq!(result.is_ok(), first.is_none());
            let decided = first.get_or_insert_with(|| case.clone());
            prop_assert_eq!(&*decided, &case);
        }
        prop_assert_eq!(case.version, 2);
        prop_assert!(case.state.is_final() && case.decided_at.is_some());
        prop_assert_eq!(case.reason.is_empty(), case.state == CaseState::Approved);
    }
}
