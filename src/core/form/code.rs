//! The form code: typed on another machine, it reproduces the same form.
//!
//! Six characters of Crockford's base 32 hold 30 bits: 2 for a usual size, 18 for
//! the seed, 10 to detect different decks. Anything unusual follows as a bit string
//! of variable length: another size or selection, and the places where questions
//! that the person had already seen were skipped. The edition of the built-in decks
//! follows after a dot, as in `7K3-QX9.2`; codes without it are of the first edition.

use std::cmp::Ordering;
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

/// The bank that a form is drawn from, as far as its code identifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankId {
    /// The edition of the built-in decks; [`FIRST_EDITION`] if none of them is part of the bank.
    pub edition: u16,
    /// Ten bits of a digest of the questions.
    pub check: u16,
}

impl Default for BankId {
    fn default() -> Self {
        Self {
            edition: FIRST_EDITION,
            check: 0,
        }
    }
}

/// The meaning of a form code such as `7K3-QX9.2`: the request and the seed that reproduce a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    seed: u64,
    size: usize,
    competencies: u16,
    written: usize,
    bank: BankId,
    ranks: Vec<usize>,
    row_turns: Vec<u32>,
    complete: bool,
    /// True if the code was read from text without an edition.
    lacks_edition: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    #[error(
        "{0:?} is not a form code: it looks like 7K3-QX9.2, and the result and the report show it"
    )]
    Unreadable(String),
    #[error(
        "this form code doesn't fit these decks: check it for typing mistakes, or give the decks from which it was made"
    )]
    OtherDecks,
    #[error(
        "this code is from edition {code} of the built-in decks, and these are of edition {decks}: if the number after the \
         dot is not a typing mistake, its form can't be drawn again"
    )]
    EarlierEdition { code: u16, decks: u16 },
    #[error(
        "this form code has no edition at its end, such as .{0}: complete it; if it is from version 0.1, its form can't be \
         drawn again"
    )]
    NoEdition(u16),
    #[error(
        "this code is from edition {code} of the built-in decks, and these are of edition {decks}: if the number after the \
         dot is not a typing mistake, update aethos to use it"
    )]
    LaterEdition { code: u16, decks: u16 },
}

/// The edition of the built-in decks in version 0.1, whose codes don't name it.
pub const FIRST_EDITION: u16 = 1;
/// The number of seeds that a code can hold.
pub const SEEDS: u64 = 1 << 18;
/// The largest number of questions in a form.
pub const LARGEST: usize = 1000;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Sizes with a short code: drawn from the eight scored competencies, without open questions.
const USUAL: [usize; 3] = [40, 24, 80];
const SCORED: u16 = 0xff;

impl Code {
    pub fn new(seed: u64, size: usize, competencies: u16, written: usize, bank: BankId) -> Self {
        Self {
            seed: seed % SEEDS,
            size: size.min(LARGEST),
            competencies: competencies & 0x3ff,
            written: written.min(31),
            bank: BankId {
                check: bank.check & 0x3ff,
                ..bank
            },
            ranks: Vec::new(),
            row_turns: Vec::new(),
            complete: false,
            lacks_edition: false,
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

    pub fn bank(&self) -> BankId {
        self.bank
    }

    /// Checks that a form can be drawn again from `bank`.
    ///
    /// # Errors
    /// The code is from another edition of the built-in decks, or from other decks.
    pub(super) fn check_bank(&self, bank: BankId) -> Result<(), BadCode> {
        let (code, decks) = (self.bank.edition, bank.edition);
        match code.cmp(&decks) {
            // Without built-in decks there is no edition to compare.
            Ordering::Greater if bank.edition == FIRST_EDITION => Err(BadCode::OtherDecks),
            Ordering::Greater => Err(BadCode::LaterEdition { code, decks }),
            Ordering::Less if self.lacks_edition => Err(BadCode::NoEdition(decks)),
            Ordering::Less => Err(BadCode::EarlierEdition { code, decks }),
            Ordering::Equal if self.bank.check == bank.check => Ok(()),
            Ordering::Equal => Err(BadCode::OtherDecks),
        }
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
        let (digits, edition, lacks_edition) = match text.rsplit_once('.') {
            Some((digits, edition)) => {
                let edition = edition.trim().parse().map_err(|_| unreadable())?;
                (digits, edition, false)
            }
            None => (text, FIRST_EDITION, true),
        };
        let mut bits = Bits::default();
        for c in digits.chars().filter(|c| !matches!(c, '-' | ' ')) {
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
            let bank = BankId { edition, check };
            let mut code = Self::new(seed, size, competencies, written, bank);
            code.complete = true;
            code.lacks_edition = lacks_edition;
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
        bits.push(u64::from(self.bank.check), 10);
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
        match self.bank.edition {
            FIRST_EDITION => Ok(()),
            edition => write!(f, ".{edition}"),
        }
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
        let bank = |edition| BankId { edition, check: 77 };
        let code = Code::new(123_456, 40, 0xff, 0, bank(1)).to_string();
        assert_eq!(code.len(), 7, "{code}");
        assert_eq!(Code::parse(&code.to_lowercase()).unwrap().seed(), 123_456);
        assert_eq!(
            Code::new(123_456, 40, 0xff, 0, bank(12)).to_string(),
            code + ".12"
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "7K3",
            "7K3-QX!",
            "hello world",
            "\u{1b}[31m",
            "7K3-QX9.",
            "7K3-QX9.-1",
            "7K3-QX9.70000",
            "7K3.2.3",
        ] {
            assert!(
                matches!(Code::parse(text), Err(BadCode::Unreadable(_))),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_code_carries_everything(
            seed in 0..SEEDS, size in 1..=200usize, cells in 1..0x400u16, written in 0..4usize, check in 0..0x400u16, edition in 0..=u16::MAX,
            ranks in prop::collection::vec(prop_oneof![4 => Just(0usize), 1 => 1..400usize], 0..100),
            turns in prop::collection::vec(prop_oneof![6 => Just(0u32), 1 => 1..5000u32], 0..100),
        ) {
            let bank = BankId { edition, check };
            let mut code = Code::new(seed, size, cells, written, bank);
            for (i, rank) in ranks.iter().take(size).enumerate() { code.set_rank(i, *rank); }
            for (i, turn) in turns.iter().take(size).enumerate() { code.set_row_turn(i, *turn); }
            let read = Code::parse(&code.to_string()).unwrap();
            prop_assert_eq!((read.seed, read.size, read.competencies, read.written, read.bank), (seed, size, cells, written, bank));
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
