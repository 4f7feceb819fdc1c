//! What aethos knows about questions, answers and people, and nothing about the machine it runs on.
//!
//! Nothing here opens a file, reads a clock, asks the environment or draws a
//! random number of its own: times and seeds come in as values.
//! `tests/architecture.rs` holds the core to that.

pub mod blueprint;
pub mod calendar;
pub mod correction;
pub mod deck;
pub mod figure;
pub mod fill;
pub mod form;
pub mod formula;
pub mod id;
pub mod instance;
pub mod items;
pub mod measure;
pub mod number;
pub mod practice;
pub mod progress;
pub mod question;
pub mod reserve;
pub mod response;
pub mod rng;
pub mod schedule;
pub mod scoring;
pub mod seen;
pub mod text;
pub mod time;
pub mod timeline;
pub mod workload;
