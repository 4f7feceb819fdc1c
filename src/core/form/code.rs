//! The form code: typed on another machine, it reproduces the same form.
//!
//! Six characters of Crockford's base 32 hold 30 bits: 2 for a usual size, 18 for
//! the seed, 10 to detect different decks. Anything unusual follows as a bit string
//! of variable length: another size or selection, and the places where questions
//! that the person had already seen were skipped.

use std::fmt;

/// The input from which a form is drawn.
#[derive(Clone, Debug)]
pub enum Request {
    /// A new form. `competencies` has one bit per competency of the blueprint.
    Draw {
        seed: u64,
        size: usize,
        competencies: u16,
        written: usize,
    },
    /// The form of an existing code.
    Repeat(Code),
}

/// A decoded form code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    seed: u64,
    size: usize,
    competencies: u16,
    written: usize,
    check: u16,
    ranks: Vec<usize>,
    row_turns: Vec<u32>,
    complete: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    #[error(
        "{0:?} is not a form code: one looks like 7K3-QX9 and stands in the result and the report"
    )]
    Unreadable(String),
    #[error(
        "this form code was made from other decks than these: give the same decks in the same version"
    )]
    OtherDecks,
}

/// The number of seeds that a code can hold.
pub const SEEDS: u64 = 1 << 18;
/// The largest number of questions in a form.
pub const LARGEST: usize = 1000;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Sizes with a short code: drawn from the eight scored competencies, without open questions.
const USUAL: [usize; 3] = [40, 24, 80];
const SCORED: u16 = 0xff;

impl Code {
    pub fn new(seed: u64, size: usize, competencies: u16, written: usize, check: u16) -> Self {
        Self {
            seed: seed % SEEDS,
            size: size.min(LARGEST),
            competencies: competencies & 0x3ff,
            written: written.min(31),
            check: check & 0x3ff,
            ranks: Vec::new(),
            row_turns: Vec::new(),
            complete: false,
        }
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn competencies(&self) -> u16 {
        self.competencies
    }

    pub fn written(&self) -> usize {
        self.written
    }

    pub fn check(&self) -> u16 {
        self.check
    }

    /// Returns true if the code was read from text, so its choices are repeated rather than made.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    pub(super) fn rank(&self, pick: usize) -> usize {
        self.ranks.get(pick).copied().unwrap_or(0)
    }

    pub(super) fn set_rank(&mut self, pick: usize, rank: usize) {
        set(&mut self.ranks, pick, rank);
    }

    pub(super) fn row_turn(&self, slot: usize) -> u32 {
        self.row_turns.get(slot).copied().unwrap_or(0)
    }

    pub(super) fn set_row_turn(&mut self, slot: usize, turn: u32) {
        set(&mut self.row_turns, slot, turn);
    }

    /// Parses a code. Case, spaces and dashes don't matter; O is read as 0, I and L as 1.
    ///
    /// # Errors
    /// [`BadCode::Unreadable`] for text that is no form's code.
    pub fn parse(text: &str) -> Result<Self, BadCode> {
        let unreadable = || BadCode::Unreadable(text.chars().take(60).collect());
        let mut bits = Bits::default();
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = ALPHABET
                .iter()
                .position(|a| char::from(*a) == c)
                .ok_or_else(unreadable)?;
            bits.push(digit as u64, 5);
        }
        if bits.len() < 30 || bits.len() > 60_000 {
            return Err(unreadable());
        }
        let mut read = bits.reader();
        let decoded = (|| {
            let usual = read.take(2)? as usize;
            let seed = read.take(18)?;
            let check = read.take(10)? as u16;
            let (size, competencies, written) = match USUAL.get(usual) {
                Some(size) => (*size, SCORED, 0),
                None => (
                    read.take(10)? as usize,
                    read.take(10)? as u16,
                    read.take(5)? as usize,
                ),
            };
            let mut code = Self::new(seed, size, competencies, written, check);
            code.complete = true;
            if read.left() >= 5 {
                code.ranks = read
                    .take_sparse(size + written)?
                    .into_iter()
                    .map(|n| n as usize)
                    .collect();
                code.row_turns = read
                    .take_sparse(size + written)?
                    .into_iter()
                    .map(|n| n as u32)
                    .collect();
            }
            Some(code)
        })();
        decoded
            .filter(|code| code.size + code.written > 0 && code.competencies > 0)
            .ok_or_else(unreadable)
    }
}

