//! `aethos mentor` in pipes: people, pages, handouts and CSV rows, over a year of made-up sessions.

mod support;

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use std::collections::BTreeMap;
use std::fs;

use aethos::core::id::PersonId;
use aethos::core::time::Day;
use aethos::deck::load::Library;
use aethos::store::Store;
use home::{Home, singles};
use support::mentored::TODAY;
use support::year::{Banked, Sitting, year};

/// Creates a history with Mina and João, met every week for twelve weeks, with questions of the deck `mine`.
fn met() -> Home {
    met_in().0
}

/// Returns the same history with its sessions.
fn met_in() -> (Home, Vec<Sitting>) {
    let home = Home::new();
    home.deck("mine", singles("mine", 12));
    let mut store = Store::open(&home.history()).unwrap();
    let people: Vec<PersonId> = ["Mina", "João"]
        .map(|name| store.add_person(name).unwrap().id)
        .to_vec();
    let library = Library::only(&[home.data().join("decks")]);
    let deck = &library.decks[0];
    let banked = |place| Banked {
        deck: deck.deck.id.clone(),
        competency: deck.deck.competency.clone(),
        question: deck.question(place).unwrap(),
        source: deck.source_of(place).unwrap(),
    };
    let bank: Vec<Banked> = (0..deck.deck.entries.len()).map(banked).collect();
    let first: Day = TODAY.plus(-7 * 12);
    let sittings = year(&bank, &people, first, 12, 3);
    sittings.iter().for_each(|sitting| sitting.keep(&mut store));
    (home, sittings)
}

#[test]
fn the_first_votes_of_mentor_sessions_are_pooled_for_item_analysis() {
    let (home, sittings) = met_in();
    // Of each person, the first vote on each question counts.
    let mut first: BTreeMap<(String, PersonId), f64> = BTreeMap::new();
    for record in sittings.iter().map(Sitting::record) {
        for seat in &record.seats {
            for (asked, mark) in record.items.iter().zip(&seat.marks) {
                if let Some(score) = mark.votes[0] {
                    let key = (asked.item.question.to_string(), seat.person);
                    first.entry(key).or_insert(score);
                }
            }
        }
    }
    let items = home.json(&["decks", "--items", "--format", "json"]);
    let items = items.as_array().unwrap();
    let sum = |key: &str| {
        items
            .iter()
            .map(|item| item[key].as_u64().unwrap())
            .sum::<u64>()
    };
    assert!(first.len() > 10);
    assert_eq!(sum("n"), first.len() as u64);
    let right = first.values().filter(|score| **score > 0.99).count();
    assert_eq!(sum("right"), right as u64);
    let picks = items
        .iter()
        .flat_map(|item| item["options"].as_array().unwrap());
    let picks: u64 = picks.map(|option| option["picks"].as_u64().unwrap()).sum();
    assert_eq!(picks, first.len() as u64);
    let mina = home.json(&["decks", "--items", "--format", "json", "--person", "Mina"]);
    let mina = mina.as_array().unwrap().iter();
    assert!(mina.map(|item| item["n"].as_u64().unwrap()).all(|n| n == 1));
}

