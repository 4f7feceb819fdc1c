//! Timelines: lanes from left to right, messages between them, and labels where nothing else is.

use super::room::Room;
use super::{Anchor, Fill, LINE, Pen, Place, Rect, VectorImage, WIDTH, text_width};
use crate::core::figure::describe::with_unit;
use crate::core::figure::draw::scale::Scale;
use crate::core::figure::draw::timeline::{line_of, rows, times};
use crate::core::figure::picture::Ink;
use crate::core::figure::{Interval, Message, Timeline};
use crate::core::number::show;

/// The height of an interval, with the space above and below it.
const ROW: f64 = 26.0;
/// The distances of lanes that are tried until each label has a place.
const DISTANCES: [f64; 5] = [34.0, 52.0, 70.0, 92.0, 120.0];

pub fn draw(timeline: &Timeline) -> VectorImage {
    let mut best: Option<Layout> = None;
    for distance in DISTANCES {
        let mut layout = Layout::new(timeline, distance);
        layout.draw();
        let is_complete = layout.notes.is_empty();
        if best
            .as_ref()
            .is_none_or(|best| layout.notes.len() < best.notes.len())
        {
            best = Some(layout);
        }
        if is_complete {
            break;
        }
    }
    let Some(Layout {
        mut image, notes, ..
    }) = best
    else {
        return VectorImage::new(WIDTH);
    };
    image.notes(&notes);
    image
}

struct Layout<'a> {
    timeline: &'a Timeline,
    image: VectorImage,
    room: Room,
    scale: Scale,
    left: f64,
    plot: f64,
    distance: f64,
    /// The row of each interval in its lane.
    rows: Vec<usize>,
    /// The top of each lane.
    tops: Vec<f64>,
    /// Labels without a place.
    notes: Vec<String>,
}

/// Returns true if an instant of the first lane has a label, which can be above it.
fn has_label(timeline: &Timeline) -> bool {
    let mut events = timeline.events.iter();
    events.any(|event| event.lane == 0 && event.label.is_some())
}

fn ink_of(strong: bool) -> Ink {
    if strong { Ink::Strong } else { Ink::Plain }
}

impl<'a> Layout<'a> {
    fn new(timeline: &'a Timeline, distance: f64) -> Self {
        let names = timeline.lanes.iter().map(|name| text_width(&name.line()));
        let left = names.fold(0.0, f64::max) * 1.1 + 18.0;
        let plot = (WIDTH - left - 40.0).max(200.0);
        let scale = Scale::fit(times(timeline), (plot / 8.0) as usize, 6);
        let rows = rows(timeline);
        let mut y = LINE
            + if timeline.markers.is_empty() && !has_label(timeline) {
                10.0
            } else {
                LINE + 10.0
            };
        let mut tops = Vec::new();
        // A timeline without lanes, which no deck has, is drawn as one lane without a name.
        for lane in 0..timeline.lanes.len().max(1) {
            tops.push(y);
            let of_lane = timeline.intervals.iter().zip(&rows);
            let count = of_lane
                .filter(|(interval, _)| interval.lane == lane)
                .map(|(_, row)| row + 1)
                .max();
            y += ROW * count.unwrap_or(1) as f64 + distance;
        }
        let mut image = VectorImage::new((left + plot + 40.0).max(WIDTH));
        image.height = y - distance + (distance / 2.0).max(22.0);
        Self {
            timeline,
            room: Room::new(Rect::new(
                left - 8.0,
                LINE,
                plot + 48.0,
                image.height - LINE,
            )),
            image,
            scale,
            left,
            plot,
            distance,
            rows,
            tops,
            notes: Vec::new(),
        }
    }

    fn x(&self, at: f64) -> f64 {
        self.left + self.scale.share(at) * self.plot
    }

    /// Returns the place of an instant in a lane: on the interval that covers it, or on the line of the lane.
    fn at(&self, lane: usize, at: f64) -> Place {
        let covers =
            |interval: &Interval| interval.lane == lane && interval.from <= at && at <= interval.to;
        let mut all = self.timeline.intervals.iter().zip(&self.rows);
        let row = all
            .find(|(interval, _)| covers(interval))
            .map_or(0, |(_, row)| *row);
        let top = self.tops.get(lane).copied().unwrap_or_default();
        (self.x(at), top + ROW * (row as f64 + 0.5))
    }

