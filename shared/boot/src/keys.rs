//! The rings of keys under which what is kept at rest is sealed: read once, at the start.

use crate::settings::{Gateway, Keys, Mistakes, Problem, Source};
use crypto::keyring::Keyring;
use crypto::secret::{Secret, Secrets};

/// The ring of `[keys]`; none if the section is absent, which production does not permit where there is a database.
///
/// # Errors
/// [`Mistakes`]: a key that cannot be had or does not fit, a current key that is not in the ring.
pub fn keyring(settings: &Gateway, source: &Source) -> Result<Option<Keyring>, Mistakes> {
    ring(settings.keys.as_ref(), "keys", source)
}

/// The ring of `[documents.keys]`; none if the section is absent, which production does not permit.
///
/// # Errors
/// As [`keyring`].
pub fn document_keyring(settings: &Gateway, source: &Source) -> Result<Option<Keyring>, Mistakes> {
    let section = settings.documents.as_ref().and_then(|documents| documents.keys.as_ref());
    ring(section, "documents.keys", source)
}

fn ring(section: Option<&Keys>, place: &str, source: &Source) -> Result<Option<Keyring>, Mistakes> {
    let Some(section) = section else { return Ok(None) };
    let mut problems = Vec::new();
    let mut keys: Vec<(&str, Secret)> = Vec::new();
    for (id, reference) in &section.ring {
        match crate::secrets().resolve(reference) {
            Ok(secret) => keys.push((id, secret)),
            Err(missing) => problems.push(Problem::new(format!("{place}.ring.{id}"), missing.to_string())),
        }
    }
    if !problems.is_empty() {
        return Err(source.locate(problems));
    }
    let ring = Keyring::new(&section.current, keys.iter().map(|(id, secret)| (*id, secret)));
    ring.map(Some).map_err(|bad| source.locate(vec![Problem::new(place, bad.to_string())]))
}
