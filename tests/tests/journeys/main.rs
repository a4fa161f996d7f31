//! Journeys: a platform and the whole gateway on real RabbitMQ, Redis and PostgreSQL; what is asked on one side is looked
//! for on the other. Each journey has backing services and processes of its own, so that it may break them.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

mod dashboards;
mod fuzhou;
mod govproc;
mod interfaces;
mod issue;
mod life;
mod operators;
mod pubres;
mod pubres_restore;
mod pubres_withdraw;
mod reconcile;
mod recovery;
mod rejected;
mod repeats;
mod rotation;
mod siege;
mod signed;
mod silence;
mod traces;
mod versions;
mod world;
mod writing;
mod yueyang;
