//! Hands out guarantee documents by expiring signed link.
#![doc = include_str!("../README.md")]

mod answer;
mod desk;
#[cfg(test)]
mod ground;
mod range;
mod reads;
mod verify;

use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("files", desk::run)
}
