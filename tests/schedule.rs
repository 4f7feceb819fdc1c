//! Compares the scheduler with the reference values of FSRS-6 in `tests/vectors/fsrs.json`.

use aethos::core::practice::Grade;
use aethos::core::schedule::{Memory, Review, Scheduler};
use aethos::core::time::Day;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    default_parameters: Vec<f32>,
    official: Official,
    trace_default_params: Vec<Step>,
    trace_same_day: Vec<Step>,
}

#[derive(Deserialize)]
struct Official {
    next_interval: Intervals,
    memory_state: Vec<State>,
    retrievability: Retrievability,
}

#[derive(Deserialize)]
struct Intervals {
    stability: f32,
    desired_retention: Vec<f64>,
    expected_days_rounded_min1: Vec<u32>,
}

#[derive(Deserialize)]
struct State {
    ratings: Vec<usize>,
    elapsed_days: Vec<i32>,
    params: String,
    stability: f32,
    difficulty: f32,
}

#[derive(Deserialize)]
struct Retrievability {
    stability: f32,
    decay: f32,
    days: Vec<i32>,
    expected: Vec<f64>,
}

#[derive(Deserialize)]
struct Step {
    rating: usize,
    elapsed_days: i32,
    stability: f64,
    difficulty: f64,
    interval_090: f64,
    interval_085: Option<f64>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors/fsrs.json")).unwrap()
}

/// Reviews, each this many days after the previous one.
fn reviews(steps: impl Iterator<Item = (usize, i32)>) -> Vec<Review> {
    let mut day = Day(20_000);
    steps
        .map(|(rating, days)| {
            day = day.plus(days);
            Review {
                day,
                grade: Grade::ALL[rating - 1],
            }
        })
        .collect()
}

#[track_caller]
fn near(found: f64, expected: f64, what: &str) {
    // Compared with a relative tolerance of 1e-4, the precision of large single-precision numbers.
    assert!(
        (found - expected).abs() <= 1e-4 * expected.abs().max(1.0),
        "{what}: {found}, expected {expected}"
    );
}

#[test]
fn memory_states_are_those_of_the_reference() {
    let vectors = vectors();
    assert_eq!(vectors.official.memory_state.len(), 2);
    for state in &vectors.official.memory_state {
        let mut parameters = vectors.default_parameters.clone();
        if state.params != "default" {
            assert_eq!(state.params, "default with w[17]=w[18]=w[19]=0");
            parameters[17..20].fill(0.0);
        }
        let scheduler = Scheduler::with(&parameters).unwrap();
        let reviews = reviews(
            state
                .ratings
                .iter()
                .copied()
                .zip(state.elapsed_days.iter().copied()),
        );
        let memory = scheduler.fold(&reviews).unwrap();
        assert!(
            (memory.stability - state.stability).abs() < 1e-4,
            "{memory:?}"
        );
        assert!(
            (memory.difficulty - state.difficulty).abs() < 1e-4,
            "{memory:?}"
        );
    }
}

#[test]
fn each_step_of_the_traces_is_that_of_the_reference() {
    let (vectors, scheduler) = (vectors(), Scheduler::default());
    for trace in [vectors.trace_default_params, vectors.trace_same_day] {
        assert!(trace.len() >= 4);
        let reviews = reviews(trace.iter().map(|step| (step.rating, step.elapsed_days)));
        for (n, step) in trace.iter().enumerate() {
            let memory = scheduler.fold(&reviews[..=n]).unwrap();
            near(
                memory.stability.into(),
                step.stability,
                &format!("stability of step {n}"),
            );
            near(
                memory.difficulty.into(),
                step.difficulty,
                &format!("difficulty of step {n}"),
            );
            let interval = |retention| f64::from(scheduler.interval(memory.stability, retention));
            near(
                interval(0.9),
                step.interval_090,
                &format!("interval of step {n}"),
            );
            if let Some(expected) = step.interval_085 {
                near(
                    interval(0.85),
                    expected,
                    &format!("longer interval of step {n}"),
                );
            }
        }
    }
}

#[test]
fn intervals_are_those_of_the_reference() {
    let Intervals {
        stability,
        desired_retention,
        expected_days_rounded_min1,
    } = vectors().official.next_interval;
    let scheduler = Scheduler::default();
    for (retention, expected) in desired_retention.iter().zip(expected_days_rounded_min1) {
        let days = scheduler.interval(stability, *retention).round().max(1.0) as u32;
        assert_eq!(days, expected, "at a retention of {retention}");
    }
}

#[test]
fn recall_falls_as_that_of_the_reference() {
    let vectors = vectors();
    let Retrievability {
        stability,
        decay,
        days,
        expected,
    } = vectors.official.retrievability;
    let mut parameters = vectors.default_parameters;
    parameters[20] = decay;
    let scheduler = Scheduler::with(&parameters).unwrap();
    let memory = Memory {
        stability,
        difficulty: 5.0,
        last: Day(0),
        reviews: 1,
        lapses: 0,
    };
    for (days, expected) in days.iter().zip(expected) {
        near(
            scheduler.recall(&memory, *days),
            expected,
            &format!("after {days} days"),
        );
    }
}
