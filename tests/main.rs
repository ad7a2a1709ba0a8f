//! Integration tests: one module per theme.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod accord;
mod accords;
mod advise;
mod agreement;
mod baseline;
mod brief;
mod calibration;
mod cases;
mod cli;
mod coalition;
mod data;
mod designs;
mod determinism;
mod discovery;
#[cfg(all(feature = "html", feature = "parquet"))]
mod embedded;
mod events;
mod explain;
mod explore;
mod golden;
mod history;
mod hostile;
#[cfg(feature = "html")]
mod page;
mod pedigree;
mod properties;
mod published;
mod readme;
mod reference;
mod regression;
mod scenario_errors;
mod scenarios;
mod sensitivity;
mod serve;
mod shards;
mod stability;
mod support;
mod sweep;
mod textbook;
mod theorems;
mod tidy;
mod turn;
