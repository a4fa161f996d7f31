//! The door at which pubres platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

use protocol_pubres::{Pubres, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-pubres", |boot| {
        ingress::run(boot, "pubres", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Pubres::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
