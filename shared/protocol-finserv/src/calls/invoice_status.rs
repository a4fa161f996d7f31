//! 3.4.2 查询发票信息 `get_invoiceInfo`: the latest invoice of a guarantee.

use super::wire::{FAIL, SUCCESS, bytes};
use super::{BUSY, Served, inbound};
use crate::codes::GUARANTEE_NO;
use crate::settings::{Manner, Unissued};
use bytes::Bytes;
use domain::{CaseQuery, CaseState, GuaranteeNo, InvoiceStatus, Query, Reply};
use protocol::{Ask, Fields, Rejection, Way, Wish};
use serde::Serialize;

pub(super) const SERVED: Served = Served {
    interface: inbound("3.4.2", "get_invoiceInfo", "查询发票信息", Way::Query),
    batch: false,
    read: |fields| latest(fields, Query::InvoiceStatus),
    answer,
};

/// A question about the latest case of a guarantee.
pub(super) fn latest(fields: &Fields, ask: fn(CaseQuery) -> Query) -> Result<Ask, Rejection> {
    let business_key = fields.required(GUARANTEE_NO)?;
    let query = CaseQuery { guarantee_no: GuaranteeNo::quoted(&business_key), no: None };
    Ok(Ask { business_key, wish: Wish::Query(ask(query)), callback: None })
}

#[derive(Default, Serialize)]
struct Wire<'a> {
    result: &'static str,
    invoice_code: &'a str,
    invoice_no: &'a str,
    invoice_url: &'a str,
    msg: &'a str,
}

fn answer(reply: Result<&Reply, &str>, manner: &Manner) -> Bytes {
    bytes(&match reply {
        Ok(Reply::Invoice(status)) if status.state == CaseState::Approved => Wire {
            result: SUCCESS,
            invoice_code: &status.code,
            invoice_no: &status.number,
            invoice_url: &status.document_url,
            msg: "",
        },
        Ok(Reply::Invoice(status)) => unissued(status, manner),
        Err(msg) => Wire { result: FAIL, msg, ..Wire::default() },
        Ok(_) => Wire { result: FAIL, msg: BUSY, ..Wire::default() },
    })
}

/// There is no field for a state: an empty address says that there is no invoice (FS-26).
fn unissued<'a>(status: &'a InvoiceStatus, manner: &Manner) -> Wire<'a> {
    let result = match manner.unissued_invoice {
        Unissued::Success => SUCCESS,
        Unissued::Fail => FAIL,
    };
    let msg = if status.reason.is_empty() { "发票尚未开具" } else { &status.reason };
    Wire { result, msg, ..Wire::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn status(state: CaseState) -> InvoiceStatus {
        let (code, number) = ("033001".into(), "00000001".into());
        let document_url = "https://f.example/i".into();
        InvoiceStatus { no: sample::no(), state, code, number, document_url, reason: String::new() }
    }

    #[test]
    fn an_invoice_is_told_with_code_number_and_link() {
        let told = answer(Ok(&Reply::Invoice(status(CaseState::Approved))), &sample::manner());
        let expected = r#"{"result":"success","invoice_code":"033001","invoice_no":"00000001","invoice_url":"https://f.example/i","msg":""}"#;
        assert_eq!(told, expected);
    }

    #[test]
    fn no_invoice_yet_is_a_success_or_a_failure_as_the_partner_likes() {
        let yet = Reply::Invoice(status(CaseState::Reviewing));
        let expected = |result: &str| {
            let empty = r#""invoice_code":"","invoice_no":"","invoice_url":"","msg":"发票尚未开具""#;
            format!(r#"{{"result":"{result}",{empty}}}"#)
        };
        assert_eq!(answer(Ok(&yet), &sample::manner()), expected("success"));
        let manner = Manner { unissued_invoice: Unissued::Fail, ..sample::manner() };
        assert_eq!(answer(Ok(&yet), &manner), expected("fail"));
    }

    #[test]
    fn a_refused_invoice_says_why() {
        let refused = InvoiceStatus { reason: "税号有误".into(), ..status(CaseState::Refused) };
        let told = answer(Ok(&Reply::Invoice(refused)), &sample::manner());
        assert!(String::from_utf8_lossy(&told).ends_with(r#""invoice_url":"","msg":"税号有误"}"#));
    }
}
