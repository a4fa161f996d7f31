//! `baohan keys`: what needs which key, and what is left when the old one has gone.

use crate::desk::{AT_REST_KEY, Desk};
use crate::samples::{store, waiting};
use serde_json::Value;
use testkit::fresh_database;

const OLD: &str = "[postgres]\nurl = \"env:GATEWAY_POSTGRES_URL\"\n[keys]\ncurrent = \"test-1\"\n\
                   [keys.ring]\ntest-1 = \"file:HERE/at-rest.key\"\n";
const BOTH: &str = "[postgres]\nurl = \"env:GATEWAY_POSTGRES_URL\"\n[keys]\ncurrent = \"test-2\"\n\
                    [keys.ring]\ntest-1 = \"file:HERE/at-rest.key\"\ntest-2 = \"file:HERE/next.key\"\n";
const NEW: &str = "[postgres]\nurl = \"env:GATEWAY_POSTGRES_URL\"\n[keys]\ncurrent = \"test-2\"\n\
                   [keys.ring]\ntest-2 = \"file:HERE/next.key\"\n";

fn rows(told: &str) -> Vec<(String, i64)> {
    let told: Value = serde_json::from_str(told).unwrap();
    let key = |key: &Value| (key["id"].as_str().unwrap().to_owned(), key["rows"].as_i64().unwrap());
    let mut all: Vec<_> = told["keys"].as_array().unwrap().iter().map(key).collect();
    all.push(("plain".to_owned(), told["plain"].as_i64().unwrap()));
    all
}

fn said(pairs: &[(&str, i64)]) -> Vec<(String, i64)> {
    pairs.iter().map(|(id, rows)| ((*id).to_owned(), *rows)).collect()
}

#[tokio::test]
async fn keys_are_changed_and_the_old_one_is_told_to_be_free() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    // Written before there were keys: the order and the reply.
    let store = store(&database).await;
    let order = waiting(&store, "finserv-demo", "1").await;
    desk.write("postgres.toml", OLD);
    desk.write("next.key", "33".repeat(32).as_str());
    let before = rows(&desk.done(&["keys", "status", "--json"]));
    assert_eq!(before[0], ("test-1".to_owned(), 0));
    let all = before[1].1;
    assert!(all >= 2, "{before:?}");
    let told = desk.done(&["keys", "rotate", "--json"]);
    assert_eq!(rows(&told), said(&[("test-1", all), ("plain", 0)]));
    desk.write("postgres.toml", BOTH);
    assert_eq!(
        rows(&desk.done(&["keys", "status", "--json"])),
        said(&[("test-1", all), ("test-2", 0), ("plain", 0)])
    );
    let told = desk.done(&["keys", "rotate"]);
    assert!(told.contains("test-1: 0，可从 [keys.ring] 移除") && told.contains("test-2"), "{told}");
    desk.write("postgres.toml", NEW);
    assert_eq!(rows(&desk.done(&["keys", "status", "--json"])), said(&[("test-2", all), ("plain", 0)]));
    let story = desk.done(&["orders", "show", order.no.as_str()]);
    assert!(story.contains(order.no.as_str()), "{story}");
    assert_eq!(audited(&database.url).await, ["test-1", "test-2"]);
}

async fn audited(url: &str) -> Vec<String> {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let sql =
        "select detail->>'current' from audit where action = 'rotate_keys' and who = 'wang' order by id";
    sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap()
}

#[tokio::test]
async fn a_key_taken_out_too_early_is_named() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let store = store(&database).await;
    let order = waiting(&store, "finserv-demo", "1").await;
    desk.write("next.key", "33".repeat(32).as_str());
    desk.done(&["keys", "rotate"]);
    desk.write("postgres.toml", NEW);
    let told = desk.done(&["keys", "status"]);
    assert!(told.contains("test-1") && told.contains("missing from the ring"), "{told}");
    let told = desk.refused(&["orders", "show", order.no.as_str()]);
    assert!(told.contains("test-1") && told.contains("[keys.ring]"), "{told}");
    let told = desk.refused(&["keys", "rotate"]);
    assert!(told.contains("test-1") && !told.contains(AT_REST_KEY), "{told}");
}

const DOCUMENTS: &str = "\n[documents]\nfolder = \"HERE/documents\"\npublic_base_url = \"https://files.example\"\n\
                         link_secret = \"file:HERE/link.key\"\n";

#[tokio::test]
async fn documents_are_counted_and_sealed_with_all_the_rest() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let _store = store(&database).await;
    desk.write("link.key", "22".repeat(32).as_str());
    desk.write("next.key", "33".repeat(32).as_str());
    let sandbox = format!("[gateway]\nenvironment = \"sandbox\"\n{}{DOCUMENTS}", crate::desk::GATEWAY);
    desk.write("gateway.toml", &sandbox);
    let folder = desk.folder.join("documents");
    let documents = documents::Documents::open(&folder).unwrap();
    let kept = documents.put(b"%PDF one".to_vec(), "1.pdf").await.unwrap();
    let bad = documents.put(b"%PDF two".to_vec(), "2.pdf").await.unwrap();
    let told = desk.done(&["keys", "status"]);
    assert!(told.contains("明文 plain: 2，请配置 [documents.keys]"), "{told}");
    let keys = "\n[documents.keys]\ncurrent = \"papers-1\"\n[documents.keys.ring]\npapers-1 = \"file:HERE/next.key\"\n";
    desk.write("gateway.toml", &format!("{sandbox}{keys}"));
    let file = |sha256: &str| folder.join(&sha256[..2]).join(sha256);
    std::fs::write(file(&bad.sha256), b"%PDF evil").unwrap();
    let said = desk.baohan(&["keys", "rotate"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("1 个文档无法重新加密") && said.out.contains(&bad.sha256), "{said:?}");
    std::fs::remove_file(file(&bad.sha256)).unwrap();
    let told: Value = serde_json::from_str(&desk.done(&["keys", "rotate", "--json"])).unwrap();
    assert_eq!(told["documents"]["keys"][0]["rows"], 1, "{told}");
    assert_eq!(told["documents"]["plain"], 0, "{told}");
    assert!(std::fs::read(file(&kept.sha256)).unwrap().starts_with(b"gcm1:papers-1:"));
}

#[test]
fn without_keys_it_says_how_to_make_one() {
    let desk = Desk::new();
    desk.write("gateway.toml", &format!("[gateway]\nenvironment = \"sandbox\"\n{}", crate::desk::GATEWAY));
    desk.write("postgres.toml", "[postgres]\nurl = \"env:GATEWAY_POSTGRES_URL\"\n");
    let told = desk.refused(&["keys", "status"]);
    assert!(told.contains("openssl rand -base64 32"), "{told}");
    desk.write("gateway.toml", crate::desk::GATEWAY);
    let told = desk.refused(&["keys", "status"]);
    assert!(told.contains("keys: is missing, and this is production"), "{told}");
}
