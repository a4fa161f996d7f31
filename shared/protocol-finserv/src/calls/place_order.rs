//! 3.1.1 保函申请 `apply_guarantee`: a bidder's application becomes an order.

use super::wire::Receipt;
use super::{Served, inbound};
use crate::codes::{
    AGENT_EMAIL, AGENT_NAME, AGENT_PHONE, APPLY_NO, CALLBACK, ENTERPRISE_CODE, ENTERPRISE_NAME, FILE_TYPES,
    GUARANTEE_TYPES, GuaranteeType, SECTION_CODE, SECTION_NAME,
};
use crate::settings::Manner;
use bytes::Bytes;
use domain::{
    Applicant, Attachment, BankAccount, Command, Company, Contact, Money, PlaceOrder, Private, Product,
    Reply, Tender,
};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.1.1", "apply_guarantee", "保函申请", Way::Tell),
    batch: false,
    read,
    answer,
};

const TENDER_EXPIRE: Label = ("tender_expire", "投标有效期");
const TENDER_BOND: Label = ("tender_bond", "保证金金额");
const FILE_TYPE: Label = ("file_type", "文件类型");

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    let business_no = fields.required(APPLY_NO)?;
    let order = PlaceOrder {
        business_no: business_no.clone(),
        product: product(fields)?,
        applicant: applicant(fields)?,
        tender: tender(fields)?,
        bond: bond(fields)?,
        contact: Contact {
            name: fields.required(AGENT_NAME)?.into(),
            id_no: fields.required(("agent_id_no", "经办人证件号码"))?.into(),
            phone: fields.required(AGENT_PHONE)?.into(),
            email: fields.text(AGENT_EMAIL)?.into(),
        },
        attachments: fields
            .list(("file_list", "文件列表"))?
            .iter()
            .map(attachment)
            .collect::<Result<_, _>>()?,
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    };
    let callback = Some(fields.text(CALLBACK)?).filter(|url| !url.is_empty());
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::PlaceOrder(order)), callback })
}

/// Each kind of guarantee needs its own fields and ignores those of the other (FS-02).
fn product(fields: &Fields) -> Result<Product, Rejection> {
    let kind = fields.code(("guarantee_type", "保函类型"), &GUARANTEE_TYPES)?;
    match kind.unwrap_or(GuaranteeType::Bid) {
        GuaranteeType::Bid => Ok(Product::Bid {
            opening: Some(fields.required_instant(("open_time", "开标时间"))?),
            validity_days: Some(validity_days(fields)?),
        }),
        GuaranteeType::Performance => Ok(Product::Performance {
            signed_at: fields.required_instant(("contract_sign_time", "合同签订时间"))?,
            period: fields.required(("contract_period_validtime", "合同履约期限"))?,
        }),
    }
}

fn bond(fields: &Fields) -> Result<Money, Rejection> {
    let bond = fields.money(TENDER_BOND)?;
    let positive = Some(bond).filter(|bond| bond.is_positive());
    positive.ok_or_else(|| Rejection::malformed(TENDER_BOND.0, TENDER_BOND.1, "应大于0"))
}

fn validity_days(fields: &Fields) -> Result<u32, Rejection> {
    const DEFAULT: u32 = 120;
    let text = fields.text(TENDER_EXPIRE)?;
    if text.is_empty() {
        return Ok(DEFAULT);
    }
    let days = text.parse().ok().filter(|days| (1..10_000).contains(days));
    days.ok_or_else(|| Rejection::malformed(TENDER_EXPIRE.0, TENDER_EXPIRE.1, "应为正整数（天）"))
}

fn applicant(fields: &Fields) -> Result<Applicant, Rejection> {
    let number: Private = fields.text(("bank_account", "对公银行账户"))?.into();
    let bank: Private = fields.text(("bank_name", "对公银行开户行"))?.into();
    let bank_no: Private = fields.text(("bank_code", "对公银行联行号"))?.into();
    let given = !(number.is_empty() && bank.is_empty() && bank_no.is_empty());
    Ok(Applicant {
        company: Company {
            name: fields.required(ENTERPRISE_NAME)?.into(),
            code: fields.required(ENTERPRISE_CODE)?.into(),
            address: fields.text(("enterprise_address", "企业注册地址"))?.into(),
        },
        legal_name: fields.required(("legal_name", "法人姓名"))?.into(),
        legal_id: fields.required(("legal_code", "法人身份证号"))?.into(),
        account: given.then(|| BankAccount { holder: Private::default(), number, bank, bank_no }),
    })
}

fn tender(fields: &Fields) -> Result<Tender, Rejection> {
    Ok(Tender {
        project_no: fields.required(("project_code", "项目编号"))?,
        project_name: fields.required(("project_name", "项目名称"))?.into(),
        area: fields.text(("project_area", "项目所在区域"))?,
        address: fields.text(("project_address", "项目详细地址"))?.into(),
        section_no: fields.required(SECTION_CODE)?,
        section_name: fields.required(SECTION_NAME)?.into(),
        tenderee: Company {
            name: fields.required(("tenderer", "招标人/采购人"))?.into(),
            code: fields.required(("tenderer_code", "招标人/采购人统一社会信用代码"))?.into(),
            address: fields.required(("tenderer_address", "招标/采购人地址"))?.into(),
        },
        // A tender may be run without an agency, whatever the table says (FS-32).
        agency: Company {
            name: fields.text(("agency", "招标代理"))?.into(),
            code: fields.text(("agency_code", "招标代理统一社会信用代码"))?.into(),
            address: Private::default(),
        },
    })
}

