//! What the screens of practice show: plain values that the shell fills in.

use crate::core::practice::{Drill, Why};
use crate::core::progress::{Recalls, Streak};
use crate::core::time::{Day, Millis};

/// The line of practice on the home screen.
#[derive(Clone, Debug, Default)]
pub struct PracticeLine {
    pub due: usize,
    /// Title of the weakest competency, where something is known of any.
    pub weakest: Option<String>,
    pub streak: u32,
}

/// What there is to practise.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    pub today: Day,
    pub minutes: u32,
    /// How many questions the queue has for each reason; a reason without any is left out.
    pub parts: Vec<(Why, usize)>,
    /// Seconds that the queue takes.
    pub seconds: u64,
    /// All questions that are due, whether they fit or not.
    pub due: usize,
    pub weakest: Option<String>,
    /// Why there is nothing to practise, and what one could do instead.
    pub idle: Option<String>,
    /// Competencies whose unseen questions are all kept for an assessment.
    pub nothing_new: Vec<String>,
    pub plan: Plan,
    pub drills: Vec<DrillLine>,
    pub interview: Option<Day>,
    pub streak: Streak,
}

impl Agenda {
    /// The interview that was set has been.
    pub fn is_past(&self) -> bool {
        self.interview.is_some_and(|interview| interview < self.today)
    }
}

/// The load of the days to come.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// A line for each day from today on: due questions that there is time for, and the seconds they take.
    pub days: Vec<(Day, u32, u64)>,
    /// Where more is due today than there is time for: the day at whose end nothing waits, if that is one of these.
    pub caught_up: Option<Option<Day>>,
    /// The day for the assessment that is kept, before the interview.
    pub kept: Option<Day>,
    /// Questions that come due, or are left, after the last of the days.
    pub later: u32,
}

impl Plan {
    /// Returns when one will have caught up at so many minutes a day, where more is due today than there is time for.
    pub fn catching_up(&self, minutes: u32) -> Option<String> {
        let last = self.days.last().map_or(String::new(), |(day, ..)| day.words());
        self.caught_up.map(|day| match day {
            Some(day) => format!("at {minutes} min a day you will have caught up on {}", day.words()),
            None => format!("at {minutes} min a day you will not have caught up by {last}"),
        })
    }
}

/// Something in particular to practise.
#[derive(Clone, Debug)]
pub struct DrillLine {
    pub drill: Drill,
    pub title: String,
    /// Questions that there are to practise.
    pub questions: usize,
    /// The facets of a competency.
    pub facets: Vec<DrillLine>,
}

/// Where one stands.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub today: Day,
    /// Each competency's title, and what was recalled of it.
    pub recalls: Vec<(String, Recalls)>,
    pub all: Recalls,
    /// Answers on each day of the last year that had any, in the order of days.
    pub days: Vec<(Day, u32)>,
    pub streak: Streak,
    /// Time practised in each week by its Monday, in order; a week without is left out.
    pub weeks: Vec<(Day, Millis)>,
}
