//! The bars of a result: the overall score, a line per competency, and their legend.

use ratatui::text::{Line, Span};

use crate::core::measure::Measure;
use crate::core::question::Level;
use crate::core::scoring::hundredths;
use crate::session::aside;
use crate::session::assessment::{Assessment, CompetencyResult, UnscoredResult};
use crate::tui::page::{Look, Page};
use crate::tui::screen::{fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::{bar, prose};

/// The width from which bar, numbers and words fit in one line.
const ONE_LINE: usize = 66;
const TITLE: usize = 23;
/// The columns of the numbers and words after a bar.
const BEHIND: usize = 27;
/// The columns of the numbers alone.
const NUMBERS: usize = 12;

/// Draws the overall score with its interval, level and probability, or the reason why there is none.
pub fn overall(assessment: &Assessment, page: &mut Page, look: &Look, width: usize) {
    let Some(overall) = &assessment.scores.overall else {
        let words = assessment.scores.too_few().unwrap_or_default();
        prose::wrap(&words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Warn)));
        other_scores(assessment, page, look, width);
        return;
    };
    let (low, score, high) = (overall.low, overall.score, overall.high);
    let is_wide = width >= ONE_LINE;
    let (head, columns) = match is_wide {
        true => (fixed("  Overall", TITLE + 2), bar_width(width)),
        false => ("Overall".to_owned(), width),
    };
    let bar = bar::interval(low, score, high, None, columns, look).spans;
    let head = look.span(head, Role::Strong);
    let numbers = [
        look.span(format!("{score:>3.0}"), Role::Strong),
        look.span(format!(" plausibly {low:.0} to {high:.0}"), Role::Dim),
    ];
    if is_wide {
        let spans = [head].into_iter().chain(bar).chain(numbers);
        page.push(Line::from(spans.collect::<Vec<_>>()));
    } else {
        page.push([head].into_iter().chain(numbers).collect::<Line>());
        page.push(Line::from(bar));
    }
    let words = format!(
        "{}; {}",
        overall.standing(),
        aside(
            assessment.target,
            overall.at_least(assessment.target),
            overall.is_like_guessing(),
        )
    );
    let indent = " ".repeat(if is_wide { TITLE + 2 } else { 0 });
    for line in prose::wrap(&words, width.saturating_sub(indent.len()), 0) {
        page.push(look.line(format!("{indent}{line}"), Role::Strong));
    }
    other_scores(assessment, page, look, width);
}

/// Writes the scores of earlier scoring versions and at the time limit.
fn other_scores(assessment: &Assessment, page: &mut Page, look: &Look, width: usize) {
    let former = assessment.former.iter().map(|former| former.sentence());
    let before = assessment.within_limit.as_ref();
    let before = before.and_then(|scores| scores.overall.as_ref()).map(|o| {
        let (score, low, high) = (o.score, o.low, o.high);
        format!("Within the time limit: {score:.0}, plausibly {low:.0} to {high:.0}.")
    });
    for words in former.chain(before) {
        for line in prose::wrap(&words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Dim));
        }
    }
}

fn bar_width(width: usize) -> usize {
    width - TITLE - 2 - BEHIND
}

/// Draws the scale above the bars of the competencies, and what the signs in them mean.
pub fn legend(results: &[CompetencyResult], page: &mut Page, look: &Look, width: usize) {
    let theme = &look.theme;
    let mut words = format!(
        "{} score   {} plausible, 9 times in 10",
        theme.mark("●", "O"),
        theme.mark("├─┤", "|-|"),
    );
    let bars = results
        .iter()
        .filter_map(|result| bar_of(result, look, width));
    let guessing = theme.mark("┊", ":");
    if bars.flatten().any(|span| span.content == guessing) {
        words += &format!("   {guessing} blind guessing");
    }
    let indent = if width >= ONE_LINE { "  " } else { "" };
    for line in prose::wrap(&words, width - indent.len(), 0) {
        page.push(look.line(format!("{indent}{line}"), Role::Dim));
    }
    if width < ONE_LINE {
        return;
    }
    let bar = bar_width(width);
    let half = bar.saturating_sub(6) / 2;
    let rest = bar.saturating_sub(half + 6);
    let (half, rest) = (" ".repeat(half), " ".repeat(rest));
    let scale = format!("{}0{half}50{rest}100", " ".repeat(TITLE + 2));
    page.push(look.line(scale, Role::Dim));
}

/// Draws the bar of a competency; `None` without a score, or if the screen is too narrow.
fn bar_of(result: &CompetencyResult, look: &Look, width: usize) -> Option<Vec<Span<'static>>> {
    let measure = result.measure.as_ref().filter(|_| width >= ONE_LINE)?;
    let (low, score, high) = (measure.low, measure.score, measure.high);
    let chance = Some(result.chance);
    Some(bar::interval(low, score, high, chance, bar_width(width), look).spans)
}

/// Draws one competency as bar and level; if the cursor is on it, also the probability of the target level.
pub fn competency_lines(
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
    let Some(measure) = &result.measure else {
        let rest = look.span(few(result), Role::Dim);
        return if wide {
            vec![Line::from([title, vec![rest]].concat())]
        } else {
            vec![Line::from(title), Line::from(vec![Span::raw("  "), rest])]
        };
    };
    let (low, high) = (measure.low, measure.high);
    let score = look.span(format!("{:>3.0} ", measure.score), Role::Strong);
    let range = look.span(format!("{low:>2.0}-{high:<3.0} "), Role::Dim);
    let standing = measure.standing().to_string();
    let mut lines = if let Some(bar) = bar_of(result, look, width) {
        let words = look.span(fixed(&standing, BEHIND - NUMBERS), Role::Text);
        vec![Line::from([title, bar, vec![score, range, words]].concat())]
    } else {
        let numbers = vec![
            Span::raw("  "),
            score,
            range,
            look.span(standing, Role::Dim),
        ];
        vec![Line::from(title), Line::from(numbers)]
    };
    if marked {
        let indent = " ".repeat(if wide { TITLE + 2 } else { 2 });
        let words = chances(result, measure, target);
        let below = prose::wrap(&words, width.saturating_sub(indent.len()), 0);
        lines.extend(
            below
                .into_iter()
                .map(|line| look.line(format!("{indent}{line}"), Role::Dim)),
        );
    }
    lines
}

/// Returns the probability of the target level, and the person's own rating.
fn chances(result: &CompetencyResult, measure: &Measure, target: Level) -> String {
    let aside = aside(target, measure.at_least(target), measure.is_like_guessing());
    let said = result
        .rating
        .map_or(String::new(), |level| format!("; you said: {level}"));
    format!("{aside}{said}")
}

/// Draws a competency that is not part of the score.
pub fn unscored_line(
    apart: &UnscoredResult,
    marked: bool,
    look: &Look,
    width: usize,
) -> Line<'static> {
    let room = TITLE.min(width / 2).saturating_sub(1);
    let title = format!("{} ", fixed(apart.title.as_str(), room));
    let points = hundredths(apart.points);
    let words = format!("{points} of {}, not part of the score", apart.asked);
    Line::from(vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(title, Role::Text),
        look.span(words, Role::Dim),
    ])
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
