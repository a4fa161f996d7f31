//! One golden JSON per message: a renamed or retyped field cannot silently change what is in the queues.
//!
//! `UPDATE_FIXTURES=1 cargo nextest run -p messages` writes missing files; a changed file must be read in review,
//! because messages of the old form may still be waiting in a queue.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use domain::{
    About, AcceptanceNo, Applicant, Attachment, BankAccount, CaseDecided, CaseQuery, CaseState, CaseStatus,
    ChangeTender, Command, Company, ConfirmPayment, Contact, Decide, Decision, DocumentRef, GuaranteeIssued,
    GuaranteeNo, InvoiceIssued, InvoiceKind, InvoiceRefused, InvoiceStatus, IssuedInvoice, Money, Notice,
    NoticeHead, OrderRejected, OrderState, OrderStatus, Origin, PartnerId, PlaceOrder, Product, Query, Rate,
    Refusal, ReleaseReason, Reply, RequestClaim, RequestInvoice, RequestRefund, RequestRelease, Subject,
    Tender, TenderChange, TenderChangeKind, Timestamp,
};
use messages::{Attempt, AttemptOutcome, CallbackTask, Envelope, Replay};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Debug, fs, path::Path};

fn at() -> Timestamp {
    Timestamp::try_from("2026-11-22T02:30:00.123456Z".to_owned()).expect("an instant")
}

fn partner() -> PartnerId {
    PartnerId::parse("finserv-demo").expect("a partner id")
}

fn origin() -> Origin {
    Origin {
        kind: "finserv".into(),
        partner: partner(),
        callback: Some("https://partner.example/feedback".into()),
    }
}

fn no() -> AcceptanceNo {
    AcceptanceNo::of(&partner(), "apply_guarantee", "T1")
}

fn guarantee_no() -> GuaranteeNo {
    GuaranteeNo::of("BH", "20261122", &no())
}

fn company(name: &str) -> Company {
    Company { name: name.into(), code: "91310110666007217T".into(), address: "福州市测试路1号".into() }
}

fn contact() -> Contact {
    Contact {
        name: "张三".into(),
        id_no: "110101199003070011".into(),
        phone: "13800000000".into(),
        email: "".into(),
    }
}

fn document() -> DocumentRef {
    DocumentRef { sha256: "0".repeat(64), name: "投标保函.pdf".into() }
}

fn place_order() -> PlaceOrder {
    PlaceOrder {
        business_no: "T1".into(),
        product: Product::Bid { opening: Some(at()), validity_days: Some(120) },
        applicant: Applicant {
            company: company("测试建设有限公司"),
            legal_name: "李四".into(),
            legal_id: "110101199003070011".into(),
            account: Some(BankAccount {
                number: "6222000000000000".into(),
                bank: "测试银行".into(),
                ..BankAccount::default()
            }),
        },
        tender: Tender {
            project_no: "P1".into(),
            project_name: "测试项目".into(),
            area: "350100".into(),
            address: "福州市".into(),
            section_no: "S1".into(),
            section_name: "一标段".into(),
            tenderee: company("测试招标人"),
            agency: Company::default(),
        },
        bond: Money::from_fen(2_000_000),
        contact: contact(),
        attachments: vec![Attachment {
            name: "营业执照.pdf".into(),
            kind: "business_licence".into(),
            url: "https://partner.example/f/1".into(),
        }],
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    }
}

fn about<R>(request: R) -> About<R> {
    About {
        business_no: "T2".into(),
        guarantee_no: guarantee_no(),
        request,
        by: String::new(),
        order_no: String::new(),
        stage: None,
    }
}

