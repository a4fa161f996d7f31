//! What a guarantee states, out of the order it is made out for.

use documents::{After, Letter, Party, Shown, Undertaking};
use domain::{Order, PlaceOrder, Product, SealedField, Timestamp};

/// When a guarantee is made out, under which number, and how long it binds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) no: &'a str,
    pub(crate) issued_at: Timestamp,
    pub(crate) valid_from: Option<Timestamp>,
    pub(crate) valid_until: Option<Timestamp>,
    /// Where it can be verified.
    pub(crate) verify_url: &'a str,
}

/// The first document of an order; what arrived as ciphertext stays sealed.
pub(crate) fn letter<'a>(order: &'a Order, terms: Terms<'a>) -> Letter<'a> {
    let application = &order.application;
    Letter {
        no: terms.no,
        edition: 1,
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
        premium: order.premium,
        issued_at: terms.issued_at,
        valid_from: terms.valid_from,
        valid_until: terms.valid_until,
        after: After::Nothing,
        verify_url: terms.verify_url,
    }
}

fn shown(application: &PlaceOrder, field: SealedField) -> Shown<'_> {
    let text = application.field(field);
    if application.sealed.contains(&field) { Shown::Sealed(text) } else { Shown::Plain(text) }
}

fn undertaking(product: &Product) -> Undertaking<'_> {
    match product {
        Product::Bid { opening, validity_days } => {
            Undertaking::Bid { opening: *opening, validity_days: *validity_days }
        }
        Product::Performance { signed_at, period } => {
            Undertaking::Performance { signed_at: Some(*signed_at), period }
        }
    }
}
