//! 发票申请 `invoiceapply`: the bidder wants an invoice for the premium.

use super::{Served, about, inbound, key_of};
use crate::codes::{BIDDER_CODE, BIDDER_NAME, INVOICE_TYPES, InvoiceType};
use crate::settings::Manner;
use domain::{Command, Company, InvoiceKind, Private, RequestInvoice};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("接口说明 / 发票申请", "invoiceapply", "发票申请", Way::Ask),
    read,
    optional: &["account", "address", "bank", "contactaddress", "contactname", "email", "mobile", "phone"],
    told_later: true,
    has_page: false,
};

const TYPE: Label = ("type", "发票类型");

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    fields.required(TYPE)?;
    let kind = fields.code(TYPE, &INVOICE_TYPES)?.unwrap_or(InvoiceType::Ordinary);
    // What a 专票 names and where its paper is sent is asked for by a 专票 alone (PR-16).
    let particular = |label: Label| -> Result<Private, Rejection> {
        let text = if kind == InvoiceType::Special { fields.required(label)? } else { fields.text(label)? };
        Ok(text.into())
    };
    let address = particular(("address", "公司地址"))?;
    let phone = particular(("phone", "公司电话"))?;
    let bank = particular(("bank", "开户行"))?;
    let account = particular(("account", "帐号"))?;
    let request = RequestInvoice {
        buyer: Company {
            name: fields.required(BIDDER_NAME)?.into(),
            code: fields.required(BIDDER_CODE)?.into(),
            address,
        },
        amount: Some(fields.money(("amount", "开票金额"))?),
        kind: kind.kind(|| InvoiceKind::Special { phone, bank, account }),
        contact_phone: particular(("mobile", "联系电话"))?,
        contact_email: fields.text(("email", "接收电子发票的email"))?.into(),
        postal_address: particular(("contactaddress", "收件地址"))?,
        recipient: particular(("contactname", "收件人姓名"))?,
        orders: Vec::new(),
    };
    let about = about(fields, request)?;
    Ok(Ask {
        business_key: key_of(&about),
        wish: Wish::Command(Command::RequestInvoice(about)),
        callback: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn asked(change: impl FnOnce(&mut Value)) -> Result<(String, RequestInvoice), String> {
        let ask = read(&sample::changed("invoiceapply", change), &sample::manner());
        match ask.map(|ask| (ask.business_key, ask.wish)) {
            Ok((key, Wish::Command(Command::RequestInvoice(about)))) => Ok((key, about.request)),
            Ok(other) => panic!("not an invoice: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    const PARTICULARS: [(&str, &str); 7] = [
        ("address", "公司地址"),
        ("phone", "公司电话"),
        ("bank", "开户行"),
        ("account", "帐号"),
        ("mobile", "联系电话"),
        ("contactname", "收件人姓名"),
        ("contactaddress", "收件地址"),
    ];

    #[test]
    fn a_special_invoice_needs_every_particular() {
        let (_, request) = asked(|_| ()).unwrap();
        assert!(request.kind.is_special() && !request.recipient.is_empty());
        for (name, title) in PARTICULARS {
            let missing = asked(|data| data[name] = json!("")).map(|_| ());
            assert_eq!(missing, Err(format!("{title}({name})不能为空")));
        }
    }

    #[test]
    fn an_ordinary_invoice_needs_none_and_neither_needs_an_email() {
        let (_, request) = asked(|data| {
            data["type"] = json!(0);
            for (name, _) in PARTICULARS {
                data[name] = json!(null);
            }
        })
        .unwrap();
        assert_eq!(request.kind, InvoiceKind::Ordinary);
        assert!(asked(|data| data["email"] = json!("")).unwrap().1.contact_email.is_empty());
    }

    #[test]
    fn an_invoice_asked_for_again_with_other_particulars_is_another_request() {
        let key = |account: &str| asked(|data| data["account"] = json!(account)).unwrap().0;
        assert_eq!(key("6200000000000000001"), key("6200000000000000001"));
        assert_ne!(key("6200000000000000001"), key("6200000000000000009"));
    }

    #[test]
    fn a_type_out_of_the_list_or_missing_is_named() {
        let say = |value: Value| asked(|data| data["type"] = value).map(|_| ()).unwrap_err();
        assert_eq!(say(json!("2")), "发票类型(type)取值应为0、1");
        assert_eq!(say(json!("")), "发票类型(type)不能为空");
    }
}
