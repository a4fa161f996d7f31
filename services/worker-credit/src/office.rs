//! Which message goes to which use case.

use crate::{decide, request, revoke, status};
use domain::{Command, Noun, Query, Subject};
use worker::{Desk, Failure, Handled, Office, Window};

/// Credit lines.
pub(crate) struct Credits;

impl Office for Credits {
    const NOUN: Noun = Noun::Credit;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::RequestCredit(wish) => request::request(desk, wish).await,
            Command::Decide(decide) if decide.subject == Subject::Credit => {
                decide::decide(desk, decide).await
            }
            Command::RevokeCase(wish) if wish.subject == Subject::Credit => revoke::revoke(desk, wish).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::CreditStatus { company } => status::status(window, company).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
