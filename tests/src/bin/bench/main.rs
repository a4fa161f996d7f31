//! `make bench`: how many applications are accepted a second beside a bare handler, how many orders go the whole way, and
//! what each process costs. Nothing here is asserted: figures go to `target/bench/`, and into the README by `bench summary`.

mod accept;
mod bare;
mod cost;
mod doors;
mod orders;
mod papers;
mod report;
mod signatures;

use std::io;
use std::path::{Path, PathBuf};

/// Rounds of every measurement; the report shows medians.
const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match std::env::args().nth(1).as_deref() {
        None => runtime.block_on(measure([true; 3])),
        Some("accepting") => runtime.block_on(measure([true, false, false])),
        Some("orders") => runtime.block_on(measure([false, true, false])),
        Some("documents") => runtime.block_on(measure([false, false, true])),
        Some("bare") => runtime.block_on(bare::serve()),
        Some("summary") => report::into_readme(&root()),
        Some(other) => Err(io::Error::other(format!(
            "bench {other}: no such part; `bench [accepting|orders|documents]` measures, `bench summary` writes the README"
        ))),
    }
}

async fn measure([accepting, whole_way, documents]: [bool; 3]) -> io::Result<()> {
    let mut report = report::Report::begin(&root())?;
    if accepting {
        report.say("accepting: bare handler and ingress in turns, nothing consumes");
        let accepted = accept::measure(&root(), ROUNDS).await?;
        report.accepted(&accepted);
        report.say("accepting: the doors of pubres and govproc in turns");
        report.doors(&doors::measure(&root(), ROUNDS).await?);
    }
    if documents {
        report.say("documents: a guarantee rendered again and again on one core");
        report.rendered(&papers::measure(ROUNDS)?);
        report.say("documents: signing and checking");
        report.signed(&signatures::measure(&root(), &papers::one()?).await?);
    }
    let windows: &[usize] = if whole_way { &[1, 64, 256] } else { &[] };
    for &window in windows {
        report.say(&format!("orders: request to acknowledged callback, at most {window} under way"));
        let measured = orders::measure(&root(), window, ROUNDS).await?;
        report.orders(window, &measured);
    }
    report.write()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
