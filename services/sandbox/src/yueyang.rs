//! A platform of the 交易担保管理系统 document (yueyang): its fifteen requests and its eight notice endpoints.

pub mod contract;
mod orders;
mod receive;
mod safe;
mod send;
mod settings;
mod speak;
pub mod story;

pub use orders::Bidder;
pub use receive::Reader;
pub use send::{Answer, Partner};
pub use settings::{
    Auth, BadSettings, Body, KeyForm, Notices, OrderName, ReasonName, Seal, Settings, SuccessCode, Variants,
};
