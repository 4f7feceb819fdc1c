//! The environment of the terminal interface: threads, signals and the terminal itself.

use std::ffi::c_int;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal as Fault};
use rustix::process::Signal;
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP,
    SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::look::look;
use super::{Exit, Failed, watch};
use crate::app::Watch;
use crate::app::effect::{Effect, Home, News, Started};
use crate::app::settings::Settings;
use crate::app::settings::ThemeChoice;
use crate::core::id::DeckId;
use crate::core::id::SessionId;
use crate::core::practice::Drill;
use crate::session::meeting::{MeetingPlan, RoomFrame, RoomPlace, Stage};
use crate::shell::room::{Connection, Invitation, attend};
use crate::shell::{Deepening, Folder, Shell, StartRequest, Workspace, stage};
use crate::tui::App;
use crate::tui::inbox::Inbox;
use crate::tui::input::Decoded;
use crate::tui::key::Input;
use crate::tui::run::{Done, Message, run as run_loop, settle};
use crate::tui::terminal::{self, Guard};

/// The screen that is shown first.
pub enum Opening {
    Home,
    Setup,
    Roster,
    Session(Box<StartRequest>),
    Deepening(Box<Deepening>),
    /// What there is to practise in the given number of minutes.
    Agenda(u32),
    Practice {
        drill: Drill,
        minutes: u32,
        decks: Vec<DeckId>,
    },
    Meeting {
        plan: Box<MeetingPlan>,
        /// Where it is open for others, if it is.
        room: Option<RoomPlace>,
        /// A summary of the levels drawn, such as "questions for juniors: 5 junior, 3 mid".
        levels: String,
    },
    Resume(SessionId),
    /// A homework, which was started by the caller.
    Homework(Box<Started>),
}

impl Opening {
    /// Returns true if a session is shown instead of the home screen.
    fn is_session(&self) -> bool {
        match self {
            Opening::Session(_)
            | Opening::Deepening(_)
            | Opening::Practice { .. }
            | Opening::Meeting { .. }
            | Opening::Homework(_)
            | Opening::Resume(_) => true,
            Opening::Home | Opening::Setup | Opening::Roster | Opening::Agenda(_) => false,
        }
    }
}

/// How long a key press may wait for another program that has locked the history. What is not saved by then is retried
/// later.
const BRIEF: Duration = Duration::from_millis(20);

/// Returns true if stdin and stdout are a terminal that can move its cursor.
pub fn is_possible() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

pub fn home() -> Result<Exit, Failed> {
    if !is_possible() {
        let words = "stdout is not a terminal: `aethos assess --plain` asks in lines, `aethos \
                     --help` lists the other commands";
        return Err(Failed::Usage(words.to_owned()));
    }
    run(super::workspace(&[])?, Opening::Home)
}

/// Runs the interface until the user leaves it, and then restores the terminal.
pub fn run(workspace: Workspace, opening: Opening) -> Result<Exit, Failed> {
    run_with(Shell::new(workspace), opening)
}

/// Does the same as [`run`] for a shell that has a session already.
pub fn run_with(mut shell: Shell, opening: Opening) -> Result<Exit, Failed> {
    watch_faults()?;
    let watch = Watch::new();
    let settings = shell.workspace.settings.clone();
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let home = match opening.is_session() {
        // Opening a session skips the data of the home screen, so that the first question appears sooner.
        true => Home {
            blueprint: Arc::new(shell.workspace.library.outline.blueprint.clone()),
            ..Home::default()
        },
        false => {
            let home = shell.workspace.home();
            // A history that can't be written tells it again at the next start.
            let _ = shell.workspace.record_told();
            home
        }
    };
    let mut app = App::new(settings.clone(), first_look, home);
    let opens = match &opening {
        Opening::Meeting { room, .. } => room.clone().map(Effect::OpenRoom),
        _ => None,
    };
    let news = open(opening, &mut app, &mut shell)?;
    let mut first = Vec::new();
    for news in news {
        first.extend(app.news(watch.now(), news));
    }
    first.extend(opens);
    shell.workspace.set_patience(BRIEF);
    let inbox = Inbox::default();
    let of_room = inbox.clone();
    shell.listen_to_room(move |news| of_room.send(Message::News(Box::new(News::Room(news)))));
    let of_history = inbox.clone();
    watch::watch(shell.workspace.history(), move || {
        of_history.send(Message::FilesChanged)
    });
    let shown = on_screen(app, &settings, watch, &inbox, first, |effect| {
        perform(&mut shell, effect)
    });
    // This also runs if the terminal is gone.
    let stored = shell.store_rest();
    let exit = shown?;
    stored?;
    Ok(exit)
}

