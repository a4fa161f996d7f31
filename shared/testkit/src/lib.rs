#![doc = include_str!("../README.md")]
// A test that lacks its services has to fail at once and say what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod collector;
mod database;
mod management;
mod otlp;
mod patience;
mod services;
mod stack;
mod tap;
mod witnesses;
mod world;

pub use collector::{Answering, Collector};
pub use database::{FreshDatabase, fresh_database};
pub use management::Management;
pub use otlp::{CollectedSpan, read_export};
pub use patience::{eventually, free_port};
pub use services::{Services, services};
pub use stack::PrivateBroker;
pub use tap::Tap;
pub use witnesses::{pdfsig, pyhanko, pyhanko_signs, qpdf};
pub use world::{World, world};
