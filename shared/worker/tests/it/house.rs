//! A worker's engine on a database of its own, without queues: messages are handed in by hand.

use super::samples::{at, origin};
use domain::{Command, Mode, Payment, Policy, RateCard, Reply};
use messages::Envelope;
use store::{Store, StoreSettings};
use testkit::{FreshDatabase, fresh_database};
use worker::{Engine, Office, Policies, Verdict};

/// An engine, its database, and a way to look behind it.
pub(crate) struct House<O> {
    policies: Policies,
    pub(crate) engine: Engine<O>,
    pub(crate) store: Store,
    pub(crate) pool: sqlx::PgPool,
    _database: FreshDatabase,
}

/// A policy that decides everything in this mode.
pub(crate) fn policy(mode: Mode, payment: Payment) -> Policy {
    Policy {
        orders: mode,
        claims: mode,
        invoices: mode,
        refunds: mode,
        releases: mode,
        payment,
        rate_card: RateCard {
            rate: domain::Rate::parse("0.005").expect("a rate"),
            minimum: domain::Money::from_fen(10_000),
        },
        auto: domain::AutoRules::default(),
        guarantee_prefix: "BH".to_owned(),
        credits: Mode::Manual,
        term_days: None,
        reissue: false,
        fetch_files: false,
        also_tell: Vec::new(),
        credit: None,
    }
}

/// Where the press of this test process keeps its documents: below the build folder, so that nothing is left elsewhere.
pub(crate) fn documents() -> documents::Documents {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/test-documents");
    documents::Documents::open(folder).expect("a folder")
}

/// A press of a made-up institution.
pub(crate) fn press() -> worker::Press {
    let secret = crypto::secret::Secret::new("dummy-link-secret-of-at-least-32-bytes");
    let links = documents::Links::new("https://files.example.cn", secret, 90).expect("a base");
    worker::Press::new(documents(), links, printer(), notary())
}

/// The printer of a made-up institution.
pub(crate) fn printer() -> documents::Printer {
    let issuer =
        documents::Issuer { name: "示范担保有限公司".to_owned(), ..documents::Issuer::default() };
    let fonts = std::path::Path::new("/usr/share/fonts/opentype/noto");
    documents::Printer::open(issuer, fonts, None).expect("fonts and templates")
}

/// The folder of the sandbox keys.
pub(crate) fn keys() -> std::path::PathBuf {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("target/dev/signing");
    let made = std::process::Command::new(root.join("scripts/signing-keys")).arg(&folder).status();
    assert!(made.expect("scripts/signing-keys").success());
    folder
}

/// A notary with the sandbox key.
pub(crate) fn notary() -> worker::Notary {
    let read = |name: &str| std::fs::read_to_string(keys().join(name)).expect("a key");
    worker::Notary::from_pem(&read("rsa.key"), &read("rsa.chain.pem")).expect("a notary")
}

/// A house for the partner `demo`.
pub(crate) async fn house<O: Office>(office: O, policy: Policy) -> House<O> {
    let database = fresh_database().await;
    let store = Store::connect(&StoreSettings::new(&database.url, "test")).expect("settings");
    store.migrate().await.expect("migrates");
    let pool = sqlx::PgPool::connect(&database.url).await.expect("connects");
    let policies = Policies::new([(origin("demo").partner, policy)]);
    let engine = Engine::new(office, "worker-test", store.clone(), policies.clone());
    House { engine, store, pool, policies, _database: database }
}

/// A command as ingress would send it.
pub(crate) fn envelope(interface: &str, business_no: &str, command: Command) -> Envelope<Command> {
    let from = origin("demo");
    let no = domain::AcceptanceNo::of(&from.partner, interface, business_no);
    let content = format!("content of {business_no}");
    Envelope::command(no, from, interface, content, at(0), command)
}

impl<O: Office> House<O> {
    /// The window of the partner `demo`.
    pub(crate) fn window(&self) -> worker::Window {
        worker::Window {
            store: self.store.clone(),
            origin: origin("demo"),
            now: at(0),
            policies: self.policies.clone(),
        }
    }

    /// Hands in a message that somebody waits for.
    pub(crate) async fn ask(&self, envelope: &Envelope<Command>) -> Reply {
        match self.engine.judge(envelope, String::new(), true).await {
            Verdict::Replied(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    /// The number a query counts.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.expect("counts")
    }

    /// The texts a query finds.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.expect("finds")
    }
}
