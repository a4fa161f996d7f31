//! Instants survive messages and the database, and Shanghai is always eight hours ahead.

use super::*;
use proptest::prelude::*;
use time::macros::datetime;

#[test]
fn shanghai_is_eight_hours_ahead() {
    let at = Timestamp::new(datetime!(2026-11-22 16:30:00 UTC));
    assert_eq!(at.shanghai_day(), "20261123");
    assert_eq!(Timestamp::from_shanghai(datetime!(2026-11-23 00:30:00)), at);
    assert_eq!(at.to_string(), "2026-11-22T16:30:00Z");
}

#[test]
fn what_names_no_zone_is_no_instant() {
    for bad in ["2026-11-22T16:30:00", "2026-11-22", "", "20261122163000", "2026-13-01T00:00:00Z"] {
        assert!(Timestamp::try_from(bad.to_owned()).is_err(), "{bad}");
    }
    let abroad = Timestamp::try_from("2026-11-23T00:30:00+08:00".to_owned()).unwrap();
    assert_eq!(abroad.to_string(), "2026-11-22T16:30:00Z");
}

proptest! {
    // 2000 to 2100, to the nanosecond.
    #[test]
    fn an_instant_reads_back_to_the_microsecond(nanos in 946_684_800_000_000_000_i128..4_102_444_800_000_000_000) {
        let raw = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap();
        let at = Timestamp::new(raw);
        prop_assert_eq!(at.utc().unix_timestamp_nanos(), nanos / 1_000 * 1_000);
        prop_assert_eq!(Timestamp::try_from(at.to_string()), Ok(at));
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&serde_json::to_string(&at).unwrap()).unwrap(), at);
        let local = at.shanghai();
        prop_assert_eq!(Timestamp::from_shanghai(PrimitiveDateTime::new(local.date(), local.time())), at);
    }

    #[test]
    fn seconds_add_up(start in 946_684_800_i64..4_102_444_800, a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
        let at = Timestamp::new(OffsetDateTime::from_unix_timestamp(start).unwrap());
        prop_assert_eq!(at.plus_seconds(a).plus_seconds(b), at.plus_seconds(a + b));
        prop_assert_eq!(at.plus_seconds(a).unix_seconds(), start + a);
    }
}
