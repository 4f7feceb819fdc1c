//! Joining on systems without Unix sockets: a sentence says that it isn't possible.

use std::path::{Path, PathBuf};

use super::NoRoom;
use crate::app::room::{RoomNews, RoomUpdate};
use crate::session::meeting::{RoomFrame, RoomMessage, RoomPlace};

pub struct Room;

impl Room {
    /// Returns an error, because this platform has no Unix sockets.
    ///
    /// # Errors
    /// Always.
    pub fn check(_: &RoomPlace) -> Result<(), NoRoom> {
        Err(NoRoom::NoSockets)
    }

    /// Returns an error, because this platform has no Unix sockets.
    ///
    /// # Errors
    /// Always.
    pub fn open(
        _: &RoomPlace,
        _: impl Fn(RoomNews) -> bool + Send + 'static,
    ) -> Result<Self, NoRoom> {
        Err(NoRoom::NoSockets)
    }

    pub fn show(&self, _: &RoomUpdate) {}

    pub fn path(&self) -> &Path {
        Path::new("")
    }
}

/// Which session to join, and as whom.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    pub folder: Option<PathBuf>,
    pub mentor: Option<String>,
    pub name: Option<String>,
}

#[derive(Clone, Default)]
pub struct Connection;

impl Connection {
    pub fn send(&self, _: &RoomMessage) -> bool {
        false
    }
}

/// Returns an error, because this platform has no Unix sockets.
///
/// # Errors
/// Always.
pub fn attend(
    _: &Invitation,
    _: &Connection,
    _: impl FnMut(Option<RoomFrame>) -> bool,
) -> Result<(), NoRoom> {
    Err(NoRoom::NoSockets)
}
