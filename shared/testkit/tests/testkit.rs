//! The kit does what it says, or no test built on it means anything.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use sqlx::{Connection, Executor, PgConnection};
use testkit::{Tap, eventually, free_port, fresh_database, services, world};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const WITHIN: Duration = Duration::from_secs(10);

async fn echo() -> String {
    let listener = TcpListener::bind(("127.0.0.1", free_port())).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
    });
    address
}

async fn echoed(stream: &mut TcpStream) -> std::io::Result<u8> {
    stream.write_u8(7).await?;
    stream.read_u8().await
}

#[tokio::test]
async fn a_tap_lets_through_swallows_delays_and_cuts() {
    let tap = Tap::open(echo().await).await;
    let mut stream = TcpStream::connect(tap.address()).await.unwrap();
    assert_eq!(echoed(&mut stream).await.unwrap(), 7);
    tap.black_hole();
    assert!(timeout(Duration::from_millis(200), echoed(&mut stream)).await.is_err());
    tap.heal();
    assert_eq!(timeout(WITHIN, stream.read_u8()).await.unwrap().unwrap(), 7, "late, but there");
    tap.delay(Duration::from_millis(150));
    let started = std::time::Instant::now();
    assert_eq!(echoed(&mut stream).await.unwrap(), 7);
    assert!(started.elapsed() >= Duration::from_millis(300), "held back in both directions");
    tap.cut();
    assert!(timeout(WITHIN, stream.read_u8()).await.unwrap().is_err());
    tap.heal();
    let mut again = TcpStream::connect(tap.address()).await.unwrap();
    assert_eq!(echoed(&mut again).await.unwrap(), 7);
    tap.sever();
    let mut refused = TcpStream::connect(tap.address()).await.unwrap();
    assert!(timeout(WITHIN, echoed(&mut refused)).await.unwrap().is_err());
}

#[tokio::test]
async fn a_fresh_database_is_empty_and_gone_afterwards() {
    let database = fresh_database().await;
    let url = database.url.clone();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute("create table t(x int)").await.unwrap();
    let other = fresh_database().await;
    assert_ne!(other.url, url);
    let mut elsewhere = PgConnection::connect(&other.url).await.unwrap();
    assert!(elsewhere.execute("select * from t").await.is_err());
    drop(database);
    assert!(PgConnection::connect(&url).await.is_err());
}

#[tokio::test]
async fn the_database_server_syncs_what_it_commits() {
    let mut connection = PgConnection::connect(&services().postgres).await.unwrap();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let query = sqlx::AssertSqlSafe(format!("show {setting}"));
        let value: String = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
        assert_eq!(value, "on", "{setting}");
    }
}

#[test]
fn a_world_is_gone_when_dropped() {
    let world = world();
    let (management, name) = (world.management().clone(), world.name.clone());
    assert!(management.request("GET", &format!("vhosts/{name}"), None).is_some());
    drop(world);
    assert!(management.request("GET", &format!("vhosts/{name}"), None).is_none());
}

#[tokio::test]
#[should_panic(expected = "not within")]
async fn waiting_has_a_bound() {
    eventually(Duration::from_millis(50), "never", || async { None::<()> }).await;
}
