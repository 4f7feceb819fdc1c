//! The app with an in-memory terminal, and a shell that stores everything in lists.

use std::collections::{BTreeMap, BTreeSet};

use aethos::app::browse::{FoundQuestions, SeenLine, SeenQuestion};
use aethos::app::effect::{
    Effect, FacetQuestion, Home, News, OpenedResult, QuestionContext, Started,
};
use aethos::app::keymap::Keymap;
use aethos::app::settings::Settings;
use aethos::app::settings::ThemeChoice;
use aethos::core::blueprint::Point;
use aethos::core::form::Item;
use aethos::core::id::{DeckId, PointId, QuestionId};
use aethos::core::practice::QueueReason;
use aethos::core::question::{Interaction, Level, Question, Row};
use aethos::core::time::Millis;
use aethos::session::assessment::{Assessment, Bank};
use aethos::session::meeting::{self, Stage};
use aethos::session::{Conclusion, Draw, Mode, PracticeQueue, Session, Stamped, rows_to_avoid};
use aethos::tui::app::App;
use aethos::tui::key::Input;
use aethos::tui::page::{Look, Rendered};
use aethos::tui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};

pub struct Desk {
    pub app: App,
    terminal: Terminal<TestBackend>,
    seen: Rendered,
    /// The monotonic clock of the process.
    pub now: Millis,
    /// The log as in a store: each event with the time at which it was saved.
    pub log: Vec<(Millis, Stamped)>,
    pub drafts: BTreeMap<usize, String>,
    /// The knowledge points that are passed to a result.
    pub points: BTreeMap<PointId, Point>,
    /// The questions that an adaptive session adds, in order, after its first question at index 0.
    pub bank: Vec<(Item, Question)>,
    /// The queue of practice, from the same bank.
    pub queue: PracticeQueue,
    /// Notes of earlier sessions, and the day on which a question is due.
    pub beside: QuestionContext,
    /// The log of a mentor session.
    pub minutes: Vec<Stamped<meeting::Event>>,
    /// The stages sent to the second windows.
    pub stages: Vec<Stage>,
    /// The questions that a search can find, and the session to which they belong.
    pub seen_questions: Vec<SeenLine>,
    pub reviewed: Option<OpenedResult>,
    /// Effects that are recorded but not performed.
    pub asked: Vec<Effect>,
}

impl Desk {
    pub fn new(home: Home, settings: Settings, theme: Theme, (width, height): (u16, u16)) -> Self {
        let keymap = Keymap::new(&settings.keys).expect("the default keys do not clash");
        let app = App::new(
            settings,
            Look {
                theme,
                keymap,
                height,
            },
            home,
        );
        let terminal =
            Terminal::new(TestBackend::new(width, height)).expect("memory does not fail");
        let mut desk = Self {
            app,
            terminal,
            seen: Rendered::default(),
            now: Millis::ZERO,
            log: Vec::new(),
            drafts: BTreeMap::new(),
            points: BTreeMap::new(),
            bank: Vec::new(),
            queue: PracticeQueue::default(),
            beside: QuestionContext::default(),
            minutes: Vec::new(),
            stages: Vec::new(),
            seen_questions: Vec::new(),
            reviewed: None,
            asked: Vec::new(),
        };
        desk.draw();
        desk
    }

    /// Creates a dark terminal of 80 columns and 24 rows.
    pub fn usual(home: Home, settings: Settings) -> Self {
        Self::new(
            home,
            settings,
            Theme::new(ThemeChoice::Dark, false, false),
            (80, 24),
        )
    }

    /// Returns every row as text, without trailing blanks.
    pub fn picture(&mut self) -> String {
        let buffer = self.draw();
        let row = |cells: &[Cell]| {
            cells
                .iter()
                .map(Cell::symbol)
                .collect::<String>()
                .trim_end()
                .to_owned()
        };
        let width = usize::from(buffer.area.width).max(1);
        buffer
            .content
            .chunks(width)
            .map(row)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn draw(&mut self) -> &Buffer {
        let (app, seen) = (&mut self.app, &mut self.seen);
        self.terminal
            .draw(|frame| *seen = app.view(frame))
            .expect("memory does not fail");
        self.terminal.backend().buffer()
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.draw();
    }

    /// Resumes a session from its log.
    pub fn sit_down(&mut self, started: Started) {
        self.news(News::Running(Box::new(started)));
    }

    pub fn news(&mut self, news: News) {
        let effects = self.app.news(self.now, news);
        self.perform(effects);
    }

    /// Presses keys, each written as in the settings: `a n ctrl+c space`.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let key = key.parse().unwrap_or_else(|problem| panic!("{problem}"));
            self.input(Input::Key(key));
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.input(Input::Paste(text.to_owned()));
    }

    /// Types a text, one key per character.
    pub fn write(&mut self, text: &str) {
        for c in text.chars() {
            let key = match c {
                ' ' => "space".to_owned(),
                c => c.to_string(),
            };
            self.press(&key);
        }
    }

    /// Handles an input that arrives after a person has had time to see the screen.
    pub fn input(&mut self, input: Input) {
        self.input_after(Millis(1200), input);
    }

    /// Handles an input that is read this long after `self.now`.
    pub fn input_after(&mut self, pause: Millis, input: Input) {
        let arrived = self.now + pause;
        let effects = self.app.input(self.now, arrived, input, &self.seen);
        self.perform(effects);
    }

