//! The same facts give the same bytes: in one process, in another, and whatever was printed before.

use super::specimen::{every, letter, printer};
use crypto::digest::sha256;
use documents::Letter;
use domain::Money;
use std::process::Command;

fn digests() -> String {
    let digest = |(name, rendered): (&str, Result<documents::Rendered, _>)| {
        let rendered = rendered.unwrap_or_else(|error: documents::Unprintable| panic!("{name}: {error}"));
        format!("{name} {}\n", hex::encode(sha256(&rendered.bytes)))
    };
    every(&printer()).into_iter().map(digest).collect()
}

/// Run by the test below in a process of its own.
#[test]
#[ignore = "prints for another test"]
fn print_digests() {
    println!("<<<\n{}>>>", digests());
}

#[test]
fn two_processes_give_the_same_bytes() {
    let itself = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "sameness::print_digests", "--nocapture"];
    let printed = Command::new(itself).args(arguments).env("TZ", "America/New_York").output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let (_, rest) = printed.split_once("<<<\n").expect("digests");
    assert_eq!(rest.split_once(">>>").expect("digests").0, digests());
}

#[test]
fn other_facts_give_other_bytes() {
    let printer = printer();
    let one = printer.guarantee(&letter()).unwrap();
    let other = Letter { bond: Money::from_fen(80_001_051), ..letter() };
    assert_ne!(one, printer.guarantee(&other).unwrap());
    assert_eq!(one, printer.guarantee(&letter()).unwrap());
}

#[test]
fn threads_that_share_a_printer_do_not_disturb_each_other() {
    let printer = printer();
    let alone = printer.guarantee(&letter()).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| printer.guarantee(&letter()).unwrap())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}
