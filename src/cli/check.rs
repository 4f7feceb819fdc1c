//! `aethos check`: reports the problems of decks in the style of a compiler.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annotate_snippets::Renderer;
use clap::ValueEnum;

use super::{Exit, Failed};
use crate::core::question::Question;
use crate::core::text::Text;
use crate::deck::check::{self, bank};
use crate::deck::diagnostic::{Diagnostic, Origin, count_words};
use crate::deck::diagnostic_code::DiagnosticCode;
use crate::deck::fields::Fields;
use crate::deck::findings::Findings;
use crate::deck::load::Library;

/// The size limit in bytes of the questions kept in memory for the rules about all questions together.
const ROOM: usize = 32 << 20;
/// The share of questions that may waive a rule before a warning is given.
const WAIVED: f64 = 0.05;

#[derive(Debug, Default, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos check mine.toml\n  aethos check --explain L07\n  aethos check --options-only options.txt mine.toml\n  aethos check --format json decks/ | jq '.[].message'"
)]
pub struct Args {
    /// Deck files or folders; default: all decks that aethos finds
    pub paths: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Fail on warnings as well
    #[arg(long, value_enum)]
    pub deny: Option<Deny>,
    /// Explain a rule and why it matters; without a code, list all rules
    #[arg(long, value_name = "CODE", conflicts_with = "paths", num_args = 0..=1)]
    pub explain: Option<Option<String>>,
    /// Write the options of single-choice questions without their questions, to see whether people find the keys
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["explain", "guesses"])]
    pub options_only: Option<PathBuf>,
    /// Overwrite the file given by --options-only if it exists
    #[arg(long, requires = "options_only")]
    pub force: bool,
    /// Score the guesses of someone who saw only the options
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "explain")]
    pub guesses: Option<PathBuf>,
}

