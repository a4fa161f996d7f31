//! What waits, as gauges: what is gone is shown as 0, not forgotten.

use boot::Metrics;
use boot::metrics::Gauges;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::Waiting;

/// The gauges, and what they have shown so far.
#[derive(Debug, Clone)]
pub(crate) struct WaitingGauges {
    count: Gauges<2>,
    oldest: Gauges<2>,
    shown: Arc<Mutex<HashSet<(String, String)>>>,
}

impl WaitingGauges {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let labels = ["partner", "what"];
        Self {
            count: metrics.gauges("worker_waiting", "What waits, by partner and kind", labels),
            oldest: metrics.gauges(
                "worker_waiting_oldest_seconds",
                "How long the oldest of what waits has waited",
                labels,
            ),
            shown: Arc::default(),
        }
    }

    /// Shows what waits now.
    pub(crate) fn show(&self, waiting: &[Waiting]) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.extend(waiting.iter().map(|row| (row.partner.clone(), row.what.clone())));
        for (partner, what) in shown.iter() {
            let row = waiting.iter().find(|row| row.partner == *partner && row.what == *what);
            let labels = [partner.as_str(), what.as_str()];
            self.count.with(labels).set(row.map_or(0, |row| row.count));
            self.oldest.with(labels).set(row.map_or(0, |row| row.oldest_s));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WaitingGauges;
    use boot::Metrics;
    use store::Waiting;

    #[test]
    fn what_is_gone_is_shown_as_nothing() {
        let metrics = Metrics::default();
        let gauges = WaitingGauges::new(&metrics);
        let parked =
            Waiting { partner: "demo".to_owned(), what: "callback_parked".to_owned(), count: 2, oldest_s: 7 };
        gauges.show(&[parked]);
        let text = metrics.text().unwrap();
        assert!(text.contains("worker_waiting{partner=\"demo\",what=\"callback_parked\"} 2"), "{text}");
        assert!(text.contains("worker_waiting_oldest_seconds{partner=\"demo\",what=\"callback_parked\"} 7"));
        gauges.show(&[]);
        assert!(
            metrics.text().unwrap().contains("worker_waiting{partner=\"demo\",what=\"callback_parked\"} 0")
        );
    }
}
