//! Why a captured request was turned away: every way of signing that real platforms were seen to use (WIRE.md, table 001).

use crate::envelope::Envelope;
use bytes::Bytes;
use crypto::canonical::{Changes, Digest, Nested, Number, Placement, Skip, Sort};
use crypto::doctor::{Diagnosis, Variant, sign};
use http::Request;
use protocol::Rejection;

/// What is known of a captured request.
#[derive(Debug)]
pub struct Examined {
    /// Whether its appkey is this partner's.
    pub appkey_known: bool,
    /// How it was signed.
    pub signature: Diagnosis,
}

/// The variants, each with the line that accepts it.
fn variants() -> Vec<Variant> {
    let none = Changes::default;
    let secret = |placement| Changes { secret: Some(placement), ..none() };
    vec![
        Variant {
            name: "空值参与签名",
            changes: Changes { skip: Some(Skip::None), ..none() },
            line: "accept_also = [{ skip = \"none\" }]",
        },
        Variant {
            name: "仅跳过null",
            changes: Changes { skip: Some(Skip::Null), ..none() },
            line: "accept_also = [{ skip = \"null\" }]",
        },
        Variant {
            name: "排序不区分大小写",
            changes: Changes { sort: Some(Sort::AsciiCi), ..none() },
            line: "accept_also = [{ sort = \"ascii_ci\" }]",
        },
        Variant {
            name: "密钥以&key=拼接",
            changes: secret(Placement::Suffix("&key=".into())),
            line: "accept_also = [{ secret = { suffix = \"&key=\" } }]",
        },
        Variant {
            name: "密钥以&拼接",
            changes: secret(Placement::Suffix("&".into())),
            line: "accept_also = [{ secret = { suffix = \"&\" } }]",
        },
        Variant {
            name: "密钥直接拼接在后",
            changes: secret(Placement::Suffix(String::new())),
            line: "accept_also = [{ secret = { suffix = \"\" } }]",
        },
        Variant {
            name: "密钥加&拼接在前",
            changes: secret(Placement::Prefix("&".into())),
            line: "accept_also = [{ secret = { prefix = \"&\" } }]",
        },
        Variant {
            name: "密钥前后拼接",
            changes: secret(Placement::Wrap),
            line: "accept_also = [{ secret = \"wrap\" }]",
        },
        Variant {
            name: "HMAC-SM3",
            changes: Changes { digest: Some(Digest::HmacSm3), ..none() },
            line: "accept_also = [{ digest = \"hmac_sm3\" }]",
        },
        Variant {
            name: "MD5",
            changes: Changes { digest: Some(Digest::Md5), ..none() },
            line: "accept_also = [{ digest = \"md5\" }]",
        },
        Variant {
            name: "去除首尾空白后签名",
            changes: Changes { trim: Some(true), ..none() },
            line: "accept_also = [{ trim = true }]",
        },
        Variant {
            name: "数字按Java double",
            changes: Changes { number: Some(Number::JavaDouble), ..none() },
            line: "accept_also = [{ number = \"java_double\" }]",
        },
        Variant {
            name: "嵌套内容按紧凑JSON",
            changes: Changes { nested: Some(Nested::CompactJson), ..none() },
            line: "accept_also = [{ nested = \"compact_json\" }]",
        },
    ]
}

/// Examines a captured request.
///
/// # Errors
/// A [`Rejection`] if its body cannot be read at all; the reason is told.
pub(crate) fn examine(envelope: &Envelope, request: &Request<Bytes>) -> Result<Examined, Rejection> {
    envelope.examine(request, |appkey_known, fields, given| Examined {
        appkey_known,
        signature: sign(&envelope.profiles[0], &variants(), fields, &envelope.secret, given),
    })
}
