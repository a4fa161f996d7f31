//! The envelope: what an honest platform sends, what strangers send, and what we send ourselves.

use super::param::Param;
use super::*;
use crate::Fuzhou;
use crate::sample::{made, now, opened, pass, plain, push};
use protocol::Inbound;
use serde_json::{Value, json};

impl Envelope {
    /// What an honest platform with our public key sends: these fields, timestamp and sign.
    pub(crate) fn push(&self, path: &str, fields: &Value, pass: &Pass<'_>) -> Option<Request<Bytes>> {
        let mut fields = fields.as_object()?.clone();
        fields.insert("timestamp".into(), json!(print_shanghai(pass.now, Printed::Compact)));
        let param = Param::parse(&Value::Object(fields.clone()).to_string())?;
        let sign = self.recipes[0].sign(&param.signed("sign"), &self.api_secret);
        fields.insert("sign".into(), json!(sign));
        Some(self.sealed(path, &Value::Object(fields).to_string(), pass))
    }

    /// Any text, sealed for us.
    fn sealed(&self, path: &str, plain: &str, pass: &Pass<'_>) -> Request<Bytes> {
        let sealed = self.ours.encrypt(plain.as_bytes(), self.padding, &pass.nonce).unwrap();
        let body = form::write(&[("param", &text::to_base64(&sealed))]);
        post(format!("/{path}").parse().unwrap(), form::KIND, body).unwrap()
    }
}

fn kind(opened: Result<protocol::Call, Rejection>) -> RejectionKind {
    opened.unwrap_err().kind
}

const WAY: &str = "verify-info";

#[test]
fn the_vectors_of_wire_md_hold() {
    let fields = r#"{"btc_id":223,"enter_institution_type":4,"method":"insurer_apply_guarantee_result","note":"","order_no":"1813037628","status":"1","timestamp":"20201109162639"}"#;
    let param = Param::parse(fields).unwrap();
    let envelope = made("").unwrap().envelope;
    let signs: Vec<String> = envelope
        .recipes
        .iter()
        .map(|recipe| recipe.sign(&param.signed("sign"), &Secret::new("S3CR3T")))
        .collect();
    assert_eq!(signs[0], "744760A123CB030B26D94A0A0764A51C");
    assert_eq!(signs[1], "327DB88B9B10EC66006392659EEAAC8B");
    assert_eq!(
        envelope.recipes[0].masked(&param.signed("sign")),
        "***btc_id223enter_institution_type4methodinsurer_apply_guarantee_resultnoteorder_no1813037628status1timestamp20201109162639***"
    );
}

