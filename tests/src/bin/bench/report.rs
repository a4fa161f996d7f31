//! The table that a person reads, with machine, commit and medians.

use crate::accept;
use crate::cost::{Cost, Costs};
use crate::doors;
use crate::orders;
use crate::papers;
use crate::signatures;
use gateway_tests::load::Spread;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const BEGIN: &str = "<!-- bench: written by `scripts/bench summary` -->";
const END: &str = "<!-- end of bench -->";

/// A report in the making.
pub(crate) struct Report {
    folder: PathBuf,
    commit: String,
    text: String,
}

impl Report {
    /// Begins with the machine and the commit.
    pub(crate) fn begin(root: &Path) -> io::Result<Self> {
        let folder = root.join("target/bench");
        fs::create_dir_all(&folder)?;
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).current_dir(root).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
        };
        let commit = said("git", &["describe", "--always", "--dirty"]);
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or("", |(_, name)| name);
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let day = said("date", &["-u", "+%Y-%m-%d"]);
        let text = format!(
            "Commit `{commit}`, {day}; {cores} cores ({model}), shared by load generator, receiver, services and backing \
             services; medians of {} rounds.\n",
            crate::ROUNDS
        );
        Ok(Self { folder, commit, text })
    }

    /// Shows progress to whoever waits.
    pub(crate) fn say(&self, what: &str) {
        eprintln!("bench: {what}");
    }

    /// Adds the doors of the other protocols.
    pub(crate) fn doors(&mut self, rounds: &[doors::Round]) {
        let _ = write!(
            self.text,
            "\n| applications, {} connections | requests/s | p50 | p95 | p99 |\n|---|---:|---:|---:|---:|\n",
            accept::CONNECTIONS
        );
        let mut names: Vec<&str> = rounds.iter().map(|round| round.door).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let of_it = || rounds.iter().filter(|round| round.door == name);
            let rate = median(of_it().map(|round| round.accepted));
            let spread = middle(of_it().map(|round| round.spread));
            let (p50, p95, p99) = (ms(spread.p50), ms(spread.p95), ms(spread.p99));
            let _ = writeln!(self.text, "| {name} | {rate:.0} | {p50} | {p95} | {p99} |");
        }
        let refused: usize = rounds.iter().map(|round| round.refused).sum();
        if refused > 0 {
            let _ = writeln!(self.text, "\n{refused} requests were answered with a failure.");
        }
    }

    /// Adds accepting.
    pub(crate) fn accepted(&mut self, rounds: &[accept::Round]) {
        let bare = median(rounds.iter().map(|round| round.bare));
        let ours = median(rounds.iter().map(|round| round.accepted));
        let refused: usize = rounds.iter().map(|round| round.refused).sum();
        let spread = middle(rounds.iter().map(|round| round.spread));
        let _ = write!(
            self.text,
            "\n| `apply_guarantee`, {} connections | requests/s | p50 | p95 | p99 |\n|---|---:|---:|---:|---:|\n\
             | bare handler: body read, one confirmed publish | {bare:.0} | | | |\n\
             | ingress-finserv | {ours:.0} ({:.2} of bare) | {} | {} | {} |\n",
            accept::CONNECTIONS,
            ours / bare,
            ms(spread.p50),
            ms(spread.p95),
            ms(spread.p99),
        );
        if refused > 0 {
            let _ = writeln!(self.text, "\n{refused} requests were answered with a failure.");
        }
        self.costs("one accepted application", rounds.iter().map(|round| &round.costs));
    }

    /// Adds rendering.
    pub(crate) fn rendered(&mut self, rounds: &[papers::Round]) {
        let each = median(rounds.iter().map(|round| round.each.as_secs_f64() * 1e3));
        let size = rounds.first().map_or(0, |round| round.size);
        let _ = write!(
            self.text,
            "\n| document | CPU | size |\n|---|---:|---:|\n| bid guarantee of two pages, rendered as PDF/A-2b | {each:.1} ms \
             | {} KB |\n",
            size / 1000,
        );
    }

    /// Adds orders with one window.
    pub(crate) fn orders(&mut self, window: usize, rounds: &[orders::Round]) {
        let rate = median(rounds.iter().map(|round| round.rate));
        let spread = middle(rounds.iter().map(|round| round.spread));
        let _ = write!(
            self.text,
            "\n| request → acknowledged callback, at most {window} under way | orders/s | p50 | p95 | p99 |\n\
             |---|---:|---:|---:|---:|\n| finserv, guarantee issued and document stored | {rate:.0} | {} | {} | {} |\n",
            ms(spread.p50),
            ms(spread.p95),
            ms(spread.p99),
        );
        if window > 1 {
            self.costs("one order", rounds.iter().map(|round| &round.costs));
        }
    }

    /// Adds signing and checking of documents.
    pub(crate) fn signed(&mut self, measured: &[signatures::Measured]) {
        let head =
            "\n| one document, one core | sign | check | before | signed |\n|---|---:|---:|---:|---:|\n";
        self.text.push_str(head);
        for one in measured {
            let kilobytes = |bytes: usize| format!("{:.1} KB", bytes as f64 / 1e3);
            let (signing, checking) = (one.signing.as_secs_f64() * 1e3, one.checking.as_secs_f64() * 1e3);
            let (before, signed) = (kilobytes(one.bytes.0), kilobytes(one.bytes.1));
            let _ = writeln!(
                self.text,
                "| {} | {signing:.2} ms | {checking:.2} ms | {before} | {signed} |",
                one.key
            );
        }
    }

    fn costs<'a>(&mut self, of: &str, rounds: impl Iterator<Item = &'a Costs>) {
        let rounds: Vec<&Costs> = rounds.collect();
        let Some(first) = rounds.first() else { return };
        let _ = write!(self.text, "\n| process | CPU for {of} | RSS |\n|---|---:|---:|\n");
        for name in first.0.keys() {
            let all: Vec<Cost> = rounds.iter().filter_map(|costs| costs.0.get(name).copied()).collect();
            let cpu = median(all.iter().map(|cost| cost.cpu.as_secs_f64() * 1e6));
            let resident = median(all.iter().map(|cost| cost.resident as f64 / 1e6));
            if resident > 0.0 {
                let _ = writeln!(self.text, "| {name} | {cpu:.0} µs | {resident:.0} MB |");
            }
        }
    }

    /// Writes and shows the report.
    pub(crate) fn write(self) -> io::Result<()> {
        let file = self.folder.join(format!("{}.md", self.commit));
        fs::write(&file, &self.text)?;
        fs::write(self.folder.join("latest.md"), &self.text)?;
        println!("{}\nwritten to {}", self.text, file.display());
        Ok(())
    }
}

/// Puts the latest report between its marks in the README.
pub(crate) fn into_readme(root: &Path) -> io::Result<()> {
    let report = fs::read_to_string(root.join("target/bench/latest.md"))
        .map_err(|_| io::Error::other("no report yet; run `make bench` first"))?;
    let path = root.join("README.md");
    let readme = fs::read_to_string(&path)?;
    let marks = readme.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = marks else {
        return Err(io::Error::other(format!("README.md has no {BEGIN} … {END}")));
    };
    fs::write(path, format!("{before}{BEGIN}\n{report}{END}{after}"))
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The round whose median latency is the median.
fn middle(spreads: impl Iterator<Item = Spread>) -> Spread {
    let mut spreads: Vec<Spread> = spreads.collect();
    spreads.sort_by_key(|spread| spread.p50);
    spreads.get(spreads.len() / 2).copied().unwrap_or_else(|| Spread::of(Vec::new()))
}
