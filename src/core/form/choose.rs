//! Selection of a form's questions: a share per competency, spread over its facets, unseen questions first.

use std::collections::{HashMap, HashSet};

use super::code::{BadCode, BankId, Code, Request};
use crate::core::blueprint::Blueprint;
use crate::core::measure::MIN_SCORED;
use crate::core::rng::Stream;

/// A question, reduced to what selection needs.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The index of its competency in the blueprint.
    pub competency: usize,
    pub facet: &'a str,
    pub family: Option<&'a str>,
    /// An open question: asked only on request, never counted among the scored questions.
    pub written: bool,
    pub seen: Seen,
}

/// How often and when a person last saw a question; sorts by which question to ask first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    pub times: u32,
    /// Wall time in milliseconds; 0 for never.
    pub last: u64,
}

/// The questions chosen for a form, before their orders and parameters are drawn.
#[derive(Clone, Debug)]
pub struct Plan {
    pub code: Code,
    /// Indices into the candidates, in the order in which they will be asked.
    pub picks: Vec<usize>,
    /// The competencies that have fewer questions than their share.
    pub short: Vec<Shortage>,
}

/// A competency with fewer questions than its share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The index of the competency in the blueprint.
    pub competency: usize,
    /// True if open questions are missing, not those that count for the score.
    pub is_written: bool,
    pub wanted: usize,
    pub there: usize,
}

/// Allocates `n` questions by weight with the largest-remainder method; ties go to the earlier one.
///
/// If there are enough for a score of each, each gets at least [`MIN_SCORED`], from those that are furthest above their
/// exact share; ties go to the larger share.
///
/// A weight of 0 counts as 10: tips and role have no part in the score, but a person
/// who selects them expects questions from them.
pub fn allocate(weights: &[u32], n: usize) -> Vec<usize> {
    let weights: Vec<u64> = weights
        .iter()
        .map(|w| if *w == 0 { 10 } else { u64::from(*w) })
        .collect();
    let total: u64 = weights.iter().sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let n = n as u64;
    let mut shares: Vec<u64> = weights.iter().map(|w| n * w / total).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(n * weights[*i] % total));
    let rest = n - shares.iter().sum::<u64>();
    for i in by_remainder.into_iter().take(rest as usize) {
        shares[i] += 1;
    }
    let least = MIN_SCORED as u64;
    if n >= least * shares.len() as u64 {
        while let Some(needy) = shares.iter().position(|share| *share < least) {
            let above = |i: usize| shares[i] as i64 * total as i64 - (n * weights[i]) as i64;
            let givers = (0..shares.len()).filter(|i| shares[*i] > least);
            let Some(giver) = givers.max_by_key(|i| (above(*i), shares[*i])) else {
                break;
            };
            shares[giver] -= 1;
            shares[needy] += 1;
        }
    }
    shares.into_iter().map(|share| share as usize).collect()
}

/// Chooses the questions for `request`.
///
/// Within a competency, the order is: least often seen, then the facet with the fewest
/// questions in the form, then longest ago, then the seeded order. The code records how far
/// each choice departs from the choice for a person who has seen nothing.
///
/// # Errors
/// A repeated code that is not from `bank`, or that these candidates can't satisfy.
pub fn plan(
    blueprint: &Blueprint,
    candidates: &[Candidate],
    request: &Request,
    bank: BankId,
) -> Result<Plan, BadCode> {
    let mut code = match request {
        Request::Repeat(code) => {
            code.check_bank(bank)?;
            code.clone()
        }
        Request::Draw {
            seed,
            size,
            competencies,
            written,
        } => Code::new(*seed, *size, *competencies, *written, bank),
    };
    let repeated = code.is_complete();
    let mut chooser = Chooser::new(candidates, code.seed());
    let cells: Vec<usize> = (0..blueprint.competencies.len())
        .filter(|i| code.competencies() >> i & 1 == 1)
        .collect();
    let weights: Vec<u32> = cells
        .iter()
        .map(|i| blueprint.competencies[*i].weight)
        .collect();

    let mut short = Vec::new();
    for written in [false, true] {
        let n = if written { code.written() } else { code.size() };
        for (cell, wanted) in cells.iter().zip(allocate(&weights, n)) {
            let mut there = 0;
            while there < wanted {
                let rank = repeated.then(|| code.rank(chooser.picks.len()));
                let Some(rank) = chooser.take(*cell, written, rank)? else {
                    break;
                };
                code.set_rank(chooser.picks.len() - 1, rank);
                there += 1;
            }
            if there < wanted {
                short.push(Shortage {
                    competency: *cell,
                    is_written: written,
                    wanted,
                    there,
                });
            }
        }
    }
    let picks = chooser.asked_in_order();
    Ok(Plan { code, picks, short })
}

