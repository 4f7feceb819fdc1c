//! The data of the home screen and the lists, read from decks and history.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Workspace;
use super::bank::Bank;
use super::zone::zone;
use crate::app::effect::{DeckLine, Home, LastAssessment, Stock};
use crate::core::question::Kind;
use crate::core::text::Text;
use crate::core::time::{Day, Hour, Millis};
use crate::deck::findings::Findings;
use crate::session::Mode;

/// The clock difference in milliseconds that is tolerated before a time counts as in the future.
const CLOCK_SLACK_MS: i64 = 120_000;
/// The number of problems shown per deck; `aethos check` shows all.
const PROBLEMS: usize = 3;

/// Returns the Unix time in milliseconds, for records; time limits do not depend on it.
pub fn wall_ms() -> i64 {
    // A clock beyond the last valid date counts as that date.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let last = last_moment();
    i64::try_from(since.as_millis()).unwrap_or(last).min(last)
}

/// Returns the last moment that has a date, in Unix milliseconds.
pub(super) fn last_moment() -> i64 {
    jiff::Timestamp::MAX.as_second() * 1000
}

pub(super) fn zoned(wall: i64) -> jiff::ZonedDateTime {
    jiff::Timestamp::from_millisecond(wall)
        .unwrap_or_default()
        .to_zoned_datetime(zone().zone.clone())
}

/// Returns the calendar day in the person's time zone.
pub fn day_of(wall: i64) -> Day {
    practice_day(wall, Hour::MIDNIGHT)
}

/// Returns the practice day, which begins at the given hour of the calendar day.
pub fn practice_day(wall: i64, starts_at: Hour) -> Day {
    let before = jiff::Span::new().hours(i64::from(starts_at.get()));
    let date = zoned(wall).datetime().saturating_sub(before).date();
    let day = Day::of_civil(
        date.year().into(),
        date.month().unsigned_abs().into(),
        date.day().unsigned_abs().into(),
    );
    // A clock before the year 0 counts as the default day.
    day.unwrap_or_default()
}

/// Returns the time until the next practice day begins; zero beyond the last valid date.
fn until_tomorrow(wall: i64, starts_at: Hour) -> Millis {
    let now = zoned(wall);
    let starts_at = i8::try_from(starts_at.get()).unwrap_or(0);
    let begins_on = match now.hour() < starts_at {
        true => Ok(now.date()),
        false => now.date().tomorrow(),
    };
    let begins = begins_on
        .map(|date| date.at(starts_at, 0, 0, 0))
        .and_then(|begins| begins.to_zoned_datetime(now.time_zone().clone()));
    let until = begins.map_or(0, |begins| begins.timestamp().as_millisecond() - wall);
    Millis(u64::try_from(until).unwrap_or(0))
}

/// Formats a moment such as `21 Nov 2026, 14:05`.
pub fn moment(wall: i64) -> String {
    zoned(wall).strftime("%-d %b %Y, %H:%M").to_string()
}

