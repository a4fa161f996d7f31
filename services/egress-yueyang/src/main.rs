//! The messenger to yueyang platforms: notices in, signed callbacks out, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

use protocol_yueyang::{Settings, Yueyang};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("egress-yueyang", |boot| {
        egress::run(boot, "yueyang", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Yueyang::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
