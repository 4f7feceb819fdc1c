//! Timelines: a row per lane under a time axis, and between the lanes the messages and the labels of instants. If not
//! all of them have a place there, each gets a row of its own.

mod gap;
mod labels;
mod list;
mod paint;

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::scale::{Scale, tame};
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Interval, Message, Timeline};
use crate::core::number::show;
use crate::core::text::Text;
use gap::{Gap, Place};
use labels::{Label, Labelling};

/// The fewest columns of the time axis.
const SHORTEST: usize = 24;
/// The layouts that are tried until all labels have a place: the fewest columns between ticks, and whether the columns
/// of all messages are kept free of text.
const VARIANTS: [(usize, bool); 4] = [(6, false), (9, false), (6, true), (9, true)];

pub fn draw(timeline: &Timeline, width: usize, charset: Charset) -> Picture {
    let best = best_layout(timeline, width, charset);
    if best.faults() == (0, 0) || timeline.messages.is_empty() {
        return best.paint(width, charset);
    }
    let (conflicts, notes) = best.faults();
    let is_tangled = conflicts > 0 || notes > 1;
    list::draw(timeline, width, is_tangled, charset).unwrap_or_else(|| best.paint(width, charset))
}

/// Returns the first layout in which all labels have a place, or else the one with the fewest faults. Labels of
/// events are in the lanes if there is room for all of them, and else all below the lanes.
fn best_layout(timeline: &Timeline, width: usize, charset: Charset) -> Layout<'_> {
    let close = match charset {
        Charset::Unicode => Labelling::Close,
        // A letter next to a sign that is a letter too would read as one word.
        Charset::Ascii => Labelling::Apart,
    };
    let mut best: Option<Layout> = None;
    let labellings = [
        Labelling::Spaced,
        close,
        Labelling::BelowFirst,
        Labelling::Below,
    ];
    let has_labels = timeline.events.iter().any(|event| event.label.is_some());
    // Without events, the first two are the same as the last one.
    let first = if has_labels { 0 } else { 2 };
    for labelling in labellings.into_iter().skip(first) {
        for (apart, is_cautious) in VARIANTS {
            let mut layout = Layout::new(timeline, width, apart);
            layout.place_messages(is_cautious);
            if !layout.place_labels(labelling) {
                continue;
            }
            layout.part_lanes();
            if layout.faults() == (0, 0) && layout.on_left() == 0 {
                return layout;
            }
            let rank = |layout: &Layout| (layout.faults(), layout.on_left());
            if best.as_ref().is_none_or(|best| rank(&layout) < rank(best)) {
                best = Some(layout);
            }
        }
    }
    best.unwrap_or_else(|| Layout::new(timeline, width, VARIANTS[0].0))
}

/// A message with its columns and its place between the lanes.
struct Path<'a> {
    message: &'a Message,
    from: usize,
    to: usize,
    /// The gap next to the sender, in which a slow message runs, and its row there.
    near: usize,
    row: usize,
    /// The gap next to the receiver.
    far: usize,
    is_down: bool,
    label: Option<Place>,
}

impl Path<'_> {
    fn gaps(&self) -> std::ops::RangeInclusive<usize> {
        self.near.min(self.far)..=self.near.max(self.far)
    }

    /// Returns true if the message is lost before its line turns towards the receiver.
    fn ends_in_run(&self) -> bool {
        self.message.lost && self.near == self.far && self.from != self.to
    }
}

/// From this number of lanes on, only lanes whose bars touch are parted.
const MANY_LANES: usize = 5;

/// A text below a lane, at the end of a line from its instant.
struct Hanging {
    lane: usize,
    row: usize,
    column: usize,
    place: Place,
    text: String,
    ink: Ink,
}

/// A text in a lane.
struct Inside {
    lane: usize,
    row: usize,
    x: usize,
    text: String,
    ink: Ink,
}

struct Layout<'a> {
    timeline: &'a Timeline,
    scale: Scale,
    /// The column of the start of the axis.
    left: usize,
    /// The last column of the lanes.
    right: usize,
    /// The row of each interval in its lane: intervals that overlap take rows of their own.
    rows: Vec<usize>,
    /// The space below each lane.
    gaps: Vec<Gap>,
    paths: Vec<Path<'a>>,
    hanging: Vec<Hanging>,
    inside: Vec<Inside>,
    /// Labels for which there is no room.
    missing: Vec<Label>,
    /// Labels below the drawing, with their times.
    notes: Vec<(f64, String)>,
}

fn ink_of(strong: bool) -> Ink {
    if strong { Ink::Strong } else { Ink::Plain }
}

