//! The committed definitions are what the code says.

#[test]
fn the_committed_file_is_generated() {
    let committed = include_str!("../../../deploy/rabbitmq/definitions.json");
    assert!(
        committed == broker::definitions(),
        "run: cargo run -p broker --example definitions > deploy/rabbitmq/definitions.json"
    );
}
