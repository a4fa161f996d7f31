//! From the command line to a running process and to its end: settings first, ports last, exit 0 when told to stop.

use crate::admin;
use crate::health::Health;
use crate::logging::start_logging;
use crate::metrics::Metrics;
use crate::probe;
use crate::process::Process;
use crate::secrets::variable;
use crate::settings::{Broker, Gateway, Mistakes, Partner, Problem, Source, every_partner, partners};
use crate::stop::{Stop, stop_signal};
use crate::traces::Traces;
use anyhow::Context;
use crypto::secret::{Secret, SecretRef, Secrets};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// What is said of a process that had nothing left to do.
const STOPPED: &str = "stopped, nothing left in flight";

/// What `sysexits.h` calls a usage error: starting again without changing something will not help.
const BAD_SETTINGS: u8 = 64;
/// For the last spans, if so much is left of the time to drain: nobody waits longer for a stop because of them.
const LAST_SPANS: Duration = Duration::from_secs(3);
/// For what is left behind when the work has ended.
const LEFTOVERS: Duration = Duration::from_secs(1);

/// A process that knows its settings and has not opened a port yet.
#[derive(Debug)]
pub struct Boot {
    /// Which process this is.
    pub process: Process,
    /// The gateway's settings, overrides applied.
    pub settings: Gateway,
    /// Where they were read, for problems found later.
    pub source: Source,
    /// The registry of this process.
    pub metrics: Metrics,
    /// The health of this process.
    pub health: Health,
    /// Where its spans begin.
    pub traces: Traces,
    /// Requested by the first SIGTERM or SIGINT.
    pub stop: Stop,
}

/// The whole life of a process: starts it, runs it, and turns the end into an exit code: 0 after a stop, 64 with one
/// report for mistakes in the settings, 1 with the chain of causes for anything else.
pub fn main<F: Future<Output = anyhow::Result<()>>>(
    name: &'static str,
    run: impl FnOnce(Boot) -> F,
) -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if(|first| first == "--health").is_some() {
        return ended(Process { name }, ask_health(Process { name }, args));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return ended(Process { name }, Err(why.into())),
    };
    let end = runtime.block_on(async { run(start(name)?).await });
    runtime.shutdown_timeout(LEFTOVERS);
    ended(Process { name }, end)
}

/// `--health`: exit 0 and the report if the process that runs with these settings is ready, else 1.
fn ask_health(process: Process, args: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let source = Source::read(&settings_files(process, args)?)?;
    let mut settings = Gateway::of(&source, process)?;
    override_ports(&mut settings, variable)?;
    match probe::ready(settings.admin.listen) {
        Ok(report) => Err(Asked(report).into()),
        Err(report) => Err(anyhow::anyhow!("not ready: {report}")),
    }
}

#[allow(clippy::print_stderr, reason = "the report must be seen even if logging could not start")]
fn ended(process: Process, end: anyhow::Result<()>) -> ExitCode {
    let Err(error) = end else { return ExitCode::SUCCESS };
    if let Some(Asked(text)) = error.downcast_ref() {
        eprintln!("{text}");
        return ExitCode::SUCCESS;
    }
    if error.is::<Mistakes>() {
        eprintln!("{process} does not start. {error}");
        return ExitCode::from(BAD_SETTINGS);
    }
    eprintln!("{process} ends. {error:#}");
    ExitCode::FAILURE
}

/// Reads the command line, the settings and the environment, and starts logging. Must be called inside a tokio runtime.
///
/// # Errors
/// [`Mistakes`] in the settings; an operating system that does not let us listen for signals.
pub fn start(name: &'static str) -> anyhow::Result<Boot> {
    let process = Process { name };
    let files = settings_files(process, std::env::args().skip(1))?;
    let source = Source::read(&files)?;
    let mut settings = Gateway::of(&source, process)?;
    override_ports(&mut settings, variable)?;
    start_logging(process)?;
    let (metrics, health) = (Metrics::of(process), Health::default());
    metrics.collect(health.clone());
    let traces = Traces::start(&settings.traces, &source, process, &metrics)?;
    let stop = stop_signal().context("cannot listen for SIGTERM")?;
    Ok(Boot { process, settings, source, metrics, health, traces, stop })
}

