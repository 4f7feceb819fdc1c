//! The clock of a timed session while keys arrive.

use aethos::core::time::Millis;
use aethos::session::Phase;
use aethos::tui::key::Input;

use super::states::STATES;
use super::support::desk::Desk;

fn at(name: &str) -> Desk {
    let state = STATES.iter().find(|state| state.0 == name);
    super::desk(
        state.expect("it is in the list"),
        super::dark(),
        super::USUAL,
    )
}

fn has_expired(desk: &Desk) -> bool {
    let running = desk.app.model.running.as_ref();
    running.is_some_and(|running| running.session().phase() == Phase::Expired)
}

#[test]
fn time_passes_while_a_key_is_held_down() {
    let mut desk = at("single");
    let down = "down".parse().unwrap();
    // Thirty keys a second for an hour leave the loop no pause to wake up in.
    for _ in 0..3600 {
        desk.now += Millis::seconds(1);
        desk.input_after(Millis::ZERO, Input::Key(down));
        if has_expired(&desk) {
            break;
        }
    }
    assert!(has_expired(&desk));
    assert!(desk.picture().contains("Time is up"), "{}", desk.picture());
}

#[test]
fn a_key_meant_for_the_question_does_not_answer_the_dialog_that_appears_by_itself() {
    for (pause, ends) in [(0, false), (700, false), (1001, true)] {
        let mut desk = at("single");
        while !has_expired(&desk) {
            desk.wait_until(desk.now + Millis::seconds(1));
        }
        let finish = "1".parse().unwrap();
        desk.input_after(Millis(pause), Input::Key(finish));
        assert_eq!(has_expired(&desk), !ends, "after {pause} ms");
    }
}
