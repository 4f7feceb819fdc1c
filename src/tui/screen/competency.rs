//! The screen about one competency of a result: the basis of its score, and its questions.

use ratatui::text::Line;

use super::result::{facts_of, few};
use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, OpenedResult};
use crate::app::keymap::{Action, Context};
use crate::core::scoring::hundredths;
use crate::session::aside;
use crate::session::assessment::{Assessment, CompetencyResult, Status};
use crate::session::present::Verdict;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::question::sign;
use crate::tui::widget::{bar, count, prose};

/// The width from which the explanation is shown above the questions; on narrower screens it is below them.
const ROOMY: usize = 60;

pub struct CompetencyScreen {
    /// The index in the result: first the scored competencies, then the others.
    line: usize,
    cursor: Cursor,
}

impl CompetencyScreen {
    pub fn new(line: usize) -> Self {
        Self {
            line,
            cursor: Cursor::default(),
        }
    }

    /// Opens the review of the questions that were shown; a question that was not shown is kept for later.
    fn review(&self, slots: Vec<usize>, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else {
            return;
        };
        if slots.is_empty() {
            return turn.tell(
                "its questions are in the earlier result that this one continues: see \
                       History",
            );
        }
        let marked = slots.get(self.cursor.at).copied();
        let outcomes = &opened.assessment.outcomes;
        let shown: Vec<usize> = slots
            .into_iter()
            .filter(|slot| outcomes[*slot].status != Status::NotReached)
            .collect();
        match shown.iter().position(|slot| Some(*slot) == marked) {
            Some(at) => turn.go(Route::Review {
                title: "Review",
                slots: shown,
                at,
            }),
            None => turn.tell("not reached: it stays unseen for a later assessment"),
        }
    }

    fn slots<'a>(&self, assessment: &'a Assessment) -> &'a [usize] {
        let scored = &assessment.scores.competencies;
        match scored.get(self.line) {
            Some(result) => &result.slots,
            None => assessment
                .apart
                .get(self.line - scored.len())
                .map(|a| a.slots.as_slice())
                .unwrap_or_default(),
        }
    }
}

impl Screen for CompetencyScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else {
            return turn.home();
        };
        let slots = self.slots(&opened.assessment).to_vec();
        if self.cursor.act(action, slots.len(), turn) {
            return;
        }
        match action {
            Action::Enter | Action::Right => self.review(slots, turn),
            Action::Choose(i) if i < slots.len() => {
                self.cursor.at = i;
                self.review(slots, turn);
            }
            Action::Back | Action::Left => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let Some(opened) = &model.opened else {
            return page;
        };
        let assessment = &opened.assessment;
        if let Some(result) = assessment.scores.competencies.get(self.line) {
            page.left = look.line(result.title.as_str().to_owned(), Role::Title);
            score(result, assessment, &mut page, look, width);
            if width >= ROOMY {
                evidence(result, assessment, &mut page, look, width);
            }
            let facts = facts_of(result);
            prose::wrap(&facts, width, 0)
                .into_iter()
                .for_each(|l| page.push(look.line(l, Role::Dim)));
        } else {
            let apart = &assessment.apart[self.line - assessment.scores.competencies.len()];
            page.left = look.line(apart.title.as_str().to_owned(), Role::Title);
            page.push(look.line(
                format!(
                    "{} of {}, not part of the score",
                    hundredths(apart.points),
                    apart.asked
                ),
                Role::Strong,
            ));
        }
        page.blank();
        for (i, slot) in self.slots(assessment).iter().enumerate() {
            let marked = i == self.cursor.at;
            page.choice(
                outcome(*slot, opened, model, marked, look, width),
                Action::Choose(i),
                marked,
                look,
            );
        }
        if let Some(result) = assessment
            .scores
            .competencies
            .get(self.line)
            .filter(|_| width < ROOMY)
        {
            page.blank();
            evidence(result, assessment, &mut page, look, width);
        }
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}

/// Returns the basis of a score, such as `5 questions`, or `5 + 3 questions` for a deepening.
fn from(result: &CompetencyResult) -> String {
    match result.earlier {
        0 => count(result.scored, "question"),
        earlier => format!("{earlier} + {} questions", result.scored - earlier),
    }
}

/// Writes the meaning of the score, what is missing to reach a level, and what has changed.
fn evidence(
    result: &CompetencyResult,
    assessment: &Assessment,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    if result.planned == 0 {
        return;
    }
    let since = assessment.comparison.as_ref().and_then(|since| {
        let difference = since.competencies.get(&result.id)?;
        Some(format!("Since {}: {difference}.", since.earlier()))
    });
    for words in [result.evidence()].into_iter().chain(since) {
        prose::wrap(&words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Text)));
    }
}

/// Writes the score of a competency as a bar and a sentence, or the reason why there is none.
fn score(
    result: &CompetencyResult,
    assessment: &Assessment,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    let Some(measure) = &result.measure else {
        return page.push(look.line(few(result), Role::Strong));
    };
    let (low, score, high) = (measure.low, measure.score, measure.high);
    page.push(bar::interval(
        low,
        score,
        high,
        Some(result.chance),
        width.min(60),
        look,
    ));
    let words = format!(
        "{score:.0}, plausibly {low:.0} to {high:.0}, from {}: {}; {}. Blind guessing would score \
         {:.0}.",
        from(result),
        measure.standing(),
        aside(
            assessment.target,
            measure.at_least(assessment.target),
            measure.is_like_guessing()
        ),
        result.chance
    );
    prose::wrap(&words, width, 0)
        .into_iter()
        .for_each(|line| page.push(look.line(line, Role::Strong)));
}

/// Returns the line of a question: verdict, number, facet and time.
fn outcome(
    slot: usize,
    opened: &OpenedResult,
    model: &Model,
    marked: bool,
    look: &Look,
    width: usize,
) -> Line<'static> {
    let verdict = Verdict::of(&opened.assessment.outcomes[slot]);
    let ((sign, role), words) = (sign(verdict.mark(), look), verdict.words());
    let item = opened.session.item(slot);
    let facet = model
        .home
        .blueprint
        .facet(&item.facet)
        .map_or(item.facet.as_str(), |(_, f)| f.title.as_str());
    let aside = format!(
        " {words:<12}{:>6}",
        opened.session.sheet(slot).spent.clock()
    );
    let room = width.saturating_sub(9 + aside.chars().count());
    Line::from(vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(format!("{sign} "), role),
        look.span(format!("{:>3}  ", slot + 1), Role::Dim),
        look.span(fixed(facet, room), Role::Text),
        look.span(aside, Role::Dim),
    ])
}
