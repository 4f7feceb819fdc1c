//! The keys that the help and the footer of a screen show: each one does something there.

use aethos::app::effect::Effect;
use aethos::app::people::PeopleRequest;
use aethos::app::settings::Settings;
use aethos::core::response::Answer;
use aethos::core::time::Millis;
use aethos::session::{Event, Stamped};

use super::support::desk::Desk;
use super::{content, dark, every_state};
use crate::states::State;

/// Keys that bring a screen into a position from which a key can do something, such as `up` from the second line.
const BEFORE: [&str; 8] = [
    "", "down", "left", "right", "end", "pagedown", "pageup", "up up",
];
/// High enough for the whole help.
const TALL: (u16, u16) = (100, 60);

fn desk(state: &State) -> Desk {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (80, 24));
    (state.1)(&mut desk);
    // What was said on the way here would hide what is said next.
    desk.app.model.told = None;
    desk
}

/// Opens a state from the list.
fn desk_at(name: &str) -> Desk {
    let state = every_state().find(|state| state.0 == name);
    desk(state.expect("it is in the list"))
}

/// Everything that a key can change, except for a message that it does nothing.
fn visible(desk: &mut Desk) -> (String, usize, usize, usize) {
    desk.app.model.told = None;
    (
        desk.picture(),
        desk.log.len(),
        desk.minutes.len(),
        desk.asked.len() + desk.drafts.len(),
    )
}

/// Returns the name of a key in the settings for its name on a screen.
fn name(shown: &str) -> String {
    let names = [
        ("↵", "enter"),
        ("↑", "up"),
        ("↓", "down"),
        ("←", "left"),
        ("→", "right"),
        ("bksp", "backspace"),
        ("PgUp", "pageup"),
        ("PgDn", "pagedown"),
    ];
    let plain = shown.replace('^', "ctrl+");
    for (sign, name) in names {
        if plain.trim_start_matches("ctrl+") == sign {
            return plain.replace(sign, name);
        }
    }
    plain
}

/// Returns the keys of the footer; the last of `a-d` and `1-4` stands for all.
fn footer(desk: &mut Desk) -> Vec<String> {
    let picture = desk.picture();
    let line = picture.trim_end().lines().last().unwrap_or("");
    let hints = line
        .split(" · ")
        .filter_map(|hint| hint.split_whitespace().next());
    let key = |hint: &str| match hint.split_once('-') {
        Some((first, last)) if !first.is_empty() && !last.is_empty() => last.to_owned(),
        _ => name(hint),
    };
    hints.map(key).collect()
}

/// Returns the first key of each line of the help, without those that stand for an option or a number.
fn help(state: &State) -> Vec<String> {
    let mut desk = desk(state);
    desk.press("?");
    desk.resize(TALL.0, TALL.1);
    let picture = desk.picture();
    let Some((_, lines)) = picture.split_once("Keys: ") else {
        return Vec::new();
    };
    // The first column holds the keys of an action; one of them stands for all.
    let column = |line: &str| -> String { line.chars().skip(10).take(18).collect() };
    let keys = lines.lines().skip(1).map(column);
    let keys = keys.take_while(|keys| keys.trim() != "mouse");
    keys.filter(|keys| !keys.contains("..."))
        .filter_map(|keys| keys.split_whitespace().next().map(name))
        .collect()
}

fn does_something(state: &State, key: &str) -> bool {
    BEFORE.iter().any(|before| {
        let mut desk = desk(state);
        desk.press(before);
        let was = visible(&mut desk);
        // Later than a key that was meant for the screen before.
        desk.now += Millis(500);
        desk.press(key);
        visible(&mut desk) != was
    })
}

