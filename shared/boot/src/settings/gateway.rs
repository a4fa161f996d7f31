//! The gateway's settings as a whole: which sections a process may and must have, and what makes them sensible.

use super::mistakes::{Mistakes, Problem};
use super::sections::{
    Admin, Broker, Documents, Egress, Environment, Files, Ingress, Installation, Institution, Keys, Partners,
    Postgres, ProcessSettings, Redis, Retry, Signer,
};
use super::source::Source;
use super::traces::TraceSettings;
use crate::process::Process;
use serde::Deserialize;

/// The waits for which the broker's definitions hold queues, seconds.
pub const RUNGS_S: [u32; 6] = [1, 15, 30, 180, 1800, 3600];

/// All settings of the gateway that are not one partner's. Every key stands in a section, so that the file may be
/// split (`--config` given twice): what faces the internet gets the part without `[postgres]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// The installation as a whole.
    #[serde(default)]
    pub gateway: Installation,
    /// Who guarantees.
    pub institution: Institution,
    /// RabbitMQ.
    pub broker: Option<Broker>,
    /// Redis.
    pub redis: Option<Redis>,
    /// PostgreSQL.
    pub postgres: Option<Postgres>,
    /// What is kept in the database is sealed under one of these.
    pub keys: Option<Keys>,
    /// The port for partners' requests.
    #[serde(default)]
    pub ingress: Ingress,
    /// Deliveries to partners.
    #[serde(default)]
    pub egress: Egress,
    /// Guarantee documents.
    pub documents: Option<Documents>,
    /// The port of the files service.
    #[serde(default)]
    pub files: Files,
    /// Health and metrics.
    #[serde(default)]
    pub admin: Admin,
    /// Where traces are sent.
    #[serde(default)]
    pub traces: TraceSettings,
    /// How a process ends.
    #[serde(default)]
    pub process: ProcessSettings,
    /// The waits between deliveries.
    #[serde(default)]
    pub retry: Retry,
    /// The partner instances.
    #[serde(default)]
    pub partners: Partners,
}

