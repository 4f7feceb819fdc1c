//! The time of the steps of the measurement.

use std::time::Instant;

use aethos::core::measure::{Curve, Estimator, Offer, Parameters, Pool};
use aethos::core::question::Level;
use aethos::core::rng::Stream;

use super::world::COMPETENCIES;

/// The number of answers in an assessment.
const ANSWERS: usize = 80;
/// The number of rounds. The fastest counts, because slower ones measure other programs on the machine.
const ROUNDS: usize = 5;

/// Returns the time in milliseconds of posterior and choice together, in a bank of five facets per competency and
/// twenty chance levels, a third of it seen before.
pub fn step(questions: usize) -> f64 {
    let facets = ["a", "b", "c", "d", "e"];
    let offer = |i: usize| Offer {
        competency: i % COMPETENCIES,
        facet: facets[i / 8 % 5],
        parameters: Parameters::of(Level::ALL[i / 40 % 5], 0.02 + 0.02 * (i / 200 % 20) as f64),
        seen: u32::from(i.is_multiple_of(3)),
    };
    let offers: Vec<_> = (0..questions).map(offer).collect();
    let bank = |k| {
        offers
            .iter()
            .filter(|o| o.competency == k)
            .map(|o| (o.parameters, 1))
            .collect::<Vec<_>>()
    };
    let curves: Vec<_> = (0..COMPETENCIES).map(|k| Curve::of(&bank(k))).collect();
    fastest(&|| {
        let mut pool = Pool::new(&offers, &curves);
        let mut estimator = Estimator::new(COMPETENCIES);
        let mut rng = Stream::new(1, "step");
        let mut times = Vec::new();
        for _ in 0..ANSWERS {
            let started = Instant::now();
            let index = pool
                .next(&estimator.posterior(), &mut rng)
                .expect("the bank is larger than the form");
            pool.take(index);
            times.push(started.elapsed().as_secs_f64() * 1e3);
            estimator.add(
                offers[index].competency,
                &offers[index].parameters,
                rng.below(2) as f64,
            );
        }
        times
    })
}

/// Returns the times in milliseconds of the posterior, and of the overall result, after a long assessment.
pub fn posterior_and_overall() -> (f64, f64) {
    let bank: Vec<_> = Level::ALL
        .map(|level| (Parameters::of(level, 0.25), 8))
        .into();
    let curves = vec![Curve::of(&bank); COMPETENCIES];
    let mut estimator = Estimator::new(COMPETENCIES);
    let mut rng = Stream::new(1, "answers");
    for i in 0..ANSWERS {
        estimator.add(
            i % COMPETENCIES,
            &Parameters::of(Level::ALL[i % 5], 0.25),
            rng.below(2) as f64,
        );
    }
    let posterior = estimator.posterior();
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64() * 1e3
    };
    let of = |work: &dyn Fn()| fastest(&|| (0..ANSWERS).map(|_| time(work)).collect());
    (
        of(&|| drop(std::hint::black_box(estimator.posterior()))),
        of(&|| {
            std::hint::black_box(posterior.overall(&[1.0; COMPETENCIES], &curves));
        }),
    )
}

/// Returns the smallest of the medians of some rounds.
fn fastest(round: &dyn Fn() -> Vec<f64>) -> f64 {
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    (0..ROUNDS)
        .map(|_| median(round()))
        .fold(f64::INFINITY, f64::min)
}
