//! Scenarios of sessions: a form, timed events, and the expected results.
//!
//! Each `scenarios/*.toml` is played by the real app with the real session and clock. Every saved event is converted to
//! JSON and appended to a log, like in the store. At every point where the scenario may be interrupted, replaying the
//! log
//! must give the same state.

mod support;

#[path = "scenarios/anything.rs"]
mod anything;
#[path = "scenarios/play.rs"]
mod play;
#[path = "scenarios/script.rs"]
mod script;

use std::fs;
use std::path::PathBuf;

use script::Scenario;

#[test]
fn every_scenario_ends_as_it_must() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
    files.sort();
    assert!(
        files.len() >= 20,
        "only {} scenarios were found",
        files.len()
    );
    let mut failed = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy();
        let scenario: Scenario = match toml::from_str(&fs::read_to_string(file).unwrap()) {
            Ok(scenario) => scenario,
            Err(problem) => {
                failed.push(format!("{name}: {problem}"));
                continue;
            }
        };
        failed.extend(
            play::play(&scenario)
                .into_iter()
                .map(|problem| format!("{name}: {problem}")),
        );
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
