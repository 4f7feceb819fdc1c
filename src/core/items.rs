//! Item analysis: what answers say about a question.
//!
//! The statistics are those of classical test theory (Crocker and Algina, Introduction to Classical and Modern Test
//! Theory, chapter 14, 1986). They describe the people who answered, not only the question.

use super::time::Millis;

/// The minimum number of answers for anything but counts.
pub const ENOUGH: usize = 10;
/// The minimum number of answers after which an option that no one chose is dead.
const ENOUGH_FOR_DEAD: usize = 20;
/// The share of the score from which a question is too easy to tell people apart.
const TOO_EASY: f64 = 0.95;
/// How many times its fair time a question may take.
const TOO_SLOW: f64 = 1.5;

/// An answer to the question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemResponse {
    /// The score in [0, 1].
    pub score: f64,
    /// The indices of the picked options in the deck; empty for other types.
    pub picks: Vec<usize>,
    /// The mean score of the other questions of the same session; `None` without any.
    pub rest: Option<f64>,
    /// `None` if it was not measured.
    pub spent: Option<Millis>,
    /// Whether the answer was stated as sure; `None` without a statement.
    pub is_sure: Option<bool>,
}

/// The question, as far as the analysis needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnalysedItem {
    /// The expected score of random answers.
    pub chance: Option<f64>,
    pub fair: Millis,
    /// Whether each option is a key; empty for questions without options.
    pub keys: Vec<bool>,
}

/// What the answers say about a question.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemStatistics {
    /// The number of answers.
    pub n: usize,
    /// The number of them with the full score.
    pub right: usize,
    /// How often each option was picked.
    pub picks: Vec<usize>,
    /// `None` below [`ENOUGH`] answers.
    pub detail: Option<ItemDetail>,
}

/// The statistics of a question with enough answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemDetail {
    /// The mean score.
    pub facility: f64,
    /// The correlation of the score with that of the rest of the session; `None` if either is always the same.
    pub discrimination: Option<f64>,
    /// How often each option was picked by the third of the answers with the lowest and the highest rest score.
    pub lower: Vec<usize>,
    pub upper: Vec<usize>,
    /// The median time.
    pub median: Option<Millis>,
    /// The share of the answers with a stated confidence that were sure and not fully right.
    pub sure_and_wrong: Option<f64>,
    pub flags: Vec<ItemFlag>,
}

/// Something about a question that its author should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemFlag {
    /// Those who did well elsewhere did worse here, or preferred a distractor to the key.
    KeySuspect,
    /// Nobody picked one of the distractors.
    DeadDistractor,
    TooEasy,
    /// Half of the answers took much longer than the fair time.
    TooSlow,
}

impl ItemFlag {
    pub fn words(self) -> &'static str {
        match self {
            ItemFlag::KeySuspect => "key suspect",
            ItemFlag::DeadDistractor => "dead distractor",
            ItemFlag::TooEasy => "too easy",
            ItemFlag::TooSlow => "too slow",
        }
    }
}

/// Computes the statistics of a question.
pub fn analyse(item: &AnalysedItem, responses: &[ItemResponse]) -> ItemStatistics {
    let all: Vec<&ItemResponse> = responses.iter().collect();
    let is_right = |response: &&ItemResponse| response.score >= 1.0 - 1e-9;
    let mut statistics = ItemStatistics {
        n: all.len(),
        right: responses.iter().filter(is_right).count(),
        picks: picks(item, &all),
        detail: None,
    };
    if statistics.n < ENOUGH {
        return statistics;
    }
    let (lower, upper) = thirds(responses);
    let stated: Vec<bool> = responses
        .iter()
        .filter_map(|response| Some(response.is_sure? && !is_right(&response)))
        .collect();
    let wrong = stated
        .iter()
        .filter(|is_sure_and_wrong| **is_sure_and_wrong);
    let mut detail = ItemDetail {
        facility: mean(responses.iter().map(|response| response.score)),
        discrimination: discrimination(responses),
        lower: picks(item, &lower),
        upper: picks(item, &upper),
        median: median(responses.iter().filter_map(|response| response.spent)),
        sure_and_wrong: (!stated.is_empty()).then(|| wrong.count() as f64 / stated.len() as f64),
        flags: Vec::new(),
    };
    detail.flags = flags(item, &statistics, &detail);
    statistics.detail = Some(detail);
    statistics
}

fn flags(item: &AnalysedItem, statistics: &ItemStatistics, detail: &ItemDetail) -> Vec<ItemFlag> {
    let of = |is_key: bool, picks: &[usize]| {
        let options = item.keys.iter().zip(picks);
        let chosen = options.filter(|(key, _)| **key == is_key).map(|(_, n)| *n);
        chosen.max().unwrap_or(0)
    };
    let prefers_distractor = of(false, &detail.upper) > of(true, &detail.upper);
    let is_negative = detail.discrimination.is_some_and(|r| r < 0.0);
    let is_dead = item
        .keys
        .iter()
        .zip(&statistics.picks)
        .any(|(is_key, n)| !is_key && *n == 0);
    let is_slow = detail
        .median
        .is_some_and(|median| median.0 as f64 > TOO_SLOW * item.fair.0 as f64);
    let flags = [
        (ItemFlag::KeySuspect, is_negative || prefers_distractor),
        (
            ItemFlag::DeadDistractor,
            is_dead && statistics.n >= ENOUGH_FOR_DEAD,
        ),
        (ItemFlag::TooEasy, detail.facility >= TOO_EASY),
        (ItemFlag::TooSlow, is_slow && item.fair > Millis::ZERO),
    ];
    let raised = flags.into_iter().filter(|(_, is_raised)| *is_raised);
    raised.map(|(flag, _)| flag).collect()
}

