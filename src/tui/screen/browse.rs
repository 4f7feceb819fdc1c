//! The questions that the person has seen, searched by text, topic and last answer.
//!
//! ```text
//!   Questions you have seen                                          12 found
//!   / lease▏                                    ◂ wrong ▸   Data consistency
//!
//! ▸ ✗ Which reads can be stale?    21 Nov 2026 │ ✗ wrong   question 3 · 0:41
//!     wrong, sure · Consensus: A leader…       │
//!   ✓ What does the follower do?               │ stem, answer, key and reasons
//! ```

use ratatui::text::Line;

use super::review::Explained;
use super::{Cursor, Screen, fixed, pointer, topics};
use crate::app::browse::{Browse, SeenLine};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context};
use crate::app::settings::Minutes;
use crate::core::fill::FEEDBACK;
use crate::core::practice::Drill;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::field::Field;
use crate::tui::widget::question::sign;
use crate::tui::widget::writer::Writer;

/// The longest text to search for, in bytes.
const LONGEST: usize = 200;
/// The rows of one question in the list.
const ROWS: usize = 2;
/// The rows above the list beside the preview.
const ABOVE: usize = 2;
/// The widest list beside the preview.
const WIDEST: usize = 64;

pub struct BrowseScreen {
    field: Field,
    is_typing: bool,
    cursor: Cursor,
    /// The rows of the body when it was drawn last.
    height: usize,
}

impl BrowseScreen {
    /// Opens the screen and requests all questions that the person has seen.
    pub fn open(turn: &mut Turn) {
        turn.model.browse = Browse::default();
        let height = turn.seen.height;
        turn.push(Self {
            field: Field::new("", false, LONGEST),
            is_typing: true,
            cursor: Cursor::default(),
            height,
        });
        find(turn);
    }

    /// Searches for what is in the field.
    fn search(&mut self, turn: &mut Turn) {
        let text = self.field.text();
        if turn.model.browse.query.text != text {
            turn.model.browse.query.text = text.to_owned();
            find(turn);
        }
    }

    /// Leaves the field, or the screen if nothing can be found.
    fn leave_field(&mut self, turn: &mut Turn) {
        self.is_typing = false;
        if has_seen_nothing(&turn.model.browse) {
            turn.pop();
        }
    }

    /// Moves the mark; returns `false` if the action doesn't move it.
    fn moves(&mut self, action: Action, turn: &mut Turn) -> bool {
        let n = turn.model.browse.found.lines.len();
        self.cursor.at = turn.model.browse.marked;
        let page = (self.height / ROWS).saturating_sub(2).max(1);
        match action {
            Action::PageDown => self.cursor.at = (self.cursor.at + page).min(n.saturating_sub(1)),
            Action::PageUp => self.cursor.at = self.cursor.at.saturating_sub(page),
            _ if self.cursor.act(action, n, turn) => {}
            _ => return false,
        }
        if matches!(action, Action::PageDown | Action::PageUp) {
            self.cursor.scroll.follow();
        }
        turn.model.browse.marked = self.cursor.at;
        turn.show_seen();
        true
    }
}

fn find(turn: &mut Turn) {
    let query = turn.model.browse.query.clone();
    turn.effect(Effect::FindSeen(query));
}

fn has_seen_nothing(browse: &Browse) -> bool {
    browse.query.is_all() && browse.found.lines.is_empty()
}

/// Returns the effect that practises the questions that were found; `None` if there are none with a right answer.
fn practise(browse: &Browse) -> Option<Effect> {
    let lines = browse.found.lines.iter().filter(|line| !line.is_open);
    let seconds: u32 = lines.clone().map(|line| line.seconds + FEEDBACK).sum();
    let these: Vec<_> = lines
        .map(|line| (line.deck.clone(), line.question.clone()))
        .collect();
    let minutes = Minutes::default().get().max(seconds.div_ceil(60));
    let drill = Drill::These(these);
    (drill != Drill::These(Vec::new())).then_some(Effect::Practise { drill, minutes })
}

