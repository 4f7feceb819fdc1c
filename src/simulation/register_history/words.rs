//! Figures, options and steps of register histories in words.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::order::{Call, Class, Cycle, Order, legal_order};
use super::{slips, until, with_value};
use crate::core::figure::{Drawing, Figure, Interval, Table, Timeline};
use crate::core::instance::{Alternative, Outcome};
use crate::core::text::Text;
use crate::simulation::Situation;

fn client(call: &Call) -> char {
    char::from(b'A' + call.client as u8)
}

/// Returns a call such as "A's write of 3 (2-9)".
fn named(call: &Call) -> String {
    let kind = if call.write { "write" } else { "read" };
    let (who, value, from) = (client(call), call.value, call.from);
    match call.to {
        i64::MAX => format!("{who}'s {kind} of {value} (from {from})"),
        to => format!("{who}'s {kind} of {value} ({from}-{to})"),
    }
}

/// Returns an order such as "A writes 3, B reads 3".
fn listed(calls: &[Call], order: &[usize]) -> String {
    let step = |i: &usize| {
        let call = &calls[*i];
        let verb = if call.write { "writes" } else { "reads" };
        format!("{} {verb} {}", client(call), call.value)
    };
    order.iter().map(step).collect::<Vec<_>>().join(", ")
}

/// Explains why a cycle rules out every order.
fn contradiction(calls: &[Call], cycle: &Cycle, order: Order) -> String {
    let reason = |(a, b): &(Option<usize>, usize)| {
        let after = &calls[*b];
        let Some(before) = a.map(|a| &calls[a]) else {
            return format!("0 was there before {}", named(after));
        };
        let (first, second) = (named(before), named(after));
        let values = if before.value == after.value {
            "and yet it read the value".to_owned()
        } else {
            format!("so {} was there before {}", before.value, after.value)
        };
        match order {
            Order::RealTime => format!("{first} ended before {second} began, {values}"),
            Order::Program => format!(
                "{first} comes before {second} for {}, {values}",
                client(after)
            ),
            Order::Causal(_) => format!("{first} causally precedes {second}, {values}"),
        }
    };
    let reasons: Vec<String> = cycle.iter().map(reason).collect();
    let verdict = match cycle.len() {
        1 => "A value can't be read before it is written",
        2 => "Each value is written once, so both can't hold",
        _ => "Each value is written once, so not all of it can hold",
    };
    format!("{}. {verdict}.", reasons.join("; but "))
}

const CHECKS: [(Class, &str); 3] = [
    (Class::Linearizable, "linearizable"),
    (Class::Sequential, "sequentially consistent"),
    (Class::Causal, "causally consistent"),
];

/// Returns a cycle of calls that proves that the history breaks a consistency model, and the kind of order that the
/// cycle contradicts.
fn broken(calls: &[Call], class: Class) -> Option<(Cycle, Order)> {
    let orders = match class {
        Class::Linearizable => vec![Order::RealTime],
        Class::Sequential => vec![Order::Program],
        Class::Causal => (0..3).map(Order::Causal).collect(),
        Class::Weaker => Vec::new(),
    };
    orders
        .into_iter()
        .find_map(|order| legal_order(calls, order).err().map(|cycle| (cycle, order)))
}

/// Returns a sentence that says whether the history satisfies a model, and why.
fn verdict(calls: &[Call], class: Class) -> String {
    let name = CHECKS.iter().find(|c| c.0 == class).map_or("", |c| c.1);
    if let Some((cycle, order)) = broken(calls, class) {
        let view = match order {
            Order::Causal(c) => format!(" for client {}", char::from(b'A' + c as u8)),
            _ => String::new(),
        };
        return format!("Not {name}{view}: {}", contradiction(calls, &cycle, order));
    }
    let order = |order| legal_order(calls, order).map_or(String::new(), |o| listed(calls, &o));
    match class {
        Class::Linearizable => format!("Linearizable in the order {}.", order(Order::RealTime)),
        Class::Sequential => format!(
            "Sequentially consistent in the order {}.",
            order(Order::Program)
        ),
        _ => {
            let clients = calls.iter().map(|c| c.client + 1).max().unwrap_or(0);
            let views: Vec<String> = (0..clients)
                .map(|c| {
                    format!(
                        "{}: {}",
                        char::from(b'A' + c as u8),
                        order(Order::Causal(c))
                    )
                })
                .collect();
            format!(
                "Causally consistent with these orders. {}.",
                views.join(". ")
            )
        }
    }
}

