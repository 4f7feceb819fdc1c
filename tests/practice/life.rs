//! A person who practises: a shell on a temporary folder, a simulated clock, and answers drawn from a seed.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use aethos::app::effect::{Started, TimeChoice};
use aethos::app::settings::Settings;
use aethos::core::calendar::Date;
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, QuestionId, SessionId};
use aethos::core::practice::{Drill, Grade};
use aethos::core::question::{Interaction, Kind, Question, Row};
use aethos::core::response::{Answer, Confidence};
use aethos::core::rng::Stream;
use aethos::core::scoring;
use aethos::core::time::{Day, Millis};
use aethos::session::{Draw, Event, Mode, Session, Stamped};
use aethos::shell::{Folder, Shell, StartRequest, Workspace};
use aethos::store::{NewSession, Store};
use rusqlite::types::ValueRef;
use tempfile::TempDir;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Noon of 23 November 2026, a Monday.
const BEGINNING: i64 = 20_780 * DAY + 12 * 60 * MINUTE;

/// A question with its deck: ids are unique only within a deck.
pub type Id = (DeckId, QuestionId);

pub struct Life {
    pub shell: Shell,
    folder: TempDir,
    clock: Rc<Cell<i64>>,
    chance: Stream,
    /// The questions that were ever on the screen.
    pub seen: BTreeSet<Id>,
    /// The graded questions, and the number of answers.
    pub answered: BTreeSet<Id>,
    pub answers: usize,
}

/// An answer and its result.
pub struct Said {
    pub question: Id,
    pub score: f64,
    pub confidence: Confidence,
}

impl Said {
    pub fn id(&self) -> Id {
        self.question.clone()
    }

    pub fn is_right(&self) -> bool {
        self.score >= 1.0
    }
}

