use proptest::prelude::*;

use super::*;
use crate::core::formula::Formula;
use crate::core::id::{ChoiceId, FacetId, Fingerprint, QuestionId};
use crate::core::question::{
    Choice, Criterion, Demand, Left, Level, Numeric, Param, Step, WrongFormula,
};

fn question(interaction: Interaction) -> Question {
    Question {
        id: QuestionId::new("q"),
        fingerprint: Fingerprint::of("q"),
        facet: FacetId::new("f"),
        points: vec![],
        tips: vec![],
        level: Level::Senior,
        demand: Demand::Apply,
        family: None,
        seconds: 60,
        stem: "".into(),
        code: None,
        lead_in: "".into(),
        interaction,
        explanation: "".into(),
        discussion: None,
        references: vec![],
        checked: None,
        simulation: None,
        retired: None,
        figures: Vec::new(),
    }
}

fn options(credits: &[f64]) -> Vec<Choice> {
    let option = |credit: &f64| Choice {
        text: "".into(),
        credit: *credit,
        why: "".into(),
        misconception: (*credit == 0.0).then(|| "believes it".into()),
    };
    credits.iter().map(option).collect()
}

fn single(credits: &[f64]) -> Question {
    question(Interaction::Single(options(credits)))
}

fn multiple(credits: &[f64]) -> Question {
    let select = credits.iter().filter(|credit| **credit == 1.0).count();
    question(Interaction::Multiple {
        select,
        options: options(credits),
    })
}

fn ordering(steps: usize, free: &[(u8, u8)]) -> Question {
    let free = free
        .iter()
        .map(|(a, b)| (ChoiceId(*a), ChoiceId(*b)))
        .collect();
    question(Interaction::Ordering {
        steps: vec![
            Step {
                text: "".into(),
                why: "".into()
            };
            steps
        ],
        free,
    })
}

fn matching(keys: &[u8], right: usize) -> Question {
    let left = keys
        .iter()
        .map(|key| Left {
            text: "".into(),
            key: ChoiceId(*key),
            why: "".into(),
        })
        .collect();
    question(Interaction::Matching {
        left,
        right: vec!["".into(); right],
    })
}

/// 720 (100 - slo) / e hours, slo 99.9 or 99.5, e 0.9; the last row is the wrong way up.
fn whole(unit: &str) -> Question {
    let numeric = Numeric::exactly(3.0, unit.into(), 0.4, Vec::new());
    question(Interaction::Numeric(numeric))
}

fn numeric(tolerance_rel: f64, tolerance_abs: f64) -> Question {
    let formula = |source| Formula::parse(source, &["slo", "e"]).unwrap();
    let param = |name: &str, values: &[f64]| Param {
        name: name.into(),
        values: values.into(),
        unit: "%".into(),
        label: "".into(),
    };
    question(Interaction::Numeric(Numeric {
        params: vec![param("slo", &[99.9, 99.5]), param("e", &[0.9])],
        formula: formula("720*(100-slo)/e"),
        unit: "h".into(),
        tolerance_rel,
        tolerance_abs,
        wrong: vec![
            WrongFormula {
                formula: formula("1/0"),
                why: "never".into(),
            },
            WrongFormula {
                formula: formula("30*(100-slo)/e"),
                why: "Days instead of hours for {slo} %.".into(),
            },
        ],
    }))
}

fn ids(ids: &[u8]) -> Vec<ChoiceId> {
    ids.iter().copied().map(ChoiceId).collect()
}

fn scored(question: &Question, answer: Answer) -> (f64, String) {
    let scored = score(question, Row(0), &answer).unwrap();
    (scored.value, scored.arithmetic)
}

fn earned(question: &Question, answer: Answer) -> f64 {
    scored(question, answer).0
}

fn picked(picks: &[u8]) -> Answer {
    Answer::Picked(ids(picks))
}

fn ordered(order: &[u8]) -> Answer {
    Answer::Ordered(ids(order))
}

fn typed(text: &str) -> Answer {
    Answer::Number2(text.into())
}

