//! Decks that can't be read, or whose questions can't be asked.

use std::fs;

use super::home::{Home, singles};
use super::{refusal, text};

/// Returns what `check`, `practice` and `assess` say about a file.
fn told(home: &Home, path: &str) -> [String; 3] {
    let checked = home.run(&["check", path]);
    assert_eq!(checked.status.code(), Some(1));
    let checked = text(&checked.stdout);
    assert!(!checked.contains("os error"), "{checked}");
    let refused = |command: &str| {
        let output = home.run(&[command, path, "--plain"]);
        let code = output.status.code().unwrap();
        refusal(&output, code)
    };
    [checked, refused("practice"), refused("assess")]
}

#[test]
fn a_deck_that_can_not_be_opened_is_named_with_what_to_do() {
    let home = Home::new();
    let folder = home.work();
    fs::create_dir(folder.join("folder")).unwrap();
    let mut cases = vec![
        (
            "./nowhere.toml",
            "there is no such file or folder",
            "check the path",
        ),
        (
            "./folder",
            "there is no deck in this folder",
            "a deck is a file whose name ends in .toml",
        ),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("gone.toml", folder.join("link.toml")).unwrap();
        cases.push((
            "./link.toml",
            "it is a link to gone.toml, which doesn't exist",
            "correct or remove the link",
        ));
    }
    for (path, what, help) in cases {
        for said in told(&home, path) {
            assert!(
                said.contains(path) && said.contains(what) && said.contains(help),
                "{path}: {said}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_deck_without_permission_says_how_to_allow_it() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.work().join("mine.toml");
    fs::write(&file, singles("mine", 4)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        // Root may read everything.
        return;
    }
    for said in told(&home, "./mine.toml") {
        assert!(said.contains("chmod u+r"), "{said}");
    }
}

#[test]
fn a_named_deck_without_a_question_says_that_it_has_errors() {
    let home = Home::new();
    for name in ["mistakes.toml", "head.toml", "syntax.toml"] {
        let fixture = format!("{}/tests/fixtures/decks/{name}", env!("CARGO_MANIFEST_DIR"));
        fs::copy(fixture, home.work().join(name)).unwrap();
        let path = format!("./{name}");
        let [_, practised, assessed] = told(&home, &path);
        let words = format!("`aethos check {path}` shows what to fix");
        for said in [practised, assessed] {
            assert!(
                said.contains("has errors") && said.contains(&words),
                "{said}"
            );
        }
    }
}
