#![doc = include_str!("../README.md")]

mod office;
mod refund;
mod release;
mod status;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("worker-refund", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    let press = worker::Press::open(&boot)?;
    worker::run(boot, office::Endings { press }).await
}
