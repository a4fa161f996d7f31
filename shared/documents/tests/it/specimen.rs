//! Documents as they are issued every day, for the tests, the pictures and the example.

use documents::{
    After, Earlier, EndedBy, Ending, InvoiceFacts, Issuer, Letter, Party, Printer, Rendered, Shown,
    Undertaking, Unprintable,
};
use domain::{Company, GuaranteeNo, InvoiceKind, Money, RequestInvoice, Timestamp};
use std::path::PathBuf;
use time::macros::datetime;

pub(crate) const NO: &str = "BH202611228Q0F3K7ZT2M9XC";
const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const VERIFY: &str = "https://files.example.cn/v/BH202611228Q0F3K7ZT2M9XC/7K2M9QXW4T8Z";

pub(crate) fn at() -> Timestamp {
    Timestamp::new(datetime!(2026-11-22 02:30 UTC))
}

fn opening() -> Timestamp {
    Timestamp::new(datetime!(2026-12-10 01:30 UTC))
}

pub(crate) fn issuer() -> Issuer {
    Issuer {
        name: "示范融资担保有限公司".to_owned(),
        credit_code: "91310110666007217T".to_owned(),
        address: Some("某市某区示范路1号".to_owned()),
        phone: Some("000-00000000".to_owned()),
    }
}

/// Where Debian installs `fonts-noto-cjk`.
pub(crate) fn fonts() -> PathBuf {
    PathBuf::from("/usr/share/fonts/opentype/noto")
}

pub(crate) fn printer() -> Printer {
    Printer::open(issuer(), &fonts(), None).unwrap_or_else(|error| panic!("{error}"))
}

fn party<'a>(name: &'a str, code: &'a str, address: &'a str) -> Party<'a> {
    Party { name: Shown::Plain(name), code: Shown::Plain(code), address: Shown::Plain(address) }
}

pub(crate) fn letter() -> Letter<'static> {
    Letter {
        no: NO,
        edition: 1,
        undertaking: Undertaking::Bid { opening: Some(opening()), validity_days: Some(90) },
        beneficiary: party("示例市城市建设投资集团有限公司", "91350100MA1111111Y", ""),
        applicant: party("测试建筑工程有限公司", "91350100MA0000000X", ""),
        project_name: Shown::Plain("示例市江北片区道路改造及配套管网工程"),
        project_no: Shown::Plain("E3501000001000123"),
        section_name: Shown::Plain("第一标段（K0+000至K3+500）"),
        section_no: Shown::Plain("E3501000001000123001"),
        bond: Money::from_fen(80_001_050),
        premium: Some(Money::from_fen(400_005)),
        issued_at: at(),
        valid_from: None,
        valid_until: Some(Timestamp::new(datetime!(2027-03-10 01:30 UTC))),
        after: After::Nothing,
        verify_url: VERIFY,
    }
}

pub(crate) fn performance() -> Letter<'static> {
    let undertaking = Undertaking::Performance {
        signed_at: Some(Timestamp::new(datetime!(2026-11-20 01:00 UTC))),
        period: "自开工之日起540个日历天",
    };
    Letter { undertaking, valid_until: None, ..letter() }
}

/// As pubres sends it: section and tenderee are ciphertext, the opening is not known.
pub(crate) fn sealed() -> Letter<'static> {
    Letter {
        undertaking: Undertaking::Bid { opening: None, validity_days: None },
        beneficiary: Party {
            name: Shown::Sealed("c2VhbGVkLW5hbWU="),
            code: Shown::Sealed("c2VhbGVkLWNvZGU="),
            address: Shown::default(),
        },
        section_name: Shown::Sealed("c2VhbGVkLXNlY3Rpb24="),
        section_no: Shown::Sealed("c2VhbGVkLW5v"),
        valid_until: Some(Timestamp::new(datetime!(2027-03-10 01:30 UTC))),
        ..letter()
    }
}

pub(crate) fn earlier() -> Earlier<'static> {
    Earlier { no: NO, edition: 1, issued_at: at(), sha256: SHA256 }
}

pub(crate) fn revealed() -> Letter<'static> {
    Letter {
        after: After::Sealed(earlier()),
        issued_at: Timestamp::new(datetime!(2026-12-10 02:00 UTC)),
        valid_from: Some(at()),
        ..letter()
    }
}

fn postponed() -> After<'static> {
    After::Postponement { replaces: earlier(), old_opening: Some(opening()) }
}

