//! `make demo`: the whole gateway on real services, a platform that plays all sixteen finserv interfaces, and a table.

mod manual;
mod show;

use anyhow::{Context, Result, bail};
use gateway_tests::gateway::{Gateway, SERVICES};
use gateway_tests::platform::Platform;
use gateway_tests::settings::{Rules, Setup};
use gateway_tests::stack::Stack;
use sandbox::finserv::story::{Row, Story};
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

/// How long a callback may take; the first retries are a second apart.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const READY_WITHIN: Duration = Duration::from_secs(60);
const BY_ITSELF: Rules =
    Rules { mode: "auto", payment: "simulated", schedule: "[1, 1, 1, 1, 1]", concurrency: 16 };
const BY_OPERATOR: Rules =
    Rules { mode: "manual", payment: "operator", schedule: "[1, 1, 1, 1, 1]", concurrency: 16 };

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = demo() => outcome,
        () = interrupted() => Err(anyhow::anyhow!("interrupted; everything was stopped")),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn demo() -> Result<bool> {
    let folder = folder()?;
    let platforms = [Platform::open("finserv-demo").await?, Platform::open("finserv-manual").await?];
    let files = [platforms[0].file(BY_ITSELF), platforms[1].file(BY_OPERATOR)];
    let stack = Stack::of_environment();
    let mut gateway = Gateway::prepare(&folder, &stack, &Setup::default(), &files, SERVICES)?;
    say("creating the database");
    gateway.migrate()?;
    start(&mut gateway).await?;
    let seed = sandbox::now().unix_timestamp().unsigned_abs();
    say("a platform plays all sixteen interfaces");
    let rows = play(&gateway, &platforms[0], seed).await?;
    let steps = manual::play(&gateway, &platforms[1], seed).await;
    println!("\n{}\n\n{}\n", show::interfaces(&rows), show::steps(&steps));
    let good = rows.iter().all(|row| row.good) && steps.iter().all(|step| step.2);
    farewell(&gateway, &rows, good);
    Ok(stop(&mut gateway)? && good)
}

/// A fresh folder for settings, logs and documents; it stays for whoever wants to look.
fn folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?.join("target/demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    Ok(folder)
}

async fn start(gateway: &mut Gateway) -> Result<()> {
    let begun = Instant::now();
    for name in SERVICES {
        gateway.launch(name)?;
    }
    for (n, name) in SERVICES.iter().enumerate() {
        while !gateway.ready(name)? {
            if begun.elapsed() > READY_WITHIN {
                bail!("{name} is not ready; see {}", gateway.log(name).display());
            }
            sleep(Duration::from_millis(50)).await;
        }
        progress(&format!("starting our services: {}/{} {name}", n + 1, SERVICES.len()));
    }
    say(&format!("{} services are ready after {} ms", SERVICES.len(), begun.elapsed().as_millis()));
    Ok(())
}

async fn play(gateway: &Gateway, platform: &Platform, seed: u64) -> Result<Vec<Row>> {
    let partner = platform.partner(gateway)?;
    let told = |row: &Row| {
        let mark = if row.good { "✓" } else { "✗" };
        progress(&format!(
            "{mark} {} {} {}",
            row.interface.section, row.interface.method, row.interface.title
        ));
    };
    let rows = Story::new(&partner, &platform.receiver, PATIENCE, told)?.play(seed).await;
    progress("");
    Ok(rows)
}

/// The life of the first order, as an operator sees it, and where else to look.
fn farewell(gateway: &Gateway, rows: &[Row], good: bool) {
    let order = rows.first().map_or("", |row| row.number.as_str());
    match gateway.baohan(&["orders", "show", order]) {
        Ok(timeline) => println!("$ baohan orders show {order}\n{timeline}"),
        Err(error) => println!("{error}"),
    }
    println!("日志 · logs and settings: {}", gateway.folder().display());
    println!("再试 · to keep the services and look around: make up, then make demo, then");
    let config = gateway.folder().join("gateway.toml");
    let postgres = gateway.folder().join("postgres.toml");
    println!("  eval \"$(scripts/services env)\"");
    println!(
        "  target/debug/baohan --config {} --config {} orders show {order}",
        config.display(),
        postgres.display()
    );
    if !good {
        println!("✗ 有接口未通过：see the logs above");
    }
}

/// Ends every service as production does; all must exit with 0.
fn stop(gateway: &mut Gateway) -> Result<bool> {
    let mut clean = true;
    for name in SERVICES.iter().rev() {
        if !gateway.stop(name)? {
            clean = false;
            say(&format!("{name} did not end cleanly; see {}", gateway.log(name).display()));
        }
    }
    Ok(clean)
}

async fn interrupted() {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

fn say(what: &str) {
    progress("");
    eprintln!("demo: {what}");
}

/// One line that is overwritten on a terminal; silence in a pipe.
fn progress(what: &str) {
    if stderr().is_terminal() {
        eprint!("\r\x1b[2K{what}");
    }
}
