//! `baohan`, the operator's tool: reads its command line, does one thing, prints it, and exits 0, 1 or 2.
#![doc = include_str!("../README.md")]

mod arguments;
mod check;
mod ground;
mod migrate;
mod page;

use anyhow::Result;
use arguments::{Act, Baohan};
use clap::Parser;
use ground::Ground;
use page::{Look, Page};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let baohan = Baohan::parse();
    let json = baohan.common.json;
    match run(baohan).await {
        Ok(page) => finish(&page, json),
        Err(error) => {
            eprintln!("baohan: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(baohan: Baohan) -> Result<Page> {
    let files = &baohan.common.config;
    match baohan.act {
        Act::Check => check::check(files),
        Act::Migrate => migrate::migrate(&Ground::read(files)?).await,
    }
}

fn finish(page: &Page, json: bool) -> ExitCode {
    let text = if json { page.json() } else { page.text(Look::of_stdout()) };
    if let Err(error) = page::print(&text) {
        eprintln!("baohan: the answer cannot be printed: {error}");
        return ExitCode::FAILURE;
    }
    if page.good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
