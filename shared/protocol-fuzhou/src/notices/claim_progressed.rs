//! 3.2 理赔操作 `update_claim`: a claim is examined, agreed to or refused, and paid (FZ-10).

use super::{Said, outbound};
use crate::envelope::Field;
use domain::{CaseDecided, ClaimProgressed, ClaimStep, GuaranteeNo, NoticeHead};
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.2", "update_claim", "理赔操作");

pub(super) fn progressed(progressed: &ClaimProgressed) -> Said<'_> {
    let word = match progressed.step {
        ClaimStep::Accepted => "ACCEPT",
        ClaimStep::PaidOut { .. } => "FINISH_INDEMNITY",
    };
    said(&progressed.head, &progressed.guarantee_no, word, "")
}

/// Spelled as in the table, not REFUSE_NDEMNITY as in the remark (FZ-10).
pub(super) fn decided(decided: &CaseDecided) -> Said<'_> {
    let (word, reason) = match (decided.approved, decided.reason.trim()) {
        (true, _) => ("AGREE_INDEMNITY", ""),
        (false, "") => ("REFUSE_INDEMNITY", "不符合赔付条件"),
        (false, reason) => ("REFUSE_INDEMNITY", reason),
    };
    said(&decided.head, &decided.guarantee_no, word, reason)
}

fn said<'a>(
    head: &'a NoticeHead,
    guarantee_no: &'a GuaranteeNo,
    word: &'static str,
    reason: &'a str,
) -> Said<'a> {
    Said::plain(vec![
        Field::text("claim_no", head.business_no.as_str()),
        Field::text("guarantee_no", guarantee_no.as_str()),
        Field::text("do_type", word),
        Field::text("refuse_reason", reason),
    ])
}
