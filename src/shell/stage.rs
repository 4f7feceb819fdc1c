//! The second window: a Unix socket in the data folder, to which the stage of the running session is written as JSON
//! lines. Nothing is read from it, so a window can only show the session.

use std::io;
use std::path::{Path, PathBuf};

use crate::session::meeting::Stage;

/// The name of the socket in the data folder.
const NAME: &str = "stage.sock";

/// Returns the path of the socket.
pub fn socket(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// The reason why there is no second window.
#[derive(Debug, thiserror::Error)]
pub enum NoWindow {
    #[error("another session already shows its stage: second windows follow that one")]
    Taken,
    #[error("a second window isn't possible here: {0}")]
    Io(#[from] io::Error),
    #[cfg_attr(unix, allow(dead_code, reason = "said on other systems"))]
    #[error("a second window needs a Unix socket, which this system doesn't have")]
    NoSockets,
}

#[cfg(unix)]
pub use unix::{Stages, follow};

#[cfg(not(unix))]
pub use elsewhere::{Stages, follow};

#[cfg(unix)]
pub(super) use outgoing::{Outgoing, wait};
#[cfg(unix)]
pub(super) use unix::{bind_privately, is_listening};

#[cfg(unix)]
mod arrivals;
#[cfg(unix)]
mod outgoing;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
mod elsewhere {
    use std::path::Path;

    use super::{NoWindow, Stage};

    pub struct Stages;

    impl Stages {
        /// Returns an error, because this platform has no Unix sockets.
        ///
        /// # Errors
        /// Always.
        pub fn open(_: &Path) -> Result<Self, NoWindow> {
            Err(NoWindow::NoSockets)
        }

        pub fn show(&self, _: &Stage) {}

        pub fn windows(&self) -> usize {
            0
        }
    }

    /// Returns an error, because this platform has no Unix sockets.
    ///
    /// # Errors
    /// Always.
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
        Stage {
            question,
            questions: 6,
            topic: None,
            people: 1,
            read: 0,
            join: None,
            scene: Scene::Waiting,
        }
    }

    #[test]
    fn every_window_follows_and_sees_the_end_and_the_next_session() {
        let folder = tempfile::tempdir().unwrap();
        let (tell, told) = channel();
        for _ in 0..3 {
            let (tell, folder) = (tell.clone(), folder.path().to_owned());
            thread::spawn(move || {
                follow(&folder, |stage| {
                    tell.send(stage.map(|s| s.question)).is_ok()
                })
            });
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
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
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
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "showing waits for nobody: {:?}",
            begun.elapsed()
        );
        let last = |line: std::io::Result<String>| line.unwrap().contains("\"question\":60,");
        assert!(BufReader::new(alive).lines().any(last));
    }

    /// Waits until the condition is true.
    fn soon(what: &str, holds: impl Fn() -> bool) {
        let until = Instant::now() + SOON;
        while !holds() {
            assert!(Instant::now() < until, "{what}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn windows_that_left_give_their_place_to_others_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = socket(folder.path());
        let stages = Stages::open(folder.path()).unwrap();
        stages.show(&stage(1));
        let gone: Vec<_> = (0..32)
            .map(|_| UnixStream::connect(&path).unwrap())
            .collect();
        soon("all places are taken", || stages.windows() == 32);
        // One more connection waits, and receives the stage without another frame.
        let waiting = UnixStream::connect(&path).unwrap();
        drop(gone);
        let mut line = String::new();
        waiting.set_read_timeout(Some(SOON)).unwrap();
        BufReader::new(waiting).read_line(&mut line).unwrap();
        assert!(line.contains("\"question\":1,"), "{line}");
        soon("nobody is left", || stages.windows() == 0);
    }

    #[test]
    fn a_listener_that_accepts_nobody_blocks_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let path = socket(folder.path());
        let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let (connected, connections) = channel();
        thread::spawn(move || while connected.send(UnixStream::connect(&path)).is_ok() {});
        // Fill the queue of the listener.
        let _full: Vec<_> =
            std::iter::from_fn(|| connections.recv_timeout(Duration::from_millis(300)).ok())
                .collect();
        let begun = Instant::now();
        assert!(matches!(Stages::open(folder.path()), Err(NoWindow::Taken)));
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "the meeting waited for {:?}",
            begun.elapsed()
        );
    }
}
