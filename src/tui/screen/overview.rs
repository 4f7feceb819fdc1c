//! The overview: all questions of the session, and the way to finish it.
//!
//! ```text
//!   Overview  17 of 40 answered, 2 flagged                31:12
//!
//!    1 ●    2 ●⚑   3 ·    4 ●    5 ○ ...  │ 2  Data consistency · Consensus
//!                                          │
//! ▸ Finish the assessment                  │ the question as it is asked, with the answer
//! ```
//!
//! The text of a question that has not been shown yet is never here.

use ratatui::text::{Line, Span};

use super::{Cursor, Screen, fixed, pointer, reads, topic as topic_of};
use crate::app::keymap::{Action, Context};
use crate::core::question::Interaction;
use crate::core::response::Answer;
use crate::session::present::{Asked, Places};
use crate::session::{Mode, Rejected, Session};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Click, Look, Page, Row, Scroll};
use crate::tui::route::Route;
use crate::tui::running::Running;
use crate::tui::screen::question::clock_line;
use crate::tui::theme::Role;
use crate::tui::widget::question::Answering;
use crate::tui::widget::writer::Writer;

/// The columns per question in the grid. Ten questions fill the widest page and are easy to count.
const CELL: usize = 7;
/// The questions per row of the grid.
const GRID: usize = 10;
/// The rows of a screen around the columns: the header, the footer, the blank rows beside them, and the line about the
/// marked question.
const AROUND: usize = 8;
/// The fewest rows of the marked question.
const LEAST: usize = 6;

pub struct OverviewScreen {
    /// The cursor is on a question, or behind the last one on the line that finishes the session.
    cursor: Cursor,
    /// The digits typed so far, to jump to a question by its number.
    typed: String,
}

impl OverviewScreen {
    pub fn new(slot: usize) -> Self {
        Self {
            cursor: Cursor {
                at: slot,
                ..Cursor::default()
            },
            typed: String::new(),
        }
    }

    /// Moves to the next or previous question for which `is_wanted` is true, beginning again at the other end.
    fn jump(&mut self, forward: bool, n: usize, is_wanted: impl Fn(usize) -> bool) -> bool {
        let at = self.cursor.at;
        let found = match forward {
            true => (at + 1..n).chain(0..n).find(|slot| is_wanted(*slot)),
            false => (0..at.min(n))
                .rev()
                .chain((0..n).rev())
                .find(|slot| is_wanted(*slot)),
        };
        self.cursor.at = found.unwrap_or(at);
        found.is_some()
    }

    fn row_down(&self, columns: usize, n: usize) -> usize {
        match self.cursor.at + columns {
            below if below < n => below,
            // From the last row on to the line below it; from the row before, to the last question.
            _ if self.cursor.at / columns == n.saturating_sub(1) / columns => n,
            _ => n.saturating_sub(1),
        }
    }

    fn row_up(&self, columns: usize, n: usize) -> usize {
        match self.cursor.at {
            at if at >= n => n.saturating_sub(1),
            at => at.saturating_sub(columns),
        }
    }
}

/// Returns the mark of a question; text that is not a number has its own mark and does not count as an answer.
fn mark(running: &Running, slot: usize, look: &Look) -> (&'static str, Role) {
    let sheet = running.session().sheet(slot);
    match (&sheet.answer, sheet.shown) {
        _ if running.unreadable.contains_key(&slot) => ("?", Role::Bad),
        _ if is_partial(running.session(), slot) => (look.theme.mark("◐", "~"), Role::Warn),
        (Some(_), _) => (look.theme.mark("●", "x"), Role::Good),
        (None, true) => (look.theme.mark("○", "o"), Role::Warn),
        (None, false) => (look.theme.mark("·", "."), Role::Dim),
    }
}

/// Returns the number of answers that lack some of their options or pairs.
pub fn count_partial(session: &Session) -> usize {
    (0..session.len())
        .filter(|slot| is_partial(session, *slot))
        .count()
}

