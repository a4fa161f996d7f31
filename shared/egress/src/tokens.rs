//! Access tokens: one at a time is fetched for all processes, used until the partner no longer takes it.

use crate::partner::Partner;
use domain::{PartnerId, Private};
use protocol::Token;
use replies::Replies;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

/// How long one process may take to fetch a token before another tries.
const FETCH: Duration = Duration::from_secs(30);
/// How long to wait for a token that another process fetches.
const WAIT: Duration = Duration::from_secs(5);
/// Between two looks for it.
const LOOK: Duration = Duration::from_millis(50);

/// The token of one partner, as far as this process knows it.
#[derive(Debug, Default)]
pub(crate) struct Purse(Mutex<Option<Held>>);

#[derive(Debug, Clone)]
struct Held {
    token: Token,
    until: Instant,
}

/// Where tokens are shared; without Redis each process has its own.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) shared: Option<Replies>,
}

impl Tokens {
    /// A token that is not `stale`: the shared one, or a new one through `fetch`. Within this process one caller at a time
    /// looks; among processes one at a time fetches.
    pub(crate) async fn current<E>(
        &self,
        partner: &Partner,
        purse: &Purse,
        stale: Option<&Private>,
        fetch: impl AsyncFnOnce() -> Result<Token, E>,
    ) -> Result<Private, E> {
        let mut held = purse.0.lock().await;
        if let Some(known) = self.known(&partner.id, &mut held, stale).await {
            return Ok(known);
        }
        let owner = hex::encode(boot::random::<16>());
        let locked = self.lock(&partner.id, &owner).await;
        if !locked && let Some(others) = self.await_others(&partner.id, &mut held, stale).await {
            return Ok(others);
        }
        let fetched = fetch().await;
        if let Ok(token) = &fetched {
            *held = Some(Held { token: token.clone(), until: Instant::now() + token.lives });
            self.share(&partner.id, token).await;
        }
        if locked && let Some(shared) = &self.shared {
            let _ = shared.unlock_token(&partner.id, &owner).await;
        }
        fetched.map(|token| token.value)
    }

    /// The partner took it: its life begins anew.
    pub(crate) async fn used(&self, partner: &PartnerId, purse: &Purse) {
        let Some(lives) = purse.0.lock().await.as_mut().map(|held| {
            held.until = Instant::now() + held.token.lives;
            held.token.lives
        }) else {
            return;
        };
        if let Some(shared) = &self.shared {
            let _ = shared.token_used(partner, lives).await;
        }
    }

    async fn known(
        &self,
        partner: &PartnerId,
        held: &mut Option<Held>,
        stale: Option<&Private>,
    ) -> Option<Private> {
        let good = |value: &Private| Some(value) != stale;
        if let (Some(shared), Some(stale)) = (&self.shared, stale) {
            let _ = shared.drop_token(partner, stale).await;
        }
        match &self.shared {
            Some(shared) => match shared.token(partner).await {
                Ok(Some(value)) if good(&value) => {
                    // Fetched by another process: how long it lives is known from what we held before, if anything.
                    if let Some(held) = held {
                        held.token.value = value.clone();
                        held.until = Instant::now() + held.token.lives;
                    }
                    Some(value)
                }
                Ok(_) => None,
                Err(_) => own(held, good),
            },
            None => own(held, good),
        }
    }

    async fn lock(&self, partner: &PartnerId, owner: &str) -> bool {
        let Some(shared) = &self.shared else { return true };
        // Without Redis nobody can be told to wait: fetching twice is better than not at all.
        shared.lock_token(partner, owner, FETCH).await.unwrap_or(true)
    }

    async fn await_others(
        &self,
        partner: &PartnerId,
        held: &mut Option<Held>,
        stale: Option<&Private>,
    ) -> Option<Private> {
        let until = Instant::now() + WAIT;
        while Instant::now() < until {
            sleep(LOOK).await;
            let known = self.known(partner, held, stale).await;
            if known.is_some() {
                return known;
            }
        }
        None
    }

    async fn share(&self, partner: &PartnerId, token: &Token) {
        let Some(shared) = &self.shared else { return };
        if let Err(why) = shared.keep_token(partner, &token.value, token.lives).await {
            tracing::warn!(partner = %partner, %why, "the access token stays in this process alone");
        }
    }
}

fn own(held: &Option<Held>, good: impl Fn(&Private) -> bool) -> Option<Private> {
    held.as_ref()
        .filter(|held| Instant::now() < held.until && good(&held.token.value))
        .map(|held| held.token.value.clone())
}
