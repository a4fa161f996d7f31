//! The lane of one partner: how many of its callbacks may be under way and in hand at once, so that none takes another's place.

use crate::breaker::{Breaker, BreakerRule};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// A full lane that moved within this time is worth waiting for: moving a message through the broker costs more.
const WORTH_WAITING: Duration = Duration::from_millis(20);

/// Counts what is in hand for one partner, bounds what is under way, and holds its breaker.
#[derive(Debug)]
pub(crate) struct Lane {
    /// One permit a callback under way.
    under_way: Semaphore,
    /// One permit a callback in hand, under way or waiting for its turn.
    in_hand: Semaphore,
    breaker: Mutex<Breaker>,
    last_moved: Mutex<Instant>,
}

/// Why a callback is not tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Its partner has all hands full.
    Saturated,
    /// Its partner cannot be reached.
    Broken,
}

/// The right to try one callback; dropping it makes room for the next.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    lane: &'a Lane,
    _in_hand: SemaphorePermit<'a>,
    _under_way: SemaphorePermit<'a>,
}

/// How many callbacks of a partner are welcome in hand: twice what may be under way, so that the next is ready.
pub(crate) const fn room(concurrency: usize) -> usize {
    concurrency.saturating_mul(2)
}

impl Lane {
    /// A lane for so many callbacks under way and so many in hand.
    pub(crate) fn new(under_way: usize, in_hand: usize, breaker: BreakerRule) -> Self {
        Self {
            under_way: Semaphore::new(under_way.max(1)),
            in_hand: Semaphore::new(in_hand.max(1)),
            breaker: Mutex::new(Breaker::new(breaker)),
            last_moved: Mutex::new(Instant::now()),
        }
    }

    /// Waits for this callback's turn, unless the lane is full of others or the partner cannot be reached.
    pub(crate) async fn enter(&self) -> Result<Turn<'_>, Hold> {
        if self.breaker().holds(Instant::now()) {
            return Err(Hold::Broken);
        }
        let in_hand = self.place().await.ok_or(Hold::Saturated)?;
        // The semaphores are never closed.
        let under_way = self.under_way.acquire().await.map_err(|_| Hold::Saturated)?;
        // It may have opened while this one waited.
        if !self.breaker().admits(Instant::now()) {
            return Err(Hold::Broken);
        }
        Ok(Turn { lane: self, _in_hand: in_hand, _under_way: under_way })
    }

    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.in_hand.try_acquire() {
            return Some(place);
        }
        let moving = lock(&self.last_moved).elapsed() < WORTH_WAITING;
        let place = self.in_hand.acquire();
        if moving { tokio::time::timeout(WORTH_WAITING, place).await.ok()?.ok() } else { None }
    }

    pub(crate) fn breaker(&self) -> MutexGuard<'_, Breaker> {
        lock(&self.breaker)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *lock(&self.lane.last_moved) = Instant::now();
    }
}

/// What is guarded is whole after every statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
