//! Secrets that are none: for examples that are shown to people, made with a partner's own variants.

use crate::key::{Key, KeyForm};
use crate::secret::{Secret, SecretMissing, SecretRef, Secrets};

/// What stands in place of a partner's secrets, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dummies(pub Vec<(&'static str, String)>);

impl Dummies {
    /// How settings name one of them.
    #[must_use]
    pub fn named(name: &str) -> SecretRef {
        SecretRef::Env(name.to_owned())
    }

    /// The text of one; empty if there is none by this name.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }

    /// All of them as they are shown: the account, which is no secret, and then each by its name.
    #[must_use]
    pub fn shown_after(&self, (name, account): (&str, &str)) -> Vec<(String, String)> {
        let secrets = self.0.iter().map(|(name, text)| ((*name).to_owned(), text.clone()));
        std::iter::once((name.to_owned(), account.to_owned())).chain(secrets).collect()
    }
}

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let found = self.0.iter().find(|(name, _)| Self::named(name) == *reference);
        let why = || "is none of the dummies".to_owned();
        found
            .map(|(_, text)| Secret::new(text.as_str()))
            .ok_or_else(|| SecretMissing { reference: reference.clone(), why: why() })
    }
}

/// The text of a dummy key, or vector, of 16 bytes in this form; `seed` are 16 characters.
#[must_use]
pub fn dummy_key(form: KeyForm, seed: &str) -> String {
    let ways = [seed.to_owned(), hex::encode(seed), crate::text::to_base64(seed.as_bytes())];
    let fits = |text: &String| {
        Key::read(&Secret::new(text.as_str()), form).is_ok_and(|key| matches!(key.len(), 16 | 32))
    };
    ways.into_iter().find(fits).unwrap_or_else(|| seed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Dummies, dummy_key};
    use crate::key::{Key, KeyForm};
    use crate::secret::{Secret, Secrets};

    #[test]
    fn there_is_a_dummy_in_every_form() {
        use KeyForm::{Auto16, Base64, Hex, Md5, Md5Hex16Lower, Md5HexLower, Sha1prng, Utf8};
        for form in [Utf8, Hex, Base64, Md5, Md5HexLower, Md5Hex16Lower, Sha1prng, Auto16] {
            let text = dummy_key(form, "0123456789abcdef");
            let read = Key::read(&Secret::new(text), form).unwrap();
            assert!(matches!(read.len(), 16 | 32), "{form:?}");
        }
    }

    #[test]
    fn only_what_is_named_is_there() {
        let dummies = Dummies(vec![("KEY", "dummy".to_owned())]);
        assert_eq!(dummies.resolve(&Dummies::named("KEY")).unwrap().expose(), "dummy");
        assert!(dummies.resolve(&Dummies::named("OTHER")).is_err());
        assert_eq!((dummies.text("KEY"), dummies.text("OTHER")), ("dummy", ""));
    }
}
