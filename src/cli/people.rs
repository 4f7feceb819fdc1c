//! `aethos mentor add`, `rename`, `forget`, `people`, `export` and `handout`: management of the people you mentor.

use std::io::{self, BufRead, IsTerminal, Write};

use clap_complete::engine::ArgValueCandidates;
use serde::Serialize;

use super::interactive::{self, Opening};
use super::{Exit, Failed, OutputArgs, complete};
use crate::core::calendar::read_day;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::DEFAULT_QUESTIONS;
use crate::shell::Workspace;
use crate::store::{Person, Trace};

/// The largest number of questions in a handout.
const MOST: i64 = 40;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add a person
    Add { name: String },
    /// Rename a person
    Rename {
        #[arg(add = ArgValueCandidates::new(complete::people))]
        old: String,
        new: String,
    },
    /// Remove a person's name from the history; with --erase all their data
    Forget {
        #[arg(add = ArgValueCandidates::new(complete::people))]
        name: String,
        /// Delete their sessions, and their answers, notes and agreements in sessions with others
        #[arg(long)]
        erase: bool,
        /// Don't ask for confirmation
        #[arg(long)]
        yes: bool,
    },
    /// List the people, their agreements and the questions to ask again
    People {
        /// Print a JSON array with an object for each person
        #[arg(long)]
        json: bool,
    },
    /// Export the page of a person, without private notes (HTML if FILE ends in .html), or of a session, for the mentor
    Export {
        /// A name, or the id of a session or the start of it
        #[arg(value_name = "NAME|SESSION", add = ArgValueCandidates::new(complete::people))]
        of: String,
        /// A short page about the sessions since this day, with the missed questions in full: a date such as 2026-11-01,
        /// or a time such as 10d, 4w or 2m
        #[arg(long, value_name = "DAY", conflicts_with = "last")]
        since: Option<String>,
        /// The same about the last session only
        #[arg(long)]
        last: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Print questions on paper for the next session
    Handout {
        /// A participant; can be repeated
        #[arg(long, value_name = "NAME", required = true, add = ArgValueCandidates::new(complete::people))]
        person: Vec<String>,
        /// Number of questions
        #[arg(long, value_name = "N", default_value_t = DEFAULT_QUESTIONS as u8, value_parser = clap::value_parser!(u8).range(1..=MOST))]
        questions: u8,
        /// Include answers, explanations and points to discuss
        #[arg(long)]
        answers: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
}

impl Command {
    /// Returns true if the command changes nothing in the history.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Command::People { .. } | Command::Export { .. } | Command::Handout { .. }
        )
    }
}

/// A person in the output. Days have the form `2026-11-21`.
#[derive(Serialize)]
struct Line {
    name: Text,
    sessions: usize,
    last: Option<String>,
    bring_back: usize,
    agreements: Vec<Agreed>,
}

#[derive(Serialize)]
struct Agreed {
    text: Text,
    due: Option<String>,
    is_due: bool,
}

/// Opens the roster on the screen.
pub fn roster() -> Result<Exit, Failed> {
    if !interactive::is_possible() {
        let words = "stdout is not a terminal: `aethos mentor people` lists people as text";
        return Err(Failed::Usage(words.to_owned()));
    }
    interactive::run(super::workspace(&[])?, Opening::Roster)
}

