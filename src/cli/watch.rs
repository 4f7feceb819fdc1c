//! A watch on the folder of the history, to notice when the history's file is replaced.

use std::path::Path;

/// Starts a thread that calls `tell` whenever a file in the folder is created, deleted or written, until `tell` returns
/// `false`. Without the thread, the change is noticed at the next action.
#[cfg(target_os = "linux")]
pub fn watch(history: &Path, mut tell: impl FnMut() -> bool + Send + 'static) {
    use std::mem::MaybeUninit;
    use std::thread;

    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};

    let changes = WatchFlags::CREATE
        | WatchFlags::MODIFY
        | WatchFlags::DELETE
        | WatchFlags::MOVE
        | WatchFlags::CLOSE_WRITE
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF;
    let Some((folder, name)) = history.parent().zip(history.file_name()) else {
        return;
    };
    let database = name.as_encoded_bytes().to_owned();
    let Ok(watcher) = init(CreateFlags::CLOEXEC) else {
        return;
    };
    if add_watch(&watcher, folder, changes).is_err() {
        return;
    }
    // Without the thread, the change is noticed a little later.
    let _ = thread::Builder::new()
        .name("history".to_owned())
        .spawn(move || {
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut events = Reader::new(watcher, &mut buffer);
            let mut is_relevant = false;
            while let Ok(event) = events.next() {
                // The journal is modified with each answer, but a database that is truncated in place may stay open.
                let is_database = event
                    .file_name()
                    .is_some_and(|name| *name.to_bytes() == *database);
                is_relevant |= is_database || !event.events().contains(ReadFlags::MODIFY);
                if is_relevant && events.is_buffer_empty() {
                    if !tell() {
                        return;
                    }
                    is_relevant = false;
                }
            }
        });
}

/// Does nothing on other platforms; a change is noticed at the next action.
#[cfg(not(target_os = "linux"))]
pub fn watch(_: &Path, _: impl FnMut() -> bool + Send + 'static) {}
