//! The documents of the institution: rendered, kept, and handed out by expiring links.
#![doc = include_str!("../README.md")]

mod calendar;
mod capital;
mod draw;
mod ending;
mod fonts;
mod invoice;
mod issuer;
mod keep;
mod layout;
mod letter;
mod links;
mod printer;
mod rendered;
mod shown;
mod template;

pub use capital::{capital, figures};
pub use ending::{EndedBy, Ending};
pub use fonts::NoFont;
pub use invoice::InvoiceFacts;
pub use issuer::Issuer;
pub use keep::{BadBucket, Documents, Lost};
pub use letter::{After, Earlier, Letter, Party, Undertaking};
pub use links::{BadBase, Invalid, Links};
pub use printer::{Printer, Unprintable, Unready};
pub use rendered::{Rendered, SealPlace};
pub use shown::Shown;
pub use template::{BadTemplate, BadTemplates};
