//! Drawings as inline SVG.

use crate::core::figure::{Anchor, Fill, Ink, Pen, Place, Shape, VectorImage};

/// A drawing with its title, ready for the template.
pub struct Svg {
    pub title: String,
    pub width: String,
    pub height: String,
    pub shapes: Vec<Drawn>,
}

/// An element of the drawing. Numbers are formatted; only texts come from decks.
pub enum Drawn {
    Path {
        class: String,
        width: String,
        d: String,
    },
    Rect {
        class: String,
        x: String,
        y: String,
        width: String,
        height: String,
        corner: String,
    },
    Text {
        class: String,
        x: String,
        y: String,
        text: String,
    },
}

impl Svg {
    pub fn of(image: &VectorImage, title: String) -> Self {
        Self {
            title,
            width: number(image.width),
            height: number(image.height),
            shapes: image.shapes.iter().map(drawn).collect(),
        }
    }
}

fn drawn(shape: &Shape) -> Drawn {
    match shape {
        Shape::Line { points, pen } => Drawn::Path {
            class: stroke(*pen),
            width: number(pen.width),
            d: path(points),
        },
        Shape::Polygon { points, ink } => Drawn::Path {
            class: format!("f {}", class(*ink)),
            width: "0".to_owned(),
            d: path(points) + "Z",
        },
        Shape::Area {
            rect,
            corner,
            fill,
            pen,
        } => {
            let fill = match fill {
                Fill::Paper => "paper".to_owned(),
                Fill::Pale(ink) => format!("p {}", class(*ink)),
                Fill::Full(ink) => format!("f {}", class(*ink)),
            };
            let outline = pen.map(|pen| match pen.dash {
                0 => format!(" o {}", class(pen.ink)),
                n => format!(" o d{n} {}", class(pen.ink)),
            });
            Drawn::Rect {
                class: fill + &outline.unwrap_or_default(),
                x: number(rect.x),
                y: number(rect.y),
                width: number(rect.width),
                height: number(rect.height),
                corner: number(*corner),
            }
        }
        Shape::Label {
            at,
            anchor,
            text,
            ink,
        } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " am",
                Anchor::End => " ae",
            };
            Drawn::Text {
                class: format!("{}{anchor}", class(*ink)),
                x: number(at.0),
                y: number(at.1),
                text: text.clone(),
            }
        }
    }
}

fn stroke(pen: Pen) -> String {
    match pen.dash {
        0 => format!("l {}", class(pen.ink)),
        n => format!("l d{n} {}", class(pen.ink)),
    }
}

fn path(points: &[Place]) -> String {
    let mut d = String::new();
    for (n, (x, y)) in points.iter().enumerate() {
        d += if n == 0 { "M" } else { "L" };
        d += &format!("{} {}", number(*x), number(*y));
    }
    d
}

/// Formats a number of pixels with one decimal.
fn number(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// Returns the class of an ink, which gives it a colour.
pub fn class(ink: Ink) -> String {
    match ink {
        Ink::Plain => "ip".to_owned(),
        Ink::Dim => "id".to_owned(),
        Ink::Axis => "ia".to_owned(),
        Ink::Head => "ih".to_owned(),
        Ink::Strong => "is".to_owned(),
        Ink::Error | Ink::Removed => "ie".to_owned(),
        Ink::Warning | Ink::Marker => "im".to_owned(),
        Ink::Added => "ig".to_owned(),
        Ink::Series(n) => format!("i{}", n % 4),
    }
}
