//! Which process this is, and what it costs the machine.

use std::fmt;

/// The identity of a process: its name is that of its folder, binary, image and queue prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// For example `ingress-finserv`.
    pub name: &'static str,
}

impl Process {
    /// Whether partners or the internet reach it or are reached by it; such a process holds no database credentials.
    #[must_use]
    pub fn faces_the_internet(&self) -> bool {
        self.name == "files" || self.name.starts_with("ingress-") || self.name.starts_with("egress-")
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Linux counts a process's CPU time in hundredths of a second on all machines we run on (USER_HZ).
const TICKS_PER_S: f64 = 100.0;

/// What the kernel says about this process; zero where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) resident_bytes: u64,
    pub(crate) cpu_s: f64,
    pub(crate) open_files: u64,
}

impl Cost {
    pub(crate) fn now() -> Self {
        Self {
            resident_bytes: resident_bytes().unwrap_or_default(),
            cpu_s: cpu_s().unwrap_or_default(),
            open_files: std::fs::read_dir("/proc/self/fd")
                .map(|entries| entries.count() as u64)
                .unwrap_or_default(),
        }
    }
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

fn cpu_s() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold blanks; utime and stime are the 14th and 15th field, 12th and 13th behind it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_S)
}
