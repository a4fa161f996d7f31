#![doc = include_str!("../README.md")]

mod book;
mod record;
mod replay;
mod tidy;

use boot::Boot;
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("worker-callback", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    worker::keep(boot, book::Book::default()).await
}
