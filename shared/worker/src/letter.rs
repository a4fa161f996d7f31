//! What a guarantee states, out of the order it is made out for.

use documents::{After, Earlier, Letter, Party, Shown, Undertaking};
use domain::{Edition, GuaranteeNo, Money, PlaceOrder, Product, SealedField, Timestamp};

/// Everything that stands in a document of a guarantee; owned, because it is printed on another thread.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) no: GuaranteeNo,
    /// 1 for the first document.
    pub(crate) edition: u32,
    /// As it may be shown: what it names as sealed is shown as ciphertext.
    pub(crate) application: PlaceOrder,
    pub(crate) premium: Option<Money>,
    pub(crate) issued_at: Timestamp,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    pub(crate) follows: Follows,
    /// Where it can be verified.
    pub(crate) verify_url: String,
}

/// What the document comes after.
#[derive(Debug, Clone)]
pub(crate) enum Follows {
    Nothing,
    /// The sealed document.
    Sealed(Edition),
    /// The document for the opening before.
    Postponement {
        replaces: Edition,
        old_opening: Option<Timestamp>,
    },
}

impl Draft {
    pub(crate) fn letter(&self) -> Letter<'_> {
        let application = &self.application;
        Letter {
            no: self.no.as_str(),
            edition: self.edition,
            undertaking: undertaking(&application.product),
            beneficiary: Party {
                name: shown(application, SealedField::TendereeName),
                code: shown(application, SealedField::TendereeCode),
                address: Shown::Plain(application.tender.tenderee.address.expose()),
            },
            applicant: Party {
                name: shown(application, SealedField::BidderName),
                code: shown(application, SealedField::BidderCode),
                address: Shown::Plain(application.applicant.company.address.expose()),
            },
            project_name: shown(application, SealedField::ProjectName),
            project_no: shown(application, SealedField::ProjectNo),
            section_name: shown(application, SealedField::SectionName),
            section_no: shown(application, SealedField::SectionNo),
            bond: application.bond,
            premium: self.premium,
            issued_at: self.issued_at,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            after: self.after(),
            verify_url: &self.verify_url,
        }
    }

    fn after(&self) -> After<'_> {
        let earlier = |edition| earlier(edition, self.edition.saturating_sub(1));
        match &self.follows {
            Follows::Nothing => After::Nothing,
            Follows::Sealed(sealed) => After::Sealed(earlier(sealed)),
            Follows::Postponement { replaces, old_opening } => {
                After::Postponement { replaces: earlier(replaces), old_opening: *old_opening }
            }
        }
    }
}

fn earlier(document: &Edition, edition: u32) -> Earlier<'_> {
    Earlier {
        no: document.no.as_str(),
        edition,
        issued_at: document.issued_at,
        sha256: &document.document.sha256,
    }
}

pub(crate) fn shown(application: &PlaceOrder, field: SealedField) -> Shown<'_> {
    let text = application.field(field);
    if application.sealed.contains(&field) { Shown::Sealed(text) } else { Shown::Plain(text) }
}

pub(crate) fn undertaking(product: &Product) -> Undertaking<'_> {
    match product {
        Product::Bid { opening, validity_days } => {
            Undertaking::Bid { opening: *opening, validity_days: *validity_days }
        }
        Product::Performance { signed_at, period } => {
            Undertaking::Performance { signed_at: Some(*signed_at), period }
        }
    }
}
