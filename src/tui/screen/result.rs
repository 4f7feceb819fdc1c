//! The result screen: the overall score, a line per competency with its interval, and the next steps.
//!
//! ```text
//!   Your result            40 questions · 47:20 · form 7K3-QX9 · self-assessment, unsupervised
//!
//!   Overall               ├────────────●────┤        64  57-71
//!
//! ▸ Architecture design    ├──────●──────┤           61  45-76  5 q  mid to senior   you: senior
//! ```

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::summary::practise;
use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, OpenedResult};
use crate::app::keymap::{Action, Context};
use crate::core::measure::Calibration;
use crate::core::question::Level;
use crate::core::response::Confidence;
use crate::core::scoring::hundredths;
use crate::session::aside;
use crate::session::assessment::{Assessment, CompetencyResult, Status};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::{bar, count, prose};

#[derive(Default)]
pub struct ResultScreen {
    cursor: Cursor,
}

/// The width from which bar, numbers and words fit in one line.
const ONE_LINE: usize = 72;
const TITLE: usize = 23;
/// The columns of the numbers and words after a bar.
const BEHIND: usize = 26;
/// The columns of the numbers alone.
const NUMBERS: usize = 12;

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
        if self.cursor.act(action, lines, turn) {
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
            Action::WrongOnes => match assessment.wrong() {
                slots if slots.is_empty() => turn.tell("none of your answers was wrong"),
                slots => turn.go(Route::Review {
                    title: "Not right",
                    slots,
                    at: 0,
                }),
            },
            Action::SureAndWrong => match assessment.sure_and_wrong.clone() {
                slots if slots.is_empty() => turn.tell("no answer you were sure of was wrong"),
                slots => turn.go(Route::Review {
                    title: "Sure and wrong",
                    slots,
                    at: 0,
                }),
            },
            Action::Deepen => {
                let id = opened.id.clone();
                turn.effect(Effect::Deepen(id));
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
                let form = &opened.session.form;
                let decks: BTreeSet<_> = form.items.iter().map(|item| item.deck.clone()).collect();
                let (code, decks) = (form.code.clone(), decks.into_iter().collect());
                turn.effect(Effect::Repeat { code, decks });
            }
            Action::Export => {
                let id = opened.id.clone();
                turn.effect(Effect::Export(id));
            }
            Action::Back => {
                turn.effect(Effect::Leave);
                turn.home();
            }
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
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
        let assessment = &opened.assessment;
        if width >= 50 {
            page.right = look.line("self-assessment, unsupervised", Role::Dim);
        }
        for line in prose::wrap(&summary(opened), width, 0) {
            page.push(look.line(line, Role::Dim));
        }
        let variants = opened.session.variants_sentence();
        for sentence in opened.session.ending().into_iter().chain(variants) {
            prose::wrap(&sentence, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Text)));
        }
        page.blank();
        overall(assessment, &mut page, look, width);
        page.blank();
        for (i, result) in assessment.scores.competencies.iter().enumerate() {
            let marked = i == self.cursor.at;
            for line in competency_lines(result, assessment.target, marked, look, width) {
                page.choice(line, Action::Choose(i), marked, look);
            }
        }
        if width >= ONE_LINE
            && assessment
                .scores
                .competencies
                .iter()
                .any(|c| c.measure.is_some())
        {
            page.push(scale(look, width));
        }
        for (i, apart) in assessment.apart.iter().enumerate() {
            let at = assessment.scores.competencies.len() + i;
            let marked = at == self.cursor.at;
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(
                    fixed(apart.title.as_str(), TITLE.min(width / 2)),
                    Role::Text,
                ),
                look.span(
                    format!(
                        " {} of {}, not part of the score",
                        hundredths(apart.points),
                        apart.asked
                    ),
                    Role::Dim,
                ),
            ]);
            page.choice(line, Action::Choose(at), marked, look);
        }
        page.blank();
        remarks(assessment, &mut page, look, width);
        page.footer = vec![
            Action::Enter,
            Action::WrongOnes,
            Action::SureAndWrong,
            Action::Deepen,
            Action::Practise,
            Action::Retry,
            Action::Export,
            Action::Back,
        ];
        page
    }
}

