//! Rules about the whole question bank: no strategy may find keys better than chance.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::diagnostic_code::DiagnosticCode;
use super::absolutes::{has_absolute, has_hedge};
use super::guesser::{GuesserResult, guess};
use super::options::likenesses;
use super::tokens::words;
use super::{duplicates, length, single};
use crate::core::question::{Choice, Interaction, Question};

/// The number of single questions below which shares are not checked.
const MIN_QUESTIONS: usize = 20;
/// The number of single questions from which bounds apply without a test of significance.
const LARGE_BANK: usize = 100;
const SEED: u64 = 1;
/// The number of single questions from which the guesser must stay near chance.
const GUESSED: usize = 80;

/// A rule that the bank breaks, with what was measured and how to fix it.
pub struct BankFinding {
    pub code: DiagnosticCode,
    /// The index of the question at fault; `None` if the rule is about all questions together.
    pub question: Option<usize>,
    pub message: String,
    pub help: &'static str,
}

impl BankFinding {
    fn of_all(code: DiagnosticCode, message: String, help: &'static str) -> Self {
        Self {
            code,
            question: None,
            message,
            help,
        }
    }
}

/// Statistics of the single questions of a bank, shown with the results of the check.
#[derive(Clone, Debug)]
pub struct BankStatistics {
    pub single: usize,
    /// The share of questions whose longest option is the key.
    pub longest: f64,
    /// The share of keys that random picking finds.
    pub chance: f64,
    /// The median length of keys relative to their distractors.
    pub median_ratio: f64,
    pub guessed: GuesserResult,
}

/// Checks the bank; the statistics need at least 20 single questions.
pub fn rules(questions: &[&Question]) -> (Vec<BankFinding>, Option<BankStatistics>) {
    let mut findings = Vec::new();
    near_duplicates(questions, &mut findings);
    same_explanations(questions, &mut findings);
    let singles: Vec<(&[Choice], usize)> = questions.iter().filter_map(|q| single(q)).collect();
    if singles.len() < MIN_QUESTIONS {
        return (findings, None);
    }
    let chance = singles
        .iter()
        .map(|(o, _)| 1.0 / o.len() as f64)
        .sum::<f64>()
        / singles.len() as f64;
    let longest = hit_rate(&singles, |o| o.iter().map(|c| length(c) as f64).collect());
    let statistics = BankStatistics {
        single: singles.len(),
        longest,
        chance,
        median_ratio: median_ratio(&singles),
        guessed: guess(questions, SEED),
    };
    longest_option(&statistics, &mut findings);
    fixed_strategies(&singles, &statistics, &mut findings);
    median_length(&statistics, &mut findings);
    learned_guesser(&statistics.guessed, &mut findings);
    absolute_rates(&singles, &mut findings);
    longest_sets(questions, &mut findings);
    (findings, Some(statistics))
}

/// Returns the share of questions whose key has the highest value; a tie counts as a fraction.
fn hit_rate(singles: &[(&[Choice], usize)], value: impl Fn(&[Choice]) -> Vec<f64>) -> f64 {
    let one = |(options, key): &(&[Choice], usize)| {
        let values = value(options);
        let most = values.iter().copied().fold(f64::MIN, f64::max);
        let tied = values.iter().filter(|v| **v >= most - 1e-12).count();
        if values[*key] >= most - 1e-12 {
            1.0 / tied as f64
        } else {
            0.0
        }
    };
    singles.iter().map(one).sum::<f64>() / singles.len() as f64
}

/// Returns true if a share exceeds chance by more than `margin`; in a small bank it must be significant, too.
fn too_good(share: f64, chance: f64, n: usize, margin: f64) -> bool {
    let sd = (chance * (1.0 - chance) / n as f64).sqrt();
    share > chance + margin && (n >= LARGE_BANK || (share - chance) / sd > 2.5)
}

fn percent(share: f64) -> f64 {
    100.0 * share
}

/// A value for each option of a question; the strategy picks the option with the highest one.
type OptionValues = fn(&[Choice]) -> Vec<f64>;

