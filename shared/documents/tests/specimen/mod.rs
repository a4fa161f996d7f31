//! An application as a partner sends it, for the tests and the example.

use domain::{
    Applicant, Company, GuaranteeNo, InvoiceKind, Money, PlaceOrder, Product, RequestInvoice, Tender,
    Timestamp,
};
use time::macros::datetime;

pub(crate) const INSTITUTION: &str = "示范融资担保有限公司";

pub(crate) fn at() -> Timestamp {
    Timestamp::new(datetime!(2026-11-22 02:30 UTC))
}

pub(crate) fn number() -> GuaranteeNo {
    GuaranteeNo::quoted("BH202611228Q0F3K7ZT2M9XC")
}

pub(crate) fn company(name: &str, code: &str) -> Company {
    Company {
        name: name.into(), code: code.into(), address: "福建省福州市鼓楼区示例路1号".into()
    }
}

pub(crate) fn bid() -> Product {
    Product::Bid { opening: Some(Timestamp::new(datetime!(2026-12-10 01:30 UTC))), validity_days: Some(90) }
}

pub(crate) fn performance() -> Product {
    Product::Performance {
        signed_at: Timestamp::new(datetime!(2026-11-20 01:00 UTC)),
        period: "自开工之日起540个日历天".to_owned(),
    }
}

pub(crate) fn application(product: Product) -> PlaceOrder {
    PlaceOrder {
        business_no: "TB-0001".to_owned(),
        product,
        applicant: Applicant {
            company: company("测试建筑工程有限公司", "91350100MA0000000X"),
            ..Applicant::default()
        },
        tender: Tender {
            project_no: "E3501000001000123".to_owned(),
            project_name: "示例市江北片区道路改造及配套管网工程".into(),
            section_no: "E3501000001000123001".to_owned(),
            section_name: "第一标段（K0+000至K3+500）".into(),
            tenderee: company("示例市城市建设投资集团有限公司", "91350100MA1111111Y"),
            ..Tender::default()
        },
        bond: Money::from_fen(80_001_050),
        contact: domain::Contact::default(),
        ..PlaceOrder::announced(String::new())
    }
}

pub(crate) fn invoice() -> RequestInvoice {
    RequestInvoice {
        buyer: company("测试建筑工程有限公司", "91350100MA0000000X"),
        amount: Some(Money::from_fen(400_005)),
        kind: InvoiceKind::Special {
            phone: "0591-00000000".into(),
            bank: "示例银行福州分行".into(),
            account: "3500000000000000000".into(),
        },
        contact_phone: domain::Private::default(),
        contact_email: domain::Private::default(),
        postal_address: domain::Private::default(),
        recipient: domain::Private::default(),
        orders: Vec::new(),
    }
}
