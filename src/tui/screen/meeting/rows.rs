//! The rows of the console and of the closing, and the effects of keys on them.

use super::MeetingScreen;
use super::line::About;
use crate::app::keymap::Action;
use crate::session::meeting::{Event, MAX_AGREEMENTS, Meeting, Rater, SeatSheet, Step};
use crate::tui::app::Turn;

/// A selectable row of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Whether the answer that the person gave aloud was right.
    Aloud,
    /// A point to listen for, by its index in the question.
    Point(usize),
    /// The mentor's points for a criterion of an open question.
    Points(usize),
    /// A level of reasoning.
    Level(usize),
}

/// Returns the rows of a question, in display order.
pub fn rows(meeting: &Meeting, slot: usize) -> Vec<Row> {
    let Some(question) = meeting.questions.get(slot) else {
        return Vec::new();
    };
    let rubric = question.interaction.rubric().len();
    let aloud = meeting.is_judged(slot).then_some(Row::Aloud);
    let points = (0..question.points.len()).map(Row::Point);
    aloud
        .into_iter()
        .chain(points)
        .chain((0..rubric).map(Row::Points))
        .chain((0..meeting.criteria(slot)).map(Row::Level))
        .collect()
}

/// A row of the closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Said,
    Agreement(usize),
    NextMeeting,
    /// Ends the session.
    End,
}

impl Closing {
    /// Returns the rows for the person's sentence, the agreements and a new one, the next date, and the end.
    pub fn rows(meeting: &Meeting, seat: usize) -> Vec<Closing> {
        let agreed = meeting
            .closing(seat)
            .agreements
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |last| last + 1);
        let agreements = (0..(agreed + 1).min(MAX_AGREEMENTS)).map(Closing::Agreement);
        [Closing::Said]
            .into_iter()
            .chain(agreements)
            .chain([Closing::NextMeeting, Closing::End])
            .collect()
    }

    /// Returns the marked row of a seat.
    pub fn at(row: usize, meeting: &Meeting, seat: usize) -> Closing {
        Self::rows(meeting, seat)
            .get(row)
            .copied()
            .unwrap_or(Closing::NextMeeting)
    }

    /// Returns what is written on the row; `None` for the end.
    pub fn about(self) -> Option<About> {
        match self {
            Closing::Said => Some(About::Said),
            Closing::Agreement(place) => Some(About::Agreement(place)),
            Closing::NextMeeting => Some(About::NextMeeting),
            Closing::End => None,
        }
    }
}

