//! From settings to a partner instance, with every problem named, and its rehearsal.

use super::{AllowList, Cipher, Manner, Settings, Shape, Transport, Vector};
use crate::codes::FAILURES;
use crate::datum::Datum;
use crate::envelope::Envelope;
use crate::links::Links;
use crate::{Govproc, calls, notices};
use crypto::Iv;
use crypto::aes::Aes;
use crypto::key::Key;
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{PartnerId, Query, Timestamp};
use http::header::HeaderValue;
use http::uri::PathAndQuery;
use http::{Request, Uri};
use protocol::{Caller, Inbound, Problem, Wish, interface_named};
use std::collections::BTreeMap;

/// Shorter secrets could be guessed, bytes.
const SHORT: usize = 32;
const NOT_AN_ADDRESS: &str = "is not an address: write https://host/path";
const JSON: &str = "application/json;charset=utf-8";

impl Govproc {
    /// Makes a partner instance. A callback goes to its own address in `urls`, else to `base_url` with its name behind:
    /// `https://host` and `/api/guarantee/paystate`.
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
        let addresses = addresses(base_url, urls, settings, &mut problems);
        let envelope = envelope(settings, secrets, &mut problems);
        let links = links(&id, settings, secrets, &mut problems);
        plainness(settings, &mut problems);
        words(settings, &mut problems);
        match (envelope, links) {
            (Some(envelope), Some(links)) if problems.is_empty() => {
                Ok(Self { id, envelope, manner: Manner::of(settings, links), addresses })
            }
            _ => Err(problems),
        }
    }

    /// Enciphers a sample with this instance's key, opens it again, and returns it as it goes over the wire: what one
    /// compares with the platform when bodies do not open.
    ///
    /// # Errors
    /// A [`Problem`] if the instance does not believe its own request.
    pub fn dry_run(&self, now: Timestamp) -> Result<String, Problem> {
        let letter = vec![("orderno", Datum::text("dry run"))];
        let mut request = self.envelope.seal(&letter, Uri::from_static(calls::QUERY_PATH));
        let failed = |why: &str| Problem::new("settings", format!("the dry run failed: {why}"));
        if let Some(address) = self.envelope.allowed.as_ref().and_then(AllowList::first) {
            request.extensions_mut().insert(Caller(address));
        }
        let call = self.open(&request, now).map_err(|rejection| failed(&rejection.why))?;
        match call.asks.first().map(|ask| &ask.wish) {
            Some(Wish::Query(Query::OrderStatus { no }))
                if *no == calls::order_no(&self.manner, "dry run") =>
            {
                Ok(format!(r#"{{"orderno":"dry run"}} → {}"#, shown(&request)))
            }
            _ => Err(failed("the sample came back changed")),
        }
    }
}

/// The body without the account in it.
fn shown(request: &Request<bytes::Bytes>) -> String {
    let text = String::from_utf8_lossy(request.body()).into_owned();
    let members = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
    match members.map(|mut members| members.remove("appKey").map(|_| members)) {
        Ok(Some(others)) => serde_json::Value::Object(others).to_string(),
        _ => text,
    }
}

// === addresses ===

fn addresses(
    base_url: &str,
    urls: &BTreeMap<String, String>,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> Vec<Uri> {
    let known: Vec<&str> = notices::CALLBACKS.iter().map(|callback| callback.name).collect();
    for name in urls.keys().filter(|name| interface_named(&notices::CALLBACKS, name).is_none()) {
        let say = format!("is no callback: write one of {}", known.join(", "));
        problems.push(Problem::new(format!("urls.{name}"), say));
    }
    let place = |name: &&str| match urls.get(*name) {
        Some(own) => (format!("urls.{name}"), own.clone()),
        None => ("base_url".to_owned(), format!("{}{name}", base_url.trim_end_matches('/'))),
    };
    let mut read = |(key, text): (String, String)| {
        let address = notices::address(&text);
        let say = match &address {
            None => Some(NOT_AN_ADDRESS),
            Some(address) => insecure(settings, address),
        };
        if let Some(say) = say.filter(|_| !problems.iter().any(|problem| problem.key == key)) {
            problems.push(Problem::new(key, say));
        }
        address.unwrap_or_default()
    };
    known.iter().map(place).map(&mut read).collect()
}

fn insecure(settings: &Settings, address: &Uri) -> Option<&'static str> {
    let fits = settings.transport != Transport::Https || address.scheme_str() == Some("https");
    (!fits).then_some("is not https, which settings.transport demands: nothing else protects the messages")
}

fn links(
    id: &PartnerId,
    settings: &Settings,
    secrets: &dyn Secrets,
    problems: &mut Vec<Problem>,
) -> Option<Links> {
    let base = settings.public_base_url.trim().trim_end_matches('/');
    let address = notices::address(base);
    let say = match &address {
        None => Some(NOT_AN_ADDRESS),
        Some(address) if address.path_and_query().and_then(PathAndQuery::query).is_some() => {
            Some("must have no query")
        }
        Some(address) => insecure(settings, address),
    };
    problems.extend(say.map(|say| Problem::new("settings.public_base_url", say)));
    if settings.link_valid_s == 0 {
        problems.push(Problem::new("settings.link_valid_s", "must be at least 1 second"));
    }
    let secret = resolve("link_secret", &settings.link_secret, secrets, problems)?;
    if secret.expose().len() < SHORT {
        problems
            .push(Problem::new("settings.link_secret", "must have at least 32 bytes: links could be forged"));
    }
    Some(Links { base: base.to_owned(), partner: id.clone(), secret, valid_s: settings.link_valid_s })
}

// === what is only for the sandbox ===

fn plainness(settings: &Settings, problems: &mut Vec<Problem>) {
    if settings.transport == Transport::Sandbox {
        return;
    }
    let say = "only with transport = \"sandbox\"";
    if settings.shape == Shape::Plain {
        problems.push(Problem::new("settings.shape", format!("\"plain\" enciphers nothing: {say}")));
    }
    if settings.sandbox_pay_button {
        problems.push(Problem::new("settings.sandbox_pay_button", format!("no money moves by it: {say}")));
    }
}

fn words(settings: &Settings, problems: &mut Vec<Problem>) {
    for (key, text, longest) in [
        ("sellername", &settings.sellername, 64),
        ("selleraddress", &settings.selleraddress, 256),
        ("sellerphone", &settings.sellerphone, 64),
    ] {
        if text.trim().is_empty() || text.trim().chars().count() > longest {
            let say = format!("must have 1 to {longest} characters: the platform shows it");
            problems.push(Problem::new(format!("settings.{key}"), say));
        }
    }
    let code = settings.success_code.trim();
    if code.is_empty() || FAILURES.contains(&code) {
        let say = format!("must not be empty or one of our codes of failure ({})", FAILURES.join(", "));
        problems.push(Problem::new("settings.success_code", say));
    }
}

// === keys ===

fn envelope(settings: &Settings, secrets: &dyn Secrets, problems: &mut Vec<Problem>) -> Option<Envelope> {
    let app_key = settings.app_key.trim();
    if app_key.is_empty() || HeaderValue::from_str(app_key).is_err() {
        problems
            .push(Problem::new("settings.app_key", "must be the visible characters the platform gave you"));
    }
    if settings.whole_answers && settings.shape == Shape::Plain {
        problems.push(Problem::new("settings.whole_answers", "enciphers, which shape = \"plain\" does not"));
    }
    let kind = HeaderValue::from_str(settings.content_type.as_deref().unwrap_or(JSON));
    if kind.is_err() {
        problems.push(Problem::new("settings.content_type", "is no value of a header"));
    }
    let allowed = allowed(settings, problems);
    let cipher = cipher(settings, secrets, problems);
    Some(Envelope {
        app_key: Secret::new(app_key),
        cipher: cipher?,
        text: settings.text,
        shape: settings.shape,
        content_type: kind.ok()?,
        app_key_in_body: settings.app_key_in_body,
        whole_answers: settings.whole_answers,
        allowed,
    })
}

fn allowed(settings: &Settings, problems: &mut Vec<Problem>) -> Option<AllowList> {
    let say = match AllowList::parse(&settings.allowed_ips) {
        Err(entry) => format!("{entry:?} is neither an address nor a network such as 203.0.113.0/24"),
        Ok(list) => match (settings.transport, list.is_empty()) {
            (Transport::IpAllowList, true) => "is empty: write whence the platform calls".to_owned(),
            // Kept to whatever else protects the messages.
            (_, false) => return Some(list),
            (_, true) => return None,
        },
    };
    problems.push(Problem::new("settings.allowed_ips", say));
    None
}

/// The key is tried alone first, so that a problem names the setting it lies in.
fn cipher(settings: &Settings, secrets: &dyn Secrets, problems: &mut Vec<Problem>) -> Option<Aes> {
    let text = resolve("app_secret", &settings.app_secret, secrets, problems);
    let given = match (settings.cipher, settings.vector, &settings.iv) {
        (Cipher::Cbc, Vector::Given, None) => {
            problems
                .push(Problem::new("settings.iv", "is missing: CBC with a given vector needs its 16 bytes"));
            None
        }
        (Cipher::Cbc, Vector::Given, Some(reference)) => vector(reference, settings, secrets, problems),
        _ => None,
    };
    let key = Key::read(&text?, settings.key_form).and_then(|key| Aes::ecb(&key).map(|_| key));
    let told = |bad: crypto::BadKey| {
        problems.push(Problem::new("settings.app_secret", format!("{bad}; its form is settings.key_form")));
    };
    let key = key.map_err(told).ok()?;
    match (settings.cipher, settings.vector) {
        (Cipher::Ecb, _) => Aes::ecb(&key).ok(),
        (Cipher::Cbc, Vector::Given) => Aes::cbc_with(&key, Iv::Given(&given?)).ok(),
        (Cipher::Cbc, Vector::Key) => Aes::cbc_with(&key, Iv::Key).ok(),
        (Cipher::Cbc, Vector::Prefixed) => Aes::cbc_with(&key, Iv::Prefixed).ok(),
    }
}

fn vector(
    reference: &SecretRef,
    settings: &Settings,
    secrets: &dyn Secrets,
    problems: &mut Vec<Problem>,
) -> Option<Key> {
    let text = resolve("iv", reference, secrets, problems)?;
    let say = match Key::read(&text, settings.iv_form) {
        Ok(iv) if iv.len() == 16 => return Some(iv),
        Ok(iv) => format!("has {} bytes; it must have 16: check it and settings.iv_form", iv.len()),
        Err(bad) => format!("{bad}; its form is settings.iv_form"),
    };
    problems.push(Problem::new("settings.iv", say));
    None
}

fn resolve(
    key: &str,
    reference: &SecretRef,
    secrets: &dyn Secrets,
    problems: &mut Vec<Problem>,
) -> Option<Secret> {
    let found = match secrets.resolve(reference) {
        Ok(secret) if secret.expose().is_empty() => Err("is empty: put the secret there".into()),
        Ok(secret) => Ok(secret),
        Err(missing) => Err(missing.to_string()),
    };
    found.map_err(|say: String| problems.push(Problem::new(format!("settings.{key}"), say))).ok()
}
