//! Runs every order of drawn programs, listed by the bits of a number, and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::Instance;
use crate::simulation::{Setting, contract};

const PLAIN: &[(&str, Setting)] = &[("lines", Setting::Whole(3, 3))];
const CAS: &[(&str, Setting)] = &[
    ("lines", Setting::Whole(3, 3)),
    ("operations", Setting::Word(String::new())),
];

fn bounds(given: &[(&str, Setting)]) -> Bounds {
    let value = |(name, value): &(&str, Setting)| match value {
        Setting::Word(_) => ((*name).to_owned(), Setting::Word("cas".to_owned())),
        _ => ((*name).to_owned(), value.clone()),
    };
    Bounds::new(
        MODEL.bounds,
        &given.iter().map(value).collect::<BTreeMap<_, _>>(),
    )
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn run(line: &Value, x: &mut i64, r: &mut i64) {
    match line["op"].as_str().unwrap() {
        "load" => *r = *x,
        "store-r-plus" => *x = *r + int(&line["n"]),
        "store" => *x = int(&line["value"]),
        "atomic-add" => *x += int(&line["n"]),
        _ if line["from"] == *x => *x = int(&line["to"]),
        _ => {}
    }
}

/// Returns the final values of x for all orders, each a number whose bits choose the threads, in
/// which the lines of `pair` follow each other directly.
fn finals(scenario: &Value, pair: Option<(usize, usize)>) -> BTreeSet<i64> {
    let threads = [&scenario["A"], &scenario["B"]].map(|lines| lines.as_array().unwrap());
    let n = threads[0].len();
    let mut finals = BTreeSet::new();
    for bits in 0_u32..1 << (2 * n) {
        if bits.count_ones() as usize != n {
            continue;
        }
        let (mut x, mut r, mut next) = (int(&scenario["start"]), [0, 0], [0, 0]);
        let mut order = Vec::new();
        for i in 0..2 * n {
            let thread = (bits >> i & 1) as usize;
            run(&threads[thread][next[thread]], &mut x, &mut r[thread]);
            order.push((thread, next[thread]));
            next[thread] += 1;
        }
        let follows = |(thread, line)| {
            let at = order
                .iter()
                .position(|step| *step == (thread, line))
                .unwrap();
            order.get(at + 1) == Some(&(thread, line + 1))
        };
        if pair.is_none_or(follows) {
            finals.insert(x);
        }
    }
    finals
}

fn draw(ask: &str, given: &[(&str, Setting)], seed: u64) -> Instance {
    MODEL.instance(ask, &bounds(given), seed).unwrap()
}

#[test]
fn all_orders_give_the_same_answers() {
    for given in [&[], PLAIN, CAS] {
        for seed in 0..700 {
            let instance = draw("possible", given, seed);
            let Outcome::Several { options } = &instance.outcome else {
                panic!("not a choice of several");
            };
            let finals = finals(&instance.scenario, None);
            for option in options {
                let value = option.text.line().parse().unwrap();
                assert_eq!(
                    option.right,
                    finals.contains(&value),
                    "seed {seed}: {value}"
                );
            }
        }
    }
}

#[test]
fn exactly_one_pair_of_lines_removes_the_value() {
    for given in [PLAIN, CAS] {
        for seed in 0..700 {
            let instance = draw("merge", given, seed);
            let Outcome::One { options } = &instance.outcome else {
                panic!("not a choice of one");
            };
            let value = int(&instance.scenario["value"]);
            assert!(finals(&instance.scenario, None).contains(&value));
            let pairs = [(0, 0), (0, 1), (1, 0), (1, 1)];
            for (option, pair) in options.iter().zip(pairs) {
                let is_left = finals(&instance.scenario, Some(pair)).contains(&value);
                assert_eq!(option.right, !is_left, "seed {seed}");
            }
        }
    }
}

#[test]
fn draws_keep_the_contract() {
    let cas = Setting::Word("cas".to_owned());
    let cas = [("lines", Setting::Whole(3, 3)), ("operations", cas)];
    for given in [&[], PLAIN, &cas] {
        contract::holds(&MODEL, "possible", Kind::Multiple, given);
        contract::holds(&MODEL, "merge", Kind::Single, given);
    }
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["possible", "merge"] {
        let instance = draw(ask, PLAIN, 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}
