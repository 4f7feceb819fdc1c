//! The screen about one competency of a result: the basis of its score, and its questions.

use ratatui::text::Line;

use super::result::{facts_of, few};
use super::review::Explained;
use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, OpenedResult};
use crate::app::keymap::{Action, Context};
use crate::core::blueprint::Blueprint;
use crate::core::question::Kind;
use crate::core::scoring::hundredths;
use crate::session::assessment::{Assessment, CompetencyResult, Status};
use crate::session::present::Verdict;
use crate::session::{LEVEL_AND_RANGE, aside};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::question::sign;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{bar, count, prose};

/// The width from which the explanation is shown above the questions; on narrower screens it is below them.
const ROOMY: usize = 60;
/// The widest list beside the marked question.
const WIDEST: usize = 76;
/// The rows of a screen around the body.
const AROUND: usize = 6;
/// The fewest rows of the marked question.
const LEAST: usize = 6;
const NOT_REACHED: &str = "not reached: it stays unseen for a later assessment";

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
            None => turn.tell(NOT_REACHED),
        }
    }

    /// Returns the results of the facets, whose questions are listed in this order.
    fn facets(&self, opened: &OpenedResult, model: &Model) -> Vec<FacetResult> {
        let scored = &opened.assessment.scores.competencies;
        let slots = match scored.get(self.line) {
            Some(result) => &result.slots,
            None => match opened.assessment.apart.get(self.line - scored.len()) {
                Some(apart) => &apart.slots,
                None => return Vec::new(),
            },
        };
        facets(opened, slots, &model.home.blueprint)
    }

    fn slots(&self, opened: &OpenedResult, model: &Model) -> Vec<usize> {
        let facets = self.facets(opened, model).into_iter();
        facets.flat_map(|facet| facet.slots).collect()
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
        let slots = self.slots(opened, turn.model);
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

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let slots = model.opened.as_ref();
        let n = slots.map_or(0, |opened| self.slots(opened, model).len());
        match action {
            Action::Enter => n > 0,
            _ => Cursor::works(action, n, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let Some(opened) = &model.opened else {
            return page;
        };
        page.left = look.line(self.title(opened), Role::Title);
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            let rows = usize::from(look.height).saturating_sub(AROUND).max(LEAST);
            writer.two_columns(
                columns,
                |left| self.list(opened, model, left),
                |right| self.preview(opened, model, rows, right),
            );
        } else {
            self.list(opened, model, &mut writer);
        }
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}

impl CompetencyScreen {
    fn title(&self, opened: &OpenedResult) -> String {
        let scored = &opened.assessment.scores.competencies;
        match scored.get(self.line) {
            Some(result) => result.title.line(),
            None => opened.assessment.apart[self.line - scored.len()]
                .title
                .line(),
        }
    }

    /// Draws the score with what it is based on, and the questions.
    fn list(&self, opened: &OpenedResult, model: &Model, writer: &mut Writer) {
        let (page, look, width) = (&mut *writer.page, writer.look, writer.width);
        let assessment = &opened.assessment;
        let result = assessment.scores.competencies.get(self.line);
        if let Some(result) = result {
            score(result, assessment, page, look, width);
            if width >= ROOMY {
                evidence(result, assessment, page, look, width);
            }
            let facts = facts_of(result);
            prose::wrap(&facts, width, 0)
                .into_iter()
                .for_each(|l| page.push(look.line(l, Role::Dim)));
        } else {
            let apart = &assessment.apart[self.line - assessment.scores.competencies.len()];
            let points = hundredths(apart.points);
            let words = format!("{points} of {}, not part of the score", apart.asked);
            page.push(look.line(words, Role::Strong));
        }
        page.blank();
        let mut i = 0;
        for facet in self.facets(opened, model) {
            page.push(facet.heading(look, width));
            for slot in facet.slots {
                let marked = i == self.cursor.at;
                let line = outcome(slot, opened, marked, look, width);
                page.choice(line, Action::Choose(i), marked, look);
                i += 1;
            }
        }
        if let Some(result) = result.filter(|_| width < ROOMY) {
            page.blank();
            evidence(result, assessment, page, look, width);
        }
    }

    /// Draws the marked question with its answer, cut to this number of rows; nothing of a question that was not shown.
    fn preview(&self, opened: &OpenedResult, model: &Model, rows: usize, writer: &mut Writer) {
        let slots = self.slots(opened, model);
        let Some(slot) = slots.get(self.cursor.at).copied() else {
            return;
        };
        let outcome = &opened.assessment.outcomes[slot];
        if outcome.status == Status::NotReached {
            return writer.words(NOT_REACHED, Role::Dim);
        }
        let explained = Explained {
            session: &opened.session,
            slot,
            outcome,
            points: &opened.points,
            criterion: None,
        };
        explained.draw_excerpt(&model.home.blueprint, rows, writer);
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
    prose::wrap(LEVEL_AND_RANGE, width, 0)
        .into_iter()
        .for_each(|line| page.push(look.line(line, Role::Dim)));
}

/// The results in one facet of a competency.
pub struct FacetResult {
    pub title: String,
    right: usize,
    /// The number of its questions that were reached and can be scored.
    asked: usize,
    slots: Vec<usize>,
}

impl FacetResult {
    /// Returns the count, such as `1 of 2 right`; empty if there is nothing to count.
    pub fn words(&self) -> String {
        match self.asked {
            0 => String::new(),
            asked => format!("{} of {asked} right", self.right),
        }
    }

    fn heading(&self, look: &Look, width: usize) -> Line<'static> {
        let words = self.words();
        let room = width.saturating_sub(words.len() + 1);
        let title = if room > 30 {
            fixed(&self.title, room)
        } else {
            self.title.clone()
        };
        Line::from(vec![
            look.span(title, Role::Title),
            look.span(format!(" {words}"), Role::Dim),
        ])
    }
}

/// Returns the results of these questions by facet, in the order of the blueprint.
pub fn facets(opened: &OpenedResult, slots: &[usize], blueprint: &Blueprint) -> Vec<FacetResult> {
    let place = |slot: &usize| {
        let facet = &opened.session.item(*slot).facet;
        let all = blueprint.competencies.iter().flat_map(|c| &c.facets);
        all.map(|facet| &facet.id).position(|id| id == facet)
    };
    let mut ordered: Vec<usize> = slots.to_vec();
    ordered.sort_by_key(|slot| (place(slot), opened.session.item(*slot).facet.clone(), *slot));
    let same =
        |a: &usize, b: &usize| opened.session.item(*a).facet == opened.session.item(*b).facet;
    let result = |slots: &[usize]| {
        let facet = &opened.session.item(slots[0]).facet;
        let outcomes = || slots.iter().map(|slot| &opened.assessment.outcomes[*slot]);
        let is_open = |slot: &&usize| opened.session.item(**slot).kind == Kind::Open;
        let is_asked = |slot: &&usize| {
            opened.assessment.outcomes[**slot].status != Status::NotReached && !is_open(slot)
        };
        FacetResult {
            title: match blueprint.facet(facet) {
                Some((_, facet)) => facet.title.line(),
                None => facet.to_string(),
            },
            right: outcomes().filter(|outcome| outcome.is_right()).count(),
            asked: slots.iter().filter(is_asked).count(),
            slots: slots.to_vec(),
        }
    };
    ordered.chunk_by(same).map(result).collect()
}

/// Returns the line of a question: verdict, number, lead-in and time.
fn outcome(
    slot: usize,
    opened: &OpenedResult,
    marked: bool,
    look: &Look,
    width: usize,
) -> Line<'static> {
    let outcome = &opened.assessment.outcomes[slot];
    let verdict = Verdict::of(outcome);
    let ((sign, role), words) = (sign(verdict.mark(), look), verdict.words());
    let item = opened.session.item(slot);
    let question = opened.session.question(slot);
    let asked = match outcome.status {
        Status::NotReached => "stays unseen for a later assessment".to_owned(),
        _ => question.fill(&question.lead_in, item.row).line(),
    };
    let aside = format!(
        " {words:<12}{:>6}",
        opened.session.sheet(slot).spent.clock()
    );
    let room = width.saturating_sub(9 + aside.chars().count());
    Line::from(vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(format!("{sign} "), role),
        look.span(format!("{:>3}  ", slot + 1), Role::Dim),
        look.span(fixed(&asked, room), Role::Text),
        look.span(aside, Role::Dim),
    ])
}
