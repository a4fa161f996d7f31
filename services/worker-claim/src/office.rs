//! Which message goes to which use case.

use crate::{decide, learn, pay, request, revoke, status};
use domain::{Command, Noun, Query, Subject};
use worker::{Desk, Failure, Handled, Office, Window};

/// Claims.
pub(crate) struct Claims;

impl Office for Claims {
    const NOUN: Noun = Noun::Claim;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::RequestClaim(about) => request::request(desk, about).await,
            Command::Decide(decide) if decide.subject == Subject::Claim => decide::decide(desk, decide).await,
            Command::Decide(decide) if decide.subject == Subject::ClaimRevocation => {
                revoke::decide(desk, decide).await
            }
            Command::RevokeCase(wish) if wish.subject == Subject::Claim => revoke::ask(desk, wish).await,
            Command::ConfirmPayout(paid) => pay::confirm(desk, paid).await,
            Command::Learn(fact) => learn::learn(desk, fact).await,
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::ClaimStatus(query) => status::status(window, query).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
