//! Reading PDF files that nobody vouches for: strictly, in place, and within bounds that no file can pass.

pub(crate) mod file;
mod filter;
pub(crate) mod lex;
pub(crate) mod object;
pub(crate) mod work;
mod xref;

pub(crate) use file::File;
pub(crate) use object::{Dict, Id, Object, Text};
pub(crate) use work::{Broken, Work};
pub(crate) use xref::{Kind, Place};
