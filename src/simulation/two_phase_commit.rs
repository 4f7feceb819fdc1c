//! Two-phase commit with crashes: who is in doubt, and until when.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Ask, Bound, Bounds, Model, Shape, Situation, attempts, between, chance, pick, table};
use crate::core::instance::{Alternative, Outcome, WrongNumber};
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::core::text::Text;

mod solved;
#[cfg(test)]
mod tests;

pub const TWO_PHASE_COMMIT: Model = Model {
    name: "two-phase-commit",
    version: 3,
    summary: "A coordinator and participants that commit in two phases, with crashes.",
    rules: &[
        "The coordinator sends PREPARE to all at a given time; a participant answers at once, and forces its record \
         before it votes yes.",
        "With the last yes the coordinator forces the commit record and sends COMMIT to all; at the \
         first no, or at the timeout without all votes, it sends ABORT to all.",
        "A message takes the participant's delay in either direction; what reaches a crashed process is lost.",
        "When the coordinator restarts, it sends COMMIT to all again if it has the record, and ABORT to \
         all otherwise.",
        "When a participant restarts, it aborts if it has not voted, and asks the coordinator if it has \
         voted yes and knows no outcome; the coordinator answers at once if it has decided.",
        "Participants never ask one another. In doubt means: voted yes and received no outcome, also \
         while crashed.",
    ],
    rivals: &["Participants that wait too long ask the other participants."],
    asks: &[
        Ask {
            name: "in-doubt",
            summary: "The participants that are in doubt at given times.",
            kinds: &[Kind::Multiple],
            texts: &["start", "timeout"],
        },
        Ask {
            name: "until",
            summary: "The time at which one participant stops being in doubt.",
            kinds: &[Kind::Numeric],
            texts: &["start", "timeout", "participant"],
        },
    ],
    bounds: &[
        Bound {
            name: "participants",
            summary: "The number of participants.",
            shape: Shape::Whole {
                min: 2,
                max: 3,
                default: (3, 3),
            },
        },
        Bound {
            name: "crashes",
            summary: "The number of crashes: the coordinator, and then also a participant.",
            shape: Shape::Whole {
                min: 1,
                max: 2,
                default: (1, 1),
            },
        },
    ],
    draw,
};

const TRIES: usize = 3000;

/// All that is known before a run. A crash lasts over `[from, to)`.
#[derive(Clone, Debug)]
struct Plan {
    /// When the coordinator sends PREPARE.
    start: i64,
    delays: Vec<i64>,
    votes: Vec<bool>,
    timeout: i64,
    /// The crash of the coordinator.
    coordinator: (i64, i64),
    /// The crash of a participant.
    participant: Option<(usize, i64, i64)>,
}

/// What happens in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// The decision and its time.
    decided: i64,
    commits: bool,
    /// The times at which each participant voted yes.
    voted: Vec<Option<i64>>,
    /// The times at which each participant that voted yes received the outcome.
    learned: Vec<Option<i64>>,
}

impl Plan {
    fn draw(bounds: &Bounds, random: &mut Stream) -> Option<Self> {
        let count = bounds.number("participants", random) as usize;
        let mut delays: Vec<i64> = (3..=14).collect();
        random.shuffle(&mut delays);
        delays.truncate(count);
        let slowest = *delays.iter().max()?;
        let votes = (0..count).map(|_| !chance(10, random)).collect();
        let start = between(100, 800, random);
        let timeout = start + 2 * slowest + between(3, 12, random);
        let down = start + between(slowest, 2 * slowest + 12, random);
        let coordinator = (down, down + between(12, 40, random));
        let participant = (bounds.number("crashes", random) > 1).then(|| {
            let who = random.below(count as u64) as usize;
            let from = start + between(delays[who] - 2, 3 * slowest, random).max(1);
            (who, from, from + between(8, 40, random))
        });
        Some(Self {
            start,
            delays,
            votes,
            timeout,
            coordinator,
            participant,
        })
    }

    /// Moves the crash of the participant, if there is one, so that the first message with the outcome is lost: few of
    /// the crashes that are drawn at random lose it. With `answered`, the coordinator crashes after it has answered
    /// the participant's question.
    fn lose_outcome(&mut self, answered: bool, random: &mut Stream) {
        // The crashes that move must not change the decision.
        let Some((who, ..)) = self.participant.take() else {
            return;
        };
        if answered {
            self.coordinator = (i64::MAX, i64::MAX);
        }
        let decided = self.decision().0;
        let delay = self.delays[who];
        let from = between(self.start + delay + 1, decided + delay - 1, random);
        let to = decided + delay + between(1, 30, random);
        self.participant = Some((who, from, to));
        if answered {
            let down = to + delay + between(1, delay - 1, random);
            self.coordinator = (down, down + between(12, 40, random));
        }
    }

