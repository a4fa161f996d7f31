#![doc = include_str!("../README.md")]

mod office;
mod restore;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;
use worker::Press;

fn main() -> ExitCode {
    boot::main("worker-restore", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    let press = Press::open(&boot)?;
    let keys = restore::Keys::counted(&boot.metrics);
    worker::run(boot, office::Restore { press, keys }).await
}
