//! What partners answered to our questions: an announced order gets its application, files are kept, serial numbers noted.

use crate::announce::ask;
use crate::place;
use domain::{
    Applicant, Attachment, Company, Contact, DocumentRef, Fact, KeptFile, Learn, LearntApplication,
    LearntCompanies, Order, OrderState, Private, Reply, Topic,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press};

/// Takes a fact in. What comes late or twice changes nothing.
pub(crate) async fn learn(desk: &mut Desk, press: &Press, learn: &Learn) -> Handled {
    let accepted = Reply::Accepted { no: learn.about.clone() };
    let Some(mut order) = desk.work.any_order(&learn.about).await? else {
        // A question about nothing in particular: its answer is a line under its own number.
        desk.work.note_at(&learn.about, Event { what: "learnt", detail: told(&learn.fact) });
        return Ok(accepted);
    };
    match &learn.fact {
        Fact::Application(learnt) => application(desk, press, &mut order, learnt).await?,
        Fact::Companies(learnt) => companies(desk, &mut order, learnt)?,
        Fact::FileAddress { file_id, url } => fetch_again(desk, &mut order, file_id, url)?,
        Fact::FileGone { file_id, attachment } => gone(desk, &mut order, file_id, attachment)?,
        Fact::FileKept { file_id, attachment, document } => {
            keep(&mut order, file_id, attachment, document);
            order.wanted.retain(|(wanted, _)| wanted != file_id);
            order.version += 1;
            desk.work.note(&order, Event { what: "file_kept", detail: json!({ "kind": attachment.kind }) });
        }
        Fact::SerialNo(serial) => {
            if let Ok(guarantee) = order.guarantee_mut() {
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
    let known = order.application.applicant.clone();
    order.fill(learnt.application.clone())?;
    supplement(&mut order.application.applicant, &known);
    order.particulars.clone_from(&learnt.particulars);
    let detail = json!({ "bond": order.application.bond, "status": learnt.status });
    desk.work.note(order, Event { what: "application_pulled", detail });
    for (file_id, attachment) in &learnt.files {
        let topic = Topic::File { file_id: file_id.clone(), attachment: attachment.clone() };
        ask(desk, order, topic)?;
    }
    place::judge(desk, press, order, &policy).await
}

fn companies(desk: &mut Desk, order: &mut Order, learnt: &LearntCompanies) -> Result<(), Failure> {
    supplement(&mut order.application.applicant, &learnt.applicant);
    fill_company(&mut order.application.tender.tenderee, &learnt.creditor);
    fill_contact(&mut order.application.contact, &learnt.operator);
    order.version += 1;
    let detail = json!({ "organisation": learnt.organisation, "capital": learnt.capital });
    desk.work.note(order, Event { what: "companies_pulled", detail });
    for attachment in &learnt.files {
        ask(desk, order, Topic::File { file_id: String::new(), attachment: attachment.clone() })?;
    }
    Ok(())
}

fn keep(order: &mut Order, file_id: &str, attachment: &Attachment, document: &DocumentRef) {
    if !order.files.iter().any(|kept| kept.document == *document) {
        order.files.push(KeptFile {
            file_id: file_id.to_owned(),
            kind: attachment.kind.clone(),
            name: attachment.name.clone(),
            document: document.clone(),
        });
    }
}

/// An expired address: the partner is asked for a new one, if the file has an id to ask by.
fn gone(desk: &mut Desk, order: &mut Order, file_id: &str, attachment: &Attachment) -> Result<(), Failure> {
    order.version += 1;
    let detail = json!({ "kind": attachment.kind, "file_id": file_id, "name": attachment.name });
    desk.work.note(order, Event { what: "file_address_expired", detail });
    if file_id.is_empty() {
        let say = "合作方文件链接已失效且无法更新，请联系合作方重新提供";
        desk.work.raise(order, "file_gone", say);
        return Ok(());
    }
    order.wanted.retain(|(wanted, _)| wanted != file_id);
    order.wanted.push((file_id.to_owned(), attachment.clone()));
    ask(desk, order, Topic::FileAddress { file_id: file_id.to_owned() })
}

fn fetch_again(desk: &mut Desk, order: &mut Order, file_id: &str, url: &Private) -> Result<(), Failure> {
    order.version += 1;
    desk.work.note(order, Event { what: "file_address_renewed", detail: json!({ "file_id": file_id }) });
    let wanted = order.wanted.iter().find(|(wanted, _)| wanted == file_id);
    let attachment = wanted.map_or_else(
        || Attachment { name: file_id.into(), kind: "other".to_owned(), url: url.clone() },
        |(_, known)| Attachment { url: url.clone(), ..known.clone() },
    );
    ask(desk, order, Topic::File { file_id: file_id.to_owned(), attachment })
}

/// Answers without a place of their own, for operators; no personal data.
fn told(fact: &Fact) -> serde_json::Value {
    match fact {
        Fact::Insurers(list) => json!({ "insurers": list }),
        other => json!({ "fact": other.word() }),
    }
}

fn supplement(mine: &mut Applicant, theirs: &Applicant) {
    fill_company(&mut mine.company, &theirs.company);
    fill(&mut mine.legal_name, &theirs.legal_name);
    fill(&mut mine.legal_id, &theirs.legal_id);
    if mine.account.is_none() {
        mine.account.clone_from(&theirs.account);
    }
}

fn fill_company(mine: &mut Company, theirs: &Company) {
    fill(&mut mine.name, &theirs.name);
    fill(&mut mine.code, &theirs.code);
    fill(&mut mine.address, &theirs.address);
}

fn fill_contact(mine: &mut Contact, theirs: &Contact) {
    fill(&mut mine.name, &theirs.name);
    fill(&mut mine.id_no, &theirs.id_no);
    fill(&mut mine.phone, &theirs.phone);
    fill(&mut mine.email, &theirs.email);
}

fn fill(mine: &mut Private, theirs: &Private) {
    if mine.is_empty() {
        mine.clone_from(theirs);
    }
}
