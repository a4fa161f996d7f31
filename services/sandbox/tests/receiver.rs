//! The platform's endpoint over real connections: what it believes, what it records, how it disappoints.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use sandbox::finserv::{Bidder, Partner, Reader, Request, Settings, Unsent};
use sandbox::{Entry, How, Misbehaviour, Receiver, now};
use serde_json::{Value, json};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(20);

fn settings(gateway: &str) -> Settings {
    let text = format!(
        "gateway = {gateway:?}\naccess_key = 'test'\nsecret_key = '0123456789abcdef'\niv = 'fedcba9876543210'"
    );
    toml::from_str(&text).unwrap()
}

/// A receiver, and an institution that speaks with the right keys.
async fn pair() -> (Receiver, Partner) {
    let receiver = Receiver::start("127.0.0.1:0", Reader::new(settings("-")).unwrap(), None).await.unwrap();
    let institution = Partner::new(settings(&receiver.url())).unwrap();
    (receiver, institution)
}

fn issued() -> Request {
    let data = json!({
        "accept_no": "A0000000000000000001", "approve_status": "1", "guarantee_no": "BH1",
        "guarantee_url": "http://127.0.0.1:1/d/1", "merchant_name": "示例担保有限公司", "fee": "400.00", "rate": "0.005",
    });
    Request::new("feedback_apply_guarantee_result", data)
}

fn callbacks() -> Vec<(Request, Vec<&'static str>)> {
    let case = json!({ "accept_no": "A1", "guarantee_no": "BH1", "approve_status": "1" });
    let case_needs = vec!["accept_no", "guarantee_no", "approve_status"];
    let quit = json!({ "guarantee_no": "BH1", "approve_status": "1", "message": "" });
    let invoice = json!({ "guarantee_no": "BH1", "invoice_url": "https://files.example.com/1" });
    let all =
        ["accept_no", "approve_status", "guarantee_no", "guarantee_url", "merchant_name", "fee", "rate"];
    vec![
        (issued(), all.to_vec()),
        (Request::new("feedback_apply_cancel_result", case.clone()), case_needs.clone()),
        (Request::new("feedback_apply_claim_result", case), case_needs),
        (Request::new("feedback_invoice", invoice), vec!["guarantee_no", "invoice_url"]),
        (Request::new("feedback_quit", quit), vec!["guarantee_no", "approve_status"]),
    ]
}

#[tokio::test]
async fn acknowledges_each_callback_and_names_each_missing_field() {
    let (receiver, institution) = pair().await;
    for (request, needed) in callbacks() {
        let answer = institution.send(&request).await.unwrap();
        assert!(answer.success(), "{}: {}", request.method, answer.text("msg"));
        for field in needed {
            let answer = institution.send(&request.clone().without(field)).await.unwrap();
            assert!(
                !answer.success() && answer.text("msg").contains(field),
                "{} without {field}",
                request.method
            );
        }
    }
    assert!(receiver.ledger().entries().iter().all(|entry| entry.verified));
}