    fn is_coordinator_down(&self, time: i64) -> bool {
        (self.coordinator.0..self.coordinator.1).contains(&time)
    }

    fn is_down(&self, participant: usize, time: i64) -> bool {
        self.participant
            .is_some_and(|(who, from, to)| who == participant && (from..to).contains(&time))
    }

    /// Returns the time and the kind of the decision.
    fn decision(&self) -> (i64, bool) {
        let arrivals: Vec<(i64, bool)> = (0..self.delays.len())
            .filter(|i| !self.is_down(*i, self.start + self.delays[*i]))
            .map(|i| (self.start + 2 * self.delays[i], self.votes[i]))
            .collect();
        let first_no = arrivals.iter().filter(|a| !a.1).map(|a| a.0).min();
        let last_yes = match arrivals.len() == self.delays.len() && first_no.is_none() {
            true => arrivals.iter().map(|a| a.0).max(),
            false => None,
        };
        let mut outcomes = vec![(self.timeout, false)];
        outcomes.extend(first_no.map(|time| (time, false)));
        outcomes.extend(last_yes.map(|time| (time, true)));
        let before = outcomes.into_iter().filter(|o| o.0 < self.coordinator.0);
        before
            .min_by_key(|o| (o.0, !o.1))
            .unwrap_or((self.coordinator.1, false))
    }

    fn run(&self) -> Run {
        let (decided, commits) = self.decision();
        let voted: Vec<Option<i64>> = (0..self.delays.len())
            .map(|i| {
                let asked = self.start + self.delays[i];
                (self.votes[i] && !self.is_down(i, asked)).then_some(asked)
            })
            .collect();
        let learn = |i: usize| {
            voted[i]?;
            self.outcomes_for(i, decided)
                .into_iter()
                .filter(|time| !self.is_down(i, *time))
                .min()
        };
        let learned = (0..self.delays.len()).map(learn).collect();
        Run {
            decided,
            commits,
            voted,
            learned,
        }
    }

    /// Returns the times at which messages with the outcome reach a participant, up or not.
    fn outcomes_for(&self, participant: usize, decided: i64) -> Vec<i64> {
        let delay = self.delays[participant];
        let mut times = vec![decided + delay];
        if self.coordinator.1 > decided {
            times.push(self.coordinator.1 + delay);
        }
        if let Some((who, from, to)) = self.participant
            && who == participant
            && from > self.start + delay
        {
            let known = times.iter().any(|time| *time < from);
            let asked = to + delay;
            if !known && asked > decided && !self.is_coordinator_down(asked) {
                times.push(asked + delay);
            }
        }
        times
    }

    /// Returns which message brings a participant the outcome.
    fn source(&self, participant: usize, run: &Run) -> Option<Source> {
        let sent = run.learned[participant]? - self.delays[participant];
        Some(match sent {
            _ if sent == self.coordinator.1 => Source::Restart,
            _ if sent == run.decided => Source::Decision,
            _ => Source::Answer,
        })
    }

    /// Returns true if the coordinator crashes before everybody knows the outcome, every doubt ends, and no two events
    /// happen at the same time.
    fn tests_crash(&self, run: &Run) -> bool {
        let all_learn =
            (0..run.voted.len()).all(|i| run.voted[i].is_none() || run.learned[i].is_some());
        let last = run.learned.iter().flatten().max();
        all_learn
            && last.is_some_and(|last| self.coordinator.0 < *last)
            && self.has_distinct_times(run)
    }

    /// Returns true if no two events of the run happen at the same time.
    fn has_distinct_times(&self, run: &Run) -> bool {
        let mut times = vec![self.timeout, self.coordinator.0, self.coordinator.1];
        for i in 0..self.delays.len() {
            times.extend([1, 2].map(|n| self.start + n * self.delays[i]));
            times.extend(self.outcomes_for(i, run.decided));
        }
        if let Some((who, from, to)) = self.participant {
            times.extend([from, to, to + self.delays[who]]);
        }
        let distinct: BTreeSet<i64> = times.iter().copied().collect();
        distinct.len() == times.len()
    }
}

fn name(participant: usize) -> String {
    format!("P{}", participant + 1)
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "in-doubt" => in_doubt(bounds, random),
        "until" => until(bounds, random),
        _ => None,
    }
}

