//! 3.2.4 保函办理结果通知接口 `/api/guarantee/applynotify`: the guarantee was issued, or there will be none.

use super::{order_no, outbound, shortened};
use crate::codes;
use crate::datum::{Datum, Letter};
use crate::settings::Manner;
use domain::{GuaranteeIssued, Money, NoticeHead, Rate};
use protocol::Interface;

pub(super) const INTERFACE: Interface =
    outbound("3.2.4", "/api/guarantee/applynotify", "保函办理结果通知接口");

pub(super) fn issued(notice: &GuaranteeIssued, file: String, manner: &Manner) -> Letter {
    let mut letter = vec![
        ("orderno", Datum::Text(order_no(&notice.head))),
        ("bhno", Datum::text(notice.guarantee_no.as_str())),
    ];
    letter.extend(status(codes::DONE, "保函已开具", manner));
    letter.extend(charged(notice.rate, notice.premium, manner));
    letter.extend(seller(manner));
    letter.push(("bhcretime", Datum::moment(notice.head.at, manner)));
    letter.push(("bhfile", Datum::Text(file)));
    letter
}

/// Every text is there, and empty; a rate and a cost are required all the same (GP-06), a moment is left out: there is
/// no empty one.
pub(super) fn failed(head: &NoticeHead, what: &str, reason: &str, manner: &Manner) -> Letter {
    let info = if reason.is_empty() { what.to_owned() } else { format!("{what}：{reason}") };
    let mut letter = vec![("orderno", Datum::Text(order_no(head))), ("bhno", Datum::text(""))];
    letter.extend(status(codes::FAILED, &info, manner));
    letter.extend(charged(Rate::ZERO, Money::ZERO, manner));
    letter.extend(seller(manner));
    letter.push(("bhfile", Datum::text("")));
    letter
}

/// As it is printed, and as it was meant where the partner wants both (GP-04).
fn status(code: &str, info: &str, manner: &Manner) -> Letter {
    let mut letter = vec![("staus", Datum::text(code))];
    letter.extend(manner.both_spellings.then(|| ("status", Datum::text(code))));
    letter.push(("info", Datum::Text(shortened(info))));
    letter
}

fn charged(rate: Rate, premium: Money, manner: &Manner) -> Letter {
    vec![("bhrate", Datum::rate(rate, manner)), ("bhcost", Datum::money(premium, manner))]
}

fn seller(manner: &Manner) -> Letter {
    vec![
        ("sellername", Datum::text(&manner.sellername)),
        ("selleraddress", Datum::text(&manner.selleraddress)),
        ("sellerphone", Datum::text(&manner.sellerphone)),
    ]
}
