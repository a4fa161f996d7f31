//! The answer to every call, field by field as the document prints it.

use crate::settings::{CodeForm, Manner};
use bytes::Bytes;
use domain::AcceptanceNo;
use serde::Serialize;

/// Where our acceptance number stands in the configured page.
const PLACE: &str = "{no}";
const DONE: &str = "成功";

/// An answer.
#[derive(Serialize)]
pub(super) struct Receipt<'a> {
    code: Code,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Page>,
}

/// `code`, as the partner reads it (PR-15).
#[derive(Serialize)]
#[serde(untagged)]
enum Code {
    Text(&'static str),
    Number(u8),
}

/// Where the bidder goes on.
#[derive(Serialize)]
struct Page {
    redirecturl: String,
}

impl Code {
    fn of(success: bool, manner: &Manner) -> Self {
        match (manner.code, success) {
            (CodeForm::String, true) => Self::Text("1"),
            (CodeForm::String, false) => Self::Text("0"),
            (CodeForm::Int, success) => Self::Number(success.into()),
        }
    }
}

impl<'a> Receipt<'a> {
    /// Yes, under this number.
    pub(super) fn accepted(no: &AcceptanceNo, manner: &Manner) -> Self {
        let redirecturl = manner.redirect_url.replace(PLACE, no.as_str());
        Self { code: Code::of(true, manner), message: DONE, data: Some(Page { redirecturl }) }
    }

    /// No, and why.
    pub(super) fn refused(message: &'a str, manner: &Manner) -> Self {
        let nowhere = Page { redirecturl: String::new() };
        Self { code: Code::of(false, manner), message, data: Some(nowhere) }
    }

    /// The same with or without a page, as the interface has it.
    pub(super) fn of(self, has_page: bool) -> Self {
        Self { data: self.data.filter(|_| has_page), ..self }
    }

    /// Two texts and an address always have a JSON form.
    pub(super) fn bytes(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}
