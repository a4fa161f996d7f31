//! The shell: what is believed, what is not, and that nothing can be learnt from the difference.

use crate::Pubres;
use crate::sample::{SECRET, changed, made, made_for_any_platform, now, plain};
use bytes::Bytes;
use crypto::canonical::{Placement, Profile};
use crypto::secret::Secret;
use domain::{Command, Timestamp};
use http::{Method, Request, Uri};
use proptest::prelude::*;
use protocol::{Inbound, Rejection, RejectionKind, Wish};
use serde_json::{Map, Value, json};

fn request(path: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = path.parse().unwrap();
    request
}

/// A request of giveupapply as a partner writes it.
fn written() -> Map<String, Value> {
    plain("giveupapply").as_object().unwrap().clone()
}

fn opened(pubres: &Pubres, fields: &Map<String, Value>) -> Result<(), Rejection> {
    pubres.open(&request("/giveupapply", serde_json::to_vec(fields).unwrap()), now()).map(|_| ())
}

/// The recipe of the document, spelled out here once more.
fn documented() -> Profile {
    toml::from_str("digest = \"sm3\"\nskip = \"blank\"\nsecret = { suffix = \"&appsecret=\" }").unwrap()
}

/// Signs again after a change, by the recipe given.
fn signed(mut fields: Map<String, Value>, profile: &Profile) -> Map<String, Value> {
    fields.remove("sign");
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sign = profile.sign(&pairs, &Secret::new(SECRET));
    fields.insert("sign".into(), json!(sign));
    fields
}

fn with(name: &str, value: Value) -> Map<String, Value> {
    let mut fields = written();
    fields.insert(name.into(), value);
    fields
}

#[test]
fn what_was_sealed_is_opened() {
    let pubres = made("").unwrap();
    let letter =
        vec![("platformcode", "P01".to_owned()), ("applyno", "T1".to_owned()), ("x", " ".to_owned())];
    let sealed = pubres.envelope.seal(&letter, now(), Uri::from_static("/giveupapply"));
    let verified = pubres.envelope.open(&sealed, now()).unwrap_or_else(|no| panic!("{no:?}"));
    assert_eq!((verified.name(), verified.fields().text(("applyno", ""))), ("giveupapply", Ok("T1".into())));
    let body = std::str::from_utf8(sealed.body()).unwrap();
    let start = r#"{"appkey":"demo-appkey","timestamp":"2026-11-22 10:30:00","platformcode":"P01","applyno":"T1","x":" ","sign":""#;
    assert!(body.starts_with(start), "{body}");
}

