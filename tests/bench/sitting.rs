//! The estimates for one simulated candidate.

use aethos::core::measure::{Curve, Estimator, Offer, Pool};
use aethos::core::rng::Stream;

use super::world::{COMPETENCIES, Candidate, band};

/// The boundaries of the accuracy bands, in logits.
pub const CUTS: [f64; 2] = [-0.6, 0.6];

/// An estimate for a candidate, in one competency or overall.
#[derive(Clone, Copy)]
pub struct Estimate {
    /// The share of the bank, with its 90% interval.
    pub score: f64,
    low: f64,
    high: f64,
    pub band: usize,
}

impl Estimate {
    pub fn holds(&self, truth: f64) -> bool {
        // The true value may equal an end of the interval.
        (self.low - 1e-9..=self.high + 1e-9).contains(&truth)
    }
}

pub struct Estimates {
    pub competencies: [Estimate; COMPETENCIES],
    pub overall: Estimate,
}

impl Estimates {
    fn of(estimator: &Estimator, curves: &[Curve]) -> Self {
        let posterior = estimator.posterior();
        let competencies = std::array::from_fn(|k| {
            let density = posterior.competency(k);
            let found = density.measure(&curves[k]);
            let [below, above] = [density.below(CUTS[0]), 1.0 - density.below(CUTS[1])];
            let band = match 1.0 - below - above {
                middle if middle > below.max(above) => 1,
                _ if below >= above => 0,
                _ => 2,
            };
            Estimate {
                score: found.score / 100.0,
                low: found.low / 100.0,
                high: found.high / 100.0,
                band,
            }
        });
        let found = posterior.overall(&[1.0; COMPETENCIES], curves);
        let overall = Estimate {
            score: found.score / 100.0,
            low: found.low / 100.0,
            high: found.high / 100.0,
            band: 0,
        };
        Self {
            competencies,
            overall,
        }
    }
}

/// Asks adaptively chosen questions up to the last of `lengths`, and returns the estimates after each of `lengths`
/// questions.
pub fn adaptive(candidate: &Candidate, number: u64, lengths: &[usize]) -> Vec<Estimates> {
    let curves = candidate.curves();
    let offer = |question: &super::world::Question| Offer {
        competency: question.competency,
        facet: "all",
        parameters: question.parameters,
        seen: 0,
    };
    let offers: Vec<_> = candidate.questions.iter().map(offer).collect();
    let mut pool = Pool::new(&offers, &curves);
    let mut estimator = Estimator::new(COMPETENCIES);
    let (mut next, mut answers) = (Stream::new(number, "next"), Stream::new(number, "answers"));
    let mut found = Vec::new();
    for asked in 1..=lengths.last().copied().unwrap_or(0) {
        let index = pool
            .next(&estimator.posterior(), &mut next)
            .expect("the bank is larger than the form");
        pool.take(index);
        estimator.add(
            offers[index].competency,
            &offers[index].parameters,
            candidate.answer(index, &mut answers),
        );
        if lengths.contains(&asked) {
            found.push(Estimates::of(&estimator, &curves));
        }
    }
    found
}

/// Does the same for fixed forms with equally many random questions per competency.
pub fn fixed(candidate: &Candidate, number: u64, lengths: &[usize]) -> Vec<Estimates> {
    let curves = candidate.curves();
    let mut answers = Stream::new(number, "fixed answers");
    let mut estimator = Estimator::new(COMPETENCIES);
    let form = shuffled(candidate, number);
    let (mut found, mut asked) = (Vec::new(), 0);
    for length in lengths {
        for turn in asked..length / COMPETENCIES {
            for of_competency in &form {
                let question = &candidate.questions[of_competency[turn]];
                let score = candidate.answer(of_competency[turn], &mut answers);
                estimator.add(question.competency, &question.parameters, score);
            }
        }
        asked = length / COMPETENCIES;
        found.push(Estimates::of(&estimator, &curves));
    }
    found
}

/// Returns the share right of ten random questions per competency, with its band according to the bank.
pub fn raw(candidate: &Candidate, number: u64) -> [Estimate; COMPETENCIES] {
    let form = shuffled(candidate, number);
    let mut answers = Stream::new(number, "raw answers");
    let curves = candidate.curves();
    std::array::from_fn(|k| {
        let score = form[k][..10]
            .iter()
            .map(|index| candidate.answer(*index, &mut answers))
            .sum::<f64>()
            / 10.0;
        // The boundaries are on the grid of abilities, -6 to 6 in steps of 0.2.
        let cuts = CUTS.map(|cut| curves[k].points()[((cut + 6.0) / 0.2_f64).round() as usize]);
        Estimate {
            score,
            low: score,
            high: score,
            band: band(score, cuts),
        }
    })
}

/// Returns the indices of each competency's questions in random order.
fn shuffled(candidate: &Candidate, number: u64) -> [Vec<usize>; COMPETENCIES] {
    let mut form = Stream::new(number, "form");
    std::array::from_fn(|k| {
        let of_competency = |index: &usize| candidate.questions[*index].competency == k;
        let mut indices: Vec<_> = (0..candidate.questions.len())
            .filter(of_competency)
            .collect();
        form.shuffle(&mut indices);
        indices
    })
}