fn attachment(file: &Fields) -> Result<Attachment, Rejection> {
    let name = file.required(("file_name", "文件名称"))?.into();
    file.required(FILE_TYPE)?;
    let kind = file.code(FILE_TYPE, &FILE_TYPES)?.unwrap_or_default().to_owned();
    Ok(Attachment { name, kind, url: file.required(("file_url", "文件下载地址"))?.into() })
}

fn answer(reply: Result<&Reply, &str>, manner: &Manner) -> Bytes {
    Receipt::numbered(reply).with_alias(manner.accept_alias).with_page().bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use domain::AcceptanceNo;
    use serde_json::json;

    const NAME: &str = "apply_guarantee";

    fn placed(change: impl FnOnce(&mut serde_json::Value)) -> Result<PlaceOrder, String> {
        match read(&sample::changed(NAME, change)).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::PlaceOrder(order))) => Ok(order),
            Ok(other) => panic!("not an order: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn a_bid_guarantee_is_the_default_and_needs_only_its_own_fields() {
        let order = placed(|data| {
            data.as_object_mut().unwrap().remove("guarantee_type");
            data["contract_sign_time"] = json!("not a time");
        });
        let Product::Bid { validity_days, .. } = order.unwrap().product else { panic!("no bid guarantee") };
        assert_eq!(validity_days, Some(90));
        assert_eq!(placed(|data| data["open_time"] = json!("")), Err("开标时间(open_time)不能为空".into()));
    }

    #[test]
    fn a_performance_guarantee_needs_the_contract_and_no_opening() {
        let contract = |data: &mut serde_json::Value| {
            data["guarantee_type"] = json!(2);
            data["open_time"] = json!(null);
            data["contract_sign_time"] = json!("202611220930");
            data["contract_period_validtime"] = json!("180日历天");
        };
        let Product::Performance { period, .. } = placed(contract).unwrap().product else { panic!("not it") };
        assert_eq!(period, "180日历天");
        for (name, title) in
            [("contract_sign_time", "合同签订时间"), ("contract_period_validtime", "合同履约期限")]
        {
            let missing = placed(|data| {
                contract(data);
                data[name] = json!(" ");
            });
            assert_eq!(missing, Err(format!("{title}({name})不能为空")));
        }
    }

    #[test]
    fn the_validity_is_a_number_of_days_or_120() {
        let days = |value: serde_json::Value| {
            placed(|data| data["tender_expire"] = value).map(|order| match order.product {
                Product::Bid { validity_days, .. } => validity_days.unwrap(),
                Product::Performance { .. } => 0,
            })
        };
        assert_eq!(days(json!("")), Ok(120));
        assert_eq!(days(json!(60)), Ok(60));
        for wrong in ["0", "-1", "12.5", "九十"] {
            assert_eq!(days(json!(wrong)), Err("投标有效期(tender_expire)应为正整数（天）".into()));
        }
    }

    #[test]
    fn a_bond_is_an_amount_above_nothing() {
        let bond =
            |value: serde_json::Value| placed(|data| data["tender_bond"] = value).map(|order| order.bond);
        assert_eq!(bond(json!("800000.5")), Ok(Money::from_fen(80_000_050)));
        assert_eq!(bond(json!(0)), Err("保证金金额(tender_bond)应大于0".into()));
        assert_eq!(bond(json!("1.234")), Err("保证金金额(tender_bond)应为金额（元），最多两位小数".into()));
    }

    #[test]
    fn every_form_of_the_opening_is_one_instant() {
        let forms =
            ["20261222 0930", "202612220930", "20261222093000", "20261222 09:30:00", "2026-12-22T09:30:00"];
        let products = forms.map(|form| placed(|data| data["open_time"] = json!(form)).unwrap().product);
        assert!(products.iter().all(|product| *product == products[0]), "{products:?}");
    }

    #[test]
    fn a_tender_without_agency_and_an_application_without_files_are_accepted() {
        let order = placed(|data| {
            for name in ["agency", "agency_code", "file_list", "bank_name", "bank_account", "bank_code"] {
                data[name] = json!("");
            }
        });
        let order = order.unwrap();
        assert!(order.tender.agency.name.is_empty() && order.attachments.is_empty());
        assert_eq!(order.applicant.account, None);
    }

    #[test]
    fn a_file_has_a_name_a_known_type_and_an_address() {
        let wrong =
            |name: &str, value: &str| placed(|data| data["file_list"][0][name] = json!(value)).unwrap_err();
        assert_eq!(wrong("file_name", ""), "文件名称(file_name)不能为空");
        assert_eq!(wrong("file_url", ""), "文件下载地址(file_url)不能为空");
        assert_eq!(wrong("file_type", ""), "文件类型(file_type)不能为空");
        assert_eq!(wrong("file_type", "4"), "文件类型(file_type)取值应为1、2、3");
    }

    #[test]
    fn the_number_comes_back_also_under_its_other_name_if_wanted() {
        let no = sample::no();
        let accepted = Reply::Accepted { no: no.clone() };
        let expected = |alias: &str| {
            format!(r#"{{"result":"success","accept_no":"{no}",{alias}"page_flow":"","msg":""}}"#)
        };
        assert_eq!(answer(Ok(&accepted), &sample::manner()), expected(""));
        let manner = Manner { accept_alias: true, ..sample::manner() };
        assert_eq!(answer(Ok(&accepted), &manner), expected(&format!(r#""accept":"{no}","#)));
        let refused = r#"{"result":"fail","accept_no":"","page_flow":"","msg":"已过开标时间"}"#;
        assert_eq!(answer(Err("已过开标时间"), &sample::manner()), refused);
        assert!(AcceptanceNo::parse(no.as_str()).is_ok());
    }
}
