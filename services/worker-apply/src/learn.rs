//! What partners answered to our questions: an announced order gets its application, blanks are filled in, files are kept.
//! What comes late or twice changes nothing.

use crate::{companies, files, place};
use domain::{Fact, Learn, LearntApplication, Order, OrderState, Private, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press};

/// Takes a fact in.
pub(crate) async fn learn(desk: &mut Desk, press: &Press, learn: &Learn) -> Handled {
    let accepted = Reply::Accepted { no: learn.about.clone() };
    let Some(mut order) = desk.work.any_order(&learn.about).await? else {
        // A question about nothing in particular: its answer is a line under its own number.
        desk.work.note_at(&learn.about, Event { what: "learnt", detail: told(&learn.fact) });
        return Ok(accepted);
    };
    match &learn.fact {
        Fact::Application(learnt) => application(desk, press, &mut order, learnt).await?,
        Fact::Companies(learnt) => companies::learn(desk, &mut order, learnt)?,
        Fact::FileAddress { file_id, url } => files::found(desk, &mut order, file_id, url)?,
        Fact::FileGone { file_id, attachment } => files::gone(desk, &mut order, file_id, attachment)?,
        Fact::FileKept { file_id, attachment, document } => {
            files::kept(desk, &mut order, file_id, attachment, document);
        }
        Fact::SerialNo(serial) => {
            if let Some(guarantee) = &mut order.guarantee {
                guarantee.serial_no = Some(serial.clone());
            }
            desk.work.note(&order, Event { what: "serial_no_told", detail: json!({ "serial_no": serial }) });
        }
        Fact::ClaimDetail(_) | Fact::Insurers(_) => {
            desk.work.note(&order, Event { what: "learnt", detail: told(&learn.fact) });
        }
    }
    desk.work.save(&order)?;
    Ok(accepted)
}

/// Fills an announced order and examines it like any application.
async fn application(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    learnt: &LearntApplication,
) -> Result<(), Failure> {
    if order.state != OrderState::Announced {
        desk.work.note(order, Event { what: "learnt", detail: json!({ "application": learnt.status }) });
        return Ok(());
    }
    let policy = desk.policy(&order.origin)?;
    // The companies may have come first: what they said stays where the application is silent.
    let known = order.application.clone();
    order.fill(learnt.application.clone())?;
    companies::fill_blanks(&mut order.application, &known.applicant, &known.tender.tenderee, &known.contact);
    add_particulars(order, &learnt.particulars);
    let detail = json!({ "bond": order.application.bond, "status": learnt.status });
    desk.work.note(order, Event { what: "application_pulled", detail });
    files::fetch(desk, order, &learnt.files)?;
    place::judge(desk, press, order, &policy).await
}

/// Keeps what else a partner says, the latest under each title.
pub(crate) fn add_particulars(order: &mut Order, said: &[(String, Private)]) {
    for (title, text) in said.iter().filter(|(_, text)| !text.is_empty()) {
        match order.particulars.iter_mut().find(|(known, _)| known == title) {
            Some((_, known)) => known.clone_from(text),
            None => order.particulars.push((title.clone(), text.clone())),
        }
    }
}

/// Answers without a place of their own, for operators; no personal data.
fn told(fact: &Fact) -> serde_json::Value {
    match fact {
        Fact::Insurers(list) => json!({ "insurers": list }),
        other => json!({ "fact": other.word() }),
    }
}