/// Ways to pick an option without reading the stem.
const STRATEGIES: [(&str, OptionValues); 6] = [
    ("the shortest option", |o| {
        o.iter().map(|c| -(length(c) as f64)).collect()
    }),
    ("the most qualified option", |o| {
        o.iter()
            .map(|c| c.text.as_str().matches([',', ';', ':', '(']).count() as f64)
            .collect()
    }),
    ("the option with a number", |o| {
        o.iter()
            .map(|c| f64::from(c.text.as_str().contains(|x: char| x.is_ascii_digit())))
            .collect()
    }),
    ("the option most like the others", likenesses),
    ("the option least like the others", |o| {
        likenesses(o).into_iter().map(|l| -l).collect()
    }),
    ("an option without absolutes", |o| {
        o.iter()
            .map(|c| {
                f64::from(!has_absolute(c.text.as_str()))
                    + 0.5 * f64::from(has_hedge(c.text.as_str()))
            })
            .collect()
    }),
];

/// B1: the longest option must not be the key much more or less often than chance.
fn longest_option(statistics: &BankStatistics, out: &mut Vec<BankFinding>) {
    let BankStatistics {
        single: n,
        longest,
        chance,
        ..
    } = *statistics;
    let distance = (longest - chance).abs();
    let sd = (chance * (1.0 - chance) / n as f64).sqrt();
    if distance > 0.06 && (n >= LARGE_BANK || distance > 2.0 * sd) {
        let message = format!(
            "the longest option is the key in {:.1}% of {n} questions; chance is {:.1}%",
            percent(longest),
            percent(chance)
        );
        let help = "write distractors to the length of the key";
        out.push(BankFinding::of_all(
            DiagnosticCode::LongestIsKey,
            message,
            help,
        ));
    }
}

/// B5: no fixed strategy may find keys much better than chance.
fn fixed_strategies(
    singles: &[(&[Choice], usize)],
    statistics: &BankStatistics,
    out: &mut Vec<BankFinding>,
) {
    let help = "vary the distractors so that no outward mark points at the key";
    for (name, values) in STRATEGIES {
        let share = hit_rate(singles, values);
        if too_good(share, statistics.chance, singles.len(), 0.06) {
            let message = format!(
                "picking {name} finds {:.1}% of the keys; chance is {:.1}%",
                percent(share),
                percent(statistics.chance)
            );
            out.push(BankFinding::of_all(DiagnosticCode::Strategy, message, help));
        }
    }
}

/// B2: keys must be about as long as their distractors.
fn median_length(statistics: &BankStatistics, out: &mut Vec<BankFinding>) {
    if !(0.95..=1.05).contains(&statistics.median_ratio) {
        let message = format!(
            "keys are {:.2} times as long as their distractors (median)",
            statistics.median_ratio
        );
        out.push(BankFinding::of_all(
            DiagnosticCode::MedianLength,
            message,
            "0.95 to 1.05: write distractors to the length of the key",
        ));
    }
}

