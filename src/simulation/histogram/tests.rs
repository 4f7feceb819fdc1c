use serde_json::Value;

use super::HISTOGRAM;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, misconceptions, number, numbers};

#[test]
fn the_contract_holds() {
    let one = [("instances", exactly(1))];
    let three = [("instances", exactly(3)), ("unbounded", exactly(20))];
    contract::holds(&HISTOGRAM, "quantile", Kind::Numeric, &one);
    contract::holds(&HISTOGRAM, "quantile", Kind::Single, &three);
    contract::holds(&HISTOGRAM, "slower", Kind::Numeric, &[]);
    contract::holds(&HISTOGRAM, "mean-gap", Kind::Numeric, &[]);
}

/// Returns the times of all requests in order, spread evenly in their buckets.
fn requests(bounds: &[i64], cumulative: &[i64]) -> Vec<f64> {
    let (mut times, mut low, mut before) = (Vec::new(), 0.0, 0);
    for (i, &total) in cumulative.iter().enumerate() {
        let count = total - before;
        let high = bounds.get(i).map_or(low, |&bound| bound as f64);
        times.extend((1..=count).map(|k| low + (high - low) * k as f64 / count as f64));
        (low, before) = (high, total);
    }
    times
}

fn quantile(bounds: &[i64], cumulative: &[i64], percent: i64) -> f64 {
    let times = requests(bounds, cumulative);
    times[(times.len() as i64 * percent / 100 - 1) as usize]
}

fn parts(scenario: &Value) -> (Vec<i64>, Vec<Vec<i64>>) {
    let all = scenario["cumulative-counts"].as_array().unwrap();
    (
        numbers(&scenario["bounds"]),
        all.iter().map(numbers).collect(),
    )
}

fn together(all: &[Vec<i64>]) -> Vec<i64> {
    (0..6)
        .map(|i| all.iter().map(|counts| counts[i]).sum())
        .collect()
}