#[tokio::test]
async fn refuses_what_is_not_as_documented() {
    let (_receiver, institution) = pair().await;
    let wrong: [(&str, Value); 9] = [
        ("approve_status", "0".into()),
        ("approve_status", 1.into()),
        ("fee", "400".into()),
        ("fee", "0400.00".into()),
        ("rate", "0.5%".into()),
        ("guarantee_url", "ftp://127.0.0.1/1".into()),
        ("guarantee_no", "9".repeat(31).into()),
        ("accept_no", "A".repeat(21).into()),
        ("surprise", "1".into()),
    ];
    for (field, value) in wrong {
        let answer = institution.send(&issued().with(field, value)).await.unwrap();
        assert!(!answer.success() && answer.text("msg").contains(field), "{field}: {}", answer.text("msg"));
    }
    let unknown = Request::new("feedback_anything", json!({}));
    assert!(!institution.send(&unknown).await.unwrap().success());
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_no_guarantee() {
    let (_receiver, institution) = pair().await;
    let mut rejected = issued().with("approve_status", "2");
    for field in ["guarantee_no", "guarantee_url", "fee", "rate"] {
        rejected = rejected.with(field, "");
    }
    assert!(!institution.send(&rejected).await.unwrap().success());
    assert!(institution.send(&rejected.with("error", "已过开标时间")).await.unwrap().success());
}

#[tokio::test]
async fn does_not_believe_other_keys() {
    let (receiver, _) = pair().await;
    let mut stranger = settings(&receiver.url());
    stranger.secret_key = "fedcba9876543210".to_owned();
    let answer = Partner::new(stranger).unwrap().send(&issued()).await.unwrap();
    assert!(!answer.success());
    let entries = receiver.ledger().entries();
    assert!(entries.len() == 1 && !entries[0].verified && entries[0].data.is_empty());
}

#[tokio::test]
async fn counts_copies_and_notices_changed_words() {
    let (receiver, institution) = pair().await;
    let again = issued().with("guarantee_url", "http://127.0.0.1:1/d/1?expires=2");
    for request in [issued(), again, issued().with("fee", "1.00")] {
        institution.send(&request).await.unwrap();
    }
    let seen: Vec<(u32, bool)> = receiver.ledger().entries().iter().map(|e| (e.copy, e.changed)).collect();
    assert_eq!(seen, [(1, false), (2, false), (3, true)]);
}

#[tokio::test]
async fn disappoints_as_often_as_asked_and_then_agrees() {
    let (receiver, institution) = pair().await;
    let ways = [
        How::Status { code: 500 },
        How::Refuse { msg: "系统繁忙".to_owned() },
        How::Redirect { to: "/elsewhere".to_owned() },
        How::Reset,
        How::WrongBody,
    ];
    for how in &ways {
        receiver.misbehave(Misbehaviour::new("feedback_apply_guarantee_result", 1, how.clone()));
    }
    let answers = [send(&institution).await, send(&institution).await, send(&institution).await];
    assert!(matches!(answers[0], Err(Unsent::NotJson(500))), "{:?}", answers[0]);
    assert!(answers[1].as_ref().is_ok_and(|answer| answer.text("msg") == "系统繁忙"));
    assert!(matches!(answers[2], Err(Unsent::NotJson(302))), "{:?}", answers[2]);
    assert!(matches!(send(&institution).await, Err(Unsent::NoAnswer(_))));
    assert!(matches!(send(&institution).await, Err(Unsent::NotJson(200))));
    assert!(send(&institution).await.unwrap().success());
    let said: Vec<String> = receiver.ledger().entries().into_iter().map(|entry| entry.answered).collect();
    assert_eq!(said, ["status", "refuse", "redirect", "reset", "wrong_body", "success"]);
    assert!(
        receiver.ledger().entries().iter().all(|entry| entry.path == "/callback"),
        "no redirect was followed"
    );
}

#[tokio::test]
async fn silence_and_dripping_end_with_the_receiver() {
    for how in [How::Silence, How::Drip { every_ms: 5 }] {
        let (receiver, institution) = pair().await;
        receiver.misbehave(Misbehaviour::new("*", 1, how));
        let waiting = tokio::spawn(async move { send(&institution).await });
        let entry = receiver.ledger().wait_for(LONG, |entry: &Entry| !entry.acknowledged).await;
        assert!(entry.is_some());
        assert!(!waiting.is_finished());
        receiver.stop().await;
        assert!(waiting.await.unwrap().is_err());
    }
}

#[tokio::test]
async fn is_steered_over_http() {
    let (receiver, institution) = pair().await;
    let control = |path: &str| format!("http://{}/control/{path}", receiver.addr());
    let steer =
        |path: &str, body: &str| reqwest::Client::new().post(control(path)).body(body.to_owned()).send();
    let planned =
        steer("misbehave", r#"{"method":"*","times":1,"how":{"kind":"status","code":503}}"#).await.unwrap();
    assert_eq!(planned.status().as_u16(), 200);
    assert_eq!(steer("misbehave", r#"{"how":{"kind":"sulk"}}"#).await.unwrap().status().as_u16(), 400);
    assert!(matches!(send(&institution).await, Err(Unsent::NotJson(503))));
    let shown = institution.fetch(&control("ledger")).await.unwrap();
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown[0]["answered"], "status");
    steer("reset", "").await.unwrap();
    assert!(receiver.ledger().is_empty());
}

#[tokio::test]
async fn what_is_acknowledged_is_on_disk() {
    let file = std::env::temp_dir().join(format!("ledger-{}.jsonl", std::process::id()));
    let receiver =
        Receiver::start("127.0.0.1:0", Reader::new(settings("-")).unwrap(), Some(&file)).await.unwrap();
    let institution = Partner::new(settings(&receiver.url())).unwrap();
    assert!(send(&institution).await.unwrap().success());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["data"]["accept_no"], "A0000000000000000001");
}

async fn send(institution: &Partner) -> Result<sandbox::finserv::Answer, Unsent> {
    institution.send(&issued()).await
}

#[test]
fn samples_are_the_same_for_the_same_seed_and_tell_bidders_apart() {
    let today = now();
    let first = Bidder::new(7, 1, today);
    assert_eq!(first.bid_application(), Bidder::new(7, 1, today).bid_application());
    assert_ne!(first.apply_no(), Bidder::new(7, 2, today).apply_no());
    assert_eq!(Bidder::new(7, 2, today).bidding_with(&first).section_code(), first.section_code());
    assert!(first.cancel("G").text("apply_no").len() <= 20);
}