impl Args {
    /// Returns the decks to check. `data` is the user's data folder.
    pub fn library(&self, data: Option<&Path>) -> Library {
        match self.paths.is_empty() {
            true => Library::load(&[], data),
            false => Library::only(&self.paths),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Warnings,
}

/// Checks decks. `data` is the user's data folder. Fails on errors, and on warnings if they are denied.
pub fn run(
    args: &Args,
    data: Option<&Path>,
    coloured: bool,
    out: &mut dyn Write,
) -> io::Result<Exit> {
    let library = args.library(data);
    let unread = library.diagnostics.errors() + library.diagnostics.warnings();
    let mut tally = Tally {
        of: library.decks.len() + unread,
        ..Tally::default()
    };
    let renderer = if coloured {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut shown = ProblemWriter {
        renderer,
        format: args.format,
        any: false,
    };
    tally.count(&library.diagnostics, unread);
    shown.show(library.diagnostics.clone().list(&"other files".into()), out)?;
    let mut bank = Bank::default();
    for loaded in &library.decks {
        let found = library.check_each(loaded, |question, fields, origin| {
            bank.add(question, fields, origin, loaded.deck.draft)
        });
        tally.count(&found, usize::from(!found.is_empty()));
        shown.show(found.list(&loaded.file), out)?;
    }
    let (found, statistics) = bank.check();
    for (file, found) in found {
        tally.count(&found, 1);
        shown.show(found.list(&file), out)?;
    }
    match args.format {
        Format::Text => {
            if let Some(statistics) = statistics {
                writeln!(out, "{}", line_of(&statistics, &bank))?;
            }
            writeln!(out, "{}", tally.line())?;
        }
        Format::Json => writeln!(out, "{}", if shown.any { "\n]" } else { "[]" })?,
    }
    let denied = args.deny == Some(Deny::Warnings) && tally.warnings > 0;
    Ok(if tally.errors > 0 || denied {
        Exit::Failed
    } else {
        Exit::Fine
    })
}

/// Explains a rule, or lists all rules without a name.
///
/// # Errors
/// An unknown rule.
pub fn explain(name: Option<&str>, out: &mut dyn Write) -> Result<Exit, Failed> {
    let Some(name) = name else {
        for code in DiagnosticCode::ALL {
            writeln!(
                out,
                "{:<5} {:<8} {}",
                code.name(),
                code.severity().word(),
                code.doc()
            )?;
        }
        return Ok(Exit::Fine);
    };
    let code = DiagnosticCode::ALL
        .iter()
        .find(|code| code.name().eq_ignore_ascii_case(name))
        .ok_or_else(|| {
            Failed::usage(format!(
                "unknown rule {name:?}: `aethos check --explain` lists all rules"
            ))
        })?;
    let severity = code.severity().word();
    writeln!(out, "{} ({severity})\n{}", code.name(), code.doc())?;
    Ok(Exit::Fine)
}

/// The readable questions, for the rules about all of them together.
#[derive(Default)]
struct Bank {
    questions: Vec<Question>,
    /// The location of each question, as a diagnostic without a message.
    places: Vec<Diagnostic>,
    /// The length of the questions' text, in bytes.
    bytes: usize,
    /// The number of readable questions, including those that were not kept for lack of space.
    all: usize,
    /// The number of questions that waive a rule.
    waived: usize,
}

impl Bank {
    /// Checks a question on its own, and keeps it if [`ROOM`] is not used up.
    ///
    /// A retired question is not part of the bank, and the rules for authors don't apply to it. One of a draft and a
    /// card are only checked on their own.
    fn add(
        &mut self,
        question: Question,
        fields: &Fields,
        origin: Origin,
        is_draft: bool,
    ) -> Vec<Diagnostic> {
        if question.retired.is_some() {
            return Vec::new();
        }
        let (found, waived) = check::question(&question, fields, origin);
        if is_draft || question.interaction.is_card() {
            return found;
        }
        self.waived += usize::from(waived > 0);
        self.all += 1;
        self.bytes += origin.text.len();
        if self.bytes <= ROOM {
            self.places.push(origin.diagnose(
                DiagnosticCode::NearDuplicate,
                fields.span_of("id"),
                "",
            ));
            self.questions.push(question);
        }
        found
    }

    /// Checks all questions together and returns the problems of each file.
    fn check(&self) -> (BTreeMap<Text, Findings>, Option<bank::BankStatistics>) {
        let together = Text::new("all questions together");
        let questions: Vec<&Question> = self.questions.iter().collect();
        let (findings, statistics) = bank::rules(&questions);
        let mut problems: Vec<Diagnostic> = findings
            .into_iter()
            .map(|finding| match finding.question {
                Some(i) => self.places[i]
                    .clone()
                    .about(finding.code, finding.message)
                    .help(finding.help),
                None => Diagnostic::of_file(finding.code, &together, 0, finding.message)
                    .help(finding.help),
            })
            .collect();
        if self.waived as f64 > WAIVED * self.all as f64 {
            let message = format!("{} of {} questions waive a rule", self.waived, self.all);
            let problem = Diagnostic::of_file(DiagnosticCode::ManyWaivers, &together, 0, message);
            problems.push(problem.help("at most 5%: fix some of them"));
        }
        let mut found: BTreeMap<Text, Findings> = BTreeMap::new();
        for problem in problems {
            found.entry(problem.file.clone()).or_default().push(problem);
        }
        (found, statistics)
    }
}

/// Returns a line with the measured statistics, including those without a problem.
fn line_of(statistics: &bank::BankStatistics, bank: &Bank) -> String {
    let percent = |share: f64| 100.0 * share;
    let part = match bank.questions.len() {
        kept if kept < bank.all => {
            format!(" (of the first {kept} questions only, to limit memory)")
        }
        _ => String::new(),
    };
    format!(
        "{} single questions{part}: the longest option is the key in {:.1}%, a guesser that never \
         reads the stem finds {:.1}% (standard error {:.1}), chance is {:.1}%; keys are {:.2} times \
         as long as distractors; {} of {} questions waive a rule",
        statistics.single,
        percent(statistics.longest),
        percent(statistics.guessed.right),
        percent(statistics.guessed.error()),
        percent(statistics.chance),
        statistics.median_ratio,
        bank.waived,
        bank.all
    )
}

/// Writes problems as they are found; in JSON, as the elements of one array.
struct ProblemWriter {
    renderer: Renderer,
    format: Format,
    /// True if something was written.
    any: bool,
}

impl ProblemWriter {
    fn show(&mut self, problems: Vec<Diagnostic>, out: &mut dyn Write) -> io::Result<()> {
        for problem in problems {
            match self.format {
                Format::Text => writeln!(out, "{}\n", problem.render(&self.renderer))?,
                Format::Json => {
                    write!(out, "{}", if self.any { ",\n" } else { "[\n" })?;
                    serde_json::to_writer(&mut *out, &problem)?;
                }
            }
            self.any = true;
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
    fn count(&mut self, found: &Findings, decks: usize) {
        self.errors += found.errors();
        self.warnings += found.warnings();
        self.decks += decks;
    }

    /// Returns the summary, such as `3 errors, 1 warning in 2 of 10 decks`.
    fn line(&self) -> String {
        let all = if self.of == 1 {
            "1 deck".into()
        } else {
            format!("{} decks", self.of)
        };
        match (self.errors, self.warnings) {
            (0, 0) => format!("no problems in {all}"),
            (errors, warnings) => {
                format!(
                    "{} in {} of {all}",
                    count_words(errors, warnings),
                    self.decks.min(self.of)
                )
            }
        }
    }
}
