//! The mentor's session under way: its clock, and how its events are kept and shown.

use std::collections::BTreeMap;

use super::app::Turn;
use super::route::Route;
use crate::app::effect::{Effect, Met};
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{PointId, SessionId};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};
use crate::session::meeting::{Event, Meeting, Rejected, Stage};
use crate::session::{Clock, Stamped};

/// Time that may go by before the clock is made durable again.
const TICK_KEPT: Millis = Millis::minutes(1);

pub struct RunningMeeting {
    pub id: SessionId,
    pub meeting: Meeting,
    /// By seat.
    pub names: Vec<Text>,
    pub points: BTreeMap<PointId, Point>,
    pub today: Day,
    /// Second windows that show the stage.
    pub windows: usize,
    clock: Clock,
    kept: Millis,
    /// How far the stage is scrolled here, which the second windows follow: thousandths of what does not fit.
    pub read: usize,
    /// What the second windows show.
    shown: Option<Stage>,
}

impl RunningMeeting {
    pub fn new(met: Met, now: Millis) -> Self {
        let spent = met.meeting.at();
        Self {
            id: met.id,
            meeting: met.meeting,
            names: met.names,
            points: met.points,
            today: met.today,
            windows: 0,
            // Nobody is pressed for time here: silence is talk.
            clock: Clock::new(spent, now, false),
            kept: spent,
            read: 0,
            shown: None,
        }
    }

    pub fn stage(&self, blueprint: &Blueprint) -> Stage {
        Stage { read: self.read, ..Stage::of(&self.meeting, &self.names, blueprint) }
    }

    pub fn name(&self, seat: usize) -> &str {
        self.names.get(seat).map_or("", Text::as_str)
    }

    /// Time that went by, without pauses.
    pub fn spent(&self) -> Millis {
        if self.meeting.is_paused() { self.meeting.at() } else { self.clock.spent() }
    }

    /// When the minutes on the screen change.
    pub fn next_wake(&self, now: Millis) -> Option<Millis> {
        let runs = !self.meeting.is_paused() && !self.meeting.is_over();
        runs.then(|| now + Millis(60_000 - self.spent().0 % 60_000 + 1))
    }

    /// Charges the time since the last call, unless the session is paused.
    fn charge(&mut self, now: Millis, stopped: bool) -> Option<Millis> {
        if self.meeting.is_paused() {
            self.clock = Clock::new(self.meeting.at(), now, false);
            return None;
        }
        self.clock.advance(now, stopped)
    }

    fn apply(&mut self, event: Event) -> Result<Stamped<Event>, Rejected> {
        let stamped = Stamped { at: self.spent().max(self.meeting.at()), event };
        self.meeting.apply(&stamped)?;
        self.kept = stamped.at;
        Ok(stamped)
    }
}

impl Turn<'_> {
    /// Applies an event to the mentor's session and has it stored, and then shown in the second windows.
    ///
    /// # Errors
    /// The session's own refusal; nothing is stored then.
    pub fn record_meeting(&mut self, event: Event) -> Result<(), Rejected> {
        self.tick_meeting(false);
        let Some(running) = &mut self.model.meeting else { return Err(Rejected::Over) };
        let stamped = running.apply(event)?;
        self.effect(Effect::SaveMeeting(stamped));
        self.show_stage();
        Ok(())
    }

    /// Shows the stage in the second windows, if it has changed.
    pub fn show_stage(&mut self) {
        let Some(running) = &mut self.model.meeting else { return };
        let stage = running.stage(&self.model.home.blueprint);
        if running.shown.as_ref() != Some(&stage) {
            running.shown = Some(stage.clone());
            self.effect(Effect::Show(Box::new(stage)));
        }
    }

    /// Charges the time that went by, and keeps it every minute.
    pub fn tick_meeting(&mut self, stopped: bool) {
        let now = self.now;
        let Some(running) = &mut self.model.meeting else { return };
        let gap = running.charge(now, stopped).map(|length| Event::Gap { length });
        let due = running.spent().less(running.kept) >= TICK_KEPT;
        for event in gap.into_iter().chain(due.then_some(Event::Ticked)) {
            let Some(running) = &mut self.model.meeting else { return };
            if let Ok(stamped) = running.apply(event) {
                self.effect(Effect::SaveMeeting(stamped));
            }
        }
    }

    /// Leaves the session as it is: it can be resumed. The time so far is kept.
    pub fn leave_meeting(&mut self) {
        if self.model.meeting.as_ref().is_some_and(|running| !running.meeting.is_over()) {
            let _ = self.record_meeting(Event::Ticked);
        }
        self.effect(Effect::Leave);
        self.model.meeting = None;
        self.home();
    }

    /// Ends the session and goes back to the roster, which then knows of it.
    pub fn end_meeting(&mut self) {
        if self.record_meeting(Event::Finished).is_ok() {
            self.leave_meeting();
            self.go(Route::Roster);
            self.tell("the session is over; what was noted is kept");
        }
    }

    /// Leaves aethos altogether. The time so far is kept.
    pub fn quit_meeting(&mut self) {
        let _ = self.record_meeting(Event::Ticked);
        self.effect(Effect::Quit);
    }
}