fn commands() -> Vec<(&'static str, Command)> {
    let account = BankAccount {
        holder: "测试招标人".into(),
        number: "6222".into(),
        bank: "测试银行".into(),
        bank_no: "105".into(),
    };
    let claim = RequestClaim {
        reason: "中标后放弃".into(),
        claimer: company("测试招标人"),
        contact: contact(),
        amount: Some(Money::from_fen(100)),
        account: Some(account),
        evidence: vec![],
    };
    let special =
        InvoiceKind::Special { phone: "0591".into(), bank: "测试银行".into(), account: "6222".into() };
    let invoice = RequestInvoice {
        buyer: company("测试建设有限公司"),
        amount: Some(Money::from_fen(10_000)),
        kind: special,
        contact_phone: "138".into(),
        contact_email: "".into(),
        postal_address: domain::Private::default(),
        recipient: domain::Private::default(),
        orders: Vec::new(),
    };
    let refund = RequestRefund {
        reason: "流标".into(),
        section_no: "S1".into(),
        applicant: company("测试建设有限公司"),
        contact: contact(),
    };
    let change = TenderChange {
        kind: TenderChangeKind::Postponed,
        opening: Some(at()),
        notice_url: String::new(),
        deadline: None,
    };
    let refuse = Decision::Refuse { reason: "材料不全".into() };
    vec![
        ("place_order", Command::PlaceOrder(place_order())),
        ("request_claim", Command::RequestClaim(about(claim))),
        ("request_invoice", Command::RequestInvoice(about(invoice))),
        ("request_refund", Command::RequestRefund(about(refund))),
        (
            "request_release",
            Command::RequestRelease(about(RequestRelease {
                reason: ReleaseReason::NotAwarded,
                section_no: "S1".into(),
            })),
        ),
        (
            "change_tender",
            Command::ChangeTender(ChangeTender {
                business_no: "T3".into(),
                section_no: "S1".into(),
                change,
                project_no: String::new(),
            }),
        ),
        (
            "decide",
            Command::Decide(Decide {
                subject: Subject::Claim,
                no: no(),
                decision: refuse,
                invoice: None,
                by: "ops".into(),
                amount: None,
                until: None,
            }),
        ),
        (
            "confirm_payment",
            Command::ConfirmPayment(ConfirmPayment {
                no: no(),
                amount: Money::from_fen(10_000),
                paid_at: at(),
                reference: "B1".into(),
                by: "ops".into(),
                payer: None,
            }),
        ),
    ]
}

fn notices() -> Vec<(&'static str, Notice)> {
    let head =
        || NoticeHead { no: no(), business_no: "T1".into(), order: no(), version: 2, at: at(), brief: None };
    let decided = || CaseDecided {
        head: head(),
        guarantee_no: guarantee_no(),
        approved: false,
        reason: "材料不全".into(),
        amount: None,
        asked_because: String::new(),
        contact: None,
    };
    let issued = GuaranteeIssued {
        head: head(),
        guarantee_no: guarantee_no(),
        document: document(),
        bond: Money::from_fen(2_000_000),
        premium: Money::from_fen(10_000),
        rate: Rate::parse("0.005").expect("a rate"),
        valid_until: Some(at()),
        valid_from: None,
    };
    let invoice = IssuedInvoice { code: "C1".into(), number: "N1".into(), document: document() };
    vec![
        ("guarantee_issued", Notice::GuaranteeIssued(issued)),
        ("order_rejected", Notice::OrderRejected(OrderRejected { head: head(), reason: "材料不全".into() })),
        ("release_decided", Notice::ReleaseDecided(decided())),
        ("claim_decided", Notice::ClaimDecided(decided())),
        ("refund_decided", Notice::RefundDecided(decided())),
        (
            "invoice_issued",
            Notice::InvoiceIssued(InvoiceIssued {
                head: head(),
                guarantee_no: guarantee_no(),
                invoice,
                special: None,
            }),
        ),
        (
            "invoice_refused",
            Notice::InvoiceRefused(InvoiceRefused {
                head: head(),
                guarantee_no: guarantee_no(),
                reason: "无".into(),
                special: None,
            }),
        ),
    ]
}

fn queries() -> Vec<(&'static str, Query)> {
    let by = || CaseQuery { guarantee_no: guarantee_no(), no: Some(no()) };
    vec![
        ("order_status", Query::OrderStatus { no: no() }),
        ("release_status", Query::ReleaseStatus(by())),
        ("claim_status", Query::ClaimStatus(by())),
        ("refund_status", Query::RefundStatus(by())),
        ("invoice_status", Query::InvoiceStatus(by())),
    ]
}

