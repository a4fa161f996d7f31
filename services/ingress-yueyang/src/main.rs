//! The door at which yueyang platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

use protocol_yueyang::{Settings, Yueyang};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-yueyang", |boot| {
        ingress::run(boot, "yueyang", |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            Yueyang::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)
        })
    })
}
