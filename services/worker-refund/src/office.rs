//! Which message goes to which use case.

use crate::{refund, release, status};
use domain::{Command, Noun, Query, Subject};
use worker::{Desk, Failure, Handled, Office, Press, Window};

/// Refunds and releases.
pub(crate) struct Endings {
    pub(crate) press: Press,
}

impl Office for Endings {
    const NOUN: Noun = Noun::Refund;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        match command {
            Command::RequestRefund(about) => refund::request(desk, &self.press, about).await,
            Command::RequestRelease(about) => release::request(desk, &self.press, about).await,
            Command::Decide(decide) if decide.subject == Subject::Refund => {
                refund::decide(desk, &self.press, decide).await
            }
            Command::Decide(decide) if decide.subject == Subject::Release => {
                release::decide(desk, &self.press, decide).await
            }
            Command::RevokeCase(wish) if wish.subject == Subject::Refund => refund::revoke(desk, wish).await,
            Command::RevokeCase(wish) if wish.subject == Subject::Release => {
                release::revoke(desk, wish).await
            }
            _ => Err(Failure::not_ours()),
        }
    }

    async fn query(&self, window: &Window, query: &Query) -> Handled {
        match query {
            Query::RefundStatus(query) => status::refund(window, &self.press, query).await,
            Query::ReleaseStatus(query) => status::release(window, &self.press, query).await,
            _ => Err(Failure::not_ours()),
        }
    }
}
