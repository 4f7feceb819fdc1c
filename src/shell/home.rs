//! What the home screen and the lists show, read from decks and history.

use std::sync::Arc;

use super::Shell;
use super::scored::Kept;
use super::start::Refused;
use crate::core::question::Kind;
use crate::session::{Mode, Session};
use crate::store::{Listed, State};
use crate::tui::effect::{DeckLine, Home, OpenSession, Past, Stock};

/// Sessions that the history screen lists.
const LISTED: u32 = 200;
/// Problems shown of one deck; `aethos check` shows all.
const PROBLEMS: usize = 3;

/// Unix time in milliseconds, for the record; no time limit depends on it.
pub fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn zoned(wall: i64) -> jiff::Zoned {
    jiff::Timestamp::from_millisecond(wall).unwrap_or_default().to_zoned(jiff::tz::TimeZone::system())
}

/// `21 Nov`
pub fn day(wall: i64) -> String {
    zoned(wall).strftime("%-d %b").to_string()
}

/// `21 Nov 2026, 14:05`
pub fn moment(wall: i64) -> String {
    zoned(wall).strftime("%-d %b %Y, %H:%M").to_string()
}

impl Shell {
    pub fn home(&self) -> Home {
        let listed = self.store.list(self.person, Mode::Assess, None, 100);
        let finished = listed.as_ref().ok().and_then(|l| l.iter().find(|l| l.state == State::Finished));
        let mut home = Home {
            blueprint: Arc::new(self.library.outline.blueprint.clone()),
            open: self.open_session(),
            last: finished.map(|l| match self.past_of(l).overall {
                Some((score, low, high)) => format!("{}, {score:.0} ({low:.0}-{high:.0})", day(l.started_at)),
                None => day(l.started_at),
            }),
            sessions: listed.as_ref().map_or(0, |l| l.iter().filter(|l| l.state == State::Finished).count()),
            decks: self.library.decks.len(),
            questions: self.library.decks.iter().map(|d| d.deck.entries.len()).sum(),
            stock: self.stocks(),
            notices: Vec::new(),
        };
        if let Err(error) = listed {
            home.notices.push(error.to_string());
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
            home.notices.push(format!("mistakes in {}: see Decks, or `aethos check`", broken.join(", ")));
        }
        home
    }

    fn stocks(&self) -> Vec<Stock> {
        let exposures = self.store.exposures(self.person).unwrap_or_default();
        let blueprint = &self.library.outline.blueprint;
        let mut stocks = vec![Stock::default(); blueprint.competencies.len()];
        for loaded in &self.library.decks {
            let deck = &loaded.deck;
            let Some(i) = blueprint.competencies.iter().position(|c| c.id == deck.competency) else { continue };
            for entry in &deck.entries {
                if entry.kind == Kind::Open {
                    stocks[i].written += 1;
                    continue;
                }
                stocks[i].questions += 1;
                stocks[i].seconds += u64::from(entry.seconds);
                let seen = !exposures.is_empty() && exposures.contains_key(&(deck.id.clone(), entry.id.clone()));
                stocks[i].unseen += usize::from(!seen);
            }
        }
        stocks
    }

    fn open_session(&self) -> Option<OpenSession> {
        let listed = self.store.open_sessions(self.person).ok()?.into_iter().next()?;
        if listed.mode == Mode::Mentor {
            let stored = self.store.load(&listed.id).ok()??;
            let (meeting, _) = self.meeting_back(stored.start).ok()?;
            return Some(OpenSession {
                id: listed.id,
                mode: listed.mode,
                day: day(listed.started_at),
                answered: (0..meeting.len()).filter(|slot| meeting.is_revealed(*slot)).count(),
                questions: meeting.len(),
                left: None,
            });
        }
        let (session, started) = self.replayed(&listed).ok()?;
        Some(OpenSession {
            id: listed.id,
            mode: listed.mode,
            day: day(started),
            answered: session.answered(),
            questions: session.most(),
            left: session.remaining(session.at()),
        })
    }

    fn replayed(&self, listed: &Listed) -> Result<(Session, i64), Refused> {
        let stored = self
            .store
            .load(&listed.id)?
            .ok_or_else(|| crate::store::StoreError::NoSession { session: listed.id.clone() })?;
        Ok((super::start::session_back(self, stored.start)?.0, listed.started_at))
    }

    /// Past sessions, the newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn past(&self) -> Result<Vec<Past>, Refused> {
        let listed = self.store.list(self.person, Mode::Assess, None, LISTED)?;
        Ok(listed.iter().filter(|l| l.state != State::Discarded).map(|l| self.past_of(l)).collect())
    }

    fn past_of(&self, listed: &Listed) -> Past {
        let kept: Option<Kept> = listed.result.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let summary = kept.map(|kept| kept.summary);
        let scored = self.library.outline.blueprint.scored();
        let open = if listed.state == State::Open { self.replayed(listed).ok() } else { None };
        let open = open.as_ref().map(|(session, _)| session);
        Past {
            id: listed.id.clone(),
            day: zoned(listed.started_at).strftime("%-d %b %Y").to_string(),
            questions: summary.as_ref().map(|s| s.questions).or(open.map(Session::len)).unwrap_or(0),
            answered: summary.as_ref().map(|s| s.answered).or(open.map(Session::answered)).unwrap_or(0),
            spent: summary.as_ref().map(|s| s.spent).or(open.map(Session::at)).unwrap_or_default(),
            finished: listed.state == State::Finished,
            overall: summary.as_ref().and_then(|s| s.overall),
            competencies: scored.map(|c| summary.as_ref()?.competencies.get(&c.id).copied()).collect(),
        }
    }

    pub fn deck_lines(&self) -> Vec<DeckLine> {
        let blueprint = &self.library.outline.blueprint;
        let mut lines: Vec<DeckLine> = self
            .library
            .decks
            .iter()
            .map(|loaded| {
                let facets = blueprint.competency(&loaded.deck.competency).map_or(&[][..], |c| &c.facets);
                // The built-in decks were checked before they were built in.
                let found = if loaded.deck.builtin { Vec::new() } else { self.library.check(loaded) };
                let errors: Vec<_> = found.iter().filter(|d| d.is_error()).collect();
                let mut problems: Vec<String> =
                    errors.iter().take(PROBLEMS).map(|d| format!("{}  {}", d.place(), d.message.line())).collect();
                if errors.len() > PROBLEMS {
                    problems.push(format!("and {} more: aethos check {}", errors.len() - PROBLEMS, loaded.file));
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
