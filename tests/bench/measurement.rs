//! Compares the estimates for simulated candidates with their true abilities.
//!
//! `cargo bench --bench measurement` uses five seeds with 1,000 candidates each, `-- --quick` uses 40 each; the same
//! seeds give the same results. Each row has the mean of a statistic over the seeds, its standard error, and the value
//! that it must reach: minus one standard error, or three with `--quick`, whose few candidates vary more. With `--quick`,
//! times may be three times as long, too, because it is also run in builds with little optimization. If a gate fails, the
//! benchmark says so in its last lines and fails.

mod gate;
mod need;
mod sitting;
mod timing;
mod world;

use std::process::ExitCode;
use std::time::Instant;
use std::{env, thread};

use aethos::core::rng::Stream;
use gate::{Gate, Gates};
use sitting::{CUTS, Estimate, Estimates};
use world::{BASE, COMPETENCIES, Candidate, World, band};

/// The seeds. Other seeds would give other results, so they never change.
const SEEDS: [u64; 5] = [0, 1, 2, 3, 4];
/// The distance between the candidate numbers of two seeds.
const APART: u64 = 1_000_000;
/// The numbers of questions after which the estimates are examined.
const LENGTHS: [usize; 6] = [16, 20, 24, 40, 44, 80];
/// The same for candidates with a fixed ability.
const GIVEN: [usize; 2] = [24, 40];

/// The number of candidates per seed.
#[derive(Clone, Copy)]
struct Scale {
    drawn: u64,
    /// The number of candidates per fixed ability.
    given: u64,
    /// The number of standard errors by which a gate may be missed, and the factor by which a time may be longer.
    slack: f64,
}

fn main() -> ExitCode {
    let has = |argument: &str| env::args().skip(1).any(|given| given == argument);
    if !has("--bench") {
        println!("nothing to test here: cargo bench --bench measurement");
        return ExitCode::SUCCESS;
    }
    let scale = match has("--quick") {
        true => Scale {
            drawn: 40,
            given: 10,
            slack: 3.0,
        },
        false => Scale {
            drawn: 1000,
            given: 200,
            slack: 1.0,
        },
    };
    let started = Instant::now();
    let mut gates = Gates::new(scale.slack);
    base(scale, &mut gates);
    robustness(scale, &mut gates);
    conditional(scale, &mut gates);
    needs(scale, &mut gates);
    times(&mut gates);
    let (drawn, given) = (scale.drawn, scale.given);
    println!(
        "\n5 seeds with {drawn} candidates, {given} of each kind; {:.0} s",
        started.elapsed().as_secs_f64()
    );
    match gates.missed() {
        [] => ExitCode::SUCCESS,
        missed => {
            println!("MISSED {} gates:\n  {}", missed.len(), missed.join("\n  "));
            ExitCode::FAILURE
        }
    }
}

/// The true ability of a candidate, and the estimates.
struct Found {
    abilities: [f64; COMPETENCIES],
    truth: [f64; COMPETENCIES],
    adaptive: Vec<Estimates>,
    raw: [Estimate; COMPETENCIES],
}

/// A candidate with the estimates of each competency.
type QuestionContext<'a> = (&'a Found, &'a [Estimate; COMPETENCIES]);

/// A statistic over all candidates of a seed.
type Statistic = fn(&[QuestionContext]) -> f64;

fn base(scale: Scale, gates: &mut Gates) {
    println!("{:<38} mean  (SE)     must reach", "figure");
    let seeds: Vec<Vec<Found>> = SEEDS
        .map(|seed| {
            of_all(seed, scale.drawn, &|number| {
                let candidate = Candidate::draw(&BASE, number);
                let Candidate {
                    abilities, truth, ..
                } = candidate;
                let adaptive = sitting::adaptive(&candidate, number, &LENGTHS);
                Found {
                    abilities,
                    truth,
                    adaptive,
                    raw: sitting::raw(&candidate, number),
                }
            })
        })
        .into();
    let each = |figure: fn(&[QuestionContext]) -> f64,
                of: &dyn Fn(&Found) -> &[Estimate; COMPETENCIES]|
     -> Vec<f64> {
        seeds
            .iter()
            .map(|found| figure(&found.iter().map(|f| (f, of(f))).collect::<Vec<_>>()))
            .collect()
    };
    let after = |figure, length: usize| {
        let at = LENGTHS
            .iter()
            .position(|n| *n == length)
            .expect("one of the lengths");
        each(figure, &|found| &found.adaptive[at].competencies)
    };
    let figures: [(&str, Statistic, usize); 3] =
        [("rel", rel, 20), ("prof", prof, 40), ("acc3", acc3, 16)];
    for (name, figure, length) in figures {
        let raw = each(figure, &|found| &found.raw);
        let mean = raw.iter().sum::<f64>() / raw.len() as f64;
        gates.row(
            &format!("{name} of raw percent with 80 questions"),
            &raw,
            Gate::None,
        );
        gates.row(
            &format!("{name} with {length} questions"),
            &after(figure, length),
            Gate::AtLeast(mean),
        );
    }
    for length in [24, 40, 80] {
        gates.row(
            &format!("cov with {length} questions"),
            &after(cov, length),
            Gate::Within(0.88, 0.94),
        );
    }
    gates.row(
        "rel with 44 questions",
        &after(rel, 44),
        Gate::AtLeast(0.648),
    );
}

