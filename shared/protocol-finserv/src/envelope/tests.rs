//! The envelope: what is believed, what is not, and that nothing can be learnt from the difference.

use crate::Finserv;
use crate::sample::{made, now};
use bytes::Bytes;
use crypto::canonical::Profile;
use crypto::secret::Secret;
use http::{Method, Request, Uri};
use proptest::prelude::*;
use protocol::{Inbound, Rejection, RejectionKind};
use serde_json::{Map, Value, json};

const PLAIN: &str = r#"{"guarantee_no":"BH1"}"#;

fn request(body: impl Into<Bytes>) -> Request<Bytes> {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    request
}

/// A request of get_quitInfo as a partner writes it.
fn written(finserv: &Finserv) -> Map<String, Value> {
    let sealed = finserv.envelope.seal("get_quitInfo", PLAIN.as_bytes(), now(), Uri::default());
    serde_json::from_slice(sealed.body()).unwrap()
}

fn opened(finserv: &Finserv, fields: &Map<String, Value>) -> Result<(), Rejection> {
    finserv.open(&request(serde_json::to_vec(fields).unwrap()), now()).map(|_| ())
}

/// Signs again after a change, by the recipe given.
fn signed(mut fields: Map<String, Value>, profile: &Profile) -> Map<String, Value> {
    fields.remove("sign");
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sign = profile.sign(&pairs, &Secret::new("8993208818338920"));
    fields.insert("sign".into(), json!(sign));
    fields
}

#[test]
fn what_was_sealed_is_opened() {
    for body in ["json", "form"] {
        let finserv = made(&format!("body = \"{body}\"")).unwrap();
        let sealed = finserv.envelope.seal("get_quitInfo", PLAIN.as_bytes(), now(), Uri::default());
        assert_eq!(
            finserv.envelope.open(&sealed, now()).map(|open| open.plain().to_owned()),
            Ok(PLAIN.to_owned())
        );
    }
}

#[test]
fn strangers_forgers_and_garblers_are_answered_alike() {
    let finserv = made("").unwrap();
    let profile = Profile { trim: true, ..Profile::default() };
    let good = written(&finserv);
    let with = |name: &str, value: &str| {
        let mut fields = good.clone();
        fields.insert(name.into(), json!(value));
        fields
    };
    let forged = [
        signed(with("access_key", "2088101568338365"), &profile),
        with("sign", "00000000000000000000000000000000"),
        with("sign", "no hexadecimal"),
        signed(with("data", "AAAA"), &profile),
        signed(with("data", "fdvfhthfjfge4451gdsgsf"), &profile),
        with("data", good["data"].as_str().unwrap().to_lowercase().as_str()),
        with("created", "20261122103001"),
    ];
    let answers = forged.map(|fields| {
        let rejection = opened(&finserv, &fields).unwrap_err();
        assert_eq!(rejection.kind, RejectionKind::Forged);
        finserv.answer(Err(&rejection)).into_body()
    });
    assert!(
        answers.iter().all(|answer| *answer == r#"{"result":"fail","msg":"身份验证失败"}"#),
        "{answers:?}"
    );
    assert_eq!(opened(&finserv, &good), Ok(()));
}

#[test]
fn each_field_of_the_envelope_has_to_be_there() {
    let finserv = made("").unwrap();
    for (name, title) in [
        ("method", "接口名称"),
        ("access_key", "访问密钥"),
        ("created", "提交时间"),
        ("data", "数据内容"),
        ("sign", "签名"),
    ] {
        for nothing in [None, Some(json!(null)), Some(json!(" "))] {
            let mut fields = written(&finserv);
            fields.remove(name);
            fields.extend(nothing.map(|value| (name.to_owned(), value)));
            assert_eq!(opened(&finserv, &fields).unwrap_err().say, format!("{title}({name})不能为空"));
        }
    }
}

#[test]
fn what_is_not_the_envelope_is_unreadable() {
    let finserv = made("").unwrap();
    for body in ["", "  ", "hello", "[]", "{", "{\"a\":}", "\"text\"", "<xml/>"] {
        let rejection = finserv.open(&request(body), now()).unwrap_err();
        assert_eq!(
            (rejection.kind, rejection.say.as_str()),
            (RejectionKind::Unreadable, "请求报文应为JSON或表单格式")
        );
    }
    let get = Request::new(Bytes::from(serde_json::to_vec(&written(&finserv)).unwrap()));
    assert_eq!(finserv.open(&get, now()).unwrap_err().say, "请使用POST方式提交");
}

#[test]
fn data_in_the_clear_is_named() {
    let mut fields = written(&made("").unwrap());
    fields.insert("data".into(), json!({"guarantee_no": "BH1"}));
    assert_eq!(opened(&made("").unwrap(), &fields).unwrap_err().say, "数据内容(data)应为文本");
}

#[test]
fn an_unknown_method_is_told_only_to_the_partner() {
    let finserv = made("").unwrap();
    let mut fields = written(&finserv);
    fields.insert("method".into(), json!("feedback_quit"));
    assert_eq!(opened(&finserv, &fields).unwrap_err().kind, RejectionKind::Forged);
    let profile = Profile { trim: true, ..Profile::default() };
    let rejection = opened(&finserv, &signed(fields, &profile)).unwrap_err();
    assert_eq!(rejection.kind, RejectionKind::Unknown);
    assert_eq!(rejection.say, "接口名称(method)不存在，请核对接口编码");
}

#[test]
fn created_is_judged_only_after_the_signature() {
    let finserv = made("").unwrap();
    let mut fields = written(&finserv);
    fields.insert("created".into(), json!("20991122103000"));
    assert_eq!(opened(&finserv, &fields).unwrap_err().kind, RejectionKind::Forged);
    let profile = Profile { trim: true, ..Profile::default() };
    assert_eq!(opened(&finserv, &signed(fields, &profile)).unwrap_err().kind, RejectionKind::Stale);
}

#[test]
fn the_recipe_that_held_is_counted() {
    let finserv =
        made("accept_also = [{ secret_joiner = \"\" }, { secret_joiner = \"&key=\", trim = false }]")
            .unwrap();
    let mut fields = written(&finserv);
    assert_eq!(opened(&finserv, &fields), Ok(()));
    fields.insert("version".into(), json!(" 5 "));
    let placement = crypto::canonical::Placement::Suffix("&key=".into());
    let third = Profile { secret: placement, ..Profile::default() };
    assert_eq!(opened(&finserv, &signed(fields, &third)), Ok(()));
    assert_eq!(finserv.proved(), [1, 0, 1]);
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let finserv = made("").unwrap();
        prop_assert!(finserv.open(&request(body), now()).is_err());
    }

    #[test]
    fn no_json_makes_it_panic(
        fields in prop::collection::btree_map("method|access_key|created|data|sign|x", "\\PC{0,40}", 0..6)
    ) {
        let finserv = made("").unwrap();
        prop_assert!(finserv.open(&request(serde_json::to_vec(&fields).unwrap()), now()).is_err());
    }

    #[test]
    fn no_data_makes_it_panic(plain in "\\PC{0,200}", method in 0usize..11) {
        let finserv = made("").unwrap();
        let method = finserv.interfaces()[method].name;
        let sealed = finserv.envelope.seal(method, plain.as_bytes(), now(), Uri::default());
        let rejection = finserv.open(&sealed, now()).unwrap_err();
        prop_assert_eq!(rejection.kind, RejectionKind::Malformed);
    }
}
