//! The loop: messages in, at most one frame out. It sleeps until something happens.

use std::collections::VecDeque;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::app::App;
use super::inbox::Inbox;
use super::key::Input;
use super::page::Seen;
use super::terminal;
use crate::app::Watch;
use crate::app::effect::{Effect, News};
use crate::core::time::Millis;
use crate::session::meeting::Stage;

/// What reaches the loop from other threads.
#[derive(Debug)]
pub enum Message {
    /// What a person did, and when it was read.
    Input { arrived: Millis, input: Input },
    /// Inputs were dropped because too many came at once.
    Flooded,
    /// The terminal says what its background is.
    Background { dark: bool },
    /// What a second window is to show now; nothing while there is no session.
    Stage(Option<Box<Stage>>),
    /// Something was changed in the folder of the history.
    FilesChanged,
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

/// A frame is drawn at least this often while inputs keep coming.
const FRAME: Millis = Millis(50);

/// Runs the app until it is quit or told to end.
///
/// Effects are performed before the next frame, so what a frame shows as
/// answered is stored.
///
/// # Errors
/// Whatever drawing fails with.
pub fn run<B: Backend>(
    app: &mut App,
    screen: &mut Terminal<B>,
    inbox: &Inbox,
    watch: &Watch,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<(), B::Error> {
    let mut seen = Seen::default();
    loop {
        screen.draw(|frame| seen = app.view(frame))?;
        let drawn = watch.now();
        let patience = app.next_wake(drawn).map(|wake| Duration::from_millis(wake.less(watch.now()).0));
        let mut next = inbox.wait(patience);
        loop {
            if let Some(Message::Continued) = next {
                terminal::take_back();
                draw_anew(screen)?;
            }
            if let Some(Message::Input { input, .. }) = &next
                && refers_to_screen(input)
            {
                screen.draw(|frame| seen = app.view(frame))?;
            }
            let end = matches!(next, Some(Message::End));
            match settle(take(next, app, watch.now(), &seen), app, watch, &mut perform) {
                After::GoOn => {}
                After::Quit => return Ok(()),
                // The message that the process goes on takes the terminal back.
                After::Suspend => terminal::stop_for_now(),
            }
            if end {
                return Ok(());
            }
            if app.has_opened_dialog() {
                // What was typed before it could be read was not meant for it.
                inbox.forget_inputs();
            }
            if watch.now().less(drawn) > FRAME {
                break;
            }
            match inbox.next() {
                Some(message) => next = Some(message),
                None => break,
            }
        }
    }
}

/// Returns whether an input means what is on the screen, which then has to be up to date: a click, or a digit, which
/// rates only what is shown.
fn refers_to_screen(input: &Input) -> bool {
    match input {
        Input::Click { .. } | Input::Drag { .. } => true,
        Input::Key(key) => key.typed().is_some_and(|c| c.is_ascii_digit()),
        Input::Wheel { .. } | Input::Paste(_) | Input::Resize => false,
    }
}

/// Hands a message to the app; no message means that only time went by.
fn take(message: Option<Message>, app: &mut App, now: Millis, seen: &Seen) -> Vec<Effect> {
    match message {
        Some(Message::Input { arrived, input }) => app.input(now, arrived, input, seen),
        Some(Message::Stage(stage)) => app.news(now, News::Stage(stage)),
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

/// Lets the next frame be written whole, whatever the terminal shows.
///
/// [`Terminal::clear`] would ask where the cursor is, and the reply would go to the thread that reads the input.
fn draw_anew<B: Backend>(screen: &mut Terminal<B>) -> Result<(), B::Error> {
    let area = screen.size()?.into();
    screen.resize(area)
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
            Done::Look(look) => app.set_look(look),
            Done::Suspend => after = After::Suspend,
            Done::Quit => return After::Quit,
        }
    }
    after
}
