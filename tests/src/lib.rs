//! Suites that span crates; the suites are in `tests/`, this library holds what they share.
