//! From settings to a partner instance, with every problem named, and its rehearsal.

use super::{Manner, Settings};
use crate::envelope::{CreatedCheck, Envelope, Recipe};
use crate::{Finserv, notices};
use crypto::aes::Aes;
use crypto::key::Key;
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Query, Timestamp};
use http::Uri;
use protocol::{Form, Inbound, Problem, Wish, interface_named, print_shanghai};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

impl Finserv {
    /// Makes a partner instance. `base_url` is the one address of the platform's feedback endpoint; `urls` gives a
    /// feedback interface an address of its own. Both are used only where the partner named no callback (FS-25).
    ///
    /// # Errors
    /// Every problem that could be found, each with the key it is about.
    pub fn new(
        id: PartnerId,
        settings: &Settings,
        base_url: &str,
        urls: &BTreeMap<String, String>,
        secrets: &dyn Secrets,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let addresses = addresses(base_url, urls, &mut problems);
        let envelope = envelope(settings, secrets, &mut problems);
        if settings.merchant_name.trim().is_empty() {
            problems.push(Problem::new("settings.merchant_name", "is empty: write the institution's name"));
        }
        match envelope {
            Some(envelope) if problems.is_empty() => {
                Ok(Self { id, envelope, manner: Manner::of(settings), addresses })
            }
            _ => Err(problems),
        }
    }

    /// Signs a sample with this instance's keys, opens it again, and returns the string that was hashed, `***` in
    /// place of the secret: what one compares with the platform when signatures do not agree.
    ///
    /// # Errors
    /// A [`Problem`] if the instance does not believe its own request.
    pub fn dry_run(&self, now: Timestamp) -> Result<String, Problem> {
        const METHOD: &str = "get_apply_guarantee_result";
        let no = AcceptanceNo::of(&self.id, METHOD, "dry run");
        let plain = format!(r#"{{"accept_no":"{no}"}}"#);
        let request = self.envelope.seal(METHOD, plain.as_bytes(), now, Uri::default());
        let failed = |why: &str| Problem::new("settings", format!("the dry run failed: {why}"));
        let call = self.open(&request, now).map_err(|rejection| failed(&rejection.why))?;
        match call.asks.first().map(|ask| &ask.wish) {
            Some(Wish::Query(Query::OrderStatus { no: read })) if *read == no => {
                let created = print_shanghai(now, Form::Compact);
                Ok(self.envelope.masked(METHOD, &created, "<base64>"))
            }
            _ => Err(failed("the sample came back changed")),
        }
    }

    /// How many requests were proved by `sign` and then by each entry of `accept_also`, since the start.
    #[must_use]
    pub fn proved(&self) -> Vec<u64> {
        self.envelope.proved.iter().map(|count| count.load(Ordering::Relaxed)).collect()
    }
}

impl Envelope {
    /// The envelope alone, for an examination.
    pub(crate) fn of(settings: &Settings, secrets: &dyn Secrets) -> Result<Self, String> {
        let mut problems = Vec::new();
        let made = envelope(settings, secrets, &mut problems);
        let told = || problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        made.ok_or_else(told)
    }
}

impl Settings {
    pub(crate) fn check(&self) -> CreatedCheck {
        CreatedCheck {
            clock: self.created,
            skew: self.created_skew_s.into(),
            window: self.created_window_s.map(i64::from),
        }
    }
}

fn addresses(base_url: &str, urls: &BTreeMap<String, String>, problems: &mut Vec<Problem>) -> Vec<Uri> {
    let mut read = |key: String, text: &str| {
        let address = notices::address(text);
        if address.is_none() {
            problems.push(Problem::new(key, "is not an address: write https://host/path"));
        }
        address.unwrap_or_default()
    };
    let base = read("base_url".into(), base_url);
    let own = |name: &str| urls.get(name).map(|text| (format!("urls.{name}"), text));
    let all = notices::CALLBACKS
        .iter()
        .map(|callback| own(callback.name).map_or_else(|| base.clone(), |(key, text)| read(key, text)))
        .collect();
    let known: Vec<&str> = notices::CALLBACKS.iter().map(|callback| callback.name).collect();
    for name in urls.keys().filter(|name| interface_named(&notices::CALLBACKS, name).is_none()) {
        let say = format!("is no feedback interface: write one of {}", known.join(", "));
        problems.push(Problem::new(format!("urls.{name}"), say));
    }
    all
}

fn envelope(settings: &Settings, secrets: &dyn Secrets, problems: &mut Vec<Problem>) -> Option<Envelope> {
    let secret_key = resolve("secret_key", &settings.secret_key, secrets, problems);
    let iv = resolve("iv", &settings.iv, secrets, problems);
    let mut own = |key, reference: &Option<SecretRef>| match reference {
        Some(reference) => (key, resolve(key, reference, secrets, problems)),
        None => ("secret_key", secret_key.clone()),
    };
    let (aes_key_from, aes_key) = own("aes_key", &settings.aes_key);
    let (_, sign_secret) = own("sign_secret", &settings.sign_secret);
    let cipher = cipher(settings, aes_key_from, aes_key.as_ref(), iv.as_ref(), problems);
    let access_key = settings.access_key.trim();
    if access_key.is_empty() {
        problems.push(Problem::new(
            "settings.access_key",
            "is empty: write the access_key the platform gave you",
        ));
    }
    let variants = std::iter::once(&settings.sign).chain(&settings.accept_also);
    let recipes: Vec<Recipe> = variants
        .map(|variant| Recipe { profile: variant.profile(), fields: variant.signed_fields })
        .collect();
    Some(Envelope {
        access_key: Secret::new(access_key),
        sign_secret: sign_secret?,
        cipher: cipher?,
        proved: recipes.iter().map(|_| AtomicU64::new(0)).collect(),
        recipes,
        created: settings.check(),
        body: settings.body,
    })
}

fn resolve(
    key: &str,
    reference: &SecretRef,
    secrets: &dyn Secrets,
    problems: &mut Vec<Problem>,
) -> Option<Secret> {
    let found = match secrets.resolve(reference) {
        Ok(secret) if secret.expose().is_empty() => {
            Err("is empty: set it to what the platform gave you".into())
        }
        Ok(secret) => Ok(secret),
        Err(missing) => Err(missing.to_string()),
    };
    found.map_err(|say: String| problems.push(Problem::new(format!("settings.{key}"), say))).ok()
}

/// The key is tried alone first, so that a problem names the setting it lies in.
fn cipher(
    settings: &Settings,
    key_from: &str,
    key: Option<&Secret>,
    iv: Option<&Secret>,
    problems: &mut Vec<Problem>,
) -> Option<Aes> {
    let mut told = |key: &str, say: String| problems.push(Problem::new(format!("settings.{key}"), say));
    let key = key.and_then(|text| {
        let read = Key::read(text, settings.key_form).and_then(|key| Aes::ecb(&key).map(|_| key));
        read.map_err(|bad| told(key_from, format!("{bad}; its form is settings.key_form"))).ok()
    });
    let iv = iv.and_then(|text| match Key::read(text, settings.iv_form) {
        Ok(iv) if iv.len() == 16 => Some(iv),
        Ok(iv) => {
            told("iv", format!("has {} bytes; it must have 16: check it and settings.iv_form", iv.len()));
            None
        }
        Err(bad) => {
            told("iv", format!("{bad}; its form is settings.iv_form"));
            None
        }
    });
    Aes::cbc(&key?, &iv?).ok()
}
