//! `baohan partner`: the partner's file changes, whole and tried first, or not at all.

use crate::desk::Desk;
use crate::samples::store;
use std::fs;
use testkit::{FreshDatabase, fresh_database};

const FILE: &str = "partners/finserv-demo.toml";

/// A desk with a database, in which changes are audited.
async fn desk() -> (Desk, FreshDatabase) {
    let database = fresh_database().await;
    store(&database).await;
    (Desk::new().with("GATEWAY_POSTGRES_URL", &database.url), database)
}

fn read(desk: &Desk) -> String {
    fs::read_to_string(desk.folder.join(FILE)).unwrap()
}

#[tokio::test]
async fn an_interface_is_paused_and_resumed_and_an_unknown_one_is_refused() {
    let (desk, _database) = desk().await;
    let before = read(&desk);
    let told = desk.refused(&["partner", "pause", "finserv-demo", "--interface", "apply_claims"]);
    assert!(
        told.contains("there is no interface \"apply_claims\"") && told.contains("apply_claim,"),
        "{told}"
    );
    assert_eq!(read(&desk), before, "what is wrong changes nothing");
    desk.done(&[
        "partner",
        "pause",
        "finserv-demo",
        "--interface",
        "apply_claim",
        "--interface",
        "feedback_quit",
    ]);
    assert!(read(&desk).contains("paused = [\"apply_claim\", \"feedback_quit\"]"), "{}", read(&desk));
    desk.done(&["partner", "resume", "finserv-demo", "--interface", "apply_claim"]);
    assert!(read(&desk).contains("paused = [\"feedback_quit\"]"), "{}", read(&desk));
    desk.done(&["partner", "pause", "finserv-demo"]);
    assert!(read(&desk).contains("enabled = false"));
    desk.done(&["partner", "resume", "finserv-demo"]);
    assert!(!read(&desk).contains("enabled") && !read(&desk).contains("paused"), "{}", read(&desk));
    desk.done(&["check"]);
    let audit = desk.done(&["audit", "list"]);
    assert_eq!(
        (audit.matches("pause_partner").count(), audit.matches("resume_partner").count()),
        (2, 2),
        "{audit}"
    );
}

#[tokio::test]
async fn new_keys_stand_beside_the_old_until_their_day() {
    let (desk, _database) = desk().await;
    desk.write("dummy-2.secret", "another-dummy-16");
    let set = format!("secret_key=file:{}", desk.folder.join("dummy-2.secret").display());
    let missing = desk.refused(&["partner", "rotate", "finserv-demo", "--set", "secret_keys=file:x"]);
    assert!(missing.contains("settings.secret_keys is not there"), "{missing}");
    let nowhere = desk.refused(&["partner", "rotate", "finserv-demo", "--set", "secret_key=file:nowhere"]);
    assert!(nowhere.contains("settings.secret_key") && nowhere.contains("nowhere"), "{nowhere}");
    assert!(!read(&desk).contains("former"));

    desk.done(&["partner", "rotate", "finserv-demo", "--set", &set, "--days", "7"]);
    let after = read(&desk);
    let (now, former) = after.split_once("[former]").unwrap();
    assert!(now.contains("dummy-2.secret") && !former.contains("dummy-2.secret"), "{after}");
    assert!(former.contains("until = \"") && former.contains("secret_key = "), "{after}");
    desk.done(&["check"]);
    let again = desk.refused(&["partner", "rotate", "finserv-demo", "--set", &set]);
    assert!(again.contains("--replace"), "{again}");
}

#[test]
fn a_stranger_is_not_changed() {
    let told = Desk::new().refused(&["partner", "pause", "nobody"]);
    assert!(told.contains("no partner nobody") && told.contains("baohan check"), "{told}");
}
