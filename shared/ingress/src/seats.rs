//! How many requests of one partner are answered at the same time, so that a slow worker or a flood of one partner never takes
//! every connection from the others.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The seats of one partner in this process; clones share them.
#[derive(Debug, Clone)]
pub struct Seats(Option<Arc<Semaphore>>);

/// A taken seat, given back when dropped.
#[derive(Debug)]
pub struct Seat(#[expect(dead_code, reason = "held, never read")] Option<OwnedSemaphorePermit>);

impl Seats {
    /// So many; `None` is without bound.
    #[must_use]
    pub fn new(seats: Option<u32>) -> Self {
        Self(seats.map(|seats| Arc::new(Semaphore::new(seats.max(1) as usize))))
    }

    /// A seat, if one is free now: whoever would have to wait is told to come again.
    #[must_use]
    pub fn take(&self) -> Option<Seat> {
        match &self.0 {
            None => Some(Seat(None)),
            Some(seats) => Arc::clone(seats).try_acquire_owned().ok().map(|permit| Seat(Some(permit))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_once_it_is_given_back() {
        let seats = Seats::new(Some(2));
        let (one, two) = (seats.take(), seats.clone().take());
        assert!(one.is_some() && two.is_some() && seats.take().is_none());
        drop(one);
        assert!(seats.take().is_some());
        let free = Seats::new(None);
        let held: Vec<_> = (0..1000).map(|_| free.take()).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
