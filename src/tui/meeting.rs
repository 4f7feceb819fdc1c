//! The running mentor session: its clock, and the storage and display of its events.

use std::collections::BTreeMap;

use super::app::Turn;
use super::room::{Decisions, OpenRoom};
use super::route::Route;
use crate::app::effect::{Effect, StartedMeeting};
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{PersonId, PointId, SessionId};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};
use crate::session::meeting::chat::ChatNames;
use crate::session::meeting::{Event, Meeting, Rejected, Stage};
use crate::session::{Driver, Stamped};

pub struct RunningMeeting {
    pub id: SessionId,
    /// The names of the participants, by seat.
    pub names: Vec<Text>,
    pub points: BTreeMap<PointId, Point>,
    pub today: Day,
    /// The number of second windows that show the stage.
    pub windows: usize,
    driver: Driver<Meeting>,
    /// The scroll position of the stage in thousandths of the maximum; the second windows follow it.
    pub read: usize,
    /// The stage that the second windows show.
    shown: Option<Stage>,
    /// The people who joined, while the session is open for others.
    pub room: Option<OpenRoom>,
    /// The names of the participants, with what the mentor has said about other names.
    pub chat_names: ChatNames,
    /// What the mentor has said about those who joined.
    pub decisions: Decisions,
}

/// Returns to whom names belong, as the mentor has said in this session before.
fn remembered(met: &StartedMeeting) -> (ChatNames, Decisions) {
    let (mut names, mut decisions) = (ChatNames::new(&met.names), Decisions::new());
    for known in met.meeting.names() {
        let login = known.login.as_deref().map(Text::new);
        if login.is_none() || names.is_unclear(&known.name) {
            names.assign(&known.name, Some(known.seat));
        }
        decisions.insert((login, Text::new(&known.name)), Some(known.seat));
    }
    (names, decisions)
}

impl RunningMeeting {
    pub fn new(met: StartedMeeting, now: Millis) -> Self {
        let (chat_names, decisions) = remembered(&met);
        Self {
            id: met.id,
            chat_names,
            decisions,
            room: None,
            names: met.names,
            points: met.points,
            today: met.today,
            windows: 0,
            driver: Driver::new(met.meeting, now),
            read: 0,
            shown: None,
        }
    }

    pub fn stage(&self, blueprint: &Blueprint) -> Stage {
        Stage {
            read: self.read,
            ..Stage::of(self.meeting(), &self.names, blueprint)
        }
    }

    pub fn name(&self, seat: usize) -> &str {
        self.names.get(seat).map_or("", Text::as_str)
    }

    pub fn meeting(&self) -> &Meeting {
        &self.driver.session
    }

    /// Returns true if the person in this seat votes on a screen of their own: they are connected, or lost the connection
    /// after they had voted.
    pub fn votes_elsewhere(&self, seat: usize) -> bool {
        let Some(room) = &self.room else { return false };
        let meeting = self.meeting();
        let voted = || {
            let sheet = meeting.sheet(meeting.slot(), seat);
            sheet.vote(meeting.round()).is_some()
        };
        room.login(seat).is_some() || room.has_joined(seat) && !meeting.is_empty() && voted()
    }

    /// Returns the elapsed time without pauses.
    pub fn spent(&self) -> Millis {
        self.driver.spent()
    }

    /// Returns the next time at which the displayed minutes change.
    pub fn next_wake(&self, now: Millis) -> Option<Millis> {
        let runs = !self.meeting().is_paused() && !self.meeting().is_over();
        runs.then(|| now + Millis(60_000 - self.spent().0 % 60_000 + 1))
    }
}

/// Saves an event together with the others of the same step: all of them or none.
fn save(effects: &mut Vec<Effect>, stamped: Stamped<Event>) {
    let saved = effects.iter_mut().find_map(|effect| match effect {
        Effect::SaveMeeting(events) => Some(events),
        _ => None,
    });
    match saved {
        Some(events) => events.push(stamped),
        None => effects.push(Effect::SaveMeeting(vec![stamped])),
    }
}

impl Turn<'_> {
    /// Applies an event to the mentor session, stores it, and updates the second windows.
    ///
    /// # Errors
    /// The session rejects the event; nothing is stored then.
    pub fn record_meeting(&mut self, event: Event) -> Result<(), Rejected> {
        self.tick_meeting(false);
        let Some(running) = &mut self.model.meeting else {
            return Err(Rejected::Over);
        };
        let stamped = running.driver.record(event)?;
        save(&mut self.effects, stamped);
        self.show_stage();
        Ok(())
    }

    /// Lets someone who was not planned take part from here on. If they wait to join from elsewhere, they are let in.
    pub fn seat_latecomer(&mut self, person: PersonId, name: Text, is_new: bool) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let event = running.meeting().seating(person);
        let seat = running.meeting().seats.len();
        running.names.push(name.clone());
        if let Err(refused) = self.record_meeting(event) {
            if let Some(running) = &mut self.model.meeting {
                running.names.truncate(seat);
            }
            return self.tell(refused.to_string());
        }
        if let Some(running) = &mut self.model.meeting {
            running.chat_names.add(&name);
        }
        self.let_in(seat);
        self.tell(match is_new {
            true => format!("{name} takes part now, and is new among your people"),
            false => format!("{name} takes part now"),
        });
    }

    /// Updates the second windows if the stage has changed.
    pub fn show_stage(&mut self) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let stage = running.stage(&self.model.home.blueprint);
        if running.shown.as_ref() != Some(&stage) {
            running.shown = Some(stage.clone());
            self.effect(Effect::Show(Box::new(stage)));
        }
        self.show_room();
    }

    /// Adds the elapsed time, and stores it every minute.
    pub fn tick_meeting(&mut self, stopped: bool) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let recorded = running.driver.advance(self.now, stopped);
        for stamped in recorded {
            save(&mut self.effects, stamped);
        }
    }

    /// Leaves the session so that it can be resumed. The elapsed time is stored.
    pub fn leave_meeting(&mut self) {
        if self
            .model
            .meeting
            .as_ref()
            .is_some_and(|running| !running.meeting().is_over())
        {
            let _ = self.record_meeting(Event::Ticked);
        }
        self.effect(Effect::Leave);
        self.model.meeting = None;
        self.home();
    }

    /// Finishes the session and returns to the updated roster.
    pub fn end_meeting(&mut self) {
        if self.record_meeting(Event::Finished).is_ok() {
            self.leave_meeting();
            self.go(Route::Roster);
            self.tell("the session is over; your notes are saved");
        }
    }

    /// Quits the program. The elapsed time is stored.
    pub fn quit_meeting(&mut self) {
        let _ = self.record_meeting(Event::Ticked);
        self.effect(Effect::Quit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_of_a_step_are_saved_together() {
        let mut effects = Vec::new();
        for event in [Event::Skipped, Event::Asked { slot: 1 }] {
            save(
                &mut effects,
                Stamped {
                    at: Millis::ZERO,
                    event,
                },
            );
            effects.push(Effect::ListHistory);
        }
        assert!(matches!(&effects[0], Effect::SaveMeeting(events) if events.len() == 2));
        assert_eq!(effects.len(), 3);
    }
}
