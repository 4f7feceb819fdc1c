//! Rules about ids, levels, parameters and rubrics that the format itself doesn't enforce.

use std::collections::BTreeSet;

use super::super::diagnostic_code::DiagnosticCode;
use super::{Finding, Place, finding};
use crate::core::question::{Demand, Interaction, Level, Numeric, Question, Row};

/// The largest number of parameter rows that are evaluated.
const MAX_ROWS: u32 = 10_000;

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    let number = question
        .id
        .as_str()
        .strip_prefix(question.facet.as_str())
        .and_then(|rest| rest.strip_prefix('.'));
    if !number.is_some_and(|n| (3..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
    {
        let message = format!("the id is not {}.NNN", question.facet);
        out.push(finding(
            DiagnosticCode::IdPattern,
            Place::Key("id"),
            message,
            "the facet, a dot and a number of at least three digits",
        ));
    }
    if question.level >= Level::Senior && question.demand == Demand::Recall {
        let message = format!("a {} question that only asks to recall", question.level);
        out.push(finding(
            DiagnosticCode::SeniorRecall,
            Place::Key("demand"),
            message,
            "ask to apply, diagnose or judge, or lower the level",
        ));
    }
    if let Interaction::Numeric(numeric) = &question.interaction
        && question.simulation.is_none()
    {
        answers(numeric, out);
    }
    if let Interaction::Open { rubric, .. } = &question.interaction
        && rubric.iter().map(|c| c.points).sum::<u32>() < 4
    {
        out.push(finding(
            DiagnosticCode::Rubric,
            Place::Key("rubric"),
            "the rubric has fewer than 4 points",
            "weigh its criteria",
        ));
    }
}

/// B8, L31: at least six different answers, and at least two wrong formulas.
fn answers(numeric: &Numeric, out: &mut Vec<Finding>) {
    let mut distinct = BTreeSet::new();
    let enough = (0..numeric.rows().min(MAX_ROWS)).any(|row| {
        distinct.insert(numeric.right(Row(row)).to_bits());
        distinct.len() >= 6
    });
    if !numeric.params.is_empty() && !enough {
        let message = format!("only {} different correct answers", distinct.len());
        out.push(finding(
            DiagnosticCode::FewAnswers,
            Place::Key("params"),
            message,
            "more values, so that the answer cannot be remembered",
        ));
    }
    if numeric.wrong.len() < 2 {
        out.push(finding(
            DiagnosticCode::FewWrong,
            Place::Wrong(0, "formula"),
            "fewer than two wrong formulas",
            "add the misconceptions that lead to wrong results",
        ));
    }
}
