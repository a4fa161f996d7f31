//! The sections of the gateway's settings, field by field, with units and defaults.

use crypto::secret::SecretRef;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// `[gateway]`: the installation as a whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installation {
    /// What it is for. Default `production`: what belongs to the sandbox is a mistake.
    #[serde(default)]
    pub environment: Environment,
}

/// What an installation is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real guarantees.
    #[default]
    Production,
    /// Trying out: nothing in it counts.
    Sandbox,
}

/// `[institution]`: who guarantees; printed on documents and sent to partners. Required.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Full registered name, as on the business licence.
    pub name: String,
    /// Name for narrow places.
    pub short_name: String,
    /// Unified social credit code (统一社会信用代码), 18 characters.
    pub credit_code: String,
    /// Business address; absent if it is not to be printed.
    pub address: Option<String>,
    /// Telephone for verification of guarantees; absent if it is not to be printed.
    pub phone: Option<String>,
}

/// `[broker]`: RabbitMQ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// `amqp://user:password@host:port/vhost`, as a secret.
    pub url: SecretRef,
    /// Publishing channels, each with one message in flight. Default 32.
    #[serde(default = "Broker::lanes")]
    pub lanes: u16,
    /// Heartbeat, seconds; a silent broker is given up after twice that. Default 10.
    #[serde(default = "Broker::heartbeat_s")]
    pub heartbeat_s: u16,
    /// How long a publish may wait for its confirm, milliseconds. Default 3000.
    #[serde(default = "Broker::publish_timeout_ms")]
    pub publish_timeout_ms: u64,
}

impl Broker {
    fn lanes() -> u16 {
        32
    }
    fn heartbeat_s() -> u16 {
        10
    }
    fn publish_timeout_ms() -> u64 {
        3000
    }
}

/// `[redis]`: the fast path; everything works without it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// `redis://user:password@host:port/db`, as a secret.
    pub url: SecretRef,
    /// Longest wait for one answer before going on without Redis, milliseconds. Default 50.
    #[serde(default = "Redis::timeout_ms")]
    pub timeout_ms: u64,
}

impl Redis {
    fn timeout_ms() -> u64 {
        50
    }
}

/// `[postgres]`: the truth. Forbidden to ingress, egress and files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// `postgres://user:password@host:port/database`, as a secret.
    pub url: SecretRef,
    /// Connections of one process. Default 8.
    #[serde(default = "Postgres::max_connections")]
    pub max_connections: u32,
}

impl Postgres {
    fn max_connections() -> u32 {
        8
    }
}

/// `[keys]`: what is kept in the database is sealed under one of these; forbidden where `[postgres]` is. Of the same form is
/// `[documents.keys]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The name of the key that seals; the others only open.
    pub current: String,
    /// `[keys.ring]`: each key by its name (lower-case letters, digits, hyphens): 32 bytes in base64 or hexadecimal.
    pub ring: BTreeMap<String, SecretRef>,
}

/// `[ingress]`: the port for a partner's requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ingress {
    /// Address and port; `GATEWAY_LISTEN` overrides it. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Largest request body, bytes. Default 2097152 (2 MiB).
    pub body_limit_bytes: usize,
    /// For a request's head to arrive, seconds. Default 10.
    pub header_timeout_s: u64,
    /// For a request's body to arrive, in total, seconds. Default 15.
    pub body_timeout_s: u64,
    /// How long a partner is kept waiting for a worker's verdict, milliseconds. Default 8000.
    pub ask_deadline_ms: u64,
    /// Connections open at the same time. Default 2048.
    pub max_connections: u32,
    /// `[ingress.tls]`: HTTPS here; absent if a proxy in front speaks it.
    pub tls: Option<Tls>,
    /// Addresses and networks of proxies of ours in front: only from these is `X-Forwarded-For` believed. Default none.
    pub trusted_proxies: Vec<String>,
}

/// `[ingress.tls]`: the certificate of a port, and who may connect.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Our certificates: PEM, our own first, then those that lead to a root.
    pub certificates: PathBuf,
    /// The private key: PEM.
    pub key: SecretRef,
    /// Root certificates (PEM) of callers: whoever shows no certificate from them cannot connect. Default: anyone connects.
    pub client_roots: Option<PathBuf>,
}

/// `[egress.tls]` of a partner: how it and we know each other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerTls {
    /// Our certificate for this partner, PEM, with those that lead to a root.
    pub certificates: Option<PathBuf>,
    /// Its private key: PEM.
    pub key: Option<SecretRef>,
    /// Root certificates (PEM) of the partner, believed instead of the system's. Default: the system's.
    pub roots: Option<PathBuf>,
}

impl Default for Ingress {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_limit_bytes: 2 * 1024 * 1024,
            header_timeout_s: 10,
            body_timeout_s: 15,
            ask_deadline_ms: 8000,
            max_connections: 2048,
            tls: None,
            trusted_proxies: Vec::new(),
        }
    }
}

/// `[egress]`: deliveries to partners.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Egress {
    /// For connecting, sending, and reading the whole reply, seconds. Default 30.
    pub total_timeout_s: u64,
    /// For connecting alone, seconds. Default 5.
    pub connect_timeout_s: u64,
    /// Largest reply that is read, bytes; a longer one is cut and judged so. Default 1048576 (1 MiB).
    pub reply_cap_bytes: usize,
    /// Deliveries to one partner at the same time. Default 16.
    pub concurrency: usize,
    /// Failures in a row after which a partner is left alone for a while. Default 10.
    pub breaker_failures: u32,
    /// For how long, seconds. Default 15.
    pub breaker_rest_s: u64,
    /// Networks beside the open internet that may be connected to, `10.1.0.0/16` or one address: partners on a private line.
    /// Default none: loopback, private and link-local addresses are refused, whatever name leads to them.
    pub private_networks: Vec<String>,
}

