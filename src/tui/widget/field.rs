//! A text field: what was typed, where the cursor stands, and how it wraps.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::app::key::{Code, Key};
use crate::core::text::Text;

#[derive(Clone, Debug, Default)]
pub struct Field {
    text: String,
    /// Bytes before the cursor; always between two graphemes.
    cursor: usize,
    multiline: bool,
    longest: usize,
}

impl Field {
    /// A field that holds at most `longest` bytes.
    pub fn new(text: &str, multiline: bool, longest: usize) -> Self {
        Self { text: text.to_owned(), cursor: text.len(), multiline, longest }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// Text typed or pasted, made safe to draw; what no longer fits is left out.
    pub fn insert(&mut self, text: &str) {
        let mut clean = Text::new(text).as_str().to_owned();
        if !self.multiline {
            clean = clean.replace('\n', " ");
        }
        for grapheme in clean.graphemes(true) {
            if self.text.len() + grapheme.len() > self.longest {
                break;
            }
            self.text.insert_str(self.cursor, grapheme);
            self.cursor += grapheme.len();
        }
    }

    /// Does what the key does in a field; `false` if it does nothing there.
    pub fn press(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        match key.code {
            Code::Enter if self.multiline => self.insert("\n"),
            Code::Backspace => {
                if let Some(g) = self.text[..self.cursor].graphemes(true).next_back() {
                    self.cursor -= g.len();
                    self.text.drain(self.cursor..self.cursor + g.len());
                }
            }
            Code::Delete => {
                if let Some(g) = self.text[self.cursor..].graphemes(true).next() {
                    self.text.drain(self.cursor..self.cursor + g.len());
                }
            }
            Code::Left => self.cursor -= self.text[..self.cursor].graphemes(true).next_back().map_or(0, str::len),
            Code::Right => self.cursor += self.text[self.cursor..].graphemes(true).next().map_or(0, str::len),
            Code::Home => self.cursor = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1),
            Code::End => self.cursor += self.text[self.cursor..].find('\n').unwrap_or(self.text.len() - self.cursor),
            Code::Up if self.multiline => self.vertically(false),
            Code::Down if self.multiline => self.vertically(true),
            _ => return false,
        }
        true
    }

    /// To the same column of the line of text above or below.
    fn vertically(&mut self, down: bool) {
        let start = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[start..self.cursor].graphemes(true).count();
        let target = if down {
            self.text[self.cursor..].find('\n').map(|at| self.cursor + at + 1)
        } else {
            start.checked_sub(1).map(|end| self.text[..end].rfind('\n').map_or(0, |at| at + 1))
        };
        if let Some(target) = target {
            let line = self.text[target..].lines().next().unwrap_or("");
            self.cursor = target + line.graphemes(true).take(column).map(str::len).sum::<usize>();
        }
    }

    /// The text in rows of at most `width` columns, and the row and column of the cursor.
    pub fn rows(&self, width: usize) -> (Vec<String>, (usize, usize)) {
        let width = width.max(2);
        let mut rows = vec![String::new()];
        let mut cursor = (0, 0);
        let mut at = 0;
        for grapheme in self.text.graphemes(true) {
            let last = rows.len() - 1;
            if at == self.cursor {
                cursor = (last, rows[last].width());
            }
            at += grapheme.len();
            if grapheme == "\n" {
                rows.push(String::new());
            } else if rows[last].width() + grapheme.width() >= width {
                rows.push(grapheme.to_owned());
                if at - grapheme.len() == self.cursor {
                    cursor = (last + 1, 0);
                }
            } else {
                rows[last].push_str(grapheme);
            }
        }
        if at == self.cursor {
            cursor = (rows.len() - 1, rows[rows.len() - 1].width());
        }
        (rows, cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pressed(field: &mut Field, keys: &str) {
        for key in keys.split_whitespace() {
            field.press(key.parse().unwrap());
        }
    }

    #[test]
    fn typing_and_taking_back() {
        let mut field = Field::new("", false, 20);
        pressed(&mut field, "1 2 4 left 3 end backspace");
        assert_eq!(field.text(), "123");
    }

    #[test]
    fn lines_above_and_below() {
        let mut field = Field::new("one\ntwo\nthree", true, 100);
        pressed(&mut field, "up up home x down down end y");
        assert_eq!(field.text(), "xone\ntwo\nthreey");
    }

    proptest! {
        #[test]
        fn no_key_breaks_it(start in ".{0,30}", keys in prop::collection::vec(0..11usize, 0..60), width in 1..30usize) {
            let mut field = Field::new(crate::core::text::Text::new(&start).as_str(), true, 200);
            let names = ["left", "right", "up", "down", "home", "end", "backspace", "delete", "enter", "ä", "中"];
            for key in keys { field.press(names[key].parse().unwrap()); field.rows(width); }
            prop_assert!(field.text().len() <= 200);
        }
    }
}
