//! Practice is reliable: viewing a question loses nothing, missing questions are not due, and days follow the person's
//! time zone.

use aethos::app::effect::{Effect, News};
use aethos::core::practice::{Drill, Grade};
use aethos::core::time::Day;
use aethos::store::{Due, Store};

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::life::Life;

/// A data folder, with a deck of three questions beside it.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("home/decks")).unwrap();
        std::fs::write(folder.path().join("three.toml"), three()).unwrap();
        Self { folder }
    }

    fn deck(&self) -> PathBuf {
        self.folder.path().join("three.toml")
    }

    /// Runs the program with `typed` as its input, and returns its output.
    fn run(&self, arguments: &[&str], typed: &str, zone: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aethos"));
        command
            .args(arguments)
            .env("AETHOS_HOME", self.folder.path().join("home"))
            .env("TZ", zone);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(typed.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    }

    fn practise(&self, deck: &Path, typed: &str) -> String {
        self.run(
            &["practice", "--plain", deck.to_str().unwrap()],
            typed,
            "UTC",
        )
    }
}

fn three() -> String {
    let mut text =
        "[deck]\nid = \"three\"\ntitle = \"Three\"\nversion = \"1.0.0\"\nlanguage = \"en\"\n\
                    competency = \"data-consistency\"\n"
            .to_owned();
    for n in 1..=3 {
        let _ = write!(
            text,
            r#"
[[question]]
id = "consensus-paxos-raft.{n:03}"
facet = "consensus-paxos-raft"
points = ["consensus-paxos-raft/kp1"]
level = "mid"
demand = "apply"
type = "single"
seconds = 60
stem = "Case {n}."
lead_in = "What holds?"
explanation = "So it is."
[[question.option]]
text = "A."
correct = true
why = "Yes."
[[question.option]]
text = "B."
misconception = "Two agree."
why = "No."
[[question.option]]
text = "C."
misconception = "Time tells."
why = "No."
[[question.reference]]
author = "Ongaro"
title = "Dissertation"
where = "6.4"
year = 2014
"#
        );
    }
    text
}

/// Input that answers any question: an option, a confidence, and continue.
fn answers() -> String {
    "a\n4\n\n".repeat(8)
}

#[test]
fn a_question_that_was_looked_at_and_left_is_asked_again() {
    let home = Home::new();
    for time in 1..=4 {
        let said = home.practise(&home.deck(), "");
        assert!(
            said.starts_with("Practice: 3 questions"),
            "time {time}: {said}"
        );
    }
}

#[test]
fn a_question_that_an_assessment_left_blank_at_its_end_stays_new() {
    let home = Home::new();
    let deck = home.deck();
    home.run(
        &[
            "assess",
            "--plain",
            "--untimed",
            "--questions",
            "3",
            deck.to_str().unwrap(),
        ],
        "",
        "UTC",
    );
    let said = home.practise(&deck, "");
    assert!(said.starts_with("Practice: 3 questions"), "{said}");
}

#[test]
fn nothing_is_due_of_a_deck_that_is_gone() {
    let home = Home::new();
    let kept = home.folder.path().join("home/decks/three.toml");
    std::fs::copy(home.deck(), &kept).unwrap();
    home.run(&["practice", "--plain", "three"], &answers(), "UTC");
    let due_now = "UPDATE memory SET due = 0, last = -9, digest = NULL";
    rusqlite::Connection::open(home.folder.path().join("home/history.db"))
        .unwrap()
        .execute_batch(due_now)
        .unwrap();
    let progress = || home.run(&["practice", "--progress"], "", "UTC");
    assert!(progress().starts_with("3 due today."), "{}", progress());
    std::fs::remove_file(&kept).unwrap();
    assert!(progress().starts_with("0 due today."), "{}", progress());
    assert!(
        !progress().contains("Due in the coming days\n  "),
        "{}",
        progress()
    );
}

#[test]
fn the_rows_of_a_person_have_their_practice() {
    let home = Home::new();
    home.practise(&home.deck(), &answers());
    let rows = home.run(&["report", "--person", "you", "--format", "csv"], "", "UTC");
    let practised: Vec<&str> = rows
        .lines()
        .filter(|line| line.contains(",practise,you,"))
        .collect();
    assert!(
        practised.len() >= 3 && practised.len() == rows.lines().count() - 1,
        "{rows}"
    );
    let session = practised[0].split(',').next().unwrap();
    assert_eq!(
        home.run(&["report", session, "--format", "csv"], "", "UTC"),
        rows
    );
}

#[test]
fn a_zone_that_is_not_known_is_named() {
    let home = Home::new();
    assert!(
        home.run(&["history"], "", "Asia/Tokio")
            .contains("TZ=Asia/Tokio is not a known time zone")
    );
    for zone in ["Asia/Tokyo", "UTC", "", "JST-9"] {
        assert!(!home.run(&["history"], "", zone).contains("TZ="), "{zone}");
    }
    assert!(
        home.run(&["history"], "", "/dev/zero")
            .contains("not a regular file")
    );
}

