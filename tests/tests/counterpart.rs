//! Two readings of one document: what the sandbox writes the protocol crate understands, what the protocol crate seals the
//! sandbox believes, in every way of writing. They share nothing but the ciphers.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{
    AcceptanceNo, CaseDecided, DocumentRef, GuaranteeIssued, GuaranteeNo, InvoiceIssued, IssuedInvoice,
    Money, Notice, NoticeHead, OrderRejected, PartnerId, Rate, Timestamp,
};
use http::Request as Http;
use protocol::{Inbound, Outbound, Pass, RejectionKind, Sealed, Verdict};
use protocol_finserv::Finserv;
use sandbox::Platform;
use sandbox::finserv::contract::{Direction, INTERFACES};
use sandbox::finserv::{
    AesKeyForm, Bidder, Body, Clock, Joint, Partner, Reader, Request, Settings, Times, Variants,
};
use std::collections::BTreeMap;

const SECRET: &str = "0123456789abcdef";
const IV: &str = "fedcba9876543210";

struct Named;

impl Secrets for Named {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(if reference.to_string() == "env:IV" { IV } else { SECRET }))
    }
}

/// Our side, with these lines in `[settings]`.
fn ours(lines: &str) -> Finserv {
    let text = format!(
        "access_key = 'key'\nsecret_key = 'env:SECRET'\niv = 'env:IV'\nmerchant_name = '示范担保有限公司'\n{lines}"
    );
    let settings = toml::from_str(&text).expect("settings");
    let id = PartnerId::parse("finserv-test").expect("an id");
    Finserv::new(id, &settings, "http://127.0.0.1:1/callback", &BTreeMap::new(), &Named)
        .expect("usable settings")
}

/// Their side, with these habits.
fn theirs(change: impl FnOnce(&mut Variants)) -> Settings {
    Settings {
        gateway: "-".to_owned(),
        access_key: "key".to_owned(),
        secret_key: SECRET.to_owned(),
        aes_key: None,
        aes_key_form: AesKeyForm::Utf8,
        iv: IV.to_owned(),
        variants: Variants::default(),
    }
    .with(change)
}

