//! The sandbox as a program: a platform that listens, sends single requests, or plays the whole story.

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use sandbox::finserv::story::{Row, Story};
use sandbox::finserv::{Bidder, Partner, Reader, Request, Settings};
use sandbox::{Misbehaviour, Receiver, now, table};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Parser)]
#[command(about = "The partners' side: sends every interface, receives and verifies every callback")]
struct Cli {
    #[command(subcommand)]
    act: Act,
    /// The platform: keys, the institution's address, habits.
    #[arg(long, global = true, default_value = "sandbox.toml")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum Act {
    /// Receives, verifies and records callbacks until interrupted.
    Serve {
        /// Address of the endpoint; steered under /control.
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: String,
        /// Also writes every delivery to this file, as JSON lines.
        #[arg(long)]
        ledger: Option<PathBuf>,
        /// Misbehaves from the start, for example '{"method":"feedback_quit","times":2,"how":{"kind":"silence"}}'.
        #[arg(long)]
        misbehave: Vec<String>,
    },
    /// Sends one request and prints the answer.
    Send(Send),
    /// Plays all sixteen interfaces against an institution that decides by itself.
    Play {
        /// Address of the endpoint for callbacks.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: String,
        /// Which bidders.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How long to wait for each callback, seconds.
        #[arg(long, default_value_t = 30)]
        patience: u64,
    },
}

#[derive(Args)]
struct Send {
    /// 接口编码, for example apply_guarantee.
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
    let settings = read(&cli.config)?;
    match cli.act {
        Act::Serve { listen, ledger, misbehave } => {
            serve(settings, &listen, ledger.as_deref(), &misbehave).await
        }
        Act::Send(send) => send_one(settings, send).await,
        Act::Play { listen, seed, patience } => {
            play(settings, &listen, seed, Duration::from_secs(patience)).await
        }
    }
}

fn read(path: &Path) -> Result<Settings> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a platform's settings", path.display()))
}

async fn serve(settings: Settings, listen: &str, ledger: Option<&Path>, misbehave: &[String]) -> Result<()> {
    let receiver = Receiver::start(listen, Reader::new(settings)?, ledger).await?;
    for text in misbehave {
        let misbehaviour: Misbehaviour = serde_json::from_str(text).context("--misbehave")?;
        receiver.misbehave(misbehaviour);
    }
    println!("receiving at {}; steered at http://{}/control", receiver.url(), receiver.addr());
    tokio::signal::ctrl_c().await?;
    receiver.stop().await;
    Ok(())
}

async fn send_one(settings: Settings, send: Send) -> Result<()> {
    let partner = Partner::new(settings)?;
    let request = request(&send)?;
    if send.print {
        println!("{}", String::from_utf8_lossy(&partner.write(&request).body));
        return Ok(());
    }
    let answer = partner.send(&request).await?;
    println!("{}", serde_json::to_string_pretty(&answer.fields)?);
    if answer.success() { Ok(()) } else { bail!("the institution refused") }
}

fn request(send: &Send) -> Result<Request> {
    let bidder = Bidder::new(send.seed, send.n, now());
    let (no, amount) = (send.guarantee_no.as_str(), send.amount.as_deref().unwrap_or(bidder.bond()));
    let accept_no = Some(send.accept_no.as_str()).filter(|text| !text.is_empty());
    let mut request = match send.method.as_str() {
        "apply_guarantee" if send.performance => bidder.performance_application(),
        "apply_guarantee" => bidder.bid_application(),
        "get_apply_guarantee_result" => bidder.ask_application(&send.accept_no),
        "apply_cancel" => bidder.cancel(no),
        "get_apply_cancel_result" => Bidder::ask("get_apply_cancel_result", no, accept_no),
        "apply_claim" => bidder.claim(no, amount),
        "get_apply_claim_result" => Bidder::ask("get_apply_claim_result", no, accept_no),
        "apply_invoice" => bidder.invoice(no, amount),
        "get_invoiceInfo" => Bidder::ask("get_invoiceInfo", no, None),
        "guarantee_quit" => bidder.quit(no),
        "get_quitInfo" => Bidder::ask("get_quitInfo", no, None),
        "update_bidinfo" => bidder.postpone(7),
        other => {
            bail!("{other} is not a request of this platform; see the table in the document, 接口一览表")
        }
    };
    if let Some(data) = &send.data {
        request.data = serde_json::from_str(data).context("--data is not JSON")?;
    }
    for pair in &send.set {
        let (field, value) = pair.split_once('=').context("--set wants FIELD=VALUE")?;
        request = request.with(field, value);
    }
    Ok(request)
}

async fn play(settings: Settings, listen: &str, seed: u64, patience: Duration) -> Result<()> {
    let receiver = Receiver::start(listen, Reader::new(settings.clone())?, None).await?;
    let partner = Partner::new(settings)?;
    let rows = Story::new(&partner, &receiver, patience, |_| eprint!("."))?.play(seed).await;
    eprintln!();
    println!("{}", show(&rows));
    receiver.stop().await;
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
