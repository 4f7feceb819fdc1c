//! A timeline with a row for each of its parts, for timelines whose lanes have no room for all lines and labels.

use unicode_width::UnicodeWidthStr;

use super::paint::axis;
use super::{SHORTEST, ink_of, line_of, times};
use crate::core::figure::Timeline;
use crate::core::figure::draw::canvas::{Canvas, DASHED, DOWN, HEAVY, UP};
use crate::core::figure::draw::scale::{Scale, tame};
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::number::show;
use crate::core::text::Text;

/// The most rows; longer lists are harder to read than lanes.
const MOST: usize = 14;
/// The first row below the axis.
const TOP: usize = 2;

enum Sign {
    Interval,
    Event,
    Message { is_lost: bool },
    Marker,
}

/// A part of the timeline in a row of its own.
struct Row {
    /// The lane, or the sender and the receiver.
    name: String,
    from: f64,
    to: f64,
    label: String,
    sign: Sign,
    is_strong: bool,
}

/// Draws the parts in the order of their times; `None` if they are too many, a label has no room or a lane
/// has no part. The names are above their parts if there is no room beside them and the lanes are tangled.
pub fn draw(
    timeline: &Timeline,
    width: usize,
    is_tangled: bool,
    charset: Charset,
) -> Option<Picture> {
    let arrow = Canvas::new(charset).pick("→", "->");
    let rows = rows(timeline, arrow);
    let names = rows.iter().map(|row| row.name.width()).max()?;
    if rows.len() > MOST || has_unused_lane(timeline) {
        return None;
    }
    if names + 2 + SHORTEST <= width
        && let Some(picture) = beside_names(timeline, &rows, names + 2, width, charset)
    {
        return Some(picture);
    }
    is_tangled
        .then(|| below_names(timeline, &rows, width, charset))
        .flatten()
}

/// Draws each part on the right of its name; `None` if a label has no room.
fn beside_names(
    timeline: &Timeline,
    rows: &[Row],
    left: usize,
    width: usize,
    charset: Charset,
) -> Option<Picture> {
    let mut list = List::new(timeline, left, width, charset);
    for (y, row) in (TOP..).zip(rows) {
        list.canvas.text(0, y, &row.name, Ink::Head);
        let (from, to) = list.part(row, y);
        let columns = row.label.width();
        if columns == 0 {
            continue;
        }
        // In the line, on its right, or on its left.
        let ink = row.ink();
        if columns + 4 < to - from {
            let x = from + (to - from - columns) / 2;
            list.canvas.text(x, y, &format!(" {} ", row.label), ink);
        } else if to + 2 + columns <= width {
            list.canvas.text(to + 2, y, &row.label, ink);
        } else {
            let x = from.checked_sub(columns + 2).filter(|x| *x >= left)?;
            list.canvas.text(x, y, &row.label, ink);
        }
    }
    list.finish(TOP + rows.len())
}

/// Draws each part below its name and its label, for narrow screens.
fn below_names(
    timeline: &Timeline,
    rows: &[Row],
    width: usize,
    charset: Charset,
) -> Option<Picture> {
    let mut list = List::new(timeline, 2, width, charset);
    for (n, row) in rows.iter().enumerate() {
        let y = TOP + 2 * n;
        let mut x = list.canvas.text(0, y, &row.name, Ink::Head);
        if x > 0 && !row.label.is_empty() {
            x = list.canvas.text(x, y, ": ", Ink::Plain);
        }
        list.canvas.text(x, y, &row.label, row.ink());
        list.part(row, y + 1);
    }
    list.finish(TOP + 2 * rows.len())
}

/// A list in the making.
struct List<'a> {
    timeline: &'a Timeline,
    canvas: Canvas,
    scale: Scale,
    left: usize,
    width: usize,
}

impl<'a> List<'a> {
    /// Draws the axis from the column `left`.
    fn new(timeline: &'a Timeline, left: usize, width: usize, charset: Charset) -> Self {
        let last = times(timeline).into_iter().map(tame).fold(0.0, f64::max);
        let tail = show(last).width().max(1);
        let columns = width.saturating_sub(left + tail).max(1);
        let scale = Scale::fit(times(timeline), columns, 6);
        let mut canvas = Canvas::new(charset);
        let end = left + scale.column(scale.to);
        axis(&mut canvas, &scale, (left, end), &timeline.unit);
        Self {
            timeline,
            canvas,
            scale,
            left,
            width,
        }
    }

