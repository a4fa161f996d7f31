//! Which message goes to which use case.

use crate::change;
use domain::{Command, Noun, Query};
use worker::{Desk, Failure, Handled, Office, Press, Window};

/// Tender changes.
pub(crate) struct Tenders {
    pub(crate) press: Press,
}

impl Office for Tenders {
    const NOUN: Noun = Noun::Tender;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::ChangeTender(change) => change::change(desk, &self.press, change).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, _: &Window, _: &Query) -> Handled {
        Err(Failure::not_ours())
    }
}
