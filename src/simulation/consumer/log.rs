//! A consumer of a log, which commits offsets and crashes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::core::figure::Figure;
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::construct::{number, steps};
use crate::simulation::{Bounds, Situation, attempts, between, listed, pick, table};

/// When the consumer commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit {
    Before,
    After,
    /// After every few messages, counted from the last start; the same as after a batch of them.
    Every,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Incident {
    /// A crash while the message is handled.
    During,
    /// A crash after the effect of the message.
    After,
    /// A rebalance after the message; the old owner stops.
    Stops,
    /// A rebalance after the message; the old owner finishes its batch.
    Finishes,
}

#[derive(Clone, Debug)]
struct Log {
    base: i64,
    end: i64,
    batch: i64,
    commit: Commit,
    incidents: Vec<(Incident, i64)>,
}

/// What happened to the messages, and where each start began.
#[derive(Debug, PartialEq)]
struct Effects {
    repeated: Vec<i64>,
    lost: Vec<i64>,
    restarts: Vec<i64>,
}

impl Effects {
    /// Returns the text of the option.
    fn describe(&self) -> String {
        match (self.repeated.is_empty(), self.lost.is_empty()) {
            (true, true) => "None: each is handled exactly once".to_owned(),
            (false, true) => format!("Handled more than once: {}", ranges(&self.repeated)),
            (true, false) => format!("Lost: {}", ranges(&self.lost)),
            (false, false) => format!(
                "Handled more than once: {}; lost: {}",
                ranges(&self.repeated),
                ranges(&self.lost)
            ),
        }
    }
}

/// Returns ascending offsets as a phrase, such as `5 to 7 and 9`.
fn ranges(offsets: &[i64]) -> String {
    let runs = offsets.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [only] => only.to_string(),
        [first, second] => format!("{first}, {second}"),
        _ => format!("{} to {}", run[0], run[run.len() - 1]),
    });
    listed(&runs.collect::<Vec<_>>()).replace(" and ", ", ")
}

impl Log {
    /// Returns the end of the batch that contains `offset`, if a batch began at `start`.
    fn batch_end(&self, start: i64, offset: i64) -> i64 {
        (start + (offset - start) / self.batch * self.batch + self.batch).min(self.end)
    }

    /// Runs the consumer through all incidents; `None` if it never reaches one of them.
    ///
    /// After an incident at a message, `restart` says where it reads from, given the committed
    /// offset and the message.
    fn run(&self, restart: impl Fn(i64, i64) -> i64) -> Option<Effects> {
        let mut handled: BTreeMap<i64, usize> = (self.base..self.end).map(|m| (m, 0)).collect();
        let mut handle = |from: i64, to: i64| {
            handled
                .range_mut(from..to.max(from))
                .for_each(|(_, times)| *times += 1);
        };
        let (mut position, mut committed) = (self.base, self.base);
        let mut restarts = Vec::new();
        for &(incident, offset) in &self.incidents {
            if offset < position {
                return None;
            }
            let end = self.batch_end(position, offset);
            let start = offset - (offset - position) % self.batch;
            let last = match incident {
                Incident::During => offset,
                Incident::After | Incident::Stops => offset + 1,
                Incident::Finishes => end,
            };
            handle(position, last);
            committed = match self.commit {
                Commit::Before => end,
                // Nothing has been committed since the last start.
                _ if start == position => committed,
                _ => start,
            };
            position = restart(committed, offset).clamp(self.base, self.end);
            restarts.push(position);
        }
        handle(position, self.end);
        let with = |wanted: fn(usize) -> bool| {
            let found = handled.iter().filter(|(_, times)| wanted(**times));
            found.map(|(m, _)| *m).collect()
        };
        Some(Effects {
            repeated: with(|n| n > 1),
            lost: with(|n| n == 0),
            restarts,
        })
    }

    /// Returns the log with the other commit.
    fn swapped(&self) -> Log {
        let commit = if self.commit == Commit::Before {
            Commit::After
        } else {
            Commit::Before
        };
        Log {
            commit,
            ..self.clone()
        }
    }

