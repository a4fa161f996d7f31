//! The values of the knobs, as a partner's TOML spells them; each default is the ruling of WIRE.md, table 002.

use domain::SealCipher;
use serde::Deserialize;

/// How requests say who sends them (YY-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// `Authorization: Basic <base64>`.
    #[default]
    Basic,
    /// The same, or the base64 alone.
    Bare,
    /// Not at all.
    None,
}

/// What the institution is (YY-32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Institution {
    /// 担保公司.
    #[default]
    Guarantor,
    /// 保险公司.
    Insurer,
    /// 银行: it gives credit.
    Bank,
}

/// The body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundBody {
    /// JSON, flat or under `data`.
    #[default]
    Plain,
    /// Encrypted with the platform's private key: recovered with the 公钥.
    Recovered,
}

/// The body of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboundBody {
    /// `{"data":{…}}`.
    #[default]
    Wrapped,
    /// The fields themselves.
    Flat,
    /// `{"data":"<base64>"}`, encrypted with the 公钥.
    Encrypted,
}

/// A cipher for which a symmetric `secretKey` may be meant (YY-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SymmetricCipher {
    /// `SM4/ECB/PKCS5Padding`.
    Sm4Ecb,
    /// `SM4/CBC/PKCS5Padding`.
    Sm4Cbc,
    /// `AES/ECB/PKCS5Padding`.
    AesEcb,
    /// `AES/CBC/PKCS5Padding`.
    AesCbc,
}

/// How `code` is written in answers (YY-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeForm {
    /// `200`.
    #[default]
    Int,
    /// `"200"`.
    String,
}

impl SymmetricCipher {
    pub(super) const fn cipher(self) -> SealCipher {
        match self {
            Self::Sm4Ecb => SealCipher::Sm4Ecb,
            Self::Sm4Cbc => SealCipher::Sm4Cbc,
            Self::AesEcb => SealCipher::AesEcb,
            Self::AesCbc => SealCipher::AesCbc,
        }
    }
}
