//! Amounts in capital numerals (大写金额), which cannot be altered by a stroke of the pen.
//!
//! The rules are those for filling in bills (正确填写票据和结算凭证的基本规定): 整 closes an amount that ends with 元 or 角;
//! one 零 stands for any run of zeros between other digits of the yuan and between 元 and 分; nothing stands for zeros
//! at the end of the yuan before 角, which the rules leave open.

use domain::Money;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// Writes an amount in capital numerals: `壹万零伍佰元叁角整`, `零元整`.
#[must_use]
pub fn capital(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    let mut text = String::from(if amount.fen() < 0 { "负" } else { "" });
    if yuan > 0 || (jiao == 0 && fen == 0) {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    match (jiao, fen) {
        (0, 0) => text.push('整'),
        (_, 0) => text.extend([DIGITS[jiao], "角整"]),
        (0, _) if yuan == 0 => text.extend([DIGITS[fen], "分"]),
        (0, _) => text.extend(["零", DIGITS[fen], "分"]),
        _ => text.extend([DIGITS[jiao], "角", DIGITS[fen], "分"]),
    }
    text
}

/// Writes an amount in figures, with the thousands apart: `1,409.50`.
#[must_use]
pub fn figures(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let whole = (fen / 100).to_string();
    let mut text = String::from(if amount.fen() < 0 { "-" } else { "" });
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{:02}", fen % 100)
}

/// A whole number: groups of four digits with 万 and 亿 after them; a count of 亿 is itself written so.
fn whole(number: u64) -> String {
    if number == 0 {
        return DIGITS[0].to_owned();
    }
    let mut text = String::new();
    let mut rest = number;
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let count = rest / unit;
        rest %= unit;
        if count == 0 {
            continue;
        }
        let (before, here) = (number / unit / 10_000 % 10_000, number / unit % 10_000);
        if !text.is_empty() && (before == 0 || here < 1_000) {
            text.push_str(DIGITS[0]);
        }
        text.push_str(&if unit == 100_000_000 { whole(count) } else { group(count as usize) });
        text.push_str(name);
    }
    text
}

/// 1 to 9999 with its inner zeros.
fn group(number: usize) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4).rev() {
        let digit = number / 10_usize.pow(place as u32) % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push_str(DIGITS[0]);
            gap = false;
        }
        text.push_str(DIGITS[digit]);
        text.push_str(PLACES[place]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> String {
        capital(Money::parse(text).expect("an amount"))
    }

    #[test]
    fn zheng_closes_yuan_and_jiao_but_not_fen() {
        assert_eq!(of("0"), "零元整");
        assert_eq!(of("1"), "壹元整");
        assert_eq!(of("10"), "壹拾元整");
        assert_eq!(of("15.50"), "壹拾伍元伍角整");
        assert_eq!(of("15.55"), "壹拾伍元伍角伍分");
        assert_eq!(of("0.50"), "伍角整");
        assert_eq!(of("0.05"), "伍分");
        assert_eq!(of("0.56"), "伍角陆分");
    }

    #[test]
    fn one_zero_stands_for_a_run_of_zeros() {
        assert_eq!(of("1409.50"), "壹仟肆佰零玖元伍角整");
        assert_eq!(of("6007.14"), "陆仟零柒元壹角肆分");
        assert_eq!(of("10001"), "壹万零壹元整");
        assert_eq!(of("100100"), "壹拾万零壹佰元整");
        assert_eq!(of("100000001"), "壹亿零壹元整");
        assert_eq!(of("100010000"), "壹亿零壹万元整");
        assert_eq!(of("100001000"), "壹亿零壹仟元整");
        assert_eq!(of("1000000000000"), "壹万亿元整");
        assert_eq!(of("1000010000000"), "壹万亿零壹仟万元整");
        assert_eq!(of("9999999999999.99"), "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分");
    }

    #[test]
    fn a_zero_before_fen_is_written_and_zeros_before_jiao_are_not() {
        assert_eq!(of("325.04"), "叁佰贰拾伍元零肆分");
        assert_eq!(of("16409.02"), "壹万陆仟肆佰零玖元零贰分");
        assert_eq!(of("1680.32"), "壹仟陆佰捌拾元叁角贰分");
        assert_eq!(of("107000.53"), "壹拾万柒仟元伍角叁分");
        assert_eq!(of("20000.00"), "贰万元整");
    }

    #[test]
    fn figures_have_their_thousands_apart() {
        let shown = |fen| figures(Money::from_fen(fen));
        assert_eq!(shown(5), "0.05");
        assert_eq!(shown(100_000), "1,000.00");
        assert_eq!(shown(80_001_050), "800,010.50");
        assert_eq!(shown(-123_456_789), "-1,234,567.89");
    }

    /// Reads capital numerals the way a clerk does, without knowing how they were written.
    fn read(text: &str) -> i64 {
        let (mut total, mut section, mut digit) = (0_i64, 0_i64, 0_i64);
        for c in text.chars() {
            let found = DIGITS.iter().position(|d| d.starts_with(c));
            match (found, c) {
                (Some(value), _) => digit = value as i64,
                (None, '拾') => section += std::mem::take(&mut digit) * 1_000,
                (None, '佰') => section += std::mem::take(&mut digit) * 10_000,
                (None, '仟') => section += std::mem::take(&mut digit) * 100_000,
                (None, '万') => {
                    total += (std::mem::take(&mut section) + std::mem::take(&mut digit) * 100) * 10_000;
                }
                (None, '亿') => {
                    let below = std::mem::take(&mut section) + std::mem::take(&mut digit) * 100;
                    total = (total + below) * 100_000_000;
                }
                (None, '元') => {
                    total += std::mem::take(&mut section) + std::mem::take(&mut digit) * 100;
                }
                (None, '角') => total += std::mem::take(&mut digit) * 10,
                (None, '分') => total += std::mem::take(&mut digit),
                (None, '整') => {}
                (None, other) => panic!("{other} has no place in {text}"),
            }
        }
        total
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(fen in prop_oneof![0..1_000_000_i64, 0..1_000_000_000_000_000_i64]) {
            let text = capital(Money::from_fen(fen));
            prop_assert_eq!(read(&text), fen, "{}", text);
            prop_assert!(!text.contains("零零") && !text.contains("零万") && !text.contains("零亿"), "{}", text);
            prop_assert!(!text.contains("零元") || fen == 0, "{}", text);
        }

        #[test]
        fn sparse_amounts_read_back(digits in proptest::collection::vec(prop_oneof![3 => Just(0_i64), 1 => 1..10_i64], 15)) {
            let fen = digits.iter().fold(0, |sum, digit| sum * 10 + digit);
            let text = capital(Money::from_fen(fen));
            prop_assert_eq!(read(&text), fen, "{}", text);
            prop_assert!(!text.contains("零零"), "{}", text);
        }
    }
}
