//! 3.1 理赔申请（异步推送） `apply_claim`: the beneficiary demands payment, or takes the demand back (5.7 REVOKED).

use super::{Push, Served, answer, inbound, joined};
use crate::codes::{BLOCK_NAME, BLOCK_NUMBER, CREDITOR, GUARANTEE_NO, PRINCIPAL, REVOKED};
use domain::{About, Attachment, Command, Company, Contact, GuaranteeNo, RequestClaim, RevokeCase, Subject};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.1", "apply_claim", "理赔申请（异步推送）", Way::Ask),
    fields: &[
        "claim_no",
        "request_method",
        "claim_status",
        "guarantee_no",
        "block_name",
        "block_number",
        "principal",
        "creditor",
        "claim_amount",
        "claim_reason",
        "contact_person",
        "contact_phone",
        "contact_mail",
        "claim_statement",
        "claim_file",
    ],
    read,
    answer: answer::status,
};

/// A push that is repeated later may name a later status; it still is the same claim.
fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let fields = push.fields;
    fields.required(("request_method", "请求方法"))?;
    let business_no = fields.required(("claim_no", "理赔序列号"))?;
    let status = fields.required(("claim_status", "理赔状态"))?;
    let guarantee_no = GuaranteeNo::quoted(&fields.required(GUARANTEE_NO)?);
    for label in [BLOCK_NAME, BLOCK_NUMBER, PRINCIPAL] {
        fields.required(label)?;
    }
    let request = demand(fields)?;
    if status == REVOKED {
        let business_key = joined(&[&business_no, REVOKED]);
        let reason = request.reason;
        let command = Command::RevokeCase(RevokeCase { subject: Subject::Claim, business_no, reason });
        return Ok(Ask { business_key, wish: Wish::Command(command), callback: None });
    }
    let about = About {
        business_no: business_no.clone(),
        guarantee_no,
        order_no: String::new(),
        stage: None,
        by: String::new(),
        request,
    };
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::RequestClaim(about)), callback: None })
}

fn demand(fields: &Fields) -> Result<RequestClaim, Rejection> {
    let reason = fields.required(("claim_reason", "索赔理由"))?;
    let statement = fields.text(("claim_statement", "索赔说明"))?;
    Ok(RequestClaim {
        reason: if statement.is_empty() { reason } else { format!("{reason}。索赔说明：{statement}") },
        claimer: Company { name: fields.required(CREDITOR)?.into(), ..Company::default() },
        contact: Contact {
            name: fields.required(("contact_person", "联系人姓名"))?.into(),
            phone: fields.required(("contact_phone", "联系人手机号"))?.into(),
            email: fields.required(("contact_mail", "联系人邮箱"))?.into(),
            ..Contact::default()
        },
        amount: Some(fields.money(("claim_amount", "索赔金额"))?),
        // Known from 2.3, if at all; else it is asked for by hand (FZ-22).
        account: None,
        evidence: evidence(&fields.text(("claim_file", "索赔文件URL"))?),
    })
}

/// Its address lives two hours (FZ-22).
fn evidence(url: &str) -> Vec<Attachment> {
    let file = || Attachment { name: "索赔文件".into(), kind: "evidence".to_owned(), url: url.into() };
    if url.is_empty() { Vec::new() } else { vec![file()] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::asked;
    use domain::Money;
    use serde_json::{Value, json};

    fn claimed(change: impl FnOnce(&mut Value)) -> RequestClaim {
        match asked("apply_claim", change).wish {
            Wish::Command(Command::RequestClaim(about)) => about.request,
            other => panic!("not a claim: {other:?}"),
        }
    }

    #[test]
    fn a_claim_carries_its_amount_its_proof_and_no_account() {
        let claim = claimed(|_| ());
        assert_eq!((claim.amount, claim.account), (Some(Money::from_fen(80_000_000)), None));
        assert_eq!(claim.evidence.len(), 1);
        let bare = claimed(|data| {
            data["claim_file"] = json!(null);
            data["claim_statement"] = json!("");
            data["claim_amount"] = json!(1000);
        });
        assert!(bare.evidence.is_empty() && !bare.reason.contains("索赔说明"));
        assert_eq!(bare.amount, Some(Money::from_fen(100_000)));
    }

    #[test]
    fn a_repeat_with_a_later_status_is_the_same_claim_and_a_revocation_is_another_request() {
        let first = asked("apply_claim", |_| ());
        let later = asked("apply_claim", |data| data["claim_status"] = json!("INVESTIGATING"));
        assert_eq!(format!("{first:?}"), format!("{later:?}"));
        let revoked = asked("apply_claim", |data| data["claim_status"] = json!("REVOKED"));
        assert_ne!(revoked.business_key, first.business_key);
        let Wish::Command(Command::RevokeCase(revoke)) = revoked.wish else { panic!("{:?}", revoked.wish) };
        assert_eq!((revoke.subject, revoke.business_no.as_str()), (Subject::Claim, "LP20261122001"));
    }
}
