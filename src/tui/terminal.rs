//! Entering the terminal and leaving it as it was, whatever happens in between.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::style::force_color_output;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

pub type Screen = Terminal<CrosstermBackend<OneWrite>>;

/// Collects a frame and sends it with one write, inside synchronized output:
/// a terminal that knows it never shows half a frame.
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

    fn flush(&mut self) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.extend_from_slice(Self::END);
        let mut out = io::stdout();
        let sent = out.write_all(&self.0).and_then(|()| out.flush());
        self.0.clear();
        sent
    }
}

/// The terminal is ours: set by [`Guard::enter`], taken by whoever restores it first.
static OURS: AtomicBool = AtomicBool::new(false);

/// While it lives the terminal is in raw mode on the alternate screen.
pub struct Guard(());

impl Guard {
    /// # Errors
    /// What the terminal said; it is restored then.
    pub fn enter() -> io::Result<(Self, Screen)> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            before(info);
        }));
        // Under NO_COLOR crossterm would drop bold and reverse as well: the mono theme decides instead.
        force_color_output(true);
        let guard = Guard(());
        take()?;
        Ok((guard, Terminal::new(CrosstermBackend::new(OneWrite::default()))?))
    }
}

fn take() -> io::Result<()> {
    OURS.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, cursor::Hide)
}

/// Gives the terminal back and stops the process; returns when it is continued.
pub fn stop_for_now() {
    restore();
    // Where stopping fails there is nothing to wait for.
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGSTOP);
    take_back();
}

/// Takes the terminal again after the process was stopped: whoever had it in between may have changed it.
pub fn take_back() {
    // A terminal that is gone is noticed when it is read.
    let _ = disable_raw_mode();
    let _ = take();
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Leaves the terminal as it was found; the second call does nothing.
pub fn restore() {
    if OURS.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        // Each step on its own: where one fails, the others still help.
        let _ = execute!(out, DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, cursor::Show);
        let _ = disable_raw_mode();
        let _ = out.flush();
    }
}

/// Sleeps until the terminal has hung up; `false` where that cannot be watched.
///
/// Not every hang-up comes with a signal, and crossterm's read does not return from one.
pub fn hung_up() -> bool {
    let stdin = io::stdin();
    loop {
        let mut watched = [rustix::event::PollFd::new(&stdin, rustix::event::PollFlags::empty())];
        match rustix::event::poll(&mut watched, None) {
            Ok(n) if n > 0 => return true,
            Err(rustix::io::Errno::INTR) => {}
            _ => return false,
        }
    }
}

/// Longest wait for a terminal that does not say what its background is.
const PATIENCE: Duration = Duration::from_millis(100);

/// Asks the terminal for its background: `Some(true)` for dark, `None` where it
/// does not say. Returns the bytes that were typed in the meantime as well.
///
/// The question is followed by one that every terminal answers, so a terminal
/// that does not know the first is not waited for.
pub fn background_is_dark() -> (Option<bool>, Vec<u8>) {
    if let Ok(hint) = std::env::var("COLORFGBG")
        && let Some(background) = hint.rsplit(';').next().and_then(|n| n.parse::<u8>().ok())
    {
        return (Some(!matches!(background, 7 | 9..=15)), Vec::new());
    }
    let mut out = io::stdout();
    if out.write_all(b"\x1b]11;?\x07\x1b[c").and_then(|()| out.flush()).is_err() {
        return (None, Vec::new());
    }
    let reply = read_reply();
    let text = String::from_utf8_lossy(&reply).into_owned();
    let Some(start) = text.find("\x1b]11;") else { return (None, without_reply(&text)) };
    let colour = text[start..].split("rgb:").nth(1).unwrap_or("");
    let parts: Vec<f64> = colour.split('/').take(3).filter_map(hex_share).collect();
    let dark = match parts[..] {
        [r, g, b] => Some(0.2126 * r + 0.7152 * g + 0.0722 * b < 0.5),
        _ => None,
    };
    (dark, without_reply(&text))
}

/// The leading hexadecimal digits of a colour channel as a share of its largest value.
fn hex_share(channel: &str) -> Option<f64> {
    let digits: String = channel.chars().take_while(char::is_ascii_hexdigit).take(4).collect();
    let most = 16f64.powi(digits.len() as i32) - 1.0;
    u32::from_str_radix(&digits, 16).ok().map(|n| f64::from(n) / most)
}

/// Reads until the answer to the second question has come, or patience ends.
fn read_reply() -> Vec<u8> {
    use std::os::fd::AsFd;
    let stdin = io::stdin();
    let mut reply = Vec::new();
    let until = std::time::Instant::now() + PATIENCE;
    while !answered(&reply) {
        let left = until.saturating_duration_since(std::time::Instant::now());
        let mut ready = [rustix::event::PollFd::new(&stdin, rustix::event::PollFlags::IN)];
        let wait = rustix::time::Timespec::try_from(left).ok();
        match rustix::event::poll(&mut ready, wait.as_ref()) {
            Ok(n) if n > 0 => {}
            _ => break,
        }
        let mut chunk = [0; 256];
        match rustix::io::read(stdin.as_fd(), &mut chunk) {
            Ok(n) if n > 0 => reply.extend_from_slice(&chunk[..n]),
            _ => break,
        }
    }
    reply
}

/// `ESC [ ? ... c` is the answer to the device attributes question.
fn answered(reply: &[u8]) -> bool {
    let Some(start) = reply.windows(3).position(|w| w == b"\x1b[?") else { return false };
    reply[start..].contains(&b'c')
}

/// What is left of the input when both answers are taken out: keys pressed meanwhile.
fn without_reply(text: &str) -> Vec<u8> {
    let mut rest = text.to_owned();
    if let Some(start) = rest.find("\x1b]11;") {
        let end = rest[start..].find(['\x07', '\\']).map_or(rest.len(), |n| start + n + 1);
        rest.replace_range(start..end, "");
    }
    if let Some(start) = rest.find("\x1b[?") {
        let end = rest[start..].find('c').map_or(rest.len(), |n| start + n + 1);
        rest.replace_range(start..end, "");
    }
    rest.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_out_of_what_was_typed() {
        assert_eq!(without_reply("a\x1b]11;rgb:ffff/ffff/ffff\x07b\x1b[?62;4cc"), b"abc");
        assert_eq!(without_reply("\x1b]11;rgb:00/00/00\x1b\\q"), b"q");
    }

    #[test]
    fn channels_of_two_and_four_digits() {
        assert_eq!(hex_share("ffff"), Some(1.0));
        assert_eq!(hex_share("00\x1b"), Some(0.0));
        assert_eq!(hex_share("zz"), None);
    }
}
