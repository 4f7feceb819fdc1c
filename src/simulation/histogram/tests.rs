use serde_json::Value;

use super::HISTOGRAM;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number, numbers};

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
