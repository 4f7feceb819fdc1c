//! Writing lines to a connection without waiting for it: only the latest line matters.

use std::io::{self, ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The position of a connection in its current line.
pub struct Outgoing {
    line: Arc<str>,
    version: u64,
    written: usize,
    /// The time of its last progress.
    since: Instant,
    /// How long it may read nothing of a pending line.
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