/// Opens a screen above the home screen, or returns the messages that open one.
fn open(opening: Opening, app: &mut App, shell: &mut Shell) -> Result<Vec<News>, Failed> {
    let running = |started| vec![News::Running(Box::new(started))];
    Ok(match opening {
        Opening::Home => Vec::new(),
        Opening::Setup => {
            app.open_setup();
            Vec::new()
        }
        Opening::Roster => {
            app.open_roster(shell.workspace.roster()?);
            Vec::new()
        }
        Opening::Session(wanted) => running(shell.start(&wanted).map_err(Failed::to_begin)?),
        Opening::Deepening(deepening) => running(shell.deepen(&deepening)?),
        Opening::Practice {
            drill,
            minutes,
            decks,
        } => running(shell.practise(&drill, minutes, &decks)?),
        Opening::Agenda(minutes) => {
            vec![News::Practice(Box::new(shell.workspace.agenda(minutes)?))]
        }
        Opening::Homework(started) => {
            let id = started.id.clone();
            shell.with_drafts(&id, |_| Ok(running(*started)))?
        }
        Opening::Resume(id) => shell.with_drafts(&id, |shell| shell.resume_any(&id))?,
        Opening::Meeting { plan, levels, .. } => {
            let met = shell.meet(&plan).map_err(Failed::to_begin)?;
            let told = met.notice.is_none().then_some(News::Told(levels));
            let mut news = vec![News::Met(Box::new(met))];
            news.extend(told);
            news
        }
    })
}

/// Performs an effect: terminal effects here, everything else in the shell.
fn perform(shell: &mut Shell, effect: Effect) -> Done {
    let look = match &effect {
        Effect::Suspend => return Done::Suspend,
        Effect::Quit => return Done::Quit,
        Effect::ToClipboard { text, what } => {
            return Done::News(vec![News::Told(terminal::copy(text, what))]);
        }
        Effect::SaveSettings(settings) => {
            // If the terminal is gone, the reading thread notices it.
            let _ = terminal::use_mouse(settings.mouse);
            match look(settings, None) {
                Ok(look) => Some(look),
                Err(bad) => return Done::News(vec![News::Told(bad.to_string())]),
            }
        }
        _ => None,
    };
    let news = shell.perform(effect);
    match look {
        Some(look) if news.is_empty() => Done::Look(look),
        _ => Done::News(news),
    }
}

/// Runs a second window, which only shows the stage of the session in another window.
pub fn window() -> Result<Exit, Failed> {
    if !is_possible() {
        return Err(Failed::Usage(
            "stdout is not a terminal: the stage needs one".to_owned(),
        ));
    }
    watch_faults()?;
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let app = App::window(settings.clone(), first_look, Home::default());
    let inbox = Inbox::default();
    let stages = inbox.clone();
    let unable = Arc::new(Mutex::new(None));
    let why = unable.clone();
    spawn("stage", move || {
        let tell = |stage: Option<Stage>| stages.send(Message::Stage(stage.map(Box::new)));
        if let Err(error) = stage::follow(folder.path(), tell) {
            if let Ok(mut why) = why.lock() {
                *why = Some(error.to_string());
            }
            stages.send(Message::End);
        }
    })?;
    let exit = on_screen(
        app,
        &settings,
        Watch::new(),
        &inbox,
        Vec::new(),
        |effect| match effect {
            Effect::Suspend => Done::Suspend,
            Effect::Quit => Done::Quit,
            Effect::SaveSettings(settings) => {
                // Only for this window; if the terminal is gone, the reading thread notices it.
                let _ = terminal::use_mouse(settings.mouse);
                Done::News(Vec::new())
            }
            _ => Done::News(Vec::new()),
        },
    )?;
    let unable = unable.lock().ok().and_then(|mut why| why.take());
    unable.map_or(Ok(exit), |why| Err(Failed::Refused(why)))
}

