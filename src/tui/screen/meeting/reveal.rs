//! The stage after the reveal, and at the end of a session.

use ratatui::text::Line;

use super::stage::bars;
use crate::session::meeting::stage::{Scene, Takeaway, Votes};
use crate::session::present::{Asked, Marks, Places, Revealed};
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

/// Draws the correct answer and the reasons, with the votes for each option. `rated` is the marked criterion of an open
/// question.
pub fn view(
    asked: &Asked,
    votes: &[Votes],
    answer: Option<&Places>,
    revealed: &Revealed,
    rated: Option<usize>,
    writer: &mut Writer,
) {
    writer.question_and(asked, |writer| {
        answer_and_lesson(asked, votes, answer, revealed, rated, writer);
    });
}

/// Draws what the question is followed by.
fn answer_and_lesson(
    asked: &Asked,
    votes: &[Votes],
    answer: Option<&Places>,
    revealed: &Revealed,
    rated: Option<usize>,
    writer: &mut Writer,
) {
    let first = writer.page.body.len();
    let options = votes
        .iter()
        .map(|votes| votes.counts.len())
        .max()
        .unwrap_or(0);
    let counts = |place| {
        votes
            .iter()
            .filter_map(move |votes| votes.counts.get(place).copied())
    };
    let count = |place| counts(place).fold(0, usize::saturating_add);
    let voted: Vec<usize> = (0..options).map(count).collect();
    let parts = revealed.answer(
        asked,
        &Marks {
            answer,
            struck: &[],
            votes: &voted,
        },
    );
    for (place, part) in parts.iter().enumerate() {
        writer.part(part, rated);
        if place < options {
            bars(votes, place, writer);
        }
    }
    let last = writer.page.body.len().saturating_sub(1).max(first);
    writer.page.focus = writer.page.focus.or(Some((first, last)));
    writer.parts(&revealed.lesson(), None);
}

/// Draws the results of the session for everyone.
pub fn closing(scene: &Scene, writer: &mut Writer) {
    let Scene::Closing {
        competencies,
        leaving,
        next,
    } = scene
    else {
        return;
    };
    writer.title("Results of this session");
    if competencies.is_empty() {
        writer.words("no question was asked", Role::Dim);
    }
    for line in competencies {
        let mut words = match line.answers {
            0 => "discussed".to_owned(),
            answers => format!("{} of {answers}", line.right),
        };
        if let Some((mean, n)) = line.reasoning {
            words.push_str(&format!(", reasoning {mean:.1} (n {n})"));
        }
        let title = prose::wrap(&line.title.line(), writer.width.saturating_sub(4), 0);
        for (i, text) in title.into_iter().enumerate() {
            let mut spans = vec![writer.look.span(format!("  {text:<28}"), Role::Text)];
            if i == 0 && writer.width >= 60 {
                spans.push(writer.look.span(format!(" {words}"), Role::Strong));
            }
            writer.page.push(Line::from(spans));
        }
        if writer.width < 60 {
            writer
                .page
                .push(writer.look.line(format!("    {words}"), Role::Strong));
        }
    }
    if let Some(leaving) = leaving {
        agreed(leaving, writer);
    }
    if let Some(day) = next {
        writer.gap();
        writer.words(&format!("Next time: {}", day.line()), Role::Strong);
    }
}

/// Draws what the single participant takes away.
fn agreed(leaving: &Takeaway, writer: &mut Writer) {
    if !leaving.said.is_empty() {
        writer.title("In your own words");
        writer.prose(&leaving.said, Role::Text);
    }
    if !leaving.agreements.is_empty() {
        writer.title("Agreed");
    }
    for (text, due) in &leaving.agreements {
        writer.bullet(&due.as_ref().map_or(text.line(), |due| {
            format!("{}, by {}", text.line(), due.line())
        }));
    }
}