#[test]
fn quantiles_agree_with_a_list_of_all_requests() {
    let given = [("instances", exactly(3)), ("unbounded", exactly(20))];
    for drawn in instances(&HISTOGRAM, "quantile", Kind::Numeric, &given) {
        let (bounds, all) = parts(&drawn.scenario);
        let percent = int(&drawn.scenario["asked"]["quantile-percent-of-all"]);
        let value = quantile(&bounds, &together(&all), percent);
        assert!(
            (value - number(&drawn) as f64).abs() < 1e-6,
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&HISTOGRAM, "mean-gap", Kind::Numeric, &[]) {
        let (bounds, all) = parts(&drawn.scenario);
        let percent = int(&drawn.scenario["asked"]["distance-of-mean-of-quantiles-percent"]);
        let each: f64 = all
            .iter()
            .map(|counts| quantile(&bounds, counts, percent))
            .sum();
        let gap = (each / 2.0 - quantile(&bounds, &together(&all), percent)).abs();
        assert!(
            (gap - number(&drawn) as f64).abs() < 1e-6,
            "{}",
            drawn.scenario
        );
    }
}

#[test]
fn slower_requests_agree_with_a_list_of_all_requests() {
    for drawn in instances(&HISTOGRAM, "slower", Kind::Numeric, &[]) {
        let (bounds, all) = parts(&drawn.scenario);
        let bound = int(&drawn.scenario["asked"]["requests-between-readings-above"]);
        // A request beyond the last bound gets the last bound, so it also counts as slower.
        let slower = |counts: &Vec<i64>| {
            requests(&bounds, counts)
                .iter()
                .filter(|&&t| t > bound as f64)
                .count() as i64
        };
        assert_eq!(
            slower(&all[1]) - slower(&all[0]),
            number(&drawn),
            "{}",
            drawn.scenario
        );
    }
}

/// Returns the place of a rank among cumulative counts, in its bucket spread evenly; the last one
/// has the width `last`.
fn interpolated(bounds: &[i64], cumulative: &[i64], rank: f64, last: f64) -> f64 {
    let at = cumulative.iter().position(|&n| n as f64 >= rank).unwrap();
    let low = if at == 0 { 0.0 } else { bounds[at - 1] as f64 };
    let width = bounds.get(at).map_or(last, |&bound| bound as f64 - low);
    let before = if at == 0 { 0 } else { cumulative[at - 1] };
    let inside = (rank - before as f64) / (cumulative[at] - before).max(1) as f64;
    low + width * inside
}

/// Returns the quantile of all requests if `text` were true.
fn followed(text: &str, scenario: &Value) -> f64 {
    let (bounds, all) = parts(scenario);
    let percent = int(&scenario["asked"]["quantile-percent-of-all"]);
    let counts = together(&all);
    let rank = |counts: &[i64]| (counts[5] * percent) as f64 / 100.0;
    let of = |counts: &[i64]| interpolated(&bounds, counts, rank(counts), 0.0);
    let at = counts
        .iter()
        .position(|&n| n as f64 >= rank(&counts))
        .unwrap();
    let low = if at == 0 { 0 } else { bounds[at - 1] };
    let high = *bounds.get(at).unwrap_or(&0);
    match text {
        "The rows count only their own bucket." => {
            let sums: Vec<i64> = (0..6).map(|i| counts[..=i].iter().sum()).collect();
            of(&sums)
        }
        "The quantile is that share of the highest bound." => (bounds[4] * percent) as f64 / 100.0,
        "The quantile is the mean of the instances' quantiles." => {
            all.iter().map(|counts| of(counts)).sum::<f64>() / all.len() as f64
        }
        "A quantile is the bound of its bucket." => high as f64,
        "A quantile is the lower end of its bucket." => low as f64,
        "A quantile is the middle of its bucket." => (low + high) as f64 / 2.0,
        "The rank counts down from the upper end of its bucket." => {
            (low + high) as f64 - of(&counts)
        }
        "The bucket begins at 0." => high as f64 * rank(&counts) / counts[at] as f64,
        "Requests without a bound don't count." => {
            let rank = (counts[4] * percent) as f64 / 100.0;
            interpolated(&bounds, &counts, rank, 0.0)
        }
        "The quantile is the lower end of the last bucket with a bound." => bounds[3] as f64,
        "The quantile is the middle of the last bucket with a bound." => {
            (bounds[3] + bounds[4]) as f64 / 2.0
        }
        "The last bucket is as wide as the one before it, and its end counts." => {
            (bounds[4] + bounds[4] - bounds[3]) as f64
        }
        "The last bucket ends at twice the highest bound, and its end counts." => {
            (2 * bounds[4]) as f64
        }
        "The last bucket ends at twice the highest bound." => {
            interpolated(&bounds, &counts, rank(&counts), bounds[4] as f64)
        }
        other => panic!("unknown: {other}"),
    }
}

#[test]
fn each_misconception_about_a_quantile_leads_to_its_number() {
    let three = [("instances", exactly(3)), ("unbounded", exactly(20))];
    let one = [("instances", exactly(1))];
    for (kind, given) in [(Kind::Numeric, &one[..]), (Kind::Single, &three)] {
        for drawn in instances(&HISTOGRAM, "quantile", kind, given)
            .iter()
            .take(500)
        {
            for (value, text) in misconceptions(drawn) {
                let led = followed(&text, &drawn.scenario);
                let value: f64 = value.parse().unwrap();
                assert!(
                    (led - value).abs() <= 0.5,
                    "{text}: {led}, not {value} {}",
                    drawn.scenario
                );
            }
        }
    }
}

#[test]
fn each_misconception_about_the_gap_leads_to_its_number() {
    for drawn in instances(&HISTOGRAM, "mean-gap", Kind::Numeric, &[])
        .iter()
        .take(500)
    {
        let (bounds, all) = parts(&drawn.scenario);
        let percent = int(&drawn.scenario["asked"]["distance-of-mean-of-quantiles-percent"]);
        let counts = together(&all);
        let truth = quantile(&bounds, &counts, percent);
        let each: Vec<f64> = all
            .iter()
            .map(|part| quantile(&bounds, part, percent))
            .collect();
        let bound = bounds.iter().find(|&&bound| bound as f64 >= truth).unwrap();
        let weights = all
            .iter()
            .zip(&each)
            .map(|(part, value)| part[5] as f64 * value);
        let weighted = weights.sum::<f64>() / counts[5] as f64;
        let mean = f64::midpoint(each[0], each[1]);
        for (value, text) in misconceptions(drawn) {
            let led = match text.as_str() {
                "The mean weights each quantile by the requests of its instance." => {
                    weighted - truth
                }
                "The error is as large as the distance between the instances." => each[0] - each[1],
                "The higher quantile stands for both instances." => each[0].max(each[1]) - truth,
                "The lower quantile stands for both instances." => each[0].min(each[1]) - truth,
                "The quantile of one instance is the true one." => mean - each[0],
                "The true quantile is the bound of its bucket." => mean - *bound as f64,
                other => panic!("unknown: {other}"),
            };
            let value: f64 = value.parse().unwrap();
            assert!(
                (led.abs() - value).abs() <= 0.5 + 1e-9,
                "{text}: {led}, not {value}"
            );
        }
    }
}