    /// Returns the log with `changed` kinds of incidents.
    fn with(&self, changed: fn(Incident) -> Incident) -> Log {
        let incidents = self.incidents.iter();
        Log {
            incidents: incidents.map(|(kind, at)| (changed(*kind), *at)).collect(),
            ..self.clone()
        }
    }
}

/// Returns the crash on the other side of the effect of its message.
fn other_crash(incident: Incident) -> Incident {
    match incident {
        Incident::During => Incident::After,
        Incident::After => Incident::During,
        rebalance => rebalance,
    }
}

/// Returns the rebalance with the other end of the old owner.
fn other_owner(incident: Incident) -> Incident {
    match incident {
        Incident::Stops => Incident::Finishes,
        Incident::Finishes => Incident::Stops,
        crash => crash,
    }
}

/// A misconception: a rule that replaces the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    OtherCommit,
    OtherCrash,
    OtherOwner,
    OtherCommitAndCrash,
    /// The next start is at the message of the incident.
    AtIncident,
    /// The next start is at the message after it.
    AfterIncident,
    /// The next start is one before the committed offset.
    OneEarlier,
    /// The next start is one after the committed offset.
    OneLater,
    /// Each start is at the beginning of the log.
    FromBeginning,
}

impl Slip {
    const ALL: [Slip; 9] = [
        Slip::OtherCommit,
        Slip::OtherCrash,
        Slip::OtherOwner,
        Slip::OtherCommitAndCrash,
        Slip::AtIncident,
        Slip::AfterIncident,
        Slip::OneEarlier,
        Slip::OneLater,
        Slip::FromBeginning,
    ];

    /// Returns the misconception as a sentence.
    fn text(self) -> &'static str {
        match self {
            Slip::OtherCommit => "Mixes up a commit before and after the work.",
            Slip::OtherCrash => "Mixes up a crash before and after the effect of a message.",
            Slip::OtherOwner => "Mixes up an old owner that stops and one that finishes its batch.",
            Slip::OtherCommitAndCrash => {
                "Mixes up before and after, for the commits and for the crashes."
            }
            Slip::AtIncident => "The consumer goes on with the message of the incident.",
            Slip::AfterIncident => "The consumer goes on after the message of the incident.",
            Slip::OneEarlier => "A start reads the message before the committed offset again.",
            Slip::OneLater => "A start leaves out the message at the committed offset.",
            Slip::FromBeginning => "A restarted consumer reads the log from its beginning.",
        }
    }

    /// Returns why it is wrong.
    fn why(self) -> &'static str {
        match self {
            Slip::OtherCommit => {
                "This is what happens if the consumer commits on the other side of its work."
            }
            Slip::OtherCrash => {
                "This is what happens if the crash comes on the other side of the effect."
            }
            Slip::OtherOwner => "This is what happens if the old owner does the other thing.",
            Slip::OtherCommitAndCrash => {
                "Here both the commit and the crash are taken on the other side."
            }
            Slip::AtIncident => {
                "A start begins at the committed offset, and not at the message of the incident."
            }
            Slip::AfterIncident => {
                "A start begins at the committed offset, and not after the message of the incident."
            }
            Slip::FromBeginning => {
                "A start begins at the committed offset, and not at the first message."
            }
            Slip::OneEarlier => {
                "A commit names the next message to read, so reading doesn't begin one earlier."
            }
            Slip::OneLater => {
                "A commit names the next message to read, so reading doesn't begin one later."
            }
        }
    }

    /// Returns what happens under this rule; `None` if the consumer never reaches an incident.
    fn effects(self, log: &Log) -> Option<Effects> {
        match self {
            Slip::OtherCommit => log.swapped().run(committed),
            Slip::OtherCrash => log.with(other_crash).run(committed),
            Slip::OtherOwner => log.with(other_owner).run(committed),
            Slip::OtherCommitAndCrash => log.swapped().with(other_crash).run(committed),
            Slip::AtIncident => log.run(|_, offset| offset),
            Slip::AfterIncident => log.run(|_, offset| offset + 1),
            Slip::OneEarlier => log.run(|committed, _| committed - 1),
            Slip::OneLater => log.run(|committed, _| committed + 1),
            Slip::FromBeginning => log.run(|_, _| log.base),
        }
    }
}

