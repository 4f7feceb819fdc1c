//! Reading a vote on a question with choices, which are named by letters or numbers.

use super::answer::{NotAVote, TypedVote, complete, confidence};
use crate::core::id::ChoiceId;
use crate::core::response::Answer;
use crate::session::present::letter;

/// A message on a question with choices.
pub struct Choices<'a> {
    pub order: &'a [ChoiceId],
    pub text: &'a str,
}

/// A choice named by a letter or a number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Symbol {
    Letter(usize),
    Digit(usize),
}

/// A word of letters and numbers that can be a part of a vote.
struct Word {
    symbols: Vec<Symbol>,
    end: usize,
}

impl Choices<'_> {
    /// Returns the words at the beginning of the text that consist of choices and digits only.
    fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        let mut at = 0;
        loop {
            let gap = self.text[at..].trim_start_matches(is_separator);
            let start = self.text.len() - gap.len();
            let length = gap
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(gap.len());
            let word = &gap[..length];
            at = start + length;
            if matches!(word.to_ascii_lowercase().as_str(), "and" | "then") && !words.is_empty() {
                continue;
            }
            let symbols: Option<Vec<Symbol>> = word.chars().map(|c| self.symbol(c)).collect();
            match symbols {
                Some(symbols) if !symbols.is_empty() => words.push(Word { symbols, end: at }),
                _ => return words,
            }
        }
    }

    fn symbol(&self, c: char) -> Option<Symbol> {
        let lower = c.to_ascii_lowercase();
        match c.to_digit(10) {
            Some(digit) => Some(Symbol::Digit(digit as usize)),
            None => (0..self.order.len())
                .find(|place| letter(*place) == lower)
                .map(Symbol::Letter),
        }
    }

    /// Returns the reason why the text begins with no vote.
    fn no_vote(&self) -> NotAVote {
        let first: Vec<char> = self
            .text
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .collect();
        match first.as_slice() {
            [c] if c.is_ascii_alphabetic() => {
                NotAVote::Beyond(letter(self.order.len().saturating_sub(1)))
            }
            [c, digit] if c.is_ascii_alphabetic() && digit.is_ascii_digit() => {
                NotAVote::Beyond(letter(self.order.len().saturating_sub(1)))
            }
            _ => NotAVote::Words,
        }
    }

    /// Returns the choice at a place from 0.
    fn choice(&self, place: usize) -> Result<ChoiceId, NotAVote> {
        let last = letter(self.order.len().saturating_sub(1));
        self.order.get(place).copied().ok_or(NotAVote::Beyond(last))
    }

    /// Reads `b`, `b3`, `b 3`, `2` or `2 3`.
    pub fn single(&self) -> Result<TypedVote, NotAVote> {
        let words = self.words();
        let first = words.first().ok_or_else(|| self.no_vote())?;
        let (place, said) = match first.symbols.as_slice() {
            [Symbol::Letter(place)] => (*place, None),
            [Symbol::Letter(place), Symbol::Digit(said)] => (*place, Some(*said)),
            [Symbol::Digit(n)] => (n.checked_sub(1).ok_or(NotAVote::Words)?, None),
            [Symbol::Letter(_), ..] => return Err(NotAVote::Words),
            _ => return Err(NotAVote::Ambiguous),
        };
        let picked = Answer::Picked(vec![self.choice(place)?]);
        self.finish(picked, first.end, said, &words[1..])
    }

    /// Reads `acd`, `a c d`, `134` or `1 3 4`: at most `most` choices, or all in their order.
    pub fn several(&self, most: usize, ordered: bool) -> Result<TypedVote, NotAVote> {
        let words = self.words();
        let first = words.first().ok_or_else(|| self.no_vote())?;
        let is_letters = matches!(first.symbols.first(), Some(Symbol::Letter(_)));
        let (places, said, used) = listed(&words, most, is_letters)?;
        let ids: Vec<ChoiceId> = places
            .iter()
            .map(|place| self.choice(*place))
            .collect::<Result<_, _>>()?;
        let is_repeated = (1..ids.len()).any(|at| ids[..at].contains(&ids[at]));
        match ids.len() {
            n if ordered && (n != most || is_repeated) => return Err(NotAVote::Incomplete(most)),
            n if n > most => return Err(NotAVote::TooMany(most)),
            _ if is_repeated => return Err(NotAVote::Ambiguous),
            // With fewer digits than options to choose, one of them may be the confidence.
            n if !is_letters && n < most => return Err(NotAVote::Ambiguous),
            _ => {}
        }
        let mut picked = ids;
        if !ordered {
            picked.sort();
        }
        let answer = if ordered {
            Answer::Ordered(picked)
        } else {
            Answer::Picked(picked)
        };
        self.finish(answer, words[used - 1].end, said, &words[used..])
    }

    /// Reads `1c 2a 3b`, or `cab` for the entries from first to last.
    pub fn pairs(&self, left: usize) -> Result<TypedVote, NotAVote> {
        let words = self.words();
        let first = words.first().ok_or_else(|| self.no_vote())?;
        if matches!(first.symbols.first(), Some(Symbol::Letter(_))) {
            return self.column(left, &words);
        }
        let mut pairs = vec![None; left];
        let (mut number, mut end, mut used) = (None, 0, 0);
        for (at, word) in words.iter().enumerate() {
            for symbol in &word.symbols {
                number = match (number, symbol) {
                    (None, Symbol::Digit(n)) => Some(*n),
                    (Some(n), Symbol::Letter(place)) => {
                        let pair = n
                            .checked_sub(1)
                            .and_then(|n| pairs.get_mut(n))
                            .ok_or(NotAVote::Words)?;
                        if pair.replace(self.choice(*place)?).is_some() {
                            return Err(NotAVote::Ambiguous);
                        }
                        (end, used) = (word.end, at + 1);
                        None
                    }
                    _ => return Err(NotAVote::Ambiguous),
                };
            }
        }
        // A last number without a letter is the confidence, if it is a word of its own.
        let rest = words.get(used..).unwrap_or_default();
        let is_apart = rest.len() == usize::from(number.is_some());
        if pairs.iter().all(Option::is_none) || !is_apart {
            return Err(NotAVote::Words);
        }
        self.finish(Answer::Matched(pairs), end, None, rest)
    }

    /// Reads the letters for the entries on the left, from first to last: `cab` or `c a b`.
    fn column(&self, left: usize, words: &[Word]) -> Result<TypedVote, NotAVote> {
        let (mut pairs, mut said, mut used) = (Vec::new(), None, 0);
        for word in words {
            if pairs.len() >= left {
                break;
            }
            for symbol in &word.symbols {
                match symbol {
                    Symbol::Letter(place) if said.is_none() => {
                        pairs.push(Some(self.choice(*place)?));
                    }
                    Symbol::Digit(n) if said.is_none() && !pairs.is_empty() => said = Some(*n),
                    _ => return Err(NotAVote::Ambiguous),
                }
            }
            used += 1;
        }
        if pairs.len() != left {
            return Err(NotAVote::Incomplete(left));
        }
        self.finish(
            Answer::Matched(pairs),
            words[used - 1].end,
            said,
            &words[used..],
        )
    }

    /// Adds the confidence and the reason after a vote that ends at a byte of the text. `rest` are the words after it
    /// that could be choices, too.
    fn finish(
        &self,
        answer: Answer,
        end: usize,
        said: Option<usize>,
        rest: &[Word],
    ) -> Result<TypedVote, NotAVote> {
        let (mut end, mut rest) = (end, rest);
        let mut stated = said.map(confidence).transpose()?;
        if let (None, Some(word)) = (stated, rest.first())
            && let [Symbol::Digit(n)] = word.symbols.as_slice()
        {
            stated = Some(confidence(*n)?);
            (end, rest) = (word.end, &rest[1..]);
        }
        let tail = &self.text[end..];
        let is_rest_choices = rest
            .last()
            .is_some_and(|word| self.text[word.end..].chars().all(|c| !c.is_alphanumeric()));
        if is_rest_choices {
            return Err(NotAVote::Ambiguous);
        }
        // In "a 3 node cluster", neither the letter nor the digit is a vote.
        let is_article = self.text.starts_with(['a', 'A']);
        let is_adjacent = said.is_some() || stated.is_some() && !is_article;
        complete(answer, stated, tail, is_adjacent)
    }
}