/// Joins a session of a mentor on this machine, until the user leaves it.
pub fn join(invitation: Invitation) -> Result<Exit, Failed> {
    if !is_possible() {
        return Err(Failed::Usage(
            "stdout is not a terminal: joining needs one; with ssh, use `ssh -t`".to_owned(),
        ));
    }
    watch_faults()?;
    let settings = Folder::find()?.settings()?;
    let first_look = look(&settings, None).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let app = App::joined(settings.clone(), first_look, Home::default());
    let inbox = Inbox::default();
    let frames = inbox.clone();
    let unable = Arc::new(Mutex::new(None));
    let why = unable.clone();
    let connection = Connection::default();
    let messages = connection.clone();
    spawn("room", move || {
        let tell = |frame: Option<RoomFrame>| {
            let news = News::Joined(frame.map(Box::new));
            frames.send(Message::News(Box::new(news)))
        };
        if let Err(error) = attend(&invitation, &connection, tell) {
            if let Ok(mut why) = why.lock() {
                *why = Some(error.to_string());
            }
            frames.send(Message::End);
        }
    })?;
    let watch = Watch::new();
    let perform = |effect| match effect {
        Effect::Suspend => Done::Suspend,
        Effect::Quit => Done::Quit,
        Effect::ToMentor(message) if !messages.send(&message) => {
            let words = "not sent yet: there is no connection";
            Done::News(vec![News::Told(words.to_owned())])
        }
        _ => Done::News(Vec::new()),
    };
    let exit = on_screen(app, &settings, watch, &inbox, Vec::new(), perform)?;
    let unable = unable.lock().ok().and_then(|mut why| why.take());
    unable.map_or(Ok(exit), |why| Err(Failed::Refused(why)))
}

/// Sets up the terminal, runs the app until the user leaves it, and restores the terminal.
fn on_screen(
    mut app: App,
    settings: &Settings,
    watch: Watch,
    inbox: &Inbox,
    first: Vec<Effect>,
    mut perform: impl FnMut(Effect) -> Done,
) -> Result<Exit, Failed> {
    let ended_by = watch_signals(inbox.clone(), watch)?;
    terminal::use_mouse(settings.mouse)?;
    let (guard, mut screen) = Guard::enter()?;
    screen.draw(|frame| drop(app.view(frame)))?;
    // Nothing was answered yet, so the first question does not wait for the disk.
    settle(first, &mut app, &watch, &mut perform);
    let query = Query::default();
    read_input(inbox.clone(), watch, query.clone())?;
    query.ask(settings, &mut app)?;
    let done = run_loop(&mut app, &mut screen, inbox, &watch, perform);
    query.wait();
    inbox.close();
    drop(guard);
    // The guard has already shown the cursor. Dropping the screen would show it again, and panic if the terminal is
    // gone.
    std::mem::forget(screen);
    done?;
    Ok(match ended_by.load(Ordering::SeqCst) {
        0 => Exit::Fine,
        signal => Exit::Signalled(signal),
    })
}

/// The query for the background colour. With theme `auto`, the first frame is drawn for a dark background; the reply
/// may arrive at any time, or never.
#[derive(Clone, Default)]
struct Query(Arc<AtomicBool>);

impl Query {
    /// How long the program waits for the reply before it ends; a later reply would appear as input of the user's
    /// shell.
    const PATIENCE: Duration = Duration::from_millis(300);

    fn ask(&self, settings: &Settings, app: &mut App) -> io::Result<()> {
        if settings.theme != ThemeChoice::Auto || app.look.theme.is_mono() {
            return Ok(());
        }
        if let Some(dark) = terminal::background_by_environment() {
            app.see_background(dark);
            Ok(())
        } else {
            self.set_waiting(true);
            terminal::ask_for_background()
        }
    }

    fn set_waiting(&self, is_waiting: bool) {
        self.0.store(is_waiting, Ordering::SeqCst);
    }

