//! Drawing: ornaments as vectors, and the file that holds it all.

pub(crate) mod code;
pub(crate) mod frame;
mod pdf;
pub(crate) mod seal;
pub(crate) mod watermark;

pub(crate) use pdf::{Card, pdf};
