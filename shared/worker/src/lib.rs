#![doc = include_str!("../README.md")]

mod authority;
mod cases;
mod confirmation;
mod desk;
mod editions;
mod endings;
mod engine;
mod failure;
mod health;
mod ledger;
mod letter;
mod memory;
mod notary;
mod office;
mod press;
mod relay;
mod settings;
mod spans;
mod tally;
mod waiting;

pub use authority::Authority;
pub use cases::{find_case, find_order, named_order, open_case, status_of};
pub use desk::{Desk, Policies, Window};
pub use editions::{issue_revealed, print_anew, reissue};
pub use endings::end_guarantee;
pub use engine::{Engine, Verdict};
pub use failure::{Failure, Handled};
pub use ledger::{Ledger, keep};
pub use memory::refill;
pub use notary::Notary;
pub use office::{Office, run};
pub use press::Press;
pub use relay::{Relay, Wake};
