#![doc = include_str!("../README.md")]

mod decide;
mod learn;
mod office;
mod pay;
mod request;
mod revoke;
mod status;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("worker-claim", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    worker::run(boot, office::Claims).await
}
