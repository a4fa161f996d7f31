//! 3.1 投保申请 `doOrderApply`: a bidder's application becomes an order; what is sealed stays sealed (YY-04).

use super::{Form, Served, inbound, order_no};
use crate::codes::{APPLY_TIME, BASIC_ACCOUNT, BUSINESS_NO, DEADLINE, OPEN_TIME, ORDER_NO, SEALABLE};
use crate::settings::Manner;
use domain::{BankAccount, Command, Money, PlaceOrder, Private, Product, SealedField, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, RejectionKind, Way, Wish, parse_shanghai};

pub(super) const SERVED: Served = Served {
    interface: inbound("3.1", "financialAccount/doOrderApply", "投保申请", Way::Tell),
    read,
    told_later: true,
    form: Form::Page,
    credit: false,
};

const BOND: Label = ("emAmount", "保证金金额");
const ICHECK: Label = ("icheck", "基本户校验标识");
const BANK: Label = ("khBank", "基本户开户银行");
const ACCOUNT: Label = ("yhAccount", "基本户账号");

fn read(fields: &Fields, manner: &Manner, now: Timestamp) -> Result<Ask, Rejection> {
    let business_no = order_no(fields, ORDER_NO)?;
    let mut order = PlaceOrder::announced(business_no.clone());
    order.request_no = Some(fields.text(BUSINESS_NO)?).filter(|no| *no != business_no).unwrap_or_default();
    order.deadline = Some(deadline(fields, now)?);
    order.product = Product::Bid { opening: fields.instant(OPEN_TIME)?, validity_days: None };
    order.bond = bond(fields)?;
    order.basic_account_only = fields.code(ICHECK, &BASIC_ACCOUNT)?.unwrap_or_default();
    order.applicant.account = account(fields)?;
    for (label, field) in SEALABLE {
        take(&mut order, fields, label, field, manner)?;
    }
    order.remarks = remarks(fields, &order)?;
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::PlaceOrder(order)), callback: None })
}

/// After its deadline no guarantee is sold (YY-30); the worker looks again, for queues take time.
fn deadline(fields: &Fields, now: Timestamp) -> Result<Timestamp, Rejection> {
    let deadline = fields.required_instant(DEADLINE)?;
    if now > deadline {
        let why = "bzjEndTime is past";
        return Err(Rejection::new(RejectionKind::Stale, "已过保函购买截止时间", why));
    }
    Ok(deadline)
}

fn bond(fields: &Fields) -> Result<Money, Rejection> {
    let bond = fields.money(BOND)?;
    let positive = Some(bond).filter(|bond| bond.is_positive());
    positive.ok_or_else(|| Rejection::malformed(BOND.0, BOND.1, "应大于0"))
}

fn account(fields: &Fields) -> Result<Option<BankAccount>, Rejection> {
    let (bank, number) = (fields.text(BANK)?, fields.text(ACCOUNT)?);
    if bank.is_empty() && number.is_empty() {
        return Ok(None);
    }
    Ok(Some(BankAccount { number: number.into(), bank: bank.into(), ..BankAccount::default() }))
}

/// Takes a field that may be ciphertext, which stays exactly as received.
fn take(
    order: &mut PlaceOrder,
    fields: &Fields,
    label: Label,
    field: SealedField,
    manner: &Manner,
) -> Result<(), Rejection> {
    let plain = fields.required(label)?;
    let is_sealed = manner.is_sealed(field, &plain);
    let text = if is_sealed { fields.verbatim(label)? } else { plain };
    if is_sealed {
        order.sealed.push(field);
        order.sealed.sort_unstable();
    }
    put(order, field, text);
    Ok(())
}

fn put(order: &mut PlaceOrder, field: SealedField, text: String) {
    let (tender, bidder) = (&mut order.tender, &mut order.applicant.company);
    match field {
        SealedField::ProjectNo => tender.project_no = text,
        SealedField::SectionNo => tender.section_no = text,
        SealedField::ProjectName => tender.project_name = text.into(),
        SealedField::SectionName => tender.section_name = text.into(),
        SealedField::TendereeName => tender.tenderee.name = text.into(),
        SealedField::TendereeCode => tender.tenderee.code = text.into(),
        SealedField::BidderName => bidder.name = text.into(),
        SealedField::BidderCode => bidder.code = text.into(),
    }
}

/// What an operator should know, although nobody is turned away for it (YY-01, YY-27).
fn remarks(fields: &Fields, order: &PlaceOrder) -> Result<Vec<String>, Rejection> {
    let account = order.applicant.account.as_ref();
    let incomplete =
        account.is_none_or(|account| [&account.number, &account.bank].into_iter().any(Private::is_empty));
    let unproven = order.basic_account_only && incomplete;
    let unknown_time = parse_shanghai(&fields.required(APPLY_TIME)?).is_none();
    let remarks = [
        (fields.text(OPEN_TIME)?.is_empty(), "未提供项目开标时间(openTime)"),
        (fields.text(ICHECK)?.is_empty(), "未提供基本户校验标识(icheck)，按0处理"),
        (unproven, "需校验基本户，但基本户开户银行或账号不全，请核实账户"),
        (unknown_time, "请求时间(applyTime)格式不正确"),
    ];
    Ok(remarks.into_iter().filter(|(applies, _)| *applies).map(|(_, say)| say.to_owned()).collect())
}

#[cfg(test)]
mod tests;
