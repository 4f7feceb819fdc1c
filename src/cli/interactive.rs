//! The terminal interface with everything around it: threads, signals, the terminal itself.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};

use super::look::look;
use super::{Exit, Failed};
use crate::app::Watch;
use crate::app::effect::{Effect, Home, News};
use crate::app::key::{Code, Key};
use crate::app::settings::Settings;
use crate::app::settings::ThemeChoice;
use crate::core::id::DeckId;
use crate::core::practice::Drill;
use crate::session::meeting::{Plan, Stage};
use crate::shell::{Deepening, Folder, Shell, Wanted, stage};
use crate::tui::App;
use crate::tui::key::Input;
use crate::tui::run::{Done, Message, run as run_loop, settle};
use crate::tui::terminal::{self, Guard};

/// What stands on the screen first.
pub enum Opening {
    Home,
    Setup,
    Roster,
    Session(Box<Wanted>),
    Deepening(Box<Deepening>),
    /// What there is to practise in so many minutes.
    Agenda(u32),
    Practice {
        drill: Drill,
        minutes: u32,
        decks: Vec<DeckId>,
    },
    Meeting(Box<Plan>),
}

/// The screen can be used: both ends are a terminal that can move its cursor.
pub fn is_possible() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

pub fn home() -> Result<Exit, Failed> {
    if !is_possible() {
        let words =
            "this is no terminal to draw on: `aethos assess --plain` asks in lines, `aethos --help` lists the rest";
        return Err(Failed::Usage(words.to_owned()));
    }
    run(super::shell(&[])?, Opening::Home)
}

/// Runs the interface until it is left; the terminal is then as it was.
pub fn run(mut shell: Shell, opening: Opening) -> Result<Exit, Failed> {
    let watch = Watch::new();
    let settings = shell.settings.clone();
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let home = match opening {
        // The first question does not wait for what only the home screen shows.
        Opening::Session(_) | Opening::Deepening(_) | Opening::Practice { .. } | Opening::Meeting(_) => {
            Home { blueprint: Arc::new(shell.library.outline.blueprint.clone()), ..Home::default() }
        }
        _ => shell.home(),
    };
    let mut app = App::new(settings.clone(), first_look, home);
    let mut first = Vec::new();
    match opening {
        Opening::Home => {}
        Opening::Setup => app.open_setup(),
        Opening::Roster => {
            app.open_roster(shell.roster().map_err(|refused| Failed::Refused(refused.to_string()))?);
        }
        Opening::Session(wanted) => {
            let started = shell.start(&wanted).map_err(|refused| Failed::Usage(refused.to_string()))?;
            first = app.news(watch.now(), News::Running(Box::new(started)));
        }
        Opening::Deepening(deepening) => {
            let started = shell.deepen(&deepening).map_err(|refused| Failed::Refused(refused.to_string()))?;
            first = app.news(watch.now(), News::Running(Box::new(started)));
        }
        Opening::Agenda(minutes) => {
            let agenda = shell.agenda(minutes).map_err(|refused| Failed::Refused(refused.to_string()))?;
            first = app.news(watch.now(), News::Practice(Box::new(agenda)));
        }
        Opening::Practice { drill, minutes, decks } => {
            let started = shell.practise(&drill, minutes, &decks);
            let started = started.map_err(|refused| Failed::Refused(refused.to_string()))?;
            first = app.news(watch.now(), News::Running(Box::new(started)));
        }
        Opening::Meeting(plan) => {
            let met = shell.meet(&plan).map_err(|refused| Failed::Usage(refused.to_string()))?;
            first = app.news(watch.now(), News::Met(Box::new(met)));
        }
    }
    let (to_loop, messages) = channel();
    let shown = on_screen(app, &settings, &watch, (to_loop, messages), first, |effect| perform(&mut shell, effect));
    // Also where the terminal is gone.
    let stored = shell.store_rest();
    shown?;
    stored.map_err(Failed::Refused)?;
    Ok(Exit::Fine)
}

/// Performs an effect: what concerns the terminal here, everything else in the shell.
fn perform(shell: &mut Shell, effect: Effect) -> Done {
    let look = match &effect {
        Effect::Suspend => return Done::Suspend,
        Effect::Quit => return Done::Quit,
        Effect::Keep(settings) => match look(settings, None) {
            Ok(look) => Some(look),
            Err(bad) => return Done::News(vec![News::Told(bad.to_string())]),
        },
        _ => None,
    };
    let news = shell.perform(effect);
    match look {
        Some(look) if news.is_empty() => Done::Look(look),
        _ => Done::News(news),
    }
}

/// A second window: it shows the stage of the session that runs in another one, and nothing else.
pub fn window() -> Result<Exit, Failed> {
    if !is_possible() {
        return Err(Failed::Usage("the stage is drawn on a terminal, and this is none".to_owned()));
    }
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let app = App::window(settings.clone(), first_look, Home::default());
    let (to_loop, messages) = channel();
    let stages = to_loop.clone();
    let unable = Arc::new(Mutex::new(None));
    let why = unable.clone();
    thread::spawn(move || {
        let tell = |stage: Option<Stage>| stages.send(Message::Stage(stage.map(Box::new))).is_ok();
        if let Err(error) = stage::follow(folder.path(), tell) {
            if let Ok(mut why) = why.lock() {
                *why = Some(error.to_string());
            }
            let _ = stages.send(Message::End);
        }
    });
    on_screen(app, &settings, &Watch::new(), (to_loop, messages), Vec::new(), |effect| match effect {
        Effect::Suspend => Done::Suspend,
        Effect::Quit => Done::Quit,
        _ => Done::News(Vec::new()),
    })?;
    let unable = unable.lock().ok().and_then(|mut why| why.take());
    unable.map_or(Ok(Exit::Fine), |why| Err(Failed::Refused(why)))
}

