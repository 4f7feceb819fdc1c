//! The asks about a hash ring.

use serde_json::json;

use super::{
    LEAST, SIZE, Token, decides, figure, forward, free_position, name, nearest, nodes_of, previous,
    range, scenario, successor, with_arcs,
};
use crate::core::figure::Arc;
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::construct::{Candidate, choice, number, steps, texts};
use crate::simulation::{Bounds, Situation, attempts, pick, table};

/// Asks which keys move when the last node joins or leaves: the keys in its ranges.
pub fn moved(
    tokens: &[Token],
    class: usize,
    bounds: &Bounds,
    random: &mut Stream,
) -> Option<Situation> {
    let node = nodes_of(tokens) - 1;
    let count = bounds.number("keys", random) as usize;
    let joins = bounds.word("change") == "join";
    let moved = 1 + class % (count - 1);
    let mut positions: Vec<i64> = Vec::new();
    for i in 0..count {
        let at = attempts(60, random, |random| {
            let at = free_position(tokens, &positions, random)?;
            ((tokens[successor(tokens, at)].node == node) == (i < moved)).then_some(at)
        })?;
        positions.push(at);
    }
    let behind = |at: i64| tokens[previous(tokens, successor(tokens, at))].node == node;
    if !positions[moved..].iter().any(|&at| behind(at)) {
        return None;
    }
    positions.sort_unstable();
    let keys: Vec<(String, i64)> = positions
        .iter()
        .enumerate()
        .map(|(i, &at)| (format!("k{}", i + 1), at))
        .collect();
    let options = keys
        .iter()
        .map(|(key, at)| moved_option(tokens, node, joins, key, *at))
        .collect();
    let kind = if joins { "joins" } else { "leaves" };
    let arcs: Vec<Arc> = (0..tokens.len())
        .filter(|&i| tokens[i].node == node)
        .map(|i| range(tokens, i))
        .collect();
    let mut lines: Vec<String> = arcs
        .iter()
        .map(|arc| {
            format!(
                "{}'s token {} has the range above {} up to {}.",
                name(node),
                arc.to,
                arc.from,
                arc.to
            )
        })
        .collect();
    lines.extend(
        keys.iter()
            .map(|(key, at)| format!("{key}: {}", decides(tokens, *at))),
    );
    Some(Situation {
        scenario: json!({
            "ring": scenario(tokens, &keys),
            "change": {"node": name(node), "kind": kind, "tokens": "with this node"},
        }),
        figures: vec![figure(tokens, &keys, Some((node, kind)))],
        texts: texts([("node", name(node).to_owned())]),
        outcome: Outcome::Several { options },
        steps: steps(lines),
        solved: vec![with_arcs(figure(tokens, &keys, Some((node, kind))), arcs)],
    })
}

/// Returns the option for the key at `at`, which moves if its first token is one of `node`.
fn moved_option(tokens: &[Token], node: usize, joins: bool, key: &str, at: i64) -> Alternative {
    let text = format!("{key}, at {at}");
    let next = successor(tokens, at);
    let owner = tokens[next];
    let decides = decides(tokens, at);
    let who = name(node);
    if owner.node == node {
        let other = tokens[(next + 1) % tokens.len()];
        let change = if joins {
            "Before, it was"
        } else {
            "Afterwards it is"
        };
        return Alternative::right(
            &text,
            &format!("{decides} {change} {} of {}.", other.at, name(other.node)),
        );
    }
    let misconception = if tokens[previous(tokens, next)].node == node {
        "A node owns the keys from its token upwards."
    } else if tokens[nearest(tokens, at)].node == node {
        "A key belongs to the nearest token."
    } else if tokens[(next + 1) % tokens.len()].node == node {
        "The range before that of a changed token is divided anew."
    } else {
        "A change of the nodes places all keys anew, as a hash modulo the number of nodes does."
    };
    Alternative::wrong(
        &text,
        &format!("{decides} This is so with and without {who}."),
        misconception,
    )
}