#[test]
fn every_key_that_is_shown_does_something() {
    let mut problems = Vec::new();
    for (place, state) in every_state().enumerate() {
        let mut keys = footer(&mut desk(state));
        keys.extend(help(state));
        keys.sort();
        keys.dedup();
        // These work on every screen; two screens show that.
        keys.retain(|key| place < 2 || !["?", "M", "q", "ctrl+z"].contains(&key.as_str()));
        let idle = keys.iter().filter(|key| !does_something(state, key));
        problems.extend(idle.map(|key| format!("{}: {key}", state.0)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn help_shows_only_what_works_here() {
    let state = |name: &str| {
        every_state()
            .find(|state| state.0 == name)
            .expect("it is in the list")
    };
    let shows = |name: &str, key: &str| help(state(name)).iter().any(|shown| shown == key);
    assert!(shows("single", "x") && !shows("numeric_typed", "x"));
    assert!(shows("ordering", "J") && !shows("single", "J"));
    assert!(
        shows("practice", "u") && !shows("single", "u"),
        "nothing is given up in an assessment"
    );
    assert!(shows("feedback_right", "+") && !shows("feedback_wrong", "+"));
    assert!(
        !shows("single", "N"),
        "there is no question before the first"
    );
    assert!(shows("agenda_interview", "backspace") && !shows("agenda", "backspace"));
}

#[test]
fn help_says_what_a_key_does_here() {
    let picture = |name: &str| {
        let mut desk = desk_at(name);
        desk.press("?");
        desk.resize(TALL.0, TALL.1);
        desk.picture()
    };
    let ordering = picture("ordering");
    assert!(ordering.contains("answer with the order that is shown"));
    assert!(!ordering.contains("highlighted option"), "{ordering}");
    assert!(picture("single").contains("choose, then go to the next question"));
    assert!(picture("practice").contains("choose, then check the answer"));
    assert!(picture("review_single").contains("from the end to the next question"));
    assert!(!picture("mentor_asking").contains("fingers"));
    let joined = picture("joined_voted");
    assert!(joined.contains("how sure: guess, unsure, fairly, sure"));
}

#[test]
fn the_help_of_a_dialog_closes_again_and_has_no_help() {
    let mut desk = desk_at("time_is_up_dialog");
    desk.press("?");
    assert!(
        desk.picture().contains("Keys: Time is up"),
        "{}",
        desk.picture()
    );
    desk.press("?");
    assert!(!desk.picture().contains("Keys:"), "{}", desk.picture());
    desk.press("? esc");
    assert!(desk.picture().contains("Continue untimed"));
    assert!(!desk.picture().contains("Keys:"), "{}", desk.picture());
}

#[test]
fn the_date_of_the_interview_moves_by_a_week() {
    let mut desk = desk_at("agenda_interview");
    let before = desk.app.model.agenda.as_ref().unwrap().interview.unwrap();
    desk.press("]");
    let after = desk.app.model.settings.interview.unwrap();
    assert_eq!(after.0, before.plus(7));
}

/// The answers to the ordering that the log holds, as the positions of the dealt steps.
fn orders(desk: &Desk) -> Vec<Vec<u8>> {
    let order = |stamped: &Stamped| match &stamped.event {
        Event::Answered {
            answer: Answer::Ordered(order),
            ..
        } => Some(order.iter().map(|choice| choice.index() as u8).collect()),
        _ => None,
    };
    desk.log
        .iter()
        .filter_map(|(_, stamped)| order(stamped))
        .collect()
}

#[test]
fn typed_letters_order_the_steps_and_digits_state_the_confidence() {
    let state = every_state()
        .find(|state| state.0 == "ordering")
        .expect("it is in the list");
    let mut desk = desk(state);
    let dealt = {
        let running = desk.app.model.running.as_ref().expect("it is under way");
        running.session().item(content::ORDERING).order.clone()
    };
    desk.press("c a 1 d");
    assert!(orders(&desk).is_empty(), "an incomplete order is no answer");
    desk.press("d");
    assert!(
        desk.picture().contains("step d was typed already"),
        "{}",
        desk.picture()
    );
    desk.press("backspace enter");
    assert!(
        desk.picture().contains("2 of 4 steps typed so far"),
        "{}",
        desk.picture()
    );
    desk.press("b d");
    let typed: Vec<u8> = [2, 0, 1, 3]
        .iter()
        .map(|place| dealt[*place as usize].index() as u8)
        .collect();
    assert_eq!(orders(&desk), [typed]);
    desk.press("d 3 backspace");
    let is_confidence = |stamped: &Stamped| matches!(stamped.event, Event::Confident { .. });
    assert!(
        desk.log.iter().any(|(_, stamped)| is_confidence(stamped)),
        "digits rate an answer"
    );
}

#[test]
fn the_mouse_can_be_left_to_the_terminal() {
    let mut desk = desk(
        every_state()
            .find(|state| state.0 == "single")
            .expect("it is in the list"),
    );
    for on in [false, true] {
        desk.press("M");
        let Some(Effect::SaveSettings(settings)) = desk.asked.last() else {
            panic!("the setting is saved")
        };
        assert_eq!(settings.mouse, on);
    }
}

#[test]
fn a_deck_opens_on_the_questions_that_were_seen() {
    let mut desk = desk(
        every_state()
            .find(|state| state.0 == "decks")
            .expect("it is in the list"),
    );
    desk.press("enter");
    assert!(matches!(desk.asked.last(), Some(Effect::ShowDeck(_))));
}

#[test]
fn the_cohort_opens_the_marked_person() {
    let mut desk = desk(
        every_state()
            .find(|state| state.0 == "cohort")
            .expect("it is in the list"),
    );
    let second = desk
        .app
        .model
        .people
        .cohort
        .as_ref()
        .expect("it is shown")
        .cohort
        .people[1];
    desk.press("right enter");
    let Some(Effect::People(request)) = desk.asked.last() else {
        panic!("somebody is opened")
    };
    assert!(matches!(**request, PeopleRequest::Person(person) if person == second));
}

#[test]
fn the_overview_finds_open_and_flagged_questions_and_ends_behind_the_last() {
    let mut desk = desk(
        every_state()
            .find(|state| state.0 == "overview")
            .expect("it is in the list"),
    );
    let shows = |desk: &mut Desk, words: &str| {
        let picture = desk.picture();
        assert!(picture.contains(words), "no {words:?} in {picture}");
    };
    desk.press("f");
    shows(&mut desk, "  1  How should");
    desk.press("f");
    shows(&mut desk, "  6  What follows");
    desk.press("n");
    shows(&mut desk, "  7  ");
    desk.press("N");
    shows(&mut desk, "  6  What follows");
    desk.press("end");
    shows(&mut desk, "▸ Finish the assessment");
    desk.press("enter");
    shows(&mut desk, "Finish the assessment?");
}

#[test]
fn on_a_small_screen_one_key_leads_to_the_options_and_back() {
    for name in ["single", "long_stem", "code"] {
        let state = every_state()
            .find(|state| state.0 == name)
            .expect("it is in the list");
        let mut desk = Desk::new(content::home(), Settings::default(), dark(), (40, 12));
        (state.1)(&mut desk);
        desk.press("home");
        assert!(
            desk.picture().contains("further down: tab"),
            "{}",
            desk.picture()
        );
        desk.press("tab");
        assert!(desk.picture().contains("○ a"), "{name}: {}", desk.picture());
        desk.press("tab");
        assert!(
            !desk.picture().contains("○ a"),
            "{name}: {}",
            desk.picture()
        );
    }
}

#[test]
fn a_digit_rates_a_competency_and_marks_the_next() {
    let mut desk = desk_at("home_first_run");
    desk.press("enter down enter 1 2 3");
    let picture = desk.picture();
    for level in ["◂ junior ▸", "◂ mid ▸", "◂ senior ▸"] {
        assert_eq!(picture.matches(level).count(), 1, "{level}: {picture}");
    }
}

#[test]
fn the_finish_dialog_marks_the_end_once_everything_is_answered() {
    for (name, marks) in [("finish_dialog", false), ("finish_dialog_complete", true)] {
        let mut desk = desk_at(name);
        let picture = desk.picture();
        let is_marked = |line: &str| line.contains('▸') && line.contains("Finish and");
        assert_eq!(picture.lines().any(is_marked), marks, "{picture}");
    }
}

#[test]
fn backspace_after_leaving_a_field_deletes_one_character() {
    let mut desk = desk_at("numeric");
    desk.write("1344");
    desk.press("tab backspace");
    let running = desk.app.model.running.as_ref().unwrap();
    assert_eq!(
        running.session().sheet(content::NUMERIC).answer,
        Some(Answer::Number("134".to_owned()))
    );
}

#[test]
fn a_digit_in_the_set_up_rates_one_competency_and_marks_the_next() {
    let mut desk = Desk::new(content::home(), Settings::default(), dark(), (80, 40));
    desk.press("s home 1 2 3");
    let picture = desk.picture();
    let rated: Vec<&str> = picture
        .lines()
        .filter_map(|line| {
            let levels = ["junior", "mid", "senior"];
            let says = |level: &&str| {
                !line.contains("0 none") && line.split([' ', ':']).any(|word| word == *level)
            };
            levels.into_iter().find(says)
        })
        .collect();
    assert!(
        rated
            .windows(3)
            .any(|three| three == ["junior", "mid", "senior"]),
        "{picture}"
    );
}

#[test]
fn the_length_that_was_chosen_last_is_offered_again() {
    let mut desk = desk_at("home_with_history");
    desk.press("left left");
    assert!(
        desk.picture().contains("16 questions"),
        "{}",
        desk.picture()
    );
    desk.press("enter esc");
    assert!(
        desk.picture().contains("16 questions"),
        "{}",
        desk.picture()
    );
    desk.press(",  esc s esc");
    assert!(
        desk.picture().contains("16 questions"),
        "{}",
        desk.picture()
    );
}

#[test]
fn the_promise_of_scores_holds_for_the_chosen_length() {
    let mut desk = desk_at("home_with_history");
    let shows = |desk: &mut Desk, words: &str| {
        let picture = desk.picture();
        let words_of = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words_of(&picture).contains(words),
            "no {words:?} in {picture}"
        );
    };
    shows(
        &mut desk,
        "with a score and its uncertainty for each competency",
    );
    desk.press("left left left");
    shows(&mut desk, "without a score for each competency");
    desk.press("enter");
    shows(
        &mut desk,
        "No competency gets a score of its own: it takes 3 questions",
    );
}
