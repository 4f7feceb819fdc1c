//! Tells the loop when something happens in the folder of the history, which may be that it was replaced.

use std::path::Path;
use std::sync::mpsc::Sender;

use crate::tui::run::Message;

/// Starts a thread that sleeps until a file of the folder appears, goes away or was written. Where there is none, the
/// next action notices the same.
#[cfg(target_os = "linux")]
pub fn watch(history: &Path, to_loop: Sender<Message>) {
    use std::mem::MaybeUninit;
    use std::thread;

    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};

    let changes = WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MOVE
        | WatchFlags::CLOSE_WRITE
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF;
    let Some(folder) = history.parent() else { return };
    let Ok(watcher) = init(CreateFlags::CLOEXEC) else { return };
    if add_watch(&watcher, folder, changes).is_err() {
        return;
    }
    // Without a thread it is noticed a little later.
    let _ = thread::Builder::new().name("history".to_owned()).spawn(move || {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut events = Reader::new(watcher, &mut buffer);
        while events.next().is_ok() {
            if events.is_buffer_empty() && to_loop.send(Message::FilesChanged).is_err() {
                return;
            }
        }
    });
}

/// Elsewhere the next action notices it.
#[cfg(not(target_os = "linux"))]
pub fn watch(_: &Path, _: Sender<Message>) {}
