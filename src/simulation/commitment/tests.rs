use serde_json::Value;

use super::COMMITMENT;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number};

#[test]
fn the_contract_holds() {
    for ask in ["cheapest", "cost", "break-even"] {
        contract::holds(&COMMITMENT, ask, Kind::Numeric, &[]);
        contract::holds(&COMMITMENT, ask, Kind::Single, &[("periods", exactly(4))]);
    }
}

/// Adds up the cost of a day hour by hour and unit by unit.
fn cost(scenario: &Value, reserved: i64) -> i64 {
    let mut cents = 0;
    for period in scenario["periods"].as_array().unwrap() {
        for _ in 0..int(&period["hours"]) {
            for unit in 1..=100 {
                if unit <= reserved {
                    cents += int(&scenario["reserved-cents-per-unit-and-hour"]);
                } else if unit <= int(&period["units"]) {
                    cents += int(&scenario["on-demand-cents-per-unit-and-hour"]);
                }
            }
        }
    }
    cents
}

#[test]
fn costs_agree_with_a_sum_by_hours() {
    for drawn in instances(&COMMITMENT, "cheapest", Kind::Numeric, &[])
        .iter()
        .take(300)
    {
        let best = (0..=60).min_by_key(|&units| cost(&drawn.scenario, units));
        assert_eq!(best, Some(number(drawn)), "{}", drawn.scenario);
    }
    for drawn in instances(&COMMITMENT, "cost", Kind::Numeric, &[]) {
        let units = int(&drawn.scenario["asked"]["cost-of-a-day-with-reserved"]);
        assert_eq!(
            cost(&drawn.scenario, units),
            number(&drawn),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&COMMITMENT, "break-even", Kind::Numeric, &[]) {
        let value = |name: &str| int(&drawn.scenario[name]);
        let fixed = value("reserved-cents-per-hour") * 720 + value("fee-cents-per-month");
        let pays = |hours: &i64| hours * value("on-demand-cents-per-hour") > fixed;
        assert_eq!(
            (0..=720).find(pays),
            Some(number(&drawn)),
            "{}",
            drawn.scenario
        );
    }
}

#[test]
fn every_level_of_use_is_the_cheapest_about_equally_often() {
    let given = [("periods", exactly(4))];
    let drawn = instances(&COMMITMENT, "cheapest", Kind::Numeric, &given);
    let mut counts = [0_usize; 4];
    for drawn in &drawn {
        let periods = drawn.scenario["periods"].as_array().unwrap();
        let below = periods.iter().filter(|p| int(&p["units"]) < number(drawn));
        counts[below.count()] += 1;
    }
    let fair = drawn.len() / 4;
    assert!(
        counts.iter().all(|n| n.abs_diff(fair) < fair / 4),
        "{counts:?}"
    );
}

#[test]
fn an_equal_cost_is_not_cheaper() {
    let drawn = instances(&COMMITMENT, "break-even", Kind::Numeric, &[]);
    let is_tie = |s: &Value| {
        let monthly = int(&s["hours-of-the-month"]) * int(&s["reserved-cents-per-hour"])
            + int(&s["fee-cents-per-month"]);
        monthly % int(&s["on-demand-cents-per-hour"]) == 0
    };
    let ties = drawn.iter().filter(|drawn| is_tie(&drawn.scenario)).count();
    assert!((drawn.len() / 5..drawn.len() / 3).contains(&ties), "{ties}");
}
