//! The reserve: unseen questions that practice does not ask, so that an assessment with new questions is always
//! available.

use std::collections::{HashMap, HashSet};

use super::id::FacetId;

/// The number of questions of the reserved form.
pub const KEPT: usize = 40;

/// A question that was never shown.
#[derive(Clone, Copy, Debug)]
pub struct Unseen<'a> {
    pub facet: &'a FacetId,
    /// The family of the question, as any unique text. Questions of one family give away each other's answers.
    pub family: Option<&'a str>,
    /// The position in an order that never changes: see [`stable`].
    pub order: u64,
}

/// Returns a hash of the names of deck and question, the same on every platform and in every version (FNV-1a, with its
/// bits mixed as in `MurmurHash3`).
pub fn stable(deck: &str, question: &str) -> u64 {
    let bytes = deck.bytes().chain([0]).chain(question.bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| {
        (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// Returns the indices of up to `share` questions in `unseen`, all of one competency, that are reserved.
///
/// The next question is always taken from the facet with the fewest reserved ones, the first in the stable order. The
/// choice does not depend on the other questions, so practising those changes nothing. A question used in an
/// assessment is no longer unseen, and the next one takes its place. At most one question of a family is reserved,
/// because a form has no more. `families` contains the families already used by other competencies; those used here
/// are added.
pub fn reserve<'a>(
    unseen: &[Unseen<'a>],
    share: usize,
    families: &mut HashSet<&'a str>,
) -> HashSet<usize> {
    let mut facets: HashMap<&FacetId, Vec<usize>> = HashMap::new();
    for (place, question) in unseen.iter().enumerate() {
        facets.entry(question.facet).or_default().push(place);
    }
    for places in facets.values_mut() {
        // Sorted in descending order so that the next question is popped from the end.
        places.sort_unstable_by_key(|place| std::cmp::Reverse((unseen[*place].order, *place)));
    }
    let mut queues: Vec<(usize, Vec<usize>)> =
        facets.into_values().map(|places| (0, places)).collect();
    let mut kept = HashSet::new();
    while kept.len() < share {
        for (_, places) in &mut queues {
            let is_given_away = |place: &usize| {
                unseen[*place]
                    .family
                    .is_some_and(|family| families.contains(family))
            };
            while places.last().is_some_and(is_given_away) {
                places.pop();
            }
        }
        let next = queues.iter_mut().filter(|(_, places)| !places.is_empty());
        let first = |places: &[usize]| places.last().map(|place| (unseen[*place].order, *place));
        let Some((taken, places)) = next.min_by_key(|(taken, places)| (*taken, first(places)))
        else {
            break;
        };
        if let Some(place) = places.pop() {
            *taken += 1;
            families.extend(unseen[place].family);
            kept.insert(place);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_stable_order_is_frozen() {
        assert_eq!(stable("consensus", "raft.001"), 0xbd4a_ca1f_4176_ecfd);
        assert_ne!(stable("ab", "c"), stable("a", "bc"));
    }

    #[derive(Clone, Debug)]
    struct Question {
        facet: FacetId,
        family: Option<String>,
        order: u64,
    }

    fn bank() -> impl Strategy<Value = Vec<Question>> {
        let question =
            (0..5u8, prop::option::of(0..6u8), any::<u64>()).prop_map(|(facet, family, order)| {
                Question {
                    facet: FacetId::new(format!("facet-{facet}")),
                    family: family.map(|family| format!("family-{family}")),
                    order,
                }
            });
        prop::collection::vec(question, 0..60)
    }

    fn kept(bank: &[Question], share: usize) -> Vec<u64> {
        let unseen: Vec<Unseen> = bank
            .iter()
            .map(|q| Unseen {
                facet: &q.facet,
                family: q.family.as_deref(),
                order: q.order,
            })
            .collect();
        let mut orders: Vec<u64> = reserve(&unseen, share, &mut HashSet::new())
            .into_iter()
            .map(|place| bank[place].order)
            .collect();
        orders.sort_unstable();
        orders
    }

    proptest! {
        #[test]
        fn practising_others_never_changes_the_reserve(bank in bank(), share in 0..12usize, seen in any::<u64>()) {
            let before = kept(&bank, share);
            let mut rest = bank.clone();
            // The simulated learner practises about half of the questions that are not kept for assessments.
            rest.retain(|q| before.contains(&q.order) || (q.order ^ seen) % 2 == 0);
            prop_assert_eq!(kept(&rest, share), before);
        }

        #[test]
        fn one_that_was_used_is_replaced_and_the_others_stay(bank in bank(), share in 1..12usize) {
            let before = kept(&bank, share);
            let Some(used) = before.first() else { return Ok(()) };
            let alone: Vec<Question> = bank.iter().map(|q| Question { family: None, ..q.clone() }).collect();
            let (before, mut rest) = (kept(&alone, share), alone.clone());
            rest.retain(|q| q.order != *used);
            let after = kept(&rest, share);
            prop_assert_eq!(after.len(), share.min(rest.len()));
            prop_assert!(before.iter().all(|order| order == used || after.contains(order)));
        }

        #[test]
        fn it_is_as_large_as_it_can_be_with_one_of_a_family(bank in bank(), share in 0..12usize) {
            let families: HashSet<_> = bank.iter().filter_map(|q| q.family.clone()).collect();
            let alone = bank.iter().filter(|q| q.family.is_none()).count();
            prop_assert_eq!(kept(&bank, share).len(), share.min(families.len() + alone));
        }
    }

    #[test]
    fn it_is_spread_over_the_facets() {
        let bank: Vec<Question> = (0..40)
            .map(|n| Question {
                facet: FacetId::new(format!("facet-{}", n % 5)),
                family: None,
                order: n * n * 7919 % 1009,
            })
            .collect();
        let unseen: Vec<Unseen> = bank
            .iter()
            .map(|q| Unseen {
                facet: &q.facet,
                family: None,
                order: q.order,
            })
            .collect();
        let mut count: HashMap<&FacetId, usize> = HashMap::new();
        for place in reserve(&unseen, 7, &mut HashSet::new()) {
            *count.entry(&bank[place].facet).or_default() += 1;
        }
        assert!(
            count.len() == 5 && count.values().all(|n| *n <= 2),
            "{count:?}"
        );
    }
}
