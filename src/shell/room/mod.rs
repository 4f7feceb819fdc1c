//! A session that is open for others on the same machine: participants connect to a Unix socket in a folder of its own.
//! Who they are is known from their login.

use std::io;
use std::path::PathBuf;

#[cfg(unix)]
mod guest;
#[cfg(unix)]
mod place;
#[cfg(unix)]
mod server;
#[cfg(all(test, unix))]
mod tests;

#[cfg(unix)]
pub use guest::{Connection, Invitation, attend};
#[cfg(unix)]
pub use server::Room;

/// The reason why a session can't be opened for others, or can't be joined.
#[derive(Debug, thiserror::Error)]
pub enum NoRoom {
    #[error("{} is too long for a socket: choose a shorter folder with --at", .0.display())]
    TooLong(PathBuf),
    #[error("{} is a link or no folder: choose another one with --at", .0.display())]
    NoFolder(PathBuf),
    #[error("{} belongs to someone else: choose another folder with --at", .0.display())]
    NotYours(PathBuf),
    #[error(
        "others can change {}, so that they could replace the folder in it: choose another folder with --at",
        .0.display()
    )]
    Writable(PathBuf),
    #[error("there is no group {0} on this machine")]
    NoGroup(String),
    #[error("{} can't be opened with your login: ask your mentor to open the session for a group of yours", .0.display())]
    Shut(PathBuf),
    #[error("you are not a member of the group {0}, so you can't let it in")]
    NotYourGroup(String),
    #[error("another session is open in {}: close it there, or choose another folder with --at", .0.display())]
    Taken(PathBuf),
    #[error("several sessions are open here: choose one with `aethos join --with {}`", .0.join("` or `aethos join --with "))]
    Several(Vec<String>),
    #[error("{}: {error}", .path.display())]
    Io { path: PathBuf, error: io::Error },
    #[cfg_attr(unix, allow(dead_code, reason = "said on other systems"))]
    #[error("joining needs Unix sockets, which this system doesn't have")]
    NoSockets,
}

#[cfg(not(unix))]
pub use elsewhere::{Connection, Invitation, Room, attend};

#[cfg(not(unix))]
mod elsewhere;