#[test]
fn whatever_does_not_hold_is_answered_alike() {
    let fuzhou = made("").unwrap();
    let honest = push(&fuzhou, WAY, &plain(WAY));
    let sealed = |plain: &str| fuzhou.envelope.sealed(WAY, plain, &pass());
    let body = |body: &str| {
        let mut request = honest.clone();
        *request.body_mut() = Bytes::copy_from_slice(body.as_bytes());
        request
    };
    let unsigned = json!({ "guarantee_no": "1", "serial_num": "2", "timestamp": "20261122103000" });
    let wrong = json!({ "guarantee_no": "1", "serial_num": "2", "timestamp": "20261122103000", "sign": "0".repeat(32) });
    let strangers = [
        sealed(&unsigned.to_string()),
        sealed(&wrong.to_string()),
        sealed(&json!({ "invoice_id": "1", "sign": "x" }).to_string()),
        sealed("not json"),
        sealed("[1]"),
        sealed(""),
        body("param=AAAA"),
        body(&format!("param={}", "A".repeat(344))),
        body("param=!"),
    ];
    let answers: Vec<_> = strangers
        .iter()
        .map(|request| {
            let rejection = fuzhou.open(request, now()).unwrap_err();
            assert_eq!(rejection.kind, RejectionKind::Forged, "{rejection:?}");
            fuzhou.answer(Err(&rejection)).into_body()
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[test]
fn anothers_key_and_anothers_secret_open_nothing() {
    let ours = made("").unwrap();
    for lines in [
        "rsa_pk = \"env:PLATFORM_PK\"\nrsa_sk = \"env:PLATFORM_SK\"",
        "api_secret = \"env:KEY\"",
        "padding = \"oaep_sha1\"",
    ] {
        let stranger = made(lines).unwrap();
        let request = push(&stranger, WAY, &plain(WAY));
        assert_eq!(kind(ours.open(&request, now())), RejectionKind::Forged, "{lines}");
        assert!(stranger.open(&request, now()).is_ok(), "{lines}");
    }
}

#[test]
fn what_is_no_push_is_said_to_be_none() {
    let fuzhou = made("").unwrap();
    let honest = push(&fuzhou, WAY, &plain(WAY));
    let with = |change: &dyn Fn(&mut Request<Bytes>)| {
        let mut request = honest.clone();
        change(&mut request);
        fuzhou.open(&request, now())
    };
    assert_eq!(kind(with(&|request| *request.method_mut() = Method::GET)), RejectionKind::Unreadable);
    assert_eq!(kind(with(&|request| *request.body_mut() = "x=1".into())), RejectionKind::Unreadable);
    assert_eq!(
        kind(with(&|request| *request.uri_mut() = Uri::from_static("/nowhere"))),
        RejectionKind::Unknown
    );
    let empty = with(&|request| *request.body_mut() = "param=+".into()).unwrap_err();
    assert_eq!(empty.say, "加密参数(param)不能为空");
}

#[test]
fn a_moved_border_ends_at_a_name_that_nobody_knows() {
    // `serial_num` + `12` signs like `serial_num1` + `2`.
    let fuzhou = made("").unwrap();
    let honest = json!({ "guarantee_no": "BH1", "serial_num": "12", "timestamp": "20261122103000" });
    let param = Param::parse(&honest.to_string()).unwrap();
    let sign = fuzhou.envelope.recipes[0].sign(&param.signed("sign"), &fuzhou.envelope.api_secret);
    let moved =
        json!({ "guarantee_no": "BH1", "serial_num1": "2", "timestamp": "20261122103000", "sign": sign });
    let request = fuzhou.envelope.sealed(WAY, &moved.to_string(), &pass());
    let rejection = fuzhou.open(&request, now()).unwrap_err();
    assert_eq!(rejection.say, "参数(serial_num1)不在接口文档中");
}

#[test]
fn a_field_beyond_the_document_is_taken_if_the_settings_name_it() {
    let extra = |value: &mut Value| value["region"] = json!("350100");
    assert_eq!(kind(opened(WAY, extra)), RejectionKind::Malformed);
    let tolerant = made("extra_fields = [\"region\"]").unwrap();
    let mut value = plain(WAY);
    extra(&mut value);
    assert!(tolerant.open(&push(&tolerant, WAY, &value), now()).is_ok());
    assert!(
        opened(WAY, |value| value["enter_institution_type"] = json!(4)).is_ok(),
        "known from other messages"
    );
}

#[test]
fn an_invoice_may_come_unsigned_from_where_the_settings_say() {
    const LISTED: &str = "unsigned_from = [\"192.0.2.7\"]";
    let text = plain("invoice-apply-push").to_string();
    for (lines, caller, allowed) in [
        (LISTED, "192.0.2.7", true),
        (LISTED, "192.0.2.8", false),
        ("unsigned_from = []", "192.0.2.7", false),
        ("unsigned_from = [\"192.0.2.7\"]\nrequire_sign = true", "192.0.2.7", false),
    ] {
        let fuzhou = made(lines).unwrap();
        let open = |path| {
            let mut request = fuzhou.envelope.sealed(path, &text, &pass());
            request.extensions_mut().insert(Caller(caller.parse().unwrap()));
            fuzhou.open(&request, now())
        };
        assert_eq!(open("invoice-apply-push").is_ok(), allowed, "{lines} {caller}");
        assert_eq!(open("").is_ok(), allowed);
        assert_eq!(kind(open("apply_claim")), RejectionKind::Forged);
        let signed = push(&fuzhou, "invoice-apply-push", &plain("invoice-apply-push"));
        assert!(fuzhou.open(&signed, now()).is_ok());
    }
    let listed = made(LISTED).unwrap();
    let request = listed.envelope.sealed("invoice-apply-push", &text, &pass());
    assert_eq!(kind(listed.open(&request, now())), RejectionKind::Forged, "nobody knows from where");
}

#[test]
fn every_push_is_recognised_on_the_shared_address() {
    let fuzhou = made("").unwrap();
    for interface in fuzhou.interfaces() {
        let alone = fuzhou.open(&push(&fuzhou, interface.name, &plain(interface.name)), now());
        let shared = fuzhou.open(&push(&fuzhou, "", &plain(interface.name)), now());
        match (alone, shared) {
            (Ok(alone), Ok(shared)) => assert_eq!(format!("{alone:?}"), format!("{shared:?}")),
            // Its PDF is missing here, on either address.
            (Err(alone), Err(shared)) => {
                assert_eq!(
                    (alone.say.as_str(), interface.name),
                    ("电子保函原件(guarantee_pdf)不能为空", "verify-file")
                );
                assert_eq!(alone, shared);
            }
            other => panic!("{}: {other:?}", interface.name),
        }
    }
    let nothing = fuzhou.open(&push(&fuzhou, "", &json!({ "x": 1 })), now()).unwrap_err();
    assert_eq!(nothing.kind, RejectionKind::Unknown);
}

#[test]
fn a_call_carries_what_is_said_and_nothing_empty() {
    let fuzhou: Fuzhou = made("business_key = \"rsa_pk\"").unwrap();
    let fields = [Field::text("order_no", "1"), Field::text("note", ""), Field::number("order_do_type", 3)];
    let envelope = &fuzhou.envelope;
    let request = envelope.seal("m", &fields, None, &pass(), Uri::default()).unwrap();
    let form = Form::read(form::KIND, request.body()).unwrap();
    let opened: Value = serde_json::from_str(&envelope.decipher(&form.param).unwrap()).unwrap();
    let names: Vec<&String> = opened.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["btc_id", "enter_institution_type", "method", "order_do_type", "order_no", "sign", "timestamp"]
    );
    assert_eq!((&opened["btc_id"], &opened["order_do_type"]), (&json!(223), &json!(3)));
    assert!(std::str::from_utf8(request.body()).unwrap().contains("access_token=a%2Bb%2F%3D&param="));
    let without = Pass { token: None, ..pass() };
    assert!(envelope.seal("m", &fields, None, &without, Uri::default()).is_err());
}

#[test]
fn the_key_for_business_is_chosen() {
    for (lines, opens) in [("", true), ("business_key = \"api_rsa_pk\"", false)] {
        let fuzhou = made(lines).unwrap();
        let request = fuzhou.envelope.seal("m", &[], None, &pass(), Uri::default()).unwrap();
        let form = Form::read(form::KIND, request.body()).unwrap();
        assert_eq!(fuzhou.envelope.decipher(&form.param).is_ok(), opens);
        // 1.1 always goes to the platform's own key.
        let asked = fuzhou.envelope.seal_token_call("get_access_token", &pass(), Uri::default()).unwrap();
        let form = Form::read(form::KIND, asked.body()).unwrap();
        assert!(fuzhou.envelope.decipher(&form.param).is_err());
        assert!(!std::str::from_utf8(asked.body()).unwrap().contains("access_token"));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(32))]
    #[test]
    fn texts_come_back_as_they_were(value in "\\PC{0,300}") {
        let fuzhou = made("").unwrap();
        let request = push(&fuzhou, WAY, &json!({ "guarantee_no": value, "serial_num": "1" }));
        let verified = fuzhou.envelope.open(&request, now()).unwrap();
        proptest::prop_assert_eq!(verified.fields().text(("guarantee_no", "")).unwrap(), value.trim());
    }

    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let request = Request::post("/verify-info").body(Bytes::from(body)).unwrap();
        proptest::prop_assert!(made("").unwrap().open(&request, now()).is_err());
    }
}
