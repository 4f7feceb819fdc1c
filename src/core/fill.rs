//! Builds the practice queue: selects the most useful questions that fit into the available time.

use std::collections::{HashMap, HashSet};

use super::practice::QueueReason;

/// Seconds for reading the feedback, in addition to a question's fair time.
pub const FEEDBACK: u32 = 20;

/// A question that could be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The position of the question: the index of its deck and its index in the deck.
    pub place: (usize, usize),
    pub why: QueueReason,
    /// The rank among questions with the same reason; lower ranks come first.
    pub rank: i64,
    /// Combined with the seed, sorts questions of equal rank; see [`super::reserve::stable`].
    pub order: u64,
    /// The family of the question. Questions of one family give away each other's answers.
    pub family: Option<&'a str>,
    /// The fair time in seconds.
    pub seconds: u32,
    /// Whether the question was never answered before.
    pub new: bool,
}

impl Offer<'_> {
    /// Returns the seconds that the question takes: its fair time and the time for the feedback, multiplied by
    /// `factor`.
    pub fn cost(&self, factor: f64) -> u64 {
        (f64::from(self.seconds + FEEDBACK) * factor).round() as u64
    }
}

/// The limits of a queue.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub seconds: u64,
    /// The person's time multiplier.
    pub factor: f64,
    /// The maximum number of new questions.
    pub new: usize,
}

/// Returns the questions that fit, in the order of asking: one reason after the other, in the order of `tiers`,
/// without repetitions.
///
/// Questions of the weakest competency get at most half of the time that due ones leave, if there is something new to
/// ask. At least one question is always taken. Adjacent questions are from different families wherever possible.
pub fn fill<'a>(mut tiers: Vec<Vec<Offer<'a>>>, room: Room, seed: u64) -> Vec<Offer<'a>> {
    let mut taken: Vec<Offer<'a>> = Vec::new();
    let mut places = HashSet::new();
    let (mut spent, mut new) = (0, 0);
    for tier in &mut tiers {
        tier.sort_by_key(|offer| (offer.rank, mixed(offer.order, seed), offer.place));
    }
    let last = tiers.len().saturating_sub(1);
    let is_new = tiers
        .get(last)
        .is_some_and(|tier| tier.iter().any(|offer| offer.why == QueueReason::New));
    let mut rest = Vec::new();
    for tier in tiers {
        let is_weak = tier
            .first()
            .is_some_and(|offer| offer.why == QueueReason::Weak);
        let end = if is_weak && is_new {
            spent + room.seconds.saturating_sub(spent) / 2
        } else {
            room.seconds
        };
        for offer in tier {
            let cost = offer.cost(room.factor);
            if places.contains(&offer.place) || offer.new && new == room.new {
                continue;
            }
            if spent + cost <= end || taken.is_empty() {
                places.insert(offer.place);
                spent += cost;
                new += usize::from(offer.new);
                taken.push(offer);
            } else if is_weak {
                rest.push(offer);
            }
        }
    }
    for offer in rest {
        let cost = offer.cost(room.factor);
        let is_allowed = !offer.new || new < room.new;
        if is_allowed && spent + cost <= room.seconds && places.insert(offer.place) {
            spent += cost;
            new += usize::from(offer.new);
            taken.push(offer);
        }
    }
    apart(taken)
}

/// Mixes the bits of `order` and `seed` (the finalizer of `SplitMix64`).
fn mixed(order: u64, seed: u64) -> u64 {
    let mut z = order ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Reorders the questions as little as possible so that no two of one family are adjacent. If that is impossible, the
/// adjacent ones are at the end.
fn apart(mut offers: Vec<Offer>) -> Vec<Offer> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for family in offers.iter().filter_map(|offer| offer.family) {
        *left.entry(family).or_default() += 1;
    }
    let mut arranged: Vec<Offer> = Vec::with_capacity(offers.len());
    while !offers.is_empty() {
        let last = arranged.last().and_then(|offer| offer.family);
        // A family with more than half of the rest must be used at every second position from here on.
        let pressing = left
            .iter()
            .find(|(_, n)| **n * 2 > offers.len())
            .map(|(family, _)| *family);
        let fits = |offer: &Offer| offer.family.is_none() || offer.family != last;
        let at = match pressing {
            Some(family) if Some(family) != last => {
                offers.iter().position(|offer| offer.family == Some(family))
            }
            _ => offers.iter().position(fits),
        };
        let offer = offers.remove(at.unwrap_or(0));
        if let Some(n) = offer.family.and_then(|family| left.get_mut(family)) {
            *n -= 1;
        }
        arranged.push(offer);
    }
    arranged
}

