//! The terminal interface with everything around it: threads, signals, the terminal itself.

use std::ffi::c_int;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP, SIGUSR1,
    SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::look::look;
use super::{Exit, Failed, watch};
use crate::app::Watch;
use crate::app::effect::{Effect, Home, News};
use crate::app::settings::Settings;
use crate::app::settings::ThemeChoice;
use crate::core::id::DeckId;
use crate::core::practice::Drill;
use crate::session::meeting::{MeetingPlan, Stage};
use crate::shell::{Deepening, Folder, Shell, Wanted, Workspace, stage};
use crate::tui::App;
use crate::tui::inbox::Inbox;
use crate::tui::input::Decoded;
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
    Meeting(Box<MeetingPlan>),
}

/// How long a key may wait for another program that has locked the history; what is not saved then is tried again.
const BRIEF: Duration = Duration::from_millis(20);

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
    run(super::workspace(&[])?, Opening::Home)
}

/// Runs the interface until it is left; the terminal is then as it was.
pub fn run(workspace: Workspace, opening: Opening) -> Result<Exit, Failed> {
    let mut shell = Shell::new(workspace);
    let watch = Watch::new();
    let settings = shell.workspace.settings.clone();
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let home = match opening {
        // The first question does not wait for what only the home screen shows.
        Opening::Session(_) | Opening::Deepening(_) | Opening::Practice { .. } | Opening::Meeting(_) => {
            Home { blueprint: Arc::new(shell.workspace.library.outline.blueprint.clone()), ..Home::default() }
        }
        _ => shell.workspace.home(),
    };
    let mut app = App::new(settings.clone(), first_look, home);
    let running = |started| Some(News::Running(Box::new(started)));
    let news = match opening {
        Opening::Home => None,
        Opening::Setup => {
            app.open_setup();
            None
        }
        Opening::Roster => {
            app.open_roster(shell.workspace.roster()?);
            None
        }
        Opening::Session(wanted) => running(shell.start(&wanted).map_err(Failed::usage)?),
        Opening::Deepening(deepening) => running(shell.deepen(&deepening)?),
        Opening::Practice { drill, minutes, decks } => running(shell.practise(&drill, minutes, &decks)?),
        Opening::Agenda(minutes) => Some(News::Practice(Box::new(shell.workspace.agenda(minutes)?))),
        Opening::Meeting(plan) => Some(News::Met(Box::new(shell.meet(&plan).map_err(Failed::usage)?))),
    };
    let first = news.map_or_else(Vec::new, |news| app.news(watch.now(), news));
    shell.workspace.set_patience(BRIEF);
    let inbox = Inbox::default();
    let of_history = inbox.clone();
    watch::watch(shell.workspace.history(), move || of_history.send(Message::FilesChanged));
    let shown = on_screen(app, &settings, watch, &inbox, first, |effect| perform(&mut shell, effect));
    // Also where the terminal is gone.
    let stored = shell.store_rest();
    shown?;
    stored?;
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
    let inbox = Inbox::default();
    let stages = inbox.clone();
    let unable = Arc::new(Mutex::new(None));
    let why = unable.clone();
    thread::Builder::new().name("stage".to_owned()).spawn(move || {
        let tell = |stage: Option<Stage>| stages.send(Message::Stage(stage.map(Box::new)));
        if let Err(error) = stage::follow(folder.path(), tell) {
            if let Ok(mut why) = why.lock() {
                *why = Some(error.to_string());
            }
            stages.send(Message::End);
        }
    })?;
    on_screen(app, &settings, Watch::new(), &inbox, Vec::new(), |effect| match effect {
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
    watch: Watch,
    inbox: &Inbox,
    first: Vec<Effect>,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<(), Failed> {
    watch_signals(inbox.clone(), watch)?;
    let (guard, mut screen) = Guard::enter()?;
    screen.draw(|frame| drop(app.view(frame)))?;
    // Nothing was answered yet: the first question does not wait for the disk.
    settle(first, &mut app, &watch, &mut perform);
    let query = Query::default();
    read_input(inbox.clone(), watch, query.clone())?;
    query.ask(settings, &mut app)?;
    let done = run_loop(&mut app, &mut screen, inbox, &watch, perform);
    query.wait();
    inbox.close();
    drop(guard);
    // The guard has shown the cursor; dropping the screen would say so on a terminal that may be gone, and panic.
    std::mem::forget(screen);
    Ok(done?)
}

/// The query for the background colour. With theme auto the first frame is drawn for a dark background; the reply may
/// come at any time, or never.
#[derive(Clone, Default)]
struct Query(Arc<AtomicBool>);

impl Query {
    /// How long the end of the program waits for the reply, which would otherwise be typed into the shell.
    const PATIENCE: Duration = Duration::from_millis(300);

    fn ask(&self, settings: &Settings, app: &mut App) -> io::Result<()> {
        if settings.theme != ThemeChoice::Auto || app.look.theme.is_mono() {
            return Ok(());
        }
        match terminal::background_by_environment() {
            Some(dark) => {
                app.see_background(dark);
                Ok(())
            }
            None => {
                self.set_waiting(true);
                terminal::ask_for_background()
            }
        }
    }

    fn set_waiting(&self, is_waiting: bool) {
        self.0.store(is_waiting, Ordering::SeqCst);
    }

    /// Waits for the reply where one is on its way.
    fn wait(&self) {
        let until = Instant::now() + Self::PATIENCE;
        while self.0.load(Ordering::SeqCst) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Starts the thread that sleeps in the terminal's read.
fn read_input(inbox: Inbox, watch: Watch, query: Query) -> io::Result<()> {
    let thread = thread::Builder::new().name("input".to_owned());
    thread.spawn(move || {
        terminal::read(watch, |arrived, decoded| {
            inbox.send_all(decoded.into_iter().filter_map(|decoded| match decoded {
                Decoded::Input(input) => Some(Message::Input { arrived, input }),
                Decoded::Background { dark } => Some(Message::Background { dark }),
                Decoded::Attributes => {
                    query.set_waiting(false);
                    None
                }
            }))
        });
        // The terminal is gone, and no reply comes from it.
        query.set_waiting(false);
        inbox.send(Message::End);
    })?;
    Ok(())
}

/// The signals that ask the program to end, or would end it without restoring the terminal. Those that a program cannot
/// return from (SIGSEGV and its like) are not among them.
const ENDS: [c_int; 14] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGABRT,
    SIGTRAP, SIGSYS,
];

/// More of them on Linux: I/O, power, the stack of a coprocessor, and the real-time signals.
#[cfg(target_os = "linux")]
fn more_ends() -> impl Iterator<Item = c_int> {
    [SIGIO, Signal::POWER.as_raw(), Signal::STKFLT.as_raw()].into_iter().chain(34..=64)
}

#[cfg(not(target_os = "linux"))]
fn more_ends() -> impl Iterator<Item = c_int> {
    [SIGIO].into_iter()
}

/// A program that has not ended this long after a signal ends at the next one, with the terminal restored.
const INSISTS: Duration = Duration::from_secs(1);

/// Starts the thread that sleeps until a signal comes.
fn watch_signals(inbox: Inbox, watch: Watch) -> io::Result<()> {
    let mut signals = Signals::new(ENDS)?;
    for signal in [SIGCONT, SIGTSTP, SIGWINCH] {
        signals.add_signal(signal)?;
    }
    for signal in more_ends() {
        // The C library keeps some real-time signals to itself.
        let _ = signals.add_signal(signal);
    }
    let mut asked: Option<Instant> = None;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let message = match signal {
                SIGCONT => Message::Continued,
                SIGTSTP => Message::Suspend,
                SIGWINCH => Message::Input { arrived: watch.now(), input: Input::Resize },
                _ => Message::End,
            };
            if matches!(message, Message::End) {
                if asked.is_some_and(|asked| asked.elapsed() > INSISTS) {
                    terminal::restore();
                    // Where the signal does not end the process by itself, the loop still does.
                    let _ = emulate_default_handler(signal);
                }
                asked = asked.or_else(|| Some(Instant::now()));
            }
            inbox.send(message);
        }
    })?;
    Ok(())
}
