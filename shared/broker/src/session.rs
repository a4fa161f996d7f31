//! One life of a consumer, from connecting to the loss of the connection, and the next one after it.

use std::sync::Arc;
use std::sync::atomic::Ordering::{self, Relaxed};
use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Acker, Channel, Connection};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::consumer::{Grouping, Handler, Watch};
use crate::delivery::{Delivery, Settled, received, settle};
use crate::message::short;
use crate::{Settings, Trouble};

/// What the consumer is meant to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Running,
    Paused,
    Stopping,
}

#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) settings: Settings,
    pub(crate) queue: String,
    pub(crate) prefetch: u16,
    pub(crate) grouping: Grouping,
    pub(crate) handler: Handler,
    pub(crate) watch: Arc<Watch>,
}

type Received = (Delivery, Acker);

impl Session {
    /// Lives again and again until told to stop.
    pub(crate) async fn keep(self) {
        let mut phase = self.watch.phase.subscribe();
        let mut attempt = 0;
        let mut handlers = JoinSet::new();
        loop {
            let wanted = *phase.borrow_and_update();
            match wanted {
                Phase::Stopping => return drain(&mut handlers).await,
                Phase::Paused => drop(phase.changed().await),
                Phase::Running => {
                    let since = Instant::now();
                    let Err(error) = self.live(&mut handlers).await else { continue };
                    tracing::warn!(connection = %self.settings.name, queue = %self.queue, %error, "lost the queue");
                    self.watch.vitals.reconnects.fetch_add(1, Relaxed);
                    attempt = if since.elapsed() > Duration::from_secs(5) { 0 } else { attempt + 1 };
                    tokio::select! {
                        () = sleep(self.settings.pause_before(attempt)) => {}
                        _ = phase.changed() => {}
                    }
                }
            }
        }
    }

    /// `Ok` when a change of phase ended it; every other end is a failure, also a quiet one.
    async fn live(&self, handlers: &mut JoinSet<()>) -> Result<(), Trouble> {
        let connection = self.settings.connect(&format!("consume-{}", self.queue)).await?;
        let ended = self.consume(&connection, handlers).await;
        self.watch.consuming.store(false, Ordering::Release);
        // After a loss nobody waits for the handlers: one in the middle of its transaction finishes it, and the
        // message, which comes again, is known by then.
        let _ = timeout(Duration::from_secs(1), connection.close(200, "done".into())).await;
        ended
    }

    async fn consume(&self, connection: &Connection, handlers: &mut JoinSet<()>) -> Result<(), Trouble> {
        let mut phase = self.watch.phase.subscribe();
        let (channel, mut stream) = self.subscribe(connection).await?;
        self.watch.consuming.store(true, Ordering::Release);
        let mut group: Vec<Received> = Vec::new();
        let mut group_due = Instant::now();
        let mut heard = Instant::now();
        if *phase.borrow_and_update() != Phase::Running {
            return self.finish(&channel, stream.tag().as_str(), handlers).await;
        }
        loop {
            let batch = matches!(self.grouping, Grouping::Batches { .. });
            let idle = !batch || handlers.is_empty();
            let full = group.len() >= self.group_size();
            if idle && !group.is_empty() && (full || Instant::now() >= group_due) {
                self.hand_over(std::mem::take(&mut group), handlers);
                continue;
            }
            tokio::select! {
                biased;
                changed = phase.changed() => {
                    if changed.is_err() || *phase.borrow_and_update() != Phase::Running {
                        return self.finish(&channel, stream.tag().as_str(), handlers).await;
                    }
                }
                Some(_) = handlers.join_next(), if !handlers.is_empty() => {}
                item = stream.next(), if !full => {
                    // `None` is a cancel by the broker (the queue is gone): no different from a loss.
                    let raw = item.ok_or(Trouble::Broker("the broker cancelled the consumer".to_owned()))??;
                    heard = Instant::now();
                    if group.is_empty() {
                        group_due = heard + self.linger();
                    }
                    group.push(received(raw, &self.watch.vitals));
                }
                () = sleep_until(group_due), if idle && !group.is_empty() => {}
                () = sleep_until(heard + self.settings.silence) => {
                    if handlers.is_empty() && group.is_empty() {
                        self.truly_empty(connection).await?;
                    }
                    heard = Instant::now();
                }
            }
        }
    }

    fn group_size(&self) -> usize {
        match self.grouping {
            Grouping::Single => 1,
            Grouping::Batches { max, .. } => max,
        }
    }

