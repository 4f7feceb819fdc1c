//! Snapshots of every screen at three sizes, and properties at any size and in any theme.

mod support;

#[path = "screens/browse.rs"]
mod browse;
#[path = "screens/bytes.rs"]
mod bytes;
#[path = "screens/clock.rs"]
mod clock;
#[path = "screens/content.rs"]
mod content;
#[path = "screens/contrast.rs"]
mod contrast;
#[path = "screens/guide.rs"]
mod guide;
#[path = "screens/keys.rs"]
mod keys;
#[path = "screens/mentor.rs"]
mod mentor;
#[path = "screens/practice.rs"]
mod practice;
#[path = "screens/states.rs"]
mod states;

use std::sync::Arc;

use aethos::app::settings::Settings;
use aethos::app::settings::ThemeChoice;
use aethos::core::time::Millis;
use aethos::tui::key::Input;
use aethos::tui::theme::Theme;
use proptest::prelude::*;
use ratatui::style::{Color, Style};
use states::{STATES, State};
use support::desk::Desk;

/// Large, standard and minimum size.
const SIZES: [(u16, u16); 3] = [(100, 30), (80, 24), (40, 12)];
/// A wide terminal, and screens that use its width.
const WIDE: (u16, u16) = (160, 40);
const TWO_COLUMNS: &[&str] = &[
    "home_first_run",
    "home_with_history",
    "result",
    "feedback_wrong",
    "review_single",
    "history",
    "agenda_interview",
    "browse",
    "items",
    "deck",
    "overview",
    "person",
    "prepare",
    "prepare_several",
    "calibration",
    "cohort",
    "settings",
    "briefing",
    "briefing_with_history",
    "briefing_rating",
    "briefing_deepening",
    "setup",
    "setup_changed",
    "practice_summary",
    "progress",
    "competency",
    "export",
    "person_sessions",
    "mentor_console",
    "several_cue",
    "several_ready",
    "several_closing_console",
    "mentor_open_console",
];
const USUAL: (u16, u16) = (80, 24);

fn every_state() -> impl Iterator<Item = &'static State> {
    STATES.iter().chain(mentor::STATES).chain(browse::STATES)
}

fn dark() -> Theme {
    Theme::new(ThemeChoice::Dark, false, false)
}

fn desk((_, get_there): &State, theme: Theme, size: (u16, u16)) -> Desk {
    let mut desk = Desk::new(content::home(), Settings::default(), theme, size);
    get_there(&mut desk);
    desk
}

#[test]
fn every_screen_looks_as_it_did() {
    for state in every_state() {
        let picture = |size: (u16, u16)| {
            let picture = desk(state, dark(), size).picture();
            format!(
                "{:─^width$}\n{picture}\n",
                format!(" {}x{} ", size.0, size.1),
                width = usize::from(size.0)
            )
        };
        let wide = TWO_COLUMNS.contains(&state.0).then_some(WIDE);
        let pictures: Vec<String> = wide.into_iter().chain(SIZES).map(picture).collect();
        insta::assert_snapshot!(state.0, pictures.concat());
    }
}

#[test]
fn pages_with_one_column_are_centred_and_questions_stay_in_place() {
    let indent = |state: &State| {
        let picture = desk(state, dark(), WIDE).picture();
        let mut lines = picture.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        first.chars().take_while(|c| *c == ' ').count()
    };
    for state in every_state() {
        let indent = indent(state);
        assert!(indent == 2 || indent == 40, "{}: {indent}", state.0);
    }
    let of = |name: &str| every_state().find(|state| state.0 == name).map(indent);
    for name in [
        "single",
        "code",
        "numeric_typed",
        "finish_dialog",
        "feedback_wrong",
    ] {
        assert_eq!(of(name), Some(2), "{name}");
    }
    for name in ["decks", "roster"] {
        assert_eq!(of(name), Some(40), "{name}");
    }
}

