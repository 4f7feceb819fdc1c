//! The history screen: the scores over time with their intervals, and a line per session.

use ratatui::text::{Line, Span};

use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, HistoryRow, HistoryState, PreviousComparison, done, session};
use crate::app::keymap::{Action, Context};
use crate::session::Mode;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The number of rows of the chart.
const HEIGHT: usize = 11;
/// The number of columns per session in the chart.
const STEP: usize = 4;

pub struct HistoryScreen {
    past: Vec<HistoryRow>,
    cursor: Cursor,
    /// The index of the shown score: 0 is the overall score, followed by the competencies of the blueprint.
    series: usize,
}

impl HistoryScreen {
    /// Creates the screen; `past` is sorted newest first.
    pub fn new(past: Vec<HistoryRow>) -> Self {
        Self {
            past,
            cursor: Cursor::default(),
            series: 0,
        }
    }

    fn value(&self, past: &HistoryRow) -> Option<(f64, f64, f64)> {
        match self.series {
            0 => past.overall,
            n => past.competencies.get(n - 1).copied().flatten(),
        }
    }
}

impl Screen for HistoryScreen {
    fn context(&self) -> Context {
        Context::History
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, self.past.len(), turn) {
            return;
        }
        let series = 1 + turn.model.home.blueprint.scored().count();
        match action {
            Action::Enter | Action::Choose(_) => {
                if let Action::Choose(i) = action {
                    self.cursor.at = i.min(self.past.len().saturating_sub(1));
                }
                if let Some(past) = self.past.get(self.cursor.at) {
                    open(past, turn);
                }
            }
            Action::Undo => match self.past.get(self.cursor.at) {
                Some(HistoryRow {
                    id,
                    state: HistoryState::Discarded { .. },
                    ..
                }) => {
                    turn.home();
                    turn.effect(Effect::Restore(id.clone()));
                }
                _ => turn.tell("only a discarded session can be restored"),
            },
            Action::Left => self.series = (self.series + series - 1) % series,
            Action::Right => self.series = (self.series + 1) % series,
            Action::Calibration => turn.effect(Effect::Calibrate),
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("History", Role::Title),
            ..Page::default()
        };
        if self.past.is_empty() {
            page.push(look.line(
                "No sessions yet. Finish an assessment to see it here.",
                Role::Dim,
            ));
            page.footer = vec![Action::Back];
            return page;
        }
        let name = match self.series {
            0 => "Overall".to_owned(),
            n => model
                .home
                .blueprint
                .scored()
                .nth(n - 1)
                .map_or(String::new(), |c| c.title.to_string()),
        };
        page.right = look.line(
            format!(
                "{} {name} {}",
                look.theme.mark("◂", "<"),
                look.theme.mark("▸", ">")
            ),
            Role::Key,
        );
        if width >= 50 {
            chart(self, look, width)
                .into_iter()
                .for_each(|line| page.push(line));
            page.push(look.line(span_of_time(&self.past), Role::Dim));
        }
        for line in self
            .change(model)
            .iter()
            .flat_map(|words| prose::wrap(words, width, 0))
        {
            page.push(look.line(line, Role::Text));
        }
        let former = self
            .past
            .get(self.cursor.at)
            .map(|past| past.former.as_slice())
            .unwrap_or_default();
        for line in former
            .iter()
            .flat_map(|former| prose::wrap(&former.sentence(), width, 0))
        {
            page.push(look.line(line, Role::Dim));
        }
        page.blank();
        for (i, past) in self.past.iter().enumerate() {
            let marked = i == self.cursor.at;
            let score = match (&past.state, self.value(past)) {
                (HistoryState::Waiting(_), _) => "not finished".to_owned(),
                (HistoryState::Discarded { .. }, _) => "discarded".to_owned(),
                (HistoryState::Finished, _) if past.mode == Mode::Mentor => "mentor".to_owned(),
                (HistoryState::Finished, None) => self.unscored(past).to_owned(),
                (HistoryState::Finished, Some((score, low, high))) => {
                    format!("{score:>3.0}  {low:.0}-{high:.0}")
                }
            };
            let mut spans = vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(fixed(&past.day, 14), Role::Text),
                look.span(fixed(&score, 14), Role::Strong),
            ];
            if width >= 60 {
                let done = done(past.mode);
                spans.push(look.span(
                    format!("{} of {} {done}", past.answered, past.questions),
                    Role::Dim,
                ));
                spans.push(look.span(format!("   {}", past.spent.clock()), Role::Dim));
                if past.mode != Mode::Assess {
                    spans.push(look.span(format!("   {}", session(past.mode)), Role::Dim));
                }
                if !past.continues.is_empty() {
                    spans.push(look.span("   deepening", Role::Dim));
                }
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
        }
        page.footer = vec![
            Action::Enter,
            Action::Left,
            Action::Right,
            Action::Calibration,
            Action::Back,
        ];
        if matches!(
            self.past.get(self.cursor.at),
            Some(HistoryRow {
                state: HistoryState::Discarded { .. },
                ..
            })
        ) {
            page.footer.insert(1, Action::Undo);
        }
        page
    }
}

