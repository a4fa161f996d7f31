//! The store against a real PostgreSQL: every statement, every race, every promise about repeats.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod at_rest;
mod audit;
mod callbacks;
mod database;
mod inbox;
mod lookups;
mod months;
mod outbox;
mod reads;
mod rejected;
mod rotation;
mod samples;
mod schema;
mod traces;
mod unit;
