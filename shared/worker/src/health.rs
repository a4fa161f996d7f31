//! Keeping watch over what a worker depends on, and holding a message while the database is away.

use crate::engine::now;
use crate::tally::Tally;
use boot::{Check, Stop};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{SchemaState, Store};
use tokio::time::sleep;

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A message is held for so long at most, well within the broker's patience for an acknowledgement; then it goes back and
/// comes again.
const LONGEST_HOLD: Duration = Duration::from_secs(600);
/// How often the dependencies are looked at.
const ROUND: Duration = Duration::from_secs(1);

/// The watch over PostgreSQL.
#[derive(Debug, Clone)]
pub(crate) struct Vigil {
    postgres: Check,
    missed: Arc<AtomicBool>,
    stop: Stop,
}

/// One message that is held.
#[derive(Debug)]
pub(crate) struct Hold {
    vigil: Vigil,
    pause: Duration,
    held: Duration,
}

impl Vigil {
    pub(crate) fn new(postgres: Check, stop: Stop) -> Self {
        Self { postgres, missed: Arc::default(), stop }
    }

    pub(crate) fn is_database_up(&self) -> bool {
        !self.missed.load(Ordering::Relaxed)
    }

    fn found(&self) {
        self.missed.store(false, Ordering::Relaxed);
        self.postgres.up();
    }

    fn missing(&self, why: &str) {
        self.missed.store(true, Ordering::Relaxed);
        self.postgres.down(why);
    }

    pub(crate) fn hold(&self) -> Hold {
        Hold { vigil: self.clone(), pause: Duration::from_millis(100), held: Duration::ZERO }
    }

    /// Waits until the database answers and its schema fits; false if the process is to stop.
    pub(crate) async fn schema(&self, store: &Store) -> bool {
        loop {
            match store.check_schema().await {
                Ok(SchemaState::Current | SchemaState::Ahead) => {
                    self.found();
                    return true;
                }
                Ok(SchemaState::Behind(missing)) => {
                    self.postgres
                        .down(&format!("the schema lacks {}: run `baohan migrate`", missing.join(", ")));
                }
                Ok(SchemaState::Differs(which)) => {
                    self.postgres
                        .down(&format!("migration {which} of the database is not the one of this program"));
                }
                Err(error) => self.missing(&error.to_string()),
            }
            if !self.rest(ROUND).await {
                return false;
            }
        }
    }

    /// Sleeps; false as soon as the process is to stop.
    pub(crate) async fn rest(&self, pause: Duration) -> bool {
        tokio::select! {
            () = self.stop.requested() => false,
            () = sleep(pause) => true,
        }
    }

    /// Looks at the dependencies every second until the process is to stop.
    pub(crate) async fn watch(
        self,
        store: Store,
        rabbitmq: Check,
        connected: Arc<dyn Fn() -> bool + Send + Sync>,
        tally: Tally,
    ) {
        while self.rest(ROUND).await {
            if connected() {
                rabbitmq.up();
            } else {
                rabbitmq.down("not connected, or the broker takes nothing");
            }
            match store.oldest_unsent().await {
                Ok(oldest) => {
                    self.found();
                    let age = oldest.map_or(0, |at| now().unix_seconds() - at.unix_seconds());
                    tally.unsent_age.set(age.max(0));
                }
                Err(error) => self.missing(&error.to_string()),
            }
        }
    }
}

impl Hold {
    /// Waits before another try because the database is away; false if the message must go back to the queue.
    pub(crate) async fn without_database(&mut self, why: &str) -> bool {
        self.vigil.missing(why);
        self.wait().await
    }

    /// Waits before another try, longer each time; false if the message must go back to the queue.
    pub(crate) async fn wait(&mut self) -> bool {
        self.held += self.pause;
        if self.held > LONGEST_HOLD || !self.vigil.rest(self.pause).await {
            return false;
        }
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        true
    }
}
