//! The places of labels: in the lanes, in the gaps between them, or in notes below the drawing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::{Hanging, Inside, Layout, ink_of, line_of};
use crate::core::figure::describe::with_unit;
use crate::core::figure::picture::Ink;
use crate::core::text::Text;

/// A label that needs a place between the lanes.
struct Label {
    column: usize,
    at: f64,
    /// The lane it belongs to, and the row in that lane.
    lane: usize,
    row: usize,
    /// The index of its message.
    path: Option<usize>,
    text: String,
    ink: Ink,
}

/// Cells of the lanes: lane, row, column.
type Cells = BTreeSet<(usize, usize, usize)>;

impl Layout<'_> {
    /// Places all labels but those that are in the runs of messages.
    pub fn place_labels(&mut self) {
        let mut cells = self.signs();
        let mut labels = self.event_labels(&mut cells);
        labels.extend(self.interval_labels(&mut cells));
        for (n, path) in self.paths.iter().enumerate() {
            if let (None, Some(text)) = (path.label, line_of(path.message.label.as_ref())) {
                labels.push(Label {
                    column: if path.is_down { path.to } else { path.from },
                    at: path.message.from,
                    lane: path.message.from_lane,
                    row: 0,
                    path: Some(n),
                    text,
                    ink: ink_of(path.message.strong),
                });
            }
        }
        // From right to left, so that lines to lower rows pass on the left of texts above them.
        labels.sort_by_key(|label| Reverse(label.column));
        labels.into_iter().for_each(|label| self.place(label));
        self.notes.sort_by(|a, b| a.0.total_cmp(&b.0));
    }

    fn place(&mut self, label: Label) {
        let (gap, first) = match label.path.map(|n| &self.paths[n]) {
            Some(path) if path.from == path.to || path.ends_in_run() => (path.near, path.row),
            Some(path) => (path.near, path.row + 1),
            None => (label.lane, 0),
        };
        let place = self.gaps[gap].text(label.column, first, &label.text, label.path.is_some());
        match (place, label.path) {
            (Some(place), Some(n)) => self.paths[n].label = Some(place),
            (Some(place), None) => self.hanging.push(Hanging {
                lane: label.lane,
                row: label.row,
                column: label.column,
                place,
                text: label.text,
                ink: label.ink,
            }),
            (None, path) => {
                let name = |lane: usize| self.timeline.lanes.get(lane).map(Text::line);
                let receiver = path.and_then(|n| name(self.paths[n].message.to_lane));
                let to = receiver
                    .map(|name| format!(" to {name}"))
                    .unwrap_or_default();
                let from = name(label.lane).unwrap_or_default();
                let at = with_unit(label.at, &self.timeline.unit);
                let note = format!("{from}{to} at {at}: {}", label.text);
                self.notes.push((label.at, note));
            }
        }
    }

    /// Places the labels of events in their intervals, and returns those that don't fit.
    fn event_labels(&mut self, cells: &mut Cells) -> Vec<Label> {
        let mut rest = Vec::new();
        for event in self
            .timeline
            .events
            .iter()
            .filter(|event| event.lane < self.gaps.len())
        {
            let Some(text) = line_of(event.label.as_ref()) else {
                continue;
            };
            let (lane, column, ink) = (event.lane, self.column(event.at), ink_of(event.strong));
            let covering = self.interval_at(lane, event.at);
            let row = covering.map_or(0, |(row, _)| row);
            let columns = column + 1..column + 1 + text.width();
            let end = covering.map_or(0, |(_, interval)| self.ends(interval).1);
            if columns.end <= end && columns.clone().all(|x| !cells.contains(&(lane, row, x))) {
                cells.extend(columns.clone().map(|x| (lane, row, x)));
                self.inside.push(Inside {
                    lane,
                    row,
                    x: columns.start,
                    text,
                    ink,
                });
            } else {
                let at = event.at;
                rest.push(Label {
                    column,
                    at,
                    lane,
                    row,
                    path: None,
                    text,
                    ink,
                });
            }
        }
        rest
    }

    /// Places the labels of intervals in the middle of their bars, and returns those that don't fit.
    fn interval_labels(&mut self, cells: &mut Cells) -> Vec<Label> {
        let mut rest = Vec::new();
        for (row, interval) in self.rows.clone().into_iter().zip(&self.timeline.intervals) {
            let text = line_of(interval.label.as_ref());
            let Some(text) = text.filter(|_| interval.lane < self.gaps.len()) else {
                continue;
            };
            let (lane, ink) = (interval.lane, ink_of(interval.strong));
            let (from, to) = self.ends(interval);
            // With a space on both sides if there is room for it in all bars of this length, so that they look the same.
            let has_room = self.timeline.intervals.iter().all(|other| {
                let (first, last) = self.ends(other);
                let columns = line_of(other.label.as_ref()).map_or(0, |text| text.width());
                let bar = last - first;
                bar != to - from || columns >= bar || columns + 2 < bar
            });
            let with_spaces = has_room.then(|| format!(" {text} "));
            let place = with_spaces
                .into_iter()
                .chain([text.clone()])
                .into_iter()
                .find_map(|text| {
                    let columns = text.width();
                    let last = to.checked_sub(columns)?;
                    let middle = usize::midpoint(from + 1, last);
                    let is_free =
                        |x: &usize| (*x..x + columns).all(|x| !cells.contains(&(lane, row, x)));
                    let x = (from + 1..=last)
                        .filter(is_free)
                        .min_by_key(|x| x.abs_diff(middle))?;
                    Some((x, text))
                });
            match place {
                Some((x, text)) => {
                    cells.extend((x..x + text.width()).map(|x| (lane, row, x)));
                    self.inside.push(Inside {
                        lane,
                        row,
                        x,
                        text,
                        ink,
                    });
                }
                None => {
                    let (column, at) = (from, interval.from);
                    rest.push(Label {
                        column,
                        at,
                        lane,
                        row,
                        path: None,
                        text,
                        ink,
                    });
                }
            }
        }
        rest
    }

    /// Returns the cells of the lanes that signs and crossing lines take.
    fn signs(&self) -> Cells {
        let mut signs = Cells::new();
        for event in &self.timeline.events {
            let row = self.row_at(event.lane, event.at);
            signs.insert((event.lane, row, self.column(event.at)));
        }
        let mut through = |lane: usize, column: usize| {
            signs.extend((0..self.rows_of(lane)).map(|row| (lane, row, column)));
        };
        for path in &self.paths {
            let (from, to) = (path.message.from_lane, path.message.to_lane);
            through(from, path.from);
            through(to, path.to);
            (from.min(to) + 1..from.max(to)).for_each(|lane| through(lane, path.to));
        }
        for marker in &self.timeline.markers {
            (0..self.gaps.len()).for_each(|lane| through(lane, self.column(marker.at)));
        }
        signs
    }
}
