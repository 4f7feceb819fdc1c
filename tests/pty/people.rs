//! The screens about mentored people, on a real terminal: every change is in the history.

use aethos::core::id::PersonId;
use aethos::store::Store;

use super::home::Home;
use super::terminal::Terminal;
use super::{DOWN, END, ENTER, ESCAPE, home_with};

fn names(home: &Home) -> Vec<String> {
    let people = Store::open(&home.history()).unwrap().people().unwrap();
    people
        .into_iter()
        .filter(|person| person.id != PersonId::YOU)
        .map(|person| person.name.line())
        .collect()
}

fn add(terminal: &mut Terminal, name: &str) {
    terminal.press("a");
    terminal.wait_for("New person");
    terminal.press(name);
    terminal.press(ENTER);
    terminal.wait_for(&format!("added {name}"));
}

#[test]
fn people_are_added_renamed_met_on_paper_and_forgotten() {
    let home = home_with(8);
    let mut terminal = Terminal::start(&home, &["mentor"]);
    terminal.wait_for("No people yet");
    add(&mut terminal, "Mina");
    add(&mut terminal, "Joe");
    assert_eq!(
        names(&home),
        ["Mina", "Joe"],
        "it is kept before it is shown"
    );

    terminal.press(DOWN);
    terminal.press("e");
    terminal.wait_for("New name");
    terminal.press(" the Second");
    terminal.press(ENTER);
    terminal.wait_for("renamed to Joe the Second");

    terminal.press("m");
    terminal.wait_for("Prepare a session");
    terminal.press("E");
    terminal.wait_for("aethos-handout-");
    terminal.press("E");
    terminal.wait_for("-2.md");
    let papers: Vec<String> = std::fs::read_dir(home.work())
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(papers.len(), 2, "never over another one");
    assert!(
        papers
            .iter()
            .all(|paper| paper.contains("# Questions for Joe the Second"))
    );
    terminal.press(ESCAPE);
    terminal.wait_for("2 people");

    terminal.press(END);
    terminal.press("X");
    terminal.wait_for("Forget Joe the Second?");
    terminal.press(ENTER);
    terminal.wait_for("2 people");
    assert_eq!(names(&home).len(), 2, "the first choice keeps everything");
    terminal.press("X");
    terminal.wait_for("Erase everything");
    terminal.decide("3");
    terminal.wait_for("Joe the Second was erased");
    assert_eq!(names(&home), ["Mina"]);

    terminal.press(ESCAPE);
    terminal.wait_for("Set up");
    assert!(terminal.screen().contains("1 person"));
    terminal.press("q");
    let left = terminal.end();
    assert!(
        left.status.success() && left.changed.is_empty(),
        "{:?}",
        left.changed
    );
}
