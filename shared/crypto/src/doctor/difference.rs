//! What is different if no named way of signing fits: the secret, the order, the charset, or what happened to the values
//! between signing and sending.

use super::gbk;
use super::sign::{Captured, Recipe};
use crate::canonical::{Placement, Token};
use crate::secret::Secret;
use crate::text;

/// Longer messages are not tried field by field under every variant.
const SMALL: usize = 256 * 1024;

/// The most telling difference.
pub(super) fn of(captured: &Captured<'_>) -> Option<String> {
    let own = &captured.own[0];
    in_writing(captured, own)
        .or_else(|| in_the_secret(captured, own))
        .or_else(|| in_the_whole(captured, own))
        .or_else(|| in_a_field(captured, own, ""))
        .or_else(|| in_all_values(captured, own))
        .or_else(|| {
            let size: usize = captured.fields.iter().map(|(_, token)| length(*token)).sum();
            let variants = captured.variants.iter().filter(|_| size <= SMALL);
            let mut ways = variants.map(|variant| (variant.name, captured.varied(&[variant])));
            ways.find_map(|(name, way)| in_a_field(captured, &way, &format!("{name}；")))
        })
}

/// The digest is right but written otherwise.
fn in_writing(captured: &Captured<'_>, own: &Recipe) -> Option<String> {
    let digest = own.profile.sign(&own.signed(captured.fields), captured.secret).to_lowercase();
    let given = captured.given.trim().trim_matches('"');
    if text::from_hex(&digest).is_ok_and(|bytes| text::to_base64(&bytes) == given) {
        return Some("签名正确，但以base64书写：应为十六进制".to_owned());
    }
    let middle = digest.get(8..24).unwrap_or_default();
    if digest.len() == 32 && given.eq_ignore_ascii_case(middle) {
        return Some("签名为16位MD5：应为32位".to_owned());
    }
    let bare: String = given.chars().filter(char::is_ascii_hexdigit).collect();
    (bare != captured.given && bare.eq_ignore_ascii_case(&digest))
        .then(|| "签名正确，但夹有多余字符（空白、引号或分隔符）".to_owned())
}

fn in_the_secret(captured: &Captured<'_>, own: &Recipe) -> Option<String> {
    let holds = |secret: &Secret| captured.holds(own, captured.fields, secret);
    let text = captured.secret.expose();
    let forms = [
        (text.trim().to_owned(), "密钥首尾有多余空白，请检查密钥文件"),
        (text.to_uppercase(), "对方使用了大写的密钥"),
        (text.to_lowercase(), "对方使用了小写的密钥"),
        (crate::text::to_hex(&crate::digest::md5(text.as_bytes())), "对方使用了密钥的MD5（小写）"),
        (String::new(), "签名时没有加入密钥"),
    ];
    let fitting = forms.into_iter().find(|(form, _)| form != text && holds(&Secret::new(form.as_str())));
    if let Some((_, say)) = fitting {
        return Some(say.to_owned());
    }
    let ways = || {
        let variants = captured.variants.iter().map(|variant| captured.varied(&[variant]));
        captured.own.iter().cloned().chain(variants)
    };
    let fits = |secret: &Secret| ways().any(|way| captured.holds(&way, captured.fields, secret));
    let (owner, _) = captured.others.iter().find(|(_, secret)| secret.expose() != text && fits(secret))?;
    Some(format!("签名使用的是合作方 {owner} 的密钥：请核对密钥与合作方是否对应"))
}

/// Order, charset, and the secret among the fields.
fn in_the_whole(captured: &Captured<'_>, own: &Recipe) -> Option<String> {
    let given = text::from_hex(captured.given.trim()).ok()?;
    let is = |text: &[u8]| own.profile.digest_of(text).is_some_and(|digest| digest == given);
    let fields = own.signed(captured.fields);
    let mut turned = fields.clone();
    turned.sort_by(|(a, _), (b, _)| b.cmp(a));
    for (order, what) in [(&fields, "按报文中的字段顺序签名"), (&turned, "按字段名降序签名")]
    {
        if is(own.profile.unsorted(order, captured.secret).expose_bytes()) {
            return Some(format!("{what}，没有排序：应按字段名升序排序"));
        }
    }
    let sorted = own.profile.string(&fields, captured.secret);
    if is(&gbk(sorted.expose())) {
        return Some("签名时使用GBK编码：应为UTF-8".to_owned());
    }
    if is(percent_encoded(sorted.expose()).as_bytes()) {
        return Some("对整个待签名字符串做了URL编码后签名".to_owned());
    }
    let mut within = fields.clone();
    within.push((captured.secret_name, Token::Text(captured.secret.expose())));
    let mut bare = own.clone();
    bare.profile.secret = Placement::Suffix(String::new());
    captured
        .holds(&Recipe { only: None, ..bare }, &within, &Secret::new(""))
        .then(|| format!("密钥作为字段 {} 参与了排序：应拼接在末尾", captured.secret_name))
}

