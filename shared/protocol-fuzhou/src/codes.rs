//! The platform's codes beside our words, one table; its dates and amounts; and the labels that several interfaces share.

use domain::{Money, RefusalKind, TenderChangeKind, Timestamp};
use protocol::{Form, Label, parse_shanghai, print_shanghai};

pub(crate) const ORDER_NO: Label = ("order_no", "订单编号");
pub(crate) const BLOCK_NUMBER: Label = ("block_number", "标段（包）编号");
pub(crate) const BLOCK_NAME: Label = ("block_name", "标段（包）名称");
pub(crate) const PRINCIPAL: Label = ("principal", "被保证人");
pub(crate) const CREDITOR: Label = ("creditor", "受益人");
pub(crate) const GUARANTEE_NO: Label = ("guarantee_no", "保函编号");
pub(crate) const SERIAL_NUM: Label = ("serial_num", "保函序列号");

/// 5.3: 成功, of every answer in both directions.
pub(crate) const GOOD: u16 = 200;
/// 5.3: 失败.
pub(crate) const FAILED: u16 = 404;
/// 5.3: 验签失败, whatever did not hold.
pub(crate) const NOT_PROVEN: u16 = 1001;
/// 5.3: 订单不存在.
const NO_ORDER: u16 = 1101;
/// 5.3: 解密失败,token错误或已过期.
pub(crate) const TOKEN_EXPIRED: &str = "1006";

/// The code of 5.3 for a refusal.
pub(crate) const fn refused(kind: RefusalKind) -> u16 {
    match kind {
        RefusalKind::Unknown => NO_ORDER,
        RefusalKind::Conflict | RefusalKind::NotNow | RefusalKind::AgainstRules => FAILED,
    }
}

/// 5.3 as a client reads it (FZ-06, FZ-17): what will be refused however often it is sent. Codes that an order's later
/// state, the platform's recovery or a corrected key may turn into 200 are not here.
const FOR_GOOD: &[(u16, u16)] = &[
    (1100, 1102), // which order
    (2300, 2311), // fields of 2.4
    (2314, 2322), // names of 2.4 that are not those of the order
    (2326, 2327),
    (2329, 2329),
    (2334, 2334),
    (2400, 2420), // fields of 2.5 and 2.11
    (2422, 2422),
    (2424, 2424),
    (2426, 2426),
    (2428, 2428), // the number of the guarantee is taken: pushed before, or by somebody else
    (2500, 2506),
    (2600, 2606),
    (3200, 3208), // fields of 3.2 and 3.3
    (4400, 4401), // no such file
    (4500, 4501),
];

/// Whether a code of 5.3 is final.
pub(crate) fn is_for_good(code: &str) -> bool {
    let code: Option<u16> = code.parse().ok();
    code.is_some_and(|code| FOR_GOOD.iter().any(|(from, to)| (*from..=*to).contains(&code)))
}

/// What the platform says where a file was: its address or the token in it has expired, or the file is gone.
pub(crate) fn is_file_gone(code: &str) -> bool {
    matches!(code, "1000" | TOKEN_EXPIRED | "1050" | "4401" | "4402" | "4501")
}

/// 5.4: 交易取消.
pub(crate) const CANCEL: &str = "CANCEL";
/// 5.7: 已撤销.
pub(crate) const REVOKED: &str = "REVOKED";

/// `type` of 2.10.
pub(crate) const CHANGES: [(&str, TenderChangeKind); 2] =
    [("1", TenderChangeKind::Rescheduled), ("2", TenderChangeKind::Postponed)];

/// The kinds of invoice (X-05: other partners count from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvoiceType {
    Ordinary,
    Special,
}

/// `invoice_type` of 2.8.
pub(crate) const INVOICE_TYPES: [(&str, InvoiceType); 2] =
    [("1", InvoiceType::Ordinary), ("2", InvoiceType::Special)];

/// 是 and 否: 1 and 2 here.
pub(crate) const YES_NO: [(&str, bool); 2] = [("1", true), ("2", false)];

/// The same, as we say it.
pub(crate) const fn yes(holds: bool) -> u8 {
    if holds { 1 } else { 2 }
}

