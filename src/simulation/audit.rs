//! Statistics over many draws of one question, and the faults that they reveal.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use crate::core::figure::{Drawing, Figure};
use crate::core::instance::{Alternative, Instance, Outcome, WrongNumber};
use crate::core::number::show_within;
use crate::core::question::Kind;

use super::bracket::distinct;
use super::{Ask, Bounds, Model};

/// The number of draws for which the limits hold exactly; fewer draws get an allowance for chance.
const FULL: usize = 2000;
/// How much more often than by chance an option, a rank or a first step may be right.
const MARGIN: f64 = 0.05;
/// The largest share of draws that may have the same number as their key.
const MAX_KEY_SHARE: f64 = 0.25;
/// The smallest number of different situations, and of different keys if they are numbers.
const MIN_SCENARIOS: usize = 500;
const MIN_KEYS: usize = 12;
/// The share of draws that may find no situation.
const MAX_MISSING: f64 = 0.005;
/// Limits of figures: lanes, spans, nodes and series.
const LANES: usize = 8;
const SPANS: usize = 14;
const NODES: usize = 12;
const SERIES: usize = 4;

/// The draws of one question: what was drawn how often.
pub struct Audit<'a> {
    ask: &'a Ask,
    kind: Kind,
    draws: usize,
    missing: usize,
    scenarios: HashSet<String>,
    /// How often each option was shown and right.
    options: BTreeMap<String, Tally>,
    /// How often the option of each rank was right, where options are numbers.
    ranks: BTreeMap<usize, Tally>,
    keys: HashMap<String, usize>,
    /// The first seed of each fault in an instance.
    broken: BTreeMap<String, u64>,
}

/// How often something was shown, how often it was right, and how often it would be by chance.
#[derive(Default)]
struct Tally {
    shown: usize,
    right: usize,
    by_chance: f64,
}

