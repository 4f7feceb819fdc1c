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

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::theme::{Role, Theme};
use super::widget::prose;
use crate::app::key::Key;
use crate::app::keymap::{Action, Context, Keymap};

/// The widest text column.
const COLUMN: u16 = 80;
/// The screen width from which a question with a figure or a listing is drawn in two columns.
const TWO_COLUMNS: u16 = 120;
/// The widest pair of columns: a figure, a gap, and a text column.
const PAIR: u16 = 156;
/// The smallest supported screen; nothing useful fits below this size.
const SMALLEST: (u16, u16) = (24, 6);

/// The appearance and the key map, shared by all screens.
pub struct Look {
    pub theme: Theme,
    pub keymap: Keymap,
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

/// The content of a screen, for a column of the requested width.
#[derive(Default)]
pub struct Page {
    pub left: Line<'static>,
    pub right: Line<'static>,
    pub body: Vec<Row>,
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

/// The scroll position of a screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scroll {
    pub offset: usize,
    /// True after scrolling by hand, when the marked row may be out of view.
    pub free: bool,
}

impl Scroll {
    /// The end of the page, however long it becomes.
    pub const END: Self = Self {
        offset: usize::MAX,
        free: true,
    };

    pub fn by_page(&mut self, seen: &Rendered, down: bool) {
        let step = seen.height.saturating_sub(2).max(1);
        self.by(seen, step, down);
    }

    pub fn by(&mut self, seen: &Rendered, rows: usize, down: bool) {
        let from = seen.offset;
        self.offset = if down {
            (from + rows).min(seen.last_offset)
        } else {
            from.saturating_sub(rows)
        };
        self.free = true;
    }

    /// Scrolls a few rows, for an arrow key when nothing can be marked yet.
    pub fn towards(&mut self, seen: &Rendered, down: bool) {
        self.by(seen, 3, down);
    }

    /// Scrolls a page without marked rows; returns `false` if the action doesn't scroll.
    pub fn act(&mut self, action: Action, seen: &Rendered) -> bool {
        match action {
            Action::Up | Action::Down => self.towards(seen, action == Action::Down),
            _ => return self.leap(action, seen),
        }
        true
    }

    /// Scrolls by a page, or to an end of the text; returns `false` if the action does neither.
    pub fn leap(&mut self, action: Action, seen: &Rendered) -> bool {
        match action {
            Action::PageUp | Action::PageDown => self.by_page(seen, action == Action::PageDown),
            Action::Top => {
                *self = Self {
                    offset: 0,
                    free: true,
                }
            }
            Action::Bottom => {
                *self = Self {
                    offset: seen.last_offset,
                    free: true,
                }
            }
            _ => return false,
        }
        true
    }

