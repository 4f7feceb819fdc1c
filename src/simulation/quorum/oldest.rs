//! The ask for the oldest version that a read can return.

use std::collections::BTreeSet;

use super::{State, TRIES, matching, situation};
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::core::text::Text;
use crate::simulation::{Bounds, Situation, attempts, between, chance, listed};

const OPTIONS: usize = 4;

/// In how many percent of the draws R rules out the oldest reachable version, if the key is neither
/// the first nor the last option: then it always doesn't, or always does.
const RULES_OUT: u64 = 75;

/// In how many percent of these draws it also matters that an unreachable replica can't answer.
const UNREACHABLE_DECIDES: u64 = 75;

/// In how many percent of the draws with the last option as the key this is a failed write.
const FAILED_IS_READ: u64 = 80;

/// How many versions later a draw begins at most, so that no version is often the key.
const MOST_LATER: i64 = 300;

/// A misconception about the oldest version that a read can return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    OldestReachable,
    CountsUnreachable,
    CountsVersions,
    NeedsHolders,
    Acknowledged,
    IgnoresFailed,
    Majority,
    Newest,
    OldestAnywhere,
}

impl Slip {
    pub const ALL: [Slip; 9] = [
        Slip::OldestReachable,
        Slip::CountsUnreachable,
        Slip::CountsVersions,
        Slip::NeedsHolders,
        Slip::Acknowledged,
        Slip::IgnoresFailed,
        Slip::Majority,
        Slip::Newest,
        Slip::OldestAnywhere,
    ];

    pub fn text(self) -> &'static str {
        match self {
            Slip::OldestReachable => "A read may return whatever a replica that answers holds.",
            Slip::CountsUnreachable => "Replicas that can't be reached are among the R answers.",
            Slip::CountsVersions => "The R answers hold R different versions.",
            Slip::NeedsHolders => "R replicas must hold the very version that a read returns.",
            Slip::Acknowledged => "A read never returns less than the acknowledged version.",
            Slip::IgnoresFailed => "A write that was reported as failed can't be read.",
            Slip::Majority => "A majority of all replicas must hold that version or an older one.",
            Slip::Newest => "A read returns the newest version that can be reached.",
            Slip::OldestAnywhere => "A read may return any version that was ever written.",
        }
    }

    /// Returns the version that this rule gives.
    pub fn result(self, state: &State) -> Option<i64> {
        let up = state.reachable();
        let mut all: Vec<i64> = state.replicas.iter().map(|r| r.0).collect();
        all.sort_unstable();
        match self {
            Slip::OldestReachable => up.first().copied(),
            Slip::CountsUnreachable => all.get(state.read - 1).copied(),
            Slip::CountsVersions => {
                let versions: BTreeSet<i64> = up.into_iter().collect();
                versions.into_iter().nth(state.read - 1)
            }
            Slip::NeedsHolders => {
                let holds = |v: &i64| up.iter().filter(|u| *u == v).count() >= state.read;
                up.iter().copied().find(holds)
            }
            Slip::Acknowledged => Some(state.acknowledged),
            Slip::IgnoresFailed => {
                let confirmed: Vec<i64> = up
                    .into_iter()
                    .filter(|v| *v <= state.acknowledged)
                    .collect();
                confirmed.get(state.read - 1).or(confirmed.last()).copied()
            }
            Slip::Majority => up.get(all.len() / 2).copied(),
            Slip::Newest => up.last().copied(),
            Slip::OldestAnywhere => all.first().copied(),
        }
    }
}

/// Asks for the oldest version that a read can return.
pub fn oldest_read(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let rank = random.below(OPTIONS as u64) as usize;
    let is_last = rank + 1 == OPTIONS;
    let rules_out = is_last || rank > 0 && chance(RULES_OUT, random);
    let unreachable_decides = rules_out && chance(UNREACHABLE_DECIDES, random);
    let can_fail = bounds.flag("failed") && bounds.range("replicas").0 > 3;
    let failed_is_read = is_last && can_fail && chance(FAILED_IS_READ, random);
    let base = between(0, MOST_LATER, random);
    let pattern: Vec<bool> = (0..OPTIONS).map(|i| i == rank).collect();
    let (state, key, versions) = attempts(4 * TRIES, random, |random| {
        let state = State::draw(bounds, random)?.later(base);
        let key = *state.results().first()?;
        let fits = state.is_read_decisive(rules_out)
            && has_options(&state, key, rank)
            && !(unreachable_decides && Slip::CountsUnreachable.result(&state) == Some(key))
            && !(failed_is_read && state.failed != Some(key));
        fits.then_some(())?;
        let versions = matching(&state, &BTreeSet::from([key]), &pattern, random)?;
        Some((state, key, versions))
    })?;
    let options: Vec<Alternative> = versions.iter().map(|v| option(&state, key, *v)).collect();
    let steps = [
        format!(
            "The reachable replicas hold {}, from the oldest.",
            listed(&state.reachable())
        ),
        format!(
            "A read returns the newest of R = {} answers, so at best the oldest {} of them come first.",
            state.read, state.read
        ),
        format!("The newest of these is {key}, and any other answers include it or a newer one."),
    ];
    let steps = steps.iter().map(|step| Text::new(step)).collect();
    Some(situation(
        &state,
        Some(state.read),
        Outcome::One { options },
        steps,
    ))
}

impl State {
    /// Adds `base` to all versions.
    fn later(mut self, base: i64) -> Self {
        for replica in &mut self.replicas {
            replica.0 += base;
        }
        self.acknowledged += base;
        self.failed = self.failed.map(|failed| failed + base);
        self
    }
}

/// Returns true if replicas hold enough versions on both sides of the key; three replicas never do,
/// so their options may be other numbers.
fn has_options(state: &State, key: i64, rank: usize) -> bool {
    let held: BTreeSet<i64> = state.replicas.iter().map(|r| r.0).collect();
    let older = held.range(..key).count();
    let newer = held.len() - older - 1;
    state.replicas.len() < 5 || older >= rank && newer >= OPTIONS - 1 - rank
}

fn option(state: &State, key: i64, version: i64) -> Alternative {
    let text = version.to_string();
    let up = state.reachable();
    let old_enough = up.iter().filter(|v| **v <= version).count();
    if version == key {
        let why = format!(
            "Reachable replicas with {version} or an older version: {old_enough}. If {} of them, one \
             with {version} included, answer first, the read returns {version}.",
            state.read
        );
        return Alternative::right(&text, &why);
    }
    let leads_here = |slip: &Slip| slip.result(state) == Some(version);
    let slip = Slip::ALL.into_iter().find(leads_here);
    let belief = slip.map_or("Doesn't look for the R oldest answers.", Slip::text);
    let why = match version < key {
        true if !up.contains(&version) => format!("No reachable replica holds {version}."),
        true => format!(
            "Reachable replicas with {version} or an older version: {old_enough}. So any {} answers \
             include a newer one.",
            state.read
        ),
        false => format!(
            "An older version is possible: {} reachable replicas hold {key} or something older.",
            up.iter().filter(|v| **v <= key).count()
        ),
    };
    Alternative::wrong(&text, &why, belief)
}
