//! Stage windows over a Unix socket.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

use super::arrivals::Arrivals;
use super::outgoing::{Outgoing, wait};
use super::{NoWindow, Stage, socket};

/// How long a window may read nothing of a pending line before it is dropped; it may connect again.
const PATIENCE: Duration = Duration::from_secs(2);
/// The initial and the maximum pause before a window connects again.
const PAUSE: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The maximum number of windows; further ones wait in the listener's queue.
const MOST: usize = 32;
/// The maximum length of a line that a window reads, in bytes.
const LONGEST: u64 = 2 << 20;

/// The server of the second windows. Dropping it closes them.
pub struct Stages {
    path: PathBuf,
    shared: Arc<Mutex<Shared>>,
    /// A pipe whose bytes wake the server thread.
    wake: UnixStream,
}

/// The state shared by the session and the server thread.
#[derive(Default)]
struct Shared {
    line: Arc<str>,
    /// A counter that increases with each line, to tell which windows already have the latest one.
    version: u64,
    windows: usize,
    over: bool,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    // Every change is complete before anything can panic, so the lock's data is valid.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stages {
    /// Listens in the data folder; replaces a socket that a killed process left.
    ///
    /// # Errors
    /// Another process listens there, or the file system fails.
    pub fn open(folder: &Path) -> Result<Self, NoWindow> {
        let path = socket(folder);
        if is_listening(&path)? {
            return Err(NoWindow::Taken);
        }
        let listener = bind_privately(folder, &path, |fresh| {
            fs::set_permissions(fresh, Permissions::from_mode(0o600))
        })?;
        listener.set_nonblocking(true)?;
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let server = Server {
            listener,
            woken,
            shared: shared.clone(),
            windows: Vec::new(),
            resting: None,
        };
        thread::Builder::new()
            .name("stage".to_owned())
            .spawn(move || server.run())?;
        Ok(Self { path, shared, wake })
    }

    /// Sends the stage to every window without waiting for them.
    pub fn show(&self, stage: &Stage) {
        let Ok(line) = serde_json::to_string(stage) else {
            return;
        };
        let mut shared = lock(&self.shared);
        shared.line = format!("{line}\n").into();
        shared.version += 1;
        drop(shared);
        self.wake();
    }

    /// Returns the number of connected windows.
    pub fn windows(&self) -> usize {
        lock(&self.shared).windows
    }

    fn wake(&self) {
        // If the pipe is full, the thread has already been woken.
        let _ = (&self.wake).write(&[0]);
    }
}

