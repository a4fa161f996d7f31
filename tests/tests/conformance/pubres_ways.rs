//! Every way of signing and sealing that WIRE.md's table 001 names, as OpenSSL wrote it: believed, counted, opened.

use crate::finserv::post;
use crate::pubres::{Platform, instance};
use crate::subject::{Subject, meaning};
use crypto::sm4::Sm4;
use crypto::text::{Encoding, from_hex};
use domain::{Command, Opener, RequestClaim, SealCipher};
use http::Request;
use protocol::{Call, Inbound, Rejection, RejectionKind, Wish, parse_shanghai};
use protocol_pubres::Pubres;
use serde_json::{Value, json};

fn vectors(part: &str, least: usize) -> Vec<Value> {
    let path = format!("{}/vectors/pubres.json", env!("CARGO_MANIFEST_DIR"));
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = value[part].as_array().unwrap().clone();
    assert!(vectors.len() >= least, "{part} holds only {}", vectors.len());
    vectors
}

/// The knobs that read what a platform with these habits writes.
fn recipe(variants: &Value) -> Value {
    let mut recipe = match variants["digest"].as_str() {
        None => json!({}),
        Some("key") => json!({ "secret": { "suffix": "&key=" } }),
        Some("suffix") => json!({ "secret": { "suffix": "" } }),
        Some("prefix") => json!({ "secret": { "prefix": "&" } }),
        Some("hmac") => json!({ "digest": "hmac_sm3" }),
        Some(other) => panic!("no knob for {other}"),
    };
    for (habit, knob, value) in
        [("caseless", "sort", "ascii_ci"), ("keep_empty", "skip", "none"), ("upper", "hex", "upper")]
    {
        if variants[habit] == true {
            recipe[knob] = json!(value);
        }
    }
    if variants["numbers"] == "java_double" {
        recipe["number"] = json!("java_double");
    }
    recipe
}

fn open(pubres: &Pubres, path: &str, body: &Value) -> Result<Call, Rejection> {
    let mut request: Request<_> = post(body.as_str().unwrap().to_owned());
    *request.uri_mut() = path.parse().unwrap();
    pubres.open(&request, parse_shanghai("20261122103000").unwrap())
}

fn claim(call: &Call) -> &RequestClaim {
    match &call.asks[0].wish {
        Wish::Command(Command::RequestClaim(about)) => &about.request,
        other => panic!("not a claim: {other:?}"),
    }
}

#[test]
fn each_recipe_proves_its_own_messages_and_only_its_own() {
    let documented = instance("demo", &json!({}));
    let mut foreign = 0;
    for vector in vectors("messages", 14) {
        let recipe = recipe(&vector["variants"]);
        let own = instance("demo", &json!({ "sign": recipe }));
        let call = open(&own, "/claimsnotice", &vector["body"]);
        let call = call.unwrap_or_else(|no| panic!("{}: {no:?}", vector["name"]));
        let reason = vector["fields"].get("Reason").and_then(Value::as_str).unwrap_or_default();
        assert_eq!(claim(&call).reason, reason, "{}", vector["name"]);
        let same = recipe == json!({}) || recipe == json!({ "hex": "upper" });
        match open(&documented, "/claimsnotice", &vector["body"]) {
            Ok(_) => assert!(same, "{} is not documented", vector["name"]),
            Err(rejection) => {
                assert!(
                    !same && rejection.kind == RejectionKind::Forged,
                    "{}: {rejection:?}",
                    vector["name"]
                );
                foreign += 1;
            }
        }
    }
    assert!(foreign >= 7, "{foreign}");
}

#[test]
fn each_recipe_is_accepted_also_and_counted() {
    for vector in vectors("messages", 14) {
        let also = recipe(&vector["variants"]);
        let strange = json!({ "secret": { "suffix": "&nobody=" } });
        let pubres =
            instance("demo", &json!({ "sign": strange, "accept_also": [{ "digest": "md5" }, also] }));
        assert!(open(&pubres, "/claimsnotice", &vector["body"]).is_ok(), "{}", vector["name"]);
        assert_eq!(pubres.proved(), [0, 0, 1], "{}", vector["name"]);
    }
}

