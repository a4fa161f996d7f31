//! A platform of the 投标金融服务对接 document (finserv): its eleven requests and its five callback endpoints.

pub mod contract;
mod orders;
mod receive;
mod send;
mod settings;
mod speak;
pub mod story;

pub use orders::{Bidder, Request};
pub use receive::Reader;
pub use send::{Answer, Partner, Unsent};
pub use settings::{AesKeyForm, BadSettings, Body, Clock, Joint, Settings, Times, Variants};
pub use speak::{Heard, Letter, Mistrust, Speaker};
