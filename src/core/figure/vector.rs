//! Draws figures as lines, areas and texts in pixels, for outputs that are not made of characters.

mod chart;
mod graph;
mod ring;
mod room;
mod timeline;
mod trace;

use unicode_width::UnicodeWidthStr;

use super::draw::notes::wrap;
use super::{Drawing, Figure};
use crate::core::figure::picture::Ink;

/// The width of a figure in pixels. Only graphs may be wider.
const WIDTH: f64 = 720.0;
/// The size of all texts.
pub const FONT: f64 = 13.0;
/// The height of a line of text.
const LINE: f64 = 18.0;

/// A place in pixels, from the top left.
pub type Place = (f64, f64);

/// A drawing in pixels. Later shapes cover earlier ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorImage {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Line {
        points: Vec<Place>,
        pen: Pen,
    },
    /// A rectangle with round corners; without a pen it has no outline.
    Area {
        rect: Rect,
        corner: f64,
        fill: Fill,
        pen: Option<Pen>,
    },
    /// A filled polygon, such as the head of an arrow.
    Polygon {
        points: Vec<Place>,
        ink: Ink,
    },
    /// A text; `at` is on its baseline.
    Label {
        at: Place,
        anchor: Anchor,
        text: String,
        ink: Ink,
    },
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    pub ink: Ink,
    pub width: f64,
    /// 0 is a solid line, 1 to 3 are patterns of dashes.
    pub dash: u8,
}

impl Pen {
    pub fn thin(ink: Ink) -> Self {
        let width = if ink == Ink::Strong { 2.5 } else { 1.25 };
        Self {
            ink,
            width,
            dash: 0,
        }
    }

    pub fn dashed(ink: Ink) -> Self {
        Self {
            dash: 1,
            ..Self::thin(ink)
        }
    }
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// With the background.
    Paper,
    /// With a pale tint, on which text can be read.
    Pale(Ink),
    Full(Ink),
}

/// The point of a text that is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

/// Draws a figure. Returns `None` for a table, which is not a drawing.
pub fn vector_image(figure: &Figure) -> Option<VectorImage> {
    Some(match &figure.drawing {
        Drawing::Timeline(timeline) => timeline::draw(timeline),
        Drawing::Trace(trace) => trace::draw(trace),
        Drawing::Chart(chart) => chart::draw(chart),
        Drawing::Graph(graph) => graph::draw(graph),
        Drawing::Ring(ring) => ring::draw(ring),
        Drawing::Table(_) => return None,
    })
}

/// Returns the pixels that a text takes, about: fonts differ, so this is more than most need.
pub fn text_width(text: &str) -> f64 {
    7.2 * text.width() as f64
}

impl VectorImage {
    pub fn new(width: f64) -> Self {
        Self {
            width,
            height: 0.0,
            shapes: Vec::new(),
        }
    }

    pub fn line(&mut self, points: impl Into<Vec<Place>>, pen: Pen) {
        let points = points.into();
        self.shapes.push(Shape::Line { points, pen });
    }

    pub fn area(&mut self, rect: Rect, fill: Fill, pen: Option<Pen>) {
        self.shapes.push(Shape::Area {
            rect,
            corner: 2.0,
            fill,
            pen,
        });
    }

    /// Draws a rectangle with sharp corners.
    pub fn bar(&mut self, rect: Rect, fill: Fill, pen: Option<Pen>) {
        self.shapes.push(Shape::Area {
            rect,
            corner: 0.0,
            fill,
            pen,
        });
    }

    pub fn label(&mut self, at: Place, anchor: Anchor, text: impl Into<String>, ink: Ink) {
        let text = text.into();
        if !text.is_empty() {
            self.shapes.push(Shape::Label {
                at,
                anchor,
                text,
                ink,
            });
        }
    }

    /// Draws a disc.
    pub fn dot(&mut self, (x, y): Place, radius: f64, fill: Fill, pen: Option<Pen>) {
        self.shapes.push(Shape::Area {
            rect: Rect::new(x - radius, y - radius, 2.0 * radius, 2.0 * radius),
            corner: radius,
            fill,
            pen,
        });
    }

    /// Draws the head of an arrow from one place to another.
    fn head(&mut self, from: Place, tip: Place, ink: Ink) {
        let (dx, dy) = (tip.0 - from.0, tip.1 - from.1);
        let length = dx.hypot(dy).max(1e-6);
        let (ux, uy) = (dx / length, dy / length);
        let base = (tip.0 - 9.0 * ux, tip.1 - 9.0 * uy);
        let side = |sign: f64| (base.0 - sign * 4.0 * uy, base.1 + sign * 4.0 * ux);
        self.shapes.push(Shape::Polygon {
            points: vec![tip, side(1.0), side(-1.0)],
            ink,
        });
    }

    /// Writes lines of text below the drawing, such as labels without a place.
    fn notes(&mut self, notes: &[String]) {
        for note in notes {
            for line in wrap(note, (self.width / 7.2) as usize) {
                self.height += LINE;
                self.label((0.0, self.height - 5.0), Anchor::Start, line, Ink::Plain);
            }
        }
    }
}