fn in_doubt(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let pattern: Vec<bool> = attempts(50, random, |random| {
        let pattern: Vec<bool> = (0..5).map(|_| chance(50, random)).collect();
        (pattern.contains(&true) && pattern.contains(&false)).then_some(pattern)
    })?;
    let commits = chance(50, random);
    let (plan, run, pairs) = attempts(TRIES, random, |random| {
        let plan = Plan::draw(bounds, random)?;
        let run = plan.run();
        if run.commits != commits || !plan.tests_crash(&run) {
            return None;
        }
        let mut pairs: Vec<(usize, i64)> = Vec::new();
        for key in &pattern {
            let pair = attempts(60, random, |random| {
                let who = random.below(plan.delays.len() as u64) as usize;
                let edges = [run.voted[who]?, run.learned[who]?];
                let time = pick(&edges, random) + between(-8, 8, random);
                let near = pairs.iter().any(|p| p.0 == who && (p.1 - time).abs() < 3);
                let fits = [-1, 0, 1]
                    .iter()
                    .all(|d| is_in_doubt(&run, who, time + d) == *key);
                (!near && fits && time > plan.start).then_some((who, time))
            })?;
            pairs.push(pair);
        }
        pairs.sort_unstable();
        Some((plan, run, pairs))
    })?;
    let options: Option<Vec<Alternative>> = pairs
        .iter()
        .map(|(i, t)| doubt_option(&plan, &run, *i, *t))
        .collect();
    let options = options?;
    let steps = steps(&plan, &run);
    let mut situation = situation(&plan, &run, Outcome::Several { options }, steps);
    situation.scenario["asked"] = pairs.iter().map(|(i, t)| json!([name(*i), t])).collect();
    Some(situation)
}

fn is_in_doubt(run: &Run, participant: usize, time: i64) -> bool {
    match (run.voted[participant], run.learned[participant]) {
        (Some(voted), Some(learned)) => (voted..learned).contains(&time),
        _ => false,
    }
}

/// The label of a participant and time that follow from no misconception.
const NO_SLIP: &str = "Doesn't compare the time with the vote and the receipt of the outcome.";

/// A misconception about how long a participant is in doubt.
#[derive(Clone, Copy, Debug)]
enum Slip {
    FromPrepare,
    UntilRestart,
    UntilAll,
    UntilAnswer,
    WhileDown,
}

impl Slip {
    const ALL: [Slip; 5] = [
        Slip::FromPrepare,
        Slip::UntilRestart,
        Slip::UntilAll,
        Slip::WhileDown,
        Slip::UntilAnswer,
    ];

    /// Returns the misconception as a sentence.
    fn text(self) -> &'static str {
        match self {
            Slip::FromPrepare => "A participant is in doubt from the moment the coordinator asks.",
            Slip::UntilRestart => "A participant is in doubt until the coordinator has restarted.",
            Slip::UntilAll => "A participant is in doubt until all know the outcome.",
            Slip::UntilAnswer => {
                "A participant is in doubt until the coordinator knows that it has the outcome."
            }
            Slip::WhileDown => "A participant that is down is in doubt in any case.",
        }
    }

    /// Returns true if the participant, which votes and learns at these times, is in doubt under
    /// this rule.
    fn is_in_doubt(
        self,
        (plan, run): (&Plan, &Run),
        participant: usize,
        (voted, learned): (i64, i64),
        time: i64,
    ) -> bool {
        let until = match self {
            Slip::FromPrepare => return (plan.start..learned).contains(&time),
            Slip::WhileDown => return plan.is_down(participant, time),
            Slip::UntilRestart => learned.max(plan.coordinator.1),
            Slip::UntilAll => run
                .learned
                .iter()
                .flatten()
                .copied()
                .fold(learned, i64::max),
            Slip::UntilAnswer => learned + plan.delays[participant],
        };
        (voted..until).contains(&time)
    }
}

fn doubt_option(plan: &Plan, run: &Run, participant: usize, time: i64) -> Option<Alternative> {
    let text = format!("{} at {time}", name(participant));
    let times = (run.voted[participant]?, run.learned[participant]?);
    let (voted, learned) = times;
    let why = format!("It voted yes at {voted} and receives the outcome at {learned}.");
    if is_in_doubt(run, participant, time) {
        return Some(Alternative::right(&text, &why));
    }
    let slip = Slip::ALL
        .iter()
        .find(|slip| slip.is_in_doubt((plan, run), participant, times, time));
    let belief = slip.map_or(NO_SLIP, |slip| slip.text());
    Some(Alternative::wrong(&text, &why, belief))
}

/// The message that ends the doubt of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The outcome, sent before the coordinator crashed.
    Decision,
    /// The outcome, sent when the coordinator restarted.
    Restart,
    /// The answer to the participant's own question.
    Answer,
}

