//! The platform's safe: every section has its own SM4 key, which leaves it after the opening in the form the platform prefers.

use super::settings::{BadSettings, Cipher, IvMember, KeyForm, Sealing, TextForm};
use crypto::{digest, sm4::Sm4, text};

/// Seals tender fields and hands out keys.
#[derive(Debug)]
pub struct Safe {
    sealing: Sealing,
    iv: Option<Vec<u8>>,
    kek: Option<Sm4>,
    fixed: Option<Vec<u8>>,
}

impl Safe {
    /// A safe of this kind.
    ///
    /// # Errors
    /// [`BadSettings`] if a key or vector is not what it has to be.
    pub fn new(sealing: Sealing) -> Result<Self, BadSettings> {
        let iv = sixteen("sealing.iv", sealing.iv.as_deref())?;
        if sealing.cipher == Cipher::Cbc && iv.is_none() {
            return Err(BadSettings("sealing.cipher is cbc: it needs sealing.iv".to_owned()));
        }
        let kek = sixteen("sealing.kek", sealing.kek.as_deref())?;
        if sealing.key == KeyForm::Wrapped && kek.is_none() {
            return Err(BadSettings("sealing.key is wrapped: it needs sealing.kek".to_owned()));
        }
        let kek = kek.map(|key| Sm4::ecb(&key)).transpose().map_err(|bad| BadSettings(bad.to_string()))?;
        let fixed = sixteen("sealing.fixed_key", sealing.fixed_key.as_deref())?;
        let unwritable = |key: &Vec<u8>| !key.iter().all(u8::is_ascii_graphic);
        if sealing.key == KeyForm::Raw && fixed.as_ref().is_some_and(unwritable) {
            return Err(BadSettings(
                "sealing.fixed_key is not 16 characters: sealing.key cannot be raw".to_owned(),
            ));
        }
        Ok(Self { sealing, iv, kek, fixed })
    }

    /// A tender field of this section, sealed.
    ///
    /// # Errors
    /// [`BadSettings`] if the cipher refuses its key, which a checked setting excludes.
    pub fn seal(&self, section: &str, plain: &str) -> Result<String, BadSettings> {
        let key = self.key(section);
        let cipher = match &self.iv {
            Some(iv) if self.sealing.cipher == Cipher::Cbc => Sm4::cbc(&key, iv),
            _ => Sm4::ecb(&key),
        };
        let cipher = cipher.map_err(|bad| BadSettings(bad.to_string()))?;
        Ok(written(&cipher.encrypt(plain.as_bytes()), self.sealing.text))
    }

    /// The key of this section as baohanrestore carries it.
    #[must_use]
    pub fn handed_over(&self, section: &str) -> String {
        let key = self.key(section);
        match self.sealing.key {
            KeyForm::Base64 => text::to_base64(&key),
            KeyForm::Hex => text::to_hex(&key),
            KeyForm::Raw => String::from_utf8_lossy(&key).into_owned(),
            KeyForm::Wrapped => {
                self.kek.as_ref().map_or_else(String::new, |kek| text::to_base64(&kek.encrypt(&key)))
            }
        }
    }

    /// The `iv` member of baohanrestore.
    pub(crate) fn iv(&self, habit: IvMember) -> Option<String> {
        match habit {
            IvMember::Absent => None,
            IvMember::Empty => Some(String::new()),
            IvMember::Sent => self.iv.as_deref().map(text::to_hex),
        }
    }

    /// Sixteen bytes drawn for this section; sixteen characters where the key is handed over as such.
    fn key(&self, section: &str) -> Vec<u8> {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        let drawn = digest::sm3(format!("{}\n{section}", self.sealing.seed).as_bytes());
        match self.sealing.key {
            KeyForm::Raw => text::to_hex(&drawn[..8]).into_bytes(),
            _ => drawn[..16].to_vec(),
        }
    }
}

fn written(bytes: &[u8], form: TextForm) -> String {
    match form {
        TextForm::Base64 => text::to_base64(bytes),
        TextForm::HexLower => text::to_hex(bytes),
        TextForm::HexUpper => text::to_hex(bytes).to_ascii_uppercase(),
    }
}

fn sixteen(name: &str, hex: Option<&str>) -> Result<Option<Vec<u8>>, BadSettings> {
    let Some(hex) = hex else { return Ok(None) };
    match text::from_hex(hex) {
        Ok(bytes) if bytes.len() == 16 => Ok(Some(bytes)),
        _ => Err(BadSettings(format!("{name} has 32 hexadecimal digits"))),
    }
}