impl Boot {
    /// A section that this process cannot do without: `boot.need("broker", &boot.settings.broker)?`.
    ///
    /// # Errors
    /// [`Mistakes`] that name the section.
    pub fn need<'a, T>(&self, section: &str, value: &'a Option<T>) -> Result<&'a T, Mistakes> {
        value.as_ref().ok_or_else(|| {
            let say = format!("is missing: {} cannot work without the section [{section}]", self.process);
            self.source.locate(vec![Problem::new(section, say)])
        })
    }

    /// What a secret reference of the settings stands for; `key` is where it is written: `broker.url`.
    ///
    /// # Errors
    /// [`Mistakes`] that name the key and what is missing.
    pub fn secret(&self, key: &str, reference: &SecretRef) -> Result<Secret, Mistakes> {
        let found = crate::secrets().resolve(reference);
        found.map_err(|missing| self.source.locate(vec![Problem::new(key, missing.to_string())]))
    }

    /// How to reach the broker: the section `[broker]` and the address it names.
    ///
    /// # Errors
    /// [`Mistakes`] if there is no such section, or its secret is missing.
    pub fn broker(&self) -> Result<(&Broker, Secret), Mistakes> {
        let section = self.need("broker", &self.settings.broker)?;
        Ok((section, self.secret("broker.url", &section.url)?))
    }

    /// All instances of one protocol; none at all is a mistake.
    ///
    /// # Errors
    /// [`Mistakes`] in any of their files.
    pub fn partners<P: DeserializeOwned>(&self, protocol: &str) -> Result<Vec<Partner<P>>, Mistakes> {
        let folder = &self.settings.partners.folder;
        let found = partners(folder, protocol)?;
        if found.is_empty() {
            return Err(Mistakes::about(
                folder,
                format!("holds no partner with protocol = {protocol:?}: add one"),
            ));
        }
        Ok(found)
    }

    /// All instances of all protocols, without their protocols' settings.
    ///
    /// # Errors
    /// [`Mistakes`] in any of their files.
    pub fn every_partner(&self) -> Result<Vec<Partner<IgnoredAny>>, Mistakes> {
        every_partner(&self.settings.partners.folder)
    }

    /// Opens the admin port and does the work until it ends; once a stop is requested it gets `drain_s` to end by
    /// itself and is dropped then. The work must listen to [`Boot::stop`].
    ///
    /// # Errors
    /// If the admin port cannot be opened, or the work fails.
    pub async fn run(&self, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let listen = self.settings.admin.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot open the admin port {listen}: see [admin] listen, GATEWAY_ADMIN_LISTEN")
        })?;
        // Health and metrics are told to the end of draining, so the admin port hears of another stop.
        let over = Stop::new();
        let heard = over.clone();
        let admin = admin::serve(listener, self.health.clone(), self.metrics.clone(), async move {
            heard.requested().await;
        });
        let admin = tokio::spawn(admin);
        tracing::info!(admin = %listen, "{} runs", self.process);
        let (end, left) = self.until_stopped(work).await;
        self.traces.close(left.min(LAST_SPANS)).await;
        over.request();
        // It has no result; if it panicked, the panic has been reported.
        let _ = admin.await;
        end
    }

    /// How the work ended, and how much of the time to drain is left.
    async fn until_stopped(
        &self,
        work: impl Future<Output = anyhow::Result<()>>,
    ) -> (anyhow::Result<()>, Duration) {
        let drain_s = self.settings.process.drain_s;
        let drain = Duration::from_secs(drain_s);
        let mut work = pin!(work);
        tokio::select! {
            () = self.stop.requested() => self.health.stopping(),
            end = &mut work => {
                // The wish may have been uttered after this looked and before the work did.
                let how = if self.stop.is_requested() { STOPPED } else { "ended by itself" };
                tracing::info!("{} {how}", self.process);
                return (end, drain);
            }
        }
        let began = Instant::now();
        match tokio::time::timeout(drain, work).await {
            Ok(end) => {
                tracing::info!("{} {STOPPED}", self.process);
                (end, drain.saturating_sub(began.elapsed()))
            }
            Err(_) => {
                tracing::warn!(
                    drain_s,
                    "{} stopped with work in flight: it will be done again elsewhere",
                    self.process
                );
                (Ok(()), Duration::ZERO)
            }
        }
    }
}

/// `--help` or `--version`: what was asked for is printed, and that is all.
#[derive(Debug)]
struct Asked(String);

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Asked {}

/// `--config FILE`, repeatable; else `GATEWAY_CONFIG`, with `:` between several.
fn settings_files(process: Process, mut args: impl Iterator<Item = String>) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(arg) = args.next() {
        match (arg.as_str(), arg.strip_prefix("--config=")) {
            (_, Some(file)) => files.push(file.into()),
            ("--config", _) => match args.next() {
                Some(file) => files.push(file.into()),
                None => return Err(Mistakes::about("--config", "must be followed by a file").into()),
            },
            ("--help" | "-h", _) => return Err(Asked(usage(process)).into()),
            ("--version" | "-V", _) => {
                return Err(Asked(format!("{process} {}", env!("CARGO_PKG_VERSION"))).into());
            }
            _ => {
                return Err(
                    Mistakes::about(arg.as_str(), format!("is not understood. {}", usage(process))).into()
                );
            }
        }
    }
    if files.is_empty() {
        files.extend(variable("GATEWAY_CONFIG").iter().flat_map(|list| std::env::split_paths(list)));
    }
    if files.is_empty() {
        return Err(Mistakes::about("GATEWAY_CONFIG", format!("is not set. {}", usage(process))).into());
    }
    Ok(files)
}

fn usage(process: Process) -> String {
    format!(
        "Usage: {process} [--health] --config FILE [--config FILE …], or GATEWAY_CONFIG=FILE[:FILE …]. \
         --health asks the one that runs with these settings whether it is ready. \
         GATEWAY_LISTEN and GATEWAY_ADMIN_LISTEN override addresses, GATEWAY_LOG filters the log"
    )
}

/// Many processes may share one file on one machine, each with its own ports from the environment.
fn override_ports(settings: &mut Gateway, variable: impl Fn(&str) -> Option<String>) -> Result<(), Mistakes> {
    let port = |name: &str| -> Result<Option<SocketAddr>, Mistakes> {
        let Some(text) = variable(name) else { return Ok(None) };
        let read =
            text.parse().map_err(|_| Mistakes::about(name, "is not an address: write 127.0.0.1:8080"))?;
        Ok(Some(read))
    };
    if let Some(listen) = port("GATEWAY_LISTEN")? {
        (settings.ingress.listen, settings.files.listen) = (listen, listen);
    }
    if let Some(listen) = port("GATEWAY_ADMIN_LISTEN")? {
        settings.admin.listen = listen;
    }
    Ok(())
}
