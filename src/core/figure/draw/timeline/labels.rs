//! The places of labels: in the lanes, in the gaps between them, or in notes below the drawing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::{Hanging, Inside, Layout, ink_of, line_of};
use crate::core::figure::describe::with_unit;
use crate::core::figure::picture::Ink;
use crate::core::text::Text;

/// A label that needs a place between the lanes.
pub struct Label {
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

/// Where the labels of events that are in no interval are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Labelling {
    /// In the lane, with a space on both sides.
    Spaced,
    /// In the lane, with a space before it.
    Apart,
    /// In the lane, next to the sign of the event.
    Close,
    /// Below the lane, above the runs of messages.
    BelowFirst,
    /// Below the lane, where the runs of messages leave room.
    Below,
}

impl Labelling {
    /// Returns the text to write after the sign; `None` if the label is below the lane.
    fn after_sign(self, label: &str) -> Option<String> {
        match self {
            Self::Spaced => Some(format!(" {label} ")),
            Self::Apart => Some(format!(" {label}")),
            Self::Close => Some(label.to_owned()),
            Self::BelowFirst | Self::Below => None,
        }
    }
}

/// Cells of the lanes: lane, row, column.
type Cells = BTreeSet<(usize, usize, usize)>;

impl Layout<'_> {
    /// Places the labels and the runs of messages. Returns false without placing them if the labels of events have no
    /// room in the lanes.
    pub fn place_labels(&mut self, labelling: Labelling) -> bool {
        let mut cells = self.signs();
        let Some(mut labels) = self.event_labels(labelling, &mut cells) else {
            return false;
        };
        labels.extend(self.interval_labels(&mut cells));
        if labelling == Labelling::BelowFirst {
            self.reserve_ends();
            self.place_all(std::mem::take(&mut labels));
        }
        self.place_runs();
        labels.extend(self.message_labels());
        self.place_all(labels);
        self.note_missing();
        true
    }

    /// Keeps the columns free in which lines reach a lane from below.
    fn reserve_ends(&mut self) {
        for path in &self.paths {
            let (gap, column) = match path.is_down {
                true => (path.near, path.from),
                false => (path.far, path.to),
            };
            self.gaps[gap].reserve(column);
        }
    }

    /// Returns the labels of messages that are not in their runs.
    fn message_labels(&self) -> Vec<Label> {
        let mut labels = Vec::new();
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
        labels
    }

    /// Places labels from right to left, so that lines to lower rows pass on the left of texts above them.
    fn place_all(&mut self, mut labels: Vec<Label>) {
        labels.sort_by_key(|label| Reverse(label.column));
        labels.into_iter().for_each(|label| self.place(label));
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
            (None, _) => self.missing.push(label),
        }
    }

    /// Turns the labels without a place into notes, except those that the drawing says elsewhere: on another message of
    /// the same broadcast, or on another emphasized bar.
    fn note_missing(&mut self) {
        for label in std::mem::take(&mut self.missing) {
            let is_said = match label.path.map(|n| self.paths[n].message) {
                Some(message) => self.paths.iter().any(|other| {
                    let sent = (other.message.from_lane, other.message.from);
                    other.label.is_some()
                        && sent == (message.from_lane, message.from)
                        && other.message.label == message.label
                }),
                None => self.inside.iter().any(|other| {
                    label.ink == Ink::Strong
                        && other.ink == label.ink
                        && other.text.trim() == label.text
                }),
            };
            if is_said {
                continue;
            }
            let name = |lane: usize| self.timeline.lanes.get(lane).map(Text::line);
            let receiver = label.path.and_then(|n| name(self.paths[n].message.to_lane));
            let to = receiver
                .map(|name| format!(" to {name}"))
                .unwrap_or_default();
            let from = name(label.lane).unwrap_or_default();
            let at = with_unit(label.at, &self.timeline.unit);
            let note = format!("{from}{to} at {at}: {}", label.text);
            self.notes.push((label.at, note));
        }
        self.notes.sort_by(|a, b| a.0.total_cmp(&b.0));
    }

    /// Places the labels of events in their intervals and in the lanes, and returns those that go below the lanes;
    /// `None` if the lanes have no room for a label that goes there.
    fn event_labels(&mut self, labelling: Labelling, cells: &mut Cells) -> Option<Vec<Label>> {
        let bars = self.bars();
        let mut rest = Vec::new();
        for event in &self.timeline.events {
            let text = line_of(event.label.as_ref()).filter(|_| event.lane < self.gaps.len());
            let Some(text) = text else {
                continue;
            };
            let (lane, at, ink) = (event.lane, event.at, ink_of(event.strong));
            let column = self.column_in(event.lane, event.at);
            let covering = self.interval_at(lane, at);
            let row = covering.map_or(0, |(row, _)| row);
            let text_in_lane = match covering {
                Some(_) => Some(text.clone()),
                None => labelling.after_sign(&text),
            };
            let x = column + 1;
            let has_room = |columns: usize| {
                let is_free = |x: usize| !cells.contains(&(lane, row, x));
                match covering {
                    Some((_, bar)) => {
                        x + columns <= self.ends(bar).1 && (x..x + columns).all(is_free)
                    }
                    // Keep a piece of the lane visible between the label and the next sign.
                    None => (x..=x + columns)
                        .all(|x| x <= self.right && is_free(x) && !bars.contains(&(lane, row, x))),
                }
            };
            match text_in_lane.filter(|text| has_room(text.width())) {
                Some(text) => {
                    self.write_inside(
                        Inside {
                            lane,
                            row,
                            x,
                            text,
                            ink,
                        },
                        cells,
                    );
                }
                None if covering.is_none() && labelling.after_sign(&text).is_some() => return None,
                None => rest.push(Label {
                    column,
                    at,
                    lane,
                    row,
                    path: None,
                    text,
                    ink,
                }),
            }
        }
        Some(rest)
    }

    /// Writes a label into a lane, and marks its cells as taken.
    fn write_inside(&mut self, label: Inside, cells: &mut Cells) {
        let columns = label.x..label.x + label.text.width();
        cells.extend(columns.map(|x| (label.lane, label.row, x)));
        self.inside.push(label);
    }

    /// Returns the cells of the lanes that bars take.
    fn bars(&self) -> Cells {
        let intervals = self.rows.iter().zip(&self.timeline.intervals);
        intervals
            .flat_map(|(row, interval)| {
                let (from, to) = self.ends(interval);
                (from..=to).map(|x| (interval.lane, *row, x))
            })
            .collect()
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
                    self.write_inside(
                        Inside {
                            lane,
                            row,
                            x,
                            text,
                            ink,
                        },
                        cells,
                    );
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
            signs.insert((event.lane, row, self.column_in(event.lane, event.at)));
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
