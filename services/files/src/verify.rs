//! 保函查验: the page to which the square code on a guarantee leads, and the form to which anybody brings a file.

mod inquiry;
mod page;
mod upload;
mod verdict;

use broker::Publisher;
use bytes::Bytes;
use documents::{Invalid, Links};
use domain::{Held, Origin, Timestamp};
use http::{Method, Request, Response, StatusCode};
use inquiry::Inquiry;
use page::Letterhead;
use signing::TrustAnchors;
use signing::verify::{Examiner, Limits};
use std::sync::Arc;
use std::time::Duration;
use verdict::Verdict;
use web::Body;

/// Largest file that is looked into, bytes; guarantees have about 160 KB.
pub(crate) const UPLOAD_BYTES: usize = 4 << 20;
/// Files looked into at the same time: computing, so no more than small machines have cores.
const SEATS: usize = 2;
/// For looking into one, waiting for a seat included.
const LOOKING: Duration = Duration::from_secs(8);

/// Verifies guarantees for whoever holds one.
pub(crate) struct Verification {
    links: Links,
    examiner: Examiner,
    inquiry: Inquiry,
    letterhead: Letterhead,
}

impl Verification {
    /// Believes these roots, asks as `origin`, and answers in the name of the institution (its telephone, if it has one).
    pub(crate) fn new(
        links: Links,
        trust: TrustAnchors,
        (publisher, origin): (Publisher, Origin),
        (name, phone): (String, Option<String>),
    ) -> Self {
        let limits = Limits { file_bytes: UPLOAD_BYTES, ..Limits::default() };
        let letterhead = Letterhead { name, phone, form: links.verification_page() };
        let examiner = Examiner::new(trust, limits, SEATS, LOOKING);
        Self { links, examiner, inquiry: Inquiry::new(publisher, origin), letterhead }
    }

    /// The page that a request asks for; nothing if it asks for something else.
    pub(crate) async fn answer(&self, request: &Request<Bytes>, now: Timestamp) -> Option<Response<Body>> {
        let path = request.uri().path();
        let form = path.trim_end_matches('/').ends_with("/v");
        if !form && !path.contains("/v/") {
            return None;
        }
        Some(match (form, request.method()) {
            (true, &Method::GET | &Method::HEAD) => self.letterhead.form(),
            (true, &Method::POST) => self.file(request, now).await,
            (false, &Method::GET | &Method::HEAD) => self.number(path, now).await?,
            _ => crate::answer::plain(StatusCode::METHOD_NOT_ALLOWED),
        })
    }

    /// A guarantee by its number and check code. A wrong code is told like a number that nobody knows.
    async fn number(&self, path: &str, now: Timestamp) -> Option<Response<Body>> {
        match self.links.verified(path) {
            Ok(no) => {
                let said = self.inquiry.ask(Held::Number(no.clone()), now).await;
                Some(self.letterhead.verdict(&Verdict::on_number(&no, said, now)))
            }
            Err(Invalid::Forged) => {
                Some(self.letterhead.mistake(StatusCode::NOT_FOUND, "查验网址不正确", WRONG_ADDRESS))
            }
            // `/v/` inside a link to a document is no business of this page.
            Err(_) if path.contains("/d/") => None,
            Err(_) => Some(self.letterhead.mistake(StatusCode::NOT_FOUND, "查验网址不完整", WRONG_ADDRESS)),
        }
    }

    async fn file(&self, request: &Request<Bytes>, now: Timestamp) -> Response<Body> {
        let file = match upload::file(request) {
            Ok(file) => file,
            Err(mistake) => {
                return self.letterhead.mistake(StatusCode::BAD_REQUEST, "未收到文件", mistake.chinese());
            }
        };
        let findings = self.examiner.check(Arc::from(file), now).await;
        let said = if findings.sha256.is_empty() {
            None
        } else {
            Some(self.inquiry.ask(Held::File(findings.sha256.clone()), now).await)
        };
        self.letterhead.verdict(&Verdict::on_file(&findings, said, now))
    }

    /// What is answered to a request that did not arrive whole.
    pub(crate) fn refuse(&self, refusal: web::Refusal) -> Response<Body> {
        let why = match refusal {
            web::Refusal::BodyTooLarge => {
                "文件超过4MB。本机构开立的保函文件不会超过这一大小，请确认所选文件是否正确。"
            }
            web::Refusal::Slow => "上传超时，请在网络良好时重试。",
            web::Refusal::Unreadable => "上传中断，请重试。",
        };
        self.letterhead.mistake(refusal.status(), "文件未能接收", why)
    }
}

const WRONG_ADDRESS: &str = "请扫描保函上的二维码，或者照原样输入保函页脚的查验网址（包括末尾的12位查验码）；也可以在下方上传保函的PDF文件查验。";

#[cfg(test)]
mod tests;
