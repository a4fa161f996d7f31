//! From settings to a partner instance, with every problem named, and its rehearsal.

use super::{Auth, InboundBody, Institution, Manner, OutboundBody, Settings};
use crate::codes::SEALABLE;
use crate::envelope::{Envelope, Pair};
use crate::unsealing::Unsealing;
use crate::{Yueyang, notices};
use crypto::key::{Key, KeyForm};
use crypto::rsa::PublicKey;
use crypto::sealed::Wrapping;
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, SealedField, Timestamp};
use http::{Request, Uri};
use protocol::{AllowList, Caller, Problem};
use std::collections::BTreeMap;

impl Yueyang {
    /// Makes a partner instance. Callbacks go to `base_url` and the name of the interface, joined by exactly one slash
    /// (YY-22), or to their own address in `urls`, by the whole name or what follows `guarantee/`.
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
        let mut problems = Problems(Vec::new());
        let addresses = addresses(base_url, urls, &mut problems);
        let key = platform_key(settings, secrets, &mut problems);
        let envelope = envelope(settings, key.clone(), secrets, &mut problems);
        let manner = manner(settings, key, secrets, &mut problems);
        match (envelope, problems.0.is_empty()) {
            (Some(envelope), true) => Ok(Self { id, envelope, manner, addresses }),
            _ => Err(problems.0),
        }
    }

    /// Introduces itself as the platform does and believes it, writes a callback, and returns what the platform will
    /// see of us, `***` in place of the 授权码.
    ///
    /// # Errors
    /// A [`Problem`] if the instance does not believe its own names.
    pub fn dry_run(&self, _now: Timestamp) -> Result<String, Problem> {
        let failed = |why: &str| Problem::new("settings", format!("the dry run failed: {why}"));
        let no = AcceptanceNo::of(&self.id, "dry run", "dry run").to_string();
        let (callback, target) =
            notices::CALLBACKS.iter().zip(&self.addresses).next().ok_or_else(|| failed("no callback"))?;
        let letter = vec![(crate::codes::ORDER_NO.0, no)];
        let sealed = self.envelope.seal(callback, &letter, &[0; 16], target.clone());
        let sealed = sealed.map_err(|why| failed(&why.0))?;
        let theirs = self.envelope.theirs.header().map_err(|why| failed(&why.0))?;
        let mut request = Request::new(bytes::Bytes::from_static(b"{}"));
        *request.method_mut() = http::Method::POST;
        request.headers_mut().insert(http::header::AUTHORIZATION, theirs);
        if let Some(caller) = self.envelope.allowed.as_ref().and_then(AllowList::first) {
            request.extensions_mut().insert(Caller(caller));
        }
        // Nobody but the platform can write a body under its private key.
        if !self.envelope.recovers() {
            self.envelope.open(&request).map_err(|rejection| failed(&rejection.why))?;
        }
        Ok(format!(
            "{} {}\nAuthorization: Basic base64({}:***)",
            sealed.method(),
            sealed.uri(),
            self.manner.user
        ))
    }
}

impl Envelope {
    /// The envelope alone, for an examination.
    pub(crate) fn of(settings: &Settings, secrets: &dyn Secrets) -> Result<Self, String> {
        let mut problems = Problems(Vec::new());
        let key = platform_key(settings, secrets, &mut problems);
        let made = envelope(settings, key, secrets, &mut problems);
        let told = || problems.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        made.ok_or_else(told)
    }
}

/// What is wrong so far.
struct Problems(Vec<Problem>);

impl Problems {
    fn tell(&mut self, key: &str, say: impl Into<String>) {
        self.0.push(Problem::new(key, say));
    }

    /// A text that has to be there.
    fn text(&mut self, key: &str, text: &str, what: &str) -> String {
        if text.trim().is_empty() {
            self.tell(&format!("settings.{key}"), format!("is empty: write {what}"));
        }
        text.trim().to_owned()
    }

    fn resolve(&mut self, key: &str, reference: &SecretRef, secrets: &dyn Secrets) -> Option<Secret> {
        let found = match secrets.resolve(reference) {
            Ok(secret) if secret.expose().is_empty() => {
                Err("is empty: set it to what the centre gave you".to_owned())
            }
            Ok(secret) => Ok(secret),
            Err(missing) => Err(missing.to_string()),
        };
        found.map_err(|say| self.tell(&format!("settings.{key}"), say)).ok()
    }
}

fn manner(
    settings: &Settings,
    key: Option<PublicKey>,
    secrets: &dyn Secrets,
    problems: &mut Problems,
) -> Manner {
    let iv = settings.seal_iv.as_ref().and_then(|reference| problems.resolve("seal_iv", reference, secrets));
    let iv = iv.and_then(|text| {
        let read = Key::read(&text, KeyForm::Auto16);
        read.map_err(|bad| problems.tell("settings.seal_iv", bad.to_string())).ok()
    });
    Manner {
        user: settings.user.trim().to_owned(),
        inst_name: problems.text("inst_name", &settings.inst_name, "the institution's name"),
        insurance_code: problems.text(
            "insurance_code",
            &settings.insurance_code,
            "the code of whoever issues",
        ),
        claim_contact: (
            problems.text("claim_contact_name", &settings.claim_contact_name, "who handles claims"),
            problems.text("claim_contact_phone", &settings.claim_contact_phone, "their telephone"),
        ),
        gives_credit: settings.institution == Institution::Bank,
        sealed_fields: settings.sealed_fields.as_ref().map(|names| sealed_fields(names, problems)),
        unsealing: Unsealing {
            wrapping: Wrapping { kek: None, public: key },
            ciphers: settings.symmetric.iter().map(|cipher| cipher.cipher()).collect(),
            iv,
        },
        unknown_payer: settings.unknown_payer.trim().to_owned(),
        redirect_url: settings.redirect_url.trim().to_owned(),
        answer_code: settings.answer_code,
    }
}