#[test]
fn the_overview_never_shows_a_question_that_was_not_shown() {
    let state = every_state().find(|(name, _)| *name == "overview").unwrap();
    for size in SIZES.into_iter().chain([WIDE]) {
        let mut desk = desk(state, dark(), size);
        let session = desk.app.model.running.as_ref().unwrap().session();
        let unseen = (0..session.len()).filter(|slot| !session.sheet(*slot).shown);
        let texts = unseen.map(|slot| (slot, session.question(slot).lead_in.line()));
        let texts: Vec<(usize, String)> = texts.collect();
        assert!(!texts.is_empty());
        for (slot, lead_in) in texts {
            desk.press("1");
            desk.press(&"right ".repeat(slot));
            let picture = desk.picture();
            let says = picture.contains(&format!("{}  not seen yet", slot + 1));
            assert!(says && !picture.contains(&lead_in), "{picture}");
        }
    }
}

#[test]
fn no_size_is_too_small_or_too_large_to_draw() {
    for state in every_state() {
        let mut desk = desk(state, dark(), USUAL);
        for width in 0..=24 {
            (0..=12).for_each(|height| desk.resize(width, height));
        }
        for (width, height) in [(1, 200), (300, 1), (300, 100), (59, 16), (60, 15), (25, 7)] {
            desk.resize(width, height);
        }
    }
}

#[test]
fn the_last_column_of_a_narrow_screen_is_for_scroll_marks() {
    for state in every_state() {
        for (width, height) in [(40, 12), (59, 16)] {
            let mut desk = desk(state, dark(), (width, height));
            let buffer = desk.draw();
            for y in 0..height {
                let symbol = buffer[(width - 1, y)].symbol();
                assert!(
                    matches!(symbol, " " | "▲" | "▼"),
                    "{} has {symbol} there at {width}x{height}",
                    state.0
                );
            }
        }
    }
}

/// Returns a screen in the usual size, after these keys.
fn shown(name: &str, keys: &str) -> Desk {
    let state = every_state().find(|(n, _)| *n == name);
    let mut desk = desk(state.expect("it is in the list"), dark(), USUAL);
    desk.press(keys);
    desk
}

#[test]
fn the_same_form_begins_with_its_rules() {
    let picture = shown("result", "r").picture();
    assert!(
        picture.contains("Before you start") && picture.contains("the same form again"),
        "{picture}"
    );
}

#[test]
fn a_partial_answer_has_its_own_mark_and_counts_as_unanswered() {
    let picture = shown("matching_half", "g").picture();
    assert!(
        picture.contains("◐ 1 partly") && picture.contains("● 0 answered"),
        "{picture}"
    );
    let picture = shown("matching_half", "g F").picture();
    assert!(picture.contains("one of them only partly"), "{picture}");
    let picture = shown("matching_answered", "g").picture();
    assert!(
        !picture.contains('◐') && picture.contains("● 1 answered"),
        "{picture}"
    );
}

#[test]
fn the_set_up_begins_with_the_length_chosen_at_home() {
    let picture = shown("home_first_run", "left left s").picture();
    assert!(picture.contains("16 questions, short"), "{picture}");
    let keys = "left s up up up up right left"; // adaptive, and back
    let picture = shown("home_first_run", keys).picture();
    assert!(picture.contains("24 questions, quick"), "{picture}");
}

#[test]
fn help_has_the_title_of_its_screen() {
    for (state, title) in [("setup", "Set up an assessment"), ("settings", "Settings")] {
        let picture = shown(state, "?").picture();
        assert!(picture.contains(&format!("Keys: {title}")), "{picture}");
    }
}

