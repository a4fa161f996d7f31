//! Documents as a reader gets them: their texts, their pictures, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

mod facts;
mod fonts;
mod pictures;
mod png;
mod poppler;
mod sameness;
mod specimen;
mod templates;
