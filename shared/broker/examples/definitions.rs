//! Prints the definitions file: `cargo run -p broker --example definitions > deploy/rabbitmq/definitions.json`.

fn main() {
    print!("{}", broker::definitions());
}
