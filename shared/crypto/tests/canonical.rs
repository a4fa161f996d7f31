//! The sign strings of pubres and fuzhou as their settings spell them, with what real messages have shown.
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking, wherever it stands")]

use crypto::canonical::{Profile, Token, first_match};
use crypto::secret::Secret;

const PUBRES: &str = "digest = \"sm3\"\nskip = \"blank\"\nsecret = { suffix = \"&appsecret=\" }";
const FUZHOU: &str = "kv = \"\"\njoiner = \"\"\nsecret = \"wrap\"\nhex = \"upper\"";

fn profile(knobs: &[&str]) -> Profile {
    toml::from_str(&knobs.join("\n")).unwrap()
}

/// The digest is OpenSSL's of the same text (`openssl dgst -sm3`).
#[test]
fn a_guarantee_of_eight_mebibytes_is_signed_whole() {
    let file = "JVBERi0x".repeat(1 << 20);
    let mut fields = vec![
        ("appkey", "demo"),
        ("applyno", "T1"),
        ("baohanfile", &file),
        ("timestamp", "2024-01-01 00:00:00"),
    ];
    // In ASCII order `baohanfile` is the third; any order given must do.
    fields.reverse();
    let secret = Secret::new("00000000-0000-0000-0000-000000000000");
    let sign = "34bd587aa1f5db1af65d8e968203b07ab0d090457730c853eda710ecbc2a4594";
    assert_eq!(profile(&[PUBRES]).sign(&fields, &secret), sign);
    assert!(profile(&[PUBRES]).verify(&fields, &secret, &sign.to_uppercase()));
    let cut = &file[..file.len() - 1];
    fields[1].1 = cut;
    assert!(!profile(&[PUBRES]).verify(&fields, &secret, sign));
}

#[test]
fn pubres_puts_reason_first_and_leaves_blanks_out() {
    let fields = [
        ("appkey", Token::Text("demo")),
        ("filelist", Token::Text("[{\"fileurl\": \"https://files.example/a b.pdf\"}]")),
        ("Reason", Token::Text("放弃中标")),
        ("zbrorgnum", Token::Text("")),
        ("memo", Token::Null),
        ("note", Token::Text("  ")),
        ("url", Token::Text("https://files.example/?a=b&c=d")),
    ];
    let spelled = profile(&[PUBRES]).masked(&fields);
    assert_eq!(
        spelled,
        "Reason=放弃中标&appkey=demo&filelist=[{\"fileurl\": \"https://files.example/a b.pdf\"}]\
         &url=https://files.example/?a=b&c=d&appsecret=***"
    );
    let folded = profile(&[PUBRES, "sort = \"ascii_ci\""]).masked(&fields);
    assert!(
        folded.starts_with("appkey=demo&filelist=") && folded.contains("&Reason=放弃中标&url="),
        "{folded}"
    );
    let array = [("filelist", Token::Nested("[ { \"fileurl\" : \"a b\" } ]"))];
    let compact = profile(&[PUBRES, "nested = \"compact_json\""]).masked(&array);
    assert_eq!(compact, "filelist=[{\"fileurl\":\"a b\"}]&appsecret=***");
    let doubles = profile(&[PUBRES, "number = \"java_double\""]).masked(&[("a", Token::Number("10000000"))]);
    assert_eq!(doubles, "a=1.0E7&appsecret=***");
}

#[test]
fn fuzhou_wraps_and_its_two_rules_for_empties_are_told_apart() {
    let fields = [
        ("method", Token::Text("insurer_push_invoice")),
        ("note", Token::Text("")),
        ("ktype", Token::Text("0")),
        ("paid", Token::Bool(false)),
        ("files", Token::Nested("[]")),
        ("price", Token::Text("240")),
        ("operator_name", Token::Null),
    ];
    let kept =
        "***filesXktype0methodinsurer_push_invoicenoteoperator_namepaidfalseprice240***".replace('X', "[]");
    assert_eq!(profile(&[FUZHOU]).masked(&fields), kept);
    let dropped = profile(&[FUZHOU, "skip = \"php_falsy\""]);
    assert_eq!(dropped.masked(&fields), "***methodinsurer_push_invoiceprice240***");
    let word = profile(&[FUZHOU, "null_as = \"null\""]);
    assert!(word.masked(&fields).contains("operator_namenullpaid"));
    let secret = Secret::new("S3CR3T");
    let accepted = [profile(&[FUZHOU]), dropped, word];
    for (index, one) in accepted.iter().enumerate() {
        let sign = one.sign(&fields, &secret);
        assert_eq!(sign, sign.to_uppercase());
        assert_eq!(first_match(&accepted, &fields, &secret, &sign), Some(index));
    }
}

/// The signatures are OpenSSL's: `printf 'appkey=demo&applyno=T1' | openssl dgst -sm3 -hmac KEY`.
#[test]
fn the_secret_of_hmac_sm3_is_its_key_and_stands_nowhere_in_the_string() {
    let fields = [("applyno", "T1"), ("appkey", "demo")];
    let hmac = profile(&["digest = \"hmac_sm3\"\nsecret = { suffix = \"&appsecret=\" }"]);
    let short = ("8993208818338920", "addc153dad96016e5d1b3d3ff87893c319e61b1a9ba5b17c0b0a6b85a7e0cdae");
    let long = (&*"k".repeat(70), "202eb441d9f53fb66f1c7753f928dc712a0b2d11f8a296478e89350b8533a45b");
    for (secret, sign) in [short, long] {
        let secret = Secret::new(secret);
        assert_eq!(hmac.sign(&fields, &secret), sign);
        assert!(hmac.verify(&fields, &secret, &sign.to_uppercase()));
        assert_eq!(hmac.string(&fields, &secret).expose(), "appkey=demo&applyno=T1");
    }
    assert_eq!(hmac.masked(&fields), "appkey=demo&applyno=T1");
}
