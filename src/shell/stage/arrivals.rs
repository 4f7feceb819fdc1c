//! A watch that waits until a session creates its socket in the data folder.

#[cfg(target_os = "linux")]
pub use linux::Arrivals;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::Arrivals;

use std::time::Duration;

/// The polling interval if the folder cannot be watched.
const PAUSE: Duration = Duration::from_secs(2);

#[cfg(target_os = "linux")]
mod linux {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use std::thread;

    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};

    use super::PAUSE;
    use crate::shell::stage::NAME;

    /// A watch on the data folder; `None` if the system has none left.
    pub struct Arrivals(Option<OwnedFd>);

    impl Arrivals {
        /// Starts watching. A socket created before [`Arrivals::wait`] is called is noticed too.
        pub fn watch(folder: &Path) -> Self {
            let events = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::ONLYDIR;
            let watched = init(CreateFlags::CLOEXEC)
                .and_then(|watch| add_watch(&watch, folder, events).map(|_| watch));
            Self(watched.ok())
        }

        /// Blocks until the socket appears; returns at once if it already has.
        pub fn wait(&self) {
            let mut buffer = [MaybeUninit::uninit(); 1024];
            let Some(watch) = &self.0 else {
                return thread::sleep(PAUSE);
            };
            let mut events = Reader::new(watch, &mut buffer);
            loop {
                match events.next() {
                    Ok(event)
                        if event
                            .file_name()
                            .is_some_and(|name| name.to_bytes() == NAME.as_bytes()) =>
                    {
                        return;
                    }
                    // The event queue overflowed.
                    Ok(event) if event.events().contains(ReadFlags::QUEUE_OVERFLOW) => return,
                    Ok(event) if !event.events().contains(ReadFlags::IGNORED) => {}
                    // The folder is gone, but may be created again.
                    _ => return thread::sleep(PAUSE),
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::path::Path;
    use std::thread;

    use super::PAUSE;

    /// Polls the folder, because watching it on these systems requires unsafe code.
    pub struct Arrivals;

    impl Arrivals {
        pub fn watch(_: &Path) -> Self {
            Self
        }

        pub fn wait(&self) {
            thread::sleep(PAUSE);
        }
    }
}
