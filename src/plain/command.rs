//! Commands that can be typed instead of an answer.

use super::answer;
use crate::core::question::Interaction;
use crate::session::Mode;

/// A command of the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Repeat,
    TakeBack,
    Flag,
    Next,
    /// Marks the answer as not known; only in practice.
    Unknown,
    /// Works only in practice sessions.
    Pause,
    /// Suspends the question, or ends its suspension; only in practice.
    Suspend,
    Back,
    Overview,
    Finish,
    Help,
    Leave,
}

/// The letter and the word of each command. A letter that is also an option selects the option.
const COMMANDS: [(&str, &str, Command); 10] = [
    ("u", "unknown", Command::Unknown),
    ("-", "suspend", Command::Suspend),
    ("z", "pause", Command::Pause),
    ("f", "flag", Command::Flag),
    ("n", "next", Command::Next),
    ("p", "back", Command::Back),
    ("g", "overview", Command::Overview),
    ("e", "finish", Command::Finish),
    ("?", "help", Command::Help),
    ("q", "leave", Command::Leave),
];

/// Returns the commands available in this mode.
fn commands(mode: Mode) -> impl Iterator<Item = &'static (&'static str, &'static str, Command)> {
    let is_there = move |command| match command {
        Command::Unknown | Command::Suspend => mode.reveals(),
        Command::Pause => mode.pauses(),
        _ => true,
    };
    COMMANDS
        .iter()
        .filter(move |(.., command)| is_there(*command))
}

/// Parses `line` as a command; `None` if it is not one for this question.
///
/// `-` takes an answer back. In practice it suspends a question that has no answer.
pub fn read(
    line: &str,
    interaction: &Interaction,
    mode: Mode,
    is_answered: bool,
) -> Option<Command> {
    let typed = line.trim().to_lowercase();
    match typed.as_str() {
        "" if interaction.is_card() && mode.reveals() => return Some(Command::Next),
        "" => return Some(Command::Repeat),
        "-" if is_answered || !mode.reveals() => return Some(Command::TakeBack),
        _ => {}
    }
    let named = |(letter, word, _): &&(&str, &str, Command)| {
        typed == *word || typed == *letter && !is_option(letter, interaction)
    };
    commands(mode).find(named).map(|(.., command)| *command)
}

/// Returns true for the letter or the word of a command that goes on without another answer. `typed` is in lower case.
pub fn leaves_question(typed: &str) -> bool {
    COMMANDS.iter().any(|(letter, word, command)| {
        let leaves = matches!(
            command,
            Command::Next | Command::Back | Command::Overview | Command::Finish | Command::Leave
        );
        leaves && (typed == *letter || typed == *word)
    })
}

/// Returns true if the letter selects an option of this question.
fn is_option(letter: &str, interaction: &Interaction) -> bool {
    let picked = matches!(
        interaction,
        Interaction::Single(_) | Interaction::Multiple { .. }
    );
    picked
        && ('a'..='z')
            .take(interaction.movable())
            .any(|option| letter.starts_with(option))
}

/// Returns the prompt: `answer (a-d), ? help> `
pub fn prompt(interaction: &Interaction) -> String {
    format!("answer ({}), ? help> ", answer::shape(interaction))
}

/// Returns the help about everything that can be typed at a question, one line each.
pub fn help(interaction: &Interaction, mode: Mode) -> String {
    let answer = answer::help(interaction);
    let practice = match mode.reveals() {
        true => {
            "unknown: you don't know; the right answer is shown\nsuspend: practice stops asking \
             this question, or asks it again; - does the same while there is no answer\npause: \
             the clock stops until you continue\n"
        }
        false => "",
    };
    let letters = commands(mode).filter(|(letter, ..)| !is_option(letter, interaction));
    let letters: Vec<String> = letters
        .map(|(letter, word, ..)| format!("{letter} = {word}"))
        .collect();
    format!(
        "You can type:\n{answer}\nEnter alone: read the question again\n- alone: clear your \
         answer\n{practice}flag: mark the question to return to, or unmark it\nnext, back: the \
         next or previous question\noverview: list all questions and jump to one\nfinish: end the \
         session, after a confirmation\nleave: stop here and resume later\nShort forms: {}",
        letters.join(", ")
    )
}