/// Asks for the positions that pass between the last node and another one.
pub fn gained(tokens: &[Token], bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let transfer = Transfer::draw(tokens, random);
    let is_narrow = |&i: &usize| width(tokens, i) < LEAST;
    if transfer.passing.iter().any(is_narrow) {
        return None;
    }
    let mut candidates = transfer.wrong_numbers();
    let (own, key) = (transfer.positions_of_other(), transfer.passed());
    // The key is the difference of these two, so only one of them is offered.
    let hidden = pick(&[own, own + key], random);
    candidates.retain(|candidate| candidate.0 != hidden);
    let (x, y) = (name(transfer.node), name(transfer.other));
    let kind = match bounds.word("change") {
        "join" => "joins",
        _ => "leaves",
    };
    let ring = figure(tokens, &[], Some((transfer.node, kind)));
    let arcs = transfer.passing.iter().map(|&i| range(tokens, i)).collect();
    Some(Situation {
        scenario: json!({
            "ring": scenario(tokens, &[]),
            "change": {"node": x, "kind": kind, "tokens": "with this node"},
            "asked": {"positions-between": [x, y]},
        }),
        figures: vec![ring.clone()],
        texts: texts([("node", x.to_owned()), ("other", y.to_owned())]),
        outcome: number(key, "positions", candidates)?,
        steps: steps(transfer.lines()),
        solved: vec![with_arcs(ring, arcs)],
    })
}

/// Returns the number of positions in the range of the token at `index`.
fn width(tokens: &[Token], index: usize) -> i64 {
    forward(tokens[previous(tokens, index)].at, tokens[index].at)
}

/// The ranges that pass between the last node and another one when the last node joins or leaves.
struct Transfer<'a> {
    tokens: &'a [Token],
    node: usize,
    other: usize,
    /// The tokens of the last node.
    of_node: Vec<usize>,
    /// Those of them whose range passes, because the next token is the other node's.
    passing: Vec<usize>,
}

impl<'a> Transfer<'a> {
    /// Draws the other node among those that follow a token of the last node.
    fn draw(tokens: &'a [Token], random: &mut Stream) -> Self {
        let node = nodes_of(tokens) - 1;
        let next = |i: usize| tokens[(i + 1) % tokens.len()].node;
        let of_node: Vec<usize> = (0..tokens.len())
            .filter(|&i| tokens[i].node == node)
            .collect();
        let other = next(pick(&of_node, random));
        let passing = of_node.iter().copied();
        Self {
            tokens,
            node,
            other,
            passing: passing.filter(|&i| next(i) == other).collect(),
            of_node,
        }
    }

    /// Returns the number of positions that pass.
    fn passed(&self) -> i64 {
        self.passing.iter().map(|&i| width(self.tokens, i)).sum()
    }

    /// Returns the number of positions of the other node while the last one is on the ring.
    fn positions_of_other(&self) -> i64 {
        (0..self.tokens.len())
            .filter(|&i| self.tokens[i].node == self.other)
            .map(|i| width(self.tokens, i))
            .sum()
    }

