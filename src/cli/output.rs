//! What happens when output can't be written: a closed pipe, and the limit of file sizes.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Standard output that may be a pipe closed by its reader. Further output is then dropped, so that the command
/// finishes with the same exit code as without the pipe.
pub(super) struct Printed<W> {
    out: W,
    is_closed: bool,
}

impl<W: Write> Printed<W> {
    pub fn new(out: W) -> Self {
        Self {
            out,
            is_closed: false,
        }
    }

    /// Returns the result of a write, or `dropped` if the reader is gone.
    fn heed<T>(&mut self, written: io::Result<T>, dropped: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(dropped)
            }
            written => written,
        }
    }
}

impl<W: Write> Write for Printed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.heed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.heed(flushed, ())
    }
}

/// The limit of the size of files (`ulimit -f`), at which the system would end the program without a word.
pub(super) struct FileSizeLimit(Arc<AtomicBool>);

impl FileSizeLimit {
    /// Makes a write beyond the limit an error of that write.
    pub fn watch() -> Self {
        let is_reached = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        // Without the handler, the system ends the program as before.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, is_reached.clone());
        Self(is_reached)
    }

    /// Returns the words of an error, with the limit as its reason if it was reached.
    pub fn explain(&self, words: String) -> String {
        match self.0.load(Ordering::SeqCst) {
            true => format!(
                "{words}: the limit of file sizes stopped it; raise the limit (`ulimit -f unlimited`)"
            ),
            false => words,
        }
    }
}
