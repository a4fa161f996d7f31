//! Not a fen is lost on the way in, out or through a rate.

use super::*;
use proptest::prelude::*;

/// The premium by long multiplication: whole fen, and one more from half a fen on.
fn slow(fen: i64, millionths: u32) -> i64 {
    let product = i128::from(fen) * i128::from(millionths);
    let (whole, rest) = (product / 1_000_000, product % 1_000_000);
    i64::try_from(whole + i128::from(rest * 2 >= 1_000_000)).unwrap()
}

#[test]
fn what_is_no_amount_is_refused() {
    for bad in [
        "",
        ".",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1,000",
        " 1",
        "1 ",
        "1.005",
        "0x10",
        "１",
        "12345678901234",
        "1.2.3",
    ] {
        assert!(Money::parse(bad).is_err(), "{bad}");
    }
    for (text, fen) in [("0", 0), ("1", 100), ("1.", 100), ("1.5", 150), ("20.000", 2_000), ("0007.10", 710)]
    {
        assert_eq!(Money::parse(text), Ok(Money::from_fen(fen)), "{text}");
    }
}

#[test]
fn rates_are_fractions_up_to_one() {
    for bad in ["1.000001", "2", "-0.1", "0.0000001", "5%", "千分之五"] {
        assert!(Rate::parse(bad).is_err(), "{bad}");
    }
    for (text, shown) in
        [("0.005", "0.005"), ("0.0050", "0.005"), ("1", "1"), ("0", "0"), ("0.000001", "0.000001")]
    {
        assert_eq!(Rate::parse(text).unwrap().to_string(), shown);
    }
}

#[test]
fn half_a_fen_rounds_up() {
    let rate = Rate::parse("0.005").unwrap();
    assert_eq!(rate.of(Money::from_fen(99)), Money::from_fen(0));
    assert_eq!(rate.of(Money::from_fen(100)), Money::from_fen(1));
    assert_eq!(rate.of(Money::from_fen(299)), Money::from_fen(1));
    assert_eq!(rate.of(Money::from_fen(300)), Money::from_fen(2));
}

proptest! {
    #[test]
    fn an_amount_reads_back(fen in 0_i64..1_000_000_000_000_000) {
        let money = Money::from_fen(fen);
        prop_assert_eq!(Money::parse(&money.to_string()), Ok(money));
        let json = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(&json, &format!("\"{money}\""));
        prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
    }

    #[test]
    fn a_rate_reads_back(millionths in 0_u32..=1_000_000) {
        let rate = Rate(millionths);
        prop_assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
        prop_assert_eq!(serde_json::from_str::<Rate>(&serde_json::to_string(&rate).unwrap()).unwrap(), rate);
    }

    #[test]
    fn a_premium_is_rounded_to_the_nearest_fen(fen in 0_i64..1_000_000_000_000_000, millionths in 0_u32..=1_000_000) {
        let premium = Rate(millionths).of(Money::from_fen(fen));
        prop_assert_eq!(premium.fen(), slow(fen, millionths));
        prop_assert!(premium <= Money::from_fen(fen));
    }

    #[test]
    fn a_larger_bond_never_costs_less(fen in 0_i64..1_000_000_000_000, more in 0_i64..1_000_000, millionths in 0_u32..=1_000_000) {
        let rate = Rate(millionths);
        prop_assert!(rate.of(Money::from_fen(fen)) <= rate.of(Money::from_fen(fen + more)));
    }
}
