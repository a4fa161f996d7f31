//! What claims, invoices, refunds and releases have in common: finding the order, opening the case, saying where it stands.

use crate::{Desk, Failure, Window};
use domain::{About, Case, CaseQuery, CaseState, CaseStatus, GuaranteeNo, Order, Refusal};
use store::{Kept, StoreError};

/// The order a request is about: by its guarantee number first, then by the partner's number of the order, then by that of
/// the request (FS-13, YY-20). An order found otherwise than by its guarantee must not have another one than the one
/// quoted. Whoever asks on the wrong side of bid opening is refused.
///
/// # Errors
/// A refusal if the partner has no such order, or it cannot be asked now.
pub async fn find_order<R>(desk: &mut Desk, about: &About<R>) -> Result<Order, Failure> {
    let order = named_order(desk, &about.guarantee_no, [&about.order_no, &about.business_no]).await?;
    let order = order.ok_or_else(|| Refusal::unknown("保函"))?;
    order.must_be_at(about.stage, desk.now)?;
    Ok(order)
}

/// The order of a guarantee, or the first that goes by one of the partner's own numbers for it and has no other guarantee
/// than the one quoted; empty numbers name nothing.
///
/// # Errors
/// If the database is away.
pub async fn named_order(
    desk: &mut Desk,
    quoted: &GuaranteeNo,
    numbers: [&str; 2],
) -> Result<Option<Order>, Failure> {
    let partner = desk.origin.partner.clone();
    if !quoted.as_str().is_empty()
        && let Some(order) = desk.work.order_of_guarantee(&partner, quoted).await?
    {
        return Ok(Some(order));
    }
    for number in numbers.into_iter().filter(|number| !number.is_empty()) {
        let order = desk.work.order_of_business(&partner, number).await?;
        if let Some(order) = order.filter(|order| quoted.as_str().is_empty() || order.guarantee.is_none()) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

/// A new case about an order with a guarantee. It keeps the number that was quoted: a guarantee made out anew goes by
/// several, and whoever asked is answered under the one they used.
///
/// # Errors
/// A refusal if nothing was issued.
pub fn open_case<R: Clone>(desk: &Desk, about: &About<R>, order: &Order) -> Result<Case<R>, Refusal> {
    let now = &order.guarantee()?.no;
    let quoted = &about.guarantee_no;
    Ok(Case {
        no: desk.no.clone(),
        origin: desk.origin.clone(),
        business_no: about.business_no.clone(),
        order: order.no.clone(),
        guarantee_no: if quoted.as_str().is_empty() { now.clone() } else { quoted.clone() },
        request: about.request.clone(),
        state: CaseState::Reviewing,
        reason: String::new(),
        requested_at: desk.accepted_at,
        decided_at: None,
        version: 1,
        payout: None,
        confirmation: None,
        revocation: None,
    })
}

/// The case a query asks for: by its number, or the latest about the guarantee (FS-27).
///
/// # Errors
/// A refusal if the partner has no such case.
pub async fn find_case<K: Kept + Unpin + 'static>(
    window: &Window,
    query: &CaseQuery,
    what: &str,
) -> Result<K, Failure> {
    let partner = &window.origin.partner;
    let found: Result<Option<K>, StoreError> = match &query.no {
        Some(no) => window.store.find_case(partner, no).await,
        None => window.store.latest_case(partner, &query.guarantee_no).await,
    };
    found?.ok_or_else(|| Refusal::unknown(what).into())
}

/// Where a case stands.
#[must_use]
pub fn status_of<R>(case: &Case<R>) -> CaseStatus {
    CaseStatus { no: case.no.clone(), state: case.state, reason: case.reason.clone(), document_url: None }
}
