//! Which message goes to which use case.

use crate::restore;
use domain::{Command, Noun, Query};
use worker::{Desk, Failure, Handled, Office, Press, Window};

/// Reveals.
pub(crate) struct Restore {
    pub(crate) press: Press,
    pub(crate) keys: restore::Keys,
}

impl Office for Restore {
    const NOUN: Noun = Noun::Restore;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::RestoreOrder(key) => restore::restore(desk, &self.press, &self.keys, key).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, _: &Window, _: &Query) -> Handled {
        Err(Failure::not_ours())
    }
}
