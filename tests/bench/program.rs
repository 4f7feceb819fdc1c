//! A program in a pseudo-terminal, with its screen and the statistics of its process.

use std::io::{self, Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use std::{fs, thread};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const ROWS: NonZero<u16> = NonZero::new(24).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(80).unwrap();
const SIZE: PtySize = PtySize {
    rows: ROWS.get(),
    cols: COLUMNS.get(),
    pixel_width: 0,
    pixel_height: 0,
};
/// The longest time to wait for output.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running program, which is killed when dropped.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    /// The output of the program in pieces, each with its arrival time.
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    begun: Instant,
    _terminal: Box<dyn MasterPty + Send>,
}

impl Program {
    /// Starts a program. The clock starts right before, so the cost of `fork` is part of every measurement, including
    /// the
    /// minimal program's.
    pub fn start(command: CommandBuilder) -> io::Result<Self> {
        let pair = native_pty_system()
            .openpty(SIZE)
            .map_err(io::Error::other)?;
        let mut reader = pair.master.try_clone_reader().map_err(io::Error::other)?;
        let keys = pair.master.take_writer().map_err(io::Error::other)?;
        let (to_us, output) = channel();
        // This thread only adds timestamps: terminal emulation here would delay the next timestamp.
        thread::spawn(move || {
            let mut piece = [0; 1 << 16];
            while let Ok(read @ 1..) = reader.read(&mut piece) {
                if to_us
                    .send((Instant::now(), piece[..read].to_vec()))
                    .is_err()
                {
                    return;
                }
            }
        });
        let begun = Instant::now();
        let child = pair
            .slave
            .spawn_command(command)
            .map_err(io::Error::other)?;
        let screen = vt100::Parser::new(ROWS, COLUMNS, 0);
        Ok(Self {
            child,
            keys,
            output,
            screen,
            begun,
            _terminal: pair.master,
        })
    }

    /// Returns the milliseconds from the start until `text` was on the screen.
    pub fn until(&mut self, text: &str) -> io::Result<f64> {
        let deadline = Instant::now() + PATIENCE;
        while let Some(at) = self.next_output(deadline)? {
            if self.screen.screen().contents().contains(text) {
                return Ok(milliseconds(at - self.begun));
            }
        }
        let shown = self.screen.screen().contents();
        Err(io::Error::other(format!(
            "{text:?} did not appear on the screen, but this:\n{shown}"
        )))
    }

    /// Returns the milliseconds from a key to the first change of the screen; `None` if nothing changes.
    pub fn press(&mut self, key: &str) -> io::Result<Option<f64>> {
        let before = self.screen.screen().contents_formatted();
        let pressed = Instant::now();
        self.keys.write_all(key.as_bytes())?;
        while let Some(at) = self.next_output(pressed + Duration::from_millis(500))? {
            if self.screen.screen().contents_formatted() != before {
                return Ok(Some(milliseconds(at - pressed)));
            }
        }
        Ok(None)
    }

    /// Waits until nothing has been written for this long.
    pub fn settle(&mut self, quiet: Duration) -> io::Result<()> {
        while self.next_output(Instant::now() + quiet)?.is_some() {}
        Ok(())
    }

    /// Waits for output.
    pub fn wait_for_output(&mut self) -> io::Result<()> {
        let nothing = || io::Error::other("the program wrote nothing");
        self.next_output(Instant::now() + PATIENCE)?
            .ok_or_else(nothing)
            .map(drop)
    }

    /// Returns the longest line in the middle of the screen, to recognise the screen by.
    pub fn landmark(&self) -> String {
        let shown = self.screen.screen().contents();
        let lines = shown
            .lines()
            .skip(2)
            .take(usize::from(SIZE.rows) - 5)
            .map(str::trim);
        lines
            .max_by_key(|line| line.len())
            .unwrap_or_default()
            .to_owned()
    }

    /// Draws the next piece of output, and answers its queries like a dark terminal.
    fn next_output(&mut self, deadline: Instant) -> io::Result<Option<Instant>> {
        match self
            .output
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            Ok((at, piece)) => {
                self.screen.process(&piece);
                if piece.windows(3).any(|asked| asked == b"\x1b[c") {
                    self.keys
                        .write_all(b"\x1b]11;rgb:0000/0000/0000\x07\x1b[?62c")?;
                }
                Ok(Some(at))
            }
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the program ended")),
        }
    }

    /// Returns the peak memory of the process, in MB.
    pub fn peak_memory(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        Ok(number_after("VmHWM:", &status) * 1024.0 / 1e6)
    }

    /// Returns the number of context switches of all threads of the process.
    pub fn switches(&self) -> io::Result<f64> {
        let mut switches = 0.0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.id()))? {
            let status = fs::read_to_string(thread?.path().join("status"))?;
            switches += number_after("\nvoluntary_ctxt_switches:", &status);
            switches += number_after("nonvoluntary_ctxt_switches:", &status);
        }
        Ok(switches)
    }

    fn id(&self) -> u32 {
        self.child.process_id().unwrap_or(0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The program may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn number_after(name: &str, text: &str) -> f64 {
    let rest = text.split(name).nth(1).unwrap_or_default();
    rest.split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or(f64::NAN)
}

pub fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}