/// Returns true if an answer lacks some of its options or pairs.
fn is_partial(session: &Session, slot: usize) -> bool {
    let interaction = &session.question(slot).interaction;
    match (&session.sheet(slot).answer, interaction) {
        (Some(Answer::Matched(pairs)), _) => pairs.iter().any(Option::is_none),
        (Some(Answer::Picked(picks)), Interaction::Multiple { select, .. }) => {
            picks.len() < *select
        }
        _ => false,
    }
}

/// Returns true if a question has no complete answer and can still get one.
fn is_open(session: &Session, slot: usize) -> bool {
    let is_answered = session.sheet(slot).answer.is_some() && !is_partial(session, slot);
    !is_answered && !session.is_closed(slot)
}

fn columns(width: usize) -> usize {
    (width / CELL).clamp(1, GRID)
}

/// Goes to a question, unless it is closed.
fn to(slot: usize, turn: &mut Turn) {
    if turn
        .model
        .running
        .as_ref()
        .is_some_and(|running| running.session().is_closed(slot))
    {
        return turn.tell(Rejected::Closed.to_string());
    }
    turn.pop();
    turn.go(Route::Question(slot));
}

impl Screen for OverviewScreen {
    fn context(&self) -> Context {
        Context::Overview
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return turn.home();
        };
        let session = running.session();
        let n = session.len();
        let columns = columns(turn.seen.width);
        if let Action::Digit(digit) = action {
            self.typed.push(char::from(b'0' + digit));
            let number: usize = self.typed.parse().unwrap_or(0);
            if (1..=n).contains(&number) {
                self.cursor.at = number - 1;
            }
            if number * 10 > n || number == 0 {
                self.typed.clear();
            }
            return;
        }
        self.typed.clear();
        match action {
            Action::Left => self.cursor.at = self.cursor.at.saturating_sub(1),
            Action::Right => self.cursor.at = (self.cursor.at + 1).min(n),
            Action::Up => self.cursor.at = self.row_up(columns, n),
            Action::Down => self.cursor.at = self.row_down(columns, n),
            Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
                self.cursor.act(action, n + 1, turn);
            }
            Action::Next | Action::Previous => {
                let found = self.jump(action == Action::Next, n, |slot| is_open(session, slot));
                if !found {
                    self.cursor.at = n;
                    turn.tell("every question is answered");
                }
            }
            Action::Flag => {
                let found = self.jump(true, n, |slot| session.sheet(slot).flagged);
                if !found {
                    turn.tell("no question is flagged");
                }
            }
            Action::Enter if self.cursor.at >= n => turn.go(Route::Finish),
            Action::Enter => to(self.cursor.at, turn),
            Action::Choose(slot) if slot < n => to(slot, turn),
            Action::Finish => {
                turn.go(Route::Finish);
            }
            Action::Back => turn.pop(),
            Action::Leave => {
                turn.go(Route::Leave);
            }
            _ => {}
        }
        self.cursor.scroll.follow();
    }

    fn has_long_lines(&self) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(running) = &model.running else {
            return false;
        };
        let session = running.session();
        match action {
            Action::Next | Action::Previous => {
                (0..session.len()).any(|slot| is_open(session, slot))
            }
            Action::Flag => session.flagged() > 0,
            Action::Enter
            | Action::Finish
            | Action::Left
            | Action::Right
            | Action::Up
            | Action::Down
            | Action::Top
            | Action::Bottom
            | Action::Digit(_) => true,
            _ => reads(action, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Overview", Role::Title),
            ..Page::default()
        };
        let Some(running) = &model.running else {
            return page;
        };
        let session = running.session();
        page.right = clock_line(running, look, width);
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        writer.page.push(legend(running, look, width));
        if let Some(words) = unreadable(running) {
            let words = fixed(&words, width);
            writer.page.push(look.line(words, Role::Bad));
        }
        if let n @ 1.. = session.without_reason().len() {
            let words = format!("{n} answered without a reason: open one and press i");
            let words = fixed(&words, width);
            writer.page.push(look.line(words, Role::Warn));
        }
        writer.page.blank();
        if writer.has_two_columns() {
            let rows = usize::from(look.height)
                .saturating_sub(writer.page.body.len() + AROUND)
                .max(LEAST);
            writer.two_columns(
                GRID * CELL,
                |left| {
                    self.grid(running, left);
                    left.page.blank();
                    self.finish(session, left);
                },
                |right| self.marked(running, model, rows, right),
            );
        } else {
            self.grid(running, &mut writer);
            writer.page.blank();
            let line = look.line(fixed(&self.line(session), width), Role::Dim);
            writer.page.push(line);
            writer.page.blank();
            self.finish(session, &mut writer);
        }
        let ends = self.cursor.at >= session.len();
        page.words = vec![(Action::Enter, if ends { "finish" } else { "open" })];
        page.footer = vec![
            Action::Enter,
            Action::Next,
            Action::Flag,
            Action::Finish,
            Action::Back,
        ];
        page.footer
            .retain(|action| !(ends && *action == Action::Finish));
        page
    }
}

