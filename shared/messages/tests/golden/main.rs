//! One golden JSON per message: a renamed or retyped field cannot silently change what is in the queues.
//!
//! `UPDATE_FIXTURES=1 cargo nextest run -p messages` writes missing files; a changed file must be read in review,
//! because messages of the old form may still be waiting in a queue. `fixtures/foundation` is never written again.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

mod asked;
mod commands;
mod notices;
mod parts;

use asked::{REJECTED, queries, rejected, replies, tasks};
use commands::commands;
use domain::{Command, Notice, Query, Reply};
use messages::{CallbackTask, Envelope, RejectionTask};
use notices::notices;
use parts::{at, no, origin};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt::Debug, fs};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Compares with the committed form, and reads that form back to the same message.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, message: &T) {
    let path = folder().join(format!("{name}.json"));
    let written = serde_json::to_string_pretty(message).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &written).expect("fixture written");
    }
    let golden = fs::read_to_string(&path).expect("a golden file per message; UPDATE_FIXTURES=1 writes it");
    assert_eq!(written, golden, "{name} is written otherwise than its golden file says");
    assert_eq!(
        &serde_json::from_str::<T>(&golden).expect("readable"),
        message,
        "{name} reads back otherwise"
    );
}

#[test]
fn commands_keep_their_form() {
    for (name, command) in commands() {
        let envelope = Envelope::command(no(), origin(), "apply_guarantee", "0".repeat(64), at(), command);
        check(&name, &envelope);
    }
}

#[test]
fn queries_keep_their_form() {
    for (name, query) in queries() {
        check(&name, &Envelope::query("q1".into(), no(), origin(), "get_x", at(), query));
    }
}

#[test]
fn notices_keep_their_form() {
    for (name, notice) in notices() {
        check(&name, &Envelope::notice(origin(), at(), notice));
    }
}

#[test]
fn replies_and_tasks_keep_their_form() {
    for (name, reply) in replies() {
        check(&name, &reply);
    }
    for (name, task) in tasks() {
        check(&name, &task);
    }
    check(REJECTED, &rejected());
}

#[test]
fn every_golden_file_has_a_message_and_every_message_a_file_of_its_own() {
    let names: Vec<String> = commands()
        .into_iter()
        .map(|(name, _)| name)
        .chain(queries().into_iter().map(|(name, _)| name))
        .chain(notices().into_iter().map(|(name, _)| name))
        .chain(replies().into_iter().map(|(name, _)| name))
        .chain(tasks().into_iter().map(|(name, _)| name))
        .chain([REJECTED.to_owned()])
        .collect();
    let known: BTreeSet<String> = names.iter().map(|name| format!("{name}.json")).collect();
    assert_eq!(known.len(), names.len(), "two messages share a file");
    let there: BTreeSet<String> = files(&folder()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(there, known, "messages are never removed, only added to");
}

/// Names and contents of the files of a folder.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("a file").path());
    let files = entries.filter(|path| path.is_file());
    let named = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("a text"))
    };
    files.map(named).collect()
}

/// What a message of this text says when it is read and written again by this version.
fn rewritten(name: &str, text: &str) -> Value {
    fn again<T: Serialize + DeserializeOwned>(text: &str) -> serde_json::Result<Value> {
        serde_json::to_value(serde_json::from_str::<T>(text)?)
    }
    let read = if name.starts_with("reply_") {
        again::<Reply>(text)
    } else if tasks().iter().any(|(task, _)| name == format!("{task}.json")) {
        again::<CallbackTask>(text)
    } else if name == format!("{REJECTED}.json") {
        again::<RejectionTask>(text)
    } else if queries().iter().any(|(query, _)| name == format!("{query}.json")) {
        again::<Envelope<Query>>(text)
    } else if notices().iter().any(|(notice, _)| name == format!("{notice}.json")) {
        again::<Envelope<Notice>>(text)
    } else {
        again::<Envelope<Command>>(text)
    };
    read.unwrap_or_else(|error| panic!("{name} no longer reads: {error}"))
}

/// A repeat across an upgrade is recognised by the hash over what is written: absent fields must stay absent.
#[test]
fn what_the_first_version_wrote_still_reads_and_is_written_the_same() {
    let first = files(&folder().join("foundation"));
    assert_eq!(first.len(), 27);
    for (name, text) in first {
        let was: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(rewritten(&name, &text), was, "{name}");
    }
}

#[test]
fn a_field_that_a_later_version_adds_disturbs_nobody() {
    for (name, text) in files(&folder()) {
        let was: Value = serde_json::from_str(&text).expect("JSON");
        let mut more = was.clone();
        let inner = match more.pointer_mut("/body/with") {
            Some(inner) => inner,
            None => more.pointer_mut("/with").expect("a message"),
        };
        if let Some(fields) = inner.as_object_mut() {
            fields.insert("added_later".to_owned(), Value::Bool(true));
            assert_eq!(rewritten(&name, &more.to_string()), was, "{name}");
        }
    }
}

/// Old and new versions run side by side: what the other one adds to the envelope is no reason to stop.
#[test]
fn a_field_that_a_later_version_adds_around_the_message_disturbs_nobody() {
    let mut widened = 0;
    for (name, text) in files(&folder()).into_iter().chain(files(&folder().join("foundation"))) {
        let was: Value = serde_json::from_str(&text).expect("JSON");
        let mut more = was.clone();
        for place in ["", "/origin", "/body"] {
            if let Some(fields) = more.pointer_mut(place).and_then(Value::as_object_mut) {
                fields.insert("added_later".to_owned(), serde_json::json!({"by": ["a", "later", "version"]}));
                widened += 1;
            }
        }
        assert_eq!(rewritten(&name, &more.to_string()), was, "{name}");
    }
    assert!(widened > 150, "{widened}");
}

/// A new meaning is a new name, and a name nobody knows is no message: it is parked, for a version that knows it.
#[test]
fn a_version_that_is_not_known_is_not_taken_for_one_that_is() {
    let unknown = |text: &str| {
        let mut later: Value = serde_json::from_str(text).expect("JSON");
        let kind = later.pointer_mut("/body/type")?;
        *kind = kind.as_str().expect("a name").replace(".v1", ".v2").into();
        Some(later.to_string().into_bytes())
    };
    let mut met = 0;
    for (name, bytes) in files(&folder()).iter().filter_map(|(name, text)| Some((name, unknown(text)?))) {
        assert!(Envelope::<Command>::from_bytes(&bytes).is_err(), "{name}");
        assert!(Envelope::<Query>::from_bytes(&bytes).is_err(), "{name}");
        assert!(Envelope::<Notice>::from_bytes(&bytes).is_err(), "{name}");
        met += 1;
    }
    assert!(met > 50, "{met}");
}

#[test]
fn personal_data_never_shows_in_debug() {
    let shown = format!("{:?} {:?} {:?} {:?}", commands(), notices(), queries(), replies());
    let private = ["张三", "李四", "王五", "110101199003070011", "13800000000", "6222000000000000"];
    for private in private.into_iter().chain(["测试建设有限公司", "测试路", "00112233"]) {
        assert!(!shown.contains(private), "{private} shows in Debug");
    }
}

#[test]
fn an_unreadable_message_is_not_quoted() {
    let error = Envelope::<Command>::from_bytes(br#"{"id":"secret"}"#).expect_err("not an envelope");
    assert!(!error.to_string().contains("secret"), "{error}");
}
