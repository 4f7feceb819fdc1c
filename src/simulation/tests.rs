//! Toy models, each of which breaks the contract in one way.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;

use super::*;
use crate::core::figure::{Drawing, Figure, Graph, Node, Span, Table, Timeline, Trace};
use crate::core::instance::{Alternative, Outcome, WrongNumber};
use crate::core::text::Text;

const FLAWS: &[&str] = &[
    "none",
    "random",
    "missing",
    "two-keys",
    "lopsided",
    "never",
    "same-text",
    "few",
    "few-keys",
    "steps",
    "texts",
    "figure",
    "lanes",
    "spans",
    "nodes",
    "one-sided",
    "wrong-type",
    "why",
    "top-key",
    "row",
    "lane",
];

static TOY: Model = Model {
    name: "toy",
    version: 1,
    summary: "Adds two numbers.",
    rules: &["The sum is a + b."],
    rivals: &[],
    asks: &[
        Ask {
            name: "parity",
            summary: "Whether the sum is even, odd or zero.",
            kinds: &[Kind::Single],
            texts: &["a"],
        },
        Ask {
            name: "sum",
            summary: "The sum.",
            kinds: &[Kind::Single, Kind::Numeric],
            texts: &["a"],
        },
    ],
    bounds: &[Bound {
        name: "flaw",
        summary: "What is wrong with the draws.",
        shape: Shape::Word(FLAWS),
    }],
    draw,
};

static CALLS: AtomicI64 = AtomicI64::new(0);

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let flaw = bounds.word("flaw");
    let mut a = between(1, 60, random);
    let b = between(1, 60, random);
    match flaw {
        "missing" if chance(3, random) => return None,
        "few" => a = 7,
        "random" => a = CALLS.fetch_add(1, Ordering::Relaxed),
        _ => {}
    }
    let outcome = if ask == "sum" {
        sum(flaw, a, b)
    } else {
        parity(flaw, random)
    };
    let figure = Figure {
        alt: if flaw == "figure" { "" } else { "Two numbers." }.into(),
        caption: None,
        drawing: drawing(flaw),
    };
    let texts = [("a".to_owned(), Text::new(&a.to_string()))];
    Some(Situation {
        scenario: json!({ "a": a, "b": if flaw == "few" { 0 } else { b } }),
        figures: vec![figure],
        texts: texts.into_iter().filter(|_| flaw != "texts").collect(),
        outcome,
        steps: if flaw == "steps" {
            vec![]
        } else {
            vec!["Add.".into()]
        },
        solved: Vec::new(),
    })
}

fn parity(flaw: &str, random: &mut Stream) -> Outcome {
    let texts = [
        "even",
        "odd",
        if flaw == "same-text" { "odd" } else { "zero" },
    ];
    let key = match flaw {
        "lopsided" if chance(12, random) => 0,
        "never" => random.below(2) as usize,
        _ => random.below(3) as usize,
    };
    let mut options: Vec<Alternative> = (0..3)
        .map(|i| match i == key {
            true => Alternative::right(texts[i], "It is."),
            false => Alternative::wrong(texts[i], "It is not.", "Counts wrongly."),
        })
        .collect();
    match flaw {
        "two-keys" => options.iter_mut().for_each(|option| option.right = true),
        "why" => options[0].why = Text::default(),
        _ => {}
    }
    if flaw == "wrong-type" {
        return Outcome::Several { options };
    }
    Outcome::One { options }
}

fn sum(flaw: &str, a: i64, b: i64) -> Outcome {
    let value = match flaw {
        "few-keys" => 50 + a % 5,
        "top-key" if a < 30 => 70,
        _ => a + b,
    };
    let distances: &[i64] = if flaw == "one-sided" {
        &[1, 2, 3]
    } else {
        &[-3, -2, -1, 1, 2, 3]
    };
    let wrong = distances
        .iter()
        .map(|d| WrongNumber::new(value + d * (1 + a % 4), "Off.", "Miscounts."))
        .collect();
    Outcome::Number {
        value: value as f64,
        unit: Text::default(),
        tolerance: 0.0,
        wrong,
    }
}