    /// Returns the numbers of positions that wrong rules give.
    fn wrong_numbers(&self) -> Vec<Candidate<'static>> {
        let tokens = self.tokens;
        let others = nodes_of(tokens) as i64 - 1;
        let (x, y) = (name(self.node), name(self.other));
        let (own, key) = (self.positions_of_other(), self.passed());
        let total: i64 = self.of_node.iter().map(|&i| width(tokens, i)).sum();
        // With ranges that begin at their tokens, the node before passes positions.
        let after: i64 = self
            .of_node
            .iter()
            .filter(|&&i| tokens[previous(tokens, i)].node == self.other)
            .map(|&i| width(tokens, (i + 1) % tokens.len()))
            .sum();
        vec![
            (
                after,
                "A node owns the positions from its token up to the next one.",
                format!(
                    "Counts upwards from the tokens of {x} that follow one of {y}, but a range ends at \
                     its token."
                ),
            ),
            (
                total,
                "One neighbour takes part in the whole change.",
                format!("Counts all ranges of {x}, also those whose next token isn't {y}'s."),
            ),
            (
                rounded(total, others),
                "The change is shared equally by all other nodes.",
                format!(
                    "Divides {x}'s {total} positions by the {others} other nodes, but tokens are not spread evenly."
                ),
            ),
            (
                own,
                "The other node's own positions are the ones that pass.",
                format!("Counts the positions that {y} has while {x} is on the ring."),
            ),
            (
                own + key,
                "The result is all that the node owns without the changed one.",
                format!(
                    "Counts all positions that {y} has without {x}, also those that never move."
                ),
            ),
            (
                SIZE - key,
                "The positions are counted the other way around the ring.",
                "Counts from the token on to the one before it, around the whole ring.".to_owned(),
            ),
            (
                rounded(own + key, 2),
                "A node takes half of the positions of the next one.",
                format!(
                    "Halves the {} positions that {y} has without {x}, but a token may be anywhere.",
                    own + key
                ),
            ),
            (
                rounded(total, self.of_node.len() as i64),
                "The ranges of a node are equally long.",
                format!("Divides {x}'s {total} positions by its tokens."),
            ),
        ]
    }

    /// Returns the sentences that add up the ranges that pass.
    fn lines(&self) -> Vec<String> {
        let tokens = self.tokens;
        let before = |i: usize| tokens[previous(tokens, i)].at;
        let mut lines = Vec::new();
        for &i in &self.of_node {
            let next = tokens[(i + 1) % tokens.len()];
            lines.push(format!(
                "{}'s token {} has {} positions, above {} up to {}; without it they belong to the next token, {} of {}.",
                name(self.node), tokens[i].at, width(tokens, i), before(i), tokens[i].at, next.at, name(next.node)
            ));
        }
        let spans = self.passing.iter();
        let spans: Vec<String> = spans
            .map(|&i| format!("({} - {})", tokens[i].at, before(i)))
            .collect();
        lines.push(format!(
            "{}, counted around 0 if need be, makes {} positions.",
            spans.join(" + "),
            self.passed()
        ));
        lines
    }
}

/// Returns the whole number nearest to `whole / parts`.
fn rounded(whole: i64, parts: i64) -> i64 {
    (2 * whole + parts) / (2 * parts)
}

/// How many tokens the walk of a preference list skips; the last number stands for more, too. Each is as often the case as
/// it is named, so that no place after the key tells the last node.
const SKIPPED: [usize; 10] = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2];

/// Asks for the last node of the preference list of a key; in most classes a node or a zone must be skipped.
pub fn preference(
    tokens: &[Token],
    class: usize,
    bounds: &Bounds,
    random: &mut Stream,
) -> Option<Situation> {
    let nodes = nodes_of(tokens);
    let copies = bounds.number("copies", random) as usize;
    let mut zone_of: Vec<usize> = (0..nodes).map(|node| node % copies).collect();
    random.shuffle(&mut zone_of);
    let zoned = bounds.word("spread") == "zones";
    let at = free_position(tokens, &[], random)?;
    let walk = Walk {
        tokens,
        zone_of: zoned.then_some(zone_of.as_slice()),
        copies,
    };
    let start = successor(tokens, at);
    let list = walk.list(start, 1);
    let last = *list.last()?;
    let place = (0..tokens.len()).position(|i| tokens[(start + i) % tokens.len()].node == last)?;
    let skipped = (place + 1).saturating_sub(copies);
    if list.len() < copies || skipped.min(2) != SKIPPED[class % SKIPPED.len()] {
        return None;
    }
    let keys = [("key".to_owned(), at)];
    let mut figures = vec![figure(tokens, &keys, None)];
    let mut data = json!({"ring": scenario(tokens, &keys), "copies": copies});
    if zoned {
        let cells = |node: usize| vec![name(node).to_owned(), (zone_of[node] + 1).to_string()];
        let rows = (0..nodes).map(cells).collect();
        figures.push(table(
            "The zone of each node.",
            &["node", "zone"],
            rows,
            &[1],
        ));
        let zone = |node: usize| json!({"node": name(node), "zone": zone_of[node] + 1});
        data["zones"] = (0..nodes).map(zone).collect();
    }
    let stops: Vec<String> = (0..tokens.len())
        .map(|i| tokens[(start + i) % tokens.len()])
        .map(|token| format!("{} at {}", name(token.node), token.at))
        .collect();
    let skipped = if zoned {
        "Skipping nodes of a zone that the list has"
    } else {
        "Skipping nodes that the list has"
    };
    Some(Situation {
        scenario: data,
        figures,
        texts: texts([("key", at.to_string()), ("copies", copies.to_string())]),
        outcome: choice(walk.options(at, &list), 3)?,
        steps: steps(vec![
            format!("From {at} upwards the tokens are {}.", stops.join(", ")),
            format!("{skipped} gives {}.", joined(&list)),
        ]),
        solved: Vec::new(),
    })
}

