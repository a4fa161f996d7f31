//! From settings to a partner instance, with every problem named, and its rehearsal.

use super::{BusinessKey, Manner, Settings};
use crate::envelope::{ClockCheck, Envelope, Field};
use crate::{Fuzhou, notices};
use crypto::rsa::{PrivateKey, PublicKey};
use crypto::secret::{Secret, SecretRef, Secrets};
use crypto::{digest, text};
use domain::{FileFindings, PartnerId, Timestamp};
use http::Uri;
use protocol::{CallbackHosts, Pass, Problem, interface_named};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is read of the settings while problems are gathered.
struct Reading<'a> {
    secrets: &'a dyn Secrets,
    problems: Vec<Problem>,
}

impl Fuzhou {
    /// Makes a partner instance. `base_url` is the platform's one address (`https://host/api/insurer/v1/`); `urls` gives
    /// a method an address of its own.
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
        let mut reading = Reading { secrets, problems: Vec::new() };
        let addresses = addresses(base_url, urls, &mut reading);
        let envelope = envelope(settings, &mut reading);
        let manner = manner(settings, &mut reading);
        let verifier = Arc::new(|file: &[u8]| FileFindings {
            sha256: text::to_hex(&digest::sha256(file)),
            is_modified: true,
            ..FileFindings::default()
        });
        match (envelope, manner) {
            (Some(envelope), Some(manner)) if reading.problems.is_empty() => {
                Ok(Self { id, envelope, manner, addresses, verifier })
            }
            _ => Err(reading.problems),
        }
    }

    /// Signs and seals a sample with the pair that was mailed to us, opens it again, and returns the string that was
    /// hashed, `***` in place of the secret: what one compares with the platform when signatures do not agree.
    ///
    /// # Errors
    /// A [`Problem`] if the two halves of the pair do not belong together.
    pub fn dry_run(&self, now: Timestamp) -> Result<String, Problem> {
        const METHOD: &str = "insurer_get_guarantee_info";
        let pass =
            Pass { now, nonce: [0; 16], token: None, target: None, document_url: None, document: None };
        let fields = [Field::text("order_no", "dry run 演练")];
        let failed = |why: String| Problem::new("settings", format!("the dry run failed: {why}"));
        let request = self.envelope.rehearse(METHOD, &fields, &pass).map_err(|why| failed(why.0))?;
        let opened = self.envelope.open(&request, now).map_err(|rejection| {
            failed(format!("{}: rsa_pk and rsa_sk must be the two halves of one pair", rejection.why))
        })?;
        match opened.fields().text(("order_no", "")) {
            Ok(read) if read == "dry run 演练" => Ok(self.envelope.masked(METHOD, &fields, now)),
            _ => Err(failed("the sample came back changed".to_owned())),
        }
    }

    /// How many pushes were proved by `sign` and then by each entry of `accept_also`, since the start.
    #[must_use]
    pub fn proved(&self) -> Vec<u64> {
        self.envelope.proved.iter().map(|count| count.load(Ordering::Relaxed)).collect()
    }
}

impl Envelope {
    /// The envelope alone, for an examination.
    pub(crate) fn of(settings: &Settings, secrets: &dyn Secrets) -> Result<Self, String> {
        let mut reading = Reading { secrets, problems: Vec::new() };
        let made = envelope(settings, &mut reading);
        let told = || reading.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        made.ok_or_else(told)
    }
}

fn addresses(base_url: &str, urls: &BTreeMap<String, String>, reading: &mut Reading<'_>) -> Vec<Uri> {
    let mut read = |key: String, text: &str| {
        let address = notices::address(text);
        if address.is_none() {
            reading.problems.push(Problem::new(key, "is not an address: write https://host/path"));
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
        let say = format!("is no method of the platform: write one of {}", known.join(", "));
        reading.problems.push(Problem::new(format!("urls.{name}"), say));
    }
    all
}

fn envelope(settings: &Settings, reading: &mut Reading<'_>) -> Option<Envelope> {
    let api_key = reading.secret("api_key", &settings.api_key);
    let api_secret = reading.secret("api_secret", &settings.api_secret);
    let ours = reading.public("rsa_pk", &settings.rsa_pk);
    let private = reading.private("rsa_sk", &settings.rsa_sk);
    let api = reading.public("api_rsa_pk", &settings.api_rsa_pk);
    let variants = std::iter::once(&settings.sign).chain(&settings.accept_also);
    let recipes: Vec<_> = variants.map(|variant| variant.profile()).collect();
    let mut paddings = vec![settings.padding];
    paddings.extend(settings.accept_padding.iter().filter(|padding| **padding != settings.padding));
    let (ours, api) = (ours?, api?);
    Some(Envelope {
        api_key: api_key?,
        api_secret: api_secret?,
        business: match settings.business_key {
            BusinessKey::RsaPk => ours.clone(),
            BusinessKey::ApiRsaPk => api.clone(),
        },
        ours,
        api,
        private: private?,
        padding: settings.padding,
        paddings,
        proved: recipes.iter().map(|_| AtomicU64::new(0)).collect(),
        recipes,
        btc_id: settings.btc_id,
        unsigned_from: if settings.require_sign { Vec::new() } else { settings.unsigned_from.clone() },
        clock: ClockCheck {
            skew: settings.timestamp_skew_s.map(i64::from),
            window: settings.timestamp_window_s.map(i64::from),
        },
    })
}

fn manner(settings: &Settings, reading: &mut Reading<'_>) -> Option<Manner> {
    let insurer_name = settings.insurer_name.trim().to_owned();
    if insurer_name.is_empty() {
        reading
            .told("insurer_name", "is empty: write the institution's name as the platform knows it".into());
    }
    if settings.btc_id == 0 {
        reading.told("btc_id", "is 0: write the number that the platform mailed".into());
    }
    for (key, bytes) in
        [("pdf_limit_bytes", settings.pdf_limit_bytes), ("file_limit_bytes", settings.file_limit_bytes)]
    {
        if bytes == 0 {
            reading.told(key, "must be at least 1".into());
        }
    }
    let hosts = CallbackHosts::parse(&settings.return_hosts);
    let return_hosts = hosts.map_err(|bad| reading.told("return_hosts", bad.to_string())).ok()?;
    Some(Manner {
        insurer_name,
        ack_aliases: settings.ack_aliases.clone(),
        extra_fields: settings.extra_fields.clone(),
        welcome: settings.welcome,
        return_hosts,
        pdf_limit: settings.pdf_limit_bytes,
        file_limit: settings.file_limit_bytes,
    })
}

impl Reading<'_> {
    fn told(&mut self, key: &str, say: String) {
        self.problems.push(Problem::new(format!("settings.{key}"), say));
    }

    fn secret(&mut self, key: &str, reference: &SecretRef) -> Option<Secret> {
        match self.secrets.resolve(reference) {
            Ok(secret) if secret.expose().trim().is_empty() => {
                self.told(key, "is empty: set it to what the platform mailed".into());
                None
            }
            Ok(secret) => Some(secret),
            Err(missing) => {
                self.told(key, missing.to_string());
                None
            }
        }
    }

    fn public(&mut self, key: &str, reference: &SecretRef) -> Option<PublicKey> {
        let read = PublicKey::read(self.secret(key, reference)?.expose());
        read.map_err(|bad| self.told(key, bad.to_string())).ok()
    }

    fn private(&mut self, key: &str, reference: &SecretRef) -> Option<PrivateKey> {
        let read = PrivateKey::read(&self.secret(key, reference)?);
        read.map_err(|bad| self.told(key, bad.to_string())).ok()
    }
}
