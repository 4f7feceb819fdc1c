//! Questions on paper, with their answers or without.

use super::markdown::Page;
use crate::core::blueprint::Blueprint;
use crate::core::form::Item;
use crate::core::number;
use crate::core::question::{Choice, Interaction, Question};
use crate::core::text::Text;
use crate::core::time::Day;

/// What a mentor prints before a session.
pub struct Handout<'a> {
    pub people: Vec<Text>,
    pub day: Day,
    /// Has the names of competencies and facets.
    pub blueprint: &'a Blueprint,
    pub questions: &'a [(Item, Question)],
    /// Keys, rationales, explanations and what to talk about.
    pub answers: bool,
}

/// The handout in Markdown. Without `answers` nothing in it depends on what is right.
pub fn handout(handout: &Handout) -> String {
    let mut page = Page::default();
    let names: Vec<String> = handout.people.iter().map(Text::line).collect();
    let what = if handout.answers { "Questions and answers" } else { "Questions" };
    page.heading(1, &format!("{what} for {}, {}", names.join(", "), handout.day));
    if handout.answers {
        page.paragraph("For the mentor: this page has the answers on it.");
    } else {
        page.paragraph("Answer first, and say how sure you are: a guess, unsure, fairly sure, or sure.");
    }
    for (number, (item, question)) in (1..).zip(handout.questions) {
        let seconds = if question.seconds < 90 {
            format!("{} s", question.seconds)
        } else {
            format!("{} min", question.seconds.div_ceil(60))
        };
        page.heading(2, &format!("{number}. {}, {seconds}", about(item, handout.blueprint)));
        page.blocks(&question.fill(&question.stem, item.row));
        if let Some(code) = &question.code {
            page.fence(&code.language.line(), code.text.as_str());
        }
        page.strong(&question.fill(&question.lead_in, item.row).line());
        asked(&mut page, item, question);
        if handout.answers {
            answered(&mut page, item, question);
        }
    }
    page.text
}

/// `Data consistency · Consensus`
fn about(item: &Item, blueprint: &Blueprint) -> String {
    let competency = blueprint.competency(&item.competency).map(|competency| competency.title.line());
    let facet = blueprint.facet(&item.facet).map(|(_, facet)| facet.title.line());
    match (competency, facet) {
        (Some(competency), Some(facet)) => format!("{competency} · {facet}"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => item.facet.to_string(),
    }
}

fn letter(place: usize) -> char {
    char::from(b'a' + place.min(25) as u8)
}

fn asked(page: &mut Page, item: &Item, question: &Question) {
    match &question.interaction {
        Interaction::Single(options) => choices(page, item, options),
        Interaction::Multiple { select, options } => {
            page.paragraph(&format!("Choose {select}."));
            choices(page, item, options);
        }
        Interaction::Ordering { steps, .. } => {
            page.paragraph("Put them in order.");
            for (place, id) in item.order.iter().enumerate() {
                if let Some(step) = steps.get(id.index()) {
                    page.entry(&format!("{}) {}", letter(place), step.text.line()));
                }
            }
        }
        Interaction::Matching { left, right } => {
            page.paragraph("Give each of these one of the entries below; some are left over.");
            for (number, entry) in (1..).zip(left) {
                page.item(&format!("{number}. "), &entry.text.line());
            }
            page.paragraph("The entries:");
            for (place, id) in item.order.iter().enumerate() {
                if let Some(text) = right.get(id.index()) {
                    page.entry(&format!("{}) {}", letter(place), text.line()));
                }
            }
        }
        Interaction::Numeric(numeric) if numeric.unit.is_empty() => page.paragraph("A number: ____________"),
        Interaction::Numeric(numeric) => page.paragraph(&format!("A number in {}: ____________", numeric.unit.line())),
        Interaction::Open { .. } => page.paragraph("In your own words."),
    }
}

fn choices(page: &mut Page, item: &Item, options: &[Choice]) {
    for (place, id) in item.order.iter().enumerate() {
        if let Some(option) = options.get(id.index()) {
            page.entry(&format!("{}) {}", letter(place), option.text.line()));
        }
    }
}

fn answered(page: &mut Page, item: &Item, question: &Question) {
    page.strong("Answer");
    let place_of = |id| item.order.iter().position(|other| *other == id).unwrap_or_default();
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            for (place, id) in item.order.iter().enumerate() {
                if let Some(option) = options.get(id.index()) {
                    let mark = if option.is_key() { "right" } else { "wrong" };
                    page.entry(&format!("{}) {mark}: {}", letter(place), option.why.line()));
                }
            }
        }
        Interaction::Ordering { steps, .. } => {
            for (number, (id, step)) in (1..).zip(crate::core::id::ChoiceId::first(steps.len()).zip(steps)) {
                page.item(&format!("{number}. "), &format!("{}) {}", letter(place_of(id)), step.why.line()));
            }
        }
        Interaction::Matching { left, .. } => {
            for (number, entry) in (1..).zip(left) {
                page.item(&format!("{number}. "), &format!("{}) {}", letter(place_of(entry.key)), entry.why.line()));
            }
        }
        Interaction::Numeric(numeric) => {
            page.paragraph(format!("{} {}", number::show(numeric.right(item.row)), numeric.unit).trim());
        }
        Interaction::Open { model_answer, rubric } => {
            page.blocks(model_answer);
            for line in rubric {
                page.entry(&format!("{}: {}", line.criterion.line(), line.evidence.line()));
            }
        }
    }
    page.blocks(&question.fill(&question.explanation, item.row));
    if let Some(discussion) = &question.discussion {
        page.strong("To talk about");
        page.blocks(&question.fill(discussion, item.row));
    }
}