impl Life {
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Rc::new(Cell::new(BEGINNING));
        let shell = open(&folder, &clock);
        let chance = Stream::new(seed, "life");
        Self {
            shell,
            folder,
            clock,
            chance,
            seen: BTreeSet::new(),
            answered: BTreeSet::new(),
            answers: 0,
        }
    }

    /// Restarts the program.
    pub fn restarted(self) -> Self {
        let Self {
            shell,
            folder,
            clock,
            chance,
            seen,
            answered,
            answers,
        } = self;
        drop(shell);
        let shell = open(&folder, &clock);
        Self {
            shell,
            folder,
            clock,
            chance,
            seen,
            answered,
            answers,
        }
    }

    /// Advances the clock by days.
    pub fn sleep(&mut self, days: i64) {
        self.clock
            .set((self.clock.get() / DAY + days) * DAY + 12 * 60 * MINUTE);
    }

    /// Sets the clock to noon of a day.
    pub fn set_clock(&mut self, day: Day) {
        self.clock.set(i64::from(day.0) * DAY + 12 * 60 * MINUTE);
    }

    pub fn set_interview(&mut self, day: Option<Day>) {
        let settings = Settings {
            interview: day.map(Date),
            ..self.shell.workspace.settings.clone()
        };
        self.shell.workspace.keep_settings(settings).unwrap();
    }

    pub fn practise(&mut self, drill: &Drill, minutes: u32) -> Vec<Said> {
        match self.shell.practise(drill, minutes, &[]) {
            Ok(started) => self.sit(started, |_| None),
            Err(refused) => panic!("{refused}"),
        }
    }

    /// Moves the clock forward or back.
    pub fn pass(&mut self, millis: i64) {
        self.clock.set(self.clock.get() + millis);
    }

    /// Practises, changes every grade to this one, and returns the questions.
    pub fn practise_all(&mut self, drill: &Drill, minutes: u32, grade: Grade) -> Vec<Id> {
        let started = self.shell.practise(drill, minutes, &[]).unwrap();
        let said = self.sit(started, |_| Some(grade));
        said.iter()
            .map(Said::id)
            .collect::<BTreeSet<Id>>()
            .into_iter()
            .collect()
    }

    /// Practises, changes every grade to easy afterwards, and returns their number.
    pub fn practise_and_regrade(&mut self, drill: &Drill, minutes: u32) -> usize {
        let started = self.shell.practise(drill, minutes, &[]).unwrap();
        self.sit(started, |_| Some(Grade::Easy)).len()
    }

    /// Starts practice, and leaves at the first question.
    pub fn begin(&mut self, drill: &Drill, minutes: u32) -> SessionId {
        let started = self.shell.practise(drill, minutes, &[]).unwrap();
        self.show_first(started)
    }

    /// Starts an adaptive assessment, and leaves at the first question.
    pub fn begin_adaptive(&mut self) -> SessionId {
        let wanted = StartRequest {
            adaptive: true,
            ..self.wanted(8)
        };
        let started = self.shell.start(&wanted).unwrap();
        self.show_first(started)
    }

    fn show_first(
        &mut self,
        Started {
            id, mut session, ..
        }: Started,
    ) -> SessionId {
        self.record(&mut session, Event::Shown { slot: 0 });
        id
    }

    pub fn assess(&mut self, size: usize) -> Vec<Said> {
        let wanted = self.wanted(size);
        let started = self.shell.start(&wanted).unwrap();
        self.sit(started, |_| None)
    }

    fn wanted(&mut self, size: usize) -> StartRequest {
        let blueprint = &self.shell.workspace.library.outline.blueprint;
        StartRequest {
            competencies: aethos::core::form::cells(blueprint, &[]),
            size,
            written: 0,
            time: TimeChoice::Untimed,
            ratings: BTreeMap::new(),
            form: None,
            seed: Some(self.chance.below(1000)),
            decks: Vec::new(),
            adaptive: false,
        }
    }

    /// Answers all questions, one per minute, seven of ten correctly.
    fn sit(&mut self, started: Started, regrade: impl Fn(Grade) -> Option<Grade>) -> Vec<Said> {
        let mut session = started.session;
        let mut said = Vec::new();
        let practice = session.mode == Mode::Practise;
        for slot in 0.. {
            if slot == session.len() {
                let Some(Draw::Next(item, question)) = self.shell.draw(&session) else {
                    break;
                };
                session.learn(*question);
                self.record(&mut session, Event::Drawn { item: *item });
            }
            self.record(&mut session, Event::Shown { slot });
            self.clock.set(self.clock.get() + MINUTE);
            let (question, row) = (session.question(slot).clone(), session.item(slot).row);
            let id = (session.item(slot).deck.clone(), question.id.clone());
            self.seen.insert(id.clone());
            let answer = answer(&question, row, self.chance.below(10) < 7);
            let score = scoring::score(&question, row, &answer).unwrap().value;
            let confidence = Confidence::ALL[self.chance.below(4) as usize];
            self.record(&mut session, Event::Answered { slot, answer });
            self.record(
                &mut session,
                Event::Confident {
                    slot,
                    confidence: Some(confidence),
                },
            );
            if practice {
                self.record(&mut session, Event::Revealed { slot });
                let grade = Grade::of(score, Some(confidence));
                self.record(&mut session, Event::Graded { slot, grade });
                if let Some(grade) = regrade(grade) {
                    self.record(&mut session, Event::Graded { slot, grade });
                }
            }
            self.answers += 1;
            self.answered.insert(id.clone());
            said.push(Said {
                question: id,
                score,
                confidence,
            });
        }
        self.record(&mut session, Event::Finished);
        self.shell.score_running(session);
        said
    }

    fn record(&mut self, session: &mut Session, event: Event) {
        let at = match event {
            Event::Answered { .. } => session.at() + Millis::minutes(1),
            _ => session.at(),
        };
        let stamped = Stamped { at, event };
        session
            .apply(&stamped)
            .unwrap_or_else(|refused| panic!("{stamped:?}: {refused}"));
        let news = self.shell.save(stamped);
        assert!(news.is_empty(), "{news:?}");
    }

    /// Returns the number of scored questions that were never on the screen, for each competency that has any.
    pub fn unseen(&self) -> BTreeMap<CompetencyId, usize> {
        let mut unseen = BTreeMap::new();
        for loaded in &self.shell.workspace.library.decks {
            // Questions of one family are never in one form, so they count as one.
            let mut families: BTreeMap<&str, bool> = BTreeMap::new();
            let entries = loaded.deck.entries.iter();
            for entry in entries.filter(|entry| entry.kind != Kind::Open) {
                let is_seen = self
                    .seen
                    .contains(&(loaded.deck.id.clone(), entry.id.clone()));
                let family = entry.family.as_deref().unwrap_or(entry.id.as_str());
                *families.entry(family).or_default() |= is_seen;
            }
            let n = families.values().filter(|is_seen| !**is_seen).count();
            *unseen.entry(loaded.deck.competency.clone()).or_default() += n;
        }
        unseen
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Disputes a question of the newest assessment in its review.
    pub fn dispute(&mut self, slot: usize, reason: &str) {
        let id = self.shell.workspace.past().unwrap()[0].id.clone();
        let event = Event::Disputed {
            slot,
            reason: reason.to_owned(),
        };
        self.shell
            .amend(
                &id,
                Stamped {
                    at: Millis::minutes(600),
                    event,
                },
            )
            .unwrap();
    }

    /// Stores a copy of a session whose setup another version might have written.
    pub fn with_setup(&self, id: &SessionId, setup: &str) -> SessionId {
        let mut store = Store::open(&self.folder.path().join("history.db")).unwrap();
        let copy = SessionId::new(format!(
            "{id}-{}",
            blake3::hash(setup.as_bytes()).to_hex().split_at(4).0
        ));
        let start = store.load(id).unwrap().unwrap().start;
        store
            .start(
                &NewSession {
                    id: copy.clone(),
                    setup: setup.to_owned(),
                    ..start
                },
                &[],
            )
            .unwrap();
        copy
    }

    fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("history.db")).unwrap()
    }

    pub fn execute(&self, sql: &str) {
        self.connection().execute_batch(sql).unwrap();
    }

    /// Returns every row of a table as a line, without its sequence number.
    pub fn rows(&self, table: &str) -> String {
        let connection = self.connection();
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let columns: Vec<usize> = statement
            .column_names()
            .enumerate()
            .filter(|(_, name)| !["nth", "digest"].contains(name))
            .map(|(n, _)| n)
            .collect();
        let row = |row: &rusqlite::Row| {
            let text = |value: ValueRef| match value {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                value => format!("{value:?}"),
            };
            let values = columns.iter().map(|column| row.get_ref(*column).map(text));
            Ok(values.collect::<Result<Vec<_>, _>>()?.join(" "))
        };
        let mut rows: Vec<String> = statement
            .query_map([], row)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        rows.sort();
        rows.into_iter().map(|row| row + "\n").collect()
    }
}

