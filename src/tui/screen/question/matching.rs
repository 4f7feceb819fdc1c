//! Matching: mark an entry on the left, press the letter of its partner on the right.

use ratatui::text::{Line, Span};

use super::QuestionScreen;
use crate::app::keymap::Action;
use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::question::Left;
use crate::core::response::Answer;
use crate::core::text::Text;
use crate::session::Sheet;
use crate::tui::app::Turn;
use crate::tui::page::{Click, Look, Page, Row};
use crate::tui::screen::{fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// From here on the two sides stand beside each other.
const TWO_COLUMNS: usize = 64;
/// Choices from here on are entries of the left side.
const LEFT: usize = 100;

fn pairs(left: usize, sheet: &Sheet) -> Vec<Option<ChoiceId>> {
    match &sheet.answer {
        Some(Answer::Matched(pairs)) => pairs.clone(),
        _ => vec![None; left],
    }
}

impl QuestionScreen {
    pub(super) fn act_matching(
        &mut self,
        action: Action,
        left: usize,
        order: &[ChoiceId],
        sheet: &Sheet,
        turn: &mut Turn,
    ) {
        let mut pairs = pairs(left, sheet);
        match action {
            Action::Choose(i) if i >= LEFT => self.at = (i - LEFT).min(left - 1),
            Action::Choose(i) if i < order.len() => {
                pairs[self.at] = Some(order[i]);
                let open = |at: &usize| pairs[*at].is_none();
                self.at = (self.at..left).find(open).or_else(|| (0..left).find(open)).unwrap_or(self.at);
                self.answer(Answer::Matched(pairs), turn);
            }
            Action::Clear | Action::Strike if pairs[self.at].is_some() => {
                pairs[self.at] = None;
                self.answer(Answer::Matched(pairs), turn);
            }
            Action::Enter if pairs.iter().all(Option::is_some) => self.go(true, turn),
            Action::Enter => turn.tell("press the letter of the entry that belongs to the marked one"),
            _ => {}
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn view_matching(
        &self,
        left: &[Left],
        right: &[Text],
        item: &Item,
        sheet: &Sheet,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let shown = |id: ChoiceId| item.order.iter().position(|o| *o == id);
        let chosen: Vec<Option<usize>> =
            pairs(left.len(), sheet).into_iter().map(|pair| pair.and_then(shown)).collect();
        let left: Vec<&str> = left.iter().map(|entry| entry.text.as_str()).collect();
        let right: Vec<&str> = item.order.iter().map(|id| right[id.index()].as_str()).collect();
        entries(&left, &right, &chosen, Some(self.at), page, look, width);
    }
}

/// Both sides, and for each left entry the right one that was chosen, by its place.
pub fn entries(
    left: &[&str],
    right: &[&str],
    chosen: &[Option<usize>],
    at: Option<usize>,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    let beside = width >= TWO_COLUMNS;
    let left_width = if beside { width * 11 / 20 } else { width };
    let right_width = if beside { width - left_width - 2 } else { width };

    let letter = |place: usize| char::from(b'a' + place.min(25) as u8);
    let mut left_rows: Vec<(usize, Vec<Span<'static>>)> = Vec::new();
    for (i, entry) in left.iter().enumerate() {
        let marked = at == Some(i);
        let chosen = chosen.get(i).copied().flatten().map(letter);
        let lead = format!("[{}] ", chosen.unwrap_or(' '));
        for (n, line) in prose::wrap(entry, left_width.saturating_sub(6), 0).into_iter().enumerate() {
            let first = n == 0;
            left_rows.push((
                i,
                vec![
                    look.span(pointer(marked && first, look), Role::Key),
                    look.span(
                        if first { lead.clone() } else { "    ".into() },
                        if chosen.is_some() { Role::Chosen } else { Role::Dim },
                    ),
                    look.span(line, if marked { Role::Strong } else { Role::Text }),
                ],
            ));
        }
    }
    let mut right_rows: Vec<(usize, Vec<Span<'static>>)> = Vec::new();
    for (i, entry) in right.iter().enumerate() {
        let used = chosen.contains(&Some(i));
        for (n, line) in prose::wrap(entry, right_width.saturating_sub(3), 0).into_iter().enumerate() {
            let lead = if n == 0 { format!("{}  ", char::from(b'a' + i as u8)) } else { "   ".to_owned() };
            let role = if used { Role::Dim } else { Role::Text };
            right_rows.push((i, vec![look.span(lead, Role::Key), look.span(line, role)]));
        }
    }

    let first = page.body.len();
    if beside {
        for n in 0..left_rows.len().max(right_rows.len()) {
            let mut row = Row::default();
            let mut spans = Vec::new();
            if let Some((i, line)) = left_rows.get(n) {
                row.clicks.push(Click { from: 0, width: left_width, action: Action::Choose(LEFT + i) });
                spans.extend(line.clone());
            }
            let used: usize = spans.iter().map(|s| s.width()).sum();
            spans.push(Span::raw(fixed("", (left_width + 2).saturating_sub(used))));
            if let Some((i, line)) = right_rows.get(n) {
                row.clicks.push(Click { from: left_width + 2, width: right_width, action: Action::Choose(*i) });
                spans.extend(line.clone());
            }
            row.line = Line::from(spans);
            page.body.push(row);
        }
    } else {
        for (i, line) in left_rows.iter().cloned() {
            let clicks = vec![Click::anywhere(Action::Choose(LEFT + i))];
            page.body.push(Row { line: Line::from(line), clicks, fill: None });
        }
        page.blank();
        for (i, line) in right_rows {
            page.body.push(Row {
                line: Line::from(line),
                clicks: vec![Click::anywhere(Action::Choose(i))],
                fill: None,
            });
        }
    }
    if let Some(at) = left_rows.iter().position(|(i, _)| at == Some(*i)) {
        page.focus = Some((first + at, first + at));
    }
}