/// Measures coverage in worlds that violate the assumptions of the estimator.
fn robustness(scale: Scale, gates: &mut Gates) {
    for (name, world) in [
        ("cov with 40, level noise 1.0", World { noise: 1.0, ..BASE }),
        ("cov with 40, rho 0", World { rho: 0.0, ..BASE }),
        ("cov with 40, rho 0.9", World { rho: 0.9, ..BASE }),
        (
            "cov with 40, all questions c = 0.25",
            World {
                guessable: true,
                ..BASE
            },
        ),
    ] {
        let covered = SEEDS.map(|seed| {
            let shares = of_all(seed, scale.drawn, &|number| {
                let candidate = Candidate::draw(&world, number);
                covered(
                    &sitting::adaptive(&candidate, number, &[40])[0],
                    &candidate,
                    0..COMPETENCIES,
                )
            });
            shares.iter().sum::<f64>() / shares.len() as f64
        });
        gates.row(name, &covered, Gate::AtLeast(0.85));
    }
}

/// Measures coverage for candidates with a fixed ability: one row per ability and profile.
fn conditional(scale: Scale, gates: &mut Gates) {
    println!(
        "\nconditional coverage, per competency and overall, each at least 0.850; ! marks one that is missed"
    );
    println!(
        "{:<26} {:<14} {:<14} {:<14} adaptive 40",
        "candidates", "fixed 24", "fixed 40", "adaptive 24"
    );
    let everywhere = |ability: f64| [ability; COMPETENCIES];
    let mut one_weak = everywhere(1.0);
    one_weak[0] = -2.0;
    let mut kinds = vec![(
        "guess".to_owned(),
        everywhere(f64::NEG_INFINITY),
        0..COMPETENCIES,
    )];
    kinds.extend((-3..=3).map(|theta| {
        (
            format!("theta = {theta}"),
            everywhere(f64::from(theta)),
            0..COMPETENCIES,
        )
    }));
    kinds.push((
        "know everything".to_owned(),
        everywhere(f64::INFINITY),
        0..COMPETENCIES,
    ));
    kinds.push(("one at -2, others +1: it".to_owned(), one_weak, 0..1));
    kinds.push((
        "one at -2, others +1: they".to_owned(),
        one_weak,
        1..COMPETENCIES,
    ));
    for (name, abilities, which) in kinds {
        let seeds = SEEDS.map(|seed| {
            of_all(seed, scale.given, &|number| {
                let candidate =
                    Candidate::with(abilities, &BASE, &mut Stream::new(number, "given"));
                let found =
                    [sitting::fixed, sitting::adaptive].map(|sit| sit(&candidate, number, &GIVEN));
                let truth = candidate.truth.iter().sum::<f64>() / COMPETENCIES as f64;
                let one = |e: &Estimates| {
                    [
                        covered(e, &candidate, which.clone()),
                        f64::from(u8::from(e.overall.holds(truth))),
                    ]
                };
                found.iter().flatten().map(one).collect::<Vec<_>>()
            })
        });
        let mut line = format!("{name:<26}");
        for (at, form) in ["fixed 24", "fixed 40", "adaptive 24", "adaptive 40"]
            .into_iter()
            .enumerate()
        {
            for (part, of) in ["competency", "overall"].into_iter().enumerate() {
                let mean = |seed: &Vec<Vec<[f64; 2]>>| {
                    seed.iter().map(|c| c[at][part]).sum::<f64>() / seed.len() as f64
                };
                let values: Vec<f64> = seeds.iter().map(mean).collect();
                line += &format!(
                    " {}",
                    gates.cell(&format!("coverage, {name}, {form}, {of}"), &values, 0.85)
                );
            }
            line.push(' ');
        }
        println!("{}", line.trim_end());
    }
    println!();
}