    fn column(&self, at: f64) -> usize {
        self.left + self.scale.column(at)
    }

    /// Draws the line or the sign of a part and returns its first and last column.
    fn part(&mut self, row: &Row, y: usize) -> (usize, usize) {
        let from = self.column(row.from);
        let to = match row.sign {
            Sign::Event | Sign::Marker => from,
            _ => self.column(row.to).max(from + 1),
        };
        row.draw(&mut self.canvas, y, (from, to), row.ink());
        (from, to)
    }

    /// Draws the markers through all rows up to `end`; `None` if the list is too wide.
    fn finish(mut self, end: usize) -> Option<Picture> {
        for marker in &self.timeline.markers {
            let x = self.column(marker.at);
            self.canvas.vertical(x, TOP, end - 1, DASHED, Ink::Marker);
        }
        let picture = self.canvas.picture();
        (picture.width <= self.width).then_some(picture)
    }
}

/// Returns true if nothing happens in a lane, which a list would not show.
fn has_unused_lane(timeline: &Timeline) -> bool {
    let is_used = |lane: usize| {
        timeline.intervals.iter().any(|one| one.lane == lane)
            || timeline.events.iter().any(|one| one.lane == lane)
            || timeline
                .messages
                .iter()
                .any(|one| one.from_lane == lane || one.to_lane == lane)
    };
    !(0..timeline.lanes.len()).all(is_used)
}

impl Row {
    fn ink(&self) -> Ink {
        match self.sign {
            Sign::Marker => Ink::Marker,
            _ => ink_of(self.is_strong),
        }
    }

    fn draw(&self, canvas: &mut Canvas, y: usize, (from, to): (usize, usize), ink: Ink) {
        let look = if self.is_strong { HEAVY } else { 0 };
        match self.sign {
            Sign::Interval => {
                canvas.horizontal(y, from, to, look, ink);
                canvas.join(from, y, UP | DOWN | look, ink);
                canvas.join(to, y, UP | DOWN | look, ink);
            }
            Sign::Event => {
                let sign = canvas.pick('◆', '*');
                canvas.sign(from, y, sign, ink);
            }
            Sign::Message { is_lost } => {
                canvas.horizontal(y, from, to, look, ink);
                let (sent, received) = (canvas.pick('●', 'o'), canvas.pick('►', '>'));
                let (end, ink_of_end) = match is_lost {
                    true => (canvas.pick('✗', 'x'), Ink::Error),
                    false => (received, ink),
                };
                canvas.sign(from, y, sent, ink);
                canvas.sign(to, y, end, ink_of_end);
            }
            Sign::Marker => {}
        }
    }
}

/// Returns the parts of a timeline by their first times.
fn rows(timeline: &Timeline, arrow: &str) -> Vec<Row> {
    let lane = |lane: usize| timeline.lanes.get(lane).map(Text::line).unwrap_or_default();
    let label = |label: Option<&Text>| line_of(label).unwrap_or_default();
    let intervals = timeline.intervals.iter().map(|interval| Row {
        name: lane(interval.lane),
        from: interval.from,
        to: interval.to,
        label: label(interval.label.as_ref()),
        sign: Sign::Interval,
        is_strong: interval.strong,
    });
    let events = timeline.events.iter().map(|event| Row {
        name: lane(event.lane),
        from: event.at,
        to: event.at,
        label: label(event.label.as_ref()),
        sign: Sign::Event,
        is_strong: event.strong,
    });
    let messages = timeline.messages.iter().map(|message| Row {
        name: format!(
            "{} {arrow} {}",
            lane(message.from_lane),
            lane(message.to_lane)
        ),
        from: message.from,
        to: message.to,
        label: label(message.label.as_ref()),
        sign: Sign::Message {
            is_lost: message.lost,
        },
        is_strong: message.strong,
    });
    let markers = timeline.markers.iter().map(|marker| Row {
        name: String::new(),
        from: marker.at,
        to: marker.at,
        label: marker.label.line(),
        sign: Sign::Marker,
        is_strong: false,
    });
    let mut rows: Vec<Row> = intervals
        .chain(events)
        .chain(messages)
        .chain(markers)
        .collect();
    rows.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
    rows
}
