//! 3.2.3 保函费用支付/退款通知接口 `/api/guarantee/paystate`: the premium was received, or went back.

use super::{order_no, outbound};
use crate::codes;
use crate::datum::{Datum, Letter};
use crate::settings::Manner;
use domain::{Money, NoticeHead, PremiumReturned, Timestamp};
use protocol::Interface;

pub(super) const INTERFACE: Interface =
    outbound("3.2.3", "/api/guarantee/paystate", "保函费用支付/退款通知接口");

pub(super) fn paid(head: &NoticeHead, amount: Money, at: Timestamp, manner: &Manner) -> Letter {
    let (name, number) = payer(head);
    letter(head, (amount, at), codes::PAID, (name, number), manner)
}

/// Accounts are asked for payments only (GP-16).
pub(super) fn returned(notice: &PremiumReturned, manner: &Manner) -> Letter {
    letter(&notice.head, (notice.amount, notice.head.at), codes::RETURNED, Default::default(), manner)
}

fn letter(
    head: &NoticeHead,
    (amount, at): (Money, Timestamp),
    kind: &str,
    (name, number): (String, String),
    manner: &Manner,
) -> Letter {
    vec![
        ("orderno", Datum::Text(order_no(head))),
        ("paymoney", Datum::money(amount, manner)),
        ("paytime", Datum::moment(at, manner)),
        ("type", Datum::text(kind)),
        ("paybankname", Datum::Text(name)),
        ("paybankno", Datum::Text(number)),
    ]
}

/// From whose account: as the bank said, else the basic account of the application.
fn payer(head: &NoticeHead) -> (String, String) {
    let Some(brief) = &head.brief else { return Default::default() };
    let bidder = brief.bidder.name.expose();
    match &brief.payer {
        Some(payer) if payer.holder.is_empty() => (bidder.to_owned(), payer.number.expose().to_owned()),
        Some(payer) => (payer.holder.expose().to_owned(), payer.number.expose().to_owned()),
        None => (bidder.to_owned(), String::new()),
    }
}
