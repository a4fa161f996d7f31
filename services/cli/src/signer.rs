//! The signing key of the settings: whether it is there, belongs to its certificate, and may be used today.

use crate::moment;
use boot::Problem;
use boot::settings::{Documents, Signer as Section};
use crypto::secret::{Secret, SecretRef, Secrets};
use signing::{LocalSigner, Material, Signer, TrustAnchors};
use std::fs;
use std::path::Path;

/// What is wrong with the key and the roots.
pub(crate) fn problems(documents: &Documents) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(path) = &documents.trust {
        found.extend(read(path, "documents.trust").and_then(|text| roots(&text)).err());
    }
    if let Some(section) = &documents.signer {
        found.extend(open(section).and_then(|signer| valid(&signer)).err());
    }
    found
}

fn roots(text: &str) -> Result<(), Problem> {
    TrustAnchors::from_pem(text).map(drop).map_err(|error| Problem::new("documents.trust", error.to_string()))
}

fn open(section: &Section) -> Result<LocalSigner, Problem> {
    let password = match &section.password {
        Some(password) => Some(secret(password, "documents.signer.password")?),
        None => None,
    };
    let password = password.as_ref().map_or(&b""[..], Secret::expose_bytes);
    let judge = |material| {
        LocalSigner::open(material, password, section.sandbox)
            .map_err(|error| Problem::new("documents.signer", error.to_string()))
    };
    match (&section.key, &section.certificates, &section.container) {
        (Some(key), Some(certificates), None) => {
            let key = secret(key, "documents.signer.key")?;
            let certificates = read(certificates, "documents.signer.certificates")?;
            judge(Material::Pem { key: key.expose(), certificates: &certificates })
        }
        (_, _, Some(container)) => {
            let bytes = fs::read(container)
                .map_err(|error| unread("documents.signer.container", container, &error))?;
            judge(Material::Pkcs12(&bytes))
        }
        _ => Err(Problem::new("documents.signer", "names no key")),
    }
}

fn valid(signer: &LocalSigner) -> Result<(), Problem> {
    let Some(own) = signer.chain().first() else { return Ok(()) };
    let now = moment::now();
    if own.not_before() <= now && now <= own.not_after() {
        return Ok(());
    }
    let (from, to) = (moment::shortly(own.not_before()), moment::shortly(own.not_after()));
    let say = format!("the certificate is valid from {from} to {to}, not now: put in place a valid one");
    Err(Problem::new("documents.signer", say))
}

fn secret(reference: &SecretRef, key: &str) -> Result<Secret, Problem> {
    boot::secrets().resolve(reference).map_err(|error| Problem::new(key, error.to_string()))
}

fn read(path: &Path, key: &str) -> Result<String, Problem> {
    fs::read_to_string(path).map_err(|error| unread(key, path, &error))
}

fn unread(key: &str, path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(key, format!("the file {} cannot be read: {error}", path.display()))
}
