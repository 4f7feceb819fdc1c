//! kill -9 while keys are pressed: everything that a frame showed is saved, and at most the key in flight is lost.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aethos::core::id::PersonId;
use aethos::core::response::{Answer, Confidence};
use aethos::core::rng::Stream;
use aethos::session::Event;
use aethos::store::Store;

use super::home::Home;
use super::terminal::{Terminal, dense, signal};
use super::{ENTER, finish, home_with, leave, question};

const QUESTIONS: usize = 12;

/// The content of one answer sheet.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sheet {
    answer: Option<char>,
    confidence: Option<u8>,
    flagged: bool,
}

/// The expected state of the session after the keys pressed so far.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sitting {
    slot: usize,
    sheets: BTreeMap<usize, Sheet>,
}

impl Sitting {
    fn press(&mut self, key: char) {
        let sheet = self.sheets.entry(self.slot).or_default();
        match key {
            'a'..='c' => {
                // Another answer clears what was said of the one before.
                sheet.confidence = None;
                sheet.answer = Some(key);
            }
            '1'..='4' => {
                let said = key as u8 - b'0';
                sheet.confidence = (sheet.confidence != Some(said)).then_some(said);
            }
            'f' => sheet.flagged = !sheet.flagged,
            'n' => self.slot += 1,
            'p' => self.slot -= 1,
            other => unreachable!("{other}"),
        }
        self.sheets.entry(self.slot).or_default();
    }

    /// Returns a random key that changes the session.
    fn next_key(&self, chance: &mut Stream) -> char {
        let sheet = self.sheets.get(&self.slot).cloned().unwrap_or_default();
        let mut keys: Vec<char> = "abcf".chars().filter(|key| sheet.answer != Some(*key)).collect();
        if sheet.answer.is_some() {
            keys.extend("1234".chars());
        }
        keys.extend((self.slot + 1 < QUESTIONS).then_some(['n', 'n']).into_iter().flatten());
        keys.extend((self.slot > 0).then_some('p'));
        keys[chance.below(keys.len() as u64) as usize]
    }

    fn is_on(&self, screen: &vt100::Screen) -> bool {
        let text = screen.contents();
        let header = text.lines().find(|line| line.contains(&format!("/{QUESTIONS}"))).unwrap_or_default();
        let sheet = self.sheets.get(&self.slot).cloned().unwrap_or_default();
        let answer = "abc".chars().find(|letter| text.contains(&format!("● {letter}  ")));
        let confidence = (1..=4).find(|n| text.contains(&format!("●{n} ")));
        let number = format!(" {}/{QUESTIONS}", self.slot + 1);
        (answer, confidence) == (sheet.answer, sheet.confidence)
            && header.contains(&number)
            && header.contains('⚑') == sheet.flagged
    }

    /// Returns the state of the session in the history.
    fn stored(home: &Home) -> Self {
        let store = Store::open(&home.history()).unwrap();
        let open = store.open_sessions(PersonId::YOU).unwrap();
        assert_eq!(open.len(), 1, "one session, still open");
        let form = store.load(&open[0].id).unwrap().unwrap().start.form;
        let mut sitting = Self::default();
        for stamped in store.events(&open[0].id).unwrap() {
            match stamped.event {
                Event::Shown { slot } => {
                    sitting.slot = slot;
                    sitting.sheets.entry(slot).or_default();
                }
                Event::Answered { slot, answer: Answer::Picked(picks) } => {
                    let letter = form.items[slot].order.iter().position(|id| picks.contains(id));
                    sitting.sheets.entry(slot).or_default().answer = letter.map(|i| char::from(b'a' + i as u8));
                }
                Event::AnswerChanged { slot, answer: Answer::Picked(picks) } => {
                    let letter = form.items[slot].order.iter().position(|id| picks.contains(id));
                    let sheet = sitting.sheets.entry(slot).or_default();
                    (sheet.answer, sheet.confidence) = (letter.map(|i| char::from(b'a' + i as u8)), None);
                }
                Event::Confident { slot, confidence } => {
                    let number = |said| Confidence::ALL.iter().position(|c| *c == said).map(|i| i as u8 + 1);
                    sitting.sheets.entry(slot).or_default().confidence = confidence.and_then(number);
                }
                Event::Flagged { slot, on } => sitting.sheets.entry(slot).or_default().flagged = on,
                _ => {}
            }
        }
        sitting
    }
}

