//! The lines of the set-up screen.

use ratatui::text::Span;

use super::{NARROW, SIZES, SetupScreen, about_minutes};
use crate::app::effect::TimeChoice;
use crate::tui::app::Model;
use crate::tui::page::Look;
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::count;

impl SetupScreen {
    pub(super) fn length_words(&self, width: usize) -> String {
        let size = self.size();
        let name = SIZES.iter().find(|(n, _)| *n == size);
        let name = name.map_or("", |(_, name)| name);
        let most = if self.adaptive { "at most " } else { "" };
        match width < NARROW {
            true => format!("{most}{size}, {name}"),
            false => format!("{most}{}, {name}", count(size, "question")),
        }
    }

    pub(super) fn written_words(&self, width: usize) -> String {
        match self.written {
            0 if width < NARROW => "none".to_owned(),
            0 => "no open questions".to_owned(),
            n if width < NARROW => n.to_string(),
            n => format!("{n}, which you rate afterwards; not part of the score"),
        }
    }

    pub(super) fn time_words(&self, model: &Model, width: usize) -> String {
        match self.time {
            TimeChoice::Fair => {
                let minutes = about_minutes(model, &self.setup(model));
                let why = match width < NARROW {
                    true => "",
                    false => ", the usual time for these questions",
                };
                format!("about {minutes} min{why}")
            }
            TimeChoice::Within(limit) => {
                let limit = model.settings.time_multiplier.scale(limit);
                format!("{} min", limit.0 / 60_000)
            }
            TimeChoice::Untimed => "untimed".to_owned(),
        }
    }

    pub(super) fn competency_line(
        &self,
        i: usize,
        plan: &[(usize, usize, usize)],
        model: &Model,
        look: &Look,
        width: usize,
    ) -> Vec<Span<'static>> {
        let competency = &model.home.blueprint.competencies[i];
        let chosen = plan.iter().find(|(c, ..)| *c == i);
        let (mark, role) = match chosen {
            Some(_) => (look.theme.mark("✓ ", "x "), Role::Good),
            None => (look.theme.mark("· ", ". "), Role::Dim),
        };
        let narrow = width < NARROW;
        let mut spans = vec![
            look.span(mark, role),
            look.span(
                fixed(
                    competency.title.as_str(),
                    if narrow { width.saturating_sub(18) } else { 26 },
                ),
                if chosen.is_some() {
                    Role::Text
                } else {
                    Role::Dim
                },
            ),
        ];
        let (wanted, has) = chosen.map_or((0, self.there(i, model)), |c| (c.1, c.2));
        let short = wanted > has;
        if narrow {
            let words = if self.adaptive {
                format!(" {has:>2} new")
            } else {
                format!(" {wanted:>2}/{has:<2}")
            };
            spans.push(look.span(words, if short { Role::Warn } else { Role::Dim }));
        } else {
            let weight = if competency.is_scored() {
                format!("{:>3}%", competency.weight)
            } else {
                "  0%".into()
            };
            spans.push(look.span(format!(" {weight}  "), Role::Dim));
            let stock = model.home.stock.get(i);
            let words = match self.adaptive {
                true if !competency.is_scored() => "only in fixed forms".to_owned(),
                true => format!("{has:>2} new to you"),
                false if has == 0 && stock.is_some_and(|stock| stock.written > 0) => {
                    "only written ones".to_owned()
                }
                false => format!("{wanted:>2} of {has} questions"),
            };
            spans.push(look.span(
                fixed(&words, 20),
                if short { Role::Warn } else { Role::Dim },
            ));
        }
        if let Some(level) = self.ratings.get(&competency.id) {
            spans.push(look.span(
                if narrow {
                    format!(" {level}")
                } else {
                    format!("you: {level}")
                },
                Role::Key,
            ));
        }
        spans
    }

    /// Returns the notes shown before the start.
    pub(super) fn notes(&self, plan: &[(usize, usize, usize)], model: &Model) -> Vec<String> {
        let mut notes = Vec::new();
        if self.adaptive {
            let unseen = self.unseen(model);
            let words = format!(
                "Only {unseen} questions are new to you; an adaptive assessment asks no others."
            );
            return (unseen < self.size())
                .then_some(words)
                .into_iter()
                .collect();
        }
        let short: Vec<String> = plan
            .iter()
            .filter(|(_, wanted, has)| wanted > has)
            .map(|(i, wanted, has)| {
                format!(
                    "{} ({has} of {wanted})",
                    model.home.blueprint.competencies[*i].title
                )
            })
            .collect();
        if !short.is_empty() {
            notes.push(format!(
                "Too few questions in {}: the assessment will be shorter.",
                short.join(", ")
            ));
        }
        let unseen: usize = plan
            .iter()
            .map(|(i, wanted, _)| {
                model
                    .home
                    .stock
                    .get(*i)
                    .map_or(0, |s| s.unseen)
                    .min(*wanted)
            })
            .sum();
        let asked: usize = plan.iter().map(|(_, wanted, has)| wanted.min(has)).sum();
        if unseen < asked {
            notes.push(format!(
                "{unseen} of {asked} will be new to you; only those count for the score."
            ));
        }
        notes
    }
}

pub(super) fn offer(look: &Look, label: &str, words: String) -> Vec<Span<'static>> {
    vec![
        look.span(format!("{label:<10}"), Role::Dim),
        look.span(look.theme.mark("◂ ", "< "), Role::Key),
        look.span(words, Role::Text),
        look.span(look.theme.mark(" ▸", " >"), Role::Key),
    ]
}
