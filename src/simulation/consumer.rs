//! Consumers of a log or a queue: offsets, crashes and visibility timeouts.

mod log;
mod queue;
#[cfg(test)]
mod tests;

use super::construct::{ask, whole, word};
use super::{Bounds, Model, Situation, flag};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const MODEL: Model = Model {
    name: "consumer",
    version: 3,
    summary: "A consumer of a log crashes between its commits, or a worker of a queue is slow.",
    rules: &[
        "Log: the committed offset is the next one to read, and a restarted consumer reads from it.",
        "Log: a crash while a message is handled leaves no effect of that message; a crash after \
         a message comes after its effect and before the next commit.",
        "Log: after a rebalance the old owner can't commit; it stops at once or finishes its \
         batch, as stated.",
        "Log: the consumer reads batches, and the last one may be smaller.",
        "Queue: the visibility timeout of all messages of a batch starts when the batch is \
         received.",
        "Queue: one worker handles a batch in order, deletes each message when it is done, and \
         receives the next batch when the batch is done.",
        "Queue: a message that isn't deleted when its timeout ends is delivered again; the worker \
         doesn't notice. A delete at exactly that time is in time.",
    ],
    rivals: &["The timeout of each message starts when the worker begins with it."],
    asks: &[
        ask(
            "affected",
            &[Kind::Single],
            &[],
            "Which messages are not handled exactly once?",
        ),
        ask(
            "restart",
            &[Kind::Numeric],
            &[],
            "The offset of the first message after the restart.",
        ),
        ask(
            "again",
            &[Kind::Multiple],
            &["count", "timeout"],
            "Which messages are delivered again?",
        ),
        ask(
            "timeout",
            &[Kind::Numeric, Kind::Single],
            &[],
            "The smallest visibility timeout without repeated deliveries.",
        ),
    ],
    bounds: &[
        whole(
            "messages",
            (8, 16),
            (10, 10),
            "The number of messages in the log.",
        ),
        whole(
            "incidents",
            (1, 2),
            (1, 1),
            "The number of crashes and rebalances.",
        ),
        flag(
            "rebalance",
            false,
            "Whether the last incident may be a rebalance.",
        ),
        word(
            "commit",
            &["any", "batch", "every"],
            "Around batches, or after every few messages.",
        ),
    ],
    draw,
};

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "affected" => log::affected(bounds, random),
        "restart" => log::restart(bounds, random),
        "again" => queue::again(random),
        _ => queue::timeout(random),
    }
}