impl Screen for BrowseScreen {
    fn context(&self) -> Context {
        match self.is_typing {
            true => Context::Field,
            false => Context::Browse,
        }
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        match key.code {
            Code::Enter | Code::Down => self.leave_field(turn),
            _ => drop(self.field.press(key)),
        }
        self.cursor.scroll.follow();
        self.search(turn);
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        self.is_typing = true;
        turn.tell_if(self.field.paste(text));
        self.search(turn);
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        self.height = turn.seen.height;
        if !self.is_typing && self.moves(action, turn) {
            return;
        }
        let browse = &mut turn.model.browse;
        match action {
            Action::LeaveField | Action::Enter if self.is_typing => self.leave_field(turn),
            Action::Choose(i) if i < browse.found.lines.len() => {
                let again = browse.marked == i && !self.is_typing;
                (browse.marked, self.is_typing) = (i, false);
                turn.show_seen();
                if again {
                    turn.go(Route::Found);
                }
            }
            Action::Enter if browse.line().is_some() => turn.go(Route::Found),
            Action::Left | Action::Right => {
                browse.query.filter = browse.query.filter.turned(action == Action::Right);
                find(turn);
            }
            Action::SetUp => turn.go(Route::Topics),
            Action::Search => {
                self.is_typing = true;
                self.cursor.scroll.follow();
            }
            Action::Clear => {
                self.field.clear();
                browse.query = Default::default();
                find(turn);
            }
            Action::Practise => match practise(browse) {
                Some(effect) => turn.effect(effect),
                None => turn.tell("there is nothing to practise here"),
            },
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let browse = &model.browse;
        let lines = &browse.found.lines;
        if self.is_typing {
            return matches!(action, Action::Enter | Action::LeaveField);
        }
        match action {
            Action::Enter => !lines.is_empty(),
            Action::Practise => lines.iter().any(|line| !line.is_open),
            Action::PageUp | Action::PageDown => lines.len() > 1,
            Action::Left | Action::Right | Action::SetUp | Action::Search => {
                !has_seen_nothing(browse)
            }
            Action::Clear => !browse.query.is_all(),
            _ => Cursor::works(action, lines.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let browse = &model.browse;
        let mut page = Page {
            left: look.line("Questions you have seen", Role::Title),
            right: look.line(self.how_many(browse), Role::Dim),
            ..Page::default()
        };
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        self.prompt(model, &mut writer);
        match browse.found.lines.is_empty() {
            true => self.nothing(browse, &mut writer),
            false if writer.has_two_columns() => self.beside_preview(model, &mut writer),
            false => self.list(browse, 0..browse.found.lines.len(), &mut writer),
        }
        if self.is_typing {
            page.focus = Some((0, 0));
            page.words = vec![
                (Action::Enter, "to the list"),
                (Action::LeaveField, "leave"),
            ];
        }
        page.footer = match self.is_typing {
            true => vec![Action::Enter, Action::LeaveField],
            false => vec![
                Action::Enter,
                Action::Search,
                Action::Right,
                Action::SetUp,
                Action::Practise,
                Action::Clear,
                Action::Back,
            ],
        };
        page
    }
}

impl BrowseScreen {
    fn how_many(&self, browse: &Browse) -> String {
        let n = browse.found.lines.len();
        match browse.found.has_more {
            true => format!("the newest {n}"),
            false => count(n, "question"),
        }
    }

    /// Draws the text, the kind of answer and the topic that are searched for.
    fn prompt(&self, model: &Model, writer: &mut Writer) {
        let look = writer.look;
        let (back, forth) = (look.theme.mark("◂", "<"), look.theme.mark("▸", ">"));
        let filter = model.browse.query.filter.words();
        let limits = format!("{back} {filter} {forth}   {}", topics::title(model));
        let is_narrow = writer.width < 60;
        let room = match is_narrow {
            true => writer.width.saturating_sub(2),
            false => (writer.width / 2).saturating_sub(2),
        };
        let (rows, (row, column)) = self.field.rows(usize::from(u16::MAX));
        let text = rows.into_iter().next().unwrap_or_default();
        let (text, role) = match text.is_empty() {
            true if !self.is_typing => ("press / to search".to_owned(), Role::Dim),
            _ => (text, Role::Strong),
        };
        let mut spans = vec![
            look.span("/ ", Role::Key),
            look.span(fixed(&text, room), role),
        ];
        if self.is_typing {
            writer.page.cursor = Some((row, 2 + column.min(room)));
        }
        let limits = fixed(&limits, writer.width.saturating_sub(2 + room))
            .trim_end()
            .to_owned();
        if is_narrow {
            writer.page.push(Line::from(spans));
            let limits = format!("{back} {filter} {forth}   {}", topics::title(model));
            let line = fixed(&limits, writer.width).trim_end().to_owned();
            return writer.page.push(look.line(line, Role::Key));
        }
        let blanks = writer
            .width
            .saturating_sub(2 + room + limits.chars().count());
        spans.push(look.span(" ".repeat(blanks), Role::Text));
        spans.push(look.span(limits, Role::Key));
        writer.page.push(Line::from(spans));
        writer.page.blank();
    }

    /// Says why nothing is listed, and what to do.
    fn nothing(&self, browse: &Browse, writer: &mut Writer) {
        let words = match has_seen_nothing(browse) {
            true => {
                "You have not seen any questions yet. Take an assessment or practise first: every question that you have \
                 seen can be found here, with your answer, the key and your notes."
            }
            false => {
                "No question matches. Remove a word, choose another kind of answer with the arrow keys, or press \
                 backspace in the list to see all questions."
            }
        };
        writer.words(words, Role::Dim);
    }

    /// Draws the part of the list that fits the screen, and the marked question beside it.
    fn beside_preview(&self, model: &Model, writer: &mut Writer) {
        let browse = &model.browse;
        let rows = self.height.saturating_sub(ABOVE).max(4 * ROWS);
        let (n, fit) = (browse.found.lines.len(), rows / ROWS);
        let first = browse.marked.saturating_sub(fit / 2);
        let first = first.min(n.saturating_sub(fit));
        let columns = (writer.width * 2 / 5).min(WIDEST);
        writer.two_columns(
            columns,
            |left| self.list(browse, first..n.min(first + fit), left),
            |right| preview(model, rows, right),
        );
    }

    fn list(&self, browse: &Browse, shown: std::ops::Range<usize>, writer: &mut Writer) {
        for i in shown {
            let Some(line) = browse.found.lines.get(i) else {
                return;
            };
            let marked = i == browse.marked && !self.is_typing;
            for row in rows(line, marked, writer) {
                writer
                    .page
                    .choice(row, Action::Choose(i), marked, writer.look);
            }
        }
    }
}

/// Draws a question of the list.
fn rows(line: &SeenLine, marked: bool, writer: &Writer) -> [Line<'static>; ROWS] {
    let (look, width) = (writer.look, writer.width);
    let (mark, role) = sign(line.mark(), look);
    let day = match width {
        50.. => format!("  {}", line.day),
        _ => String::new(),
    };
    let room = width.saturating_sub(4 + day.chars().count());
    let above = Line::from(vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(format!("{mark} "), role),
        look.span(fixed(&line.lead_in.line(), room), Role::Strong),
        look.span(day, Role::Dim),
    ]);
    let words = format!(
        "{} · {}: {}",
        line.words(),
        line.facet.line(),
        line.stem.line()
    );
    let words = words.replace(" · ", look.theme.mark(" · ", " | "));
    let below = fixed(&words, width.saturating_sub(4)).trim_end().to_owned();
    let below = look.line(format!("    {below}"), Role::Dim);
    [above, below]
}

/// Draws the marked question with its answer, cut to this number of rows.
fn preview(model: &Model, rows: usize, writer: &mut Writer) {
    let Some(shown) = model.browse.shown() else {
        return;
    };
    let opened = &shown.opened;
    let explained = Explained {
        session: &opened.session,
        slot: shown.slot,
        outcome: &opened.assessment.outcomes[shown.slot],
        points: &opened.points,
        criterion: None,
    };
    explained.draw_excerpt(&model.home.blueprint, rows, writer);
}
