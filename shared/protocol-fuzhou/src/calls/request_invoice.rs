//! 2.8 开票申请（异步推送）: the bidder wants an invoice for the premiums of one or several orders (FZ-05, FZ-21).

use super::{Push, Served, answer, inbound};
use crate::codes::{INVOICE_TYPES, InvoiceType, YES_NO};
use domain::{About, Command, Company, GuaranteeNo, InvoiceKind, Private, RequestInvoice};
use protocol::{Ask, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("2.8", "invoice-apply-push", "开票申请（异步推送）", Way::Ask),
    fields: &[
        "invoice_id",
        "invoice_type",
        "is_electron",
        "order_nos",
        "company_name",
        "identify_number",
        "receiver_name",
        "receiver_phone_num",
        "receiver_address",
        "receiver_email",
        "remark",
        "bank_name",
        "bank_account",
        "registered_address",
        "link_phone_number",
    ],
    read,
    answer: answer::status,
};

const TYPE: Label = ("invoice_type", "发票类型");
const IS_ELECTRON: Label = ("is_electron", "是否电子发票");
const ORDER_NOS: Label = ("order_nos", "订单编号");

fn read(push: &Push<'_>) -> Result<Ask, Rejection> {
    let fields = push.fields;
    let business_no = fields.required(("invoice_id", "发票申请ID"))?;
    let orders = orders(&fields.required(ORDER_NOS)?)?;
    fields.required(IS_ELECTRON)?;
    let electronic = fields.code(IS_ELECTRON, &YES_NO)?.unwrap_or(true);
    let request = RequestInvoice {
        buyer: Company {
            name: fields.required(("company_name", "申请开票企业(投保人)名称"))?.into(),
            code: fields.required(("identify_number", "申请开票企业(投保人)纳税人识别号"))?.into(),
            address: particular(push, ("registered_address", "注册地址"))?,
        },
        // The document has no amount: it is the premium.
        amount: None,
        kind: kind(push)?,
        contact_phone: fields.text(("receiver_phone_num", "收件人手机号"))?.into(),
        contact_email: fields.text(("receiver_email", "收件人邮箱"))?.into(),
        // Only what is on paper is sent by post.
        postal_address: if electronic { Private::default() } else { postal(push)? },
        recipient: fields.text(("receiver_name", "收件人姓名"))?.into(),
        orders: if orders.len() > 1 { orders.clone() } else { Vec::new() },
    };
    let about = About {
        business_no: business_no.clone(),
        guarantee_no: GuaranteeNo::quoted(""),
        order_no: orders.first().cloned().unwrap_or_default(),
        stage: None,
        by: String::new(),
        request,
    };
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::RequestInvoice(about)), callback: None })
}

/// The orders, divided by commas of either kind, each once (FZ-21).
fn orders(text: &str) -> Result<Vec<String>, Rejection> {
    let mut orders: Vec<String> = Vec::new();
    for no in text.split([',', '，']).map(str::trim).filter(|no| !no.is_empty()) {
        if !orders.iter().any(|known| known == no) {
            orders.push(no.to_owned());
        }
    }
    if orders.is_empty() {
        Err(Rejection::malformed(ORDER_NOS.0, ORDER_NOS.1, "不能为空"))
    } else {
        Ok(orders)
    }
}

fn is_special(push: &Push<'_>) -> Result<bool, Rejection> {
    push.fields.required(TYPE)?;
    Ok(push.fields.code(TYPE, &INVOICE_TYPES)? == Some(InvoiceType::Special))
}

/// The particulars of the buyer are asked for by a 增值税发票 alone.
fn particular(push: &Push<'_>, label: Label) -> Result<Private, Rejection> {
    let text = if is_special(push)? { push.fields.required(label)? } else { push.fields.text(label)? };
    Ok(text.into())
}

fn kind(push: &Push<'_>) -> Result<InvoiceKind, Rejection> {
    let bank = particular(push, ("bank_name", "开户银行"))?;
    let account = particular(push, ("bank_account", "银行账号"))?;
    let phone = particular(push, ("link_phone_number", "联系电话"))?;
    if is_special(push)? {
        return Ok(InvoiceKind::Special { phone, bank, account });
    }
    Ok(InvoiceKind::Ordinary)
}

/// Where it is sent, and what is to be minded (`remark`), which has no other place.
fn postal(push: &Push<'_>) -> Result<Private, Rejection> {
    let address = push.fields.required(("receiver_address", "收件人地址"))?;
    let remark = push.fields.text(("remark", "备注"))?;
    Ok(if remark.is_empty() { address } else { format!("{address}（备注：{remark}）") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{asked, rejected};
    use serde_json::{Value, json};

    fn wanted(change: impl FnOnce(&mut Value)) -> About<RequestInvoice> {
        match asked("invoice-apply-push", change).wish {
            Wish::Command(Command::RequestInvoice(about)) => about,
            other => panic!("not an invoice: {other:?}"),
        }
    }

    #[test]
    fn orders_are_divided_by_commas_of_either_kind() {
        let about = wanted(|data| data["order_nos"] = json!(" 1, 2，3,2,"));
        assert_eq!(
            (about.order_no.as_str(), about.request.orders),
            ("1", vec!["1".into(), "2".into(), "3".into()])
        );
        let about = wanted(|data| data["order_nos"] = json!("7"));
        assert_eq!((about.order_no.as_str(), about.request.orders), ("7", vec![]));
        let wrong = rejected("invoice-apply-push", |data| data["order_nos"] = json!("，,"));
        assert_eq!(wrong.say, "订单编号(order_nos)不能为空");
    }

    #[test]
    fn a_special_invoice_needs_the_particulars_of_the_buyer() {
        for (name, title) in [
            ("bank_name", "开户银行"),
            ("bank_account", "银行账号"),
            ("registered_address", "注册地址"),
            ("link_phone_number", "联系电话"),
        ] {
            let wrong = rejected("invoice-apply-push", |data| {
                data["invoice_type"] = json!("2");
                data[name] = json!("");
            });
            assert_eq!(wrong.say, format!("{title}({name})不能为空"));
            assert_eq!(
                wanted(|data| {
                    data["invoice_type"] = json!(1);
                    data[name] = json!(null)
                })
                .request
                .kind,
                InvoiceKind::Ordinary
            );
        }
        let special = wanted(|data| data["invoice_type"] = json!("2")).request.kind;
        assert!(matches!(special, InvoiceKind::Special { .. }));
    }

    #[test]
    fn an_electronic_invoice_needs_no_receiver_and_one_on_paper_an_address() {
        let electronic = wanted(|data| {
            for name in ["receiver_name", "receiver_phone_num", "receiver_address", "receiver_email"] {
                data[name] = json!("");
            }
        });
        assert!(electronic.request.postal_address.is_empty() && electronic.request.recipient.is_empty());
        let paper = wanted(|data| {
            data["is_electron"] = json!("2");
            data["remark"] = json!("放前台");
        });
        assert_eq!(paper.request.postal_address.expose(), "示例市建设路1号（备注：放前台）");
        let wrong = rejected("invoice-apply-push", |data| {
            data["is_electron"] = json!("2");
            data["receiver_address"] = json!("");
        });
        assert_eq!(wrong.say, "收件人地址(receiver_address)不能为空");
    }
}
