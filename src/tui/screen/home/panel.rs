//! The panel beside the list on wide screens: the last score, and what practice is waiting.

use ratatui::text::Line;

use super::describe::WELCOME;
use crate::tui::app::Model;
use crate::tui::theme::Role;
use crate::tui::widget::bar;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

/// The columns of the label of a fact.
const LABEL: usize = 17;

/// Draws the last score, and the state of practice; before the first session, what aethos is.
pub fn draw(model: &Model, writer: &mut Writer) {
    let home = &model.home;
    let Some(last) = &home.last else {
        writer.title("Welcome");
        return writer.words(WELCOME, Role::Text);
    };
    writer.title("Last assessment");
    match last.score {
        Some((score, low, high)) => {
            let (look, width) = (writer.look, writer.width.min(48));
            let bar = bar::interval(low, score, high, None, width.saturating_sub(4), look);
            let score = [look.span(format!("{score:<4.0}"), Role::Strong)];
            let spans: Vec<_> = score.into_iter().chain(bar.spans).collect();
            writer.page.push(Line::from(spans));
            let words = format!("{}, plausibly {low:.0} to {high:.0}", last.day);
            writer.words(&words, Role::Dim);
        }
        None => writer.words(
            &format!("{}, too few answers that count for a score", last.day),
            Role::Dim,
        ),
    }
    let Some(practice) = &home.practice else {
        return;
    };
    writer.title("Practice");
    let mut due = count(practice.due, "question");
    if practice.due_tomorrow > 0 {
        due.push_str(&format!(", {} tomorrow", practice.due_tomorrow));
    }
    fact(writer, "Due today", &due);
    let sure = count(practice.sure_and_wrong, "question");
    fact(writer, "Sure and wrong", &sure);
    if let Some(weakest) = &practice.weakest {
        fact(writer, "Weakest", &weakest.words());
    }
    if practice.streak > 0 {
        let days = count(practice.streak as usize, "day");
        fact(writer, "Practised", &format!("on {days}"));
    }
}

fn fact(writer: &mut Writer, label: &str, words: &str) {
    let line = Line::from(vec![
        writer.look.span(format!("{label:<LABEL$}"), Role::Dim),
        writer.look.span(words.to_owned(), Role::Text),
    ]);
    writer.page.push(line);
}
