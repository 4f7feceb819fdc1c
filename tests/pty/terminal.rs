//! A program in its own pseudo-terminal: sends keys and reads the screen.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, num};

use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};

use super::home::Home;

/// The longest wait, generous for busy machines: a test reaches it only if something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    writer: Option<Box<dyn Write + Send>>,
    /// Kept open so that the terminal attributes can be read after the program has ended.
    slave: Option<Box<dyn SlavePty + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// The terminal attributes before the program was started.
    before: String,
}

/// The output of the program.
struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    closed: bool,
    /// Set to make the reader release the terminal after its next read.
    enough: bool,
}

/// The state in which a program leaves its terminal.
pub struct Left {
    pub status: ExitStatus,
    /// Everything that the program changed and did not restore; it should be empty.
    pub changed: Vec<&'static str>,
    pub raw: Vec<u8>,
    pub screen: String,
}

impl Terminal {
    /// Runs `aethos ARGS` in a terminal of 100 columns and 30 rows.
    pub fn start(home: &Home, args: &[&str]) -> Self {
        Self::start_with(home, args, &[])
    }

    pub fn start_with(home: &Home, args: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::run(home, env!("CARGO_BIN_EXE_aethos"), args, environment)
    }

    /// Runs another program, which runs aethos.
    pub fn run(home: &Home, program: &str, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let before = attributes(&*pair.master);
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(home.work());
        for name in ["NO_COLOR", "LC_ALL", "LC_CTYPE"] {
            command.env_remove(name);
        }
        command.env("AETHOS_HOME", home.data());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        // A terminal that declares its background is not queried.
        command.env("COLORFGBG", "15;0");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let parser = vt100::Parser::new(nonzero(30), nonzero(100), 0);
        let seen = Seen {
            parser,
            raw: Vec::new(),
            closed: false,
            enough: false,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shared = seen.clone();
        thread::spawn(move || {
            let mut chunk = [0; 16 * 1024];
            // The beginning of a frame that is not complete yet.
            let mut half = Vec::new();
            loop {
                let n = reader.read(&mut chunk).unwrap_or(0);
                half.extend_from_slice(&chunk[..n]);
                let whole = if n == 0 {
                    half.len()
                } else {
                    whole_frames(&half)
                };
                let mut seen = shared.0.lock().unwrap();
                seen.parser.process(&half[..whole]);
                half.drain(..whole);
                seen.raw.extend_from_slice(&chunk[..n]);
                seen.closed = n == 0 || seen.enough;
                shared.1.notify_all();
                if seen.closed {
                    return;
                }
            }
        });
        let writer = Some(pair.master.take_writer().unwrap());
        Self {
            child,
            seen,
            writer,
            slave: Some(pair.slave),
            master: Some(pair.master),
            before,
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }

    /// Sends keys as a terminal does. A program that has ended ignores them.
    pub fn press(&mut self, keys: &str) {
        self.send(keys.as_bytes());
    }

    /// Presses a key that confirms an irreversible action, after the time needed to read the dialog.
    pub fn decide(&mut self, key: &str) {
        thread::sleep(Duration::from_millis(320));
        self.press(key);
    }

    /// Sends raw bytes to the program.
    pub fn send(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().unwrap();
        let _ = writer.write_all(bytes).and_then(|()| writer.flush());
    }

    /// Waits until the screen satisfies a condition; returns false if the program ends before.
    pub fn wait_or_end(&mut self, what: &str, is_there: impl Fn(&vt100::Screen) -> bool) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            {
                let seen = self.seen();
                if is_there(seen.parser.screen()) {
                    return true;
                }
                if Instant::now() > until {
                    let screen = seen.parser.screen().contents();
                    drop(seen);
                    panic!("waited in vain for {what}:\n{screen}");
                }
                // Reading can't detect the end of the program, because we hold its terminal open.
                drop(
                    self.seen
                        .1
                        .wait_timeout(seen, Duration::from_millis(20))
                        .unwrap(),
                );
            }
            if self.child.try_wait().unwrap().is_some() {
                self.drain();
                return is_there(self.seen().parser.screen());
            }
        }
    }

    pub fn wait(&mut self, what: &str, is_there: impl Fn(&vt100::Screen) -> bool) {
        assert!(
            self.wait_or_end(what, is_there),
            "the program ended before {what}:\n{}",
            self.screen()
        );
    }

    /// Waits until the screen contains this text, however its lines are broken.
    pub fn wait_for(&mut self, text: &str) {
        let dense = dense(text);
        self.wait(&format!("{text:?}"), |screen| {
            self::dense(&screen.contents()).contains(&dense)
        });
    }