impl Drop for Stages {
    fn drop(&mut self) {
        lock(&self.shared).over = true;
        self.wake();
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns whether a process listens at the socket, without blocking on one that does not answer.
pub fn is_listening(path: &Path) -> io::Result<bool> {
    let probe = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    rustix::io::ioctl_fionbio(&probe, true)?;
    match rustix::net::connect(&probe, &SocketAddrUnix::new(path)?) {
        // If its queue is full, the listener exists, though it may be stopped.
        Ok(()) | Err(Errno::AGAIN | Errno::INPROGRESS) => Ok(true),
        Err(_) => Ok(false),
    }
}

/// Binds the socket in a new private folder, prepares its permissions, and then moves it to `path` in `folder`, so that
/// other users can't open it before.
pub fn bind_privately(
    folder: &Path,
    path: &Path,
    prepare: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<UnixListener> {
    let private = folder.join(format!(".s{}", std::process::id()));
    let _ = fs::remove_dir_all(&private);
    DirBuilder::new().mode(0o700).create(&private)?;
    let fresh = private.join("s");
    let listening = UnixListener::bind(&fresh).and_then(|listener| {
        prepare(&fresh)?;
        fs::rename(&fresh, path)?;
        Ok(listener)
    });
    let _ = fs::remove_dir_all(&private);
    listening
}

/// The thread that serves all windows. It blocks until a stage is shown or a window connects, disconnects or can read
/// more.
struct Server {
    listener: UnixListener,
    woken: UnixStream,
    shared: Arc<Mutex<Shared>>,
    windows: Vec<Window>,
    /// The time until which no window is accepted, because the process is out of file descriptors.
    resting: Option<Instant>,
}

impl Server {
    fn run(mut self) {
        while self.write_all() {
            if self.wait().is_err() {
                return;
            }
            let _ = self.woken.read(&mut [0; 64]);
            self.accept();
        }
    }

    /// Sends the latest line to every window; returns `false` at the end of the session.
    fn write_all(&mut self) -> bool {
        let (line, version) = {
            let shared = lock(&self.shared);
            if shared.over {
                return false;
            }
            (shared.line.clone(), shared.version)
        };
        self.windows
            .retain_mut(|window| window.write(&line, version).is_ok());
        lock(&self.shared).windows = self.windows.len();
        true
    }

    fn wait(&self) -> rustix::io::Result<()> {
        let deadlines = self
            .windows
            .iter()
            .filter_map(|window| window.outgoing.deadline());
        let until = deadlines.chain(self.resting).min();
        let connections = self
            .windows
            .iter()
            .map(|window| (&window.stream, &window.outgoing));
        let accepts = self.windows.len() < MOST && self.resting.is_none();
        let listener = accepts.then_some(&self.listener);
        wait(&self.woken, connections, listener, until)
    }

    fn accept(&mut self) {
        self.resting = self.resting.filter(|until| *until > Instant::now());
        while self.windows.len() < MOST && self.resting.is_none() {
            match self
                .listener
                .accept()
                .and_then(|(stream, _)| Window::new(stream))
            {
                Ok(window) => self.windows.push(window),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.resting = Some(Instant::now() + PAUSE),
            }
        }
    }
}

/// A connected window.
struct Window {
    stream: UnixStream,
    outgoing: Outgoing,
}

impl Window {
    fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let outgoing = Outgoing::new(PATIENCE);
        Ok(Self { stream, outgoing })
    }

    /// Writes as much of the latest line as the window can take.
    ///
    /// # Errors
    /// The window disconnected, sent data, or made no progress for too long.
    fn write(&mut self, latest: &Arc<str>, version: u64) -> io::Result<()> {
        match self.stream.read(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
            // Windows never send data; zero bytes mean the end of the connection.
            Ok(_) => return Err(ErrorKind::ConnectionAborted.into()),
        }
        self.outgoing.write(&self.stream, Some((latest, version)))
    }
}

/// Calls `tell` with the stage at each change, and with `None` when there is no session, until it returns `false`. It
/// blocks while there is no session.
///
/// # Errors
/// No socket is possible in this folder.
pub fn follow(folder: &Path, mut tell: impl FnMut(Option<Stage>) -> bool) -> Result<(), NoWindow> {
    let path = socket(folder);
    let arrivals = Arrivals::watch(folder);
    let (mut is_told, mut pause) = (false, PAUSE);
    loop {
        let connected = UnixStream::connect(&path);
        let is_session = match connected {
            Ok(stream) => {
                let mut stages = stages(stream).peekable();
                pause = if stages.peek().is_some() {
                    PAUSE
                } else {
                    (pause * 2).min(LONGEST_PAUSE)
                };
                for stage in stages {
                    is_told = false;
                    if !tell(Some(stage)) {
                        return Ok(());
                    }
                }
                true
            }
            Err(error) if error.kind() == ErrorKind::InvalidInput => return Err(error.into()),
            Err(_) => false,
        };
        if !is_told && !tell(None) {
            return Ok(());
        }
        is_told = true;
        match is_session {
            // The session has ended, or has dropped this window.
            true => thread::sleep(pause),
            false => arrivals.wait(),
        }
    }
}

/// Reads stages until the connection ends or sends invalid data.
fn stages(stream: UnixStream) -> impl Iterator<Item = Stage> {
    let mut lines = BufReader::new(stream);
    std::iter::from_fn(move || {
        let mut line = String::new();
        lines.by_ref().take(LONGEST).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    })
}
