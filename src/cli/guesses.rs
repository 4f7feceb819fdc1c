//! The guessing test of `aethos check`: it writes options without their questions for a reader, and scores the guesses.
//!
//! Someone who sees only the options should find the keys about as often as by chance. If they find more, the options
//! give the keys away.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

use super::check::Args;
use super::{Exit, Failed, OutputArgs};
use crate::core::question::{Interaction, Question};
use crate::core::rng::Stream;
use crate::core::text::Text;
use crate::deck::load::Library;
use crate::deck::source::{display_path, open_regular};

/// The size limit of a file of guesses, in bytes.
const ROOM: u64 = 4 << 20;
/// The confidence from which a key that was found is given away.
const SURE: u8 = 4;

/// A single-choice question as the reader sees it.
struct OptionSet {
    /// Eight hexadecimal digits, which change with the question.
    code: String,
    deck: String,
    /// The deck and the id of the question.
    name: String,
    /// The options in the order of the file, and whether each is the key.
    options: Vec<(Text, bool)>,
}

/// Guesses for one group of questions.
#[derive(Clone, Copy, Default)]
struct Tally {
    guessed: usize,
    right: usize,
}

/// Writes the options of all single-choice questions without their stems.
///
/// # Errors
/// No such question, or a file that exists or can't be written.
pub fn write(args: &Args, library: &Library, file: &Path) -> Result<Exit, Failed> {
    let sets = option_sets(library);
    if sets.is_empty() {
        let words = "these decks have no single-choice questions".to_owned();
        return Err(Failed::Refused(words));
    }
    let mut text = String::from(
        "# Which option is the key? You see no question, so this is a test of the options.\n\
         # Write a line for each set into another file: its code, the letter of the option, and how\n\
         # sure you are, from 1 (a guess) to 5 (certain). Example: 0a1b2c3d b 2\n",
    );
    for set in &sets {
        let _ = writeln!(text, "\n{}", set.code);
        for (letter, (option, _)) in ('a'..).zip(&set.options) {
            let _ = writeln!(text, "  {letter}) {}", option.line());
        }
    }
    let output = OutputArgs {
        output: Some(file.to_owned()),
        force: args.force,
    };
    output.write(&text, &mut std::io::sink())?;
    Ok(Exit::Fine)
}

/// Prints how many keys the guesses of a file found, by confidence and by deck, and which were found with certainty.
///
/// # Errors
/// A file that can't be read, or a line that is no guess.
pub fn score(library: &Library, file: &Path, out: &mut dyn Write) -> Result<Exit, Failed> {
    let sets = option_sets(library);
    let by_code: HashMap<&str, &OptionSet> =
        sets.iter().map(|set| (set.code.as_str(), set)).collect();
    let (mut all, mut unknown, mut chance) = (Tally::default(), 0, 0.0);
    let mut by_confidence: BTreeMap<u8, Tally> = BTreeMap::new();
    let mut by_deck: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut given_away = Vec::new();
    for guess in guesses(file)? {
        let Some(set) = by_code.get(guess.code.as_str()) else {
            unknown += 1;
            continue;
        };
        let is_right = set
            .options
            .get(guess.option)
            .is_some_and(|(_, is_key)| *is_key);
        let tallies = [
            &mut all,
            by_confidence.entry(guess.confidence).or_default(),
            by_deck.entry(&set.deck).or_default(),
        ];
        for tally in tallies {
            tally.guessed += 1;
            tally.right += usize::from(is_right);
        }
        chance += 1.0 / set.options.len() as f64;
        if is_right && guess.confidence >= SURE {
            given_away.push(set.name.as_str());
        }
    }
    if all.guessed == 0 {
        let words = format!(
            "{} has no guess about these decks: take the codes from a file that `aethos check --options-only FILE` wrote",
            display_path(file)
        );
        return Err(Failed::Refused(words));
    }
    writeln!(
        out,
        "{} of {} sets guessed, {}; chance is {:.1}%",
        all.guessed,
        sets.len(),
        all.words(),
        100.0 * chance / all.guessed as f64
    )?;
    if unknown > 0 {
        writeln!(
            out,
            "{unknown} codes are not of these decks, or their questions have changed"
        )?;
    }
    writeln!(out, "\nBy confidence")?;
    for (confidence, tally) in &by_confidence {
        writeln!(
            out,
            "  {confidence}  {:>4} guessed, {}",
            tally.guessed,
            tally.words()
        )?;
    }
    writeln!(out, "\nBy deck")?;
    let width = by_deck.keys().map(|deck| deck.len()).max().unwrap_or(0);
    for (deck, tally) in &by_deck {
        writeln!(
            out,
            "  {deck:<width$}  {:>4} guessed, {}",
            tally.guessed,
            tally.words()
        )?;
    }
    if !given_away.is_empty() {
        writeln!(
            out,
            "\nFound with confidence {SURE} or 5: {}",
            given_away.join(", ")
        )?;
    }
    Ok(Exit::Fine)
}