/// Returns the days on which something is due, relative to `today`.
fn due(life: &Life, today: Day) -> Vec<i32> {
    let store = Store::open(&life.folder().join("history.db")).unwrap();
    let mut days = Vec::new();
    let every = Day(i32::MIN)..=Day(i32::MAX);
    let note = |due: Due| {
        days.push(due.day.since(today));
        true
    };
    store
        .each_due(aethos::core::id::PersonId::YOU, every, note)
        .unwrap();
    days
}

#[test]
fn after_the_clock_was_years_ahead_once_everything_comes_back_in_time() {
    let mut life = Life::new(3);
    let today = life.shell.workspace.today();
    life.set_clock(today.plus(1280));
    let first = life.practise_all(&Drill::Daily, 15, Grade::Good);
    life.set_clock(today);
    let mut life = life.restarted();
    assert!(
        due(&life, today).iter().all(|days| (1..5).contains(days)),
        "{:?}",
        due(&life, today)
    );
    life.practise_all(&Drill::These(first.clone()), 600, Grade::Again);
    assert!(
        due(&life, today).iter().all(|days| *days == 1),
        "{:?}",
        due(&life, today)
    );
    life.set_clock(today.plus(2));
    let life = life.restarted();
    assert_eq!(life.shell.workspace.agenda(600).unwrap().due, first.len());
    let notices = life.shell.workspace.notices();
    assert!(
        notices
            .iter()
            .any(|notice| notice.contains("a session is dated 26 May 2030, 12:")),
        "{notices:?}"
    );
    // When that day really comes, the history still knows that nothing happened on it.
    let mut life = life;
    life.set_clock(today.plus(1281));
    let life = life.restarted();
    assert!(
        due(&life, today).iter().all(|days| *days == 1),
        "{:?}",
        due(&life, today)
    );
    assert!(life.shell.workspace.notices().is_empty());
}

#[test]
fn after_the_clock_was_back_in_1970_once_nothing_is_overdue_for_it() {
    let mut life = Life::new(3);
    let today = life.shell.workspace.today();
    let first = life.practise_all(&Drill::Daily, 15, Grade::Good);
    let usual = due(&life, today);
    life.set_clock(Day(3));
    let mut life = life.restarted();
    life.practise_all(&Drill::These(first[..1].to_vec()), 600, Grade::Good);
    life.set_clock(today.plus(1));
    let life = life.restarted();
    assert_eq!(due(&life, today)[1..], usual[1..]);
    assert!(
        (1..9).contains(&due(&life, today)[0]),
        "{:?}",
        due(&life, today)
    );
}

#[test]
fn practice_after_midnight_belongs_to_the_day_before() {
    let mut life = Life::new(5);
    let today = life.shell.workspace.today();
    let hours = |n: i64| 3_600_000 * n;
    life.set_clock(today);
    life.pass(hours(12 + 3));
    assert_eq!(life.shell.workspace.today(), today);
    life.practise_all(&Drill::Daily, 5, Grade::Good);
    assert_eq!(
        life.shell
            .workspace
            .progress()
            .unwrap()
            .days
            .last()
            .unwrap()
            .0,
        today
    );
    life.pass(hours(1));
    assert_eq!(life.shell.workspace.today(), today.plus(1));
    life.shell.workspace.settings.day_starts_at = aethos::core::time::Hour::MIDNIGHT;
    life.pass(hours(-2));
    assert_eq!(life.shell.workspace.today(), today.plus(1));
}

#[test]
fn days_and_weeks_agree_in_every_zone() {
    let home = Home::new();
    home.run(
        &["practice", "--plain", home.deck().to_str().unwrap()],
        &answers(),
        "UTC-14",
    );
    let database = rusqlite::Connection::open(home.folder.path().join("home/history.db")).unwrap();
    // A Monday at 9:30 in a zone 14 hours ahead is still Sunday in UTC.
    database
        .execute_batch(
            "UPDATE session SET started_at = 1795375800000; UPDATE review SET day = 20780, digest = NULL",
        )
        .unwrap();
    drop(database);
    let said = home.run(&["practice", "--progress"], "", "UTC");
    assert!(said.contains("Mon 23 Nov "), "{said}");
    assert!(said.contains("Time by week\n  23 Nov 2026 "), "{said}");
}

#[test]
fn practice_before_a_flight_to_the_west_counts() {
    let home = Home::new();
    let deck = home.deck();
    let practice = ["practice", "--plain", deck.to_str().unwrap()];
    home.run(&practice, &answers(), "UTC-14");
    for zone in ["UTC-13", "UTC", "UTC+12"] {
        let said = home.run(&["practice", "--progress"], "", zone);
        assert!(said.contains("Current streak: 1"), "{zone}: {said}");
    }
}

