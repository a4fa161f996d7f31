//! 用户名 and 授权码: one pair of names, told and compared as HTTP Basic has it (YY-06).

use crypto::secret::Secret;
use crypto::text;
use http::header::HeaderValue;
use protocol::Unsealable;

const SCHEME: &[u8] = b"Basic";

/// A pair of names, `用户名:授权码` in UTF-8.
pub(crate) struct Pair(Secret);

impl Pair {
    pub(crate) fn new(user: &str, code: &Secret) -> Self {
        Self(Secret::new(format!("{user}:{}", code.expose())))
    }

    /// Whether an `Authorization` holds these names. `bare` allows it to come without the word `Basic`.
    pub(crate) fn is_named_by(&self, authorization: &[u8], bare: bool) -> bool {
        let given = authorization.trim_ascii();
        let credentials = match given.split_at_checked(SCHEME.len()) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) && rest.starts_with(b" ") => rest,
            _ if bare => given,
            _ => return false,
        };
        let text = std::str::from_utf8(credentials.trim_ascii()).unwrap_or_default();
        let names = text::from_base64_tolerant(text).unwrap_or_default();
        self.0.matches(&names)
    }

    /// The `Authorization` that tells these names.
    pub(crate) fn header(&self) -> Result<HeaderValue, Unsealable> {
        let credentials = text::to_base64(self.0.expose_bytes());
        let header = HeaderValue::from_str(&format!("Basic {credentials}"));
        // Base64 is always fit for a header.
        let mut header = header.map_err(|_| Unsealable("settings.user: not fit for a header".to_owned()))?;
        header.set_sensitive(true);
        Ok(header)
    }
}
