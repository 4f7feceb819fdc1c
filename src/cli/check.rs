//! `aethos check`: the mistakes of decks, as a compiler shows them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annotate_snippets::Renderer;
use clap::ValueEnum;

use super::Exit;
use crate::core::question::Question;
use crate::deck::check::{self, bank};
use crate::deck::code::Code;
use crate::deck::diagnostic::{Diagnostic, count_words};
use crate::deck::load::Library;

/// The share of questions that may waive a rule.
const WAIVED: f64 = 0.05;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos check mine.toml\n  aethos check --explain L07\n  aethos check --format json decks/ | jq '.[].message'"
)]
pub struct Args {
    /// Deck files, or folders of them; without any, all decks that aethos finds
    pub paths: Vec<PathBuf>,
    /// How the mistakes are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Fail on warnings too
    #[arg(long, value_enum)]
    pub deny: Option<Deny>,
    /// Say what a code means, and why it matters
    #[arg(long, value_name = "CODE", conflicts_with = "paths")]
    pub explain: Option<String>,
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
    if let Some(code) = &args.explain {
        return explain(code, out);
    }
    let library = if args.paths.is_empty() { Library::load(&[], data) } else { Library::only(&args.paths) };
    let mut tally = Tally { of: library.decks.len() + library.diagnostics.len(), ..Tally::default() };
    let mut shown = Shown { renderer: if coloured { Renderer::styled() } else { Renderer::plain() }, list: Vec::new() };
    for diagnostic in &library.diagnostics {
        tally.count(std::slice::from_ref(diagnostic));
        shown.show(vec![diagnostic.clone()], args.format, out)?;
    }
    let mut bank = Bank::default();
    for loaded in &library.decks {
        let diagnostics = library.check_each(loaded, |question, fields, origin| {
            let (found, waived) = check::question(&question, fields, origin);
            bank.waived += usize::from(waived > 0);
            bank.places.push(origin.diagnose(Code::NearDuplicate, fields.span_of("id"), ""));
            bank.questions.push(question);
            found
        });
        tally.count(&diagnostics);
        shown.show(diagnostics, args.format, out)?;
    }
    let (diagnostics, figures) = bank.check();
    tally.count(&diagnostics);
    shown.show(diagnostics, args.format, out)?;
    match args.format {
        Format::Text => {
            if let Some(figures) = figures {
                writeln!(out, "{}", line_of(&figures, &bank))?;
            }
            writeln!(out, "{}", tally.line())?;
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &shown.list)?;
            writeln!(out)?;
        }
    }
    let denied = args.deny == Some(Deny::Warnings) && tally.warnings > 0;
    Ok(if tally.errors > 0 || denied { Exit::Failed } else { Exit::Fine })
}

fn explain(name: &str, out: &mut dyn Write) -> io::Result<Exit> {
    let code = Code::ALL.iter().find(|code| code.name().eq_ignore_ascii_case(name));
    match code {
        Some(code) => writeln!(out, "{} ({})\n{}", code.name(), code.severity().word(), code.doc())?,
        None => {
            let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
            writeln!(out, "There is no code {:?}. There are: {}", crate::core::text::Text::new(name), names.join(" "))?;
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Fine)
}

/// All questions that could be read, for the rules about them together.
#[derive(Default)]
struct Bank {
    questions: Vec<Question>,
    /// Where each question stands: diagnostics to be filled in.
    places: Vec<Diagnostic>,
    /// Questions that waive a rule.
    waived: usize,
}

impl Bank {
    fn check(&self) -> (Vec<Diagnostic>, Option<bank::Figures>) {
        let questions: Vec<&Question> = self.questions.iter().collect();
        let (broken, figures) = bank::rules(&questions);
        let mut diagnostics: Vec<Diagnostic> = broken
            .into_iter()
            .map(|rule| match rule.questions.first() {
                Some(i) => self.places[*i].clone().about(rule.code, rule.message).help(rule.help),
                None => {
                    Diagnostic::of_file(rule.code, &"all questions together".into(), 0, rule.message).help(rule.help)
                }
            })
            .collect();
        if self.waived as f64 > WAIVED * self.questions.len() as f64 {
            let message = format!("{} of {} questions waive a rule", self.waived, self.questions.len());
            let bank = "all questions together".into();
            diagnostics
                .push(Diagnostic::of_file(Code::ManyWaivers, &bank, 0, message).help("at most 5 %: mend some of them"));
        }
        (diagnostics, figures)
    }
}

/// What was measured, also where it is as it should be.
fn line_of(figures: &bank::Figures, bank: &Bank) -> String {
    let percent = |share: f64| 100.0 * share;
    format!(
        "{} single questions: the longest option is the key in {:.1} %, a guesser blind to the stem finds {:.1} %, \
         chance is {:.1} %; keys are {:.2} times as long as distractors; {} of {} questions waive a rule",
        figures.single,
        percent(figures.longest),
        percent(figures.guessed.right),
        percent(figures.chance),
        figures.median_ratio,
        bank.waived,
        bank.questions.len()
    )
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
            (errors, warnings) => {
                format!("{} in {} of {all}", count_words(errors, warnings), self.decks.min(self.of))
            }
        }
    }
}