fn summary(opened: &OpenedResult) -> String {
    let session = &opened.session;
    let assessment = &opened.assessment;
    let questions = match assessment.earlier.sessions.is_empty() {
        true => count(session.len(), "question"),
        false => format!("{} questions", assessment.earlier.count(session.len())),
    };
    let mut parts = vec![questions, session.at().clock(), session.form.name()];
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

fn overall(assessment: &Assessment, page: &mut Page, look: &Look, width: usize) {
    let Some(overall) = &assessment.scores.overall else {
        let words = assessment.scores.too_few().unwrap_or_default();
        prose::wrap(&words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Warn)));
        return;
    };
    let numbers = format!("{:>3.0}", overall.score);
    let words = format!(" plausibly {:.0} to {:.0}", overall.low, overall.high);
    let standing = format!("Overall: {}", overall.standing());
    if width >= ONE_LINE {
        let mut spans = vec![look.span(fixed("  Overall", TITLE + 2), Role::Strong)];
        spans.extend(
            bar::interval(
                overall.low,
                overall.score,
                overall.high,
                None,
                bar_width(width),
                look,
            )
            .spans,
        );
        spans.push(look.span(numbers, Role::Strong));
        spans.push(look.span(words, Role::Dim));
        page.push(Line::from(spans));
        page.push(look.line(format!("{}{standing}", " ".repeat(TITLE + 2)), Role::Dim));
    } else {
        page.push(Line::from(vec![
            look.span("Overall", Role::Strong),
            look.span(numbers, Role::Strong),
            look.span(words, Role::Dim),
        ]));
        page.push(bar::interval(
            overall.low,
            overall.score,
            overall.high,
            None,
            width,
            look,
        ));
        page.push(look.line(standing, Role::Dim));
    }
    let aside = aside(
        assessment.target,
        overall.at_least(assessment.target),
        overall.is_like_guessing(),
    );
    let indent = " ".repeat(if width >= ONE_LINE { TITLE + 2 } else { 0 });
    for line in prose::wrap(&aside, width.saturating_sub(indent.len()), 0) {
        page.push(look.line(format!("{indent}{line}"), Role::Strong));
    }
    for former in assessment
        .former
        .iter()
        .flat_map(|former| prose::wrap(&former.sentence(), width.saturating_sub(2), 0))
    {
        page.push(look.line(format!("  {former}"), Role::Dim));
    }
    if let Some(before) = assessment
        .within_limit
        .as_ref()
        .and_then(|s| s.overall.as_ref())
    {
        let words = format!(
            "  within the time limit: {:.0}, plausibly {:.0} to {:.0}",
            before.score, before.low, before.high
        );
        page.push(look.line(words, Role::Dim));
    }
}

fn bar_width(width: usize) -> usize {
    width - TITLE - 2 - BEHIND
}

/// Draws the scale under the bars.
fn scale(look: &Look, width: usize) -> Line<'static> {
    let bar = bar_width(width);
    let mut text = " ".repeat(TITLE + 2);
    let ends = ("0", "50", "100");
    let half = (bar - ends.0.len() - ends.1.len() - ends.2.len()) / 2;
    text.push_str(&format!(
        "{}{}{}{}{}",
        ends.0,
        " ".repeat(half),
        ends.1,
        " ".repeat(bar - half - 6),
        ends.2
    ));
    look.line(text, Role::Dim)
}

