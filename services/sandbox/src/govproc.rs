//! A platform of the 政府采购电子保函平台 document (govproc): its six requests and its three endpoints.

pub mod contract;
mod orders;
mod page;
mod receive;
mod send;
mod settings;
mod speak;
pub mod story;

pub use crate::request::Request;
pub use orders::Bidder;
pub use page::{Form, Page};
pub use receive::Reader;
pub use send::{Answer, Links, Partner, Way};
pub use settings::{BadSettings, Cipher, Iv, KeyForm, Money, Settings, Shape, TextForm, Times, Variants};
pub use speak::Speaker;