#[test]
fn a_list_of_files_is_the_same_as_text_or_as_an_array_and_an_amount_as_text_or_as_a_number() {
    let (mut claims, mut written) = (Vec::new(), Vec::new());
    for vector in vectors("messages", 14) {
        let variants = &vector["variants"];
        if variants["filelist"] == "array" || variants["numbers"] == "token" || *variants == json!({}) {
            let call = open(&instance("demo", &json!({})), "/claimsnotice", &vector["body"]).unwrap();
            claims.push(claim(&call).clone());
            written.push(vector["body"].clone());
        }
    }
    assert_eq!(claims.len(), 3);
    assert!(claims.iter().all(|claim| *claim == claims[0] && claim.evidence.len() == 2), "{claims:?}");
    assert!(written[0] != written[1] && written[1] != written[2]);
}

/// What this way of opening makes of a ciphertext.
fn opened(opener: &Opener, sealed: &str) -> Option<String> {
    let key = from_hex(opener.key.expose()).unwrap();
    let iv = from_hex(opener.iv.expose()).unwrap();
    let cipher = match opener.cipher {
        SealCipher::Sm4Ecb => Sm4::ecb(&key).unwrap(),
        SealCipher::Sm4Cbc => Sm4::cbc(&key, &iv).unwrap(),
        other => panic!("pubres has no {other:?}"),
    };
    let plain = cipher.decrypt(Encoding::detect(sealed).decode(sealed).ok()?).ok()?;
    String::from_utf8(plain).ok()
}

#[test]
fn the_key_of_every_safe_opens_what_it_sealed() {
    let sign = |fields: &mut Value| {
        let by_the_book =
            crate::pubres::sign(fields.as_object().unwrap(), "00000000-0000-0000-0000-000000000000");
        fields["sign"] = json!(by_the_book);
    };
    for vector in vectors("safes", 8) {
        let sealing = &vector["sealing"];
        let secret = |name: &str| sealing[name].as_str().map(|text| format!("file:{text}"));
        let settings = json!({ "key_wrap": secret("kek"), "fixed_key": secret("fixed_key") });
        let with_iv = secret("iv").filter(|_| sealing["cipher"] == "cbc");
        // The vector comes in the request, or is agreed beforehand.
        for agreed in [false, true] {
            let mut settings = settings.clone();
            let mut fields = json!({
                "appkey": "demo", "timestamp": "2026-11-22 10:30:00", "platformcode": "P1", "applyno": "T1",
                "baohanno": "BH1", "kaibiaotime": "2026-11-22 09:00:00", "key": vector["handed_over"], "iv": "",
            });
            match (&with_iv, agreed) {
                (Some(iv), true) => settings["seal_iv"] = json!(iv),
                (Some(_), false) => fields["iv"] = sealing["iv"].clone(),
                (None, _) => {}
            }
            sign(&mut fields);
            let call = open(&instance("demo", &settings), "/baohanrestore", &json!(fields.to_string()));
            let call = call.unwrap_or_else(|no| panic!("{}: {no:?}", vector["name"]));
            let Wish::Command(Command::RestoreOrder(restore)) = &call.asks[0].wish else {
                panic!("{call:?}")
            };
            let sealed = vector["sealed"].as_str().unwrap();
            let plain = restore.openers.iter().find_map(|opener| opened(opener, sealed));
            assert_eq!(plain.as_deref(), vector["plain"].as_str(), "{}", vector["name"]);
        }
    }
}

#[test]
fn every_field_of_every_request_is_read() {
    let platform = Platform::new();
    let mut read = 0;
    for entry in platform.contract().inbound() {
        let honest = platform.sample(&entry.name);
        let opened = |plain: &Value| {
            let request = platform.request(&entry.name, plain);
            platform.inbound().open(&request, platform.now()).map(|call| meaning(&call))
        };
        let meant = opened(&honest).unwrap();
        for field in entry.request.iter().filter(|field| !field.envelope) {
            let mut other = honest.clone();
            let holder = match &field.list {
                Some(list) => &mut other[list.as_str()][0],
                None => &mut other,
            };
            holder[field.name.as_str()] = json!("https://other.example/9");
            match opened(&other) {
                Ok(call) => assert_ne!(call, meant, "{}.{} means nothing", entry.name, field.name),
                Err(no) => assert!(no.say.contains(&format!("({})", field.name)), "{}: {no:?}", entry.name),
            }
            read += 1;
        }
    }
    // 71 fields in seven requests, less appkey, timestamp and sign of each.
    assert_eq!(read, 50);
}
