use serde_json::Value;

use super::{Plan, Run, TWO_PHASE_COMMIT, WITH_ONE_CRASH, WITH_TWO_CRASHES};
use crate::core::instance::Instance;
use crate::core::question::Kind::{Multiple, Numeric};
use crate::core::rng::Stream;
use crate::simulation::draws::{exactly, instances, int, numbers};
use crate::simulation::{Bounds, Setting, contract};

#[derive(Clone, Copy)]
enum Sent {
    Prepare,
    Vote(bool),
    Outcome,
    Question,
}

/// Replays a plan one moment at a time.
fn replay(plan: &Plan) -> Run {
    let count = plan.delays.len();
    let mut run = Run {
        decided: 0,
        commits: false,
        voted: vec![None; count],
        learned: vec![None; count],
    };
    let mut decision = None;
    let mut yes = 0;
    let mut wire: Vec<(i64, usize, Sent)> = (0..count)
        .map(|i| (plan.start + plan.delays[i], i, Sent::Prepare))
        .collect();
    for now in plan.start..plan.start + 400 {
        let is_up = !plan.is_coordinator_down(now);
        let mut announce = decision.is_some() && now == plan.coordinator.1;
        let due: Vec<_> = wire.iter().filter(|m| m.0 == now).copied().collect();
        for (_, i, sent) in due {
            let delay = plan.delays[i];
            match sent {
                Sent::Prepare if !plan.is_down(i, now) => {
                    run.voted[i] = plan.votes[i].then_some(now);
                    wire.push((now + delay, i, Sent::Vote(plan.votes[i])));
                }
                Sent::Vote(vote) if is_up && decision.is_none() => {
                    yes += usize::from(vote);
                    if !vote || yes == count {
                        decision = Some((now, vote));
                        announce = true;
                    }
                }
                Sent::Outcome if !plan.is_down(i, now) && run.voted[i].is_some() => {
                    run.learned[i] = run.learned[i].or(Some(now));
                }
                Sent::Question if is_up && decision.is_some() => {
                    wire.push((now + delay, i, Sent::Outcome));
                }
                _ => {}
            }
        }
        let late = is_up && now == plan.timeout || now == plan.coordinator.1;
        if late && decision.is_none() {
            decision = Some((now, false));
            announce = true;
        }
        if announce {
            wire.extend((0..count).map(|i| (now + plan.delays[i], i, Sent::Outcome)));
        }
        if let Some((i, _, to)) = plan.participant
            && now == to
            && run.voted[i].is_some()
            && run.learned[i].is_none()
        {
            wire.push((now + plan.delays[i], i, Sent::Question));
        }
    }
    (run.decided, run.commits) = decision.unwrap_or_default();
    run
}

#[test]
fn runs_agree_with_a_replay() {
    let mut random = Stream::new(9, "plans");
    let given = [("crashes".to_owned(), Setting::Whole(1, 2))].into();
    let bounds = Bounds::new(TWO_PHASE_COMMIT.bounds, &given);
    let mut plans = 0;
    while plans < 10_000 {
        let Some(plan) = Plan::draw(&bounds, &mut random) else {
            continue;
        };
        if plan.has_distinct_times(&plan.run()) {
            plans += 1;
            assert_eq!(plan.run(), replay(&plan), "{plan:?}");
        }
    }
}

#[test]
fn the_contract_holds() {
    for (participants, crashes) in [(2, 1), (3, 1), (3, 2)] {
        let bounds = [
            ("participants", Setting::Whole(participants, participants)),
            ("crashes", Setting::Whole(crashes, crashes)),
        ];
        contract::holds(&TWO_PHASE_COMMIT, "in-doubt", Multiple, &bounds);
        contract::holds(&TWO_PHASE_COMMIT, "until", Numeric, &bounds);
    }
}

/// Reads the plan back from a scenario.
fn plan_of(scenario: &Value) -> Plan {
    let span = |crash: &Value| (int(&crash["from"]), int(&crash["to"]));
    let crash = &scenario["participant_crash"];
    let who = || crash["name"].as_str()?[1..].parse::<usize>().ok();
    Plan {
        start: int(&scenario["start"]),
        delays: numbers(&scenario["delays"]),
        votes: scenario["votes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|vote| *vote == true)
            .collect(),
        timeout: int(&scenario["timeout"]),
        coordinator: span(&scenario["coordinator_crash"]),
        participant: who().map(|who| (who - 1, span(crash).0, span(crash).1)),
    }
}

#[test]
fn each_message_ends_the_doubt_in_a_tenth_of_the_draws() {
    for (crashes, ends) in [(1, &WITH_ONE_CRASH[..]), (2, &WITH_TWO_CRASHES[..])] {
        let given = [("crashes", exactly(crashes))];
        let drawn = instances(&TWO_PHASE_COMMIT, "until", Numeric, &given);
        for (commits, source) in ends {
            let is_end = |instance: &&Instance| {
                let plan = plan_of(&instance.scenario);
                let asked = instance.scenario["asked"].as_str().unwrap();
                let who: usize = asked[1..].parse().unwrap();
                let run = plan.run();
                run.commits == *commits && plan.source(who - 1, &run) == Some(*source)
            };
            let count = drawn.iter().filter(is_end).count();
            assert!(
                count * 10 > drawn.len(),
                "{source:?} ends {count} doubts, commit: {commits}"
            );
        }
    }
}
