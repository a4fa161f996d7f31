//! How every process of the gateway begins, is watched, and ends.
#![doc = include_str!("../README.md")]

pub mod admin;
mod changes;
mod clock;
mod current;
mod health;
mod heavy;
mod keys;
mod logging;
pub mod metrics;
mod place;
mod probe;
mod process;
mod secrets;
pub mod settings;
mod start;
mod stop;
mod trace;
mod traces;

pub use clock::{now, random};
pub use current::Current;
pub use health::{Check, Health, Line, Progress, Report};
pub use heavy::heavy;
pub use keys::{document_keyring, keyring};
pub use logging::start_logging;
pub use metrics::Metrics;
pub use place::DocumentPlace;
pub use process::Process;
pub use secrets::{HostSecrets, secrets};
pub use settings::{Gateway, Mistake, Mistakes, Partner, Problem, Source, every_partner, load, partners};
pub use start::{Boot, main, start};
pub use stop::{Stop, stop_signal};
pub use trace::Trace;
pub use traces::{Kind, Span, Traces, Value};