    /// Wakes the loop at `self.now`; `stopped` as after a SIGCONT.
    pub fn wake(&mut self, stopped: bool) {
        let effects = self.app.tick(self.now, stopped);
        self.perform(effects);
    }

    /// Advances the clock, and wakes the loop whenever the app asked for it.
    pub fn wait_until(&mut self, then: Millis) {
        while let Some(wake) = self.app.next_wake(self.now).filter(|wake| *wake <= then) {
            assert!(wake > self.now, "the app wants to be woken without end");
            self.now = wake;
            self.wake(false);
        }
        self.now = self.now.max(then);
    }

    /// Returns a question of the bank as a practice item.
    fn drawn(
        &self,
        deck: &DeckId,
        question: &QuestionId,
        why: QueueReason,
        session: &Session,
    ) -> Option<Draw> {
        let (item, question) = self
            .bank
            .iter()
            .find(|(item, _)| item.question == *question && item.deck == *deck)?;
        let row = match &question.interaction {
            Interaction::Numeric(numeric) => {
                let avoid = rows_to_avoid(
                    session,
                    (deck, &question.id),
                    numeric.rows(),
                    &BTreeSet::new(),
                );
                (0..numeric.rows())
                    .map(Row)
                    .find(|row| !avoid.contains(row))
                    .unwrap_or_default()
            }
            _ => Row::default(),
        };
        let item = Item {
            row,
            why: Some(why),
            ..item.clone()
        };
        Some(Draw::Next(Box::new(item), Box::new(question.clone())))
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save(events) => self
                    .log
                    .extend(events.into_iter().map(|stamped| (self.now, stamped))),
                Effect::Draft { slot, text } if text.is_empty() => drop(self.drafts.remove(&slot)),
                Effect::Draft { slot, text } => drop(self.drafts.insert(slot, text)),
                Effect::Score(session) => {
                    let blueprint = self.app.model.home.blueprint.clone();
                    let mut bank = Bank::default();
                    for (item, question) in session.form.items.iter().zip(session.questions.iter())
                    {
                        bank.add(&item.competency, question);
                    }
                    let assessment = Assessment::of(&session, &blueprint, &bank);
                    let id = self
                        .app
                        .model
                        .running
                        .as_ref()
                        .expect("a session was finished")
                        .id
                        .clone();
                    let opened = OpenedResult {
                        id,
                        session: *session,
                        assessment,
                        points: self.points.clone(),
                    };
                    self.news(News::Opened(Box::new(opened)));
                }
                Effect::Draw(session) if session.mode == Mode::Practise => {
                    let next = self.queue.next(&session);
                    let draw = next.and_then(|next| {
                        self.drawn(&next.deck, &next.question, next.why, &session)
                    });
                    self.news(News::Drawn(Box::new(
                        draw.unwrap_or(Draw::Conclude(Conclusion::Exhausted)),
                    )));
                }
                Effect::Ask {
                    session,
                    deck,
                    question,
                } => {
                    let why = self.queue.why(&deck, &question, &session);
                    let draw = self
                        .drawn(&deck, &question, why, &session)
                        .expect("only what is listed is asked for");
                    self.news(News::Drawn(Box::new(draw)));
                }
                Effect::LookUp { slot, .. } => {
                    let beside = QuestionContext {
                        slot,
                        points: self.points.clone(),
                        ..self.beside.clone()
                    };
                    self.news(News::LookedUp(Box::new(beside)));
                }
                Effect::ListFacet(of) => {
                    let is_other = |(item, _): &&(Item, Question)| {
                        item.facet == of.facet && item.question != of.question
                    };
                    let other = |(item, question): &(Item, Question)| FacetQuestion {
                        deck: item.deck.clone(),
                        question: item.question.clone(),
                        level: item.level,
                        lead_in: (item.level != Level::Mid).then(|| question.lead_in.clone()),
                        count: 1,
                    };
                    self.news(News::Facet(
                        self.bank.iter().filter(is_other).map(other).collect(),
                    ));
                }
                Effect::Draw(session) => {
                    let draw = match self.bank.get(session.len()).cloned() {
                        _ if session.len() == session.most() => Draw::Conclude(Conclusion::Budget),
                        Some((item, question)) => Draw::Next(Box::new(item), Box::new(question)),
                        None => Draw::Conclude(Conclusion::Exhausted),
                    };
                    self.news(News::Drawn(Box::new(draw)));
                }
                Effect::FindSeen(query) => {
                    let is_found = |line: &&SeenLine| {
                        let text = format!("{} {}", line.lead_in, line.stem).to_lowercase();
                        query.filter.lists(line.last) && text.contains(&query.text)
                    };
                    let lines = self.seen_questions.iter().filter(is_found);
                    let found = FoundQuestions {
                        lines: lines.cloned().collect(),
                        has_more: false,
                        query: query.clone(),
                    };
                    self.news(News::Found(Box::new(found)));
                }
                Effect::ShowSeen(line) => {
                    if let Some(opened) = self.reviewed.clone() {
                        let shown = SeenQuestion {
                            deck: line.deck,
                            question: line.question,
                            opened,
                            slot: line.slot.expect("every made-up question has a slot"),
                        };
                        self.news(News::SeenShown(Box::new(shown)));
                    }
                }
                Effect::SaveMeeting(events) => self.minutes.extend(events),
                Effect::Show(stage) => self.stages.push(*stage),
                other => self.asked.push(other),
            }
        }
        self.draw();
    }
}
