//! The committed definitions are what the code says.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

#[test]
fn the_committed_file_is_generated() {
    let committed = include_str!("../../../deploy/rabbitmq/definitions.json");
    assert!(
        committed == broker::definitions(),
        "run: cargo run -p broker --example definitions > deploy/rabbitmq/definitions.json"
    );
}
