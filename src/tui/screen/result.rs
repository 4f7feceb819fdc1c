//! The result screen: the overall score, a line per competency with its interval, and the next steps.
//!
//! ```text
//!   Your result                                    self-assessment, unsupervised
//!
//!   26 of 40 right · 47:20 · form code 7K3-QX9
//!
//!   Overall               ├────────────●────┤        64  plausibly 57 to 71
//!
//!   Next  s  review the 3 wrong answers you were sure of
//!
//! ▸ Architecture design    ├──────●──────┤           61  45-76  mid to senior
//! ```

use std::collections::BTreeSet;

use super::briefing::{Repetition, Topic};
use super::summary::practise;
use super::{Cursor, Screen};
use crate::app::effect::{CopyRequest, Effect, OpenedResult};
use crate::app::keymap::{Action, Context};
use crate::core::blueprint::Competency;
use crate::core::form::Form;
use crate::core::question::Kind;
use crate::session::assessment::{CompetencyResult, Outcome, Status};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

mod bars;
mod steps;

pub use bars::few;

/// The maximum width of the bars, in columns.
const WIDEST: usize = 88;

pub struct ResultScreen {
    cursor: Cursor,
}

impl Default for ResultScreen {
    fn default() -> Self {
        // On a small screen, the summary is read before a line is marked.
        let scroll = Scroll {
            offset: 0,
            free: true,
        };
        Self {
            cursor: Cursor { at: 0, scroll },
        }
    }
}

/// Returns what the briefing says about a form that is taken again.
fn repetition(form: &Form, model: &Model) -> Repetition {
    let decks: BTreeSet<_> = form.items.iter().map(|item| item.deck.clone()).collect();
    let competencies = model.home.blueprint.competencies.iter().enumerate();
    let topic = |(i, competency): (usize, &Competency)| {
        let items = form.items.iter();
        let items = items.filter(|item| item.competency == competency.id);
        Topic {
            competency: i,
            questions: items.clone().count(),
            seconds: items.map(|item| u64::from(item.seconds)).sum(),
        }
    };
    let topics = competencies.map(topic);
    Repetition {
        code: form.code.clone(),
        decks: decks.into_iter().collect(),
        topics: topics.filter(|topic| topic.questions > 0).collect(),
    }
}

