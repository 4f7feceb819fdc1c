//! `aethos decks --disputed`: lists the questions marked as wrong, as text for the decks' authors.

use std::io::Write;

use super::{Exit, Failed};
use crate::shell::Workspace;

pub fn run(workspace: &Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    let disputes = workspace.disputes()?;
    if disputes.is_empty() {
        writeln!(
            out,
            "No question is disputed. Press ! while reviewing a question to dispute it."
        )?;
    }
    for dispute in disputes {
        // A deck that was named by its path is not loaded here.
        let file = dispute
            .file
            .unwrap_or_else(|| format!("in the deck `{}`, which isn't loaded", dispute.deck));
        writeln!(out, "{}  {file}", dispute.question)?;
        for line in dispute.reason.as_str().lines() {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "  {}\n", dispute.day)?;
    }
    Ok(Exit::Fine)
}
