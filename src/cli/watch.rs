//! Tells the loop when something happens in the folder of the history, which may be that it was replaced.

use std::path::Path;

/// Starts a thread that sleeps until a file of the folder appears, goes away or was written, and then calls `tell`, until
/// that returns `false`. Where there is no such thread, the next action notices the same.
#[cfg(target_os = "linux")]
pub fn watch(history: &Path, mut tell: impl FnMut() -> bool + Send + 'static) {
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
            if events.is_buffer_empty() && !tell() {
                return;
            }
        }
    });
}

/// Elsewhere the next action notices it.
#[cfg(not(target_os = "linux"))]
pub fn watch(_: &Path, _: impl FnMut() -> bool + Send + 'static) {}
