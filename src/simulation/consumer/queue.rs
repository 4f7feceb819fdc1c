//! A worker that takes batches from a queue with a visibility timeout.

use std::collections::BTreeSet;

use serde_json::json;

use crate::core::figure::Figure;
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::construct::{number, steps, texts};
use crate::simulation::{Situation, attempts, between, in_words, table};

const NAMES: [&str; 6] = ["P", "Q", "R", "S", "T", "U"];
/// The number of messages in a batch.
const BATCH: usize = 3;

/// The label of a message that follows from no misconception.
const NO_SLIP: &str = "Doesn't compare the time of each delete with the timeout.";

struct Message {
    name: &'static str,
    takes: i64,
}

/// Messages in the order in which the worker handles them.
struct Queue {
    messages: Vec<Message>,
}

impl Queue {
    fn draw(random: &mut Stream) -> Queue {
        let mut names = NAMES;
        random.shuffle(&mut names);
        let message = |name| Message {
            name,
            takes: between(3, 24, random),
        };
        Queue {
            messages: names.into_iter().map(message).collect(),
        }
    }

    /// Returns the time from the receipt of its batch to the end of each message.
    fn ages(&self) -> Vec<i64> {
        let ages = self.messages.chunks(BATCH).map(|batch| {
            batch.iter().scan(0, |sum, message| {
                *sum += message.takes;
                Some(*sum)
            })
        });
        ages.flatten().collect()
    }

    fn totals(&self) -> Vec<i64> {
        let total = |batch: &[Message]| batch.iter().map(|message| message.takes).sum();
        self.messages.chunks(BATCH).map(total).collect()
    }

    fn figure(&self) -> Figure {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (i, message) in self.messages.iter().enumerate() {
            let (batch, place) = (i / BATCH + 1, i % BATCH + 1);
            let cells = [
                batch.to_string(),
                place.to_string(),
                message.takes.to_string(),
            ];
            rows.push([message.name.to_owned()].into_iter().chain(cells).collect());
        }
        rows.sort();
        let alt = "The messages of two batches, with the time that the worker needs for each.";
        table(
            alt,
            &["message", "batch", "place in batch", "takes (s)"],
            rows,
            &[1, 2, 3],
        )
    }

    fn scenario(&self, timeout: Option<i64>) -> serde_json::Value {
        let messages = self.messages.iter().enumerate().map(|(i, message)| {
            json!({
                "name": message.name, "batch": i / BATCH + 1, "place": i % BATCH + 1,
                "takes": message.takes,
            })
        });
        json!({ "unit": "s", "timeout": timeout, "messages": messages.collect::<Vec<_>>() })
    }
}

pub fn again(random: &mut Stream) -> Option<Situation> {
    let count = 2 + random.below(3) as usize;
    attempts(2000, random, |random| {
        let queue = Queue::draw(random);
        let timeout = between(12, 40, random);
        let ages = queue.ages();
        let first = queue.totals()[0];
        let chosen = |is: &dyn Fn(usize) -> bool| -> BTreeSet<usize> {
            (0..ages.len()).filter(|&i| is(i)).collect()
        };
        let right = chosen(&|i| ages[i] > timeout);
        let from_first = chosen(&|i| ages[i] + if i < BATCH { 0 } else { first } > timeout);
        let alone = chosen(&|i| queue.messages[i].takes > timeout);
        let is_unclear = right.len() != count || right == from_first || right == alone;
        if is_unclear || ages.contains(&timeout) {
            return None;
        }
        let mut lines = Vec::new();
        let mut options = Vec::new();
        for (i, message) in queue.messages.iter().enumerate() {
            let (name, age) = (message.name, ages[i]);
            let why = format!("Is deleted {age} s after the receipt of its batch.");
            let relation = if age > timeout {
                "later than"
            } else {
                "before"
            };
            lines.push(format!(
                "{name} is deleted {age} s after the receipt of batch {}, {relation} {timeout} s.",
                i / BATCH + 1
            ));
            let batch = i / BATCH * BATCH;
            let is_batch_late = ages[batch..batch + BATCH].iter().any(|age| *age > timeout);
            let misconception = match (from_first.contains(&i), is_batch_late) {
                (true, _) => "The timeout runs from the receipt of the first batch.",
                (false, true) => "All messages of a batch are delivered again if one is late.",
                (false, false) => NO_SLIP,
            };
            options.push(match age > timeout {
                true => Alternative::right(name, &why),
                false => Alternative::wrong(name, &why, misconception),
            });
        }
        options.sort_by(|a, b| a.text.cmp(&b.text));
        Some(Situation {
            scenario: queue.scenario(Some(timeout)),
            figures: vec![queue.figure()],
            texts: texts([
                ("count", in_words(count).to_owned()),
                ("timeout", format!("{timeout} s")),
            ]),
            outcome: Outcome::Several { options },
            steps: steps(lines),
            solved: Vec::new(),
        })
    })
}

pub fn timeout(random: &mut Stream) -> Option<Situation> {
    attempts(500, random, |random| {
        let queue = Queue::draw(random);
        let totals = queue.totals();
        let (least, key) = (*totals.iter().min()?, *totals.iter().max()?);
        let sum: i64 = totals.iter().sum();
        let longest = queue.messages.iter().map(|message| message.takes).max()?;
        let batch = totals.iter().position(|total| *total == key)?;
        let last = queue.messages[batch * BATCH + BATCH - 1].takes;
        if least == key || longest == last {
            return None;
        }
        let candidates = vec![
            (
                longest,
                "Each message has a timeout of its own.",
                "The longest message alone; the messages before it in its batch count as well."
                    .to_owned(),
            ),
            (
                least,
                "One batch decides for both.",
                "The shorter batch needs this long.".to_owned(),
            ),
            (
                key - last,
                "The last message only has to be started in time.",
                "At this time the worker starts with the last message of the longer batch."
                    .to_owned(),
            ),
            (
                key + 1,
                "A delete at the end of the timeout is too late.",
                "A delete at exactly the end of the timeout is in time.".to_owned(),
            ),
            (
                sum,
                "The timeout covers both batches.",
                "The second batch is received only after the first is done.".to_owned(),
            ),
            (
                longest * BATCH as i64,
                "Each message may take as long as the longest.",
                "Three times the longest message; the times of these messages are known."
                    .to_owned(),
            ),
        ];
        let lines = vec![
            format!("Batch 1 is done {} s after its receipt.", totals[0]),
            format!("Batch 2 is done {} s after its receipt.", totals[1]),
            format!(
                "The last delete of batch {} comes at {key} s, exactly in time.",
                batch + 1
            ),
        ];
        Some(Situation {
            scenario: queue.scenario(None),
            figures: vec![queue.figure()],
            texts: texts([]),
            outcome: number(key, "s", candidates)?,
            steps: steps(lines),
            solved: Vec::new(),
        })
    })
}
