//! The press: makes guarantees and invoices as documents and keeps them, away from the async threads.

use crate::Failure;
use crate::notary::{Draft, Notary};
use documents::{Documents, GuaranteeFacts, InvoiceFacts, Links, TooLong, render_guarantee, render_invoice};
use domain::{
    DocumentRef, Edition, Guarantee, GuaranteeKind, GuaranteeNo, GuaranteeState, Invoice, IssuedInvoice,
    Money, Order, Policy, Refusal, Timestamp,
};
use signing::sign::Place;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Where the signature shows: over the lines of the closing.
const SEAL: Place = Place { page: 0, rect: [380.0, 60.0, 540.0, 160.0] };

/// The press of an institution. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Press {
    documents: Documents,
    links: Links,
    institution: Arc<str>,
    notary: Notary,
    // Rendering is pure computing: more at once than cores would only make each slower.
    seats: Arc<Semaphore>,
}

impl Press {
    /// A press that keeps its documents there and has them signed by this notary.
    #[must_use]
    pub fn new(documents: Documents, links: Links, institution: &str, notary: Notary) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            documents,
            links,
            institution: institution.into(),
            notary,
            seats: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Makes out the guarantee of a paid order: its document is kept before anything says it exists.
    ///
    /// # Errors
    /// [`Failure::Refused`] if the texts do not fit on the form, [`Failure::Later`] if the document cannot be kept now.
    pub async fn guarantee(
        &self,
        order: &Order,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Guarantee, Failure> {
        let no = GuaranteeNo::of(&policy.guarantee_prefix, &now.shanghai_day(), &order.no);
        let (valid_from, valid_until) = order.term(policy, now);
        let kind =
            if order.application.sealed.is_empty() { GuaranteeKind::Plain } else { GuaranteeKind::Sealed };
        let name = format!("{}-{no}.pdf", order.application.product.title());
        let (number, application) = (no.clone(), order.application.clone());
        let (premium, institution) = (order.premium.unwrap_or(Money::ZERO), Arc::clone(&self.institution));
        let render = move || {
            render_guarantee(&GuaranteeFacts {
                no: &number,
                application: &application,
                premium,
                issued_at: now,
                valid_until,
                institution: &institution,
            })
        };
        let document = self.print(render, ("出具保函", now), &name).await?;
        Ok(Guarantee {
            no,
            state: GuaranteeState::InForce,
            issued_at: now,
            valid_until,
            document,
            kind,
            valid_from,
            serial_no: None,
            earlier: Vec::new(),
        })
    }

    /// Makes out a further document of a guarantee: as the application is known by now.
    ///
    /// # Errors
    /// As [`Press::guarantee`].
    pub async fn edition(
        &self,
        order: &Order,
        policy: &Policy,
        kind: GuaranteeKind,
        no: GuaranteeNo,
        now: Timestamp,
    ) -> Result<Edition, Failure> {
        let stated = order.term(policy, now).1;
        // What is only revealed binds as long as the sealed document said, unless the opening is known better now.
        let valid_until = stated.or(order.guarantee()?.valid_until);
        let title = match kind {
            GuaranteeKind::Revealed => "明文",
            GuaranteeKind::Reissued => "换开",
            GuaranteeKind::Plain | GuaranteeKind::Sealed => "",
        };
        let name = format!("{}{title}-{no}.pdf", order.application.product.title());
        let (number, application) = (no.clone(), order.known_application());
        let (premium, institution) = (order.premium.unwrap_or(Money::ZERO), Arc::clone(&self.institution));
        let render = move || {
            render_guarantee(&GuaranteeFacts {
                no: &number,
                application: &application,
                premium,
                issued_at: now,
                valid_until,
                institution: &institution,
            })
        };
        let document = self.print(render, ("出具保函", now), &name).await?;
        Ok(Edition { no, kind, issued_at: now, valid_until, document })
    }

    /// The bytes of a document, for partners that carry it away at once.
    ///
    /// # Errors
    /// [`Failure::Later`] if it cannot be read now.
    pub async fn copy(&self, document: &DocumentRef) -> Result<Vec<u8>, Failure> {
        self.documents.get(document).await.map_err(|error| Failure::Later(error.to_string()))
    }

    /// Makes out an invoice under the tax system's code and number.
    ///
    /// # Errors
    /// As [`Press::guarantee`].
    pub async fn invoice(
        &self,
        invoice: &Invoice,
        (code, number): (String, String),
        now: Timestamp,
    ) -> Result<IssuedInvoice, Failure> {
        let case = invoice.case.clone();
        let (stated_code, stated_number) = (code.clone(), number.clone());
        let institution = Arc::clone(&self.institution);
        let render = move || {
            render_invoice(&InvoiceFacts {
                code: &stated_code,
                number: &stated_number,
                guarantee_no: &case.guarantee_no,
                request: &case.request,
                made_out_at: now,
                institution: &institution,
            })
        };
        let document = self.print(render, ("开具发票", now), &format!("发票-{number}.pdf")).await?;
        Ok(IssuedInvoice { code, number, document })
    }

    /// An expiring link to a document.
    #[must_use]
    pub fn link(&self, document: &DocumentRef, now: Timestamp) -> String {
        self.links.url(document, now)
    }

    async fn print<R>(
        &self,
        render: R,
        (reason, at): (&'static str, Timestamp),
        name: &str,
    ) -> Result<DocumentRef, Failure>
    where
        R: FnOnce() -> Result<Vec<u8>, TooLong> + Send + 'static,
    {
        let later = |why: String| Failure::Later(why);
        let seat = self.seats.acquire().await.map_err(|error| later(error.to_string()))?;
        let rendered = tokio::task::spawn_blocking(render).await.map_err(|error| later(error.to_string()))?;
        drop(seat);
        let pdf = rendered.map_err(|_| Refusal::against_rules("保函内容过长，无法出具"))?;
        let draft = Draft { pdf, place: SEAL, reason, name: Arc::clone(&self.institution), at };
        let bytes = self.notary.sign(draft).await?;
        self.documents.put(bytes, name).await.map_err(|error| later(error.to_string()))
    }
}
