//! The messenger to finserv platforms: notices in, signed callbacks out, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

use protocol_finserv::{Finserv, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("egress-finserv", |boot| {
        egress::run(boot, "finserv", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Finserv::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
