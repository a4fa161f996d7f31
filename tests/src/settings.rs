//! The settings files of a gateway under test: the same form an operator writes.

use sandbox::dummy_keys::YUEYANG_PLATFORM;
use sandbox::rsa_blocks::KeyPair;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What differs between runs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How long ingress waits for a worker's answer, milliseconds.
    pub ask_deadline_ms: u64,
    /// Total deadline of a delivery, seconds.
    pub delivery_timeout_s: u64,
    /// Publishing lanes of each process.
    pub lanes: u16,
    /// Where traces are sent, if anywhere: `http://host:port`.
    pub traces: Option<String>,
}

/// The file of one partner instance.
#[derive(Debug, Clone)]
pub struct PartnerFile {
    /// The partner id, which is also the name of the file.
    pub id: String,
    /// The whole file.
    pub toml: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self { ask_deadline_ms: 8000, delivery_timeout_s: 3, lanes: 32, traces: None }
    }
}

/// How decisions are made and premiums paid for a partner under test.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// `auto` or `manual`.
    pub mode: &'static str,
    /// `later`, `simulated` or `operator`.
    pub payment: &'static str,
    /// The retry schedule, seconds.
    pub schedule: &'static str,
    /// Concurrent deliveries.
    pub concurrency: u32,
}

impl PartnerFile {
    /// A finserv partner whose receiver is at `receiver` (host:port); keys are dummies. `settings` are further lines of the
    /// section `[settings]`.
    #[must_use]
    pub fn finserv(id: &str, receiver: &str, rules: Rules, settings: &str) -> Self {
        let Rules { mode, payment, schedule, concurrency } = rules;
        let host = receiver.split(':').next().unwrap_or_default();
        let toml = format!(
            r#"id = "{id}"
protocol = "finserv"
title = "测试平台 {id}"
base_url = "http://{receiver}/{id}"
callback_hosts = ["{host}"]
retry_schedule_s = {schedule}

[egress]
concurrency = {concurrency}

[policy]
orders = "{mode}"
claims = "{mode}"
invoices = "{mode}"
refunds = "{mode}"
releases = "{mode}"
payment = "{payment}"
rate_card = {{ rate = "0.005", minimum = "100.00" }}

[settings]
access_key = "{id}-key"
secret_key = "file:{id}.secret"
iv = "file:{id}.iv"
merchant_name = "示范担保有限公司"
{settings}
"#
        );
        Self { id: id.to_owned(), toml }
    }

    /// A pubres partner whose receiver is at `receiver` (host:port); keys are dummies. `settings` are further lines of the
    /// section `[settings]`.
    #[must_use]
    pub fn pubres(id: &str, receiver: &str, rules: Rules, settings: &str) -> Self {
        let Rules { mode, payment, schedule, concurrency } = rules;
        let toml = format!(
            r#"id = "{id}"
protocol = "pubres"
title = "测试平台 {id}"
base_url = "http://{receiver}/rest/{{interface}}"
retry_schedule_s = {schedule}

[egress]
concurrency = {concurrency}

[policy]
orders = "{mode}"
claims = "{mode}"
invoices = "{mode}"
refunds = "{mode}"
releases = "{mode}"
payment = "{payment}"
term_days = 120
rate_card = {{ rate = "0.005", minimum = "100.00" }}
# The sandbox lets larger orders wait, to withdraw them.
auto = {{ max_bond = "2000000.00" }}

[settings]
appkey = "{id}-key"
appsecret = "file:{id}.secret"
platform_code = "{id}"
instname = "示范担保有限公司"
{settings}
"#
        );
        Self { id: id.to_owned(), toml }
    }