/// The same slip in every value.
fn in_all_values(captured: &Captured<'_>, own: &Recipe) -> Option<String> {
    for (at, (what, _)) in changes("").iter().enumerate() {
        let changed: Vec<Option<String>> = captured
            .fields
            .iter()
            .map(|(_, token)| match token {
                Token::Text(text) => changes(text).into_iter().nth(at).map(|(_, text)| text),
                _ => None,
            })
            .collect();
        let fields: Vec<(&str, Token<'_>)> = captured
            .fields
            .iter()
            .zip(&changed)
            .map(|((name, token), changed)| (*name, changed.as_deref().map_or(*token, Token::Text)))
            .collect();
        if captured.holds(own, &fields, captured.secret) {
            return Some(format!("各字段的值在签名后都被改动：{what}"));
        }
    }
    None
}

fn in_a_field(captured: &Captured<'_>, way: &Recipe, also: &str) -> Option<String> {
    for (at, (name, token)) in captured.fields.iter().enumerate() {
        let mut without = captured.fields.to_vec();
        without.remove(at);
        if captured.holds(way, &without, captured.secret) {
            return Some(format!("{also}字段 {name} 未参与对方的签名"));
        }
        for (what, changed) in spellings(*token) {
            let mut other = captured.fields.to_vec();
            other[at].1 = Token::Text(&changed);
            if captured.holds(way, &other, captured.secret) {
                return Some(format!("{also}字段 {name} 的值在签名后被改动：{what}"));
            }
        }
    }
    None
}

fn spellings(token: Token<'_>) -> Vec<(&'static str, String)> {
    match token {
        Token::Text(text) => changes(text).into_iter().filter(|(_, changed)| changed != text).collect(),
        Token::Number(text) => numbers(text),
        Token::Null => {
            vec![("签名时为文字null", "null".to_owned()), ("签名时为文字undefined", "undefined".to_owned())]
        }
        Token::Bool(value) => vec![("布尔值签名时为0/1", u8::from(value).to_string())],
        Token::Nested(_) => Vec::new(),
    }
}

fn numbers(text: &str) -> Vec<(&'static str, String)> {
    let whole = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    vec![
        ("数字形式（签名时没有多余的零）", whole.to_owned()),
        ("数字形式（签名时带一位小数）", format!("{whole}.0")),
        ("数字形式（签名时带两位小数）", format!("{whole}.00")),
        ("签名时为空", String::new()),
    ]
}

/// What happens to single values between signing and sending; as many for every text.
fn changes(text: &str) -> Vec<(&'static str, String)> {
    let whole = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    vec![
        ("首尾空白", text.trim().to_owned()),
        ("签名时多出首尾空格", format!(" {text} ")),
        ("签名时末尾多出空格", format!("{text} ")),
        ("签名时末尾多出换行", format!("{text}\n")),
        ("签名时为空", String::new()),
        ("大小写（签名时为大写）", text.to_uppercase()),
        ("大小写（签名时为小写）", text.to_lowercase()),
        ("加号变成了空格", text.replace(' ', "+")),
        ("换行在签名前已去除", text.replace(['\r', '\n'], "")),
        ("数字形式（签名时没有多余的零）", whole.to_owned()),
        ("数字形式（签名时带一位小数）", format!("{whole}.0")),
        ("数字形式（签名时带两位小数）", format!("{whole}.00")),
        ("签名时为URL解码后的值", percent_decoded(text).unwrap_or_else(|| text.to_owned())),
        ("签名时为URL编码后的值", percent_encoded(text)),
        ("HTML转义（签名时为转义前的值）", unescaped(text)),
    ]
}

fn length(token: Token<'_>) -> usize {
    match token {
        Token::Text(text) | Token::Number(text) | Token::Nested(text) => text.len(),
        Token::Null | Token::Bool(_) => 5,
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
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