    fn draw(&mut self) {
        self.axis();
        self.intervals();
        let timeline = self.timeline;
        let is_drawn =
            |message: &&Message| message.from_lane.max(message.to_lane) < timeline.lanes.len();
        let paths: Vec<(&Message, Vec<Place>)> = timeline
            .messages
            .iter()
            .filter(is_drawn)
            .map(|message| (message, self.message(message)))
            .collect();
        self.events();
        for (message, points) in paths {
            self.message_label(message, &points);
        }
    }

    fn axis(&mut self) {
        let timeline = self.timeline;
        let ticks = self.scale.ticks();
        let bottom = self.image.height;
        for (n, (_, value)) in ticks.iter().enumerate() {
            let label = match n + 1 == ticks.len() {
                true => with_unit(*value, &timeline.unit),
                false => show(*value),
            };
            let x = self.x(*value);
            self.image
                .line([(x, LINE), (x, LINE + 5.0)], Pen::thin(Ink::Axis));
            self.image
                .label((x, LINE - 5.0), Anchor::Middle, label, Ink::Dim);
        }
        let ends = [(self.left, LINE), (self.left + self.plot, LINE)];
        self.image.line(ends, Pen::thin(Ink::Axis));
        for (lane, name) in timeline.lanes.iter().enumerate() {
            let y = self.tops[lane] + ROW / 2.0;
            self.image
                .label((0.0, y + 4.0), Anchor::Start, name.line(), Ink::Head);
            let ends = [(self.left, y), (self.left + self.plot + 24.0, y)];
            self.image.line(ends, Pen::thin(Ink::Axis));
            self.room.take_line(&ends);
        }
        for marker in &timeline.markers {
            let x = self.x(marker.at);
            let ends = [(x, LINE + 6.0), (x, bottom)];
            self.image.line(ends, Pen::dashed(Ink::Marker));
            self.room.take_line(&ends);
            let label = marker.label.line();
            let y = 2.0 * LINE + 2.0;
            let places = [((x + 5.0, y), Anchor::Start), ((x - 5.0, y), Anchor::End)];
            if self
                .room
                .label(&mut self.image, &label, Ink::Marker, places)
                .is_none()
            {
                self.notes.push(format!(
                    "At {}: {label}",
                    with_unit(marker.at, &timeline.unit)
                ));
            }
        }
    }

    fn intervals(&mut self) {
        let mut outside = Vec::new();
        for (interval, row) in self.timeline.intervals.iter().zip(self.rows.clone()) {
            let top = self.tops.get(interval.lane).copied().unwrap_or_default();
            let (from, to) = (self.x(interval.from), self.x(interval.to));
            let y = top + ROW * row as f64 + 3.0;
            let rect = Rect::new(from, y, (to - from).max(3.0), ROW - 6.0);
            let ink = if interval.strong {
                Ink::Strong
            } else {
                Ink::Series(0)
            };
            self.image.area(rect, Fill::Pale(ink), Some(Pen::thin(ink)));
            self.room.take(rect);
            let Some(label) = line_of(interval.label.as_ref()) else {
                continue;
            };
            if text_width(&label) + 6.0 <= rect.width {
                let at = (rect.x + rect.width / 2.0, y + 14.5);
                self.image
                    .label(at, Anchor::Middle, label, ink_of(interval.strong));
            } else {
                outside.push((interval, rect, label));
            }
        }
        for (interval, rect, label) in outside {
            let middle = rect.x + rect.width / 2.0;
            let (above, below) = (rect.y - 5.0, rect.y + rect.height + 14.0);
            let places = [
                ((middle, above), Anchor::Middle),
                ((middle, below), Anchor::Middle),
                ((rect.x, above), Anchor::Start),
                ((rect.x, below), Anchor::Start),
                ((rect.x + rect.width, above), Anchor::End),
                ((rect.x + rect.width, below), Anchor::End),
                ((rect.x + rect.width + 5.0, rect.y + 14.5), Anchor::Start),
            ];
            let ink = ink_of(interval.strong);
            if self
                .room
                .label(&mut self.image, &label, ink, places)
                .is_none()
            {
                let lane = self.timeline.lanes.get(interval.lane);
                let lane = lane.map(|lane| lane.line()).unwrap_or_default();
                let (from, to) = (
                    show(interval.from),
                    with_unit(interval.to, &self.timeline.unit),
                );
                self.notes.push(format!("{lane}, {from} to {to}: {label}"));
            }
        }
    }

