//! The platform's safe: each project has a key of its own, which seals the tender fields and is released after opening.

use super::settings::{BadSettings, KeyForm, Seal, Settings};
use crate::rsa_blocks::{KeyPair, Padding};
use crypto::{aes::Aes, digest, sm4::Sm4, text};

/// How often a MIME encoder breaks its lines.
const MIME_COLUMNS: usize = 76;

/// Seals tender fields and releases keys.
#[derive(Debug)]
pub(crate) struct Safe {
    seal: Seal,
    form: KeyForm,
    line_breaks: bool,
    pairs: Vec<KeyPair>,
    platform: Option<KeyPair>,
    seed: String,
}

impl Safe {
    /// The safe of this platform.
    ///
    /// # Errors
    /// [`BadSettings`] if a key is missing or cannot be read, or a key of this kind cannot be written in this form.
    pub(crate) fn new(settings: &Settings) -> Result<Self, BadSettings> {
        let pair = |name: &str, pem: &str| {
            KeyPair::from_pem(pem).map_err(|no| BadSettings(format!("{name} cannot be used: {no}")))
        };
        let pairs =
            settings.project_keys.iter().map(|pem| pair("project_keys", pem)).collect::<Result<_, _>>()?;
        let platform = settings.platform_key.as_deref().map(|pem| pair("platform_key", pem)).transpose()?;
        let habits = &settings.variants;
        let safe = Self {
            seal: habits.seal,
            form: habits.key,
            line_breaks: habits.line_breaks,
            pairs,
            platform,
            seed: settings.project_seed.clone(),
        };
        safe.check()?;
        Ok(safe)
    }

    fn check(&self) -> Result<(), BadSettings> {
        let no = |why: &str| Err(BadSettings(why.to_owned()));
        let asymmetric = matches!(self.seal, Seal::Rsa | Seal::RsaPublic);
        match self.form {
            _ if asymmetric && self.pairs.is_empty() => no("seal is RSA: it needs project_keys"),
            KeyForm::Pem | KeyForm::Pkcs1Pem if self.seal != Seal::Rsa => {
                no("key is PEM: it belongs to seal = \"rsa\"")
            }
            KeyForm::Hex | KeyForm::Raw | KeyForm::Wrapped if asymmetric => {
                no("key is symmetric: it belongs to seal = \"sm4\" or \"aes\"")
            }
            KeyForm::Wrapped if self.platform.is_none() => no("key is wrapped: it needs platform_key"),
            _ => Ok(()),
        }
    }

    /// The platform's own key pair.
    pub(crate) const fn platform(&self) -> Option<&KeyPair> {
        self.platform.as_ref()
    }

    /// A tender field of this project, sealed.
    pub(crate) fn seal(&self, project: &str, plain: &str) -> String {
        let bytes = plain.as_bytes();
        let sealed = match self.seal {
            Seal::Plain => return plain.to_owned(),
            Seal::Rsa => self.pair(project).map(|pair| pair.seal_privately(bytes)),
            Seal::RsaPublic => self.pair(project).map(|pair| pair.public().seal(bytes, Padding::Pkcs1)),
            // The key has sixteen bytes, which both ciphers take.
            Seal::Sm4 => {
                Sm4::ecb(self.symmetric(project).as_bytes()).ok().map(|cipher| cipher.encrypt(bytes))
            }
            Seal::Aes => {
                Aes::ecb(self.symmetric(project).as_bytes()).ok().map(|cipher| cipher.encrypt(bytes))
            }
        };
        let base64 = text::to_base64(&sealed.unwrap_or_default());
        if self.line_breaks { in_lines(&base64) } else { base64 }
    }

    /// The key of this project as restoreApply carries it.
    pub(crate) fn released(&self, project: &str) -> String {
        let pair = self.pair(project);
        let (base64, symmetric) = match self.seal {
            Seal::Rsa => (pair.map(|pair| text::to_base64(&pair.public().to_spki())), String::new()),
            Seal::RsaPublic => (pair.map(|pair| text::to_base64(&pair.to_pkcs8())), String::new()),
            _ => {
                let key = self.symmetric(project);
                (Some(text::to_base64(key.as_bytes())), key)
            }
        };
        let base64 = base64.unwrap_or_default();
        match self.form {
            KeyForm::Base64 => base64,
            KeyForm::Lines => in_lines(&base64),
            KeyForm::Pem => pair.map(|pair| pair.public().to_spki_pem()).unwrap_or_default(),
            KeyForm::Pkcs1Pem => pair.map(|pair| pair.public().to_pkcs1_pem()).unwrap_or_default(),
            KeyForm::Hex => text::to_hex(symmetric.as_bytes()),
            KeyForm::Raw => symmetric,
            KeyForm::Wrapped => {
                let platform = self.platform.as_ref();
                platform.map_or_else(String::new, |pair| {
                    text::to_base64(&pair.seal_privately(symmetric.as_bytes()))
                })
            }
        }
    }

    /// The same pair for the same project.
    fn pair(&self, project: &str) -> Option<&KeyPair> {
        let drawn = project.bytes().map(usize::from).sum::<usize>().checked_rem(self.pairs.len())?;
        self.pairs.get(drawn)
    }

    /// Sixteen characters for this project, so that they can be written as they are.
    fn symmetric(&self, project: &str) -> String {
        let drawn = digest::sha256(format!("{}\n{project}", self.seed).as_bytes());
        text::to_hex(&drawn[..8])
    }
}

pub(crate) fn in_lines(base64: &str) -> String {
    let lines: Vec<String> = base64
        .as_bytes()
        .chunks(MIME_COLUMNS)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    lines.join("\r\n")
}
