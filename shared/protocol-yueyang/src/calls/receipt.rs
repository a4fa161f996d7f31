//! The answer to every call, field by field as the document prints it.

use crate::codes;
use crate::settings::{CodeForm, Manner};
use bytes::Bytes;
use domain::{AcceptanceNo, CreditStanding};
use serde::Serialize;

/// Where our acceptance number stands in the configured page.
const PLACE: &str = "{no}";
const DONE: &str = "操作成功";
const OK: u16 = 200;
const FAILED: u16 = 500;

/// What an answer has room for besides `code` and `msg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// Nothing, and the request may hold several of a kind.
    Batch,
    /// `data`: 跳转地址, empty with a failure (YY-27).
    Page,
    /// `data`: 撤回结果, never missing (YY-16).
    Verdict,
}

/// An answer.
pub(super) struct Receipt {
    code: u16,
    msg: String,
    data: String,
}

#[derive(Serialize)]
struct Wire<'a> {
    code: Code,
    msg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a str>,
}

/// `code`, as the partner reads it (YY-15).
#[derive(Serialize)]
#[serde(untagged)]
enum Code {
    Number(u16),
    Text(String),
}

impl Receipt {
    fn new(code: u16, msg: &str, data: impl Into<String>) -> Self {
        Self { code, msg: msg.to_owned(), data: data.into() }
    }

    /// Yes, under this number.
    pub(super) fn accepted(no: &AcceptanceNo, manner: &Manner, form: Form) -> Self {
        let data = match form {
            Form::Page => manner.redirect_url.replace(PLACE, no.as_str()),
            _ => codes::result(true).to_owned(),
        };
        Self::new(OK, DONE, data)
    }

    /// No, and why: a taking back that is refused is a proper answer all the same (YY-16).
    pub(super) fn refused(say: &str, form: Form) -> Self {
        if form == Form::Verdict { Self::new(OK, say, codes::result(false)) } else { Self::failed(say) }
    }

    /// It did not work.
    pub(super) fn failed(say: &str) -> Self {
        Self::new(FAILED, say, "")
    }

    /// So many were received (section 四).
    pub(super) fn received(count: usize) -> Self {
        Self::new(OK, &format!("{count}条数据接收成功！"), "")
    }

    /// Whether a bidder can get a guarantee on credit.
    pub(super) fn credit(standing: CreditStanding) -> Self {
        let (code, say) = codes::standing(standing);
        Self::new(code, say, "")
    }

    /// A number and two texts always have a JSON form.
    pub(super) fn bytes(&self, code: CodeForm, form: Form) -> Bytes {
        let code = match code {
            CodeForm::Int => Code::Number(self.code),
            CodeForm::String => Code::Text(self.code.to_string()),
        };
        let data = match form {
            Form::Plain | Form::Batch => None,
            Form::Verdict if self.data.is_empty() => Some(codes::result(false)),
            Form::Page | Form::Verdict => Some(self.data.as_str()),
        };
        serde_json::to_vec(&Wire { code, msg: &self.msg, data }).unwrap_or_default().into()
    }
}
