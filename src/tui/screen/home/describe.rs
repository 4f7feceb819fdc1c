//! The words of the home screen: a line for each entry, and what the marked one does.

use super::{Entry, usual};
use crate::app::effect::OpenSession;
use crate::core::reserve::KEPT;
use crate::session::Mode;
use crate::tui::app::Model;
use crate::tui::screen::setup::{Promise, about_minutes};
use crate::tui::widget::count;

/// The signs for the left and right arrow keys.
type Arrows = (&'static str, &'static str);

/// What an entry shows: its name, its state, and a word at its right end.
pub struct Described {
    pub name: &'static str,
    pub words: String,
    pub aside: String,
}

impl Described {
    fn new(name: &'static str, words: impl Into<String>) -> Self {
        let (words, aside) = (words.into(), String::new());
        Self { name, words, aside }
    }

    fn with(self, aside: String) -> Self {
        Self { aside, ..self }
    }
}

/// Describes an entry in a line of this width. `size` is the number of questions of the next
/// assessment, and `arrows` surround it while its keys change it.
pub fn describe(
    entry: Entry,
    (size, arrows): (usize, Option<Arrows>),
    model: &Model,
    width: usize,
) -> Described {
    let home = &model.home;
    match entry {
        Entry::Resume(i) => match home.open.get(i) {
            Some(open) => waiting(open, width),
            None => Described::new("Resume", ""),
        },
        Entry::Assess => assess(model, (size, arrows), width),
        Entry::Practice => practice(model, width),
        Entry::Mentor => Described::new(
            "Mentor",
            match home.people {
                0 if width >= 60 => "sessions with people you mentor".to_owned(),
                0 => "no people yet".to_owned(),
                1 => "1 person".to_owned(),
                n => format!("{n} people"),
            },
        ),
        Entry::SetUp if width >= 60 => Described::new("Set up", "choose topics, length and time"),
        Entry::SetUp => Described::new("Set up", "your own"),
        Entry::Decks => {
            let (decks, questions) = (count(home.decks, "deck"), count(home.questions, "question"));
            Described::new("Decks", format!("{decks} · {questions}"))
        }
        Entry::History if home.sessions == 0 => Described::new("History", "none yet"),
        Entry::History => Described::new("History", count(home.sessions, "session")),
        Entry::Settings => {
            let settings = &model.settings;
            let (theme, time) = (settings.theme.word(), settings.time_multiplier);
            Described::new("Settings", format!("theme {theme} · time ×{time}"))
        }
    }
}

fn assess(model: &Model, (size, arrows): (usize, Option<Arrows>), width: usize) -> Described {
    let setup = usual(model, size);
    let minutes = about_minutes(model, &setup);
    let questions = count(setup.size, "question");
    let questions = match arrows.filter(|_| width >= 60) {
        Some((less, more)) => format!("{less} {questions} {more}"),
        None => questions,
    };
    let words = match setup.competencies.count_ones() {
        // With the arrows, there is less room for the last score at the right end.
        _ if width < 60 || arrows.is_some() && width < 80 => {
            format!("{questions} · {minutes} min")
        }
        1 => format!("{questions} · 1 competency · {minutes} min"),
        n => format!("{questions} · {n} competencies · {minutes} min"),
    };
    let last = model.home.last.as_ref();
    let last = last.map_or(String::new(), |last| format!("last: {}", last.words()));
    Described::new("Assess", words).with(last)
}

fn practice(model: &Model, width: usize) -> Described {
    let home = &model.home;
    let practice = home.practice.clone().unwrap_or_default();
    let unseen: usize = home.stock.iter().map(|stock| stock.unseen).sum();
    let due = match practice.due {
        // If nothing is known about the person yet, the line mentions the new questions.
        0 if practice.due_tomorrow > 0 => {
            format!("nothing due, {} tomorrow", practice.due_tomorrow)
        }
        0 if unseen > KEPT && practice.weakest.is_none() => "nothing due, new questions".to_owned(),
        0 => "nothing due".to_owned(),
        due => format!("{due} due"),
    };
    let words = match practice.weakest {
        Some(weakest) if width >= 60 => format!("{due} · weakest: {}", weakest.short()),
        _ => due,
    };
    let days = match practice.streak as usize {
        0 => String::new(),
        days => count(days, "practice day"),
    };
    Described::new("Practice", words).with(days)
}

/// Describes a session that can be resumed, and its remaining time.
fn waiting(open: &OpenSession, width: usize) -> Described {
    let (day, answered, questions) = (&open.day, open.answered, open.questions);
    let progress = format!("{answered} of {questions}");
    let words = match (open.mode, width >= 60) {
        (Mode::Practise, true) => format!("practice of {day}, {progress} done"),
        (Mode::Practise, false) => format!("practice, {progress}"),
        (Mode::Mentor, is_wide) => waiting_meeting(open, &progress, is_wide),
        (_, true) => format!("assessment of {day}, {progress} answered"),
        (_, false) => format!("{day}, {progress}"),
    };
    let words = match &open.name {
        Some(name) => format!("{}: {words}", name.line()),
        None => words,
    };
    let aside = match (open.mode, open.left) {
        (Mode::Practise | Mode::Mentor, _) => String::new(),
        (_, None) => "untimed".to_owned(),
        (_, Some(left)) => format!("{} left", left.clock()),
    };
    Described::new("Resume", words).with(aside)
}

/// Describes a mentor session by what tells it from others: who takes part, and when it began.
fn waiting_meeting(open: &OpenSession, progress: &str, is_wide: bool) -> String {
    let (with, day, time) = (open.with(), &open.day, &open.time);
    match (with.is_empty(), is_wide) {
        (true, true) => format!("mentor session of {day}, {time}, {progress} discussed"),
        (false, true) => format!("with {with}, {day}, {time}, {progress} discussed"),
        (true, false) => format!("mentor, {time}, {progress}"),
        (false, false) => format!("{with}, {time}"),
    }
}

/// Returns what an entry does.
pub fn about(entry: Entry, model: &Model) -> String {
    let words = match entry {
        Entry::Resume(_) => "Continue where you left off, finish the session, or discard it.",
        Entry::Assess => {
            let promise = Promise::of(&usual(model, model.size), model);
            return format!(
                "Shows where you are strong and where you are weak, {}. A page with the rules \
                 comes first; the clock starts after it.",
                promise.words()
            );
        }
        Entry::Practice => {
            "Explains each answer at once, and asks what you missed again, days later. It takes as \
             many minutes as you have and doesn't change your scores."
        }
        Entry::Mentor => {
            "Prepares and runs sessions with people you mentor, and follows their progress."
        }
        Entry::SetUp => {
            "An assessment of your choice: competencies, number of questions, time, and whether \
             the questions adapt to your answers."
        }
        Entry::Decks => "The questions that there are, and the topics that they cover.",
        Entry::History => {
            "Your sessions, your scores over time, and how well you know what you know."
        }
        Entry::Settings => "Theme, target level, time, confidence and minutes of practice a day.",
    };
    words.to_owned()
}

/// What aethos is, for the first run.
pub const WELCOME: &str = "aethos asks you about realistic situations in distributed systems and \
    scores your answers, and says how certain each score is. It then helps you practise what you \
    missed. Everything stays on this computer.";
