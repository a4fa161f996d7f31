//! The built program, as an operator runs it: on good and broken settings, on a real database and a real broker.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

mod check;
mod decide;
mod desk;
mod doctor;
mod govproc;
mod institution;
mod keys;
mod migrate;
mod orders;
mod parked;
mod partner;
mod partner_guide;
mod partner_new;
mod pubres;
mod samples;
mod send;
mod verify;
mod watch;
mod yueyang;
