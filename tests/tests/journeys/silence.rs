//! What nobody may read: after every journey, whatever its protocol, neither a log nor a table shows a person or a key.

use crate::world::World;
use gateway_tests::settings::AT_REST_KEY;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::BTreeSet;
use std::fs;

/// Every person and company of the samples bears one of these: ID numbers and credit codes of a district that does not
/// exist, telephones nobody has, names of companies and projects of a town that does not exist, names of sections.
const MARKS: [&str; 5] = ["99999919900101", "1990000", "91999999", "示例市", "施工第"];
/// The people in the samples.
const PEOPLE: [&str; 8] = ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十"];
/// Where private texts stand in what the gateway keeps, whichever protocol brought them.
const FIELDS: [&str; 17] = [
    "name",
    "code",
    "legal_name",
    "legal_id",
    "holder",
    "number",
    "id_no",
    "phone",
    "email",
    "account",
    "contact_phone",
    "contact_email",
    "postal_address",
    "recipient",
    "project_name",
    "section_name",
    "key",
];
/// What has a name that its partner may know: documents, invoices.
const PUBLIC: [&str; 3] = ["document", "confirmation", "issued"];
const KEPT: [&str; 6] = ["orders", "claims", "invoices", "refunds", "releases", "credit_lines"];

/// Ends a journey: finds what was planted, and then finds it nowhere.
pub(crate) async fn nothing_private_shows(world: &World, services: &[&str]) {
    let mut database = world.database().await;
    let searched = searched(world, &mut database).await;
    let searched: Vec<&str> = searched.iter().map(String::as_str).collect();
    for service in services {
        let log = fs::read_to_string(world.gateway.log(service)).expect("a log");
        assert!(!log.is_empty(), "{service} logs");
        silent(&format!("the log of {service}"), &log, &searched);
    }
    documents_are_sealed(world);
    for table in tables(&mut database).await {
        silent(&format!("the table {table}"), &rows(&mut database, &table).await, &searched);
    }
}

fn documents_are_sealed(world: &World) {
    let parts = fs::read_dir(world.gateway.folder().join("documents")).expect("the documents").flatten();
    for file in parts.flat_map(|part| fs::read_dir(part.path()).expect("a part")).flatten() {
        let bytes = fs::read(file.path()).expect("a document");
        assert!(bytes.starts_with(b"gcm1:test-1:"), "{} is plain", file.path().display());
    }
}

/// What else left the gateway in a journey shows nothing private either.
pub(crate) async fn nothing_private_in(world: &World, place: &str, text: &str) {
    let searched = searched(world, &mut world.database().await).await;
    silent(place, text, &searched.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The keys and secrets of this gateway, and the persons and companies it keeps.
async fn searched(world: &World, database: &mut PgConnection) -> Vec<String> {
    let secrets = secrets(world);
    assert!(secrets.contains(AT_REST_KEY) && secrets.len() > 3, "the keys of this journey are known");
    let planted = planted(world, database).await;
    let known = MARKS.into_iter().chain(PEOPLE).map(str::to_owned);
    secrets.into_iter().chain(planted).chain(known).collect()
}

/// Whether a text does not stand in a log by chance.
fn tells(text: &str) -> bool {
    text.len() >= 10 || (!text.is_ascii() && text.len() >= 6)
}

fn silent(place: &str, text: &str, searched: &[&str]) {
    for private in searched {
        // Digits within a longer number or an id are not those that were planted.
        let alone = |at: &usize| !text[..*at].ends_with(|before: char| before.is_ascii_alphanumeric());
        if let Some(at) = text.match_indices(private).map(|(at, _)| at).find(alone) {
            let line = text[..at].lines().count().max(1) - 1;
            let shown = text.lines().nth(line).unwrap_or_default();
            panic!("{private:?} shows in {place}: {shown}");
        }
    }
}

/// The keys and secrets of this gateway and its partners: every line of every file that settings name as one.
fn secrets(world: &World) -> BTreeSet<String> {
    let folders = [world.gateway.folder().to_path_buf(), world.gateway.folder().join("partners")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("settings")).flatten();
    let mut found = BTreeSet::new();
    for path in files.map(|entry| entry.path()).filter(|path| path.is_file()) {
        let kind = path.extension().unwrap_or_default();
        if kind != "toml" && kind != "log" {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let lines = text.lines().filter(|line| line.len() >= 16 && !line.starts_with("-----"));
            found.extend(lines.map(str::to_owned));
        }
    }
    for address in world.stack.addresses().values() {
        let password =
            address.split_once("://").and_then(|(_, rest)| rest.split_once('@')?.0.split_once(':'));
        found.extend(password.map(|(_, password)| password.to_owned()).filter(|known| known.len() >= 8));
    }
    found
}

/// The private texts of everything the gateway keeps; the samples' marks must be among them.
async fn planted(world: &World, database: &mut PgConnection) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut kept = 0;
    for table in KEPT {
        let sql = AssertSqlSafe(format!("select no, body from {table}"));
        let all: Vec<(String, Value)> = sqlx::query_as(sql).fetch_all(&mut *database).await.expect("rows");
        kept += all.len();
        for (no, body) in all {
            collect(&world.opened(table, &no, &body), &mut found);
        }
    }
    let marked = MARKS.iter().filter(|mark| found.iter().any(|text| text.contains(*mark))).count();
    assert!(kept == 0 || marked >= 2, "the samples are known by their marks: {found:?}");
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !PUBLIC.contains(&name.as_str())) {
                match value {
                    Value::String(text) if FIELDS.contains(&name.as_str()) && tells(text) => {
                        found.insert(text.clone());
                    }
                    value => collect(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

async fn tables(database: &mut PgConnection) -> Vec<String> {
    let sql = "select tablename::text from pg_tables where schemaname = 'public'";
    sqlx::query_scalar(sql).fetch_all(database).await.expect("tables")
}

async fn rows(database: &mut PgConnection, table: &str) -> String {
    // A message in bytes is shown as text, so that it can be searched.
    let text = if table == "outbox" { "t::text || encode(payload, 'escape')" } else { "t::text" };
    let sql = AssertSqlSafe(format!("select {text} from {table} t"));
    let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(database).await.expect("rows");
    rows.join("\n")
}

#[test]
#[should_panic(expected = "shows in the log of worker-apply: {\"reason\":\"13 lines, 19900001234\"}")]
fn a_planted_number_in_a_log_is_found() {
    silent("the log of worker-apply", "{}\n{\"reason\":\"13 lines, 19900001234\"}\n{}", &MARKS);
}

#[test]
fn digits_within_an_id_are_not_a_number_that_was_planted() {
    silent("a log", "{\"trace\":\"0af1990000916cd4\",\"of\":\"4bf91999999f\"}", &MARKS);
}
