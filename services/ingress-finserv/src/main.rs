//! The door at which finserv platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

use protocol_finserv::{Finserv, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-finserv", |boot| {
        ingress::run(boot, "finserv", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Finserv::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
