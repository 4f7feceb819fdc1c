//! A question with what was answered, what is right, and why.

use std::collections::BTreeMap;

use ratatui::text::Line;

use super::answer;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::PointId;
use crate::core::question::Question;
use crate::session::Session;
use crate::session::assessment::{Outcome, Status};
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// One question of a session that may be shown with its key.
pub struct Explained<'a> {
    pub session: &'a Session,
    pub slot: usize,
    pub outcome: &'a Outcome,
    pub points: &'a BTreeMap<PointId, Point>,
    /// The criterion of an open question that is being rated.
    pub criterion: usize,
}

impl Explained<'_> {
    /// The verdict with what belongs to it: where there is too little room for one line, in several.
    pub fn draw_verdict(&self, page: &mut Page, look: &Look, width: usize) {
        let (sign, role, words) = match verdict(self.outcome, look) {
            (sign, role, _) if self.is_unknown() => (sign, role, "not known"),
            verdict => verdict,
        };
        let (verdict, aside) = (format!("{sign} {words}"), self.aside());
        let verdict_width = verdict.chars().count() + 3;
        let verdict = look.span(verdict, role);
        if verdict_width + aside.chars().count() <= width {
            return page.push(Line::from(vec![verdict, look.span(format!("   {aside}"), Role::Dim)]));
        }
        page.push(Line::from(verdict));
        prose::wrap(&aside, width, 0).into_iter().for_each(|line| page.push(look.line(line, Role::Dim)));
    }

    fn is_unknown(&self) -> bool {
        self.session.sheet(self.slot).revealed && self.outcome.status == Status::Omitted
    }

    fn aside(&self) -> String {
        let (session, slot) = (self.session, self.slot);
        let sheet = session.sheet(slot);
        let mut aside = format!("question {} · {}", slot + 1, sheet.spent.clock());
        if let Some(confidence) = sheet.confidence {
            aside.push_str(&format!(" · you said: {}", confidence.words()));
        }
        if session.mode.counts() && !self.outcome.counts && self.outcome.scored.is_some() {
            aside.push_str(" · does not count: seen before");
        }
        if let Some((points, all)) = session.rated(slot) {
            aside.push_str(&format!(" · {points} of {all} points by your own rating"));
        }
        aside
    }

    /// The question, what was answered, what is right, and why.
    pub fn draw(&self, blueprint: &Blueprint, page: &mut Page, look: &Look, width: usize) {
        let (session, slot) = (self.session, self.slot);
        let (question, item) = (session.question(slot), session.item(slot));
        prose::asked(question, item.row, page, look, width);
        page.blank();
        answer::draw(self, page, look, width);
        page.blank();
        if let Some(scored) = &self.outcome.scored {
            prose::labelled("Score", &scored.arithmetic, width, look, Role::Text)
                .into_iter()
                .for_each(|l| page.push(l));
            page.blank();
        }
        page.push(look.line("Explanation", Role::Title));
        for line in prose::prose(&question.fill(&question.explanation, item.row), width, look, Role::Text) {
            page.push(line);
        }
        sources(question, self.points, blueprint, page, look, width);
    }
}

/// Sign, its role, and the word for what became of a question.
pub fn verdict(outcome: &Outcome, look: &Look) -> (&'static str, Role, &'static str) {
    match outcome.status {
        Status::Omitted => ("○", Role::Warn, "omitted"),
        Status::TimedOut => ("○", Role::Warn, "time ran out"),
        Status::NotReached => ("·", Role::Dim, "not reached"),
        Status::Answered => match &outcome.scored {
            None => ("●", Role::Text, "written"),
            Some(_) if outcome.is_right() => (look.theme.mark("✓", "+"), Role::Good, "right"),
            Some(scored) if scored.value > 0.0 => (look.theme.mark("◐", "~"), Role::Warn, "partly right"),
            Some(_) => (look.theme.mark("✗", "x"), Role::Bad, "wrong"),
        },
    }
}

fn sources(
    question: &Question,
    points: &BTreeMap<PointId, Point>,
    blueprint: &Blueprint,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    page.blank();
    page.push(look.line("Sources", Role::Title));
    for reference in &question.references {
        let words = format!("{}, {}, {}, {}", reference.author, reference.title, reference.place, reference.year);
        prose::labelled(look.theme.mark("•", "-"), &words, width, look, Role::Text)
            .into_iter()
            .for_each(|l| page.push(l));
    }
    if let Some(checked) = &question.checked {
        let words = format!("checked {} against {}", checked.on, checked.against);
        prose::labelled(" ", &words, width, look, Role::Dim).into_iter().for_each(|l| page.push(l));
    }
    for id in &question.points {
        if let Some(point) = points.get(id) {
            page.blank();
            let words = format!("{} ({})", point.text, point.level);
            prose::labelled("Knowledge point:", &words, width, look, Role::Text).into_iter().for_each(|l| page.push(l));
        }
    }
    if let Some((_, facet)) = blueprint.facet(&question.facet) {
        page.blank();
        let words = format!("{}: {}", facet.title, facet.place);
        prose::labelled("In the role description:", &words, width, look, Role::Dim)
            .into_iter()
            .for_each(|l| page.push(l));
    }
}
