//! The main loop: it handles messages and draws at most one frame after each. It blocks until something happens.

use std::collections::VecDeque;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::app::App;
use super::inbox::Inbox;
use super::key::Input;
use super::page::Rendered;
use super::terminal;
use crate::app::Watch;
use crate::app::effect::{Effect, News};
use crate::app::key::{Code, Key};
use crate::core::time::Millis;
use crate::session::meeting::Stage;

/// A message to the loop from another thread.
#[derive(Debug)]
pub enum Message {
    /// An input, and the time at which it was read.
    Input { arrived: Millis, input: Input },
    /// Inputs were dropped because too many came at once.
    Flooded,
    /// The terminal reported its background.
    Background { dark: bool },
    /// The stage for a second window; `None` while there is no session.
    Stage(Option<Box<Stage>>),
    /// News from another thread.
    News(Box<News>),
    /// A file in the folder of the history changed.
    FilesChanged,
    /// A signal asks the process to suspend itself.
    Suspend,
    /// The process was stopped and continues.
    Continued,
    /// A signal or a hang-up asks the process to end.
    End,
}

/// The result of an effect.
pub enum Done {
    News(Vec<News>),
    /// The appearance changed with the settings.
    Look(super::page::Look),
    /// The process was suspended and has the terminal again, so everything must be redrawn.
    Suspend,
    Quit,
}

/// The maximum interval between frames while inputs keep arriving.
const FRAME: Millis = Millis(50);

/// Ctrl+L redraws the whole screen, as in most programs of a terminal.
const REDRAW: Input = Input::Key(Key {
    ctrl: true,
    ..Key::plain(Code::Char('l'))
});

/// Runs the app until it quits or is told to end.
///
/// Effects are performed before the next frame, so an answer that a frame shows is already stored.
///
/// # Errors
/// An error while drawing.
pub fn run<B: Backend>(
    app: &mut App,
    screen: &mut Terminal<B>,
    inbox: &Inbox,
    watch: &Watch,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<(), B::Error> {
    let mut seen = Rendered::default();
    loop {
        screen.draw(|frame| seen = app.view(frame))?;
        let drawn = watch.now();
        let patience = app
            .next_wake(drawn)
            .map(|wake| Duration::from_millis(wake.saturating_sub(watch.now()).0));
        let mut next = inbox.wait(patience);
        loop {
            if let Some(Message::Continued) = next {
                terminal::set_up_again();
                draw_anew(screen)?;
            }
            if let Some(Message::Input { input, .. }) = &next
                && *input == REDRAW
            {
                draw_anew(screen)?;
            }
            if let Some(Message::Input { input, .. }) = &next
                && refers_to_screen(input)
            {
                screen.draw(|frame| seen = app.view(frame))?;
            }
            let end = matches!(next, Some(Message::End));
            let checks = if end { None } else { Some(Effect::CheckDay) };
            let effects = checks
                .into_iter()
                .chain(take(next, app, watch.now(), &seen))
                .collect();
            match settle(effects, app, watch, &mut perform) {
                After::GoOn => {}
                After::Quit => return Ok(()),
                // The terminal is taken back when the `Continued` message arrives.
                After::Suspend => {
                    // Several ^Z in a row stop the process once.
                    inbox.forget_suspensions();
                    terminal::stop_for_now();
                }
            }
            if end {
                return Ok(());
            }
            if app.has_opened_dialog() {
                // Input that was typed before the screen was readable was not meant for it.
                inbox.forget_inputs();
            }
            if watch.now().saturating_sub(drawn) > FRAME {
                break;
            }
            match inbox.next() {
                Some(message) => next = Some(message),
                None => break,
            }
        }
    }
}

/// Returns true if an input refers to the current screen, which must then be up to date: a click, or a digit, which
/// rates only what is shown.
fn refers_to_screen(input: &Input) -> bool {
    match input {
        Input::Click { .. } | Input::Drag { .. } => true,
        Input::Key(key) => key.typed().is_some_and(|c| c.is_ascii_digit()),
        Input::Wheel { .. } | Input::Paste(_) | Input::Resize | Input::EscapeWithdrawn => false,
    }
}

/// Passes a message to the app; `None` means that only time has passed.
fn take(message: Option<Message>, app: &mut App, now: Millis, seen: &Rendered) -> Vec<Effect> {
    match message {
        Some(Message::Input { arrived, input }) => app.input(now, arrived, input, seen),
        Some(Message::Stage(stage)) => app.news(now, News::Stage(stage)),
        Some(Message::News(news)) => app.news(now, *news),
        Some(Message::Background { dark }) => {
            app.see_background(dark);
            Vec::new()
        }
        Some(Message::Flooded) => {
            let words = "too much input at once; it was ignored";
            app.news(now, News::Told(words.to_owned()))
        }
        Some(Message::FilesChanged) => vec![Effect::CheckHistory],
        Some(Message::Suspend) => vec![Effect::Suspend],
        Some(Message::Continued) => app.tick(now, true),
        Some(Message::End) | None => app.tick(now, false),
    }
}

/// Makes the next frame redraw the whole screen.
///
/// [`Terminal::clear`] would query the cursor position, and the reply would go to the thread that reads the input.
fn draw_anew<B: Backend>(screen: &mut Terminal<B>) -> Result<(), B::Error> {
    let area = screen.size()?.into();
    screen.resize(area)
}

/// Whether the loop continues.
#[derive(PartialEq)]
pub enum After {
    GoOn,
    Suspend,
    Quit,
}

/// Performs effects, and the effects that result from them.
pub fn settle(
    effects: Vec<Effect>,
    app: &mut App,
    watch: &Watch,
    perform: &mut impl FnMut(Effect) -> Done,
) -> After {
    let mut waiting: VecDeque<Effect> = effects.into();
    let mut after = After::GoOn;
    while let Some(effect) = waiting.pop_front() {
        match perform(effect) {
            Done::News(news) => {
                for news in news {
                    waiting.extend(app.news(watch.now(), news));
                }
            }
            Done::Look(look) => app.set_look(look),
            Done::Suspend => after = After::Suspend,
            Done::Quit => return After::Quit,
        }
    }
    after
}