fn median_ratio(singles: &[(&[Choice], usize)]) -> f64 {
    let mut ratios: Vec<f64> = singles
        .iter()
        .map(|(options, key)| {
            let others: usize = options
                .iter()
                .enumerate()
                .filter(|(i, _)| i != key)
                .map(|(_, o)| length(o))
                .sum();
            length(&options[*key]) as f64 * (options.len() - 1) as f64 / others.max(1) as f64
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let middle = ratios.len() / 2;
    if ratios.len() % 2 == 1 {
        ratios[middle]
    } else {
        f64::midpoint(ratios[middle - 1], ratios[middle])
    }
}

/// B4: a guesser that learns from the options alone must not beat chance.
fn learned_guesser(guessed: &GuesserResult, out: &mut Vec<BankFinding>) {
    let over = guessed.right > guessed.chance + 0.04;
    if over && (guessed.n >= GUESSED || guessed.z() >= 2.0) {
        let message = format!(
            "a guesser that never reads a stem finds {:.1}% of the keys; chance is {:.1}% \
             (standard error {:.1})",
            percent(guessed.right),
            percent(guessed.chance),
            percent(guessed.error())
        );
        let help = "something about the options gives keys away: look at B1, B5 and L01 to L11";
        out.push(BankFinding::of_all(
            DiagnosticCode::Guessable,
            message,
            help,
        ));
    }
}

/// B6: absolutes must be about as frequent in keys as in distractors.
fn absolute_rates(singles: &[(&[Choice], usize)], out: &mut Vec<BankFinding>) {
    let (mut keys, mut distractors, mut others) = (0usize, 0usize, 0usize);
    for (options, key) in singles {
        for (i, option) in options.iter().enumerate() {
            if i == *key {
                keys += usize::from(has_absolute(option.text.as_str()));
            } else {
                distractors += usize::from(has_absolute(option.text.as_str()));
                others += 1;
            }
        }
    }
    let key_rate = keys as f64 / singles.len() as f64;
    let rate = distractors as f64 / others.max(1) as f64;
    let rare = key_rate < 0.02 && rate < 0.02;
    if !rare && !(0.5..=2.0).contains(&(rate / key_rate.max(1e-9))) && singles.len() >= LARGE_BANK {
        let message = format!(
            "absolutes occur in {:.1}% of the distractors and {:.1}% of the keys",
            percent(rate),
            percent(key_rate)
        );
        out.push(BankFinding::of_all(
            DiagnosticCode::AbsoluteRates,
            message,
            "use always, never and their like in both, or in neither",
        ));
    }
}

/// B12: picking the longest options of a multiple question must not beat chance.
fn longest_sets(questions: &[&Question], out: &mut Vec<BankFinding>) {
    let (mut n, mut found, mut chance) = (0usize, 0usize, 0.0);
    for question in questions {
        let Interaction::Multiple { select, options } = &question.interaction else {
            continue;
        };
        let mut order: Vec<usize> = (0..options.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(length(&options[*i])));
        n += 1;
        found += usize::from(order.iter().take(*select).all(|i| options[*i].is_key()));
        chance += 1.0 / combinations(options.len(), *select);
    }
    let (share, chance) = (found as f64 / n.max(1) as f64, chance / n.max(1) as f64);
    if n >= MIN_QUESTIONS && share > chance + 0.10 {
        let message = format!(
            "the longest options are the keys in {:.1}% of {n} multiple questions; chance is \
             {:.1}%",
            percent(share),
            percent(chance)
        );
        out.push(BankFinding::of_all(
            DiagnosticCode::LongestSets,
            message,
            "write distractors to the length of the keys",
        ));
    }
}

/// Returns the binomial coefficient, n over k.
fn combinations(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// B7: no question may ask nearly the same as an earlier one.
fn near_duplicates(questions: &[&Question], out: &mut Vec<BankFinding>) {
    for (question, earlier) in duplicates::find(questions) {
        out.push(BankFinding {
            code: DiagnosticCode::NearDuplicate,
            question: Some(question),
            message: format!("asks nearly the same as {}", questions[earlier].id),
            help: "drop one of them, or change the situation",
        });
    }
}

/// L28: no two questions may have the same explanation, except twins, which teach the same.
fn same_explanations(questions: &[&Question], out: &mut Vec<BankFinding>) {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    for (i, question) in questions.iter().enumerate() {
        let mut hasher = DefaultHasher::new();
        words(question.explanation.as_str())
            .iter()
            .filter(|word| word.len() > 1 && word.parse::<f64>().is_err())
            .for_each(|word| word.hash(&mut hasher));
        let first = *seen.entry(hasher.finish()).or_insert(i);
        if first != i && !duplicates::are_twins(question, questions[first]) {
            out.push(BankFinding {
                code: DiagnosticCode::SameExplanation,
                question: Some(i),
                message: format!("has the explanation of {}", questions[first].id),
                help: "explain this question, not another",
            });
        }
    }
}