type Habit = (fn(&mut Variants), &'static str);

const HABITS: [Habit; 13] = [
    (|_| {}, ""),
    (|habits| habits.joint = Joint::Bare, "sign = { secret_joiner = '' }"),
    (|habits| habits.joint = Joint::SecretKey, "sign = { secret_joiner = '&secret_key=' }"),
    (|habits| habits.joint = Joint::Key, "sign = { secret_joiner = '&key=' }"),
    (|habits| habits.trim = false, "sign = { trim = false }"),
    (|habits| habits.skip_empty = true, "sign = { empties = 'skip' }"),
    (|habits| habits.upper = true, ""),
    (|habits| habits.body = Body::Form, "body = 'form'"),
    (|habits| habits.content_type = Some("text/plain".to_owned()), ""),
    (|habits| habits.line_breaks = true, ""),
    (|habits| habits.stray_blanks = true, ""),
    (|habits| habits.clock = Clock::H12, "created = '12h'"),
    (
        |habits| {
            habits.times = Times::Seconds;
            habits.numbers = true;
            habits.extras = BTreeMap::from([
                ("version".to_owned(), "5.0.9".to_owned()),
                ("empty".to_owned(), String::new()),
            ]);
        },
        "",
    ),
];

/// The eleven requests; the methods that allow it also as a batch.
fn requests() -> Vec<(Request, usize)> {
    let bidder = Bidder::new(5, 1, sandbox::now());
    let no = AcceptanceNo::of(&PartnerId::parse("finserv-test").expect("an id"), "apply_guarantee", "1");
    let case = Some(no.as_str());
    vec![
        (bidder.bid_application(), 1),
        (bidder.performance_application(), 1),
        (bidder.ask_application(no.as_str()), 1),
        (bidder.cancel("BH1"), 1),
        (Bidder::ask("get_apply_cancel_result", "BH1", case), 1),
        (bidder.claim("BH1", "20000.50"), 1),
        (Bidder::ask("get_apply_claim_result", "BH1", case), 1),
        (bidder.invoice("BH1", "400.00"), 1),
        (bidder.special_invoice("BH1", "400.00"), 1),
        (Bidder::ask("get_invoiceInfo", "BH1", None), 1),
        (bidder.quit("BH1"), 1),
        (Request::batch("guarantee_quit", [bidder.quit("BH1"), bidder.quit("BH2")]), 2),
        (Bidder::ask("get_quitInfo", "BH1", None), 1),
        (bidder.postpone(7), 1),
        (Request::batch("update_bidinfo", [bidder.postpone(7), bidder.postpone(9)]), 2),
    ]
}

fn posted(partner: &Partner, request: &Request) -> Http<Bytes> {
    let letter = partner.write(request);
    Http::post("/").header("content-type", letter.content_type).body(letter.body).expect("a request")
}

fn now() -> Timestamp {
    Timestamp::new(sandbox::now())
}

#[test]
fn every_request_is_understood_in_every_way_of_writing() {
    for (number, (change, lines)) in HABITS.into_iter().enumerate() {
        let (us, them) = (ours(lines), Partner::new(theirs(change)).expect("keys"));
        for (request, asks) in requests() {
            let call = us.open(&posted(&them, &request), now());
            let call = call
                .unwrap_or_else(|no| panic!("habit {number}, {}: {} ({})", request.method, no.say, no.why));
            assert_eq!(call.interface.name, request.method);
            assert_eq!(call.asks.len(), asks, "habit {number}, {}", request.method);
        }
    }
}

#[test]
fn every_inbound_interface_is_asked() {
    let asked: Vec<&str> = requests().iter().map(|(request, _)| request.method).collect();
    let rows = INTERFACES.iter().filter(|row| row.direction == Direction::ToInstitution);
    for row in rows {
        assert!(asked.contains(&row.method), "{} is never asked", row.method);
    }
    let served: Vec<&str> = ours("").interfaces().iter().map(|row| row.name).collect();
    assert!(served.iter().all(|name| asked.contains(name)), "{served:?}");
}

/// A required field that is missing is refused by name; which fields are required is the sandbox's own reading.
#[test]
fn every_required_field_is_missed_by_name() {
    const OPTIONAL: &[&str] = &[
        "guarantee_type",
        "enterprise_address",
        "bank_name",
        "bank_account",
        "bank_code",
        "project_area",
        "project_address",
        "agency",
        "agency_code",
        "tender_expire",
        "agent_email",
        "file_list",
        "receive_bank_no",
        "claim_evidence_list",
        "next_open_time",
        "notice_url",
    ];
    let (us, them) = (ours(""), Partner::new(theirs(|_| {})).expect("keys"));
    for (request, _) in requests().into_iter().filter(|(request, _)| request.data.is_object()) {
        let fields = request.data.as_object().expect("fields");
        let of_agent = |name: &str| request.method == "apply_invoice" && name == "agent_phone";
        for name in fields.keys().filter(|name| !OPTIONAL.contains(&name.as_str()) && !of_agent(name)) {
            let refusal = us.open(&posted(&them, &request.clone().without(name)), now());
            let refusal =
                refusal.err().unwrap_or_else(|| panic!("{} without {name} was accepted", request.method));
            assert_eq!(
                refusal.kind,
                RejectionKind::Malformed,
                "{} without {name}: {}",
                request.method,
                refusal.why
            );
            assert!(refusal.say.contains(name), "{} without {name}: {}", request.method, refusal.say);
        }
        for name in
            fields.keys().filter(|name| OPTIONAL.contains(&name.as_str()) && *name != "guarantee_type")
        {
            let accepted = us.open(&posted(&them, &request.clone().without(name)), now());
            assert!(accepted.is_ok(), "{} without the optional {name}", request.method);
        }
    }
}

#[test]
fn a_stranger_learns_nothing() {
    let us = ours("");
    let request = &requests()[0].0;
    let strangers = [
        Settings { access_key: "another".to_owned(), ..theirs(|_| {}) },
        Settings { secret_key: "fedcba9876543210".to_owned(), ..theirs(|_| {}) },
        theirs(|habits| habits.joint = Joint::Bare),
    ];
    let said: Vec<String> = strangers
        .into_iter()
        .map(|stranger| {
            let letter = posted(&Partner::new(stranger).expect("keys"), request);
            let refusal = us.open(&letter, now()).expect_err("a stranger is refused");
            assert_eq!(refusal.kind, RejectionKind::Forged);
            String::from_utf8_lossy(us.answer(Err(&refusal)).body()).into_owned()
        })
        .collect();
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
}

fn head() -> NoticeHead {
    let no = AcceptanceNo::of(&PartnerId::parse("finserv-test").expect("an id"), "apply_guarantee", "1");
    NoticeHead { no: no.clone(), business_no: "1".to_owned(), order: no, version: 4, at: now(), brief: None }
}

fn notices() -> Vec<Notice> {
    let document = DocumentRef { sha256: "0".repeat(64), name: "保函.pdf".to_owned() };
    let guarantee_no = GuaranteeNo::of("BH", "20261122", &head().no);
    let decided = |approved: bool| CaseDecided {
        head: head(),
        guarantee_no: guarantee_no.clone(),
        approved,
        reason: if approved { String::new() } else { "材料不全".to_owned() },
        amount: None,
        asked_because: String::new(),
        contact: None,
        confirmation: None,
    };
    vec![
        Notice::GuaranteeIssued(GuaranteeIssued {
            head: head(),
            guarantee_no: guarantee_no.clone(),
            document: document.clone(),
            bond: Money::from_fen(8_000_000),
            premium: Money::from_fen(40_000),
            rate: Rate::parse("0.005").expect("a rate"),
            valid_until: None,
            valid_from: None,
        }),
        Notice::OrderRejected(OrderRejected { head: head(), reason: "已过开标时间".to_owned() }),
        Notice::ReleaseDecided(decided(true)),
        Notice::ReleaseDecided(decided(false)),
        Notice::ClaimDecided(decided(true)),
        Notice::ClaimDecided(decided(false)),
        Notice::RefundDecided(decided(true)),
        Notice::RefundDecided(decided(false)),
        Notice::InvoiceIssued(InvoiceIssued {
            head: head(),
            guarantee_no,
            invoice: IssuedInvoice { code: "033001".to_owned(), number: "00000001".to_owned(), document },
            special: None,
        }),
    ]
}

#[test]
fn every_callback_is_believed_in_every_way_of_writing() {
    for (number, (change, lines)) in HABITS.into_iter().enumerate() {
        let (us, them) = (ours(lines), Reader::new(theirs(change)).expect("keys"));
        let mut heard: Vec<String> = Vec::new();
        for notice in notices() {
            let url = Some("http://127.0.0.1:8081/d/1?expires=1&sign=2");
            let pass = Pass {
                now: now(),
                nonce: [0; 16],
                token: None,
                target: None,
                document_url: url,
                document: None,
            };
            let Ok(Sealed::Send(request)) = us.seal(&notice, &pass) else { panic!("{notice:?} is not sent") };
            let verdict = them.hear(&request, sandbox::now());
            assert!(verdict.verified && verdict.problems.is_empty(), "habit {number}: {verdict:?}");
            assert_eq!(us.callback_for(&notice).map(|row| row.name), Some(verdict.method.as_str()));
            assert_eq!(us.judge(&notice, &them.agree(&verdict)), Verdict::Delivered);
            assert!(matches!(us.judge(&notice, &them.refuse(&verdict, "系统繁忙")), Verdict::Later(..)));
            heard.push(verdict.method);
        }
        let rows = INTERFACES.iter().filter(|row| row.direction == Direction::ToPlatform);
        assert!(rows.clone().all(|row| heard.iter().any(|method| method == row.method)), "{heard:?}");
    }
}
