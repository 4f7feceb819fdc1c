//! Cards: a front with blanks, and a back.

use crate::core::text::Text;

/// A card. Its question shows the front with its blanks hidden.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The front as it is written, with blanks such as `{{a majority}}` or `{{a majority::how many?}}`.
    pub front: Text,
    /// The back; may be empty if the front has blanks.
    pub back: Text,
}

impl Card {
    /// Returns the front with `[…]` or a hint in the place of each blank.
    pub fn prompt(&self) -> Text {
        self.with_blanks(|_, hint| format!("[{}]", hint.unwrap_or("…")))
    }

    /// Returns what is revealed: the front with its blanks filled in, if it has any, and the back.
    pub fn answer(&self) -> Text {
        let filled = self.with_blanks(|answer, _| answer.to_owned());
        match (self.has_blanks(), self.back.is_empty()) {
            (false, _) => self.back.clone(),
            (true, true) => filled,
            (true, false) => Text::new(&format!("{filled}\n\n{}", self.back)),
        }
    }

    pub fn has_blanks(&self) -> bool {
        split_at_blank(self.front.as_str()).is_some()
    }

    /// Replaces each blank by what `shown` returns for its text and its hint.
    fn with_blanks(&self, shown: impl Fn(&str, Option<&str>) -> String) -> Text {
        let mut text = String::with_capacity(self.front.as_str().len());
        let mut rest = self.front.as_str();
        while let Some((before, inner, after)) = split_at_blank(rest) {
            text.push_str(before);
            text.push_str(&match inner.split_once("::") {
                Some((answer, hint)) => shown(answer, Some(hint)),
                None => shown(inner, None),
            });
            rest = after;
        }
        text.push_str(rest);
        Text::new(&text)
    }
}

/// Splits at the first `{{...}}` into the text before it, its inner part, and the text after it.
fn split_at_blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inner, after) = rest.split_once("}}")?;
    Some((before, inner, after))
}
