//! Finds questions that ask nearly the same as an earlier one, in nearly linear time.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::choices;
use super::tokens::words;
use crate::core::question::Question;

/// The smallest likeness of the stems and lead-ins of near duplicates.
const STEM_LIKENESS: f64 = 0.75;
/// The smallest likeness of near duplicates with their options included.
const WHOLE_LIKENESS: f64 = 0.60;
/// The largest number of earlier questions compared with one question or stored for one word, to bound the time.
const MAX_COMPARED: usize = 200;

/// The distinct words of a text, as sorted hashes.
type Words = Vec<u32>;

/// Returns each question that is nearly the same as an earlier one, with that earlier one.
///
/// Two sets with a likeness of [`STEM_LIKENESS`] share at least one of their rarest words, so only questions that
/// share such a word are compared (prefix filtering: Bayardo, Ma, Srikant, Scaling Up All Pairs Similarity Search,
/// 2007).
pub fn find(questions: &[&Question]) -> Vec<(usize, usize)> {
    search(questions).0
}

/// Returns what [`find`] returns, and the number of compared pairs.
fn search(questions: &[&Question]) -> (Vec<(usize, usize)>, usize) {
    let stems: Vec<Words> = questions
        .iter()
        .map(|q| hashes(&[q.stem.as_str(), q.lead_in.as_str()]))
        .collect();
    let wholes: Vec<Words> = questions.iter().map(|q| whole(q)).collect();
    let mut frequency: HashMap<u32, u32> = HashMap::new();
    stems
        .iter()
        .flatten()
        .for_each(|word| *frequency.entry(*word).or_default() += 1);
    let mut by_word: HashMap<u32, Vec<usize>> = HashMap::new();
    let (mut found, mut comparisons) = (Vec::new(), 0);
    for (i, stem) in stems.iter().enumerate() {
        let mut rarest = stem.clone();
        rarest.sort_by_key(|word| (frequency.get(word), *word));
        rarest.truncate(stem.len() - (STEM_LIKENESS * stem.len() as f64).ceil() as usize + 1);
        let mut seen = HashSet::new();
        let earlier = rarest
            .iter()
            .filter_map(|word| by_word.get(word))
            .flatten()
            .copied();
        let mut compared = earlier.filter(|j| seen.insert(*j)).take(MAX_COMPARED);
        let same = |j: &usize| {
            comparisons += 1;
            !are_twins(questions[i], questions[*j])
                && likeness(stem, &stems[*j]) >= STEM_LIKENESS
                && likeness(&wholes[i], &wholes[*j]) >= WHOLE_LIKENESS
        };
        match compared.find(same) {
            Some(j) => found.push((i, j)),
            // A duplicate is not stored, because later questions are compared with the first of its kind.
            None => rarest.into_iter().for_each(|word| {
                let questions = by_word.entry(word).or_default();
                if questions.len() < MAX_COMPARED {
                    questions.push(i);
                }
            }),
        }
    }
    (found, comparisons)
}

/// Returns true for questions of a family with the same situation that show different figures or listings, or have
/// different keys. The answer depends on what is shown, and a form has at most one of them.
pub fn are_twins(question: &Question, other: &Question) -> bool {
    question.family.is_some()
        && question.family == other.family
        && (question.simulation.is_some()
            || question.figures != other.figures
            || question.code != other.code
            || !keys(question).eq(keys(other)))
}

/// Returns the texts of the correct options.
fn keys(question: &Question) -> impl Iterator<Item = &str> {
    let keys = choices(question).iter().filter(|option| option.is_key());
    keys.map(|option| option.text.as_str())
}

fn whole(question: &Question) -> Words {
    let mut texts = vec![question.stem.as_str(), question.lead_in.as_str()];
    texts.extend(choices(question).iter().map(|option| option.text.as_str()));
    hashes(&texts)
}

fn hashes(texts: &[&str]) -> Words {
    let hash = |word: String| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        hasher.finish() as u32
    };
    let mut hashes: Words = texts
        .iter()
        .flat_map(|text| words(text))
        .map(hash)
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Returns the Jaccard index of two texts: the number of shared words divided by that of all words.
fn likeness(a: &Words, b: &Words) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        shared += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let all = a.len() + b.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::Text;
    use crate::deck::load::question_from;

    /// Returns `n` questions that differ in the words that `change` puts into the stem.
    fn questions(n: usize, family: &str, change: impl Fn(usize) -> String) -> Vec<Question> {
        let text = include_str!("../../../tests/fixtures/decks/flawless.toml");
        let text = text.split("[[question]]").nth(1).unwrap();
        let text = format!("[[question]]\n{family}{}", text.trim_start_matches('\n'));
        let mut question = question_from(&text, &Text::new("test")).unwrap();
        let stem = question.stem.to_string();
        let numbered = (0..n).map(|i| {
            question.stem = Text::new(&format!("{stem} {}", change(i)));
            question.clone()
        });
        numbered.collect()
    }

    #[test]
    fn the_comparisons_of_many_similar_questions_are_bounded() {
        let n = 3000;
        // Eight words are new in each question: enough for no duplicate, and too few to compare none.
        let different = |i: usize| (0..8).map(|k| format!("w{} ", i * 8 + k)).collect();
        for (what, bank, expected, bound) in [
            (
                "near-identical",
                questions(n, "", |i| i.to_string()),
                n - 1,
                2 * n,
            ),
            ("alike", questions(n, "", different), 0, MAX_COMPARED * n),
        ] {
            let bank: Vec<&Question> = bank.iter().collect();
            let (found, comparisons) = search(&bank);
            assert_eq!(found.len(), expected, "{what}");
            assert!(comparisons <= bound, "{what}: {comparisons} comparisons");
        }
    }
}
