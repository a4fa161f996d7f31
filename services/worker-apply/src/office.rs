//! Which message goes to which use case.

use crate::{decide, pay, place, status};
use domain::{Command, Noun, Query, Subject};
use worker::{Desk, Failure, Handled, Office, Press, Window};

/// Applications.
pub(crate) struct Apply {
    pub(crate) press: Press,
}

impl Office for Apply {
    const NOUN: Noun = Noun::Apply;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::PlaceOrder(application) => place::place(desk, &self.press, application).await,
            Command::Decide(decide) if decide.subject == Subject::Order => {
                decide::decide(desk, &self.press, decide).await
            }
            Command::ConfirmPayment(payment) => pay::confirm(desk, &self.press, payment).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::OrderStatus { no } => status::status(window, &self.press, no).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
