use serde_json::Value;

use super::BURN_RATE;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number, numbers, options, word};

#[test]
fn the_contract_holds() {
    let large = [
        ("buckets", exactly(12)),
        ("long", exactly(6)),
        ("short", exactly(2)),
        ("traffic", word("uneven")),
    ];
    contract::holds(&BURN_RATE, "fires", Kind::Single, &[]);
    contract::holds(&BURN_RATE, "fires", Kind::Single, &large);
    contract::holds(&BURN_RATE, "ends", Kind::Single, &[("buckets", exactly(9))]);
    contract::holds(&BURN_RATE, "budget", Kind::Numeric, &[]);
    contract::holds(&BURN_RATE, "fewest", Kind::Numeric, &[]);
    contract::holds(&BURN_RATE, "fewest", Kind::Numeric, &large);
}

/// Returns after which buckets the alert fires, with the past as buckets of its own.
fn firing(scenario: &Value, errors: &[i64]) -> Vec<bool> {
    let past = 20;
    let usual = int(&scenario["past"]["requests-per-bucket"]);
    let mut requests = vec![usual; past];
    requests.extend(numbers(&scenario["requests"]));
    let mut all = vec![0; past];
    all.extend(errors);
    let objective = int(&scenario["allowed-errors-per-100000"]) as f64 / 100_000.0;
    let factor = int(&scenario["factor"]) as f64;
    let windows = ["long-window-buckets", "short-window-buckets"];
    let is_above = |end: usize, name: &str| {
        let from = end - int(&scenario[name]) as usize;
        let errors: i64 = all[from..end].iter().sum();
        let total: i64 = requests[from..end].iter().sum();
        errors as f64 / total as f64 / objective > factor
    };
    (past + 1..=all.len())
        .map(|end| windows.iter().all(|name| is_above(end, name)))
        .collect()
}

#[test]
fn alerts_agree_with_sums_over_a_longer_list() {
    for drawn in instances(&BURN_RATE, "fires", Kind::Single, &[]) {
        let firing = firing(&drawn.scenario, &numbers(&drawn.scenario["errors"]));
        let first = firing.iter().position(|&fires| fires).unwrap() + 1;
        assert!(
            options(&drawn).contains(&(format!("after bucket {first}"), true)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "ends", Kind::Single, &[("buckets", exactly(9))]) {
        let firing = firing(&drawn.scenario, &numbers(&drawn.scenario["errors"]));
        let first = firing.iter().position(|&fires| fires).unwrap();
        let end = first + firing[first..].iter().position(|&fires| !fires).unwrap() + 1;
        assert!(
            options(&drawn).contains(&(format!("after bucket {end}"), true)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "fewest", Kind::Numeric, &[])
        .iter()
        .take(300)
    {
        let known = numbers(&drawn.scenario["errors"]);
        let fires = |errors: &i64| {
            let all: Vec<i64> = known.iter().copied().chain([*errors]).collect();
            firing(&drawn.scenario, &all).last() == Some(&true)
        };
        assert_eq!(
            (0..100_000).find(fires),
            Some(number(drawn)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BURN_RATE, "budget", Kind::Numeric, &[]) {
        let asked = &drawn.scenario["asked"];
        let month = int(&asked["budget-left-of-month-with-requests"]);
        let allowed = int(&drawn.scenario["allowed-errors-per-100000"]);
        let used: i64 = numbers(&drawn.scenario["errors"]).iter().sum();
        let left = month * allowed / 100_000 - int(&asked["errors-before"]) - used;
        assert_eq!(left, number(&drawn), "{}", drawn.scenario);
    }
}