fn open(folder: &TempDir, clock: &Rc<Cell<i64>>) -> Shell {
    let data = Folder::at(folder.path());
    let settings = data.settings().unwrap();
    let clock = clock.clone();
    Shell::new(
        Workspace::open(data, settings, &[])
            .unwrap()
            .with_clock(move || clock.get()),
    )
}

fn answer(question: &Question, row: Row, rightly: bool) -> Answer {
    let picked = |options: &[aethos::core::question::Choice], n: usize| {
        let fits = options
            .iter()
            .enumerate()
            .filter(|(_, option)| option.is_key() == rightly);
        let mut picks: Vec<ChoiceId> = fits.map(|(i, _)| ChoiceId(i as u8)).collect();
        picks.truncate(n);
        Answer::Picked(picks)
    };
    match &question.interaction {
        Interaction::Single(options) => picked(options, 1),
        Interaction::Multiple { select, options } => picked(options, *select),
        Interaction::Ordering { steps, .. } => {
            let mut order: Vec<ChoiceId> = ChoiceId::first(steps.len()).collect();
            if !rightly {
                order.reverse();
            }
            Answer::Ordered(order)
        }
        Interaction::Matching { left, right } => {
            let key = |entry: &aethos::core::question::Left| match rightly {
                true => entry.key,
                false => ChoiceId((entry.key.0 + 1) % right.len() as u8),
            };
            Answer::Matched(left.iter().map(|entry| Some(key(entry))).collect())
        }
        Interaction::Numeric(numeric) => {
            let right = numeric.right(row);
            Answer::Number(format!(
                "{}",
                if rightly {
                    right
                } else {
                    right * 3.7 + 12345.0
                }
            ))
        }
        Interaction::Open { .. } | Interaction::Recall(_) => {
            panic!("the bank has no cards, and practice asks no open question")
        }
    }
}
