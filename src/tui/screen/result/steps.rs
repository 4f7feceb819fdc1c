//! The next steps after an assessment, and further observations about the answers.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::super::calibration::statements;
use crate::app::effect::OpenedResult;
use crate::app::keymap::{Action, Context};
use crate::core::blueprint::Blueprint;
use crate::core::measure::Measure;
use crate::session::assessment::CompetencyResult;
use crate::session::calibration::verdict;
use crate::tui::page::{Click, Row, ascii_key};
use crate::tui::screen::competency::facets;
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{count, prose};

/// Returns the slots of the written answers that wait for the person's points.
pub fn waiting(opened: &OpenedResult) -> Vec<usize> {
    let session = &opened.session;
    (0..session.len())
        .filter(|slot| session.waits_for_rating(*slot))
        .collect()
}

/// Returns what helps most now, most important first: the action and what it does.
fn steps(opened: &OpenedResult) -> Vec<(Action, String)> {
    let assessment = &opened.assessment;
    let (wrong, sure) = (assessment.wrong().len(), assessment.sure_and_wrong.len());
    let mut steps = Vec::new();
    if sure > 0 {
        let words = match sure {
            1 => "review the wrong answer you were sure of".to_owned(),
            n => format!("review the {n} wrong answers you were sure of"),
        };
        steps.push((Action::SureAndWrong, words));
    }
    match waiting(opened).len() {
        0 => {}
        1 => steps.push((Action::RateWritten, "rate your written answer".to_owned())),
        n => steps.push((
            Action::RateWritten,
            format!("rate your {n} written answers"),
        )),
    }
    if wrong > sure {
        let words = format!("review the {} not fully right", count(wrong, "answer"));
        steps.push((Action::WrongOnes, words));
    }
    if wrong > 0 {
        steps.push((Action::Practise, "practise what was not right".to_owned()));
    }
    if assessment.scores.missing().is_some() {
        let words = "ask more where the level is unclear";
        steps.push((Action::Deepen, words.to_owned()));
    }
    steps
}

/// Draws the first steps with their keys; each can be clicked.
pub fn draw_steps(opened: &OpenedResult, most: usize, writer: &mut Writer) {
    let look = writer.look;
    let steps = steps(opened);
    if steps.is_empty() {
        return writer.words(&opened.assessment.first_review(), Role::Text);
    }
    for (i, (action, words)) in steps.into_iter().take(most).enumerate() {
        let Some((key, _)) = look.keymap.hint(Context::Result, action, 0) else {
            continue;
        };
        let key = ascii_key(&key.to_string(), &look.theme);
        let lead = if i == 0 { "Next  " } else { "      " };
        let room = writer.width.saturating_sub(lead.len() + key.len() + 2);
        for (n, line) in prose::wrap(&words, room, 0).into_iter().enumerate() {
            let (lead, key) = match n {
                0 => (lead, key.clone()),
                _ => ("      ", " ".repeat(key.len())),
            };
            let role = if i == 0 { Role::Strong } else { Role::Text };
            writer.page.body.push(Row {
                line: Line::from(vec![
                    look.span(lead, Role::Title),
                    look.span(key, Role::Key),
                    look.span(format!("  {line}"), role),
                ]),
                clicks: vec![Click::anywhere(action)],
                fill: None,
            });
        }
    }
}

/// Draws the results in the facets of a competency.
pub fn draw_facets(
    result: &CompetencyResult,
    opened: &OpenedResult,
    blueprint: &Blueprint,
    writer: &mut Writer,
) {
    if result.slots.is_empty() {
        return;
    }
    writer.title(result.title.as_str());
    let facets = facets(opened, &result.slots, blueprint);
    let longest = facets.iter().map(|facet| facet.title.width()).max();
    let room = longest.unwrap_or(0).min(writer.width.saturating_sub(16));
    for facet in facets {
        let title = writer.look.span(fixed(&facet.title, room), Role::Text);
        let words = writer.look.span(format!(" {}", facet.words()), Role::Dim);
        writer.page.push(Line::from(vec![title, words]));
    }
}

/// Writes how the person's ratings of themselves before the first question compare with the result.
pub fn draw_ratings(opened: &OpenedResult, writer: &mut Writer) {
    let results = &opened.assessment.scores.competencies;
    let rated = results
        .iter()
        .filter_map(|result| Some((result, result.rating?)));
    let mut lines = rated.peekable();
    if lines.peek().is_none() {
        return;
    }
    writer.title("You rated yourself");
    for (result, said) in lines {
        let words = match result.measure.as_ref().map(Measure::standing) {
            None => "no score to compare it with".to_owned(),
            Some(shown) if said > shown.to => format!("your answers show less: {shown}"),
            Some(shown) if said < shown.from => format!("your answers show more: {shown}"),
            Some(shown) => format!("your answers agree: {shown}"),
        };
        let title = result.title.as_str();
        writer.words(&format!("{title}: {said}; {words}"), Role::Text);
    }
}

/// Writes further observations about the answers, and the meaning of a score.
pub fn remarks(opened: &OpenedResult, writer: &mut Writer) {
    let assessment = &opened.assessment;
    writer.gap();
    if let Some(words) = assessment.apart_from_role() {
        writer.words(&words, Role::Text);
    }
    let since = assessment.comparison.iter();
    let since = since.map(|since| since.summary(&assessment.scores));
    since.for_each(|line| writer.words(&line, Role::Text));
    if let Some(words) = assessment.sure_and_right() {
        writer.words(&words, Role::Text);
    }
    if let Some(calibration) = &assessment.calibration {
        writer.words(&verdict(calibration), Role::Text);
        writer.gap();
        for (i, line) in statements(calibration, writer.width).iter().enumerate() {
            let line = writer
                .look
                .line(line.clone(), [Role::Dim, Role::Text][i.min(1)]);
            writer.page.push(line);
        }
    }
    if let Some(missing) = assessment.scores.missing() {
        writer.gap();
        writer.words(&missing, Role::Text);
    }
    writer.gap();
    writer.words(
        "A score estimates the share of all questions on that competency that you would get \
         right. The true share lies within the marked range nine times in ten.",
        Role::Dim,
    );
}