    /// Waits for the reply if one is pending.
    fn wait(&self) {
        let until = Instant::now() + Self::PATIENCE;
        while self.0.load(Ordering::SeqCst) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Starts the thread that blocks on reading from the terminal.
fn read_input(inbox: Inbox, watch: Watch, query: Query) -> Result<(), Failed> {
    spawn("input", move || {
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
        // The terminal is gone, so no reply will arrive.
        query.set_waiting(false);
        inbox.send(Message::End);
    })
}

/// Starts a thread.
///
/// # Errors
/// The system starts no more threads.
fn spawn(name: &str, job: impl FnOnce() + Send + 'static) -> Result<(), Failed> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(job);
    started.map(drop).map_err(|error| {
        Failed::Refused(format!(
            "no further thread can be started: end other programs, or raise the limit (`ulimit -u`): {error}"
        ))
    })
}

/// The signals of faults, for which handlers can't be installed without `unsafe` code.
const FAULTS: [Fault; 4] = [Fault::SIGSEGV, Fault::SIGBUS, Fault::SIGFPE, Fault::SIGILL];

/// Starts the thread that waits for [`FAULTS`] sent by other processes, restores the terminal and dies by the signal.
///
/// All other threads must be started later, because they inherit the blocked signals. A fault of the program itself
/// still ends it at once, with the terminal as it is: the system ignores that the signal is blocked.
fn watch_faults() -> Result<(), Failed> {
    let faults: SigSet = FAULTS.into_iter().collect();
    faults.thread_block().map_err(io::Error::from)?;
    spawn("faults", move || {
        if let Ok(fault) = faults.wait() {
            terminal::restore();
            // If it stays blocked, the process is aborted instead.
            let _ = faults.thread_unblock();
            let _ = emulate_default_handler(fault as c_int);
        }
    })
}

/// The signals that ask the program to end, or that would end it without restoring the terminal. See [`FAULTS`] for
/// others.
const ENDS: [c_int; 14] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
    SIGXFSZ, SIGABRT, SIGTRAP, SIGSYS,
];

/// Returns the further signals of Linux: I/O, power, coprocessor stack faults, and the real-time signals.
#[cfg(target_os = "linux")]
fn more_ends() -> impl Iterator<Item = c_int> {
    [SIGIO, Signal::POWER.as_raw(), Signal::STKFLT.as_raw()]
        .into_iter()
        .chain(34..=64)
}

#[cfg(not(target_os = "linux"))]
fn more_ends() -> impl Iterator<Item = c_int> {
    [SIGIO].into_iter()
}

/// If the program has not ended this long after a signal, the next signal ends it and restores the terminal.
const INSISTS: Duration = Duration::from_secs(1);

/// Starts the thread that waits for signals, and returns where it notes the one that ends the program; 0 for none.
fn watch_signals(inbox: Inbox, watch: Watch) -> Result<Arc<AtomicU8>, Failed> {
    let ended_by = Arc::new(AtomicU8::new(0));
    let noted = ended_by.clone();
    let mut signals = Signals::new(ENDS)?;
    for signal in [SIGCONT, SIGTSTP, SIGWINCH] {
        signals.add_signal(signal)?;
    }
    let mut asked: Option<Instant> = None;
    spawn("signals", move || {
        // Fifty signals take half a millisecond, and these are never sent by a person: the first frame doesn't
        // wait for them.
        for signal in more_ends() {
            // The C library reserves some real-time signals.
            let _ = signals.add_signal(signal);
        }
        for signal in signals.forever() {
            let message = match signal {
                SIGCONT => Message::Continued,
                SIGTSTP => Message::Suspend,
                SIGWINCH => Message::Input {
                    arrived: watch.now(),
                    input: Input::Resize,
                },
                _ => Message::End,
            };
            if matches!(message, Message::End) {
                if asked.is_some_and(|asked| asked.elapsed() > INSISTS) {
                    terminal::restore();
                    // If the signal does not end the process by itself, the loop still does.
                    let _ = emulate_default_handler(signal);
                }
                asked = asked.or_else(|| Some(Instant::now()));
                noted.store(u8::try_from(signal).unwrap_or_default(), Ordering::SeqCst);
            }
            inbox.send(message);
        }
    })?;
    Ok(ended_by)
}
