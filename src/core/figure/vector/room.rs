//! Finds places for labels beside the lines and other labels of a drawing.

use super::{Anchor, FONT, Place, Rect, VectorImage, text_width};
use crate::core::figure::picture::Ink;

/// The space that labels keep around themselves.
const MARGIN: f64 = 2.0;

/// The space of a drawing and what takes it.
#[derive(Default)]
pub struct Room {
    /// Labels must be inside.
    pub bounds: Rect,
    areas: Vec<Rect>,
    lines: Vec<[Place; 2]>,
}

impl Room {
    pub fn new(bounds: Rect) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    pub fn take(&mut self, area: Rect) {
        self.areas.push(area);
    }

    pub fn take_line(&mut self, points: &[Place]) {
        let pairs = points.windows(2).map(|pair| [pair[0], pair[1]]);
        self.lines.extend(pairs);
    }

    /// Draws `text` at the first place where it overlaps nothing, and returns that place; `None` if there is none.
    pub fn label(
        &mut self,
        image: &mut VectorImage,
        text: &str,
        ink: Ink,
        places: impl IntoIterator<Item = (Place, Anchor)>,
    ) -> Option<Place> {
        let fits = |(at, anchor): &(Place, Anchor)| self.is_free(extent(text, *at, *anchor));
        let (at, anchor) = places.into_iter().find(fits)?;
        self.take(extent(text, at, anchor));
        image.label(at, anchor, text, ink);
        Some(at)
    }

    fn is_free(&self, rect: Rect) -> bool {
        let Rect { x, y, .. } = self.bounds;
        rect.x >= x
            && rect.y >= y
            && rect.x + rect.width <= x + self.bounds.width
            && rect.y + rect.height <= y + self.bounds.height
            && !self.areas.iter().any(|area| overlaps(rect, *area))
            && !self.lines.iter().any(|line| crosses(rect, *line))
    }
}

/// Returns the area of a text whose baseline is at `at`.
fn extent(text: &str, at: Place, anchor: Anchor) -> Rect {
    let width = text_width(text);
    let x = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - width / 2.0,
        Anchor::End => at.0 - width,
    };
    Rect::new(
        x - MARGIN,
        at.1 - FONT + 2.0 - MARGIN,
        width + 2.0 * MARGIN,
        FONT + 2.0 * MARGIN,
    )
}

fn overlaps(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/// Returns true if the line has a point in the rectangle (the algorithm of Liang and Barsky).
fn crosses(rect: Rect, [(x0, y0), (x1, y1)]: [Place; 2]) -> bool {
    let (dx, dy) = (x1 - x0, y1 - y0);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let sides = [
        (-dx, x0 - rect.x),
        (dx, rect.x + rect.width - x0),
        (-dy, y0 - rect.y),
        (dy, rect.y + rect.height - y0),
    ];
    for (p, q) in sides {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    from <= to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_avoids_lines_and_other_labels() {
        let mut image = VectorImage::new(200.0);
        let mut room = Room::new(Rect::new(0.0, 0.0, 200.0, 100.0));
        room.take_line(&[(0.0, 50.0), (200.0, 50.0)]);
        let places = [52.0, 40.0, 90.0].map(|y| ((10.0, y), Anchor::Start));
        let mut place = |text| room.label(&mut image, text, Ink::Plain, places);
        assert_eq!(place("first"), Some((10.0, 40.0)));
        assert_eq!(place("second"), Some((10.0, 90.0)));
        assert_eq!(place("third"), None);
    }

    #[test]
    fn a_slanted_line_may_pass_a_corner() {
        let rect = Rect::new(10.0, 10.0, 10.0, 10.0);
        assert!(crosses(rect, [(0.0, 0.0), (30.0, 30.0)]));
        assert!(!crosses(rect, [(0.0, 15.0), (15.0, 30.0)]));
        assert!(!crosses(rect, [(0.0, 0.0), (9.0, 9.0)]));
    }
}
