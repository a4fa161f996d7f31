//! The arithmetic of trust between institution and partner: ciphers, digests, signatures, secrets.
#![doc = include_str!("../README.md")]

pub mod aes;
mod block;
pub mod canonical;
pub mod digest;
pub mod doctor;
pub mod dummies;
mod error;
pub mod key;
pub mod keyring;
pub mod rsa;
pub mod sealed;
pub mod secret;
pub mod sm4;
pub mod text;

pub use block::Iv;
pub use error::{BadKey, Undecipherable};