fn set<T: Default + Clone>(list: &mut Vec<T>, place: usize, value: T) {
    if list.len() <= place {
        list.resize(place + 1, T::default());
    }
    list[place] = value;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = USUAL
            .iter()
            .position(|size| *size == self.size && self.competencies == SCORED && self.written == 0)
            .unwrap_or(USUAL.len());
        let mut bits = Bits::default();
        bits.push(usual as u64, 2);
        bits.push(self.seed, 18);
        bits.push(u64::from(self.check), 10);
        if usual == USUAL.len() {
            bits.push(self.size as u64, 10);
            bits.push(u64::from(self.competencies), 10);
            bits.push(self.written as u64, 5);
        }
        let departs = self.ranks.iter().any(|r| *r > 0) || self.row_turns.iter().any(|t| *t > 0);
        if departs {
            bits.push_sparse(self.ranks.iter().map(|r| *r as u64));
            bits.push_sparse(self.row_turns.iter().map(|t| u64::from(*t)));
            // The parser recognises the variable part by at least five extra bits.
            bits.push(0, 5);
        }
        for (i, digit) in bits.digits().enumerate() {
            if i > 0 && i % 3 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[digit]))?;
        }
        Ok(())
    }
}

/// A bit string, most significant bit first.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn push(&mut self, value: u64, width: u32) {
        self.0.extend((0..width).rev().map(|i| value >> i & 1 == 1));
    }

    /// Appends the Elias gamma code of `value`, which must be at least 1.
    fn push_gamma(&mut self, value: u64) {
        let width = value.ilog2() + 1;
        self.push(0, width - 1);
        self.push(value, width);
    }

    /// Appends the non-zero numbers: their count, then the distance and value of each.
    fn push_sparse(&mut self, numbers: impl Iterator<Item = u64> + Clone) {
        let marked = numbers.enumerate().filter(|(_, n)| *n > 0);
        self.push_gamma(1 + marked.clone().count() as u64);
        let mut before = 0;
        for (place, n) in marked {
            self.push_gamma((place + 1 - before) as u64);
            self.push_gamma(n);
            before = place + 1;
        }
    }

    fn digits(&self) -> impl Iterator<Item = usize> {
        self.0.chunks(5).map(|five| {
            (0..5).fold(0, |n, i| {
                n << 1 | usize::from(five.get(i).copied().unwrap_or(false))
            })
        })
    }

    fn reader(&self) -> Reader<'_> {
        Reader(&self.0)
    }
}

struct Reader<'a>(&'a [bool]);

impl Reader<'_> {
    fn left(&self) -> usize {
        self.0.len()
    }

    fn take(&mut self, width: usize) -> Option<u64> {
        let (taken, rest) = self.0.split_at_checked(width)?;
        self.0 = rest;
        Some(taken.iter().fold(0, |n, bit| n << 1 | u64::from(*bit)))
    }

    fn take_gamma(&mut self) -> Option<u64> {
        let zeros = self.0.iter().position(|bit| *bit)?;
        if zeros > 40 {
            return None;
        }
        self.take(zeros)?;
        self.take(zeros + 1)
    }

    fn take_sparse(&mut self, length: usize) -> Option<Vec<u64>> {
        let mut numbers = vec![0; length];
        let marked = self.take_gamma()? - 1;
        let mut before = 0;
        for _ in 0..marked {
            let place = before + self.take_gamma()? as usize - 1;
            *numbers.get_mut(place)? = self.take_gamma()?;
            before = place + 1;
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_form_has_a_short_code() {
        let code = Code::new(123_456, 40, 0xff, 0, 77).to_string();
        assert_eq!(code.len(), 7, "{code}");
        assert_eq!(Code::parse(&code.to_lowercase()).unwrap().seed(), 123_456);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "7K3", "7K3-QX!", "hello world", "\u{1b}[31m"] {
            assert!(
                matches!(Code::parse(text), Err(BadCode::Unreadable(_))),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_code_carries_everything(
            seed in 0..SEEDS, size in 1..=200usize, cells in 1..0x400u16, written in 0..4usize, check in 0..0x400u16,
            ranks in prop::collection::vec(prop_oneof![4 => Just(0usize), 1 => 1..400usize], 0..100),
            turns in prop::collection::vec(prop_oneof![6 => Just(0u32), 1 => 1..5000u32], 0..100),
        ) {
            let mut code = Code::new(seed, size, cells, written, check);
            for (i, rank) in ranks.iter().take(size).enumerate() { code.set_rank(i, *rank); }
            for (i, turn) in turns.iter().take(size).enumerate() { code.set_row_turn(i, *turn); }
            let read = Code::parse(&code.to_string()).unwrap();
            prop_assert_eq!((read.seed, read.size, read.competencies, read.written, read.check), (seed, size, cells, written, check));
            for i in 0..size {
                prop_assert_eq!(read.rank(i), code.rank(i));
                prop_assert_eq!(read.row_turn(i), code.row_turn(i));
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = Code::parse(&text);
        }
    }
}
