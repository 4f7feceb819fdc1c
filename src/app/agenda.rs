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
    /// A line for each day from today on: questions that come due, and the seconds they take.
    pub days: Vec<(Day, u32, u64)>,
    /// The day for the assessment that is kept, before the interview.
    pub kept: Option<Day>,
    /// Questions that come due after the last of the days.
    pub later: u32,
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