    pub fn follow(&mut self) {
        self.free = false;
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

/// Returns the first column of every page on a screen of this size, so that no page begins elsewhere than the last one.
fn left_edge(area: Rect) -> u16 {
    area.x + (area.width - column(area, true)) / 2
}

pub fn draw(
    frame: &mut Frame,
    mut page: Page,
    look: &Look,
    context: Context,
    scroll: Scroll,
) -> Rendered {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let line = Line::from("enlarge the window");
        put(
            frame,
            Rect {
                height: area.height.min(1),
                ..area
            },
            line,
            Style::new(),
        );
        return Rendered::default();
    }
    let width = column(area, page.is_pair);
    let x = left_edge(area);
    let airy = u16::from(area.height >= 16);
    let row = |y: u16| Rect {
        x,
        y: area.y + y,
        width,
        height: 1,
    };
    header(frame, row(airy), &page, look);

    let footer_y = area.height - 1 - airy / 2;
    let mut status = status(&page, usize::from(width));
    status.truncate(if area.height >= 12 { 3 } else { 2 });
    let status_y = footer_y - status.len().max(1) as u16;
    let top = 1 + 2 * airy;
    let body = Rect {
        x,
        y: area.y + top,
        width,
        height: status_y - top,
    };
    let mut seen = place(&page, scroll, body);
    if seen.last_offset == 0 {
        page.footer.retain(|action| *action != Action::PageDown);
    }
    let more = seen.offset < seen.last_offset && reads_on(context);
    if more && !page.footer.contains(&Action::PageDown) {
        // What is below would be missed, so its key comes early.
        let at = usize::from(context != Context::Question).min(page.footer.len());
        page.footer.insert(at, Action::PageDown);
    }
    let end = seen.offset + seen.height;
    // Once the person has scrolled to the answers, they know where they are.
    let answers = page
        .answers
        .filter(|(first, last)| *last >= end && *first > seen.offset);
    let below = answers.map(|(first, _)| first);
    let key_to_options = match context {
        Context::Question => Action::LeaveField,
        _ => Action::PageDown,
    };
    if below.is_some() && context == Context::Question {
        page.words.push((Action::LeaveField, "options"));
        page.footer.retain(|action| *action != Action::LeaveField);
        page.footer.insert(0, Action::LeaveField);
        seen.options_below = below;
    }
    if status.is_empty() && below.is_some() {
        let key = look.keymap.hint(context, key_to_options, page.letters);
        let words = match key {
            Some((key, _)) if below.is_some_and(|first| first < end) => {
                format!("More answers are further down: {key}")
            }
            Some((key, _)) => format!("The answers are further down: {key}"),
            None => "The answer is further down: type to see it".to_owned(),
        };
        status.push(look.line(words, Role::Warn));
    }
    seen.clicks = footer(frame, row(footer_y), &page, look, context);
    for (y, line) in (status_y..).zip(status) {
        put(frame, row(y), line, Style::new());
    }
    if let Some((row, column)) = page.cursor
        && (seen.offset..seen.offset + seen.height).contains(&row)
    {
        let x = (body.x + column as u16).min(body.right() - 1);
        frame.set_cursor_position((x, body.y + (row - seen.offset) as u16));
    }
    let rows = page.body.len();
    draw_rows(frame, body, page.body, &mut seen);
    scroll_marks(frame, body, look, seen.offset, rows);
    if look.theme.ascii {
        in_ascii(frame.buffer_mut());
    }
    seen
}

/// Returns the wrapped status line.
fn status(page: &Page, width: usize) -> Vec<Line<'static>> {
    let status = page.status.clone();
    status
        .map(|status| wrapped(status, width))
        .unwrap_or_default()
}

/// Returns true where a text is read to its end and the footer names the key for what is below.
fn reads_on(context: Context) -> bool {
    matches!(
        context,
        Context::Question | Context::Feedback | Context::Review
    )
}

/// Returns which part of the page is visible in this area.
fn place(page: &Page, scroll: Scroll, body: Rect) -> Rendered {
    let mut seen = Rendered {
        height: usize::from(body.height),
        width: usize::from(body.width),
        ..Rendered::default()
    };
    seen.last_offset = page.body.len().saturating_sub(seen.height);
    seen.offset = match page.read {
        Some(read) if !scroll.free => seen.last_offset * read.min(1000) / 1000,
        _ => offset(scroll, page.focus, &seen),
    };
    seen.focus_hidden = page
        .focus
        .is_some_and(|(first, last)| first < seen.offset || last >= seen.offset + seen.height);
    seen
}

/// Draws the visible rows of a page and records their clickable parts.
fn draw_rows(frame: &mut Frame, body: Rect, rows: Vec<Row>, seen: &mut Rendered) {
    for (y, line) in rows
        .into_iter()
        .skip(seen.offset)
        .take(seen.height)
        .enumerate()
    {
        let place = Rect {
            y: body.y + y as u16,
            height: 1,
            ..body
        };
        put(frame, place, line.line, line.fill.unwrap_or_default());
        seen.clicks.extend(line.clicks.into_iter().map(|click| {
            let from = click.from.min(usize::from(place.width)) as u16;
            let width = click.width.min(usize::from(place.width - from)) as u16;
            (
                Rect {
                    x: place.x + from,
                    width,
                    ..place
                },
                click.action,
            )
        }));
    }
}

/// Replaces the remaining non-ASCII characters if the locale is not UTF-8.
fn in_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().is_ascii() {
            continue;
        }
        let plain = match cell.symbol() {
            "·" | "…" => ".",
            "×" => "x",
            "–" | "—" | "−" => "-",
            "“" | "”" => "\"",
            "‘" | "’" => "'",
            "↑" => "^",
            "→" => ">",
            "←" => "<",
            "µ" => "u",
            _ => "?",
        };
        cell.set_symbol(plain);
    }
}