/// What the draws of a question have in common that makes it a bad question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub fault: Fault,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Draws found no situation.
    Missing,
    /// An option or rank is right too often.
    Unbalanced,
    /// There are too few different situations or keys.
    Monotonous,
    /// An instance contradicts itself or its type.
    Broken,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<'a> Audit<'a> {
    /// Creates an audit without draws.
    pub fn new(ask: &'a Ask, kind: Kind) -> Self {
        Self {
            ask,
            kind,
            draws: 0,
            missing: 0,
            scenarios: HashSet::new(),
            options: BTreeMap::new(),
            ranks: BTreeMap::new(),
            keys: HashMap::new(),
            broken: BTreeMap::new(),
        }
    }

    /// Draws the instances of `seeds`; `None` if the model has no such ask.
    pub fn of(
        model: &Model,
        ask: &str,
        kind: Kind,
        bounds: &Bounds,
        seeds: std::ops::Range<u64>,
    ) -> Option<Audit<'static>> {
        let mut audit = Audit::new(model.ask(ask)?, kind);
        for seed in seeds {
            audit.add(seed, model.instance_for(kind, ask, bounds, seed).as_ref());
        }
        Some(audit)
    }

    /// Counts one draw.
    pub fn add(&mut self, seed: u64, instance: Option<&Instance>) {
        self.draws += 1;
        let Some(instance) = instance else {
            self.missing += 1;
            return;
        };
        self.scenarios.insert(instance.scenario.to_string());
        for fault in faults(instance, self.ask, self.kind) {
            self.broken.entry(fault).or_insert(seed);
        }
        match &instance.outcome {
            Outcome::One { options } | Outcome::Several { options } => self.count(options),
            Outcome::Order { steps } => {
                for (i, step) in steps.iter().enumerate() {
                    let tally = self.options.entry(step.text.line()).or_default();
                    tally.add(i == 0, 1.0 / steps.len() as f64);
                }
            }
            Outcome::Number {
                value,
                tolerance,
                wrong,
                ..
            } => {
                let key = show_within(*value, *tolerance);
                *self.keys.entry(key).or_default() += 1;
                if self.kind == Kind::Single {
                    let rank = wrong.iter().filter(|wrong| wrong.value < *value).count();
                    for i in 0..=wrong.len() {
                        let tally = self.ranks.entry(i).or_default();
                        tally.add(i == rank, 1.0 / (wrong.len() + 1) as f64);
                    }
                }
            }
        }
    }

    fn count(&mut self, options: &[Alternative]) {
        let right = options.iter().filter(|option| option.right).count();
        let by_chance = right as f64 / options.len().max(1) as f64;
        for option in options {
            let tally = self.options.entry(option.text.line()).or_default();
            tally.add(option.right, by_chance);
        }
        let mut ranked: Vec<(f64, bool)> = Vec::new();
        let skeleton = options.first().map(|option| skeleton(option.text.as_str()));
        for option in options {
            match number_in(option.text.as_str()) {
                Some(n) if skeleton == Some(self::skeleton(option.text.as_str())) => {
                    ranked.push((n, option.right));
                }
                _ => return,
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (rank, (_, right)) in ranked.into_iter().enumerate() {
            self.ranks.entry(rank).or_default().add(right, by_chance);
        }
    }

    /// Returns the number of different situations.
    pub fn scenarios(&self) -> usize {
        self.scenarios.len()
    }

    /// Returns the largest share of draws with the same key, from 0 to 1.
    pub fn top_key(&self) -> f64 {
        let options = self.options.values().map(|tally| tally.right);
        let most = self.keys.values().copied().chain(options).max();
        most.unwrap_or(0) as f64 / self.draws.max(1) as f64
    }

    /// Returns everything that is wrong with the draws.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut push = |fault, message| found.push(Finding { fault, message });
        for (fault, seed) in &self.broken {
            push(
                Fault::Broken,
                format!("{fault}, for example with seed {seed}"),
            );
        }
        let draws = self.draws;
        if self.missing as f64 > MAX_MISSING * draws as f64 {
            let message = format!("{} of {draws} draws found no situation", self.missing);
            push(Fault::Missing, message);
        }
        let drawn = draws - self.missing;
        for (text, tally) in &self.options {
            let is_fixed = tally.shown as f64 > 0.9 * drawn as f64;
            if let Some(shares) = tally.imbalance(is_fixed && self.kind == Kind::Single) {
                let role = if self.kind == Kind::Ordering {
                    "is the first step"
                } else {
                    "is right"
                };
                push(Fault::Unbalanced, format!("{text:?} {role} in {shares}"));
            }
        }
        for (rank, tally) in &self.ranks {
            if let Some(shares) = tally.imbalance(false) {
                let message = format!(
                    "number {} in ascending order is right in {shares}",
                    rank + 1
                );
                push(Fault::Unbalanced, message);
            }
        }
        self.check_variety(drawn, &mut push);
        found
    }

    fn check_variety(&self, drawn: usize, push: &mut impl FnMut(Fault, String)) {
        let wanted = MIN_SCENARIOS.min(drawn * 3 / 4);
        if self.scenarios.len() < wanted {
            let message = format!(
                "{drawn} draws have only {} different situations; at least {wanted} are needed",
                self.scenarios.len()
            );
            push(Fault::Monotonous, message);
        }
        if self.keys.is_empty() {
            return;
        }
        let wanted = if drawn < FULL {
            MIN_KEYS * 2 / 3
        } else {
            MIN_KEYS
        };
        if self.keys.len() < wanted {
            let message = format!(
                "{drawn} draws have only {} different answers; at least {wanted} are needed",
                self.keys.len()
            );
            push(Fault::Monotonous, message);
        }
        if let Some((key, n)) = self.keys.iter().max_by_key(|(key, n)| (**n, *key))
            && *n as f64 > MAX_KEY_SHARE * drawn as f64
        {
            let share = 100 * n / drawn.max(1);
            push(
                Fault::Unbalanced,
                format!("the answer is {key} in {share}% of the draws"),
            );
        }
    }
}

