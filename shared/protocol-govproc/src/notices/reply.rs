//! What the partner's reply to a callback means (GP-09).

use crate::envelope::Envelope;
use bytes::Bytes;
use http::Response;
use protocol::{Fields, Label, Verdict, retry_after, short_reason};

/// What a platform says that has the callback already: every repetition will be answered alike, the only failure that
/// time does not cure, so that an operator sees it instead of ten more attempts. It is not taken for an acknowledgement
/// either, for the words are free text.
const ALREADY: [&str; 4] = ["重复", "已通知", "已推送", "已处理"];

const STAT: Label = ("stat", "返回状态");
const CODE: Label = ("errcode", "错误代码标识");
const MESSAGE: Label = ("msg", "返回描述信息");

/// Reads a reply: `stat` is 1, as number or as text, in the body of a 2xx. `errcode` decides nothing.
pub(crate) fn judge(reply: &Response<Bytes>, envelope: &Envelope) -> Verdict {
    let status = reply.status();
    if !status.is_success() {
        return Verdict::Later(format!("HTTP {}", status.as_u16()), retry_after(reply));
    }
    let told = |fields: &Fields, label| fields.text(label).unwrap_or_default();
    let Some(fields) = envelope.read_answer(reply.body()) else {
        return Verdict::Later(format!("HTTP {}, but no answer of the protocol", status.as_u16()), None);
    };
    let stat = told(&fields, STAT);
    match stat.as_str() {
        "1" => return Verdict::Delivered,
        "" => return Verdict::Later(format!("HTTP {}, but no stat", status.as_u16()), None),
        _ => {}
    }
    let (code, message) = (told(&fields, CODE), told(&fields, MESSAGE));
    let reason =
        format!("stat {}, errcode {}: {}", short_reason(&stat), short_reason(&code), short_reason(&message));
    if ALREADY.iter().any(|word| message.contains(word)) {
        return Verdict::Refused(reason);
    }
    Verdict::Later(reason, None)
}