/// What ends a doubt: whether the outcome is COMMIT, and the message that brings it.
type End = (bool, Source);

/// The ends that one crash, of the coordinator, can lead to. After a COMMIT it has sent the outcome to all before.
const WITH_ONE_CRASH: [End; 3] = [
    (true, Source::Decision),
    (false, Source::Decision),
    (false, Source::Restart),
];

/// The ends that two crashes can lead to.
const WITH_TWO_CRASHES: [End; 6] = [
    (true, Source::Decision),
    (true, Source::Restart),
    (true, Source::Answer),
    (false, Source::Decision),
    (false, Source::Restart),
    (false, Source::Answer),
];

fn until(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let ends: &[End] = match bounds.range("crashes").1 {
        1 => &WITH_ONE_CRASH,
        _ => &WITH_TWO_CRASHES,
    };
    let (commits, source) = pick(ends, random);
    let (plan, run, who, wrong) = attempts(TRIES, random, |random| {
        let mut plan = Plan::draw(bounds, random)?;
        let answered = source == Source::Answer;
        match plan.participant {
            _ if commits => plan.votes.fill(true),
            // Another participant votes no, so there is an outcome before the coordinator crashes.
            Some((who, ..)) if answered => {
                plan.votes.fill(true);
                let other = (who + 1) % plan.votes.len();
                plan.votes[other] = false;
            }
            _ => {}
        }
        if answered || (commits && source == Source::Restart) {
            plan.lose_outcome(answered, random);
        }
        let run = plan.run();
        let affected: Vec<usize> = (0..plan.delays.len())
            .filter(|i| run.learned[*i].is_some_and(|time| time > plan.coordinator.0))
            .filter(|i| plan.source(*i, &run) == Some(source))
            .collect();
        if affected.is_empty() || run.commits != commits || !plan.tests_crash(&run) {
            return None;
        }
        let who = pick(&affected, random);
        let wrong = wrong_times(&plan, &run, who);
        let key = run.learned[who]? as f64;
        let sides = wrong.iter().any(|w| w.value < key) && wrong.iter().any(|w| w.value > key);
        (sides && wrong.len() >= 3).then_some((plan, run, who, wrong))
    })?;
    let outcome = Outcome::Number {
        value: run.learned[who]? as f64,
        unit: Text::default(),
        tolerance: 0.0,
        wrong,
    };
    let mut situation = situation(&plan, &run, outcome, steps(&plan, &run));
    situation
        .texts
        .insert("participant".to_owned(), Text::new(&name(who)));
    situation.scenario["asked"] = json!(name(who));
    Some(situation)
}

fn wrong_times(plan: &Plan, run: &Run, who: usize) -> Vec<WrongNumber> {
    let key = run.learned[who].unwrap_or(0);
    let delay = plan.delays[who];
    let all = run.learned.iter().flatten().max().copied().unwrap_or(0);
    let restart = plan.coordinator.1;
    let without_crash = Plan {
        coordinator: (i64::MAX, i64::MAX),
        participant: None,
        ..plan.clone()
    };
    let mut candidates = vec![
        (
            run.decided,
            "The outcome is decided then, and the message takes its delay.",
            "A participant knows the outcome when the coordinator decides.",
        ),
        (
            without_crash.decision().0 + delay,
            "That is the time without any crash.",
            "A crash does not change when the outcome arrives.",
        ),
        (
            restart,
            "The coordinator is back then, and its message takes its delay.",
            "Doubt ends when the coordinator restarts.",
        ),
        (
            restart + 2 * delay,
            "The coordinator sends by itself when it restarts; nobody has to ask.",
            "After the coordinator's restart, a participant must ask it.",
        ),
        (
            restart + delay,
            "Another message brings the outcome first, or this one is lost.",
            "The outcome comes with the coordinator's restart.",
        ),
        (
            plan.timeout + delay,
            "The coordinator is down at its timeout, or has decided before.",
            "The outcome is sent at the timeout in any case.",
        ),
        (
            all,
            "Each participant knows the outcome when it receives it, whatever the others know.",
            "A participant is in doubt until all have received the outcome.",
        ),
    ];
    if let Some((crashed, _, to)) = plan.participant
        && crashed == who
    {
        candidates.extend([
            (
                to,
                "It is back then, and it has yet to hear from the coordinator.",
                "Doubt ends when the participant restarts.",
            ),
            (
                to + 2 * delay,
                "Another message brings the outcome first, or nobody answers.",
                "A participant that restarts gets its answer in any case.",
            ),
        ]);
    }
    let mut wrong: Vec<WrongNumber> = Vec::new();
    for (value, why, belief) in candidates {
        let known = wrong.iter().any(|w| w.value == value as f64);
        if value != key && value > plan.start + delay && !known {
            wrong.push(WrongNumber::new(value, why, belief));
        }
    }
    wrong
}

