//! Blanks of Anki, `{{c1::a majority::how many?}}`, as the blanks of cards, `{{a majority::how many?}}`.

use std::collections::BTreeSet;

/// The largest depth of blanks inside of blanks.
const MAX_DEPTH: usize = 8;

/// A text with its blanks.
#[derive(Debug)]
enum Piece<'a> {
    Plain(&'a str),
    Blank {
        number: u32,
        inner: Vec<Piece<'a>>,
        hint: &'a str,
    },
}

/// Returns true if a text has a blank.
pub fn is_in(text: &str) -> bool {
    !numbers(&pieces(text)).is_empty()
}

/// Returns a front for each number of the blanks in a text; the other blanks are filled in.
pub fn cards(text: &str, losses: &mut Vec<String>) -> Vec<(u32, String)> {
    let pieces = pieces(text);
    let fronts = numbers(&pieces).into_iter().map(|number| {
        let mut front = String::with_capacity(text.len());
        write(&pieces, Some(number), &mut front, losses);
        (number, front)
    });
    fronts.collect()
}

/// Returns a text without blanks in which `{{` does not begin one.
pub fn literal(text: &str, losses: &mut Vec<String>) -> String {
    if text.contains("{{") {
        losses.push("`{{` was written as `{ {`, because it would begin a blank".to_owned());
    }
    text.replace("{{", "{ {")
}

fn numbers(pieces: &[Piece]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for piece in pieces {
        if let Piece::Blank { number, inner, .. } = piece {
            found.insert(*number);
            found.extend(numbers(inner));
        }
    }
    found
}

/// Writes a text with the blanks of one number; those inside of a blank are filled in.
fn write(pieces: &[Piece], number: Option<u32>, front: &mut String, losses: &mut Vec<String>) {
    for piece in pieces {
        match piece {
            Piece::Plain(text) => front.push_str(&literal(text, losses)),
            Piece::Blank {
                number: own,
                inner,
                hint,
            } if Some(*own) == number => {
                front.push_str("{{");
                write(inner, None, front, losses);
                if !hint.is_empty() {
                    front.push_str("::");
                    front.push_str(hint);
                }
                front.push_str("}}");
            }
            Piece::Blank { inner, .. } => write(inner, number, front, losses),
        }
    }
}

/// A blank whose end was not met yet.
struct Open<'a> {
    /// Its beginning, such as `{{c1::`.
    mark: &'a str,
    number: u32,
    /// What precedes it.
    before: Vec<Piece<'a>>,
}

/// Splits a text at its blanks. A blank without an end is plain text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut open: Vec<Open> = Vec::new();
    let (mut pieces, mut rest, mut from) = (Vec::new(), text, 0);
    while let Some(at) = rest[from..].find(['{', '}']).map(|at| at + from) {
        let (plain, marked) = rest.split_at(at);
        if let Some((mark, number)) = beginning(marked).filter(|_| open.len() < MAX_DEPTH) {
            pieces.push(Piece::Plain(plain));
            let before = std::mem::take(&mut pieces);
            open.push(Open {
                mark,
                number,
                before,
            });
            (rest, from) = (&marked[mark.len()..], 0);
        } else if marked.starts_with("}}")
            && let Some(Open { number, before, .. }) = open.pop()
        {
            let (plain, hint) = plain.split_once("::").unwrap_or((plain, ""));
            pieces.push(Piece::Plain(plain));
            let inner = std::mem::replace(&mut pieces, before);
            pieces.push(Piece::Blank {
                number,
                inner,
                hint,
            });
            (rest, from) = (&marked[2..], 0);
        } else {
            from = at + 1;
        }
    }
    pieces.push(Piece::Plain(rest));
    while let Some(Open { mark, before, .. }) = open.pop() {
        let inner = std::mem::replace(&mut pieces, before);
        pieces.push(Piece::Plain(mark));
        pieces.extend(inner);
    }
    pieces
}

/// Returns the beginning of a blank, such as `{{c1::`, and its number.
fn beginning(text: &str) -> Option<(&str, u32)> {
    let (number, _) = text.strip_prefix("{{c")?.split_once("::")?;
    let parsed = number.parse().ok()?;
    Some((&text[..number.len() + 5], parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fronts(text: &str) -> Vec<String> {
        let cards = cards(text, &mut Vec::new());
        cards.into_iter().map(|(_, front)| front).collect()
    }

    #[test]
    fn each_number_becomes_a_card_with_the_other_blanks_filled_in() {
        assert_eq!(
            fronts("{{c1::Raft}} needs {{c2::a majority::how many?}} of {{c1::nodes}}"),
            [
                "{{Raft}} needs a majority of {{nodes}}",
                "Raft needs {{a majority::how many?}} of nodes",
            ]
        );
        assert_eq!(fronts("{{c1::a {{c2::b}} c}}"), ["{{a b c}}", "a {{b}} c"]);
    }

    #[test]
    fn what_is_no_blank_stays_as_text() {
        assert!(!is_in("a {{ b }} c"));
        assert!(!is_in("{{c1::never closed"));
        assert!(!is_in("{{c999999999999::x}}"));
        assert_eq!(
            fronts("{{c1::x}} {{ y }} }} {{c2::open"),
            ["{{x}} { { y }} }} { {c2::open"]
        );
        let deep = "{{c1::".repeat(50_000) + &"}}".repeat(50_000);
        assert_eq!(fronts(&deep).len(), 1);
    }
}
