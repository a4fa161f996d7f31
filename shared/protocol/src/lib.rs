#![doc = include_str!("../README.md")]

mod allowed;
mod call;
mod caller;
mod fields;
mod guide;
mod hosts;
mod inbound;
mod instant;
mod interface;
mod order;
mod outbound;
mod problem;
mod rejection;
mod reply;

pub use allowed::AllowList;
pub use call::{Ask, Call, Outcome, Wish};
pub use fields::{Fields, Label};
pub use guide::{Guide, Played, Question, Say, Step};
pub use hosts::{BadHost, CallbackHosts};
pub use inbound::{Caller, Inbound};
pub use instant::{Form, parse_shanghai, print_shanghai};
pub use interface::{Direction, Interface, Way, interface_named};
pub use order::names_in_order;
pub use outbound::{Learnt, Outbound, Pass, Sealed, Token, Unsealable, Verdict};
pub use problem::Problem;
pub use rejection::{Rejection, RejectionKind};
pub use reply::{LONGEST_REASON, retry_after, short_reason};
