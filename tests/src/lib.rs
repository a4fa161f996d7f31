//! What the suites share: a launcher for the whole gateway, its settings, a load generator, readings of processes.

pub mod fuzhou;
pub mod gateway;
pub mod govproc;
pub mod load;
pub mod operator;
pub mod platform;
pub mod process;
pub mod pubres;
pub mod settings;
pub mod stack;
pub mod yueyang;