/// The rules of a preference list.
struct Walk<'a> {
    tokens: &'a [Token],
    /// The zone of each node, if every copy must be in another one.
    zone_of: Option<&'a [usize]>,
    copies: usize,
}

impl Walk<'_> {
    /// Returns the nodes from the token `start` on, going on by `step` tokens.
    fn list(&self, start: usize, step: usize) -> Vec<usize> {
        let mut list: Vec<usize> = Vec::new();
        for i in 0..self.tokens.len() {
            let node = self.tokens[(start + i * step) % self.tokens.len()].node;
            let used = |&other: &usize| match self.zone_of {
                Some(zone_of) => zone_of[other] == zone_of[node],
                None => other == node,
            };
            if list.len() < self.copies && !list.iter().any(used) {
                list.push(node);
            }
        }
        list
    }

    /// Returns each node as an option for the last place of the list of the key at `at`.
    fn options(&self, at: i64, list: &[usize]) -> Vec<Alternative> {
        let last = list[list.len() - 1];
        let wrong = self.wrong_lists(at);
        let option = |node: usize| {
            let rule = wrong.iter().find(|(nodes, ..)| nodes.last() == Some(&node));
            let place = list.iter().position(|&other| other == node);
            if node == last {
                let start = self.tokens[successor(self.tokens, at)];
                let reason = format!(
                    "The walk begins with {} at {} and ends with {}.",
                    name(start.node),
                    start.at,
                    name(node)
                );
                Alternative::right(name(node), &reason)
            } else if let Some((_, why, misconception)) = rule {
                Alternative::wrong(name(node), why, misconception)
            } else if let Some(place) = place {
                let why = format!("It is number {} of the list.", place + 1);
                let misconception = match place {
                    0 => "The list has only the owner.".to_owned(),
                    _ => format!("The list has only {} nodes.", place + 1),
                };
                Alternative::wrong(name(node), &why, &misconception)
            } else {
                let why = "The list is full before the walk gets to it.";
                Alternative::wrong(name(node), why, "Doesn't follow the tokens one by one.")
            }
        };
        (0..nodes_of(self.tokens)).map(option).collect()
    }

    /// Returns the lists that wrong rules give for the key at `at`, each with the reason why it is
    /// wrong and the misconception.
    fn wrong_lists(&self, at: i64) -> [(Vec<usize>, &'static str, &'static str); 4] {
        let start = successor(self.tokens, at);
        let len = self.tokens.len();
        let any_zone = Walk {
            zone_of: None,
            ..*self
        };
        [
            (
                any_zone.list(start, 1),
                "The list would have two nodes of one zone.",
                "Copies only have to be on different nodes.",
            ),
            (
                self.list(previous(self.tokens, start), 1),
                "The walk would begin with the token before the key.",
                "The range of a token begins at it.",
            ),
            (
                self.list(start, len - 1),
                "The walk would go downwards from the owner.",
                "Copies go to the nodes before the owner.",
            ),
            (
                self.list((start + 1) % len, 1),
                "The walk would leave out the first token at or after the key.",
                "Copies go to the nodes after the owner.",
            ),
        ]
    }
}

fn joined(list: &[usize]) -> String {
    let names: Vec<&str> = list.iter().map(|&node| name(node)).collect();
    names.join(", ")
}
