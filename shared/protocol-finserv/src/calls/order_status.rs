//! 3.1.2 查询保函申请结果 `get_apply_guarantee_result`: where an application stands.

use super::wire::{FAIL, SUCCESS, bytes};
use super::{BUSY, Served, inbound};
use crate::codes;
use crate::settings::Manner;
use bytes::Bytes;
use domain::{AcceptanceNo, OrderState, OrderStatus, Query, Reply};
use protocol::{Ask, Fields, Rejection, RejectionKind, Way, Wish};
use serde::Serialize;

pub(super) const SERVED: Served = Served {
    interface: inbound("3.1.2", "get_apply_guarantee_result", "查询保函申请结果", Way::Query),
    batch: false,
    read,
    answer,
};

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    let no = quoted_no(fields)?;
    let business_key = no.to_string();
    Ok(Ask { business_key, wish: Wish::Query(Query::OrderStatus { no }), callback: None })
}

/// The acceptance number that the partner quotes. One that cannot be ours is well formed in the partner's eyes: there
/// is just nothing under it.
pub(super) fn quoted_no(fields: &Fields) -> Result<AcceptanceNo, Rejection> {
    AcceptanceNo::parse(&fields.required(codes::ACCEPT_NO)?).map_err(|_| {
        Rejection::new(RejectionKind::Unknown, "受理流水号(accept_no)不存在", "accept_no cannot be ours")
    })
}

/// Every key is always there, empty while nothing is known (FS-09).
#[derive(Default, Serialize)]
struct Wire<'a> {
    result: &'static str,
    approve_status: &'static str,
    accept_no: &'a str,
    guarantee_no: &'a str,
    guarantee_url: &'a str,
    merchant_name: &'a str,
    fee: String,
    rate: String,
    msg: &'a str,
}

fn answer(reply: Result<&Reply, &str>, manner: &Manner) -> Bytes {
    let merchant_name = manner.merchant_name.as_str();
    bytes(&match reply {
        Ok(Reply::Order(status)) => standing(status, manner),
        Err(msg) => Wire { result: FAIL, merchant_name, msg, ..Wire::default() },
        Ok(_) => Wire { result: FAIL, merchant_name, msg: BUSY, ..Wire::default() },
    })
}

fn standing<'a>(status: &'a OrderStatus, manner: &'a Manner) -> Wire<'a> {
    let msg = match status.state {
        OrderState::Withdrawn if status.reason.is_empty() => "申请已放弃",
        _ => &status.reason,
    };
    Wire {
        result: SUCCESS,
        approve_status: codes::order_status(status.state),
        accept_no: status.no.as_str(),
        guarantee_no: status.guarantee_no.as_ref().map_or("", |no| no.as_str()),
        guarantee_url: status.document_url.as_deref().unwrap_or_default(),
        merchant_name: &manner.merchant_name,
        fee: status.premium.map(|fee| fee.to_string()).unwrap_or_default(),
        rate: status.rate.map(|rate| codes::rate(rate, manner)).unwrap_or_default(),
        msg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use domain::{GuaranteeNo, Money, Rate};
    use serde_json::{Value, json};

    fn status(state: OrderState) -> OrderStatus {
        OrderStatus {
            no: sample::no(),
            state,
            premium: None,
            rate: None,
            guarantee_no: None,
            document_url: None,
            reason: String::new(),
            bond: None,
            changed_at: None,
        }
    }

    fn told(status: OrderStatus) -> Value {
        serde_json::from_slice(&answer(Ok(&Reply::Order(status)), &sample::manner())).unwrap()
    }

    #[test]
    fn every_key_is_there_while_nothing_is_known() {
        let expected = json!({
            "result": "success", "approve_status": "0", "accept_no": sample::no().as_str(), "guarantee_no": "",
            "guarantee_url": "", "merchant_name": "示例担保", "fee": "", "rate": "", "msg": ""
        });
        assert_eq!(told(status(OrderState::Reviewing)), expected);
    }

    #[test]
    fn the_fee_is_told_while_it_is_unpaid() {
        let (premium, rate) = (Some(Money::from_fen(50_000)), Some(Rate::parse("0.005").unwrap()));
        let told = told(OrderStatus { premium, rate, ..status(OrderState::AwaitingPayment) });
        assert_eq!([&told["approve_status"], &told["fee"], &told["rate"]], ["3", "500.00", "0.005"]);
    }

    #[test]
    fn an_issued_guarantee_is_told_with_number_and_link() {
        let (guarantee_no, document_url) =
            (Some(GuaranteeNo::quoted("BH1")), Some("https://f.example/1".into()));
        let told = told(OrderStatus { guarantee_no, document_url, ..status(OrderState::Issued) });
        assert_eq!([&told["approve_status"], &told["guarantee_no"]], ["1", "BH1"]);
        assert_eq!(told["guarantee_url"], "https://f.example/1");
    }

    #[test]
    fn a_number_that_cannot_be_ours_is_unknown_not_malformed() {
        let fields = Fields::parse(r#"{"accept_no":"20210701124587"}"#).unwrap();
        let rejection = read(&fields).unwrap_err();
        assert_eq!(
            (rejection.kind, rejection.say.as_str()),
            (RejectionKind::Unknown, "受理流水号(accept_no)不存在")
        );
        let no = answer(Err(&rejection.say), &sample::manner());
        assert!(String::from_utf8_lossy(&no).starts_with(r#"{"result":"fail","approve_status":"","#));
    }
}
