//! What the partner's reply to a callback means (PR-10, PR-15).

use bytes::Bytes;
use http::Response;
use protocol::{Fields, Label, Verdict, retry_after, short_reason};

/// What a platform says that has the callback already, or whose own bidder gave up first (PR-01). Every repetition will
/// be answered alike: the only failure that time does not cure, so that an operator sees it instead of ten more
/// attempts. It is not taken for an acknowledgement either, for the words are free text. Any other 0 may be a passing
/// trouble of the platform, which has no code of its own for that.
const ALREADY: [&str; 4] = ["重复", "已通知", "已处理", "已放弃"];

const CODE: Label = ("code", "响应代码");
/// As documented, and as some write it (WIRE.md, table 001).
const MESSAGES: [Label; 2] = [("message", "响应信息"), ("msg", "响应信息")];

/// Reads a reply: `code` is 1, as text or as number, in the JSON body of a 2xx.
pub(crate) fn judge(reply: &Response<Bytes>) -> Verdict {
    let status = reply.status();
    if !status.is_success() {
        return Verdict::Later(format!("HTTP {}", status.as_u16()), retry_after(reply));
    }
    let Some((code, message)) = read(reply.body()) else {
        return Verdict::Later(format!("HTTP {}, but no JSON with a code", status.as_u16()), None);
    };
    if code == "1" {
        return Verdict::Delivered;
    }
    let reason = format!("code {}: {}", short_reason(&code), short_reason(&message));
    if ALREADY.iter().any(|word| message.contains(word)) {
        return Verdict::Refused(reason);
    }
    Verdict::Later(reason, None)
}

fn read(body: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}');
    let fields = Fields::parse(text).ok()?;
    let code = fields.text(CODE).ok().filter(|code| !code.is_empty())?;
    Some((code, fields.text_of_any(&MESSAGES).unwrap_or_default()))
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
    fn one_as_text_or_number_is_delivered() {
        let bodies = [
            r#"{"code":"1","message":"成功"}"#,
            r#"{"code":1}"#,
            r#"{"code":" 1 ","msg":"ok"}"#,
            "\u{feff}{\"code\":\"1\",\"data\":{}}",
        ];
        for body in bodies {
            assert_eq!(judge(&reply(200, body)), Verdict::Delivered, "{body}");
        }
    }

    #[test]
    fn everything_else_is_tried_again() {
        let replies = [
            reply(200, r#"{"code":"0","message":"系统维护"}"#),
            reply(200, r#"{"code":0,"msg":"系统维护"}"#),
            reply(200, r#"{"code":true}"#),
            reply(200, r#"{"code":"200"}"#),
            reply(200, r#"{"message":"成功"}"#),
            reply(200, "1"),
            reply(200, ""),
            reply(302, r#"{"code":"1"}"#),
            reply(404, r#"{"code":"1"}"#),
            reply(500, r#"{"code":"1"}"#),
        ];
        for reply in replies {
            assert!(matches!(judge(&reply), Verdict::Later(_, None)), "{reply:?}");
        }
        let told = judge(&reply(200, r#"{"code":0,"msg":"系统维护"}"#));
        assert_eq!(told, Verdict::Later("code 0: 系统维护".to_owned(), None));
    }

    #[test]
    fn what_the_partner_has_already_is_not_sent_again() {
        for message in ["请勿重复通知", "该申请已放弃"] {
            let verdict = judge(&reply(200, &format!(r#"{{"code":"0","message":"{message}"}}"#)));
            assert_eq!(verdict, Verdict::Refused(format!("code 0: {message}")));
        }
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
        let body = format!(r#"{{"code":"0","message":"a\n{}"}}"#, "长".repeat(500));
        let Verdict::Later(reason, _) = judge(&reply(200, &body)) else { panic!("not later") };
        assert!(reason.chars().count() <= LONGEST_REASON + 20 && !reason.contains('\n'));
    }
}
