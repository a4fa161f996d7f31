#![doc = include_str!("../README.md")]

mod change;
mod office;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;
use worker::Press;

fn main() -> ExitCode {
    boot::main("worker-tender", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    let press = Press::open(&boot)?;
    worker::run(boot, office::Tenders { press }).await
}
