use super::{Execution, VECTOR_CLOCK, before, path, share_of_vote};
use crate::core::question::Kind::{Multiple, Single};
use crate::core::rng::Stream;
use crate::simulation::draws::{instances, options};
use crate::simulation::{Bounds, Setting, contract};

/// Follows process order and messages forward, one step at a time.
fn reaches(run: &Execution, from: usize, to: usize) -> bool {
    let next = (from + 1..run.len()).find(|e| run.processes[*e] == run.processes[from]);
    let received = run.messages.iter().find(|m| m.0 == from).map(|m| m.1);
    [next, received]
        .into_iter()
        .flatten()
        .any(|e| e == to || reaches(run, e, to))
}

#[test]
fn clocks_agree_with_paths() {
    let mut random = Stream::new(5, "runs");
    let bounds = Bounds::new(VECTOR_CLOCK.bounds, &Default::default());
    let mut runs = 0;
    while runs < 2_000 {
        let Some(run) = Execution::draw(&bounds, &mut random) else {
            continue;
        };
        runs += 1;
        let clocks = run.clocks();
        for a in 0..run.len() {
            for b in 0..run.len() {
                let reached = reaches(&run, a, b);
                assert_eq!(before(&clocks, a, b), reached, "{run:?}");
                if reached {
                    let path = path(&run, a, b);
                    assert_eq!((path[0], path[path.len() - 1]), (a, b));
                }
            }
            for (process, counted) in clocks[a].into_iter().enumerate() {
                let past = (0..run.len())
                    .filter(|e| run.processes[*e] == process && (*e == a || reaches(&run, *e, a)));
                assert_eq!(counted, past.count() as i64, "{run:?}");
            }
        }
    }
}

#[test]
fn the_contract_holds() {
    for (events, messages) in [(3, 3), (4, 5), (5, 6)] {
        let bounds = [
            ("events", Setting::Whole(events, events)),
            ("messages", Setting::Whole(messages, messages)),
        ];
        contract::holds(&VECTOR_CLOCK, "clock", Single, &bounds);
        contract::holds(&VECTOR_CLOCK, "concurrent", Multiple, &bounds);
        if messages > 3 {
            contract::holds(&VECTOR_CLOCK, "influence", Multiple, &bounds);
        }
    }
}

#[test]
fn the_numbers_that_most_options_share_say_nothing() {
    let bounds = [
        ("events", Setting::Whole(4, 4)),
        ("messages", Setting::Whole(5, 5)),
    ];
    let drawn = instances(&VECTOR_CLOCK, "clock", Single, &bounds);
    let share = |options: Vec<(String, bool)>| {
        let right = options.iter().position(|option| option.1).unwrap();
        let clocks: Vec<[i64; 3]> = options
            .iter()
            .map(|(text, _)| serde_json::from_str(text).unwrap())
            .collect();
        share_of_vote(&clocks, right)
    };
    let hits: f64 = drawn.iter().map(|instance| share(options(instance))).sum();
    let rate = hits / drawn.len() as f64;
    assert!(
        rate < 0.4,
        "the vote of the options finds {rate} of the keys"
    );
}

#[test]
fn every_seed_has_a_clock() {
    let given =
        [("events", 4), ("messages", 5)].map(|(name, n)| (name.to_owned(), Setting::Whole(n, n)));
    let bounds = Bounds::new(VECTOR_CLOCK.bounds, &given.into());
    for seed in 0..3000 {
        assert!(
            VECTOR_CLOCK
                .instance_for(Single, "clock", &bounds, seed)
                .is_some(),
            "{seed}"
        );
    }
}
