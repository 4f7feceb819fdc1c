use serde_json::Value;

use super::ROLLOUT;
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number};

#[test]
fn the_contract_holds() {
    for kind in [Kind::Single, Kind::Numeric] {
        contract::holds(&ROLLOUT, "least-ready", kind, &[]);
        contract::holds(&ROLLOUT, "old-left", kind, &[]);
    }
    contract::holds(&ROLLOUT, "finished", Kind::Numeric, &[]);
    contract::holds(&ROLLOUT, "stuck", Kind::Numeric, &[]);
}

/// Takes single steps in a random order, second by second, and returns old and ready pods, and
/// those that are starting, at the end of each second.
fn by_steps(scenario: &Value, works: bool, random: &mut Stream) -> Vec<[i64; 3]> {
    let desired = int(&scenario["desired"]);
    let surge = (desired as f64 * int(&scenario["surge-percent-rounded-up"]) as f64 / 100.0 - 1e-9)
        .ceil() as i64;
    let missing = desired * int(&scenario["unavailable-percent-rounded-down"]) / 100;
    let wait = int(&scenario["ready-after-seconds"]);
    let (mut old, mut new): (i64, Vec<i64>) = (desired, Vec::new());
    let mut history = Vec::new();
    for now in 0..wait * (desired + 2) {
        let mut idle = 0;
        while idle < 40 {
            let ready = new
                .iter()
                .filter(|&&start| works && start + wait <= now)
                .count() as i64;
            idle += 1;
            if random.below(2) == 0 && old > 0 && old + ready > desired - missing {
                old -= 1;
                idle = 0;
            } else if random.below(2) == 0
                && old + (new.len() as i64) < desired + surge
                && (new.len() as i64) < desired
            {
                new.push(now);
                idle = 0;
            }
        }
        let ready = new
            .iter()
            .filter(|&&start| works && start + wait <= now)
            .count() as i64;
        history.push([old, ready, new.len() as i64 - ready]);
        if ready == desired {
            break;
        }
    }
    history
}

#[test]
fn rollouts_agree_with_single_steps_in_any_order() {
    let mut random = Stream::new(1, "steps");
    let given = [("pods", exactly(11))];
    for drawn in instances(&ROLLOUT, "least-ready", Kind::Numeric, &given)
        .iter()
        .take(40)
    {
        let history = by_steps(&drawn.scenario, true, &mut random);
        let least = history.iter().map(|[old, ready, _]| old + ready).min();
        assert_eq!(least, Some(number(drawn)), "{}", drawn.scenario);
    }
    for drawn in instances(&ROLLOUT, "finished", Kind::Numeric, &[])
        .iter()
        .take(40)
    {
        let history = by_steps(&drawn.scenario, true, &mut random);
        assert_eq!(
            history.len() as i64 - 1,
            number(drawn),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&ROLLOUT, "old-left", Kind::Numeric, &[])
        .iter()
        .take(40)
    {
        let history = by_steps(&drawn.scenario, true, &mut random);
        let at = int(&drawn.scenario["asked"]["old-pods-at"]);
        assert_eq!(history[at as usize][0], number(drawn), "{}", drawn.scenario);
    }
    for drawn in instances(&ROLLOUT, "stuck", Kind::Numeric, &[])
        .iter()
        .take(20)
    {
        let [_, _, starting] = *by_steps(&drawn.scenario, false, &mut random)
            .last()
            .unwrap();
        assert_eq!(starting, number(drawn), "{}", drawn.scenario);
    }
}

#[test]
fn a_stuck_update_shows_no_start_up_time() {
    for drawn in instances(&ROLLOUT, "stuck", Kind::Numeric, &[]) {
        let crate::core::figure::Drawing::Table(table) = &drawn.figures[0].drawing else {
            panic!("not a table");
        };
        assert_eq!(table.rows.len(), 3, "{}", drawn.scenario);
    }
}

#[test]
fn no_option_for_the_fewest_ready_pods_is_above_the_desired_number() {
    for drawn in instances(&ROLLOUT, "least-ready", Kind::Single, &[]) {
        let crate::core::instance::Outcome::Number { wrong, .. } = &drawn.outcome else {
            panic!("not a number");
        };
        let desired = int(&drawn.scenario["desired"]) as f64;
        assert!(
            wrong.iter().all(|wrong| wrong.value <= desired),
            "{}",
            drawn.scenario
        );
    }
}
