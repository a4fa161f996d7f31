//! The press: makes guarantees and invoices as documents and keeps them, away from the async threads.

use crate::Failure;
use crate::letter::{Draft, Follows};
use crate::notary::{self, Notary};
use documents::{Documents, InvoiceFacts, Links, Printer, Rendered, Unprintable};
use domain::{
    DocumentRef, Edition, Guarantee, GuaranteeKind, GuaranteeNo, GuaranteeState, Invoice, IssuedInvoice,
    Order, Policy, Refusal, Timestamp,
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

    /// Makes out the guarantee of a paid order, a sealed one if any of its texts is sealed: its document is kept before
    /// anything says it exists.
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
        let sealed = !order.application.sealed.is_empty();
        let kind = if sealed { GuaranteeKind::Sealed } else { GuaranteeKind::Plain };
        let (valid_from, valid_until) = order.term(policy, now);
        let draft = Draft {
            verify_url: self.links.verification(&no),
            no: no.clone(),
            edition: 1,
            application: order.application.clone(),
            premium: order.premium,
            issued_at: now,
            valid_from,
            valid_until,
            follows: Follows::Nothing,
        };
        let document = self.letter(draft, "出具保函", kind).await?;
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

    /// Makes out the revealed guarantee (明文保函) of an order whose sealed one stands; it keeps the number.
    ///
    /// # Errors
    /// As [`Press::guarantee`]; a refusal if nothing was issued.
    pub async fn revealed(&self, order: &Order, policy: &Policy, now: Timestamp) -> Result<Edition, Failure> {
        let guarantee = order.guarantee()?;
        // PR-13: the opening may have come with the key; the term is counted again from the issue of the sealed one.
        let term = order.term(policy, guarantee.issued_at);
        let follows = Follows::Sealed(current(guarantee));
        let kind = GuaranteeKind::Revealed;
        self.next(order, (guarantee, guarantee.no.clone()), (term, now), (kind, follows)).await
    }

    /// Makes out a guarantee anew, under a new number, because the opening moved.
    ///
    /// # Errors
    /// As [`Press::revealed`].
    pub async fn reissued(
        &self,
        order: &Order,
        policy: &Policy,
        old_opening: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Edition, Failure> {
        let guarantee = order.guarantee()?;
        let no = next_number(guarantee);
        let term = (Self::anew_from(order, policy, now), order.term(policy, now).1);
        let follows = Follows::Postponement { replaces: current(guarantee), old_opening };
        self.next(order, (guarantee, no), (term, now), (GuaranteeKind::Reissued, follows)).await
    }

    /// From when a guarantee that is made out anew now binds: as the partner states it, else from the new opening.
    pub(crate) fn anew_from(order: &Order, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
        order.term(policy, now).0.or(order.opening())
    }

    async fn next(
        &self,
        order: &Order,
        (guarantee, no): (&Guarantee, GuaranteeNo),
        ((valid_from, valid_until), now): ((Option<Timestamp>, Option<Timestamp>), Timestamp),
        (kind, follows): (GuaranteeKind, Follows),
    ) -> Result<Edition, Failure> {
        let earlier = u32::try_from(guarantee.earlier.len()).unwrap_or(u32::MAX);
        let draft = Draft {
            verify_url: self.links.verification(&no),
            no: no.clone(),
            edition: earlier.saturating_add(2),
            application: order.known_application(),
            premium: order.premium,
            issued_at: now,
            valid_from,
            valid_until,
            follows,
        };
        let reason = if kind == GuaranteeKind::Revealed { "还原保函" } else { "重新出具保函" };
        let document = self.letter(draft, reason, kind).await?;
        Ok(Edition { no, kind, issued_at: now, valid_until, document })
    }

    async fn letter(
        &self,
        draft: Draft,
        reason: &'static str,
        kind: GuaranteeKind,
    ) -> Result<DocumentRef, Failure> {
        let mark = match kind {
            GuaranteeKind::Sealed => "密文",
            GuaranteeKind::Revealed => "明文",
            GuaranteeKind::Plain | GuaranteeKind::Reissued => "",
        };
        let name = format!("{mark}{}-{}.pdf", draft.application.product.title(), draft.no);
        let (printer, at) = (self.printer.clone(), draft.issued_at);
        self.print(move || printer.guarantee(&draft.letter()), (reason, at), &name).await
    }

    /// The bytes of a document.
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

    /// Where anybody can verify a guarantee.
    pub(crate) fn verification(&self, no: &GuaranteeNo) -> String {
        self.links.verification(no)
    }

    pub(crate) fn printer(&self) -> Printer {
        self.printer.clone()
    }

    pub(crate) async fn print<R>(
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
        let draft =
            notary::Draft { pdf, place, reason, name: self.printer.issuer().name.as_str().into(), at };
        let bytes = self.notary.sign(draft).await?;
        self.documents.put(bytes, name).await.map_err(|error| later(error.to_string()))
    }
}

/// The document that a guarantee is now.
fn current(guarantee: &Guarantee) -> Edition {
    Edition {
        no: guarantee.no.clone(),
        kind: guarantee.kind,
        issued_at: guarantee.issued_at,
        valid_until: guarantee.valid_until,
        document: guarantee.document.clone(),
    }
}

/// The next number of a guarantee that is made out anew: made from its first one, counting the times.
fn next_number(guarantee: &Guarantee) -> GuaranteeNo {
    let first = guarantee.earlier.first().map_or(&guarantee.no, |edition| &edition.no);
    let kinds = guarantee.earlier.iter().map(|edition| edition.kind).chain([guarantee.kind]);
    let times = kinds.filter(|kind| *kind == GuaranteeKind::Reissued).count();
    first.reissued(u32::try_from(times).unwrap_or(u32::MAX).saturating_add(1))
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
