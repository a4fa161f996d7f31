//! The door at which fuzhou platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

use protocol_fuzhou::{Fuzhou, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-fuzhou", |boot| {
        ingress::run(boot, "fuzhou", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Fuzhou::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
