//! Under which key form, mode and initial vector a text deciphers.

use crate::Iv;
use crate::aes::Aes;
use crate::key::{Key, KeyForm};
use crate::secret::Secret;
use crate::text::{self, Encoding};

/// Every form in which a key may be handed over, as settings spell it.
const FORMS: [(&str, KeyForm); 9] = [
    ("utf8", KeyForm::Utf8),
    ("hex", KeyForm::Hex),
    ("base64", KeyForm::Base64),
    ("md5", KeyForm::Md5),
    ("md5_hex_lower", KeyForm::Md5HexLower),
    ("md5_hex_upper", KeyForm::Md5HexUpper),
    ("md5_hex16_lower", KeyForm::Md5Hex16Lower),
    ("md5_hex16_upper", KeyForm::Md5Hex16Upper),
    ("sha1prng", KeyForm::Sha1prng),
];

/// A way in which the text deciphers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// `key_form` of the settings.
    pub key_form: &'static str,
    /// The same as settings hold it.
    pub form: KeyForm,
    /// `ecb` or `cbc`.
    pub mode: &'static str,
    /// For CBC: `given`, `key` or `prefixed`.
    pub vector: &'static str,
    /// The encoding the text was found in: `hex` or `base64`.
    pub encoding: &'static str,
}

/// Every combination under which a text deciphers to something `plausible` with this secret.
#[must_use]
pub fn open(
    sealed: &str,
    secret: &Secret,
    iv: Option<&[u8]>,
    plausible: impl Fn(&str) -> bool,
) -> Vec<Opened> {
    open_with(sealed, secret, &iv.map(|iv| ("given", iv.to_vec())).into_iter().collect::<Vec<_>>(), plausible)
}

/// The same with several initial vectors, each with the name that [`Opened::vector`] then bears.
#[must_use]
pub fn open_with(
    sealed: &str,
    secret: &Secret,
    vectors: &[(&'static str, Vec<u8>)],
    plausible: impl Fn(&str) -> bool,
) -> Vec<Opened> {
    let sealed = sealed.trim();
    let is_hex = text::from_hex(sealed).is_ok();
    let Ok(bytes) = Encoding::detect(sealed).decode(sealed) else { return Vec::new() };
    let encoding = if is_hex { "hex" } else { "base64" };
    let mut opened = Vec::new();
    for (key_form, form) in FORMS {
        let Ok(key) = Key::read(secret, form) else { continue };
        let mut ways = vec![("ecb", "", Aes::ecb(&key))];
        ways.extend(vectors.iter().map(|(name, iv)| ("cbc", *name, Aes::cbc_with(&key, Iv::Given(iv)))));
        ways.push(("cbc", "key", Aes::cbc_with(&key, Iv::Key)));
        ways.push(("cbc", "prefixed", Aes::cbc_with(&key, Iv::Prefixed)));
        for (mode, vector, cipher) in ways {
            let plain = cipher.ok().and_then(|cipher| cipher.decrypt(bytes.clone()).ok());
            if plain.and_then(|plain| text::utf8(plain).ok()).is_some_and(|plain| plausible(&plain)) {
                opened.push(Opened { key_form, form, mode, vector, encoding });
            }
        }
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(form: KeyForm, cbc: bool) -> String {
        let key = Key::read(&Secret::new("appSecretDemo"), form).expect("a key");
        let aes = if cbc { Aes::cbc_with(&key, Iv::Prefixed) } else { Aes::ecb(&key) };
        text::to_base64(&aes.expect("a cipher").encrypt(br#"{"orderno":"T1"}"#))
    }

    #[test]
    fn the_way_that_opens_is_named_and_others_are_not() {
        let json = |plain: &str| plain.starts_with('{') && plain.ends_with('}');
        for (name, form, cbc) in [
            ("sha1prng", KeyForm::Sha1prng, false),
            ("md5", KeyForm::Md5, false),
            ("md5_hex_upper", KeyForm::Md5HexUpper, true),
        ] {
            let found = open(&seal(form, cbc), &Secret::new("appSecretDemo"), None, json);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((found[0].key_form, found[0].mode), (name, if cbc { "cbc" } else { "ecb" }));
            assert_eq!(found[0].encoding, "base64");
        }
        assert_eq!(open(&seal(KeyForm::Md5, false), &Secret::new("another secret"), None, json), []);
        assert_eq!(open("not a ciphertext!", &Secret::new("s"), None, json), []);
    }
}
