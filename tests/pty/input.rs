//! Terminal input that nobody typed, or that arrives in unlucky pieces.

use std::thread;
use std::time::{Duration, Instant};

use aethos::core::id::PersonId;
use aethos::core::response::{Answer, Confidence};
use aethos::session::{Event, Mode};
use aethos::store::Store;

use super::home::{Home, head, numeric};
use super::terminal::{Terminal, signal};
use super::{assert_restored, home_with, question};

const BACKGROUND: &[u8] = b"\x1b]11;rgb:2e2e/3434/4040\x1b\\";
/// Replies to queries and reports, requested or not.
const REPLIES: [&[u8]; 6] = [
    BACKGROUND,
    b"\x1b]11;rgb:2e2e/3434/4040\x07",
    b"\x1b[?62;1;2;4c",
    b"\x1bP>|term 1.2.3\x1b\\",
    b"\x1b[24;80R",
    b"\x1b[<35;33;12M",
];

/// A screen that the program can start with: its arguments, and a text on it.
const OPENINGS: [(&[&str], &str); 5] = [
    (&[], "Settings"),
    (
        &["assess", "mine", "--untimed", "--questions", "3"],
        "a-c choose",
    ),
    (&["practice", "mine"], "a-c choose"),
    (
        &[
            "mentor",
            "meet",
            "Ada",
            "--deck",
            "mine",
            "--questions",
            "2",
        ],
        "Ready to begin",
    ),
    (&["mentor", "--stage"], "Waiting for a session"),
];

/// Starts the program in a terminal that must be queried for its background.
fn open(home: &Home, args: &[&str], shown: &str) -> Terminal {
    let mut terminal = Terminal::start_with(home, args, &[("COLORFGBG", "")]);
    terminal.wait_for(shown);
    terminal
}

/// Sends every reply in two parts, split at every byte, on every opening screen.
fn replies_do_nothing(gap: Duration, is_split: impl Fn(usize) -> bool) {
    for (args, shown) in OPENINGS {
        let home = home_with(3);
        let mut terminal = open(&home, args, shown);
        // Wait for the terminal to become quiet before comparing the screen.
        thread::sleep(Duration::from_millis(200));
        // The clock changes in between.
        let shown = |terminal: &Terminal| -> Vec<String> {
            let screen = terminal.screen();
            screen
                .lines()
                .filter(|line| !line.ends_with(" left"))
                .map(str::to_owned)
                .collect()
        };
        let before = shown(&terminal);
        for reply in REPLIES {
            for split in (0..reply.len()).filter(|split| is_split(*split)) {
                terminal.send(&reply[..split]);
                thread::sleep(gap);
                terminal.send(&reply[split..]);
            }
        }
        thread::sleep(Duration::from_millis(200));
        let what = format!("{args:?} with a gap of {gap:?}");
        assert_eq!(shown(&terminal), before, "{what}");
        terminal.press("?");
        terminal.wait_for("Keys: ");
        terminal.signal("TERM");
        assert_restored(&what, terminal);
    }
}

#[test]
fn replies_split_at_any_byte_do_nothing_on_any_opening_screen() {
    replies_do_nothing(Duration::from_millis(4), |_| true);
}

#[test]
#[ignore = "takes minutes; .ci/full runs it"]
fn replies_whose_rest_comes_late_do_nothing_on_any_opening_screen() {
    // An ESC without a timely continuation is the Esc key.
    replies_do_nothing(Duration::from_millis(90), |split| split != 1);
}

