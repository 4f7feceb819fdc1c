//! A hash ring with tokens, keys, copies and zones.

mod asks;
#[cfg(test)]
mod tests;

use serde_json::json;

use super::construct::{ask, whole, word};
use super::{Bounds, Model, Situation, attempts, between};
use crate::core::figure::{Arc, Drawing, Figure, Point, Ring};
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The number of positions of the ring.
const SIZE: i64 = 360;
/// The smallest distance between two points.
const GAP: i64 = 5;
/// The smallest part of the ring that an answer may be about.
const LEAST: i64 = 8;
const NAMES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

pub const HASH_RING: Model = Model {
    name: "hash-ring",
    version: 3,
    summary: "Nodes with tokens on a hash ring of 360 positions, and keys that they own.",
    rules: &[
        "A key belongs to the node whose token is the first at or after the key, and after 359 \
         comes 0.",
        "A preference list begins with the key's node and goes on along the tokens in rising \
         order; it skips nodes that it has, and with zones also zones that it has.",
    ],
    rivals: &[
        "Some systems give a token the range that begins at it; the stem says which range it has.",
        "Some systems fill a list with nodes of used zones; the lists here never need that.",
    ],
    asks: &[
        ask(
            "moved",
            &[Kind::Multiple],
            &["node"],
            "The keys that change their node when a node joins or leaves.",
        ),
        ask(
            "gained",
            &[Kind::Numeric, Kind::Single],
            &["node", "other"],
            "The number of positions that pass from or to another node.",
        ),
        ask(
            "preference",
            &[Kind::Single],
            &["key", "copies"],
            "The nodes that hold the copies of a key, in order.",
        ),
    ],
    bounds: &[
        whole(
            "nodes",
            (3, 6),
            (4, 4),
            "The number of nodes, with the one that joins or leaves.",
        ),
        whole("tokens", (1, 2), (2, 2), "The number of tokens per node."),
        whole("keys", (4, 6), (5, 5), "The number of keys (ask `moved`)."),
        word(
            "change",
            &["join", "leave"],
            "Whether a node joins or leaves.",
        ),
        whole(
            "copies",
            (2, 3),
            (3, 3),
            "The number of copies of a key (ask `preference`).",
        ),
        word(
            "spread",
            &["nodes", "zones"],
            "What the copies must differ in (ask `preference`).",
        ),
    ],
    draw,
};

/// A token and the index of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Token {
    at: i64,
    node: usize,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    attempts(400, random, |random| {
        let tokens = draw_tokens(bounds, random)?;
        match ask {
            "moved" => asks::moved(&tokens, class, bounds, random),
            "gained" => asks::gained(&tokens, bounds, random),
            "preference" => asks::preference(&tokens, class, bounds, random),
            _ => None,
        }
    })
}

/// Draws tokens in rising order; no two neighbouring ones belong to one node.
fn draw_tokens(bounds: &Bounds, random: &mut Stream) -> Option<Vec<Token>> {
    let nodes = bounds.number("nodes", random) as usize;
    let each = bounds.number("tokens", random) as usize;
    let mut owners: Vec<usize> = (0..nodes * each).map(|i| i % nodes).collect();
    random.shuffle(&mut owners);
    let mut tokens: Vec<Token> = Vec::new();
    for node in owners {
        let at = free_position(&tokens, &[], random)?;
        tokens.push(Token { at, node });
    }
    tokens.sort_unstable();
    let apart = |i: usize| tokens[i].node != tokens[(i + 1) % tokens.len()].node;
    (0..tokens.len()).all(apart).then_some(tokens)
}

/// Draws a position that keeps its distance from all tokens and keys.
fn free_position(tokens: &[Token], keys: &[i64], random: &mut Stream) -> Option<i64> {
    attempts(50, random, |random| {
        let at = between(0, SIZE - 1, random);
        let far = |other: i64| (GAP..=SIZE - GAP).contains(&forward(at, other));
        let free = tokens.iter().all(|t| far(t.at)) && keys.iter().all(|&k| far(k));
        free.then_some(at)
    })
}

/// Returns the distance from `from` upwards to `to`.
fn forward(from: i64, to: i64) -> i64 {
    (to - from).rem_euclid(SIZE)
}

/// Returns the index of the first token at or after `key`.
fn successor(tokens: &[Token], key: i64) -> usize {
    tokens.iter().position(|t| t.at >= key).unwrap_or(0)
}

/// Returns the index of the token before the one at `index`.
fn previous(tokens: &[Token], index: usize) -> usize {
    (index + tokens.len() - 1) % tokens.len()
}

/// Returns the index of the token that is nearest to `key` in either direction.
fn nearest(tokens: &[Token], key: i64) -> usize {
    let next = successor(tokens, key);
    let before = previous(tokens, next);
    if forward(key, tokens[next].at) <= forward(tokens[before].at, key) {
        next
    } else {
        before
    }
}

fn name(node: usize) -> &'static str {
    NAMES[node]
}

fn nodes_of(tokens: &[Token]) -> usize {
    tokens.iter().map(|t| t.node + 1).max().unwrap_or(0)
}

/// Returns the sentence that says which token decides about `key`.
fn decides(tokens: &[Token], key: i64) -> String {
    let token = tokens[successor(tokens, key)];
    let wrap = if token.at < key {
        " after passing 0"
    } else {
        ""
    };
    format!(
        "The first token at or after {key} is {} of {}{wrap}.",
        token.at,
        name(token.node)
    )
}

/// Returns the ring with `kind` naming the kind of each token's point.
fn figure(tokens: &[Token], keys: &[(String, i64)], special: Option<(usize, &str)>) -> Figure {
    let token = |t: &Token| Point {
        at: t.at as f64,
        label: name(t.node).into(),
        kind: match special {
            Some((node, kind)) if node == t.node => kind.into(),
            _ => "node".into(),
        },
        strong: false,
    };
    let key = |(label, at): &(String, i64)| Point {
        at: *at as f64,
        label: label.as_str().into(),
        kind: "key".into(),
        strong: false,
    };
    // The kinds of points keep their order and signs in every draw.
    let is_plain = |t: &&Token| special.is_none_or(|(node, _)| node != t.node);
    let (plain, changed): (Vec<&Token>, Vec<&Token>) = tokens.iter().partition(is_plain);
    Figure {
        alt: "A hash ring of 360 positions with the tokens of the nodes and the keys.".into(),
        caption: None,
        drawing: Drawing::Ring(Ring {
            size: SIZE as f64,
            points: plain
                .into_iter()
                .chain(changed)
                .map(token)
                .chain(keys.iter().map(key))
                .collect(),
            arcs: Vec::new(),
        }),
    }
}

fn with_arcs(mut figure: Figure, arcs: Vec<Arc>) -> Figure {
    if let Drawing::Ring(ring) = &mut figure.drawing {
        ring.arcs = arcs;
    }
    figure
}

/// Returns the range of the token at `index`.
fn range(tokens: &[Token], index: usize) -> Arc {
    Arc {
        from: tokens[previous(tokens, index)].at as f64,
        to: tokens[index].at as f64,
        label: name(tokens[index].node).into(),
    }
}

fn scenario(tokens: &[Token], keys: &[(String, i64)]) -> serde_json::Value {
    json!({
        "size": SIZE,
        "owner": "first token at or after the key, wrapping",
        "tokens": tokens.iter().map(|t| json!({"node": name(t.node), "at": t.at})).collect::<Vec<_>>(),
        "keys": keys.iter().map(|(k, at)| json!({"key": k, "at": at})).collect::<Vec<_>>(),
    })
}
