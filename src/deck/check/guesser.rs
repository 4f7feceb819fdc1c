//! A trained guesser, which tests whether keys can be found from the options alone.
//!
//! It is a multinomial logit model over the options of a question, evaluated by
//! five-fold cross-validation. It never sees a stem, so it beats chance only if
//! the options of the bank give keys away. Questions of one family share their
//! options, so they are always in one fold.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::thread;

use super::absolutes::{has_absolute, has_hedge};
use super::options::likenesses;
use super::tokens::{content_words, words};
use super::{length, single};
use crate::core::question::{Choice, Question};
use crate::core::rng::Stream;

const FOLDS: usize = 5;
/// The number of times that the folds are drawn; the result is the mean.
const DRAWS: u64 = 20;
/// The number of single questions from which the folds are drawn less often. The result is precise without that, and
/// training takes most of the time of a check.
const MANY: u64 = 2000;
const ROUNDS: usize = 60;
const RATE: f64 = 0.5;
/// The ridge penalty, which keeps weights small because a bank has few questions per feature.
const RIDGE: f64 = 0.02;
const FEATURES: usize = 17;

type Features = [f64; FEATURES];

/// The accuracy of the guesser on questions outside its training set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuesserResult {
    pub n: usize,
    /// The number of questions whose options no other question of their family has.
    pub groups: usize,
    /// The share of keys that it found, as the mean over the drawn folds.
    pub right: f64,
    /// The share of keys that random picking finds.
    pub chance: f64,
}

impl GuesserResult {
    /// Returns the standard error of the share that random picking finds.
    pub fn error(&self) -> f64 {
        (self.chance * (1.0 - self.chance) / self.groups.max(1) as f64).sqrt()
    }

    /// Returns the distance from chance in standard errors.
    pub fn z(&self) -> f64 {
        let error = self.error();
        if error > 0.0 {
            (self.right - self.chance) / error
        } else {
            0.0
        }
    }
}

/// A question as training data: the features of its options, and the index of its key.
struct Sample {
    options: Vec<Features>,
    key: usize,
}

/// Evaluates the guesser on all single questions. The same seed gives the same result.
pub fn guess(questions: &[&Question], seed: u64) -> GuesserResult {
    let groups = grouped(questions);
    let samples = || groups.iter().flatten();
    let n = samples().count();
    let chance = samples().map(|s| 1.0 / s.options.len() as f64).sum::<f64>() / n.max(1) as f64;
    let draws = draws(n);
    let right = found_in_draws(&groups, seed..seed + draws);
    GuesserResult {
        n,
        groups: groups.len(),
        right: right / (draws as f64 * n.max(1) as f64),
        chance,
    }
}

/// Returns how often the folds of `n` questions are drawn.
fn draws(n: usize) -> u64 {
    (DRAWS * MANY / (n as u64).max(1)).clamp(1, DRAWS)
}

/// Returns the number of keys that the guesser finds in draws with these seeds together. Two threads share the work,
/// which is most of the time that a check takes.
fn found_in_draws(groups: &[Vec<Sample>], draws: Range<u64>) -> f64 {
    let in_draws = |draws: Range<u64>| -> f64 { draws.map(|seed| found(groups, seed)).sum() };
    let middle = u64::midpoint(draws.start, draws.end);
    let (first, second) = (draws.start..middle, middle..draws.end);
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || in_draws(second.clone()));
        let found = in_draws(first);
        // If the second thread could not run, this one does all of the work.
        let rest = other.ok().and_then(|other| other.join().ok());
        found + rest.unwrap_or_else(|| in_draws(second.clone()))
    })
}

/// Returns the single questions as samples, grouped by family.
fn grouped(questions: &[&Question]) -> Vec<Vec<Sample>> {
    let mut groups: Vec<Vec<Sample>> = Vec::new();
    let mut families: HashMap<&str, usize> = HashMap::new();
    for question in questions {
        let Some((options, key)) = single(question) else {
            continue;
        };
        let sample = Sample {
            options: features(options),
            key,
        };
        let next = groups.len();
        let family = question.family.as_deref();
        let group = family.map_or(next, |family| *families.entry(family).or_insert(next));
        if group == next {
            groups.push(Vec::new());
        }
        groups[group].push(sample);
    }
    groups
}