pub fn line_of(label: Option<&Text>) -> Option<String> {
    label.map(Text::line).filter(|line| !line.is_empty())
}

impl<'a> Layout<'a> {
    fn new(timeline: &'a Timeline, width: usize, apart: usize) -> Self {
        let names = timeline.lanes.iter().map(|name| name.line().width());
        let left = names.max().unwrap_or(0) + 2;
        let room = width.saturating_sub(left).max(SHORTEST);
        let times = times(timeline);
        let last = times.iter().copied().map(tame).fold(0.0, f64::max);
        let has_lines = !timeline.messages.is_empty();
        let tail = show(last).width().max(if has_lines { 4 } else { 1 });
        let scale = Scale::fit(times, room - tail.min(room / 2), apart);
        let end = left + scale.column(scale.to);
        let right = if has_lines {
            (end + 4).min(left + room - 1)
        } else {
            end
        };
        Self {
            timeline,
            scale,
            left,
            right: right.max(end),
            rows: rows(timeline),
            gaps: timeline
                .lanes
                .iter()
                .map(|_| Gap::new(left, left + room))
                .collect(),
            paths: Vec::new(),
            hanging: Vec::new(),
            inside: Vec::new(),
            missing: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Returns the number of lines that meet a text, and of labels that became notes.
    fn faults(&self) -> (usize, usize) {
        let conflicts = self.gaps.iter().map(|gap| gap.conflicts).sum();
        (conflicts, self.notes.len())
    }

    /// Returns the number of labels on the left of their lines.
    fn on_left(&self) -> usize {
        self.gaps.iter().map(|gap| gap.on_left).sum()
    }

    /// Adds a row between lanes if ends of bars would touch there and look like one line; a few lanes all part then,
    /// and of many only those, so that the drawing stays low.
    fn part_lanes(&mut self) {
        let ends = |lane: usize| -> BTreeSet<usize> {
            let intervals = self.timeline.intervals.iter();
            let of_lane = intervals.filter(|interval| interval.lane == lane);
            of_lane
                .flat_map(|interval| <[usize; 2]>::from(self.ends(interval)))
                .collect()
        };
        let touches =
            |lane: usize| self.gaps[lane].height() == 0 && !ends(lane).is_disjoint(&ends(lane + 1));
        let between = self.gaps.len().saturating_sub(1);
        let touching: Vec<usize> = (0..between).filter(|lane| touches(*lane)).collect();
        let parted = match touching.is_empty() || between >= MANY_LANES {
            true => touching,
            false => (0..between).collect(),
        };
        parted.into_iter().for_each(|lane| self.gaps[lane].grow(1));
    }

    fn column(&self, at: f64) -> usize {
        self.left + self.scale.column(at)
    }

    /// Returns the column of an instant in a lane: that of the message that arrives then, if there is one, so that
    /// nothing is left of its cause.
    fn column_in(&self, lane: usize, at: f64) -> usize {
        let arrives = |path: &&Path| path.message.arrives(lane, at);
        let arrival = self.paths.iter().find(arrives);
        arrival.map_or_else(|| self.column(at), |path| path.to)
    }

    /// Returns the columns of both ends of an interval, which are never the same.
    fn ends(&self, interval: &Interval) -> (usize, usize) {
        let from = self.column_in(interval.lane, interval.from);
        let to = self.column_in(interval.lane, interval.to);
        (from, to.max(from + 1))
    }

    /// Gives each message its columns, and keeps those free of text that don't depend on the row of its run.
    fn place_messages(&mut self, is_cautious: bool) {
        let timeline = self.timeline;
        self.paths = timeline
            .messages
            .iter()
            .filter_map(|message| self.path(message))
            .collect();
        separate(&mut self.paths);
        for marker in &timeline.markers {
            let column = self.column(marker.at);
            self.gaps.iter_mut().for_each(|gap| gap.reserve(column));
        }
        for path in &self.paths {
            // The lines of a slow message in the first gap depend on the row of its run.
            let is_slow = path.from != path.to && !is_cautious;
            for gap in path.gaps().filter(|gap| !is_slow || *gap != path.near) {
                self.gaps[gap].reserve(path.to);
                if gap == path.near {
                    self.gaps[gap].reserve(path.from);
                }
            }
            if path.message.lost {
                self.gaps[path.far].grow(1);
            }
        }
    }

    /// Gives the run of each slow message a row between the lanes.
    fn place_runs(&mut self) {
        let mut order: Vec<usize> = (0..self.paths.len()).collect();
        // The lines of a broadcast don't cross: going down, the longest run is the highest.
        order.sort_by_key(|n| {
            let path = &self.paths[*n];
            let to = path.to as i64;
            (path.from, if path.is_down { -to } else { to })
        });
        for n in order {
            let path = &mut self.paths[n];
            if path.from != path.to {
                let label = line_of(path.message.label.as_ref()).unwrap_or_default();
                (path.row, path.label) = self.gaps[path.near].run(path, &label);
            }
        }
    }

    fn path(&self, message: &'a Message) -> Option<Path<'a>> {
        let (sender, receiver) = (message.from_lane, message.to_lane);
        if sender.max(receiver) >= self.gaps.len() {
            return None;
        }
        let (near, far) = match receiver {
            _ if receiver == sender => (sender, sender),
            _ if receiver > sender => (sender, receiver - 1),
            _ => (sender - 1, receiver),
        };
        let from = self.column(message.from);
        let shortest = if sender == receiver { 2 } else { 0 };
        Some(Path {
            message,
            from,
            to: self.column(message.to).max(from + shortest),
            near,
            row: 0,
            far,
            is_down: receiver >= sender,
            label: None,
        })
    }

    /// Returns the row of the interval of a lane that covers an instant, or the first row.
    fn row_at(&self, lane: usize, at: f64) -> usize {
        self.interval_at(lane, at).map_or(0, |(row, _)| row)
    }

    /// Returns the interval of a lane that covers an instant, with its row.
    fn interval_at(&self, lane: usize, at: f64) -> Option<(usize, &'a Interval)> {
        let all = self.rows.iter().copied().zip(&self.timeline.intervals);
        let covers =
            |interval: &Interval| interval.lane == lane && interval.from <= at && at <= interval.to;
        let mut all = all.filter(|(_, interval)| covers(interval));
        all.next()
    }

    /// Returns the number of rows of a lane.
    fn rows_of(&self, lane: usize) -> usize {
        let all = self.rows.iter().zip(&self.timeline.intervals);
        let rows = all
            .filter(|(_, interval)| interval.lane == lane)
            .map(|(row, _)| row + 1);
        rows.max().unwrap_or(1)
    }
}

/// Returns all times of a timeline.
pub fn times(timeline: &Timeline) -> Vec<f64> {
    let intervals = timeline.intervals.iter().flat_map(|i| [i.from, i.to]);
    let messages = timeline.messages.iter().flat_map(|m| [m.from, m.to]);
    let events = timeline.events.iter().map(|event| event.at);
    let markers = timeline.markers.iter().map(|marker| marker.at);
    intervals
        .chain(messages)
        .chain(events)
        .chain(markers)
        .collect()
}

impl Message {
    fn arrives(&self, lane: usize, at: f64) -> bool {
        !self.lost && (self.to_lane, self.to) == (lane, at)
    }
}

/// Moves a message by a column where its vertical line would cover that of another message. What is sent in the instant
/// of its arrival moves too.
fn separate(paths: &mut [Path]) {
    let mut owners: BTreeMap<(usize, usize), (usize, usize)> = BTreeMap::new();
    for n in 0..paths.len() {
        let path = &mut paths[n];
        let owner = (path.message.from_lane, path.from);
        let is_taken = |gap| {
            owners
                .get(&(gap, path.to))
                .is_some_and(|other| *other != owner)
        };
        if path.from != path.to && path.gaps().any(is_taken) {
            path.to += 1;
            let (cause, column) = (path.message, path.to);
            let is_effect =
                |path: &&mut Path| cause.arrives(path.message.from_lane, path.message.from);
            for effect in paths.iter_mut().filter(is_effect) {
                effect.from = column;
                effect.to = effect.to.max(column);
            }
        }
        let path = &paths[n];
        for gap in path.gaps() {
            owners.insert((gap, path.to), owner);
        }
        owners.insert((path.near, path.from), owner);
    }
}

/// Returns the row of each interval in its lane.
pub fn rows(timeline: &Timeline) -> Vec<usize> {
    let mut order: Vec<usize> = (0..timeline.intervals.len()).collect();
    order.sort_by(|a, b| {
        timeline.intervals[*a]
            .from
            .total_cmp(&timeline.intervals[*b].from)
    });
    let mut rows = vec![0; timeline.intervals.len()];
    let mut ends: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for n in order {
        let interval = &timeline.intervals[n];
        let ends = ends.entry(interval.lane).or_default();
        let row = ends.iter().position(|end| *end <= interval.from);
        rows[n] = row.unwrap_or(ends.len());
        match row {
            Some(row) => ends[row] = interval.to,
            None => ends.push(interval.to),
        }
    }
    rows
}
