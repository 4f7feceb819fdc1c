//! The pictures in the pages of `docs/` about mentor sessions are drawn from the states of the snapshots.

use std::fs;

use super::{USUAL, dark, desk, every_state};

const PAGES: [&str; 3] = ["homework.md", "chat-votes.md", "join.md"];
/// The beginning of the line above a picture; the name of the state follows.
const MARK: &str = "<!-- screen: ";

/// Returns a picture of a state, without empty lines at its top and without the margin.
fn picture(name: &str) -> String {
    let state = every_state().find(|(known, _)| *known == name);
    let state = state.unwrap_or_else(|| panic!("no state {name}"));
    let drawn = desk(state, dark(), USUAL).picture();
    let lines: Vec<&str> = drawn
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).trim_end())
        .skip_while(|line| line.is_empty())
        .collect();
    let mut picture = String::new();
    for (at, line) in lines.iter().enumerate() {
        // One empty line is enough between the body and the footer.
        let is_repeated = line.is_empty() && at > 0 && lines[at - 1].is_empty();
        if !is_repeated {
            picture += &format!("{line}\n");
        }
    }
    picture
}

/// Returns the page with each picture drawn anew.
fn redrawn(page: &str) -> String {
    let mut parts = page.split(MARK);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n").expect("a mark ends with -->");
        let (_, after) = rest
            .strip_prefix("```text\n")
            .and_then(|old| old.split_once("```\n"))
            .expect("a picture follows the mark");
        text += &format!("{MARK}{name} -->\n```text\n{}```\n{after}", picture(name));
    }
    text
}

/// `GALLERY=write cargo test --test screens guide` draws the pictures anew.
#[test]
fn the_pictures_in_the_guides_are_current() {
    for name in PAGES {
        let path = format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"));
        let page = fs::read_to_string(&path).unwrap();
        assert!(page.contains(MARK), "{name} has pictures");
        let current = redrawn(&page);
        if std::env::var_os("GALLERY").is_some() {
            fs::write(&path, current).unwrap();
        } else {
            let hint = "GALLERY=write cargo test --test screens guide";
            assert!(page == current, "docs/{name} is out of date: {hint}");
        }
    }
}
