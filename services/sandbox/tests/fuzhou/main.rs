//! The fuzhou platform talks to itself: an insurer made of the same keys calls it, and opens what it pushes.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

mod calls;
mod document;
mod files;
mod insurer;
mod pushes;
mod tokens;

use sandbox::dummy_keys::{FUZHOU_API, FUZHOU_INSURER};
use sandbox::fuzhou::{Settings, Variants};

pub(crate) fn settings(change: impl FnOnce(&mut Variants)) -> Settings {
    let table = toml::toml! {
        gateway = "http://127.0.0.1:1/fuzhou"
        api_key = "key"
        api_secret = "S3CR3T"
        insurer_key = ""
        platform_key = ""
        repeat_scale = 0.0
    };
    let settings: Settings = table.try_into().unwrap();
    Settings { insurer_key: FUZHOU_INSURER.to_owned(), platform_key: FUZHOU_API.to_owned(), ..settings }
        .with(change)
}
