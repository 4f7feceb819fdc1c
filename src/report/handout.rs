//! Handouts of questions, with or without answers.

use super::markdown::Page;
use crate::core::blueprint::Blueprint;
use crate::core::form::Item;
use crate::core::question::Question;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::present::{Asked, Marks, Revealed};

/// The content of a handout for a mentor's session.
pub struct Handout<'a> {
    pub people: Vec<Text>,
    pub day: Day,
    /// The source of the titles of competencies and facets.
    pub blueprint: &'a Blueprint,
    pub questions: &'a [(Item, Question)],
    /// True to include keys, rationales, explanations and discussion points.
    pub answers: bool,
}

/// Formats the handout as Markdown. Without `answers`, nothing in it depends on the key.
pub fn handout(handout: &Handout) -> String {
    let mut page = Page::default();
    let names: Vec<String> = handout.people.iter().map(Text::line).collect();
    let what = if handout.answers {
        "Questions and answers"
    } else {
        "Questions"
    };
    page.heading(
        1,
        &format!("{what} for {}, {}", names.join(", "), handout.day),
    );
    if handout.answers {
        page.paragraph("For the mentor: this page includes the answers.");
    } else {
        page.paragraph(
            "Answer each question and note how sure you are: a guess, unsure, fairly sure or sure.",
        );
    }
    for (number, (item, question)) in (1..).zip(handout.questions) {
        let seconds = if question.seconds < 90 {
            format!("{} s", question.seconds)
        } else {
            format!("{} min", question.seconds.div_ceil(60))
        };
        page.heading(
            2,
            &format!("{number}. {}, {seconds}", about(item, handout.blueprint)),
        );
        let asked = Asked::of(question, item);
        page.parts(&asked.parts());
        page.parts(&asked.choices());
        if question.interaction.is_typed() && !handout.answers {
            page.paragraph("Your answer: ____________");
        }
        if handout.answers {
            page.strong("Answer");
            let revealed = Revealed::of(question, item, None, |_| None);
            page.parts(&revealed.parts(&asked, &Marks::default()));
            if let Some(discussion) = &question.discussion {
                page.strong("To discuss");
                page.blocks(&question.fill(discussion, item.row));
            }
        }
    }
    page.text
}

/// Returns competency and facet: `Data consistency · Consensus`
fn about(item: &Item, blueprint: &Blueprint) -> String {
    let competency = blueprint
        .competency(&item.competency)
        .map(|competency| competency.title.line());
    let facet = blueprint
        .facet(&item.facet)
        .map(|(_, facet)| facet.title.line());
    match (competency, facet) {
        (Some(competency), Some(facet)) => format!("{competency} · {facet}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => item.facet.to_string(),
    }
}
