//! The answers that several interfaces share, field by field as the document prints them.

use super::BUSY;
use bytes::Bytes;
use domain::Reply;
use serde::Serialize;

pub(super) const SUCCESS: &str = "success";
pub(super) const FAIL: &str = "fail";

/// The answer to a command. Which of the optional fields it has depends on the interface, not on the outcome.
#[derive(Serialize)]
pub(super) struct Receipt<'a> {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_flow: Option<&'static str>,
    msg: &'a str,
}

/// The answer to a query about a release, claim or refund.
#[derive(Serialize)]
struct Standing<'a> {
    result: &'static str,
    approve_status: &'static str,
    msg: &'a str,
}

impl<'a> Receipt<'a> {
    /// A receipt of `result` and `msg` alone.
    pub(super) fn of(reply: Result<&'a Reply, &'a str>) -> Self {
        match reply {
            Ok(Reply::Accepted { .. }) => Self { result: SUCCESS, ..Self::refused("") },
            Err(say) => Self::refused(say),
            Ok(_) => Self::refused(BUSY),
        }
    }

    /// The same with the number under which we accepted it, which stays empty if we did not (FS-08).
    pub(super) fn numbered(reply: Result<&'a Reply, &'a str>) -> Self {
        let no = match reply {
            Ok(Reply::Accepted { no }) => no.as_str(),
            _ => "",
        };
        Self { accept_no: Some(no), ..Self::of(reply) }
    }

    /// With a page for the applicant to go on with: we have none, decisions are taken here.
    pub(super) fn with_page(self) -> Self {
        Self { page_flow: Some(""), ..self }
    }

    /// With the number under its other name too (FS-07), if the partner reads that.
    pub(super) fn with_alias(self, wanted: bool) -> Self {
        let accept = self.accept_no.filter(|_| wanted);
        Self { accept, ..self }
    }

    /// No.
    pub(super) fn refused(msg: &'a str) -> Self {
        Self { result: FAIL, accept_no: None, accept: None, page_flow: None, msg }
    }

    pub(super) fn bytes(&self) -> Bytes {
        bytes(self)
    }
}

/// Where a release, claim or refund stands; `msg` says why it was refused.
pub(super) fn standing(reply: Result<&Reply, &str>) -> Bytes {
    bytes(&match reply {
        Ok(Reply::Case(case)) => Standing {
            result: SUCCESS,
            approve_status: crate::codes::case_status(case.state),
            msg: &case.reason,
        },
        Err(msg) => Standing { result: FAIL, approve_status: "", msg },
        Ok(_) => Standing { result: FAIL, approve_status: "", msg: BUSY },
    })
}

/// A struct of strings always has a JSON form.
pub(super) fn bytes(wire: &impl Serialize) -> Bytes {
    serde_json::to_vec(wire).unwrap_or_default().into()
}