/// Opens the result of a session, or the dialog that asks what to do with it.
fn open(past: &HistoryRow, turn: &mut Turn) {
    match &past.state {
        HistoryState::Waiting(open) => turn.go(Route::Resume(open.clone())),
        HistoryState::Discarded { until } => {
            turn.go(Route::Restore(past.id.clone(), until.clone()));
        }
        HistoryState::Finished if past.mode == Mode::Mentor => {
            turn.tell(format!(
                "`aethos report {}` prints it; it is also on the pages of its participants",
                past.id
            ));
        }
        HistoryState::Finished => turn.effect(Effect::Open(past.id.clone())),
    }
}

impl HistoryScreen {
    /// Returns why a finished session has no score in the shown series.
    fn unscored(&self, past: &HistoryRow) -> &'static str {
        match past.mode {
            Mode::Practise => "practice",
            _ if past.answered == 0 => "no answers",
            _ if self.series > 0 => "not measured",
            _ => "few answers",
        }
    }

    /// Returns the change of the shown score in the marked session.
    fn change(&self, model: &Model) -> Option<String> {
        let since = match &self.past.get(self.cursor.at)?.before {
            PreviousComparison::Nothing => return None,
            PreviousComparison::OtherBank { different_editions } => {
                let reason = if *different_editions {
                    "This and the previous assessment used different editions of the questions"
                } else {
                    "The decks have changed since the previous assessment"
                };
                return Some(format!("{reason}: open the result to compare."));
            }
            PreviousComparison::Compared(since) => since,
        };
        let difference = match self.series {
            0 => since.overall?,
            n => *since
                .competencies
                .get(&model.home.blueprint.scored().nth(n - 1)?.id)?,
        };
        Some(format!("Since {}: {difference}.", since.earlier()))
    }
}

/// Returns the dates of the first and the last session in the chart.
fn span_of_time(past: &[HistoryRow]) -> String {
    let mut days = past
        .iter()
        .filter(|p| p.is_scored())
        .map(|p| p.day.as_str());
    match (days.next(), days.next_back()) {
        (Some(last), Some(first)) if first != last => format!("     {first} to {last}"),
        (Some(day), _) => format!("     {day}"),
        _ => String::new(),
    }
}

/// Draws the scores from left to right over time, each with its interval, on a scale from 0 to 100.
fn chart(history: &HistoryScreen, look: &Look, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(5) / STEP;
    let mut shown: Vec<Option<(f64, f64, f64)>> = history
        .past
        .iter()
        .filter(|p| p.is_scored())
        .take(room)
        .map(|p| history.value(p))
        .collect();
    shown.reverse();
    let row = |value: f64| {
        ((100.0 - value.clamp(0.0, 100.0)) / 100.0 * (HEIGHT - 1) as f64).round() as usize
    };
    (0..HEIGHT)
        .map(|y| {
            let label = match y {
                0 => "100 ",
                y if y == HEIGHT - 1 => "  0 ",
                y if y == row(50.0) => " 50 ",
                _ => "    ",
            };
            let mut spans = vec![
                look.span(label, Role::Dim),
                look.span(look.theme.mark("┊", "|"), Role::Dim),
            ];
            for point in &shown {
                let (text, role) = match point {
                    Some((score, _, _)) if row(*score) == y => {
                        (look.theme.mark("●", "O"), Role::Chosen)
                    }
                    Some((_, _, high)) if row(*high) == y => {
                        (look.theme.mark("┬", "-"), Role::Chosen)
                    }
                    Some((_, low, _)) if row(*low) == y => {
                        (look.theme.mark("┴", "-"), Role::Chosen)
                    }
                    Some((_, low, high)) if (row(*high)..row(*low)).contains(&y) => {
                        (look.theme.mark("│", "|"), Role::Chosen)
                    }
                    _ => (" ", Role::Dim),
                };
                spans.extend([Span::raw("  "), look.span(text, role), Span::raw(" ")]);
            }
            Line::from(spans)
        })
        .collect()
}