#[test]
fn what_is_due_after_an_assessment_is_spread_over_the_minutes_of_the_days() {
    let mut life = Life::new(8);
    life.assess(64);
    life.sleep(9);
    let agenda = life.shell.workspace.agenda(15).unwrap();
    let plan = &agenda.plan;
    assert!(agenda.due > 30, "{}", agenda.due);
    assert!(
        plan.days.iter().all(|(_, _, seconds)| *seconds <= 15 * 60),
        "{:?}",
        plan.days
    );
    let planned: u32 = plan.days.iter().map(|(_, questions, _)| questions).sum();
    assert_eq!((planned + plan.later) as usize, life.answered.len());
    let words = plan.catching_up(15).unwrap();
    let done = plan.caught_up.unwrap().unwrap();
    assert_eq!(
        words,
        format!("at 15 min a day you will catch up on {}", done.words())
    );
    assert!(done.since(agenda.today) >= 3);
    assert_eq!(
        life.shell.workspace.agenda(600).unwrap().plan.caught_up,
        None,
        "all of it fits into ten hours"
    );
}

#[test]
fn new_questions_are_limited_by_the_day() {
    let mut life = Life::new(9);
    life.shell.workspace.settings.new_per_day = 4;
    assert_eq!(
        life.shell
            .workspace
            .queue(&Drill::Daily, 60, &[])
            .unwrap()
            .len(),
        4
    );
    life.practise_all(&Drill::Daily, 60, Grade::Good);
    let idle = life.shell.workspace.agenda(60).unwrap().idle.unwrap();
    assert!(idle.contains("today's 4 new questions are done"), "{idle}");
    life.sleep(1);
    assert_eq!(
        life.shell
            .workspace
            .queue(&Drill::Daily, 60, &[])
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_disputed_question_is_not_due() {
    let mut life = Life::new(8);
    let said = life.assess(24);
    life.sleep(30);
    let due = life.shell.workspace.agenda(15).unwrap().due;
    life.dispute(3, "This is not so.");
    assert_eq!(life.shell.workspace.agenda(15).unwrap().due, due - 1);
    let suspended = life
        .shell
        .workspace
        .queue(&Drill::Suspended, 15, &[])
        .unwrap();
    assert_eq!(
        suspended
            .iter()
            .map(|queued| &queued.question)
            .collect::<Vec<_>>(),
        [&said[3].question.1]
    );
}

#[test]
fn an_assessment_that_ends_before_its_first_answer_leaves_no_session() {
    let home = Home::new();
    let deck = home.deck();
    let arguments = [
        "assess",
        "--plain",
        "--untimed",
        "--questions",
        "3",
        deck.to_str().unwrap(),
    ];
    (0..3).for_each(|_| drop(home.run(&arguments, "", "UTC")));
    assert_eq!(
        home.run(&["history"], "", "UTC"),
        "No sessions yet: `aethos` starts one.\n"
    );
}

#[test]
fn a_suspended_or_disputed_question_is_not_asked_again_in_the_same_session() {
    let wrong = "u\n";
    for edit in ["-\n", "!\nThis is not so.\n"] {
        let home = Home::new();
        let typed = format!("{wrong}{edit}") + "u\nu\n\n" + &"u\n\n".repeat(6);
        let said = home.practise(&home.deck(), &typed);
        assert!(
            said.contains("It is suspended: practice won't ask it again."),
            "{said}"
        );
        assert_eq!(
            said.matches("What holds?").count(),
            5,
            "three questions, and two of them again: {said}"
        );
    }
}

#[test]
fn a_disputed_question_of_a_deck_that_was_named_by_its_path_names_its_deck() {
    let home = Home::new();
    home.practise(&home.deck(), "u\n!\nThis is not so.\n\n");
    let said = home.run(&["decks", "--disputed"], "", "UTC");
    assert!(
        said.contains("  in the deck `three`, which isn't loaded\n  This is not so.\n"),
        "{said}"
    );
}

#[test]
fn an_assessment_of_few_competencies_has_no_overall_score() {
    let home = Home::new();
    let deck = home.deck();
    let arguments = [
        "assess",
        "--plain",
        "--untimed",
        "--questions",
        "3",
        deck.to_str().unwrap(),
    ];
    home.run(&arguments, &format!("{}e\ny\n", "a\n4\n".repeat(3)), "UTC");
    let said = home.run(&["history"], "", "UTC");
    assert!(said.contains("  no overall score"), "{said}");
}

#[test]
fn what_is_due_is_counted_anew_when_another_day_begins_or_the_clock_changes() {
    let mut life = Life::new(12);
    life.assess(24);
    let due = |news: &[News]| match news {
        [News::Home(home)] => home.practice.as_ref().unwrap().due,
        other => panic!("{other:?}"),
    };
    assert!(
        life.shell.perform(Effect::CheckDay).is_empty(),
        "it is still the same day"
    );
    let today = life.shell.workspace.today();
    life.sleep(30);
    assert_eq!(due(&life.shell.perform(Effect::CheckDay)), 24);
    assert!(life.shell.perform(Effect::CheckDay).is_empty());
    life.set_clock(today);
    assert!(due(&life.shell.perform(Effect::CheckDay)) < 24);
}