impl OverviewScreen {
    /// Draws the marks of all questions.
    fn grid(&self, running: &Running, writer: &mut Writer) {
        let n = running.session().len();
        let per_row = columns(writer.width);
        for row in 0..n.div_ceil(per_row) {
            let slots = row * per_row..((row + 1) * per_row).min(n);
            let clicks = slots.clone().map(|slot| Click {
                from: slot % per_row * CELL,
                width: CELL,
                action: Action::Choose(slot),
            });
            let spans = slots
                .clone()
                .flat_map(|slot| cell(running, slot, slot == self.cursor.at, writer.look));
            if slots.contains(&self.cursor.at) {
                let at = writer.page.body.len();
                writer.page.focus = Some((at, at));
            }
            writer.page.body.push(Row {
                line: Line::from(spans.collect::<Vec<_>>()),
                clicks: clicks.collect(),
                fill: None,
            });
        }
    }

    /// Draws the line that finishes the session.
    fn finish(&self, session: &Session, writer: &mut Writer) {
        let (look, ends) = (writer.look, self.cursor.at >= session.len());
        let finish = match session.mode {
            Mode::Practise => "Finish practice",
            Mode::Homework => "Finish the homework",
            _ => "Finish the assessment",
        };
        let line = Line::from(vec![
            look.span(pointer(ends, look), Role::Key),
            look.span(finish, Role::Strong),
        ]);
        writer.page.choice(line, Action::Finish, ends, look);
    }

    /// Returns the marked question in one line, if it has been shown.
    fn line(&self, session: &Session) -> String {
        let slot = self.cursor.at;
        match session.sheets().get(slot) {
            Some(sheet) if sheet.shown => {
                let (question, item) = (session.question(slot), session.item(slot));
                let lead_in = question.fill(&question.lead_in, item.row).line();
                format!("{}  {lead_in}", slot + 1)
            }
            Some(_) => format!("{}  not seen yet", slot + 1),
            None => String::new(),
        }
    }

    /// Draws the marked question with its answer, if it has been shown; on the last line, what is still open.
    fn marked(&self, running: &Running, model: &Model, rows: usize, writer: &mut Writer) {
        let (session, slot) = (running.session(), self.cursor.at);
        match session.sheets().get(slot) {
            None => return open_questions(session, writer),
            Some(sheet) if !sheet.shown => return writer.words(&self.line(session), Role::Dim),
            Some(_) => {}
        }
        let item = session.item(slot);
        let topic = model.home.blueprint.facet(&item.facet);
        let room = writer.width.saturating_sub(4);
        let topic = topic.and_then(|(whole, part)| topic_of(&whole.title, &part.title, room));
        let line = Line::from(vec![
            writer.look.span(format!("{}  ", slot + 1), Role::Strong),
            writer.look.span(topic.unwrap_or_default(), Role::Dim),
        ]);
        writer.page.push(line);
        writer.page.blank();
        let given = session.sheet(slot).answer.as_ref();
        let given = given.map(|answer| Places::of(answer, item));
        let answering = Answering {
            given: given.as_ref(),
            ..Answering::default()
        };
        writer.excerpt(rows, "Enter shows all of it.", |writer| {
            writer.question(&Asked::of(session.question(slot), item), &answering);
        });
    }
}

