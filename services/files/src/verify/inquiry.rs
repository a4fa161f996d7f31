//! What the worker says of a guarantee: the record that everybody may see, that there is none, or nothing.

use broker::{Asked, Message, Publisher};
use domain::{AcceptanceNo, Held, Origin, PublicRecord, Query, RefusalKind, Reply, Timestamp};
use messages::{Envelope, Route};
use std::time::Duration;

/// How long whoever asks is kept waiting.
const WITHIN: Duration = Duration::from_secs(4);

/// The worker's word.
#[derive(Debug)]
pub(super) enum Said {
    /// This is known.
    Known(Box<PublicRecord>),
    /// There is no such guarantee, or no such document.
    Unknown,
    /// Nobody answered.
    Nothing,
}

/// The way to the worker.
pub(super) struct Inquiry {
    publisher: Publisher,
    origin: Origin,
}

impl Inquiry {
    pub(super) fn new(publisher: Publisher, origin: Origin) -> Self {
        Self { publisher, origin }
    }

    pub(super) async fn ask(&self, held: Held, now: Timestamp) -> Said {
        let id = hex::encode(boot::random::<16>());
        let no = AcceptanceNo::of(&self.origin.partner, "verify", &id);
        let query = Query::PublicRecord { held };
        let route = Route::query(&query, &self.origin);
        let envelope = Envelope::query(id.clone(), no, self.origin.clone(), "files", now, query);
        let Ok(body) = envelope.to_bytes() else { return Said::Nothing };
        let trace = boot::Trace::start().to_string();
        let message = Message::query(route.exchange, route.key, id, body).header(boot::Trace::HEADER, trace);
        match self.publisher.ask(message, WITHIN).await {
            Ok(Asked::Answered(reply)) => read(&reply.body),
            Ok(Asked::Unanswered) => Said::Nothing,
            Err(why) => {
                tracing::warn!(%why, "a guarantee is verified without its state");
                Said::Nothing
            }
        }
    }
}

fn read(body: &[u8]) -> Said {
    match serde_json::from_slice(body) {
        Ok(Reply::Public(record)) => Said::Known(record),
        Ok(Reply::Refused(refusal)) if refusal.kind == RefusalKind::Unknown => Said::Unknown,
        Ok(_) => Said::Nothing,
        Err(why) => {
            tracing::error!(line = why.line(), column = why.column(), "a worker's answer is unreadable");
            Said::Nothing
        }
    }
}
