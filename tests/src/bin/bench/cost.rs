//! What each process used for one order: CPU time, and memory at the end.

use gateway_tests::gateway::{Gateway, SERVICES};
use gateway_tests::process::{self, Usage};
use std::collections::BTreeMap;
use std::time::Duration;

/// The backing services, by a word of their command lines.
const BACKING: &[(&str, &str)] = &[
    ("RabbitMQ", "beam.smp"),
    ("PostgreSQL", "postgres"),
    ("Redis", "redis-server"),
    ("load and receiver", "release/bench"),
];

/// A reading of every process, or the difference of two.
#[derive(Debug, Clone, Default)]
pub(crate) struct Costs(pub(crate) BTreeMap<String, Cost>);

/// One process.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// CPU time: in all, or for one order once divided.
    pub(crate) cpu: Duration,
    /// Resident memory, bytes.
    pub(crate) resident: u64,
}

impl From<Usage> for Cost {
    fn from(usage: Usage) -> Self {
        Self { cpu: usage.cpu, resident: usage.resident }
    }
}

impl Costs {
    /// Reads all processes.
    pub(crate) fn read(gateway: &Gateway) -> Self {
        let own = SERVICES
            .iter()
            .filter_map(|&name| Some((name.to_owned(), process::usage(gateway.pid(name)?)?.into())));
        let backing = BACKING
            .iter()
            .map(|(name, word)| ((*name).to_owned(), process::total(&process::find(&[word])).into()));
        Self(own.chain(backing).collect())
    }

    /// What was used since, for one of so many orders.
    pub(crate) fn since(&self, before: &Self, orders: usize) -> Self {
        let orders = u32::try_from(orders.max(1)).unwrap_or(u32::MAX);
        let used = |(name, now): (&String, &Cost)| {
            let then = before.0.get(name).copied().unwrap_or_default();
            (name.clone(), Cost { cpu: now.cpu.saturating_sub(then.cpu) / orders, resident: now.resident })
        };
        Self(self.0.iter().map(used).collect())
    }
}
