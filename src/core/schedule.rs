//! The scheduler, which predicts when a question will be forgotten. It uses FSRS-6 (Ye, Su and Cao, A Stochastic
//! Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling, 2022; parameters and formulas of the `fsrs`
//! crate) and takes an interview date into account.

use fsrs::{DEFAULT_PARAMETERS, FSRS, MemoryState};

use super::practice::Grade;
use super::time::Day;

/// The version of the scheduler; incremented when the same reviews give a different memory, so that stored memories
/// are derived again.
pub const VERSION: u32 = 2;
/// The probability of recall at which a question is due.
pub const RETENTION: f64 = 0.9;
/// The probability of recall at which a question is due in the last week before an interview.
pub const RETENTION_IN_LAST_WEEK: f64 = 0.95;
/// The number of days before an interview with the higher recall target.
pub const LAST_WEEK: i32 = 7;

/// A review: an answer's grade and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    pub day: Day,
    pub grade: Grade,
}

/// The scheduling state of one question for one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// The number of days after which the probability of recall has fallen to 0.9.
    pub stability: f32,
    /// A number from 1 to 10.
    pub difficulty: f32,
    /// The day of the last review.
    pub last: Day,
    pub reviews: u32,
    /// The number of times it was forgotten: graded `Again` after an earlier review.
    pub lapses: u32,
}

/// Derives memories from reviews. It is deterministic and independent of the clock.
pub struct Scheduler {
    fsrs: FSRS,
    decay: f32,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            fsrs: FSRS::default(),
            decay: DEFAULT_PARAMETERS[20],
        }
    }
}

impl Scheduler {
    /// Returns a scheduler with a person's own 21 parameters of FSRS-6, or `None` if they are invalid.
    pub fn with(parameters: &[f32]) -> Option<Self> {
        Some(Self {
            fsrs: FSRS::new(parameters).ok()?,
            decay: *parameters.get(20)?,
        })
    }

    /// Returns the memory after these reviews, in the order in which they were made; `None` without reviews.
    pub fn fold(&self, reviews: &[Review]) -> Option<Memory> {
        reviews
            .iter()
            .fold(None, |memory, review| Some(self.after(memory, *review)))
    }

    /// Returns the memory after one more review. A day before the last review is treated as the same day.
    pub fn after(&self, memory: Option<Memory>, review: Review) -> Memory {
        let days = memory.map_or(0, |memory| {
            review.day.since(memory.last).max(0).unsigned_abs()
        });
        let before = memory.map(|m| MemoryState {
            stability: m.stability,
            difficulty: m.difficulty,
        });
        let forgotten = u32::from(memory.is_some() && review.grade == Grade::Again);
        let last = memory.map_or(review.day, |memory| memory.last.max(review.day));
        let (reviews, lapses) = memory.map_or((1, 0), |m| (m.reviews + 1, m.lapses + forgotten));
        let next = self
            .fsrs
            .next_states(before, RETENTION as f32, days)
            .map(|states| match review.grade {
                Grade::Again => states.again,
                Grade::Hard => states.hard,
                Grade::Good => states.good,
                Grade::Easy => states.easy,
            });
        match next {
            Ok(next) => {
                let MemoryState {
                    stability,
                    difficulty,
                } = next.memory;
                Memory {
                    stability,
                    difficulty,
                    last,
                    reviews,
                    lapses,
                }
            }
            // Only a state with invalid numbers is rejected; it is replaced with a fresh state.
            Err(_) => Memory {
                stability: 1.0,
                difficulty: 5.0,
                last,
                reviews,
                lapses,
            },
        }
    }

    /// Returns the number of days until the probability of recall has fallen to `retention`, not rounded.
    pub fn interval(&self, stability: f32, retention: f64) -> f32 {
        // The grade matters only if there is no stability yet.
        self.fsrs
            .next_interval(Some(stability), retention as f32, Grade::Good as u32 + 1)
    }

    /// Returns the probability of recall this many days after the last review.
    pub fn recall(&self, memory: &Memory, days: i32) -> f64 {
        let state = MemoryState {
            stability: memory.stability,
            difficulty: memory.difficulty,
        };
        f64::from(fsrs::current_retrievability(
            state,
            days.max(0) as f32,
            self.decay,
        ))
    }