/// Returns the models that are offered beside "something weaker", from the strongest.
fn checks(offered: &[Class]) -> impl DoubleEndedIterator<Item = Class> {
    CHECKS
        .iter()
        .map(|c| c.0)
        .filter(|class| offered.contains(class))
}

pub fn why_model(calls: &[Call], class: Class, target: Class, offered: &[Class]) -> String {
    let rank = |class| {
        [
            Class::Linearizable,
            Class::Sequential,
            Class::Causal,
            Class::Weaker,
        ]
        .iter()
        .position(|c| *c == class)
    };
    if class == Class::Weaker && class == target {
        return checks(offered)
            .rev()
            .map(|class| verdict(calls, class))
            .find(|text| text.starts_with("Not"))
            .unwrap_or_default();
    }
    if rank(class) <= rank(target) {
        return verdict(calls, class);
    }
    format!("A stronger model holds. {}", verdict(calls, target))
}

/// Returns the steps, and the calls of the cycle that decides.
pub fn model_steps(calls: &[Call], target: Class, offered: &[Class]) -> (Vec<Text>, Vec<usize>) {
    let mut steps = Vec::new();
    let mut strong = Vec::new();
    for class in checks(offered) {
        steps.push(Text::new(&verdict(calls, class)));
        if class == target {
            break;
        }
        if let Some((cycle, _)) = broken(calls, class) {
            strong = members(&cycle);
        }
    }
    (steps, strong)
}

fn members(cycle: &Cycle) -> Vec<usize> {
    cycle
        .iter()
        .flat_map(|(a, b)| a.iter().copied().chain([*b]))
        .collect()
}

pub fn value_option(calls: &[Call], asked: usize, value: i64) -> Alternative {
    let calls = with_value(calls, asked, value);
    let text = value.to_string();
    match legal_order(&calls, Order::RealTime) {
        Ok(order) => {
            let why = format!("It fits with the order {}.", listed(&calls, &order));
            Alternative::right(&text, &why)
        }
        Err(cycle) => {
            let why = contradiction(&calls, &cycle, Order::RealTime);
            Alternative::wrong(&text, &why, slips::about_value(&calls, asked, value))
        }
    }
}

pub fn value_steps(calls: &[Call], asked: usize, all: &[i64], right: &[i64]) -> Vec<Text> {
    let line = |value: &i64| {
        let option = value_option(calls, asked, *value);
        let verdict = if right.contains(value) {
            "possible"
        } else {
            "impossible"
        };
        Text::new(&format!("{value} is {verdict}: {}", option.why))
    };
    all.iter().map(line).collect()
}

pub fn break_option(calls: &[Call], ordered: &[usize], index: usize, at: usize) -> Alternative {
    let call = &calls[ordered[index]];
    let text = named(call);
    let known = until(calls, call.to);
    match legal_order(&known, Order::RealTime) {
        Ok(order) => Alternative::wrong(
            &text,
            &format!(
                "At {} this order fits: {}.",
                call.to,
                listed(&known, &order)
            ),
            slips::about_break(calls, ordered, ordered[index]),
        ),
        Err(cycle) if index == at => {
            Alternative::right(&text, &contradiction(&known, &cycle, Order::RealTime))
        }
        Err(_) => Alternative::wrong(
            &text,
            &format!(
                "The contradiction is there earlier, at the end of {}.",
                named(&calls[ordered[at]])
            ),
            slips::about_break(calls, ordered, ordered[index]),
        ),
    }
}

