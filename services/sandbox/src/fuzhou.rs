//! A platform of the 福州市建设工程电子保函服务平台 manual (fuzhou): seven pushes to the insurer, eleven calls that it answers.

mod book;
mod calls;
mod codes;
pub mod contract;
mod links;
mod office;
mod orders;
mod papers;
mod receive;
mod send;
mod settings;
mod speak;
pub mod story;
mod tokens;

pub use book::{ClaimStatus, Issued, OrderStatus};
pub use office::Office;
pub use orders::Bidder;
pub use receive::Reader;
pub use send::{Answer, Delivered, Page, Partner};
pub use settings::{BadSettings, BusinessKey, Empties, Expiry, Settings, Variants};
