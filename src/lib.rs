//! aethos: a terminal self-assessment for distributed-systems engineers.

pub mod core;
pub mod plain;
pub mod report;
pub mod session;
pub mod store;
// pub mod tui;