fn committed(committed: i64, _: i64) -> i64 {
    committed
}

fn draw_log(bounds: &Bounds, random: &mut Stream) -> Log {
    let base = between(100, 980, random);
    let messages = bounds.number("messages", random);
    let batch = between(3, 5, random);
    let commit = match bounds.word("commit") {
        "batch" => pick(&[Commit::Before, Commit::After], random),
        "every" => Commit::Every,
        _ => pick(
            &[Commit::Before, Commit::After, Commit::Before, Commit::Every],
            random,
        ),
    };
    let mut incidents = Vec::new();
    let count = bounds.number("incidents", random);
    for i in 0..count {
        let mut kind = pick(&[Incident::During, Incident::After], random);
        if i + 1 == count && bounds.flag("rebalance") && commit != Commit::Every {
            kind = pick(&[kind, Incident::Stops, Incident::Finishes], random);
        }
        // Two incidents of one kind at one message would look like a repeated row.
        let places: Vec<i64> = (base + 1..=base + messages - 2)
            .filter(|place| !incidents.contains(&(kind, *place)))
            .collect();
        incidents.push((kind, pick(&places, random)));
    }
    Log {
        base,
        end: base + messages,
        batch,
        commit,
        incidents,
    }
}

pub fn affected(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let is_exact = random.below(4) == 0;
    attempts(2000, random, |random| {
        let log = draw_log(bounds, random);
        let effects = log.run(committed)?;
        let right = effects.describe();
        if (effects.repeated.is_empty() && effects.lost.is_empty()) != is_exact {
            return None;
        }
        let option = |slip: &Slip| {
            let effects = slip.effects(&log)?;
            // One kind of commit can't do both, so such an option would be known as a wrong one.
            let does_both = !effects.repeated.is_empty() && !effects.lost.is_empty();
            let wrong = || Alternative::wrong(&effects.describe(), slip.why(), slip.text());
            (!does_both).then(wrong)
        };
        let mut wrong: Vec<Alternative> = Slip::ALL
            .iter()
            .filter_map(option)
            .filter(|option| option.text.as_str() != right)
            .collect();
        random.shuffle(&mut wrong);
        let why = match effects.restarts.as_slice() {
            [only] => format!("After the incident, reading goes on at {only}."),
            starts => format!(
                "After the incidents, reading goes on at {}.",
                one_after_another(starts)
            ),
        };
        let mut options = vec![Alternative::right(&right, &why)];
        if !is_exact {
            options.push(exactly_once());
        }
        for option in wrong {
            if options.len() < 4 && options.iter().all(|other| other.text != option.text) {
                options.push(option);
            }
        }
        (options.len() == 4).then(|| situation(&log, &effects, Outcome::One { options }))
    })
}

/// Returns the starts as a phrase, such as `985 both times`.
fn one_after_another(starts: &[i64]) -> String {
    match starts {
        [first, second] if first == second => format!("{first} both times"),
        starts => starts
            .iter()
            .map(i64::to_string)
            .collect::<Vec<_>>()
            .join(" and then at "),
    }
}

fn exactly_once() -> Alternative {
    Alternative::wrong(
        "None: each is handled exactly once",
        "Effect and commit are two steps, and an incident came between them.",
        "Commits make the handling exactly once.",
    )
}

pub fn restart(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    attempts(2000, random, |random| {
        let log = draw_log(bounds, random);
        let effects = log.run(committed)?;
        let last = *effects.restarts.last()?;
        let (_, offset) = *log.incidents.last()?;
        if last >= log.end || last == log.base || last == offset || last == offset + 1 {
            return None;
        }
        let candidate = |slip: &Slip| {
            let start = *slip.effects(&log)?.restarts.last()?;
            // A start after the last message of the figure would give itself away.
            (start < log.end).then(|| (start, slip.text(), slip.why().to_owned()))
        };
        let candidates = Slip::ALL.iter().filter_map(candidate).collect();
        let outcome = number(last, "", candidates)?;
        Some(situation(&log, &effects, outcome))
    })
}

