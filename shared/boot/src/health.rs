//! Whether this process can do its work: what it depends on, and whether its loops still turn.

use crate::clock::now;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::serde::rfc3339;

/// The health of a process; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<Board>>);

#[derive(Debug, Default)]
struct Board {
    checks: BTreeMap<&'static str, State>,
    loops: BTreeMap<&'static str, Arc<Loop>>,
    stopping: bool,
}

#[derive(Clone, Debug)]
struct State {
    up: bool,
    required: bool,
    since: OffsetDateTime,
    reason: String,
}

#[derive(Debug)]
struct Loop {
    started: Instant,
    ticked_ms: AtomicU64,
    within: Duration,
    since: OffsetDateTime,
}

/// The handle by which an engine tells how a dependency is. Setting what is already so costs a lock and no log line.
#[derive(Clone, Debug)]
pub struct Check {
    name: &'static str,
    board: Health,
}

/// The handle by which a loop tells that it still turns: one relaxed store.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Loop>);

/// What `/readyz` says.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether everything required is up and the process is not stopping.
    pub ready: bool,
    /// Whether it has been told to stop.
    pub stopping: bool,
    /// Each check by name.
    pub checks: BTreeMap<&'static str, Line>,
}

/// One check in a report.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Whether it is up.
    pub up: bool,
    /// Whether the process is not ready without it.
    pub required: bool,
    /// Since when it is so, UTC.
    #[serde(with = "rfc3339")]
    pub since: OffsetDateTime,
    /// Why it is down; empty if it is up.
    pub reason: String,
}

impl Health {
    /// A check without which the process is not ready; down until it is first set up.
    #[must_use]
    pub fn check(&self, name: &'static str) -> Check {
        self.add(name, true)
    }

    /// A check that is shown but does not make the process unready (Redis).
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Check {
        self.add(name, false)
    }

    /// A loop that must tick at least every `within`; ticked now.
    #[must_use]
    pub fn progress(&self, name: &'static str, within: Duration) -> Progress {
        let turning = Loop { started: Instant::now(), ticked_ms: AtomicU64::new(0), within, since: now() };
        let turning = Arc::new(turning);
        self.board().loops.insert(name, Arc::clone(&turning));
        Progress(turning)
    }

    /// From now on the process is not ready: load balancers look elsewhere while it drains.
    pub fn stopping(&self) {
        self.board().stopping = true;
    }

    /// The state of everything at this moment.
    #[must_use]
    pub fn report(&self) -> Report {
        let board = self.board();
        let mut checks: BTreeMap<&'static str, Line> =
            board.checks.iter().map(|(name, state)| (*name, state.line())).collect();
        checks.extend(board.loops.iter().map(|(name, turning)| (*name, turning.line())));
        let ready = !board.stopping && checks.values().all(|line| line.up || !line.required);
        Report { ready, stopping: board.stopping, checks }
    }

    fn add(&self, name: &'static str, required: bool) -> Check {
        let state = State { up: false, required, since: now(), reason: "not connected yet".to_owned() };
        self.board().checks.entry(name).or_insert(state);
        Check { name, board: self.clone() }
    }

    /// A panic elsewhere cannot leave the board half-written, so a poisoned lock is as good as any.
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn line(&self) -> Line {
        Line { up: self.up, required: self.required, since: self.since, reason: self.reason.clone() }
    }
}

impl Loop {
    fn line(&self) -> Line {
        let ticked = Duration::from_millis(self.ticked_ms.load(Relaxed));
        let still = self.started.elapsed().saturating_sub(ticked);
        let up = still <= self.within;
        let reason =
            format!("has not turned for {} s, expected every {} s", still.as_secs(), self.within.as_secs());
        let since = if up { self.since } else { self.since + ticked + self.within };
        Line { up, required: true, since, reason: if up { String::new() } else { reason } }
    }
}

impl Check {
    /// The dependency answers.
    pub fn up(&self) {
        self.set(true, "");
    }

    /// It does not; `reason` is shown to operators and must hold no secret.
    pub fn down(&self, reason: &str) {
        self.set(false, reason);
    }

    fn set(&self, up: bool, reason: &str) {
        let mut board = self.board.board();
        let Some(state) = board.checks.get_mut(self.name) else { return };
        let turned = state.up != up;
        if turned {
            (state.up, state.since) = (up, now());
        }
        if state.reason != reason {
            reason.clone_into(&mut state.reason);
        }
        drop(board);
        match (turned, up) {
            (true, true) => tracing::info!(check = self.name, "{} is up", self.name),
            (true, false) => tracing::warn!(check = self.name, reason, "{} is down: {reason}", self.name),
            (false, _) => {}
        }
    }
}

impl Progress {
    /// The loop has turned once more.
    pub fn tick(&self) {
        self.0.ticked_ms.store(self.0.started.elapsed().as_millis() as u64, Relaxed);
    }
}

impl Collector for Health {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let help = "1 if the check of this name is up, 0 if it is down";
        let mut family = encoder.encode_descriptor("gateway_check_up", help, None, MetricType::Gauge)?;
        for (name, line) in self.report().checks {
            let gauge = prometheus_client::metrics::gauge::ConstGauge::new(i64::from(line.up));
            gauge.encode(family.encode_family(&[("check", name)])?)?;
        }
        Ok(())
    }
}
