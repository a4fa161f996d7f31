//! 3.3 获取理赔信息 `get_claim_detail`: the particulars of a claim, and a fresh address of its proof (FZ-22, FZ-28).

use super::reply::{Told, said};
use super::{Said, outbound};
use crate::envelope::Field;
use crate::settings::Manner;
use domain::{Attachment, Contact, Fact, LearntClaim, Money, Private};
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.3", "get_claim_detail", "获取理赔信息");

/// All five fields are demanded although the number tells the claim from all others (FZ-28).
pub(super) fn write<'a>(
    claim_no: &'a str,
    guarantee_no: &'a str,
    principal: &'a Private,
    creditor: &'a Private,
    manner: &'a Manner,
) -> Said<'a> {
    Said::plain(vec![
        Field::text("claim_no", claim_no),
        Field::text("guarantee_no", guarantee_no),
        Field::text("principal", principal.expose()),
        Field::text("creditor", creditor.expose()),
        Field::text("guarantor", manner.insurer_name.as_str()),
    ])
}

pub(super) fn learn(told: &Told, asked: &str) -> Result<Fact, &'static str> {
    let data = told.object().ok_or("there is no claim in it")?;
    let text = |name| said(&data, name);
    if text("claim_no") != asked {
        return Err("it is about another claim");
    }
    let url = text("claim_file");
    let file =
        Attachment { name: "索赔文件".into(), kind: "evidence".to_owned(), url: url.as_str().into() };
    Ok(Fact::ClaimDetail(Box::new(LearntClaim {
        claim_no: text("claim_no"),
        status: text("claim_status"),
        guarantee_no: text("guarantee_no"),
        section_no: text("block_number"),
        section_name: text("block_name").into(),
        principal: text("principal").into(),
        creditor: text("creditor").into(),
        guarantor: text("guarantor").into(),
        issuer: text("out_guarantee").into(),
        amount: Money::parse(&text("claim_amount")).ok(),
        reason: text("claim_reason"),
        contact: Contact {
            name: text("contact_person").into(),
            id_no: Private::default(),
            phone: text("contact_phone").into(),
            email: text("contact_mail").into(),
        },
        statement: text("claim_statement").into(),
        file: (!url.is_empty()).then_some(file),
    })))
}
