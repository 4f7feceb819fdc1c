//! Properties of all presented questions.

use proptest::prelude::*;

use super::{Asked, Intent, Key, Mark, Marks, Part, Places, Response, Revealed, respond};
use crate::core::form::Item;
use crate::core::formula::Formula;
use crate::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use crate::core::question::{
    Choice, Code, Criterion, Demand, Interaction, Left, Level, Numeric, Param, Question, Reference,
    Row, Step, WrongFormula,
};
use crate::core::response::Answer;
use crate::core::scoring;

fn interactions() -> Vec<Interaction> {
    let choice = |text: &str, credit| Choice {
        text: text.into(),
        credit,
        why: "why".into(),
        misconception: Some("belief".into()),
    };
    let options = vec![
        choice("one", 1.0),
        choice("two", 0.5),
        choice("three", 0.0),
        choice("four", 0.0),
    ];
    let mut two_keys = options.clone();
    two_keys[1].credit = 1.0;
    let step = |text: &str| Step {
        text: text.into(),
        why: "why".into(),
    };
    let left = |text: &str, key| Left {
        text: text.into(),
        key: ChoiceId(key),
        why: "why".into(),
    };
    vec![
        Interaction::Single(options),
        Interaction::Multiple {
            select: 2,
            options: two_keys,
        },
        Interaction::Ordering {
            steps: ["first", "second", "third"].map(step).into(),
            free: vec![(ChoiceId(0), ChoiceId(1))],
        },
        Interaction::Matching {
            left: vec![left("x", 0), left("y", 1)],
            right: ["a", "b", "c"].map(Into::into).into(),
        },
        Interaction::Numeric(Numeric {
            params: vec![Param {
                name: "n".into(),
                values: vec![7.0, 9.0],
                unit: "".into(),
                label: "".into(),
            }],
            formula: Formula::parse("n*2", &["n"]).unwrap(),
            unit: "GB".into(),
            tolerance_rel: 0.0,
            tolerance_abs: 1.0,
            wrong: vec![],
        }),
        Interaction::Open {
            model_answer: "model".into(),
            rubric: vec![Criterion {
                criterion: "criterion".into(),
                points: 2,
                evidence: "evidence".into(),
            }],
        },
    ]
}

fn asked(interaction: Interaction) -> (Question, Item) {
    let reference = Reference {
        author: "Ada".into(),
        title: "Notes".into(),
        place: "".into(),
        year: 0,
        url: None,
    };
    let question = Question {
        id: QuestionId::new("q"),
        fingerprint: Fingerprint::of("q"),
        facet: FacetId::new("facet"),
        points: vec![],
        tips: vec![],
        level: Level::Mid,
        demand: Demand::Apply,
        family: None,
        seconds: 60,
        stem: "{n} nodes".into(),
        code: Some(Code {
            language: "sh".into(),
            text: "nodes={n}".into(),
            numbers: false,
        }),
        lead_in: "How many of {n}?".into(),
        interaction,
        explanation: "It is {n}.".into(),
        discussion: None,
        references: vec![reference],
        checked: None,
        simulation: None,
        retired: None,
        figures: Vec::new(),
    };
    let item = Item {
        deck: DeckId::new("deck"),
        question: question.id.clone(),
        fingerprint: question.fingerprint,
        competency: CompetencyId::new("competency"),
        facet: question.facet.clone(),
        level: question.level,
        kind: question.kind(),
        seconds: 60,
        row: Row(1),
        order: ChoiceId::first(question.interaction.movable())
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
        fresh: true,
        variant: false,
        instance: None,
        why: None,
    };
    (question, item)
}

fn revealed(question: &Question, item: &Item, answer: Option<&Answer>) -> Vec<Part> {
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let places = answer.map(|answer| Places::of(answer, item));
    let marks = Marks {
        answer: places.as_ref(),
        ..Marks::default()
    };
    Revealed::of(question, item, scored.as_ref(), |_| None)
        .parts(&Asked::of(question, item), &marks)
}

fn marks(parts: &[Part]) -> Vec<Mark> {
    let mark = |part: &Part| {
        if let Part::Entry(entry) = part {
            Some(entry.mark)
        } else {
            None
        }
    };
    parts.iter().filter_map(mark).collect()
}

#[test]
fn parameters_are_filled_in_everywhere() {
    let (question, item) = asked(interactions().remove(4));
    let told = format!(
        "{:?}{:?}",
        Asked::of(&question, &item),
        revealed(&question, &item, None)
    );
    assert!(
        told.contains("nodes=9") && told.contains("9 nodes") && told.contains("It is 9."),
        "{told}"
    );
    assert!(!told.contains("{n}"), "{told}");
}

