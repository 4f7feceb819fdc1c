//! The selection of the next question of an adaptive assessment: from the least known competency, among the most
//! informative questions, and different for different people.

use std::collections::{BTreeMap, btree_map::Entry};

use super::profile::{Curve, Density};
use super::{Grid, Parameters, Posterior};
use crate::core::rng::Stream;

/// The maximum lead of a competency, in questions, over the one with the fewest.
const AHEAD: usize = 3;
/// The share of the best utility from which a question is good enough.
///
/// Always asking the best question would give everyone the same one, which would soon be known.
const KEEP: f64 = 0.9;
/// Variances that differ by less than this are equal.
const SAME: f64 = 1e-12;
/// The half-width of the widest interval that is narrow enough to stop, in percent of the bank.
const NARROW: f64 = 18.0;
/// The minimum number of questions asked per competency before stopping.
const FEWEST: usize = 3;

/// A question that may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The index of its competency.
    pub competency: usize,
    pub facet: &'a str,
    pub parameters: Parameters,
    /// The number of times that this person has seen it.
    pub seen: u32,
}

/// The questions not yet asked. Questions that are equivalent for the choice are grouped, so the cost of a step does
/// not depend on the number of questions.
#[derive(Clone, Debug)]
pub struct Pool {
    competencies: Vec<Competency>,
    /// The location of each question in the pool, also after it was asked.
    places: Vec<Place>,
}

#[derive(Clone, Debug)]
struct Competency {
    curve: Curve,
    asked: usize,
    facets: Vec<Facet>,
}

#[derive(Clone, Debug, Default)]
struct Facet {
    asked: usize,
    alike: Vec<Alike>,
}

/// Questions of one facet with equal parameters.
#[derive(Clone, Debug)]
struct Alike {
    /// The expected score at each ability.
    probabilities: Grid,
    /// The indices of unasked questions in ascending order, by how often they were seen. No list is empty.
    unasked: BTreeMap<u32, Vec<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    competency: usize,
    facet: usize,
    alike: usize,
    seen: u32,
}

/// The candidates for the next question, and the data behind the choice.
#[derive(Clone, Debug)]
pub struct Shortlist<'p> {
    /// The competencies that may be next, each with the posterior variance of its score as a share of the bank.
    pub eligible: Vec<(usize, f64)>,
    /// The eligible competency that is next.
    pub competency: usize,
    candidates: Vec<(&'p Alike, f64)>,
}

impl Pool {
    /// Returns a pool with all of `offers` unasked; `curves` has one curve per competency.
    ///
    /// # Panics
    ///
    /// If an offer's competency has no curve.
    pub fn new(offers: &[Offer], curves: &[Curve]) -> Self {
        let competency = |curve: &Curve| Competency {
            curve: curve.clone(),
            asked: 0,
            facets: Vec::new(),
        };
        let mut competencies: Vec<_> = curves.iter().map(competency).collect();
        let mut facets = BTreeMap::new();
        let mut groups = BTreeMap::new();
        let mut places = Vec::with_capacity(offers.len());
        for (
            index,
            &Offer {
                competency,
                facet,
                parameters,
                seen,
            },
        ) in offers.iter().enumerate()
        {
            let of_competency = &mut competencies[competency].facets;
            let facet = *facets.entry((competency, facet)).or_insert_with(|| {
                of_competency.push(Facet::default());
                of_competency.len() - 1
            });
            let of_facet = &mut of_competency[facet].alike;
            let alike = *groups
                .entry((competency, facet, bits(&parameters)))
                .or_insert_with(|| {
                    of_facet.push(Alike::new(&parameters));
                    of_facet.len() - 1
                });
            of_facet[alike].unasked.entry(seen).or_default().push(index);
            places.push(Place {
                competency,
                facet,
                alike,
                seen,
            });
        }
        Self {
            competencies,
            places,
        }
    }