#[test]
fn only_what_works_on_the_marked_line_is_offered() {
    let ratings = "1 junior  2 mid";
    assert!(
        !shown("setup", "").picture().contains(ratings),
        "the start is marked"
    );
    assert!(shown("setup", "home").picture().contains(ratings));
    let mut unscored = shown("home_first_run", "");
    let blueprint = Arc::make_mut(&mut unscored.app.model.home.blueprint);
    blueprint.competencies[0].weight = 0;
    unscored.press("s home");
    let picture = unscored.picture();
    assert!(!picture.contains(ratings), "{picture}");
    let mut settings = shown("settings", "end");
    let picture = settings.picture();
    let interview = picture.lines().find(|line| line.contains("Interview"));
    assert!(
        interview.is_some_and(|line| !line.contains('◂')),
        "{picture}"
    );
}

#[test]
fn confidence_is_offered_only_after_a_number() {
    let promise = "1-4 confidence";
    assert!(shown("numeric_typed", "").picture().contains(promise));
    let mut wrong = shown("numeric", "");
    wrong.write("many");
    assert!(!wrong.picture().contains(promise), "{}", wrong.picture());
    wrong.press("enter 2");
    assert!(
        wrong.picture().contains("not a number yet"),
        "{}",
        wrong.picture()
    );
}

#[test]
fn a_field_on_a_small_screen_names_all_its_keys() {
    let footer = |name: &str| {
        let state = every_state().find(|(n, _)| *n == name).unwrap();
        let picture = desk(state, dark(), (40, 12)).picture();
        picture.lines().last().unwrap_or_default().to_owned()
    };
    for (name, keys) in [
        ("numeric", "PgDn scroll · tab leave"),
        ("numeric_typed", "↵ done · PgDn scroll · tab leave"),
    ] {
        assert_eq!(footer(name).trim(), keys, "{name}");
    }
}

#[test]
fn one_word_names_what_a_key_does() {
    // A session is left, and can be resumed; aethos is quit.
    assert!(shown("single", "").picture().contains("q leave"));
    let home = every_state()
        .find(|state| state.0 == "home_first_run")
        .unwrap();
    assert!(desk(home, dark(), WIDE).picture().contains("q quit"));
    // Esc goes back; N shows the previous question, as the help says where the footer has no room.
    let picture = shown("multiple", "?").picture();
    assert!(picture.contains("previous question") && !picture.contains("N back"));
}

#[test]
fn a_line_that_is_cut_ends_in_an_ellipsis() {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (24, 8));
    desk.press(", end");
    let buffer = desk.draw();
    let ends = (0..8).map(|y| buffer[(22, y)].symbol());
    assert!(ends.into_iter().any(|end| end == "…"), "{}", desk.picture());
}

/// Returns the style of every cell; the text is the same in each theme.
fn styles(state: &State, theme: Theme) -> (String, Vec<Style>) {
    let mut desk = desk(state, theme, USUAL);
    (
        desk.picture(),
        desk.draw()
            .content
            .iter()
            .map(ratatui::buffer::Cell::style)
            .collect(),
    )
}

#[test]
fn mono_has_no_colour_and_says_the_same() {
    for state in every_state() {
        let plain = |color: Option<Color>| matches!(color, None | Some(Color::Reset));
        let (picture, mono) = styles(state, Theme::new(ThemeChoice::Mono, false, false));
        assert!(
            mono.iter().all(|style| plain(style.fg) && plain(style.bg)),
            "{} has colour",
            state.0
        );
        let (_, no_color) = styles(state, Theme::new(ThemeChoice::Dark, true, false));
        assert_eq!(no_color, mono, "{}: NO_COLOR is mono", state.0);
        let settings = state.0 == "settings";
        assert!(
            settings || picture == styles(state, dark()).0,
            "{} says something else in mono",
            state.0
        );
    }
}

#[test]
fn light_and_dark_differ_in_nothing_but_colour() {
    for state in every_state() {
        let (dark, light) = (
            styles(state, dark()),
            styles(state, Theme::new(ThemeChoice::Light, false, false)),
        );
        assert_eq!(dark.0, light.0, "{}", state.0);
        let indexed = |styles: &[Style]| {
            styles
                .iter()
                .filter(|s| matches!(s.fg, Some(Color::Indexed(_))))
                .count()
        };
        assert!(
            dark.1 != light.1 && indexed(&dark.1) == indexed(&light.1),
            "{} looks the same in both",
            state.0
        );
    }
}