fn replies() -> Vec<(&'static str, Reply)> {
    vec![
        ("reply_accepted", Reply::Accepted { no: no() }),
        ("reply_refused", Reply::Refused(Refusal::conflict())),
        (
            "reply_order",
            Reply::Order(OrderStatus {
                no: no(),
                state: OrderState::Issued,
                premium: Some(Money::from_fen(10_000)),
                rate: Rate::parse("0.005").ok(),
                guarantee_no: Some(guarantee_no()),
                document_url: Some("https://files.example/d".into()),
                reason: String::new(),
                bond: None,
                changed_at: None,
            }),
        ),
        (
            "reply_case",
            Reply::Case(CaseStatus { no: no(), state: CaseState::Refused, reason: "材料不全".into() }),
        ),
        (
            "reply_invoice",
            Reply::Invoice(InvoiceStatus {
                no: no(),
                state: CaseState::Approved,
                code: "C1".into(),
                number: "N1".into(),
                document_url: "https://files.example/d".into(),
                reason: String::new(),
            }),
        ),
    ]
}

fn tasks() -> Vec<(&'static str, CallbackTask)> {
    let attempt = Attempt {
        callback_id: "A0:2:guarantee_issued".into(),
        origin: origin(),
        interface: "feedback_apply_guarantee_result".into(),
        number: 1,
        cycle: 0,
        at: at(),
        duration_ms: 12,
        status: 500,
        outcome: AttemptOutcome::Failed { next_due: at() },
        why: "status 500".into(),
    };
    let replay = Replay { callback_ids: vec!["A0:2:guarantee_issued".into()], by: "ops".into() };
    vec![
        ("record_attempt", CallbackTask::Record(attempt)),
        ("replay_callbacks", CallbackTask::Replay(replay)),
    ]
}

/// Compares with the committed form, and reads that form back to the same message.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, message: &T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format!("{name}.json"));
    let written = serde_json::to_string_pretty(message).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &written).expect("fixture written");
    }
    let golden = fs::read_to_string(&path).expect("a golden file per message; UPDATE_FIXTURES=1 writes it");
    assert_eq!(written, golden, "{name} is written otherwise than its golden file says");
    assert_eq!(
        &serde_json::from_str::<T>(&golden).expect("readable"),
        message,
        "{name} reads back otherwise"
    );
}

#[test]
fn commands_keep_their_form() {
    for (name, command) in commands() {
        let envelope = Envelope::command(no(), origin(), "apply_guarantee", "0".repeat(64), at(), command);
        check(name, &envelope);
    }
}

#[test]
fn queries_keep_their_form() {
    for (name, query) in queries() {
        check(name, &Envelope::query("q1".into(), no(), origin(), "get_x", at(), query));
    }
}

#[test]
fn notices_keep_their_form() {
    for (name, notice) in notices() {
        check(name, &Envelope::notice(origin(), at(), notice));
    }
}

#[test]
fn replies_and_tasks_keep_their_form() {
    for (name, reply) in replies() {
        check(name, &reply);
    }
    for (name, task) in tasks() {
        check(name, &task);
    }
}

#[test]
fn every_golden_file_has_a_message() {
    let known: Vec<String> = commands()
        .into_iter()
        .map(|(name, _)| name)
        .chain(queries().into_iter().map(|(name, _)| name))
        .chain(notices().into_iter().map(|(name, _)| name))
        .chain(replies().into_iter().map(|(name, _)| name))
        .chain(tasks().into_iter().map(|(name, _)| name))
        .map(|name| format!("{name}.json"))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for file in fs::read_dir(folder).expect("fixtures") {
        let name = file.expect("a file").file_name().to_string_lossy().into_owned();
        assert!(
            known.contains(&name),
            "{name} belongs to no message; messages are never removed, only added to"
        );
    }
}

#[test]
fn personal_data_never_shows_in_debug() {
    let shown = format!("{:?}", commands());
    for private in
        ["张三", "李四", "110101199003070011", "13800000000", "6222000000000000", "测试建设有限公司"]
    {
        assert!(!shown.contains(private), "{private} shows in Debug");
    }
}

#[test]
fn an_unreadable_message_is_not_quoted() {
    let error = Envelope::<Command>::from_bytes(br#"{"id":"secret"}"#).expect_err("not an envelope");
    assert!(!error.to_string().contains("secret"), "{error}");
}
