//! Hands out guarantee documents by expiring signed link.
#![doc = include_str!("../README.md")]

mod answer;
mod desk;
mod range;

use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("files", desk::run)
}
