//! A protocol made for these tests: a line of text out, `ok` back.
#![allow(unreachable_pub, reason = "modules of test suites")]

use bytes::Bytes;
use domain::{Notice, Timestamp};
use http::{Request, Response};
use protocol::{Direction, Interface, Outbound, Pass, Sealed, Unsealable, Verdict, Way};
use std::time::Duration;

static CALLBACKS: [Interface; 1] = [Interface {
    section: "2",
    name: "tell_plain",
    title: "告",
    direction: Direction::Outbound,
    way: Way::Notice,
}];

/// Posts `<business number> <time> <nonce> <document link>` to the target, or else to `base`.
pub struct Plain {
    pub base: String,
}

impl Outbound for Plain {
    fn callbacks(&self) -> &'static [Interface] {
        &CALLBACKS
    }

    fn callback_for(&self, _notice: &Notice) -> Option<&'static Interface> {
        CALLBACKS.first()
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        let about = notice.head().business_no.as_str();
        match about {
            "silent" => return Ok(Sealed::Silent("not told")),
            "unsealable" => return Err(Unsealable("no such setting".to_owned())),
            _ => {}
        }
        let nonce: String = pass.nonce.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = format!(
            "{about} {} {nonce} {}",
            Timestamp::new(pass.now.utc()),
            pass.document_url.unwrap_or("-")
        );
        let request = Request::post(pass.target.unwrap_or(&self.base)).body(Bytes::from(body));
        request.map(Sealed::Send).map_err(|why| Unsealable(why.to_string()))
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        let asked = reply.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        match reply.body().as_ref() {
            b"ok" if reply.status().is_success() => Verdict::Delivered,
            b"no" => Verdict::Refused("said no".to_owned()),
            _ => Verdict::Later("neither yes nor no".to_owned(), asked.map(Duration::from_secs)),
        }
    }
}
