#![doc = include_str!("../README.md")]

mod change;
mod office;

use boot::Boot;
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("worker-tender", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    worker::run(boot, office::Tenders).await
}
