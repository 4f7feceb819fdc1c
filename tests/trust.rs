//! Results that must not claim more than the answers show, through the built program.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use aethos::core::rng::Stream;
use home::Home;
use serde_json::Value;

const SEED: &str = "7";

/// Runs an assessment of `n` questions with these lines as input. Returns its report as JSON and as text.
fn assess(home: &Home, n: usize, input: &str) -> (Value, String) {
    let n = n.to_string();
    let args = [
        "assess",
        "--plain",
        "--untimed",
        "--questions",
        &n,
        "--seed",
        SEED,
    ];
    let output = home.run_with(&args, &format!("{input}finish\ny\n"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        home.json(&["report", "--format", "json"]),
        home.output(&["report", "--format", "text"]),
    )
}

/// The questions of the form, with their keys. The same seed gives the same form in another home.
fn form(n: usize) -> Vec<Value> {
    let (report, _) = assess(&Home::new(), n, &"next\n".repeat(n));
    report["questions"].as_array().unwrap().clone()
}

/// The line that answers a question correctly; `None` if it is a matching question.
fn right(question: &Value) -> Option<String> {
    let body = &question["body"];
    match body["type"].as_str().unwrap() {
        "options" => {
            let options = body["options"].as_array().unwrap().iter();
            Some(
                options
                    .filter(|option| option["key"] == true)
                    .map(|o| o["letter"].as_str().unwrap())
                    .collect(),
            )
        }
        "numeric" | "ordering" => Some(body["right"].as_str().unwrap().to_owned()),
        _ => None,
    }
}

/// A random answer to a question; matching questions are left out.
fn random(question: &Value, chance: &mut Stream) -> String {
    let body = &question["body"];
    match body["type"].as_str().unwrap() {
        "options" => {
            let options = body["options"].as_array().unwrap();
            let select = options
                .iter()
                .filter(|option| option["key"] == true)
                .count();
            let first = chance.below(options.len() as u64) as usize;
            (0..select)
                .map(|i| {
                    options[(first + i) % options.len()]["letter"]
                        .as_str()
                        .unwrap()
                })
                .collect()
        }
        "numeric" => "1".to_owned(),
        "ordering" => {
            let mut letters: Vec<char> = body["right"].as_str().unwrap().chars().collect();
            chance.shuffle(&mut letters);
            letters.into_iter().collect()
        }
        _ => "next".to_owned(),
    }
}

#[test]
fn no_answers_give_no_score() {
    let (report, text) = assess(&Home::new(), 24, "next\nnext\nnext\noverview\n\n");
    assert_eq!(report["tally"]["answered"], 0);
    assert_eq!(report["result"]["overall"], Value::Null);
    for line in report["result"]["competencies"].as_array().unwrap() {
        assert_eq!(line["estimate"], Value::Null, "{line}");
    }
    assert!(
        text.contains("Too few answers for an overall score: 0 so far"),
        "{text}"
    );
    assert!(
        !text.contains("plausibly 3") && !text.contains("junior to mid"),
        "{text}"
    );
}

#[test]
fn all_right_and_always_sure_is_not_underconfident() {
    let lines: String = form(30)
        .iter()
        .map(|question| right(question).map_or("next\n".into(), |a| a + "\n4\n"))
        .collect();
    let (report, text) = assess(&Home::new(), 30, &lines);
    let confidence = &report["confidence"];
    assert!(confidence["n"].as_u64().unwrap() >= 24, "{confidence}");
    assert_eq!(confidence["right"], 1.0, "{confidence}");
    assert_eq!(confidence["tendency"], Value::Null);
    assert!(!text.to_lowercase().contains("underconfident"), "{text}");
    // Words about the whole and about a part do not contradict each other.
    let levels = ["junior", "mid", "senior", "staff"];
    for line in report["result"]["competencies"].as_array().unwrap() {
        let is_single = line["estimate"]["standing"]
            .as_str()
            .is_some_and(|standing| levels.contains(&standing));
        let evidence = line["evidence"].as_str().unwrap();
        assert!(
            !(is_single && evidence.contains("Not enough evidence")),
            "{line}"
        );
    }
}

#[test]
fn the_target_has_a_probability_in_text_and_json() {
    let home = Home::new();
    let lines: String = form(24)
        .iter()
        .map(|q| right(q).unwrap_or("next".into()) + "\n\n")
        .collect();
    let args = [
        "assess",
        "--plain",
        "--untimed",
        "--questions",
        "24",
        "--seed",
        SEED,
        "--target",
        "senior",
    ];
    let output = home.run_with(&args, &format!("{lines}finish\ny\n"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report = home.json(&["report", "--format", "json"]);
    let text = home.output(&["report", "--format", "text"]);
    assert_eq!(report["target"], "senior");
    let mut estimates: Vec<&Value> = report["result"]["competencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["estimate"])
        .collect();
    estimates.push(&report["result"]["overall"]);
    for estimate in estimates.into_iter().filter(|estimate| !estimate.is_null()) {
        let percent = (100.0 * estimate["target_or_above"].as_f64().unwrap()).round();
        let shown = if percent > 99.0 {
            "over 99%".to_owned()
        } else {
            format!("{percent:.0}%")
        };
        assert!(
            text.contains(&format!("senior or above: {shown}")),
            "{shown}: {text}"
        );
    }
    assert_ne!(report["result"]["overall"], Value::Null);
}

#[test]
fn random_answers_cannot_be_told_from_guessing() {
    let form = form(24);
    let mut told = 0;
    for seed in 0..6 {
        let mut chance = Stream::new(seed, "answers");
        let lines: String = form
            .iter()
            .map(|question| random(question, &mut chance) + "\n\n")
            .collect();
        let (report, text) = assess(&Home::new(), 24, &lines);
        // Sentences are wrapped; a blank line ends each part.
        let text = text
            .split("\n\n")
            .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        let text = text.collect::<Vec<_>>().join("\n\n");
        let result = &report["result"];
        let estimates = result["competencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| (&line["estimate"], line["chance"].as_f64()));
        let estimates = estimates.filter(|(estimate, _)| !estimate.is_null());
        for (estimate, chance) in estimates {
            let touches = estimate["low"].as_f64().unwrap() <= chance.unwrap() + 0.5;
            assert_eq!(estimate["like_guessing"], touches, "{estimate}");
        }
        assert_ne!(result["overall"], Value::Null);
        let is_told = text
            .split("overall 0 ")
            .nth(1)
            .and_then(|rest| rest.split("\n\n").next());
        let is_told = is_told.is_some_and(|rest| rest.contains("could be guessing"));
        assert_eq!(result["overall"]["like_guessing"], is_told, "{text}");
        told += usize::from(text.contains("could be guessing"));
    }
    assert!(told >= 5, "{told} of 6");
}
