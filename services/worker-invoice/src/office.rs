//! Which message goes to which use case.

use crate::{decide, request, status};
use domain::{Command, Noun, Query, Subject};
use worker::{Desk, Failure, Handled, Office, Press, Window};

/// Invoices.
pub(crate) struct Invoices {
    pub(crate) press: Press,
}

impl Office for Invoices {
    const NOUN: Noun = Noun::Invoice;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::RequestInvoice(about) => request::request(desk, &self.press, about).await,
            Command::Decide(decide) if decide.subject == Subject::Invoice => {
                decide::decide(desk, &self.press, decide).await
            }
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::InvoiceStatus(query) => status::status(window, &self.press, query).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