/// Draws a competency in one line if it fits, or else in two.
fn competency_lines(
    result: &CompetencyResult,
    target: Level,
    marked: bool,
    look: &Look,
    width: usize,
) -> Vec<Line<'static>> {
    let wide = width >= ONE_LINE;
    let title_width = if wide { TITLE } else { width.saturating_sub(2) };
    let title = vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(fixed(result.title.as_str(), title_width), Role::Text),
    ];
    let words = standing(result);
    let Some(measure) = &result.measure else {
        let rest = look.span(few(result), Role::Dim);
        return if wide {
            vec![Line::from([title, vec![rest]].concat())]
        } else {
            vec![Line::from(title), Line::from(vec![Span::raw("  "), rest])]
        };
    };
    let bar = |n| {
        bar::interval(
            measure.low,
            measure.score,
            measure.high,
            Some(result.chance),
            n,
            look,
        )
        .spans
    };
    let score = look.span(format!("{:>3.0} ", measure.score), Role::Strong);
    let range = look.span(
        format!("{:>2.0}-{:<3.0} ", measure.low, measure.high),
        Role::Dim,
    );
    let aside = aside(target, measure.at_least(target), measure.is_like_guessing());
    let said = result
        .rating
        .map_or(String::new(), |level| format!("; you said: {level}"));
    let indent = " ".repeat(if wide { TITLE + 2 } else { 2 });
    let below = prose::wrap(
        &format!("{aside}{said}"),
        width.saturating_sub(indent.len()),
        0,
    );
    let below = below
        .into_iter()
        .map(|line| look.line(format!("{indent}{line}"), Role::Dim));
    if wide {
        let words = look.span(fixed(&words, BEHIND - NUMBERS), Role::Text);
        let mut lines = vec![Line::from(
            [title, bar(bar_width(width)), vec![score, range, words]].concat(),
        )];
        lines.extend(below);
        lines
    } else {
        let numbers = vec![Span::raw("  "), score, range, look.span(words, Role::Dim)];
        [Line::from(title), Line::from(numbers)]
            .into_iter()
            .chain(below)
            .collect()
    }
}

/// Returns the text instead of a score when there are too few answers, such as `2 of 3`.
pub fn few(result: &CompetencyResult) -> String {
    match result.scored {
        0 if result.planned == 0 => "written answers only, rated by you".to_owned(),
        0 => "no answers that count".to_owned(),
        n if result.answered == 0 => format!("none of {n} answered: no score"),
        n => format!("{} of {n}: too few for a score", hundredths(result.points)),
    }
}

fn standing(result: &CompetencyResult) -> String {
    result
        .measure
        .as_ref()
        .map(|m| m.standing().to_string())
        .unwrap_or_default()
}

/// Writes further observations about the answers, and the meaning of a score.
fn remarks(assessment: &Assessment, page: &mut Page, look: &Look, width: usize) {
    let mut say = |words: &str, role| {
        prose::wrap(words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, role)));
    };
    if let Some(missing) = assessment.scores.missing() {
        say(&missing, Role::Text);
    }
    match assessment.sure_and_wrong.len() {
        0 => assessment
            .sure_and_right()
            .iter()
            .for_each(|words| say(words, Role::Text)),
        n => say(
            &format!(
                "You were sure of {n} wrong {}. Start there: press s.",
                if n == 1 { "answer" } else { "answers" }
            ),
            Role::Strong,
        ),
    }
    for line in assessment
        .comparison
        .iter()
        .map(|since| since.summary(&assessment.scores))
    {
        say(&line, Role::Text);
    }
    if let Some(calibration) = &assessment.calibration {
        say(
            &crate::session::calibration::tendency(calibration),
            Role::Text,
        );
        say("", Role::Text);
        statements(calibration)
            .iter()
            .enumerate()
            .for_each(|(i, line)| say(line, [Role::Dim, Role::Text][i.min(1)]));
    }
    say("", Role::Text);
    let guessing = look.theme.mark("┊", ":");
    let words = format!(
        "A score estimates the share of all questions on that competency that you would get \
         right. The true share lies within the whiskers nine times in ten; {guessing} marks the \
         score of blind guessing."
    );
    say(&words, Role::Dim);
}

/// Returns a table of stated confidence and correct answers, header first.
pub fn statements(calibration: &Calibration) -> Vec<String> {
    let head = "  you said                right   plausibly        of".to_owned();
    let rows = calibration.statements.iter().map(|statement| {
        let words = Confidence::ALL
            .into_iter()
            .find(|c| c.probability() == statement.stated);
        let percent = |share: f64| 100.0 * share;
        format!(
            "  {:<12} ({:.0}%)   {:>4.0}%   {:>3.0} to {:<3.0}%  {:>5}",
            words.map_or("", Confidence::words),
            percent(statement.stated),
            percent(statement.right),
            percent(statement.low),
            percent(statement.high),
            statement.n
        )
    });
    [head].into_iter().chain(rows).collect()
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
