//! Two threads whose atomic steps interleave in any order.

mod program;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::json;

use self::program::{Line, Op, Program};
use super::construct::{ask, steps, texts, whole, word};
use super::{Bounds, Model, Situation, attempts, in_words, listed, table};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const MODEL: Model = Model {
    name: "interleaving",
    version: 2,
    summary: "Two threads of two or three atomic steps run in any order on a shared integer.",
    rules: &[
        "Each line is one atomic step, and each thread runs its lines from top to bottom.",
        "The lines of the two threads can interleave in any order.",
        "A store is visible to the other thread at once.",
        "Each thread has its own variable r; x is shared.",
        "`cas x: a -> b` sets x to b if x is a, and otherwise does nothing.",
    ],
    rivals: &["A store may stay invisible to the other thread for a while."],
    asks: &[
        ask(
            "possible",
            &[Kind::Multiple],
            &["start", "count"],
            "Which of these values can x have at the end?",
        ),
        ask(
            "merge",
            &[Kind::Single],
            &["start", "value"],
            "Which two neighbouring lines, made one step, make a value impossible?",
        ),
    ],
    bounds: &[
        whole(
            "lines",
            (2, 3),
            (2, 2),
            "The number of lines of each thread; 3 for `merge`.",
        ),
        word(
            "operations",
            &["plain", "cas"],
            "Whether at least one line is a compare-and-set.",
        ),
    ],
    draw,
};

/// The number of options of the ask `possible`.
const VALUES: usize = 5;

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let cas = bounds.word("operations") == "cas";
    if ask == "merge" {
        let target = random.below(4) as usize;
        return attempts(6000, random, |random| {
            let program = Program::draw(3, cas, random);
            if !program.is_plain(cas) {
                return None;
            }
            merge(&program, target, random)
        });
    }
    let lines = bounds.number("lines", random) as usize;
    let mut ranks: Vec<usize> = (0..VALUES).collect();
    random.shuffle(&mut ranks);
    ranks.truncate(2 + random.below(2) as usize);
    attempts(3000, random, |random| {
        let program = Program::draw(lines, cas && lines == 3, random);
        if !program.is_plain(cas && lines == 3) {
            return None;
        }
        possible(&program, &ranks, random)
    })
}

/// Asks which values are possible; the right ones get the given ranks among the options.
fn possible(program: &Program, ranks: &[usize], random: &mut Stream) -> Option<Situation> {
    let values = program.finals(&[]);
    if !(2..=5).contains(&values.len()) || values.len() < ranks.len() {
        return None;
    }
    let wrong = wrong_values(program, &values);
    let mut pool: Vec<(i64, Option<&str>)> = values.iter().map(|v| (*v, None)).collect();
    pool.extend(wrong.iter().map(|(v, what)| (*v, Some(*what))));
    let options = attempts(20, random, |random| {
        let mut right: Vec<_> = pool.iter().filter(|(_, what)| what.is_none()).collect();
        let mut wrong: Vec<_> = pool.iter().filter(|(_, what)| what.is_some()).collect();
        random.shuffle(&mut right);
        random.shuffle(&mut wrong);
        let mut chosen: Vec<_> = right.into_iter().take(ranks.len()).collect();
        chosen.extend(wrong.into_iter().take(VALUES - ranks.len()));
        chosen.sort();
        let fits =
            |(i, (_, what)): (usize, &&(i64, Option<&str>))| what.is_none() == ranks.contains(&i);
        (chosen.len() == VALUES && chosen.iter().enumerate().all(fits)).then_some(chosen)
    })?;
    let alternatives = options.iter().map(|(value, misconception)| {
        let text = value.to_string();
        match (misconception, program.order_to(*value)) {
            (Some(what), _) => {
                Alternative::wrong(&text, "No order of the lines ends with this value.", what)
            }
            (None, order) => Alternative::right(&text, &format!("For example {order}.")),
        }
    });
    let options = alternatives.collect();
    let mut lines: Vec<String> = values
        .iter()
        .map(|v| format!("{v} with the order {}.", program.order_to(*v)))
        .collect();
    lines.push(format!(
        "No order gives another value than {}.",
        listed_values(&values)
    ));
    let texts = texts([
        ("start", program.start.to_string()),
        ("count", in_words(ranks.len()).to_owned()),
    ]);
    Some(situation(
        program,
        Outcome::Several { options },
        lines,
        texts,
    ))
}

fn listed_values(values: &BTreeSet<i64>) -> String {
    listed(&values.iter().collect::<Vec<_>>())
}

