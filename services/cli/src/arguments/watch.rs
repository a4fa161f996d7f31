//! Looking at what went wrong: captured and rejected requests, what does not add up, who did what.

use super::{By, partner};
use crate::moment;
use clap::{Args, Subcommand};
use domain::{PartnerId, Timestamp};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Whose message it is said to be.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: PartnerId,
    /// The captured message: a whole HTTP message, or its body alone; - for standard input.
    pub(crate) file: PathBuf,
    /// It is a callback of ours, which the partner does not believe.
    #[arg(long)]
    pub(crate) outbound: bool,
    /// The signature that the partner expects, for a callback of ours.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) sign: Option<String>,
    /// When it arrived: "2026-11-22 18:00" (Shanghai). Default: the Date of its head, if it has one.
    #[arg(long, value_parser = moment::since)]
    pub(crate) at: Option<Timestamp>,
    /// Hide texts that may be personal, to show the result to others.
    #[arg(long)]
    pub(crate) masked: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rejected {
    /// List them, newest first.
    List(RejectedList),
    /// Show one as it came; personal data is hidden.
    Show {
        /// Its id, as `rejected list` shows it.
        id: String,
        /// Show everything; audited.
        #[arg(long)]
        reveal: bool,
        #[command(flatten)]
        by: By,
    },
    /// Examine one like `doctor` does.
    Doctor {
        /// Its id, as `rejected list` shows it.
        id: String,
        /// Show everything in the strings that are signed; audited.
        #[arg(long)]
        reveal: bool,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RejectedList {
    /// Of this partner only.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: Option<PartnerId>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// What may wait for a person so long, hours.
    #[arg(long, default_value_t = 24, value_name = "HOURS")]
    pub(crate) patience: u32,
    /// At most so many of each kind.
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
    /// Leave the broker alone.
    #[arg(long)]
    pub(crate) no_queues: bool,
    /// Leave the document store alone, whose files are all read.
    #[arg(long)]
    pub(crate) no_documents: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List entries, newest first.
    List(AuditList),
    /// Verify the whole chain; exit code 1 if anything was changed, left out or cut off.
    Verify {
        /// A head that was noted earlier: it must still be in the chain.
        #[arg(long, value_name = "DIGEST")]
        head: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AuditList {
    /// By this person.
    #[arg(long)]
    pub(crate) who: Option<String>,
    /// To this order, case or callback, by its number.
    #[arg(long)]
    pub(crate) subject: Option<String>,
    /// Not older than this: 90m, 24h, 7d, 2026-11-22 or "2026-11-22 18:00" (Shanghai).
    #[arg(long, value_parser = moment::since)]
    pub(crate) since: Option<Timestamp>,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}
