//! Checks the built-in bank: enough questions of every kind, and no cues.

use std::collections::HashMap;

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

/// The largest distance from chance of a guesser that never reads the stem, in percentage points.
const POINTS_ABOVE_CHANCE: f64 = 4.0;

#[test]
fn the_linter_finds_nothing_and_the_options_give_nothing_away() {
    let mut out = Vec::new();
    let args = Args {
        paths: Vec::new(),
        format: Format::Text,
        deny: None,
        explain: None,
        ..Args::default()
    };
    let exit = run(&args, None, false, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(exit, Exit::Fine, "{out}");
    assert!(!out.contains("warning["), "{out}");
    let number_after = |words: &str| -> f64 {
        let rest = out.split(words).nth(1).unwrap();
        rest.split('%').next().unwrap().parse().unwrap()
    };
    let guessed = number_after("never reads the stem finds ");
    let chance = number_after("chance is ");
    assert!(
        guessed <= chance + POINTS_ABOVE_CHANCE,
        "{guessed} with a chance of {chance}"
    );
}

#[test]
fn each_competency_has_52_questions_of_every_type_and_level() {
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
        assert!(questions.len() >= 52, "{id}: {}", questions.len());
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Recall) {
            assert!(
                questions.iter().any(|q| q.kind() == kind),
                "{id}: {}",
                kind.word()
            );
        }
        let open = questions.iter().filter(|q| q.kind() == Kind::Open).count();
        assert!(open >= 4, "{id}: {open}");
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
        let easy = share(&questions, |q| q.level <= Level::Mid);
        assert!(easy >= 0.3, "{id}: {easy} for juniors");
        for level in Level::ALL {
            let n = questions.iter().filter(|q| q.level == level).count();
            assert!(n >= 2, "{id}: {n} of {level}");
        }
        for facet in &competency.facets {
            let n = questions.iter().filter(|q| q.facet == facet.id).count();
            assert!(n >= 3, "{id}: {n} of {}", facet.id);
        }
    }
}

/// Returns the questions of all built-in decks.
fn whole_bank(library: &Library) -> Vec<Question> {
    (0..library.decks.len())
        .flat_map(|deck| questions(library, deck))
        .collect()
}

/// Returns the median of the numbers of words in stems.
fn median_words(stems: impl Iterator<Item = usize>) -> usize {
    let mut words: Vec<usize> = stems.collect();
    words.sort_unstable();
    words[words.len() / 2]
}

#[test]
fn figures_carry_the_facts_and_most_single_choices_have_a_twin() {
    let library = Library::load(&[], None);
    let all = whole_bank(&library);
    assert!(all.len() >= 480, "{}", all.len());
    let drawn = |q: &Question| q.simulation.is_some() || q.code.is_some() || !q.figures.is_empty();
    let share_drawn = share(&all, drawn);
    assert!(share_drawn >= 0.4, "{share_drawn}");
    let words = |q: &Question| q.stem.as_str().split_whitespace().count();
    let authored = || all.iter().filter(|q| q.simulation.is_none());
    let with_figure = median_words(authored().filter(|q| drawn(q)).map(words));
    let without = median_words(authored().filter(|q| !drawn(q)).map(words));
    assert!(with_figure <= 45, "{with_figure} words beside a figure");
    assert!(without <= 60, "{without} words without a figure");
    let mut families: HashMap<&str, usize> = HashMap::new();
    let singles: Vec<&Question> = authored().filter(|q| q.kind() == Kind::Single).collect();
    for family in singles.iter().filter_map(|q| q.family.as_ref()) {
        *families.entry(family).or_default() += 1;
    }
    let has_twin = |q: &&&Question| q.family.as_ref().is_some_and(|f| families[f.as_str()] > 1);
    let twins = singles.iter().filter(has_twin).count() as f64 / singles.len() as f64;
    assert!(twins >= 0.5, "{twins}");
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