pub fn run(
    command: &Command,
    workspace: &mut Workspace,
    out: &mut dyn Write,
) -> Result<Exit, Failed> {
    let known =
        |workspace: &Workspace, name: &str| workspace.mentored_by_name(name).map_err(Failed::usage);
    match command {
        Command::Add { name } => {
            let person = workspace.add_person(name)?;
            writeln!(out, "Added {}.", person.name)?;
        }
        Command::Rename { old, new } => {
            let person = known(workspace, old)?;
            let renamed = workspace.rename_person(&person, new)?;
            writeln!(out, "Renamed {} to {}.", person.name, renamed.name)?;
        }
        Command::Forget { name, erase, yes } => {
            let person = known(workspace, name)?;
            if !yes && !sure(&person, *erase, workspace.trace(&person)?)? {
                writeln!(out, "Nothing was changed.")?;
                return Ok(Exit::Failed);
            }
            let words = workspace.forget(&person, *erase)?;
            writeln!(out, "{words}.")?;
        }
        Command::People { json } => people(workspace, *json, out)?,
        Command::Export {
            of,
            since,
            last,
            output,
        } => {
            let since = since.as_deref();
            let since = since
                .map(|text| day_ago(text, workspace.today()))
                .transpose()?;
            let page = match (workspace.mentored_by_name(of), workspace.find_meeting(of)?) {
                (Ok(person), _) if *last || since.is_some() => {
                    workspace.recent_page_of_person(person.id, since, output.page_format())?
                }
                (Err(_), Some(_)) if *last || since.is_some() => {
                    let words = "--since and --last need the name of a person, not a session";
                    return Err(Failed::Usage(words.to_owned()));
                }
                (Ok(person), _) => workspace.page_of_person(person.id, output.page_format())?,
                (Err(_), Some(session)) => workspace.session_markdown(&session)?,
                (Err(none), None) => {
                    workspace.refuse_open(of)?;
                    let words =
                        format!("{none}; no single session has an id that starts like this either");
                    return Err(Failed::Usage(words));
                }
            };
            output.write(&page, out)?;
        }
        Command::Handout {
            person,
            questions,
            answers,
            output,
        } => {
            let people: Vec<Person> = person
                .iter()
                .map(|name| known(workspace, name))
                .collect::<Result<_, _>>()?;
            let ids = people.iter().map(|person| person.id).collect();
            let plan = workspace.plan_of(ids, usize::from(*questions))?;
            if plan.questions.len() < usize::from(*questions) {
                let there = plan.questions.len();
                return Err(Failed::Usage(format!(
                    "--questions {questions}: only {there} are available"
                )));
            }
            let page = workspace.handout(&plan, *answers)?;
            output.write(&page, out)?;
        }
    }
    Ok(Exit::Fine)
}

/// Parses a date, or a time before today such as `4w`.
fn day_ago(text: &str, today: Day) -> Result<Day, Failed> {
    let span = read_day(&format!("+{}", text.trim()), today);
    let day = match span {
        Ok(day) => Ok(today.plus(-day.since(today))),
        Err(_) => read_day(text, today),
    };
    day.map_err(|_| {
        Failed::Usage(format!(
            "--since {text}: write a date such as 2026-11-01, or a time such as 10d, 4w or 2m"
        ))
    })
}

/// Asks for confirmation at the terminal. Without a terminal, `--yes` is required.
fn sure(person: &Person, erase: bool, trace: Trace) -> Result<bool, Failed> {
    if !io::stdin().is_terminal() {
        return Err(Failed::Usage(
            "forgetting can't be undone: add --yes to confirm".to_owned(),
        ));
    }
    let sessions = trace.sessions();
    let what = match erase {
        true => format!(
            "Erase {} entries about {} in {sessions}?",
            trace.events, person.name
        ),
        false => format!(
            "Forget the name {}? {sessions} stay without it.",
            person.name
        ),
    };
    let mut err = io::stderr();
    write!(err, "{what} This can't be undone. Type yes to continue: ")?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

fn people(workspace: &Workspace, json: bool, out: &mut dyn Write) -> Result<(), Failed> {
    let roster = workspace.roster()?;
    for loss in &roster.losses {
        writeln!(io::stderr(), "aethos: left out: {loss}")?;
    }
    if json {
        let lines: Vec<Line> = roster
            .lines
            .into_iter()
            .map(|line| Line {
                name: line.name,
                sessions: line.meetings,
                last: line.last.map(Day::iso),
                bring_back: line.waiting,
                agreements: line
                    .open
                    .into_iter()
                    .map(|agreement| Agreed {
                        is_due: agreement.is_due(roster.today),
                        due: agreement.due.map(Day::iso),
                        text: agreement.text,
                    })
                    .collect(),
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &lines).map_err(io::Error::from)?;
        return Ok(writeln!(out)?);
    }
    if roster.lines.is_empty() {
        writeln!(out, "No people yet: `aethos mentor add NAME` adds one.")?;
    }
    for line in roster.lines {
        let last = line.last.map_or("no session yet".to_owned(), |day| {
            format!("last session {day}")
        });
        writeln!(out, "{}: {last}, {} to bring back", line.name, line.waiting)?;
        for agreement in line.open {
            let due = match agreement.due {
                Some(day) if agreement.is_due(roster.today) => format!("due since {day}: "),
                Some(day) => format!("by {day}: "),
                None => String::new(),
            };
            writeln!(out, "  {due}{}", agreement.text.line())?;
        }
    }
    Ok(())
}
