//! The ring of keys under which what is kept at rest is sealed: read once, at the start, by workers and operators.

use crate::settings::{Gateway, Mistakes, Problem, Source};
use crypto::keyring::Keyring;
use crypto::secret::{Secret, Secrets};

/// The ring of `[keys]`; none if the section is absent, which production does not permit where there is a database.
///
/// # Errors
/// [`Mistakes`]: a key that cannot be had or does not fit, a current key that is not in the ring.
pub fn keyring(settings: &Gateway, source: &Source) -> Result<Option<Keyring>, Mistakes> {
    let Some(section) = &settings.keys else { return Ok(None) };
    let mut problems = Vec::new();
    let mut keys: Vec<(&str, Secret)> = Vec::new();
    for (id, reference) in &section.ring {
        match crate::secrets().resolve(reference) {
            Ok(secret) => keys.push((id, secret)),
            Err(missing) => problems.push(Problem::new(format!("keys.ring.{id}"), missing.to_string())),
        }
    }
    if !problems.is_empty() {
        return Err(source.locate(problems));
    }
    let ring = Keyring::new(&section.current, keys.iter().map(|(id, secret)| (*id, secret)));
    ring.map(Some).map_err(|bad| source.locate(vec![Problem::new("keys", bad.to_string())]))
}
