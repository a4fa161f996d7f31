//! The particulars of the companies of an order: what the application left blank is filled in, the rest is kept beside it.

use crate::{files, learn};
use domain::{Applicant, Company, Contact, LearntCompanies, Order, PlaceOrder, Private};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure};

/// Takes the particulars in, whether the application is here already or not; once it ended there is nothing to fill.
pub(crate) fn learn(desk: &mut Desk, order: &mut Order, learnt: &LearntCompanies) -> Result<(), Failure> {
    let detail = json!({ "organisation": learnt.organisation, "capital": learnt.capital });
    desk.work.note(order, Event { what: "companies_pulled", detail });
    if ended(order) {
        return Ok(());
    }
    fill_blanks(&mut order.application, &learnt.applicant, &learnt.creditor, &learnt.operator);
    learn::add_particulars(order, &particulars(learnt));
    let wanted: Vec<_> = learnt.files.iter().map(|file| (String::new(), file.clone())).collect();
    files::fetch(desk, order, &wanted)
}

/// True once no guarantee will come of it.
pub(crate) const fn ended(order: &Order) -> bool {
    matches!(order.state, domain::OrderState::Rejected | domain::OrderState::Withdrawn)
}

/// Fills in what the application does not say; what it says stands.
pub(crate) fn fill_blanks(
    application: &mut PlaceOrder,
    applicant: &Applicant,
    tenderee: &Company,
    contact: &Contact,
) {
    let own = &mut application.applicant;
    company(&mut own.company, &applicant.company);
    blank(&mut own.legal_name, &applicant.legal_name);
    blank(&mut own.legal_id, &applicant.legal_id);
    if own.account.is_none() {
        own.account.clone_from(&applicant.account);
    }
    company(&mut application.tender.tenderee, tenderee);
    let own = &mut application.contact;
    for (own, other) in [
        (&mut own.name, &contact.name),
        (&mut own.id_no, &contact.id_no),
        (&mut own.phone, &contact.phone),
        (&mut own.email, &contact.email),
    ] {
        blank(own, other);
    }
}

fn company(own: &mut Company, other: &Company) {
    blank(&mut own.name, &other.name);
    blank(&mut own.code, &other.code);
    blank(&mut own.address, &other.address);
}

fn blank(own: &mut Private, other: &Private) {
    if own.is_empty() {
        own.clone_from(other);
    }
}

/// What has no place in an application, by its Chinese title.
fn particulars(learnt: &LearntCompanies) -> Vec<(String, Private)> {
    let capital = learnt.capital.map(|capital| capital.to_string()).unwrap_or_default();
    let mut said = vec![
        ("投标人企业类型".to_owned(), Private::from(learnt.organisation.clone())),
        ("投标人注册资本（元）".to_owned(), Private::from(capital)),
    ];
    for (title, company) in [("受益人", &learnt.creditor), ("保证人", &learnt.guarantor)] {
        said.push((format!("{title}名称"), company.name.clone()));
        said.push((format!("{title}统一社会信用代码"), company.code.clone()));
        said.push((format!("{title}地址"), company.address.clone()));
    }
    for (title, person) in [
        ("投标人经办人", &learnt.operator),
        ("受益人经办人", &learnt.creditor_operator),
        ("保证人经办人", &learnt.guarantor_operator),
    ] {
        said.push((title.to_owned(), person.name.clone()));
        said.push((format!("{title}证件号码"), person.id_no.clone()));
        said.push((format!("{title}电话"), person.phone.clone()));
        said.push((format!("{title}邮箱"), person.email.clone()));
    }
    said
}
