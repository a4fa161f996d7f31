//! Dates as they are printed in Chinese; days and hours are those of a wall clock in Shanghai.

use domain::Timestamp;

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// `2026年11月22日`.
pub(crate) fn day(at: Timestamp) -> String {
    let local = at.shanghai();
    format!("{}年{}月{}日", local.year(), u8::from(local.month()), local.day())
}

/// `2026年11月22日 09:30`.
pub(crate) fn minute(at: Timestamp) -> String {
    let local = at.shanghai();
    format!("{} {:02}:{:02}", day(at), local.hour(), local.minute())
}

/// `二〇二六年十一月二十二日`, as under a deed.
pub(crate) fn formal_day(at: Timestamp) -> String {
    let local = at.shanghai();
    let year: String = local
        .year()
        .to_string()
        .bytes()
        .filter_map(|c| DIGITS.get(usize::from(c.wrapping_sub(b'0'))))
        .collect();
    format!("{year}年{}月{}日", below_hundred(u8::from(local.month())), below_hundred(local.day()))
}

/// 1 to 99: 十 for ten, 二十 for twenty, 二十二.
fn below_hundred(number: u8) -> String {
    let (tens, ones) = (usize::from(number / 10), usize::from(number % 10));
    let mut text = String::new();
    if tens > 1 {
        text.push(DIGITS[tens]);
    }
    if tens > 0 {
        text.push('十');
    }
    if ones > 0 {
        text.push(DIGITS[ones]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_late_utc_evening_is_the_next_day_in_shanghai() {
        let at = Timestamp::new(datetime!(2026-11-21 17:05 UTC));
        assert_eq!(day(at), "2026年11月22日");
        assert_eq!(minute(at), "2026年11月22日 01:05");
        assert_eq!(formal_day(at), "二〇二六年十一月二十二日");
    }

    #[test]
    fn tens_are_read_as_they_are_said() {
        let at = Timestamp::new(datetime!(2030-10-20 00:00 UTC));
        assert_eq!(formal_day(at), "二〇三〇年十月二十日");
        let at = Timestamp::new(datetime!(2026-02-10 00:00 UTC));
        assert_eq!(formal_day(at), "二〇二六年二月十日");
    }
}
