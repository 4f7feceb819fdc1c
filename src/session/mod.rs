//! A session as a pure state machine: events in, state out, no clock of its own.

pub mod event;
