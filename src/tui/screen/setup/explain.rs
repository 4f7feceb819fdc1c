//! The explanation of the marked line, in the second column of a wide screen.

use ratatui::text::Line;

use super::words::about;
use super::{Entry, SIZES, SetupScreen, about_minutes, is_rated, plan_of};
use crate::app::effect::{Setup, TimeChoice};
use crate::tui::app::Model;
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

impl SetupScreen {
    /// Draws what the marked line means, and what there is to choose.
    pub(super) fn explain(&self, entry: Entry, model: &Model, writer: &mut Writer) {
        let title = match entry {
            Entry::Competency(i) => model.home.blueprint.competencies[i].title.line(),
            Entry::Questions => "Questions".to_owned(),
            Entry::Length => "Length".to_owned(),
            Entry::Written => "Written".to_owned(),
            Entry::Time => "Time".to_owned(),
            Entry::Start => "Start".to_owned(),
        };
        writer.title(&title);
        let words = about(entry, self.adaptive, is_rated(entry, model));
        writer.words(words, Role::Text);
        writer.gap();
        match entry {
            Entry::Competency(i) => competency(i, model, writer),
            Entry::Length if !self.adaptive => self.sizes(model, writer),
            _ => {}
        }
    }

    /// Lists the lengths of a fixed form with their usual times.
    fn sizes(&self, model: &Model, writer: &mut Writer) {
        for (size, name) in SIZES {
            let there = plan_of(model, self.competencies, size);
            let there: usize = there.iter().map(|(_, n, has)| n.min(has)).sum();
            let setup = Setup {
                size,
                written: 0,
                time: TimeChoice::Fair,
                ..self.setup(model)
            };
            let minutes = about_minutes(model, &setup);
            let words = match there < size {
                true => format!("{size:>3}  {name:<10} there are only {there}"),
                false => format!("{size:>3}  {name:<10} about {minutes} min"),
            };
            let is_chosen = size == self.size;
            let role = if is_chosen { Role::Strong } else { Role::Dim };
            let line = Line::from(vec![
                writer.look.span(pointer(is_chosen, writer.look), Role::Key),
                writer.look.span(words, role),
            ]);
            writer.page.push(line);
        }
    }
}

/// Draws the facets of a competency, its questions, and its last result.
fn competency(i: usize, model: &Model, writer: &mut Writer) {
    let blueprint = &model.home.blueprint;
    let competency = &blueprint.competencies[i];
    if let Some(stock) = model.home.stock.get(i) {
        let mut words = format!(
            "{}, {} new to you",
            count(stock.questions, "question"),
            stock.unseen
        );
        if stock.written > 0 {
            words += &format!(", and {}", count(stock.written, "open question"));
        }
        writer.words(&words, Role::Text);
    }
    let place = blueprint.scored().position(|one| one.id == competency.id);
    let last = model.home.last.as_ref().zip(place);
    let score = last.and_then(|(last, place)| last.competencies.get(place).copied().flatten());
    if let (Some((last, _)), Some((score, low, high))) = (last, score) {
        let day = &last.day;
        let words = format!("Last result: {score:.0}, plausibly {low:.0} to {high:.0}, {day}");
        writer.words(&words, Role::Text);
    }
    writer.gap();
    for facet in &competency.facets {
        writer.bullet(&facet.title.line());
    }
}
