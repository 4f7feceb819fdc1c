//! Setup, reading and restoring of the terminal; it is restored whatever happens.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Print, ResetColor, force_color_output};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpgrp, kill_current_process_group};
use rustix::termios::tcgetpgrp;

use super::bounded::Bounded;
use super::input::{Decoded, Decoder};
use crate::app::Watch;
use crate::core::time::Millis;

pub type Screen = Terminal<Bounded<CrosstermBackend<OneWrite>>>;

/// Reports of presses, releases and drags in SGR encoding. Motion without a button is not reported.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// The current owner of the terminal.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Owner {
    /// The user's shell, before the program starts and while it is stopped.
    Shell,
    Program,
    /// The user's shell, permanently: the program will not use the terminal again.
    ShellAtTheEnd,
}

/// Whether the program uses the mouse while it owns the terminal.
static USES_MOUSE: AtomicBool = AtomicBool::new(true);

static OWNER: Mutex<Owner> = Mutex::new(Owner::Shell);

/// Returns the lock that guards every change of the terminal and every frame.
fn owner() -> MutexGuard<'static, Owner> {
    OWNER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Collects a frame and sends it with one write, inside synchronized output. A terminal that supports it never shows
/// half a frame.
#[derive(Default)]
pub struct OneWrite(Vec<u8>);

impl OneWrite {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
}

impl Write for OneWrite {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            self.0.extend_from_slice(Self::BEGIN);
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Sends the frame, or drops it if the program doesn't own the terminal.
    fn flush(&mut self) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.extend_from_slice(Self::END);
        let owner = owner();
        let sent = match *owner {
            Owner::Program => {
                let mut out = io::stdout();
                out.write_all(&self.0).and_then(|()| out.flush())
            }
            Owner::Shell | Owner::ShellAtTheEnd => Ok(()),
        };
        self.0.clear();
        sent
    }
}

/// Keeps the terminal in raw mode on the alternate screen until it is dropped.
pub struct Guard(());

impl Guard {
    /// Sets up the terminal until the guard is dropped or the program panics.
    ///
    /// # Errors
    /// A failure of the terminal, which is then restored.
    pub fn enter() -> io::Result<(Self, Screen)> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
        // With NO_COLOR, crossterm would also drop bold and reverse; the mono theme handles colours instead.
        force_color_output(true);
        let guard = Guard(());
        take(&mut owner())?;
        Ok((
            guard,
            Terminal::new(Bounded(CrosstermBackend::new(OneWrite::default())))?,
        ))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Uses the mouse from now on, or leaves it to the terminal.
///
/// # Errors
/// A failure of the terminal.
pub fn use_mouse(on: bool) -> io::Result<()> {
    let owner = owner();
    let was = USES_MOUSE.swap(on, Ordering::Relaxed);
    match *owner {
        Owner::Program if was != on => execute!(io::stdout(), Print(mouse_reports())),
        _ => Ok(()),
    }
}

fn mouse_reports() -> &'static str {
    match USES_MOUSE.load(Ordering::Relaxed) {
        true => MOUSE_ON,
        false => MOUSE_OFF,
    }
}

fn take(owner: &mut Owner) -> io::Result<()> {
    if *owner == Owner::ShellAtTheEnd {
        return Ok(());
    }
    *owner = Owner::Program;
    enable_raw_mode()?;
    // A program that was killed leaves the terminal on the alternate screen. Entering it again doesn't clear it, and the
    // rest of a private console would be mixed with the new screen.
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        Clear(ClearType::All),
        Print(mouse_reports()),
        EnableBracketedPaste,
        cursor::Hide
    )
}

/// Returns the terminal to the user's shell; does nothing if the shell already owns it.
fn give_back(owner: &mut Owner, to: Owner) {
    let was = *owner;
    if was != Owner::ShellAtTheEnd {
        *owner = to;
    }
    if was != Owner::Program {
        return;
    }
    let mut out = io::stdout();
    // The steps are independent: if one fails, the others still help.
    let _ = queue!(
        out,
        Print("\x1b[?2026l"),
        ResetColor,
        DisableBracketedPaste,
        Print(MOUSE_OFF)
    );
    let _ = execute!(out, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}

/// Restores the terminal permanently; further calls do nothing.
///
/// Every end of the program calls this: the guard, the panic hook, and a signal that is sent twice.
pub fn restore() {
    // A panicking thread may hold the lock itself, and a thread that writes to a stalled terminal may never release it.
    for _ in 0..100 {
        match OWNER.try_lock() {
            Ok(mut owner) => return give_back(&mut owner, Owner::ShellAtTheEnd),
            Err(TryLockError::Poisoned(owner)) => {
                return give_back(&mut owner.into_inner(), Owner::ShellAtTheEnd);
            }
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(5)),
        }
    }
    let _ = disable_raw_mode();
}