    /// A fuzhou partner whose platform is at `receiver` (host:port); keys are dummies. `settings` are further lines of the
    /// section `[settings]`.
    #[must_use]
    pub fn fuzhou(id: &str, receiver: &str, rules: Rules, settings: &str) -> Self {
        let Rules { mode, payment, schedule, concurrency } = rules;
        let host = receiver.split(':').next().unwrap_or_default();
        let toml = format!(
            r#"id = "{id}"
protocol = "fuzhou"
title = "测试平台 {id}"
base_url = "http://{receiver}/api/insurer/v1/"
file_hosts = ["{host}"]
retry_schedule_s = {schedule}

[egress]
concurrency = {concurrency}

[limits]
body_limit_bytes = 11534336

[policy]
orders = "{mode}"
claims = "{mode}"
invoices = "{mode}"
payment = "{payment}"
also_tell = ["confirmed", "surveyed", "quoted", "paid", "withdrawal", "claim_accepted", "claim_paid"]
reissue = true
fetch_files = true
rate_card = {{ rate = "0.005", minimum = "100.00" }}

[settings]
api_key = "file:{id}.secret"
api_secret = "file:{id}.iv"
rsa_pk = "file:{id}.rsa_pk"
rsa_sk = "file:{id}.rsa_sk"
api_rsa_pk = "file:{id}.api_rsa_pk"
btc_id = 223
insurer_name = "示范财产保险有限公司"
return_hosts = ["{host}"]
unsigned_from = ["127.0.0.1"]
{settings}
"#
        );
        Self { id: id.to_owned(), toml }
    }

    /// A govproc partner whose receiver is at `receiver` (host:port); keys are dummies. `settings` are further lines of the
    /// section `[settings]`.
    #[must_use]
    pub fn govproc(id: &str, receiver: &str, rules: Rules, settings: &str) -> Self {
        let Rules { mode, payment, schedule, concurrency } = rules;
        let toml = format!(
            r#"id = "{id}"
protocol = "govproc"
title = "测试平台 {id}"
base_url = "http://{receiver}"
retry_schedule_s = {schedule}

[egress]
concurrency = {concurrency}

[policy]
orders = "{mode}"
refunds = "{mode}"
releases = "{mode}"
payment = "{payment}"
term_days = 120
also_tell = ["paid", "premium_returned"]
rate_card = {{ rate = "0.005", minimum = "100.00" }}

[settings]
app_key = "{id}-key"
app_secret = "file:{id}.secret"
iv = "file:{id}.iv"
transport = "sandbox"
public_base_url = "http://{{ingress-govproc}}"
link_secret = "file:{id}.link"
sellername = "示范担保有限公司"
selleraddress = "某市某区示范路 1 号"
sellerphone = "000-00000000"
{settings}
"#
        );
        Self { id: id.to_owned(), toml }
    }

    /// A yueyang partner whose receiver is at `receiver` (host:port): a bank, with dummy names. `settings` are further lines
    /// of the section `[settings]`.
    #[must_use]
    pub fn yueyang(id: &str, receiver: &str, rules: Rules, settings: &str) -> Self {
        let Rules { mode, payment, schedule, concurrency } = rules;
        let toml = format!(
            r#"id = "{id}"
protocol = "yueyang"
title = "测试平台 {id}"
base_url = "http://{receiver}/front/"
retry_schedule_s = {schedule}

[egress]
concurrency = {concurrency}

[policy]
orders = "{mode}"
claims = "{mode}"
invoices = "{mode}"
refunds = "{mode}"
releases = "{mode}"
credits = "{mode}"
payment = "{payment}"
term_days = 120
also_tell = ["withdrawal"]
rate_card = {{ rate = "0.0025", minimum = "100.00" }}
credit = {{ limit = "5000000.00", valid_days = 365 }}

[settings]
user = "{id}"
code = "file:{id}.secret"
inst_name = "示范担保有限公司"
insurance_code = "91310110666007217T"
claim_contact_name = "示范理赔员"
claim_contact_phone = "010-00000000"
institution = "bank"
{settings}
"#
        );
        Self { id: id.to_owned(), toml }
    }

    /// The protocol it speaks.
    #[must_use]
    pub fn protocol(&self) -> &str {
        let line = self.toml.lines().find_map(|line| line.strip_prefix("protocol = \""));
        line.and_then(|rest| rest.strip_suffix('"')).unwrap_or_default()
    }
}

/// The AES key and MD5 secret of every partner under test: a dummy of 16 bytes.
pub const SECRET: &str = "0123456789abcdef";
/// The AES vector of every partner under test: a dummy of 16 bytes.
pub const IV: &str = "fedcba9876543210";
/// Another AES key, `file:<id>.aes` in a partner's file: base64 of a dummy of 24 bytes.
pub const LONG_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

/// The dummy keys of every fuzhou partner under test: the halves of what the sandbox's platforms hold.
const FUZHOU_KEYS: [(&str, &str); 3] = [
    ("rsa_pk", include_str!("../../deploy/dev/secrets/dummy-fuzhou-demo.rsa_pk.pem")),
    ("rsa_sk", include_str!("../../deploy/dev/secrets/dummy-fuzhou-demo.rsa_sk.pem")),
    ("api_rsa_pk", include_str!("../../deploy/dev/secrets/dummy-fuzhou-demo.api_rsa_pk.pem")),
];

