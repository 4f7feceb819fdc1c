//! Drawing a page: where its parts are on a screen, and which rows are visible.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use unicode_width::UnicodeWidthStr;

use super::{LeftColumn, Look, Page, Rendered, Row, Scroll, column, footer, left_edge};
use crate::app::keymap::{Action, Context};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The smallest supported screen; nothing useful fits below this size.
const SMALLEST: (u16, u16) = (24, 6);

/// The width of a page below which the footer has room for three keys.
const NARROW: usize = 60;

/// The areas of the parts of a page.
struct Areas {
    header: Rect,
    body: Rect,
    status: Rect,
    footer: Rect,
}

impl Areas {
    /// Divides the screen into its areas; the status line takes `status` rows.
    fn of(screen: Rect, is_pair: bool, context: Context, status: usize) -> Self {
        let airy = u16::from(screen.height >= 16);
        let rows = |y: u16, height: u16| Rect {
            x: left_edge(screen, is_pair, context),
            y: screen.y + y,
            width: column(screen, is_pair),
            height,
        };
        let footer = screen.height - 1 - airy / 2;
        let height = status.max(1) as u16;
        let top = 1 + 2 * airy;
        Self {
            header: rows(airy, 1),
            body: rows(top, footer - height - top),
            status: rows(footer - height, height),
            footer: rows(footer, 1),
        }
    }
}

/// Draws a page and returns what the next input may refer to.
pub fn draw(
    frame: &mut Frame,
    mut page: Page,
    look: &Look,
    context: Context,
    scroll: Scroll,
) -> Rendered {
    let screen = frame.area();
    if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
        let height = screen.height.min(1);
        let line = Line::from("enlarge the window");
        put(frame, Rect { height, ..screen }, line, Style::new());
        return Rendered::default();
    }
    let mut status = status(&page, usize::from(column(screen, page.is_pair)));
    status.truncate(if screen.height >= 12 { 3 } else { 2 });
    let areas = Areas::of(screen, page.is_pair, context, status.len());
    header(frame, areas.header, &page, look);

    let mut seen = place(&page, scroll, areas.body);
    offer_scrolling(&mut page, &seen, context);
    let words = point_to_answers(&mut page, &mut seen, look, context);
    if status.is_empty() {
        status.extend(words.map(|words| look.line(words, Role::Warn)));
    }
    seen.clicks = footer::draw(frame, areas.footer, &page, look, context);
    for (row, line) in areas.status.rows().zip(status) {
        put(frame, row, line, Style::new());
    }
    set_cursor(frame, areas.body, &page, &seen);
    let rows = page.body.len();
    draw_rows(frame, areas.body, page.body, &mut seen);
    if let Some(left) = page.left_column {
        hold(frame, areas.body, left, seen.offset);
    }
    scroll_marks(frame, areas.body, look, seen.offset, rows);
    if look.theme.ascii {
        in_ascii(frame.buffer_mut());
    }
    seen
}

/// Adds the key that scrolls to the footer of a text with more below, and removes it if there is nothing to scroll.
fn offer_scrolling(page: &mut Page, seen: &Rendered, context: Context) {
    if seen.last_offset == 0 {
        page.footer.retain(|action| *action != Action::PageDown);
    }
    let more = seen.offset < seen.last_offset && reads_on(context);
    if more && !page.footer.contains(&Action::PageDown) {
        // What is below would be missed, so its key comes early.
        let at = usize::from(context != Context::Question).min(page.footer.len());
        page.footer.insert(at, Action::PageDown);
    }
}

