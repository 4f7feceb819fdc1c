//! A participant's connection to a session: finds it, connects, and connects again.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::NoRoom;
use super::place::{self, OpenRoom};
use crate::core::text::Text;
use crate::session::meeting::{ROOM_VERSION, RoomFrame, RoomMessage};

/// The pause before looking for a session again.
const PAUSE: Duration = Duration::from_millis(500);
/// The maximum length of a frame, in bytes.
const LONGEST: u64 = 2 << 20;
/// How long sending a message may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which session to join, and as whom.
#[derive(Clone, Debug, Default)]
pub struct Invitation {
    /// The folder of the socket.
    pub folder: Option<PathBuf>,
    /// The login of the mentor.
    pub mentor: Option<String>,
    /// The name of the participant, on an account that several people share.
    pub name: Option<String>,
}

/// The way to the session while there is a connection.
#[derive(Clone, Default)]
pub struct Connection(Arc<Mutex<Option<UnixStream>>>);

impl Connection {
    fn set(&self, stream: Option<UnixStream>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stream;
    }

    /// Sends a message; returns `false` if there is no connection.
    pub fn send(&self, message: &RoomMessage) -> bool {
        let Ok(line) = serde_json::to_string(message) else {
            return false;
        };
        let stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut stream) = stream.as_ref() else {
            return false;
        };
        stream.write_all((line + "\n").as_bytes()).is_ok()
    }
}

/// Calls `tell` with each frame, and with `None`, [`RoomFrame::Stopped`] or [`RoomFrame::Shut`] when the connection is lost or there is no session
/// yet, until it returns `false` or the session refuses the participant.
///
/// # Errors
/// It isn't clear which session to join, or its folder can't be used.
pub fn attend(
    invitation: &Invitation,
    connection: &Connection,
    mut tell: impl FnMut(Option<RoomFrame>) -> bool,
) -> Result<(), NoRoom> {
    let mut told = None;
    let mut had_session = false;
    loop {
        if let Some(stream) = find(invitation)?.and_then(|room| connect(&room, invitation).ok()) {
            connection.set(stream.try_clone().ok());
            for frame in frames(stream) {
                (told, had_session) = (None, true);
                let is_refused = matches!(frame, RoomFrame::Refused { .. });
                if !tell(Some(frame)) || is_refused {
                    return Ok(());
                }
            }
            connection.set(None);
        }
        let waiting = match had_session {
            true => Some(RoomFrame::Stopped),
            false => waiting(invitation),
        };
        if told.as_ref() != Some(&waiting) {
            if !tell(waiting.clone()) {
                return Ok(());
            }
            told = Some(waiting);
        }
        thread::sleep(PAUSE);
    }
}

/// Returns what is told before there was a connection: that folders can't be opened, if that may be the reason. Only the
/// one that the participant chose is named: the others may be of strangers.
fn waiting(invitation: &Invitation) -> Option<RoomFrame> {
    let folder = chosen_folder(invitation);
    let is_shut = match &folder {
        Some(folder) => matches!(place::room_in(folder), Err(NoRoom::Shut(_))),
        None => place::is_any_shut(),
    };
    let folder = folder.map(|folder| Text::new(&folder.display().to_string()));
    is_shut.then_some(RoomFrame::Shut { folder })
}

fn chosen_folder(invitation: &Invitation) -> Option<PathBuf> {
    let of_mentor = || invitation.mentor.as_deref().map(place::default_folder);
    invitation.folder.clone().or_else(of_mentor)
}

fn find(invitation: &Invitation) -> Result<Option<OpenRoom>, NoRoom> {
    if let Some(folder) = chosen_folder(invitation) {
        return match place::room_in(&folder) {
            // It may be opened for the participant's group later.
            Err(NoRoom::Shut(_)) => Ok(None),
            found => found,
        };
    }
    let mut rooms = place::rooms();
    match rooms.len() {
        0 => Ok(None),
        1 => Ok(rooms.pop().map(|(_, room)| room)),
        _ => Err(NoRoom::Several(
            rooms.into_iter().map(|(mentor, _)| mentor).collect(),
        )),
    }
}

fn connect(room: &OpenRoom, invitation: &Invitation) -> io::Result<UnixStream> {
    let stream = UnixStream::connect(&room.path)?;
    check_owner(&stream, room.owner)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let hello = RoomMessage::Hello {
        version: ROOM_VERSION,
        name: invitation.name.clone(),
    };
    let line = serde_json::to_string(&hello)? + "\n";
    (&stream).write_all(line.as_bytes())?;
    Ok(stream)
}

/// Checks that the process that listens is one of the user who owns the folder.
#[cfg(target_os = "linux")]
fn check_owner(stream: &UnixStream, owner: u32) -> io::Result<()> {
    let peer = rustix::net::sockopt::socket_peercred(stream)?;
    match peer.uid.as_raw() == owner {
        true => Ok(()),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn check_owner(_: &UnixStream, _: u32) -> io::Result<()> {
    Ok(())
}

/// Reads frames until the connection ends or sends invalid data.
fn frames(stream: UnixStream) -> impl Iterator<Item = RoomFrame> {
    let mut lines = BufReader::new(stream);
    std::iter::from_fn(move || {
        let mut line = String::new();
        lines.by_ref().take(LONGEST).read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    })
}
