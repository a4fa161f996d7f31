//! Sealed fields (密文): what stays ciphertext until the bids are opened, and the key that opens it.

use crate::Private;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field of an application that may arrive as ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedField {
    /// 项目编号.
    ProjectNo,
    /// 项目名称.
    ProjectName,
    /// 标段编号.
    SectionNo,
    /// 标段名称.
    SectionName,
    /// 招标人.
    TendereeName,
    /// 招标人社会信用代码.
    TendereeCode,
    /// 投标企业名称.
    BidderName,
    /// 投标企业社会信用代码.
    BidderCode,
}

/// A cipher under which fields are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealCipher {
    /// SM4/ECB/PKCS7.
    Sm4Ecb,
    /// SM4/CBC/PKCS7.
    Sm4Cbc,
    /// AES/ECB/PKCS7.
    AesEcb,
    /// AES/CBC/PKCS7.
    AesCbc,
    /// RSA, encrypted with the private key and recovered with this public one (PKCS#1 block type 1).
    RsaPublic,
    /// RSA, decrypted with this private key.
    RsaPrivate,
}

/// One way to open sealed fields: the protocol has already turned the partner's key into bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// The cipher.
    pub cipher: SealCipher,
    /// The key in lower-case hexadecimal: 16, 24 or 32 bytes, or the DER of an RSA key (SPKI or PKCS#8).
    pub key: Private,
    /// The initialisation vector in hexadecimal; empty without one.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub iv: Private,
}

/// What the key revealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revealed {
    /// The plain text of every field that was sealed.
    pub fields: BTreeMap<SealedField, Private>,
    /// When the key opened them.
    pub at: crate::Timestamp,
}

impl SealedField {
    /// Its Chinese name, for documents and answers.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ProjectNo => "项目编号",
            Self::ProjectName => "项目名称",
            Self::SectionNo => "标段编号",
            Self::SectionName => "标段名称",
            Self::TendereeName => "招标人",
            Self::TendereeCode => "招标人社会信用代码",
            Self::BidderName => "投标企业名称",
            Self::BidderCode => "投标企业社会信用代码",
        }
    }
}
