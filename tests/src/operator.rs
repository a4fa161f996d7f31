//! The institution's operator in a story: everything by `baohan`, as a person would.

use crate::gateway::Gateway;
use sandbox::{Act, Operator, Topic};
use std::time::{Duration, Instant};

/// What `baohan` says of a number that nobody knows, or not yet.
const NOT_YET: &str = "still in the queue is not known yet";
/// How long an operator tries again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Acts on a gateway with the operators' own tool.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The gateway.
    pub gateway: &'a Gateway,
    /// The partner whom a question goes to.
    pub partner: &'a str,
}

impl Operator for Desk<'_> {
    async fn act(&self, act: Act) -> Result<(), String> {
        let arguments = self.arguments(&act);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let until = Instant::now() + PATIENCE;
        loop {
            let done = tokio::task::block_in_place(|| self.gateway.baohan(&arguments));
            match done.map_err(|error| error.to_string()) {
                // What was accepted a moment ago may still be on its way to a worker.
                Err(why) if why.contains(NOT_YET) && Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                done => return done.map(drop),
            }
        }
    }
}

impl Desk<'_> {
    fn arguments(&self, act: &Act) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match act {
            Act::Decide { matter, no, outcome: Ok(()) } => words(&["decide", matter.word(), no, "--approve"]),
            Act::Decide { matter, no, outcome: Err(why) } => {
                words(&["decide", matter.word(), no, "--refuse", why])
            }
            Act::Pay { no, amount } => words(&["pay", no, "--amount", amount]),
            Act::PayOut { no } => words(&["pay-claim", no]),
            Act::Inquire { topic: Topic::Insurers, no } => {
                words(&["inquire", "insurers", "--partner", self.partner, "--name", no])
            }
            Act::Inquire { topic: Topic::ClaimDetail, no } => words(&["inquire", "claim-detail", no]),
            Act::Withdraw { no, reason } => words(&["withdraw", no, "--reason", reason]),
            Act::Refund { no } => words(&["refund", no]),
            Act::Release { no } => words(&["release", no]),
        }
    }
}