#[test]
fn a_stored_number_is_read_by_the_rule_under_which_it_was_typed() {
    let question = numeric(0.0, 0.5);
    let stored = |json: &str| serde_json::from_str::<Answer>(json).unwrap();
    let old = stored(r#"{"number":"0,125"}"#);
    assert!(is_readable(&question, &old));
    assert_eq!(old.number(""), Some(Ok(125.0)));
    let new = stored(r#"{"number-2":"0,125"}"#);
    assert!(!is_readable(&question, &new));
    assert_eq!(
        serde_json::to_string(&typed("1")).unwrap(),
        r#"{"number-2":"1"}"#
    );
    assert_eq!(
        serde_json::to_string(&old).unwrap(),
        r#"{"number":"0,125"}"#
    );
}

/// Every order of the numbers below `n`.
fn orders(n: u8) -> Vec<Vec<u8>> {
    let Some(last) = n.checked_sub(1) else {
        return vec![vec![]];
    };
    let insert = |order: Vec<u8>| {
        (0..=order.len()).map(move |place| {
            let mut longer = order.clone();
            longer.insert(place, last);
            longer
        })
    };
    orders(last).into_iter().flat_map(insert).collect()
}

fn mean(scores: impl IntoIterator<Item = f64>) -> f64 {
    let scores: Vec<f64> = scores.into_iter().collect();
    scores.iter().sum::<f64>() / scores.len() as f64
}

#[test]
fn a_single_pick_earns_its_credit() {
    let best = single(&[0.0, 1.0, 0.5]);
    assert_eq!(scored(&best, picked(&[1])), (1.0, "1 point".into()));
    assert_eq!(scored(&best, picked(&[2])), (0.5, "0.5 points".into()));
    assert_eq!(scored(&best, picked(&[0])), (0.0, "0 points".into()));
    assert_eq!(
        score(&best, Row(0), &picked(&[0])).unwrap().misconception,
        Some("believes it".into())
    );
    assert_eq!(chance(&best), Some(0.5));
}

#[test]
fn a_wrong_pick_takes_its_share_of_the_distractors() {
    let two_of_five = multiple(&[1.0, 0.0, 1.0, 0.0, 0.0]);
    let sentence = "1 of 2 right options, 1 of 3 wrong options: 1/2 - 1/3 = 0.17";
    assert_eq!(scored(&two_of_five, picked(&[0, 1])).1, sentence);
    assert_eq!(
        scored(&two_of_five, picked(&[2])),
        (0.5, "1 of 2 right options: 1/2 = 0.5".into())
    );
    let below = "0 of 2 right options, 2 of 3 wrong options: 0/2 - 2/3 is below 0, so 0";
    assert_eq!(scored(&two_of_five, picked(&[1, 3])), (0.0, below.into()));
    assert_eq!(earned(&two_of_five, picked(&[0, 1, 2])), 0.0);
    assert_eq!(earned(&two_of_five, picked(&[0, 0])), 0.0);
}

#[test]
fn pairs_that_may_swap_do_not_count() {
    let strict = ordering(4, &[]);
    assert_eq!(
        scored(&strict, ordered(&[1, 0, 2, 3])).1,
        "5 of 6 pairs in order: 2 x 5/6 - 1 = 0.67"
    );
    assert_eq!(
        scored(&strict, ordered(&[3, 2, 1, 0])),
        (
            0.0,
            "0 of 6 pairs in order: 2 x 0/6 - 1 is below 0, so 0".into()
        )
    );
    let free = ordering(4, &[(1, 0)]);
    assert_eq!(
        scored(&free, ordered(&[1, 0, 2, 3])),
        (1.0, "5 of 5 pairs in order: 2 x 5/5 - 1 = 1".into())
    );
}

#[test]
fn each_right_pair_earns_its_share() {
    let three = matching(&[4, 2, 0], 5);
    let pairs =
        |pairs: &[Option<u8>]| Answer::Matched(pairs.iter().map(|p| p.map(ChoiceId)).collect());
    assert_eq!(
        scored(&three, pairs(&[Some(4), Some(1), Some(0)])),
        (2.0 / 3.0, "2 of 3 pairs right: 2/3 = 0.67".into())
    );
    assert_eq!(earned(&three, pairs(&[Some(4), None, None])), 1.0 / 3.0);
    assert_eq!(earned(&three, pairs(&[Some(4), Some(2), Some(5)])), 0.0);
    assert_eq!(earned(&three, pairs(&[Some(4); 4])), 0.0);
}

#[test]
fn a_number_is_right_within_its_tolerance() {
    let hours = numeric(0.02, 0.5);
    assert_eq!(
        scored(&hours, typed("81.5h")),
        (
            1.0,
            "81.5 h given, 80 h is right: 1.5 h apart, within 1.6 h: 1 point".into()
        )
    );
    assert_eq!(
        scored(&hours, typed("82")).1,
        "82 h given, 80 h is right: 2 h apart, not within 1.6 h: 0 points"
    );
    assert_eq!(
        scored(&numeric(0.0, 0.0), typed("17")).1,
        "17 given, 80 is right: 0 points"
    );
    assert_eq!(earned(&numeric(0.0, 0.0), typed("80")), 1.0);
    assert_eq!(earned(&numeric(0.0, 0.0), typed("80.001")), 0.0);
    assert!(
        scored(&hours, typed("soon"))
            .1
            .starts_with("\"soon\" is not a number.")
    );
}

#[test]
fn a_recognised_wrong_number_names_its_misconception() {
    let given = |text| score(&numeric(0.02, 0.01), Row(1), &typed(text)).unwrap();
    assert_eq!(given("400").value, 1.0);
    assert_eq!(given("400").misconception, None);
    assert_eq!(
        given("16.7").misconception,
        Some("Days instead of hours for 99.5 %.".into())
    );
    assert_eq!(given("20").misconception, None);
}

#[test]
fn a_broken_formula_is_never_met() {
    let mut broken = numeric(0.02, 0.0);
    if let Interaction::Numeric(numeric) = &mut broken.interaction {
        numeric.formula = Formula::parse("1/0", &[]).unwrap();
    }
    assert_eq!(earned(&broken, typed("1e300")), 0.0);
}

#[test]
fn a_deck_that_check_refuses_is_scored_without_delay() {
    let absurd = question(Interaction::Multiple {
        select: usize::MAX,
        options: options(&[1.0, 0.0]),
    });
    assert_eq!(chance(&absurd), Some(0.0));
    assert_eq!(earned(&absurd, picked(&[0])), 1.0);
    assert_eq!(chance(&ordering(255, &[])), Some(0.0));
    assert_eq!(chance(&single(&[])), Some(0.0));
    assert_eq!(earned(&single(&[]), picked(&[0])), 0.0);
    assert_eq!(earned(&matching(&[], 0), Answer::Matched(vec![None])), 0.0);
}

#[test]
fn open_questions_have_no_score_and_no_chance_level() {
    let rubric = vec![Criterion {
        criterion: "".into(),
        points: 2,
        evidence: "".into(),
    }];
    let open = question(Interaction::Open {
        model_answer: "".into(),
        rubric,
    });
    assert_eq!(
        score(&open, Row(0), &Answer::Written("because".into())),
        None
    );
    assert_eq!(chance(&open), None);
}

#[test]
fn rules_say_what_counts() {
    let rules = [
        single(&[0.0, 1.0, 0.0]),
        single(&[0.0, 1.0, 0.5]),
        multiple(&[1.0, 0.0, 1.0, 0.0]),
        multiple(&[1.0, 0.0, 1.0, 0.0, 0.0]),
        multiple(&[1.0, 0.0, 0.0, 0.0]),
        ordering(5, &[]),
        ordering(5, &[(0, 1)]),
        matching(&[0, 1, 2], 5),
        numeric(0.02, 0.0),
        numeric(0.02, 0.5),
        numeric(0.0, 0.0),
        whole("instances"),
        whole("s"),
        whole(""),
    ]
    .map(|question| rule(&question.interaction));
    insta::assert_snapshot!(rules.join("\n"), @"
    Choose 1.
    Choose the best one. One that \
        is partly right earns part of the score.
    Choose 2. A wrong pick cancels a right one.
    Choose 2. A right pick earns 1/2, a wrong one \
        costs 1/3.
    Choose 1. A right pick earns 1, a wrong one costs 1/3.
    \
        Put all 5 in order. A pair the wrong way round cancels one the right way round.
    Put \
        all 5 in order. A pair the wrong way round cancels one the right way round. Some may \
        stand either way.
    Choose one entry for each of the 3; some are left over. Each right \
        pair earns 1/3.
    Type a number in h. Any answer within 2% of the exact value is right.
    Type a \
        number in h. Any answer within 2% or 0.5 h of the exact value is right.
    Type a number in h. Only \
        the exact value is right.
    Type a whole number of instances. Anything within 0.4 instances of the exact one is right.
    Type \
        a number in s. Any answer within 0.4 s of the exact value is right.
    Type a whole number. Anything within 0.4 of \
        the exact one is right.
    ");
}

#[test]
fn chance_is_the_mean_over_all_answers() {
    for credits in [&[1.0, 0.0, 0.0][..], &[0.5, 1.0, 0.0, 0.0]] {
        let question = single(credits);
        let scores = (0..credits.len() as u8).map(|pick| earned(&question, picked(&[pick])));
        assert!((mean(scores) - chance(&question).unwrap()).abs() < 1e-12);
    }
    for (steps, free) in [
        (4, &[][..]),
        (5, &[(1, 2)]),
        (6, &[(0, 1), (4, 3), (0, 1)]),
        (7, &[(0, 6)]),
    ] {
        let question = ordering(steps, free);
        let scores = orders(steps as u8)
            .into_iter()
            .map(|order| earned(&question, ordered(&order)));
        assert!(
            (mean(scores) - chance(&question).unwrap()).abs() < 1e-12,
            "{steps} {free:?}"
        );
    }
    let question = matching(&[3, 1], 4);
    let scores = (0..16).map(|n| {
        earned(
            &question,
            Answer::Matched(vec![Some(ChoiceId(n / 4)), Some(ChoiceId(n % 4))]),
        )
    });
    assert!((mean(scores) - chance(&question).unwrap()).abs() < 1e-12);
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let ids = || proptest::collection::vec((0u8..9).prop_map(ChoiceId), 0..9);
    let numbers = prop_oneof![any::<String>(), any::<f64>().prop_map(number::show)];
    prop_oneof![
        ids().prop_map(Answer::Picked),
        ids().prop_map(Answer::Ordered),
        proptest::collection::vec(proptest::option::of((0u8..9).prop_map(ChoiceId)), 0..9)
            .prop_map(Answer::Matched),
        numbers.prop_map(Answer::Number2),
        any::<String>().prop_map(Answer::Written),
    ]
}

/// Questions of every type, those that `check` would refuse among them, each with its key.
fn any_question() -> impl Strategy<Value = (Question, Answer)> {
    let keyed = |credits: &[f64]| {
        (0..credits.len() as u8)
            .filter(|i| credits[*i as usize] == 1.0)
            .collect::<Vec<_>>()
    };
    prop_oneof![
        (1usize..6, 0usize..6).prop_map(|(n, key)| {
            let mut credits = vec![0.0; n];
            credits[key % n] = 1.0;
            (single(&credits), picked(&[(key % n) as u8]))
        }),
        proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0)], 1..8)
            .prop_filter("a key", |credits| credits.contains(&1.0))
            .prop_map(move |credits| (multiple(&credits), picked(&keyed(&credits)))),
        (1usize..9, proptest::collection::vec((0u8..9, 0u8..9), 0..4)).prop_map(|(n, free)| (
            ordering(n, &free),
            ordered(&(0..n as u8).collect::<Vec<_>>())
        )),
        proptest::collection::vec(0u8..6, 1..6).prop_map(|keys| {
            let pairs = keys.iter().map(|key| Some(ChoiceId(*key))).collect();
            (matching(&keys, 6), Answer::Matched(pairs))
        }),
        (0.0..0.1, 0.0..1.0).prop_map(|(rel, abs)| (numeric(rel, abs), typed("80 h"))),
    ]
}

proptest! {
    #[test]
    fn every_score_and_chance_level_is_in_range((question, _) in any_question(), answer in any_answer(), row: u32) {
        prop_assert!((0.0..=1.0).contains(&score(&question, Row(row), &answer).unwrap().value));
        prop_assert!((0.0..=1.0).contains(&chance(&question).unwrap()));
    }

    #[test]
    fn the_key_earns_everything((question, key) in any_question()) {
        prop_assert_eq!(earned(&question, key), 1.0);
    }

    #[test]
    fn chance_of_a_multiple_question_is_the_mean_over_all_sets(
        credits in proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0)], 1..8),
    ) {
        let question = multiple(&credits);
        let select = credits.iter().filter(|credit| **credit == 1.0).count() as u32;
        let sets = (0u32..1 << credits.len()).filter(|set| set.count_ones() == select);
        let scores = sets.map(|set| {
            let picks: Vec<u8> = (0..credits.len() as u8).filter(|i| set & (1 << i) != 0).collect();
            earned(&question, picked(&picks))
        });
        prop_assert!((mean(scores) - chance(&question).unwrap()).abs() < 1e-12);
    }
}
