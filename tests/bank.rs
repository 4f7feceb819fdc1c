//! Checks the built-in bank: enough questions of every kind, and no cues.

use std::collections::{BTreeMap, HashMap};

use aethos::cli::Exit;
use aethos::cli::check::{Args, Format, run};
use aethos::core::question::{Demand, Interaction, Kind, Level, Question};
use aethos::deck::coverage::Coverage;
use aethos::deck::load::Library;

fn questions(library: &Library, deck: usize) -> Vec<Question> {
    let loaded = &library.decks[deck];
    (0..loaded.deck.entries.len())
        .map(|i| loaded.question(i).unwrap())
        .collect()
}

fn share(questions: &[Question], of: impl Fn(&Question) -> bool) -> f64 {
    questions.iter().filter(|q| of(q)).count() as f64 / questions.len() as f64
}

/// The share of keys that a guesser blind to the stem finds, in percent, as measured. It falls with
/// every deck of the second edition, until it is within 4 points of chance.
const GUESSED_AT_MOST: f64 = 27.0;

/// The cues that are left in questions of the first edition, by code. The numbers only fall.
const CUES_AT_MOST: [(&str, usize); 3] = [("L53", 22), ("L55", 11), ("L57", 3)];

#[test]
fn the_linter_finds_nothing_but_what_the_options_say() {
    let mut out = Vec::new();
    let args = Args {
        paths: Vec::new(),
        format: Format::Text,
        deny: None,
        explain: None,
    };
    let exit = run(&args, None, false, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(exit, Exit::Fine, "{out}");
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for line in out.lines().filter_map(|line| line.strip_prefix("warning[")) {
        *found.entry(line.split(']').next().unwrap()).or_default() += 1;
    }
    let allowed: BTreeMap<&str, usize> = CUES_AT_MOST.into();
    for (code, n) in found {
        let at_most = allowed.get(code).copied().unwrap_or(0);
        assert!(n <= at_most, "{n} of {code}, at most {at_most}: {out}");
    }
    let guessed = out.split("never reads the stem finds ").nth(1).unwrap();
    let guessed: f64 = guessed.split('%').next().unwrap().parse().unwrap();
    assert!(guessed <= GUESSED_AT_MOST, "{guessed}");
}

#[test]
fn each_competency_has_thirty_questions_of_every_type_and_level() {
    let library = Library::load(&[], None);
    for (i, loaded) in library.decks.iter().enumerate() {
        let competency = library
            .outline
            .blueprint
            .competency(&loaded.deck.competency)
            .unwrap();
        if !competency.is_scored() {
            continue;
        }
        let questions = questions(&library, i);
        let id = &loaded.deck.id;
        assert!(questions.len() >= 30, "{id}: {}", questions.len());
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Recall) {
            assert!(
                questions.iter().any(|q| q.kind() == kind),
                "{id}: {}",
                kind.word()
            );
        }
        let open = questions.iter().filter(|q| q.kind() == Kind::Open).count();
        assert!(open >= 2, "{id}: {open}");
        let single = share(&questions, |q| q.kind() == Kind::Single);
        // The other types can't be picked from the options, so a deck may prefer them.
        assert!((0.3..=0.75).contains(&single), "{id}: {single}");
        assert!(
            share(&questions, |q| q.demand == Demand::Recall) <= 0.15,
            "{id}"
        );
        assert!(
            share(&questions, |q| matches!(
                q.demand,
                Demand::Apply | Demand::Diagnose
            )) >= 0.5,
            "{id}"
        );
        assert!(
            share(&questions, |q| matches!(
                q.demand,
                Demand::Judge | Demand::Design
            )) >= 0.1,
            "{id}"
        );
        assert!(
            share(&questions, |q| q.level >= Level::Senior) >= 0.5,
            "{id}"
        );
        for facet in &competency.facets {
            let n = questions.iter().filter(|q| q.facet == facet.id).count();
            assert!(n >= 3, "{id}: {n} of {}", facet.id);
        }
    }
}

#[test]
fn tips_and_questions_about_the_role_are_asked_evenly() {
    let library = Library::load(&[], None);
    let deck = |id: &str| {
        library
            .decks
            .iter()
            .position(|d| d.deck.id.as_str() == id)
            .unwrap()
    };
    let mut tips: HashMap<String, usize> = HashMap::new();
    for question in questions(&library, deck("tips")) {
        assert!(!question.tips.is_empty(), "{}", question.id);
        question
            .tips
            .iter()
            .for_each(|tip| *tips.entry(tip.to_string()).or_default() += 1);
    }
    assert_eq!(tips.len(), 8);
    assert!(tips.values().all(|n| *n >= 6), "{tips:?}");
    let mut faqs: HashMap<String, usize> = HashMap::new();
    for question in questions(&library, deck("role")) {
        assert!(question.interaction.is_open(), "{}", question.id);
        assert_eq!(question.demand, Demand::Judge, "{}", question.id);
        *faqs.entry(question.facet.to_string()).or_default() += 1;
    }
    assert_eq!(faqs.len(), 6);
    assert!(faqs.values().all(|n| *n >= 4), "{faqs:?}");
}

#[test]
fn every_facet_and_most_senior_points_are_reached() {
    let library = Library::load(&[], None);
    let coverage = Coverage::of(&library);
    let unreached: Vec<_> = coverage
        .facets()
        .filter(|f| f.questions == 0)
        .map(|f| &f.id)
        .collect();
    assert!(unreached.is_empty(), "{unreached:?}");
    let (reached, all) = coverage.senior_points();
    assert!(reached as f64 >= 0.6 * all as f64, "{reached} of {all}");
}

#[test]
fn numbers_cannot_be_remembered_and_never_sit_beside_a_wrong_one() {
    let library = Library::load(&[], None);
    for deck in 0..library.decks.len() {
        for question in questions(&library, deck) {
            let Interaction::Numeric(numeric) = &question.interaction else {
                continue;
            };
            if question.simulation.is_some() {
                continue;
            }
            assert!(numeric.rows() >= 6, "{}", question.id);
            for row in (0..numeric.rows()).map(aethos::core::question::Row) {
                let (right, near) = (numeric.right(row), 2.0 * numeric.tolerance(row));
                assert!(right.is_finite() && right > 0.0, "{}: {right}", question.id);
                for wrong in &numeric.wrong {
                    let value = wrong.formula.evaluate(&numeric.values(row));
                    assert!(
                        (value - right).abs() > near,
                        "{}: {value} beside {right}",
                        question.id
                    );
                }
            }
        }
    }
}
