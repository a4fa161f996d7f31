//! The documents a guarantee gets after its first: revealed when the key opened its fields, made out anew when the opening
//! moved. The earlier ones are kept.

use crate::{Desk, Failure, Press};
use domain::{
    Edition, GuaranteeReissued, GuaranteeRevealed, Notice, NoticeHead, Order, Policy, Refusal, Timestamp,
};
use serde_json::json;
use std::sync::Arc;
use store::Event;
use tokio::task::JoinSet;

/// Issues the revealed guarantee of an order whose sealed one is issued and whose key opened its fields; both documents
/// are kept, and the partner is told.
///
/// # Errors
/// A refusal unless the guarantee is in force; as [`Press::guarantee`].
pub async fn issue_revealed(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    policy: &Policy,
) -> Result<(), Failure> {
    let guarantee = order.guarantee()?;
    guarantee.must_be_in_force()?;
    let (no, issued_at) = (guarantee.no.clone(), guarantee.issued_at);
    let edition = press.revealed(order, policy, desk.now).await?;
    let document = edition.document.clone();
    let valid_from = order.term(policy, issued_at).0;
    replace(order, edition, valid_from)?;
    let detail = json!({ "guarantee_no": no, "document": document.sha256 });
    desk.work.note(order, Event { what: "guarantee_revealed", detail });
    let head = NoticeHead::of_order(order, desk.now);
    let notice = Notice::GuaranteeRevealed(GuaranteeRevealed { head, guarantee_no: no, document });
    Ok(desk.work.notify(&order.origin, notice)?)
}

/// What the press made out anew for the orders of a section, in the same sequence: a document, or why there is none. Many
/// are printed and signed at the same time, because all of them are locked meanwhile.
///
/// # Errors
/// If one cannot be made now.
pub async fn print_anew(
    press: &Press,
    orders: Vec<(Order, Option<Timestamp>)>,
    policy: &Arc<Policy>,
    now: Timestamp,
) -> Result<Vec<Result<Edition, Refusal>>, Failure> {
    let mut printing = JoinSet::new();
    let count = orders.len();
    for (place, (order, old_opening)) in orders.into_iter().enumerate() {
        let (press, policy) = (press.clone(), Arc::clone(policy));
        printing.spawn(async move { (place, press.reissued(&order, &policy, old_opening, now).await) });
    }
    let mut printed: Vec<Option<Result<Edition, Refusal>>> = vec![None; count];
    while let Some(done) = printing.join_next().await {
        let (place, edition) = done.map_err(|error| Failure::Later(error.to_string()))?;
        printed[place] = Some(match edition {
            Err(Failure::Refused(refusal)) => Err(refusal),
            other => Ok(other?),
        });
    }
    Ok(printed.into_iter().flatten().collect())
}

/// Puts a document that was made out anew in the place of the guarantee's document, and tells the partner.
///
/// # Errors
/// A refusal unless the guarantee is in force.
pub fn reissue(desk: &mut Desk, order: &mut Order, policy: &Policy, edition: Edition) -> Result<(), Failure> {
    let old_no = order.guarantee()?.no.clone();
    let valid_from = Press::anew_from(order, policy, desk.now);
    let (no, document, valid_until) = (edition.no.clone(), edition.document.clone(), edition.valid_until);
    replace(order, edition, valid_from)?;
    let detail = json!({ "guarantee_no": no, "replaces": old_no, "document": document.sha256 });
    desk.work.note(order, Event { what: "guarantee_reissued", detail });
    let notice = Notice::GuaranteeReissued(GuaranteeReissued {
        head: NoticeHead::of_order(order, desk.now),
        old_no,
        guarantee_no: no,
        document,
        valid_from: valid_from.unwrap_or(desk.now),
        valid_until,
    });
    Ok(desk.work.notify(&order.origin, notice)?)
}

fn replace(order: &mut Order, next: Edition, valid_from: Option<Timestamp>) -> Result<(), Failure> {
    let guarantee = order.guarantee_mut()?;
    guarantee.replace(next)?;
    guarantee.valid_from = valid_from;
    // The partner gives every document a serial number of its own (FZ-24).
    guarantee.serial_no = None;
    Ok(())
}
