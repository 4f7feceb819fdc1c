//! `aethos mentor assign`, `collect`, `homework` and `feedback`: homework from the mentor's side.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::named::{Named, competencies};
use super::{Exit, Failed, complete, printable};
use crate::core::calendar::{Date, read_day};
use crate::core::form::SEEDS;
use crate::core::text::Text;
use crate::report::{self, PageFormat};
use crate::session::homework::{Assignment, Event, MAX_QUESTIONS};
use crate::session::meeting::LevelChoice;
use crate::shell::homework::{AssignRequest, Assigned};
use crate::shell::{StartRequest, Workspace, create_whole, replace_whole};

/// The largest number of questions, for clap.
const MOST: i64 = MAX_QUESTIONS as i64;

#[derive(Debug, clap::Args)]
pub struct Assign {
    /// Decks to use: names such as data-consistency, files or folders; default: all
    #[arg(add = ArgValueCompleter::new(complete::decks))]
    decks: Vec<OsString>,
    /// Who it is for, separated by commas; unknown names are added
    #[arg(long = "for", value_name = "NAMES", required = true, value_delimiter = ',', add = ArgValueCandidates::new(complete::people))]
    names: Vec<String>,
    /// Number of questions; those that nobody has seen come first
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=MOST))]
    questions: u8,
    /// Number of additional open questions, which you score
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    written: u8,
    /// Level of the questions, with one step around it, or a range such as junior..mid; `any` for all. Default: the level
    /// at which the people have answered so far
    #[arg(long, value_name = "LEVEL")]
    level: Option<LevelChoice>,
    /// The last day on which a result is in time, such as 2026-12-05 or +1w
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
    /// Time limit in minutes; default: none
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: Option<u32>,
    /// Seed for choosing the questions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..SEEDS))]
    seed: Option<u64>,
    /// The form file to write; it must not exist
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Collect {
    /// Result files, and folders with them
    #[arg(required = true, value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Review {
    /// The homework: its title or the start of its id; default: list all
    name: Option<String>,
    /// Show who gave which answer
    #[arg(long)]
    names: bool,
    /// The question to judge, with --person
    #[arg(long, value_name = "N", requires = "name", requires = "person")]
    question: Option<usize>,
    /// The person whose answer to judge
    #[arg(long, value_name = "NAME", requires = "question", add = ArgValueCandidates::new(complete::people))]
    person: Option<String>,
    /// Your remark, which the person reads in the feedback
    #[arg(long, value_name = "TEXT", requires = "question")]
    remark: Option<String>,
    /// The level of the reason, from 0 (none) to 3
    #[arg(long, value_name = "LEVEL", requires = "question", value_parser = clap::value_parser!(u8).range(0..=3))]
    reason: Option<u8>,
    /// Points for the criteria of an open question, separated by commas
    #[arg(
        long,
        value_name = "POINTS",
        requires = "question",
        value_delimiter = ','
    )]
    points: Vec<u32>,
    /// Ask the question again in a later session
    #[arg(long, requires = "question", conflicts_with = "not_again")]
    again: bool,
    /// Don't ask it again
    #[arg(long, requires = "question")]
    not_again: bool,
}

#[derive(Debug, clap::Args)]
pub struct Feedback {
    /// The homework: its title or the start of its id; default: the last one
    name: Option<String>,
    /// The folder to write the pages to, one for each person
    #[arg(short, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    output: PathBuf,
    /// Replace pages that exist
    #[arg(long)]
    force: bool,
    /// Format of the pages
    #[arg(long, value_enum, default_value_t)]
    format: PageFormat,
}

