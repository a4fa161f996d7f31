//! `baohan decide` and `baohan pay`: the institution's own commands, which take effect once however often they are given.

use crate::arguments::{Decide, Patience, Pay};
use crate::ground::Ground;
use crate::orders::numbered;
use crate::page::{Page, Tone};
use crate::{moment, post, words};
use anyhow::{Result, anyhow, bail};
use crypto::digest::sha256;
use domain::{AcceptanceNo, Command, ConfirmPayment, Decision, Origin, RefusalKind, Reply, Subject};
use messages::Envelope;
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use store::{EventRow, Numbered, OrderStory, Store};

/// By this name our own commands are known among the partners' interfaces.
const INTERFACE: &str = "operator";

/// Publishes a decision and prints the worker's answer.
///
/// # Errors
/// If there is nothing to decide, or no answer.
pub(crate) async fn decide(ground: &Ground, order: Decide) -> Result<Page> {
    let subject = order.subject.subject();
    let decision = match (order.approve, order.refuse) {
        (false, Some(reason)) if !reason.trim().is_empty() => Decision::Refuse { reason },
        (true, None) => Decision::Approve,
        _ => bail!("--refuse needs a reason, which the partner is told"),
    };
    let invoice =
        order.invoice.and_then(|pair| <[String; 2]>::try_from(pair).ok()).map(|[code, no]| (code, no));
    if invoice.is_some() && (subject != Subject::Invoice || decision != Decision::Approve) {
        bail!("--invoice belongs to `decide invoice … --approve`");
    }
    let store = ground.store().await?;
    let (known, events) = meant(ground, &store, subject, &order.no).await?;
    // Only what is given counts, so that a decision ordered by an earlier version keeps its id.
    let hash = match (order.limit, order.until) {
        (None, None) => content(&(subject, &known.no, &decision, &invoice))?,
        terms => content(&(subject, &known.no, &decision, &invoice, terms))?,
    };
    let id = decision_id(&known, &events, &hash);
    let body = domain::Decide {
        subject,
        no: known.no.clone(),
        decision,
        invoice,
        by: order.by.by,
        amount: order.limit,
        until: order.until,
    };
    send(ground, id, hash, known, Command::Decide(body), &order.patience).await
}

/// Publishes a payment and prints the worker's answer.
///
/// # Errors
/// If there is no such order, or no answer.
pub(crate) async fn pay(ground: &Ground, order: Pay) -> Result<Page> {
    let store = ground.store().await?;
    let known = numbered(ground, &store, &order.no).await?;
    if known.kind != "order" {
        bail!("{} is not an order: a premium is paid for {}", known.no, known.order);
    }
    let hash = content(&(&known.no, order.amount, &order.reference))?;
    let id = format!("pay:{}:{}", known.no, &hash[..16]);
    let body = ConfirmPayment {
        no: known.no.clone(),
        amount: order.amount,
        paid_at: moment::now(),
        reference: order.reference,
        by: order.by.by,
        payer: None,
    };
    send(ground, id, hash, known, Command::ConfirmPayment(body), &order.patience).await
}

// === what is meant ===

async fn meant(
    ground: &Ground,
    store: &Store,
    subject: Subject,
    number: &str,
) -> Result<(Numbered, Vec<EventRow>)> {
    let known = numbered(ground, store, number).await?;
    if subject == Subject::Credit && known.kind == "credit" {
        // A credit line belongs to no order: its timeline is its own.
        let events = store.events(&known.no).await.map_err(|error| ground.database_trouble(&error))?;
        return Ok((known, events));
    }
    let story = store.story(&known.order).await.map_err(|error| ground.database_trouble(&error))?;
    let story = story.ok_or_else(|| anyhow!("the order {} was deleted a moment ago", known.order))?;
    let kind = word(subject);
    if known.kind == kind {
        return Ok((known, story.events));
    }
    if known.kind != "order" {
        bail!("{} is a {}: `baohan decide {0} {1} …`", known.no, known.kind);
    }
    let case = open_case(&story, kind, &known.origin)?;
    Ok((case, story.events))
}

/// By the order's number, its only case of this kind that waits.
fn open_case(story: &OrderStory, kind: &str, origin: &Origin) -> Result<Numbered> {
    let open: Vec<_> =
        story.cases.iter().filter(|case| case.kind == kind && case.state == "reviewing").collect();
    let [case] = open[..] else {
        let each = open.iter().map(|case| case.no.as_str()).collect::<Vec<_>>().join(", ");
        let no = &story.order.no;
        bail!(
            "{} {kind} of {no} waits for a decision{}: `baohan orders show {no}` shows them",
            if open.is_empty() { "no" } else { "more than one" },
            if each.is_empty() { String::new() } else { format!(" ({each})") },
        );
    };
    Ok(Numbered {
        kind: kind.to_owned(),
        no: AcceptanceNo::parse(&case.no)?,
        order: story.order.no.clone(),
        origin: origin.clone(),
        version: case.version,
        state: case.state.clone(),
    })
}

