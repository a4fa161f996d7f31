//! Whether each partner protocol keeps to its document: every check is generated from `tests/contracts/`.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

mod contract;
mod coverage;
mod finserv;
mod finserv_ways;
mod fuzhou;
mod govproc;
mod govproc_ways;
mod inbound;
mod observed;
mod outbound;
mod pubres;
mod pubres_ways;
mod shown;
mod subject;
mod unheeded;
mod yueyang;

use subject::Subject;

/// A protocol joins with one line.
fn subjects() -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(finserv::Platform::new()),
        Box::new(pubres::Platform::new()),
        Box::new(govproc::Platform::new()),
        Box::new(fuzhou::Platform::new()),
        Box::new(yueyang::Platform::new()),
    ]
}
