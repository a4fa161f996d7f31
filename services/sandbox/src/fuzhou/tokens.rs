//! Access tokens: opaque, alive for two hours after each use.

use super::links::opaque;
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};

/// Bytes of a token: what the operator's own class makes of it, 16 of vector, 32 of HMAC, 256 of ciphertext.
const BYTES: usize = 304;

/// The tokens that were issued.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Token → when it dies if nobody uses it.
    alive: HashMap<String, OffsetDateTime>,
    issued: u64,
}

impl Tokens {
    /// A new token, and when it dies.
    pub(crate) fn issue(&mut self, lives: Duration, now: OffsetDateTime) -> (String, OffsetDateTime) {
        self.issued += 1;
        let token = opaque("token", BYTES, self.issued, now);
        let dies = now + lives;
        self.alive.insert(token.clone(), dies);
        (token, dies)
    }

    /// Whether this token lives; if it does, it lives on.
    pub(crate) fn used(&mut self, token: &str, lives: Duration, now: OffsetDateTime) -> bool {
        match self.alive.get_mut(token) {
            Some(dies) if now < *dies => {
                *dies = now + lives;
                true
            }
            _ => false,
        }
    }

    /// All of them die now.
    pub(crate) fn expire(&mut self) {
        self.alive.clear();
    }

    /// How many were issued so far.
    pub(crate) const fn issued(&self) -> u64 {
        self.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_as_long_as_it_is_used() {
        let (mut tokens, lives, begin) = (Tokens::default(), Duration::hours(2), crate::now());
        let (token, dies) = tokens.issue(lives, begin);
        assert_eq!((token.len(), dies), (408, begin + lives));
        for hour in 1..6 {
            assert!(tokens.used(&token, lives, begin + Duration::hours(hour)), "hour {hour}");
        }
        let idle = begin + Duration::hours(5) + lives;
        assert!(!tokens.used(&token, lives, idle));
        assert!(!tokens.used("", lives, begin));
        let (second, _) = tokens.issue(lives, idle);
        assert_ne!(second, token);
        tokens.expire();
        assert!(!tokens.used(&second, lives, idle));
        assert_eq!(tokens.issued(), 2);
    }
}
