//! Applications: what is sealed, what is missing, what is late.

use super::*;
use crate::sample;
use serde_json::{Value, json};

const RSA: [SealedField; 6] = [
    SealedField::ProjectNo,
    SealedField::ProjectName,
    SealedField::SectionNo,
    SealedField::SectionName,
    SealedField::TendereeName,
    SealedField::TendereeCode,
];

fn asked(
    manner: &Manner,
    now: Timestamp,
    change: impl FnOnce(&mut Value),
) -> Result<(String, PlaceOrder), String> {
    let fields = sample::changed("financialAccount/doOrderApply", change);
    match read(&fields, manner, now).map(|ask| (ask.business_key, ask.wish)) {
        Ok((key, Wish::Command(Command::PlaceOrder(order)))) => Ok((key, order)),
        Ok(other) => panic!("no order: {other:?}"),
        Err(rejection) => Err(rejection.say),
    }
}

fn placed(change: impl FnOnce(&mut Value)) -> Result<PlaceOrder, String> {
    asked(&sample::manner(), sample::now(), change).map(|(_, order)| order)
}

#[test]
fn each_field_is_sealed_that_looks_it() {
    assert_eq!(placed(|_| ()).unwrap().sealed, RSA);
    let plain = placed(|data| {
        for name in ["projectNo", "projectName", "tendersNo", "tendersName", "tenderee", "tendereeCode"] {
            data[name] = json!("一标段");
        }
    });
    assert!(plain.unwrap().sealed.is_empty());
}

/// The four ciphertexts of the document's own example: only one of them has whole blocks (YY-04).
#[test]
fn the_document_s_example_is_taken() {
    let order = placed(|data| {
        *data = json!({
            "applyNo": "2023041217130920653", "applyTime": "2023-04-18 13:39:28",
            "bzjEndTime": "2028-04-20 09:00:00", "bidderName": "湖南优创发展信息技术有限公司",
            "bidderCode": "9143060M715421015",
            "projectName": "rcb+kCo8jY6s33X4qUrDZ2pVKW3Y19Ev3kUa6+fq/bI=",
            "projectNo": "rcb+kCo8jY6s4645644qUrDZ2pVKW3Y19Ev3kUa6+fq/bI=",
            "tendersNo": "rcb+kCo8jY634534RTmZ2pVKW3Y19Ev3kUa6+fq/bI=",
            "tendersName": "To5498414MfsdfpVKW3Y19Ev3kUa6+fq/bI=", "emAmount": "500000.00",
            "tenderee": "昌华代理公司", "tendereeCode": "47R115456112245645",
        });
    });
    let order = order.unwrap();
    assert_eq!(order.sealed, [SealedField::ProjectName]);
    assert_eq!((order.business_no.as_str(), order.request_no.as_str()), ("2023041217130920653", ""));
    assert_eq!(order.remarks, ["未提供项目开标时间(openTime)", "未提供基本户校验标识(icheck)，按0处理"]);
    assert_eq!(order.product, Product::Bid { opening: None, validity_days: None });
}

#[test]
fn the_settings_may_name_what_is_sealed() {
    let named = Manner {
        sealed_fields: Some(vec![SealedField::BidderName, SealedField::ProjectNo]),
        ..sample::manner()
    };
    let (_, order) = asked(&named, sample::now(), |_| ()).unwrap();
    assert_eq!(order.sealed, [SealedField::ProjectNo, SealedField::BidderName]);
}

#[test]
fn ciphertext_stays_as_received_and_plain_text_is_tidied() {
    let sealed = sample::plain("financialAccount/doOrderApply")["tendersName"].as_str().unwrap().to_owned();
    assert!(sealed.contains("\r\n"));
    let order = placed(|data| data["bidderName"] = json!(" 示例公司 ")).unwrap();
    assert_eq!(order.field(SealedField::SectionName), sealed);
    assert_eq!(order.field(SealedField::BidderName), "示例公司");
}

#[test]
fn an_order_is_known_by_its_number_whatever_it_is_called() {
    let number = |change: fn(&mut Value)| {
        let (key, order) = asked(&sample::manner(), sample::now(), change).unwrap();
        assert_eq!(key, order.business_no);
        (order.business_no, order.request_no)
    };
    let named = |order: &str, request: &str| (order.to_owned(), request.to_owned());
    assert_eq!(number(|_| ()), named("TBaoHan2026112210300000001", "BD20261122-0001"));
    let apply_no = |data: &mut Value| {
        data["orderNo"] = json!(null);
        data["applyNo"] = json!("T7");
    };
    assert_eq!(number(apply_no), named("T7", "BD20261122-0001"));
    assert_eq!(number(|data| data["orderNo"] = json!("")), named("BD20261122-0001", ""));
    let neither = placed(|data| {
        data["orderNo"] = json!("");
        data["businessNo"] = json!(" ");
    });
    assert_eq!(neither, Err("订单编号(orderNo)不能为空".into()));
}

#[test]
fn after_the_deadline_no_guarantee_is_sold() {
    let at = |time: &str| asked(&sample::manner(), parse_shanghai(time).unwrap(), |_| ()).map(drop);
    assert_eq!(at("2026-12-21 17:00:00"), Ok(()));
    assert_eq!(at("2026-12-21 17:00:01"), Err("已过保函购买截止时间".into()));
    assert_eq!(
        placed(|data| data["bzjEndTime"] = json!("x")),
        Err("保函购买截止时间(bzjEndTime)时间格式不正确".into())
    );
}

#[test]
fn what_is_odd_is_remarked_on() {
    let remarks = |change: fn(&mut Value)| placed(change).unwrap().remarks;
    assert!(remarks(|_| ()).is_empty());
    assert_eq!(remarks(|data| data["applyTime"] = json!("今天")), ["请求时间(applyTime)格式不正确"]);
    for name in ["khBank", "yhAccount"] {
        let mut fields = sample::plain("financialAccount/doOrderApply");
        fields[name] = json!("");
        let order = placed(|data| *data = fields).unwrap();
        assert_eq!(order.remarks, ["需校验基本户，但基本户开户银行或账号不全，请核实账户"]);
        assert!(order.basic_account_only && order.applicant.account.is_some());
    }
    let unchecked = placed(|data| {
        data["icheck"] = json!(0);
        data["khBank"] = json!(null);
        data["yhAccount"] = json!(null);
    });
    let unchecked = unchecked.unwrap();
    assert!(unchecked.remarks.is_empty() && !unchecked.basic_account_only);
    assert_eq!(unchecked.applicant.account, None);
}

#[test]
fn a_bond_is_an_amount_above_nothing() {
    assert_eq!(placed(|data| data["emAmount"] = json!("0.00")), Err("保证金金额(emAmount)应大于0".into()));
    assert!(placed(|data| data["emAmount"] = json!("五万")).is_err());
}
