//! The way of an operator's order to the workers: published durably, and the answer awaited.

use crate::ground::Ground;
use anyhow::{Result, anyhow, bail};
use boot::{Kind, Trace};
use broker::{Asked, Message, NotPublished, Operator, Publisher, Trouble};
use domain::{Command, Reply};
use messages::{Envelope, Route};
use std::time::Duration;

/// How long a broker may take to let us in.
const IN_WITHIN: Duration = Duration::from_secs(5);
/// An operator does not wait longer than this for a collector of traces.
const LAST_SPAN: Duration = Duration::from_secs(1);
const LOOK: &str = "see that RabbitMQ runs and that [broker] url is the operator's user (GATEWAY_AMQP_URL)";

/// A publisher that has reached the broker.
///
/// # Errors
/// With what to look at, if it cannot be reached or takes nothing.
pub(crate) async fn publisher(ground: &Ground) -> Result<Publisher> {
    let publisher = Publisher::start(&ground.broker()?).map_err(trouble)?;
    let unreachable = |_| anyhow!("the broker is not reached within {} s: {LOOK}", IN_WITHIN.as_secs());
    publisher.ready(IN_WITHIN).await.map_err(unreachable)?;
    Ok(publisher)
}

/// An operator's connection, for looking into queues.
///
/// # Errors
/// With what to look at, if the broker cannot be reached.
pub(crate) async fn operator(ground: &Ground) -> Result<Operator> {
    Operator::connect(&ground.broker()?).await.map_err(trouble)
}

/// What an error of the broker means to an operator.
pub(crate) fn trouble(error: Trouble) -> anyhow::Error {
    match error {
        Trouble::NotPublished(why) => unpublished(why),
        other => anyhow!("the broker: {other}; {LOOK}"),
    }
}

/// What a message that does not count as published means to an operator.
pub(crate) fn unpublished(why: NotPublished) -> anyhow::Error {
    match why {
        NotPublished::Busy => anyhow!("{why}: nothing was sent; {LOOK}, or that it has disk and memory left"),
        NotPublished::Unknown => anyhow!("{why}: say the same again, it takes effect once"),
        NotPublished::Unroutable => {
            anyhow!("{why}: the broker lacks the queues of deploy/rabbitmq/definitions.json; import them")
        }
        NotPublished::Rejected => {
            anyhow!("{why}: its queue is full, or this user may not do it; {LOOK}")
        }
    }
}

/// Publishes a command and waits for the worker's answer.
///
/// # Errors
/// If it was not published, not answered in time, or the answer does not read.
pub(crate) async fn ask(ground: &Ground, envelope: &Envelope<Command>, within: Duration) -> Result<Reply> {
    let route = Route::command(&envelope.body, &envelope.origin);
    let traces = ground.traces()?;
    let mut span = traces.begin(Kind::Producer, "publish", None);
    span.message("publish", route.exchange, &route.key, &envelope.id);
    span.note("baohan.no", envelope.no.as_str());
    let message = Message::durable(route.exchange, route.key, &envelope.id, envelope.to_bytes()?)
        .header(Trace::HEADER, span.trace().to_string());
    let asked = publisher(ground).await?.ask(message, within).await;
    if asked.is_err() {
        span.fail("unpublished");
    }
    drop(span);
    traces.close(LAST_SPAN).await;
    match asked.map_err(unpublished)? {
        Asked::Answered(reply) => serde_json::from_slice(&reply.body).map_err(|_| {
            anyhow!("the worker's answer does not read: are program and worker of one version?")
        }),
        Asked::Unanswered => {
            let noun = envelope.body.noun().word();
            bail!(
                "no answer within {} s: the order is safe in the queue and takes effect once worker-{noun} takes it; \
                 see that it runs, then say the same again (it takes effect once) or look at `baohan orders show {}`",
                within.as_secs(),
                envelope.no
            )
        }
    }
}
