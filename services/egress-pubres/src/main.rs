//! The messenger to pubres platforms: notices in, signed callbacks out, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

use protocol_pubres::{Pubres, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("egress-pubres", |boot| {
        egress::run(boot, "pubres", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Pubres::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