/// Lists the questions that can still be answered, and those that are flagged.
fn open_questions(session: &Session, writer: &mut Writer) {
    let numbers = |is: &dyn Fn(usize) -> bool| {
        let numbers: Vec<usize> = (1..=session.len()).filter(|n| is(n - 1)).collect();
        let runs = numbers.chunk_by(|one, next| one + 1 == *next);
        let words = runs.map(|run| match run {
            [first, .., last] if run.len() > 2 => format!("{first} to {last}"),
            run => run
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        });
        words.collect::<Vec<_>>().join(", ")
    };
    let open = numbers(&|slot| is_open(session, slot));
    let flagged = numbers(&|slot| session.sheet(slot).flagged);
    if open.is_empty() {
        writer.words("Every question is answered.", Role::Text);
    } else {
        writer.labelled("Unanswered:", &open, Role::Text);
    }
    if !flagged.is_empty() {
        writer.labelled("Flagged:   ", &flagged, Role::Text);
    }
}

fn cell(running: &Running, slot: usize, marked: bool, look: &Look) -> Vec<Span<'static>> {
    let sheet = running.session().sheet(slot);
    let (sign, role) = mark(running, slot, look);
    let flag = if sheet.flagged {
        look.theme.mark("⚑", "!")
    } else {
        " "
    };
    let number = format!("{:>4} ", slot + 1);
    if marked {
        let style = look.theme.style(Role::Cursor);
        return vec![Span::styled(format!("{number}{sign}{flag}"), style)];
    }
    vec![
        look.span(number, Role::Text),
        look.span(sign, role),
        look.span(flag, Role::Warn),
    ]
}

/// Explains the mark of questions whose text is not a number; `None` if there are none.
fn unreadable(running: &Running) -> Option<String> {
    match running.unreadable.len() {
        0 => None,
        n => Some(format!(
            "? {n} unanswered: the text in the field is not a number"
        )),
    }
}

fn legend(running: &Running, look: &Look, width: usize) -> Line<'static> {
    let session = running.session();
    let sheets = session.sheets().iter().enumerate();
    let open = sheets
        .filter(|(slot, sheet)| sheet.answer.is_none() && !running.unreadable.contains_key(slot));
    let (shown, rest): (Vec<_>, Vec<_>) = open.partition(|(_, sheet)| sheet.shown);
    let (shown, rest) = (shown.len(), rest.len());
    let partial = count_partial(session);
    // In practice, a question only appears here after it was asked.
    let none = if session.mode.reveals() {
        "unanswered"
    } else {
        "seen, unanswered"
    };
    let parts = [
        (
            look.theme.mark("●", "x"),
            Role::Good,
            session.answered() - partial,
            "answered",
        ),
        (look.theme.mark("◐", "~"), Role::Warn, partial, "partly"),
        (look.theme.mark("○", "o"), Role::Warn, shown, none),
        (look.theme.mark("·", "."), Role::Dim, rest, "not seen"),
        (
            look.theme.mark("⚑", "!"),
            Role::Warn,
            session.flagged(),
            "flagged",
        ),
    ];
    let parts = parts
        .into_iter()
        .filter(|(.., words)| !(session.mode.reveals() && *words == "not seen"))
        .filter(|(.., n, words)| !(*n == 0 && *words == "partly"));
    let mut spans = Vec::new();
    for (sign, role, n, words) in parts {
        spans.push(look.span(sign, role));
        let words = if width >= 60 {
            format!(" {n} {words}   ")
        } else {
            format!(" {n}  ")
        };
        spans.push(look.span(words, Role::Text));
    }
    Line::from(spans)
}
