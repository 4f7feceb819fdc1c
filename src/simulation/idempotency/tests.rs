//! Replays drawn attempts second by second and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::Instance;
use crate::simulation::{Setting, contract};

const STRATEGIES: [&str; 3] = ["claim", "record", "atomic"];

fn bounds(strategy: &str, count: i64) -> Bounds {
    let given = [
        ("strategy".to_owned(), Setting::Word(strategy.to_owned())),
        ("attempts".to_owned(), Setting::Whole(count, count)),
    ];
    Bounds::new(MODEL.bounds, &BTreeMap::from(given))
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

/// Returns the times of the effects and what each attempt receives, with the key as a countdown.
fn replayed(scenario: &Value, lifetime: i64) -> (Vec<i64>, BTreeMap<i64, &'static str>) {
    let (mut left, mut has_reply) = (0, false);
    let (mut effects, mut replies) = (Vec::new(), BTreeMap::new());
    for now in 0..1000 {
        left -= 1;
        let attempts = scenario["attempts"].as_array().unwrap();
        let Some(attempt) = attempts.iter().find(|a| a["at"] == now) else {
            continue;
        };
        let fate = attempt["fate"].as_str().unwrap();
        if fate == "request-lost" {
            continue;
        }
        let mut reply = "409, in progress";
        if left > 0 && has_reply {
            reply = "A stored reply";
        } else if left <= 0 {
            reply = "The reply to a new effect";
            let strategy = scenario["strategy"].as_str().unwrap();
            if strategy == "claim-first" {
                (left, has_reply) = (lifetime, false);
            }
            if fate == "crash-before-effect" {
                continue;
            }
            effects.push(now);
            if fate != "crash-after-effect" || strategy == "atomic" {
                (left, has_reply) = (lifetime, true);
            }
            if fate == "crash-after-effect" {
                continue;
            }
        }
        if fate != "reply-lost" {
            replies.insert(now, reply);
        }
    }
    (effects, replies)
}

fn draw(ask: &str, strategy: &str, count: i64, seed: u64) -> Instance {
    MODEL.instance(ask, &bounds(strategy, count), seed).unwrap()
}

#[test]
fn a_replay_of_every_second_gives_the_same_effects() {
    for strategy in STRATEGIES {
        for (count, seed) in (0..700).map(|seed| (5 + seed as i64 % 2, seed)) {
            let instance = draw("effects", strategy, count, seed);
            let lifetime = int(&instance.scenario["lifetime"]);
            let (effects, _) = replayed(&instance.scenario, lifetime);
            let Outcome::Several { options } = &instance.outcome else {
                panic!("not a choice of several");
            };
            let right = options.iter().filter(|option| option.right);
            let right: Vec<String> = right.map(|option| option.text.line()).collect();
            let expected: Vec<String> = effects
                .iter()
                .map(|at| format!("The attempt at {at} s"))
                .collect();
            assert_eq!(right, expected, "{strategy}, seed {seed}");
        }
    }
}

#[test]
fn a_replay_of_every_second_gives_the_same_replies_and_lifetimes() {
    for seed in 0..700 {
        let instance = draw("receives", "claim", 6, seed);
        let lifetime = int(&instance.scenario["lifetime"]);
        let (_, replies) = replayed(&instance.scenario, lifetime);
        let Outcome::One { options } = &instance.outcome else {
            panic!("not a choice of one");
        };
        let right = options
            .iter()
            .find(|option| option.right)
            .unwrap()
            .text
            .line();
        assert_eq!(
            right,
            replies[&int(&instance.scenario["time"])],
            "seed {seed}"
        );

        let instance = draw("lifetime", "claim", 6, seed);
        let Outcome::Number { value, .. } = instance.outcome else {
            panic!("not a number");
        };
        let is_single = |n: &i64| replayed(&instance.scenario, *n).0.len() == 1;
        assert_eq!((1..500).find(is_single), Some(value as i64), "seed {seed}");
    }
}

#[test]
fn draws_keep_the_contract() {
    let bounds = |strategy: &str, count| {
        [
            ("strategy", Setting::Word(strategy.to_owned())),
            ("attempts", Setting::Whole(count, count)),
        ]
    };
    for strategy in STRATEGIES {
        contract::holds(&MODEL, "effects", Kind::Multiple, &bounds(strategy, 5));
    }
    contract::holds(&MODEL, "effects", Kind::Multiple, &bounds("claim", 6));
    for count in [5, 6] {
        contract::holds(&MODEL, "receives", Kind::Single, &bounds("claim", count));
        contract::holds(&MODEL, "lifetime", Kind::Numeric, &bounds("claim", count));
    }
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["effects", "receives", "lifetime"] {
        let instance = draw(ask, "claim", 5, 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}

/// Returns the scene of a scenario of the ask `receives`.
fn scene(scenario: &Value) -> Scene {
    let fates = [
        Fate::Fine,
        Fate::RequestLost,
        Fate::ReplyLost,
        Fate::CrashBefore,
        Fate::CrashAfter,
    ];
    let attempts = scenario["attempts"].as_array().unwrap().iter();
    Scene {
        strategy: Strategy::Claim,
        lifetime: int(&scenario["lifetime"]),
        attempts: attempts
            .map(|attempt| Attempt {
                at: int(&attempt["at"]),
                fate: fates
                    .into_iter()
                    .find(|fate| attempt["fate"] == fate.word())
                    .unwrap(),
            })
            .collect(),
    }
}

#[test]
fn each_misconception_about_the_reply_leads_to_its_option() {
    let replies = [
        ("The reply to a new effect", Reply::New),
        ("A stored reply", Reply::Stored),
        ("409, in progress", Reply::Conflict),
    ];
    let mut named = 0;
    for seed in 0..2000 {
        let instance = draw("receives", "claim", 5 + seed as i64 % 2, seed);
        let scene = scene(&instance.scenario);
        let asked = int(&instance.scenario["time"]);
        let place = scene.attempts.iter().position(|a| a.at == asked).unwrap();
        let Outcome::One { options } = &instance.outcome else {
            panic!("not a choice of one");
        };
        for option in options.iter().filter(|option| !option.right) {
            let text = option.misconception.as_ref().unwrap().line();
            let Some(slip) = SLIPS.iter().find(|slip| slip.text() == text) else {
                assert_eq!(text, NO_SLIP);
                continue;
            };
            named += 1;
            let shown = option.text.line();
            let reply = replies.iter().find(|(text, _)| *text == shown).unwrap().1;
            assert_eq!(
                slip.reply(&scene, place),
                Some(reply),
                "seed {seed}: {text}"
            );
        }
        let reasons: BTreeSet<String> = options.iter().map(|o| o.why.line()).collect();
        assert_eq!(reasons.len(), 3, "seed {seed}: {reasons:?}");
    }
    assert!(
        named > 2500,
        "only {named} of 4000 wrong options have a misconception"
    );
}

#[test]
fn the_lifetime_decides_in_most_draws() {
    let mut endless = 0;
    for seed in 0..1000 {
        let scenario = draw("effects", "record", 5, seed).scenario;
        let (effects, _) = replayed(&scenario, int(&scenario["lifetime"]));
        endless += usize::from(replayed(&scenario, 5000).0 == effects);
    }
    assert!(endless < 450, "{endless}");
}
