//! A pubres platform: its hand against OpenSSL's, and its five endpoints over real connections.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use http::Request as Http;
use sandbox::pubres::{Answer, Bidder, Partner, Reader, Request, Safe, Sealing, Settings, Speaker, Variants};
use sandbox::{How, Misbehaviour, Receiver, now};
use serde::Deserialize;
use serde_json::{Value, json};
use time::macros::datetime;

fn vectors() -> Value {
    let path = format!("{}/../../tests/vectors/pubres.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn settings(gateway: &str) -> Settings {
    let text = format!(
        "gateway = {gateway:?}\nappkey = 'demo'\nappsecret = '00000000-0000-0000-0000-000000000000'\n\
         platformcode = 'P1'\nsealing = {{ seed = 'x' }}"
    );
    toml::from_str(&text).unwrap()
}

#[test]
fn signs_as_openssl_does_in_every_way() {
    let vectors = vectors();
    let at = datetime!(2026-11-22 08:00:00 +8);
    for vector in vectors["messages"].as_array().unwrap() {
        let habits = Variants::deserialize(&vector["variants"]).unwrap();
        let speaker = Speaker::new(settings("http://127.0.0.1:1/p").with(|variants| *variants = habits));
        let said = speaker.write("http://127.0.0.1:1/p", "claimsnotice", &vector["fields"], at).unwrap();
        assert_eq!(said.headers()["content-type"], vector["content_type"].as_str().unwrap());
        let body = String::from_utf8(said.body().to_vec()).unwrap();
        assert_eq!(body, vector["body"].as_str().unwrap(), "{}", vector["name"]);
    }
}

#[test]
fn seals_as_openssl_does_in_every_way() {
    let vectors = vectors();
    let vectors = vectors["safes"].as_array().unwrap();
    assert!(vectors.len() >= 8);
    for vector in vectors {
        let safe = Safe::new(Sealing::deserialize(&vector["sealing"]).unwrap()).unwrap();
        let section = vector["section"].as_str().unwrap();
        let sealed = safe.seal(section, vector["plain"].as_str().unwrap()).unwrap();
        assert_eq!(sealed, vector["sealed"].as_str().unwrap(), "{}", vector["name"]);
        assert_eq!(safe.handed_over(section), vector["handed_over"].as_str().unwrap(), "{}", vector["name"]);
    }
}

/// WIRE.md section 6.
#[test]
fn signs_and_seals_as_the_protocol_study_found() {
    let speaker = Speaker::new(settings("-"));
    let at = datetime!(2024-01-01 00:00:00 +8);
    let said = speaker.write_back("http://127.0.0.1:1/", &json!({ "applyno": "T1" }), at).unwrap();
    let said: Value = serde_json::from_slice(said.body()).unwrap();
    assert_eq!(said["sign"], "b9bbcd8b490187a2045811cc1c83dda18fcdb26d011e7a621c2e5ae7836ef224");
    let sealing = r#"seed = "x"
        fixed_key = "30313233343536373839616263646566""#;
    let safe = Safe::new(toml::from_str(sealing).unwrap()).unwrap();
    let sealed = safe.seal("any", "1265010045762987XC").unwrap();
    assert_eq!(sealed, "9Anxjqo3pSwLnkebQ5lb9/MqYBBplMDQhWmtVHtf62o=");
}

#[test]
fn every_section_has_its_own_key_and_a_wrong_key_is_another() {
    let (safe, today) = (Safe::new(settings("-").sealing).unwrap(), now());
    let [one, two] = [1, 2].map(|n| Bidder::new(5, n, today));
    let key = |request: Request| request.text("key").to_owned();
    assert_ne!(key(one.restore(&safe, "B", today)), key(two.restore(&safe, "B", today)));
    assert_ne!(key(one.restore(&safe, "B", today)), key(one.restore_wrongly(&safe, "B", today)));
    let rival = two.bidding_with(&one);
    assert_eq!(key(one.restore(&safe, "B", today)), key(rival.restore(&safe, "B", today)));
    let application = one.application(&safe).unwrap();
    assert_eq!(application.text("zbr"), rival.application(&safe).unwrap().text("zbr"));
    assert!(!application.data.to_string().contains(one.section()), "the section is sealed");
}

/// A receiver, and an institution that speaks with the right keys.
struct Pair {
    receiver: Receiver,
    institution: Partner,
    speaker: Speaker,
}

impl Pair {
    async fn new(change: impl Fn(&mut Variants)) -> Self {
        let settings = settings("http://127.0.0.1:1/").with(&change);
        let reader = Reader::new(settings.clone()).unwrap();
        let receiver = Receiver::start("127.0.0.1:0", reader, None).await.unwrap();
        Self {
            receiver,
            institution: Partner::new(settings.clone()).unwrap(),
            speaker: Speaker::new(settings),
        }
    }

    async fn tell(&self, callback: &str, fields: &Value) -> Answer {
        let url = self.receiver.at(&format!("/rest/{callback}"));
        self.institution.post(&self.speaker.write_back(&url, fields, now()).unwrap()).await.unwrap()
    }
}

/// `%PDF-1.7` in base64.
const PDF: &str = "JVBERi0xLjc=";

fn callbacks() -> Vec<(&'static str, Value, Vec<&'static str>)> {
    let issued = json!({
        "applyno": "T1", "baohanno": "BH1", "baohanurl": "http://127.0.0.1:1/d/1", "baohanfile": PDF,
        "payername": "示例公司", "payeraccount": "6200", "instname": "示范担保有限公司",
        "generatetime": "2026-11-22 08:00:00", "rate": "0.005", "cost": "600.00", "applystatus": "1",
    });
    let all: Vec<&str> = vec![
        "applyno",
        "baohanno",
        "baohanurl",
        "baohanfile",
        "payername",
        "payeraccount",
        "instname",
        "generatetime",
        "rate",
        "cost",
        "applystatus",
    ];
    let restored = json!({ "applyno": "T1", "baohanno": "BH1", "baohanurl": "http://127.0.0.1:1/d/2", "baohanfile": PDF });
    let invoice = json!({ "baohanno": "BH1", "invoiceurl": "http://127.0.0.1:1/d/3", "invoiceno": "1", "applystatus": "1" });
    let quit = json!({ "applyno": "T1", "baohanno": "BH1", "applystatus": "1", "tuibaotime": "2026-11-22 08:00:00" });
    vec![
        ("baohannotice", issued, all),
        ("restorenotice", restored, vec!["applyno", "baohanno", "baohanfile"]),
        ("invoicenotice", invoice, vec!["baohanno", "applystatus"]),
        ("quitnotice", quit, vec!["applyno", "baohanno", "applystatus", "tuibaotime"]),
        ("giveupapply", json!({ "applyno": "T1" }), vec!["applyno"]),
    ]
}

fn changed(fields: &Value, field: &str, value: Option<Value>) -> Value {
    let mut fields = fields.as_object().unwrap().clone();
    match value {
        Some(value) => drop(fields.insert(field.to_owned(), value)),
        None => drop(fields.remove(field)),
    }
    fields.into()
}

#[tokio::test]
async fn acknowledges_each_callback_and_names_each_missing_field() {
    let pair = Pair::new(|_| {}).await;
    for (callback, fields, needed) in callbacks() {
        let answer = pair.tell(callback, &fields).await;
        assert!(answer.success(), "{callback}: {}", answer.text("message"));
        for field in needed {
            let answer = pair.tell(callback, &changed(&fields, field, None)).await;
            assert!(
                !answer.success() && answer.text("message").contains(field),
                "{callback} without {field}"
            );
        }
    }
    let entries = pair.receiver.ledger().entries();
    assert!(entries.iter().all(|entry| entry.verified && !entry.data.contains_key("baohanfile")));
    // printf %PDF-1.7 | openssl dgst -sha256
    assert_eq!(
        entries[0].text("baohanfile_sha256"),
        "86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b"
    );
    assert_eq!(entries[0].data["baohanfile_bytes"], 8);
}

#[tokio::test]
async fn refuses_what_is_not_as_documented() {
    let pair = Pair::new(|_| {}).await;
    let (_, issued, _) = callbacks().remove(0);
    let wrong: [(&str, Value); 10] = [
        ("applystatus", "2".into()),
        ("applystatus", 1.into()),
        ("rate", "0.5%".into()),
        ("cost", "".into()),
        ("baohanurl", "ftp://127.0.0.1/1".into()),
        ("baohanfile", "JVBERi0x Ljc=".into()),
        ("baohanfile", "PGh0bWw+".into()),
        ("generatetime", "20261122080000".into()),
        ("baohanno", "9".repeat(51).into()),
        ("surprise", "1".into()),
    ];
    for (field, value) in wrong {
        let answer = pair.tell("baohannotice", &changed(&issued, field, Some(value))).await;
        assert!(!answer.success() && answer.text("message").contains(field), "{}", answer.text("message"));
    }
    assert!(!pair.tell("claimsnotice", &issued).await.success(), "no such endpoint");
    assert!(!pair.tell("restorenotice", &issued).await.success(), "another interface's path");
}

#[tokio::test]
async fn a_rejection_carries_empty_keys() {
    let pair = Pair::new(|_| {}).await;
    let (_, mut rejected, _) = callbacks().remove(0);
    for field in ["baohanno", "baohanurl", "baohanfile", "payername", "payeraccount", "generatetime"] {
        rejected[field] = "".into();
    }
    assert!(!pair.tell("baohannotice", &rejected).await.success());
    rejected["applystatus"] = "0".into();
    assert!(pair.tell("baohannotice", &rejected).await.success());
}

#[tokio::test]
async fn believes_nothing_that_was_touched() {
    let pair = Pair::new(|_| {}).await;
    let (callback, fields, _) = callbacks().remove(3);
    let url = pair.receiver.at(&format!("/rest/{callback}"));
    let honest = pair.speaker.write_back(&url, &fields, now()).unwrap();
    let body: Value = serde_json::from_slice(honest.body()).unwrap();
    for name in body.as_object().unwrap().keys() {
        for value in [None, Some(format!("{}0", body[name].as_str().unwrap()).into())] {
            let touched = changed(&body, name, value).to_string();
            let request =
                Http::post(&url).header("content-type", "application/json").body(touched.into()).unwrap();
            assert!(!pair.institution.post(&request).await.unwrap().success(), "{name} was touched");
        }
    }
    let old = pair.speaker.write_back(&url, &fields, now() - time::Duration::minutes(6)).unwrap();
    assert!(!pair.institution.post(&old).await.unwrap().success(), "signed long ago");
    let get = Http::get(&url).body(honest.body().clone()).unwrap();
    assert!(!pair.institution.post(&get).await.unwrap().success(), "GET");
    assert_eq!(pair.receiver.ledger().count(|entry| entry.verified), 0);
}

#[tokio::test]
async fn hears_what_it_says_in_every_habit_a_callback_may_have() {
    for vector in vectors()["messages"].as_array().unwrap() {
        let habits = Variants::deserialize(&vector["variants"]).unwrap();
        let pair = Pair::new(|variants| habits.clone_into(variants)).await;
        let (callback, fields, _) = callbacks().remove(3);
        assert!(pair.tell(callback, &fields).await.success(), "{}", vector["name"]);
    }
}

#[tokio::test]
async fn answers_in_its_own_form_and_misbehaves_by_name() {
    let pair = Pair::new(|habits| {
        habits.code_number = true;
        habits.msg = true;
    })
    .await;
    let answer = pair.tell("giveupapply", &json!({ "applyno": "T1" })).await;
    assert_eq!((&answer.fields["code"], answer.text("msg")), (&json!(1), "操作成功"));
    assert!(answer.success());
    pair.receiver.misbehave(Misbehaviour::new("quitnotice", 1, How::Refuse { msg: "系统繁忙".to_owned() }));
    assert!(pair.tell("giveupapply", &json!({ "applyno": "T1" })).await.success());
    let (callback, fields, _) = callbacks().remove(3);
    assert_eq!(pair.tell(callback, &fields).await.text("msg"), "系统繁忙");
    assert!(pair.tell(callback, &fields).await.success());
}

#[test]
fn writes_each_request_to_its_own_address() {
    let mut settings = settings("http://127.0.0.1:1/pubres-1/");
    settings.urls.insert("baohanrestore".to_owned(), "http://127.0.0.1:2/restore".to_owned());
    settings.variants.cancel_spelt_right = true;
    settings.variants.iv = sandbox::pubres::IvMember::Empty;
    let (partner, bidder) = (Partner::new(settings).unwrap(), Bidder::new(1, 1, now()));
    let written = |request: &Request| partner.write(request).unwrap();
    let quit = written(&bidder.quit("B"));
    assert_eq!(quit.uri(), "http://127.0.0.1:1/pubres-1/quitapply");
    assert_eq!(written(&bidder.cancel("B")).uri(), "http://127.0.0.1:1/pubres-1/cancelnotice");
    let restore = written(&bidder.restore(partner.safe(), "B", now()));
    assert_eq!(restore.uri(), "http://127.0.0.1:2/restore");
    let restore: Value = serde_json::from_slice(restore.body()).unwrap();
    assert_eq!(restore["iv"], "");
    assert_eq!(restore["platformcode"], "P1");
    let quit: Value = serde_json::from_slice(quit.body()).unwrap();
    assert!(quit.get("iv").is_none());
}

#[test]
fn two_callbacks_cannot_share_a_path() {
    let mut settings = settings("-");
    settings.paths.insert("quitnotice".to_owned(), "/rest/giveupapply".to_owned());
    assert!(Reader::new(settings).unwrap_err().to_string().contains("giveupapply"));
}