const fn word(subject: Subject) -> &'static str {
    match subject {
        Subject::Order => "order",
        Subject::Claim | Subject::ClaimRevocation => "claim",
        Subject::Invoice => "invoice",
        Subject::Refund => "refund",
        Subject::Release => "release",
        Subject::Credit => "credit",
    }
}

// === ids that follow from the content ===

/// SHA-256 of what is wanted, without who and when.
pub(crate) fn content(wanted: &impl Serialize) -> Result<String> {
    Ok(hex::encode(sha256(&serde_json::to_vec(wanted)?)))
}

/// A decision is about the version its operator saw. If the last thing that happened is this very decision, it is a
/// repeat and keeps its id; if more has happened since, it is a new decision, and the worker says why it is too late.
fn decision_id(known: &Numbered, events: &[EventRow], hash: &str) -> String {
    let id = |version: i32| format!("decide:{}:{version}:{}", known.no, &hash[..16]);
    let last = events.iter().rev().find(|event| event.no == known.no.as_str() && event.version > 0);
    let repeated = last.and_then(|last| (1..=known.version).rev().map(id).find(|id| *id == last.message_id));
    repeated.unwrap_or_else(|| id(known.version))
}

// === there and back ===

pub(crate) async fn send(
    ground: &Ground,
    id: String,
    hash: String,
    known: Numbered,
    body: Command,
    patience: &Patience,
) -> Result<Page> {
    let envelope = Envelope {
        id,
        no: known.no.clone(),
        origin: known.origin,
        interface: INTERFACE.to_owned(),
        content_hash: hash,
        at: moment::now(),
        body,
    };
    let reply = post::ask(ground, &envelope, Duration::from_secs(patience.wait)).await?;
    Ok(page(&reply, &known.no, &known.order))
}

fn page(reply: &Reply, no: &AcceptanceNo, order: &AcceptanceNo) -> Page {
    let page = Page::of(json!({ "no": no, "order": order, "reply": reply }));
    let stands = |state: &str, reason: &str| {
        let mark = if words::tone(state) == Tone::Bad { "✗" } else { "✓" };
        let because = if reason.is_empty() { String::new() } else { format!("：{reason}") };
        format!("{mark} {no} {} {state}{because}", words::chinese(state))
    };
    match reply {
        Reply::Accepted { .. }
        | Reply::Credit(_)
        | Reply::Cost { .. }
        | Reply::Document(_)
        | Reply::Record(_)
        | Reply::Verified(_)
        | Reply::Public(_) => page.line(format!("✓ {no} 已执行 done; `baohan orders show {order}`")),
        Reply::Order(status) => page.line(stands(status.state.word(), &status.reason)),
        Reply::Case(status) => page.line(stands(status.state.word(), &status.reason)),
        Reply::Invoice(status) => page.line(stands(status.state.word(), &status.reason)),
        Reply::Refused(refusal) => {
            let next = match refusal.kind {
                RefusalKind::Unknown => "`baohan orders list` shows what there is".to_owned(),
                RefusalKind::AgainstRules | RefusalKind::NotNow => {
                    format!("`baohan orders show {order}` shows where it stands and what is due")
                }
                RefusalKind::Conflict => {
                    "the same id was used for something else: tell the developers".to_owned()
                }
            };
            page.line(format!("✗ {no} 未执行 refused: {}\n  {next}", refusal.say)).not_good()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{content, decision_id};
    use domain::{AcceptanceNo, Decision, Origin, PartnerId};
    use store::{EventRow, Numbered};

    fn known(version: i32) -> Numbered {
        let partner = PartnerId::parse("demo").unwrap();
        let no = AcceptanceNo::of(&partner, "apply_guarantee", "1");
        let origin = Origin { kind: "finserv".to_owned(), partner, callback: None };
        let (kind, state) = ("order".to_owned(), "reviewing".to_owned());
        Numbered { kind, no: no.clone(), order: no, origin, version, state }
    }

    fn event(version: i32, message_id: &str) -> EventRow {
        EventRow {
            no: known(1).no.to_string(),
            version,
            what: "something".to_owned(),
            detail: serde_json::Value::Null,
            message_id: message_id.to_owned(),
            trace: String::new(),
            at: crate::moment::now(),
        }
    }

    #[test]
    fn the_same_decision_has_the_same_id_until_something_else_happens() {
        let approve = content(&Decision::Approve).unwrap();
        let refuse = content(&Decision::Refuse { reason: "材料不全".to_owned() }).unwrap();
        let placed = event(1, "A1");
        let first = decision_id(&known(1), std::slice::from_ref(&placed), &approve);
        assert_eq!(first, decision_id(&known(1), std::slice::from_ref(&placed), &approve));
        // An approval may carry the order two versions on, to its issue.
        let decided = [placed.clone(), event(2, &first), event(3, &first)];
        assert_eq!(first, decision_id(&known(3), &decided, &approve), "a repeat");
        assert_ne!(first, decision_id(&known(3), &decided, &refuse), "the opposite is no repeat");
        let paid = [placed, event(2, &first), event(3, "pay:1")];
        assert_ne!(first, decision_id(&known(3), &paid, &approve), "the order has moved on");
    }
}
