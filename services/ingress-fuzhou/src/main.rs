//! The door at which fuzhou platforms knock: their requests in, confirmed commands out, answers back.
#![doc = include_str!("../README.md")]

mod verify;

use protocol_fuzhou::{Fuzhou, Settings};
use std::process::ExitCode;

fn main() -> ExitCode {
    boot::main("ingress-fuzhou", |boot| async move {
        let verifier = verify::verifier(&boot)?;
        let speak = move |partner: &boot::Partner<Settings>| {
            let (id, secrets) = (partner.id.clone(), boot::secrets());
            let made = Fuzhou::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
            Ok(made.verifying(verifier.clone()))
        };
        ingress::run(boot, "fuzhou", speak).await
    })
}