/// Merges new questions of several competencies into one list. The next question is always from the competency with
/// the fewest so far relative to its weight.
///
/// Each group has its weight, the number of its questions that were seen, and its questions; their ranks are set to
/// the merged order.
pub fn by_weight(
    groups: Vec<(u32, usize, Vec<Offer<'_>>)>,
    seed: u64,
    most: usize,
) -> Vec<Offer<'_>> {
    struct Group<'a> {
        weight: f64,
        had: usize,
        offers: Vec<Offer<'a>>,
    }
    let mut groups: Vec<Group> = groups
        .into_iter()
        .filter(|(weight, _, _)| *weight > 0)
        .map(|(weight, had, mut offers)| {
            offers.sort_by_key(|offer| std::cmp::Reverse((mixed(offer.order, seed), offer.place)));
            Group {
                weight: f64::from(weight),
                had,
                offers,
            }
        })
        .collect();
    let mut list = Vec::new();
    while list.len() < most {
        let full = groups.iter_mut().filter(|group| !group.offers.is_empty());
        let share = |group: &Group| (group.had as f64 + 1.0) / group.weight;
        let Some(group) = full.min_by(|a, b| share(a).total_cmp(&share(b))) else {
            break;
        };
        if let Some(offer) = group.offers.pop() {
            group.had += 1;
            list.push(Offer {
                rank: list.len() as i64,
                ..offer
            });
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn offer(n: usize, why: QueueReason, family: Option<&str>) -> Offer<'_> {
        Offer {
            place: (0, n),
            why,
            rank: 0,
            order: n as u64 * 7919,
            family,
            seconds: 60,
            new: why == QueueReason::New,
        }
    }

    fn tier(why: QueueReason, numbers: std::ops::Range<usize>) -> Vec<Offer<'static>> {
        numbers.map(|n| offer(n, why, None)).collect()
    }

    fn counts(queue: &[Offer]) -> [usize; 4] {
        [
            QueueReason::Due,
            QueueReason::SureAndWrong,
            QueueReason::Weak,
            QueueReason::New,
        ]
        .map(|why| queue.iter().filter(|o| o.why == why).count())
    }

    fn minutes(n: u64) -> Room {
        Room {
            seconds: n * 60,
            factor: 1.0,
            new: usize::MAX,
        }
    }

    fn usual() -> Vec<Vec<Offer<'static>>> {
        let tiers = [
            (QueueReason::Due, 0..3),
            (QueueReason::SureAndWrong, 3..5),
            (QueueReason::Weak, 5..20),
            (QueueReason::New, 20..60),
        ];
        tiers
            .into_iter()
            .map(|(why, numbers)| tier(why, numbers))
            .collect()
    }

    #[test]
    fn due_comes_first_then_sure_and_wrong_then_weak_then_new() {
        // 80 seconds each: 15 minutes have room for 11 questions, and weak ones get half of the 6 after the first 5.
        let queue = fill(usual(), minutes(15), 1);
        assert_eq!(counts(&queue), [3, 2, 3, 3]);
        let order: Vec<QueueReason> = queue.iter().map(|offer| offer.why).collect();
        assert!(order.is_sorted_by_key(|why| {
            [
                QueueReason::Due,
                QueueReason::SureAndWrong,
                QueueReason::Weak,
                QueueReason::New,
            ]
            .iter()
            .position(|w| w == why)
        }));
        assert_eq!(counts(&fill(usual(), minutes(4), 1)), [3, 0, 0, 0]);
    }

    #[test]
    fn weak_ones_fill_up_where_there_is_nothing_new() {
        let mut tiers = usual();
        tiers[3].clear();
        assert_eq!(counts(&fill(tiers, minutes(15), 1)), [3, 2, 6, 0]);
        let mut tiers = usual();
        tiers[3].truncate(1);
        assert_eq!(counts(&fill(tiers, minutes(15), 1)), [3, 2, 5, 1]);
    }

    #[test]
    fn one_is_asked_however_little_time_there_is_and_none_twice() {
        assert_eq!(fill(usual(), minutes(0), 1).len(), 1);
        let twice = vec![
            tier(QueueReason::Due, 0..3),
            tier(QueueReason::SureAndWrong, 0..3),
        ];
        assert_eq!(fill(twice, minutes(60), 1).len(), 3);
        assert!(fill(vec![Vec::new(); 4], minutes(15), 1).is_empty());
    }

    #[test]
    fn of_new_ones_there_are_no_more_than_a_day_may_have() {
        let counted = |new| counts(&fill(usual(), Room { new, ..minutes(15) }, 1));
        assert_eq!(
            counted(2),
            [3, 2, 4, 2],
            "weak ones take the rest of the time"
        );
        assert_eq!(counted(0), [3, 2, 6, 0]);
        assert!(
            fill(
                vec![tier(QueueReason::New, 0..9)],
                Room {
                    new: 0,
                    ..minutes(15)
                },
                1
            )
            .is_empty()
        );
    }

    #[test]
    fn more_time_for_each_question_means_fewer_of_them() {
        assert_eq!(
            fill(
                usual(),
                Room {
                    factor: 2.0,
                    ..minutes(15)
                },
                1
            )
            .len(),
            5
        );
    }

    #[test]
    fn the_seed_decides_among_equals_and_nothing_else_does() {
        let places = |seed| {
            fill(usual(), minutes(15), seed)
                .iter()
                .map(|o| o.place.1)
                .collect::<Vec<_>>()
        };
        assert_eq!(places(7), places(7));
        assert_ne!(places(7), places(8));
    }

    #[test]
    fn new_ones_are_shared_out_by_what_the_blueprint_still_owes() {
        let groups = vec![
            (10, 0, tier(QueueReason::New, 0..50)),
            (20, 0, tier(QueueReason::New, 50..99)),
            (20, 15, tier(QueueReason::New, 100..150)),
        ];
        let list = by_weight(groups, 3, 30);
        let of = |range: std::ops::Range<usize>| {
            list.iter().filter(|o| range.contains(&o.place.1)).count()
        };
        // 45 questions in the ratio 10 : 20 : 20 are 9, 18 and 18, and 15 of the last were seen already.
        assert_eq!((of(0..50), of(50..99), of(100..150)), (9, 18, 3));
        assert!(
            by_weight(vec![(0, 0, tier(QueueReason::New, 0..5))], 3, 30).is_empty(),
            "without weight: only when asked for"
        );
    }

    proptest! {
        #[test]
        fn families_stand_apart_wherever_that_can_be(families in prop::collection::vec(prop::option::of(0..4usize), 0..24)) {
            const NAMES: [&str; 4] = ["a", "b", "c", "d"];
            let offers: Vec<Offer> =
                families.iter().enumerate().map(|(n, f)| offer(n, QueueReason::Due, f.map(|f| NAMES[f]))).collect();
            let arranged = apart(offers.clone());
            let touching = arranged.windows(2).filter(|w| w[0].family.is_some() && w[0].family == w[1].family).count();
            let largest = NAMES.iter().map(|name| offers.iter().filter(|o| o.family == Some(name)).count()).max();
            // The largest family needs one other question between any two of its own.
            let unavoidable = (2 * largest.unwrap_or(0)).saturating_sub(offers.len() + 1);
            prop_assert_eq!(touching, unavoidable);
            let numbers = |offers: &[Offer]| offers.iter().map(|o| o.place).collect::<HashSet<_>>();
            prop_assert_eq!(numbers(&arranged), numbers(&offers));
        }
    }
}
