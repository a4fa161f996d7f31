//! The yueyang platform talks to itself: what it seals opens with what it releases, what is as documented is believed.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

mod document;
mod habits;
mod notices;
mod seals;

use sandbox::Request;
pub(crate) use sandbox::dummy_keys::{YUEYANG_PLATFORM as PLATFORM, YUEYANG_PROJECTS as PROJECTS};
use sandbox::rsa_blocks::KeyPair;
use sandbox::yueyang::{Partner, Settings, Variants};
use serde_json::Value;

pub(crate) fn settings(change: impl FnOnce(&mut Variants)) -> Settings {
    let table = toml::toml! {
        gateway = "http://127.0.0.1:1/front/"
        user = "demo"
        code = "授权码 1"
    };
    let mut settings: Settings = table.try_into().unwrap();
    settings.project_keys = PROJECTS.map(str::to_owned).to_vec();
    settings.platform_key = Some(PLATFORM.to_owned());
    settings.with(change)
}

pub(crate) fn partner(change: impl FnOnce(&mut Variants)) -> Partner {
    Partner::new(settings(change)).unwrap()
}

pub(crate) fn pair(pem: &str) -> KeyPair {
    KeyPair::from_pem(pem).unwrap()
}

pub(crate) fn sent(partner: &Partner, request: &Request) -> Value {
    serde_json::from_slice(partner.write(request).unwrap().body()).unwrap()
}
