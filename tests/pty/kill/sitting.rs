//! The expected state of an assessment or of practice.

use std::collections::BTreeMap;

use aethos::core::id::PersonId;
use aethos::core::response::{Answer, Confidence};
use aethos::core::rng::Stream;
use aethos::session::Event;
use aethos::store::Store;

use super::super::home::Home;
use super::super::terminal::Terminal;
use super::super::{ENTER, finish, home_with, resume};
use super::{Expected, QUESTIONS, pick};

/// The number of questions of a competency from which an adaptive assessment may end.
const MIN_SCORED: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    Fixed,
    Adaptive,
    Practice,
}

/// The content of one answer sheet.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sheet {
    answer: Option<char>,
    confidence: Option<u8>,
    flagged: bool,
    /// In practice, the answer is final and graded.
    revealed: bool,
    grade_taken_back: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sitting {
    mode: Mode,
    slot: usize,
    sheets: BTreeMap<usize, Sheet>,
}

impl Sitting {
    /// Starts a session, and leaves it at its first question.
    pub fn begin(mode: Mode) -> (Home, Self) {
        let home = home_with(QUESTIONS);
        let questions = QUESTIONS.to_string();
        let assess = ["assess", "mine", "--untimed", "--questions", &questions];
        let mut terminal = match mode {
            Mode::Fixed => Terminal::start(&home, &assess),
            Mode::Adaptive => Terminal::start(&home, &[&assess[..], &["--adaptive"]].concat()),
            Mode::Practice => Terminal::start(&home, &["practice", "mine", "--minutes", "60"]),
        };
        terminal.wait_for("? keys");
        // A session without an answer is not kept.
        terminal.press("a");
        terminal.wait_for("● a");
        terminal.signal("KILL");
        terminal.end();
        let sitting = Self {
            mode,
            slot: 0,
            sheets: BTreeMap::new(),
        }
        .stored(&home);
        (home, sitting)
    }

    fn sheet(&self) -> Sheet {
        self.sheets.get(&self.slot).cloned().unwrap_or_default()
    }

    fn go(&mut self, slot: usize) {
        self.slot = slot;
        self.sheets.entry(slot).or_default();
    }

    fn apply(&mut self, event: &Event, letter: impl Fn(usize, &Answer) -> Option<char>) {
        match event {
            Event::Shown { slot } => self.go(*slot),
            Event::Answered { slot, answer } => {
                self.sheets.entry(*slot).or_default().answer = letter(*slot, answer);
            }
            Event::AnswerChanged { slot, answer } => {
                let sheet = self.sheets.entry(*slot).or_default();
                (sheet.answer, sheet.confidence) = (letter(*slot, answer), None);
            }
            Event::Confident { slot, confidence } => {
                let number = |said| {
                    Confidence::ALL
                        .iter()
                        .position(|c| *c == said)
                        .map(|i| i as u8 + 1)
                };
                self.sheets.entry(*slot).or_default().confidence = confidence.and_then(number);
            }
            Event::Flagged { slot, on } => self.sheets.entry(*slot).or_default().flagged = *on,
            Event::Revealed { slot } => self.sheets.entry(*slot).or_default().revealed = true,
            Event::Graded { slot, .. } => {
                self.sheets.entry(*slot).or_default().grade_taken_back = false;
            }
            Event::GradeTakenBack { slot } => {
                self.sheets.entry(*slot).or_default().grade_taken_back = true;
            }
            _ => {}
        }
    }
}