#[test]
fn a_late_reply_answers_no_question_and_changes_the_theme() {
    let home = home_with(3);
    let mut terminal = open(
        &home,
        &["assess", "mine", "--untimed", "--questions", "3"],
        "a-c choose",
    );
    thread::sleep(Duration::from_millis(300));
    // The colour of secondary text on a light background.
    let light = |terminal: &Terminal| String::from_utf8_lossy(&terminal.raw()).contains("38;5;240");
    assert!(!light(&terminal));
    terminal.send(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    let until = Instant::now() + Duration::from_secs(20);
    while !light(&terminal) {
        assert!(
            Instant::now() < until,
            "the theme does not follow:\n{}",
            terminal.screen()
        );
        thread::sleep(Duration::from_millis(5));
    }
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let events = store.events(id).unwrap();
    assert!(
        !events
            .iter()
            .any(|stamped| matches!(stamped.event, Event::Answered { .. } | Event::Finished)),
        "{events:?}"
    );
}

#[test]
fn a_mouse_report_in_two_reads_opens_no_dialog() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    let before = terminal.screen();
    for n in 0..60 {
        let report = format!("\x1b[<35;{};{}M", 30 + n % 4, 11 + n % 3);
        let split = 1 + n % (report.len() - 1);
        terminal.press(&report[..split]);
        thread::sleep(Duration::from_millis(3));
        terminal.press(&report[split..]);
    }
    thread::sleep(Duration::from_millis(300));
    assert_eq!(terminal.screen(), before);
    assert!(
        !terminal.raw().windows(8).any(|w| w == b"\x1b[?1003h"),
        "motion without a button is not asked for"
    );
    terminal.press("b");
    terminal.wait_for("● b");
}

#[test]
fn a_reply_whose_escape_was_taken_for_the_key_closes_the_dialog_that_it_opened() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    for rest in [
        "[<35;33;12M",
        "[<0;33;12M",
        "]11;rgb:2e2e/3434/4040\x1b\\",
        "[?62;1;2;4c",
    ] {
        terminal.press("\x1b");
        terminal.wait_for("Leave the assessment?");
        terminal.press(rest);
        terminal.wait("the dialog is closed", |screen| {
            !screen.contents().contains("Leave the assessment?")
        });
        terminal.wait_for("a-c choose");
    }
    terminal.press("b");
    terminal.wait_for("● b");
    // Esc as a key still opens the dialog.
    terminal.press("\x1b");
    terminal.wait_for("Leave the assessment?");
    thread::sleep(Duration::from_millis(1_200));
    terminal.wait_for("Leave the assessment?");
    terminal.press("1");
    terminal.wait_for("a-c choose");
}

#[test]
fn an_unfinished_sequence_or_paste_takes_the_keyboard_away_for_a_second_only() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    for (n, begun) in [
        "\x1b]",
        "\x1bP",
        "\x1bX",
        "\x1b_",
        "\x1b^",
        "\x1b[",
        "\x1b[200~",
    ]
    .iter()
    .enumerate()
    {
        terminal.press(begun);
        let key = ["a", "b"][n % 2];
        let begin = Instant::now();
        while !terminal.screen().contains(&format!("● {key}")) {
            assert!(
                begin.elapsed() < Duration::from_secs(5),
                "{begun:?}: {key} is dead"
            );
            thread::sleep(Duration::from_millis(100));
            terminal.press(key);
        }
    }
    terminal.press("\x1b[200~unfinished");
    thread::sleep(Duration::from_millis(100));
    terminal.press("\x03");
    terminal.wait_for("Leave the assessment?");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
}

#[test]
fn several_ctrl_z_in_one_read_stop_the_program_once() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("\x1a\x1a\x1a");
    terminal.wait_stopped();
    terminal.wait_restored();
    terminal.signal("CONT");
    terminal.wait("the screen is taken again", |screen| {
        screen.alternate_screen()
    });
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
}

#[test]
fn keys_that_were_read_with_the_key_that_opened_a_dialog_pick_nothing_in_it() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("q3");
    terminal.wait_for("Leave the assessment?");
    thread::sleep(Duration::from_millis(300));
    terminal.press("1");
    terminal.wait_for("a-c choose");
    terminal.press("b");
    terminal.wait_for("● b");
}