pub fn break_steps(calls: &[Call], ordered: &[usize], at: usize) -> (Vec<Text>, Vec<usize>) {
    let steps = (0..=at).map(|i| {
        let option = break_option(calls, ordered, i, at);
        Text::new(&format!("End of {}: {}", option.text, option.why))
    });
    let known = until(calls, calls[ordered[at]].to);
    let cycle = legal_order(&known, Order::RealTime)
        .err()
        .unwrap_or_default();
    let position = |i: usize| {
        calls
            .iter()
            .position(|c| c.client == known[i].client && c.from == known[i].from)
    };
    let strong = members(&cycle).into_iter().filter_map(position).collect();
    (steps.collect(), strong)
}

/// Creates the situation with its figures. The calls in `strong` are emphasized in the solution.
pub fn situation(
    calls: &[Call],
    asked: Option<usize>,
    outcome: Outcome,
    steps: Vec<Text>,
    strong: &[usize],
) -> Situation {
    let solved = if strong.is_empty() {
        Vec::new()
    } else {
        let mut figure = timeline(calls, asked, strong);
        figure.caption = Some("The calls that contradict one another are emphasized.".into());
        vec![figure]
    };
    Situation {
        scenario: scenario(calls, asked),
        figures: vec![timeline(calls, asked, &[]), table(calls, asked)],
        texts: BTreeMap::new(),
        outcome,
        steps,
        solved,
    }
}

fn scenario(calls: &[Call], asked: Option<usize>) -> Value {
    let call = |(i, c): (usize, &Call)| {
        let value = (Some(i) != asked).then_some(c.value);
        json!({
            "client": client(c).to_string(),
            "call": if c.write { "write" } else { "read" },
            "value": value,
            "from": c.from,
            "to": c.to,
        })
    };
    let calls: Vec<Value> = calls.iter().enumerate().map(call).collect();
    json!({ "initial": 0, "asked": asked, "calls": calls })
}

fn label(call: &Call, hidden: bool) -> String {
    let kind = if call.write { 'w' } else { 'r' };
    if hidden {
        format!("{kind} ?")
    } else {
        format!("{kind} {}", call.value)
    }
}

fn timeline(calls: &[Call], asked: Option<usize>, strong: &[usize]) -> Figure {
    let clients = calls.iter().map(|c| c.client + 1).max().unwrap_or(0);
    let intervals = calls.iter().enumerate().map(|(i, c)| Interval {
        lane: c.client,
        from: c.from as f64,
        to: c.to as f64,
        label: Some(label(c, Some(i) == asked).as_str().into()),
        strong: strong.contains(&i),
    });
    Figure {
        alt: "A timeline of the calls, with one lane for each client.".into(),
        caption: None,
        drawing: Drawing::Timeline(Timeline {
            lanes: (b'A'..)
                .take(clients)
                .map(|c| char::from(c).to_string().as_str().into())
                .collect(),
            intervals: intervals.collect(),
            ..Timeline::default()
        }),
    }
}

/// Returns a table with a row for each client and the exact times of its calls.
fn table(calls: &[Call], asked: Option<usize>) -> Figure {
    let clients = calls.iter().map(|c| c.client + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<Text>> = (b'A'..)
        .take(clients)
        .map(|c| vec![Text::new(&char::from(c).to_string())])
        .collect();
    for (i, call) in calls.iter().enumerate() {
        let cell = format!(
            "{}: {}-{}",
            label(call, Some(i) == asked),
            call.from,
            call.to
        );
        rows[call.client].push(Text::new(&cell));
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(1);
    for row in &mut rows {
        row.resize(width, Text::default());
    }
    let headings = [
        "client", "1st call", "2nd call", "3rd call", "4th call", "5th call",
    ];
    Figure {
        alt: "A table with the beginning and the end of each call.".into(),
        caption: None,
        drawing: Drawing::Table(Table {
            columns: headings.iter().take(width).map(|h| Text::new(h)).collect(),
            rows,
            ..Table::default()
        }),
    }
}
