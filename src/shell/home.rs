//! The data of the home screen and the lists, read from decks and history.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::bank::Bank;
use super::compare::Finished;
use super::scored::{Kept, Summary};
use super::zone::zone;
use super::{Refused, Workspace};
use crate::app::effect::{Before, DeckLine, Home, OpenSession, Past, Stock};
use crate::core::id::PersonId;
use crate::core::question::Kind;
use crate::core::time::{Day, Hour};
use crate::deck::findings::Findings;
use crate::session::{Mode, Session};
use crate::store::{Listed, State};

/// The clock difference in milliseconds that is tolerated before a time counts as in the future.
const CLOCK_SLACK_MS: i64 = 120_000;
/// The number of sessions on the history screen.
const LISTED: u32 = 200;
/// The number of problems shown per deck; `aethos check` shows all.
const PROBLEMS: usize = 3;

/// Returns the Unix time in milliseconds, for records; time limits do not depend on it.
pub fn wall_ms() -> i64 {
    // A clock beyond the last valid date counts as that date.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let last = jiff::Timestamp::MAX.as_millisecond();
    i64::try_from(since.as_millis()).unwrap_or(last).min(last)
}

pub(super) fn zoned(wall: i64) -> jiff::ZonedDateTime {
    jiff::Timestamp::from_millisecond(wall).unwrap_or_default().to_zoned_datetime(zone().zone.clone())
}

/// Returns the calendar day in the person's time zone.
pub fn day_of(wall: i64) -> Day {
    practice_day(wall, Hour::MIDNIGHT)
}

/// Returns the practice day, which begins at the given hour of the calendar day.
pub fn practice_day(wall: i64, starts_at: Hour) -> Day {
    let before = jiff::Span::new().hours(i64::from(starts_at.get()));
    let date = zoned(wall).datetime().saturating_sub(before).date();
    let day = Day::of_civil(date.year().into(), date.month().unsigned_abs().into(), date.day().unsigned_abs().into());
    // A clock before the year 0 counts as the default day.
    day.unwrap_or_default()
}

/// Formats a moment such as `21 Nov 2026, 14:05`.
pub fn moment(wall: i64) -> String {
    zoned(wall).strftime("%-d %b %Y, %H:%M").to_string()
}

/// Formats a moment as ISO 8601 with the zone's offset: `2026-11-21T14:05:00+00:00`.
pub fn iso(wall: i64) -> String {
    zoned(wall).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Joins the first few names of a longer list.
fn some_of(names: &[&str]) -> String {
    match names.len().saturating_sub(PROBLEMS) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..PROBLEMS].join(", ")),
    }
}

