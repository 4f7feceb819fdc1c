//! `aethos check`: the mistakes of decks, as a compiler shows them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annotate_snippets::Renderer;
use clap::ValueEnum;

use super::Exit;
use crate::deck::diagnostic::{Diagnostic, count_words};
use crate::deck::load::Library;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  aethos check mine.toml\n  aethos check --format json decks/ | jq '.[].message'")]
pub struct Args {
    /// Deck files, or folders of them; without any, all decks that aethos finds
    pub paths: Vec<PathBuf>,
    /// How the mistakes are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Fail on warnings too
    #[arg(long, value_enum)]
    pub deny: Option<Deny>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Warnings,
}

/// Checks decks; `data` is the user's data folder. Fails where there are errors, or warnings that are denied.
pub fn run(args: &Args, data: Option<&Path>, coloured: bool, out: &mut dyn Write) -> io::Result<Exit> {
    let library = if args.paths.is_empty() { Library::load(&[], data) } else { Library::only(&args.paths) };
    let mut tally = Tally { of: library.decks.len() + library.diagnostics.len(), ..Tally::default() };
    let mut shown = Shown { renderer: if coloured { Renderer::styled() } else { Renderer::plain() }, list: Vec::new() };
    for diagnostic in &library.diagnostics {
        tally.count(std::slice::from_ref(diagnostic));
        shown.show(vec![diagnostic.clone()], args.format, out)?;
    }
    for loaded in &library.decks {
        let diagnostics = library.check(loaded);
        tally.count(&diagnostics);
        shown.show(diagnostics, args.format, out)?;
    }
    match args.format {
        Format::Text => writeln!(out, "{}", tally.line())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &shown.list)?;
            writeln!(out)?;
        }
    }
    let denied = args.deny == Some(Deny::Warnings) && tally.warnings > 0;
    Ok(if tally.errors > 0 || denied { Exit::Failed } else { Exit::Fine })
}

/// Text is written as it comes; JSON is one array, kept for the end.
struct Shown {
    renderer: Renderer,
    list: Vec<Diagnostic>,
}

impl Shown {
    fn show(&mut self, diagnostics: Vec<Diagnostic>, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => {
                for diagnostic in diagnostics {
                    writeln!(out, "{}\n", diagnostic.render(&self.renderer))?;
                }
            }
            Format::Json => self.list.extend(diagnostics),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Tally {
    errors: usize,
    warnings: usize,
    decks: usize,
    of: usize,
}

impl Tally {
    fn count(&mut self, diagnostics: &[Diagnostic]) {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        self.errors += errors;
        self.warnings += diagnostics.len() - errors;
        self.decks += usize::from(!diagnostics.is_empty());
    }

    /// `3 errors, 1 warning in 2 of 10 decks`
    fn line(&self) -> String {
        let all = if self.of == 1 { "1 deck".into() } else { format!("{} decks", self.of) };
        match (self.errors, self.warnings) {
            (0, 0) => format!("no problems in {all}"),
            (errors, warnings) => format!("{} in {} of {all}", count_words(errors, warnings), self.decks),
        }
    }
}
