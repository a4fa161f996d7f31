//! What every sample is made of.

use domain::{
    AcceptanceNo, Attachment, BankAccount, Brief, Company, Contact, DocumentRef, GuaranteeNo, Money,
    NoticeHead, Origin, PartnerId, Timestamp,
};

pub(crate) fn at() -> Timestamp {
    Timestamp::try_from("2026-11-22T02:30:00.123456Z".to_owned()).expect("an instant")
}

pub(crate) fn partner() -> PartnerId {
    PartnerId::parse("finserv-demo").expect("a partner id")
}

pub(crate) fn origin() -> Origin {
    Origin {
        kind: "finserv".into(),
        partner: partner(),
        callback: Some("https://partner.example/feedback".into()),
    }
}

pub(crate) fn no() -> AcceptanceNo {
    AcceptanceNo::of(&partner(), "apply_guarantee", "T1")
}

pub(crate) fn guarantee_no() -> GuaranteeNo {
    GuaranteeNo::of("BH", "20261122", &no())
}

pub(crate) fn company(name: &str) -> Company {
    Company { name: name.into(), code: "91310110666007217T".into(), address: "福州市测试路1号".into() }
}

pub(crate) fn contact() -> Contact {
    Contact {
        name: "张三".into(),
        id_no: "110101199003070011".into(),
        phone: "13800000000".into(),
        email: "".into(),
    }
}

pub(crate) fn document() -> DocumentRef {
    DocumentRef { sha256: "0".repeat(64), name: "投标保函.pdf".into() }
}

pub(crate) fn file() -> Attachment {
    Attachment {
        name: "营业执照.pdf".into(),
        kind: "business_licence".into(),
        url: "https://partner.example/f/1".into(),
    }
}

pub(crate) fn account() -> BankAccount {
    BankAccount {
        holder: "测试招标人".into(),
        number: "6222000000000000".into(),
        bank: "测试银行".into(),
        bank_no: "105".into(),
    }
}

/// A head that repeats everything of its order.
pub(crate) fn head() -> NoticeHead {
    let brief = Brief {
        order_no: "T1".into(),
        request_no: "R1".into(),
        section_no: "S1".into(),
        section_name: "一标段".into(),
        bidder: company("测试建设有限公司"),
        tenderee: company("测试招标人"),
        payer: Some(account()),
        applied_at: Some(at()),
    };
    NoticeHead {
        no: no(),
        business_no: "T1".into(),
        order: no(),
        version: 2,
        at: at(),
        brief: Some(Box::new(brief)),
    }
}

pub(crate) fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}
