//! A question with the given answer, the correct answer and the reasons.

use std::collections::BTreeMap;

use ratatui::text::Line;

use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::PointId;
use crate::core::question::Question;
use crate::session::Session;
use crate::session::assessment::Outcome;
use crate::session::present::{Presented, Verdict};
use crate::tui::page::{Look, Page};
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::question::sign;
use crate::tui::widget::writer::Writer;

/// One question of a session that may be shown with its key.
pub struct Explained<'a> {
    pub session: &'a Session,
    pub slot: usize,
    pub outcome: &'a Outcome,
    pub points: &'a BTreeMap<PointId, Point>,
    /// The marked criterion of an open question that can be rated.
    pub criterion: Option<usize>,
}

impl Explained<'_> {
    /// Draws the verdict and its details, on several lines if one is too short.
    pub fn draw_verdict(&self, page: &mut Page, look: &Look, width: usize) {
        let verdict = Verdict::in_session(self.session, self.slot, self.outcome);
        let (sign, role) = sign(verdict.mark(), look);
        let (verdict, aside) = (format!("{sign} {}", verdict.words()), self.aside());
        let verdict_width = verdict.chars().count() + 3;
        let verdict = look.span(verdict, role);
        if verdict_width + aside.chars().count() <= width {
            return page.push(Line::from(vec![
                verdict,
                look.span(format!("   {aside}"), Role::Dim),
            ]));
        }
        page.push(Line::from(verdict));
        prose::wrap(&aside, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Dim)));
    }

    fn aside(&self) -> String {
        let (session, slot) = (self.session, self.slot);
        let sheet = session.sheet(slot);
        let mut aside = format!("question {} · {}", slot + 1, sheet.spent.clock());
        if let Some(confidence) = sheet.confidence {
            aside.push_str(&format!(" · you said: {}", confidence.words()));
        }
        if session.mode.counts() && !self.outcome.counts && self.outcome.scored.is_some() {
            aside.push_str(" · doesn't count: seen before");
        }
        if let Some((points, all)) = session.rated(slot) {
            aside.push_str(&format!(" · you rated it {points} of {all} points"));
        }
        aside
    }

    /// Draws the question, the given answer, the correct answer and the reasons.
    pub fn draw(&self, blueprint: &Blueprint, page: &mut Page, look: &Look, width: usize) {
        let question = self.session.question(self.slot);
        let presented = Presented::of(self.session, self.slot, self.outcome);
        let mut writer = Writer { page, look, width };
        let (asked, answer) = (presented.asked.parts(), presented.answer());
        let lesson = |writer: &mut Writer| {
            writer.parts(&presented.revealed.lesson(), None);
            self.background(question, blueprint, writer);
        };
        // A figure fills the left column, so the options of its question are on the right.
        let is_tall = question.has_figure();
        if writer.has_two_columns() {
            return writer.pair(
                |left| {
                    left.parts(&asked, None);
                    if !is_tall {
                        left.page.blank();
                        left.parts(&answer, self.criterion);
                    }
                },
                |right| {
                    if is_tall {
                        right.parts(&answer, self.criterion);
                    }
                    lesson(right);
                },
            );
        }
        writer.parts(&asked, None);
        writer.page.blank();
        writer.parts(&answer, self.criterion);
        lesson(&mut writer);
    }

    /// Draws the verdict and the question, cut to this number of rows.
    pub fn draw_excerpt(&self, blueprint: &Blueprint, rows: usize, writer: &mut Writer) {
        writer.excerpt(rows, "Enter shows all of it.", |writer| {
            let (look, width) = (writer.look, writer.width);
            self.draw_verdict(writer.page, look, width);
            writer.page.blank();
            self.draw(blueprint, writer.page, look, width);
        });
    }

    /// Draws the reason for the given answer and the correct one first, then `grade`, the explanation and the other
    /// options. In one column, the question is a single line unless `whole` is true.
    pub fn draw_reason_first(
        &self,
        (whole, grade): (bool, &str),
        blueprint: &Blueprint,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let question = self.session.question(self.slot);
        let presented = Presented::of(self.session, self.slot, self.outcome);
        let mut writer = Writer { page, look, width };
        let asked = presented.asked.parts();
        let reasons = |writer: &mut Writer| {
            let (own, others) = presented.own_first();
            writer.parts(&own, self.criterion);
            writer.gap();
            writer.words(grade, Role::Strong);
            writer.parts(&presented.revealed.lesson(), None);
            self.background(question, blueprint, writer);
            if !others.is_empty() {
                writer.title("The other options");
                writer.parts(&others, None);
            }
        };
        if writer.has_two_columns() {
            writer.page.blank();
            return writer.pair(|left| left.parts(&asked, None), reasons);
        }
        if whole {
            writer.page.blank();
            writer.parts(&asked, None);
        } else {
            let item = self.session.item(self.slot);
            let lead_in = question.fill(&question.lead_in, item.row).line();
            let line = fixed(&lead_in, width).trim_end().to_owned();
            writer.page.push(look.line(line, Role::Dim));
        }
        writer.page.blank();
        reasons(&mut writer);
    }

    /// Draws when the question was checked, its topic, and the reference to the role description.
    fn background(&self, question: &Question, blueprint: &Blueprint, writer: &mut Writer) {
        if let Some(checked) = &question.checked {
            writer.labelled(
                " ",
                &format!("checked {} against {}", checked.on, checked.against),
                Role::Dim,
            );
        }
        for point in question.points.iter().filter_map(|id| self.points.get(id)) {
            writer.gap();
            writer.labelled(
                "Knowledge point:",
                &format!("{} ({})", point.text, point.level),
                Role::Text,
            );
        }
        if let Some((_, facet)) = blueprint.facet(&question.facet) {
            writer.gap();
            writer.labelled(
                "In the role description:",
                &format!("{}: {}", facet.title, facet.place),
                Role::Dim,
            );
        }
    }
}
