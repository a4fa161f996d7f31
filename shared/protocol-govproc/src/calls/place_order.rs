//! 3.2.1 保函申请接口 `/guarantee/apply`: a bidder's application becomes an order; the answer says where to go on.

use super::{CANCEL_PATH, PULL_PATH, QUERY_PATH, Served, Tell, Told, inbound};
use crate::codes::{BOND, OPENING, ORDER_NO, PROJECT_NAME, PROJECT_NO, SECTION_NAME, SECTION_NO};
use crate::datum::Datum;
use crate::reading::{amount, deadline, moment, text};
use crate::settings::Manner;
use domain::{
    Applicant, BankAccount, Command, Company, Contact, PlaceOrder, Private, Product, Reply, Tender,
};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.2.1", "/guarantee/apply", "保函申请接口", Way::Tell),
    path: "/guarantee/apply",
    in_address: false,
    read,
    tell,
};

const DEADLINE: Label = ("tbjztime", "投标截止日期");

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let business_no = text(fields, ORDER_NO, 32)?;
    let order = PlaceOrder {
        // No validity of the bid is given: how long the guarantee binds is the institution's rule (GP-18).
        product: Product::Bid { opening: Some(moment(fields, &OPENING)?), validity_days: None },
        applicant: applicant(fields)?,
        tender: tender(fields)?,
        bond: amount(fields, BOND)?,
        contact: Contact {
            name: text(fields, ("jbrname", "经办人"), 128)?.into(),
            phone: text(fields, ("jbrphone", "经办人电话"), 128)?.into(),
            email: text(fields, ("jbremail", "经办人邮箱"), 128)?.into(),
            id_no: Private::default(),
        },
        deadline: Some(deadline(fields, DEADLINE)?),
        ..PlaceOrder::announced(business_no.clone())
    };
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::PlaceOrder(order)), callback: None })
}

fn applicant(fields: &Fields) -> Result<Applicant, Rejection> {
    Ok(Applicant {
        company: company(fields, ("qyname", "申请企业名称"), 64, ("qycode", "申请企业统一社会信用代码"))?,
        // The basic account: its bank, its name and its number, whatever the titles say (GP-13).
        account: Some(BankAccount {
            bank: text(fields, ("qykh", "开户行"), 128)?.into(),
            holder: text(fields, ("qykhzh", "开户行账户"), 128)?.into(),
            number: text(fields, ("qyjbzh", "开户行账号"), 32)?.into(),
            bank_no: Private::default(),
        }),
        ..Applicant::default()
    })
}

fn tender(fields: &Fields) -> Result<Tender, Rejection> {
    Ok(Tender {
        project_no: text(fields, PROJECT_NO, 128)?,
        project_name: text(fields, PROJECT_NAME, 256)?.into(),
        section_no: text(fields, SECTION_NO, 128)?,
        section_name: text(fields, SECTION_NAME, 256)?.into(),
        tenderee: company(fields, ("zbrname", "招标人名称"), 128, ("zbrcode", "招标人统一社会信用代码"))?,
        ..Tender::default()
    })
}

fn company(fields: &Fields, name: Label, longest: usize, code: Label) -> Result<Company, Rejection> {
    Ok(Company {
        name: text(fields, name, longest)?.into(),
        code: text(fields, code, 32)?.into(),
        address: Private::default(),
    })
}

fn tell(told: &Told<'_>) -> Tell {
    let Reply::Accepted { .. } = told.reply else { return Tell::Strange };
    let links = &told.manner.links;
    let page = links.page(&links.ticket(&told.ask.business_key, told.now));
    let cancel = if told.manner.cancel { links.to(CANCEL_PATH) } else { String::new() };
    Tell::Data(vec![
        ("continueurl", Datum::Text(page)),
        ("queryurl", Datum::Text(links.to(QUERY_PATH))),
        ("pullurl", Datum::Text(links.to(PULL_PATH))),
        ("cancelurl", Datum::Text(cancel)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, changed};
    use domain::Money;
    use protocol::parse_shanghai;
    use serde_json::{Value, json};

    fn placed(change: impl FnOnce(&mut Value)) -> Result<PlaceOrder, String> {
        match read(&changed("/guarantee/apply", change), &sample::manner()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::PlaceOrder(order))) => Ok(order),
            Ok(other) => panic!("not an order: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn the_basic_account_is_read_by_what_its_fields_mean() {
        let account = placed(|_| ()).unwrap().applicant.account.unwrap();
        let read = [&account.bank, &account.holder, &account.number].map(Private::expose);
        assert_eq!(read, ["示例银行城东支行", "示例建设有限公司", "6200000000000001"]);
    }

    #[test]
    fn the_opening_is_read_by_either_name_and_the_deadline_may_be_a_day() {
        let order = placed(|data| {
            let opening = data.as_object_mut().unwrap().remove("kbttime").unwrap();
            data["kbtime"] = opening;
            data["tbjztime"] = json!("2026-12-24");
        })
        .unwrap();
        let opening = parse_shanghai("2026-12-24 09:30:00");
        assert_eq!(order.product, Product::Bid { opening, validity_days: None });
        assert_eq!(order.deadline, parse_shanghai("2026-12-24 23:59:59"));
    }

    #[test]
    fn every_field_is_required_and_no_longer_than_documented() {
        let all = changed("/guarantee/apply", |_| ());
        assert!(read(&all, &sample::manner()).is_ok());
        for name in sample::names("/guarantee/apply") {
            let missing = placed(|data| data[&name] = json!(null)).unwrap_err();
            assert!(missing.contains(&format!("({name})不能为空")), "{name}: {missing}");
            let long = placed(|data| data[&name] = json!("9".repeat(257)));
            assert!(long.is_err(), "{name}");
        }
    }

    #[test]
    fn a_bond_is_an_amount_above_nothing() {
        let bond = |value| placed(|data| data["bzjmoney"] = value).map(|order| order.bond);
        assert_eq!(bond(json!("800000.50")), Ok(Money::from_fen(80_000_050)));
        assert_eq!(bond(json!(0)), Err("保证金金额(bzjmoney)应大于0".into()));
        assert_eq!(bond(json!(-1)), Err("保证金金额(bzjmoney)应为金额（元），最多两位小数".into()));
    }
}