/// Counts the picks of each option.
fn picks(item: &AnalysedItem, responses: &[&ItemResponse]) -> Vec<usize> {
    let mut counts = vec![0; item.keys.len()];
    for pick in responses.iter().flat_map(|response| &response.picks) {
        if let Some(count) = counts.get_mut(*pick) {
            *count += 1;
        }
    }
    counts
}

/// Returns the thirds of the answers with the lowest and the highest rest score, rounded down. Answers without one are
/// in neither.
fn thirds(responses: &[ItemResponse]) -> (Vec<&ItemResponse>, Vec<&ItemResponse>) {
    let mut sorted: Vec<(f64, &ItemResponse)> = responses
        .iter()
        .filter_map(|response| Some((response.rest?, response)))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let sorted: Vec<&ItemResponse> = sorted.into_iter().map(|(_, response)| response).collect();
    let third = sorted.len() / 3;
    let upper = sorted[sorted.len() - third..].to_vec();
    (sorted[..third].to_vec(), upper)
}

/// Returns Pearson's correlation of the score with the rest score.
fn discrimination(responses: &[ItemResponse]) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = responses
        .iter()
        .filter_map(|response| Some((response.score, response.rest?)))
        .collect();
    if pairs.len() < ENOUGH {
        return None;
    }
    let (x, y) = (
        mean(pairs.iter().map(|pair| pair.0)),
        mean(pairs.iter().map(|pair| pair.1)),
    );
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (score, rest) in &pairs {
        xx += (score - x) * (score - x);
        yy += (rest - y) * (rest - y);
        xy += (score - x) * (rest - y);
    }
    (xx > 1e-9 && yy > 1e-9).then(|| xy / (xx * yy).sqrt())
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1);
    values.sum::<f64>() / n as f64
}

