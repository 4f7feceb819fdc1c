//! The loop: messages in, at most one frame out. It sleeps until something happens.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::app::App;
use super::key::Input;
use super::page::Seen;
use crate::app::Watch;
use crate::app::effect::{Effect, News};
use crate::session::meeting::Stage;

/// What reaches the loop from other threads.
#[derive(Debug)]
pub enum Message {
    Input(Input),
    /// What a second window is to show now; nothing while there is no session.
    Stage(Option<Box<Stage>>),
    /// Somebody asks the process to stop for now.
    Suspend,
    /// The process was stopped and goes on.
    Continued,
    /// A signal or a hang-up asks it to end.
    End,
}

/// What came of an effect.
pub enum Done {
    News(Vec<News>),
    /// The look has to be made again from the settings.
    Look(super::page::Look),
    /// The terminal was given away and is ours again: everything has to be drawn anew.
    Suspend,
    Quit,
}

/// Runs the app until it is quit, told to end, or nobody sends messages any more.
///
/// Effects are performed before the next frame, so what a frame shows as
/// answered is stored. `suspend` stops the process and returns when it goes on.
///
/// # Errors
/// Whatever drawing fails with.
pub fn run<B: Backend>(
    app: &mut App,
    terminal: &mut Terminal<B>,
    messages: &Receiver<Message>,
    watch: &Watch,
    mut perform: impl FnMut(Effect) -> Done,
    mut suspend: impl FnMut(),
) -> Result<(), B::Error> {
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
                Some(Message::Stage(stage)) => app.news(now, News::Stage(stage)),
                Some(Message::Suspend) => vec![Effect::Suspend],
                Some(Message::Continued) => {
                    draw_anew(terminal)?;
                    app.tick(now, true)
                }
                Some(Message::End) | None => app.tick(now, false),
            };
            match settle(effects, app, watch, &mut perform) {
                After::GoOn => {}
                After::Quit => return Ok(()),
                After::Suspend => {
                    suspend();
                    draw_anew(terminal)?;
                    settle(app.tick(watch.now(), true), app, watch, &mut perform);
                }
            }
            if end {
                return Ok(());
            }
            match messages.try_recv() {
                Ok(message) => next = Some(message),
                Err(_) => break,
            }
        }
    }
}

/// Lets the next frame be written whole, whatever the terminal shows.
///
/// [`Terminal::clear`] would ask where the cursor is, and the answer would go to the thread that reads the keys.
fn draw_anew<B: Backend>(terminal: &mut Terminal<B>) -> Result<(), B::Error> {
    let area = terminal.size()?.into();
    terminal.resize(area)
}

/// Whether the loop goes on.
#[derive(PartialEq)]
pub enum After {
    GoOn,
    Suspend,
    Quit,
}

/// Performs effects, and what follows from them.
pub fn settle(effects: Vec<Effect>, app: &mut App, watch: &Watch, perform: &mut impl FnMut(Effect) -> Done) -> After {
    let mut waiting: VecDeque<Effect> = effects.into();
    let mut after = After::GoOn;
    while let Some(effect) = waiting.pop_front() {
        match perform(effect) {
            Done::News(news) => {
                for news in news {
                    waiting.extend(app.news(watch.now(), news));
                }
            }
            Done::Look(look) => app.look = look,
            Done::Suspend => after = After::Suspend,
            Done::Quit => return After::Quit,
        }
    }
    after
}
