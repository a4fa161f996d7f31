//! 3.3.1 申请保函索赔 `apply_claim`: the beneficiary demands payment.

use super::request_release::{about, callback};
use super::wire::Receipt;
use super::{Served, inbound};
use crate::codes::{AGENT_EMAIL, AGENT_NAME, AGENT_PHONE};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Attachment, BankAccount, Command, Company, Contact, Private, Reply, RequestClaim};
use protocol::{Ask, Fields, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.3.1", "apply_claim", "申请保函索赔", Way::Ask),
    batch: false,
    read,
    answer,
};

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    // The list may be absent or empty; what is in it is complete (FS-28).
    let evidence = fields.list(("claim_evidence_list", "索赔材料列表"))?;
    let request = RequestClaim {
        reason: fields.required(("claim_reason", "索赔原因"))?,
        claimer: Company {
            name: fields.required(("claimer_name", "索赔人名称"))?.into(),
            code: fields.required(("claimer_code", "索赔人代码"))?.into(),
            address: Private::default(),
        },
        contact: Contact {
            name: fields.required(AGENT_NAME)?.into(),
            id_no: Private::default(),
            phone: fields.required(AGENT_PHONE)?.into(),
            email: fields.text(AGENT_EMAIL)?.into(),
        },
        amount: Some(fields.money(("amount", "索赔金额"))?),
        account: Some(BankAccount {
            holder: fields.required(("receive_account_name", "索赔账号名称"))?.into(),
            number: fields.required(("receive_account", "索赔账号"))?.into(),
            bank: fields.required(("receive_bank_name", "索赔账号开户行名称"))?.into(),
            bank_no: fields.text(("receive_bank_no", "索赔账号开户行行号"))?.into(),
        }),
        evidence: evidence.iter().map(proof).collect::<Result<_, _>>()?,
    };
    let (business_key, about) = about(fields, request)?;
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestClaim(about)), callback: callback(fields)? })
}

fn proof(item: &Fields) -> Result<Attachment, Rejection> {
    Ok(Attachment {
        name: item.required(("claim_evidence_name", "材料文件名称"))?.into(),
        kind: "evidence".to_owned(),
        url: item.required(("claim_evidence_url", "材料下载地址"))?.into(),
    })
}

fn answer(reply: Result<&Reply, &str>, _: &Manner) -> Bytes {
    Receipt::numbered(reply).with_page().bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn claimed(change: impl FnOnce(&mut Value)) -> Result<RequestClaim, String> {
        match read(&sample::changed("apply_claim", change)).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RequestClaim(about))) => Ok(about.request),
            Ok(other) => panic!("not a claim: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn the_evidence_may_be_absent_but_not_incomplete() {
        for none in [json!(null), json!(""), json!([])] {
            assert!(claimed(|data| data["claim_evidence_list"] = none).unwrap().evidence.is_empty());
        }
        let say =
            claimed(|data| data["claim_evidence_list"][0]["claim_evidence_url"] = json!("")).unwrap_err();
        assert_eq!(say, "材料下载地址(claim_evidence_url)不能为空");
    }

    #[test]
    fn the_evidence_may_be_written_as_text() {
        let text = r#"[{"claim_evidence_name":"a","claim_evidence_url":"https://p.example/a"}]"#;
        assert_eq!(claimed(|data| data["claim_evidence_list"] = json!(text)).unwrap().evidence.len(), 1);
    }

    #[test]
    fn an_amount_has_two_decimals_and_no_sign() {
        for wrong in ["1.234", "-5", "1e5", "五万"] {
            let say = claimed(|data| data["amount"] = json!(wrong)).unwrap_err();
            assert_eq!(say, "索赔金额(amount)应为金额（元），最多两位小数");
        }
    }

    #[test]
    fn the_receipt_has_a_page_that_is_empty() {
        let no = sample::no();
        let yes = format!(r#"{{"result":"success","accept_no":"{no}","page_flow":"","msg":""}}"#);
        assert_eq!(answer(Ok(&Reply::Accepted { no }), &sample::manner()), yes);
    }
}