impl Expected for Sitting {
    fn waiting(&self) -> &'static str {
        if self.mode == Mode::Practice {
            "Practice is waiting"
        } else {
            "An assessment is waiting"
        }
    }

    fn next_key(&self, _: &str, chance: &mut Stream) -> &'static str {
        let sheet = self.sheet();
        // An adaptive assessment may end as soon as it has asked enough for a score.
        let questions = if self.mode == Mode::Adaptive {
            MIN_SCORED
        } else {
            QUESTIONS
        };
        let has_next = self.slot + 1 < questions;
        if sheet.revealed {
            let next = if has_next { "n" } else { "f" };
            return pick(&["f", "U", next], chance);
        }
        let mut keys = vec!["a", "b", "c"];
        keys.retain(|key| sheet.answer != key.chars().next());
        if sheet.answer.is_some() {
            keys.extend(["1", "2", "3", "4"]);
        }
        match self.mode {
            Mode::Fixed => {
                keys.push("f");
                keys.extend(if has_next { &["n", "n"][..] } else { &[] });
                keys.extend((self.slot > 0).then_some("N"));
            }
            Mode::Adaptive => keys.extend(has_next.then_some("n")),
            Mode::Practice => {
                keys.extend(["f", "u"]);
                keys.extend(if sheet.confidence.is_some() {
                    &["n", "n"][..]
                } else {
                    &[]
                });
            }
        }
        pick(&keys, chance)
    }

    fn press(&mut self, key: &str) {
        let slot = self.slot;
        let is_question_of_practice = self.mode == Mode::Practice && !self.sheet().revealed;
        let sheet = self.sheets.entry(slot).or_default();
        match key {
            // Another answer clears the confidence in the one before.
            "a" | "b" | "c" => (sheet.answer, sheet.confidence) = (key.chars().next(), None),
            "1" | "2" | "3" | "4" => {
                let said = key.parse().unwrap();
                sheet.confidence = (sheet.confidence != Some(said)).then_some(said);
            }
            "f" => sheet.flagged = !sheet.flagged,
            "U" => sheet.grade_taken_back = !sheet.grade_taken_back,
            "u" => {
                *sheet = Sheet {
                    flagged: sheet.flagged,
                    revealed: true,
                    ..Sheet::default()
                }
            }
            "n" if is_question_of_practice => sheet.revealed = true,
            "n" => self.go(slot + 1),
            "N" => self.go(slot - 1),
            other => unreachable!("{other}"),
        }
    }

    fn needs_reading(&self, key: &str) -> bool {
        self.mode != Mode::Fixed && ["u", "n"].contains(&key)
    }

    /// All events of a key are stored in one transaction.
    fn states_within(&self, _: &str) -> Vec<Self> {
        Vec::new()
    }

    fn is_on(&self, screen: &vt100::Screen) -> bool {
        let text = screen.contents();
        let sheet = self.sheet();
        let number = match self.mode {
            Mode::Fixed => format!(" {}/{QUESTIONS}", self.slot + 1),
            Mode::Adaptive => format!(" {} of at most {QUESTIONS}", self.slot + 1),
            // The number of questions grows with each one that was missed.
            Mode::Practice => format!("▱ {}/", self.slot + 1),
        };
        // A long topic takes the place of the bar before the number.
        let first = format!("{}/", self.slot + 1);
        let is_header =
            |line: &&str| line.contains(&number) || line.trim_start().starts_with(&first);
        let Some(header) = text.lines().find(is_header) else {
            return false;
        };
        if header.contains('⚑') != sheet.flagged {
            return false;
        }
        if sheet.revealed {
            return text.contains("Grade: ") != sheet.grade_taken_back
                && text.contains("didn't know") == sheet.answer.is_none();
        }
        let answer = "abc"
            .chars()
            .find(|letter| text.contains(&format!("● {letter}  ")));
        let confidence = (1..=4).find(|n| text.contains(&format!("●{n} ")));
        !text.contains("Grade: ") && (answer, confidence) == (sheet.answer, sheet.confidence)
    }

    fn stored(&self, home: &Home) -> Self {
        let store = Store::open(&home.history()).unwrap();
        let open = store.open_sessions(PersonId::YOU).unwrap();
        assert_eq!(open.len(), 1, "one session, still open");
        let mut items = store.load(&open[0].id).unwrap().unwrap().start.form.items;
        let mut sitting = Self {
            mode: self.mode,
            slot: 0,
            sheets: BTreeMap::new(),
        };
        for stamped in store.events(&open[0].id).unwrap() {
            if let Event::Drawn { item } = &stamped.event {
                items.push(item.clone());
                // A question that was drawn is the next one to be shown.
                sitting.go(items.len() - 1);
            }
            sitting.apply(&stamped.event, |slot, answer| {
                let Answer::Picked(picks) = answer else {
                    return None;
                };
                let place = items[slot].order.iter().position(|id| picks.contains(id));
                place.map(|i| char::from(b'a' + i as u8))
            });
        }
        sitting
    }

    fn open_view(&self, _: &mut Terminal) -> bool {
        true
    }

    fn finish(&self, home: &Home) {
        let mut terminal = Terminal::start(home, &[]);
        if self.mode == Mode::Practice {
            terminal.wait_for("Resume");
            terminal.press(ENTER);
            terminal.wait_for("Practice is waiting");
            terminal.decide("2");
            let done = self.sheets.values().filter(|sheet| sheet.revealed).count();
            terminal.wait_for("Practice finished");
            // Questions that were repeated are counted once, their answers twice.
            let counts = [format!("{done} question"), format!("{done} answer")];
            terminal.wait("the number of answers", |screen| {
                counts.iter().any(|n| screen.contents().contains(n))
            });
        } else {
            resume(&mut terminal);
            finish(&mut terminal);
        }
        terminal.press("q");
        terminal.end();
        if self.mode != Mode::Practice {
            let answered = self
                .sheets
                .values()
                .filter(|sheet| sheet.answer.is_some())
                .count();
            assert_eq!(
                home.json(&["report", "--format", "json"])["tally"]["answered"],
                answered
            );
        }
    }
}
