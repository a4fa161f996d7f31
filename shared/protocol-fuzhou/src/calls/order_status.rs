//! 2.2 保函申请订单状态更新（异步推送）: the platform says where it sees an order; CANCEL ends it before issue (FZ-23).

use super::answer::{self, Ending};
use super::{Push, Served, inbound, joined};
use crate::codes::{BLOCK_NAME, BLOCK_NUMBER, CANCEL, CREDITOR, ORDER_NO, PRINCIPAL};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Command, Described, NoteStatus, RefusalKind, Side, WithdrawOrder};
use http::Response;
use protocol::{Ask, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("2.2", "order-status-push", "保函申请订单状态更新（异步推送）", Way::Ask),
    fields: &[
        "order_status",
        "order_no",
        "block_number",
        "block_name",
        "principal",
        "creditor",
        "order_status_old",
    ],
    read,
    answer,
};

/// The words of 5.4 are kept as they are: a new one is no reason to refuse a push (FZ-17).
fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let business_no = push.fields.required(ORDER_NO)?;
    push.fields.required(BLOCK_NAME)?;
    let described = Some(Described {
        section_no: push.fields.required(BLOCK_NUMBER)?,
        bidder: push.fields.required(PRINCIPAL)?.into(),
        tenderee: push.fields.required(CREDITOR)?.into(),
    });
    let from = push.fields.required(("order_status_old", "旧订单状态"))?;
    let to = push.fields.required(("order_status", "订单状态"))?;
    let business_key = joined(&[&business_no, &from, &to]);
    let command = if to == CANCEL {
        Command::WithdrawOrder(WithdrawOrder {
            business_no,
            no: None,
            // 2.2 gives none (FZ-13).
            reason: "投标人在平台取消订单".to_owned(),
            side: Side::Partner,
            by: String::new(),
            described,
        })
    } else {
        Command::NoteStatus(NoteStatus { business_no, from, to, described })
    };
    Ok(Ask { business_key, wish: Wish::Command(command), callback: None })
}

/// A cancellation that comes after issue is acknowledged all the same: the protocol has no word against it, repeating it
/// would change nothing, and the worker has left a task for an operator (FZ-23). Only an order that is not known yet is
/// worth a repetition.
fn answer(ending: &Ending<'_>, manner: &Manner) -> Response<Bytes> {
    match ending {
        Ending::Refused(_, refusal) if refusal.kind != RefusalKind::Unknown => answer::acknowledged(manner),
        other => answer::status(other, manner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{asked, body, manner, refused};
    use domain::Refusal;
    use serde_json::json;

    #[test]
    fn a_cancellation_withdraws_and_every_other_word_is_noted() {
        let wish = asked("order-status-push", |data| data["order_status"] = json!("CANCEL")).wish;
        let Wish::Command(Command::WithdrawOrder(withdraw)) = wish else { panic!("{wish:?}") };
        assert_eq!((withdraw.business_no.as_str(), withdraw.side), ("1812487543", Side::Partner));
        let described = withdraw.described.expect("FZ-13: compared with the order");
        assert!(!described.section_no.is_empty() && !described.bidder.expose().is_empty());
        assert!(!described.tenderee.expose().is_empty());
        for word in ["WAIT_PAY", "HAS_OUT_GUARANTEE", "FINISH", "SOMETHING_NEW"] {
            let wish = asked("order-status-push", |data| data["order_status"] = json!(word)).wish;
            let Wish::Command(Command::NoteStatus(note)) = wish else { panic!("{wish:?}") };
            assert_eq!((note.from.as_str(), note.to.as_str()), ("WAIT_OFFER", word));
        }
    }

    #[test]
    fn each_step_is_a_request_of_its_own_and_a_repeat_is_the_same() {
        let key =
            |word: &str| asked("order-status-push", |data| data["order_status"] = json!(word)).business_key;
        assert_eq!(key("WAIT_PAY"), key("WAIT_PAY"));
        assert_ne!(key("WAIT_PAY"), key("FINISH"));
    }

    #[test]
    fn too_late_is_acknowledged_and_unknown_is_not() {
        let ask = asked("order-status-push", |data| data["order_status"] = json!("CANCEL"));
        let told = |refusal: Refusal| body(&answer(&refused(&ask, &refusal), &manner("")));
        assert_eq!(told(Refusal::not_now("保函已出具")), json!({ "status": 200 }));
        assert_eq!(told(Refusal::unknown("订单")), json!({ "status": 1101, "data": "订单不存在" }));
    }
}