fn drawing(flaw: &str) -> Drawing {
    match flaw {
        "lanes" => Drawing::Timeline(Timeline {
            lanes: vec!["lane".into(); 9],
            ..Timeline::default()
        }),
        "lane" => Drawing::Timeline(Timeline {
            lanes: vec!["A".into()],
            events: vec![crate::core::figure::Event {
                lane: 1,
                ..Default::default()
            }],
            ..Timeline::default()
        }),
        "spans" => Drawing::Trace(Trace {
            unit: "ms".into(),
            spans: vec![Span::default(); 15],
        }),
        "nodes" => Drawing::Graph(Graph {
            nodes: vec![Node::default(); 13],
            edges: Vec::new(),
        }),
        "row" => Drawing::Table(Table {
            columns: vec!["a".into(), "b".into()],
            rows: vec![vec!["1".into()]],
            ..Table::default()
        }),
        _ => Drawing::Table(Table::default()),
    }
}

/// Asserts that the toy with `flaw` breaks the contract with a message that contains `message`.
fn breaks(ask: &str, kind: Kind, flaw: &str, message: &str) {
    let given = [("flaw", Setting::Word(flaw.to_owned()))];
    let faults = contract::broken(&TOY, ask, kind, &given);
    assert!(
        faults.iter().any(|fault| fault.contains(message)),
        "{flaw}: {faults:?}"
    );
}

#[test]
fn a_sound_toy_keeps_the_contract() {
    contract::holds(&TOY, "parity", Kind::Single, &[]);
    contract::holds(&TOY, "sum", Kind::Single, &[]);
    contract::holds(&TOY, "sum", Kind::Numeric, &[]);
}

#[test]
fn each_flaw_of_a_choice_is_found() {
    let broken = |flaw, message| breaks("parity", Kind::Single, flaw, message);
    broken("random", "another instance the second time");
    broken("two-keys", "not exactly one option is right");
    broken("lopsided", "\"even\" is right in 4");
    broken("never", "\"zero\" is right in 0.0%");
    broken("same-text", "two options have the same text");
    broken("few", "different situations");
    broken("steps", "no worked steps");
    broken("texts", "the text {a} is missing");
    broken("figure", "has no `alt`");
    broken("lanes", "more than 8 lanes");
    broken("lane", "a lane that it does not have");
    broken("spans", "more than 14 spans");
    broken("nodes", "more than 12 nodes");
    broken("row", "one cell per column");
    broken("wrong-type", "the type is not multiple");
    broken("why", "an option has no `why`");
}

#[test]
fn each_flaw_of_a_number_is_found() {
    breaks("sum", Kind::Numeric, "missing", "draws found no situation");
    breaks("sum", Kind::Numeric, "few-keys", "different answers");
    breaks("sum", Kind::Numeric, "top-key", "the answer is 70 in");
    breaks("sum", Kind::Single, "one-sided", "draws found no situation");
    breaks("sum", Kind::Multiple, "none", "does not fit the type");
    breaks("product", Kind::Numeric, "none", "no ask");
}

#[test]
fn slow_draws_are_found() {
    let ms = std::time::Duration::from_millis;
    assert_eq!(contract::slowness(vec![ms(1) / 2; 2000]), [""; 0]);
    let median = contract::slowness(vec![ms(40); 2000]);
    assert!(
        median[0].contains("the median draw takes 40ms"),
        "{median:?}"
    );
    let mut times = vec![ms(1) / 2; 2000];
    times[..10].fill(ms(600));
    let worst = contract::slowness(times);
    assert!(
        worst[0].contains("the slowest draws take up to 600ms"),
        "{worst:?}"
    );
}

#[test]
fn a_number_among_options_has_every_rank_equally_often() {
    let bounds = Bounds::new(TOY.bounds, &BTreeMap::new());
    let mut ranks = [0; 4];
    for seed in 0..2000 {
        let instance = TOY
            .instance_for(Kind::Single, "sum", &bounds, seed)
            .unwrap();
        let Outcome::Number { value, wrong, .. } = instance.outcome else {
            panic!("not a number");
        };
        assert_eq!(wrong.len(), 3);
        ranks[wrong.iter().filter(|wrong| wrong.value < value).count()] += 1;
    }
    assert!(ranks.iter().all(|n| (430..570).contains(n)), "{ranks:?}");
}

#[test]
fn the_wrong_numbers_differ_from_the_key_and_from_one_another() {
    let wrong = [5, 5, 6, 7]
        .map(|n| WrongNumber::new(n, "why", "what"))
        .to_vec();
    let kept = bracket::distinct(6.0, 0.0, wrong);
    let values: Vec<f64> = kept.iter().map(|wrong| wrong.value).collect();
    assert_eq!(values, [5.0, 7.0]);
}