/// Writes a form.
pub fn assign(args: &Assign) -> Result<Exit, Failed> {
    if args.output.exists() {
        let file = printable(&args.output);
        return Err(Failed::Refused(format!(
            "{file} already exists: choose another name with -o"
        )));
    }
    let named = Named::of(&args.decks);
    let mut workspace = super::workspace(&named.paths)?;
    let decks = named.decks(&workspace.library)?;
    let due = args
        .due
        .as_deref()
        .map(|day| read_day(day, workspace.today()).map(Date))
        .transpose()
        .map_err(|bad| Failed::Usage(format!("--due: {bad}")))?;
    let competencies = competencies(&decks, &workspace);
    let (size, written) = (usize::from(args.questions), usize::from(args.written));
    let wanted = StartRequest {
        seed: args.seed,
        decks,
        ..StartRequest::untimed(competencies, size, written)
    };
    let names: Vec<String> = args
        .names
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let people = workspace.people_named(&names)?;
    let title = args
        .output
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let request = AssignRequest {
        people,
        wanted,
        title: Text::new(&title).line(),
        due,
        minutes: args.minutes,
        levels: args.level.unwrap_or_default(),
    };
    let Assigned { text, levels } = workspace.assign(&request)?;
    let file = printable(&args.output);
    create_whole(&args.output, &text)
        .map_err(|error| Failed::Refused(format!("{file} can't be written: {error}")))?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "Written to {file}, without answers. Send it to {}; each of them runs: aethos take {}",
        names.join(", "),
        args.output
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
    )?;
    writeln!(out, "Questions {levels}.")?;
    writeln!(out, "What comes back: aethos mentor collect FILES")?;
    Ok(Exit::Fine)
}

/// Collects results.
pub fn collect(args: &Collect) -> Result<Exit, Failed> {
    let mut workspace = super::workspace(&[])?;
    let collected = workspace.collect(&args.paths)?;
    let mut out = io::stdout().lock();
    for assignment in workspace.assignments()? {
        if collected.assignments.contains(&assignment.id) {
            status(&workspace, &assignment, collected.refused.len(), &mut out)?;
        }
    }
    if collected.assignments.is_empty() {
        writeln!(
            out,
            "No result was found, {} refused.",
            collected.refused.len()
        )?;
    }
    for refused in &collected.refused {
        writeln!(out, "Refused: {}", Text::new(refused).line())?;
    }
    Ok(match collected.refused.is_empty() {
        true => Exit::Fine,
        false => Exit::Failed,
    })
}

fn status(
    workspace: &Workspace,
    assignment: &Assignment,
    refused: usize,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let status = workspace.homework_status(assignment);
    write!(
        out,
        "{}: {} of {} in, {} late, {refused} refused.",
        status.title.line(),
        status.handed_in,
        status.people,
        status.late
    )?;
    let missing: Vec<String> = status.missing.iter().map(Text::line).collect();
    match missing.is_empty() {
        true => writeln!(out)?,
        false => writeln!(out, " Missing: {}.", missing.join(", "))?,
    }
    for remark in &status.remarks {
        writeln!(out, "  {}", Text::new(remark).line())?;
    }
    Ok(())
}

/// Finds a homework by its title or the start of its id; without a name, the last one.
fn find(workspace: &Workspace, name: Option<&str>) -> Result<Assignment, Failed> {
    let assignments = workspace.assignments()?;
    let titles: Vec<String> = assignments
        .iter()
        .map(|known| known.setup.title.clone())
        .collect();
    let is_meant = |known: &Assignment| {
        name.is_none_or(|name| known.setup.title == name || known.id.as_str().starts_with(name))
    };
    assignments
        .into_iter()
        .rev()
        .find(is_meant)
        .ok_or_else(|| match titles.is_empty() {
            true => Failed::Usage(
                "there is no homework yet: `aethos mentor assign` writes one".to_owned(),
            ),
            false => Failed::Usage(format!("no such homework: there is {}", titles.join(", "))),
        })
}

/// Lists homework, shows the answers side by side, or stores a judgement.
pub fn review(args: &Review) -> Result<Exit, Failed> {
    let mut workspace = super::workspace(&[])?;
    let mut out = io::stdout().lock();
    let Some(name) = &args.name else {
        for assignment in workspace.assignments()? {
            status(&workspace, &assignment, 0, &mut out)?;
        }
        return Ok(Exit::Fine);
    };
    let assignment = find(&workspace, Some(name))?;
    if let (Some(number), Some(person)) = (args.question, &args.person) {
        let events = judgement(args, &workspace, &assignment, number, person)?;
        workspace.change_assignment(&assignment.id, events)?;
        writeln!(out, "Saved.")?;
        return Ok(Exit::Fine);
    }
    let seats = 0..assignment.setup.people.len();
    let names: Vec<Text> = seats
        .map(|seat| workspace.name_at(&assignment, seat))
        .collect();
    let names = args.names.then_some(names.as_slice());
    out.write_all(report::homework_page(&assignment, names).as_bytes())?;
    Ok(Exit::Fine)
}

