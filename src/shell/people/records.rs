//! Mentor sessions read back from their logs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::core::id::{Fingerprint, PersonId, SessionId};
use crate::core::question::Question;
use crate::session::meeting::{Event, Meeting, MeetingRecord, Seat};
use crate::shell::home::day_of;
use crate::shell::{Refused, Workspace};

/// A cache of parsed questions, because the same questions recur in many sessions.
type Read = HashMap<Fingerprint, Question>;

impl Workspace {
    /// Returns the finished sessions with `person`, or all of them for `None`, oldest first.
    ///
    /// They are replayed from their events, so no derived data can contradict the log; a year of weekly sessions takes
    /// about as long as a key press.
    ///
    /// # Errors
    /// A failure of the store. A session that cannot be read back is skipped, and the roster mentions it.
    pub fn records(&self, person: Option<PersonId>) -> Result<Vec<MeetingRecord>, Refused> {
        Ok(self.records_and_losses(person)?.0)
    }

    /// Returns the same sessions with the reasons why others were skipped.
    pub(super) fn records_and_losses(
        &self,
        person: Option<PersonId>,
    ) -> Result<(Vec<MeetingRecord>, Vec<Refused>), Refused> {
        let mut read = Read::default();
        let (mut records, mut losses) = (Vec::new(), Vec::new());
        for id in self.store.meetings(person)? {
            match self.record_with(&id, &mut read) {
                Ok(record) => records.push(record),
                Err(refused) => losses.push(refused),
            }
        }
        for id in self.store.assignments(person)? {
            match self.homework_record(&id) {
                Ok(record) => records.extend(record),
                Err(refused) => losses.push(refused),
            }
        }
        records.sort_by_key(|record| record.day);
        Ok((records, losses))
    }

    /// Returns the record of one session.
    ///
    /// # Errors
    /// The errors of [`Workspace::records`].
    pub(super) fn record(&self, id: &SessionId) -> Result<MeetingRecord, Refused> {
        self.record_with(id, &mut Read::default())
    }

    fn record_with(&self, id: &SessionId, read: &mut Read) -> Result<MeetingRecord, Refused> {
        let stored = self.stored(id)?;
        let log = self.store.events::<Event>(id)?;
        let mut questions = Vec::with_capacity(stored.start.form.items.len());
        for item in &stored.start.form.items {
            let question = match read.entry(item.fingerprint) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.written_question(id, item)?),
            };
            questions.push(item.concrete(question.clone()));
        }
        let seats = self
            .store
            .seats(id)?
            .into_iter()
            .map(|person| Seat { person })
            .collect();
        let meeting = Meeting::new(stored.start.form, questions.into(), seats).replay(&log);
        Ok(MeetingRecord::of(
            &meeting,
            id.clone(),
            day_of(stored.start.started_at),
        ))
    }
}
