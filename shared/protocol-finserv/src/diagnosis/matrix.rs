//! The slips of the trade, each in both directions: in what the platform sends, and in how it checks what we send.

use super::{Findings, Look, Map, Secret, Value, documented, json, looked, signed, text, with};
use crypto::canonical::{Profile, Skip};
use crypto::doctor::gbk;

const SECRET: &str = super::SECRET;

/// What stands in the message, and the signature of somebody who made the slip.
struct Slip {
    name: &'static str,
    message: Map<String, Value>,
    sign: String,
    /// What is said of a request, and of a callback.
    said: [&'static str; 2],
}

/// The signature over other values than those in the message, or by another recipe.
fn of(fields: Map<String, Value>, profile: &Profile, secret: &str) -> String {
    signed(fields, profile, secret)["sign"].as_str().unwrap().to_owned()
}

/// The string that is hashed, sorted or as it stands.
fn spelled(fields: &Map<String, Value>, turned: bool) -> String {
    let mut pairs: Vec<String> = fields
        .iter()
        .filter(|(name, _)| *name != "sign")
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
        .collect();
    pairs.sort();
    if turned {
        pairs.reverse();
    }
    format!("{}&{SECRET}", pairs.join("&"))
}

fn slips() -> Vec<Slip> {
    let md5 = |bytes: &[u8]| text::to_hex(&crypto::digest::md5(bytes));
    let titled = |title: &str| with(&[("title", title)]);
    let own = |title: &str| of(titled(title), &documented(), SECRET);
    let bare = Profile { trim: false, ..documented() };
    let skip = Profile { skip: Skip::Empty, ..documented() };
    let slip = |name, message, sign, said| Slip { name, message, sign, said };
    vec![
        slip(
            "trimmed value",
            titled(" x "),
            of(titled(" x "), &bare, SECRET),
            ["accept_also = [{ trim = false }]", "sign = { trim = false }"],
        ),
        slip(
            "empty field",
            titled(""),
            of(titled(""), &skip, SECRET),
            ["accept_also = [{ empties = \"skip\" }]", "sign = { empties = \"skip\" }"],
        ),
        slip("case", titled("Abc"), own("ABC"), ["字段 title 的值在签名后被改动：大小写"; 2]),
        slip("URL-decoding", titled("甲 乙"), own("%E7%94%B2+%E4%B9%99"), ["签名时为URL编码后的值"; 2]),
        slip("charset", titled("测试"), md5(&gbk(&spelled(&titled("测试"), false))), ["GBK"; 2]),
        slip("number form", titled("800000"), own("800000.00"), ["数字形式（签名时带两位小数）"; 2]),
        slip(
            "wrong field order",
            titled("x"),
            md5(spelled(&titled("x"), true).as_bytes()),
            ["按字段名降序签名"; 2],
        ),
        slip(
            "secret of another partner",
            titled("x"),
            of(titled("x"), &documented(), "their-own-secret"),
            ["合作方 finserv-other 的密钥"; 2],
        ),
    ]
}

#[test]
fn every_slip_is_told_in_both_directions() {
    let others = [("finserv-other".to_owned(), Secret::new("their-own-secret"))];
    for Slip { name, mut message, sign, said } in slips() {
        let ours = of(message.clone(), &documented(), SECRET);
        message.insert("sign".into(), json!(ours));
        let callback = Value::Object(message.clone()).to_string();
        message.insert("sign".into(), json!(sign));
        let request = Value::Object(message).to_string();
        let told: [Findings; 2] = [
            looked("", request, &Look { others: &others, ..Look::default() }),
            looked("", callback.clone(), &Look { others: &others, outbound: true, expected: Some(&sign) }),
        ];
        for (told, said) in told.iter().zip(said) {
            assert!(told.advice().contains(said) && !told.is_good(), "{name}: {said}\n{told:#?}");
            assert!(
                !format!("{told:?}").contains(SECRET) && !format!("{told:?}").contains("their-own"),
                "{name}"
            );
        }
        assert!(looked("", callback, &Look { outbound: true, ..Look::default() }).is_good(), "{name}");
    }
}