/// Returns the number of keys that the guesser finds with folds drawn from `seed`.
fn found(groups: &[Vec<Sample>], seed: u64) -> f64 {
    let mut order: Vec<&Vec<Sample>> = groups.iter().collect();
    Stream::new(seed, "folds").shuffle(&mut order);
    let tested = |fold: usize| {
        let training = order.iter().enumerate().filter(|(i, _)| i % FOLDS != fold);
        let learned = learn(training.flat_map(|(_, group)| group.iter()));
        let tested = order.iter().skip(fold).step_by(FOLDS);
        tested
            .flat_map(|group| group.iter())
            .map(|sample| hit(sample, &learned))
            .sum::<f64>()
    };
    (0..FOLDS).map(tested).sum()
}

/// Returns the surface features of each option, relative to the mean of all options of the question.
fn features(options: &[Choice]) -> Vec<Features> {
    let likeness = likenesses(options);
    let contents: Vec<BTreeSet<String>> = options
        .iter()
        .map(|option| content_words(option.text.as_str()))
        .collect();
    let raw: Vec<Features> = options
        .iter()
        .enumerate()
        .map(|(i, option)| {
            let text = option.text.as_str();
            let w = words(text);
            let has = |list: &[&str]| f64::from(w.iter().any(|x| list.contains(&x.as_str())));
            let letters: usize = w.iter().map(|x| x.chars().count()).sum();
            [
                length(option) as f64 / 20.0,
                w.len() as f64 / 4.0,
                letters as f64 / w.len().max(1) as f64,
                text.chars().filter(|c| ",;:(-".contains(*c)).count() as f64,
                f64::from(text.contains(|c: char| c.is_ascii_digit())),
                f64::from(has_absolute(option.text.as_str())),
                f64::from(has_hedge(option.text.as_str())),
                10.0 * likeness[i],
                has(&["not", "no", "nothing", "none", "without"]),
                has(&["because", "so", "as", "since", "therefore"]),
                has(&["and", "then", "both"]),
                has(&["only", "more", "each", "every", "all"]),
                shared_words(&contents, i),
                f64::from(shared_words(&contents, i) == 0.0),
                f64::from(has_reason(text)),
                f64::from(names_technology(text)),
                f64::from(
                    w.first()
                        .is_some_and(|first| NOUN_PHRASE.contains(&first.as_str())),
                ),
            ]
        })
        .collect();
    let mean = |f: usize| raw.iter().map(|x| x[f]).sum::<f64>() / raw.len().max(1) as f64;
    let means: Features = std::array::from_fn(mean);
    raw.iter()
        .map(|x| std::array::from_fn(|f| x[f] - means[f]))
        .collect()
}

/// The words that begin a noun phrase; an option that begins with another word is often an
/// imperative.
const NOUN_PHRASE: [&str; 10] = [
    "the", "a", "an", "its", "it", "their", "each", "every", "one", "two",
];

/// Returns the share of the content words of an option that other options have, too, counted once
/// for each of them.
fn shared_words(contents: &[BTreeSet<String>], option: usize) -> f64 {
    let own = &contents[option];
    let shared: usize = contents
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != option)
        .map(|(_, other)| own.intersection(other).count())
        .sum();
    shared as f64 / own.len().max(1) as f64
}

/// Returns whether an option gives a reason, such as `..., because` or `..., which`.
pub fn has_reason(text: &str) -> bool {
    let lower = text.to_lowercase();
    let clauses = [
        " because ",
        ", as ",
        ", since ",
        ", which ",
        ", so ",
        " so that ",
        " therefore ",
    ];
    clauses.iter().any(|clause| lower.contains(clause))
}

/// Returns whether a word after the first has a capital letter, as names of products have.
fn names_technology(text: &str) -> bool {
    text.split_whitespace()
        .skip(1)
        .any(|word| word.chars().any(char::is_uppercase))
}

fn score(option: &Features, weights: &Features) -> f64 {
    option.iter().zip(weights).map(|(x, w)| x * w).sum()
}

/// Puts the probability that the model gives to each option into `shares`.
fn put_shares(sample: &Sample, weights: &Features, shares: &mut Vec<f64>) {
    shares.clear();
    shares.extend(sample.options.iter().map(|o| score(o, weights)));
    let most = shares.iter().copied().fold(f64::MIN, f64::max);
    shares.iter_mut().for_each(|s| *s = (*s - most).exp());
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|s| *s /= sum);
}

