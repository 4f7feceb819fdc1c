//! Two threads of atomic lines, and the values that their runs end with.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::core::rng::Stream;
use crate::simulation::{between, chance, pick};

/// What a line does with the shared integer x and the thread's own r.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// r = x
    Load,
    /// x = r + n
    Store(i64),
    /// x = n
    Set(i64),
    /// x += n in one step
    Add(i64),
    /// Sets x to the second value if it is the first.
    Cas(i64, i64),
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub op: Op,
}

/// Two threads with the same number of lines.
#[derive(Clone, Debug)]
pub struct Program {
    pub start: i64,
    pub threads: [Vec<Line>; 2],
}

/// The values of x and of each thread's r.
#[derive(Clone, Copy)]
struct Memory {
    x: i64,
    r: [i64; 2],
}

/// Pairs of a thread and a line that runs in one step with its next line.
pub type Merged<'a> = &'a [(usize, usize)];

impl Op {
    fn run(self, memory: &mut Memory, thread: usize) {
        match self {
            Op::Load => memory.r[thread] = memory.x,
            Op::Store(add) => memory.x = memory.r[thread] + add,
            Op::Set(value) => memory.x = value,
            Op::Add(add) => memory.x += add,
            Op::Cas(from, to) if memory.x == from => memory.x = to,
            Op::Cas(..) | Op::Nothing => {}
        }
    }

    pub fn text(self) -> String {
        match self {
            Op::Load => "r = x".to_owned(),
            Op::Store(add) => format!("x = r + {add}"),
            Op::Set(value) => format!("x = {value}"),
            Op::Add(add) => format!("atomic x += {add}"),
            Op::Cas(from, to) => format!("cas x: {from} -> {to}"),
            Op::Nothing => String::new(),
        }
    }

    pub fn data(self) -> Value {
        match self {
            Op::Load => json!({ "op": "load" }),
            Op::Store(add) => json!({ "op": "store-r-plus", "n": add }),
            Op::Set(value) => json!({ "op": "store", "value": value }),
            Op::Add(add) => json!({ "op": "atomic-add", "n": add }),
            Op::Cas(from, to) => json!({ "op": "compare-and-set", "from": from, "to": to }),
            Op::Nothing => Value::Null,
        }
    }
}

impl Program {
    /// Draws two threads of `lines` lines. Every thread that stores r loads it before.
    pub fn draw(lines: usize, cas: bool, random: &mut Stream) -> Program {
        let start = between(0, 12, random);
        let mut thread = || -> Vec<Line> {
            let mut ops = vec![Op::Load, Op::Store(between(1, 9, random))];
            if lines == 2 && chance(30, random) {
                ops = vec![
                    random_op(start, false, random),
                    random_op(start, false, random),
                ];
            }
            if lines == 3 {
                let at = random.below(3) as usize;
                ops.insert(at, random_op(start, cas, random));
            }
            ops.into_iter().map(|op| Line { op }).collect()
        };
        Program {
            start,
            threads: [thread(), thread()],
        }
    }

    fn has_cas(&self) -> bool {
        self.threads
            .iter()
            .flatten()
            .any(|line| matches!(line.op, Op::Cas(..)))
    }

    /// Returns the values of x at the end of all runs in which `merged` lines are one step.
    pub fn finals(&self, merged: Merged) -> BTreeSet<i64> {
        let mut finals = BTreeSet::new();
        self.visit(merged, &mut |memory, _| {
            finals.insert(memory.x);
            false
        });
        finals
    }

    /// Returns an order of lines that ends with `value`, such as `A1 B1 A2 B2`.
    pub fn order_to(&self, value: i64) -> String {
        self.order_with(value, &[])
    }

    pub fn order_with(&self, value: i64, merged: Merged) -> String {
        let mut order = String::new();
        self.visit(merged, &mut |memory, lines| {
            if memory.x == value {
                order = lines.join(" ");
            }
            memory.x == value
        });
        order
    }

