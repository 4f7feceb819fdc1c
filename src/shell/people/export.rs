//! Export of data about people: pages in Markdown, and rows for other programs.

use std::collections::HashMap;

use crate::app::effect::OpenedResult;
use crate::core::form::Item;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::deck::load::question_from;
use crate::report::{self, AnswerRow, MentoringReport, PageFormat, People};
use crate::session::assessment::{Outcome, Status, outcomes_of};
use crate::session::meeting::{MeetingRecord, MentoringProgress};
use crate::session::{Mode, Session};
use crate::shell::home::day_of;
use crate::shell::{Refused, Workspace};
use crate::store::{Person, State, StoreError};

/// The maximum number of own sessions per mode in a person's rows.
const OWN: u32 = 1000;

impl Workspace {
    fn names(&self) -> Result<Vec<(PersonId, Text)>, StoreError> {
        Ok(self
            .store
            .people()?
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect())
    }

    /// Returns the page for a person to take away.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn page_of_person(&self, person: PersonId, format: PageFormat) -> Result<String, Refused> {
        let (names, records) = (self.names()?, self.records(Some(person))?);
        let people = People {
            names: &names,
            blueprint: &self.library.outline.blueprint,
        };
        Ok(report::person_page(
            &people,
            person,
            &MentoringProgress::of(&records, person),
            &records,
            self.today(),
            format,
        ))
    }

    /// Returns a short page for a person to take away: the sessions since a day, or the last one for `None`, with the
    /// missed questions in full.
    ///
    /// # Errors
    /// A failure of the store, or no session in that time.
    pub fn recent_page_of_person(
        &self,
        person: PersonId,
        since: Option<Day>,
        format: PageFormat,
    ) -> Result<String, Refused> {
        let (names, records) = (self.names()?, self.records(Some(person))?);
        let people = People {
            names: &names,
            blueprint: &self.library.outline.blueprint,
        };
        let first = match since {
            Some(day) => records.partition_point(|record| record.day < day),
            None => records.len().saturating_sub(1),
        };
        let recent = &records[first..];
        if recent.is_empty() {
            return Err(Refused::NoMeeting(since));
        }
        let question = |item: &Item| {
            let source = self.store.source(item.fingerprint).ok().flatten()?;
            let deck = Text::new(item.deck.as_str());
            let question = question_from(&source.text, &deck).ok()?;
            Some(item.concrete(question))
        };
        Ok(report::recent_page(
            &people,
            person,
            &MentoringProgress::of(&records, person),
            recent,
            question,
            self.today(),
            format,
        ))
    }

    /// Returns the page of a session for the mentor, in Markdown.
    ///
    /// # Errors
    /// The errors of [`Workspace::page_of_person`].
    pub fn session_markdown(&self, session: &SessionId) -> Result<String, Refused> {
        let names = self.names()?;
        let people = People {
            names: &names,
            blueprint: &self.library.outline.blueprint,
        };
        Ok(report::session_page(&people, &self.record(session)?))
    }

    /// Finds the mentor session whose id begins with `name`; returns `None` if there is none, or more than one.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn find_meeting(&self, name: &str) -> Result<Option<SessionId>, StoreError> {
        let mut matching = self
            .store
            .meetings(None)?
            .into_iter()
            .filter(|id| id.as_str().starts_with(name));
        Ok(matching.next().filter(|_| matching.next().is_none()))
    }

    /// Returns the data of a person's mentoring sessions.
    ///
    /// # Errors
    /// The errors of [`Workspace::page_of_person`].
    pub fn mentoring_of(&self, person: PersonId) -> Result<MentoringReport, Refused> {
        let records = self.records(Some(person))?;
        let progress = MentoringProgress::of(&records, person);
        Ok(report::mentoring(&progress, &records, person))
    }

    /// Returns every answer of a person, ordered by the start of the sessions: assessments, practice and mentor
    /// sessions.
    ///
    /// # Errors
    /// The errors of [`Workspace::page_of_person`].
    pub fn rows_of_person(&self, person: &Person) -> Result<Vec<AnswerRow>, Refused> {
        let mut rows = Vec::new();
        for listed in self
            .store
            .list(person.id, Mode::Assess, None, OWN)?
            .iter()
            .rev()
        {
            if listed.state == State::Finished {
                rows.extend(self.rows_of_session(&self.open_result(&listed.id)?));
            }
        }
        for listed in self.store.list(person.id, Mode::Practise, None, OWN)? {
            // An unreadable session must not prevent the export of the others.
            rows.extend(self.rows_of_practice(&listed.id).unwrap_or_default());
        }
        for record in self.records(Some(person.id))? {
            let seat = record.seat_of(person.id);
            rows.extend(
                seat.into_iter()
                    .flat_map(|seat| rows_of_seat(&record, seat, person.name.line())),
            );
        }
        let order: HashMap<String, usize> = self
            .store
            .session_ids()?
            .into_iter()
            .enumerate()
            .map(|(n, id)| (id.to_string(), n))
            .collect();
        rows.sort_by_key(|row| order.get(&row.session).copied());
        Ok(rows)
    }

    /// Returns the answers of all participants of a mentor session, by seat.
    ///
    /// # Errors
    /// The errors of [`Workspace::page_of_person`].
    pub fn rows_of_meeting(&self, session: &SessionId) -> Result<Vec<AnswerRow>, Refused> {
        let names = self.names()?;
        let people = People {
            names: &names,
            blueprint: &self.library.outline.blueprint,
        };
        let record = self.record(session)?;
        let seats = record.seats.iter().enumerate();
        Ok(seats
            .flat_map(|(seat, at)| rows_of_seat(&record, seat, people.name(at.person)))
            .collect())
    }

    /// Returns the answers of an assessment.
    pub fn rows_of_session(&self, opened: &OpenedResult) -> Vec<AnswerRow> {
        self.rows_of_outcomes(&opened.id, &opened.session, &opened.assessment.outcomes)
    }

    /// Returns the answers of a practice session, with a row for each checked answer.
    ///
    /// # Errors
    /// The session cannot be read back.
    pub fn rows_of_practice(&self, id: &SessionId) -> Result<Vec<AnswerRow>, Refused> {
        let (session, _) = self.session_back(&self.stored(id)?.start)?;
        let mut rows = self.rows_of_outcomes(id, &session, &outcomes_of(&session));
        rows.retain(|row| session.sheet(row.number - 1).revealed);
        Ok(rows)
    }

    /// Finds the practice session whose id begins with `name`; returns `None` if there is none, or more than one.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn find_practice(&self, name: &str) -> Result<Option<SessionId>, StoreError> {
        let listed = self.store.list(self.person, Mode::Practise, None, OWN)?;
        let mut matching = listed
            .into_iter()
            .map(|l| l.id)
            .filter(|id| id.as_str().starts_with(name));
        Ok(matching.next().filter(|_| matching.next().is_none()))
    }

    fn rows_of_outcomes(
        &self,
        id: &SessionId,
        session: &Session,
        outcomes: &[Outcome],
    ) -> Vec<AnswerRow> {
        let (started, person) = self.start_and_person(id);
        let (day, person) = (day_of(started).iso(), person.line());
        let outcomes = session.form.items.iter().zip(outcomes).enumerate();
        let row = |(slot, (item, outcome)): (usize, (_, &Outcome))| AnswerRow {
            person: person.clone(),
            number: slot + 1,
            score: outcome.scored.as_ref().map(|scored| scored.value),
            confidence: session
                .sheet(slot)
                .confidence
                .map_or("", |confidence| confidence.words()),
            verdict: match outcome.status {
                Status::Answered if outcome.is_right() => "right",
                Status::Answered if outcome.is_wrong() => "wrong",
                Status::Answered => "answered",
                Status::Omitted => "omitted",
                Status::TimedOut => "timed out",
                Status::NotReached => "not reached",
            },
            ..row_of(id, day.clone(), session.mode, item)
        };
        outcomes.map(row).collect()
    }
}

