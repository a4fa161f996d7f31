//! A govproc platform: its hand against OpenSSL's, its three endpoints over real connections, and what it makes of answers.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use bytes::Bytes;
use http::{Request as Http, Response};
use sandbox::govproc::{Answer, Bidder, KeyForm, Partner, Reader, Request, Settings, Speaker, Variants, Way};
use sandbox::{Platform, Receiver, Unsent, Verdict, now};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

const PAYSTATE: &str = "/api/guarantee/paystate";
const APPLYNOTIFY: &str = "/api/guarantee/applynotify";
const RELEASE: &str = "/api/guarantee/release";
/// `%PDF-1.7` in base64.
const PDF: &str = "JVBERi0xLjc=";

fn vectors() -> Value {
    let path = format!("{}/../../tests/vectors/govproc.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn settings(gateway: &str) -> Settings {
    let text = format!(
        "gateway = {gateway:?}\napp_key = 'demo'\napp_secret = '0123456789abcdef'\niv = 'fedcba9876543210'"
    );
    toml::from_str(&text).unwrap()
}

/// The settings of a vector.
fn habits(vector: &Value, gateway: &str) -> Settings {
    let mut settings = settings(gateway);
    settings.app_secret = vector["app_secret"].as_str().unwrap().to_owned();
    settings.variants = Variants::deserialize(&vector["variants"]).unwrap();
    settings
}

#[test]
fn writes_what_openssl_writes_in_every_way() {
    let vectors = vectors();
    let fields = json!({
        "baohanno": "BH1", "bdcode": "SC1", "bzjmoney": "20000.50", "kbttime": vectors["millis"],
        "note": "测试企业 + / = \"", "orderno": "T1",
    });
    for vector in vectors["messages"].as_array().unwrap() {
        let speaker = Speaker::new(habits(vector, "-")).unwrap();
        let post = speaker.post("http://127.0.0.1:1/q?t=1", &fields).unwrap();
        let body = String::from_utf8(post.body().to_vec()).unwrap();
        assert_eq!(body, vector["body"].as_str().unwrap(), "{}", vector["name"]);
        assert_eq!(post.headers()["appkey"], "demo");
        let get = speaker.get("http://127.0.0.1:1/q?t=1", &fields).unwrap();
        let query = format!("t=1&{}", vector["query"].as_str().unwrap());
        assert_eq!(get.uri().query().unwrap(), query, "{}", vector["name"]);
    }
}

/// WIRE.md section 6: Java and Rust agree on these ciphertexts.
#[test]
fn enciphers_as_the_protocol_study_found() {
    let fields = json!({ "orderno": "T1", "qyname": "测试企业" });
    let data = |settings: Settings| -> String {
        let written = Speaker::new(settings).unwrap().post("http://127.0.0.1:1/", &fields).unwrap();
        let written: Value = serde_json::from_slice(written.body()).unwrap();
        written["data"].as_str().unwrap().to_owned()
    };
    let ecb = "a2tKKMSWmaavheC7iwZf4hr9uaHIoIzH7puhRdCOzU+UtWQjVe4iXEwaEEl/L87+";
    assert_eq!(data(settings("-")), ecb);
    let cbc = "+m3sXMeHiXP6ScaID2Pfe1BbU++uGtZnF+j9Ukuz1PSXXwrmOsXyRBw4DrIUblCv";
    assert_eq!(data(settings("-").with(|habits| habits.cipher = sandbox::govproc::Cipher::Cbc)), cbc);
    let mut derived = settings("-").with(|habits| habits.key_form = KeyForm::Sha1prng);
    derived.app_secret = "appSecretDemo".to_owned();
    let mut bare = settings("-").with(|habits| habits.key_form = KeyForm::Hex);
    bare.app_secret = "b0d7382aa76d4063e4c7c5080e0b125b".to_owned();
    assert_eq!(data(derived), data(bare));
}

#[test]
fn says_which_setting_is_wrong_but_not_the_secret() {
    let wrong = [
        Settings { app_secret: "short-and-secret!".to_owned(), ..settings("-") },
        Settings { iv: None, ..settings("-") }.with(|habits| habits.cipher = sandbox::govproc::Cipher::Cbc),
        settings("-").with(|habits| habits.key_form = KeyForm::Base64),
    ];
    for settings in wrong {
        let said = Reader::new(settings).unwrap_err().to_string();
        assert!(!said.contains("short-and-secret") && !said.contains("0123456789"), "{said}");
    }
}

/// A receiver, and an institution that speaks with the right key.
struct Pair {
    receiver: Receiver,
    institution: Partner,
}

impl Pair {
    async fn new(settings: Settings) -> Self {
        let receiver =
            Receiver::start("127.0.0.1:0", Reader::new(settings.clone()).unwrap(), None).await.unwrap();
        Self { receiver, institution: Partner::new(settings).unwrap() }
    }

    async fn tell(&self, callback: &'static str, fields: &Value) -> Answer {
        let request = Request::new(callback, fields.clone());
        self.institution.follow(&self.receiver.at(callback), Way::Post, &request).await.unwrap()
    }
}

fn callbacks(millis: i64) -> Vec<(&'static str, Value, Vec<&'static str>)> {
    let paid = json!({
        "orderno": "T1", "paymoney": "600.00", "paytime": millis, "type": "1", "paybankname": "示例公司",
        "paybankno": "6200",
    });
    let issued = json!({
        "orderno": "T1", "bhno": "BH1", "staus": "1", "info": "", "bhrate": "0.005", "bhcost": "600.00",
        "sellername": "示范担保有限公司", "selleraddress": "示例市", "sellerphone": "0990-0000000",
        "bhcretime": millis, "bhfile": PDF,
    });
    vec![
        (PAYSTATE, paid, vec!["orderno", "paymoney", "paytime", "type", "paybankname", "paybankno"]),
        (
            APPLYNOTIFY,
            issued,
            vec![
                "orderno",
                "bhno",
                "staus",
                "bhrate",
                "bhcost",
                "sellername",
                "selleraddress",
                "sellerphone",
                "bhcretime",
                "bhfile",
            ],
        ),
        (RELEASE, json!({ "bhno": "BH1", "state": "0" }), vec!["bhno", "state"]),
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
    let pair = Pair::new(settings("-")).await;
    for (callback, fields, needed) in callbacks(1_763_769_600_000) {
        let answer = pair.tell(callback, &fields).await;
        assert!(answer.success() && answer.problems.is_empty(), "{callback}: {answer:?}");
        for field in needed {
            let answer = pair.tell(callback, &changed(&fields, field, None)).await;
            assert!(!answer.success() && answer.text("msg").contains(field), "{callback} without {field}");
            assert_eq!(answer.problems, [""; 0], "a failure in the document's form");
        }
    }
    let entries = pair.receiver.ledger().entries();
    assert!(entries.iter().all(|entry| entry.verified && !entry.data.contains_key("bhfile")));
    assert!(entries.iter().any(|entry| entry.data.get("bhfile_bytes") == Some(&json!(8))));
}

#[tokio::test]
async fn a_refund_needs_no_account_and_a_failure_no_guarantee() {
    let pair = Pair::new(settings("-")).await;
    let (_, mut refund, _) = callbacks(1_763_769_600_000).remove(0);
    refund["paybankname"] = "".into();
    refund["paybankno"] = "".into();
    assert!(!pair.tell(PAYSTATE, &refund).await.success());
    refund["type"] = "2".into();
    assert!(pair.tell(PAYSTATE, &refund).await.success());
    let (_, mut failed, _) = callbacks(1_763_769_600_000).remove(1);
    for field in ["bhno", "bhcretime", "bhfile"] {
        failed = changed(&failed, field, None);
    }
    failed["bhrate"] = "0".into();
    assert!(!pair.tell(APPLYNOTIFY, &failed).await.success());
    failed["staus"] = "0".into();
    assert!(pair.tell(APPLYNOTIFY, &failed).await.success());
}

#[tokio::test]
async fn refuses_what_is_not_as_documented() {
    let pair = Pair::new(settings("-")).await;
    let (_, issued, _) = callbacks(1_763_769_600_000).remove(1);
    let wrong: [(&str, Value); 9] = [
        ("staus", "3".into()),
        ("staus", 1.into()),
        ("bhrate", "5".into()),
        ("bhcost", "-1".into()),
        ("bhcost", "six hundred".into()),
        ("bhcretime", "2025-11-22 08:00:00".into()),
        ("bhfile", "PGh0bWw+".into()),
        ("sellername", "保".repeat(65).into()),
        ("status", "1".into()),
    ];
    for (field, value) in wrong {
        let answer = pair.tell(APPLYNOTIFY, &changed(&issued, field, Some(value))).await;
        assert!(!answer.success() && answer.text("msg").contains(field), "{field}: {}", answer.text("msg"));
    }
    assert!(!pair.tell("/guarantee/apply", &issued).await.success(), "no such endpoint");
    let both = settings("-").with(|habits| habits.both_spellings = true);
    let (pair, both) = (Pair::new(both).await, changed(&issued, "status", Some("1".into())));
    assert!(pair.tell(APPLYNOTIFY, &both).await.success());
    assert!(!pair.tell(APPLYNOTIFY, &changed(&both, "status", Some("0".into()))).await.success());
}

#[tokio::test]
async fn does_not_believe_other_keys() {
    let pair = Pair::new(settings("-")).await;
    let url = pair.receiver.at(RELEASE);
    let fields = json!({ "bhno": "BH1", "state": "0" });
    let honest = pair.institution.write_to(&url, Way::Post, &Request::new(RELEASE, fields.clone())).unwrap();
    let stranger = Settings { app_secret: "fedcba9876543210".to_owned(), ..settings("-") };
    let stranger = Speaker::new(stranger).unwrap().post(&url, &fields).unwrap();
    let with_key = |key: Option<&str>| {
        let request = Http::post(&url).header("content-type", "application/json");
        let request = if let Some(key) = key { request.header("appKey", key) } else { request };
        request.body(honest.body().clone()).unwrap()
    };
    let get = Http::get(&url).header("appKey", "demo").body(honest.body().clone()).unwrap();
    let plain = Http::post(&url).header("appKey", "demo").body(Bytes::from(fields.to_string())).unwrap();
    for letter in [stranger, with_key(None), with_key(Some("demo2")), get, plain] {
        assert!(!pair.institution.post(RELEASE, &letter).await.unwrap().success(), "{letter:?}");
    }
    assert_eq!(pair.receiver.ledger().count(|entry| entry.verified), 0);
    assert!(pair.institution.post(RELEASE, &with_key(Some("demo"))).await.unwrap().success());
}

#[tokio::test]
async fn hears_what_it_says_in_every_way() {
    for vector in vectors()["messages"].as_array().unwrap() {
        for whole_answers in [false, true] {
            let settings = habits(vector, "-").with(|habits| habits.whole_answers = whole_answers);
            let pair = Pair::new(settings).await;
            for (callback, fields, _) in callbacks(1_763_769_600_000) {
                let answer = pair.tell(callback, &fields).await;
                assert!(answer.success() && answer.problems.is_empty(), "{}: {answer:?}", vector["name"]);
            }
        }
    }
}

/// An institution that always answers the same.
struct Parrot(Bytes);

impl Platform for Parrot {
    fn hear(&self, request: &Http<Bytes>, _now: OffsetDateTime) -> Verdict {
        Verdict {
            method: request.uri().path().to_owned(),
            key: String::new(),
            verified: true,
            problems: Vec::new(),
            data: serde_json::Map::new(),
        }
    }

    fn agree(&self, _heard: &Verdict) -> Response<Bytes> {
        Response::new(self.0.clone())
    }

    fn refuse(&self, heard: &Verdict, _why: &str) -> Response<Bytes> {
        self.agree(heard)
    }
}

/// What the platform says of this answer to this request.
async fn judged(answer: Bytes, request: &Request) -> Vec<String> {
    let institution = Receiver::start("127.0.0.1:0", Parrot(answer), None).await.unwrap();
    let partner = Partner::new(settings("-")).unwrap();
    partner.follow(&institution.at("/any"), Way::Post, request).await.unwrap().problems
}

#[tokio::test]
async fn holds_answers_against_the_document() {
    let (speaker, bidder) = (Speaker::new(settings("-")).unwrap(), Bidder::new(1, 1, now()));
    let links = json!({
        "continueurl": "http://127.0.0.1:1/c", "queryurl": "http://127.0.0.1:1/q", "pullurl": "http://127.0.0.1:1/p",
        "cancelurl": "",
    });
    let good = |data: &Value| speaker.answer(1, "000070", "操作成功", Some(data));
    assert_eq!(judged(good(&links), &bidder.application()).await, [""; 0]);
    let refused = speaker.answer(0, "000001", "参数错误", None);
    assert_eq!(judged(refused, &bidder.application()).await, [""; 0]);
    let without = changed(&links, "cancelurl", None);
    let relative = changed(&links, "queryurl", Some("/q".into()));
    let status = json!({ "status": "1", "describe": "已出函" });
    let wrong: [(Bytes, Request, &str); 8] = [
        (good(&without), bidder.application(), "cancelurl"),
        (good(&relative), bidder.application(), "queryurl"),
        (good(&status), bidder.query(), "status"),
        (good(&json!({ "file": "PGh0bWw+" })), Bidder::pull("BH1"), "file"),
        (good(&json!({ "money": "600.00", "describe": "" })), bidder.cost(&settings("-")), "describe"),
        (speaker.answer(2, "000070", "操作成功", None), bidder.query(), "stat"),
        (speaker.answer(0, "", "失败", Some(&links)), bidder.query(), "errcode"),
        (Bytes::from(r#"{"stat":1,"errcode":"000070","msg":"操作成功","data":{}}"#), bidder.query(), "data"),
    ];
    for (answer, request, named) in wrong {
        let problems = judged(answer, &request).await;
        assert!(problems.iter().any(|problem| problem.contains(named)), "{named}: {problems:?}");
    }
}

#[tokio::test]
async fn calls_nobody_but_this_machine() {
    let partner = Partner::new(settings("http://192.0.2.1:1")).unwrap();
    let bidder = Bidder::new(1, 1, now());
    let refused = [
        partner.send(&bidder.application()).await.unwrap_err(),
        partner.follow("http://files.example.com/q", Way::Get, &bidder.query()).await.unwrap_err(),
        partner.open("http://198.51.100.1/continue").await.unwrap_err(),
    ];
    assert!(refused.iter().all(|unsent| matches!(unsent, Unsent::NotSent(_))), "{refused:?}");
}

#[test]
fn bidders_for_one_section_tell_the_same_project() {
    let (one, two) = (Bidder::new(5, 1, now()), Bidder::new(5, 2, now()));
    let [one, two] = [&one, &two.bidding_with(&one)].map(|bidder| bidder.final_state("2"));
    assert_eq!(one, two);
}
