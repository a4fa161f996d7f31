//! 3.2.2 查询撤销申请结果 `get_apply_cancel_result`: where a release stands.

use super::order_status::quoted_no;
use super::{Served, inbound, joined, wire};
use crate::codes::GUARANTEE_NO;
use domain::{CaseQuery, GuaranteeNo, Query};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.2", "get_apply_cancel_result", "查询撤销申请结果", Way::Query),
    batch: false,
    read: |fields| numbered(fields, Query::ReleaseStatus),
    answer: |reply, _| wire::standing(reply),
};

/// A question about one case of a guarantee, by the number we gave it.
pub(super) fn numbered(fields: &Fields, ask: fn(CaseQuery) -> Query) -> Result<Ask, Rejection> {
    let guarantee_no = fields.required(GUARANTEE_NO)?;
    let no = quoted_no(fields)?;
    let business_key = joined(&[no.as_str(), &guarantee_no]);
    let query = CaseQuery { guarantee_no: GuaranteeNo::quoted(&guarantee_no), no: Some(no) };
    Ok(Ask { business_key, wish: Wish::Query(ask(query)), callback: None })
}

#[cfg(test)]
mod tests {
    use crate::sample;
    use domain::{CaseState, CaseStatus, Reply};
    use protocol::RejectionKind;
    use serde_json::json;

    use super::SERVED;

    #[test]
    fn a_foreign_number_is_not_a_question_for_the_latest() {
        let foreign = sample::changed("get_apply_cancel_result", |data| data["accept_no"] = json!("X1"));
        assert_eq!((SERVED.read)(&foreign).unwrap_err().kind, RejectionKind::Unknown);
        let none = sample::changed("get_apply_cancel_result", |data| data["accept_no"] = json!(""));
        assert_eq!((SERVED.read)(&none).unwrap_err().say, "受理流水号(accept_no)不能为空");
    }

    #[test]
    fn the_state_and_the_reason_are_told() {
        let case = |state, reason: &str| {
            Reply::Case(CaseStatus { no: sample::no(), state, reason: reason.into(), document_url: None })
        };
        let told = |reply: &Reply| (SERVED.answer)(Ok(reply), &sample::manner());
        let expected = r#"{"result":"success","approve_status":"0","msg":""}"#;
        assert_eq!(told(&case(CaseState::Reviewing, "")), expected);
        let expected = r#"{"result":"success","approve_status":"2","msg":"尚未开标"}"#;
        assert_eq!(told(&case(CaseState::Refused, "尚未开标")), expected);
    }

    #[test]
    fn an_answer_to_another_question_is_not_passed_on() {
        let told = (SERVED.answer)(Ok(&Reply::Accepted { no: sample::no() }), &sample::manner());
        assert_eq!(told, r#"{"result":"fail","approve_status":"","msg":"系统繁忙，请稍后重试"}"#);
    }
}
