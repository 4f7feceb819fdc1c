//! A homework as a mentor's session, so that its answers count for bring-backs and progress like others.

use super::assignment::Assignment;
use super::attempt::Attempt;
use crate::core::time::Millis;
use crate::session::Stamped;
use crate::session::meeting::{Event, Meeting, Rater, Round, Seat, Step};

impl Assignment {
    /// Returns the counted attempts of the people whose result is in, by seat.
    pub fn handed_in(&self) -> Vec<Attempt> {
        (0..self.setup.people.len())
            .filter_map(|seat| self.counted(seat))
            .collect()
    }

    /// Returns the homework as a finished session of the people whose result is in; `None` if nobody's is.
    ///
    /// Each question was voted on once and revealed.
    pub fn meeting(&self) -> Option<Meeting> {
        let attempts = self.handed_in();
        if attempts.is_empty() {
            return None;
        }
        let seats = attempts
            .iter()
            .map(|attempt| Seat {
                person: self.setup.people[attempt.seat],
            })
            .collect();
        let mut meeting = Meeting::new(self.form.clone(), self.questions.clone(), seats);
        for slot in 0..meeting.len() {
            self.ask(&mut meeting, slot, &attempts);
        }
        apply(&mut meeting, Event::Finished);
        Some(meeting)
    }

    /// Asks a question, records its answers and their judgement, and reveals it.
    fn ask(&self, meeting: &mut Meeting, slot: usize, attempts: &[Attempt]) {
        apply(meeting, Event::Asked { slot });
        for (seat, attempt) in attempts.iter().enumerate() {
            let given = &attempt.answers[slot];
            if let Some(answer) = given.answer.clone() {
                let round = Round::First;
                apply(
                    meeting,
                    Event::Voted {
                        slot,
                        round,
                        seat,
                        answer,
                    },
                );
                let confidence = given.confidence;
                apply(
                    meeting,
                    Event::Confident {
                        slot,
                        seat,
                        confidence,
                    },
                );
            }
            if !given.reason.is_empty() {
                let text = given.reason.clone();
                apply(meeting, Event::Explained { slot, seat, text });
            }
        }
        apply(meeting, Event::Committed);
        if meeting.has_split() {
            apply(meeting, Event::SplitShown);
        }
        apply(meeting, Event::Revealed);
        debug_assert_eq!(meeting.step(), Step::Revealed);
        for (seat, attempt) in attempts.iter().enumerate() {
            self.judge_in(meeting, slot, seat, attempt);
        }
    }

    fn judge_in(&self, meeting: &mut Meeting, slot: usize, seat: usize, attempt: &Attempt) {
        let judgement = self.judgement(slot, attempt.seat);
        if !judgement.remark.is_empty() {
            let text = judgement.remark;
            apply(meeting, Event::Evidence { slot, seat, text });
        }
        if let Some(level) = judgement.level {
            let (criterion, level) = (0, Some(level));
            apply(
                meeting,
                Event::Reasoned {
                    slot,
                    seat,
                    criterion,
                    level,
                },
            );
        }
        for (criterion, points) in judgement.points {
            let (by, points) = (Rater::Mentor, Some(points));
            apply(
                meeting,
                Event::Rated {
                    slot,
                    seat,
                    by,
                    criterion,
                    points,
                },
            );
        }
        if let Some(on) = judgement.bring_back {
            apply(meeting, Event::BringBack { slot, seat, on });
        }
    }
}

/// Applies an event without time; one that the session rejects, such as a level of a question without reasons, is
/// left out.
fn apply(meeting: &mut Meeting, event: Event) {
    let _ = meeting.apply(&Stamped {
        at: Millis::ZERO,
        event,
    });
}