    pub fn screen(&self) -> String {
        self.seen().parser.screen().contents()
    }

    /// Returns all output so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen().raw.clone()
    }

    pub fn resize(&self, columns: u16, rows: u16) {
        let mut seen = self.seen();
        seen.parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(columns));
        self.master
            .as_ref()
            .unwrap()
            .resize(size(columns, rows))
            .unwrap();
    }

    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// Waits until the process is stopped, or until it runs again.
    pub fn wait_stopped(&self) {
        let until = Instant::now() + PATIENCE;
        while !state(self.pid()).starts_with('T') {
            assert!(
                Instant::now() < until,
                "the process was not stopped:\n{}",
                self.screen()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Returns the terminal state that the program has changed and not restored.
    pub fn changed(&self) -> Vec<&'static str> {
        let seen = self.seen();
        let screen = seen.parser.screen();
        let changes = [
            (screen.alternate_screen(), "alternate screen"),
            (screen.hide_cursor(), "hidden cursor"),
            (
                screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
                "mouse",
            ),
            (screen.bracketed_paste(), "paste"),
            (
                attributes(&**self.master.as_ref().unwrap()) != self.before,
                "attributes",
            ),
        ];
        changes
            .into_iter()
            .filter(|(is_so, _)| *is_so)
            .map(|(_, what)| what)
            .collect()
    }

    /// Waits until a stopped program has restored the terminal.
    pub fn wait_restored(&self) {
        let until = Instant::now() + PATIENCE;
        while !self.changed().is_empty() {
            assert!(Instant::now() < until, "not restored: {:?}", self.changed());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of the program.
    pub fn end(mut self) -> Left {
        let status = self.wait_end();
        let attributes_changed = attributes(&**self.master.as_ref().unwrap()) != self.before;
        self.drain();
        let mut changed = self.changed();
        changed.retain(|what| *what != "attributes");
        changed.extend(attributes_changed.then_some("attributes"));
        Left {
            status,
            changed,
            raw: self.raw(),
            screen: self.screen(),
        }
    }

    fn wait_end(&mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(
                Instant::now() < until,
                "the program does not end:\n{}",
                self.screen()
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Reads the remaining output of the program after its end.
    fn drain(&mut self) {
        self.slave = None;
        let until = Instant::now() + PATIENCE;
        let mut seen = self.seen();
        while !seen.closed {
            assert!(Instant::now() < until, "the terminal stays open");
            seen = self
                .seen
                .1
                .wait_timeout(seen, Duration::from_millis(50))
                .unwrap()
                .0;
        }
    }

    /// Closes the window. `keys` must change the screen.
    pub fn close(mut self, keys: &str) -> ExitStatus {
        self.seen().enough = true;
        self.press(keys);
        let until = Instant::now() + PATIENCE;
        while !self.seen().closed {
            assert!(
                Instant::now() < until,
                "nothing was drawn:\n{}",
                self.screen()
            );
            thread::sleep(Duration::from_millis(2));
        }
        (self.writer, self.slave, self.master) = (None, None, None);
        self.wait_end()
    }

    /// Returns the number of voluntary context switches of all threads so far.
    pub fn switches(&self) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        let of_task = |status: String| -> u64 {
            let counts = status
                .lines()
                .filter(|line| line.starts_with("voluntary_ctxt_switches"));
            counts
                .map(|line| {
                    line.split_whitespace()
                        .last()
                        .unwrap()
                        .parse::<u64>()
                        .unwrap()
                })
                .sum()
        };
        tasks
            .map(|task| of_task(fs::read_to_string(task.unwrap().path().join("status")).unwrap()))
            .sum()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            signal(self.pid(), "KILL");
            let _ = self.child.wait();
        }
    }
}

/// Returns the start of the last incomplete frame, or the end if there is none, like a terminal with synchronized
/// output.
fn whole_frames(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|w| w == mark);
    match (last(b"\x1b[?2026h"), last(b"\x1b[?2026l")) {
        (Some(begin), end) if end.is_none_or(|end| end < begin) => begin,
        _ => bytes.len(),
    }
}

pub fn signal(pid: u32, name: &str) {
    assert!(
        Command::new("kill")
            .args([&format!("-{name}"), &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Returns the state of a process, such as `S`, `R` or `T`.
fn state(pid: u32) -> String {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit(')').next().unwrap().trim_start().to_owned()
}

/// Returns text without spaces and line breaks.
pub fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn attributes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn nonzero(n: u16) -> num::NonZeroU16 {
    num::NonZeroU16::new(n).unwrap()
}
