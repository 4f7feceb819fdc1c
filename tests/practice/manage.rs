//! Deleting, restoring and naming past sessions.

use std::process::{Command, Output};

use aethos::app::browse::SeenQuery;
use aethos::app::effect::HistoryState;
use aethos::app::{Effect, News};
use aethos::store::LONGEST_NAME;

use super::life::Life;

fn run(life: &Life, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aethos"))
        .args(arguments)
        .env("AETHOS_HOME", life.folder())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_deleted_assessment_leaves_the_scores_and_comes_back_as_it_was() {
    let mut life = Life::new(21);
    life.assess(24);
    life.sleep(1);
    life.assess(24);
    let before = life.shell.workspace.past().unwrap();
    let last = before[0].clone();
    let seen = life
        .shell
        .workspace
        .find_seen(&SeenQuery::default())
        .unwrap();

    let news = life.shell.perform(Effect::Delete(last.id.clone()));
    let home = news.iter().find_map(|news| match news {
        News::Home(home) => home.last.clone(),
        _ => None,
    });
    assert_ne!(
        home.unwrap().day,
        "",
        "the earlier assessment is the last one"
    );
    let past = life.shell.workspace.past().unwrap();
    assert!(matches!(
        past[0].state,
        HistoryState::Discarded {
            is_deleted: true,
            ..
        }
    ));
    assert!(!past[0].is_scored() && past[1].is_scored());
    let found = life.shell.workspace.find_session(None).unwrap();
    assert_eq!(found, before[1].id, "the report is about what is left");
    // What was seen stays known, also when practice is derived again.
    life.execute("DELETE FROM derived");
    let mut life = life.restarted();
    let still = life
        .shell
        .workspace
        .find_seen(&SeenQuery::default())
        .unwrap();
    assert_eq!(still.lines.len(), seen.lines.len());
    assert_eq!(
        life.shell.workspace.verify_history().unwrap(),
        Some(Vec::new())
    );

    life.shell.workspace.restore(&last.id).unwrap();
    let after = life.shell.workspace.past().unwrap();
    assert_eq!(format!("{after:?}"), format!("{before:?}"));
}

#[test]
fn a_deletion_can_be_undone_for_30_days() {
    let mut life = Life::new(22);
    life.assess(8);
    let id = life.shell.workspace.past().unwrap()[0].id.clone();
    life.shell.workspace.delete(&id).unwrap();
    life.shell.workspace.delete(&id).unwrap();
    life.sleep(31);
    assert!(life.shell.workspace.past().unwrap().is_empty());
    let refused = life.shell.workspace.restore(&id).unwrap_err().to_string();
    assert!(refused.contains("more than 30 days ago"), "{refused}");
}

#[test]
fn sessions_have_names_until_their_person_is_erased() {
    let mut life = Life::new(23);
    life.assess(8);
    let id = life.shell.workspace.past().unwrap()[0].id.clone();
    let workspace = &mut life.shell.workspace;
    let long = "x".repeat(LONGEST_NAME + 1);
    assert!(workspace.rename(&id, &long).is_err());
    workspace.rename(&id, "before\u{1b}[2J the move").unwrap();
    let name = workspace.past().unwrap()[0].name.clone().unwrap();
    assert!(!name.as_str().contains('\u{1b}'), "{name:?}");
    workspace.rename(&id, " ").unwrap();
    assert_eq!(workspace.past().unwrap()[0].name, None);

    workspace.rename(&id, "secret").unwrap();
    workspace.delete(&id).unwrap();
    let path = life.folder().join("history.db");
    let mut store = aethos::store::Store::open(&path).unwrap();
    let you = store.people().unwrap().remove(0);
    store.erase(&you).unwrap();
    drop(store);
    let file = std::fs::read(&path).unwrap();
    assert!(!file.windows(6).any(|bytes| bytes == b"secret"));
}

#[test]
fn the_command_line_deletes_restores_and_renames() {
    let mut life = Life::new(24);
    life.assess(8);
    let id = life.shell.workspace.past().unwrap()[0].id.to_string();
    let life = life.restarted();
    let named = run(&life, &["history", "rename", &id[..9], "before the move"]);
    assert!(
        stdout(&named).contains("is named before the move"),
        "{named:?}"
    );
    let listed = stdout(&run(&life, &["history"]));
    assert!(listed.contains("before the move: "), "{listed}");
    let json = stdout(&run(&life, &["history", "--json"]));
    assert!(json.contains("\"name\": \"before the move\""), "{json}");

    let unsure = run(&life, &["history", "delete", &id]);
    assert_eq!(unsure.status.code(), Some(2), "{unsure:?}");
    let words = String::from_utf8_lossy(&unsure.stderr).into_owned();
    assert!(words.contains("add --yes"), "{words}");
    let deleted = run(&life, &["history", "delete", "--yes", &id]);
    assert!(stdout(&deleted).contains("was deleted"), "{deleted:?}");
    assert!(stdout(&run(&life, &["history"])).contains("history restore"));
    let restored = run(&life, &["history", "restore", &id]);
    assert!(stdout(&restored).contains("was restored"), "{restored:?}");
    let unknown = run(&life, &["history", "delete", "--yes", "1999"]);
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("lists no session 1999"));
}
