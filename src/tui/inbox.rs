//! The queue between the waiting threads and the main loop.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::key::Input;
use super::run::Message;
use crate::core::time::Millis;

/// The maximum number of waiting inputs: more than a person types ahead, and few enough to be handled in seconds.
const MOST_INPUTS: usize = 1024;
/// The pause in the input after which a flood is over.
const PAUSE: Millis = Millis(200);

/// A queue of messages with any number of sending threads. Inputs wait behind all other messages, and their number is
/// limited, so a flood of text neither delays a signal nor blocks the keyboard.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    sent: Condvar,
}

#[derive(Default)]
struct Queue {
    urgent: VecDeque<Message>,
    inputs: VecDeque<Message>,
    /// True after too many inputs arrived; all inputs are then dropped until there is a pause.
    is_flooded: bool,
    /// The time at which the last input was read.
    last: Millis,
    is_closed: bool,
}

impl Queue {
    fn push(&mut self, message: Message) {
        let Message::Input { arrived, .. } = message else {
            return self.urgent.push_back(message);
        };
        self.is_flooded &= arrived.saturating_sub(self.last) < PAUSE;
        self.last = arrived;
        if self.inputs.len() == MOST_INPUTS {
            self.inputs.clear();
            self.is_flooded = true;
            self.urgent.push_back(Message::Flooded);
        }
        if !self.is_flooded {
            self.inputs.push_back(message);
        }
    }

    fn next(&mut self) -> Option<Message> {
        self.urgent.pop_front().or_else(|| self.inputs.pop_front())
    }
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Every change is complete before anything can panic, so the lock's data is valid.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message; returns `false` if the receiver is closed.
    pub fn send(&self, message: Message) -> bool {
        self.send_all([message])
    }

    /// Sends messages that belong together. A flood of inputs is dropped, and the loop is notified.
    pub fn send_all(&self, messages: impl IntoIterator<Item = Message>) -> bool {
        let mut queue = self.lock();
        messages.into_iter().for_each(|message| queue.push(message));
        self.0.sent.notify_one();
        !queue.is_closed
    }

    /// Drops the waiting inputs, which were meant for another screen.
    pub fn forget_inputs(&self) {
        // A withdrawal refers to the input before it, which was handled.
        self.lock().inputs.retain(|message| {
            matches!(
                message,
                Message::Input {
                    input: Input::EscapeWithdrawn,
                    ..
                }
            )
        });
    }

    /// Drops the waiting inputs and the waiting requests to suspend the process, which is about to be suspended.
    pub fn forget_suspensions(&self) {
        let mut queue = self.lock();
        queue.inputs.clear();
        queue
            .urgent
            .retain(|message| !matches!(message, Message::Suspend));
    }

    /// Returns the next message, if there is one.
    pub fn next(&self) -> Option<Message> {
        self.lock().next()
    }

    /// Waits for the next message, or until the timeout.
    pub fn wait(&self, patience: Option<Duration>) -> Option<Message> {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        let mut queue = self.lock();
        loop {
            if let Some(message) = queue.next() {
                return Some(message);
            }
            queue = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return None,
                Some(left) => self
                    .0
                    .sent
                    .wait_timeout(queue, left)
                    .map_or_else(|poisoned| poisoned.into_inner().0, |it| it.0),
                None => self
                    .0
                    .sent
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Closes the receiver, so that senders get `false`.
    pub fn close(&self) {
        self.lock().is_closed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::{Code, Key};

    #[test]
    fn a_flood_is_dropped_and_a_signal_overtakes_it() {
        let inbox = Inbox::default();
        let input = Input::Key(Key::plain(Code::Char('a')));
        for _ in 0..5 * MOST_INPUTS {
            assert!(inbox.send(Message::Input {
                arrived: Millis::ZERO,
                input: input.clone()
            }));
        }
        inbox.send(Message::End);
        assert!(
            matches!(inbox.next(), Some(Message::Flooded)),
            "the loss is told once"
        );
        assert!(matches!(inbox.next(), Some(Message::End)));
        assert!(inbox.next().is_none(), "a flood is no input");
        inbox.send(Message::Input {
            arrived: PAUSE,
            input,
        });
        assert!(
            matches!(inbox.next(), Some(Message::Input { .. })),
            "the keyboard works again after a pause"
        );
        assert!(inbox.wait(Some(Duration::from_millis(1))).is_none());
        inbox.close();
        assert!(!inbox.send(Message::End));
    }
}
