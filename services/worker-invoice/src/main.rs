#![doc = include_str!("../README.md")]

mod decide;
mod office;
mod request;
mod status;
#[cfg(test)]
mod tests;

use boot::Boot;
use std::process::ExitCode;
use worker::Press;

fn main() -> ExitCode {
    boot::main("worker-invoice", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    let press = Press::open(&boot)?;
    worker::run(boot, office::Invoices { press }).await
}
