#![doc = include_str!("../README.md")]

mod decide;
mod office;
mod request;
mod revoke;
mod status;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("worker-credit", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    worker::run(boot, office::Credits).await
}
