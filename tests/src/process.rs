//! What a process used: CPU time and memory, as Linux tells it.

use std::fs;
use std::time::Duration;

/// A reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// User and system time so far.
    pub cpu: Duration,
    /// Resident memory, bytes; what processes share is divided among them where the kernel tells.
    pub resident: u64,
}

/// Clock ticks a second; 100 on every Linux that Rust's tier 1 knows.
const TICKS: u64 = 100;

/// Reads the usage of a process, its children not included; nothing if it is gone.
#[must_use]
pub fn usage(pid: u32) -> Option<Usage> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may contain blanks: what follows the last one is regular.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    let kib = kibibytes(pid, "smaps_rollup", "Pss:").or_else(|| kibibytes(pid, "status", "VmRSS:"))?;
    Some(Usage { cpu: Duration::from_millis(ticks * 1000 / TICKS), resident: kib * 1024 })
}

fn kibibytes(pid: u32, file: &str, field: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(field))?.trim().split(' ').next()?.parse().ok()
}

/// All processes whose command line contains every one of the words: for services we did not start ourselves.
#[must_use]
pub fn find(words: &[&str]) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())
        .filter(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            words.iter().all(|word| line.contains(word))
        })
        .collect()
}

/// The usage of several processes together.
#[must_use]
pub fn total(pids: &[u32]) -> Usage {
    pids.iter().filter_map(|pid| usage(*pid)).fold(Usage::default(), |sum, one| Usage {
        cpu: sum.cpu + one.cpu,
        resident: sum.resident + one.resident,
    })
}