#[test]
fn calculated_values_are_rounded_to_the_tolerance() {
    let wrong = WrongFormula {
        formula: Formula::parse("n/9", &["n"]).unwrap(),
        why: "forgot a third".into(),
    };
    let numeric = Numeric {
        params: vec![Param {
            name: "n".into(),
            values: vec![7.0, 1000.0],
            unit: "".into(),
            label: "".into(),
        }],
        formula: Formula::parse("n/3", &["n"]).unwrap(),
        unit: "GB".into(),
        tolerance_rel: 0.02,
        tolerance_abs: 0.0,
        wrong: vec![wrong],
    };
    let (question, item) = asked(Interaction::Numeric(numeric));
    let words = format!("{:?}", revealed(&question, &item, None));
    for said in ["333.3 GB", "6.67 GB", "111.1 GB"] {
        assert!(words.contains(said), "{said} is missing from {words}");
    }
    assert!(!words.contains("333.33"), "{words}");
}

#[test]
fn steps_that_may_change_places_are_right_in_either() {
    let (question, item) = asked(interactions().remove(2));
    let given = |ids: [u8; 3]| Answer::Ordered(ids.map(ChoiceId).into());
    assert_eq!(
        marks(&revealed(&question, &item, Some(&given([1, 0, 2])))),
        [Mark::Right; 3]
    );
    let wrong = marks(&revealed(&question, &item, Some(&given([2, 1, 0]))));
    assert_eq!(wrong, [Mark::Wrong, Mark::Right, Mark::Wrong]);
}

#[test]
fn an_exact_number_has_no_tolerance_beside_it() {
    let wrong = vec![(10.0, "A slip.".into())];
    let numeric = Numeric::exactly(12.0, "ms".into(), 0.0, wrong);
    let (question, item) = asked(Interaction::Numeric(numeric));
    let revealed = Revealed::of(&question, &item, None, |_| None);
    let asked = Asked::of(&question, &item);
    assert_eq!(revealed.one_line(&asked).as_deref(), Some("12 ms"));
    let parts = revealed.answer(&asked, &Marks::default());
    assert!(
        !parts.iter().any(|part| matches!(part, Part::Aside(_))),
        "a formula without parameters says nothing: {parts:?}"
    );
}

#[test]
fn a_belief_is_told_only_to_those_who_chose_it() {
    let (question, item) = asked(interactions().remove(0));
    let told =
        |answer: Option<Answer>| format!("{:?}", revealed(&question, &item, answer.as_ref()));
    assert!(!told(None).contains("belief"));
    assert!(
        !told(Some(Answer::Picked(vec![ChoiceId(0)]))).contains("belief"),
        "the key is no misconception"
    );
    assert!(told(Some(Answer::Picked(vec![ChoiceId(2)]))).contains("belief"));
}

#[test]
fn a_key_of_another_type_has_no_parts() {
    let (question, item) = asked(interactions().remove(0));
    let mut revealed = Revealed::of(&question, &item, None, |_| None);
    revealed.key = Key::Steps(vec![(7, "why".into())]);
    assert_eq!(
        revealed.answer(&Asked::of(&question, &item), &Marks::default()),
        []
    );
}

fn intent() -> impl Strategy<Value = Intent> {
    let place = 0..6usize;
    prop_oneof![
        place.clone().prop_map(Intent::Choose),
        place.clone().prop_map(Intent::Mark),
        place.prop_map(Intent::Move),
        Just(Intent::MarkBefore),
        Just(Intent::MarkAfter),
        Just(Intent::MoveUp),
        Just(Intent::MoveDown),
        Just(Intent::Toggle),
        Just(Intent::Confirm),
        Just(Intent::TakeBack),
        "[0-9a-z]{0,4}".prop_map(Intent::Type),
    ]
}

proptest! {
    #[test]
    fn whatever_a_person_does_the_answer_fits_its_question(
        intents in prop::collection::vec(intent(), 0..30),
        kind in 0..6usize,
    ) {
        let (question, item) = asked(interactions().remove(kind));
        let (mut answer, mut at) = (None, None);
        for intent in intents {
            match respond(&question, &item.order, answer.as_ref(), &mut at, intent) {
                Response::Answer(given) => {
                    prop_assert_eq!(given.fits(&question.interaction), Ok(()));
                    answer = (!given.is_blank()).then_some(given);
                }
                Response::Complete => prop_assert!(answer.is_some()),
                Response::Unchanged | Response::Type | Response::Refused(_) => {}
            }
            prop_assert!(at.is_none_or(|at| at < question.interaction.lines().max(1)));
        }
    }
}