    /// Marks the question with this index as asked: it is no longer offered, and counts for its competency and its
    /// facet. Repeating it changes nothing.
    ///
    /// # Panics
    ///
    /// If there is no such offer.
    pub fn take(&mut self, index: usize) {
        let Place {
            competency,
            facet,
            alike,
            seen,
        } = self.places[index];
        let competency = &mut self.competencies[competency];
        let facet = &mut competency.facets[facet];
        if facet.alike[alike].remove(index, seen) {
            facet.asked += 1;
            competency.asked += 1;
        }
    }

    /// Returns the index of the question to ask next, or `None` when all are asked.
    ///
    /// # Panics
    ///
    /// If `posterior` has fewer competencies than the pool.
    pub fn next(&self, posterior: &Posterior, rng: &mut Stream) -> Option<usize> {
        self.next_among(posterior, |_| true, rng)
    }

    /// Returns the next question of the competencies for which `among` returns true, or `None` when all of those are
    /// asked.
    ///
    /// # Panics
    ///
    /// If `posterior` has fewer competencies than the pool.
    pub fn next_among(
        &self,
        posterior: &Posterior,
        among: impl Fn(usize) -> bool,
        rng: &mut Stream,
    ) -> Option<usize> {
        let shortlist = self.shortlist_among(posterior, among)?;
        let lists = shortlist.least_seen(KEEP);
        let count: usize = lists.iter().map(|list| list.len()).sum();
        lists
            .into_iter()
            .flatten()
            .nth(rng.below(count as u64) as usize)
            .copied()
    }

    /// Returns the competency to ask about with the utility of its questions, or `None` when all are asked.
    ///
    /// # Panics
    ///
    /// If `posterior` has fewer competencies than the pool.
    pub fn shortlist(&self, posterior: &Posterior) -> Option<Shortlist<'_>> {
        self.shortlist_among(posterior, |_| true)
    }

    fn shortlist_among(
        &self,
        posterior: &Posterior,
        among: impl Fn(usize) -> bool,
    ) -> Option<Shortlist<'_>> {
        let variance = |k: usize| {
            (
                k,
                variance(posterior.competency(k), &self.competencies[k].curve),
            )
        };
        let eligible: Vec<_> = self.eligible(among).into_iter().map(variance).collect();
        let largest = eligible
            .iter()
            .map(|(_, variance)| *variance)
            .max_by(f64::total_cmp)?;
        let (competency, _) = *eligible
            .iter()
            .find(|(_, variance)| *variance >= largest - SAME)?;
        let density = posterior.competency(competency);
        let Competency { curve, facets, .. } = &self.competencies[competency];
        let fewest = facets
            .iter()
            .filter(|facet| facet.is_left())
            .map(|facet| facet.asked)
            .min()?;
        let candidates = facets
            .iter()
            .filter(|facet| facet.asked == fewest)
            .flat_map(|facet| &facet.alike)
            .filter(|alike| alike.is_left())
            .map(|alike| (alike, utility(density, curve, &alike.probabilities)))
            .collect();
        Some(Shortlist {
            eligible,
            competency,
            candidates,
        })
    }

    /// Returns the competencies with questions left: those without any question asked, otherwise those not too far
    /// ahead.
    fn eligible(&self, among: impl Fn(usize) -> bool) -> Vec<usize> {
        let asked_for = |(k, competency): &(usize, &Competency)| among(*k) && competency.is_left();
        let left = || self.competencies.iter().enumerate().filter(asked_for);
        let most = match left().map(|(_, competency)| competency.asked).min() {
            None | Some(0) => 1,
            Some(fewest) => fewest + AHEAD,
        };
        left()
            .filter(|(_, competency)| competency.asked < most)
            .map(|(k, _)| k)
            .collect()
    }
}

/// Returns a key that is equal if and only if all parameters are.
fn bits(parameters: &Parameters) -> [u64; 5] {
    let Parameters { a, b, tau, c, slip } = *parameters;
    [a, b, tau, c, slip].map(f64::to_bits)
}

impl Competency {
    fn is_left(&self) -> bool {
        self.facets.iter().any(Facet::is_left)
    }
}

impl Facet {
    fn is_left(&self) -> bool {
        self.alike.iter().any(Alike::is_left)
    }
}

