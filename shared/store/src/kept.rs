//! How orders and cases become rows: the columns by which they are looked up.

use domain::{Case, Invoice, Order, RequestClaim, RequestRefund, RequestRelease, Subject, Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// An aggregate that has a table.
pub trait Kept: Serialize + DeserializeOwned + Send + Sync {
    /// Which one.
    const SUBJECT: Subject;

    /// What of it is looked up.
    fn row(&self) -> Row<'_>;
}

/// The columns of an aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub(crate) no: &'a str,
    pub(crate) partner: &'a str,
    pub(crate) business_no: &'a str,
    pub(crate) order_no: &'a str,
    pub(crate) section_no: &'a str,
    pub(crate) guarantee_no: Option<&'a str>,
    pub(crate) state: &'static str,
    pub(crate) version: u32,
    pub(crate) since: Timestamp,
}

/// The table of a subject.
pub(crate) const fn table(subject: Subject) -> &'static str {
    match subject {
        Subject::Order => "orders",
        Subject::Claim | Subject::ClaimRevocation => "claims",
        Subject::Credit => "credit_lines",
        Subject::Invoice => "invoices",
        Subject::Refund => "refunds",
        Subject::Release => "releases",
    }
}

fn case_row<R>(case: &Case<R>) -> Row<'_> {
    Row {
        no: case.no.as_str(),
        partner: case.origin.partner.as_str(),
        business_no: &case.business_no,
        order_no: case.order.as_str(),
        section_no: "",
        guarantee_no: Some(case.guarantee_no.as_str()),
        state: case.state.word(),
        version: case.version,
        since: case.requested_at,
    }
}

impl Kept for Order {
    const SUBJECT: Subject = Subject::Order;

    fn row(&self) -> Row<'_> {
        Row {
            no: self.no.as_str(),
            partner: self.origin.partner.as_str(),
            business_no: &self.application.business_no,
            order_no: self.no.as_str(),
            section_no: &self.application.tender.section_no,
            guarantee_no: self.guarantee.as_ref().map(|guarantee| guarantee.no.as_str()),
            state: self.state.word(),
            version: self.version,
            since: self.placed_at,
        }
    }
}

impl Kept for Case<RequestClaim> {
    const SUBJECT: Subject = Subject::Claim;

    fn row(&self) -> Row<'_> {
        case_row(self)
    }
}

impl Kept for Invoice {
    const SUBJECT: Subject = Subject::Invoice;

    fn row(&self) -> Row<'_> {
        case_row(&self.case)
    }
}

impl Kept for Case<RequestRefund> {
    const SUBJECT: Subject = Subject::Refund;

    fn row(&self) -> Row<'_> {
        case_row(self)
    }
}

impl Kept for Case<RequestRelease> {
    const SUBJECT: Subject = Subject::Release;

    fn row(&self) -> Row<'_> {
        case_row(self)
    }
}