/// Trains the model by gradient ascent, and returns its weights.
fn learn<'a>(samples: impl Iterator<Item = &'a Sample>) -> Features {
    let samples: Vec<&Sample> = samples.collect();
    let mut weights = [0.0; FEATURES];
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let mut slope = [0.0; FEATURES];
        for sample in &samples {
            put_shares(sample, &weights, &mut shares);
            for (i, (option, share)) in sample.options.iter().zip(&shares).enumerate() {
                let pull = f64::from(i == sample.key) - share;
                slope
                    .iter_mut()
                    .zip(option)
                    .for_each(|(s, x)| *s += pull * x);
            }
        }
        for (weight, slope) in weights.iter_mut().zip(slope) {
            *weight += RATE * (slope / samples.len().max(1) as f64 - RIDGE * *weight);
        }
    }
    weights
}

/// Returns 1 if the key scores highest, a fraction if it ties, and 0 otherwise.
fn hit(sample: &Sample, weights: &Features) -> f64 {
    let scores: Vec<f64> = sample.options.iter().map(|o| score(o, weights)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let tied = scores.iter().filter(|s| **s >= most - 1e-12).count();
    if scores[sample.key] >= most - 1e-12 {
        1.0 / tied as f64
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::Text;

    /// Builds a bank of `n` questions with random words, whose keys `mark` changes.
    fn bank(n: u64, mark: impl Fn(&str) -> String) -> Vec<Vec<Sample>> {
        let nouns = [
            "queue", "index", "lease", "shard", "cache", "token", "proxy", "batch",
        ];
        let verbs = [
            "drops", "sends", "keeps", "reads", "moves", "locks", "sorts", "scans",
        ];
        let mut random = Stream::new(9, "bank");
        let mut pick = |words: &[&'static str]| words[random.below(words.len() as u64) as usize];
        (0..n)
            .map(|i| {
                let key = (i % 4) as usize;
                let text =
                    |_| format!("The {} {} the {}", pick(&nouns), pick(&verbs), pick(&nouns));
                let texts: Vec<String> = (0..4).map(text).collect();
                let options: Vec<Choice> = (0..4)
                    .map(|o| Choice {
                        text: Text::new(&if o == key {
                            mark(&texts[o])
                        } else {
                            texts[o].clone()
                        }),
                        credit: f64::from(o == key),
                        why: Text::default(),
                        misconception: None,
                    })
                    .collect();
                let options = features(&options);
                vec![Sample { options, key }]
            })
            .collect()
    }

    fn share(groups: &[Vec<Sample>]) -> f64 {
        (0..5).map(|seed| found(groups, seed)).sum::<f64>() / (5 * groups.len()) as f64
    }

    #[test]
    fn the_guesser_finds_a_planted_cue_of_each_kind() {
        type Mark = fn(&str) -> String;
        let cues: [(&str, Mark); 6] = [
            ("a reason", |text| format!("{text}, because it can")),
            ("a digit", |text| format!("{text} 7")),
            ("an absolute", |text| format!("{text} always")),
            ("a name", |text| format!("{text} Kafka")),
            ("length", |text| {
                format!("{text} and the whole replica of it")
            }),
            ("an imperative", |text| text.replacen("The", "Restart", 1)),
        ];
        for (cue, mark) in cues {
            let share = share(&bank(120, mark));
            assert!(share > 0.99, "{cue}: {share}");
        }
    }

    #[test]
    fn the_guesser_learns_from_a_bounded_number_of_questions() {
        // The built-in bank and own decks of the usual size are measured as precisely as before.
        assert_eq!(draws(MANY as usize), DRAWS);
        for n in [3000, 20_000, 40_000] {
            assert!(draws(n) * n as u64 <= DRAWS * MANY, "{n}");
        }
        assert_eq!((draws(0), draws(1_000_000)), (DRAWS, 1));
    }

    #[test]
    fn the_guesser_stays_at_chance_where_nothing_points_at_the_key() {
        let share = share(&bank(400, str::to_owned));
        assert!((0.19..0.31).contains(&share), "{share}");
    }
}
