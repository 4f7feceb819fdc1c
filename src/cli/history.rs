//! `aethos history`: lists past sessions and their scores.

use std::io::{self, BufRead, IsTerminal, Write};

use clap_complete::engine::ArgValueCandidates;
use serde::Serialize;

use super::dialogue::dialogue;
use super::interactive::{self, Opening};
use super::{Exit, Failed, complete};
use crate::app::effect::{HistoryRow, HistoryState, PreviousComparison, done, session};
use crate::core::id::{CompetencyId, SessionId};
use crate::core::text::Text;
use crate::report;
use crate::session::assessment::FormerScores;
use crate::session::{Comparison, Mode};
use crate::shell::{Shell, Workspace};

/// What to do with a past session.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Resume an unfinished session
    Resume {
        /// The session: its id or the start of it; default: the newest unfinished one
        #[arg(add = ArgValueCandidates::new(complete::sessions))]
        session: Option<String>,
        /// Plain lines of text instead of screens
        #[arg(long)]
        plain: bool,
    },
    /// Restore a discarded or deleted session
    Restore {
        /// The session: its id or the start of it
        #[arg(add = ArgValueCandidates::new(complete::sessions))]
        session: String,
    },
    /// Delete a session from the history; it can be restored for 30 days
    Delete {
        /// The session: its id or the start of it
        #[arg(add = ArgValueCandidates::new(complete::sessions))]
        session: String,
        /// Don't ask for confirmation
        #[arg(long)]
        yes: bool,
    },
    /// Name a session; without a name, remove it
    Rename {
        /// The session: its id or the start of it
        #[arg(add = ArgValueCandidates::new(complete::sessions))]
        session: String,
        /// The name that lists show beside it
        name: Option<String>,
    },
    /// Discard an unfinished session; it can be restored for 30 days
    Discard {
        /// The session: its id or the start of it
        #[arg(add = ArgValueCandidates::new(complete::sessions))]
        session: String,
    },
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Print a JSON array with an object for each session, newest first
    #[arg(long)]
    pub json: bool,
    /// Compare your confidence with your accuracy over all assessments
    #[arg(long)]
    pub calibration: bool,
    /// The person whose sessions are meant
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    pub person: Option<String>,
    /// Restore a discarded session: its id or the start of it
    #[arg(long, value_name = "ID", conflicts_with_all = ["json", "calibration"])]
    pub restore: Option<String>,
    /// Check the whole history for damage; exit status 1 if there is any
    #[arg(long, conflicts_with_all = ["json", "calibration", "person", "restore"])]
    pub verify: bool,
}

/// What remains after a session was deleted or discarded.
const STAYS: &str = "Practice still counts what you saw and graded in it.";

/// A session in the output. Scores are percentages; `low` and `high` are the ends of a 90% interval.
#[derive(Serialize)]
struct Line {
    id: String,
    /// The name that the person gave to it.
    name: Option<String>,
    day: String,
    /// The start in ISO 8601, like the field below.
    started_at: String,
    finished_at: Option<String>,
    /// `assess`, `practise` or `mentor`.
    mode: &'static str,
    /// `open`, `finished` or `discarded`.
    state: &'static str,
    finished: bool,
    questions: usize,
    answered: usize,
    spent_ms: u64,
    overall: Option<Range>,
    competencies: std::collections::BTreeMap<String, Range>,
    /// The sessions that this one deepens; its scores include their answers.
    continues: Vec<String>,
    /// Its decks that don't count for the score of the role; its scores are then apart from it.
    own_decks: Vec<String>,
    /// The comparison with the previous assessment, if their scores are comparable.
    since: Option<Comparison>,
    /// The scores that earlier versions of the scoring gave to the same answers.
    former: Vec<FormerScores>,
}

#[derive(Serialize)]
struct Range {
    score: f64,
    low: f64,
    high: f64,
}

fn range((score, low, high): (f64, f64, f64)) -> Range {
    Range { score, low, high }
}

