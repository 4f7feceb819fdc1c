//! Drawing adapts to the terminal: its colours, size and abilities.

use super::home::{Home, head, numeric, single};
use super::terminal::Terminal;
use super::{ENTER, ESCAPE, home_with, question};

#[test]
fn a_figure_that_needs_more_room_widens_its_column() {
    let trace = include_str!("../figures/examples/trace-sequence.toml");
    let home = Home::new();
    let question = single(1).replacen(
        "  [[question.option]]",
        &format!("{trace}  [[question.option]]"),
        1,
    );
    home.deck("mine", head("mine") + &question);
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("1/1");
    for columns in [100, 110, 120, 130, 160] {
        terminal.resize(columns, 40);
        // The axis is drawn, and no data are read out.
        terminal.wait_for("┬");
        assert!(
            !terminal.screen().contains(" ms long"),
            "{columns}: {}",
            terminal.screen()
        );
    }
}

#[test]
fn no_color_means_no_colour() {
    let home = home_with(3);
    let environment = [("NO_COLOR", "1")];
    let mut terminal = Terminal::start_with(&home, &[], &environment);
    terminal.wait_for("Settings");
    terminal.press("q");
    assert_eq!(colours(&terminal.end().raw), Vec::<String>::new());
    let args = ["assess", "mine", "--untimed", "--questions", "3"];
    let mut terminal = Terminal::start_with(&home, &args, &environment);
    terminal.wait_for("1/3");
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.press("?");
    terminal.wait_for("Keys: Question");
    terminal.press(ESCAPE);
    terminal.signal("TERM");
    let left = terminal.end();
    assert_eq!(colours(&left.raw), Vec::<String>::new());
    assert!(
        left.raw
            .windows(4)
            .any(|w| w == b"\x1b[1m" || w == b"\x1b[7m"),
        "bold and reverse stay"
    );

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    assert!(
        !colours(&terminal.raw()).is_empty(),
        "without NO_COLOR there are colours"
    );
}

/// Returns the colours set in the output; 39 and 49 reset them.
fn colours(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    let is_colour = |sequence: &String| {
        sequence
            .split(';')
            .any(|n| matches!(n.parse(), Ok(30..=38 | 40..=48 | 90..=97 | 100..=107u8)))
    };
    sequences.filter(is_colour).collect()
}

#[test]
fn mistakes_are_coloured_for_those_who_want_it() {
    let home = Home::new();
    let broken = home.deck(
        "broken",
        head("broken") + "[[question]]\nid = \"never closed\n",
    );
    let broken = broken.to_str().unwrap();
    let coloured = |environment| {
        !colours(
            &Terminal::start_with(&home, &["check", broken], environment)
                .end()
                .raw,
        )
        .is_empty()
    };
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn any_size_of_the_window_will_do() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.resize(40, 12);
    terminal.wait("the small screen", |screen| {
        let text = screen.contents();
        text.lines().count() <= 12 && text.contains("1/3") && text.contains("? keys")
    });
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.resize(1, 1);
    terminal.wait("the smallest screen", |screen| {
        screen.contents().trim() == "…"
    });
    terminal.press("c");
    terminal.resize(100, 30);
    terminal.wait_for("Number");
    terminal.wait_for("● c");
    terminal.press("n");
    terminal.wait_for("2/3");
}

#[test]
fn a_key_that_comes_with_a_resize_is_not_lost() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    for n in 0..60 {
        let (key, columns) = (["a", "b", "c"][n % 3], 90 + (n % 2) as u16);
        terminal.resize(columns, 30);
        terminal.press(key);
        terminal.wait_for(&format!("● {key}"));
    }
}

#[test]
fn the_footer_names_no_key_that_a_field_takes() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("leave the field");
    terminal.press("?");
    terminal.wait_for("[ ?");
    assert!(
        !terminal.screen().contains("? keys"),
        "{}",
        terminal.screen()
    );
    terminal.press("\t");
    terminal.wait_for("? keys");
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_lines() {
    let home = home_with(2);
    let args = ["assess", "mine", "--untimed", "--questions", "2"];
    let mut terminal = Terminal::start_with(&home, &args, &[("TERM", "dumb")]);
    terminal.wait_for("Question 1 of 2");
    terminal.wait_for("? help>");
    terminal.press("a\n");
    terminal.wait_for("how sure (");
    terminal.press("q\n");
    let left = terminal.end();
    assert!(
        left.status.success() && left.screen.contains("Everything is saved"),
        "{}",
        left.screen
    );
    assert!(!left.raw.contains(&0x1b), "{}", left.screen);
    let left = Terminal::start_with(&home, &[], &[("TERM", "dumb")]).end();
    assert_eq!(left.status.exit_code(), 2);
    assert!(left.screen.contains("assess --plain"), "{}", left.screen);
}

/// Parameters in a code listing are filled in on the question screen, the stage and the handout.
#[test]
fn parameters_are_filled_in_inside_listings() {
    let home = Home::new();
    let listing = "code_lang = \"sh\"\ncode = \"start --nodes={n}.\"\nlead_in = \"How many nodes";
    home.deck(
        "mine",
        head("mine") + &numeric(2).replace("lead_in = \"How many nodes", listing),
    );
    for args in [
        ["assess", "mine", "--untimed", "--questions", "1"].as_slice(),
        [
            "mentor",
            "meet",
            "Ada",
            "--deck",
            "mine",
            "--questions",
            "1",
        ]
        .as_slice(),
    ] {
        let mut terminal = Terminal::start(&home, args);
        if args[0] == "mentor" {
            terminal.wait_for("Ready to begin.");
            terminal.press(ENTER);
        }
        terminal.wait_for("start --nodes=");
        let screen = terminal.screen();
        let value = screen
            .split("start --nodes=")
            .nth(1)
            .and_then(|rest| rest.split('.').next())
            .unwrap_or_default();
        assert!(value.parse::<u32>().is_ok(), "{screen}");
        terminal.signal("TERM");
        terminal.end();
    }
}

/// A program that was killed leaves its screen to the next one, whose first frame sends only what isn't blank.
#[test]
fn what_a_killed_program_left_on_the_screen_is_cleared() {
    let home = home_with(1);
    let program = env!("CARGO_BIN_EXE_aethos");
    for args in ["", "join --as ada", "mentor --stage"] {
        let remains = format!("printf '\\033[?47h\\033[30;60HLeft behind'; exec {program} {args}");
        let mut terminal = Terminal::run(&home, "sh", &["-c", &remains], &[]);
        terminal.wait_for("? keys");
        assert!(!terminal.screen().contains("behind"), "aethos {args}");
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        let entered = raw.split("\x1b[?1049h").nth(1).unwrap_or_default();
        assert!(entered.starts_with("\x1b[2J"), "aethos {args}");
        // Ctrl+L removes what another program wrote.
        let before = terminal.raw().len();
        terminal.press("\x0c");
        let clears = || String::from_utf8_lossy(&terminal.raw()[before..]).contains("\x1b[2J");
        for _ in 0..100 {
            if clears() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        assert!(clears(), "aethos {args}");
        terminal.signal("TERM");
        terminal.end();
    }
}
