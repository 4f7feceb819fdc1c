//! The history screen: the scores over time with their intervals, and a line per session.

use ratatui::text::Line;

use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, HistoryRow, HistoryState, PreviousComparison, done, session};
use crate::app::keymap::{Action, Context};
use crate::session::Mode;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

mod chart;

/// The number of rows of the chart.
const HEIGHT: usize = 11;
/// The same on a wide screen.
const TALL: usize = 17;

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
                Some(past) if is_discarded(past) => {
                    turn.home();
                    turn.effect(Effect::Restore(past.id.clone()));
                }
                _ => turn.tell("only a discarded or deleted session can be restored"),
            },
            Action::Edit => {
                if let Some(past) = self.past.get(self.cursor.at) {
                    turn.go(Route::RenameSession(past.id.clone(), past.name.clone()));
                }
            }
            Action::Forget => match self.past.get(self.cursor.at) {
                Some(past) if !is_discarded(past) => turn.go(Route::Delete(Box::new(past.clone()))),
                _ => turn.tell("it is deleted already"),
            },
            Action::Left => self.series = (self.series + series - 1) % series,
            Action::Right => self.series = (self.series + 1) % series,
            Action::Search => turn.go(Route::Browse),
            Action::Compare => turn.effect(Effect::Calibrate),
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Edit => !self.past.is_empty(),
            Action::Forget => self
                .past
                .get(self.cursor.at)
                .is_some_and(|row| !is_discarded(row)),
            Action::Enter | Action::Left | Action::Right => !self.past.is_empty(),
            Action::Compare | Action::Search => true,
            Action::Undo => self.past.get(self.cursor.at).is_some_and(is_discarded),
            _ => Cursor::works(action, self.past.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("History", Role::Title),
            ..Page::default()
        };
        if self.past.is_empty() {
            let words = "No assessments yet. Finish one to see it here.";
            page.push(look.line(words, Role::Dim));
            page.footer = vec![Action::Back];
            return page;
        }
        let (back, forth) = (look.theme.mark("◂", "<"), look.theme.mark("▸", ">"));
        let name = self.series_name(model);
        page.right = look.line(format!("{back} {name} {forth}"), Role::Key);
        if width >= 50 {
            let height = if width >= 100 { TALL } else { HEIGHT };
            let lines = chart::draw(&self.points(), look, width, height);
            lines.into_iter().for_each(|line| page.push(line));
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if let Some(words) = self.change(model) {
            writer.words(&words, Role::Text);
        }
        let marked = self.past.get(self.cursor.at);
        for former in marked.map_or(&[][..], |past| past.former.as_slice()) {
            writer.words(&former.sentence(), Role::Dim);
        }
        page.blank();
        for (i, past) in self.past.iter().enumerate() {
            let marked = i == self.cursor.at;
            let line = self.row(past, marked, look, width);
            page.choice(line, Action::Choose(i), marked, look);
        }
        page.footer = vec![
            Action::Enter,
            Action::Undo,
            Action::Right,
            Action::Compare,
            Action::Edit,
            Action::Forget,
            Action::Search,
            Action::Back,
            Action::Left,
        ];
        page
    }
}

impl HistoryScreen {
    /// Returns the name of the shown score.
    fn series_name(&self, model: &Model) -> String {
        let Some(i) = self.series.checked_sub(1) else {
            return "Overall".to_owned();
        };
        let mut scored = model.home.blueprint.scored();
        scored
            .nth(i)
            .map_or(String::new(), |competency| competency.title.to_string())
    }

    /// Returns the finished assessments of the role, oldest first.
    fn points(&self) -> Vec<chart::Point> {
        let scored = self.past.iter().rev().filter(|past| past.is_of_role());
        scored
            .map(|past| chart::Point {
                day: past.date,
                score: self.value(past),
            })
            .collect()
    }

    /// Draws the line of a session.
    fn row(&self, past: &HistoryRow, marked: bool, look: &Look, width: usize) -> Line<'static> {
        let score = match (&past.state, self.value(past)) {
            (HistoryState::Waiting(_), _) => "not finished".to_owned(),
            (HistoryState::Discarded { is_deleted, .. }, _) => match is_deleted {
                true => "deleted".to_owned(),
                false => "discarded".to_owned(),
            },
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
            let (answered, questions) = (past.answered, past.questions);
            let mut words = format!(
                "{answered:>3} of {questions:<3} {:<9} {:>7}",
                done(past.mode),
                past.spent.clock()
            );
            if past.mode != Mode::Assess {
                words.push_str(&format!("   {}", session(past.mode)));
            }
            if !past.continues.is_empty() {
                words.push_str("   deepening");
            }
            if !past.own_decks.is_empty() {
                words.push_str("   own decks");
            }
            spans.push(look.span(words, Role::Dim));
            if let Some(name) = &past.name {
                spans.push(look.span(format!("   {}", name.line()), Role::Text));
            }
        }
        Line::from(spans)
    }
}

fn is_discarded(past: &HistoryRow) -> bool {
    matches!(past.state, HistoryState::Discarded { .. })
}

/// Opens the result of a session, or the dialog that asks what to do with it.
fn open(past: &HistoryRow, turn: &mut Turn) {
    match &past.state {
        HistoryState::Waiting(open) => turn.go(Route::Resume(open.clone())),
        HistoryState::Discarded { .. } => turn.go(Route::Restore(Box::new(past.clone()))),
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