fn rows_of_seat(
    record: &MeetingRecord,
    seat: usize,
    person: String,
) -> impl Iterator<Item = AnswerRow> {
    record
        .items
        .iter()
        .zip(&record.seats[seat].marks)
        .map(move |(asked, mark)| AnswerRow {
            person: person.clone(),
            number: asked.number,
            score: mark.votes[1].or(mark.votes[0]),
            first_score: mark.votes[0],
            confidence: mark.confidence.map_or("", |confidence| confidence.words()),
            reasoning: mark.reasoning,
            verdict: mark.verdict.map_or("", |verdict| verdict.name()),
            bring_back: mark.bring_back.map_or("", |reason| reason.name()),
            reason: mark.reason.line(),
            fresh: None,
            ..row_of(&record.session, record.day.iso(), Mode::Mentor, &asked.item)
        })
}

fn row_of(
    session: &SessionId,
    day: String,
    mode: Mode,
    item: &crate::core::form::Item,
) -> AnswerRow {
    AnswerRow {
        session: session.to_string(),
        day,
        mode: mode.word(),
        deck: Text::new(item.deck.as_str()).line(),
        question: Text::new(item.question.as_str()).line(),
        competency: item.competency.to_string(),
        facet: item.facet.to_string(),
        level: item.level.word(),
        kind: item.kind.word(),
        fresh: Some(item.fresh),
        ..AnswerRow::default()
    }
}
