//! Pages about a homework: the reasons side by side for the mentor, and the feedback for each person.

use super::document::{Document, PageFormat};
use super::markdown::Page;
use super::mentor::KIND;
use crate::core::scoring;
use crate::core::text::Text;
use crate::session::homework::{Assignment, Attempt, GivenAnswer};
use crate::session::present::{Asked, Marks, Part, Places, Revealed};

/// Formats the answers to each question side by side, reasons first. Without `names`, by seat, nobody is named, and the
/// order says nothing about who answered.
pub fn homework_page(assignment: &Assignment, names: Option<&[Text]>) -> String {
    let mut page = Page::default();
    page.heading(1, &format!("Homework: {}", assignment.setup.title));
    page.paragraph("Nobody watched: the reasons tell more than the answers.");
    let attempts = assignment.handed_in();
    for (slot, question) in assignment.questions.iter().enumerate() {
        let item = &assignment.form.items[slot];
        let asked = Asked::of(question, item);
        page.heading(2, &format!("{}. {}", slot + 1, item.question));
        page.paragraph(&asked.lead_in.line());
        let revealed = Revealed::of(question, item, None, |_| None);
        if let Some(key) = revealed.one_line(&asked) {
            page.paragraph(&format!("Right: {key}"));
        }
        let mut lines: Vec<String> = attempts
            .iter()
            .filter_map(|attempt| {
                let given = &attempt.answers[slot];
                let line = answer_line(assignment, slot, given)?;
                let name = names.and_then(|names| names.get(attempt.seat));
                let remark = judged(assignment, slot, attempt.seat);
                Some(match name {
                    Some(name) => format!("{}: {line}{remark}", name.line()),
                    None => format!("{line}{remark}"),
                })
            })
            .collect();
        if names.is_none() {
            lines.sort();
        }
        if lines.is_empty() {
            page.paragraph("No answer yet.");
        }
        lines.iter().for_each(|line| page.entry(line));
    }
    page.text
}

/// Formats an answer: `"the leader cannot reach a majority": b, fairly sure, right`. For a wrong
/// answer, the text of its options follows, because the page doesn't show the question.
fn answer_line(assignment: &Assignment, slot: usize, given: &GivenAnswer) -> Option<String> {
    if given.is_changed {
        return Some("answered a question that was changed after it was sent".to_owned());
    }
    let answer = given.answer.as_ref()?;
    let (question, item) = (&assignment.questions[slot], &assignment.form.items[slot]);
    let reason = Text::new(&given.reason).line();
    let mut words = vec![Places::of(answer, item).spelled()];
    words.extend(given.confidence.map(|sure| sure.words().to_owned()));
    let is_right = scoring::score(question, item.row, answer).map(|scored| scored.is_right());
    if let Some(is_right) = is_right {
        words.push(if is_right { "right" } else { "not right" }.to_owned());
    }
    let mut words = words.join(", ");
    let chosen = Places::of(answer, item);
    if is_right == Some(false) && !matches!(chosen, Places::Typed(_)) {
        let texts = chosen.words(&Asked::of(question, item));
        words = format!("{words}; chose: {texts}");
    }
    Some(match reason.is_empty() {
        true => format!("no reason: {words}"),
        false => format!("“{reason}”: {words}"),
    })
}

/// Formats the mentor's judgement of an answer.
fn judged(assignment: &Assignment, slot: usize, seat: usize) -> String {
    let judgement = assignment.judgement(slot, seat);
    let mut words = Vec::new();
    words.extend(judgement.level.map(|level| format!("reasoning {level}")));
    if !judgement.points.is_empty() {
        let points: u32 = judgement.points.values().sum();
        words.push(format!("{points} points"));
    }
    if !judgement.remark.is_empty() {
        words.push(Text::new(&judgement.remark).line());
    }
    match words.is_empty() {
        true => String::new(),
        false => format!(" [{}]", words.join("; ")),
    }
}

/// Formats the page of a person: each question with their answer, the key, the rationales and the mentor's remark.
pub fn homework_feedback(
    assignment: &Assignment,
    name: &Text,
    attempt: &Attempt,
    format: PageFormat,
) -> String {
    let mut page = Document::default();
    let title = Text::new(&assignment.setup.title).line();
    page.heading(1, &format!("{title}: feedback for {}", name.line()));
    page.paragraph(&super::markdown::capitalised(KIND));
    for (slot, question) in assignment.questions.iter().enumerate() {
        let item = &assignment.form.items[slot];
        let given = &attempt.answers[slot];
        let asked = Asked::of(question, item);
        page.heading(2, &format!("Question {}", slot + 1));
        page.parts(asked.parts());
        let places = given.answer.as_ref().map(|answer| Places::of(answer, item));
        if given.is_changed {
            page.paragraph(
                "You answered another version of this question, so your answer is not shown.",
            );
        } else if places.is_none() {
            page.paragraph("You gave no answer.");
        }
        if !given.reason.is_empty() {
            page.paragraph(&format!("Your reason: {}", Text::new(&given.reason).line()));
        }
        let judgement = assignment.judgement(slot, attempt.seat);
        if !judgement.remark.is_empty() {
            page.paragraph(&format!(
                "Your mentor: {}",
                Text::new(&judgement.remark).line()
            ));
        }
        let scored = given
            .answer
            .as_ref()
            .and_then(|answer| scoring::score(question, item.row, answer));
        let points = |criterion: usize| judgement.points.get(&criterion).copied();
        let revealed = Revealed::of(question, item, scored.as_ref(), points);
        let marks = Marks {
            answer: places.as_ref(),
            ..Marks::default()
        };
        let mut parts = revealed.parts(&asked, &marks);
        for part in &mut parts {
            // The points are the mentor's here, not the person's own.
            if *part == Part::Heading("Your points for your answer") {
                *part = Part::Heading("Your mentor's points for your answer");
            }
        }
        page.parts(parts);
    }
    page.write(format)
}
