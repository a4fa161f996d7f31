//! CMS signed data (RFC 5652): the container of a signature and of a timestamp.

mod attributes;
mod read;
pub(crate) mod write;

pub(crate) use attributes::{Attributes, Naming};
pub(crate) use read::{Digest, SignedData};
