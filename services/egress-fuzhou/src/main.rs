//! The messenger to fuzhou platforms: notices in, signed callbacks out, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

use protocol_fuzhou::{Fuzhou, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("egress-fuzhou", |boot| {
        egress::run(boot, "fuzhou", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Fuzhou::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
