//! A text field: its text, its cursor, and its line wrapping.

use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::app::key::{Code, Key};
use crate::core::text::Text;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::count;

/// A text field that is being edited.
#[derive(Clone, Debug, Default)]
pub struct Field {
    text: String,
    /// The number of bytes before the cursor; always between two graphemes.
    cursor: usize,
    multiline: bool,
    longest: usize,
}

impl Field {
    /// Creates a field that holds at most `longest` bytes.
    pub fn new(text: &str, multiline: bool, longest: usize) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
            multiline,
            longest,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// Returns true if text still fits into the field.
    pub fn has_room(&self, text: &str) -> bool {
        self.text.len() + text.len() <= self.longest
    }

    /// Inserts pasted text. Returns a sentence for the person if its end does not fit.
    pub fn paste(&mut self, text: &str) -> Option<String> {
        let left = self.insert(text);
        (left > 0).then(|| {
            let left = count(left, "character");
            format!("the field is full: the end of the paste was left out ({left})")
        })
    }

    /// Inserts typed or pasted text, made safe to draw. Returns the number of characters that no longer fit, which are
    /// dropped.
    pub fn insert(&mut self, text: &str) -> usize {
        // Terminals send the line breaks of a paste as CR, or as they were copied.
        let mut clean = Text::new(&text.replace("\r\n", "\n").replace('\r', "\n"))
            .as_str()
            .to_owned();
        if !self.multiline {
            clean = clean.replace('\n', " ");
        }
        for (at, grapheme) in clean.grapheme_indices(true) {
            if self.text.len() + grapheme.len() > self.longest {
                return clean[at..].graphemes(true).count();
            }
            self.text.insert_str(self.cursor, grapheme);
            self.cursor += grapheme.len();
        }
        0
    }

    /// Handles a key; returns `false` if it does nothing in a field.
    pub fn press(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        match key.code {
            // The readline keys.
            Code::Char('a') if key.ctrl => self.cursor = self.line_start(),
            Code::Char('e') if key.ctrl => self.cursor = self.line_end(),
            Code::Char('b') if key.alt => self.cursor = self.word_start(),
            Code::Char('f') if key.alt => self.cursor = self.word_end(),
            Code::Char('u') if key.ctrl => self.delete(self.line_start(), self.cursor),
            Code::Char('k') if key.ctrl => self.delete(self.cursor, self.line_end()),
            Code::Char('w') if key.ctrl => self.delete(self.word_start(), self.cursor),
            Code::Backspace if key.alt => self.delete(self.word_start(), self.cursor),
            Code::Char('d') if key.alt => self.delete(self.cursor, self.word_end()),
            Code::Char('h') if key.ctrl => self.delete(self.before(), self.cursor),
            Code::Char('d') if key.ctrl => self.delete(self.cursor, self.after()),
            Code::Enter if self.multiline => {
                self.insert("\n");
            }
            Code::Backspace => self.delete(self.before(), self.cursor),
            Code::Delete => self.delete(self.cursor, self.after()),
            Code::Left => self.cursor = self.before(),
            Code::Right => self.cursor = self.after(),
            Code::Home => self.cursor = self.line_start(),
            Code::End => self.cursor = self.line_end(),
            Code::Up if self.multiline => self.vertically(false),
            Code::Down if self.multiline => self.vertically(true),
            _ => return false,
        }
        true
    }

    fn delete(&mut self, from: usize, to: usize) {
        self.text.drain(from..to);
        self.cursor = from;
    }

