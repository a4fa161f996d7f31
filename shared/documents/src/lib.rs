//! The documents of the institution: rendered, kept, and handed out by expiring links.
#![doc = include_str!("../README.md")]

mod calendar;
mod capital;
mod clauses;
mod face;
mod guarantee;
mod invoice;
mod keep;
mod links;
mod page;
mod rendered;

pub use capital::capital;
pub use guarantee::{GuaranteeFacts, render_guarantee};
pub use invoice::{InvoiceFacts, render_invoice};
pub use keep::{Documents, Lost};
pub use links::{BadBase, Invalid, Links};
pub use page::TooLong;
pub use rendered::{Rendered, SealPlace};
