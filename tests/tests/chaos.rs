//! The hardest promise: everything accepted reaches one final state and an acknowledged callback, nothing is applied twice,
//! while every process and every backing service is killed with SIGKILL under load.
//!
//! Three independent books are compared: the client's (written to disk before an answer counts), the receiver's (written
//! to disk before a callback is acknowledged), and PostgreSQL. Kills follow progress, not the clock: a run in which fewer
//! processes died than intended does not end green.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use gateway_tests::gateway::{Gateway, free_port};
use gateway_tests::platform::settings;
use gateway_tests::settings::{PartnerFile, Rules, Setup};
use gateway_tests::stack::Stack;
use sandbox::Receiver;
use sandbox::finserv::{Bidder, Partner, Reader, Settings};
use sqlx::{Connection, PgConnection, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const APPLICATIONS: usize = 300;
const CLIENTS: usize = 12;
/// Bounds, not measures: how long the system may take on a slow machine before the test gives up.
const ALL_ACCEPTED_WITHIN: Duration = Duration::from_secs(300);
const ALL_ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(240);
const ID: &str = "finserv-chaos";
/// Enough of the processes to place orders and call back; the relay lives in `worker-apply`.
const PROCESSES: &[&str] = &["worker-apply", "worker-callback", "egress-finserv", "ingress-finserv"];

/// What dies. A process is started again by the launcher, a backing service by its script.
#[derive(Debug, Clone, Copy)]
enum Victim {
    Process(&'static str),
    Service(&'static str),
}

use Victim::{Process, Service};

const EVERYTHING: &[Victim] = &[
    Process("worker-apply"),
    Process("egress-finserv"),
    Service("rabbitmq"),
    Process("ingress-finserv"),
    Process("worker-callback"),
    Service("postgres"),
    Process("worker-apply"),
    Service("redis"),
    Process("egress-finserv"),
    Service("rabbitmq"),
];

const WITHOUT_REDIS: &[Victim] = &[
    Process("worker-apply"),
    Process("ingress-finserv"),
    Service("rabbitmq"),
    Process("egress-finserv"),
    Process("worker-callback"),
];

/// The client's book: what was answered as accepted, on disk before it counts.
struct Book {
    file: Mutex<File>,
    accepted: Mutex<BTreeMap<String, String>>,
    count: AtomicUsize,
}

impl Book {
    fn open(path: &Path) -> Self {
        let file = Mutex::new(File::create(path).expect("the client's book"));
        Self { file, accepted: Mutex::default(), count: AtomicUsize::new(0) }
    }

    async fn write(&self, apply_no: &str, accept_no: &str) {
        let mut file = self.file.lock().await;
        writeln!(file, "{apply_no} {accept_no}").expect("a line in the client's book");
        file.sync_data().expect("the client's book on disk");
        let before = self.accepted.lock().await.insert(apply_no.to_owned(), accept_no.to_owned());
        assert!(before.is_none_or(|before| before == accept_no), "{apply_no} got two numbers");
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_everything_is_killed() {
    run("chaos", EVERYTHING, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_without_redis() {
    run("chaos-without-redis", WITHOUT_REDIS, true).await;
}

async fn run(name: &str, victims: &'static [Victim], without_redis: bool) {
    let stack = Stack::up(name).expect("backing services");
    let port = free_port().expect("a port");
    let rules =
        Rules { mode: "auto", payment: "simulated", schedule: "[1,1,1,1,1,1,1,1,1,1]", concurrency: 32 };
    let partner = PartnerFile::finserv(ID, &format!("127.0.0.1:{port}"), rules, "");
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/{name}-{}", std::process::id()));
    let mut gateway =
        Gateway::prepare(&folder, &stack, &Setup::default(), &[partner], PROCESSES).expect("settings");
    gateway.migrate().expect("a database");
    gateway.start_all().expect("a running gateway");
    if without_redis {
        stack.order("kill", "redis").expect("no Redis");
    }
    let settings = settings(ID, &format!("http://{}/{ID}", gateway.address("ingress-finserv")));
    let receiver = Receiver::start(
        ("127.0.0.1", port),
        Reader::new(settings.clone()).expect("keys"),
        Some(&folder.join("receiver")),
    )
    .await
    .expect("a receiver");
    let book = Arc::new(Book::open(&folder.join("client")));
    let clients = start_clients(&settings, &book);

    let gateway = tokio::task::block_in_place(|| {
        kill_as_it_goes(&mut gateway, &stack, victims, &book);
        gateway
    });
    tokio::time::timeout(ALL_ACCEPTED_WITHIN, async {
        for client in clients {
            client.await.expect("a client that never gives up");
        }
    })
    .await
    .expect("every application is accepted in the end, however often the partner must repeat it");

    let accepted = book.accepted.lock().await.clone();
    assert_eq!(accepted.len(), APPLICATIONS, "every application was accepted");
    let numbers: BTreeSet<&String> = accepted.values().collect();
    assert_eq!(numbers.len(), APPLICATIONS, "every application has a number of its own");
    check_receiver(&receiver, &numbers).await;
    check_database(stack.address("GATEWAY_POSTGRES_URL"), &numbers).await;
    drop(gateway);
    std::fs::remove_dir_all(&folder).expect("nothing is left behind");
}

/// Partners that repeat the same bytes until they hear success, as real ones do.
fn start_clients(settings: &Settings, book: &Arc<Book>) -> Vec<tokio::task::JoinHandle<()>> {
    let next = Arc::new(AtomicUsize::new(0));
    let client = |_| {
        let (next, book) = (Arc::clone(&next), Arc::clone(book));
        let partner = Partner::new(settings.clone()).expect("keys");
        tokio::spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::SeqCst);
                if n >= APPLICATIONS {
                    return;
                }
                let bidder = Bidder::new(7, n as u64, sandbox::now());
                let letter = partner.write(&bidder.bid_application());
                loop {
                    match partner.post(&letter).await {
                        Ok(answer) if answer.success() => {
                            book.write(&bidder.apply_no(), answer.text("accept_no")).await;
                            break;
                        }
                        // Refused connection, reset, or the protocol's failure answer: try again.
                        _ => tokio::time::sleep(Duration::from_millis(50)).await,
                    }
                }
            }
        })
    };
    (0..CLIENTS).map(client).collect()
}

/// Kills one victim after each share of the applications was accepted.
fn kill_as_it_goes(gateway: &mut Gateway, stack: &Stack, victims: &[Victim], book: &Book) {
    let share = APPLICATIONS / (victims.len() + 1);
    let until = Instant::now() + ALL_ACCEPTED_WITHIN;
    for (index, victim) in victims.iter().enumerate() {
        while book.count.load(Ordering::SeqCst) < share * (index + 1) {
            assert!(Instant::now() < until, "no progress before {victim:?} could be killed");
            std::thread::sleep(Duration::from_millis(2));
        }
        match *victim {
            Process(name) => {
                gateway.kill(name).expect("killed");
                gateway.launch(name).expect("started again");
            }
            Service(name) => {
                stack.order("kill", name).expect("killed");
                stack.order("start", name).expect("started again");
            }
        }
    }
}

/// The receiver's book: every accepted application is told, by the same words each time, and nothing else is.
async fn check_receiver(receiver: &Receiver, numbers: &BTreeSet<&String>) {
    let until = Instant::now() + ALL_ACKNOWLEDGED_WITHIN;
    let good = || -> BTreeSet<String> {
        receiver
            .ledger()
            .select(|entry| entry.good())
            .iter()
            .map(|entry| entry.text("accept_no").to_owned())
            .collect()
    };
    while good().len() < numbers.len() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let told = good();
    let missing: Vec<_> = numbers.iter().filter(|no| !told.contains(**no)).collect();
    assert!(
        missing.is_empty(),
        "{} applications were never told: {:?}",
        missing.len(),
        &missing[..missing.len().min(5)]
    );
    for entry in receiver.ledger().entries() {
        assert!(
            entry.verified && entry.problems.is_empty(),
            "a callback that is not as documented: {entry:?}"
        );
        assert!(!entry.changed, "a repeated callback said something else: {entry:?}");
        assert!(told.contains(entry.text("accept_no")), "a callback about nothing we applied for: {entry:?}");
        assert_eq!(entry.text("approve_status"), "1", "{entry:?}");
    }
}

/// PostgreSQL's book: one order each, one final state each, each transition once, nothing left to send.
async fn check_database(url: &str, numbers: &BTreeSet<&String>) {
    let until = Instant::now() + ALL_ACKNOWLEDGED_WITHIN;
    let mut database = PgConnection::connect(url).await.expect("PostgreSQL");
    while count(&mut database, "select count(*) from callbacks where state <> 'delivered'").await > 0
        && Instant::now() < until
    {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let expected = i64::try_from(numbers.len()).expect("a small number");
    for (what, sql, is) in [
        ("orders", "select count(*) from orders", expected),
        ("orders issued", "select count(*) from orders where state = 'issued'", expected),
        ("guarantee numbers", "select count(distinct guarantee_no) from orders", expected),
        ("orders with a number of transitions that is not theirs", ODD_HISTORY, 0),
        ("transitions that happened twice", TWICE, 0),
        ("callbacks", "select count(*) from callbacks", expected),
        ("callbacks acknowledged", "select count(*) from callbacks where state = 'delivered'", expected),
        ("messages left to send", "select count(*) from outbox", 0),
        ("conflicts", "select count(*) from conflicts", 0),
    ] {
        assert_eq!(count(&mut database, sql).await, is, "{what}");
    }
    let rows = sqlx::query("select no from orders").fetch_all(&mut database).await.expect("orders");
    let known: BTreeSet<String> = rows.iter().map(|row| row.get("no")).collect();
    assert!(numbers.iter().all(|no| known.contains(*no)), "every number answered is an order");
}

/// An order that was placed, approved, paid and issued has version 4, and its timeline ends there.
const ODD_HISTORY: &str = "select count(*) from orders o where version <> 4 or version <> (
    select max(version) from events e where e.order_no = o.no and e.no = o.no)";
/// A version of an order is reached once.
const TWICE: &str = "select count(*) from (select no, version, what from events where version > 0
    group by no, version, what having count(*) > 1) as twice";

async fn count(database: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(database).await.expect("a count")
}
