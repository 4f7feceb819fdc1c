//! Builders for test questions.

use aethos::core::blueprint::{Blueprint, Competency, Facet};
use aethos::core::form::{Form, Item};
use aethos::core::formula::Formula;
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use aethos::core::question::{
    Choice, Criterion, Demand, Interaction, Left, Level, Numeric, Param, Question, Row, Step,
    WrongFormula,
};
use aethos::core::text::Text;

/// A senior question of 60 seconds.
pub fn question(id: &str, facet: &str, interaction: Interaction) -> Question {
    Question {
        id: QuestionId::new(id),
        fingerprint: Fingerprint::of(id),
        facet: FacetId::new(facet),
        points: Vec::new(),
        tips: Vec::new(),
        level: Level::Senior,
        demand: Demand::Apply,
        family: None,
        seconds: 60,
        stem: Text::new("A situation."),
        code: None,
        lead_in: Text::new("What follows?"),
        interaction,
        explanation: Text::new("This is why."),
        discussion: None,
        references: Vec::new(),
        checked: None,
        simulation: None,
        retired: None,
        figures: Vec::new(),
    }
}

/// An option with its credit; 1 makes it a key.
pub fn option(text: &str, credit: f64) -> Choice {
    let why = if credit >= 1.0 {
        "It is right."
    } else {
        "It misses the point."
    };
    Choice {
        text: Text::new(text),
        credit,
        why: Text::new(why),
        misconception: None,
    }
}

pub fn options(texts: &[(&str, f64)]) -> Vec<Choice> {
    texts
        .iter()
        .map(|(text, credit)| option(text, *credit))
        .collect()
}

/// Returns a multiple question that asks for as many options as are keys.
pub fn multiple(options: Vec<Choice>) -> Interaction {
    Interaction::Multiple {
        select: options.iter().filter(|o| o.is_key()).count(),
        options,
    }
}

/// Returns an ordering question from its steps in the correct order.
pub fn ordering(steps: &[&str]) -> Interaction {
    let step = |text: &&str| Step {
        text: Text::new(text),
        why: Text::new("It rests on the one before."),
    };
    Interaction::Ordering {
        steps: steps.iter().map(step).collect(),
        free: Vec::new(),
    }
}

/// Returns a matching question from its left entries, each with the index of its right entry.
pub fn matching(left: &[(&str, u8)], right: &[&str]) -> Interaction {
    let entry = |(text, key): &(&str, u8)| Left {
        text: Text::new(text),
        key: ChoiceId(*key),
        why: Text::new("They belong together."),
    };
    Interaction::Matching {
        left: left.iter().map(entry).collect(),
        right: right.iter().map(|text| Text::new(text)).collect(),
    }
}

/// Returns a numeric question for `formula`, with parameters, their values and a tolerance of 1%.
pub fn numeric(
    formula: &str,
    params: &[(&str, &[f64])],
    unit: &str,
    wrong: &[(&str, &str)],
) -> Interaction {
    let names: Vec<&str> = params.iter().map(|(name, _)| *name).collect();
    let parse = |source: &str| Formula::parse(source, &names).unwrap();
    let param = |(name, values): &(&str, &[f64])| Param {
        name: (*name).to_owned(),
        values: values.to_vec(),
        unit: Text::default(),
        label: Text::default(),
    };
    Interaction::Numeric(Numeric {
        params: params.iter().map(param).collect(),
        formula: parse(formula),
        unit: Text::new(unit),
        tolerance_rel: 0.01,
        tolerance_abs: 0.0,
        wrong: wrong
            .iter()
            .map(|(f, why)| WrongFormula {
                formula: parse(f),
                why: Text::new(why),
            })
            .collect(),
    })
}

/// Returns an open question from its criteria and their points.
pub fn open(criteria: &[(&str, u32)]) -> Interaction {
    let criterion = |(text, points): &(&str, u32)| Criterion {
        criterion: Text::new(text),
        points: *points,
        evidence: Text::new("It is said in so many words."),
    };
    Interaction::Open {
        model_answer: Text::new("A good answer."),
        rubric: criteria.iter().map(criterion).collect(),
    }
}

/// Returns a competency with the given facets, as `(id, title)`.
pub fn competency(id: &str, title: &str, weight: u32, facets: &[(&str, &str)]) -> Competency {
    let facet = |(id, title): &(&str, &str)| Facet {
        id: FacetId::new(id),
        title: Text::new(title),
        place: Text::new("section 3, paragraph 2"),
    };
    Competency {
        id: CompetencyId::new(id),
        title: Text::new(title),
        weight,
        facets: facets.iter().map(facet).collect(),
    }
}

/// Returns a form that asks these questions in order, with their options in file order.
pub fn form(
    blueprint: &Blueprint,
    questions: &[Question],
    is_fresh: impl Fn(usize) -> bool,
) -> Form {
    let item = |(slot, question): (usize, &Question)| {
        let (competency, _) = blueprint
            .facet(&question.facet)
            .expect("the facet is in the blueprint");
        Item {
            deck: DeckId::new(competency.id.as_str()),
            question: question.id.clone(),
            fingerprint: question.fingerprint,
            competency: competency.id.clone(),
            facet: question.facet.clone(),
            level: question.level,
            kind: question.kind(),
            seconds: question.seconds,
            row: Row(0),
            order: ChoiceId::first(question.interaction.movable()).collect(),
            fresh: is_fresh(slot),
            variant: false,
            instance: None,
            why: None,
        }
    };
    Form {
        code: "7K3-QX9".to_owned(),
        items: questions.iter().enumerate().map(item).collect(),
        growing: None,
    }
}
