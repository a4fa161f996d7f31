//! 2.6 保函验真(请求保险公司): who signed this PDF, and was it changed; answered by the codes of 5.5 (FZ-06).

use super::answer::{self, Ending};
use super::{Push, Served, inbound};
use crate::codes::{GOOD, SERIAL_NUM, yes};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Query, RefusalKind, Reply, Timestamp, VerifiedDocument};
use http::Response;
use protocol::{Ask, Form, Label, Rejection, RejectionKind, Way, Wish, print_shanghai};
use serde_json::json;

pub(super) const SERVED: Served = Served {
    interface: inbound("2.6", "verify-file", "保函验真(请求保险公司)", Way::Query),
    // `serial_num` alone is told from 2.7 by there being no guarantee_no: the table is searched from its end.
    fields: &["serial_num"],
    read,
    answer,
};

const FILE: Label = ("guarantee_pdf", "电子保函原件");
/// What a malformed file is told by.
const NO_PDF: &str = "文件格式错误，仅支持PDF";
const TOO_LARGE: &str = "文件过大";
/// How far into a file its mark may stand, bytes.
const MARK_WITHIN: usize = 1024;

const MISSING_SERIAL: u16 = 2600;
const MISSING_FILE: u16 = 2601;
const WRONG_KIND: u16 = 2602;
const LARGE: u16 = 2603;
const NOT_RECEIVED: u16 = 2604;
const NOT_OURS: u16 = 2605;
const NOT_PROVEN: u16 = 2607;
const TIMED_OUT: u16 = 2608;
const BROKEN: u16 = 2609;

/// The file is looked into here: it goes no further.
fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let serial_no = push.fields.required(SERIAL_NUM)?;
    let malformed = |problem: &str| Rejection::malformed(FILE.0, FILE.1, problem);
    let file = push.file.filter(|file| !file.is_empty()).ok_or_else(|| malformed("不能为空"))?;
    if file.len() > push.manner.pdf_limit {
        return Err(malformed(TOO_LARGE));
    }
    if !file[..file.len().min(MARK_WITHIN)].windows(5).any(|window| window == b"%PDF-") {
        return Err(malformed(NO_PDF));
    }
    let findings = (push.verifier)(file);
    let business_key = format!("{serial_no}/{}", findings.sha256);
    let query = Query::VerifyDocument { serial_no, findings };
    Ok(Ask { business_key, wish: Wish::Query(query), callback: None })
}

fn answer(ending: &Ending<'_>, manner: &Manner) -> Response<Bytes> {
    match ending {
        Ending::Done(ask, Reply::Verified(verified)) => told(ask, verified, manner),
        Ending::Refused(_, refusal) if refusal.kind == RefusalKind::Unknown => {
            answer::said(NOT_OURS, "无法识别该文件")
        }
        Ending::Busy | Ending::Durable(_) => answer::said(TIMED_OUT, "请求超时"),
        Ending::Rejected(rejection) => rejected(rejection),
        Ending::Done(..) | Ending::Refused(..) => answer::said(BROKEN, "系统错误"),
    }
}

fn rejected(rejection: &Rejection) -> Response<Bytes> {
    let about = |name: &str| rejection.why.starts_with(name);
    let code = match rejection.kind {
        RejectionKind::Forged => NOT_PROVEN,
        RejectionKind::Unreadable => NOT_RECEIVED,
        RejectionKind::Unwelcome => LARGE,
        RejectionKind::Malformed if about(SERIAL_NUM.0) => MISSING_SERIAL,
        RejectionKind::Malformed if about(FILE.0) && rejection.why.ends_with(TOO_LARGE) => LARGE,
        RejectionKind::Malformed if about(FILE.0) && rejection.why.ends_with(NO_PDF) => WRONG_KIND,
        RejectionKind::Malformed if about(FILE.0) => MISSING_FILE,
        _ => BROKEN,
    };
    answer::said(code, &rejection.say)
}

/// A file that is ours to the byte was not changed, whatever its signature says. One that is not, but bears a signature that
/// no longer holds, was changed; one without a signature, or with one that holds (another's), is none of ours.
fn told(ask: &Ask, verified: &VerifiedDocument, manner: &Manner) -> Response<Bytes> {
    let (findings, record) = (&verified.findings, verified.record.as_ref());
    let serial = match &ask.wish {
        Wish::Query(Query::VerifyDocument { serial_no, .. }) => serial_no.as_str(),
        _ => "",
    };
    let known = record.and_then(|record| record.guarantee.serial_no.as_deref());
    // An earlier document bore another serial number.
    let another = verified.is_current && known.is_some_and(|known| known != serial);
    let changed = !findings.signer.is_empty() && (findings.is_modified || !findings.signature_valid);
    if another || (record.is_none() && !changed) {
        return answer::said(NOT_OURS, "无法识别该文件");
    }
    let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise } else { text }.to_owned();
    let at = findings.signed_at.or(record.map(|record| record.guarantee.issued_at));
    answer::json(&json!({
        "status": GOOD,
        "data": {
            "serial_num": serial,
            "sign_name": or(&findings.signer, &manner.insurer_name),
            "sign_time": at.map(|at| print_shanghai(at, Form::Dashed)).unwrap_or_default(),
            "issuer": or(&findings.issuer, &manner.insurer_name),
            "timestamp": at.map(Timestamp::unix_seconds).unwrap_or_default(),
            "is_modified": yes(record.is_none()),
        }
    }))
}

#[cfg(test)]
mod tests;
