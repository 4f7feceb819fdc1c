//! The layout of every screen: a header line, a body that scrolls, a status line, and a footer with the active keys.
//!
//! ```text
//!   Assess  ▰▰▰▰▱▱▱▱ 17/40  data consistency        31:12     header
//!
//!   body, at most 80 columns or two columns, scrolls                       ▲
//!                                                           ▼  more below
//!   half of the time left                                      status
//!   a-d choose · x strike · n next · ? keys                    footer
//! ```

mod draw;
mod footer;
mod scroll;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::{Role, Theme};
use crate::app::keymap::{Action, Context, Keymap};

pub use draw::draw;
pub use footer::ascii_key;
pub use scroll::Scroll;

/// The widest text column.
const COLUMN: u16 = 80;
/// The screen width from which a question with a figure or a listing is drawn in two columns.
const TWO_COLUMNS: u16 = 120;
/// The widest pair of columns: a figure, a gap, and a text column.
const PAIR: u16 = 156;

/// The appearance and the key map, shared by all screens.
pub struct Look {
    pub theme: Theme,
    pub keymap: Keymap,
    /// The rows of the screen; 0 before the first frame.
    pub height: u16,
}

impl Look {
    pub fn span(&self, text: impl Into<String>, role: Role) -> Span<'static> {
        Span::styled(text.into(), self.theme.style(role))
    }

    pub fn line(&self, text: impl Into<String>, role: Role) -> Line<'static> {
        Line::from(self.span(text, role))
    }
}

/// A row of the body, with its clickable parts.
#[derive(Default)]
pub struct Row {
    pub line: Line<'static>,
    pub clicks: Vec<Click>,
    /// The style of the full width, for the marked row.
    pub fill: Option<Style>,
}

/// A clickable part of a row.
pub struct Click {
    pub from: usize,
    pub width: usize,
    pub action: Action,
}

impl Click {
    pub fn anywhere(action: Action) -> Self {
        Self {
            from: 0,
            width: usize::from(u16::MAX),
            action,
        }
    }
}

impl From<Line<'static>> for Row {
    fn from(line: Line<'static>) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }
}

/// The left one of two columns, which keeps its place on the screen while the right one scrolls, if it fits.
pub struct LeftColumn {
    /// The first row of the body with the two columns, and their number of rows.
    pub first: usize,
    pub rows: usize,
    pub width: usize,
    pub lines: Vec<Line<'static>>,
}

/// The content of a screen, for a column of the requested width.
#[derive(Default)]
pub struct Page {
    pub left: Line<'static>,
    pub right: Line<'static>,
    pub body: Vec<Row>,
    /// What the people in the room are to do; it is above the status and never scrolls away.
    pub instruction: Option<Line<'static>>,
    /// The column of the body that stays when the body scrolls; its rows contain it too.
    pub left_column: Option<LeftColumn>,
    pub status: Option<Line<'static>>,
    pub footer: Vec<Action>,
    /// The number of letters that select something here.
    pub letters: usize,
    /// The highest of the digits that work, and their label, if the footer has to show it.
    pub digits: Option<(usize, &'static str)>,
    /// Labels that replace those of the key map, for keys such as the next step.
    pub words: Vec<(Action, &'static str)>,
    /// The rows of the body that must be visible.
    pub focus: Option<(usize, usize)>,
    /// The scroll position in thousandths of the maximum, unless the person scrolls here.
    pub read: Option<usize>,
    /// The position of the text cursor: row of the body and column.
    pub cursor: Option<(usize, usize)>,
    /// The first and the last row of the body with something to choose or to type as an answer.
    pub answers: Option<(usize, usize)>,
    /// True if the page is wider than a text column where there is room.
    pub is_pair: bool,
    /// The width in columns of the widest figure that was written as sentences because it didn't fit; 0 if all figures fit.
    pub figure_width: usize,
}

impl Page {
    pub fn push(&mut self, line: impl Into<Line<'static>>) {
        self.body.push(Row::from(line.into()));
    }

    pub fn blank(&mut self) {
        self.push(Line::default());
    }

    /// Adds a selectable row; the marked one is filled and kept visible.
    pub fn choice(
        &mut self,
        line: impl Into<Line<'static>>,
        click: Action,
        marked: bool,
        look: &Look,
    ) {
        let fill = marked.then(|| look.theme.style(Role::Cursor));
        if marked {
            let row = self.body.len();
            self.focus = Some((self.focus.map_or(row, |(first, _)| first), row));
        }
        self.body.push(Row {
            line: line.into(),
            clicks: vec![Click::anywhere(click)],
            fill,
        });
    }
}

/// The state of the last drawn frame, for the next input to refer to.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    clicks: Vec<(Rect, Action)>,
    pub offset: usize,
    pub last_offset: usize,
    pub height: usize,
    /// The width of the text column.
    pub width: usize,
    /// True if the marked row is out of view after scrolling.
    pub focus_hidden: bool,
    /// The row of the body at which the options begin, if they are below the screen.
    pub options_below: Option<usize>,
}

impl Rendered {
    /// Returns true if something on the screen performs this action when clicked.
    pub fn shows(&self, action: Action) -> bool {
        self.clicks
            .iter()
            .any(|(area, of)| *of == action && !area.is_empty())
    }

    pub fn click(&self, column: u16, row: u16) -> Option<Action> {
        self.clicks
            .iter()
            .find(|(area, _)| area.contains(Position { x: column, y: row }))
            .map(|(_, action)| *action)
    }
}

/// Returns the width of a page on a screen of this size; `is_pair` if the page may have two columns or long lines.
pub fn column(area: Rect, is_pair: bool) -> u16 {
    // On a narrow screen, the last column is left to the scroll marks.
    let beside = if area.width >= 60 { 4 } else { 1 };
    let widest = if is_pair && area.width >= TWO_COLUMNS {
        PAIR
    } else {
        COLUMN
    };
    widest.min(area.width.saturating_sub(beside))
}

/// Returns the first column of a page on a screen of this size. A page with one column is centred. Questions and what opens
/// above them begin where those with two columns do, so that the text stays in place from one to the next.
fn left_edge(area: Rect, is_pair: bool, context: Context) -> u16 {
    let keeps_place = matches!(
        context,
        Context::Anywhere
            | Context::Question
            | Context::Feedback
            | Context::Review
            | Context::Field
            | Context::Overview
            | Context::Pause
            | Context::Dialog
            | Context::Mentor
            | Context::Joined
    );
    area.x + (area.width - column(area, is_pair || keeps_place)) / 2
}
