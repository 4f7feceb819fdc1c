//! Rules about all questions together: no strategy may find keys better than chance.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::code::Code;
use super::guesser::{Guessed, guess};
use super::options::{has_absolute, has_hedge, likenesses};
use super::tokens::words;
use super::{duplicates, length, single};
use crate::core::question::{Choice, Interaction, Question};

/// Below so many single questions a share says nothing.
const ENOUGH: usize = 20;
/// From here on a share is held to its bound, whatever chance could do.
const MANY: usize = 100;
const SEED: u64 = 1;

/// A rule that the bank breaks: the code, the questions meant (by number), what was measured, how to mend it.
pub struct Broken {
    pub code: Code,
    pub questions: Vec<usize>,
    pub message: String,
    pub help: &'static str,
}

/// What was measured, for people: figures beside what they should be.
#[derive(Clone, Debug)]
pub struct Figures {
    pub single: usize,
    pub longest: f64,
    pub chance: f64,
    pub median_ratio: f64,
    pub guessed: Guessed,
}

/// Checks the bank; figures where there are enough single questions for any.
pub fn rules(questions: &[&Question]) -> (Vec<Broken>, Option<Figures>) {
    let mut broken = Vec::new();
    near_duplicates(questions, &mut broken);
    same_explanations(questions, &mut broken);
    let singles: Vec<(&[Choice], usize)> = questions.iter().filter_map(|q| single(q)).collect();
    if singles.len() < ENOUGH {
        return (broken, None);
    }
    let chance = singles.iter().map(|(o, _)| 1.0 / o.len() as f64).sum::<f64>() / singles.len() as f64;
    let longest = hits(&singles, |o| o.iter().map(|c| length(c) as f64).collect());
    let figures = Figures {
        single: singles.len(),
        longest,
        chance,
        median_ratio: median_ratio(&singles),
        guessed: guess(questions, SEED),
    };
    strategies(&singles, &figures, &mut broken);
    lengths(&figures, &mut broken);
    learned(&figures.guessed, &mut broken);
    absolutes(&singles, &mut broken);
    sets(questions, &mut broken);
    (broken, Some(figures))
}

/// Share of keys that have the highest value, ties shared.
fn hits(singles: &[(&[Choice], usize)], value: impl Fn(&[Choice]) -> Vec<f64>) -> f64 {
    let one = |(options, key): &(&[Choice], usize)| {
        let values = value(options);
        let most = values.iter().copied().fold(f64::MIN, f64::max);
        let tied = values.iter().filter(|v| **v >= most - 1e-12).count();
        if values[*key] >= most - 1e-12 { 1.0 / tied as f64 } else { 0.0 }
    };
    singles.iter().map(one).sum::<f64>() / singles.len() as f64
}

/// More than chance could explain, or than a large bank may have.
fn too_good(share: f64, chance: f64, n: usize, margin: f64) -> bool {
    let sd = (chance * (1.0 - chance) / n as f64).sqrt();
    share > chance + margin && (n >= MANY || (share - chance) / sd > 2.5)
}

fn percent(share: f64) -> f64 {
    100.0 * share
}

/// B1 and B5: fixed ways to pick an option without reading the stem.
fn strategies(singles: &[(&[Choice], usize)], figures: &Figures, out: &mut Vec<Broken>) {
    type Value = fn(&[Choice]) -> Vec<f64>;
    let ways: [(&str, Value); 6] = [
        ("the shortest option", |o| o.iter().map(|c| -(length(c) as f64)).collect()),
        ("the most qualified option", |o| {
            o.iter().map(|c| c.text.as_str().matches([',', ';', ':', '(']).count() as f64).collect()
        }),
        ("the option with a number", |o| {
            o.iter().map(|c| f64::from(c.text.as_str().contains(|x: char| x.is_ascii_digit()))).collect()
        }),
        ("the option most like the others", likenesses),
        ("the option least like the others", |o| likenesses(o).into_iter().map(|l| -l).collect()),
        ("an option without absolutes", |o| {
            o.iter().map(|c| f64::from(!has_absolute(c)) + 0.5 * f64::from(has_hedge(c))).collect()
        }),
    ];
    let n = singles.len();
    let help = "vary the distractors so that no outward mark points at the key";
    let apart = (figures.longest - figures.chance).abs() > 0.06;
    let sd = (figures.chance * (1.0 - figures.chance) / n as f64).sqrt();
    if apart && (n >= MANY || (figures.longest - figures.chance).abs() > 2.0 * sd) {
        let message = format!(
            "the longest option is the key in {:.1} % of {n} questions; chance is {:.1} %",
            percent(figures.longest),
            percent(figures.chance)
        );
        out.push(Broken {
            code: Code::LongestIsKey,
            questions: Vec::new(),
            message,
            help: "write distractors to the length of the key",
        });
    }
    for (name, value) in ways {
        let share = hits(singles, value);
        if too_good(share, figures.chance, n, 0.06) {
            let message = format!(
                "picking {name} finds {:.1} % of the keys; chance is {:.1} %",
                percent(share),
                percent(figures.chance)
            );
            out.push(Broken { code: Code::Strategy, questions: Vec::new(), message, help });
        }
    }
}

