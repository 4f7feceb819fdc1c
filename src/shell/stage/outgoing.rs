//! Writing lines to a connection without waiting for it: only the latest line matters.

use std::io::{self, ErrorKind, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Waits until `woken` or a connection can be read, one with a pending line can be written, or someone connects to
/// `listener`; at most until the time `until`.
pub fn wait<'a>(
    woken: &UnixStream,
    connections: impl Iterator<Item = (&'a UnixStream, &'a Outgoing)>,
    listener: Option<&UnixListener>,
    until: Option<Instant>,
) -> rustix::io::Result<()> {
    let patience = until.map(|until| until.saturating_duration_since(Instant::now()));
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    let mut watched = vec![PollFd::new(woken, PollFlags::IN)];
    for (stream, outgoing) in connections {
        let events = match outgoing.is_writing() {
            true => PollFlags::IN | PollFlags::OUT,
            false => PollFlags::IN,
        };
        watched.push(PollFd::new(stream, events));
    }
    watched.extend(listener.map(|listener| PollFd::new(listener, PollFlags::IN)));
    match poll(&mut watched, patience.as_ref()) {
        Err(Errno::INTR) | Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The position of a connection in its current line.
pub struct Outgoing {
    line: Arc<str>,
    version: u64,
    written: usize,
    /// The time of its last progress.
    since: Instant,
    /// How long the other side may read nothing of a line that is being sent, before it is dropped.
    patience: Duration,
}

impl Outgoing {
    pub fn new(patience: Duration) -> Self {
        Self {
            line: Arc::default(),
            version: 0,
            written: 0,
            since: Instant::now(),
            patience,
        }
    }

    /// Returns true while a line is partly written.
    pub fn is_writing(&self) -> bool {
        self.written < self.line.len()
    }

    /// Returns the version of the last line that was begun.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Returns the time at which the connection has read nothing for too long, while a line is partly written.
    pub fn deadline(&self) -> Option<Instant> {
        self.is_writing().then(|| self.since + self.patience)
    }

    /// Writes as much as the connection can take: the rest of its line, then the `latest` one if there is a new version.
    ///
    /// # Errors
    /// The connection is closed, or made no progress for too long.
    pub fn write(
        &mut self,
        mut stream: &UnixStream,
        latest: Option<(&Arc<str>, u64)>,
    ) -> io::Result<()> {
        loop {
            if !self.is_writing() {
                let Some((line, version)) = latest.filter(|(_, version)| *version != self.version)
                else {
                    return Ok(());
                };
                (self.line, self.version, self.written, self.since) =
                    (line.clone(), version, 0, Instant::now());
                if self.line.is_empty() {
                    return Ok(());
                }
            }
            match stream.write(&self.line.as_bytes()[self.written..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => (self.written, self.since) = (self.written + n, Instant::now()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                Err(_) if self.since.elapsed() > self.patience => {
                    return Err(ErrorKind::TimedOut.into());
                }
                Err(_) => return Ok(()),
            }
        }
    }
}
