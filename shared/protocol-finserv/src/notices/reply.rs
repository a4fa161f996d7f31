//! What the partner's reply to a callback means (FS-18, FS-19).

use bytes::Bytes;
use http::Response;
use protocol::{Fields, Verdict, retry_after, short_reason};

/// What a platform says that has the callback already. Its first success was lost on the way, and every repetition
/// will be answered alike: the only failure that time does not cure, so that an operator sees it instead of ten more
/// attempts. It is not taken for an acknowledgement either, for the words are free text.
const ALREADY: [&str; 3] = ["重复", "已反馈", "已处理"];

/// Reads a reply: `result` is `success`, whatever its case, in the JSON body of a 2xx.
pub(crate) fn judge(reply: &Response<Bytes>) -> Verdict {
    let status = reply.status();
    if !status.is_success() {
        return Verdict::Later(format!("HTTP {}", status.as_u16()), retry_after(reply));
    }
    let Some((result, msg)) = read(reply.body()) else {
        return Verdict::Later(format!("HTTP {}, but no JSON with a result", status.as_u16()), None);
    };
    if result.eq_ignore_ascii_case("success") {
        return Verdict::Delivered;
    }
    let reason = format!("result {}: {}", short_reason(&result), short_reason(&msg));
    if ALREADY.iter().any(|word| msg.contains(word)) {
        return Verdict::Refused(reason);
    }
    Verdict::Later(reason, None)
}

/// `result` and `msg`; the latter may be missing (FS-19).
fn read(body: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}');
    let fields = Fields::parse(text).ok()?;
    let result = fields.text(("result", "")).ok().filter(|result| !result.is_empty())?;
    Some((result, fields.text(("msg", "")).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::RETRY_AFTER;
    use protocol::LONGEST_REASON;
    use std::time::Duration;

    fn reply(status: u16, body: &str) -> Response<Bytes> {
        Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn success_in_any_case_with_or_without_msg_is_delivered() {
        let bodies = [
            r#"{"result":"success"}"#,
            r#"{"result":" SUCCESS ","msg":"成功"}"#,
            "\u{feff}{\"result\":\"Success\",\"x\":1}",
        ];
        for body in bodies {
            assert_eq!(judge(&reply(200, body)), Verdict::Delivered, "{body}");
        }
    }

    #[test]
    fn everything_else_is_tried_again() {
        let replies = [
            reply(200, r#"{"result":"fail","msg":"系统维护"}"#),
            reply(200, r#"{"msg":"成功"}"#),
            reply(200, "success"),
            reply(200, ""),
            reply(302, r#"{"result":"success"}"#),
            reply(404, r#"{"result":"success"}"#),
            reply(500, r#"{"result":"success"}"#),
        ];
        for reply in replies {
            assert!(matches!(judge(&reply), Verdict::Later(_, None)), "{reply:?}");
        }
    }

    #[test]
    fn what_the_partner_has_already_is_not_sent_again() {
        let verdict = judge(&reply(200, r#"{"result":"fail","msg":"请勿重复反馈"}"#));
        assert_eq!(verdict, Verdict::Refused("result fail: 请勿重复反馈".to_owned()));
    }

    #[test]
    fn a_wait_in_seconds_is_honoured_where_it_belongs() {
        let asked = |status: u16, value: &str| {
            let mut reply = reply(status, "");
            reply.headers_mut().insert(RETRY_AFTER, value.parse().unwrap());
            match judge(&reply) {
                Verdict::Later(_, wait) => wait,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(asked(429, "120"), Some(Duration::from_secs(120)));
        assert_eq!(asked(503, " 7 "), Some(Duration::from_secs(7)));
        assert_eq!(asked(503, "Wed, 21 Oct 2026 07:28:00 GMT"), None);
        assert_eq!(asked(500, "120"), None);
    }

    #[test]
    fn a_reason_is_cut_short_and_printable() {
        let body = format!(r#"{{"result":"fail","msg":"a\n{}"}}"#, "长".repeat(500));
        let Verdict::Later(reason, _) = judge(&reply(200, &body)) else { panic!("not later") };
        assert!(reason.chars().count() <= LONGEST_REASON + 20 && !reason.contains('\n'));
    }
}