impl Default for Egress {
    fn default() -> Self {
        Self {
            total_timeout_s: 30,
            connect_timeout_s: 5,
            reply_cap_bytes: 1024 * 1024,
            concurrency: 16,
            breaker_failures: 10,
            breaker_rest_s: 15,
            private_networks: Vec::new(),
        }
    }
}

/// `[documents]`: guarantee documents and the links under which partners fetch them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Folder of the document store; absent if `store` names a bucket.
    pub folder: Option<PathBuf>,
    /// Bucket of the document store, `s3://bucket/prefix`; its service and keys stand in `[documents.bucket]`.
    pub store: Option<String>,
    /// `[documents.bucket]`: how the bucket is reached.
    pub bucket: Option<Bucket>,
    /// What a link begins with, `https://host/path`; the files service answers there.
    pub public_base_url: String,
    /// Signs links.
    pub link_secret: SecretRef,
    /// How long a link works, days. Default 90.
    #[serde(default = "Documents::link_valid_days")]
    pub link_valid_days: u32,
    /// `[documents.keys]`: documents are sealed under one of these; a ring of its own, because `files` and egress hold it.
    pub keys: Option<Keys>,
    /// Folder of the fonts documents are set in. Default `/usr/share/fonts/opentype/noto`, where Debian installs
    /// `fonts-noto-cjk`.
    #[serde(default = "Documents::fonts")]
    pub fonts: PathBuf,
    /// Folder of the institution's own templates; absent if those that come with the program are used.
    pub templates: Option<PathBuf>,
    /// Root certificates (PEM): of signers whose documents are believed, and of the timestamp authority. Default none.
    pub trust: Option<PathBuf>,
    /// `[documents.signer]`: the key that signs what is issued; whoever issues cannot do without.
    pub signer: Option<Signer>,
}

/// `[documents.signer]`: the institution's key, as PEM (`key` and `certificates`) or PKCS#12 (`container`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// The private key: PEM, PKCS#8.
    pub key: Option<SecretRef>,
    /// Its certificates: PEM, the signer's first, then those that lead to a root.
    pub certificates: Option<PathBuf>,
    /// A PKCS#12 container with both.
    pub container: Option<PathBuf>,
    /// The password of an encrypted key or of the container.
    pub password: Option<SecretRef>,
    /// Permits a certificate of the sandbox. Default false.
    #[serde(default)]
    pub sandbox: bool,
    /// Address of an RFC 3161 timestamp authority; its root must be in `trust`. Default: no timestamps.
    pub timestamp_url: Option<String>,
    /// With timestamps: also one over the whole document, so that it can be verified after the certificates have expired.
    /// Default true.
    #[serde(default = "Signer::archive")]
    pub archive: bool,
}

/// `[documents.bucket]`: a service that speaks S3.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Address of the service, `https://host:port`; absent for Amazon's.
    pub endpoint: Option<String>,
    /// Region. Default `us-east-1`, which services of one region take.
    #[serde(default = "Bucket::region")]
    pub region: String,
    /// Id of the access key.
    pub access_key: SecretRef,
    /// Its secret.
    pub secret_key: SecretRef,
}

impl Bucket {
    fn region() -> String {
        "us-east-1".to_owned()
    }
}

impl Signer {
    fn archive() -> bool {
        true
    }
}

impl Documents {
    fn fonts() -> PathBuf {
        PathBuf::from("/usr/share/fonts/opentype/noto")
    }

    fn link_valid_days() -> u32 {
        90
    }
}

/// `[files]`: the port of the files service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Address and port; `GATEWAY_LISTEN` overrides it. Default `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// Addresses and networks of proxies of ours in front: only from these is `X-Forwarded-For` believed. Default none.
    pub trusted_proxies: Vec<String>,
}

impl Default for Files {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8081)), trusted_proxies: Vec::new() }
    }
}

/// `[admin]`: health and metrics; never to be reachable from the internet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Address and port; `GATEWAY_ADMIN_LISTEN` overrides it. Default `127.0.0.1:9090`.
    pub listen: SocketAddr,
}

impl Default for Admin {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 9090)) }
    }
}

/// `[process]`: how a process ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProcessSettings {
    /// For what is in flight when a process is told to stop, seconds. Default 20.
    pub drain_s: u64,
}

impl Default for ProcessSettings {
    fn default() -> Self {
        Self { drain_s: 20 }
    }
}

/// `[retry]`: the waits there are queues for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retry {
    /// Seconds, ascending; must equal the broker's definitions. Default 1, 15, 30, 180, 1800, 3600.
    pub rungs_s: Vec<u32>,
}

impl Default for Retry {
    fn default() -> Self {
        Self { rungs_s: super::RUNGS_S.to_vec() }
    }
}

/// `[partners]`: where the partner instances are described.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Partners {
    /// Folder of one TOML file per instance, relative to where the process runs. Default `partners`.
    pub folder: PathBuf,
}

impl Default for Partners {
    fn default() -> Self {
        Self { folder: PathBuf::from("partners") }
    }
}
