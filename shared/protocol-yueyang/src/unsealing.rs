//! The key that opens what was sealed, in all the forms of YY-05, as ways to open a field.

use crypto::key::Key;
use crypto::sealed::{Cipher, RestoreKey, Wrapping};
use crypto::text;
use domain::{Opener, Private, SealCipher};
use protocol::{Fields, Label, Rejection};

const KEY: Label = ("secretKey", "秘钥");
/// Bytes of an SM4 key.
const SM4_KEY: usize = 16;

/// What one partner instance opens sealed fields with, besides the key of a request.
#[derive(Default)]
pub(crate) struct Unsealing {
    /// The 公钥 of section 2.4, under whose private half a symmetric key may come wrapped.
    pub(crate) wrapping: Wrapping,
    /// The ciphers that a symmetric key may be meant for; none: such keys are not taken.
    pub(crate) ciphers: Vec<SealCipher>,
    /// The vector of CBC; none: that of the key itself.
    pub(crate) iv: Option<Key>,
}

impl Unsealing {
    /// Every way in which the key of a request may be meant; all but the right one fail to open the fields.
    pub(crate) fn openers(&self, fields: &Fields) -> Result<Vec<Opener>, Rejection> {
        let openers = RestoreKey::read(&fields.required(KEY)?, &self.wrapping)
            .map(|key| self.ways(&key))
            .unwrap_or_default();
        if openers.is_empty() {
            return Err(Rejection::malformed(KEY.0, KEY.1, "格式无法识别，应为RSA密钥或约定的对称密钥"));
        }
        Ok(openers)
    }

    fn ways(&self, key: &RestoreKey) -> Vec<Opener> {
        if let Some((cipher, der)) = key.rsa() {
            let cipher =
                if cipher == Cipher::RsaPublic { SealCipher::RsaPublic } else { SealCipher::RsaPrivate };
            return vec![Opener { cipher, key: hex(&der), iv: Private::default() }];
        }
        let ways = |key| self.ciphers.iter().map(move |cipher| (*cipher, key));
        let fitting = key.symmetric().flat_map(ways).filter(|(cipher, key)| fits(*cipher, key));
        fitting.map(|(cipher, key)| Opener { cipher, key: hex(key), iv: self.iv_of(cipher) }).collect()
    }

    fn iv_of(&self, cipher: SealCipher) -> Private {
        match cipher {
            SealCipher::Sm4Cbc | SealCipher::AesCbc => self.iv.as_ref().map(hex).unwrap_or_default(),
            _ => Private::default(),
        }
    }
}

fn fits(cipher: SealCipher, key: &Key) -> bool {
    match cipher {
        SealCipher::Sm4Ecb | SealCipher::Sm4Cbc => key.len() == SM4_KEY,
        _ => true,
    }
}

fn hex(key: &Key) -> Private {
    text::to_hex(key).into()
}
