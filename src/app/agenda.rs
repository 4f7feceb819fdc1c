//! The data of the practice screens: plain values that the shell fills in.

use crate::core::practice::{Drill, QueueReason};
use crate::core::progress::{Recalls, Streak};
use crate::core::time::{Day, Millis};

/// The competency that needs practice most.
#[derive(Clone, Debug)]
pub struct Weakest {
    pub title: String,
    /// The number of answers if all were wrong and they are too few for a score.
    pub all_wrong: Option<u32>,
}

impl Weakest {
    /// Returns the title, and why there is no score behind it.
    pub fn words(&self) -> String {
        match self.all_wrong {
            Some(_) => format!("{}, too few for a score", self.short()),
            None => self.short(),
        }
    }

    /// Returns the title, with the answers if they are all that is known.
    pub fn short(&self) -> String {
        match self.all_wrong {
            Some(answers) => format!("{}: 0 of {answers} right", self.title),
            None => self.title.clone(),
        }
    }
}

/// The practice line on the home screen.
#[derive(Clone, Debug, Default)]
pub struct PracticeLine {
    pub due: usize,
    /// The number of questions that the plan has for tomorrow.
    pub due_tomorrow: usize,
    /// The weakest competency, if any has results.
    pub weakest: Option<Weakest>,
    /// The number of answers that were wrong although the person was sure.
    pub sure_and_wrong: usize,
    /// The number of practice days in the current streak.
    pub streak: u32,
}

/// The questions available for practice and the plan for the coming days.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    pub today: Day,
    pub minutes: u32,
    /// The number of queued questions for each reason; reasons without any are omitted.
    pub parts: Vec<(QueueReason, usize)>,
    /// The length of the queue in seconds.
    pub seconds: u64,
    /// All due questions, whether they fit into the time or not.
    pub due: usize,
    pub weakest: Option<Weakest>,
    /// Why there is nothing to practise, and what to do instead.
    pub idle: Option<String>,
    /// Competencies whose unseen questions are all reserved for an assessment.
    pub nothing_new: Vec<String>,
    pub plan: Plan,
    pub drills: Vec<DrillLine>,
    pub interview: Option<Day>,
    pub coverage: Coverage,
    pub streak: Streak,
}

/// How many of the questions that practice can ask the person has answered, over all competencies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Coverage {
    pub seen: usize,
    pub all: usize,
    /// The number answered for the first time in the last [`PACE_DAYS`] days.
    pub recent: usize,
}

/// The number of days from which the pace is derived.
pub const PACE_DAYS: i32 = 14;

impl Coverage {
    /// Returns a sentence about the share of questions seen, and how large it will be on the day of the interview at
    /// the current pace.
    pub fn words(self, today: Day, interview: Option<Day>) -> String {
        let Coverage { seen, all, recent } = self;
        let ahead = interview.filter(|day| *day > today && recent > 0 && seen < all);
        let pace = ahead.map_or(String::new(), |day| {
            let days = day.since(today).max(0) as usize;
            let then = all.min(seen + recent * days / PACE_DAYS as usize);
            format!("; at this pace {then} by {}", day.short())
        });
        format!("Seen {seen} of {all} questions for practice, without written and kept ones{pace}.")
    }
}

impl Agenda {
    /// Returns true if the interview date has passed.
    pub fn is_past(&self) -> bool {
        self.interview
            .is_some_and(|interview| interview < self.today)
    }
}

/// The workload of the coming days.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// For each day from today on: the due questions that fit into the time, and the seconds they take.
    pub days: Vec<(Day, u32, u64)>,
    /// `Some` if more is due today than fits into the time. It then holds the day at whose end no due question is
    /// left, if it is one of these days.
    pub caught_up: Option<Option<Day>>,
    /// The day for the reserved assessment, before the interview.
    pub kept: Option<Day>,
    /// Questions that become due after the last of these days.
    pub later: u32,
    /// Questions that become due on these days and don't fit into their time.
    pub left: u32,
}

impl Plan {
    /// Returns a sentence that says when the person will have caught up at this many minutes per day, if more is due
    /// today than fits.
    pub fn catching_up(&self, minutes: u32) -> Option<String> {
        let last = self
            .days
            .last()
            .map_or(String::new(), |(day, ..)| day.words());
        self.caught_up.map(|day| match day {
            Some(day) => format!(
                "at {minutes} min a day you will catch up on {}",
                day.words()
            ),
            None => format!("at {minutes} min a day you won't catch up by {last}"),
        })
    }

    /// Returns a note about the questions that are not on these days; `None` if there are none. Before an interview, only
    /// the time is short, because nothing is due after it.
    pub fn beyond(&self, minutes: u32, is_before_interview: bool) -> Option<String> {
        let all = self.later + self.left;
        match (is_before_interview, self.left) {
            _ if all == 0 => None,
            (false, _) => Some(format!("{all} later")),
            (true, 0) => Some(format!("{all} after the interview")),
            (true, left) => Some(format!(
                "{left} don't fit in before the interview at {minutes} min a day"
            )),
        }
    }
}

/// A selection of questions to practise.
#[derive(Clone, Debug)]
pub struct DrillLine {
    pub drill: Drill,
    pub title: String,
    /// The number of questions in the drill.
    pub questions: usize,
    /// The drills for the facets of a competency.
    pub facets: Vec<DrillLine>,
}

/// The person's progress in practice.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub today: Day,
    /// The title of each competency and how often its questions were recalled.
    pub recalls: Vec<(String, Recalls)>,
    pub all: Recalls,
    /// The number of answers on each day of the last year with any, in ascending order.
    pub days: Vec<(Day, u32)>,
    pub streak: Streak,
    /// The time practised in each week, identified by its Monday, in ascending order; weeks without practice are
    /// omitted.
    pub weeks: Vec<(Day, Millis)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_before_an_interview_is_not_called_later() {
        let beyond = |later, left, is_before_interview| {
            let plan = Plan {
                later,
                left,
                ..Plan::default()
            };
            plan.beyond(15, is_before_interview)
        };
        assert_eq!(beyond(0, 0, true), None);
        assert_eq!(beyond(2, 9, false).as_deref(), Some("11 later"));
        assert_eq!(
            beyond(0, 9, true).as_deref(),
            Some("9 don't fit in before the interview at 15 min a day")
        );
        assert_eq!(beyond(2, 0, true).as_deref(), Some("2 after the interview"));
    }

    #[test]
    fn the_pace_leads_to_the_interview_and_not_beyond_all_questions() {
        let today = Day(100);
        let words = |recent, interview| {
            let coverage = Coverage {
                seen: 38,
                all: 187,
                recent,
            };
            coverage.words(today, interview)
        };
        assert_eq!(
            words(20, None),
            "Seen 38 of 187 questions for practice, without written and kept ones."
        );
        assert_eq!(
            words(20, Some(today.plus(-1))),
            "Seen 38 of 187 questions for practice, without written and kept ones."
        );
        assert_eq!(
            words(0, Some(today.plus(14))),
            "Seen 38 of 187 questions for practice, without written and kept ones."
        );
        let at_pace = |recent, then| {
            let day = today.plus(28);
            let short = day.short();
            let words = words(recent, Some(day));
            assert_eq!(
                words,
                format!(
                    "Seen 38 of 187 questions for practice, without written and kept ones; at this pace {then} by {short}."
                )
            );
        };
        at_pace(20, 78);
        at_pace(2000, 187);
    }
}