impl Tally {
    fn add(&mut self, right: bool, by_chance: f64) {
        self.shown += 1;
        self.right += usize::from(right);
        self.by_chance += by_chance;
    }

    /// Describes the shares if it is right more often than by chance, or, if `both` is true, less often.
    fn imbalance(&self, both: bool) -> Option<String> {
        let shown = self.shown as f64;
        if self.shown < 50 {
            return None;
        }
        let (share, chance) = (self.right as f64 / shown, self.by_chance / shown);
        let spread = (chance * (1.0 - chance) / shown).sqrt();
        let allowance = 3.5 * spread * (1.0 - shown / FULL as f64).max(0.0);
        let excess = share - chance;
        let is_off = excess > MARGIN + allowance || both && -excess > MARGIN + allowance;
        is_off.then(|| {
            format!(
                "{:.1}% of the {} draws that show it; by chance {:.1}%",
                100.0 * share,
                self.shown,
                100.0 * chance
            )
        })
    }
}

/// Returns `text` without its digits.
fn skeleton(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Returns the only whole number in `text`.
fn number_in(text: &str) -> Option<f64> {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

/// Returns what is wrong with one instance.
fn faults(instance: &Instance, ask: &Ask, kind: Kind) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |is_fine: bool, fault: &str| {
        if !is_fine {
            faults.push(fault.to_owned());
        }
    };
    check(ask.kinds.contains(&kind), "the ask does not fit the type");
    check(!instance.scenario.is_null(), "the scenario is empty");
    check(!instance.steps.is_empty(), "there are no worked steps");
    let steps_are_full = instance.steps.iter().all(|step| !step.is_empty());
    check(steps_are_full, "a worked step is empty");
    for name in ask.texts {
        let text = instance.texts.get(*name);
        check(
            text.is_some_and(|text| !text.is_empty()),
            &format!("the text {{{name}}} is missing"),
        );
    }
    check(!instance.figures.is_empty(), "there is no figure");
    for figure in instance.figures.iter().chain(&instance.solved) {
        check(!figure.alt.is_empty(), "a figure has no `alt`");
        if let Some(fault) = figure_fault(figure) {
            check(false, fault);
        }
    }
    check_outcome(&instance.outcome, kind, &mut check);
    faults
}

/// Checks that the answer fits the type, and that it has as many options as the type needs.
fn check_outcome(outcome: &Outcome, kind: Kind, check: &mut impl FnMut(bool, &str)) {
    match outcome {
        Outcome::One { options } => {
            check(
                kind == Kind::Single,
                "one option is right, and the type is not single",
            );
            let right = options.iter().filter(|option| option.right).count();
            check(right == 1, "not exactly one option is right");
            check(
                (3..=5).contains(&options.len()),
                "there are not 3 to 5 options",
            );
            check_options(options, check);
        }
        Outcome::Several { options } => {
            check(
                kind == Kind::Multiple,
                "several options can be right, and the type is not multiple",
            );
            let right = options.iter().filter(|option| option.right).count();
            check(right > 0, "no option is right");
            check(right < options.len(), "no option is wrong");
            check(
                (4..=6).contains(&options.len()),
                "there are not 4 to 6 options",
            );
            check_options(options, check);
        }
        Outcome::Order { steps } => {
            check(
                kind == Kind::Ordering,
                "the answer is an order, and the type is not ordering",
            );
            check(
                (4..=7).contains(&steps.len()),
                "there are not 4 to 7 steps to order",
            );
            check(differ(steps), "two options have the same text");
        }
        Outcome::Number {
            value,
            tolerance,
            wrong,
            ..
        } => check_number(*value, *tolerance, wrong, kind, check),
    }
}

/// Checks that a number can be asked, and that each of its wrong values is explained.
fn check_number(
    value: f64,
    tolerance: f64,
    wrong: &[WrongNumber],
    kind: Kind,
    check: &mut impl FnMut(bool, &str),
) {
    let is_asked = matches!(kind, Kind::Single | Kind::Numeric);
    check(
        is_asked,
        "the answer is a number, and the type is neither single nor numeric",
    );
    check(value.is_finite(), "the answer is not a finite number");
    let usable = distinct(value, tolerance, wrong.to_vec()).len();
    let is_bracketed = kind != Kind::Single || usable == super::bracket::OPTIONS - 1;
    check(
        is_bracketed,
        "the number does not have three different wrong values",
    );
    let named = |text: &crate::core::text::Text| !text.is_empty();
    let is_explained = wrong
        .iter()
        .all(|wrong| named(&wrong.misconception) && named(&wrong.why));
    check(
        is_explained,
        "a wrong number has no misconception or no `why`",
    );
}

/// Checks that options differ, that each has a reason, and that each wrong one has a misconception.
fn check_options(options: &[Alternative], check: &mut impl FnMut(bool, &str)) {
    check(differ(options), "two options have the same text");
    let reasoned = options.iter().all(|option| !option.why.is_empty());
    check(reasoned, "an option has no `why`");
    let named = options
        .iter()
        .all(|option| option.right != option.misconception.is_some());
    check(
        named,
        "a wrong option has no misconception, or a right one has one",
    );
}

fn differ(options: &[Alternative]) -> bool {
    let texts: HashSet<String> = options.iter().map(|option| option.text.line()).collect();
    texts.len() == options.len()
}

/// Returns the limit that a figure exceeds, or the reference in it that leads nowhere.
fn figure_fault(figure: &Figure) -> Option<&'static str> {
    match &figure.drawing {
        Drawing::Timeline(timeline) => {
            let lanes = timeline.lanes.len();
            let messages = timeline
                .messages
                .iter()
                .flat_map(|message| [message.from_lane, message.to_lane]);
            let mut used = timeline
                .intervals
                .iter()
                .map(|interval| interval.lane)
                .chain(timeline.events.iter().map(|event| event.lane))
                .chain(messages);
            let ordered = timeline.intervals.iter().all(|i| i.from <= i.to)
                && timeline.messages.iter().all(|m| m.from <= m.to);
            match () {
                () if lanes > LANES => Some("a timeline has more than 8 lanes"),
                () if used.any(|lane| lane >= lanes) => {
                    Some("a timeline uses a lane that it does not have")
                }
                () if !ordered => {
                    Some("an interval or a message of a timeline ends before it begins")
                }
                () => None,
            }
        }
        Drawing::Trace(trace) if trace.spans.len() > SPANS => {
            Some("a trace has more than 14 spans")
        }
        Drawing::Trace(trace) => {
            let ids: HashSet<&str> = trace.spans.iter().map(|span| span.id.as_str()).collect();
            let is_known = |parent: &String| ids.contains(parent.as_str());
            let linked = trace
                .spans
                .iter()
                .all(|span| span.parent.iter().all(is_known));
            (!linked || ids.len() < trace.spans.len())
                .then_some("a trace has a span with an unknown parent or the id of another one")
        }
        Drawing::Chart(chart) if chart.series.len() > SERIES => {
            Some("a chart has more than 4 series")
        }
        Drawing::Chart(_) => None,
        Drawing::Table(table) => {
            let even = table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len());
            (!even).then_some("a row of a table does not have one cell per column")
        }
        Drawing::Graph(graph) if graph.nodes.len() > NODES => {
            Some("a graph has more than 12 nodes")
        }
        Drawing::Graph(graph) => {
            let ids: HashSet<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
            let linked = graph
                .edges
                .iter()
                .all(|edge| ids.contains(edge.from.as_str()) && ids.contains(edge.to.as_str()));
            (!linked || ids.len() < graph.nodes.len())
                .then_some("a graph has an edge to an unknown node, or two nodes with one id")
        }
        Drawing::Ring(ring) => {
            let inside = ring
                .points
                .iter()
                .all(|point| (0.0..ring.size).contains(&point.at));
            (!inside).then_some("a point of a ring is outside of it")
        }
    }
}
