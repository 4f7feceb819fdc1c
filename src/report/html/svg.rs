//! Drawings as inline SVG.

use crate::core::figure::{Anchor, Fill, Ink, Pen, Place, Rect, Shape, VectorImage};

/// The width of lines and the radius of corners in `style.css`, which elements don't repeat.
const THIN: f64 = 1.25;
const CORNER: f64 = 2.0;

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
        /// `None` for a thin line.
        width: Option<String>,
        d: String,
    },
    Rect {
        class: String,
        x: String,
        y: String,
        width: String,
        height: String,
        /// `None` for the usual radius.
        corner: Option<String>,
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
            shapes: drawn_shapes(&image.shapes),
        }
    }
}

/// Returns the elements of the shapes. Pieces that look the same and follow one another, with at most texts between them,
/// are one element, which then is below these texts.
fn drawn_shapes(shapes: &[Shape]) -> Vec<Drawn> {
    let mut elements: Vec<Drawn> = Vec::new();
    for element in shapes.iter().map(drawn) {
        let mut earlier = elements.iter_mut().rev();
        let before = earlier.find(|before| !matches!(before, Drawn::Text { .. }));
        match (&element, before) {
            (
                Drawn::Path { class, width, d },
                Some(Drawn::Path {
                    class: class_before,
                    width: width_before,
                    d: pieces,
                }),
            ) if class == class_before && width == width_before => pieces.push_str(d),
            _ => elements.push(element),
        }
    }
    elements
}

fn drawn(shape: &Shape) -> Drawn {
    match shape {
        Shape::Line { points, pen } => Drawn::Path {
            class: stroke(*pen),
            width: (pen.width != THIN).then(|| number(pen.width)),
            d: path(points),
        },
        Shape::Polygon { points, ink } => Drawn::Path {
            class: format!("f {}", class(*ink)),
            // It has no outline.
            width: None,
            d: path(points) + "Z",
        },
        Shape::Area {
            rect,
            corner,
            fill: Fill::Full(ink),
            pen: None,
        } if 2.0 * corner == rect.width && rect.width == rect.height => {
            // A disc is the round end of a line without a length.
            let center = (rect.x + corner, rect.y + corner);
            Drawn::Path {
                class: format!("n {}", class(*ink)),
                width: Some(number(rect.width)),
                d: path(&[center]) + "h0",
            }
        }
        Shape::Area {
            rect,
            corner,
            fill,
            pen,
        } => area(rect, *corner, *fill, *pen),
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

fn area(rect: &Rect, corner: f64, fill: Fill, pen: Option<Pen>) -> Drawn {
    let mut classes = match fill {
        Fill::Paper => vec!["paper".to_owned()],
        Fill::Pale(ink) => vec!["p".to_owned(), class(ink)],
        Fill::Full(ink) => vec!["f".to_owned(), class(ink)],
    };
    if let Some(pen) = pen {
        classes.push("o".to_owned());
        classes.extend((pen.dash > 0).then(|| format!("d{}", pen.dash)));
        let ink = class(pen.ink);
        if !classes.contains(&ink) {
            classes.push(ink);
        }
    }
    let class = classes.join(" ");
    if corner == 0.0 {
        let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
        let corners = [
            (rect.x, rect.y),
            (right, rect.y),
            (right, bottom),
            (rect.x, bottom),
        ];
        return Drawn::Path {
            class,
            width: None,
            d: path(&corners) + "Z",
        };
    }
    Drawn::Rect {
        class,
        x: number(rect.x),
        y: number(rect.y),
        width: number(rect.width),
        height: number(rect.height),
        corner: (corner != CORNER).then(|| number(corner)),
    }
}

fn stroke(pen: Pen) -> String {
    match pen.dash {
        0 => format!("l {}", class(pen.ink)),
        n => format!("l d{n} {}", class(pen.ink)),
    }
}

/// Returns the commands of a path; horizontal and vertical pieces have short ones.
fn path(points: &[Place]) -> String {
    let mut d = String::new();
    let mut before: Option<(String, String)> = None;
    for (x, y) in points {
        let (x, y) = (number(*x), number(*y));
        d += &match &before {
            None => format!("M{x} {y}"),
            Some((_, same)) if *same == y => format!("H{x}"),
            Some((same, _)) if *same == x => format!("V{y}"),
            Some(_) => format!("L{x} {y}"),
        };
        before = Some((x, y));
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