fn refusal(home: &Home, args: &[&str], code: i32) -> String {
    let output = home.run(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

#[test]
fn people_are_added_renamed_and_listed() {
    let home = Home::new();
    assert!(home.output(&["mentor", "people"]).contains("No people yet"));
    assert!(
        refusal(&home, &["mentor", "rename", "Joe", "Jo"], 2).contains("`aethos mentor add NAME`"),
        "there is nobody to rename"
    );
    assert_eq!(home.output(&["mentor", "add", "Mina"]), "Added Mina.\n");
    assert_eq!(
        home.output(&["mentor", "rename", "mina", "Wilhelmina"]),
        "Renamed Mina to Wilhelmina.\n"
    );
    assert_eq!(
        home.json(&["mentor", "people", "--json"])[0]["name"],
        "Wilhelmina"
    );
    assert!(refusal(&home, &["mentor", "add", "wilhelmina"], 1).contains("choose another name"));
    assert!(
        refusal(&home, &["mentor", "rename", "Joe", "Jo"], 2).contains("known people: Wilhelmina")
    );
    assert!(
        refusal(&home, &["mentor", "forget", "you", "--yes"], 2)
            .contains("known people: Wilhelmina"),
        "the user stays"
    );
    assert!(
        refusal(&home, &["mentor"], 2).contains("aethos mentor people"),
        "there is no screen in a pipe"
    );
}

#[test]
fn a_year_is_listed_exported_and_taken_apart_in_rows() {
    let home = met();
    let people = home.json(&["mentor", "people", "--json"]);
    assert_eq!(people[0]["name"], "Mina");
    assert!(
        people[0]["sessions"].as_u64().unwrap() >= 7
            && people[0]["bring_back"].as_u64().unwrap() > 0
    );

    let page = home.output(&["mentor", "export", "mina"]);
    assert!(page.starts_with("# Mina, ") && page.contains("Practice record, not an evaluation."));
    assert!(!page.contains("Tires after") && !page.contains("João"));
    home.output(&["mentor", "export", "Mina", "-o", "mina.md"]);
    home.output(&["mentor", "export", "Mina", "-o", "mina.html"]);
    let exported = fs::read_to_string(home.work().join("mina.html")).unwrap();
    assert!(exported.contains("<h2>Agreed</h2>"), "{exported}");
    // Without an assessment, their report is this page.
    assert_eq!(
        home.output(&["report", "--person", "Mina", "--format", "html"]),
        exported
    );
    assert_eq!(
        fs::read_to_string(home.work().join("mina.md")).unwrap(),
        page
    );
    assert!(
        refusal(&home, &["mentor", "export", "Mina", "-o", "mina.md"], 1).contains("mina.md"),
        "never overwritten"
    );
    assert!(
        refusal(&home, &["mentor", "export", "Nobody"], 2).contains("known people: Mina, João")
    );

    let rows = home.output(&["report", "--person", "Mina", "--format", "csv"]);
    let sessions: std::collections::BTreeSet<&str> = rows
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    assert_eq!(
        sessions.len() as u64,
        people[0]["sessions"].as_u64().unwrap()
    );
    assert_eq!(rows.lines().count(), 1 + 7 * sessions.len());
    assert!(
        rows.lines().skip(1).all(|row| row.contains(",mentor,Mina,") && row.contains(",mine,consensus-paxos-raft.")),
        "{rows}"
    );
    let one = sessions.first().unwrap();
    assert!(
        home.output(&["mentor", "export", one])
            .starts_with("# Session of ")
    );
    assert_eq!(
        home.output(&["report", one, "--format", "csv"])
            .lines()
            .count(),
        1 + 7
    );

    let json = home.json(&["report", "--person", "Mina", "--format", "json"]);
    assert_eq!(json["mentoring"]["meetings"], people[0]["sessions"]);
    assert_eq!(json["kind"], "practice record, not an evaluation");
}

#[test]
fn the_page_about_the_last_session_has_what_was_missed_in_full() {
    let (home, sittings) = met_in();
    let mina = home.json(&["mentor", "people", "--json"])[0]["last"]
        .as_str()
        .unwrap()
        .to_owned();
    let with_mina: Vec<&Sitting> = sittings
        .iter()
        .filter(|sitting| sitting.people.contains(&PersonId(2)))
        .collect();
    let last = with_mina.last().unwrap();
    assert_eq!(last.day.iso(), mina);
    let page = home.output(&["mentor", "export", "Mina", "--last"]);
    assert_eq!(page.matches("## Session of ").count(), 1, "{page}");
    let all = home.output(&[
        "mentor",
        "export",
        "Mina",
        "--since",
        &with_mina[0].day.iso(),
    ]);
    let missed = |sitting: &&Sitting| {
        let record = sitting.record();
        let marks = &record.seats[record.seat_of(PersonId(2)).unwrap()].marks;
        let wrong = marks.iter().filter(|mark| mark.is_right() == Some(false));
        wrong.count()
    };
    let missed: usize = with_mina.iter().map(missed).sum();
    assert!(missed > 0);
    assert_eq!(all.matches("\n### Question ").count(), missed, "{all}");
    assert_eq!(all.matches("Explanation").count(), missed, "{all}");
    assert!(!all.contains("Tires after") && !all.contains("João"));
    let before = with_mina[with_mina.len() - 2].day.iso();
    let two = home.output(&["mentor", "export", "Mina", "--since", &before]);
    assert_eq!(two.matches("## Session of ").count(), 2);
    home.output(&["mentor", "export", "Mina", "--last", "-o", "mina.html"]);
    let export =
        |rest: &[&str], code| refusal(&home, &[&["mentor", "export"], rest].concat(), code);
    assert!(export(&["Mina", "--since", "then"], 2).contains("10d, 4w or 2m"));
    let id = last.start.id.as_str();
    assert!(export(&[id, "--last"], 2).contains("the name of a person"));
    home.output(&["mentor", "add", "Ben"]);
    assert!(export(&["Ben", "--last"], 1).contains("no session with this person"));
}

#[test]
fn an_assessment_is_rows_too_and_its_report_says_what_the_mentor_saw() {
    let home = met();
    let answers = "a\n3\n".repeat(8) + "finish\ny\n";
    home.run_with(
        &[
            "assess",
            "mine",
            "--questions",
            "8",
            "--untimed",
            "--plain",
            "--person",
            "Mina",
        ],
        &answers,
    );
    let rows = home.output(&["report", "--person", "Mina", "--format", "csv"]);
    assert!(
        rows.contains(",assess,Mina,1,mine,consensus-paxos-raft.")
            && rows.contains(",mentor,Mina,"),
        "{rows}"
    );
    let own_rows = rows.lines().filter(|row| row.contains(",assess,"));
    assert!(
        own_rows.clone().any(|row| row
            .split(',')
            .nth(11)
            .is_some_and(|score| score.ends_with(".000"))),
        "{rows}"
    );
    assert!(
        own_rows.clone().any(|row| row.ends_with(",false,")),
        "the mentor had asked some of them"
    );
    let session = rows
        .lines()
        .find(|row| row.contains(",assess,"))
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let own = home.output(&["report", session, "--person", "Mina", "--format", "csv"]);
    assert_eq!(own.lines().count(), 1 + 8);
    let json = home.json(&["report", "--person", "Mina", "--format", "json"]);
    assert!(
        json["tally"]["questions"] == 8 && json["mentoring"]["meetings"].as_u64().unwrap() > 0,
        "side by side"
    );
    assert!(home.json(&["report", "--person", "João", "--format", "json"])["tally"].is_null());
}

#[test]
fn paper_has_the_questions_that_wait_and_no_answers_unless_asked_for() {
    let home = met();
    let paper = |more: &[&str]| {
        home.output(
            &[
                &["mentor", "handout", "--person", "Mina", "--questions", "6"],
                more,
            ]
            .concat(),
        )
    };
    let (blank, full) = (paper(&[]), paper(&["--answers"]));
    assert_eq!(blank.matches("\n## ").count(), 6);
    assert!(
        !blank.contains("Answer**") && full.contains("**Answer**") && full.contains("✓ Right. ")
    );
    // The answer sheet has the same questions and options in the same order as the handout.
    let options = |text: &str| -> Vec<String> {
        let mut options: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("- a) "))
            .map(str::to_owned)
            .collect();
        // The answer repeats the option.
        options.dedup();
        options
    };
    assert_eq!(options(&blank), options(&full));
    assert!(
        refusal(&home, &["mentor", "handout", "--person", "Joe"], 2).contains("known people: Mina")
    );
    assert!(
        refusal(
            &home,
            &["mentor", "handout", "--person", "Mina", "--questions", "0"],
            2
        )
        .contains("1..=40")
    );
}

#[test]
fn a_session_that_cannot_be_read_back_is_named_and_the_others_stand() {
    let home = met();
    let before = home.json(&["mentor", "people", "--json"])[0]["sessions"]
        .as_u64()
        .unwrap();
    let history = rusqlite::Connection::open(home.history()).unwrap();
    history
        .execute_batch("UPDATE session SET digest = digest + 1 WHERE id = '20260830-m000'")
        .unwrap();
    drop(history);
    let said = home.run(&["mentor", "people"]).stderr;
    let said = String::from_utf8_lossy(&said);
    assert!(
        said.starts_with("aethos: left out: ") && said.contains("20260830-m000"),
        "{said}"
    );
    // The others are shown, and the exit code tells that something is missing.
    let listed = home.run(&["mentor", "people", "--json"]);
    assert_eq!(listed.status.code(), Some(1));
    let people: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(people[0]["sessions"].as_u64().unwrap(), before - 1);
    let page = home.run(&["mentor", "export", "Mina"]);
    assert_eq!(page.status.code(), Some(1));
    assert!(page.stdout.starts_with(b"# Mina"));
}

#[test]
fn forgetting_says_what_it_did_and_asks_before() {
    let home = met();
    assert!(refusal(&home, &["mentor", "forget", "João"], 2).contains("--yes"));
    let said = home.output(&["mentor", "forget", "João", "--yes"]);
    assert!(
        said.starts_with("the name João was forgotten; ")
            && said.contains(" sessions with you and 0 of their own stay"),
        "{said}"
    );
    assert_eq!(
        home.json(&["mentor", "people", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let said = home.output(&["mentor", "forget", "mina", "--erase", "--yes"]);
    assert!(
        said.starts_with("Mina was erased: ")
            && said.contains(" entries in ")
            && said.contains(" sessions with you"),
        "{said}"
    );
    let bytes = fs::read(home.history()).unwrap();
    assert!(
        !bytes
            .windows(4)
            .any(|window| window.eq_ignore_ascii_case(b"mina"))
    );
    assert!(home.output(&["mentor", "people"]).contains("No people yet"));
    assert!(
        refusal(&home, &["mentor", "rename", "Joe", "Jo"], 2).contains("`aethos mentor add NAME`"),
        "there is nobody to rename"
    );
}
