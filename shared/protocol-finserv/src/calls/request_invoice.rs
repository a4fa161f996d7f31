//! 3.4.1 申请发票 `apply_invoice`: the bidder wants an invoice for the premium.

use super::request_release::{about, callback};
use super::wire::Receipt;
use super::{Served, inbound};
use crate::codes::{AGENT_EMAIL, ENTERPRISE_CODE, ENTERPRISE_NAME, INVOICE_TYPES, InvoiceType};
use bytes::Bytes;
use domain::{Command, Company, InvoiceKind, Private, Reply, RequestInvoice};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.4.1", "apply_invoice", "申请发票", Way::Ask),
    batch: false,
    read,
    answer: |reply, _| answer(reply),
};

const TYPE: Label = ("type", "发票类型");

fn read(fields: &Fields) -> Result<Ask, Rejection> {
    fields.required(TYPE)?;
    let kind = fields.code(TYPE, &INVOICE_TYPES)?.unwrap_or(InvoiceType::Ordinary);
    // The particulars of the buyer are asked for by a 专票 alone.
    let particular = |label: Label| -> Result<Private, Rejection> {
        let text = if kind == InvoiceType::Special { fields.required(label)? } else { fields.text(label)? };
        Ok(text.into())
    };
    let address = particular(("address", "公司地址"))?;
    let phone = particular(("phone", "公司电话"))?;
    let bank = particular(("bank", "开户行"))?;
    let account = particular(("account", "银行账号"))?;
    let request = RequestInvoice {
        buyer: Company {
            name: fields.required(ENTERPRISE_NAME)?.into(),
            code: fields.required(ENTERPRISE_CODE)?.into(),
            address,
        },
        amount: Some(fields.money(("amount", "开票金额"))?),
        kind: kind.kind(|| InvoiceKind::Special { phone, bank, account }),
        contact_phone: fields.text(("agent_phone", "申请人联系电话"))?.into(),
        contact_email: fields.text(AGENT_EMAIL)?.into(),
        postal_address: Private::default(),
        recipient: Private::default(),
        orders: Vec::new(),
    };
    let (business_key, about) = about(fields, request)?;
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestInvoice(about)), callback: callback(fields)? })
}

fn answer(reply: Result<&Reply, &str>) -> Bytes {
    Receipt::of(reply).bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn wanted(change: impl FnOnce(&mut Value)) -> Result<RequestInvoice, String> {
        match read(&sample::changed("apply_invoice", change)).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RequestInvoice(about))) => Ok(about.request),
            Ok(other) => panic!("not an invoice: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    const PARTICULARS: [(&str, &str); 4] =
        [("address", "公司地址"), ("phone", "公司电话"), ("bank", "开户行"), ("account", "银行账号")];

    #[test]
    fn a_special_invoice_needs_the_particulars_of_the_buyer() {
        assert!(matches!(wanted(|_| ()).unwrap().kind, InvoiceKind::Special { .. }));
        for (name, title) in PARTICULARS {
            assert_eq!(wanted(|data| data[name] = json!("")), Err(format!("{title}({name})不能为空")));
        }
    }

    #[test]
    fn an_ordinary_invoice_needs_none() {
        let request = wanted(|data| {
            data["type"] = json!(0);
            for (name, _) in PARTICULARS {
                data[name] = json!(null);
            }
        });
        assert_eq!(request.unwrap().kind, InvoiceKind::Ordinary);
    }

    #[test]
    fn a_type_out_of_the_list_or_missing_is_named() {
        assert_eq!(wanted(|data| data["type"] = json!("2")), Err("发票类型(type)取值应为0、1".into()));
        assert_eq!(wanted(|data| data["type"] = json!("")), Err("发票类型(type)不能为空".into()));
    }

    #[test]
    fn the_receipt_has_no_number() {
        assert_eq!(answer(Ok(&Reply::Accepted { no: sample::no() })), r#"{"result":"success","msg":""}"#);
    }
}
