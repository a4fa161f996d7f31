//! From settings to a partner instance, with every problem named, and its rehearsal.

use super::{Manner, Settings, knobs};
use crate::codes::{APPLY_NO, PLATFORM_CODE};
use crate::envelope::{Envelope, Letter};
use crate::unsealing::Unsealing;
use crate::{Pubres, notices};
use crypto::canonical::Profile;
use crypto::key::{Key, KeyForm};
use crypto::sealed::Wrapping;
use crypto::secret::{Secret, SecretRef, Secrets};
use crypto::sm4::Sm4;
use domain::{AcceptanceNo, Command, PartnerId, Timestamp};
use http::Uri;
use protocol::{Inbound, Problem, Wish, interface_named};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a callback's name stands in an address for all of them.
const PLACE: &str = "{interface}";

impl Pubres {
    /// Makes a partner instance. `urls` gives each callback its address; one that has none there is at `base_url` if
    /// that names the place of the interface, `https://host/path/{interface}` (PR-15). Nothing is appended by itself.
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
        let unsealing = unsealing(settings, secrets, &mut problems);
        if settings.instname.trim().is_empty() {
            problems.push(Problem::new("settings.instname", "is empty: write the institution's name"));
        }
        match envelope {
            Some(envelope) if problems.is_empty() => {
                Ok(Self { id, envelope, manner: manner(settings, unsealing), addresses })
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
        const INTERFACE: &str = "giveupapply";
        let no = AcceptanceNo::of(&self.id, INTERFACE, "dry run").to_string();
        let platform = self.manner.platform_code.clone().unwrap_or_else(|| "dry-run".to_owned());
        let letter: Letter = vec![(PLATFORM_CODE.0, platform), (APPLY_NO.0, no.clone())];
        let request = self.envelope.seal(&letter, now, Uri::from_static("/giveupapply"));
        let failed = |why: &str| Problem::new("settings", format!("the dry run failed: {why}"));
        let call = self.open(&request, now).map_err(|rejection| failed(&rejection.why))?;
        match call.asks.first().map(|ask| &ask.wish) {
            Some(Wish::Command(Command::WithdrawOrder(read))) if read.business_no == no => {
                Ok(self.envelope.masked(&letter, now))
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

fn manner(settings: &Settings, unsealing: Unsealing) -> Manner {
    Manner {
        platform_code: settings.platform_code.as_ref().map(|code| code.trim().to_owned()),
        instname: settings.instname.trim().to_owned(),
        unknown_account: settings.unknown_account.trim().to_owned(),
        sealed: settings.sealed,
        unsealing,
        redirect_url: settings.redirect_url.trim().to_owned(),
        code: settings.code,
        silence_rejections: settings.silence_rejections,
    }
}

// === addresses ===

fn addresses(
    base_url: &str,
    urls: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Vec<Option<Uri>> {
    let known: Vec<&str> = notices::CALLBACKS.iter().map(|callback| callback.name).collect();
    for name in urls.keys().filter(|name| interface_named(&notices::CALLBACKS, name).is_none()) {
        let say = format!("is no callback: write one of {}", known.join(", "));
        problems.push(Problem::new(format!("urls.{name}"), say));
    }
    known.into_iter().map(|name| address(name, base_url, urls, problems)).collect()
}

fn address(
    name: &str,
    base_url: &str,
    urls: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Option<Uri> {
    let (key, text) = match urls.get(name) {
        Some(own) => (format!("urls.{name}"), own.clone()),
        None if base_url.contains(PLACE) || base_url.trim().is_empty() => {
            ("base_url".to_owned(), base_url.replace(PLACE, name))
        }
        None if notices::OPTIONAL.contains(&name) => return None,
        None => {
            let say = format!("is missing: write the address of {name}, or {PLACE} in base_url");
            problems.push(Problem::new(format!("urls.{name}"), say));
            return None;
        }
    };
    let address = notices::address(&text);
    if address.is_none() && !problems.iter().any(|problem| problem.key == key) {
        problems.push(Problem::new(key, "is not an address: write https://host/path"));
    }
    address
}

// === keys ===

fn envelope(settings: &Settings, secrets: &dyn Secrets, problems: &mut Vec<Problem>) -> Option<Envelope> {
    let secret = resolve("appsecret", &settings.appsecret, secrets, problems);
    let appkey = settings.appkey.trim();
    if appkey.is_empty() {
        problems.push(Problem::new("settings.appkey", "is empty: write the appkey the platform gave you"));
    }
    let documented = knobs::documented();
    let variants = std::iter::once(&settings.sign).chain(&settings.accept_also);
    let profiles: Vec<Profile> = variants.map(|changes| changes.on(&documented)).collect();
    Some(Envelope {
        appkey: Secret::new(appkey),
        secret: secret?,
        proved: profiles.iter().map(|_| AtomicU64::new(0)).collect(),
        profiles,
        window: settings.timestamp_window_s.map(i64::from),
    })
}

fn unsealing(settings: &Settings, secrets: &dyn Secrets, problems: &mut Vec<Problem>) -> Unsealing {
    let mut read = |key: &str, reference: &Option<SecretRef>| {
        let secret = resolve(key, reference.as_ref()?, secrets, problems)?;
        let read = Key::read(&secret, KeyForm::Auto16);
        read.map_err(|bad| problems.push(Problem::new(format!("settings.{key}"), bad.to_string()))).ok()
    };
    Unsealing {
        iv: read("seal_iv", &settings.seal_iv),
        fixed: read("fixed_key", &settings.fixed_key),
        wrapping: Wrapping {
            kek: read("key_wrap", &settings.key_wrap).and_then(|key| Sm4::ecb(&key).ok()),
            public: None,
        },
    }
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
