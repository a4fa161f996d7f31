//! 3.13 发票申请 `invoiceApply`: an invoice for the premium, with as much as the bidder knows (YY-17).

use super::{Form, Served, about, inbound};
use crate::codes::SPECIAL_INVOICE;
use crate::settings::Manner;
use domain::{Command, Company, InvoiceKind, Money, RequestInvoice, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.13", "financialAccount/invoiceApply", "发票申请", Way::Ask),
    read,
    told_later: true,
    form: Form::Plain,
    credit: false,
};

const AMOUNT: Label = ("amount", "开票金额");
const TYPE: Label = ("type", "发票类型");
const NAME: Label = ("bidderName", "投标企业/个人名称");
const TITLE: Label = ("invoiceRise", "发票抬头");
const ADDRESS: Label = ("address", "税务登记地址");
const POST: Label = ("invoiceaddress", "收件人地址");
/// Looked at nowhere, and so not missed either.
const TIME: Label = crate::codes::APPLY_TIME;

fn read(fields: &Fields, _: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    fields.text(TIME)?;
    let name = fields.required(NAME)?;
    let title = fields.text(TITLE)?;
    let request = RequestInvoice {
        buyer: Company {
            name: if title.is_empty() { name } else { title }.into(),
            code: fields.required(("bidderCode", "统一社会信用代码"))?.into(),
            address: fields.text(ADDRESS)?.into(),
        },
        amount: Some(amount(fields)?),
        kind: kind(fields)?,
        contact_phone: fields.text(("mobile", "联系人手机号"))?.into(),
        contact_email: fields.text(("email", "接收电子发票的email"))?.into(),
        postal_address: fields.text_of_any(&[POST, ADDRESS])?.into(),
        recipient: fields.text(("jbrname", "收件人姓名"))?.into(),
        orders: Vec::new(),
    };
    let about = about(fields, request)?;
    let business_key = about.business_no.clone();
    Ok(Ask { business_key, wish: Wish::Command(Command::RequestInvoice(about)), callback: None })
}

fn amount(fields: &Fields) -> Result<Money, Rejection> {
    let amount = fields.money(AMOUNT)?;
    let positive = Some(amount).filter(|amount| amount.is_positive());
    positive.ok_or_else(|| Rejection::malformed(AMOUNT.0, AMOUNT.1, "应大于0"))
}

/// What a 专票 needs may be missing: it is asked for by hand.
fn kind(fields: &Fields) -> Result<InvoiceKind, Rejection> {
    let (phone, bank, account) = (
        fields.text(("phone", "税务登记电话"))?,
        fields.text(("bank", "开户行"))?,
        fields.text(("account", "帐号"))?,
    );
    fields.required(TYPE)?;
    Ok(match fields.code(TYPE, &SPECIAL_INVOICE)? {
        Some(true) => {
            InvoiceKind::Special { phone: phone.into(), bank: bank.into(), account: account.into() }
        }
        Some(false) | None => InvoiceKind::Ordinary,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn invoiced(change: impl FnOnce(&mut Value)) -> Result<RequestInvoice, String> {
        let fields = sample::changed("financialAccount/invoiceApply", change);
        match read(&fields, &sample::manner(), sample::now()).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::RequestInvoice(about))) => Ok(about.request),
            Ok(other) => panic!("no invoice: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn without_title_and_postal_address_the_bidder_s_own_are_taken() {
        let request = invoiced(|data| {
            data["invoiceRise"] = json!("");
            data["invoiceaddress"] = json!(null);
        });
        let request = request.unwrap();
        assert_eq!(request.buyer.name.expose(), "示例建设工程有限公司");
        assert_eq!(request.postal_address, request.buyer.address);
        let own = invoiced(|data| data["invoiceRise"] = json!("示例集团")).unwrap();
        assert_eq!(own.buyer.name.expose(), "示例集团");
    }

    #[test]
    fn a_special_invoice_without_particulars_is_taken() {
        let request = invoiced(|data| {
            for name in ["phone", "bank", "account", "address", "email", "mobile", "jbrname", "applyTime"] {
                data[name] = json!("");
            }
        });
        assert!(request.unwrap().kind.is_special());
        assert!(!invoiced(|data| data["type"] = json!(0)).unwrap().kind.is_special());
    }

    #[test]
    fn an_amount_is_above_nothing() {
        assert_eq!(
            invoiced(|data| data["amount"] = json!(6000)).unwrap().amount,
            Some(Money::from_fen(600_000))
        );
        assert_eq!(invoiced(|data| data["amount"] = json!("0")), Err("开票金额(amount)应大于0".into()));
    }
}
