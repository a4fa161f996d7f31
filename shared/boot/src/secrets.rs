//! Where secrets come from: environment variables and files that settings name; their values pass through here unseen.

use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use std::path::Path;

/// Resolves `env:NAME` and `file:PATH`.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostSecrets;

/// The secrets of this host.
#[must_use]
pub fn secrets() -> HostSecrets {
    HostSecrets
}

impl Secrets for HostSecrets {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let found = match reference {
            SecretRef::Env(name) => from_environment(name),
            SecretRef::File(path) => from_file(path),
        };
        found.map(Secret::new).map_err(|why| SecretMissing { reference: reference.clone(), why })
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn from_environment(name: &str) -> Result<String, String> {
    variable(name).ok_or_else(|| {
        format!("the environment variable {name} is not set, empty or not UTF-8: set it for this process")
    })
}

/// An editor's newline at the end is not part of the secret.
fn from_file(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|why| format!("the file {} cannot be read ({why})", path.display()))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(format!("the file {} is empty", path.display())),
        secret => Ok(secret.to_owned()),
    }
}
