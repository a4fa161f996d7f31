//! Partners' settings read anew while a process runs: on SIGHUP, or when a file of their folder has changed.

use crate::start::Boot;
use std::convert::Infallible;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{SignalKind, signal};

/// How often the folder is looked at. Watching by the kernel is not used: it is silent on network and container mounts.
const LOOK: Duration = Duration::from_secs(2);

/// Name, time and length of every file: what differs when somebody has changed something.
type Print = Vec<(std::ffi::OsString, Option<SystemTime>, u64)>;

impl Boot {
    /// Lets `take` read the partners anew whenever their files have changed, and whenever the process gets SIGHUP (after
    /// something else changed: a secret in another folder). If it fails, everything stays as it was and the log says what is
    /// wrong; the gauge `settings_stale` is 1 until a reading succeeds. Runs until it is dropped.
    pub async fn renew<T>(&self, mut take: impl FnMut() -> anyhow::Result<T>) -> Infallible {
        let folder = &self.settings.partners.folder;
        let stale =
            self.metrics.gauge("settings_stale", "1 while the newest files of partners cannot be used");
        let mut hangup = signal(SignalKind::hangup())
            .inspect_err(|why| tracing::warn!(%why, "SIGHUP is not heard, changed files are"))
            .ok();
        let mut seen = print(folder);
        loop {
            let asked = tokio::select! {
                () = tokio::time::sleep(LOOK) => false,
                () = async { match &mut hangup {
                    Some(hangup) => { hangup.recv().await; }
                    None => std::future::pending().await,
                } } => true,
            };
            let now = print(folder);
            if !asked && now == seen {
                continue;
            }
            seen = now;
            match take() {
                Ok(_) => {
                    stale.set(0);
                    tracing::info!(folder = %folder.display(), "the settings of partners were read anew");
                }
                Err(why) => {
                    stale.set(1);
                    tracing::error!(
                        "the new settings of partners cannot be used, those from before go on: {why:#}"
                    );
                }
            }
        }
    }
}

/// A folder that cannot be read differs from every one that can.
fn print(folder: &Path) -> Print {
    let Ok(entries) = std::fs::read_dir(folder) else { return Print::new() };
    let mut print: Print = entries
        .flatten()
        .map(|entry| {
            let about = std::fs::metadata(entry.path()).ok();
            let length = about.as_ref().map_or(0, std::fs::Metadata::len);
            (entry.file_name(), about.and_then(|about| about.modified().ok()), length)
        })
        .collect();
    print.sort();
    print
}
