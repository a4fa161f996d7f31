//! What the institution starts by itself, asks partners, and has to look after.

use super::{By, Patience, partner};
use clap::{Args, Subcommand};
use domain::{Money, PartnerId};

#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The order: acceptance, business or guarantee number.
    pub(crate) no: String,
    /// Why.
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct PayClaim {
    /// The claim, or the order or guarantee with its only approved claim.
    pub(crate) no: String,
    /// The amount paid, yuan; what was approved if not given.
    #[arg(long, value_parser = Money::parse)]
    pub(crate) amount: Option<Money>,
    /// The bank's reference.
    #[arg(long, default_value = "")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

#[derive(Debug, Args)]
pub(crate) struct Inquiry {
    #[command(subcommand)]
    pub(crate) ask: Ask,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) patience: Patience,
}

/// What can be asked; the answer stands in the order's timeline.
#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// The application of an order.
    Application {
        /// The order.
        no: String,
    },
    /// The companies of an order.
    Companies {
        /// The order.
        no: String,
    },
    /// The particulars of the latest claim about a guarantee.
    ClaimDetail {
        /// The claim, or its order or guarantee.
        no: String,
    },
    /// The institutions that a platform knows, by name.
    Insurers {
        /// The partner to ask.
        #[arg(long, value_parser = partner)]
        partner: PartnerId,
        /// Whole or part of the name.
        #[arg(long, default_value = "")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tasks {
    /// List them, oldest first.
    List(TaskList),
    /// Say that one is done.
    Done {
        /// Its number.
        id: i64,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TaskList {
    /// Of this partner only.
    #[arg(long, value_parser = partner)]
    pub(crate) partner: Option<PartnerId>,
    /// Those that are done too.
    #[arg(long)]
    pub(crate) all: bool,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}
