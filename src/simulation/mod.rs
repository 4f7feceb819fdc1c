//! Simulated questions: deterministic models of systems that draw a situation from a seed and
//! compute its answer.
//!
//! A [`Model`] draws an [`Instance`] for one of its asks within the bounds that a deck sets. It
//! chooses the class of the answer first, uniformly, and then a situation with that answer, so the
//! options say nothing. Wrong answers are what a named wrong rule gives for the same situation.
//! Adding a model is one file here and one line in [`MODELS`].

mod audit;
mod autoscaler;
mod backlog;
mod bounds;
mod bracket;
mod burn_rate;
mod cache;
mod circuit_breaker;
mod commitment;
mod construct;
mod consumer;
#[cfg(test)]
pub mod contract;
mod draw;
#[cfg(test)]
mod draws;
mod hash_ring;
mod histogram;
mod idempotency;
mod interleaving;
mod lease;
mod lock_table;
mod quorum;
mod raft_log;
mod register_history;
mod rollout;
mod show;
#[cfg(test)]
mod tests;
mod trace_path;
mod two_phase_commit;
mod vector_clock;

pub use crate::core::instance::Setting;
pub use audit::{Audit, Fault, Finding};
pub use bounds::{Bound, Bounds, Shape, flag};
pub use draw::{Situation, attempts, between, chance, pick};
pub use show::{in_words, listed, table};

use crate::core::instance::{Instance, Simulation};
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The largest number of situations that are drawn for one instance.
const TRIES: usize = 50;

/// All models, in the order of the documentation.
pub const MODELS: &[&Model] = &[
    &autoscaler::AUTOSCALER,
    &backlog::BACKLOG,
    &burn_rate::BURN_RATE,
    &cache::CACHE,
    &circuit_breaker::MODEL,
    &commitment::COMMITMENT,
    &consumer::MODEL,
    &hash_ring::HASH_RING,
    &histogram::HISTOGRAM,
    &idempotency::MODEL,
    &interleaving::MODEL,
    &lease::MODEL,
    &lock_table::MODEL,
    &quorum::QUORUM,
    &raft_log::RAFT_LOG,
    &register_history::REGISTER_HISTORY,
    &rollout::ROLLOUT,
    &trace_path::TRACE_PATH,
    &two_phase_commit::TWO_PHASE_COMMIT,
    &vector_clock::VECTOR_CLOCK,
];

/// A model of a system.
pub struct Model {
    /// The name in decks, such as `register-history`.
    pub name: &'static str,
    /// Counts up whenever a seed gives another instance than before.
    pub version: u32,
    /// What it models, in one sentence.
    pub summary: &'static str,
    /// The rules that every stem must state, each as one plain sentence.
    pub rules: &'static [&'static str],
    /// Readings that another textbook or product uses. Draws whose answer depends on one that the
    /// stem doesn't settle are rejected.
    pub rivals: &'static [&'static str],
    pub asks: &'static [Ask],
    pub bounds: &'static [Bound],
    /// Draws a situation and its answer, or `None` if it found none within a bounded number of
    /// tries.
    pub draw: fn(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation>,
}

/// A question that a model can ask about its situations.
pub struct Ask {
    pub name: &'static str,
    /// What it asks for, in one sentence.
    pub summary: &'static str,
    /// The question types that can ask it.
    pub kinds: &'static [Kind],
    /// The placeholders that stem, lead-in and explanation may use, such as `time` for `{time}`.
    pub texts: &'static [&'static str],
}

/// Draws the instance of `seed` for a question of a deck; `None` if there is no such model or ask, or if the model finds
/// no situation.
pub fn instance_of(simulation: &Simulation, seed: u64) -> Option<Instance> {
    let model = Model::named(&simulation.model)?;
    let ask = model.ask(&simulation.ask)?;
    let bounds = Bounds::new(model.bounds, &simulation.bounds);
    model.instance_for(simulation.kind, ask.name, &bounds, seed)
}

impl Model {
    /// Returns the model called `name`.
    pub fn named(name: &str) -> Option<&'static Model> {
        MODELS.iter().copied().find(|model| model.name == name)
    }

    /// Returns the ask called `name`.
    pub fn ask(&self, name: &str) -> Option<&'static Ask> {
        self.asks.iter().find(|ask| ask.name == name)
    }

    /// Draws the instance of `seed`: the same on every machine for one `version` of the model.
    pub fn instance(&self, ask: &str, bounds: &Bounds, seed: u64) -> Option<Instance> {
        let situation = (self.draw)(ask, bounds, &mut self.stream(ask, seed))?;
        Some(self.identified(ask, seed, situation))
    }

    /// Draws the instance of `seed` for a question of type `kind`.
    ///
    /// It is what [`Model::instance`] returns, except for a number in a single-choice question: there the rank of the
    /// key among the four options is drawn first, and then a situation with enough wrong numbers on both sides.
    pub fn instance_for(
        &self,
        kind: Kind,
        ask: &str,
        bounds: &Bounds,
        seed: u64,
    ) -> Option<Instance> {
        if kind != Kind::Single {
            return self.instance(ask, bounds, seed);
        }
        let mut random = self.stream(ask, seed);
        let mut ranks = Stream::new(seed, &format!("rank {} {ask}", self.name));
        let rank = ranks.below(bracket::OPTIONS as u64) as usize;
        let situation = attempts(TRIES, &mut random, |random| {
            let drawn = (self.draw)(ask, bounds, random)?;
            let outcome = bracket::bracket(drawn.outcome, rank, &mut ranks)?;
            Some(Situation { outcome, ..drawn })
        })?;
        Some(self.identified(ask, seed, situation))
    }

    fn stream(&self, ask: &str, seed: u64) -> Stream {
        Stream::new(seed, &format!("{} {} {ask}", self.name, self.version))
    }

    fn identified(&self, ask: &str, seed: u64, situation: Situation) -> Instance {
        Instance {
            model: self.name.to_owned(),
            version: self.version,
            ask: ask.to_owned(),
            seed,
            scenario: situation.scenario,
            figures: situation.figures,
            texts: situation.texts,
            outcome: situation.outcome,
            steps: situation.steps,
            solved: situation.solved,
        }
    }
}
