//! The worked drawing of a run: who is down and in doubt, and which messages can end the doubt.

use super::{Plan, Run, name};
use crate::core::figure::{Drawing, Event, Figure, Interval, Message, Timeline};
use crate::core::text::Text;

/// The lane of the coordinator; participants follow.
const COORDINATOR: usize = 0;

fn lane(participant: usize) -> usize {
    participant + 1
}

/// Returns a timeline of the crashes, the times in doubt, the decision and the messages after it. The votes would
/// cross all of these; the steps name them.
pub fn timeline(plan: &Plan, run: &Run) -> Figure {
    let participants = 0..plan.delays.len();
    let mut lanes = vec![Text::from("coordinator")];
    lanes.extend(participants.clone().map(|i| Text::new(&name(i))));
    let mut messages: Vec<Message> = participants
        .flat_map(|i| messages_of(plan, run, i))
        .collect();
    messages.sort_by(|a, b| a.from.total_cmp(&b.from).then(b.to.total_cmp(&a.to)));
    // Messages that are sent together say the same: one label is enough.
    let mut sent = None;
    for message in &mut messages {
        let start = Some((message.from_lane, message.from));
        message.label.take_if(|_| sent == start);
        sent = start;
    }
    Figure {
        alt: "A timeline of the crashes, the times in doubt, the decision and the messages that bring it.".into(),
        caption: None,
        drawing: Drawing::Timeline(Timeline {
            lanes,
            intervals: intervals(plan, run),
            events: events(plan, run),
            messages,
            ..Timeline::default()
        }),
    }
}

/// Returns when processes are down, and when participants are in doubt.
fn intervals(plan: &Plan, run: &Run) -> Vec<Interval> {
    let mut intervals = vec![interval(COORDINATOR, plan.coordinator, "down", false)];
    for (i, times) in run.voted.iter().zip(&run.learned).enumerate() {
        if let (Some(voted), Some(learned)) = times {
            intervals.push(interval(lane(i), (*voted, *learned), "in doubt", true));
        }
    }
    let crash = plan.participant;
    intervals.extend(crash.map(|(i, from, to)| interval(lane(i), (from, to), "down", false)));
    intervals
}

/// Returns the decision, and the votes that leave nobody in doubt.
fn events(plan: &Plan, run: &Run) -> Vec<Event> {
    let event = |lane: usize, at: i64, label: &str| Event {
        lane,
        at: at as f64,
        label: Some(label.into()),
        strong: false,
    };
    let is_before_crash = run.decided < plan.coordinator.0;
    let decided = is_before_crash.then(|| event(COORDINATOR, run.decided, "decides"));
    let says_no = |i: &usize| {
        let asked = plan.start + plan.delays[*i];
        !plan.votes[*i] && !plan.is_down(*i, asked)
    };
    let noes = (0..plan.delays.len()).filter(says_no);
    let noes = noes.map(|i| event(lane(i), plan.start + plan.delays[i], "no"));
    decided.into_iter().chain(noes).collect()
}

/// Returns the messages after the decision: only those who voted yes are sent the outcome here, because it changes
/// nothing for the others, and they ask for it after a restart.
fn messages_of(plan: &Plan, run: &Run, i: usize) -> Vec<Message> {
    let delay = plan.delays[i];
    let Some(voted) = run.voted[i] else {
        return Vec::new();
    };
    let to_participant = |arrival: i64, label: &str| {
        let is_lost = plan.is_down(i, arrival);
        let (from, to) = ((COORDINATOR, arrival - delay), (lane(i), arrival));
        message(from, to, label, is_lost)
    };
    let outcome = if run.commits { "COMMIT" } else { "ABORT" };
    let outcomes = plan.outcomes_for(i, run.decided).into_iter();
    let outcomes = outcomes.map(|arrival| to_participant(arrival, outcome));
    let question = plan.participant.filter(|(who, from, to)| {
        *who == i && voted < *from && run.learned[i].is_none_or(|learned| learned > *to)
    });
    let question = question.map(|(.., to)| {
        let is_lost = plan.is_coordinator_down(to + delay);
        message((lane(i), to), (COORDINATOR, to + delay), "ask", is_lost)
    });
    outcomes.chain(question).collect()
}

fn interval(lane: usize, (from, to): (i64, i64), label: &str, strong: bool) -> Interval {
    Interval {
        lane,
        from: from as f64,
        to: to as f64,
        label: Some(label.into()),
        strong,
    }
}

fn message(from: (usize, i64), to: (usize, i64), label: &str, lost: bool) -> Message {
    Message {
        from_lane: from.0,
        from: from.1 as f64,
        to_lane: to.0,
        to: to.1 as f64,
        label: (!label.is_empty()).then(|| label.into()),
        lost,
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::core::figure::Drawing;
    use crate::simulation::two_phase_commit::TWO_PHASE_COMMIT;
    use crate::simulation::{Bounds, Setting};

    #[test]
    fn the_drawing_has_the_crash_and_the_question_of_a_participant() {
        let given = [("crashes".to_owned(), Setting::Whole(2, 2))].into();
        let bounds = Bounds::new(TWO_PHASE_COMMIT.bounds, &given);
        let mut questions = 0;
        for seed in 0..20 {
            let instance = TWO_PHASE_COMMIT.instance("until", &bounds, seed).unwrap();
            let Drawing::Timeline(timeline) = &instance.solved[0].drawing else {
                panic!("{:?}", instance.solved);
            };
            let is = |label: &Option<crate::core::text::Text>, word: &str| {
                label.as_ref().is_some_and(|label| label.line() == word)
            };
            let downs = timeline.intervals.iter();
            assert_eq!(downs.filter(|one| is(&one.label, "down")).count(), 2);
            let asks = timeline.messages.iter();
            let asks = asks.filter(|one| is(&one.label, "ask")).count();
            let steps = instance.steps.iter();
            let said = steps.filter(|step| step.line().contains("asks the coordinator"));
            assert_eq!(asks, said.count(), "{seed}");
            questions += asks;
        }
        assert!(questions > 0);
    }
}