#[test]
fn strangers_and_forgers_are_answered_alike() {
    let pubres = made("").unwrap();
    let forged = [
        signed(with("appkey", json!("another-appkey")), &documented()),
        with("sign", json!("0".repeat(64))),
        with("sign", json!("no hexadecimal")),
        with("applyno", json!("TB20261122000002")),
        with("timestamp", json!("2026-11-22 10:30:01")),
        with("added", json!("field")),
        signed(written(), &Profile { secret: Placement::Suffix("&key=".into()), ..documented() }),
    ];
    let answers = forged.map(|fields| {
        let rejection = opened(&pubres, &fields).unwrap_err();
        assert_eq!(rejection.kind, RejectionKind::Forged);
        pubres.answer(Err(&rejection)).into_body()
    });
    assert!(
        answers.iter().all(|answer| *answer == r#"{"code":"0","message":"身份验证失败"}"#),
        "{answers:?}"
    );
    assert_eq!(opened(&pubres, &written()), Ok(()));
}

#[test]
fn each_field_of_the_shell_has_to_be_there() {
    let pubres = made("").unwrap();
    for (name, title) in [("appkey", "应用标识"), ("timestamp", "请求时间"), ("sign", "报文摘要")]
    {
        for nothing in [None, Some(json!(null)), Some(json!(" "))] {
            let mut fields = written();
            fields.remove(name);
            fields.extend(nothing.map(|value| (name.to_owned(), value)));
            assert_eq!(opened(&pubres, &fields).unwrap_err().say, format!("{title}({name})不能为空"));
        }
        let fields = with(name, json!(["x"]));
        assert_eq!(opened(&pubres, &fields).unwrap_err().say, format!("{title}({name})应为文本"));
    }
}

#[test]
fn what_is_not_the_shell_is_unreadable() {
    let pubres = made("").unwrap();
    let bodies: [&[u8]; 9] =
        [b"", b"  ", b"hello", b"[]", b"{", b"{\"a\":}", b"requestData=x", b"data={}", b"{\"a\":\"\xff\"}"];
    for body in bodies {
        let rejection = pubres.open(&request("/giveupapply", body), now()).unwrap_err();
        assert_eq!(
            (rejection.kind, rejection.say.as_str()),
            (RejectionKind::Unreadable, "请求报文应为JSON格式")
        );
    }
    let get = Request::new(Bytes::from(serde_json::to_vec(&written()).unwrap()));
    assert_eq!(pubres.open(&get, now()).unwrap_err().say, "请使用POST方式提交");
}

#[test]
fn an_unknown_path_is_told_only_to_the_partner() {
    let pubres = made("").unwrap();
    for path in ["/", "/baohannotice", "/giveupapply/x", "/GiveUpApply", "/data_service"] {
        let open = |fields: &Map<String, Value>| {
            pubres.open(&request(path, serde_json::to_vec(fields).unwrap()), now()).unwrap_err()
        };
        assert_eq!(open(&with("applyno", json!("x"))).kind, RejectionKind::Forged);
        let rejection = open(&written());
        assert_eq!(rejection.kind, RejectionKind::Unknown, "{path}");
        assert_eq!(rejection.say, "接口不存在，请核对接口名称与请求地址");
    }
    for path in ["/giveupapply/", "/giveupapply?from=platform"] {
        assert!(pubres.open(&request(path, serde_json::to_vec(&written()).unwrap()), now()).is_ok());
    }
}

#[test]
fn another_platform_with_the_same_key_is_not_this_partner() {
    let other = signed(with("platformcode", json!("P02")), &documented());
    let rejection = opened(&made("").unwrap(), &other).unwrap_err();
    assert_eq!(rejection.say, "平台编码(platformcode)与约定的不一致");
    let any = made_for_any_platform();
    assert_eq!(opened(&any, &other), Ok(()));
    let none = signed(with("platformcode", json!("")), &documented());
    assert_eq!(opened(&any, &none).unwrap_err().say, "平台编码(platformcode)不能为空");
}

#[test]
fn the_time_is_judged_only_if_the_settings_say_so() {
    let at = |text: &str| signed(with("timestamp", json!(text)), &documented());
    let loose = made("").unwrap();
    let strict = made("timestamp_window_s = 600").unwrap();
    for away in ["2026-11-22 10:19:59", "2026-11-22 10:40:01", "1999-01-01 00:00:00"] {
        assert_eq!(opened(&loose, &at(away)), Ok(()));
        let rejection = opened(&strict, &at(away)).unwrap_err();
        assert_eq!(rejection.kind, RejectionKind::Stale);
        assert!(rejection.why.ends_with(" s away from our clock"), "{}", rejection.why);
    }
    for near in ["2026-11-22 10:20:00", "2026-11-22 10:40:00"] {
        assert_eq!(opened(&strict, &at(near)), Ok(()));
    }
    assert_eq!(opened(&loose, &at("yesterday")), Ok(()));
    assert_eq!(opened(&strict, &at("yesterday")).unwrap_err().say, "请求时间(timestamp)时间格式不正确");
    let forged = with("timestamp", json!("1999-01-01 00:00:00"));
    assert_eq!(opened(&strict, &forged).unwrap_err().kind, RejectionKind::Forged);
}

#[test]
fn the_recipe_that_held_is_counted() {
    let lines = "accept_also = [{ skip = \"none\" }, { secret = { suffix = \"&key=\" } }]";
    let pubres = made(lines).unwrap();
    assert_eq!(opened(&pubres, &with("remark", json!(""))), Ok(()));
    let keyed = Profile { secret: Placement::Suffix("&key=".into()), ..documented() };
    assert_eq!(opened(&pubres, &signed(written(), &keyed)), Ok(()));
    assert_eq!(pubres.proved(), [1, 0, 1]);
    assert_eq!(made("").unwrap().proved(), [0]);
}

/// The signature of the honest message holds for this one too: the signed string is the same.
#[test]
fn a_field_that_hides_in_its_neighbour_is_found() {
    let honest = plain("claimsnotice");
    let fields = honest.as_object().unwrap();
    let pubres = made("").unwrap();
    let open = |fields: &Map<String, Value>| {
        pubres.open(&request("/claimsnotice", serde_json::to_vec(fields).unwrap()), now())
    };
    assert!(open(fields).is_ok(), "an address may hold whatever it likes");
    let mut merged = fields.clone();
    let amount = merged.remove("payeramount").unwrap();
    let account = merged["payeraccount"].as_str().unwrap();
    let both = format!("{account}&payeramount={}", amount.as_str().unwrap());
    merged.insert("payeraccount".into(), json!(both));
    let rejection = open(&merged).unwrap_err();
    assert_eq!(pubres.proved(), [2], "the signature held");
    assert_eq!((rejection.kind, rejection.say.as_str()), (RejectionKind::Forged, "身份验证失败"));
}

#[test]
fn the_same_name_twice_means_the_same_to_signature_and_fields() {
    let text = serde_json::to_string(&written()).unwrap();
    let twice = text.replacen('{', r#"{"applyno":"EVIL","#, 1);
    let call = made("").unwrap().open(&request("/giveupapply", twice), now()).unwrap();
    let Wish::Command(Command::WithdrawOrder(withdraw)) = &call.asks[0].wish else { panic!("{call:?}") };
    assert_eq!(withdraw.business_no, "TB20261122000001");
}

fn ways() -> impl Strategy<Value = (String, Timestamp)> {
    let names = ["baohanapply", "baohanrestore", "invoiceapply", "quitapply", "canclenotice", "claimsnotice"];
    prop::sample::select(names.to_vec()).prop_map(|name| (format!("/{name}"), now()))
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let pubres = made("").unwrap();
        prop_assert!(pubres.open(&request("/giveupapply", body), now()).is_err());
    }

    #[test]
    fn no_fields_of_a_partner_make_it_panic(
        (path, now) in ways(),
        fields in prop::collection::btree_map(
            "applyno|baohanno|key|iv|kaibiaotime|type|amount|filelist|bzjamount|zbr|x", "\\PC{0,40}", 0..8
        )
    ) {
        let pubres = made("").unwrap();
        let mut whole = written();
        whole.extend(fields.into_iter().map(|(name, value)| (name, json!(value))));
        let body = serde_json::to_vec(&signed(whole, &documented())).unwrap();
        if let Err(rejection) = pubres.open(&request(&path, body), now) {
            prop_assert_eq!(rejection.kind, RejectionKind::Malformed);
        }
    }
}

#[test]
fn a_field_that_is_a_number_is_signed_by_its_digits() {
    let order = changed("baohanapply", |_| ()).money(("bzjamount", ""));
    assert_eq!(order.map(|bond| bond.to_string()), Ok("800000.00".to_owned()));
    let body =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/baohanapply/opened.json"));
    let body = body.unwrap();
    assert!(body.contains("\"bzjamount\":800000.00,"));
    let respelled = body.replace("800000.00", "800000.0");
    let open = |body: String| made("").unwrap().open(&request("/baohanapply", body), now());
    assert!(open(body).is_ok());
    assert_eq!(open(respelled).unwrap_err().kind, RejectionKind::Forged);
}
