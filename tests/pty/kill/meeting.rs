//! The expected state of a mentor session with two people.

use std::collections::BTreeSet;

use aethos::core::id::PersonId;
use aethos::core::response::Answer;
use aethos::core::rng::Stream;
use aethos::session::meeting::Event;
use aethos::store::Store;

use super::super::home::Home;
use super::super::terminal::{Terminal, dense};
use super::super::{ENTER, home_with};
use super::{Expected, QUESTIONS, pick};

const NAMES: [&str; 2] = ["Ada", "Ben"];
const BACKSPACE: &str = "\x7f";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Asking,
    Committed,
    Split,
    Revealed,
}

/// The steps taken, the votes on each question, and the questions for which Ada's listening point is ticked.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    trail: Vec<(usize, Step)>,
    votes: Vec<[Option<char>; 2]>,
    heard: BTreeSet<usize>,
}

impl Meeting {
    /// Starts a session, and leaves it at its first question.
    pub fn begin() -> (Home, Self) {
        let home = home_with(QUESTIONS);
        let questions = QUESTIONS.to_string();
        let mut args = vec!["mentor", "meet"];
        args.extend(NAMES);
        args.extend(["--deck", "mine", "--questions", &questions]);
        let mut terminal = Terminal::start(&home, &args);
        terminal.wait_for("Ready to begin.");
        terminal.press(ENTER);
        terminal.wait_for("Ada: how many fingers");
        terminal.press("q");
        terminal.wait_for("Leave the session?");
        terminal.press("3");
        terminal.end();
        let meeting = Self::new().stored(&home);
        (home, meeting)
    }

    fn new() -> Self {
        Self {
            trail: Vec::new(),
            votes: vec![[None; 2]; QUESTIONS],
            heard: BTreeSet::new(),
        }
    }

    fn here(&self) -> (usize, Step) {
        *self.trail.last().unwrap()
    }

    /// Returns the number of people whose fingers were typed.
    fn typed(&self) -> usize {
        self.votes[self.here().0]
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |seat| seat + 1)
    }

    /// Returns the question and the step that follow without a second vote.
    fn next(&self) -> (usize, Step) {
        match self.here() {
            (slot, Step::Asking) => (slot, Step::Committed),
            (slot, Step::Committed) if self.typed() > 0 => (slot, Step::Split),
            (slot, Step::Committed | Step::Split) => (slot, Step::Revealed),
            (slot, Step::Revealed) => (slot + 1, Step::Asking),
        }
    }
}

impl Expected for Meeting {
    fn waiting(&self) -> &'static str {
        "A mentor session is waiting"
    }

    fn next_key(&self, screen: &str, chance: &mut Stream) -> &'static str {
        let (slot, step) = self.here();
        let mut keys = vec![" "];
        match step {
            Step::Asking => {
                keys.push(ENTER);
                keys.extend(if self.typed() < NAMES.len() {
                    &["1", "2", "3"][..]
                } else {
                    &[]
                });
                keys.extend((self.typed() > 0).then_some(BACKSPACE));
            }
            // Enter would start a second vote, which this session does not have.
            Step::Committed if screen.contains("v show the split") => keys.extend(["U", "v"]),
            Step::Revealed if slot + 1 == QUESTIONS => keys.push("U"),
            Step::Committed | Step::Split | Step::Revealed => keys.extend(["U", ENTER, ENTER]),
        }
        pick(&keys, chance)
    }

    fn press(&mut self, key: &str) {
        let (slot, _) = self.here();
        match key {
            "1" | "2" | "3" => {
                let seat = self.typed();
                self.votes[slot][seat] = key
                    .chars()
                    .next()
                    .map(|digit| (digit as u8 - b'1' + b'a') as char);
            }
            BACKSPACE => {
                let seat = self.typed() - 1;
                self.votes[slot][seat] = None;
            }
            " " if !self.heard.remove(&slot) => drop(self.heard.insert(slot)),
            " " => {}
            "U" => drop(self.trail.pop()),
            ENTER | "v" => self.trail.push(self.next()),
            other => unreachable!("{other}"),
        }
    }

    fn needs_reading(&self, key: &str) -> bool {
        [ENTER, "v"].contains(&key)
    }

    fn states_within(&self, _: &str) -> Vec<Self> {
        Vec::new()
    }

    fn is_on(&self, screen: &vt100::Screen) -> bool {
        let text = screen.contents();
        let (slot, step) = self.here();
        let vote = |name: &str| {
            let row = text
                .lines()
                .find_map(|line| line.trim_start_matches([' ', '•']).strip_prefix(name))?;
            row.trim_start().chars().next().filter(|c| *c != '-')
        };
        let footer = text
            .lines()
            .find(|line| line.contains('↵'))
            .unwrap_or_default();
        let next = match step {
            Step::Asking => "close the vote",
            Step::Committed if self.typed() > 0 => "show the split",
            Step::Committed | Step::Split => "reveal",
            Step::Revealed if slot + 1 == QUESTIONS => "wrap up",
            Step::Revealed => "next question",
        };
        text.contains(&format!("Console  {}/{QUESTIONS}", slot + 1))
            && footer.contains(next)
            && NAMES.map(vote) == self.votes[slot]
            && text.contains('▣') == self.heard.contains(&slot)
    }

    fn stored(&self, home: &Home) -> Self {
        let store = Store::open(&home.history()).unwrap();
        let open = store.open_sessions(PersonId::YOU).unwrap();
        assert_eq!(open.len(), 1, "one session, still open");
        let items = store.load(&open[0].id).unwrap().unwrap().start.form.items;
        let mut meeting = Self::new();
        for stamped in store.events(&open[0].id).unwrap() {
            let slot = meeting.trail.last().map_or(0, |(slot, _)| *slot);
            match stamped.event {
                Event::Asked { slot } => meeting.trail.push((slot, Step::Asking)),
                Event::Committed => meeting.trail.push((slot, Step::Committed)),
                Event::SplitShown => meeting.trail.push((slot, Step::Split)),
                Event::Revealed => meeting.trail.push((slot, Step::Revealed)),
                Event::Undone => drop(meeting.trail.pop()),
                Event::Voted {
                    slot,
                    seat,
                    answer: Answer::Picked(picks),
                    ..
                } => {
                    let place = items[slot].order.iter().position(|id| picks.contains(id));
                    meeting.votes[slot][seat] = place.map(|i| char::from(b'a' + i as u8));
                }
                Event::Heard { slot, on: true, .. } => drop(meeting.heard.insert(slot)),
                Event::Heard {
                    slot, on: false, ..
                } => drop(meeting.heard.remove(&slot)),
                _ => {}
            }
        }
        meeting
    }

    fn open_view(&self, terminal: &mut Terminal) -> bool {
        let is_shown = terminal.wait_or_end("the stage", |screen| {
            dense(&screen.contents()).contains("console(private)")
        });
        terminal.press("\t");
        is_shown
    }

    fn finish(&self, home: &Home) {
        let mut terminal = Terminal::start(home, &[]);
        terminal.wait_for("Resume");
        terminal.press(ENTER);
        terminal.wait_for("A mentor session is waiting");
        terminal.decide("2");
        terminal.wait_for("the session is closed");
        terminal.press("q");
        terminal.end();
    }
}
