//! Which string was signed.

use super::short;
use crate::canonical::{Changes, Profile, Token};
use crate::secret::Secret;

/// A way of signing that was seen in the field, and the setting that accepts it.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What is different, in Chinese.
    pub name: &'static str,
    /// The knobs.
    pub changes: Changes,
    /// The line for the partner's settings file.
    pub line: &'static str,
}

/// One variant tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Which.
    pub name: &'static str,
    /// The string that is hashed, `***` for the secret, long values cut short.
    pub text: String,
    /// Its digest.
    pub digest: String,
    /// Whether that is the signature given.
    pub matches: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// The settings are right.
    Holds,
    /// A named variant fits: the line to paste.
    Setting(&'static str),
    /// No variant fits, but the signature holds once something is changed: what.
    Difference(String),
    /// Nothing fits: the secret is another one, or the message was changed on its way.
    Nothing,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The settings' own way first.
    pub tried: Vec<Tried>,
    /// What to do.
    pub conclusion: Conclusion,
}

/// Tries the settings' own way, then every variant, then what people get wrong in single fields.
#[must_use]
pub fn sign<'a>(
    own: &Profile,
    variants: &[Variant],
    fields: &[(&'a str, Token<'a>)],
    secret: &Secret,
    given: &str,
) -> Diagnosis {
    let try_one = |name, profile: &Profile| Tried {
        name,
        text: short(&profile.masked(fields)),
        digest: profile.sign(fields, secret),
        matches: profile.verify(fields, secret, given),
    };
    let mut tried = vec![try_one("当前配置", own)];
    tried.extend(variants.iter().map(|variant| try_one(variant.name, &variant.changes.on(own))));
    let fitting = tried.iter().position(|one| one.matches);
    let conclusion = match fitting {
        Some(0) => Conclusion::Holds,
        Some(at) => Conclusion::Setting(variants[at - 1].line),
        None => difference(own, fields, secret, given).map_or(Conclusion::Nothing, Conclusion::Difference),
    };
    Diagnosis { tried, conclusion }
}

fn difference(own: &Profile, fields: &[(&str, Token<'_>)], secret: &Secret, given: &str) -> Option<String> {
    let trimmed = Secret::new(secret.expose().trim());
    if trimmed.expose() != secret.expose() && own.verify(fields, &trimmed, given) {
        return Some("密钥首尾有多余空白，请检查密钥文件".to_owned());
    }
    for (at, (name, token)) in fields.iter().enumerate() {
        let mut without = fields.to_vec();
        without.remove(at);
        if own.verify(&without, secret, given) {
            return Some(format!("字段 {name} 未参与对方的签名"));
        }
        let Token::Text(text) = token else { continue };
        for (what, changed) in changes(text) {
            let mut other = fields.to_vec();
            other[at].1 = Token::Text(&changed);
            if changed != *text && own.verify(&other, secret, given) {
                return Some(format!("字段 {name} 的值在签名后被改动：{what}"));
            }
        }
    }
    None
}

/// What happens to single values between signing and sending.
fn changes(text: &str) -> Vec<(&'static str, String)> {
    let mut changes = vec![
        ("首尾空白", text.trim().to_owned()),
        ("签名时多出首尾空格", format!(" {text} ")),
        ("签名时末尾多出换行", format!("{text}\n")),
        ("签名时为空", String::new()),
        ("大小写（签名时为大写）", text.to_uppercase()),
        ("大小写（签名时为小写）", text.to_lowercase()),
        ("加号变成了空格", text.replace(' ', "+")),
        ("数字形式（签名时没有小数）", text.trim_end_matches('0').trim_end_matches('.').to_owned()),
        ("数字形式（签名时带两位小数）", format!("{text}.00")),
    ];
    if let Some(decoded) = percent_decoded(text) {
        changes.push(("签名时为URL解码后的值", decoded));
    }
    changes.push(("签名时为URL编码后的值", percent_encoded(text)));
    changes
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if plain(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail.get(..2)) {
            (b'%', Some(digits)) => {
                let byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'%', None) => return None,
            (byte, _) => {
                bytes.push(if byte == b'+' { b' ' } else { byte });
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{Placement, Skip};

    fn own() -> Profile {
        Profile { skip: Skip::Blank, secret: Placement::Suffix("&secret=".into()), ..Profile::default() }
    }

    fn variants() -> Vec<Variant> {
        let changes = Changes { skip: Some(Skip::None), ..Changes::default() };
        vec![Variant { name: "空值参与签名", changes, line: "accept_also = [{ skip = \"none\" }]" }]
    }

    fn fields() -> Vec<(&'static str, Token<'static>)> {
        vec![("a", Token::Text("1 ")), ("b", Token::Text("")), ("c", Token::Text("测试+企业"))]
    }

    fn conclude(signed: &[(&str, Token<'_>)], profile: &Profile) -> Conclusion {
        let secret = Secret::new("s");
        let given = profile.sign(signed, &secret);
        sign(&own(), &variants(), &fields(), &secret, &given).conclusion
    }

    #[test]
    fn the_own_way_holds_and_a_variant_is_named_with_its_line() {
        assert_eq!(conclude(&fields(), &own()), Conclusion::Holds);
        let other = variants()[0].changes.on(&own());
        assert_eq!(conclude(&fields(), &other), Conclusion::Setting("accept_also = [{ skip = \"none\" }]"));
    }

    #[test]
    fn what_happened_to_a_single_field_is_told() {
        let changed = |at: usize, text: &'static str| {
            let mut fields = fields();
            fields[at].1 = Token::Text(text);
            conclude(&fields, &own())
        };
        let told = |text: &str| Conclusion::Difference(text.to_owned());
        assert_eq!(changed(0, "1"), told("字段 a 的值在签名后被改动：首尾空白"));
        assert_eq!(
            changed(2, "%E6%B5%8B%E8%AF%95%2B%E4%BC%81%E4%B8%9A"),
            told("字段 c 的值在签名后被改动：签名时为URL编码后的值")
        );
        assert_eq!(conclude(&fields()[..2], &own()), told("字段 c 未参与对方的签名"));
        assert_eq!(changed(2, "完全不同"), Conclusion::Nothing);
    }

    #[test]
    fn the_secret_is_never_shown() {
        let secret = Secret::new("top-secret-value");
        let told = sign(&own(), &variants(), &fields(), &secret, "0");
        assert!(told.tried.iter().all(|one| !one.text.contains("top-secret") && one.text.contains("***")));
    }
}