/// Returns the middle value, or the mean of the two in the middle.
fn median(values: impl Iterator<Item = Millis>) -> Option<Millis> {
    let mut values: Vec<u64> = values.map(|value| value.0).collect();
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    match values.len() % 2 {
        1 => Some(Millis(upper)),
        _ => Some(Millis(u64::midpoint(values[values.len() / 2 - 1], upper))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response() -> impl Strategy<Value = ItemResponse> {
        let score = prop_oneof![Just(0.0), Just(0.5), Just(1.0)];
        let rest = prop::option::of((0u8..=20).prop_map(|n| f64::from(n) / 20.0));
        let spent = prop::option::of((0u64..200_000).prop_map(Millis));
        let picks = prop::collection::vec(0usize..4, 0..2);
        (score, picks, rest, spent, prop::option::of(any::<bool>())).prop_map(
            |(score, picks, rest, spent, is_sure)| ItemResponse {
                score,
                picks,
                rest,
                spent,
                is_sure,
            },
        )
    }

    /// The same statistics, written as plainly as their definitions.
    fn twin(item: &AnalysedItem, all: &[ItemResponse]) -> ItemStatistics {
        let n = all.len();
        let count = |of: &[ItemResponse], option: usize| {
            of.iter()
                .map(|r| r.picks.iter().filter(|p| **p == option).count())
                .sum::<usize>()
        };
        let options = item.keys.len();
        let each = |of: &[ItemResponse]| (0..options).map(|o| count(of, o)).collect::<Vec<_>>();
        let picks = each(all);
        let right = all.iter().filter(|r| r.score > 0.999_999).count();
        if n < 10 {
            return ItemStatistics {
                n,
                right,
                picks,
                detail: None,
            };
        }
        let facility = all.iter().map(|r| r.score).sum::<f64>() / n as f64;
        let mut rested: Vec<ItemResponse> =
            all.iter().filter(|r| r.rest.is_some()).cloned().collect();
        // Insertion sort keeps the order of equal values.
        for i in 1..rested.len() {
            let mut j = i;
            while j > 0 && rested[j - 1].rest > rested[j].rest {
                rested.swap(j - 1, j);
                j -= 1;
            }
        }
        let third = rested.len() / 3;
        let (lower, upper) = (
            each(&rested[..third]),
            each(&rested[rested.len() - third..]),
        );
        let count_rested = rested.len() as f64;
        let sum = |f: &dyn Fn(&ItemResponse) -> f64| rested.iter().map(f).sum::<f64>();
        let (sx, sy) = (sum(&|r| r.score), sum(&|r| r.rest.unwrap()));
        let (sxx, syy) = (
            sum(&|r| r.score * r.score),
            sum(&|r| r.rest.unwrap().powi(2)),
        );
        let sxy = sum(&|r| r.score * r.rest.unwrap());
        let (vx, vy) = (sxx - sx * sx / count_rested, syy - sy * sy / count_rested);
        let discrimination = (rested.len() >= 10 && vx > 1e-9 && vy > 1e-9)
            .then(|| (sxy - sx * sy / count_rested) / (vx * vy).sqrt());
        let mut times: Vec<u64> = all.iter().filter_map(|r| r.spent.map(|s| s.0)).collect();
        times.sort_unstable();
        let median = (!times.is_empty()).then(|| {
            let (a, b) = ((times.len() - 1) / 2, times.len() / 2);
            Millis(u64::midpoint(times[a], times[b]))
        });
        let stated = all.iter().filter(|r| r.is_sure.is_some()).count();
        let wrong = all
            .iter()
            .filter(|r| r.is_sure == Some(true) && r.score < 0.999_999)
            .count();
        let mut flags = Vec::new();
        let best = |key: bool| {
            (0..options)
                .filter(|o| item.keys[*o] == key)
                .map(|o| upper[o])
                .max()
        };
        if discrimination.is_some_and(|r| r < 0.0)
            || best(false).unwrap_or(0) > best(true).unwrap_or(0)
        {
            flags.push(ItemFlag::KeySuspect);
        }
        if n >= 20 && (0..options).any(|o| !item.keys[o] && picks[o] == 0) {
            flags.push(ItemFlag::DeadDistractor);
        }
        if facility >= 0.95 {
            flags.push(ItemFlag::TooEasy);
        }
        if median.is_some_and(|median| median.0 as f64 > 1.5 * item.fair.0 as f64) {
            flags.push(ItemFlag::TooSlow);
        }
        let detail = ItemDetail {
            facility,
            discrimination,
            lower,
            upper,
            median,
            sure_and_wrong: (stated > 0).then(|| wrong as f64 / stated as f64),
            flags,
        };
        ItemStatistics {
            n,
            right,
            picks,
            detail: Some(detail),
        }
    }

    fn item() -> AnalysedItem {
        AnalysedItem {
            chance: Some(0.25),
            fair: Millis(60_000),
            keys: vec![true, false, false, false],
        }
    }

    proptest! {
        #[test]
        fn the_plain_computation_agrees(responses in prop::collection::vec(response(), 0..60)) {
            let (found, expected) = (analyse(&item(), &responses), twin(&item(), &responses));
            let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-6,
                (a, b) => a == b,
            };
            prop_assert_eq!((found.n, found.right, &found.picks), (expected.n, expected.right, &expected.picks));
            prop_assert_eq!(found.detail.is_some(), expected.detail.is_some());
            if let (Some(a), Some(b)) = (found.detail, expected.detail) {
                prop_assert!(near(Some(a.facility), Some(b.facility)));
                prop_assert!(near(a.discrimination, b.discrimination), "{:?} {:?}", a, b);
                prop_assert!(near(a.sure_and_wrong, b.sure_and_wrong));
                prop_assert_eq!((&a.lower, &a.upper, a.median), (&b.lower, &b.upper, b.median));
                // At exactly 0, rounding decides.
                if a.discrimination.is_none_or(|r| r.abs() > 1e-9) {
                    prop_assert_eq!(a.flags, b.flags);
                }
            }
        }
    }

    /// Returns `n` answers that picked `option`, with this score and rest score.
    fn answers(n: usize, option: usize, score: f64, rest: f64) -> Vec<ItemResponse> {
        let response = ItemResponse {
            score,
            picks: vec![option],
            rest: Some(rest),
            spent: Some(Millis(50_000)),
            is_sure: Some(true),
        };
        vec![response; n]
    }

    #[test]
    fn a_wrong_key_is_suspected() {
        // Those who are good elsewhere pick option 1, which is no key.
        let all = [answers(6, 0, 1.0, 0.2), answers(6, 1, 0.0, 0.9)].concat();
        let detail = analyse(&item(), &all).detail.unwrap();
        assert!(detail.discrimination.unwrap() < -0.9);
        assert_eq!(detail.flags, [ItemFlag::KeySuspect]);
        assert_eq!((detail.lower[0], detail.upper[1]), (4, 4));
    }

    #[test]
    fn fewer_than_ten_answers_are_only_counted() {
        let found = analyse(&item(), &answers(9, 0, 1.0, 0.5));
        assert_eq!((found.n, found.right, found.picks[0]), (9, 9, 9));
        assert!(found.detail.is_none());
        assert!(analyse(&item(), &answers(10, 0, 1.0, 0.5)).detail.is_some());
    }

    #[test]
    fn an_easy_and_slow_question_without_tempting_options_is_flagged() {
        let mut all = answers(20, 0, 1.0, 0.5);
        all.iter_mut()
            .for_each(|response| response.spent = Some(Millis(91_000)));
        let flags = analyse(&item(), &all).detail.unwrap().flags;
        assert_eq!(
            flags,
            [
                ItemFlag::DeadDistractor,
                ItemFlag::TooEasy,
                ItemFlag::TooSlow
            ]
        );
    }
}
