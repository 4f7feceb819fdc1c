//! What the README promises.

use aethos::cli::{Exit, check};

#[test]
fn the_deck_of_the_readme_is_correct() {
    let readme = include_str!("../README.md");
    let deck = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-team.toml");
    std::fs::write(&path, deck).unwrap();

    let mut out = Vec::new();
    let args = check::Args { paths: vec![path], format: check::Format::Text, deny: Some(check::Deny::Warnings), explain: None };
    let exit = check::run(&args, None, false, &mut out).unwrap();
    assert_eq!((exit, String::from_utf8(out).unwrap().as_str()), (Exit::Fine, "no problems in 1 deck\n"));
}