/// Returns values that no order gives, each with the wrong rule that gives it.
fn wrong_values(program: &Program, values: &BTreeSet<i64>) -> Vec<(i64, &'static str)> {
    let mut found: Vec<(i64, &'static str)> = Vec::new();
    let mut add = |candidates: BTreeSet<i64>, what| {
        for value in candidates {
            let is_new = found.iter().all(|(other, _)| *other != value);
            if is_new && value >= 0 && !values.contains(&value) {
                found.push((value, what));
            }
        }
    };
    let fresh = |op| match op {
        Op::Store(add) => Op::Add(add),
        other => other,
    };
    add(
        program.changed(fresh).finals(&[]),
        "x = r + n uses the current value of x.",
    );
    for (i, j) in [(0, 1), (1, 2)] {
        for thread in 0..2 {
            if let Some(program) = program.with_lines_swapped(thread, i, j) {
                add(
                    program.finals(&[]),
                    "The lines of a thread may change places.",
                );
            }
        }
    }
    let always = |op| match op {
        Op::Cas(_, to) => Op::Set(to),
        other => other,
    };
    add(
        program.changed(always).finals(&[]),
        "A compare-and-set always writes its value.",
    );
    let never = |op| match op {
        Op::Cas(..) => Op::Nothing,
        other => other,
    };
    add(
        program.changed(never).finals(&[]),
        "A compare-and-set of two threads always fails.",
    );
    for thread in 0..2 {
        for line in 0..program.threads[thread].len() {
            let skipped = program.with_line(thread, line, Op::Nothing);
            add(skipped.finals(&[]), "The effect of any line can be lost.");
        }
    }
    add(BTreeSet::from([program.start]), "All writes can be lost.");
    add(
        program.sums(),
        "The effects of all lines add up in any combination.",
    );
    found
}

/// Asks which pair of lines as one step makes a value impossible; `None` if it isn't exactly the
/// pair `target`.
fn merge(program: &Program, target: usize, random: &mut Stream) -> Option<Situation> {
    const PAIRS: [(usize, usize); 4] = [(0, 0), (0, 1), (1, 0), (1, 1)];
    let values = program.finals(&[]);
    if values.len() < 3 {
        return None;
    }
    let merged: Vec<BTreeSet<i64>> = PAIRS.iter().map(|pair| program.finals(&[*pair])).collect();
    let mut removed: Vec<i64> = values
        .iter()
        .copied()
        .filter(|v| (0..4).all(|i| merged[i].contains(v) == (i != target)))
        .collect();
    random.shuffle(&mut removed);
    let value = *removed.first()?;
    let name = |pair: (usize, usize)| {
        let (thread, line) = (["A", "B"][pair.0], pair.1 + 1);
        format!("{thread}{line} and {thread}{}", line + 1)
    };
    let options = PAIRS.iter().enumerate().map(|(i, &pair)| {
        if i == target {
            let why = "Every order that gives the value has a line of the other thread in between.";
            return Alternative::right(&name(pair), why);
        }
        let order = program.order_with(value, &[pair]);
        let why = format!("The value still results, for example from {order}.");
        Alternative::wrong(
            &name(pair),
            &why,
            "Any larger atomic step removes the value.",
        )
    });
    let options = options.collect();
    let mut lines = vec![format!(
        "Without a change, x can be {}; {value} results, for example, from {}.",
        listed_values(&values),
        program.order_to(value)
    )];
    for (i, &pair) in PAIRS.iter().enumerate() {
        let (name, left) = (name(pair), listed_values(&merged[i]));
        lines.push(format!("With {name} as one step, x can be {left}."));
    }
    let texts = texts([
        ("start", program.start.to_string()),
        ("value", value.to_string()),
    ]);
    Some(situation(program, Outcome::One { options }, lines, texts))
}

fn situation(
    program: &Program,
    outcome: Outcome,
    lines: Vec<String>,
    mut texts: std::collections::BTreeMap<String, crate::core::text::Text>,
) -> Situation {
    texts.insert(
        "lines".to_owned(),
        program.threads[0].len().to_string().as_str().into(),
    );
    let rows = (0..program.threads[0].len()).map(|i| {
        let cell = |thread: usize| {
            format!(
                "{}{}: {}",
                ["A", "B"][thread],
                i + 1,
                program.threads[thread][i].op.text()
            )
        };
        vec![cell(0), cell(1)]
    });
    let alt = "The lines of two threads that use the shared integer x.";
    let mut figure = table(alt, &["thread A", "thread B"], rows.collect(), &[]);
    figure.caption = Some(
        format!("At the start, x = {}.", program.start)
            .as_str()
            .into(),
    );
    let thread = |lines: &[Line]| lines.iter().map(|line| line.op.data()).collect::<Vec<_>>();
    Situation {
        scenario: json!({
            "start": program.start,
            "A": thread(&program.threads[0]),
            "B": thread(&program.threads[1]),
            "value": texts.get("value").map(|value| value.line().parse::<i64>().ok()),
        }),
        figures: vec![figure],
        texts,
        outcome,
        steps: steps(lines),
        solved: Vec::new(),
    }
}