/// Adds the key that leads to answers below the screen to the footer, and returns a sentence about them.
fn point_to_answers(
    page: &mut Page,
    seen: &mut Rendered,
    look: &Look,
    context: Context,
) -> Option<String> {
    let end = seen.offset + seen.height;
    // Once the person has scrolled to the answers, they know where they are.
    let answers = page.answers;
    let (first, _) = answers.filter(|(first, last)| *last >= end && *first > seen.offset)?;
    let mut leads_there = Action::PageDown;
    if context == Context::Question {
        leads_there = Action::LeaveField;
        page.words.push((leads_there, "options"));
        page.footer.retain(|action| *action != leads_there);
        // Where the footer has no room for both keys, the status names this one.
        let is_named = seen.width < NARROW && page.status.is_none();
        page.footer
            .insert(usize::from(is_named).min(page.footer.len()), leads_there);
        seen.options_below = Some(first);
    }
    Some(match look.keymap.hint(context, leads_there, page.letters) {
        Some((key, _)) if first < end => format!("More answers are further down: {key}"),
        Some((key, _)) => format!("The answers are further down: {key}"),
        None => "The answer is below: type to see it".to_owned(),
    })
}

/// Shows the text cursor of a field, unless it is out of view.
fn set_cursor(frame: &mut Frame, body: Rect, page: &Page, seen: &Rendered) {
    if let Some((row, column)) = page.cursor
        && (seen.offset..seen.offset + seen.height).contains(&row)
    {
        let x = (body.x + column as u16).min(body.right() - 1);
        frame.set_cursor_position((x, body.y + (row - seen.offset) as u16));
    }
}

/// Returns the wrapped instruction and status line.
fn status(page: &Page, width: usize) -> Vec<Line<'static>> {
    let lines = [&page.instruction, &page.status].into_iter().flatten();
    lines
        .flat_map(|line| wrapped(line.clone(), width))
        .collect()
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

/// Draws the left column of a page that is scrolled by `offset` rows: as near to the top as it can be.
fn hold(frame: &mut Frame, body: Rect, left: LeftColumn, offset: usize) {
    let count = left.lines.len();
    if offset <= left.first || count > usize::from(body.height) {
        return;
    }
    let end = (left.first + left.rows).saturating_sub(offset);
    let hidden = count.saturating_sub(end);
    let width = (left.width as u16).min(body.width);
    let mut lines = left.lines.into_iter().skip(hidden);
    for y in (0..body.height).take(end) {
        let area = Rect {
            y: body.y + y,
            height: 1,
            width,
            ..body
        };
        frame.render_widget(Clear, area);
        if let Some(line) = lines.next() {
            put(frame, area, line, Style::new());
        }
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

/// Marks that there is more above or below.
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

/// Draws the header line.
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

/// Draws a line, cut to its area and to the screen. A line that is cut ends in an ellipsis.
pub(super) fn put(frame: &mut Frame, area: Rect, line: Line<'static>, fill: Style) {
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

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    /// Draws a left column of `count` rows beside 30 rows, scrolled by `offset` rows, on a screen of 8 rows.
    fn screen(count: usize, offset: usize) -> Vec<String> {
        let row = |n: usize| {
            let left = if n < count {
                format!("L{n}")
            } else {
                String::new()
            };
            Row::from(Line::from(format!("{left:<6}R{n}")))
        };
        let left = LeftColumn {
            first: 0,
            rows: 30,
            width: 6,
            lines: (0..count).map(|n| Line::from(format!("L{n}"))).collect(),
        };
        let mut seen = Rendered {
            offset,
            height: 8,
            ..Rendered::default()
        };
        let mut terminal = Terminal::new(TestBackend::new(12, 8)).unwrap();
        let draw = |frame: &mut Frame| {
            let body = frame.area();
            draw_rows(frame, body, (0..30).map(row).collect(), &mut seen);
            hold(frame, body, left, offset);
        };
        terminal.draw(draw).unwrap();
        let cells = &terminal.backend().buffer().content;
        let line = |row: &[ratatui::buffer::Cell]| row.iter().map(|cell| cell.symbol()).collect();
        cells.chunks(12).map(line).collect()
    }

    #[test]
    fn the_left_column_stays_while_the_right_one_scrolls_if_it_fits() {
        let rows = screen(3, 10);
        assert!(rows[0].starts_with("L0    R10"), "{rows:?}");
        assert!(rows[2].starts_with("L2    R12"), "{rows:?}");
        assert!(rows[3].starts_with("      R13"), "{rows:?}");
        let rows = screen(12, 3);
        assert!(rows[0].starts_with("L3    R3"), "it is too long: {rows:?}");
    }
}