/// `gtype` and `project_type` of 2.3; the latter goes first (FZ-25).
pub(crate) const WORKS: [(&str, &str); 18] = [
    ("1", "施工"),
    ("2", "采购"),
    ("3", "设计"),
    ("4", "监理"),
    ("5", "勘察"),
    ("6", "物业"),
    ("7", "咨询"),
    ("8", "其它"),
    ("construction", "施工"),
    ("purchase", "采购"),
    ("design", "设计"),
    ("supervisor", "监理"),
    ("survey", "勘察"),
    ("property", "物业"),
    ("consult", "咨询"),
    ("rail_transit", "轨道交通"),
    ("EPC", "工程总承包"),
    ("other", "其他"),
];

/// Reads a date, with a time or without, zeros in front or not (`2018-7-31`, `2019-03-11 9:2`, FZ-16).
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let padded = |part: &str| if part.len() == 1 { format!("0{part}") } else { part.to_owned() };
    let (day, clock) = text.trim().split_once([' ', 'T']).unwrap_or((text.trim(), ""));
    let day: Vec<String> = day.split(['-', '/']).map(padded).collect();
    let clock: Vec<String> = clock.trim().split(':').map(padded).filter(|part| !part.is_empty()).collect();
    parse_shanghai(&format!("{}{}", day.concat(), clock.concat()))
}

/// `yyyy-MM-dd` as a wall calendar in Shanghai shows it (FZ-16).
pub(crate) fn day(at: Timestamp) -> String {
    print_shanghai(at, Form::Dashed).chars().take(10).collect()
}

/// An amount in 万元 with up to six decimals, in yuan (FZ-25): the last of them is a fen.
pub(crate) fn from_ten_thousands(text: &str) -> Option<Money> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let (kept, rest) = fraction.split_at_checked(fraction.len().min(6))?;
    let digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    let sound =
        (1..=9).contains(&whole.len()) && digits(whole) && digits(kept) && rest.bytes().all(|c| c == b'0');
    sound.then(|| format!("{whole}{kept:0<6}").parse().ok().map(Money::from_fen))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written_and_written_as_they_are_documented() {
        for text in
            ["2018-7-31", "2018-07-31", "2018/7/31", "20180731", " 2018-07-31 00:00:00 ", "2018-7-31 0:0"]
        {
            assert_eq!(moment(text).map(day).as_deref(), Some("2018-07-31"), "{text}");
        }
        let minute = moment("2019-03-11 9:2").unwrap();
        assert_eq!(print_shanghai(minute, Form::Dashed), "2019-03-11 09:02:00");
        assert_eq!(moment("2019-03-11 11:02"), parse_shanghai("20190311110200"));
        for wrong in ["", "soon", "2018-13-01", "2018-1", "2018-01-01 25:00", "2018-01-0１"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ten_thousands_become_yuan_to_the_fen() {
        let yuan = |text: &str| from_ten_thousands(text).map(|money| money.to_string());
        assert_eq!(yuan("1234.567891").as_deref(), Some("12345678.91"));
        assert_eq!(yuan("6.00").as_deref(), Some("60000.00"));
        assert_eq!(yuan("0.000001").as_deref(), Some("0.01"));
        assert_eq!(yuan("12").as_deref(), Some("120000.00"));
        assert_eq!(yuan("1.23456700").as_deref(), Some("12345.67"), "zeros beyond the sixth lose nothing");
        for wrong in ["", "-1", "1,000", "0.0000001", "1e3", "1234567890", "１", ".5"] {
            assert_eq!(yuan(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn codes_that_may_pass_are_tried_again() {
        for code in
            ["404", "1000", "1006", "1013", "2312", "2313", "2323", "2324", "2325", "2330", "2332", "2333"]
        {
            assert!(!is_for_good(code), "{code}");
        }
        for code in ["2421", "2423", "2425", "2427", "3209", "4402", "9999", "", "x"] {
            assert!(!is_for_good(code), "{code}");
        }
        for code in
            ["1100", "1101", "2302", "2309", "2319", "2321", "2334", "2401", "2422", "2428", "3200", "4401"]
        {
            assert!(is_for_good(code), "{code}");
        }
    }
}
