//! The confirmation that a guarantee has ended: printed, signed and kept when a refund or a release is approved.

use crate::letter::{shown, undertaking};
use crate::{Failure, Press};
use documents::{Earlier, EndedBy, Ending};
use domain::{
    Case, DocumentRef, Guarantee, Money, Order, PlaceOrder, RequestRefund, RequestRelease, SealedField,
    Timestamp,
};

/// What a confirmation states; owned, because it is printed on another thread.
#[derive(Debug)]
struct Draft {
    no: String,
    how: EndedBy,
    /// As it may be shown: what it names as sealed is shown as ciphertext.
    application: PlaceOrder,
    guarantee: Guarantee,
    reason: String,
    ended_at: Timestamp,
    verify_url: String,
}

impl Press {
    /// The confirmation of an approved refund (退保确认书): the premium that goes back is printed if it is known.
    ///
    /// # Errors
    /// As [`Press::guarantee`]; a refusal if nothing was issued.
    pub async fn refunded(
        &self,
        order: &Order,
        refund: &Case<RequestRefund>,
        premium: Option<Money>,
        now: Timestamp,
    ) -> Result<DocumentRef, Failure> {
        let how = EndedBy::Refund { premium };
        self.confirm(order, refund, (how, refund.request.reason.clone()), now).await
    }

    /// The confirmation of an approved release (保函注销确认书).
    ///
    /// # Errors
    /// As [`Press::guarantee`]; a refusal if nothing was issued.
    pub async fn released(
        &self,
        order: &Order,
        release: &Case<RequestRelease>,
        now: Timestamp,
    ) -> Result<DocumentRef, Failure> {
        let reason = release.request.reason.chinese().to_owned();
        self.confirm(order, release, (EndedBy::Release, reason), now).await
    }

    async fn confirm<R>(
        &self,
        order: &Order,
        case: &Case<R>,
        (how, reason): (EndedBy, String),
        now: Timestamp,
    ) -> Result<DocumentRef, Failure> {
        let guarantee = order.guarantee()?.clone();
        let (title, signed_for) = match how {
            EndedBy::Refund { .. } => ("退保确认书", "确认退保"),
            EndedBy::Release => ("保函注销确认书", "确认保函注销"),
        };
        let name = format!("{title}-{}.pdf", guarantee.no);
        let draft = Draft {
            no: case.no.as_str().to_owned(),
            how,
            application: order.known_application(),
            verify_url: self.verification(&guarantee.no),
            guarantee,
            reason,
            ended_at: now,
        };
        let printer = self.printer();
        self.print(move || printer.ending(&draft.ending()), (signed_for, now), &name).await
    }
}

impl Draft {
    fn ending(&self) -> Ending<'_> {
        let (guarantee, application) = (&self.guarantee, &self.application);
        let editions = u32::try_from(guarantee.earlier.len()).unwrap_or(u32::MAX);
        Ending {
            how: self.how,
            no: &self.no,
            guarantee: Earlier {
                no: guarantee.no.as_str(),
                edition: editions.saturating_add(1),
                issued_at: guarantee.issued_at,
                sha256: &guarantee.document.sha256,
            },
            undertaking: undertaking(&application.product),
            beneficiary: shown(application, SealedField::TendereeName),
            applicant: shown(application, SealedField::BidderName),
            project_name: shown(application, SealedField::ProjectName),
            project_no: shown(application, SealedField::ProjectNo),
            section_name: shown(application, SealedField::SectionName),
            section_no: shown(application, SealedField::SectionNo),
            bond: application.bond,
            reason: &self.reason,
            ended_at: self.ended_at,
            issued_at: self.ended_at,
            verify_url: &self.verify_url,
        }
    }
}