#[test]
fn where_the_locale_is_not_utf_8_everything_is_ascii() {
    let mut problems = Vec::new();
    for state in every_state() {
        for size in SIZES {
            let picture = desk(state, Theme::new(ThemeChoice::Dark, false, true), size).picture();
            let line = picture.lines().find(|line| !line.is_ascii());
            problems.extend(line.map(|line| format!("{} at {}: {}", state.0, size.0, line.trim())));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn any_keys() -> impl Strategy<Value = Vec<String>> {
    let names = "enter esc tab backspace up down left right home end pageup pagedown space ctrl+u ctrl+d ctrl+z ? , \
                  a b c d e f g h i j k l n o p q r s u v w x z B J K G F N ! / y 0 1 2 3 4 9 . % é";
    let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
    prop::collection::vec(prop::sample::select(names), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 60 } else { 600 }))]

    #[test]
    fn no_key_and_no_click_anywhere_does_harm(
        state in prop::sample::select(every_state().copied().collect::<Vec<_>>()),
        (width, height) in prop_oneof![Just(USUAL), (20..110u16, 1..34u16)],
        keys in any_keys(), clicks in prop::collection::vec((0..110u16, 0..34u16, any::<bool>()), 0..40),
    ) {
        // The way there needs keys that wait until what they do is in view, which it never is on a tiny screen.
        let mut desk = desk(&state, dark(), USUAL);
        desk.resize(width, height);
        for (key, (column, row, drag)) in keys.iter().zip(clicks) {
            desk.press(key);
            desk.input(if drag { Input::Drag { column, row } } else { Input::Click { column, row } });
            desk.input(Input::Wheel { up: drag });
            desk.input(Input::Paste("12\u{1b}[31m\n\u{202e}x".to_owned()));
            desk.now += Millis::seconds(30);
            desk.wake(false);
            let hostile = desk.picture().contains(['\u{1b}', '\u{202e}']);
            prop_assert!(!hostile, "what was pasted is drawn as it is");
        }
    }
}

#[test]
fn nothing_is_rated_that_is_off_the_screen() {
    use aethos::session::Event;
    let state = |name: &str| {
        every_state()
            .find(|(n, _)| *n == name)
            .expect("it is in the list")
    };
    let mut desk = desk(state("single_answered"), dark(), (40, 12));
    let stated = |desk: &Desk| {
        desk.log
            .iter()
            .filter(|(_, stamped)| matches!(stamped.event, Event::Confident { .. }))
            .count()
    };
    let before = stated(&desk);
    desk.press("home 1");
    assert_eq!(stated(&desk), before);
    assert!(
        desk.picture().contains("off the screen") && desk.picture().contains("1 guess"),
        "{}",
        desk.picture()
    );
    desk.press("1");
    assert_eq!(stated(&desk), before + 1);

    let mut desk = self::desk(state("feedback_open"), dark(), (40, 12));
    let rated = |desk: &Desk| {
        desk.log
            .iter()
            .filter(|(_, stamped)| matches!(stamped.event, Event::RubricRated { .. }))
            .count()
    };
    desk.press("home 1");
    assert_eq!(rated(&desk), 0);
    assert!(
        desk.picture().contains("0 to 2 points"),
        "{}",
        desk.picture()
    );
    desk.press("1");
    assert_eq!(rated(&desk), 1);
}

#[test]
fn a_line_that_is_off_the_screen_is_not_changed() {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (40, 8));
    desk.press(", pagedown pagedown pagedown");
    let theme = desk.app.model.settings.theme;
    desk.press("right");
    assert_eq!(desk.app.model.settings.theme, theme);
    desk.press("right");
    assert_ne!(desk.app.model.settings.theme, theme);
}
