//! Stage windows over a Unix socket.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

use super::arrivals::Arrivals;
use super::{NoWindow, Stage, socket};

/// A window that takes nothing of its line for this long is dropped; it may connect again.
const PATIENCE: Duration = Duration::from_secs(2);
/// The pause before a window connects again, at first and at most.
const PAUSE: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Windows at the same time; more wait in the listener's queue until one leaves.
const MOST: usize = 32;
/// The longest line that a window reads, in bytes.
const LONGEST: u64 = 2 << 20;

/// The windows that follow this session. Dropping it ends them.
pub struct Stages {
    path: PathBuf,
    shared: Arc<Mutex<Shared>>,
    /// A byte here wakes the thread that serves the windows.
    wake: UnixStream,
}

/// What the session and the thread that serves the windows tell each other.
#[derive(Default)]
struct Shared {
    line: Arc<str>,
    /// Grows with each line, so that a window knows whether it has the last one.
    version: u64,
    windows: usize,
    over: bool,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    // Every change is complete before anything can panic.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stages {
    /// Listens in the data folder; a socket that a killed process left behind is replaced.
    ///
    /// # Errors
    /// Another process listens there, or the file system refuses.
    pub fn open(folder: &Path) -> Result<Self, NoWindow> {
        let path = socket(folder);
        if is_listening(&path)? {
            return Err(NoWindow::Taken);
        }
        let listener = listen(folder, &path)?;
        listener.set_nonblocking(true)?;
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let server = Server { listener, woken, shared: shared.clone(), windows: Vec::new(), resting: None };
        thread::Builder::new().name("stage".to_owned()).spawn(move || server.run())?;
        Ok(Self { path, shared, wake })
    }

    /// Writes the stage to every window and waits for none of them.
    pub fn show(&self, stage: &Stage) {
        let Ok(line) = serde_json::to_string(stage) else { return };
        let mut shared = lock(&self.shared);
        shared.line = format!("{line}\n").into();
        shared.version += 1;
        drop(shared);
        self.wake();
    }

    /// Returns how many windows follow.
    pub fn windows(&self) -> usize {
        lock(&self.shared).windows
    }

    fn wake(&self) {
        // Where the pipe is full, the thread has been woken already.
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

/// Returns whether a process listens at the socket, without waiting for one that does not answer.
fn is_listening(path: &Path) -> io::Result<bool> {
    let probe = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    rustix::io::ioctl_fionbio(&probe, true)?;
    match rustix::net::connect(&probe, &SocketAddrUnix::new(path)?) {
        // With a full queue the listener is alive, or stopped for now.
        Ok(()) | Err(Errno::AGAIN | Errno::INPROGRESS) => Ok(true),
        Err(_) => Ok(false),
    }
}

/// Binds the socket in a new private folder and moves it from there, so that nobody else can open it even for a moment.
fn listen(folder: &Path, path: &Path) -> io::Result<UnixListener> {
    let private = folder.join(format!(".s{}", std::process::id()));
    let _ = fs::remove_dir_all(&private);
    DirBuilder::new().mode(0o700).create(&private)?;
    let fresh = private.join("s");
    let listening = UnixListener::bind(&fresh).and_then(|listener| {
        fs::set_permissions(&fresh, Permissions::from_mode(0o600))?;
        fs::rename(&fresh, path)?;
        Ok(listener)
    });
    let _ = fs::remove_dir_all(&private);
    listening
}

/// The thread that serves all windows. It sleeps until a stage is shown or a window comes, goes or can take more.
struct Server {
    listener: UnixListener,
    woken: UnixStream,
    shared: Arc<Mutex<Shared>>,
    windows: Vec<Window>,
    /// Until when no window is accepted, because the process is out of file descriptors.
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

    /// Hands the latest line to every window; `false` at the end of the session.
    fn write_all(&mut self) -> bool {
        let (line, version) = {
            let shared = lock(&self.shared);
            if shared.over {
                return false;
            }
            (shared.line.clone(), shared.version)
        };
        self.windows.retain_mut(|window| window.write(&line, version).is_ok());
        lock(&self.shared).windows = self.windows.len();
        true
    }

    fn wait(&self) -> rustix::io::Result<()> {
        let writes = self.windows.iter().filter(|window| window.is_writing());
        let until = writes.map(|window| window.since + PATIENCE).chain(self.resting).min();
        let patience = until.map(|until| until.saturating_duration_since(Instant::now()));
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let mut watched = vec![PollFd::new(&self.woken, PollFlags::IN)];
        for window in &self.windows {
            let events = if window.is_writing() { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
            watched.push(PollFd::new(&window.stream, events));
        }
        if self.windows.len() < MOST && self.resting.is_none() {
            watched.push(PollFd::new(&self.listener, PollFlags::IN));
        }
        match poll(&mut watched, patience.as_ref()) {
            Err(Errno::INTR) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn accept(&mut self) {
        self.resting = self.resting.filter(|until| *until > Instant::now());
        while self.windows.len() < MOST && self.resting.is_none() {
            match self.listener.accept().and_then(|(stream, _)| Window::new(stream)) {
                Ok(window) => self.windows.push(window),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.resting = Some(Instant::now() + PAUSE),
            }
        }
    }
}

/// A window that follows, and how much of its line it has taken.
struct Window {
    stream: UnixStream,
    line: Arc<str>,
    version: u64,
    written: usize,
    /// When it last took something.
    since: Instant,
}

impl Window {
    fn new(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self { stream, line: Arc::default(), version: 0, written: 0, since: Instant::now() })
    }

    fn is_writing(&self) -> bool {
        self.written < self.line.len()
    }

    /// Writes as much as the window takes: the rest of its line, and then the latest one.
    ///
    /// # Errors
    /// The window is gone, says something, or has taken nothing for too long.
    fn write(&mut self, latest: &Arc<str>, version: u64) -> io::Result<()> {
        match self.stream.read(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
            // A window has nothing to say; zero bytes are its end.
            Ok(_) => return Err(ErrorKind::ConnectionAborted.into()),
        }
        loop {
            if !self.is_writing() {
                if self.version == version {
                    return Ok(());
                }
                (self.line, self.version, self.written, self.since) = (latest.clone(), version, 0, Instant::now());
            }
            match self.stream.write(&self.line.as_bytes()[self.written..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => (self.written, self.since) = (self.written + n, Instant::now()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
                Err(_) if self.since.elapsed() > PATIENCE => return Err(ErrorKind::TimedOut.into()),
                Err(_) => return Ok(()),
            }
        }
    }
}

/// Follows the stage until `tell` returns `false`: the stage at each change, `None` when there is no session. While it
/// waits for a session it sleeps.
///
/// # Errors
/// There can be no socket in this folder.
pub fn follow(folder: &Path, mut tell: impl FnMut(Option<Stage>) -> bool) -> Result<(), NoWindow> {
    let path = socket(folder);
    let arrivals = Arrivals::watch(folder);
    let (mut is_told, mut pause) = (false, PAUSE);
    loop {
        let connected = UnixStream::connect(&path);
        let is_session = match connected {
            Ok(stream) => {
                let mut stages = stages(stream).peekable();
                pause = if stages.peek().is_some() { PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
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
            // The session has ended, or dropped this window.
            true => thread::sleep(pause),
            false => arrivals.wait(),
        }
    }
}

/// Reads stages until the connection ends or sends something else.
fn stages(stream: UnixStream) -> impl Iterator<Item = Stage> {
    let mut lines = BufReader::new(stream);
    std::iter::from_fn(move || {
        let mut line = String::new();
        lines.by_ref().take(LONGEST).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    })
}