/// Writes the history as JSON.
fn as_json(
    past: Vec<HistoryRow>,
    workspace: &Workspace,
    out: &mut dyn Write,
) -> Result<Exit, Failed> {
    let titles: Vec<String> = workspace
        .library
        .outline
        .blueprint
        .scored()
        .map(|c| c.id.to_string())
        .collect();
    let lines: Vec<Line> = past
        .into_iter()
        .map(|p| Line {
            id: p.id.to_string(),
            name: p.name.as_ref().map(|name| name.line()),
            day: p.day,
            started_at: p.started_at,
            finished_at: p.finished_at,
            mode: p.mode.word(),
            state: match p.state {
                HistoryState::Waiting(_) => "open",
                HistoryState::Finished => "finished",
                HistoryState::Discarded { .. } => "discarded",
            },
            finished: matches!(p.state, HistoryState::Finished),
            questions: p.questions,
            answered: p.answered,
            continues: p.continues.iter().map(ToString::to_string).collect(),
            own_decks: p.own_decks.iter().map(ToString::to_string).collect(),
            since: match p.before {
                PreviousComparison::Compared(since) => Some(since),
                _ => None,
            },
            former: p.former,
            spent_ms: p.spent.0,
            overall: p.overall.map(range),
            competencies: titles
                .iter()
                .cloned()
                .zip(p.competencies)
                .filter_map(|(id, c)| Some((id, range(c?))))
                .collect(),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &lines).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(Exit::Fine)
}

pub fn run(args: &Args, workspace: &mut Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    if args.verify {
        return verify(workspace, out);
    }
    if let Some(name) = &args.person {
        workspace
            .switch_to_known_person(name)
            .map_err(Failed::usage)?;
    }
    if let Some(command) = &args.command
        && let Some(exit) = change(command, workspace, out)?
    {
        return Ok(exit);
    }
    if let Some(Command::Discard { session }) = &args.command {
        let id = workspace.discard_named(session)?;
        writeln!(
            out,
            "Session {id} was discarded: `aethos history restore {id}` brings it back for 30 days. {STAYS}"
        )?;
        return Ok(Exit::Fine);
    }
    let restored = match &args.command {
        Some(Command::Restore { session }) => Some(session),
        _ => args.restore.as_ref(),
    };
    if let Some(name) = restored {
        let id = workspace.restore_named(name)?;
        writeln!(out, "Session {id} was restored: `aethos history` lists it.")?;
        return Ok(Exit::Fine);
    }
    if args.calibration {
        return calibration(args.json, workspace, out);
    }
    let past = workspace.past()?;
    if args.json {
        return as_json(past, workspace, out);
    }
    if past.is_empty() {
        match &args.person {
            None if workspace.progress()?.streak.last.is_some() => writeln!(
                out,
                "No assessments yet: `aethos assess` takes one. `aethos practice --progress` shows what you practised."
            )?,
            None => writeln!(out, "No sessions yet: `aethos` starts one.")?,
            Some(name) => writeln!(
                out,
                "No sessions of their own. `aethos report --person \"{}\"` has the mentor sessions with them.",
                Text::new(name).line()
            )?,
        }
    }
    let scored = workspace.library.outline.blueprint.scored();
    let ids: Vec<CompetencyId> = scored.map(|competency| competency.id.clone()).collect();
    for p in past {
        let score = line(&p, &ids);
        let name = p
            .name
            .as_ref()
            .map_or(String::new(), |name| format!("{}: ", name.line()));
        writeln!(out, "{}  {:>11}  {name}{score}", p.id, p.day)?;
        for former in &p.former {
            writeln!(out, "{:>21}{}", "", former.sentence())?;
        }
        if let PreviousComparison::Compared(comparison) = &p.before
            && let Some(overall) = &comparison.overall
        {
            writeln!(out, "{:>21}since {}: {overall}", "", comparison.earlier())?;
        }
    }
    Ok(Exit::Fine)
}

/// Deletes or renames a session; returns `None` for the other commands.
fn change(
    command: &Command,
    workspace: &mut Workspace,
    out: &mut dyn Write,
) -> Result<Option<Exit>, Failed> {
    match command {
        Command::Delete { session, yes } => {
            let id = workspace.listed_session(session)?.id;
            if !yes && !is_confirmed(&id)? {
                return Ok(Some(Exit::Failed));
            }
            workspace.delete(&id)?;
            writeln!(
                out,
                "Session {id} was deleted: `aethos history restore {id}` brings it back for 30 days. {STAYS}"
            )?;
        }
        Command::Rename { session, name } => {
            let id = workspace.listed_session(session)?.id;
            let name = name.as_deref().unwrap_or_default();
            workspace.rename(&id, name)?;
            match name.trim().is_empty() {
                true => writeln!(out, "Session {id} has no name now.")?,
                false => writeln!(out, "Session {id} is named {}.", Text::new(name).line())?,
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(Exit::Fine))
}

/// Asks for confirmation at the terminal. Without a terminal, `--yes` is required.
fn is_confirmed(id: &SessionId) -> Result<bool, Failed> {
    if !io::stdin().is_terminal() {
        return Err(Failed::usage(format!(
            "session {id} would be deleted: add --yes to confirm"
        )));
    }
    let mut err = io::stderr();
    write!(
        err,
        "Session {id} and its score leave the history; it can be restored for 30 days. Type yes to continue: "
    )?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// Resumes an unfinished session on the screen, or in lines of text; without a name, the newest one.
///
/// # Errors
/// There is no such session, or it is open elsewhere.
pub fn resume(session: Option<&str>, plain: bool) -> Result<Exit, Failed> {
    let workspace = super::workspace(&[])?;
    let (id, mode) = match session {
        Some(session) => workspace.open_session_named(session)?,
        None => workspace.newest_open_session()?,
    };
    if !plain && interactive::is_possible() {
        return interactive::run(workspace, Opening::Resume(id));
    }
    if mode == Mode::Mentor {
        let words = "stdout is not a terminal: a mentor session needs one";
        return Err(Failed::usage(words));
    }
    let mut shell = Shell::new(workspace);
    let started = shell.resume(&id)?;
    dialogue(shell, started)
}

/// Returns the details of a session in the list, without its id and its day. `ids` are the competencies of its scores.
fn line(past: &HistoryRow, ids: &[CompetencyId]) -> String {
    let got = format!(
        "{} of {} {}",
        past.answered,
        past.questions,
        done(past.mode)
    );
    let kind = match past.mode {
        Mode::Assess => String::new(),
        mode => format!("{}, ", session(mode)),
    };
    let own_decks = match past.own_decks.is_empty() {
        true => "",
        false => ", own decks",
    };
    match (&past.state, past.overall) {
        (HistoryState::Waiting(_), _) => format!(
            "{kind}not finished: `aethos history resume {}` continues it",
            past.id
        ),
        (HistoryState::Discarded { until, is_deleted }, _) => {
            let word = if *is_deleted { "deleted" } else { "discarded" };
            format!(
                "{kind}{word}, {got}: `aethos history restore {}` brings it back until {until}",
                past.id
            )
        }
        (HistoryState::Finished, _) if past.mode == Mode::Mentor => {
            format!("{kind}{got} in {}", past.spent.clock())
        }
        (HistoryState::Finished, None) => {
            let scores = ids.iter().zip(&past.competencies);
            let scores = scores.filter_map(|(id, score)| Some((id, (*score)?)));
            let scores = scores.map(|(id, (score, low, high))| {
                let name = id.as_str().replace('-', " ");
                format!("; {name} {score:.0}, plausibly {low:.0} to {high:.0}")
            });
            let scores: String = scores.collect();
            format!("no overall score{scores}{own_decks}")
        }
        (HistoryState::Finished, Some((score, low, high))) => format!(
            "{score:.0}, plausibly {low:.0} to {high:.0}   {got} in {}{}{own_decks}",
            past.spent.clock(),
            if past.continues.is_empty() {
                ""
            } else {
                ", deepening"
            }
        ),
    }
}

fn verify(workspace: &Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    let Some(found) = workspace.verify_history()? else {
        writeln!(out, "There is no history yet: `aethos` starts a session.")?;
        return Ok(Exit::Fine);
    };
    if found.is_empty() {
        writeln!(
            out,
            "The history is intact: its structure and every answer, result and stored question."
        )?;
        return Ok(Exit::Fine);
    }
    for line in found {
        writeln!(out, "Damaged: {line}")?;
    }
    writeln!(
        out,
        "Everything else can be used. To get the damaged parts back, replace the history with a \
         backup."
    )?;
    Ok(Exit::Failed)
}

fn calibration(as_json: bool, workspace: &Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    let found = workspace.calibration()?;
    let summary = found
        .calibration
        .as_ref()
        .map(report::CalibrationSummary::of);
    if as_json {
        serde_json::to_writer_pretty(&mut *out, &summary).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(report::calibration_text(summary.as_ref(), found.sessions).as_bytes())?;
    }
    Ok(Exit::Fine)
}
