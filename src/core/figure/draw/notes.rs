//! Text above and below a drawing: captions, and labels for which the drawing has no room.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Breaks a text into lines of at most `width` columns, between words where possible.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let columns = word.width();
        match lines.last_mut() {
            Some(line) if used + 1 + columns <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + columns;
            }
            _ if columns <= width => {
                lines.push(word.to_owned());
                used = columns;
            }
            _ => used = cut(word, width, &mut lines),
        }
    }
    lines
}

/// Adds a word that is longer than a line, and returns the columns of its last piece.
fn cut(word: &str, width: usize, lines: &mut Vec<String>) -> usize {
    lines.push(String::new());
    let mut used = 0;
    for cluster in word.graphemes(true) {
        let columns = cluster.width();
        if used + columns > width && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(line) = lines.last_mut() {
            line.push_str(cluster);
        }
    }
    used
}