impl Alike {
    fn new(parameters: &Parameters) -> Self {
        Self {
            probabilities: parameters.probabilities(),
            unasked: BTreeMap::new(),
        }
    }

    fn is_left(&self) -> bool {
        !self.unasked.is_empty()
    }

    /// Removes a question and returns true if it was present.
    fn remove(&mut self, index: usize, seen: u32) -> bool {
        let Entry::Occupied(mut list) = self.unasked.entry(seen) else {
            return false;
        };
        let Ok(at) = list.get().binary_search(&index) else {
            return false;
        };
        list.get_mut().remove(at);
        if list.get().is_empty() {
            list.remove();
        }
        true
    }
}

impl Shortlist<'_> {
    /// Returns all questions of the least-asked facets, each with the expected reduction of the variance by its
    /// answer.
    pub fn utilities(&self) -> impl Iterator<Item = (usize, f64)> {
        self.candidates
            .iter()
            .flat_map(|(alike, utility)| alike.unasked.values().flatten().map(|i| (*i, *utility)))
    }

    /// Returns the questions with at least the share `keep` of the best utility.
    pub fn kept(&self, keep: f64) -> impl Iterator<Item = usize> {
        self.good_enough(keep)
            .flat_map(|alike| alike.unasked.values().flatten().copied())
    }

    /// Returns the questions with at least the share `keep` of the best utility that this person has seen least often,
    /// as lists of indices.
    pub fn least_seen(&self, keep: f64) -> Vec<&[usize]> {
        let fewest = self
            .good_enough(keep)
            .filter_map(|alike| alike.unasked.keys().next())
            .min();
        fewest.map_or_else(Vec::new, |seen| {
            self.good_enough(keep)
                .filter_map(|alike| alike.unasked.get(seen))
                .map(Vec::as_slice)
                .collect()
        })
    }

    fn good_enough(&self, keep: f64) -> impl Iterator<Item = &Alike> {
        let best = self
            .candidates
            .iter()
            .map(|(_, utility)| *utility)
            .fold(0.0, f64::max);
        self.candidates
            .iter()
            .filter(move |(_, utility)| *utility >= keep * best)
            .map(|(alike, _)| *alike)
    }
}

/// Returns the posterior variance of the score, as a share of the bank.
fn variance(density: &Density, curve: &Curve) -> f64 {
    let mean = density.expected(curve.points());
    density.expected(&curve.points().map(|s| (s - mean).powi(2)))
}

/// Returns the expected reduction of the score's variance by an answer to a question with these probabilities: the
/// variance between the means of the score after a right and after a wrong answer.
fn utility(density: &Density, curve: &Curve, probabilities: &Grid) -> f64 {
    let mut joint = *curve.points();
    joint
        .iter_mut()
        .zip(probabilities)
        .for_each(|(s, p)| *s *= p);
    let (mean, right) = (
        density.expected(curve.points()),
        density.expected(probabilities),
    );
    let mean_right = density.expected(&joint);
    let mean_wrong = mean - mean_right;
    let drop = mean_right.powi(2) / right + mean_wrong.powi(2) / (1.0 - right) - mean.powi(2);
    // The drop is negative only by rounding, and NaN if the answer is certain and so carries no information: `max`
    // gives 0 for both.
    drop.max(0.0)
}

