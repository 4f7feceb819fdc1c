//! Checks the predictions about missing evidence: how many more questions it takes until a single level can be named,
//! and
//! how often the single level of the overall score is the true one.

use aethos::core::measure::{Curve, Estimator, Need, Offer, Parameters, Pool, Standing, needed};
use aethos::core::question::Level;
use aethos::core::rng::Stream;

use super::world::{COMPETENCIES, Candidate};

/// The number of questions in a standard assessment.
const ASKED: usize = 40;
/// The boundaries of the levels, in logits.
const CUTS: [f64; 3] = [-0.8, 0.4, 1.6];
/// The largest number of further questions that are simulated.
const PATIENCE: usize = 30;

/// The results of one candidate after a standard assessment.
#[derive(Default)]
pub struct Needs {
    /// Per competency with two plausible levels: the prediction, and the number of further questions until one level
    /// was left.
    pub foretold: Vec<(Need, Option<usize>)>,
    /// True if the single level of the overall score is the true one; `None` if two levels are named.
    pub overall: Option<bool>,
}

struct Asked<'a> {
    candidate: &'a Candidate,
    curves: Vec<Curve>,
    taken: Vec<bool>,
    estimator: Estimator,
    next: Stream,
    answers: Stream,
}

impl Asked<'_> {
    /// Asks one more adaptively chosen question of these competencies; returns false if there is none.
    fn ask(&mut self, of: impl Fn(usize) -> bool) -> bool {
        let open: Vec<usize> = (0..self.taken.len())
            .filter(|index| !self.taken[*index] && of(self.candidate.questions[*index].competency))
            .collect();
        let offer = |index: &usize| {
            let question = &self.candidate.questions[*index];
            Offer {
                competency: question.competency,
                facet: "all",
                parameters: question.parameters,
                seen: 0,
            }
        };
        let offers: Vec<Offer> = open.iter().map(offer).collect();
        let pool = Pool::new(&offers, &self.curves);
        let Some(next) = pool.next(&self.estimator.posterior(), &mut self.next) else {
            return false;
        };
        let score = self.candidate.answer(open[next], &mut self.answers);
        self.taken[open[next]] = true;
        self.estimator
            .add(offers[next].competency, &offers[next].parameters, score);
        true
    }

    fn standing(&self, k: usize) -> Standing {
        self.estimator
            .posterior()
            .competency(k)
            .measure(&self.curves[k])
            .standing()
    }
}

pub fn needs(candidate: &Candidate, number: u64) -> Needs {
    let curves = candidate.curves();
    let mut asked = Asked {
        candidate,
        taken: vec![false; candidate.questions.len()],
        estimator: Estimator::new(COMPETENCIES),
        next: Stream::new(number, "next"),
        answers: Stream::new(number, "answers"),
        curves,
    };
    // Five questions of each competency.
    for turn in 0..ASKED {
        asked.ask(|k| k == turn % COMPETENCIES);
    }
    let posterior = asked.estimator.posterior();
    let overall = posterior
        .overall(&[1.0; COMPETENCIES], &asked.curves)
        .standing();
    let truth = candidate.truth.iter().sum::<f64>() / COMPETENCIES as f64;
    let line = |cut: f64| {
        let at = ((cut + 6.0) / 0.2).round() as usize;
        asked
            .curves
            .iter()
            .map(|curve| curve.points()[at])
            .sum::<f64>()
            / COMPETENCIES as f64
    };
    let level = Level::ALL[CUTS.iter().filter(|cut| truth >= line(**cut)).count()];
    let mut needs = Needs {
        foretold: Vec::new(),
        overall: overall.is_single().then_some(overall.from == level),
    };
    for k in 0..COMPETENCIES {
        let bank: Vec<(Parameters, usize)> = candidate
            .questions
            .iter()
            .filter(|q| q.competency == k)
            .map(|q| (q.parameters, 1))
            .collect();
        let need = needed(posterior.competency(k), &bank);
        if need == Need::Nothing {
            continue;
        }
        let mut more = Asked {
            taken: asked.taken.clone(),
            estimator: asked.estimator.clone(),
            curves: asked.curves.clone(),
            next: Stream::new(number, "more"),
            answers: Stream::new(number, "more answers"),
            candidate,
        };
        let took = (1..=PATIENCE).find(|_| more.ask(|of| of == k) && more.standing(k).is_single());
        needs.foretold.push((need, took));
    }
    needs
}

/// Returns, of the predictions for which `foretold` holds, the share that needed that many questions or fewer.
pub fn in_time(needs: &[Needs], foretold: impl Fn(usize) -> bool) -> f64 {
    share(needs, |need, took| match need {
        Need::About(n) if foretold(n) => Some(took.is_some_and(|took| took <= n)),
        _ => None,
    })
}

/// Returns, of the predictions of "many", the share that needed more than 20 questions.
pub fn many(needs: &[Needs]) -> f64 {
    share(needs, |need, took| {
        (need == Need::Many).then(|| took.is_none_or(|took| took > 20))
    })
}

/// Returns the share of applicable cases in which `holds` is true.
fn share(needs: &[Needs], holds: impl Fn(Need, Option<usize>) -> Option<bool>) -> f64 {
    let of: Vec<bool> = needs
        .iter()
        .flat_map(|n| &n.foretold)
        .filter_map(|(need, took)| holds(*need, *took))
        .collect();
    of.iter().filter(|holds| **holds).count() as f64 / of.len().max(1) as f64
}

/// Returns the share of single overall levels that are true, and the share of candidates with a single level.
pub fn overall(needs: &[Needs]) -> (f64, f64) {
    let named: Vec<bool> = needs.iter().filter_map(|needs| needs.overall).collect();
    let right = named.iter().filter(|right| **right).count() as f64 / named.len().max(1) as f64;
    (right, named.len() as f64 / needs.len().max(1) as f64)
}
