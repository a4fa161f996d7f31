//! The canonical sign string: one recipe with knobs for every partner that signs sorted fields with a digest.

mod nested;
mod number;
mod profile;
mod token;

pub use profile::{Changes, Digest, HexCase, Nested, NullAs, Number, Placement, Profile, Skip, Sort};
pub use token::Token;

use crate::digest::HmacSm3;
use crate::secret::{Secret, same};
use md5::Digest as _;
use std::borrow::Cow;

const MASK: &str = "***";

impl Profile {
    /// The exact text that is hashed. It contains the secret: for logs and people there is [`Profile::masked`].
    ///
    /// Names are expected to be unique; of equal names both are kept, in the order given.
    pub fn string<'a, T: Copy + Into<Token<'a>>>(&self, fields: &[(&'a str, T)], secret: &Secret) -> Secret {
        Secret::new(self.spell(fields, secret.expose()))
    }

    /// The text that is hashed, with `***` in place of the secret; values are shown as they are.
    pub fn masked<'a, T: Copy + Into<Token<'a>>>(&self, fields: &[(&'a str, T)]) -> String {
        self.spell(fields, MASK)
    }

    /// The signature in this profile's hexadecimal case.
    pub fn sign<'a, T: Copy + Into<Token<'a>>>(&self, fields: &[(&'a str, T)], secret: &Secret) -> String {
        let fields = self.arrange(fields);
        match (self.digest, self.hex) {
            (Digest::Md5, HexCase::Lower) => hex::encode(self.md5(&fields, secret)),
            (Digest::Md5, HexCase::Upper) => hex::encode_upper(self.md5(&fields, secret)),
            (Digest::Sm3, HexCase::Lower) => hex::encode(self.sm3(&fields, secret)),
            (Digest::Sm3, HexCase::Upper) => hex::encode_upper(self.sm3(&fields, secret)),
            (Digest::HmacSm3, HexCase::Lower) => hex::encode(self.hmac_sm3(&fields, secret)),
            (Digest::HmacSm3, HexCase::Upper) => hex::encode_upper(self.hmac_sm3(&fields, secret)),
        }
    }

    /// Whether `given` is the signature, in either hexadecimal case; compared in constant time.
    pub fn verify<'a, T: Copy + Into<Token<'a>>>(
        &self,
        fields: &[(&'a str, T)],
        secret: &Secret,
        given: &str,
    ) -> bool {
        let fields = self.arrange(fields);
        match self.digest {
            Digest::Md5 => agrees(&self.md5(&fields, secret), given),
            Digest::Sm3 => agrees(&self.sm3(&fields, secret), given),
            Digest::HmacSm3 => agrees(&self.hmac_sm3(&fields, secret), given),
        }
    }

    /// The text that is hashed if the fields are not sorted but stay as they are given: what a doctor tries.
    pub(crate) fn unsorted(&self, fields: &[(&str, Token<'_>)], secret: &Secret) -> Secret {
        let kept = fields.iter().filter_map(|(name, value)| Some((*name, self.value(*value)?))).collect();
        Secret::new(self.spell_kept(kept, secret.expose()))
    }

    /// The digest of a text that somebody else spelled; none for HMAC, whose key stands nowhere in the text.
    pub(crate) fn digest_of(&self, text: &[u8]) -> Option<Vec<u8>> {
        match self.digest {
            Digest::Md5 => Some(crate::digest::md5(text).to_vec()),
            Digest::Sm3 => Some(crate::digest::sm3(text).to_vec()),
            Digest::HmacSm3 => None,
        }
    }

    fn spell<'a, T: Copy + Into<Token<'a>>>(&self, fields: &[(&'a str, T)], secret: &str) -> String {
        self.spell_kept(self.arrange(fields), secret)
    }

    fn spell_kept(&self, fields: Vec<(&str, Cow<'_, str>)>, secret: &str) -> String {
        let mut length = 0;
        self.pieces(&fields, secret, |piece| length += piece.len());
        // Exactly as long as needed: a growing string would leave copies of the secret behind.
        let mut text = String::with_capacity(length);
        self.pieces(&fields, secret, |piece| text.push_str(piece));
        text
    }

    // The digests read the pieces where they lie: a sealed body or a whole PDF is not copied to be signed.
    fn md5(&self, fields: &[(&str, Cow<'_, str>)], secret: &Secret) -> [u8; 16] {
        let mut hasher = md5::Md5::new();
        self.pieces(fields, secret.expose(), |piece| hasher.update(piece));
        hasher.finalize().into()
    }

    fn sm3(&self, fields: &[(&str, Cow<'_, str>)], secret: &Secret) -> [u8; 32] {
        let mut hasher = sm3::Sm3::new();
        self.pieces(fields, secret.expose(), |piece| hasher.update(piece));
        hasher.finalize().into()
    }

    fn hmac_sm3(&self, fields: &[(&str, Cow<'_, str>)], secret: &Secret) -> [u8; 32] {
        let mut hasher = HmacSm3::new(secret.expose_bytes());
        self.fields(fields, |piece| hasher.update(piece.as_bytes()));
        hasher.finish()
    }

    fn arrange<'a, T: Copy + Into<Token<'a>>>(
        &self,
        fields: &[(&'a str, T)],
    ) -> Vec<(&'a str, Cow<'a, str>)> {
        let mut kept: Vec<_> =
            fields.iter().filter_map(|(name, value)| Some((*name, self.value((*value).into())?))).collect();
        kept.sort_by(|(a, _), (b, _)| self.sort.order(a, b));
        kept
    }

    fn pieces(&self, fields: &[(&str, Cow<'_, str>)], secret: &str, mut sink: impl FnMut(&str)) {
        if self.digest == Digest::HmacSm3 {
            return self.fields(fields, sink);
        }
        match &self.secret {
            Placement::Prefix(after) => {
                sink(secret);
                sink(after);
            }
            Placement::Wrap => sink(secret),
            Placement::Suffix(_) => {}
        }
        self.fields(fields, &mut sink);
        match &self.secret {
            Placement::Suffix(before) => {
                sink(before);
                sink(secret);
            }
            Placement::Wrap => sink(secret),
            Placement::Prefix(_) => {}
        }
    }

    fn fields(&self, fields: &[(&str, Cow<'_, str>)], mut sink: impl FnMut(&str)) {
        for (index, (name, value)) in fields.iter().enumerate() {
            if index > 0 {
                sink(&self.joiner);
            }
            sink(name);
            sink(&self.kv);
            sink(value);
        }
    }
}

/// Index of the first profile under which `given` is the signature: the partner's own profile first, then the
/// short list it is also accepted under; the caller counts which one matched.
pub fn first_match<'a, T: Copy + Into<Token<'a>>>(
    profiles: &[Profile],
    fields: &[(&'a str, T)],
    secret: &Secret,
    given: &str,
) -> Option<usize> {
    profiles.iter().position(|profile| profile.verify(fields, secret, given))
}

fn agrees<const N: usize>(expected: &[u8; N], given: &str) -> bool {
    let mut bytes = [0; N];
    hex::decode_to_slice(given, &mut bytes).is_ok() && same(expected, &bytes)
}