    fn linger(&self) -> Duration {
        match self.grouping {
            Grouping::Single => Duration::ZERO,
            Grouping::Batches { linger, .. } => linger,
        }
    }

    async fn subscribe(&self, connection: &Connection) -> Result<(Channel, lapin::Consumer), Trouble> {
        let subscribing = async {
            let channel = connection.create_channel().await?;
            // Without it the client library buffers the whole queue in memory.
            channel.basic_qos(self.prefetch, BasicQosOptions::default()).await?;
            let options = BasicConsumeOptions::default();
            let queue = short(&self.queue)?;
            let consumer = channel.basic_consume(queue, "".into(), options, FieldTable::default()).await?;
            Ok::<_, Trouble>((channel, consumer))
        };
        timeout(self.settings.step_within, subscribing).await.map_err(|_| Trouble::Slow("consume"))?
    }

    /// Takes nothing more and lets the handlers finish. Their verdicts count only while the channel is open, and the
    /// client library closes it when its last handle is dropped: so it is held until they are done.
    async fn finish(&self, channel: &Channel, tag: &str, handlers: &mut JoinSet<()>) -> Result<(), Trouble> {
        self.unsubscribe(channel, tag).await?;
        drain(handlers).await;
        let _ = timeout(self.settings.step_within, channel.close(200, "done".into())).await;
        Ok(())
    }

    async fn unsubscribe(&self, channel: &Channel, tag: &str) -> Result<(), Trouble> {
        let cancelling = channel.basic_cancel(short(tag)?, BasicCancelOptions::default());
        Ok(timeout(self.settings.step_within, cancelling).await.map_err(|_| Trouble::Slow("cancel"))??)
    }

    /// A queue with messages and a consumer that hears none of them: this connection is not what it seems.
    async fn truly_empty(&self, connection: &Connection) -> Result<(), Trouble> {
        let asking = async {
            let channel = connection.create_channel().await?;
            let options = QueueDeclareOptions::durable().passive();
            let queue = channel.queue_declare(short(&self.queue)?, options, FieldTable::default()).await?;
            Ok::<_, Trouble>(queue.message_count())
        };
        match timeout(self.settings.step_within, asking)
            .await
            .map_err(|_| Trouble::Slow("ask for depth"))??
        {
            0 => Ok(()),
            ready => Err(Trouble::Broker(format!("{ready} messages are ready and none arrives"))),
        }
    }

    fn hand_over(&self, group: Vec<Received>, handlers: &mut JoinSet<()>) {
        let (deliveries, ackers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let attempts: Vec<u64> = deliveries.iter().map(|delivery| delivery.attempts).collect();
        let session = self.clone();
        self.watch.running.fetch_add(ackers.len(), Ordering::AcqRel);
        handlers.spawn(async move {
            // In a task of its own, so that a panic is a verdict; in a set, so that it ends with the consumer.
            let mut alone = JoinSet::new();
            let handler = Arc::clone(&session.handler);
            alone.spawn(async move { handler(deliveries).await });
            let verdicts = alone.join_next().await.and_then(Result::ok).unwrap_or_default();
            session.settle_all(&ackers, &attempts, &verdicts).await;
            session.watch.running.fetch_sub(ackers.len(), Ordering::AcqRel);
        });
    }

    /// One acknowledgement for a whole group that is done; otherwise each its own.
    async fn settle_all(&self, ackers: &[Acker], attempts: &[u64], verdicts: &[Settled]) {
        let within = self.settings.step_within;
        let vitals = &self.watch.vitals;
        let all_done =
            verdicts.len() >= ackers.len() && verdicts.iter().all(|verdict| *verdict == Settled::Ack);
        if let (true, Grouping::Batches { .. }, Some(last)) = (all_done, self.grouping, ackers.last()) {
            // Groups are handled one after the other, so nothing older is still open on this channel.
            let told = timeout(within, last.ack(BasicAckOptions { multiple: true })).await;
            if matches!(told, Ok(Ok(true))) {
                vitals.acked.fetch_add(ackers.len() as u64, Relaxed);
            }
            return;
        }
        let verdicts = verdicts.iter().copied().chain(std::iter::repeat(Settled::Requeue));
        let settling = ackers
            .iter()
            .zip(attempts)
            .zip(verdicts)
            .map(|((acker, attempts), verdict)| settle(acker, verdict, *attempts, within, vitals));
        futures_util::future::join_all(settling).await;
    }
}

async fn drain(handlers: &mut JoinSet<()>) {
    while handlers.join_next().await.is_some() {}
}