/// B2.
fn lengths(figures: &Figures, out: &mut Vec<Broken>) {
    if !(0.95..=1.05).contains(&figures.median_ratio) {
        let message = format!("keys are {:.2} times as long as their distractors (median)", figures.median_ratio);
        out.push(Broken {
            code: Code::MedianLength,
            questions: Vec::new(),
            message,
            help: "0.95 to 1.05: write distractors to the length of the key",
        });
    }
}

fn median_ratio(singles: &[(&[Choice], usize)]) -> f64 {
    let mut ratios: Vec<f64> = singles
        .iter()
        .map(|(options, key)| {
            let others: usize = options.iter().enumerate().filter(|(i, _)| i != key).map(|(_, o)| length(o)).sum();
            length(&options[*key]) as f64 * (options.len() - 1) as f64 / others.max(1) as f64
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let middle = ratios.len() / 2;
    if ratios.len() % 2 == 1 { ratios[middle] } else { (ratios[middle - 1] + ratios[middle]) / 2.0 }
}

/// B4.
fn learned(guessed: &Guessed, out: &mut Vec<Broken>) {
    let over = guessed.right > guessed.chance + 0.04;
    let sure = guessed.z() >= 2.0;
    if (over && sure) || (guessed.n >= 200 && (over || sure)) {
        let message = format!(
            "a guesser that never reads a stem finds {:.1} % of the keys; chance is {:.1} % (z = {:.1})",
            percent(guessed.right),
            percent(guessed.chance),
            guessed.z()
        );
        let help = "something about the options gives keys away: look at B1, B5 and L01 to L11";
        out.push(Broken { code: Code::Guessable, questions: Vec::new(), message, help });
    }
}

/// B6.
fn absolutes(singles: &[(&[Choice], usize)], out: &mut Vec<Broken>) {
    let (mut keys, mut distractors, mut others) = (0usize, 0usize, 0usize);
    for (options, key) in singles {
        for (i, option) in options.iter().enumerate() {
            if i == *key {
                keys += usize::from(has_absolute(option));
            } else {
                distractors += usize::from(has_absolute(option));
                others += 1;
            }
        }
    }
    let key_rate = keys as f64 / singles.len() as f64;
    let rate = distractors as f64 / others.max(1) as f64;
    let rare = key_rate < 0.02 && rate < 0.02;
    if !rare && !(0.5..=2.0).contains(&(rate / key_rate.max(1e-9))) && singles.len() >= MANY {
        let message = format!(
            "absolutes stand in {:.1} % of the distractors and {:.1} % of the keys",
            percent(rate),
            percent(key_rate)
        );
        out.push(Broken {
            code: Code::AbsoluteRates,
            questions: Vec::new(),
            message,
            help: "use always, never and their like in both, or in neither",
        });
    }
}

/// B12: picking the longest options of a multiple question.
fn sets(questions: &[&Question], out: &mut Vec<Broken>) {
    let (mut n, mut found, mut chance) = (0usize, 0usize, 0.0);
    for question in questions {
        let Interaction::Multiple { select, options } = &question.interaction else { continue };
        let mut order: Vec<usize> = (0..options.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(length(&options[*i])));
        n += 1;
        found += usize::from(order.iter().take(*select).all(|i| options[*i].is_key()));
        chance += 1.0 / ways(options.len(), *select);
    }
    let (share, chance) = (found as f64 / n.max(1) as f64, chance / n.max(1) as f64);
    if n >= ENOUGH && share > chance + 0.10 {
        let message = format!(
            "the longest options are the keys in {:.1} % of {n} multiple questions; chance is {:.1} %",
            percent(share),
            percent(chance)
        );
        out.push(Broken {
            code: Code::LongestSets,
            questions: Vec::new(),
            message,
            help: "write distractors to the length of the keys",
        });
    }
}

/// n over k.
fn ways(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// B7: questions that ask the same as an earlier one.
fn near_duplicates(questions: &[&Question], out: &mut Vec<Broken>) {
    for (question, earlier) in duplicates::find(questions) {
        out.push(Broken {
            code: Code::NearDuplicate,
            questions: vec![question],
            message: format!("asks nearly the same as {}", questions[earlier].id),
            help: "drop one of them, or change the situation",
        });
    }
}

/// L28: explanations that were copied.
fn same_explanations(questions: &[&Question], out: &mut Vec<Broken>) {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    for (i, question) in questions.iter().enumerate() {
        let mut hasher = DefaultHasher::new();
        words(question.explanation.as_str())
            .iter()
            .filter(|word| word.len() > 1 && word.parse::<f64>().is_err())
            .for_each(|word| word.hash(&mut hasher));
        let first = *seen.entry(hasher.finish()).or_insert(i);
        if first != i {
            out.push(Broken {
                code: Code::SameExplanation,
                questions: vec![i],
                message: format!("has the explanation of {}", questions[first].id),
                help: "explain this question, not another",
            });
        }
    }
}
