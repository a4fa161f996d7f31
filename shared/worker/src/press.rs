//! The press: makes guarantees and invoices as documents and keeps them, away from the async threads.

use crate::Failure;
use crate::letter::{Terms, letter};
use crate::notary::{Draft, Notary};
use documents::{Documents, InvoiceFacts, Links, Printer, Rendered, Unprintable};
use domain::{
    DocumentRef, Guarantee, GuaranteeKind, GuaranteeNo, GuaranteeState, Invoice, IssuedInvoice, Order,
    Policy, Refusal, Timestamp,
};
use signing::sign::Place;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The press of an institution. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Press {
    documents: Documents,
    links: Links,
    printer: Printer,
    notary: Notary,
    // Rendering is pure computing: more at once than cores would only make each slower.
    seats: Arc<Semaphore>,
}

impl Press {
    /// A press that prints so, has its documents signed by this notary and keeps them there.
    #[must_use]
    pub fn new(documents: Documents, links: Links, printer: Printer, notary: Notary) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { documents, links, printer, notary, seats: Arc::new(Semaphore::new(cores)) }
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
        let valid_until = order.application.product.valid_until();
        let name = format!("{}-{no}.pdf", order.application.product.title());
        let (number, order, printer) = (no.to_string(), order.clone(), self.printer.clone());
        let verify_url = self.links.verification(&no);
        let render = move || {
            let terms =
                Terms { no: &number, issued_at: now, valid_from: None, valid_until, verify_url: &verify_url };
            printer.guarantee(&letter(&order, terms))
        };
        let document = self.print(render, ("出具保函", now), &name).await?;
        Ok(Guarantee {
            no,
            state: GuaranteeState::InForce,
            issued_at: now,
            valid_until,
            document,
            kind: GuaranteeKind::Plain,
            valid_from: None,
            serial_no: None,
            earlier: Vec::new(),
        })
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
        let printer = self.printer.clone();
        let verify_url = self.links.verification(&case.guarantee_no);
        let render = move || {
            printer.invoice(&InvoiceFacts {
                code: &stated_code,
                number: &stated_number,
                guarantee_no: &case.guarantee_no,
                request: &case.request,
                amount: case.request.amount,
                made_out_at: now,
                verify_url: &verify_url,
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
        R: FnOnce() -> Result<Rendered, Unprintable> + Send + 'static,
    {
        let later = |why: String| Failure::Later(why);
        let seat = self.seats.acquire().await.map_err(|error| later(error.to_string()))?;
        let rendered = tokio::task::spawn_blocking(render).await.map_err(|error| later(error.to_string()))?;
        drop(seat);
        let Rendered { bytes: pdf, seal } = rendered.map_err(unprintable)?;
        let place = Place { page: seal.page, rect: seal.rect };
        let draft = Draft { pdf, place, reason, name: self.printer.issuer().name.as_str().into(), at };
        let bytes = self.notary.sign(draft).await?;
        self.documents.put(bytes, name).await.map_err(|error| later(error.to_string()))
    }
}

/// What the partner hears of facts that cannot be printed; what is our own trouble comes again.
fn unprintable(why: Unprintable) -> Failure {
    match why {
        Unprintable::TooLong => Refusal::against_rules("保函内容过长，无法出具").into(),
        Unprintable::NoGlyph { field, character } => {
            let code = u32::from(character);
            Refusal::against_rules(format!("{field}含有无法印制的字符（U+{code:04X}），无法出具")).into()
        }
        Unprintable::NoForm(_) => Failure::Never(why.to_string()),
        Unprintable::NotWritten(_) => Failure::Later(why.to_string()),
    }
}
