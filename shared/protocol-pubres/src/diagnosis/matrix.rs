//! The slips of the trade, each in both directions: in what the platform sends, and in how it checks what we send.

use super::{
    Findings, Look, Map, SECRET, Secret, Value, documented, json, looked, profile, signed, text, with,
    with_sign,
};
use crypto::canonical::Profile;
use crypto::doctor::gbk;

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
    let said =
        |(name, value): &(&String, &Value)| *name != "sign" && !value.as_str().unwrap().trim().is_empty();
    let mut pairs: Vec<String> = fields
        .iter()
        .filter(said)
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
        .collect();
    pairs.sort();
    if turned {
        pairs.reverse();
    }
    format!("{}&appsecret={SECRET}", pairs.join("&"))
}

fn slips() -> Vec<Slip> {
    let sm3 = |bytes: &[u8]| text::to_hex(&crypto::digest::sm3(bytes));
    let noted = |note: &str| with(&[("note", json!(note))]);
    let own = |note: &str| of(noted(note), &documented(), SECRET);
    let slip = |name, message, sign, said| Slip { name, message, sign, said };
    vec![
        slip(
            "trimmed value",
            noted(" x "),
            of(noted(" x "), &profile("trim = true"), SECRET),
            ["accept_also = [{ trim = true }]", "sign = { trim = true }"],
        ),
        slip(
            "empty field",
            noted(""),
            of(noted(""), &profile("skip = \"none\""), SECRET),
            ["accept_also = [{ skip = \"none\" }]", "sign = { skip = \"none\" }"],
        ),
        slip("case", noted("Abc"), own("ABC"), ["字段 note 的值在签名后被改动：大小写"; 2]),
        slip("URL-decoding", noted("甲 乙"), own("%E7%94%B2+%E4%B9%99"), ["签名时为URL编码后的值"; 2]),
        slip("charset", noted("测试"), sm3(&gbk(&spelled(&noted("测试"), false))), ["GBK"; 2]),
        slip("number form", noted("800000"), own("800000.00"), ["数字形式（签名时带两位小数）"; 2]),
        slip(
            "wrong field order",
            noted("x"),
            sm3(spelled(&noted("x"), true).as_bytes()),
            ["按字段名降序签名"; 2],
        ),
        slip(
            "secret of another partner",
            noted("x"),
            of(noted("x"), &documented(), "their-own-secret"),
            ["合作方 pubres-other 的密钥"; 2],
        ),
    ]
}

#[test]
fn every_slip_is_told_in_both_directions() {
    let others = [("pubres-other".to_owned(), Secret::new("their-own-secret"))];
    for Slip { name, message, sign, said } in slips() {
        let ours = of(message.clone(), &documented(), SECRET);
        let callback = Value::Object(with_sign(message.clone(), &ours)).to_string();
        let request = Value::Object(with_sign(message, &sign)).to_string();
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