impl MeetingScreen {
    pub(super) fn act_on_console(&mut self, action: Action, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return turn.home();
        };
        let meeting = mentoring.meeting();
        let last = meeting.seats.len().saturating_sub(1);
        match action {
            Action::Left | Action::Right => {
                self.seat = match action {
                    Action::Left => self.seat.saturating_sub(1),
                    _ => (self.seat + 1).min(last),
                };
                // Another person may have fewer rows.
                if meeting.step() == Step::Closing {
                    self.row = 0;
                }
            }
            _ if meeting.step() == Step::Closing => return self.act_on_closing(action, turn),
            _ => return self.act_on_row(action, turn),
        }
        self.scroll.follow();
    }

    fn act_on_row(&mut self, action: Action, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        let (slot, seat) = (meeting.slot(), self.seat);
        let rows = rows(meeting, slot);
        let sheet = (!meeting.is_empty()).then(|| meeting.sheet(slot, seat));
        let (Some(sheet), Some(marked)) = (sheet, rows.get(self.row).copied()) else {
            return self.scroll_by(action, turn);
        };
        // A digit on a point to listen for sets the level of reasoning, because most questions have a single row for
        // it.
        let rated = match marked {
            Row::Point(_) => rows
                .iter()
                .copied()
                .find(|row| !matches!(row, Row::Point(_) | Row::Aloud)),
            row => Some(row),
        };
        let here = match action {
            Action::Up => Some(self.row.saturating_sub(1)),
            Action::Down => Some((self.row + 1).min(rows.len() - 1)),
            Action::Choose(row) => Some(row).filter(|row| *row < rows.len()),
            _ => None,
        };
        if let Some(here) = here {
            self.row = here;
            return self.scroll.follow();
        }
        let event = match marked {
            Row::Aloud => judgement(action, meeting, (slot, seat)),
            _ => change_of_row(action, marked, rated, sheet, (slot, seat)),
        };
        let Some(event) = event else {
            return;
        };
        self.scroll.follow();
        let is_digit = matches!(action, Action::Digit(_));
        let at = rows
            .iter()
            .position(|row| is_digit && Some(*row) == rated)
            .unwrap_or(self.row);
        if !turn.shows(Action::Choose(at)) {
            self.row = at;
        } else if self.record(event, turn) && is_digit {
            if marked == Row::Aloud && self.next_judged(turn) {
                return;
            }
            // Go to the next row that takes a number.
            self.row = (at + 1).min(rows.len() - 1);
        }
    }

    /// Goes to the next person who is here and has not voted at a screen; returns `false` after the last one.
    fn next_judged(&mut self, turn: &Turn) -> bool {
        let meeting = turn
            .model
            .meeting
            .as_ref()
            .map(|mentoring| mentoring.meeting());
        let next = meeting.and_then(|meeting| {
            let (slot, round) = (meeting.slot(), meeting.round());
            let has_voted = |seat: usize| meeting.sheet(slot, seat).vote(round).is_some();
            let mut rest = self.seat + 1..meeting.seats.len();
            rest.find(|seat| !meeting.is_away(*seat) && !has_voted(*seat))
        });
        self.seat = next.unwrap_or(self.seat);
        next.is_some()
    }

    fn scroll_by(&mut self, action: Action, turn: &Turn) {
        if matches!(action, Action::Up | Action::Down) {
            self.scroll.by(turn.seen, 1, action == Action::Down);
        }
    }

    pub(super) fn act_on_closing(&mut self, action: Action, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        if !self.console && !meeting.is_with_one() {
            return self.scroll_by(action, turn);
        }
        let rows = Closing::rows(meeting, self.seat).len();
        match action {
            Action::Up => self.row = self.row.saturating_sub(1),
            Action::Down => self.row = (self.row + 1).min(rows.saturating_sub(1)),
            Action::Choose(row) if row < rows => self.row = row,
            Action::Toggle => drop(self.begin_line(Action::Edit, turn)),
            _ => return,
        }
        self.scroll.follow();
    }
}

/// Returns the event by which an action says whether an answer given aloud was right: 1 right, 2 wrong, 0 no answer.
fn judgement(action: Action, meeting: &Meeting, (slot, seat): (usize, usize)) -> Option<Event> {
    let round = meeting.round();
    let judged = meeting.sheet(slot, seat).judged[round as usize];
    let right = match (action, judged) {
        (Action::Digit(1), _) | (Action::Toggle, None) => Some(true),
        (Action::Digit(2), _) | (Action::Toggle, Some(true)) => Some(false),
        (Action::Digit(0) | Action::Clear, _) | (Action::Toggle, Some(false)) => None,
        _ => return None,
    };
    Some(Event::Judged {
        slot,
        round,
        seat,
        right,
    })
}

/// Returns the event by which an action changes a row: a point that was heard, a level of
/// reasoning, or points of a criterion. A digit applies to the `rated` row.
fn change_of_row(
    action: Action,
    marked: Row,
    rated: Option<Row>,
    sheet: &SeatSheet,
    (slot, seat): (usize, usize),
) -> Option<Event> {
    let reasoned = |criterion, level| Event::Reasoned {
        slot,
        seat,
        criterion,
        level,
    };
    let points = |criterion, points| Event::Rated {
        slot,
        seat,
        by: Rater::Mentor,
        criterion,
        points,
    };
    match (action, marked, rated) {
        (Action::Toggle, Row::Point(point), _) => Some(Event::Heard {
            slot,
            seat,
            point,
            on: !sheet.heard.contains(&point),
        }),
        (Action::Digit(n), _, Some(Row::Level(criterion))) => Some(reasoned(criterion, Some(n))),
        (Action::Digit(n), _, Some(Row::Points(criterion))) => {
            Some(points(criterion, Some(u32::from(n))))
        }
        (Action::Clear, Row::Level(criterion), _) => Some(reasoned(criterion, None)),
        (Action::Clear, Row::Points(criterion), _) => Some(points(criterion, None)),
        _ => None,
    }
}