/// Plays one session through `kills` kills at moments drawn from `seed`.
fn play(kills: usize, seed: u64) {
    println!("kill -9: seed {seed}");
    let home = home_with(QUESTIONS);
    let mut terminal = question(&home, QUESTIONS);
    // Left without an answer it would not wait.
    terminal.press("a");
    terminal.wait_for("● a");
    leave(&mut terminal);
    terminal.end();
    let mut sitting = Sitting::stored(&home);
    let mut chance = Stream::new(seed, "kill");
    let (mut pressed, mut lost) = (0, 0);
    for round in 0..kills {
        let mut terminal = Terminal::start(&home, &[]);
        let pid = terminal.pid();
        let kill_within = |micros| {
            let delay = Duration::from_micros(micros);
            thread::spawn(move || {
                thread::sleep(delay);
                signal(pid, "KILL");
            })
        };
        // One kill in four hits before the question is shown.
        let early = (chance.below(4) == 0).then(|| kill_within(chance.below(150_000)));
        let mut after = sitting.clone();
        let mut is_shown = true;
        let is_resumed = resumed(&mut terminal, &sitting);
        let killer = early.unwrap_or_else(|| kill_within(chance.below(80_000)));
        if is_resumed {
            while is_shown {
                sitting = after.clone();
                let key = sitting.next_key(&mut chance);
                after.press(key);
                terminal.press(&key.to_string());
                pressed += 1;
                is_shown = terminal.wait_or_end(&format!("{after:?}"), |screen| after.is_on(screen));
            }
        }
        killer.join().unwrap();
        let left = terminal.end();
        assert!(!left.status.success(), "round {round}: {}", left.screen);
        let stored = Sitting::stored(&home);
        assert!(
            stored == sitting || stored == after,
            "seed {seed}, round {round}: {stored:?} is stored, but the screen had shown {sitting:?}:\n{}",
            left.screen
        );
        lost += usize::from(stored != after);
        sitting = stored;
    }
    println!("{kills} kills, {pressed} keys, {lost} of them lost in flight");
    assert!(2 * pressed > kills, "{pressed} keys only: the kills come too early");

    let mut terminal = Terminal::start(&home, &[]);
    assert!(resumed(&mut terminal, &sitting));
    finish(&mut terminal);
    terminal.press("q");
    terminal.end();
    let answered = sitting.sheets.values().filter(|sheet| sheet.answer.is_some()).count();
    assert_eq!(home.json(&["report", "--format", "json"])["tally"]["answered"], answered);
}

/// Resumes the session; returns false if the program was killed before its screen appeared.
fn resumed(terminal: &mut Terminal, sitting: &Sitting) -> bool {
    let shows = |text: &'static str| move |screen: &vt100::Screen| dense(&screen.contents()).contains(&dense(text));
    for text in ["Resume", "An assessment is waiting"] {
        if !terminal.wait_or_end(text, shows(text)) {
            return false;
        }
        terminal.press(ENTER);
    }
    terminal.wait_or_end(&format!("{sitting:?} again"), |screen| sitting.is_on(screen))
}

fn seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into()
}

#[test]
fn forty_kills_lose_nothing_that_was_shown() {
    play(40, seed());
}

#[test]
#[ignore = "takes half a minute"]
fn two_hundred_kills_lose_nothing_that_was_shown() {
    play(200, seed());
}

fn practise_again(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    for text in ["Resume", "Practice is waiting"] {
        terminal.wait_for(text);
        terminal.press(ENTER);
    }
    terminal
}

#[test]
fn a_note_and_a_dispute_being_typed_survive_a_kill() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    for (key, title, text) in [("i", "Your note", "majorities"), ("!", "You dispute", "both hold")] {
        terminal.wait_for("not known");
        terminal.press(key);
        terminal.wait_for(title);
        terminal.press(text);
        terminal.wait_for(text);
        terminal.signal("KILL");
        terminal.end();
        terminal = practise_again(&home);
        terminal.wait_for(title);
        terminal.wait_for(text);
        terminal.press("\t");
        terminal.wait_for("kept: ");
    }
    terminal.signal("KILL");
    terminal.end();
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let events: Vec<Event> = store.events(id).unwrap().into_iter().map(|stamped| stamped.event).collect();
    assert!(events.contains(&Event::Noted { slot: 0, text: "majorities".to_owned() }), "{events:?}");
    assert!(events.contains(&Event::Disputed { slot: 0, reason: "both hold".to_owned() }), "{events:?}");
    assert!(store.field_drafts(id).unwrap().is_empty());
}

#[test]
fn a_sentence_of_the_mentor_being_typed_survives_a_kill() {
    let home = home_with(2);
    let args = ["mentor", "meet", "Ada", "--deck", "mine", "--questions", "1"];
    let mut terminal = Terminal::start(&home, &args);
    terminal.wait_for("Ready to begin.");
    terminal.press(ENTER);
    terminal.wait_for("close the answer");
    terminal.press("e");
    terminal.wait_for("Evidence: what was said");
    terminal.press("named the term");
    terminal.wait_for("named the term");
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("mentor session of");
    terminal.press(ENTER);
    terminal.wait_for("A mentor session is waiting");
    terminal.press(ENTER);
    terminal.wait_for("a line that was being written is kept");
    assert!(!terminal.screen().contains("named the term"), "what is private is not shown by itself");
    terminal.press("e");
    terminal.wait_for("named the term");
    terminal.press(ENTER);
    terminal.wait_for("Evidence: named the term");
    terminal.signal("KILL");
    terminal.end();
}
