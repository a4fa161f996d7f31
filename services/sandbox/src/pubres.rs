//! A platform of the 数据服务支撑平台 document (pubres): its seven requests and its five endpoints.

pub mod contract;
mod orders;
mod receive;
mod safe;
mod send;
mod settings;
mod speak;
pub mod story;

pub use crate::request::Request;
pub use orders::Bidder;
pub use receive::Reader;
pub use safe::Safe;
pub use send::{Answer, Partner};
pub use settings::{
    BadSettings, Body, Cipher, Digest, FileList, IvMember, KeyForm, Numbers, Sealing, Settings, TextForm,
    Variants,
};
pub use speak::{Heard, Mistrust, Speaker};
