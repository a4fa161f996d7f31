//! What this process counts: counters, gauges and histograms, registered once by name and read at `/metrics`.

use crate::process::{Cost, Process};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Metric, Registry};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub use prometheus_client::metrics::counter::Counter;
pub use prometheus_client::metrics::gauge::Gauge;
pub use prometheus_client::metrics::histogram::Histogram;

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets of a time histogram, seconds: 1 ms to 60 s.
pub const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// Upper bounds of the buckets of what people and partners take part in, seconds: 100 ms to 7 days.
pub const SPANS: [f64; 15] = [
    0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0, 259_200.0, 604_800.0,
];

type Labels<const N: usize> = [(&'static str, String); N];

/// The registry of a process; cheap to clone. Asking twice for a name gives the same metric.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    registry: Registry,
    known: HashMap<&'static str, Box<dyn Any + Send>>,
}

/// Counters of one name told apart by `N` labels. Keep what [`Counters::with`] gives where the path is hot.
#[derive(Clone, Debug)]
pub struct Counters<const N: usize> {
    labels: [&'static str; N],
    family: Family<Labels<N>, Counter>,
}

/// Gauges of one name told apart by `N` labels.
#[derive(Clone, Debug)]
pub struct Gauges<const N: usize> {
    labels: [&'static str; N],
    family: Family<Labels<N>, Gauge>,
}

/// Histograms of seconds of one name told apart by `N` labels.
#[derive(Clone, Debug)]
pub struct Timings<const N: usize> {
    labels: [&'static str; N],
    family: Family<Labels<N>, Histogram, fn() -> Histogram>,
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

fn spans() -> Histogram {
    Histogram::new(SPANS)
}

fn labelled<const N: usize>(names: [&'static str; N], values: [&str; N]) -> Labels<N> {
    std::array::from_fn(|i| (names[i], values[i].to_owned()))
}

impl<const N: usize> Counters<N> {
    /// The counter for these label values, in the order of the names.
    #[must_use]
    pub fn with(&self, values: [&str; N]) -> Counter {
        self.family.get_or_create_owned(&labelled(self.labels, values))
    }
}

impl<const N: usize> Gauges<N> {
    /// The gauge for these label values, in the order of the names.
    #[must_use]
    pub fn with(&self, values: [&str; N]) -> Gauge {
        self.family.get_or_create_owned(&labelled(self.labels, values))
    }
}

impl<const N: usize> Timings<N> {
    /// The histogram for these label values, in the order of the names; observe seconds.
    #[must_use]
    pub fn with(&self, values: [&str; N]) -> Histogram {
        self.family.get_or_create_owned(&labelled(self.labels, values))
    }
}

impl Metrics {
    /// A registry with the metrics every process has: cost, build, uptime.
    #[must_use]
    pub fn of(process: Process) -> Self {
        let metrics = Self::default();
        metrics.collect(Itself { process, started: Instant::now() });
        metrics
    }

    /// A counter; its name is shown with `_total` behind, do not write that.
    #[must_use]
    pub fn counter(&self, name: &'static str, help: &str) -> Counter {
        self.keep(name, help, Counter::default)
    }

    /// A gauge of whole numbers.
    #[must_use]
    pub fn gauge(&self, name: &'static str, help: &str) -> Gauge {
        self.keep(name, help, Gauge::default)
    }

    /// A histogram of seconds; the name ends in `_seconds`.
    #[must_use]
    pub fn timing(&self, name: &'static str, help: &str) -> Histogram {
        self.keep(name, help, seconds)
    }

    /// Counters with labels.
    #[must_use]
    pub fn counters<const N: usize>(
        &self,
        name: &'static str,
        help: &str,
        labels: [&'static str; N],
    ) -> Counters<N> {
        Counters { labels, family: self.keep(name, help, Family::default) }
    }

    /// Gauges with labels.
    #[must_use]
    pub fn gauges<const N: usize>(
        &self,
        name: &'static str,
        help: &str,
        labels: [&'static str; N],
    ) -> Gauges<N> {
        Gauges { labels, family: self.keep(name, help, Family::default) }
    }

    /// Histograms of seconds with labels.
    #[must_use]
    pub fn timings<const N: usize>(
        &self,
        name: &'static str,
        help: &str,
        labels: [&'static str; N],
    ) -> Timings<N> {
        let made = || Family::new_with_constructor(seconds as fn() -> Histogram);
        Timings { labels, family: self.keep(name, help, made) }
    }

    /// Histograms of seconds with labels, for what takes from moments to days: bounds [`SPANS`].
    #[must_use]
    pub fn spans<const N: usize>(
        &self,
        name: &'static str,
        help: &str,
        labels: [&'static str; N],
    ) -> Timings<N> {
        let made = || Family::new_with_constructor(spans as fn() -> Histogram);
        Timings { labels, family: self.keep(name, help, made) }
    }

    /// Something that is asked for its metrics when they are read.
    pub fn collect(&self, collector: impl Collector) {
        self.kept(|kept| kept.registry.register_collector(Box::new(collector)));
    }

    /// Everything in the OpenMetrics text format.
    ///
    /// # Errors
    /// Only if a collector fails to write.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        self.kept(|kept| text::encode(&mut out, &kept.registry)).map(|()| out)
    }

    fn keep<M: Metric + Clone>(&self, name: &'static str, help: &str, make: impl FnOnce() -> M) -> M {
        self.kept(|kept| {
            if let Some(known) = kept.known.get(name) {
                // Another kind under the same name is a slip in the program: it counts, but is not shown.
                return known.downcast_ref::<M>().cloned().unwrap_or_else(|| {
                    tracing::error!(
                        metric = name,
                        "two kinds of metric have the same name, the second is not shown"
                    );
                    make()
                });
            }
            let metric = make();
            kept.registry.register(name, help, metric.clone());
            kept.known.insert(name, Box::new(metric.clone()));
            metric
        })
    }

    fn kept<T>(&self, act: impl FnOnce(&mut Kept) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The process as its own metric.
#[derive(Debug)]
struct Itself {
    process: Process,
    started: Instant,
}

impl Collector for Itself {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let cost = Cost::now();
        let mut gauge = |name: &str, help: &str, value: f64| {
            let descriptor = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(descriptor)
        };
        gauge("process_resident_memory_bytes", "Memory held in RAM", cost.resident_bytes as f64)?;
        gauge("process_open_fds", "Open file descriptors", cost.open_files as f64)?;
        gauge(
            "process_uptime_seconds",
            "Time since the process started",
            self.started.elapsed().as_secs_f64(),
        )?;
        let cpu =
            encoder.encode_descriptor("process_cpu_seconds", "CPU time used", None, MetricType::Counter)?;
        ConstCounter::new(cost.cpu_s).encode(cpu)?;
        let labels = [("service", self.process.name), ("version", env!("CARGO_PKG_VERSION"))];
        let mut build =
            encoder.encode_descriptor("gateway_build_info", "What is running", None, MetricType::Gauge)?;
        ConstGauge::new(1i64).encode(build.encode_family(&labels)?)
    }
}
