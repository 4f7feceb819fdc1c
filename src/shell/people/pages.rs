//! The data of the screens about people.

use crate::app::effect::HistoryRow;
use crate::app::people::{
    CohortPage, OwnLine, PersonPage, Roster, RosterLine, SessionLine, SessionPage,
};
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::session::Mode;
use crate::session::meeting::{Cohort, MentoringProgress};
use crate::shell::{Refused, Workspace};
use crate::store::Person;

/// The number of a person's own assessments shown beside the mentor sessions; the newest are shown.
const OWN: usize = 6;

impl Workspace {
    /// Returns all mentored people with the information for preparing the next session.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn roster(&self) -> Result<Roster, Refused> {
        let (records, losses) = self.records_and_losses(None)?;
        let mut lines = Vec::new();
        for person in self.mentored()? {
            let growth = MentoringProgress::of(&records, person.id);
            let kept = self.store.counts(person.id)?;
            lines.push(RosterLine {
                id: person.id,
                last: growth.last,
                next: growth.next,
                meetings: growth.meetings,
                own: kept.own,
                events: kept.events,
                open: growth.open_agreements().into_iter().cloned().collect(),
                waiting: growth.waiting().len(),
                name: person.name,
            });
        }
        let losses = losses.iter().map(ToString::to_string).collect();
        Ok(Roster {
            today: self.today(),
            lines,
            losses,
        })
    }

    /// Returns the page of a person.
    ///
    /// # Errors
    /// The errors of [`Workspace::roster`].
    pub fn person_page(&self, id: PersonId) -> Result<PersonPage, Refused> {
        let name = self.person_of(id)?.name;
        let records = self.records(Some(id))?;
        let growth = MentoringProgress::of(&records, id);
        let people = self.store.people()?;
        let name_of = |id: PersonId| name_in(&people, id);
        let sessions = records.iter().rev();
        let sessions = sessions.filter_map(|record| SessionLine::of(record, id, name_of));
        let sessions = sessions.collect();
        let last = self.store.meetings(Some(id))?.pop();
        let note = last.and_then(|last| {
            let record = records.iter().find(|record| record.session == last)?;
            let closing = &record.seats[record.seat_of(id)?].closing;
            Some(Text::new(closing.note.trim()))
        });
        let own = self
            .past_of_person(id)?
            .into_iter()
            .filter(HistoryRow::is_scored)
            .take(OWN);
        Ok(PersonPage {
            id,
            name,
            today: self.today(),
            growth,
            sessions,
            note,
            own: own
                .map(|past| OwnLine {
                    day: past.day,
                    score: past.overall,
                })
                .collect(),
            practice: self.store.count_sessions(id, Mode::Practise)?,
        })
    }

    /// Returns a past session or homework of a person.
    ///
    /// # Errors
    /// The errors of [`Workspace::roster`], or there is no such session.
    pub fn past_session(
        &self,
        person: PersonId,
        session: &SessionId,
    ) -> Result<SessionPage, Refused> {
        let records = self.records(Some(person))?;
        let record = records
            .into_iter()
            .find(|record| record.session == *session);
        let record = record.ok_or_else(|| Refused::NoSession(session.to_string()))?;
        let people = self.store.people()?;
        let names = record.seats.iter();
        Ok(SessionPage {
            names: names.map(|seat| name_in(&people, seat.person)).collect(),
            record,
        })
    }

    /// Returns the page about all people together.
    ///
    /// # Errors
    /// The errors of [`Workspace::roster`].
    pub fn cohort_page(&self) -> Result<CohortPage, Refused> {
        let people = self.mentored()?;
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let mut cohort = Cohort::of(&self.records(None)?, &ids);
        // Tips and role are not scored, so they come last.
        let blueprint = &self.library.outline.blueprint;
        cohort
            .columns
            .sort_by_key(|column| !blueprint.scored().any(|c| c.id == column.competency));
        Ok(CohortPage {
            names: people.into_iter().map(|person| person.name).collect(),
            cohort,
        })
    }
}

/// Returns the name of a person, or a number if the person was erased.
fn name_in(people: &[Person], id: PersonId) -> Text {
    let known = people.iter().find(|person| person.id == id);
    known.map_or_else(
        || Text::new(&format!("person {}", id.0)),
        |person| person.name.clone(),
    )
}
