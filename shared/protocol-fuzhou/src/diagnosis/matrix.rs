//! The slips of the trade, each in both directions: in what the platform pushes, and in how it checks what we call.

use super::{
    Findings, Look, Map, Profile, Secret, Skip, Value, documented, fields, json, looked, push, signed, text,
};
use crypto::doctor::gbk;

const SECRET: &str = "S3CR3T";

/// What stands in the message, and the signature of somebody who made the slip.
struct Slip {
    name: &'static str,
    message: Map<String, Value>,
    sign: String,
    /// What is said of a push, and of a call of ours.
    said: [&'static str; 2],
}

/// The signature over other values than those in the message, or by another recipe.
fn of(fields: Map<String, Value>, profile: &Profile, secret: &str) -> String {
    signed(fields, profile, secret)["sign"].as_str().unwrap().to_owned()
}

/// The string that is hashed, sorted or the other way round.
fn spelled(fields: &Map<String, Value>, turned: bool) -> String {
    let mut pairs: Vec<(&String, &str)> =
        fields.iter().map(|(name, value)| (name, value.as_str().unwrap())).collect();
    pairs.sort();
    if turned {
        pairs.reverse();
    }
    let all: String = pairs.iter().map(|(name, value)| format!("{name}{value}")).collect();
    format!("{SECRET}{all}{SECRET}")
}

fn slips() -> Vec<Slip> {
    let md5 = |bytes: &[u8]| text::to_hex(&crypto::digest::md5(bytes)).to_uppercase();
    let noted = |note: &str| fields(&[("note", json!(note))]);
    let own = |note: &str| of(noted(note), &documented(), SECRET);
    let trim = Profile { trim: true, ..documented() };
    let drop = Profile { skip: Skip::PhpFalsy, ..documented() };
    let slip = |name, message, sign, said| Slip { name, message, sign, said };
    vec![
        slip("trimmed value", noted(" x "), of(noted(" x "), &trim, SECRET), ["去除首尾空白后签名"; 2]),
        slip(
            "empty field",
            noted(""),
            of(noted(""), &drop, SECRET),
            ["accept_also = [{ empties = \"drop\" }]", "sign = { empties = \"drop\" }"],
        ),
        slip("case", noted("Abc"), own("ABC"), ["字段 note 的值在签名后被改动：大小写"; 2]),
        slip("URL-decoding", noted("甲 乙"), own("%E7%94%B2+%E4%B9%99"), ["签名时为URL编码后的值"; 2]),
        slip("charset", noted("测试"), md5(&gbk(&spelled(&noted("测试"), false))), ["GBK"; 2]),
        slip("number form", noted("800000"), own("800000.00"), ["数字形式（签名时带两位小数）"; 2]),
        slip(
            "wrong field order",
            noted("x"),
            md5(spelled(&noted("x"), true).as_bytes()),
            ["按字段名降序签名"; 2],
        ),
        slip(
            "secret of another partner",
            noted("x"),
            of(noted("x"), &documented(), "their-own-secret"),
            ["合作方 fuzhou-other 的密钥"; 2],
        ),
    ]
}

#[test]
fn every_slip_is_told_in_both_directions() {
    let others = [("fuzhou-other".to_owned(), Secret::new("their-own-secret"))];
    for Slip { name, mut message, sign, said } in slips() {
        let call = push(&signed(message.clone(), &documented(), SECRET));
        message.insert("sign".into(), json!(sign));
        let told: [Findings; 2] = [
            looked("accept_also = []", &push(&message), &Look { others: &others, ..Look::default() }),
            looked(
                "accept_also = []",
                &call,
                &Look { others: &others, outbound: true, expected: Some(&sign) },
            ),
        ];
        for (told, said) in told.iter().zip(said) {
            assert!(told.advice().contains(said) && !told.is_good(), "{name}: {said}\n{told:#?}");
            assert!(
                !format!("{told:?}").contains(SECRET) && !format!("{told:?}").contains("their-own"),
                "{name}"
            );
        }
        assert!(looked("", &call, &Look { outbound: true, ..Look::default() }).is_good(), "{name}");
    }
}
