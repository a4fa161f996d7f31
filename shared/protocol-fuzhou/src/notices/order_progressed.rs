//! 2.4 保函申请订单处理 `insurer_apply_guarantee_result`: confirmed, surveyed, quoted, paid; refused or cancelled (FZ-09).

use super::{Said, brief, outbound};
use crate::codes::day;
use crate::envelope::Field;
use domain::{NoticeHead, OrderProgressed, OrderRejected, OrderStep, WithdrawalDecided};
use protocol::{Interface, Unsealable};

pub(super) const INTERFACE: Interface = outbound("2.4", "insurer_apply_guarantee_result", "保函申请订单处理");

/// order_do_type.
const CONFIRM: u64 = 1;
const SURVEY: u64 = 2;
const QUOTE: u64 = 3;
const PAY: u64 = 4;

/// `status`: sent always, though only codes 2304 and 2307 demand it (FZ-09).
const PASSED: &str = "1";
const NOT_PASSED: &str = "2";
const CANCELLED: &str = "3";

/// A step that was passed; 尽调 needs a note.
pub(super) fn progressed(progressed: &OrderProgressed) -> Result<Said<'_>, Unsealable> {
    let (kind, more) = match &progressed.step {
        OrderStep::Confirmed => (CONFIRM, Vec::new()),
        OrderStep::Surveyed => (SURVEY, vec![Field::text("note", "尽调通过")]),
        OrderStep::Quoted { premium, valid_until } => {
            let none = || {
                Unsealable(
                    "until when the guarantee would bind is unknown: a quote needs guarantee_end_date"
                        .to_owned(),
                )
            };
            let end = day(valid_until.ok_or_else(none)?);
            (QUOTE, vec![Field::text("price", premium.to_string()), Field::text("guarantee_end_date", end)])
        }
        OrderStep::Paid { amount, .. } => (PAY, vec![Field::text("real_pay", amount.to_string())]),
    };
    said(&progressed.head, kind, PASSED, more)
}

/// An application that was not passed. Its order was confirmed by being answered at all, so it ends at 尽调 or before.
pub(super) fn rejected(rejected: &OrderRejected) -> Result<Said<'_>, Unsealable> {
    let why = reason(&rejected.reason, "审核不通过");
    said(&rejected.head, CONFIRM, NOT_PASSED, vec![Field::text("note", why)])
}

/// An order that the institution cancelled.
pub(super) fn withdrawn(decided: &WithdrawalDecided) -> Result<Said<'_>, Unsealable> {
    let why = reason(&decided.reason, "出函机构取消订单");
    said(&decided.head, CONFIRM, CANCELLED, vec![Field::text("note", why)])
}

fn reason<'a>(given: &'a str, otherwise: &'a str) -> &'a str {
    if given.trim().is_empty() { otherwise } else { given }
}

fn said<'a>(
    head: &'a NoticeHead,
    order_do_type: u64,
    status: &'static str,
    more: Vec<Field<'a>>,
) -> Result<Said<'a>, Unsealable> {
    let brief = brief(head)?;
    let mut fields = vec![
        Field::text("order_no", brief.order_no.as_str()),
        Field::text("block_number", brief.section_no.as_str()),
        Field::text("block_name", brief.section_name.expose()),
        Field::text("principal", brief.bidder.name.expose()),
        Field::text("creditor", brief.tenderee.name.expose()),
        Field::number("order_do_type", order_do_type),
        Field::text("status", status),
    ];
    fields.extend(more);
    Ok(Said::plain(fields))
}
