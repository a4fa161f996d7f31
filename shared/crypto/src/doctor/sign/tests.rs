//! Every variant is found, and what fits none is told apart.

use super::*;
use crate::canonical::{Placement, Skip, Sort};
use crate::text;

const SECRET: &str = "top-secret-value";

fn own() -> Profile {
    Profile { skip: Skip::Blank, secret: Placement::Suffix("&secret=".into()), ..Profile::default() }
}

fn variants() -> Vec<Variant> {
    let none = Changes::default;
    let variant = |name, changes, knob| Variant { name, changes, only: None, knob };
    vec![
        variant("空值参与签名", Changes { skip: Some(Skip::None), ..none() }, Some("skip = \"none\"")),
        variant(
            "密钥直接拼接",
            Changes { secret: Some(Placement::Suffix(String::new())), ..none() },
            Some("secret = { suffix = \"\" }"),
        ),
        variant("没有连接符", Changes { joiner: Some(String::new()), ..none() }, None),
        Variant {
            name: "只签两个字段", changes: none(), only: Some(&["a", "c"]), knob: Some("fields = 2")
        },
    ]
}

/// In the order of the message, which is not the sorted one.
fn fields() -> Vec<(&'static str, Token<'static>)> {
    let text = Token::Text;
    vec![
        ("c", text("测试+企业")),
        ("a", text("Ab 1.50 ")),
        ("b", text("")),
        ("d", Token::Number("20.00")),
        ("e", Token::Null),
    ]
}

fn examine(given: &str) -> Diagnosis {
    let own = [
        Recipe { profile: own(), only: None },
        Recipe { profile: Profile { secret: Placement::Wrap, ..own() }, only: None },
    ];
    let others = [("other-platform".to_owned(), Secret::new("another-secret"))];
    sign(&Captured {
        own: &own,
        base: &own[0],
        variants: &variants(),
        fields: &fields(),
        secret: &Secret::new(SECRET),
        secret_name: "secret",
        others: &others,
        given,
    })
}