/// A selection in progress: takes one question at a time and keeps track of what that rules out.
struct Chooser<'a> {
    candidates: &'a [Candidate<'a>],
    /// The position of each candidate in the seeded order.
    places: Vec<u32>,
    seed: u64,
    picks: Vec<usize>,
    taken: Vec<bool>,
    families: HashSet<&'a str>,
    /// The facet number of each candidate, so that names are compared only once.
    facets: Vec<usize>,
    /// The number of questions already in the form, per facet.
    asked: Vec<u32>,
    /// The candidates of each competency, with scored and open questions apart.
    cells: HashMap<(usize, bool), Vec<usize>>,
}

impl<'a> Chooser<'a> {
    fn new(candidates: &'a [Candidate<'a>], seed: u64) -> Self {
        let mut places: Vec<u32> = (0..candidates.len() as u32).collect();
        Stream::new(seed, "questions").shuffle(&mut places);
        let mut cells: HashMap<_, Vec<usize>> = HashMap::new();
        let mut numbers = HashMap::new();
        let mut facets = Vec::with_capacity(candidates.len());
        for (i, candidate) in candidates.iter().enumerate() {
            cells
                .entry((candidate.competency, candidate.written))
                .or_default()
                .push(i);
            let next = numbers.len();
            facets.push(*numbers.entry(candidate.facet).or_insert(next));
        }
        Self {
            candidates,
            places,
            seed,
            picks: Vec::new(),
            taken: vec![false; candidates.len()],
            families: HashSet::new(),
            facets,
            asked: vec![0; numbers.len()],
            cells,
        }
    }

    /// Takes the best question of a cell, or the one with the given rank, and returns its rank.
    ///
    /// The rank is the number of questions that would come first for a person who has seen
    /// none of them. Returns `None` when no question is left.
    ///
    /// # Errors
    /// [`BadCode::OtherDecks`] for a rank beyond the remaining questions.
    fn take(
        &mut self,
        competency: usize,
        written: bool,
        rank: Option<usize>,
    ) -> Result<Option<usize>, BadCode> {
        let ruled_out = |i: usize| {
            self.candidates[i]
                .family
                .is_some_and(|f| self.families.contains(f))
        };
        let cell = self
            .cells
            .get(&(competency, written))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut eligible: Vec<usize> = cell
            .iter()
            .copied()
            .filter(|i| !self.taken[*i] && !ruled_out(*i))
            .collect();
        let unseen_order = |i: &usize| (self.asked_of(*i), self.places[*i]);
        let best = eligible.iter().copied().min_by_key(|i| {
            let seen = self.candidates[*i].seen;
            (seen.times, self.asked_of(*i), seen.last, self.places[*i])
        });
        let Some(best) = best else { return Ok(None) };
        let (pick, rank) = match rank {
            None => (
                best,
                eligible
                    .iter()
                    .filter(|i| unseen_order(i) < unseen_order(&best))
                    .count(),
            ),
            Some(rank) if rank < eligible.len() => {
                let (_, pick, _) = eligible.select_nth_unstable_by_key(rank, unseen_order);
                (*pick, rank)
            }
            Some(_) => return Err(BadCode::OtherDecks),
        };
        let chosen = &self.candidates[pick];
        self.taken[pick] = true;
        self.families.extend(chosen.family);
        self.asked[self.facets[pick]] += 1;
        self.picks.push(pick);
        Ok(Some(rank))
    }

    /// Returns the number of questions of this candidate's facet already in the form.
    fn asked_of(&self, i: usize) -> u32 {
        self.asked[self.facets[i]]
    }

    /// Shuffles the picks across the competencies and puts open questions at the end.
    fn asked_in_order(self) -> Vec<usize> {
        let (mut written, mut order): (Vec<usize>, Vec<usize>) = self
            .picks
            .iter()
            .partition(|i| self.candidates[**i].written);
        Stream::new(self.seed, "order").shuffle(&mut order);
        order.append(&mut written);
        order
    }
}