impl Screen for ResultScreen {
    fn context(&self) -> Context {
        Context::Result
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else {
            return turn.home();
        };
        let assessment = &opened.assessment;
        let lines = assessment.scores.competencies.len() + assessment.apart.len();
        if self.cursor.return_to_view(action, turn) || self.cursor.act(action, lines, turn) {
            return;
        }
        match action {
            Action::Enter | Action::Choose(_) => {
                if let Action::Choose(i) = action {
                    self.cursor.at = i.min(lines.saturating_sub(1));
                }
                if lines > 0 {
                    turn.go(Route::Competency(self.cursor.at));
                }
            }
            Action::WrongOnes => {
                let slots = assessment.wrong();
                turn.review("Not right", slots, "none of your answers was wrong");
            }
            Action::SureAndWrong => {
                let slots = assessment.sure_and_wrong.clone();
                turn.review(
                    "Sure and wrong",
                    slots,
                    "no answer you were sure of was wrong",
                );
            }
            Action::RateWritten => {
                let slots = steps::waiting(opened);
                turn.review("Written", slots, "no written answer is waiting for points");
            }
            Action::Deepen => {
                let id = opened.id.clone();
                turn.go(Route::DeepeningBriefing(id));
            }
            Action::Practise => {
                let session = &opened.session;
                let slots = match assessment.wrong() {
                    wrong if wrong.is_empty() => (0..session.len()).collect(),
                    wrong => wrong,
                };
                let effect = practise(session, &slots);
                turn.effect(effect);
            }
            Action::Retry if opened.session.grows() => {
                turn.tell(
                    "an adaptive assessment can't be repeated: take another one, or \
                           practise these questions",
                );
            }
            Action::Retry => {
                let again = repetition(&opened.session.form, turn.model);
                turn.go(Route::RepetitionBriefing(again));
            }
            Action::Search => turn.go(Route::Browse),
            Action::Copy => {
                let opened = opened.clone();
                turn.effect(Effect::Copy(CopyRequest::Result(opened)));
            }
            Action::Export => {
                let id = opened.id.clone();
                turn.effect(Effect::OfferExport(id));
            }
            Action::Back => {
                turn.effect(Effect::Leave);
                turn.home();
            }
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(opened) = &model.opened else {
            return false;
        };
        let assessment = &opened.assessment;
        let lines = assessment.scores.competencies.len() + assessment.apart.len();
        match action {
            Action::Enter => lines > 0,
            Action::WrongOnes => !assessment.wrong().is_empty(),
            Action::SureAndWrong => !assessment.sure_and_wrong.is_empty(),
            Action::RateWritten => !steps::waiting(opened).is_empty(),
            Action::Retry => !opened.session.grows(),
            Action::Deepen => assessment.scores.missing().is_some(),
            Action::Practise | Action::Export | Action::Search | Action::Copy => true,
            _ => Cursor::works(action, lines, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Your result", Role::Title),
            ..Page::default()
        };
        let Some(opened) = &model.opened else {
            return page;
        };
        if width >= 50 {
            page.right = look.line("self-assessment, unsupervised", Role::Dim);
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        writer.words(&summary(opened), Role::Strong);
        let variants = opened.session.variants_sentence();
        for sentence in opened.session.ending().into_iter().chain(variants) {
            writer.words(&sentence, Role::Text);
        }
        writer.gap();
        if writer.has_two_columns() {
            let columns = (width * 3 / 5).min(WIDEST);
            writer.two_columns(
                columns,
                |left| {
                    bars::overall(&opened.assessment, left.page, look, left.width);
                    self.competencies(opened, left);
                },
                |right| self.side(opened, model, right),
            );
        } else {
            bars::overall(&opened.assessment, writer.page, look, width);
            writer.gap();
            steps::draw_steps(opened, 2, &mut writer);
            self.competencies(opened, &mut writer);
            steps::draw_ratings(opened, &mut writer);
            steps::remarks(opened, &mut writer);
        }
        page.footer = vec![
            Action::Enter,
            Action::WrongOnes,
            Action::SureAndWrong,
            Action::RateWritten,
            Action::Deepen,
            Action::Practise,
            Action::Retry,
            Action::Export,
            Action::Copy,
            Action::Search,
            Action::Back,
        ];
        page
    }
}

impl ResultScreen {
    /// Draws the competencies below their legend.
    fn competencies(&self, opened: &OpenedResult, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        let assessment = &opened.assessment;
        let results = &assessment.scores.competencies;
        writer.gap();
        if results.iter().any(|c| c.measure.is_some()) {
            bars::legend(
                &opened.assessment.scores.competencies,
                writer.page,
                look,
                width,
            );
        }
        for (i, result) in results.iter().enumerate() {
            let marked = i == self.cursor.at;
            for line in bars::competency_lines(result, assessment.target, marked, look, width) {
                writer.page.choice(line, Action::Choose(i), marked, look);
            }
        }
        for (i, apart) in (results.len()..).zip(&assessment.apart) {
            let marked = i == self.cursor.at;
            let line = bars::unscored_line(apart, marked, look, width);
            writer.page.choice(line, Action::Choose(i), marked, look);
        }
    }

    /// Draws the next steps, the facets of the marked competency and the calibration beside the bars.
    fn side(&self, opened: &OpenedResult, model: &Model, writer: &mut Writer) {
        steps::draw_steps(opened, usize::MAX, writer);
        steps::draw_ratings(opened, writer);
        if let Some(result) = opened.assessment.scores.competencies.get(self.cursor.at) {
            steps::draw_facets(result, opened, &model.home.blueprint, writer);
        }
        steps::remarks(opened, writer);
    }
}

fn summary(opened: &OpenedResult) -> String {
    let session = &opened.session;
    let assessment = &opened.assessment;
    let closed: Vec<&Outcome> = (0..session.len())
        .filter(|slot| session.item(*slot).kind != Kind::Open)
        .map(|slot| &assessment.outcomes[slot])
        .collect();
    let right = closed.iter().filter(|outcome| outcome.is_right()).count();
    let missed =
        |outcome: &&&Outcome| matches!(outcome.status, Status::NotReached | Status::TimedOut);
    let reached = closed.len() - closed.iter().filter(missed).count();
    let mut parts = vec![format!("{right} of {reached} right")];
    let partly = closed
        .iter()
        .filter(|outcome| outcome.is_wrong() && outcome.value() > 0.0);
    match partly.count() {
        0 => {}
        n => parts.push(format!("{n} partly")),
    }
    if !assessment.earlier.sessions.is_empty() {
        parts.push(format!(
            "{} questions in all",
            assessment.earlier.count(session.len())
        ));
    }
    parts.extend([session.at().clock(), session.form.name()]);
    for (status, words) in [
        (Status::Omitted, "omitted"),
        (Status::NotReached, "not reached"),
        (Status::TimedOut, "cut off by time"),
    ] {
        match assessment.count(status) {
            0 => {}
            n => parts.push(format!("{n} {words}")),
        }
    }
    parts.join(" · ")
}

/// Returns further facts about a competency in one line of text.
pub fn facts_of(result: &CompetencyResult) -> String {
    let mut parts = vec![
        format!(
            "{} of {} scored",
            result.scored,
            count(result.planned, "question")
        ),
        format!("facets {} of {}", result.facets_touched, result.facets),
        result.spent.clock(),
    ];
    if result.omitted > 0 {
        parts.push(format!("{} omitted", result.omitted));
    }
    if result.not_reached > 0 {
        parts.push(format!("{} not reached", result.not_reached));
    }
    if let Some(rating) = result.rating {
        parts.push(format!("you said {rating}"));
    }
    parts.join(" · ")
}
