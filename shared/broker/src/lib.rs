#![doc = include_str!("../README.md")]

mod consumer;
mod definitions;
mod delivery;
mod lane;
mod link;
mod message;
mod parks;
mod publisher;
mod session;
mod settings;
pub mod topology;
mod trouble;
mod vitals;

pub use consumer::Consumer;
pub use definitions::definitions;
pub use delivery::{Delivery, Settled};
pub use message::{Message, Reply, ReplyTo};
pub use parks::{Depth, Operator, Parked};
pub use publisher::{Asked, Publisher};
pub use settings::Settings;
pub use trouble::{NotPublished, Trouble};
pub use vitals::{LATENCY_BOUNDS_MS, Snapshot};
