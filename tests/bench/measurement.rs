//! What an adaptive assessment finds out: simulated candidates whose ability is known answer the questions that
//! the program chooses, and what it says of them is held against the truth. `cargo bench --bench measurement` takes
//! 1,000 of them, `-- --quick` takes 200; the same seed gives the same figures.
//!
//! Each line is a figure, what was found, and what it is to reach (for the raw percent: what was found elsewhere).
//! Other 1,000 candidates give other figures: rel, prof and acc3 have a standard error of 0.006 to 0.012.

mod need;
mod world;

use std::time::Instant;
use std::{env, thread};

use aethos::core::measure::{Curve, Estimator, Measure, Offer, Parameters, Pool};
use aethos::core::question::Level;
use aethos::core::rng::Stream;
use world::{BASE, COMPETENCIES, Candidate, World, band};

/// After so many questions it is looked at.
const LENGTHS: [usize; 6] = [16, 20, 24, 40, 44, 80];
/// Where the bands of the accuracy are cut, in logits.
const CUTS: [f64; 2] = [-0.6, 0.6];

fn main() {
    let has = |argument: &str| env::args().skip(1).any(|given| given == argument);
    if !has("--bench") {
        println!("nothing to test here: cargo bench --bench measurement");
        return;
    }
    let started = Instant::now();
    let candidates = if has("--quick") { 200 } else { 1000 };
    println!("figure value reference");
    let base = simulate(&BASE, candidates, 80);
    let at = |length| base.iter().map(|(candidate, found)| (candidate, found.after(length))).collect::<Vec<_>>();
    line("rel@20", rel(&at(20)), "0.496");
    line("prof@40", prof(&at(40)), "0.277");
    line("acc3@16", acc3(&at(16)), "0.579");
    line("cov@24", cov(&at(24)), "0.88..0.94");
    line("cov@40", cov(&at(40)), "0.88..0.94");
    line("cov@80", cov(&at(80)), "0.88..0.94");
    line("rel@44", rel(&at(44)), "0.648");
    let raw: Vec<_> = base.iter().map(|(candidate, found)| (candidate, &found.raw)).collect();
    line("raw:rel@80", rel(&raw), "0.496");
    line("raw:prof@80", prof(&raw), "0.277");
    line("raw:acc3@80", acc3(&raw), "0.579");
    for (name, world) in [
        ("noise1.0:cov@40", World { noise: 1.0, ..BASE }),
        ("rho0:cov@40", World { rho: 0.0, ..BASE }),
        ("rho0.9:cov@40", World { rho: 0.9, ..BASE }),
        ("c0.25:cov@40", World { guessable: true, ..BASE }),
    ] {
        let found = simulate(&world, candidates, 40);
        let at: Vec<_> = found.iter().map(|(candidate, found)| (candidate, found.after(40))).collect();
        line(name, cov(&at), "0.85");
    }
    let needs = of_all(&BASE, candidates, &need::needs);
    for (name, from, to) in [("2-5", 1, 5), ("6-10", 6, 10), ("11-20", 11, 20)] {
        let (share, n) = need::in_time(&needs, |foretold| (from..=to).contains(&foretold));
        line(&format!("need:{name}:settled_by_then({n})"), share, "0.4..0.6");
    }
    let (later, n) = need::many(&needs);
    line(&format!("need:many:not_settled_by_20({n})"), later, "0.5..1");
    let (right, named) = need::overall(&needs);
    line(&format!("overall:level_right_where_named({:.0}%)", 100.0 * named), right, "0.7..1");
    line("step_ms@10000", step(10_000), "1");
    line("step_ms@100000", step(100_000), "10");
    println!("{candidates} candidates, {:.0} s", started.elapsed().as_secs_f64());
}

fn line(name: &str, value: f64, reference: &str) {
    println!("{name} {value:.3} {reference}");
}

/// What is said of a candidate's competency.
#[derive(Clone, Copy)]
struct Estimate {
    /// Share of the bank, and its 90 % interval.
    score: f64,
    low: f64,
    high: f64,
    band: usize,
}

type Estimates = [Estimate; COMPETENCIES];

struct Found {
    adaptive: Vec<(usize, Estimates)>,
    /// The share right in a random form of 80 questions.
    raw: Estimates,
}

impl Found {
    fn after(&self, length: usize) -> &Estimates {
        let (_, estimates) = self.adaptive.iter().find(|(n, _)| *n == length).expect("one of the lengths asked for");
        estimates
    }
}

/// All candidates of a world, each assessed with so many questions.
fn simulate(world: &World, candidates: u64, questions: usize) -> Vec<(Candidate, Found)> {
    of_all(world, candidates, &|candidate, number| {
        let found = Found { adaptive: adaptive(candidate, number, questions), raw: raw(candidate, number) };
        (Candidate::draw(world, number), found)
    })
}

/// What is found of each candidate of a world, on all processors.
fn of_all<T: Send>(world: &World, candidates: u64, find: &(dyn Fn(&Candidate, u64) -> T + Sync)) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let find = |number| find(&Candidate::draw(world, number), number);
    thread::scope(|scope| {
        let every = |first| scope.spawn(move || (first..candidates).step_by(threads as usize).map(find).collect());
        let running: Vec<_> = (0..threads).map(every).collect();
        running.into_iter().flat_map(|thread| -> Vec<_> { thread.join().expect("no candidate fails") }).collect()
    })
}

