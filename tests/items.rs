//! What answers say about questions: `aethos decks --items`.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use home::{Home, head, single};
use serde_json::Value;

fn home() -> Home {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck(
        "mine",
        head("mine") + &(1..=4).map(single).collect::<String>(),
    );
    home
}

/// Takes an assessment of four questions, with these answers in turn.
fn sit(home: &Home, person: &str, answers: &str) {
    let args = [
        "assess",
        "mine",
        "--plain",
        "--untimed",
        "--questions",
        "4",
        "--person",
        person,
    ];
    let lines: String = answers
        .chars()
        .map(|letter| format!("{letter}\n"))
        .collect();
    let output = home.run_with(&args, &(lines + "finish\ny\n"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_answers_of_all_people_are_pooled() {
    let home = home();
    for n in 0..12 {
        sit(
            &home,
            &format!("Person {n}"),
            ["aaaa", "bbbb", "abca", "cacb"][n % 4],
        );
    }
    // A second look at the same questions says nothing new about them.
    sit(&home, "Person 1", "aaaa");
    let items = home.json(&["decks", "--items", "--format", "json"]);
    let items: &Vec<Value> = items.as_array().unwrap();
    assert_eq!(items.len(), 4);
    for item in items {
        assert_eq!((&item["deck"], &item["n"]), (&"mine".into(), &12.into()));
        let options = item["options"].as_array().unwrap();
        let picks = |option: &Value, key: &str| option[key].as_u64().unwrap();
        assert_eq!(
            options
                .iter()
                .map(|option| picks(option, "picks"))
                .sum::<u64>(),
            12
        );
        assert_eq!(
            options
                .iter()
                .map(|option| picks(option, "upper"))
                .sum::<u64>(),
            4
        );
        let key = options.iter().find(|option| option["key"] == true).unwrap();
        assert_eq!(picks(key, "picks"), item["right"].as_u64().unwrap());
        let facility = item["facility"].as_f64().unwrap();
        assert!((facility - picks(key, "picks") as f64 / 12.0).abs() < 0.001);
        assert_eq!(item["chance"].as_f64().unwrap(), 0.333);
        assert!(item["fair_ms"].as_u64().unwrap() > item["median_ms"].as_u64().unwrap());
    }
    let csv = home.output(&["decks", "--items", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(csv.starts_with("deck,question,n,right,facility,chance,discrimination,"));
    let text = home.output(&["decks", "--items"]);
    assert!(
        text.contains("mine/consensus-paxos-raft.001") && text.contains("Below 10 answers"),
        "{text}"
    );
}

#[test]
fn few_answers_are_counts_only() {
    let home = home();
    sit(&home, "Mina", "aaaa");
    sit(&home, "Ada", "bbbb");
    let items = home.json(&["decks", "--items", "--format", "json", "--person", "Mina"]);
    assert_eq!(items[0]["n"], 1);
    let items = home.json(&["decks", "--items", "--format", "json"]);
    assert_eq!(items[0]["n"], 2);
    for field in ["facility", "discrimination", "median_ms", "sure_and_wrong"] {
        assert!(items[0][field].is_null(), "{field}");
    }
    let none = home.output(&["decks", "--items", "--min", "10"]);
    assert_eq!(none, "No question has enough answers yet.\n");
    let unknown = home.run(&["decks", "--items", "--person", "Nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
}