pub(crate) fn reissued() -> Letter<'static> {
    let opening = Timestamp::new(datetime!(2026-12-24 01:30 UTC));
    Letter {
        edition: 2,
        undertaking: Undertaking::Bid { opening: Some(opening), validity_days: Some(90) },
        after: postponed(),
        issued_at: Timestamp::new(datetime!(2026-12-05 02:00 UTC)),
        valid_from: Some(at()),
        valid_until: Some(Timestamp::new(datetime!(2027-03-24 01:30 UTC))),
        ..letter()
    }
}

pub(crate) fn sealed_reissued() -> Letter<'static> {
    let plain = reissued();
    let sealed = sealed();
    Letter {
        beneficiary: sealed.beneficiary,
        section_name: sealed.section_name,
        section_no: sealed.section_no,
        ..plain
    }
}

/// A performance guarantee with the history of this bid guarantee.
fn performance_like(bid: Letter<'static>) -> Letter<'static> {
    let plain = performance();
    Letter { undertaking: plain.undertaking, valid_until: plain.valid_until, ..bid }
}

pub(crate) fn ending(how: EndedBy) -> Ending<'static> {
    let letter = letter();
    Ending {
        how,
        no: "TB20261201000001",
        guarantee: earlier(),
        undertaking: letter.undertaking,
        beneficiary: letter.beneficiary.name,
        applicant: letter.applicant.name,
        project_name: letter.project_name,
        project_no: letter.project_no,
        section_name: letter.section_name,
        section_no: letter.section_no,
        bond: letter.bond,
        reason: "项目流标",
        ended_at: Timestamp::new(datetime!(2026-12-01 02:00 UTC)),
        issued_at: Timestamp::new(datetime!(2026-12-01 02:00 UTC)),
        verify_url: VERIFY,
    }
}

pub(crate) fn invoice() -> RequestInvoice {
    RequestInvoice {
        buyer: Company {
            name: "测试建筑工程有限公司".into(),
            code: "91350100MA0000000X".into(),
            address: "福建省福州市鼓楼区示例路1号".into(),
        },
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

pub(crate) fn invoice_page(printer: &Printer) -> Result<Rendered, Unprintable> {
    let request = invoice();
    printer.invoice(&InvoiceFacts {
        code: "135000000001",
        number: "00000001",
        guarantee_no: &GuaranteeNo::quoted(NO),
        request: &request,
        amount: request.amount,
        made_out_at: at(),
        verify_url: VERIFY,
    })
}

/// One of each kind, by the name of its template.
pub(crate) fn every(printer: &Printer) -> Vec<(&'static str, Result<Rendered, Unprintable>)> {
    let refund = EndedBy::Refund { premium: Some(Money::from_fen(400_005)) };
    vec![
        ("bid", printer.guarantee(&letter())),
        ("bid-sealed", printer.guarantee(&sealed())),
        ("bid-revealed", printer.guarantee(&revealed())),
        ("bid-reissued", printer.guarantee(&reissued())),
        ("bid-sealed-reissued", printer.guarantee(&sealed_reissued())),
        ("performance", printer.guarantee(&performance())),
        ("performance-sealed", printer.guarantee(&performance_like(sealed()))),
        ("performance-revealed", printer.guarantee(&performance_like(revealed()))),
        ("performance-reissued", printer.guarantee(&performance_like(reissued()))),
        ("performance-sealed-reissued", printer.guarantee(&performance_like(sealed_reissued()))),
        ("refund", printer.ending(&ending(refund))),
        ("release", printer.ending(&ending(EndedBy::Release))),
        ("invoice", invoice_page(printer)),
    ]
}

/// 200 characters.
pub(crate) fn long_name() -> String {
    "示例市城市基础设施建设".chars().cycle().take(194).chain("有限责任公司".chars()).collect()
}

/// 300 characters.
pub(crate) fn long_address() -> String {
    "某省某市某区某街道某路第1234号某大厦A座".chars().cycle().take(300).collect()
}

/// Documents at the edge of what fits: rare characters, a long name and address, and everything long at once.
pub(crate) fn extremes(printer: &Printer) -> Vec<(&'static str, Result<Rendered, Unprintable>)> {
    let (name, address) = (long_name(), long_address());
    let long = party(&name, "91350100MA0000000X", &address);
    let rare = party("䶮城㛃𬭎建设（集团）有限公司", "91350100MA0000000X", "某省某市𫖯𬱖路8号");
    let text = Shown::Plain(&name);
    let all =
        Letter { applicant: long, beneficiary: long, project_name: text, section_name: text, ..letter() };
    vec![
        ("rare-characters", printer.guarantee(&Letter { applicant: rare, ..letter() })),
        ("long-names", printer.guarantee(&Letter { applicant: long, ..letter() })),
        ("all-long", printer.guarantee(&all)),
    ]
}
