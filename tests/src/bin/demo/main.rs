//! `make demo`: the whole gateway on real services, platforms that play every interface of their protocols, and tables.

mod manual;
mod show;

use anyhow::{Context, Result, bail};
use gateway_tests::gateway::{Gateway, services_for};
use gateway_tests::operator::Desk;
use gateway_tests::platform::Platform;
use gateway_tests::settings::{Rules, Setup};
use gateway_tests::stack::Stack;
use gateway_tests::{fuzhou, govproc, pubres, yueyang};
use sandbox::Row;
use sandbox::finserv::story::Story;
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
/// Everything is decided by people, so that it can still be taken back.
const BY_PEOPLE: Rules = Rules { mode: "manual", ..BY_ITSELF };

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
    let others = Others {
        pubres: pubres::Platform::open("pubres-demo").await?,
        govproc: govproc::Platform::open("govproc-demo").await?,
        yueyang: yueyang::Platform::open("yueyang-demo").await?,
        fuzhou: fuzhou::Platform::open("fuzhou-demo").await?,
    };
    let files = [
        platforms[0].file(BY_ITSELF),
        platforms[1].file(BY_OPERATOR),
        others.pubres.file(BY_ITSELF, ""),
        others.govproc.file(BY_ITSELF, "query_bhno = true"),
        others.yueyang.file(BY_PEOPLE, ""),
        others.fuzhou.file(BY_OPERATOR, ""),
    ];
    let services = services_for(&files);
    let stack = Stack::of_environment();
    let mut gateway = Gateway::prepare(&folder, &stack, &Setup::default(), &files, &services)?;
    say("creating the database");
    gateway.migrate()?;
    start(&mut gateway, &services).await?;
    let seed = sandbox::now().unix_timestamp().unsigned_abs();
    say("finserv: a platform plays all sixteen interfaces");
    let rows = play(&gateway, &platforms[0], seed).await?;
    let steps = manual::play(&gateway, &platforms[1], seed).await;
    let more = others.play(&gateway, seed).await?;
    println!("\nfinserv 投标金融服务对接\n{}\n\n{}\n", show::interfaces(&rows), show::steps(&steps));
    for (protocol, rows) in &more {
        println!("{protocol}\n{}\n", show::interfaces(rows));
    }
    println!("{}\n", show::totals(&rows, &more));
    let others_good = more.iter().flat_map(|(_, rows)| rows).all(|row| row.good);
    let good = rows.iter().all(|row| row.good) && steps.iter().all(|step| step.2) && others_good;
    farewell(&gateway, &rows, good);
    Ok(stop(&mut gateway, &services)? && good)
}

/// A fresh folder for settings, logs and documents; it stays for whoever wants to look.
fn folder() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?.join("target/demo");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    Ok(folder)
}

async fn start(gateway: &mut Gateway, services: &[&'static str]) -> Result<()> {
    let begun = Instant::now();
    for name in services {
        gateway.launch(name)?;
    }
    for (n, name) in services.iter().enumerate() {
        while !gateway.ready(name)? {
            if begun.elapsed() > READY_WITHIN {
                bail!("{name} is not ready; see {}", gateway.log(name).display());
            }
            sleep(Duration::from_millis(50)).await;
        }
        progress(&format!("starting our services: {}/{} {name}", n + 1, services.len()));
    }
    say(&format!("{} services are ready after {} ms", services.len(), begun.elapsed().as_millis()));
    Ok(())
}

async fn play(gateway: &Gateway, platform: &Platform, seed: u64) -> Result<Vec<Row>> {
    let partner = platform.partner(gateway)?;
    let rows = Story::new(&partner, &platform.receiver, PATIENCE, told)?.play(seed).await;
    progress("");
    Ok(rows)
}

/// A row as it happens.
fn told(row: &Row) {
    let mark = if row.good { "✓" } else { "✗" };
    progress(&format!("{mark} {} {} {}", row.interface.section, row.interface.method, row.interface.title));
}

/// The platforms of the other protocols.
struct Others {
    pubres: pubres::Platform,
    govproc: govproc::Platform,
    yueyang: yueyang::Platform,
    fuzhou: fuzhou::Platform,
}

impl Others {
    /// Each plays every interface of its protocol; what the institution starts is done by `baohan`, which knows a number only if
    /// one partner alone uses it: each has a seed of its own.
    async fn play(&self, gateway: &Gateway, seed: u64) -> Result<Vec<(&'static str, Vec<Row>)>> {
        say("pubres: a platform plays all twelve interfaces");
        let (platform, desk) = (&self.pubres, Desk { gateway, partner: self.pubres.id });
        let partner = platform.partner(gateway)?;
        let story = sandbox::pubres::story::Story::new(&partner, &platform.receiver, &desk, PATIENCE, told)?;
        let pubres = story.play(seed + 1).await;
        say("govproc: a platform plays all nine interfaces");
        let (platform, desk) = (&self.govproc, Desk { gateway, partner: self.govproc.id });
        let partner = platform.partner(gateway)?;
        let story = sandbox::govproc::story::Story::new(&partner, &platform.receiver, &desk, PATIENCE, told);
        let govproc = story.play(seed + 2).await;
        say("yueyang: a platform plays all twenty-three interfaces");
        let (platform, desk) = (&self.yueyang, Desk { gateway, partner: self.yueyang.id });
        let partner = platform.partner(gateway)?;
        let story = sandbox::yueyang::story::Story::new(&partner, &platform.receiver, &desk, PATIENCE, told);
        let yueyang = story.play(seed + 3).await;
        say("fuzhou: a platform plays all eighteen interfaces");
        let (platform, desk) = (&self.fuzhou, Desk { gateway, partner: self.fuzhou.id });
        let partner = platform.partner(gateway)?;
        let story = sandbox::fuzhou::story::Story::new(&partner, &platform.receiver, &desk, PATIENCE, told);
        let fuzhou = story.play(seed + 4).await;
        Ok(vec![
            ("pubres 公共资源 数据服务支撑平台", pubres),
            ("govproc 政府采购 电子保函平台", govproc),
            ("yueyang 岳阳 交易担保管理系统", yueyang),
            ("fuzhou 福州 电子保函服务系统", fuzhou),
        ])
    }
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
fn stop(gateway: &mut Gateway, services: &[&'static str]) -> Result<bool> {
    let mut clean = true;
    for name in services.iter().rev() {
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
