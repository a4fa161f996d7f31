//! 理赔通知 `claimsnotice`: titled a notice, it is the beneficiary's demand for payment.

use super::{Served, about, inbound, key_of};
use crate::settings::Manner;
use domain::{
    About, Attachment, BankAccount, Command, Company, Contact, Money, Private, RequestClaim, Stage,
};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

/// Nothing tells the outcome of a claim (PR-10).
pub(super) const SERVED: Served = Served {
    interface: inbound("接口说明 / 理赔通知", "claimsnotice", "理赔通知", Way::Ask),
    read,
    optional: &["Reason", "filelist", "payeraccount", "payeramount", "reason"],
    told_later: false,
    has_page: false,
};

const AMOUNT: Label = ("payeramount", "赔付金额");
/// With its capital, and without (PR-07); the signature is over whichever was sent.
const REASONS: [Label; 2] = [("Reason", "理赔原因"), ("reason", "理赔原因")];

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let files = fields.list(("filelist", "理赔文件列表"))?;
    let request = RequestClaim {
        reason: fields.text_of_any(&REASONS)?,
        // The tenderee is sealed or revealed with the order, and not repeated here.
        claimer: Company::default(),
        contact: Contact {
            name: fields.required(("applyusername", "理赔联系人"))?.into(),
            phone: fields.required(("applyuserphone", "理赔联系人电话"))?.into(),
            ..Contact::default()
        },
        amount: amount(fields)?,
        account: account(fields)?,
        evidence: files
            .iter()
            .enumerate()
            .map(|(index, file)| proof(file, index + 1))
            .collect::<Result<_, _>>()?,
    };
    let about = About { stage: Some(Stage::AfterOpening), ..about(fields, request)? };
    Ok(Ask {
        business_key: key_of(&about),
        wish: Wish::Command(Command::RequestClaim(about)),
        callback: None,
    })
}

/// Without an amount the whole bond is demanded (PR-08).
fn amount(fields: &Fields) -> Result<Option<Money>, Rejection> {
    if fields.text(AMOUNT)?.is_empty() { Ok(None) } else { fields.money(AMOUNT).map(Some) }
}

/// Here `payeraccount` is where payment goes, not where the premium came from; without it an operator asks (PR-08).
fn account(fields: &Fields) -> Result<Option<BankAccount>, Rejection> {
    let number: Private = fields.text(("payeraccount", "收款账号"))?.into();
    Ok(Some(number)
        .filter(|number| !number.is_empty())
        .map(|number| BankAccount { number, ..BankAccount::default() }))
}

fn proof(file: &Fields, position: usize) -> Result<Attachment, Rejection> {
    Ok(Attachment {
        name: format!("理赔文件{position}").into(),
        kind: "evidence".to_owned(),
        url: file.required(("fileurl", "理赔文件地址"))?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn claimed(change: impl FnOnce(&mut Value)) -> Result<RequestClaim, String> {
        match read(&sample::changed("claimsnotice", change), &sample::manner()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RequestClaim(about))) => {
                assert_eq!(about.stage, Some(Stage::AfterOpening));
                Ok(about.request)
            }
            Ok(other) => panic!("not a claim: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn the_reason_is_read_in_either_spelling_and_may_be_missing() {
        assert_eq!(claimed(|_| ()).unwrap().reason, "投标人放弃中标");
        let small = |data: &mut Value| {
            data["Reason"] = json!(null);
            data["reason"] = json!("围标");
        };
        assert_eq!(claimed(small).unwrap().reason, "围标");
        assert_eq!(claimed(|data| data["Reason"] = json!("")).unwrap().reason, "");
    }

    #[test]
    fn without_amount_and_account_the_claim_is_opened_all_the_same() {
        let request = claimed(|data| {
            data["payeramount"] = json!("");
            data["payeraccount"] = json!(null);
        });
        let request = request.unwrap();
        assert_eq!((request.amount, request.account), (None, None));
        let say = claimed(|data| data["payeramount"] = json!("八十万")).unwrap_err();
        assert_eq!(say, "赔付金额(payeramount)应为金额（元），最多两位小数");
    }

    #[test]
    fn files_come_as_text_or_as_a_list() {
        let list = json!([{"fileurl": "https://p.example/a"}, {"fileurl": "https://p.example/b"}]);
        for form in [json!(list.to_string()), list] {
            let evidence = claimed(|data| data["filelist"] = form).unwrap().evidence;
            let urls: Vec<&str> = evidence.iter().map(|file| file.url.expose()).collect();
            assert_eq!(urls, ["https://p.example/a", "https://p.example/b"]);
            assert_eq!(evidence[1].name.expose(), "理赔文件2");
        }
        for none in [json!(null), json!(""), json!("[]"), json!([])] {
            assert!(claimed(|data| data["filelist"] = none).unwrap().evidence.is_empty());
        }
        let say = claimed(|data| data["filelist"] = json!("[{}]")).unwrap_err();
        assert_eq!(say, "理赔文件地址(fileurl)不能为空");
        let say = claimed(|data| data["filelist"] = json!("https://p.example/a")).unwrap_err();
        assert_eq!(say, "理赔文件列表(filelist)应为列表");
    }
}
