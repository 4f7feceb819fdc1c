//! Checks the claims of the README.

use std::process::Command;

#[test]
fn the_deck_of_the_readme_is_correct() {
    let readme = include_str!("../README.md");
    let deck = readme
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("my-team.toml"), deck).unwrap();

    let mut check = Command::new(env!("CARGO_BIN_EXE_aethos"));
    check.args(["check", "my-team.toml", "--deny", "warnings"]);
    let out = check
        .current_dir(folder.path())
        .env("AETHOS_HOME", folder.path())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stdout)
    );
}
