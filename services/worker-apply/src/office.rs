//! Which message goes to which use case.

use crate::{announce, decide, held, inquire, learn, note, pay, place, records, status, withdraw};
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
            Command::AnnounceOrder(announced) => announce::announce(desk, announced).await,
            Command::Learn(fact) => learn::learn(desk, &self.press, fact).await,
            Command::Decide(decide) if decide.subject == Subject::Order => {
                decide::decide(desk, &self.press, decide).await
            }
            Command::ConfirmPayment(payment) => pay::confirm(desk, &self.press, payment).await,
            Command::WithdrawOrder(wish) => withdraw::withdraw(desk, wish).await,
            Command::NoteStatus(status) => note::note(desk, status).await,
            Command::NoteRead(read) => held::read(desk, read).await,
            Command::Inquire(wish) => inquire::inquire(desk, wish).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::OrderStatus { no } => status::status(window, &self.press, no).await,
            Query::Cost { bond } => records::cost(window, *bond),
            Query::Document { guarantee_no } => records::document(window, &self.press, guarantee_no).await,
            Query::VerifyRecord { guarantee_no, serial_no } => {
                records::record(window, guarantee_no, serial_no).await
            }
            Query::PublicRecord { held } => held::public(window, held).await,
            Query::VerifyDocument { findings, .. } => records::verify(window, findings).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
