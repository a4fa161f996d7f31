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
    worker::run(boot, office::Restore { press }).await
}
