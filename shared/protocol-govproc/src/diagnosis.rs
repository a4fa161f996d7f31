//! Why a captured request does not decipher: every shape, key form, mode and vector of WIRE.md, table 003.

use crate::envelope::{APP_KEY, in_body};
use crate::settings::{Settings, Shape};
use bytes::Bytes;
use crypto::doctor::{Opened, open};
use crypto::secret::Secrets;
use http::Request;

/// What is known of a captured request.
#[derive(Debug)]
pub struct Examined {
    /// Whether the header appKey is this partner's; absent if the capture has no such header.
    pub app_key_known: Option<bool>,
    /// The shapes in which the body carries a text, as settings spell them.
    pub shapes: Vec<&'static str>,
    /// The ways in which that text deciphers to a JSON object.
    pub opened: Vec<Opened>,
}

const SHAPES: [(&str, Shape); 6] = [
    ("data", Shape::Data),
    ("param", Shape::Param),
    ("params", Shape::Params),
    ("encrypt", Shape::Encrypt),
    ("literal", Shape::Literal),
    ("bare", Shape::Bare),
];

/// Examines a captured request with a partner's settings.
///
/// # Errors
/// If the secret cannot be had; says which.
pub fn examine(
    settings: &Settings,
    secrets: &dyn Secrets,
    request: &Request<Bytes>,
) -> Result<Examined, String> {
    let secret = secrets.resolve(&settings.app_secret).map_err(|why| why.to_string())?;
    let iv = match &settings.iv {
        Some(iv) => Some(secrets.resolve(iv).map_err(|why| why.to_string())?),
        None => None,
    };
    let header = request.headers().get(APP_KEY);
    let app_key_known = header.map(|given| given.as_bytes().trim_ascii() == settings.app_key.as_bytes());
    let (mut shapes, mut opened) = (Vec::new(), Vec::new());
    let json =
        |plain: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(plain).is_ok();
    for (name, shape) in SHAPES {
        let Some(carried) = in_body(request.body(), shape) else { continue };
        let iv = iv.as_ref().map(|iv| iv.expose().as_bytes());
        let found = open(&carried, &secret, iv, json);
        // A bare text and a literal are read in more than one shape: once is enough.
        if found.iter().all(|way| !opened.contains(way)) {
            shapes.push(name);
            opened.extend(found);
        }
    }
    Ok(Examined { app_key_known, shapes, opened })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Dummies, SECRET, settings};
    use crypto::aes::Aes;
    use crypto::key::{Key, KeyForm};
    use crypto::secret::Secret;
    use serde_json::json;

    fn examined(member: &str, form: KeyForm) -> Examined {
        let settings = settings("").unwrap();
        let key = Key::read(&Secret::new(SECRET), form).unwrap();
        let sealed = crypto::text::to_base64(&Aes::ecb(&key).unwrap().encrypt(br#"{"orderno":"T1"}"#));
        let body = Bytes::from(json!({ member: sealed }).to_string());
        examine(&settings, &Dummies, &Request::post("/").body(body).unwrap()).unwrap()
    }

    #[test]
    fn the_shape_and_the_key_that_fit_are_named() {
        let found = examined("params", KeyForm::Sha1prng);
        assert_eq!(found.shapes, ["params"]);
        assert_eq!((found.opened.len(), found.opened[0].key_form), (1, "sha1prng"));
        assert_eq!(found.app_key_known, None);
    }
}
