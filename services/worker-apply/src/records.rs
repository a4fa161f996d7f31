//! Questions about guarantees and what they cost: the price, the document, the record, and whether a file is ours.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{
    DocumentCopy, DocumentRef, FileFindings, Guarantee, GuaranteeNo, GuaranteeRecord, Money, Order, Refusal,
    Reply, VerifiedDocument,
};
use serde_json::json;
use store::MessageKey;
use worker::{Handled, Press, Window};

/// Larger documents than these are not carried in a reply, bytes.
const LARGEST: usize = 8 << 20;

/// What a guarantee for this bond would cost.
pub(crate) fn cost(window: &Window, bond: Money) -> Handled {
    let card = window.policies.of(&window.origin.partner)?.rate_card;
    if !bond.is_positive() {
        return Err(Refusal::against_rules("保证金金额应大于0").into());
    }
    Ok(Reply::Cost { premium: card.premium(bond), rate: card.rate })
}

/// The document that binds now.
pub(crate) async fn document(window: &Window, press: &Press, no: &GuaranteeNo) -> Handled {
    let order = named(window, no).await?;
    let document = order.guarantee()?.document.clone();
    let bytes = press.copy(&document).await?;
    if bytes.len() > LARGEST {
        return Err(Refusal::against_rules("保函文件过大，无法直接返回").into());
    }
    if !order.application.sealed.is_empty() {
        note_read(window, &order, &document).await?;
    }
    Ok(Reply::Document(DocumentCopy { document, content: STANDARD.encode(bytes) }))
}

/// A partner is given a document of a sealed order: kept as reads by link are (`held.rs`), before it is answered.
async fn note_read(window: &Window, order: &Order, document: &DocumentRef) -> Result<(), worker::Failure> {
    let mut work = window.store.work(MessageKey {
        consumer: "worker-apply",
        id: String::new(),
        content_hash: String::new(),
        trace: String::new(),
        at: window.now,
    });
    let who = window.origin.partner.as_str();
    let detail = json!({ "document": document.sha256 });
    work.audit(who, "read_document", order.no.as_str(), detail);
    Ok(work.commit_unremembered().await?)
}

/// What is recorded; a serial number that is not this guarantee's names no guarantee of ours.
pub(crate) async fn record(window: &Window, no: &GuaranteeNo, serial_no: &str) -> Handled {
    let order = named(window, no).await?;
    let guarantee = order.guarantee()?;
    if !serial_no.is_empty() && guarantee.serial_no.as_deref().is_some_and(|known| known != serial_no) {
        return Err(Refusal::unknown("保函").into());
    }
    Ok(Reply::Record(Box::new(of(&order, guarantee))))
}

/// What is known of an uploaded file: the strongest answer is that it is ours to the byte.
pub(crate) async fn verify(window: &Window, findings: &FileFindings) -> Handled {
    let partner = &window.origin.partner;
    let found = window.store.order_of_document(partner, &findings.sha256).await?;
    let record = found.as_ref().and_then(|order| Some(of(order, order.guarantee.as_ref()?)));
    let is_current = record.as_ref().is_some_and(|record| {
        record.guarantee.document.sha256 == findings.sha256 && record.guarantee.must_be_in_force().is_ok()
    });
    Ok(Reply::Verified(Box::new(VerifiedDocument { findings: findings.clone(), record, is_current })))
}

async fn named(window: &Window, no: &GuaranteeNo) -> Result<Order, worker::Failure> {
    let found = window.store.order_of_guarantee(&window.origin.partner, no).await?;
    found.ok_or_else(|| Refusal::unknown("保函").into())
}

fn of(order: &Order, guarantee: &Guarantee) -> GuaranteeRecord {
    let known = order.known_application();
    GuaranteeRecord {
        business_no: known.business_no,
        guarantee: guarantee.clone(),
        bond: known.bond,
        bidder: known.applicant.company,
        tenderee: known.tender.tenderee,
        section_name: known.tender.section_name,
    }
}