impl Workspace {
    pub fn home(&self) -> Home {
        let listed = self.store.list(self.person, Mode::Assess, None, 100);
        let finished = listed.as_ref().ok().and_then(|l| l.iter().find(|l| l.state == State::Finished));
        let mut home = Home {
            blueprint: Arc::new(self.library.outline.blueprint.clone()),
            open: self.open_sessions(),
            last: finished.map(|l| match self.past_of(l).ok().and_then(|past| past.overall) {
                Some((score, low, high)) => {
                    format!("{}, {score:.0} ({low:.0}-{high:.0})", day_of(l.started_at).short())
                }
                None => day_of(l.started_at).short(),
            }),
            sessions: listed.as_ref().map_or(0, |l| l.iter().filter(|l| l.state == State::Finished).count()),
            decks: self.library.decks.len(),
            questions: self.library.decks.iter().map(|d| d.deck.entries.len()).sum(),
            stock: self.stocks(),
            practice: None,
            people: self.mentored().map_or(0, |people| people.len()),
            notices: self.notices(),
        };
        if self.store.is_read_only() {
            home.notices.push("the history can be read but not written, so no session can begin".to_owned());
        }
        match &listed {
            Ok(listed) => home.practice = self.practice_line(listed).ok(),
            Err(error) => home.notices.push(error.to_string()),
        }
        let broken: Vec<&str> = self
            .library
            .decks
            .iter()
            .filter(|loaded| loaded.diagnostics().any(|d| d.is_error()))
            .map(|loaded| loaded.file.as_str())
            .chain(self.library.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.file.as_str()))
            .collect();
        if !broken.is_empty() {
            home.notices.push(format!("mistakes in {}: see Decks, or `aethos check`", some_of(&broken)));
        }
        let replacing: Vec<&str> =
            self.library.decks.iter().filter(|deck| deck.replaces_builtin()).map(|deck| deck.file.as_str()).collect();
        if !replacing.is_empty() {
            home.notices.push(format!("used instead of a built-in deck with the same id: {}", some_of(&replacing)));
        }
        home
    }

    /// Returns a sentence for each problem with the computer's clock or time zone.
    pub fn notices(&self) -> Vec<String> {
        let now = self.wall_ms();
        let after = self.store.sessions_after(now + CLOCK_SLACK_MS).ok().flatten();
        let ahead = after.map(|(sessions, latest)| {
            let dated = match sessions {
                1 => "a session is dated".to_owned(),
                n => format!("{n} sessions are dated up to"),
            };
            format!(
                "the clock says {}, but {dated} {}: the clock is wrong now, or was wrong then; the order of sessions \
                 is kept, and practice counts no day later than today",
                moment(now),
                moment(latest)
            )
        });
        zone().problem.iter().cloned().chain(ahead).collect()
    }

    fn stocks(&self) -> Vec<Stock> {
        let seen = Bank::of(self, &[]).seen().unwrap_or_default();
        let blueprint = &self.library.outline.blueprint;
        let mut stocks = vec![Stock::default(); blueprint.competencies.len()];
        for (d, loaded) in self.library.decks.iter().enumerate() {
            let deck = &loaded.deck;
            let Some(i) = blueprint.competencies.iter().position(|c| c.id == deck.competency) else { continue };
            for (e, entry) in deck.entries.iter().enumerate() {
                if entry.kind == Kind::Open {
                    stocks[i].written += 1;
                    continue;
                }
                stocks[i].questions += 1;
                stocks[i].seconds += u64::from(entry.seconds);
                stocks[i].unseen += usize::from(!seen.get(d).is_some_and(|seen| seen[e]));
            }
        }
        stocks
    }

    /// Returns the newest resumable session of each mode, newest first, so that practice does not hide an assessment.
    fn open_sessions(&self) -> Vec<OpenSession> {
        let listed = self.store.open_sessions(self.person).unwrap_or_default();
        let is_newest = |(i, of): &(usize, &Listed)| listed[..*i].iter().all(|newer| newer.mode != of.mode);
        listed.iter().enumerate().filter(is_newest).filter_map(|(_, listed)| self.open_session(listed)).collect()
    }

    fn open_session(&self, listed: &Listed) -> Option<OpenSession> {
        if listed.mode == Mode::Mentor {
            let (meeting, _) = self.meeting_back(self.stored(&listed.id).ok()?.start).ok()?;
            return Some(OpenSession {
                id: listed.id.clone(),
                mode: listed.mode,
                day: day_of(listed.started_at).short(),
                answered: (0..meeting.len()).filter(|slot| meeting.is_revealed(*slot)).count(),
                questions: meeting.len(),
                left: None,
            });
        }
        let session = self.replayed(listed).ok()?;
        Some(OpenSession {
            id: listed.id.clone(),
            mode: listed.mode,
            day: day_of(listed.started_at).short(),
            answered: if session.mode.reveals() { session.done() } else { session.answered() },
            questions: session.most(),
            left: session.remaining(session.at()),
        })
    }

    fn replayed(&self, listed: &Listed) -> Result<Session, Refused> {
        Ok(self.session_back(&self.stored(&listed.id)?.start)?.0)
    }

    /// Returns the past sessions, newest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn past(&self) -> Result<Vec<Past>, Refused> {
        self.past_of_person(self.person)
    }

    pub(super) fn past_of_person(&self, person: PersonId) -> Result<Vec<Past>, Refused> {
        let listed = self.store.list(person, Mode::Assess, None, LISTED)?;
        let finished: Vec<Finished> = listed.iter().filter_map(Finished::of).collect();
        let with_change = |l: &Listed| {
            let (before, former) = (self.before(&finished, &l.id), self.former(&l.id));
            Ok(Past { before, former, ..self.past_of(l)? })
        };
        listed.iter().filter(|l| l.state != State::Discarded).map(with_change).collect()
    }

    /// Returns the summary from the stored result, or from the events if the result is damaged; `None` without a
    /// result.
    ///
    /// # Errors
    ///
    /// The events are damaged too.
    fn summary_of(&self, listed: &Listed) -> Result<Option<Summary>, Refused> {
        match listed.result.as_deref().map(serde_json::from_str::<Kept>) {
            Some(Ok(kept)) => Ok(Some(kept.summary)),
            None if !listed.is_damaged => Ok(None),
            _ => self.open_result(&listed.id).map(|opened| Some(Summary::of(&opened.session, &opened.assessment))),
        }
    }

    pub(super) fn past_of(&self, listed: &Listed) -> Result<Past, Refused> {
        let summary = self.summary_of(listed)?;
        let scored = self.library.outline.blueprint.scored();
        let open = if listed.state == State::Open { self.replayed(listed).ok() } else { None };
        let open = open.as_ref();
        Ok(Past {
            id: listed.id.clone(),
            day: day_of(listed.started_at).to_string(),
            started_at: iso(listed.started_at),
            finished_at: listed.finished_at.map(iso),
            questions: summary.as_ref().map(|s| s.questions).or(open.map(Session::len)).unwrap_or(0),
            answered: summary.as_ref().map(|s| s.answered).or(open.map(Session::answered)).unwrap_or(0),
            spent: summary.as_ref().map(|s| s.spent).or(open.map(Session::at)).unwrap_or_default(),
            finished: listed.state == State::Finished,
            overall: summary.as_ref().and_then(|s| s.overall),
            competencies: scored.map(|c| summary.as_ref()?.competencies.get(&c.id).copied()).collect(),
            continues: summary.map(|s| s.continues).unwrap_or_default(),
            before: Before::Nothing,
            former: Vec::new(),
        })
    }

    pub fn deck_lines(&self) -> Vec<DeckLine> {
        let blueprint = &self.library.outline.blueprint;
        let mut lines: Vec<DeckLine> = self
            .library
            .decks
            .iter()
            .map(|loaded| {
                let facets = blueprint.competency(&loaded.deck.competency).map_or(&[][..], |c| &c.facets);
                // The built-in decks are checked at build time.
                let found = if loaded.deck.builtin { Findings::default() } else { self.library.check(loaded) };
                let errors = found.iter().filter(|d| d.is_error());
                let mut problems: Vec<String> =
                    errors.take(PROBLEMS).map(|d| format!("{}  {}", d.place(), d.message.line())).collect();
                if found.errors() > PROBLEMS {
                    problems.push(format!("and {} more: aethos check {}", found.errors() - PROBLEMS, loaded.file));
                }
                if loaded.replaces_builtin() {
                    problems.push(format!("used instead of the built-in deck {}", loaded.deck.id));
                }
                DeckLine {
                    title: loaded.deck.title.line(),
                    questions: loaded.deck.entries.len(),
                    facets: (loaded.covers(facets.iter().map(|f| f.id.clone())), facets.len()),
                    builtin: loaded.deck.builtin,
                    problems,
                }
            })
            .collect();
        lines.extend(self.library.diagnostics.iter().map(|d| DeckLine {
            title: d.file.line(),
            questions: 0,
            facets: (0, 0),
            builtin: false,
            problems: vec![format!("{}  {}", d.place(), d.message.line())],
        }));
        lines
    }
}
