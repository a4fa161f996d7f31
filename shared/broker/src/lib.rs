#![doc = include_str!("../README.md")]

mod definitions;
pub mod topology;

pub use definitions::definitions;
