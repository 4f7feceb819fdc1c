//! The loop: messages in, at most one frame out. It sleeps until something happens.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::app::App;
use super::effect::{Effect, News};
use super::key::Input;
use super::page::Seen;
use crate::core::time::Millis;

/// What reaches the loop from other threads.
#[derive(Debug)]
pub enum Message {
    Input(Input),
    /// The process was stopped and goes on.
    Continued,
    /// A signal or a hang-up asks it to end.
    End,
}

/// What the shell made of an effect.
pub enum Done {
    News(Vec<News>),
    /// The look has to be made again from the settings.
    Look(super::page::Look),
    Quit,
}

/// A monotonic clock that starts with the program.
pub struct Watch(Instant);

impl Watch {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(Instant::now())
    }

    pub fn now(&self) -> Millis {
        Millis(u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

/// Runs the app until it is quit, told to end, or nobody sends messages any more.
///
/// Effects are performed before the next frame, so what a frame shows as
/// answered is stored.
///
/// # Errors
/// Whatever drawing fails with.
pub fn run<B: Backend>(
    app: &mut App,
    terminal: &mut Terminal<B>,
    messages: &Receiver<Message>,
    watch: &Watch,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<(), B::Error>
where
    B::Error: From<io::Error>,
{
    let mut seen = Seen::default();
    loop {
        terminal.draw(|frame| seen = app.view(frame))?;
        let mut next = match app.next_wake(watch.now()) {
            Some(wake) => match messages.recv_timeout(Duration::from_millis(wake.less(watch.now()).0)) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            },
            None => match messages.recv() {
                Ok(message) => Some(message),
                Err(_) => return Ok(()),
            },
        };
        loop {
            let now = watch.now();
            let end = matches!(next, Some(Message::End));
            let effects = match next {
                Some(Message::Input(input)) => {
                    if matches!(input, Input::Click { .. } | Input::Drag { .. }) {
                        // A click means what is on the screen, so the screen has to be up to date.
                        terminal.draw(|frame| seen = app.view(frame))?;
                    }
                    app.input(now, input, &seen)
                }
                Some(Message::Continued) => app.tick(now, true),
                Some(Message::End) | None => app.tick(now, false),
            };
            if settle(effects, app, watch, &mut perform) || end {
                return Ok(());
            }
            match messages.try_recv() {
                Ok(message) => next = Some(message),
                Err(_) => break,
            }
        }
    }
}

/// Performs effects and what follows from them; `true` to quit.
fn settle(effects: Vec<Effect>, app: &mut App, watch: &Watch, perform: &mut impl FnMut(Effect) -> Done) -> bool {
    let mut waiting: std::collections::VecDeque<Effect> = effects.into();
    while let Some(effect) = waiting.pop_front() {
        match perform(effect) {
            Done::News(news) => {
                for news in news {
                    waiting.extend(app.news(watch.now(), news));
                }
            }
            Done::Look(look) => app.set_look(look),
            Done::Quit => return true,
        }
    }
    false
}
