//! A protocol made for these tests, of a partner that lends tokens and answers questions.
#![allow(unreachable_pub, reason = "modules of test suites")]

use bytes::Bytes;
use domain::{Attachment, Fact, Notice, Timestamp};
use http::{Request, Response};
use protocol::{Direction, Interface, Learnt, Outbound, Pass, Sealed, Token, Unsealable, Verdict, Way};
use std::time::Duration;

static CALLBACKS: [Interface; 1] = [Interface {
    section: "3",
    name: "ask_lent",
    title: "问",
    direction: Direction::Outbound,
    way: Way::Notice,
}];

/// Posts `<business number> <token>` to `<base>/tell`; tokens come from `<base>/token`. `expired` is the answer to a token
/// that is over; a business number `file` asks for a file.
pub struct Lent {
    pub base: String,
}

impl Outbound for Lent {
    fn callbacks(&self) -> &'static [Interface] {
        &CALLBACKS
    }

    fn callback_for(&self, _notice: &Notice) -> Option<&'static Interface> {
        CALLBACKS.first()
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        let token = pass.token.ok_or_else(|| Unsealable("no token was given".to_owned()))?;
        let body = Bytes::from(format!("{} {token}", notice.head().business_no));
        let request = Request::post(format!("{}/tell", self.base)).body(body);
        request.map(Sealed::Send).map_err(|why| Unsealable(why.to_string()))
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        match reply.body().as_ref() {
            b"expired" => Verdict::TokenExpired,
            _ if reply.status().is_success() => Verdict::Delivered,
            _ => Verdict::Later("not yet".to_owned(), None),
        }
    }

    fn learn(&self, notice: &Notice, reply: &Response<Bytes>) -> Vec<Learnt> {
        if notice.head().business_no == "file" {
            let attachment = Attachment {
                name: "licence.pdf".into(),
                kind: "business_licence".to_owned(),
                url: "".into(),
            };
            return vec![Learnt::File { file_id: "7".to_owned(), attachment }];
        }
        vec![Learnt::Fact(Fact::SerialNo(String::from_utf8_lossy(reply.body()).into_owned()))]
    }

    fn has_tokens(&self) -> bool {
        true
    }

    fn is_heavy(&self) -> bool {
        true
    }

    fn ask_token(&self, _pass: &Pass<'_>) -> Result<Option<Request<Bytes>>, Unsealable> {
        let request = Request::post(format!("{}/token", self.base)).body(Bytes::new());
        request.map(Some).map_err(|why| Unsealable(why.to_string()))
    }

    fn read_token(&self, reply: &Response<Bytes>, _now: Timestamp) -> Result<Token, String> {
        let value = String::from_utf8_lossy(reply.body()).into_owned();
        if value == "no" {
            return Err("refused".to_owned());
        }
        Ok(Token { value: value.into(), lives: Duration::from_secs(600) })
    }
}
