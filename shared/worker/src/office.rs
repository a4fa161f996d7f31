//! A worker process: its queues, its relay, its watch, from start to the last acknowledged message.

use crate::engine::Engine;
use crate::health::Vigil;
use crate::relay::{Relay, Wake};
use crate::tally::Tally;
use crate::{Desk, Handled, Window, settings};
use boot::Boot;
use broker::{Consumer, Publisher};
use domain::{Command, Noun, Query};
use messages::Route;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Messages in work at the same time; the database's connections are fewer, so that some are always ready.
const PREFETCH: u16 = 64;

/// What a worker service does, one use case per command or query.
pub trait Office: Send + Sync + 'static {
    /// Whose messages it takes.
    const NOUN: Noun;

    /// Handles a command: everything it says to the desk is written together, or not at all.
    fn command(&self, desk: &mut Desk, command: &Command) -> impl Future<Output = Handled> + Send;

    /// Answers a query.
    fn query(&self, window: &Window, query: &Query) -> impl Future<Output = Handled> + Send;
}

/// Runs a worker until it is told to stop.
///
/// # Errors
/// Mistakes in the settings, or the admin port cannot be opened. Nothing that goes away later ends it.
pub async fn run<O: Office>(boot: Boot, office: O) -> anyhow::Result<()> {
    let store = settings::store(&boot)?;
    let broker = settings::broker_settings(&boot)?;
    let policies = settings::policies(&boot)?;
    let publisher = Publisher::start(&broker)?;
    let tally = Tally::new(&boot.metrics);
    let vigil = Vigil::new(boot.health.check("postgres"), boot.stop.clone());
    let wake = Wake::default();
    let engine = Arc::new(Engine {
        office,
        name: boot.process.name,
        store: store.clone(),
        policies: policies.clone(),
        wake: wake.clone(),
        vigil: vigil.clone(),
        tally: tally.clone(),
        traces: boot.traces.clone(),
    });
    let relay = Relay { store: store.clone(), tally: tally.clone(), wake, traces: boot.traces.clone() };
    let relaying = boot.health.progress("relay", Duration::from_secs(60));
    let rabbitmq = boot.health.check("rabbitmq");
    let drain = Duration::from_secs(boot.settings.process.drain_s);
    boot.run(async {
        if !vigil.schema(&store).await {
            return Ok(());
        }
        let (commands, queries) = consume(&broker, &engine, &publisher)?;
        let (commands, queries) = (Arc::new(commands), Arc::new(queries));
        let connected = connected(&publisher, [Arc::clone(&commands), Arc::clone(&queries)]);
        let relaying = tokio::spawn(relay.run(publisher.clone(), vigil.clone(), relaying));
        let renewed =
            || settings::each_policy(&boot).map(|found| policies.replace(found)).map_err(Into::into);
        tokio::select! {
            () = vigil.watch(store, rabbitmq, connected, tally) => {}
            never = boot.renew(renewed) => match never {},
        }
        stop([commands, queries], drain).await;
        relaying.await?;
        Ok(())
    })
    .await
}

fn consume<O: Office>(
    broker: &broker::Settings,
    engine: &Arc<Engine<O>>,
    publisher: &Publisher,
) -> anyhow::Result<(Consumer, Consumer)> {
    let (handler, answers) = (Arc::clone(engine), publisher.clone());
    let commands = Consumer::start(broker, &Route::command_queue(O::NOUN), PREFETCH, move |delivery| {
        Arc::clone(&handler).command(delivery, answers.clone())
    })?;
    let (handler, answers) = (Arc::clone(engine), publisher.clone());
    let queries = Consumer::start(broker, &Route::query_queue(O::NOUN), PREFETCH, move |delivery| {
        Arc::clone(&handler).query(delivery, answers.clone())
    })?;
    Ok((commands, queries))
}

pub(crate) fn connected<const N: usize>(
    publisher: &Publisher,
    consumers: [Arc<Consumer>; N],
) -> Arc<dyn Fn() -> bool + Send + Sync> {
    let publisher = publisher.clone();
    Arc::new(move || {
        let vitals = publisher.vitals();
        vitals.connected && !vitals.blocked && consumers.iter().all(|consumer| consumer.vitals().connected)
    })
}

/// Takes nothing more and finishes what is in work. The watch has ended, so the consumers are ours alone.
pub(crate) async fn stop<const N: usize>(consumers: [Arc<Consumer>; N], drain: Duration) {
    for consumer in consumers.into_iter().filter_map(Arc::into_inner) {
        if !consumer.stop(drain).await {
            tracing::warn!("messages were still in work, they come again");
        }
    }
}
