//! 投保申请 `baohanapply`: a bidder's application becomes an order; what is sealed stays sealed (PR-03).

use super::{Served, inbound};
use crate::codes::{APPLY_NO, BIDDER_CODE, BIDDER_NAME};
use crate::settings::{Manner, Seals};
use crypto::sealed::looks_sealed;
use domain::{Command, Company, Contact, Money, PlaceOrder, Private, SealedField};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

pub(super) const SERVED: Served = Served {
    interface: inbound("接口说明 / 投保申请", "baohanapply", "投保申请", Way::Tell),
    read,
    optional: &["jbrname", "jbrphone", "zbrorgnum"],
    told_later: true,
    has_page: true,
};

const BOND: Label = ("bzjamount", "保证金金额");
const SECTION_NO: Label = ("biaoduanno", "标段编号");
const SECTION_NAME: Label = ("biaoduanname", "标段名称");
const TENDEREE_NAME: Label = ("zbr", "招标人");
const TENDEREE_CODE: Label = ("zbrorgnum", "招标人统一社会信用代码");

/// The fields marked （密文）.
const SEALABLE: [SealedField; 4] =
    [SealedField::SectionNo, SealedField::SectionName, SealedField::TendereeName, SealedField::TendereeCode];

fn read(fields: &Fields, manner: &Manner) -> Result<Ask, Rejection> {
    let business_no = fields.required(APPLY_NO)?;
    // There is no opening, no validity and no deadline in this protocol before the restore (PR-13).
    let mut order = PlaceOrder::announced(business_no.clone());
    order.applicant.company = Company {
        name: fields.required(BIDDER_NAME)?.into(),
        code: fields.required(BIDDER_CODE)?.into(),
        address: Private::default(),
    };
    order.contact = Contact {
        name: fields.text(("jbrname", "经办人名称"))?.into(),
        phone: fields.text(("jbrphone", "经办人联系方式"))?.into(),
        ..Contact::default()
    };
    order.bond = bond(fields)?;
    order.tender.section_no = required(fields, SECTION_NO)?;
    order.tender.section_name = required(fields, SECTION_NAME)?.into();
    order.tender.tenderee.name = required(fields, TENDEREE_NAME)?.into();
    order.tender.tenderee.code = fields.verbatim(TENDEREE_CODE)?.into();
    seal(&mut order, manner.sealed);
    Ok(Ask { business_key: business_no, wish: Wish::Command(Command::PlaceOrder(order)), callback: None })
}

/// What may be ciphertext stays exactly as received.
fn required(fields: &Fields, label: Label) -> Result<String, Rejection> {
    fields.required(label)?;
    fields.verbatim(label)
}

fn bond(fields: &Fields) -> Result<Money, Rejection> {
    let bond = fields.money(BOND)?;
    let positive = Some(bond).filter(|bond| bond.is_positive());
    positive.ok_or_else(|| Rejection::malformed(BOND.0, BOND.1, "应大于0"))
}

/// Names what is sealed, and what was to be but does not look it.
fn seal(order: &mut PlaceOrder, seals: Seals) {
    let given = SEALABLE.into_iter().filter(|field| !order.field(*field).is_empty());
    let (sealed, plain): (Vec<_>, Vec<_>) = given.partition(|field| looks_sealed(order.field(*field)));
    match seals {
        Seals::Always => {
            order.remarks =
                plain.iter().map(|field| format!("{}应为密文，收到的不像密文", field.title())).collect();
            order.sealed = sealed.into_iter().chain(plain).collect();
            order.sealed.sort_unstable();
        }
        Seals::Detect => order.sealed = sealed,
        Seals::Never => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use serde_json::{Value, json};

    fn placed(seals: Seals, change: impl FnOnce(&mut Value)) -> Result<PlaceOrder, String> {
        let manner = Manner { sealed: seals, ..sample::manner() };
        match read(&sample::changed("baohanapply", change), &manner).map(|ask| ask.wish) {
            Ok(Wish::Command(Command::PlaceOrder(order))) => Ok(order),
            Ok(other) => panic!("not an order: {other:?}"),
            Err(rejection) => Err(rejection.say),
        }
    }

    #[test]
    fn what_is_marked_as_ciphertext_is_sealed_as_far_as_it_is_given() {
        assert_eq!(placed(Seals::Always, |_| ()).unwrap().sealed, SEALABLE);
        for nothing in [json!(null), json!(""), json!(" ")] {
            let order = placed(Seals::Always, |data| data["zbrorgnum"] = nothing).unwrap();
            assert_eq!(order.sealed, SEALABLE[..3]);
            assert!(order.tender.tenderee.code.is_empty() && order.remarks.is_empty());
        }
    }

    #[test]
    fn a_plain_text_in_the_place_of_ciphertext_is_remarked_on_but_not_turned_away() {
        let order = placed(Seals::Always, |data| data["biaoduanname"] = json!("一标段")).unwrap();
        assert_eq!(order.sealed, SEALABLE);
        assert_eq!(order.remarks, ["标段名称应为密文，收到的不像密文"]);
    }

    #[test]
    fn a_platform_may_seal_some_fields_or_none() {
        let plain = |data: &mut Value| {
            data["biaoduanname"] = json!("一标段");
            data["zbr"] = json!("示例市建设局");
        };
        let some = placed(Seals::Detect, plain).unwrap();
        assert_eq!(some.sealed, [SealedField::SectionNo, SealedField::TendereeCode]);
        let none = placed(Seals::Never, plain).unwrap();
        assert!(none.sealed.is_empty() && none.remarks.is_empty() && some.remarks.is_empty());
        assert_eq!(none.tender.tenderee.name.expose(), "示例市建设局");
    }

    #[test]
    fn ciphertext_stays_as_received_line_breaks_and_all() {
        let broken = "9Anxjqo3pSwLnkebQ5lb9/Mq\r\nYBBplMDQhWmtVHtf62o=\r\n";
        let order = placed(Seals::Always, |data| data["biaoduanno"] = json!(broken)).unwrap();
        assert_eq!(order.field(SealedField::SectionNo), broken);
        assert!(order.remarks.is_empty());
    }

    #[test]
    fn a_bid_guarantee_whose_opening_is_not_known() {
        let order = placed(Seals::Always, |_| ()).unwrap();
        assert_eq!(order.product, domain::Product::Bid { opening: None, validity_days: None });
        assert!(order.deadline.is_none() && order.term.is_none() && order.request_no.is_empty());
    }

    #[test]
    fn a_bond_is_an_amount_above_nothing() {
        let bond = |value| placed(Seals::Always, |data| data["bzjamount"] = value).map(|order| order.bond);
        assert_eq!(bond(json!(800000.50)), Ok(Money::from_fen(80_000_050)));
        assert_eq!(bond(json!("0.00")), Err("保证金金额(bzjamount)应大于0".into()));
        assert_eq!(bond(json!("八十万")), Err("保证金金额(bzjamount)应为金额（元），最多两位小数".into()));
    }
}
