//! The institution's people, as far as a story needs them: whoever plays it lends their hands.

use std::fmt;

/// Something the institution does of its own accord. Numbers are those the platform knows: its business number or the
/// guarantee number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Decides what waits.
    Decide {
        /// What.
        matter: Matter,
        /// Of which order or guarantee.
        no: String,
        /// Yes, or why not.
        outcome: Result<(), String>,
    },
    /// Books the premium.
    Pay {
        /// The order.
        no: String,
        /// Yuan with two decimals.
        amount: String,
    },
    /// Books that an approved claim was paid.
    PayOut {
        /// The claim.
        no: String,
    },
    /// Asks the platform something that nothing else makes the institution ask.
    Inquire {
        /// What.
        topic: Topic,
        /// About which order or claim; for institutions, a name.
        no: String,
    },
    /// Gives up an order before issue.
    Withdraw {
        /// The order.
        no: String,
        /// Why.
        reason: String,
    },
    /// 退保 that starts at the institution.
    Refund {
        /// The guarantee.
        no: String,
    },
    /// 注销 that starts at the institution.
    Release {
        /// The guarantee.
        no: String,
    },
}

/// What can wait for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// An application.
    Order,
    /// A claim.
    Claim,
    /// An invoice.
    Invoice,
    /// A refund.
    Refund,
    /// A release.
    Release,
    /// A credit line.
    Credit,
    /// The taking back of a claim.
    ClaimRevocation,
}

/// What the institution may ask a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The institutions of the platform, by name.
    Insurers,
    /// The particulars of a claim.
    ClaimDetail,
}

/// Who acts for the institution while a story is played.
pub trait Operator: Send + Sync {
    /// Does it and returns once the institution has taken it in; the error is a sentence for the story's table.
    fn act(&self, act: Act) -> impl Future<Output = Result<(), String>> + Send;
}

/// A person at a terminal: told what to do, and waited for until they press Enter (or nobody is there to press it).
#[derive(Debug, Clone, Copy, Default)]
pub struct AtTerminal;

impl Operator for AtTerminal {
    async fn act(&self, act: Act) -> Result<(), String> {
        eprintln!("please: {act}");
        let pressed = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        pressed.await.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
        Ok(())
    }
}

impl Matter {
    /// The word for it in `baohan decide`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Claim => "claim",
            Self::Invoice => "invoice",
            Self::Refund => "refund",
            Self::Release => "release",
            Self::Credit => "credit",
            Self::ClaimRevocation => "claim-revocation",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide { matter, no, outcome: Ok(()) } => {
                write!(f, "decide {} {no} --approve", matter.word())
            }
            Self::Decide { matter, no, outcome: Err(why) } => {
                write!(f, "decide {} {no} --refuse {why}", matter.word())
            }
            Self::Pay { no, amount } => write!(f, "pay {no} --amount {amount}"),
            Self::PayOut { no } => write!(f, "pay-claim {no}"),
            Self::Inquire { topic: Topic::Insurers, no } => write!(f, "inquire insurers {no}"),
            Self::Inquire { topic: Topic::ClaimDetail, no } => write!(f, "inquire claim-detail {no}"),
            Self::Withdraw { no, reason } => write!(f, "withdraw {no} --reason {reason}"),
            Self::Refund { no } => write!(f, "refund {no}"),
            Self::Release { no } => write!(f, "release {no}"),
        }
    }
}