/// Returns the places that words list, from 0, the confidence in the last of them, and the number of these words.
fn listed(
    words: &[Word],
    most: usize,
    is_letters: bool,
) -> Result<(Vec<usize>, Option<usize>, usize), NotAVote> {
    let (mut places, mut said, mut used) = (Vec::new(), None, 0);
    for word in words {
        if used > 0 && (places.len() >= most || said.is_some() || word.symbols.len() > 2) {
            break;
        }
        let (mut of_word, mut said_here) = (Vec::new(), None);
        for symbol in &word.symbols {
            match symbol {
                Symbol::Letter(place) if is_letters && said_here.is_none() => {
                    of_word.push(*place);
                }
                Symbol::Digit(n) if is_letters && said_here.is_none() => said_here = Some(*n),
                Symbol::Digit(n) if !is_letters => of_word.push(n.wrapping_sub(1)),
                _ => return Err(NotAVote::Ambiguous),
            }
        }
        if is_letters && of_word.is_empty() {
            break;
        }
        // A number of options and one digit more, such as 1343: the last one is the confidence.
        if !is_letters && of_word.len() == most + 1 && used == 0 {
            said_here = of_word.pop().map(|place| place.wrapping_add(1));
        }
        // A joined word is the whole vote.
        let is_joined = of_word.len() > 1;
        if is_joined && used > 0 {
            return Err(NotAVote::Ambiguous);
        }
        (places, said, used) = ([places, of_word].concat(), said_here, used + 1);
        if is_joined {
            break;
        }
    }
    Ok((places, said, used))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | '.' | '(' | ')' | '+' | '&' | '/' | '>' | '-' | '–' | '→' | '=' | ':' | '<'
        )
}