fn steps(plan: &Plan, run: &Run) -> Vec<Text> {
    let mut steps = Vec::new();
    for (i, delay) in plan.delays.iter().enumerate() {
        let vote = if plan.votes[i] { "yes" } else { "no" };
        let (asked, voted) = (plan.start + delay, plan.start + 2 * delay);
        steps.push(match plan.is_down(i, asked) {
            true => format!(
                "{} is down when PREPARE arrives at {asked}, so it does not vote.",
                name(i)
            ),
            false => format!(
                "{} votes {vote} at {asked}; the vote arrives at {voted}.",
                name(i)
            ),
        });
    }
    let outcome = if run.commits { "COMMIT" } else { "ABORT" };
    let (from, to) = plan.coordinator;
    steps.push(match run.decided == to {
        true => format!(
            "The coordinator crashes at {from} before it has decided. It restarts at {to} without a commit record and sends ABORT."
        ),
        false => format!("The coordinator decides at {} and sends {outcome}.", run.decided),
    });
    if run.decided < to {
        steps.push(format!(
            "It is down over {from}-{to} and sends {outcome} again at {to}."
        ));
    }
    steps.extend(question_step(plan, run));
    for i in 0..plan.delays.len() {
        let Some(learned) = run.learned[i] else {
            continue;
        };
        let lost: Vec<String> = plan
            .outcomes_for(i, run.decided)
            .iter()
            .filter(|t| plan.is_down(i, **t))
            .map(i64::to_string)
            .collect();
        let lost = match lost.is_empty() {
            true => String::new(),
            false => format!(" (what arrives at {} is lost)", super::listed(&lost)),
        };
        steps.push(format!(
            "{} receives {outcome} at {learned}{lost}.",
            name(i)
        ));
    }
    steps.iter().map(|s| Text::new(s)).collect()
}

/// Returns the step about the question of a participant that restarts in doubt.
fn question_step(plan: &Plan, run: &Run) -> Option<String> {
    let (who, from, to) = plan.participant?;
    let (voted, learned) = (run.voted[who]?, run.learned[who]?);
    if voted > from || learned < from {
        return None;
    }
    let asked = to + plan.delays[who];
    let answer = match asked > run.decided && !plan.is_coordinator_down(asked) {
        true => format!("its answer would arrive at {}", asked + plan.delays[who]),
        false => "there is no answer".to_owned(),
    };
    Some(format!(
        "{} restarts at {to} and asks the coordinator, which the question reaches at {asked}; {answer}.",
        name(who)
    ))
}

fn situation(plan: &Plan, run: &Run, outcome: Outcome, steps: Vec<Text>) -> Situation {
    let span = |from: i64, to: i64| format!("{from}-{to}");
    let mut rows = vec![vec![
        "coordinator".to_owned(),
        String::new(),
        String::new(),
        span(plan.coordinator.0, plan.coordinator.1),
    ]];
    for i in 0..plan.delays.len() {
        let crash = plan.participant.filter(|p| p.0 == i);
        rows.push(vec![
            name(i),
            plan.delays[i].to_string(),
            if plan.votes[i] { "yes" } else { "no" }.to_owned(),
            crash.map_or(String::new(), |(_, from, to)| span(from, to)),
        ]);
    }
    let columns = ["process", "delay each way", "vote if asked", "crashed"];
    let alt = "A table of the processes with their delays, votes and crashes.";
    let participant = plan
        .participant
        .map(|(who, from, to)| json!({ "name": name(who), "from": from, "to": to }));
    let names: Vec<String> = (0..plan.delays.len()).map(name).collect();
    Situation {
        scenario: json!({
            "participants": names, "start": plan.start, "delays": plan.delays, "votes": plan.votes, "timeout": plan.timeout,
            "coordinator_crash": { "from": plan.coordinator.0, "to": plan.coordinator.1 },
            "participant_crash": participant, "participants_ask_one_another": false,
        }),
        figures: vec![table(alt, &columns, rows, &[1])],
        texts: BTreeMap::from([
            ("start".to_owned(), Text::new(&plan.start.to_string())),
            ("timeout".to_owned(), Text::new(&plan.timeout.to_string())),
        ]),
        outcome,
        steps,
        solved: vec![solved::timeline(plan, run)],
    }
}
