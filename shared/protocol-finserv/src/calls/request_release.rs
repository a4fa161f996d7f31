//! 3.2.1 申请保函撤销 `apply_cancel`: after the tender, the guarantee is to end and the credit to be freed (FS-01).

use super::wire::Receipt;
use super::{Served, inbound, joined};
use crate::codes::{APPLY_NO, CALLBACK, GUARANTEE_NO, RELEASE_REASONS, SECTION_CODE};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{About, Command, GuaranteeNo, ReleaseReason, Reply, RequestRelease};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.1", "apply_cancel", "申请保函撤销", Way::Ask),
    batch: false,
    read,
    answer,
};

const CANCEL_REASON: Label = ("cancel_reason", "撤销原因");

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    let request = RequestRelease { section_no: fields.required(SECTION_CODE)?, reason: reason(fields)? };
    let (business_key, about) = about(fields, request)?;
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestRelease(about)), callback: callback(fields)? })
}

fn reason(fields: &Fields) -> Result<ReleaseReason, Rejection> {
    fields.required(CANCEL_REASON)?;
    Ok(fields.code(CANCEL_REASON, &RELEASE_REASONS)?.unwrap_or(ReleaseReason::Other))
}

/// A request about a guarantee and its key: apply_no may be that of the original application, so only both numbers
/// together name the request (FS-13).
pub(super) fn about<R>(fields: &Fields, request: R) -> Result<(String, About<R>), Rejection> {
    let business_no = fields.required(APPLY_NO)?;
    let guarantee_no = fields.required(GUARANTEE_NO)?;
    let key = joined(&[&business_no, &guarantee_no]);
    Ok((
        key,
        About {
            business_no,
            guarantee_no: GuaranteeNo::quoted(&guarantee_no),
            request,
            by: String::new(),
            order_no: String::new(),
            stage: None,
        },
    ))
}

/// Where the partner wants the outcome sent, if it says so.
pub(super) fn callback(fields: &Fields) -> Result<Option<String>, Rejection> {
    fields.text(CALLBACK).map(|url| Some(url).filter(|url| !url.is_empty()))
}

fn answer(reply: Result<&Reply, &str>, _: &Manner) -> Bytes {
    Receipt::numbered(reply).bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::json;

    const NAME: &str = "apply_cancel";

    #[test]
    fn every_reason_has_its_word() {
        let reasons = ["1", "2", "3", "4"].map(|code| {
            let fields = sample::changed(NAME, |data| data["cancel_reason"] = json!(code));
            match read(&fields).unwrap().wish {
                Wish::Command(Command::RequestRelease(about)) => about.request.reason,
                other => panic!("not a release: {other:?}"),
            }
        });
        let words = [
            ReleaseReason::BondReturned,
            ReleaseReason::Expired,
            ReleaseReason::NotAwarded,
            ReleaseReason::Other,
        ];
        assert_eq!(reasons, words);
    }

    #[test]
    fn a_reason_out_of_the_list_or_missing_is_named() {
        let say = |code: &str| {
            read(&sample::changed(NAME, |data| data["cancel_reason"] = json!(code))).unwrap_err().say
        };
        assert_eq!(say("5"), "撤销原因(cancel_reason)取值应为1、2、3、4");
        assert_eq!(say(""), "撤销原因(cancel_reason)不能为空");
    }

    #[test]
    fn the_receipt_carries_the_number_and_an_empty_one_with_a_no() {
        let no = sample::no();
        let yes = format!(r#"{{"result":"success","accept_no":"{no}","msg":""}}"#);
        assert_eq!(answer(Ok(&Reply::Accepted { no }), &sample::manner()), yes);
        assert_eq!(
            answer(Err("保函已退保"), &sample::manner()),
            r#"{"result":"fail","accept_no":"","msg":"保函已退保"}"#
        );
    }
}
