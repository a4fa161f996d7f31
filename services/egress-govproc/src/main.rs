//! The messenger to govproc platforms: notices in, enciphered callbacks out, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

use protocol_govproc::{Govproc, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("egress-govproc", |boot| {
        egress::run(boot, "govproc", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Govproc::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