    fn events(&mut self) {
        let events = &self.timeline.events;
        for event in events {
            let at = self.at(event.lane, event.at);
            let ink = ink_of(event.strong);
            self.image.dot(at, 4.5, Fill::Full(ink), None);
            self.room
                .take(Rect::new(at.0 - 5.0, at.1 - 5.0, 10.0, 10.0));
        }
        for event in events {
            let (x, y) = self.at(event.lane, event.at);
            let Some(label) = line_of(event.label.as_ref()) else {
                continue;
            };
            let ink = ink_of(event.strong);
            let depths = (0..3).map(|n| 24.0 + 15.0 * f64::from(n));
            let places = depths
                .filter(|depth| *depth < self.distance + 10.0)
                .flat_map(|depth| {
                    [y + depth, y - depth + 9.0].into_iter().flat_map(move |y| {
                        [
                            ((x, y), Anchor::Middle),
                            ((x - 4.0, y), Anchor::Start),
                            ((x + 4.0, y), Anchor::End),
                        ]
                    })
                });
            match self.room.label(&mut self.image, &label, ink, places) {
                None => {
                    let at = with_unit(event.at, &self.timeline.unit);
                    self.notes.push(format!("At {at}: {label}"));
                }
                Some((_, below)) if below > y + 25.0 => {
                    let ends = [(x, y + 5.0), (x, below - 11.0)];
                    self.image.line(ends, Pen::thin(Ink::Axis));
                }
                Some(_) => {}
            }
        }
    }

    /// Draws the arrow of a message and returns its points.
    fn message(&mut self, message: &Message) -> Vec<Place> {
        let ink = ink_of(message.strong);
        let from = self.at(message.from_lane, message.from);
        let mut to = self.at(message.to_lane, message.to);
        let mut points = vec![from, to];
        if message.from_lane == message.to_lane {
            // A message to oneself leaves the lane downwards and returns.
            to.0 = to.0.max(from.0 + 16.0);
            let depth = from.1 + ROW / 2.0 + 8.0;
            points = vec![from, (from.0, depth), (to.0, depth), to];
        }
        if message.lost {
            let last = points.len() - 1;
            let (a, b) = (points[last - 1], points[last]);
            let end = (a.0 + 0.6 * (b.0 - a.0), a.1 + 0.6 * (b.1 - a.1));
            points[last] = end;
            for (dx, dy) in [(5.0, 5.0), (5.0, -5.0)] {
                let cross = [(end.0 - dx, end.1 - dy), (end.0 + dx, end.1 + dy)];
                self.image.line(
                    cross,
                    Pen {
                        width: 2.0,
                        ..Pen::thin(Ink::Error)
                    },
                );
            }
        }
        let pen = match message.lost {
            true => Pen::dashed(ink),
            false => Pen::thin(ink),
        };
        self.image.line(points.clone(), pen);
        if !message.lost {
            let last = points.len() - 1;
            self.image.head(points[last - 1], points[last], ink);
        }
        self.room.take_line(&points);
        points
    }

    fn message_label(&mut self, message: &Message, points: &[Place]) {
        let label = line_of(message.label.as_ref());
        let text = match (label, message.lost) {
            (Some(label), true) => format!("{label} (lost)"),
            (Some(label), false) => label,
            (None, true) => "lost".to_owned(),
            (None, false) => return,
        };
        let longest = points.windows(2).max_by(|a, b| {
            let length = |p: &[Place]| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1);
            length(a).total_cmp(&length(b))
        });
        let Some([a, b]) = longest.and_then(|pair| <[Place; 2]>::try_from(pair).ok()) else {
            return;
        };
        let shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
        let places = [5.0, 10.0, 18.0].into_iter().flat_map(|gap| {
            shares.into_iter().flat_map(move |share| {
                let (x, y) = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1));
                [
                    ((x + gap, y + 4.0), Anchor::Start),
                    ((x - gap, y + 4.0), Anchor::End),
                    ((x, y - gap), Anchor::Middle),
                    ((x, y + gap + 10.0), Anchor::Middle),
                ]
            })
        });
        let ink = ink_of(message.strong);
        if self
            .room
            .label(&mut self.image, &text, ink, places)
            .is_none()
        {
            let at = with_unit(message.from, &self.timeline.unit);
            self.notes.push(format!("Sent at {at}: {text}"));
        }
    }
}
