//! `baohan`, the operator's tool: reads its command line, does one thing, prints it, and exits 0, 1 or 2.
#![doc = include_str!("../README.md")]

mod arguments;
mod audit;
mod callbacks;
mod check;
mod decide;
mod doctor;
mod ground;
mod inquire;
mod keys;
mod mask;
mod migrate;
mod moment;
mod orders;
mod page;
mod parked;
mod partner;
mod post;
mod printing;
mod reconcile;
mod rehearse;
mod rejected;
mod send;
mod sheet;
mod signer;
mod start;
mod tasks;
mod timeline;
mod verify;
mod words;

use anyhow::Result;
use arguments::{Act, Audit, Baohan, Callbacks, Change, Keys, Orders, Parked, Rejected, Tasks};
use clap::Parser;
use ground::Ground;
use page::{Look, Page};
use parked::Deed;
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
    // `check` reads the settings by itself, to tell the mistakes of all files together.
    let ground = || Ground::read(files);
    match baohan.act {
        Act::Check => check::check(files),
        Act::Migrate => migrate::migrate(&ground()?).await,
        Act::Orders(Orders::List(wanted)) => orders::list(&ground()?, wanted).await,
        Act::Orders(Orders::Show { no, reveal }) => timeline::show(&ground()?, &no, reveal).await,
        Act::Decide(order) => decide::decide(&ground()?, order).await,
        Act::Pay(order) => decide::pay(&ground()?, order).await,
        Act::Withdraw(wanted) => start::withdraw(&ground()?, wanted).await,
        Act::Refund(wanted) => start::refund(&ground()?, wanted).await,
        Act::Release(wanted) => start::release(&ground()?, wanted).await,
        Act::PayClaim(wanted) => start::pay_claim(&ground()?, wanted).await,
        Act::Inquire(wanted) => inquire::inquire(&ground()?, wanted).await,
        Act::Tasks(Tasks::List(wanted)) => tasks::list(&ground()?, wanted).await,
        Act::Tasks(Tasks::Done { id, by }) => tasks::done(&ground()?, id, &by.by).await,
        Act::Callbacks(Callbacks::List(wanted)) => callbacks::list(&ground()?, wanted).await,
        Act::Callbacks(Callbacks::Replay(wanted)) => callbacks::replay(&ground()?, wanted).await,
        Act::Callbacks(Callbacks::Sweep(by)) => callbacks::sweep(&ground()?, &by.by).await,
        Act::Parked(Parked::List { queue, limit }) => parked::list(&ground()?, queue.as_deref(), limit).await,
        Act::Parked(Parked::Show { id, queue, reveal }) => {
            parked::show(&ground()?, &id, queue.as_deref(), reveal).await
        }
        Act::Parked(Parked::Replay(pick)) => parked::act(&ground()?, Deed::Replay, pick).await,
        Act::Parked(Parked::Discard(pick)) => parked::act(&ground()?, Deed::Discard, pick).await,
        Act::Partner(Change::New(wanted)) => partner::new(ground, &wanted),
        Act::Partner(Change::Guide(wanted)) => partner::guide(&ground()?, &wanted),
        Act::Partner(Change::Pause(wanted)) => partner::pause(&ground()?, &wanted).await,
        Act::Partner(Change::Resume(wanted)) => partner::resume(&ground()?, &wanted).await,
        Act::Partner(Change::Rotate(wanted)) => partner::rotate(&ground()?, &wanted).await,
        Act::Keys(Keys::Status) => keys::status(&ground()?).await,
        Act::Keys(Keys::Rotate { by }) => keys::rotate(&ground()?, &by).await,
        Act::Verify(wanted) => verify::verify(&wanted, files),
        Act::Doctor(wanted) => doctor::doctor(&ground()?, &wanted),
        Act::Rejected(Rejected::List(wanted)) => rejected::list(&ground()?, &wanted).await,
        Act::Rejected(Rejected::Show { id, reveal, by }) => {
            rejected::show(&ground()?, &id, reveal, &by.by).await
        }
        Act::Rejected(Rejected::Doctor { id, reveal, by }) => {
            rejected::doctor(&ground()?, &id, reveal, &by.by).await
        }
        Act::Reconcile(wanted) => reconcile::reconcile(&ground()?, &wanted).await,
        Act::Audit(Audit::List(wanted)) => audit::list(&ground()?, wanted).await,
        Act::Audit(Audit::Verify { head }) => audit::verify(&ground()?, head.as_deref()).await,
        Act::Send(request) => send::send(&ground()?, request).await,
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