fn situation(log: &Log, effects: &Effects, outcome: Outcome) -> Situation {
    let mut lines = Vec::new();
    let mut position = log.base;
    for (&(incident, offset), &restart) in log.incidents.iter().zip(&effects.restarts) {
        let start = offset - (offset - position) % log.batch;
        let end = log.batch_end(position, offset);
        lines.push(match log.commit {
            Commit::Every => {
                if start == position {
                    format!("Nothing has been committed since the start at {position}.")
                } else {
                    format!("From {position} on, the last commit before message {offset} names {start} as the next one.")
                }
            }
            _ => format!(
                "Message {offset} is in the batch from {start} to {}; its commit is {end}.",
                end - 1
            ),
        });
        let last = match incident {
            Incident::During => offset,
            Incident::After | Incident::Stops => offset + 1,
            Incident::Finishes => end,
        };
        lines.push(match last > position {
            true => {
                let handled: Vec<i64> = (position..last).collect();
                format!("The old consumer has handled {}.", ranges(&handled))
            }
            false => "The old consumer has handled nothing since its start.".to_owned(),
        });
        let has = if log.commit == Commit::Before {
            "already"
        } else {
            "not yet"
        };
        let reason = match log.commit {
            Commit::Every => String::new(),
            _ => format!(", because the batch was {has} committed"),
        };
        lines.push(format!("The next start is at {restart}{reason}."));
        position = restart;
    }
    lines.push(format!("{}.", effects.describe()));
    Situation {
        scenario: scenario(log),
        figures: vec![figure(log)],
        texts: BTreeMap::new(),
        outcome,
        steps: steps(lines),
        solved: Vec::new(),
    }
}

fn scenario(log: &Log) -> Value {
    let incident = |(kind, offset): &(Incident, i64)| {
        let kind = match kind {
            Incident::During => "crash-while-handling",
            Incident::After => "crash-after-effect",
            Incident::Stops => "rebalance-old-owner-stops",
            Incident::Finishes => "rebalance-old-owner-finishes-batch",
        };
        json!({ "kind": kind, "offset": offset })
    };
    let commit = match log.commit {
        Commit::Before => "before-batch",
        Commit::After => "after-batch",
        Commit::Every => "after-every",
    };
    json!({
        "first": log.base,
        "last": log.end - 1,
        "commit": commit,
        "batch": if log.commit == Commit::Every { json!(null) } else { json!(log.batch) },
        "every": if log.commit == Commit::Every { json!(log.batch) } else { json!(null) },
        "incidents": log.incidents.iter().map(incident).collect::<Vec<_>>(),
    })
}

fn figure(log: &Log) -> Figure {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mut rows = vec![row("messages", format!("{} to {}", log.base, log.end - 1))];
    match log.commit {
        Commit::Every => {
            let each = format!("after every {} messages handled since the start", log.batch);
            rows.push(row("commit", each));
        }
        commit => {
            let side = if commit == Commit::Before {
                "before"
            } else {
                "after"
            };
            rows.push(row("batch", format!("{} messages", log.batch)));
            rows.push(row("commit", format!("{side} handling the batch")));
        }
    }
    for (i, (incident, offset)) in log.incidents.iter().enumerate() {
        let what = match incident {
            Incident::During => format!("crash while handling {offset}"),
            Incident::After => format!("crash after the effect of {offset}"),
            Incident::Stops => format!("rebalance after {offset}; the old owner stops"),
            Incident::Finishes => {
                format!("rebalance after {offset}; the old owner finishes its batch")
            }
        };
        let name = if log.incidents.len() == 1 {
            "incident"
        } else {
            ["first", "then"][i.min(1)]
        };
        rows.push(row(name, what));
    }
    let alt = "The settings of a consumer, and what happens to it.";
    table(alt, &["what", "value"], rows, &[])
}
