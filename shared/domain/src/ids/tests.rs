//! Numbers are stable for ever, short enough for every partner, and never shared by neighbours.

use super::*;
use proptest::prelude::*;

fn partner(text: &str) -> PartnerId {
    PartnerId::parse(text).unwrap()
}

/// Known answers, computed with Python's hashlib: a change here would give repeated requests another answer.
#[test]
fn acceptance_numbers_are_what_they_always_were() {
    let demo = partner("finserv-demo");
    for (business_no, no) in [("BH-2026-0001", "AEC4HX14RWREZYGYH0T1"), ("编号一", "AD9CK9VJWNNQB1BGNP76")]
    {
        assert_eq!(AcceptanceNo::of(&demo, "apply_guarantee", business_no).as_str(), no);
    }
}

#[test]
fn texts_that_run_together_are_kept_apart() {
    let one = AcceptanceNo::of(&partner("ab"), "cd", "ef");
    for (a, b, c) in
        [("abc", "d", "ef"), ("ab", "c", "def"), ("ab", "cde", "f"), ("ab", "cdef", ""), ("ab", "", "cdef")]
    {
        assert_ne!(one, AcceptanceNo::of(&partner(a), b, c), "{a} {b} {c}");
    }
}

#[test]
fn ten_thousand_neighbours_share_no_number() {
    let demo = partner("demo");
    let numbers = (0..10_000).map(|n| AcceptanceNo::of(&demo, "apply", &n.to_string()));
    let guarantees = numbers.clone().map(|no| GuaranteeNo::of("BH", "20261122", &no).as_str().to_owned());
    assert_eq!(numbers.collect::<std::collections::BTreeSet<_>>().len(), 10_000);
    assert_eq!(guarantees.collect::<std::collections::BTreeSet<_>>().len(), 10_000);
}

#[test]
fn partner_ids_are_plain() {
    for good in ["ab", "finserv-demo", "p1", "1a", &"x".repeat(40)] {
        assert!(PartnerId::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "a", "-ab", "ab-", "Ab", "a b", "a.b", "a/b", "a*b", "投标", &"x".repeat(41)] {
        assert!(PartnerId::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_guarantee_made_out_anew_has_a_number_of_its_own_each_time() {
    let first = GuaranteeNo::of("BAOHAN88", "20261122", &AcceptanceNo::of(&partner("demo"), "apply", "1"));
    let mut numbers: Vec<GuaranteeNo> = (1..=120).map(|round| first.reissued(round)).collect();
    numbers.push(first);
    assert!(numbers.iter().all(|no| no.as_str().len() <= 30));
    numbers.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    numbers.dedup();
    assert_eq!(numbers.len(), 121);
}

proptest! {
    #[test]
    fn an_acceptance_number_has_twenty_characters_and_reads_back(interface in ".{0,40}", business_no in ".{0,80}") {
        let no = AcceptanceNo::of(&partner("demo"), &interface, &business_no);
        prop_assert_eq!(no.as_str().len(), 20);
        prop_assert_eq!(AcceptanceNo::parse(no.as_str()), Ok(no.clone()));
        prop_assert_eq!(AcceptanceNo::parse(&format!(" {} ", no.as_str().to_lowercase())), Ok(no.clone()));
        prop_assert_eq!(&AcceptanceNo::of(&partner("demo"), &interface, &business_no), &no);
        let other = format!("{business_no}x");
        prop_assert_ne!(AcceptanceNo::of(&partner("demo"), &interface, &other), no);
    }

    #[test]
    fn a_guarantee_number_has_at_most_thirty_characters(prefix in "[A-Z0-9]{0,20}", business_no in ".{0,20}") {
        let no = AcceptanceNo::of(&partner("demo"), "apply", &business_no);
        prop_assert!(GuaranteeNo::of(&prefix, "20261122", &no).as_str().len() <= 30);
    }

    #[test]
    fn nothing_else_reads_as_a_number(text in ".{0,30}") {
        if let Ok(no) = AcceptanceNo::parse(&text) {
            prop_assert_eq!(no.as_str(), text.trim().to_ascii_uppercase());
        }
    }
}
