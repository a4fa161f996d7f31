#![doc = include_str!("../README.md")]

mod announce;
mod companies;
mod course;
mod credit;
mod decide;
mod files;
mod held;
mod inquire;
mod learn;
mod note;
mod office;
mod pay;
mod place;
mod records;
mod status;
#[cfg(test)]
mod tests;
mod withdraw;

use boot::Boot;
use std::process::ExitCode;
use worker::Press;

fn main() -> ExitCode {
    boot::main("worker-apply", run)
}

async fn run(boot: Boot) -> anyhow::Result<()> {
    let press = Press::open(&boot)?;
    worker::run(boot, office::Apply { press }).await
}
