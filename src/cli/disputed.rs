//! `aethos decks --disputed`: lists the questions marked as wrong, as text for the decks' authors.

use std::io::Write;

use super::{Exit, Failed};
use crate::shell::Workspace;

pub fn run(workspace: &Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    let disputes = workspace.disputes()?;
    if disputes.is_empty() {
        writeln!(out, "No question is disputed: ! at a question's review marks one as wrong, with a reason.")?;
    }
    for dispute in disputes {
        writeln!(out, "{}  {}", dispute.question, dispute.file.unwrap_or_else(|| "its deck is gone".to_owned()))?;
        for line in dispute.reason.as_str().lines() {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "  {}\n", dispute.day)?;
    }
    Ok(Exit::Fine)
}
