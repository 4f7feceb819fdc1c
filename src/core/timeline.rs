//! Corrects the days of things whose order is known but which a wrong clock may have dated.

use super::time::Day;

/// Returns corrected days for `days`, which are given in the order in which things happened.
///
/// A day is trusted if it belongs to the longest run of days that never decrease and end by `today`; of equally long
/// runs, the later one counts. Every other day is moved between its trusted neighbours, by as little as possible.
pub fn settle(days: &[Day], today: Day) -> Vec<Day> {
    if days.is_sorted() && days.last().is_none_or(|last| *last <= today) {
        return days.to_vec();
    }
    let believed = longest_run(days, today);
    let mut settled = days.to_vec();
    let mut next = today;
    for at in (0..days.len()).rev() {
        next = if believed[at] { days[at] } else { next };
        settled[at] = settled[at].min(next);
    }
    let mut before = Day(i32::MIN);
    for day in &mut settled {
        *day = before.max(*day);
        before = *day;
    }
    settled
}

/// Marks the longest run of days that never decrease and are not after `today` (patience sorting, from the end).
fn longest_run(days: &[Day], today: Day) -> Vec<bool> {
    // `starts` holds, for each length, the start of the run of that length with the latest first day. `follows` holds
    // the index that comes next in the run after each index.
    let mut starts: Vec<usize> = Vec::new();
    let mut follows: Vec<Option<usize>> = vec![None; days.len()];
    let mut longest = None;
    for at in (0..days.len()).rev().filter(|at| days[*at] <= today) {
        let length = starts.partition_point(|start| days[*start] >= days[at]);
        follows[at] = length.checked_sub(1).map(|shorter| starts[shorter]);
        if let Some(start) = starts.get_mut(length) {
            *start = at;
        } else {
            starts.push(at);
            longest = Some(at);
        }
    }
    let mut marked = vec![false; days.len()];
    while let Some(at) = longest {
        marked[at] = true;
        longest = follows[at];
    }
    marked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled(days: &[i32], today: i32) -> Vec<i32> {
        let days: Vec<Day> = days.iter().map(|day| Day(*day)).collect();
        settle(&days, Day(today))
            .into_iter()
            .map(|day| day.0)
            .collect()
    }

    #[test]
    fn days_that_fit_stay_as_they_are() {
        assert!(settled(&[], 9).is_empty());
        assert_eq!(settled(&[1, 1, 4, 9], 9), [1, 1, 4, 9]);
    }

    #[test]
    fn a_clock_that_was_ahead_is_brought_back() {
        assert_eq!(
            settled(&[900, 900, 900, 20, 20, 20], 22),
            [20, 20, 20, 20, 20, 20]
        );
        assert_eq!(
            settled(&[900, 900, 900, 20, 20, 20], 1000),
            [20, 20, 20, 20, 20, 20],
            "the later ones, if in doubt"
        );
        assert_eq!(settled(&[10, 900, 20], 22), [10, 20, 20]);
        assert_eq!(settled(&[10, 900], 22), [10, 22]);
        assert_eq!(settled(&[900], 22), [22]);
    }

    #[test]
    fn a_clock_that_was_behind_is_brought_forward() {
        assert_eq!(settled(&[10, 12, 0, 13], 15), [10, 12, 12, 13]);
        assert_eq!(settled(&[10, 12, 0], 15), [10, 12, 12]);
    }

    proptest! {
        #[test]
        fn order_holds_and_nothing_is_in_the_future(days in prop::collection::vec(-50..50i32, 0..40), today in -60..60i32) {
            let settled = settled(&days, today);
            prop_assert!(settled.is_sorted(), "{settled:?}");
            prop_assert!(settled.iter().all(|day| *day <= today));
            prop_assert_eq!(settled.len(), days.len());
        }

        #[test]
        fn one_wrong_stretch_moves_no_other_day(
            steps in prop::collection::vec(0..3i32, 11..40),
            (from, wrong, by) in (3..8usize, 1..3usize, prop_oneof![-9000..-200i32, 200..9000i32]),
        ) {
            // At the beginning, a clock that is behind looks like a long break.
            let days: Vec<i32> = steps.iter().scan(0, |day, step| { *day += step; Some(*day) }).collect();
            let mut told = days.clone();
            told[from..from + wrong].iter_mut().for_each(|day| *day += by);
            let settled = settled(&told, days[days.len() - 1]);
            for (at, day) in days.iter().enumerate().filter(|(at, _)| !(from..from + wrong).contains(at)) {
                prop_assert_eq!(settled[at], *day, "{:?}", settled);
            }
        }
    }
}