    /// Calls `found` at the end of each run, until it returns true.
    fn visit(&self, merged: Merged, found: &mut dyn FnMut(Memory, &[String]) -> bool) {
        let memory = Memory {
            x: self.start,
            r: [self.start; 2],
        };
        self.step(merged, memory, [0, 0], &mut Vec::new(), found);
    }

    fn step(
        &self,
        merged: Merged,
        memory: Memory,
        next: [usize; 2],
        order: &mut Vec<String>,
        found: &mut dyn FnMut(Memory, &[String]) -> bool,
    ) -> bool {
        if (0..2).all(|thread| next[thread] == self.threads[thread].len()) {
            return found(memory, order);
        }
        for thread in 0..2 {
            if next[thread] == self.threads[thread].len() {
                continue;
            }
            let (mut memory, mut next, before) = (memory, next, order.len());
            loop {
                let line = next[thread];
                self.threads[thread][line].op.run(&mut memory, thread);
                order.push(format!("{}{}", ["A", "B"][thread], line + 1));
                next[thread] += 1;
                if !merged.contains(&(thread, line)) {
                    break;
                }
            }
            let is_done = self.step(merged, memory, next, order, found);
            order.truncate(before);
            if is_done {
                return true;
            }
        }
        false
    }

    /// Returns the program with another operation for each line.
    pub fn changed(&self, change: fn(Op) -> Op) -> Program {
        let change = |lines: &Vec<Line>| lines.iter().map(|l| Line { op: change(l.op) }).collect();
        Program {
            start: self.start,
            threads: [change(&self.threads[0]), change(&self.threads[1])],
        }
    }

    pub fn with_line(&self, thread: usize, line: usize, op: Op) -> Program {
        let mut program = self.clone();
        program.threads[thread][line].op = op;
        program
    }

    pub fn with_lines_swapped(&self, thread: usize, i: usize, j: usize) -> Option<Program> {
        let mut program = self.clone();
        (j < program.threads[thread].len()).then(|| program.threads[thread].swap(i, j))?;
        Some(program)
    }

    /// Returns the start plus the amounts of each choice of lines.
    pub fn sums(&self) -> BTreeSet<i64> {
        let mut sums = BTreeSet::from([self.start]);
        for line in self.threads.iter().flatten() {
            if let Op::Store(n) | Op::Add(n) | Op::Set(n) = line.op {
                let more: Vec<i64> = sums.iter().map(|sum| sum + n).collect();
                sums.extend(more);
            }
        }
        sums
    }

    /// Returns true if it has a compare-and-set that matters where one is wanted, and no line twice
    /// in a thread.
    pub fn is_plain(&self, cas: bool) -> bool {
        let without = self.changed(|op| match op {
            Op::Cas(..) => Op::Nothing,
            other => other,
        });
        let always = self.changed(|op| match op {
            Op::Cas(_, to) => Op::Set(to),
            other => other,
        });
        let values = self.finals(&[]);
        let matters = || values != without.finals(&[]) && values != always.finals(&[]);
        let repeats = |lines: &Vec<Line>| {
            lines.windows(2).any(|pair| {
                pair[0].op == pair[1].op || matches!((pair[0].op, pair[1].op), (_, Op::Set(_)))
            })
        };
        self.has_cas() == cas && (!cas || matters()) && !self.threads.iter().any(repeats)
    }
}

fn random_op(start: i64, cas: bool, random: &mut Stream) -> Op {
    let n = between(1, 9, random);
    if cas && chance(60, random) {
        let from = start + pick(&[0, 1, 2, 3, 4, 5], random);
        // Never to the same value, which would change nothing.
        let to = between(0, 19, random);
        return Op::Cas(from, to + i64::from(to >= from));
    }
    match random.below(3) {
        0 => Op::Set(between(0, 20, random)),
        _ => Op::Add(n),
    }
}