    /// Returns the start of the character before the cursor.
    fn before(&self) -> usize {
        self.text[..self.cursor]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    /// Returns the end of the character at the cursor.
    fn after(&self) -> usize {
        self.cursor
            + self.text[self.cursor..]
                .graphemes(true)
                .next()
                .map_or(0, str::len)
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..]
            .find('\n')
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    /// Returns the start of the word before the cursor.
    fn word_start(&self) -> usize {
        let is_blank = |(_, grapheme): &(usize, &str)| grapheme.trim().is_empty();
        let graphemes = self.text[..self.cursor].grapheme_indices(true).rev();
        let word = graphemes
            .skip_while(is_blank)
            .take_while(|grapheme| !is_blank(grapheme));
        word.last().map_or(0, |(at, _)| at)
    }

    /// Returns the end of the word at or after the cursor.
    fn word_end(&self) -> usize {
        let is_blank = |(_, grapheme): &(usize, &str)| grapheme.trim().is_empty();
        let graphemes = self.text[self.cursor..].grapheme_indices(true);
        let word = graphemes
            .skip_while(is_blank)
            .take_while(|grapheme| !is_blank(grapheme));
        word.last().map_or(self.text.len(), |(at, grapheme)| {
            self.cursor + at + grapheme.len()
        })
    }

    /// Moves to the same column of the line of text above or below.
    fn vertically(&mut self, down: bool) {
        let start = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[start..self.cursor].graphemes(true).count();
        let target = if down {
            self.text[self.cursor..]
                .find('\n')
                .map(|at| self.cursor + at + 1)
        } else {
            start
                .checked_sub(1)
                .map(|end| self.text[..end].rfind('\n').map_or(0, |at| at + 1))
        };
        if let Some(target) = target {
            let line = self.text[target..].lines().next().unwrap_or("");
            self.cursor = target
                + line
                    .graphemes(true)
                    .take(column)
                    .map(str::len)
                    .sum::<usize>();
        }
    }

    /// Returns the text in rows of at most `width` columns, broken at spaces, and the row and column of the cursor.
    pub fn rows(&self, width: usize) -> (Vec<String>, (usize, usize)) {
        let starts = self.row_starts(width.max(2));
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        let row = |(start, end): (&usize, usize)| {
            self.text[*start..end].trim_end_matches('\n').to_owned()
        };
        let rows = starts.iter().zip(ends).map(row).collect();
        let at = starts
            .iter()
            .rposition(|start| *start <= self.cursor)
            .unwrap_or(0);
        (rows, (at, self.text[starts[at]..self.cursor].width()))
    }

    /// Draws the text with the cursor, which is kept in view.
    pub fn draw(&self, page: &mut Page, look: &Look, width: usize) {
        let (rows, (row, column)) = self.rows(width.saturating_sub(3));
        let first = page.body.len();
        for text in rows {
            page.push(Line::from(vec![
                look.span(look.theme.mark("│ ", "| "), Role::Key),
                look.span(text, Role::Text),
            ]));
        }
        page.focus = Some((first + row, first + row));
        page.cursor = Some((first + row, 2 + column));
    }

    /// Returns the byte offset at which each row begins.
    fn row_starts(&self, width: usize) -> Vec<usize> {
        let (mut starts, mut start, mut used) = (vec![0], 0, 0);
        // The byte offset after the last space of the row, and the columns up to there.
        let mut space: Option<(usize, usize)> = None;
        for (at, grapheme) in self.text.grapheme_indices(true) {
            let wide = grapheme.width();
            // A space may fill the last column, which is otherwise reserved for the cursor.
            let is_full = used + wide + usize::from(grapheme != " ") > width;
            if grapheme == "\n" {
                (start, used, space) = (at + 1, 0, None);
                starts.push(start);
                continue;
            }
            if is_full && at > start {
                let (next, before) = space.take().unwrap_or((at, used));
                (start, used) = (next, used - before);
                starts.push(start);
            }
            used += wide;
            if grapheme == " " {
                space = Some((at + 1, used));
            }
        }
        starts
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
    fn what_does_not_fit_of_a_paste_is_counted() {
        let mut field = Field::new("", true, 10);
        assert_eq!(field.paste("ten\r\nbytes"), None);
        let words = field.paste("äö").unwrap();
        assert!(words.ends_with("left out (2 characters)"), "{words}");
        assert_eq!(field.text(), "ten\nbytes");
    }

    #[test]
    fn lines_above_and_below() {
        let mut field = Field::new("one\ntwo\nthree", true, 100);
        pressed(&mut field, "up up home x down down end y");
        assert_eq!(field.text(), "xone\ntwo\nthreey");
    }

    #[test]
    fn readline_keys_move_and_delete() {
        let mut field = Field::new("one two three", false, 100);
        pressed(&mut field, "ctrl+w x alt+b alt+b 1 ctrl+e y");
        assert_eq!(field.text(), "one 1two xy");
        pressed(&mut field, "ctrl+a alt+f ctrl+k");
        assert_eq!(field.text(), "one");
        pressed(&mut field, "ctrl+h z ctrl+a ctrl+d alt+d alt+backspace");
        assert_eq!(field.text(), "");
        let mut field = Field::new("above\nbelow", true, 100);
        pressed(&mut field, "ctrl+u up ctrl+e !");
        assert_eq!(field.text(), "above!\n");
    }

    #[test]
    fn line_breaks_of_any_system_are_pasted_as_such() {
        let mut field = Field::new("", true, 100);
        field.insert("a\rb\r\nc\nd");
        assert_eq!(field.text(), "a\nb\nc\nd");
        let mut field = Field::new("", false, 100);
        field.insert("a\rb\r\nc");
        assert_eq!(field.text(), "a b c");
    }

    #[test]
    fn rows_break_at_spaces() {
        let rows = |text: &str, width| Field::new(text, true, 100).rows(width);
        assert_eq!(
            rows("one two three", 9),
            (vec!["one two ".to_owned(), "three".to_owned()], (1, 5))
        );
        assert_eq!(
            rows("onetwothree", 6).0,
            ["onetw", "othre", "e"],
            "a word that fits no row is cut"
        );
        assert_eq!(
            rows("a\n\nb ", 6),
            (vec!["a".to_owned(), String::new(), "b ".to_owned()], (2, 2))
        );
    }

    proptest! {
        #[test]
        fn rows_hold_the_whole_text_and_fit(text in "[a-c \n中]{0,40}", width in 2..20usize) {
            let (rows, (row, column)) = Field::new(&text, true, 200).rows(width);
            let without_breaks = |text: &str| text.replace('\n', "");
            prop_assert_eq!(rows.concat(), without_breaks(&text));
            prop_assert!(rows.iter().all(|row| row.width() <= width.max(3)), "{:?}", rows);
            prop_assert!(row < rows.len() && column <= rows[row].width());
        }

        #[test]
        fn no_key_breaks_it(start in ".{0,30}", keys in prop::collection::vec(0..17usize, 0..60), width in 1..30usize) {
            let mut field = Field::new(crate::core::text::Text::new(&start).as_str(), true, 200);
            let names = ["left", "right", "up", "down", "home", "end", "backspace", "delete", "enter", "ä", "中", "ctrl+u", "ctrl+w",
                "ctrl+k", "alt+b", "alt+f", "alt+d"];
            for key in keys { field.press(names[key].parse().unwrap()); field.rows(width); }
            prop_assert!(field.text().len() <= 200);
        }
    }
}