fn adaptive(candidate: &Candidate, number: u64, questions: usize) -> Vec<(usize, Estimates)> {
    let curves = candidate.curves();
    let offer = |question: &world::Question| Offer {
        competency: question.competency,
        facet: "all",
        parameters: question.parameters,
        seen: 0,
    };
    let offers: Vec<_> = candidate.questions.iter().map(offer).collect();
    let mut pool = Pool::new(&offers, &curves);
    let mut estimator = Estimator::new(COMPETENCIES);
    let mut next = Stream::new(number, "next");
    let mut answers = Stream::new(number, "answers");
    let mut found = Vec::new();
    for asked in 1..=questions {
        let index = pool.next(&estimator.posterior(), &mut next).expect("the bank is larger than the form");
        pool.take(index);
        let score = candidate.answer(index, &mut answers);
        estimator.add(offers[index].competency, &offers[index].parameters, score);
        if LENGTHS.contains(&asked) {
            let posterior = estimator.posterior();
            found.push((
                asked,
                std::array::from_fn(|k| {
                    let density = posterior.competency(k);
                    let Measure { score, low, high, .. } = density.measure(&curves[k]);
                    let [below, above] = [density.below(CUTS[0]), 1.0 - density.below(CUTS[1])];
                    let band = if below >= above { 0 } else { 2 };
                    let band = if 1.0 - below - above > below.max(above) { 1 } else { band };
                    Estimate { score: score / 100.0, low: low / 100.0, high: high / 100.0, band }
                }),
            ));
        }
    }
    found
}

/// Ten questions per competency at random; the share right, banded where the bank says that the cuts are.
fn raw(candidate: &Candidate, number: u64) -> Estimates {
    let mut form = Stream::new(number, "form");
    let mut answers = Stream::new(number, "raw answers");
    let curves = candidate.curves();
    std::array::from_fn(|k| {
        let mut indices: Vec<_> =
            (0..candidate.questions.len()).filter(|index| candidate.questions[*index].competency == k).collect();
        form.shuffle(&mut indices);
        let score = indices[..10].iter().map(|index| candidate.answer(*index, &mut answers)).sum::<f64>() / 10.0;
        // The cuts lie on the grid of abilities, -6 to 6 by 0.2.
        let cuts = CUTS.map(|cut| curves[k].points()[((cut + 6.0) / 0.2_f64).round() as usize]);
        Estimate { score, low: score, high: score, band: band(score, cuts) }
    })
}

/// The mean over the competencies of the squared correlation with the truth.
fn rel(found: &[(&Candidate, &Estimates)]) -> f64 {
    let of = |k: usize| found.iter().map(|(candidate, e)| (e[k].score, candidate.truth[k])).collect::<Vec<_>>();
    (0..COMPETENCIES).map(|k| squared_correlation(&of(k))).sum::<f64>() / COMPETENCIES as f64
}

/// The squared correlation with the truth of what is above and below each candidate's own mean.
fn prof(found: &[(&Candidate, &Estimates)]) -> f64 {
    let apart = |values: [f64; COMPETENCIES]| values.map(|v| v - values.iter().sum::<f64>() / COMPETENCIES as f64);
    let pairs =
        found.iter().flat_map(|(candidate, e)| apart(e.map(|e| e.score)).into_iter().zip(apart(candidate.truth)));
    squared_correlation(&pairs.collect::<Vec<_>>())
}

fn acc3(found: &[(&Candidate, &Estimates)]) -> f64 {
    share(found, |candidate, k, estimate| estimate.band == band(candidate.abilities[k], CUTS))
}

fn cov(found: &[(&Candidate, &Estimates)]) -> f64 {
    share(found, |candidate, k, estimate| (estimate.low..=estimate.high).contains(&candidate.truth[k]))
}

fn share(found: &[(&Candidate, &Estimates)], holds: impl Fn(&Candidate, usize, &Estimate) -> bool) -> f64 {
    let of =
        |(candidate, e): &(&Candidate, &Estimates)| (0..COMPETENCIES).filter(|k| holds(candidate, *k, &e[*k])).count();
    found.iter().map(of).sum::<usize>() as f64 / (found.len() * COMPETENCIES) as f64
}

fn squared_correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let sum = |of: fn(f64, f64) -> f64| pairs.iter().map(|p| of(p.0 - x, p.1 - y)).sum::<f64>();
    sum(|x, y| x * y).powi(2) / (sum(|x, _| x * x) * sum(|_, y| y * y))
}

/// Median time of posterior and choice, in milliseconds, in a bank of five facets per competency and twenty chance
/// levels, a third of it seen before.
fn step(questions: usize) -> f64 {
    let facets = ["a", "b", "c", "d", "e"];
    let offer = |i: usize| {
        let chance = 0.02 + 0.02 * (i / 200 % 20) as f64;
        let parameters = Parameters::of(Level::ALL[i / 40 % 5], chance);
        Offer {
            competency: i % COMPETENCIES,
            facet: facets[i / 8 % 5],
            parameters,
            seen: u32::from(i.is_multiple_of(3)),
        }
    };
    let offers: Vec<_> = (0..questions).map(offer).collect();
    let bank = |k| offers.iter().filter(|o| o.competency == k).map(|o| (o.parameters, 1)).collect::<Vec<_>>();
    let curves: Vec<_> = (0..COMPETENCIES).map(|k| Curve::of(&bank(k))).collect();
    let mut pool = Pool::new(&offers, &curves);
    let mut estimator = Estimator::new(COMPETENCIES);
    let mut rng = Stream::new(1, "step");
    let mut times: Vec<_> = (0..80)
        .map(|_| {
            let started = Instant::now();
            let index = pool.next(&estimator.posterior(), &mut rng).expect("the bank is larger than the form");
            pool.take(index);
            let time = started.elapsed().as_secs_f64() * 1e3;
            estimator.add(offers[index].competency, &offers[index].parameters, rng.below(2) as f64);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
