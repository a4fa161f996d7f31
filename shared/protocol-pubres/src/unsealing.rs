//! The key that opens what was sealed: its forms, its wrapping, its vector (PR-03).

use crypto::key::{Key, KeyForm};
use crypto::sealed::{RestoreKey, Wrapping};
use crypto::secret::Secret;
use crypto::text;
use domain::{Opener, Private, SealCipher};
use protocol::{Fields, Label, Rejection};

const KEY: Label = ("key", "加密的key");
/// Not in the document; platforms that chain blocks send it (WIRE.md, table 001).
const IV: Label = ("iv", "初始向量");
/// Bytes of an SM4 key and of its vector.
const BLOCK: usize = 16;

/// What one partner instance opens sealed fields with, besides what a request brings.
#[derive(Default)]
pub(crate) struct Unsealing {
    /// Agreed beforehand for all orders; what a request brings is then not looked at.
    pub(crate) fixed: Option<Key>,
    /// Under which a request's key is encrypted.
    pub(crate) wrapping: Wrapping,
    /// The vector, unless a request brings one.
    pub(crate) iv: Option<Key>,
}

impl Unsealing {
    /// Every way in which the key of a request may be meant; all but the right one fail to open the fields.
    pub(crate) fn openers(&self, fields: &Fields) -> Result<Vec<Opener>, Rejection> {
        let iv = self.iv(fields)?;
        let opener = |key: &Key| Opener {
            cipher: if iv.is_some() { SealCipher::Sm4Cbc } else { SealCipher::Sm4Ecb },
            key: hex(key),
            iv: iv.as_ref().map(hex).unwrap_or_default(),
        };
        if let Some(fixed) = &self.fixed {
            return Ok(vec![opener(fixed)]);
        }
        let released = RestoreKey::read(&fields.required(KEY)?, &self.wrapping).ok();
        let keys = released.iter().flat_map(RestoreKey::symmetric).filter(|key| key.len() == BLOCK);
        let openers: Vec<Opener> = keys.map(opener).collect();
        if openers.is_empty() {
            return Err(Rejection::malformed(KEY.0, KEY.1, "格式无法识别，应为16字节密钥的base64或十六进制"));
        }
        Ok(openers)
    }

    fn iv(&self, fields: &Fields) -> Result<Option<Key>, Rejection> {
        let text = fields.text(IV)?;
        if text.is_empty() {
            return Ok(self.iv.clone());
        }
        let read = Key::read(&Secret::new(text), KeyForm::Auto16);
        read.map(Some).map_err(|_| Rejection::malformed(IV.0, IV.1, "应为16字节的base64或十六进制"))
    }
}

fn hex(key: &Key) -> Private {
    text::to_hex(key).into()
}
