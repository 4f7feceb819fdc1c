//! Spreads due questions over days with limited time.

use std::collections::VecDeque;

/// The questions asked on each day, and the questions left over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The number of questions asked on each day, and the seconds that they take.
    pub days: Vec<(u32, u64)>,
    /// The number of questions for which no day has time.
    pub left: u32,
    /// The index of the first day that leaves no due question waiting; `None` if there is none.
    pub caught_up: Option<usize>,
}

/// Spreads questions over days with this many seconds each. The longest-waiting questions come first, and each day
/// asks at least one question, however long it takes.
///
/// `due` lists for each day the seconds of each question that becomes due on it.
pub fn spread(due: &[Vec<u64>], seconds: u64) -> Workload {
    let mut waiting: VecDeque<u64> = VecDeque::new();
    let mut workload = Workload::default();
    for (day, costs) in due.iter().enumerate() {
        waiting.extend(costs);
        let (mut questions, mut spent) = (0, 0);
        while let Some(cost) = waiting
            .front()
            .copied()
            .filter(|cost| questions == 0 || spent + cost <= seconds)
        {
            waiting.pop_front();
            questions += 1;
            spent += cost;
        }
        workload.days.push((questions, spent));
        if waiting.is_empty() && workload.caught_up.is_none() {
            workload.caught_up = Some(day);
        }
    }
    workload.left = waiting.len() as u32;
    workload
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sixty_four_questions_of_one_day_take_a_week() {
        let mut due = vec![Vec::new(); 14];
        due[1] = vec![100; 64];
        let workload = spread(&due, 900);
        let questions: Vec<u32> = workload
            .days
            .iter()
            .map(|(questions, _)| *questions)
            .collect();
        assert_eq!(questions, [0, 9, 9, 9, 9, 9, 9, 9, 1, 0, 0, 0, 0, 0]);
        assert_eq!((workload.left, workload.caught_up), (0, Some(0)));
        due[0] = due.swap_remove(1);
        assert_eq!(
            spread(&due[..3], 900),
            Workload {
                days: vec![(9, 900); 3],
                left: 37,
                caught_up: None
            }
        );
    }

    proptest! {
        #[test]
        fn no_question_is_lost_and_no_day_is_overfull(
            due in prop::collection::vec(prop::collection::vec(20..300u64, 0..20), 0..20),
            seconds in 0..2000u64,
        ) {
            let workload = spread(&due, seconds);
            let asked: u32 = workload.days.iter().map(|(questions, _)| questions).sum();
            prop_assert_eq!((asked + workload.left) as usize, due.iter().map(Vec::len).sum::<usize>());
            prop_assert!(workload.days.iter().all(|(questions, spent)| *spent <= seconds || *questions == 1));
            if let Some(day) = workload.caught_up {
                let until = |n: usize| due[..=n].iter().map(Vec::len).sum::<usize>() as u32;
                let asked = |n: usize| workload.days[..=n].iter().map(|(questions, _)| questions).sum::<u32>();
                prop_assert!((0..day).all(|n| asked(n) < until(n)) && asked(day) == until(day));
            }
        }
    }
}
