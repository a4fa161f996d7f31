//! The seven pushes: opened as an insurer opens them, repeated as the manual has it.

use crate::insurer::sign;
use crate::settings;
use bytes::Bytes;
use crypto::text;
use http::{Request as Http, Response};
use sandbox::dummy_keys::FUZHOU_INSURER;
use sandbox::fuzhou::{Bidder, Empties, Office, Partner, Settings, Variants};
use sandbox::multipart;
use sandbox::rsa_blocks::{KeyPair, Padding};
use sandbox::{How, Misbehaviour, Platform, Receiver, Request, Verdict, json_reply, now};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

/// An insurer that acknowledges in one of the printed spellings (FZ-01), or gives the browser a page.
struct Acknowledging(&'static str);

impl Platform for Acknowledging {
    fn hear(&self, request: &Http<Bytes>, _: OffsetDateTime) -> Verdict {
        let method = request.uri().path().trim_start_matches("/fuzhou/").to_owned();
        Verdict { key: method.clone(), method, verified: true, problems: Vec::new(), data: Map::new() }
    }

    fn agree(&self, heard: &Verdict) -> Response<Bytes> {
        if heard.method == "apply-redirect" {
            let see = Response::builder().status(302).header("location", "http://127.0.0.1/apply/1");
            return see.body(Bytes::new()).unwrap();
        }
        json_reply(&json!({ self.0: 200 }))
    }

    fn refuse(&self, _: &Verdict, why: &str) -> Response<Bytes> {
        json_reply(&json!({ "status": 404, "data": why }))
    }
}

async fn pair(spelling: &'static str) -> (Receiver, Partner) {
    let insurer = Receiver::start("127.0.0.1:0", Acknowledging(spelling), None).await.unwrap();
    let settings = Settings { gateway: insurer.at("/fuzhou/"), ..settings(|_| {}) };
    let partner = Partner::new(settings.clone(), &Office::new(&settings)).unwrap();
    (insurer, partner)
}

fn partner(change: impl FnOnce(&mut Variants)) -> Partner {
    let settings = settings(change);
    Partner::new(settings.clone(), &Office::new(&settings)).unwrap()
}

/// Opens `param` as the insurer does: form or multipart, tolerating what a platform may do to it.
fn opened(request: &Http<Bytes>, padding: Padding) -> Map<String, Value> {
    let kind = request.headers()["content-type"].to_str().unwrap();
    let mut param = if multipart::announced(kind) {
        let parts = multipart::read(kind, request.body()).unwrap();
        String::from_utf8(parts[0].body.to_vec()).unwrap()
    } else {
        let pairs = url::form_urlencoded::parse(request.body());
        pairs.into_iter().find(|(name, _)| name == "param").unwrap().1.into_owned()
    };
    if param.contains('%') {
        param = url::form_urlencoded::parse(param.as_bytes()).next().unwrap().0.into_owned();
    }
    let sealed = text::from_base64_tolerant(&param).unwrap();
    let plain = KeyPair::from_pem(FUZHOU_INSURER).unwrap().open(&sealed, padding).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

/// A way of writing, and the padding that opens it.
type Habit = (fn(&mut Variants), Padding);

/// A claim that fills several blocks, so that borders fall into Chinese characters.
fn long() -> Request {
    let reason = "中标后无正当理由不与招标人签订合同，经催告仍不履行。".repeat(20);
    Bidder::new(6, 1, now())
        .claim("BH1", "5000.00")
        .with("claim_reason", reason)
        .with("claim_file", "https://x/1")
}

#[test]
fn every_habit_says_the_same() {
    let habits: [Habit; 8] = [
        (|_| {}, Padding::Pkcs1),
        (|v| v.padding = Padding::OaepSha256, Padding::OaepSha256),
        (|v| v.padding = Padding::OaepSha1, Padding::OaepSha1),
        (|v| v.escapes = true, Padding::Pkcs1),
        (|v| v.double_encoding = true, Padding::Pkcs1),
        (|v| v.bare_plus = true, Padding::Pkcs1),
        (|v| (v.escapes, v.double_encoding) = (true, true), Padding::Pkcs1),
        (|v| (v.encoded_in_multipart, v.padding) = (true, Padding::OaepSha256), Padding::OaepSha256),
    ];
    for (number, (change, padding)) in habits.into_iter().enumerate() {
        let partner = partner(change);
        for pdf in [None, Some(Bytes::from_static(b"%PDF-1.7"))] {
            let request = partner.write(&long(), pdf.as_ref()).unwrap();
            let mut fields = opened(&request, padding);
            assert_eq!(fields["sign"], sign(&fields), "habit {number}");
            fields.retain(|name, _| name != "sign" && name != "timestamp");
            assert_eq!(Value::Object(fields), long().data, "habit {number}");
        }
    }
    let single = partner(|_| {}).write(&long(), None).unwrap();
    let double = partner(|v| v.double_encoding = true).write(&long(), None).unwrap();
    let bare = partner(|v| v.bare_plus = true).write(&long(), None).unwrap();
    let has = |request: &Http<Bytes>, what: &str| std::str::from_utf8(request.body()).unwrap().contains(what);
    assert!(has(&single, "%2B") && !has(&single, "+") && !has(&single, "%25"));
    assert!(has(&double, "%25") && !has(&bare, "%"));
}

#[test]
fn empty_values_are_signed_or_not() {
    let bidder = Bidder::new(6, 1, now());
    let sign_of = |empties| {
        let partner = partner(|v| v.empties = empties);
        let fields = opened(&partner.write(&bidder.claim("BH1", "1.00"), None).unwrap(), Padding::Pkcs1);
        (fields["sign"].clone(), fields)
    };
    let (included, fields) = sign_of(Empties::Included);
    assert_eq!(included, sign(&fields));
    let (dropped, mut fields) = sign_of(Empties::Dropped);
    assert_ne!(dropped, sign(&fields));
    fields.retain(|_, value| value != "");
    assert_eq!(dropped, sign(&fields));
}

#[test]
fn an_application_for_an_invoice_is_unsigned_unless_told_otherwise() {
    let invoice = Bidder::new(6, 1, now()).invoice();
    let plain = opened(&partner(|_| {}).write(&invoice, None).unwrap(), Padding::Pkcs1);
    assert!(plain.get("sign").is_none() && plain.get("timestamp").is_none());
    let signed = opened(&partner(|v| v.sign_invoice = true).write(&invoice, None).unwrap(), Padding::Pkcs1);
    assert_eq!(signed["sign"], sign(&signed));
}

#[tokio::test]
async fn a_push_is_repeated_until_it_is_acknowledged_in_any_spelling() {
    for spelling in ["status", "statue", "statues"] {
        let (insurer, partner) = pair(spelling).await;
        let ways =
            [How::Status { code: 500 }, How::Refuse { msg: "1007".to_owned() }, How::Reset, How::WrongBody];
        for how in ways.clone() {
            insurer.misbehave(Misbehaviour::new("delay-open-push", 1, how));
        }
        let delivered = partner.push(&Bidder::new(6, 1, now()).postpone(7)).await;
        assert!(delivered.last.unwrap().acknowledged());
        assert_eq!(delivered.deliveries, ways.len() + 1);
        assert_eq!(insurer.ledger().len(), ways.len() + 1);
    }
}

#[tokio::test]
async fn after_ten_deliveries_it_gives_up() {
    let (insurer, partner) = pair("status").await;
    let never = Misbehaviour { method: "*".to_owned(), times: None, how: How::Status { code: 503 } };
    insurer.misbehave(never);
    let delivered = partner.push(&Bidder::new(6, 1, now()).postpone(7)).await;
    assert!(delivered.last.is_err());
    assert_eq!((delivered.deliveries, insurer.ledger().len()), (10, 10));
}

#[tokio::test]
async fn the_browser_brings_a_number_and_is_sent_on() {
    let (_insurer, partner) = pair("status").await;
    let bidder = Bidder::new(6, 1, now());
    let page = partner.redirect(&bidder, "http://127.0.0.1/orders").await.unwrap();
    assert_eq!((page.status, page.location.as_deref()), (302, Some("http://127.0.0.1/apply/1")));
    assert!(partner.office().order_status(&bidder.order_no()).is_some(), "the platform knows the order");
}

#[tokio::test]
async fn it_calls_nobody_but_this_machine() {
    for gateway in ["https://insurer.example.com/", "http://192.0.2.1/x"] {
        let settings = Settings { gateway: gateway.to_owned(), ..settings(|_| {}) };
        let partner = Partner::new(settings.clone(), &Office::new(&settings)).unwrap();
        let unsent = partner.send(&Bidder::new(6, 1, now()).postpone(7)).await.unwrap_err();
        assert!(unsent.to_string().contains("on this machine"), "{unsent}");
    }
}

#[test]
fn settings_say_which_key_is_wrong_but_not_the_key() {
    let office = Office::new(&settings(|_| {}));
    for (name, settings) in [
        ("insurer_key", Settings { insurer_key: "秘密".to_owned(), ..settings(|_| {}) }),
        ("platform_key", Settings { platform_key: "秘密".to_owned(), ..settings(|_| {}) }),
    ] {
        let said = Partner::new(settings, &office).unwrap_err().to_string();
        assert!(said.contains(name) && !said.contains("秘密"), "{said}");
    }
}
