//! kill -9 while keys are pressed: everything that a frame showed is saved, and at most the key in flight is lost.

#[path = "kill/fields.rs"]
mod fields;
#[path = "kill/meeting.rs"]
mod meeting;
#[path = "kill/sitting.rs"]
mod sitting;

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aethos::core::rng::Stream;

use super::ENTER;
use super::home::Home;
use super::terminal::{Terminal, dense, signal};
use meeting::Meeting;
use sitting::{Mode, Sitting};

const QUESTIONS: usize = 12;
/// The number of kills after which a new session is started, so that questions remain to be asked.
const KILLS_PER_SESSION: usize = 25;

/// The expected state of an open session after the keys pressed so far, by which frames and the history are checked.
trait Expected: Clone + Debug + PartialEq {
    /// The title of the dialog that offers to resume the session.
    fn waiting(&self) -> &'static str;
    /// Returns a random key that changes the session; `screen` is the last frame.
    fn next_key(&self, screen: &str, chance: &mut Stream) -> &'static str;
    fn press(&mut self, key: &str);
    /// Returns true if the key is ignored until the person has had time to read.
    fn needs_reading(&self, key: &str) -> bool;
    /// Returns the states between the events of a key that records several.
    fn states_within(&self, key: &str) -> Vec<Self>;
    fn is_on(&self, screen: &vt100::Screen) -> bool;
    /// Returns the state of the only open session in the history.
    fn stored(&self, home: &Home) -> Self;
    /// Opens the view with everything that [`Expected::is_on`] reads; returns false if the program was killed before.
    fn open_view(&self, terminal: &mut Terminal) -> bool;
    /// Ends the session and asserts that its result counts everything that was answered.
    fn finish(&self, home: &Home);
}

/// The outcome of the kills.
#[derive(Default)]
struct Counts {
    kills: usize,
    pressed: usize,
    lost: usize,
}

/// Plays sessions through `kills` kills at random moments; `begin` starts one and leaves it.
fn play<E: Expected>(kills: usize, begin: impl Fn() -> (Home, E)) {
    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .subsec_nanos()
        .into();
    println!("kill -9: seed {seed}");
    let mut chance = Stream::new(seed, "kill");
    let mut counts = Counts::default();
    while counts.kills < kills {
        let (home, mut expected) = begin();
        for _ in 0..KILLS_PER_SESSION.min(kills - counts.kills) {
            let context = format!("seed {seed}, kill {}", counts.kills);
            expected = press_until_killed(&home, &expected, &mut chance, &mut counts, &context);
            home.output(&["history", "--verify"]);
        }
        expected.finish(&home);
        home.output(&["history", "--verify"]);
    }
    let Counts {
        kills,
        pressed,
        lost,
    } = counts;
    println!("{kills} kills, {pressed} keys, {lost} of them lost in flight");
    assert!(
        2 * pressed > kills,
        "{pressed} keys only: the kills come too early"
    );
}

/// Resumes the session, presses random keys until the program is killed, and returns the stored state.
fn press_until_killed<E: Expected>(
    home: &Home,
    expected: &E,
    chance: &mut Stream,
    counts: &mut Counts,
    context: &str,
) -> E {
    let mut terminal = Terminal::start(home, &[]);
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
    let mut shown = expected.clone();
    let mut after = expected.clone();
    let mut within = Vec::new();
    let mut is_shown = resumed(&mut terminal, expected);
    let mut killer = early;
    while is_shown {
        shown = after.clone();
        let key = shown.next_key(&terminal.screen(), chance);
        after.press(key);
        within = shown.states_within(key);
        if shown.needs_reading(key) {
            thread::sleep(Duration::from_millis(320));
        }
        if killer.is_none() && chance.below(6) == 0 {
            killer = Some(kill_within(chance.below(40_000)));
        }
        terminal.press(key);
        counts.pressed += 1;
        is_shown = terminal.wait_or_end(&format!("{after:?} after {key:?}"), |screen| {
            after.is_on(screen)
        });
    }
    killer
        .expect("the program ends by a kill alone")
        .join()
        .unwrap();
    counts.kills += 1;
    let left = terminal.end();
    assert!(!left.status.success(), "{context}: {}", left.screen);
    let stored = expected.stored(home);
    assert!(
        stored == shown || within.contains(&stored) || stored == after,
        "{context}: {stored:?} is stored, but the screen had shown {shown:?}:\n{}",
        left.screen
    );
    counts.lost += usize::from(stored != after);
    stored
}

/// Resumes the session; returns false if the program was killed before its screen appeared.
fn resumed<E: Expected>(terminal: &mut Terminal, expected: &E) -> bool {
    let shows = |text: &'static str| {
        move |screen: &vt100::Screen| dense(&screen.contents()).contains(&dense(text))
    };
    for text in ["Resume", expected.waiting()] {
        if !terminal.wait_or_end(text, shows(text)) {
            return false;
        }
        terminal.press(ENTER);
    }
    expected.open_view(terminal)
        && terminal.wait_or_end(&format!("{expected:?} again"), |screen| {
            expected.is_on(screen)
        })
}

/// Picks one of `keys`.
fn pick(keys: &[&'static str], chance: &mut Stream) -> &'static str {
    keys[chance.below(keys.len() as u64) as usize]
}

#[test]
fn ten_kills_in_a_fixed_assessment_lose_nothing_that_was_shown() {
    play(10, || Sitting::begin(Mode::Fixed));
}

#[test]
fn ten_kills_in_an_adaptive_assessment_lose_nothing_that_was_shown() {
    play(10, || Sitting::begin(Mode::Adaptive));
}

#[test]
fn ten_kills_in_practice_lose_nothing_that_was_shown() {
    play(10, || Sitting::begin(Mode::Practice));
}

#[test]
fn ten_kills_in_a_mentor_session_lose_nothing_that_was_shown() {
    play(10, Meeting::begin);
}

#[test]
#[ignore = "takes a minute"]
fn two_hundred_kills_in_a_fixed_assessment() {
    play(200, || Sitting::begin(Mode::Fixed));
}

#[test]
#[ignore = "takes a minute"]
fn two_hundred_kills_in_an_adaptive_assessment() {
    play(200, || Sitting::begin(Mode::Adaptive));
}

#[test]
#[ignore = "takes a minute"]
fn two_hundred_kills_in_practice() {
    play(200, || Sitting::begin(Mode::Practice));
}

#[test]
#[ignore = "takes a minute"]
fn two_hundred_kills_in_a_mentor_session() {
    play(200, Meeting::begin);
}