fn signed(fields: &[(&str, Token<'_>)], profile: &Profile, secret: &str) -> Conclusion {
    examine(&profile.sign(fields, &Secret::new(secret))).conclusion
}

fn told(text: &str) -> Conclusion {
    Conclusion::Difference(text.to_owned())
}

#[test]
fn the_own_ways_hold_and_a_variant_is_named_with_its_knob() {
    assert_eq!(signed(&fields(), &own(), SECRET), Conclusion::Holds);
    assert_eq!(signed(&fields(), &Profile { secret: Placement::Wrap, ..own() }, SECRET), Conclusion::Holds);
    let none = Profile { skip: Skip::None, ..own() };
    assert_eq!(signed(&fields(), &none, SECRET), Conclusion::Setting("skip = \"none\"".to_owned()));
    let both = Profile { secret: Placement::Suffix(String::new()), ..none };
    let knobs = "skip = \"none\", secret = { suffix = \"\" }";
    assert_eq!(signed(&fields(), &both, SECRET), Conclusion::Setting(knobs.to_owned()));
    let two = [fields()[0], fields()[1]];
    assert_eq!(signed(&two, &own(), SECRET), Conclusion::Setting("fields = 2".to_owned()));
    let joined = signed(&fields(), &Profile { joiner: String::new(), ..own() }, SECRET);
    assert_eq!(joined, told("对方的签名方式为：没有连接符；本协议没有对应配置项，请对方按文档签名"));
}

#[test]
fn what_happened_to_a_single_field_is_told() {
    let changed = |at: usize, token: Token<'static>| {
        let mut fields = fields();
        fields[at].1 = token;
        signed(&fields, &own(), SECRET)
    };
    for (at, text, expected) in [
        (1, "Ab 1.50", "字段 a 的值在签名后被改动：首尾空白"),
        (1, "AB 1.50 ", "字段 a 的值在签名后被改动：大小写（签名时为大写）"),
        (1, "Ab+1.50+", "字段 a 的值在签名后被改动：加号变成了空格"),
        (1, "", "字段 a 未参与对方的签名"),
        (0, "%E6%B5%8B%E8%AF%95%2B%E4%BC%81%E4%B8%9A", "字段 c 的值在签名后被改动：签名时为URL编码后的值"),
        (0, "测试 企业", "字段 c 的值在签名后被改动：签名时为URL解码后的值"),
        (3, "20", "字段 d 的值在签名后被改动：数字形式（签名时没有多余的零）"),
        (3, "20.0", "字段 d 的值在签名后被改动：数字形式（签名时带一位小数）"),
        (4, "undefined", "字段 e 的值在签名后被改动：签名时为文字undefined"),
    ] {
        let found = changed(at, Token::Text(text));
        let Conclusion::Difference(found) = found else { panic!("{text}: {found:?}") };
        assert_eq!(found, expected, "{text}");
    }
    assert_eq!(changed(0, Token::Text("完全不同")), Conclusion::Nothing);
}

#[test]
fn a_slip_in_every_value_is_told_once() {
    let text = Token::Text;
    let encoded = [
        ("c", text("%E6%B5%8B%E8%AF%95%2B%E4%BC%81%E4%B8%9A")),
        ("a", text("Ab+1.50+")),
        ("d", Token::Number("20.00")),
    ];
    assert_eq!(signed(&encoded, &own(), SECRET), told("各字段的值在签名后都被改动：签名时为URL编码后的值"));
}

#[test]
fn order_charset_and_place_of_the_secret_are_told() {
    let secret = Secret::new(SECRET);
    let hashed = |text: &[u8]| examine(&text::to_hex(&crate::digest::md5(text))).conclusion;
    let as_sent = own().unsorted(&fields(), &secret);
    assert_eq!(hashed(as_sent.expose_bytes()), told("按报文中的字段顺序签名，没有排序：应按字段名升序排序"));
    let sorted = own().string(&fields(), &secret);
    assert_eq!(hashed(&crate::doctor::gbk(sorted.expose())), told("签名时使用GBK编码：应为UTF-8"));
    let mut within = fields();
    within.push(("secret", Token::Text(SECRET)));
    let bare = Profile { secret: Placement::Suffix(String::new()), ..own() };
    let found = examine(&bare.sign(&within, &Secret::new(""))).conclusion;
    // `secret` sorts behind every field of this message, where the recipe puts it anyway.
    assert!(
        found == Conclusion::Holds || found == told("密钥作为字段 secret 参与了排序：应拼接在末尾"),
        "{found:?}"
    );
}

#[test]
fn secrets_that_are_not_ours_are_named_by_their_owner() {
    assert_eq!(
        signed(&fields(), &own(), "another-secret"),
        told("签名使用的是合作方 other-platform 的密钥：请核对密钥与合作方是否对应")
    );
    assert_eq!(signed(&fields(), &own(), "TOP-SECRET-VALUE"), told("对方使用了大写的密钥"));
    assert_eq!(signed(&fields(), &own(), ""), told("签名时没有加入密钥"));
    assert_eq!(signed(&fields(), &own(), "nobody's"), Conclusion::Nothing);
}

#[test]
fn a_digest_in_other_letters_is_recognised() {
    let digest = own().sign(&fields(), &Secret::new(SECRET));
    let base64 = text::to_base64(&text::from_hex(&digest).unwrap());
    assert_eq!(examine(&base64).conclusion, told("签名正确，但以base64书写：应为十六进制"));
    assert_eq!(examine(&digest[8..24]).conclusion, told("签名为16位MD5：应为32位"));
    assert_eq!(examine(&digest.to_uppercase()).conclusion, Conclusion::Holds);
    let dashed = format!("{}-{}", &digest[..16], &digest[16..]);
    assert_eq!(examine(&dashed).conclusion, told("签名正确，但夹有多余字符（空白、引号或分隔符）"));
}

#[test]
fn the_secret_is_never_shown() {
    let found = examine("0");
    assert!(found.tried.iter().all(|one| !one.text.contains(SECRET) && one.text.contains("***")));
    assert_eq!(found.tried[1].name, "当前配置 accept_also[0]");
    let sorted = Profile { sort: Sort::Ascii, ..own() }.masked(&fields());
    assert_eq!(found.tried[0].text, sorted);
}
