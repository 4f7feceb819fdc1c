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