    /// Returns the day on which a question is due: the first day after its last review on which the probability of
    /// recall is at most the target, but not after the interview.
    ///
    /// Questions that would become due after the interview are spread over the last week before it by `spread`, any
    /// number specific to the question. A question reviewed in that week is due on the day of the interview at the
    /// latest.
    pub fn due(&self, memory: &Memory, interview: Option<Day>, spread: u64) -> Day {
        let after = |retention| {
            memory
                .last
                .plus(self.interval(memory.stability, retention).round().max(1.0) as i32)
        };
        let usual = after(RETENTION);
        let Some(interview) = interview.filter(|interview| *interview > memory.last) else {
            return usual;
        };
        let last_week = interview.plus(-LAST_WEEK);
        let due = usual.min(after(RETENTION_IN_LAST_WEEK).max(last_week));
        let latest = match memory.last < last_week {
            true => last_week.plus((spread % LAST_WEEK as u64) as i32),
            false => interview,
        };
        due.min(latest)
    }
}

/// Returns the target probability of recall for a day.
pub fn desired_retention(day: Day, interview: Option<Day>) -> f64 {
    match interview {
        Some(interview) if (1..=LAST_WEEK).contains(&interview.since(day)) => {
            RETENTION_IN_LAST_WEEK
        }
        _ => RETENTION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(stability: f32, last: i32) -> Memory {
        Memory {
            stability,
            difficulty: 5.0,
            last: Day(last),
            reviews: 3,
            lapses: 0,
        }
    }

    #[test]
    fn without_an_interview_a_question_is_due_when_recall_falls_to_nine_tenths() {
        let scheduler = Scheduler::default();
        for stability in [0.5, 1.0, 3.2, 40.0, 900.0] {
            let memory = memory(stability, 100);
            let due = scheduler.due(&memory, None, 0);
            assert_eq!(due.since(Day(100)), (stability.round() as i32).max(1));
            assert!(
                (scheduler.recall(&memory, due.since(Day(100))) - 0.9).abs() < 0.05
                    || stability < 1.0
            );
        }
    }

    #[test]
    fn nothing_is_due_after_the_interview_and_what_would_be_is_spread_over_the_last_week() {
        let (scheduler, interview) = (Scheduler::default(), Day(130));
        let mut days = [0; LAST_WEEK as usize];
        for spread in 0..70 {
            let due = scheduler.due(&memory(400.0, 100), Some(interview), spread);
            assert!((Day(123)..interview).contains(&due), "{due:?}");
            days[due.since(Day(123)) as usize] += 1;
        }
        assert!(days.iter().all(|n| *n == 10), "{days:?}");
        for last in 123..130 {
            assert_eq!(
                scheduler.due(&memory(400.0, last), Some(interview), 3),
                interview,
                "reviewed in the last week"
            );
        }
    }

    #[test]
    fn in_the_last_week_more_is_asked_of_memory() {
        let (scheduler, memory) = (Scheduler::default(), memory(12.0, 118));
        let sooner = scheduler.interval(12.0, RETENTION_IN_LAST_WEEK).round() as i32;
        assert!(sooner < 6);
        assert_eq!(scheduler.due(&memory, None, 6), Day(130));
        // The probability of recall is below 0.95 when the last week begins, so the question is due on its first day.
        assert_eq!(scheduler.due(&memory, Some(Day(131)), 6), Day(124));
        assert_eq!(
            scheduler.due(&memory, Some(Day(118)), 6),
            Day(130),
            "an interview that is past changes nothing"
        );
        assert_eq!(desired_retention(Day(124), Some(Day(131))), 0.95);
        assert_eq!(desired_retention(Day(123), Some(Day(131))), 0.9);
        assert_eq!(desired_retention(Day(131), Some(Day(131))), 0.9);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_negative_interval() {
        let scheduler = Scheduler::default();
        let review = |day, grade| Review {
            day: Day(day),
            grade,
        };
        let set_back = scheduler
            .fold(&[review(100, Grade::Good), review(90, Grade::Good)])
            .unwrap();
        let same_day = scheduler
            .fold(&[review(100, Grade::Good), review(100, Grade::Good)])
            .unwrap();
        assert_eq!(set_back, same_day);
        assert_eq!(
            (same_day.last, same_day.reviews, same_day.lapses),
            (Day(100), 2, 0)
        );
    }
}