/// Formats the time of day of a moment as `14:05`.
pub fn time_of(wall: i64) -> String {
    zoned(wall).strftime("%H:%M").to_string()
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
        let finished = listed
            .as_ref()
            .ok()
            .and_then(|l| l.iter().find(|l| self.is_of_role(l)));
        let (open, more_open) = self.open_sessions();
        let mut home = Home {
            blueprint: Arc::new(self.library.outline.blueprint.clone()),
            open,
            more_open,
            last: finished.map(|l| {
                let past = self.past_of(l).ok();
                LastAssessment {
                    day: day_of(l.started_at).short(),
                    score: past.as_ref().and_then(|past| past.overall),
                    competencies: past.map(|past| past.competencies).unwrap_or_default(),
                }
            }),
            sessions: self.count_past().unwrap_or(0),
            decks: self.library.decks.len(),
            questions: self
                .library
                .decks
                .iter()
                .map(|d| d.deck.entries.len())
                .sum(),
            stock: self.stocks(),
            practice: None,
            people: self.mentored().map_or(0, |people| people.len()),
            notices: self.notices(),
            until_tomorrow: until_tomorrow(wall_ms(), self.settings.day_starts_at),
        };
        if self.store.is_read_only() {
            home.notices
                .push("the history is read-only, so no session can start".to_owned());
        }
        home.notices.extend(self.folder.rescue_notice());
        match &listed {
            Ok(listed) => home.practice = self.practice_line(listed).ok(),
            Err(error) => home.notices.push(error.to_string()),
        }
        let damaged = self.store.damage();
        if !damaged.is_empty() {
            let parts: Vec<&str> = damaged.iter().map(String::as_str).collect();
            home.notices.push(format!(
                "the history is damaged ({}): put a backup in its place, or see `aethos history --verify`",
                some_of(&parts)
            ));
        }
        home.notices.extend(self.notices_about_decks());
        home
    }

    /// Returns notices about decks with mistakes and decks used instead of built-in ones.
    fn notices_about_decks(&self) -> Vec<String> {
        let mut notices = Vec::new();
        let broken: Vec<&str> = self
            .library
            .decks
            .iter()
            .filter(|loaded| loaded.diagnostics().any(|d| d.is_error()))
            .map(|loaded| loaded.file.as_str())
            .chain(
                self.library
                    .diagnostics
                    .iter()
                    .filter(|d| d.is_error())
                    .map(|d| d.file.as_str()),
            )
            .collect();
        if !broken.is_empty() {
            notices.push(format!(
                "errors in {}: see Decks, or run `aethos check`",
                some_of(&broken)
            ));
        }
        let replacing: Vec<&str> = self
            .library
            .decks
            .iter()
            .filter(|deck| deck.replaces_builtin())
            .map(|deck| deck.file.as_str())
            .collect();
        if !replacing.is_empty() {
            notices.push(format!(
                "used instead of a built-in deck with the same id: {}",
                some_of(&replacing)
            ));
        }
        if !self.newly_counting.is_empty() {
            let decks: Vec<&str> = self.newly_counting.iter().map(Text::as_str).collect();
            notices.push(format!(
                "counting for the score, because it was used before: {}; `counts = false` in the deck takes it out",
                some_of(&decks)
            ));
        }
        notices
    }

    /// Returns a sentence for each problem with the computer's clock or time zone.
    pub fn notices(&self) -> Vec<String> {
        let now = self.wall_ms();
        let after = self
            .store
            .sessions_after(now + CLOCK_SLACK_MS)
            .ok()
            .flatten();
        let ahead = after.map(|(sessions, latest)| {
            let dated = match sessions {
                1 => "a session is dated".to_owned(),
                n => format!("{n} sessions are dated up to"),
            };
            format!(
                "the clock says {}, but {dated} {}: the clock is wrong now, or was wrong then; \
                 sessions keep their order, and practice counts no day after today",
                moment(now),
                moment(latest)
            )
        });
        zone().problem.iter().cloned().chain(ahead).collect()
    }

    pub(super) fn stocks(&self) -> Vec<Stock> {
        let seen = Bank::of(self, &[]).seen().unwrap_or_default();
        let blueprint = &self.library.outline.blueprint;
        let mut stocks = vec![Stock::default(); blueprint.competencies.len()];
        for (d, loaded) in self.library.decks.iter().enumerate() {
            let deck = &loaded.deck;
            if !deck.is_scored() {
                continue;
            }
            let Some(i) = blueprint
                .competencies
                .iter()
                .position(|c| c.id == deck.competency)
            else {
                continue;
            };
            for (e, entry) in deck.entries.iter().enumerate() {
                match entry.kind {
                    Kind::Recall => continue,
                    Kind::Open => {
                        stocks[i].written += 1;
                        continue;
                    }
                    _ => {}
                }
                stocks[i].questions += 1;
                stocks[i].seconds += u64::from(entry.seconds);
                stocks[i].unseen += usize::from(!seen.get(d).is_some_and(|seen| seen[e]));
            }
        }
        stocks
    }

    pub fn deck_lines(&self) -> Vec<DeckLine> {
        let blueprint = &self.library.outline.blueprint;
        let mut lines: Vec<DeckLine> = self
            .library
            .decks
            .iter()
            .map(|loaded| {
                let facets = blueprint
                    .competency(&loaded.deck.competency)
                    .map_or(&[][..], |c| &c.facets);
                // The built-in decks are checked at build time.
                let found = if loaded.deck.builtin {
                    Findings::default()
                } else {
                    self.library.check(loaded)
                };
                let errors = found.iter().filter(|d| d.is_error());
                let mut problems: Vec<String> = errors
                    .take(PROBLEMS)
                    .map(|d| format!("{}  {}", d.place(), d.message.line()))
                    .collect();
                if found.errors() > PROBLEMS {
                    problems.push(format!(
                        "and {} more: aethos check {}",
                        found.errors() - PROBLEMS,
                        loaded.file
                    ));
                }
                if loaded.replaces_builtin() {
                    problems.push(format!(
                        "used instead of the built-in deck {}",
                        loaded.deck.id
                    ));
                }
                DeckLine {
                    id: Some(loaded.deck.id.clone()),
                    title: loaded.deck.title.line(),
                    questions: loaded.deck.entries.len(),
                    facets: (
                        loaded.covers(facets.iter().map(|f| f.id.clone())),
                        facets.len(),
                    ),
                    builtin: loaded.deck.builtin,
                    counts: loaded.deck.is_scored(),
                    problems,
                }
            })
            .collect();
        lines.extend(self.library.diagnostics.iter().map(|d| DeckLine {
            id: None,
            title: d.file.line(),
            questions: 0,
            facets: (0, 0),
            builtin: false,
            counts: false,
            problems: vec![format!("{}  {}", d.place(), d.message.line())],
        }));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_day_begins_at_the_hour_of_the_settings() {
        let at = |text: &str| {
            let time: jiff::civil::DateTime = text.parse().unwrap();
            let zoned = time.to_zoned_datetime(zone().zone.clone()).unwrap();
            zoned.timestamp().as_millisecond()
        };
        let four = Hour::new(4).unwrap();
        let hours = |n: u64| Millis::seconds(n * 3600);
        assert_eq!(
            until_tomorrow(at("2026-12-02T22:00"), Hour::MIDNIGHT),
            hours(2)
        );
        assert_eq!(
            until_tomorrow(at("2026-12-02T00:00"), Hour::MIDNIGHT),
            hours(24)
        );
        assert_eq!(until_tomorrow(at("2026-12-02T22:00"), four), hours(6));
        assert_eq!(until_tomorrow(at("2026-12-02T01:00"), four), hours(3));
        assert_eq!(until_tomorrow(i64::MAX, four), Millis::ZERO);
    }
}