/// What signs the links of every partner under test: a dummy of 38 bytes.
pub const LINK_SECRET: &str = "dummy-link-secret-of-at-least-32-bytes";

/// What is kept in the database under test is sealed with this: base64 of a dummy of 32 bytes.
pub const AT_REST_KEY: &str = "ZHVtbXktYXQtcmVzdC1rZXktb2YtdGhpcy10ZXN0LTE=";
/// The dummy under which documents are sealed, base64 of 32 bytes.
pub const DOCUMENTS_KEY: &str = "ZHVtbXkta2V5LW9mLWRvY3VtZW50cy10aGlzLXRlc3Q=";

/// The sandbox keys that documents are signed with, made if they are not there.
fn signing_keys() -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let folder = root.join("target/dev/signing");
    let made = Command::new(root.join("scripts/signing-keys")).arg(&folder).output()?;
    let complaint = || io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned());
    if made.status.success() { Ok(folder) } else { Err(complaint()) }
}

pub(crate) fn write_settings(
    folder: &Path,
    setup: &Setup,
    partners: &[PartnerFile],
    files: u16,
) -> io::Result<()> {
    let here = folder.display();
    let keys = signing_keys()?;
    let keys = keys.display();
    let Setup { ask_deadline_ms, delivery_timeout_s, lanes, traces } = setup;
    let traces = traces.as_ref().map(|endpoint| format!("[traces]\nendpoint = \"{endpoint}\"\n"));
    let traces = traces.unwrap_or_default();
    fs::write(folder.join("link.secret"), LINK_SECRET)?;
    fs::write(
        folder.join("gateway.toml"),
        format!(
            r#"[gateway]
environment = "sandbox"

[institution]
name = "示范担保有限公司"
short_name = "示范担保"
credit_code = "91310110666007217T"

[broker]
url = "env:GATEWAY_AMQP_URL"
lanes = {lanes}

[redis]
url = "env:GATEWAY_REDIS_URL"

[ingress]
ask_deadline_ms = {ask_deadline_ms}

[egress]
total_timeout_s = {delivery_timeout_s}
breaker_rest_s = 1
# The receivers are on this machine.
private_networks = ["127.0.0.0/8"]

[documents]
folder = "{here}/documents"
public_base_url = "http://127.0.0.1:{files}"
link_secret = "file:{here}/link.secret"
trust = "{keys}/root.pem"

[documents.keys]
current = "test-1"

[documents.keys.ring]
test-1 = "file:{here}/documents.key"

[documents.signer]
key = "file:{keys}/rsa.key"
certificates = "{keys}/rsa.chain.pem"
sandbox = true

[partners]
folder = "{here}/partners"

{traces}"#
        ),
    )?;
    fs::write(folder.join("at-rest.key"), AT_REST_KEY)?;
    fs::write(folder.join("documents.key"), DOCUMENTS_KEY)?;
    fs::write(
        folder.join("postgres.toml"),
        format!(
            r#"[postgres]
url = "env:GATEWAY_POSTGRES_URL"
max_connections = 16

[keys]
current = "test-1"

[keys.ring]
test-1 = "file:{here}/at-rest.key"
"#
        ),
    )?;
    fs::create_dir_all(folder.join("partners"))?;
    for partner in partners {
        let secrets = folder.join("partners").join(&partner.id);
        fs::write(secrets.with_extension("secret"), SECRET)?;
        fs::write(secrets.with_extension("iv"), IV)?;
        fs::write(secrets.with_extension("aes"), LONG_KEY)?;
        fs::write(secrets.with_extension("link"), LINK_SECRET)?;
        if partner.protocol() == "fuzhou" {
            for (name, pem) in FUZHOU_KEYS {
                fs::write(secrets.with_extension(name), pem)?;
            }
        }
        if partner.protocol() == "yueyang" {
            let pair = KeyPair::from_pem(YUEYANG_PLATFORM).map_err(io::Error::other)?;
            fs::write(secrets.with_extension("platform"), pair.public().to_spki_pem())?;
        }
        let toml = partner.toml.replace("file:", &format!("file:{here}/partners/"));
        fs::write(secrets.with_extension("toml"), toml)?;
    }
    Ok(())
}