#[test]
fn a_flood_of_letters_neither_deafens_the_program_nor_holds_up_a_signal() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    let flood = "abc".repeat(5_000_000 / 3);
    terminal.press(&flood);
    let sent = Instant::now();
    terminal.wait_for("too much input at once");
    // A pause ends the flood.
    thread::sleep(Duration::from_secs(1));
    terminal.press("?");
    terminal.wait_for("Keys: Question");
    assert!(
        sent.elapsed() < Duration::from_secs(10),
        "deaf for {:?}",
        sent.elapsed()
    );
    terminal.press("\x1b");
    terminal.wait_for("a-c choose");
    terminal.press(&flood);
    let sent = Instant::now();
    signal(terminal.pid(), "TERM");
    assert_restored("SIGTERM in a flood", terminal);
    assert!(
        sent.elapsed() < Duration::from_secs(3),
        "SIGTERM took {:?}",
        sent.elapsed()
    );
}

#[test]
fn with_caps_lock_capitals_choose_options_and_mean_their_small_letters() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("B");
    terminal.wait_for("● b");
    terminal.press("F");
    terminal.wait_for("⚑");
}

#[test]
fn a_field_is_edited_as_in_a_shell_and_ctrl_z_suspends() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("leave the field");
    // ^H deletes, ^U deletes the line.
    for (keys, shown) in [
        ("135\x084", "[ 134"),
        ("\x1599", "[ 99"),
        ("\x017", "[ 799"),
        ("\x0b", "[ 7"),
    ] {
        terminal.press(keys);
        terminal.wait_for(shown);
    }
    terminal.press("\x1a");
    terminal.wait_stopped();
    terminal.wait_restored();
    terminal.signal("CONT");
    terminal.wait_for("[ 7");
    terminal.press("1");
    terminal.wait_for("[ 71");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
}

/// The events of the newest session of a mode.
fn events(home: &Home, mode: Mode) -> Vec<Event> {
    let store = Store::open(&home.history()).unwrap();
    let listed = store.list(PersonId::YOU, mode, None, 9).unwrap();
    store
        .events(&listed[0].id)
        .unwrap()
        .into_iter()
        .map(|stamped| stamped.event)
        .collect()
}

#[test]
fn enter_ends_a_number_and_the_next_digit_says_how_sure_one_is() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("leave the field");
    terminal.press("134");
    terminal.wait_for("[ 134 ");
    assert!(
        !terminal.screen().contains("How sure?"),
        "{}",
        terminal.screen()
    );
    terminal.wait_for("done, then 1-4 confidence");
    terminal.press("\r");
    terminal.wait_for("1-4 how sure");
    terminal.wait_for("How sure?");
    terminal.press("3");
    terminal.wait_for("●3");
    terminal.wait_for("[ 134 ");
    // Another number has no confidence.
    terminal.press("\t");
    terminal.wait_for("done, then");
    terminal.press("\x7f\r");
    terminal.wait_for("[ 13 ");
    terminal.wait("no confidence", |screen| !screen.contents().contains("●3"));
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    let events = events(&home, Mode::Assess);
    let said = |event: &Event| {
        matches!(
            event,
            Event::Confident {
                confidence: Some(Confidence::Fairly),
                ..
            }
        )
    };
    let number = |event: &Event| matches!(event, Event::Answered { answer: Answer::Number(text), .. } if text == "134");
    assert!(
        events.iter().any(said) && events.iter().any(number),
        "{events:?}"
    );
}

#[test]
fn a_run_of_enter_through_the_feedback_answers_nothing() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    for _ in 0..20 {
        terminal.press("\r");
        thread::sleep(Duration::from_millis(40));
    }
    terminal.wait_for("2/4");
    terminal.wait_for("nothing is chosen yet");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    let events = events(&home, Mode::Practise);
    let revealed = events
        .iter()
        .filter(|event| matches!(event, Event::Revealed { .. }))
        .count();
    assert_eq!(revealed, 1, "{events:?}");
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::Answered { .. })),
        "{events:?}"
    );
}

#[test]
fn keys_that_were_queued_before_a_question_appeared_reveal_nothing_of_it() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("nu");
    terminal.wait_for("2/4");
    thread::sleep(Duration::from_millis(300));
    assert!(
        !terminal.screen().contains("didn't know"),
        "{}",
        terminal.screen()
    );
    terminal.press("u");
    terminal.wait_for("didn't know");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
}
