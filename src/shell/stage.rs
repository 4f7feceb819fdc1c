//! The second window: a Unix socket in the data folder, to which the stage of the running session is written as JSON
//! lines. Nothing is ever read from it, so that a window shows and cannot act.

use std::io;
use std::path::{Path, PathBuf};

use crate::session::meeting::Stage;

/// The socket's name in the data folder.
const NAME: &str = "stage.sock";

/// Where a second window finds the stage.
pub fn socket(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Why there is no second window.
#[derive(Debug, thiserror::Error)]
pub enum NoWindow {
    #[error("another session shows its stage already: second windows follow that one")]
    Taken,
    #[error("no second window here: {0}")]
    Io(#[from] io::Error),
    #[cfg_attr(unix, allow(dead_code, reason = "said on other systems"))]
    #[error("a second window needs a Unix socket, which this system does not have: there is one window only")]
    NoSockets,
}

#[cfg(unix)]
pub use unix::{Stages, follow};

#[cfg(not(unix))]
pub use elsewhere::{Stages, follow};

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, Permissions};
    use std::io::{self, BufRead, BufReader, Read, Write};
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Condvar, Mutex, MutexGuard};
    use std::thread;
    use std::time::Duration;

    use super::{NoWindow, Stage, socket};

    /// A window that takes no line for so long is given up.
    const PATIENCE: Duration = Duration::from_secs(2);
    /// How often a window looks for a session.
    const AGAIN: Duration = Duration::from_millis(400);
    /// Windows at the same time; more are turned away.
    const MOST: usize = 32;
    /// The longest line that a window reads.
    const LONGEST: u64 = 4 << 20;

    /// The windows that follow this session. Dropping it ends them.
    pub struct Stages {
        path: PathBuf,
        shared: Arc<Shared>,
    }

    #[derive(Default)]
    struct Shared {
        now: Mutex<Now>,
        changed: Condvar,
    }

    #[derive(Default)]
    struct Now {
        line: Arc<str>,
        /// Grows with each line, so that a window knows whether it has the last one.
        version: u64,
        windows: usize,
        over: bool,
    }

    impl Shared {
        fn lock(&self) -> MutexGuard<'_, Now> {
            // A thread that panicked with it left a whole value behind: each change is one assignment.
            self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
        }
    }

    impl Stages {
        /// Listens in the data folder; a socket that a killed process left behind is replaced.
        ///
        /// # Errors
        /// Another process listens there, or the file system refuses.
        pub fn open(folder: &Path) -> Result<Self, NoWindow> {
            let path = socket(folder);
            if UnixStream::connect(&path).is_ok() {
                return Err(NoWindow::Taken);
            }
            let listener = listen(folder, &path)?;
            let shared = Arc::new(Shared::default());
            let accepting = shared.clone();
            thread::Builder::new().name("stage".to_owned()).spawn(move || accept(&listener, &accepting))?;
            Ok(Self { path, shared })
        }

        /// Writes the stage to every window. Never waits for one: each has a thread of its own, which takes the last
        /// stage there is.
        pub fn show(&self, stage: &Stage) {
            let Ok(line) = serde_json::to_string(stage) else { return };
            let mut now = self.shared.lock();
            now.line = format!("{line}\n").into();
            now.version += 1;
            self.shared.changed.notify_all();
        }

        pub fn windows(&self) -> usize {
            self.shared.lock().windows
        }
    }

    impl Drop for Stages {
        fn drop(&mut self) {
            self.shared.lock().over = true;
            self.shared.changed.notify_all();
            // Wakes the thread that waits for windows, which then ends.
            let _ = UnixStream::connect(&self.path);
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Bound in a folder of our own and moved from there, so that nobody else can open it even for a moment.
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

    fn accept(listener: &UnixListener, shared: &Arc<Shared>) {
        for window in listener.incoming() {
            let mut now = shared.lock();
            if now.over {
                return;
            }
            let Ok(window) = window else {
                drop(now);
                // Out of files, most likely: others may close some.
                thread::sleep(AGAIN);
                continue;
            };
            if now.windows >= MOST {
                continue;
            }
            now.windows += 1;
            drop(now);
            let serving = shared.clone();
            let served = thread::Builder::new().name("window".to_owned()).spawn(move || {
                // Gone, or too slow: it may come again.
                let _ = serve(window, &serving);
                serving.lock().windows -= 1;
            });
            if served.is_err() {
                shared.lock().windows -= 1;
            }
        }
    }

    fn serve(mut window: UnixStream, shared: &Shared) -> io::Result<()> {
        window.set_write_timeout(Some(PATIENCE))?;
        let mut written = 0;
        loop {
            let line = {
                let waits = |now: &mut Now| now.version == written && !now.over;
                let now = shared.changed.wait_while(shared.lock(), waits);
                let now = now.unwrap_or_else(std::sync::PoisonError::into_inner);
                if now.over {
                    return Ok(());
                }
                written = now.version;
                now.line.clone()
            };
            window.write_all(line.as_bytes())?;
        }
    }

    /// Follows the stage for as long as `tell` says so: the stage at each change, `None` when there is no session.
    pub fn follow(folder: &Path, mut tell: impl FnMut(Option<Stage>) -> bool) -> Result<(), NoWindow> {
        let path = socket(folder);
        let mut is_told = false;
        loop {
            if let Ok(stream) = UnixStream::connect(&path) {
                is_told = false;
                let mut lines = BufReader::new(stream);
                let mut line = String::new();
                while lines.by_ref().take(LONGEST).read_line(&mut line).is_ok_and(|n| n > 0) {
                    let Ok(stage) = serde_json::from_str(&line) else { break };
                    if !tell(Some(stage)) {
                        return Ok(());
                    }
                    line.clear();
                }
            }
            if !is_told && !tell(None) {
                return Ok(());
            }
            is_told = true;
            thread::sleep(AGAIN);
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::path::Path;

    use super::{NoWindow, Stage};

    pub struct Stages;

    impl Stages {
        /// # Errors
        /// Always: there are no Unix sockets here.
        pub fn open(_: &Path) -> Result<Self, NoWindow> {
            Err(NoWindow::NoSockets)
        }

        pub fn show(&self, _: &Stage) {}

        pub fn windows(&self) -> usize {
            0
        }
    }

    /// # Errors
    /// Always: there are no Unix sockets here.
    pub fn follow(_: &Path, _: impl FnMut(Option<Stage>) -> bool) -> Result<(), NoWindow> {
        Err(NoWindow::NoSockets)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};
    use std::{fs, thread};

    use super::*;
    use crate::session::meeting::stage::Scene;

    const SOON: Duration = Duration::from_secs(20);

    fn stage(question: usize) -> Stage {
        Stage { question, questions: 6, topic: None, people: 1, read: 0, scene: Scene::Waiting }
    }

    #[test]
    fn every_window_follows_and_sees_the_end_and_the_next_session() {
        let folder = tempfile::tempdir().unwrap();
        let (tell, told) = channel();
        for _ in 0..3 {
            let (tell, folder) = (tell.clone(), folder.path().to_owned());
            thread::spawn(move || follow(&folder, |stage| tell.send(stage.map(|s| s.question)).is_ok()));
        }
        let all_see = |wanted: Option<usize>| {
            let mut seen = 0;
            while seen < 3 {
                seen += usize::from(told.recv_timeout(SOON).expect("the windows go on") == wanted);
            }
        };
        all_see(None);
        for session in [1, 4] {
            let stages = Stages::open(folder.path()).unwrap();
            stages.show(&stage(session));
            all_see(Some(session));
            stages.show(&stage(session + 1));
            all_see(Some(session + 1));
            assert_eq!(stages.windows(), 3);
            drop(stages);
            all_see(None);
            assert!(!socket(folder.path()).exists(), "nothing is left behind");
        }
    }

    #[test]
    fn only_the_owner_may_look_and_a_socket_left_behind_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = socket(folder.path());
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "as after kill -9");
        let stages = Stages::open(folder.path()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(Stages::open(folder.path()), Err(NoWindow::Taken)));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        drop(stages);
    }

    #[test]
    fn a_window_that_does_not_read_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let stages = Stages::open(folder.path()).unwrap();
        let _dead = UnixStream::connect(socket(folder.path())).unwrap();
        let alive = UnixStream::connect(socket(folder.path())).unwrap();
        let mut big = stage(1);
        big.topic = Some(("x".repeat(100_000).as_str().into(), "y".into()));
        let begun = Instant::now();
        for question in 1..=60 {
            big.question = question;
            stages.show(&big);
        }
        assert!(begun.elapsed() < Duration::from_secs(2), "showing waits for nobody: {:?}", begun.elapsed());
        let last = |line: std::io::Result<String>| line.unwrap().contains("\"question\":60,");
        assert!(BufReader::new(alive).lines().any(last));
    }
}