fn judgement(
    args: &Review,
    workspace: &Workspace,
    assignment: &Assignment,
    number: usize,
    person: &str,
) -> Result<Vec<Event>, Failed> {
    let n = assignment.questions.len();
    let slot = number
        .checked_sub(1)
        .filter(|slot| *slot < n)
        .ok_or_else(|| Failed::Usage(format!("--question: a number from 1 to {n}")))?;
    let id = workspace
        .mentored_by_name(person)
        .map_err(Failed::usage)?
        .id;
    let seat = assignment.setup.people.iter().position(|of| *of == id);
    let seat = seat.ok_or_else(|| Failed::Usage(format!("this homework is not for {person}")))?;
    let rubric = assignment.questions[slot].interaction.rubric();
    let fits = args.points.len() <= rubric.len()
        && args
            .points
            .iter()
            .zip(rubric)
            .all(|(points, criterion)| *points <= criterion.points);
    if !fits {
        let most: Vec<String> = rubric.iter().map(|c| c.points.to_string()).collect();
        return Err(Failed::Usage(match most.is_empty() {
            true => "--points: this is no open question".to_owned(),
            false => format!("--points: at most {}", most.join(",")),
        }));
    }
    let mut events = Vec::new();
    if let Some(text) = args.remark.clone() {
        events.push(Event::Remarked { slot, seat, text });
    }
    if args.reason.is_some() {
        let level = args.reason;
        events.push(Event::Reasoned { slot, seat, level });
    }
    for (criterion, points) in args.points.iter().enumerate() {
        let points = Some(*points);
        events.push(Event::Scored {
            slot,
            seat,
            criterion,
            points,
        });
    }
    if args.again || args.not_again {
        let on = args.again;
        events.push(Event::BroughtBack { slot, seat, on });
    }
    match events.is_empty() {
        true => Err(Failed::Usage(
            "add --remark, --reason, --points, --again or --not-again".to_owned(),
        )),
        false => Ok(events),
    }
}

/// Writes a page for each person whose result is in.
pub fn feedback(args: &Feedback) -> Result<Exit, Failed> {
    let run = |workspace: &mut _| write_feedback(args, workspace);
    super::reading(&mut super::past_workspace(&[])?, run)
}

fn write_feedback(args: &Feedback, workspace: &Workspace) -> Result<Exit, Failed> {
    let assignment = find(workspace, args.name.as_deref())?;
    fs::create_dir_all(&args.output)?;
    let mut out = io::stdout().lock();
    let attempts = assignment.handed_in();
    if attempts.is_empty() {
        writeln!(
            out,
            "No result is in yet: `aethos mentor collect FILES` takes them."
        )?;
        return Ok(Exit::Failed);
    }
    for attempt in attempts {
        let name = workspace.name_at(&assignment, attempt.seat);
        let page = report::homework_feedback(&assignment, &name, &attempt, args.format);
        let file = format!("{}-{}", assignment.setup.title, name.line());
        let path = args.output.join(plain(&file, args.format.ending()));
        write_page(&path, &page, args.force)?;
        writeln!(out, "{}", printable(&path))?;
    }
    Ok(Exit::Fine)
}

fn write_page(path: &Path, page: &str, force: bool) -> Result<(), Failed> {
    let written = match force {
        true => replace_whole(path, page),
        false => create_whole(path, page),
    };
    written.map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::AlreadyExists => ": add --force to replace it",
            _ => "",
        };
        Failed::Refused(format!(
            "{} can't be written: {error}{help}",
            printable(path)
        ))
    })
}

/// Returns the file name of a page, with letters, digits and hyphens only.
fn plain(name: &str, ending: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = name.to_lowercase().chars().map(keep).collect();
    format!("{name}.{ending}")
}