/// Wraps a line that is too long.
fn wrapped(line: Line<'static>, width: usize) -> Vec<Line<'static>> {
    let style = line.spans.first().map(|s| s.style).unwrap_or_default();
    let lines = prose::wrap(&line.to_string(), width, 0);
    lines
        .into_iter()
        .map(|text| Line::from(Span::styled(text, style)))
        .collect()
}

/// Returns the scroll offset that keeps the marked rows visible, unless the person scrolled away.
fn offset(scroll: Scroll, focus: Option<(usize, usize)>, seen: &Rendered) -> usize {
    let offset = scroll.offset.min(seen.last_offset);
    match focus {
        Some((first, last)) if !scroll.free => {
            let lowest = (last + 2).saturating_sub(seen.height).min(first);
            offset
                .max(lowest)
                .min(first.saturating_sub(usize::from(first > 0)))
                .min(seen.last_offset)
        }
        _ => offset,
    }
}

fn scroll_marks(frame: &mut Frame, body: Rect, look: &Look, offset: usize, rows: usize) {
    let x = (body.right() + 1).min(frame.area().right() - 1);
    let style = look.theme.style(Role::Key);
    let mark = |y, text| {
        (
            Rect {
                x,
                y,
                width: 1,
                height: 1,
            },
            Line::from(Span::styled(text, style)),
        )
    };
    if offset > 0 && body.height > 0 {
        let (area, line) = mark(body.y, look.theme.mark("▲", "^"));
        put(frame, area, line, Style::new());
    }
    if offset + usize::from(body.height) < rows && body.height > 0 {
        let (area, line) = mark(body.bottom() - 1, look.theme.mark("▼", "v"));
        put(frame, area, line, Style::new());
    }
}

fn header(frame: &mut Frame, area: Rect, page: &Page, look: &Look) {
    let right = (page.right.width() as u16).min(area.width);
    let left = Rect {
        width: area.width.saturating_sub(right + u16::from(right > 0)),
        ..area
    };
    put(frame, left, page.left.clone(), look.theme.style(Role::Text));
    put(
        frame,
        Rect {
            x: area.right() - right,
            width: right,
            ..area
        },
        page.right.clone(),
        Style::new(),
    );
}

/// Draws as many hints as fit; the help hint comes last and is always shown.
fn footer(
    frame: &mut Frame,
    area: Rect,
    page: &Page,
    look: &Look,
    context: Context,
) -> Vec<(Rect, Action)> {
    let hint = |action: Action| {
        let said = page
            .words
            .iter()
            .find(|(of, _)| *of == action)
            .map(|(_, word)| *word);
        let named = |(key, word): (Key, _)| {
            (
                action,
                ascii_key(&key.to_string(), &look.theme),
                said.unwrap_or(word),
            )
        };
        look.keymap.hint(context, action, page.letters).map(named)
    };
    let mut hints: Vec<(Action, String, &str)> = page
        .footer
        .iter()
        .filter_map(|action| hint(*action))
        .collect();
    if page.letters > 1 {
        let last = char::from(b'a' + page.letters.min(26) as u8 - 1);
        // The letters of steps put them in order.
        let word = match page.footer.contains(&Action::MoveDown) {
            true => "order",
            false => "choose",
        };
        hints.insert(0, (Action::Help, format!("a-{last}"), word));
    }
    if let Some((last, word)) = page.digits {
        hints.insert(0, (Action::Help, format!("1-{last}"), word));
    }
    // In a text field, every character is text.
    let help = if context == Context::Field {
        None
    } else {
        hint(Action::Help)
    };
    let wide = |(_, key, word): &(Action, String, &str)| key.width() + 1 + word.width() + 3;
    let reserved = help.as_ref().map_or(0, |h| wide(h) - 3);
    let mut room = usize::from(area.width).saturating_sub(reserved);
    hints.retain(|hint| {
        let fits = wide(hint) <= room;
        room = if fits { room - wide(hint) } else { 0 };
        fits
    });
    hints.extend(help);

    let mut clicks = Vec::new();
    let mut spans = Vec::new();
    let mut x = area.x;
    for (i, (action, key, word)) in hints.iter().enumerate() {
        if i > 0 {
            spans.push(look.span(look.theme.mark(" · ", " | "), Role::Dim));
            x += 3;
        }
        let width = (key.width() + 1 + word.width()) as u16;
        clicks.push((
            Rect {
                x,
                width: width.min(area.right().saturating_sub(x)),
                ..area
            },
            *action,
        ));
        x = x.saturating_add(width);
        spans.push(look.span(key.clone(), Role::Key));
        spans.push(look.span(format!(" {word}"), Role::Dim));
    }
    put(frame, area, Line::from(spans), Style::new());
    clicks
}

/// Returns the name of a key if arrows cannot be drawn.
pub fn ascii_key(key: &str, theme: &Theme) -> String {
    let plain = match key {
        "↵" => "enter",
        "↑" => "up",
        "↓" => "down",
        "←" => "left",
        "→" => "right",
        key => key,
    };
    if theme.ascii {
        plain.to_owned()
    } else {
        key.to_owned()
    }
}

/// Draws a line, cut to its area and to the screen. A line that is cut ends in an ellipsis.
fn put(frame: &mut Frame, area: Rect, line: Line<'static>, fill: Style) {
    let area = area.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    frame.buffer_mut().set_style(area, fill);
    let is_cut = line.to_string().trim_end().width() > usize::from(area.width);
    frame.render_widget(line, area);
    if is_cut {
        let buffer = frame.buffer_mut();
        let last = area.right() - 1;
        if last > area.x && buffer[(last - 1, area.y)].symbol().width() > 1 {
            // A wide character would cover the ellipsis.
            buffer[(last - 1, area.y)].set_symbol(" ");
        }
        buffer[(last, area.y)].set_symbol("…");
    }
}
