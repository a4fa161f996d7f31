//! How a platform disappoints: each way was seen in production, each is asked for by method and number of times.

use serde::{Deserialize, Serialize};

/// One disappointment: the next `times` callbacks of `method` are treated like this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misbehaviour {
    /// The callback, or `*` for all.
    #[serde(default = "any")]
    pub method: String,
    /// How often; without it, for ever.
    #[serde(default)]
    pub times: Option<u32>,
    /// In which way.
    pub how: How,
}

/// The ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum How {
    /// An HTTP status and no body.
    Status {
        /// The status, for example 500.
        code: u16,
    },
    /// The protocol's own failure answer.
    Refuse {
        /// The reason given.
        #[serde(default = "busy")]
        msg: String,
    },
    /// 302 to another place.
    Redirect {
        /// Where to; a path of this receiver shows in the ledger if somebody follows.
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// The connection stays open, no answer ever comes.
    Silence,
    /// A status line at once, then a byte now and then, without end.
    Drip {
        /// Milliseconds between two bytes.
        #[serde(default = "often")]
        every_ms: u64,
    },
    /// The connection is torn down.
    Reset,
    /// 200 with a page for people.
    WrongBody,
    /// The right answer, late.
    Slow {
        /// Milliseconds of delay.
        ms: u64,
    },
}

/// What is still to be misbehaved.
#[derive(Debug, Default)]
pub(crate) struct Mischief(Vec<Misbehaviour>);

impl Mischief {
    pub(crate) fn add(&mut self, misbehaviour: Misbehaviour) {
        self.0.push(misbehaviour);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The way in which this callback is to be treated, used up by asking; the oldest request counts first.
    pub(crate) fn next(&mut self, method: &str) -> Option<How> {
        let at = self.0.iter().position(|m| m.method == "*" || m.method == method)?;
        let found = self.0.get_mut(at)?;
        let how = found.how.clone();
        let spent = match &mut found.times {
            None => false,
            Some(times) => {
                *times = times.saturating_sub(1);
                *times == 0
            }
        };
        if spent {
            self.0.remove(at);
        }
        Some(how)
    }
}

impl Misbehaviour {
    /// The next `times` callbacks of this method.
    #[must_use]
    pub fn new(method: &str, times: u32, how: How) -> Self {
        Self { method: method.to_owned(), times: Some(times), how }
    }
}

impl How {
    /// The word for it in the ledger.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Refuse { .. } => "refuse",
            Self::Redirect { .. } => "redirect",
            Self::Silence => "silence",
            Self::Drip { .. } => "drip",
            Self::Reset => "reset",
            Self::WrongBody => "wrong_body",
            Self::Slow { .. } => "slow",
        }
    }
}

fn any() -> String {
    "*".to_owned()
}

fn busy() -> String {
    "系统繁忙".to_owned()
}

fn elsewhere() -> String {
    "/elsewhere".to_owned()
}

const fn often() -> u64 {
    200
}