fn sealed_fields(names: &[String], problems: &mut Problems) -> Vec<SealedField> {
    let of = |name: &String| SEALABLE.iter().find(|((known, _), _)| known == name).map(|(_, field)| *field);
    for name in names.iter().filter(|name| of(name).is_none()) {
        let known: Vec<&str> = SEALABLE.iter().map(|((name, _), _)| *name).collect();
        let say = format!("{name:?} is never ciphertext: write some of {}", known.join(", "));
        problems.tell("settings.sealed_fields", say);
    }
    names.iter().filter_map(of).collect()
}

// === addresses ===

fn addresses(base_url: &str, urls: &BTreeMap<String, String>, problems: &mut Problems) -> Vec<Uri> {
    let names: Vec<&str> = notices::CALLBACKS.iter().map(|callback| callback.name).collect();
    for key in urls.keys().filter(|key| names.iter().all(|name| !is_named(name, key))) {
        let say = format!("is no callback: write one of {}", names.join(", "));
        problems.tell(&format!("urls.{key}"), say);
    }
    let mut told = false;
    let mut address = |name: &&str| {
        let own = urls.iter().find(|(key, _)| is_named(name, key));
        let (key, text) = match own {
            Some((key, text)) => (format!("urls.{key}"), text.clone()),
            None => ("base_url".to_owned(), format!("{}/{name}", base_url.trim().trim_end_matches('/'))),
        };
        let address = notices::address(&text);
        if address.is_none() && (own.is_some() || !std::mem::replace(&mut told, true)) {
            problems.tell(&key, "is not an address: write https://host/path");
        }
        address
    };
    names.iter().filter_map(&mut address).collect()
}

fn is_named(name: &str, key: &str) -> bool {
    name == key || name.rsplit('/').next() == Some(key)
}

// === names and keys ===

fn platform_key(settings: &Settings, secrets: &dyn Secrets, problems: &mut Problems) -> Option<PublicKey> {
    let needed =
        settings.inbound_body == InboundBody::Recovered || settings.outbound_body == OutboundBody::Encrypted;
    let Some(reference) = &settings.platform_key else {
        if needed {
            problems
                .tell("settings.platform_key", "is missing: bodies under RSA need the 公钥 of the platform");
        }
        return None;
    };
    let text = problems.resolve("platform_key", reference, secrets)?;
    let read = PublicKey::read(text.expose());
    read.map_err(|bad| problems.tell("settings.platform_key", bad.to_string())).ok()
}

fn envelope(
    settings: &Settings,
    key: Option<PublicKey>,
    secrets: &dyn Secrets,
    problems: &mut Problems,
) -> Option<Envelope> {
    let user = user("user", &settings.user, problems);
    let code = problems.resolve("code", &settings.code, secrets);
    let their_user = settings
        .inbound_user
        .as_ref()
        .map_or_else(|| user.clone(), |own| self::user("inbound_user", own, problems));
    let their_code = match &settings.inbound_code {
        Some(own) => problems.resolve("inbound_code", own, secrets),
        None => code.clone(),
    };
    let flat = flat(&settings.flat, problems);
    let allowed = allowed(settings, problems);
    Some(Envelope {
        auth: settings.auth,
        allowed,
        theirs: Pair::new(&their_user, &their_code?),
        ours: Pair::new(&user, &code?),
        key,
        inbound_body: settings.inbound_body,
        outbound_body: settings.outbound_body,
        flat,
    })
}

/// Somebody has to be turned away: by names or by where they call from.
fn allowed(settings: &Settings, problems: &mut Problems) -> Option<AllowList> {
    if settings.auth == Auth::None && settings.allowed_ips.is_empty() {
        problems.tell("settings.allowed_ips", "is empty: with auth = \"none\" it alone says who may call");
    }
    let list = AllowList::parse(&settings.allowed_ips).map_err(|entry| {
        problems.tell("settings.allowed_ips", format!("{entry:?} is no address and no network"))
    });
    list.ok().filter(|list| !list.is_empty())
}

/// The first colon ends a name in HTTP Basic.
fn user(key: &str, name: &str, problems: &mut Problems) -> String {
    if name.contains(':') {
        problems.tell(&format!("settings.{key}"), "holds a colon, which HTTP Basic does not allow");
    }
    problems.text(key, name, "the 用户名 that the centre gave you")
}

fn flat(names: &[String], problems: &mut Problems) -> Vec<&'static str> {
    let of = |key: &String| notices::CALLBACKS.iter().map(|row| row.name).find(|name| is_named(name, key));
    for key in names.iter().filter(|key| of(key).is_none()) {
        problems.tell("settings.flat", format!("{key:?} is no callback"));
    }
    names.iter().filter_map(of).collect()
}
