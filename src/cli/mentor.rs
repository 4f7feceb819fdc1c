//! `aethos mentor`: people, sessions with one or more of them, and reviews of past sessions.

use std::io;

use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::complete;
use super::interactive::{self, Opening};
use super::named::{Named, competencies};
use super::{Exit, Failed, homework, people};
use crate::core::form::SEEDS;
use crate::session::meeting::{DEFAULT_QUESTIONS, LevelChoice, MeetingPlan, RoomPlace};
use crate::shell::StartRequest;
use crate::shell::room::Room;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  aethos mentor                      the people, on a screen\n  \
                  aethos mentor add Mina\n  aethos mentor meet Mina            six questions with \
                  one person\n  aethos mentor meet Mina Ben Cem --deck fault-tolerance\n  aethos \
                  mentor --stage              in a second window: the part everyone may see\n  \
                  aethos mentor handout --person Mina --questions 6 > mina.md\n  aethos mentor \
                  export Mina -o mina.md\n  aethos mentor forget Mina --erase"
)]
pub struct Args {
    /// Show the public part of the session in another window, for a second monitor
    #[arg(long)]
    pub stage: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Start a session; unknown names are added
    Meet(Meet),
    /// Write a homework as a form file, without answers
    Assign(homework::Assign),
    /// Take in the results of homework that came back
    Collect(homework::Collect),
    /// List homework, compare the answers and their reasons, and judge them
    Homework(homework::Review),
    /// Write a page with answers and remarks for each person who handed in
    Feedback(homework::Feedback),
    #[command(flatten)]
    People(people::Command),
}

#[derive(Debug, clap::Args)]
struct Meet {
    /// The participants
    #[arg(required = true, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    names: Vec<String>,
    /// Number of questions, distributed by weight; questions that no participant has seen come first
    #[arg(long, value_name = "N", default_value_t = DEFAULT_QUESTIONS as u8, value_parser = clap::value_parser!(u8).range(1..=80))]
    questions: u8,
    /// Number of additional open questions
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    written: u8,
    /// Level of the questions, with one step around it, or a range such as junior..mid; `any` for all. Default: the level
    /// at which the participants have answered so far
    #[arg(long, value_name = "LEVEL")]
    level: Option<LevelChoice>,
    /// Use only this deck: a name such as data-consistency, or a file; can be repeated
    #[arg(long = "deck", value_name = "DECK", add = ArgValueCompleter::new(complete::decks))]
    decks: Vec<std::ffi::OsString>,
    /// Seed for choosing the questions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..SEEDS))]
    seed: Option<u64>,
    /// Start another session although one with the same people is unfinished
    #[arg(long)]
    new: bool,
    /// Let participants join from elsewhere on this machine, with `aethos join`
    #[arg(long)]
    open: bool,
    /// The group of users who may join; without it, only your own account may
    #[arg(long, value_name = "GROUP", requires = "open")]
    group: Option<String>,
    /// A folder of its own for the socket; participants join with `aethos join --at FOLDER`
    #[arg(long, value_name = "FOLDER", requires = "open")]
    at: Option<String>,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    match &args.command {
        _ if args.stage => interactive::window(),
        None => people::roster(),
        Some(Command::Meet(args)) => meet(args),
        Some(Command::Assign(args)) => homework::assign(args),
        Some(Command::Collect(args)) => homework::collect(args),
        Some(Command::Homework(args)) => homework::review(args),
        Some(Command::Feedback(args)) => homework::feedback(args),
        Some(Command::People(command)) => {
            let mut out = io::stdout().lock();
            if command.only_reads() {
                // Sessions that can't be read back are left out and named.
                let run = |workspace: &mut _| people::run(command, workspace, &mut out);
                super::reading(&mut super::past_workspace(&[])?, run)
            } else {
                people::run(command, &mut super::workspace(&[])?, &mut out)
            }
        }
    }
}

fn meet(args: &Meet) -> Result<Exit, Failed> {
    if !interactive::is_possible() {
        return Err(Failed::Usage(
            "stdout is not a terminal: a mentor session needs one".to_owned(),
        ));
    }
    let named = Named::of(&args.decks);
    let mut workspace = super::workspace(&named.paths)?;
    let decks = named.decks(&workspace.library)?;
    let competencies = competencies(&decks, &workspace);
    let (size, written) = (usize::from(args.questions), usize::from(args.written));
    let wanted = StartRequest {
        seed: args.seed,
        decks,
        ..StartRequest::untimed(competencies, size, written)
    };
    let people = workspace.people_named(&args.names)?;
    if let Some((id, day)) = workspace.unfinished_with(&people).filter(|_| !args.new) {
        return Err(Failed::Refused(format!(
            "a session of {day} with the same people is unfinished: `aethos history resume {id}` continues it, and \
             `aethos history discard {id}` discards it; add --new to start another"
        )));
    }
    let room = args.open.then(|| RoomPlace {
        folder: args.at.clone(),
        group: args.group.clone(),
    });
    // A session that can't be opened as requested is not started.
    if let Some(place) = &room {
        Room::check(place).map_err(|why| Failed::Refused(why.to_string()))?;
    }
    let level = args.level.unwrap_or_default();
    // Without a choice of decks or a seed, the draw is that of the screen.
    let is_usual = args.decks.is_empty() && args.seed.is_none() && args.written == 0;
    let (questions, levels) = match is_usual {
        true => workspace.draw_meeting(people.clone(), usize::from(args.questions), level),
        false => workspace.propose_from(&people, &wanted, level),
    }
    .map_err(Failed::usage)?;
    let plan = Box::new(MeetingPlan { people, questions });
    let levels = format!("questions {levels}");
    interactive::run(workspace, Opening::Meeting { plan, room, levels })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn a_session_has_as_many_questions_from_the_command_line_as_from_the_screen() {
        let program = Program::parse_from(["mentor", "meet", "Mina"]);
        let Some(Command::Meet(meet)) = program.args.command else {
            panic!("it is a session")
        };
        assert_eq!(usize::from(meet.questions), DEFAULT_QUESTIONS);
    }
}