/// Returns true if enough is known to stop before the budget is spent: every 90% interval extends at most 18 points to
/// either side, and at least three questions were asked in each competency.
///
/// `curves` and `asked` have one entry per competency. The result does not depend on the levels.
///
/// # Panics
///
/// If `posterior` has fewer competencies than there are curves.
pub fn settled(posterior: &Posterior, curves: &[Curve], asked: &[usize]) -> bool {
    let narrow = |(k, curve)| {
        let measure = posterior.competency(k).measure(curve);
        (measure.high - measure.low) / 2.0 <= NARROW
    };
    asked.iter().all(|count| *count >= FEWEST) && curves.iter().enumerate().all(narrow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::measure::Estimator;
    use crate::core::question::Level;
    use proptest::prelude::*;

    const FACETS: [&str; 3] = ["clocks", "quorums", "logs"];

    fn offer(competency: usize, facet: usize, level: usize, seen: u32) -> Offer<'static> {
        Offer {
            competency,
            facet: FACETS[facet],
            parameters: Parameters::of(Level::ALL[level], 0.25),
            seen,
        }
    }

    fn curves(offers: &[Offer], competencies: usize) -> Vec<Curve> {
        let bank = |k| {
            offers
                .iter()
                .filter(|o| o.competency == k)
                .map(|o| (o.parameters, 1))
                .collect::<Vec<_>>()
        };
        (0..competencies).map(|k| Curve::of(&bank(k))).collect()
    }

    /// Returns the questions in the order asked when every answer has this score.
    fn asked(offers: &[Offer], competencies: usize, score: f64, seed: u64) -> Vec<usize> {
        let mut pool = Pool::new(offers, &curves(offers, competencies));
        let mut estimator = Estimator::new(competencies);
        let mut rng = Stream::new(seed, "next");
        std::iter::from_fn(|| {
            let index = pool.next(&estimator.posterior(), &mut rng)?;
            pool.take(index);
            pool.take(index);
            estimator.add(offers[index].competency, &offers[index].parameters, score);
            Some(index)
        })
        .collect()
    }

    #[test]
    fn of_equally_good_questions_the_least_seen_come_first() {
        let offers = [2, 0, 1, 0].map(|seen| offer(0, 0, 2, seen));
        let order = asked(&offers, 1, 1.0, 1);
        assert!(order.ends_with(&[2, 0]), "{order:?}");
    }

    #[test]
    fn not_everybody_gets_the_same_first_question() {
        let offers = [(); 10].map(|()| offer(0, 0, 2, 0));
        let first: std::collections::BTreeSet<_> = (0..50)
            .map(|seed| asked(&offers, 1, 1.0, seed)[0])
            .collect();
        assert!(first.len() > 5, "{first:?}");
    }

    #[test]
    fn it_ends_early_only_when_every_competency_is_known_well_enough() {
        let curves = vec![Curve::of(&Level::ALL.map(|level| (Parameters::of(level, 0.02), 8))); 2];
        let mut estimator = Estimator::new(2);
        let mut ask = |k: usize, count: usize| {
            (0..count).for_each(|i| {
                estimator.add(k, &Parameters::of(Level::Senior, 0.02), (i % 2) as f64);
            });
            estimator.posterior()
        };
        assert!(!settled(&ask(0, 30), &curves, &[30, 0]));
        let both = ask(1, 30);
        assert!(settled(&both, &curves, &[30, 30]));
        assert!(!settled(&both, &curves, &[30, 1]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn all_are_asked_once_and_evenly(
            questions in proptest::collection::vec((0usize..3, 0usize..3, 0usize..5, 0u32..3), 0..40),
            score in 0.0..=1.0f64,
            seed: u64,
        ) {
            let offers: Vec<_> = questions.iter().map(|(k, facet, level, seen)| offer(*k, *facet, *level, *seen)).collect();
            let order = asked(&offers, 3, score, seed);
            prop_assert_eq!(&order, &asked(&offers, 3, score, seed));
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..offers.len()).collect::<Vec<_>>());
            for (i, next) in order.iter().enumerate() {
                let count = |like: &dyn Fn(&Offer) -> bool| order[..i].iter().filter(|i| like(&offers[**i])).count();
                let left = |like: &dyn Fn(&Offer) -> bool| order[i..].iter().any(|i| like(&offers[*i]));
                let here = offers[*next].competency;
                for k in (0..3).filter(|k| left(&|o| o.competency == *k)) {
                    prop_assert!(count(&|o| o.competency == here) < count(&|o| o.competency == k) + AHEAD);
                }
                let of = |facet| move |o: &Offer| o.competency == here && o.facet == facet;
                for facet in FACETS.into_iter().filter(|facet| left(&of(*facet))) {
                    prop_assert!(count(&of(offers[*next].facet)) <= count(&of(facet)));
                }
            }
        }
    }
}
