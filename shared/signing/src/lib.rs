//! Signatures on documents: made so that other readers accept them, and judged so that nothing slips through.
#![doc = include_str!("../README.md")]

mod asn1;
mod certificate;
mod cms;
mod keys;
mod pdf;
pub mod sign;
mod timestamp;
mod trust;
pub mod verify;

pub use certificate::{BadCertificate, Certificate, SANDBOX_MARK};
pub use keys::{Algorithm, BadKey, Later, LocalSigner, Material, Refused, Signer};
pub use timestamp::{TimestampAuthority, Unstamped};
pub use trust::TrustAnchors;