impl Gateway {
    /// Reads and judges the settings for one process.
    ///
    /// # Errors
    /// Every mistake that could be found.
    pub fn of(source: &Source, process: Process) -> Result<Self, Mistakes> {
        let gateway: Self = source.parse()?;
        let mut problems = gateway.problems();
        let production = gateway.gateway.environment == Environment::Production;
        let keeps = gateway.postgres.is_some() && !process.faces_the_internet();
        if production && keeps && gateway.keys.is_none() {
            problems.push(Problem::new("keys", KEYS_ADVICE));
        }
        for (section, there, what) in [
            ("postgres", gateway.postgres.is_some(), "database credentials"),
            ("keys", gateway.keys.is_some(), "the keys of what is kept"),
        ] {
            if process.faces_the_internet() && there {
                let say = format!(
                    "{process} faces the internet and must not hold {what}: give it settings without this section"
                );
                problems.push(Problem::new(section, say));
            }
        }
        Mistakes::unless_none(source.locate(problems).into()).map(|()| gateway)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut check = |holds: bool, key: &str, say: &str| {
            if !holds {
                found.push(Problem::new(key, say));
            }
        };
        let code = &self.institution.credit_code;
        check(
            !self.institution.name.trim().is_empty(),
            "institution.name",
            "is empty: write the registered name",
        );
        check(
            code.len() == 18 && code.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()),
            "institution.credit_code",
            "is not a unified social credit code: 18 digits and capital letters",
        );
        check(self.retry.rungs_s == RUNGS_S, "retry.rungs_s", RUNGS_ADVICE);
        if let Some(broker) = &self.broker {
            check((1..=1024).contains(&broker.lanes), "broker.lanes", "must be 1 to 1024");
            check(
                broker.heartbeat_s > 0,
                "broker.heartbeat_s",
                "must be at least 1 s: a dead broker would go unnoticed",
            );
            check(broker.publish_timeout_ms > 0, "broker.publish_timeout_ms", "must be at least 1 ms");
        }
        if let Some(postgres) = &self.postgres {
            check(postgres.max_connections > 0, "postgres.max_connections", "must be at least 1");
        }
        if let Some(documents) = &self.documents {
            let web = super::partner::is_web_address(&documents.public_base_url);
            check(web, "documents.public_base_url", "is not an address: write https://host/path");
            check(
                documents.folder.is_some() != documents.store.is_some(),
                "documents",
                "must name the store of documents: either folder = \"PATH\" or store = \"s3://bucket/prefix\"",
            );
            check(
                documents.store.is_some() == documents.bucket.is_some(),
                "documents.bucket",
                "says how the bucket of documents.store is reached: neither is there without the other",
            );
            let production = self.gateway.environment == Environment::Production;
            check(!production || documents.keys.is_some(), "documents.keys", DOCUMENT_KEYS_ADVICE);
            check(documents.link_valid_days > 0, "documents.link_valid_days", "must be at least 1 day");
            if let Some(signer) = &documents.signer {
                check(
                    !(signer.sandbox && production),
                    "documents.signer.sandbox",
                    "permits sandbox certificates, and this is production: remove it and name the key of a certificate of a \
                     certification authority (or set gateway.environment = \"sandbox\")",
                );
                check_signer(signer, documents.trust.is_some(), &mut check);
            }
        }
        self.traces.check(&mut check);
        self.check_bounds(&mut check);
        found
    }

    fn check_bounds(&self, check: &mut impl FnMut(bool, &str, &str)) {
        const NONE: &str = "must be at least 1: nothing would get through";
        check(self.ingress.body_limit_bytes > 0, "ingress.body_limit_bytes", NONE);
        check(self.ingress.header_timeout_s > 0, "ingress.header_timeout_s", NONE);
        check(self.ingress.body_timeout_s > 0, "ingress.body_timeout_s", NONE);
        check(self.ingress.ask_deadline_ms > 0, "ingress.ask_deadline_ms", NONE);
        check(self.ingress.max_connections > 0, "ingress.max_connections", NONE);
        check(self.egress.total_timeout_s > 0, "egress.total_timeout_s", NONE);
        check(self.egress.connect_timeout_s > 0, "egress.connect_timeout_s", NONE);
        check(self.egress.reply_cap_bytes > 0, "egress.reply_cap_bytes", NONE);
        check(self.egress.concurrency > 0, "egress.concurrency", NONE);
        check(self.egress.breaker_failures > 0, "egress.breaker_failures", NONE);
    }
}

fn check_signer(signer: &Signer, trust: bool, check: &mut impl FnMut(bool, &str, &str)) {
    let pem = signer.key.is_some() && signer.certificates.is_some();
    let container = signer.container.is_some() && signer.password.is_some();
    check(
        pem != container && (signer.key.is_some() != signer.container.is_some()),
        "documents.signer",
        "must name either key and certificates (PEM) or container and password (PKCS#12)",
    );
    let url = signer.timestamp_url.as_ref();
    let web = url.is_none_or(|url| super::partner::is_web_address(url));
    check(web, "documents.signer.timestamp_url", "is not an address: write http://host/path");
    check(
        url.is_none() || trust,
        "documents.trust",
        "is missing: a timestamp authority is believed only if its root certificate is there",
    );
}

const KEYS_ADVICE: &str = "is missing, and this is production: what is kept in the database must be sealed. Make a key with \
                           `openssl rand -base64 32`, and name it: [keys] current = \"2026-11\", \
                           [keys.ring] 2026-11 = \"file:/path\"";
const DOCUMENT_KEYS_ADVICE: &str = "is missing, and this is production: documents must be sealed where they are kept. Make a key \
                                    with `openssl rand -base64 32`, and name it: [documents.keys] current = \"2026-11\", \
                                    [documents.keys.ring] 2026-11 = \"file:/path\"";
const RUNGS_ADVICE: &str = "must be [1, 15, 30, 180, 1800, 3600], the waits for which the broker has queues: \
                            remove the key, or change the broker's definitions and this program together";
