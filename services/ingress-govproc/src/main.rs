//! The door at which govproc platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

use protocol_govproc::{Govproc, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-govproc", |boot| {
        ingress::run(boot, "govproc", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Govproc::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