impl Tally {
    fn words(self) -> String {
        let share = 100.0 * self.right as f64 / self.guessed.max(1) as f64;
        format!("{} right ({share:.1}%)", self.right)
    }
}

/// Returns the single-choice questions of all decks except drafts, in an order that tells nothing.
fn option_sets(library: &Library) -> Vec<OptionSet> {
    let mut sets = Vec::new();
    for loaded in library.decks.iter().filter(|loaded| !loaded.deck.draft) {
        let deck = loaded.deck.id.to_string();
        // What is wrong with the questions is not asked here.
        let _ = library.check_each(loaded, |question, _, _| {
            sets.extend(OptionSet::of(&question, &deck));
            Vec::new()
        });
    }
    sets.sort_by(|a, b| a.code.cmp(&b.code));
    sets
}

impl OptionSet {
    /// Returns the options of a question; `None` if it is retired, simulated or of another type.
    fn of(question: &Question, deck: &str) -> Option<Self> {
        let Interaction::Single(choices) = &question.interaction else {
            return None;
        };
        if question.retired.is_some() || choices.is_empty() {
            return None;
        }
        let mut options: Vec<(Text, bool)> = choices
            .iter()
            .map(|choice| (choice.text.clone(), choice.is_key()))
            .collect();
        let code: String = question.fingerprint.to_string().chars().take(8).collect();
        let seed = u64::from_str_radix(&code, 16).unwrap_or_default();
        Stream::new(seed, "options only").shuffle(&mut options);
        Some(Self {
            code,
            deck: deck.to_owned(),
            name: format!("{deck}/{}", question.id),
            options,
        })
    }
}

/// A line of a file of guesses.
struct Guess {
    code: String,
    /// The position of the option.
    option: usize,
    confidence: u8,
}

impl Guess {
    /// Parses `0a1b2c3d b 2`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let code = words.next()?.to_ascii_lowercase();
        let letter = words
            .next()?
            .trim_end_matches([')', '.'])
            .to_ascii_lowercase();
        let confidence = words.next()?.parse().ok()?;
        let mut letters = letter.chars();
        let option = letters.next().filter(char::is_ascii_lowercase)? as usize - 'a' as usize;
        let is_complete = letters.next().is_none() && words.next().is_none();
        (is_complete && (1..=5).contains(&confidence)).then_some(Self {
            code,
            option,
            confidence,
        })
    }
}

/// Reads a file of guesses; a later guess about the same set replaces an earlier one.
fn guesses(file: &Path) -> Result<Vec<Guess>, Failed> {
    let shown = display_path(file);
    let refused = |why: String| Failed::Refused(format!("{shown}: {why}"));
    let (open, _) =
        open_regular(file).map_err(|error| refused(format!("it can't be read: {error}")))?;
    let mut text = String::new();
    open.take(ROOM)
        .read_to_string(&mut text)
        .map_err(|error| refused(format!("it can't be read: {error}")))?;
    let mut guesses: BTreeMap<String, Guess> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let guess = Guess::parse(line).ok_or_else(|| {
            refused(format!(
                "line {number} is no guess: write the code, a letter and a confidence from 1 to 5, such as 0a1b2c3d b 2"
            ))
        })?;
        guesses.insert(guess.code.clone(), guess);
    }
    Ok(guesses.into_values().collect())
}
