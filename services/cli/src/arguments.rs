//! The command line: what an operator may say, and in which words.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// The operator's tool of Baohan Gateway (保函网关).
#[derive(Debug, Parser)]
#[command(name = "baohan", version, about, propagate_version = true)]
pub(crate) struct Baohan {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) act: Act,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Settings file; repeat it for several. Several in GATEWAY_CONFIG are separated by ':'.
    #[arg(long, global = true, value_name = "FILE", env = "GATEWAY_CONFIG", value_delimiter = ':')]
    pub(crate) config: Vec<PathBuf>,
    /// Print one JSON value instead of tables.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Tell every mistake in the settings, and sign a sample with each partner's keys.
    Check,
    /// Bring the database up to date.
    Migrate,
}