/// Takes the terminal, runs the app until it is left, and gives the terminal back as it was.
fn on_screen(
    mut app: App,
    settings: &Settings,
    watch: &Watch,
    (to_loop, messages): (Sender<Message>, Receiver<Message>),
    first: Vec<Effect>,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<(), Failed> {
    watch_signals(to_loop.clone())?;
    let (guard, mut screen) = Guard::enter()?;
    screen.draw(|frame| drop(app.view(frame)))?;
    // Nothing was answered yet: the first question does not wait for the disk.
    settle(first, &mut app, watch, &mut perform);
    for typed in ask_for_background(settings, &mut app) {
        // The receiver lives as long as this function.
        let _ = to_loop.send(Message::Input(typed));
    }
    watch_terminal(to_loop.clone());
    read_input(to_loop);
    let done = run_loop(&mut app, &mut screen, &messages, watch, perform, terminal::stop_for_now);
    drop(guard);
    // The guard has shown the cursor; dropping the screen would say so on a terminal that may be gone, and panic.
    std::mem::forget(screen);
    Ok(done?)
}

/// With theme auto the first frame is drawn for a dark background; a light one
/// is known a moment later. Returns the keys that were pressed in between.
fn ask_for_background(settings: &Settings, app: &mut App) -> Vec<Input> {
    if settings.theme != ThemeChoice::Auto || app.look.theme.is_mono() {
        return Vec::new();
    }
    let (dark, typed) = terminal::background_is_dark();
    if let Some(dark) = dark {
        app.look.theme = app.look.theme.on(dark);
    }
    keys_of(&typed).into_iter().map(Input::Key).collect()
}

/// The keys that terminal input means: characters, and the sequences of the keys that move.
fn keys_of(mut bytes: &[u8]) -> Vec<Key> {
    let mut keys = Vec::new();
    while let Some((first, rest)) = bytes.split_first() {
        let (code, rest) = match (first, rest) {
            (0x1b, [b'[' | b'O', last, rest @ ..]) => (moving(*last), rest),
            (0x1b, rest) => (Some(Code::Esc), rest),
            (b'\r', rest) => (Some(Code::Enter), rest),
            (b'\t', rest) => (Some(Code::Tab), rest),
            (0x7f, rest) => (Some(Code::Backspace), rest),
            (b' '..=b'~', rest) => (Some(Code::Char(char::from(*first))), rest),
            (_, rest) => (None, rest),
        };
        match (first, code) {
            (3, _) => keys.push(Key { ctrl: true, ..Key::plain(Code::Char('c')) }),
            (_, Some(code)) => keys.push(Key::plain(code)),
            (_, None) => {}
        }
        bytes = rest;
    }
    keys
}

/// The key of a sequence that ends with this byte; longer sequences are passed over.
fn moving(last: u8) -> Option<Code> {
    match last {
        b'A' => Some(Code::Up),
        b'B' => Some(Code::Down),
        b'C' => Some(Code::Right),
        b'D' => Some(Code::Left),
        b'H' => Some(Code::Home),
        b'F' => Some(Code::End),
        _ => None,
    }
}

/// A thread that sleeps in the terminal's read.
fn read_input(to_loop: Sender<Message>) {
    thread::spawn(move || {
        loop {
            let message = match crossterm::event::read() {
                Ok(event) => match Input::from_terminal(event) {
                    Some(input) => Message::Input(input),
                    None => continue,
                },
                // The terminal is gone.
                Err(_) => Message::End,
            };
            let over = matches!(message, Message::End);
            if to_loop.send(message).is_err() || over {
                return;
            }
        }
    });
}

/// A thread that sleeps until the terminal is gone.
fn watch_terminal(to_loop: Sender<Message>) {
    thread::spawn(move || {
        if terminal::hung_up() {
            // Where nobody receives any more the program is ending already.
            let _ = to_loop.send(Message::End);
        }
    });
}

/// A thread that sleeps until a signal comes.
fn watch_signals(to_loop: Sender<Message>) -> Result<(), Failed> {
    let mut signals =
        signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGTSTP, SIGWINCH])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let message = match signal {
                SIGCONT => {
                    terminal::take_back();
                    Message::Continued
                }
                SIGTSTP => Message::Suspend,
                // The reader of keys tells of this as well, but not before its first read.
                SIGWINCH => Message::Input(Input::Resize),
                _ => Message::End,
            };
            if to_loop.send(message).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_pressed_while_the_terminal_is_asked_are_not_lost() {
        let codes: Vec<Code> = keys_of(b"\x1b[B\x1b[B\ra\x1bOA\x1b").into_iter().map(|key| key.code).collect();
        let expected = [Code::Down, Code::Down, Code::Enter, Code::Char('a'), Code::Up, Code::Esc];
        assert_eq!(codes, expected);
        assert_eq!(keys_of(&[3]), [Key { ctrl: true, ..Key::plain(Code::Char('c')) }]);
    }
}