/// Returns the terminal to the shell and stops the process. After the process is continued, the terminal still belongs
/// to the shell.
pub fn stop_for_now() {
    give_back(&mut owner(), Owner::Shell);
    // If stopping fails, there is nothing to wait for.
    let _ = match tcgetpgrp(io::stdin()) {
        // The whole process group is stopped, as the terminal does for ^Z, so that a parent in the same group stops
        // too.
        Ok(group) if group == getpgrp() => {
            kill_current_process_group(Signal::STOP).map_err(io::Error::from)
        }
        _ => signal_hook::low_level::raise(signal_hook::consts::SIGSTOP),
    };
}

/// Sets up the terminal again after the process was stopped, because the shell may have changed it.
///
/// Does nothing after the terminal was restored permanently.
pub fn set_up_again() {
    let mut owner = owner();
    if *owner != Owner::ShellAtTheEnd {
        // If the terminal is gone, the reading thread notices it.
        let _ = disable_raw_mode();
        let _ = take(&mut owner);
    }
}

/// Queries the terminal for its background colour, and then for its device attributes, which every terminal reports.
/// After the second reply, the first one is no longer expected.
///
/// # Errors
/// A failure of the terminal.
pub fn ask_for_background() -> io::Result<()> {
    let _owner = owner();
    execute!(io::stdout(), Print("\x1b]11;?\x07\x1b[c"))
}

/// The largest text that is copied, in bytes; terminals drop longer ones without a word.
const LONGEST_COPY: usize = 64 * 1024;

/// Copies a text through the terminal, and returns a sentence about it. `what` names the text. Whether the terminal
/// obeys is not known: many ask the user first, or have to be configured.
pub fn copy(text: &str, what: &str) -> String {
    if text.len() > LONGEST_COPY {
        let longest = LONGEST_COPY / 1024;
        let size = text.len().div_ceil(1024);
        return format!(
            "not copied: {size} KB, and at most {longest} KB can be copied; export it to a file instead"
        );
    }
    let owner = owner();
    let mut out = io::stdout();
    if *owner != Owner::Program || !out.is_terminal() {
        return "not copied: this is not a terminal".to_owned();
    }
    match execute!(out, CopyToClipboard::to_clipboard_from(text)) {
        Ok(()) => format!("copied {what}, if your terminal allows it (OSC 52)"),
        Err(error) => format!("not copied: {error}"),
    }
}

/// Returns whether the background is dark, according to the environment variable that some terminals set.
pub fn background_by_environment() -> Option<bool> {
    let hint = std::env::var("COLORFGBG").ok()?;
    let background = hint.rsplit(';').next()?.parse::<u8>().ok()?;
    Some(!matches!(background, 7 | 9..=15))
}

/// Reads the terminal until it is gone or `tell` returns `false`. `tell` gets the decoded input of each read. It blocks
/// while nothing is typed.
pub fn read(watch: Watch, mut tell: impl FnMut(Millis, Vec<Decoded>) -> bool) {
    let stdin = io::stdin();
    let mut decoder = Decoder::default();
    let mut chunk = [0; 4096];
    loop {
        let patience = decoder
            .deadline()
            .map(|deadline| deadline.saturating_sub(watch.now()));
        let decoded = match is_ready(&stdin, patience) {
            Ok(true) => match rustix::io::read(&stdin, &mut chunk) {
                Ok(0) => return,
                Ok(n) => decoder.feed(watch.now(), &chunk[..n]),
                Err(Errno::INTR | Errno::AGAIN) => continue,
                Err(_) => return,
            },
            Ok(false) => decoder.expire(watch.now()),
            Err(Errno::INTR) => continue,
            Err(_) => return,
        };
        if !tell(watch.now(), decoded) {
            return;
        }
    }
}

/// Waits until input is available, the terminal is gone, or the timeout passes.
fn is_ready(stdin: &io::Stdin, patience: Option<Millis>) -> rustix::io::Result<bool> {
    let patience =
        patience.and_then(|patience| Timespec::try_from(Duration::from_millis(patience.0)).ok());
    poll(&mut [PollFd::new(stdin, PollFlags::IN)], patience.as_ref()).map(|ready| ready > 0)
}
