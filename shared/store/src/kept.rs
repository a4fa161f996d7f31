//! How orders and cases become rows: the columns by which they are looked up.

use crypto::keyring::Place;
use domain::{
    Case, CreditLine, Edition, GuaranteeState, Invoice, Order, Private, RequestClaim, RequestRefund,
    RequestRelease, SealedField, Subject, Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// An index takes no longer text; a sealed number may be longer, and is only ever compared.
const LONGEST_KEY: usize = 200;

/// An aggregate that has a table.
pub trait Kept: Serialize + DeserializeOwned + Send + Sync {
    /// Which one.
    const SUBJECT: Subject;

    /// What of it is looked up.
    fn row(&self) -> Row<'_>;
}

/// The columns of an aggregate.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub(crate) no: &'a str,
    pub(crate) partner: &'a str,
    pub(crate) business_no: &'a str,
    /// The order it belongs to, which is itself for what belongs to none.
    pub(crate) order_no: &'a str,
    pub(crate) state: &'static str,
    pub(crate) version: u32,
    pub(crate) since: Timestamp,
    pub(crate) particulars: Particulars<'a>,
}

/// The columns that only one kind of aggregate has.
#[derive(Debug, Clone)]
pub(crate) enum Particulars<'a> {
    /// Of an order.
    Order {
        section_no: Cow<'a, str>,
        guarantee_no: Option<&'a str>,
        document: Option<&'a str>,
        bond_fen: i64,
        guarantee_state: Option<&'static str>,
        earlier: &'a [Edition],
    },
    /// Of a case about a guarantee.
    Case {
        guarantee_no: &'a str,
        /// Its own document: a confirmation, an invoice.
        document: Option<&'a str>,
    },
    /// Of a credit line.
    Credit { company_code: &'a str },
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

/// Where the body of an aggregate stands.
pub(crate) const fn place<K: Kept>(no: &str) -> Place<'_> {
    Place { table: table(K::SUBJECT), row: no }
}

/// A text as the index takes it.
pub(crate) fn key(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_KEY {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("sha256:{}", hex::encode(Sha256::digest(text))))
    }
}

/// The section, in plain text as soon as the key has opened it.
fn section(order: &Order) -> Cow<'_, str> {
    let revealed = order.revealed.as_ref().and_then(|revealed| revealed.fields.get(&SealedField::SectionNo));
    key(revealed.map_or(&order.application.tender.section_no, Private::expose))
}

fn case_row<R>(case: &Case<R>) -> Row<'_> {
    Row {
        no: case.no.as_str(),
        partner: case.origin.partner.as_str(),
        business_no: &case.business_no,
        order_no: case.order.as_str(),
        state: case.state.word(),
        version: case.version,
        since: case.requested_at,
        particulars: Particulars::Case {
            guarantee_no: case.guarantee_no.as_str(),
            document: case.confirmation.as_ref().map(|document| document.sha256.as_str()),
        },
    }
}

const fn word(state: GuaranteeState) -> &'static str {
    match state {
        GuaranteeState::InForce => "in_force",
        GuaranteeState::Refunded => "refunded",
        GuaranteeState::Released => "released",
        GuaranteeState::Claimed => "claimed",
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
            state: self.state.word(),
            version: self.version,
            since: self.placed_at,
            particulars: Particulars::Order {
                section_no: section(self),
                guarantee_no: self.guarantee.as_ref().map(|guarantee| guarantee.no.as_str()),
                document: self.guarantee.as_ref().map(|guarantee| guarantee.document.sha256.as_str()),
                bond_fen: self.application.bond.fen(),
                guarantee_state: self.guarantee.as_ref().map(|guarantee| word(guarantee.state)),
                earlier: self.guarantee.as_ref().map_or(&[], |guarantee| &guarantee.earlier),
            },
        }
    }
}

impl Kept for CreditLine {
    const SUBJECT: Subject = Subject::Credit;

    fn row(&self) -> Row<'_> {
        Row {
            no: self.no.as_str(),
            partner: self.origin.partner.as_str(),
            business_no: &self.request.business_no,
            order_no: self.no.as_str(),
            state: self.state.word(),
            version: self.version,
            since: self.requested_at,
            particulars: Particulars::Credit { company_code: self.request.company.code.expose() },
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
        let document = self.issued.as_ref().map(|issued| issued.document.sha256.as_str());
        let guarantee_no = self.case.guarantee_no.as_str();
        Row { particulars: Particulars::Case { guarantee_no, document }, ..case_row(&self.case) }
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
