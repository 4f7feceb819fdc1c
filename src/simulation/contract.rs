//! The contract that every ask of every model keeps, as a check for the tests of models.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::audit::Audit;
use super::{Bounds, Model, Setting};
use crate::core::question::Kind;

/// The number of seeds that each check draws.
pub const SEEDS: u64 = 2000;
/// The largest median and maximum of the time of a draw; without optimization a draw takes about 20 times as long.
const MEDIAN: Duration = Duration::from_millis(1);
const WORST: Duration = Duration::from_millis(20);
const UNOPTIMIZED: u32 = 20;

/// Asserts that the draws of an ask keep the contract, with the given bounds and the defaults for all others.
///
/// ```text
/// contract::holds(&LEASE, "accepted-writes", Kind::Multiple, &[("clients", Setting::Whole(2, 2))]);
/// ```
pub fn holds(model: &'static Model, ask: &str, kind: Kind, given: &[(&str, Setting)]) {
    let faults = broken(model, ask, kind, given);
    assert!(
        faults.is_empty(),
        "{} {ask} as {} with {given:?}:\n- {}",
        model.name,
        kind.word(),
        faults.join("\n- ")
    );
}

/// Returns every way in which the draws break the contract.
pub fn broken(
    model: &'static Model,
    ask: &str,
    kind: Kind,
    given: &[(&str, Setting)],
) -> Vec<String> {
    let given: BTreeMap<String, Setting> = given
        .iter()
        .map(|(name, setting)| ((*name).to_owned(), setting.clone()))
        .collect();
    let bounds = Bounds::new(model.bounds, &given);
    let Some(known) = model.ask(ask) else {
        return vec![format!("the model has no ask {ask:?}")];
    };
    let mut faults: Vec<String> = given
        .keys()
        .filter(|name| model.bounds.iter().all(|bound| bound.name != name.as_str()))
        .map(|name| format!("the model has no bound {name:?}"))
        .collect();
    let mut audit = Audit::new(known, kind);
    let mut times = Vec::new();
    for seed in 0..SEEDS {
        let start = Instant::now();
        let instance = model.instance_for(kind, ask, &bounds, seed);
        times.push(start.elapsed());
        if seed % 10 == 0 && model.instance_for(kind, ask, &bounds, seed) != instance {
            faults.push(format!(
                "seed {seed} gives another instance the second time"
            ));
        }
        audit.add(seed, instance.as_ref());
    }
    faults.extend(audit.findings().iter().map(ToString::to_string));
    faults.extend(slowness(times));
    faults
}

/// Returns the limits that the times of draws exceed.
pub fn slowness(mut times: Vec<Duration>) -> Vec<String> {
    times.sort();
    let factor = if cfg!(debug_assertions) {
        UNOPTIMIZED
    } else {
        1
    };
    let mut faults = Vec::new();
    let median = times[times.len() / 2];
    if median > MEDIAN * factor {
        faults.push(format!("the median draw takes {median:?}"));
    }
    // Other programs may interrupt single draws, so one draw in a thousand may be slower.
    if times[times.len() * 999 / 1000] > WORST * factor {
        let worst = times[times.len() - 1];
        faults.push(format!("the slowest draws take up to {worst:?}"));
    }
    faults
}
