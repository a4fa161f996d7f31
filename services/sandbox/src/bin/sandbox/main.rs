//! The sandbox as a program: a platform that listens, sends single requests, or plays the whole story.

mod finserv;
mod fuzhou;
mod govproc;
mod pubres;
mod yueyang;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use sandbox::{Misbehaviour, Platform, Receiver, Request, Row, table};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "The partners' side: sends every interface, receives and verifies every callback")]
struct Cli {
    #[command(subcommand)]
    act: Act,
    /// The platform: `protocol` (finserv without it), keys, the institution's address, habits.
    #[arg(long, global = true, default_value = "sandbox.toml")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum Act {
    /// Receives, verifies and records callbacks until interrupted.
    Serve(Serve),
    /// Sends one request and prints the answer.
    Send(Send),
    /// Plays all interfaces of the document against an institution that decides by itself.
    Play(Play),
}

#[derive(Args)]
struct Serve {
    /// Address of the endpoint; steered under /control.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: String,
    /// Also writes every delivery to this file, as JSON lines.
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// Misbehaves from the start, for example '{"method":"feedback_quit","times":2,"how":{"kind":"silence"}}'.
    #[arg(long)]
    misbehave: Vec<String>,
}

#[derive(Args)]
struct Play {
    /// Address of the endpoint for callbacks.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Which bidders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long to wait for each callback, seconds.
    #[arg(long, default_value_t = 30)]
    patience: u64,
}

#[derive(Args)]
struct Send {
    /// 接口编码 or 接口名称, for example apply_guarantee.
    method: String,
    /// Which bidders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which of them.
    #[arg(long, default_value_t = 1)]
    n: u64,
    /// guarantee_no, where one is needed.
    #[arg(long, default_value = "")]
    guarantee_no: String,
    /// accept_no, where one is needed.
    #[arg(long, default_value = "")]
    accept_no: String,
    /// The address that an answer gave, for an interface that has none of its own (govproc).
    #[arg(long, default_value = "")]
    link: String,
    /// Yuan, for a claim or an invoice; the bond amount otherwise.
    #[arg(long)]
    amount: Option<String>,
    /// A performance guarantee instead of a bid guarantee.
    #[arg(long)]
    performance: bool,
    /// FIELD=VALUE: puts a text into a field; FIELD= empties it.
    #[arg(long)]
    set: Vec<String>,
    /// The plaintext of data, instead of a sample.
    #[arg(long)]
    data: Option<String>,
    /// Prints the signed body instead of sending it.
    #[arg(long)]
    print: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let (protocol, settings) = read(&cli.config)?;
    match protocol.as_str() {
        "finserv" => finserv::run(told(settings)?, cli.act).await,
        "govproc" => govproc::run(told(settings)?, cli.act).await,
        "pubres" => pubres::run(told(settings)?, cli.act).await,
        "fuzhou" => fuzhou::run(told(settings)?, cli.act).await,
        "yueyang" => yueyang::run(told(settings)?, cli.act).await,
        other => bail!("protocol {other:?} is not played here"),
    }
}

/// The protocol that the file names, and the rest of it.
fn read(path: &Path) -> Result<(String, toml::Table)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut table: toml::Table =
        toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?;
    let protocol = match table.remove("protocol") {
        None => "finserv".to_owned(),
        Some(toml::Value::String(name)) => name,
        Some(_) => bail!("protocol is a name in quotes"),
    };
    Ok((protocol, table))
}

fn told<S: DeserializeOwned>(settings: toml::Table) -> Result<S> {
    settings.try_into().context("the file is not such a platform's settings")
}

impl Serve {
    async fn run(&self, platform: impl Platform) -> Result<()> {
        let receiver = Receiver::start(&self.listen, platform, self.ledger.as_deref()).await?;
        for text in &self.misbehave {
            let misbehaviour: Misbehaviour = serde_json::from_str(text).context("--misbehave")?;
            receiver.misbehave(misbehaviour);
        }
        println!("receiving at {}; steered at http://{}/control", receiver.url(), receiver.addr());
        tokio::signal::ctrl_c().await?;
        receiver.stop().await;
        Ok(())
    }
}

/// The request with what the command line says otherwise.
fn with_pairs(mut request: Request, send: &Send) -> Result<Request> {
    if let Some(data) = &send.data {
        request.data = serde_json::from_str(data).context("--data is not JSON")?;
    }
    for pair in &send.set {
        let (field, value) = pair.split_once('=').context("--set wants FIELD=VALUE")?;
        request = request.with(field, value);
    }
    Ok(request)
}

/// Prints the table; an error if a row is wrong.
fn conclude(rows: &[Row]) -> Result<()> {
    eprintln!();
    println!("{}", show(rows));
    if rows.iter().all(|row| row.good) { Ok(()) } else { bail!("not every interface went well") }
}

fn show(rows: &[Row]) -> comfy_table::Table {
    let mut table = table::with_headings(&["§", "interface", "接口", "请求", "应答", "编号", "用时", ""]);
    for row in rows {
        let took = row.took.map_or_else(String::new, |took| format!("{} ms", took.as_millis()));
        table.add_row(vec![
            row.interface.section.into(),
            row.interface.method.into(),
            row.interface.title.into(),
            row.asked.as_str().into(),
            row.answer.as_str().into(),
            row.number.as_str().into(),
            table::faint(took),
            table::mark(row.good),
        ]);
    }
    table
}
