//! aethos: a terminal self-assessment for distributed-systems engineers.

pub mod cli;
pub mod core;
pub mod deck;
pub mod session;
pub mod store;
pub mod tui;
