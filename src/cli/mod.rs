//! The subcommands.

use std::process::ExitCode;

pub mod check;
pub mod decks;
pub mod new;
pub mod schema;

/// Whether what was asked for succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::FAILURE,
        }
    }
}