/// Checks the predictions of further questions and of levels.
fn needs(scale: Scale, gates: &mut Gates) {
    let seeds = SEEDS.map(|seed| {
        of_all(seed, scale.drawn.div_ceil(5), &|number| {
            need::needs(&Candidate::draw(&BASE, number), number)
        })
    });
    let each = |figure: &dyn Fn(&[need::Needs]) -> f64| {
        seeds.iter().map(|needs| figure(needs)).collect::<Vec<_>>()
    };
    for (name, from, to) in [("2-5", 1, 5), ("6-10", 6, 10), ("11-20", 11, 20)] {
        let settled =
            each(&|needs| need::in_time(needs, |foretold| (from..=to).contains(&foretold)));
        gates.row(
            &format!("needs {name} more: settled by then"),
            &settled,
            Gate::Within(0.4, 0.6),
        );
    }
    gates.row(
        "needs over 20 more: not settled by 20",
        &each(&need::many),
        Gate::AtLeast(0.5),
    );
    gates.row(
        "overall level right where one is named",
        &each(&|needs| need::overall(needs).0),
        Gate::AtLeast(0.7),
    );
    gates.row(
        "  share of candidates with such a level",
        &each(&|needs| need::overall(needs).1),
        Gate::None,
    );
}

fn times(gates: &mut Gates) {
    let (posterior, overall) = timing::posterior_and_overall();
    gates.time("posterior", posterior, 0.2);
    gates.time("overall", overall, 0.5);
    gates.time("step with 10,000 questions", timing::step(10_000), 1.0);
    gates.time("step with 100,000 questions", timing::step(100_000), 10.0);
}

/// Simulates each candidate of a seed, on all processors, and returns the results.
fn of_all<T: Send>(seed: u64, candidates: u64, find: &(dyn Fn(u64) -> T + Sync)) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from) as u64;
    let find = |number| find(seed * APART + number);
    thread::scope(|scope| {
        let every = |first| {
            scope.spawn(move || {
                (first..candidates)
                    .step_by(threads as usize)
                    .map(find)
                    .collect()
            })
        };
        let running: Vec<_> = (0..threads).map(every).collect();
        running
            .into_iter()
            .flat_map(|thread| -> Vec<_> { thread.join().expect("no candidate fails") })
            .collect()
    })
}

/// Returns the share of these competencies whose interval contains the true value.
fn covered(estimates: &Estimates, candidate: &Candidate, which: std::ops::Range<usize>) -> f64 {
    let held = which
        .clone()
        .filter(|k| estimates.competencies[*k].holds(candidate.truth[*k]))
        .count();
    held as f64 / which.len() as f64
}

/// Returns the squared correlation with the true values, averaged over the competencies.
fn rel(found: &[QuestionContext]) -> f64 {
    let of = |k: usize| {
        found
            .iter()
            .map(|(found, e)| (e[k].score, found.truth[k]))
            .collect::<Vec<_>>()
    };
    (0..COMPETENCIES)
        .map(|k| squared_correlation(&of(k)))
        .sum::<f64>()
        / COMPETENCIES as f64
}

/// Returns the squared correlation with the true deviations from each candidate's own mean.
fn prof(found: &[QuestionContext]) -> f64 {
    let apart = |values: [f64; COMPETENCIES]| {
        values.map(|v| v - values.iter().sum::<f64>() / COMPETENCIES as f64)
    };
    let pairs = found.iter().flat_map(|(found, e)| {
        apart(e.map(|e| e.score))
            .into_iter()
            .zip(apart(found.truth))
    });
    squared_correlation(&pairs.collect::<Vec<_>>())
}

fn acc3(found: &[QuestionContext]) -> f64 {
    share(found, |found, k, estimate| {
        estimate.band == band(found.abilities[k], CUTS)
    })
}

fn cov(found: &[QuestionContext]) -> f64 {
    share(found, |found, k, estimate| estimate.holds(found.truth[k]))
}

fn share(found: &[QuestionContext], holds: impl Fn(&Found, usize, &Estimate) -> bool) -> f64 {
    let of = |(found, e): &QuestionContext| {
        (0..COMPETENCIES)
            .filter(|k| holds(found, *k, &e[*k]))
            .count()
    };
    found.iter().map(of).sum::<usize>() as f64 / (found.len() * COMPETENCIES) as f64
}

fn squared_correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = (
        pairs.iter().map(|p| p.0).sum::<f64>() / n,
        pairs.iter().map(|p| p.1).sum::<f64>() / n,
    );
    let sum = |of: fn(f64, f64) -> f64| pairs.iter().map(|p| of(p.0 - x, p.1 - y)).sum::<f64>();
    sum(|x, y| x * y).powi(2) / (sum(|x, _| x * x) * sum(|_, y| y * y))
}
