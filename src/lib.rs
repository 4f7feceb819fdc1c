//! aethos: a terminal self-assessment for distributed-systems engineers.

pub mod cli;
pub mod core;
pub mod deck;
pub mod plain;
pub mod report;
pub mod session;
pub mod shell;
pub mod store;
pub mod tui;
