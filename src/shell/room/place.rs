//! The folder of the socket: where it is, and that nobody else can replace it.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Group, Uid, User, getgroups};
use rustix::net::SocketAddrUnix;

use super::NoRoom;
use crate::session::meeting::RoomPlace;
use crate::shell::stage::{bind_privately, is_listening};

/// The name of the socket in its folder.
pub const NAME: &str = "join.sock";
/// The folder for the default folders of all mentors.
const PARENT: &str = "/tmp";
/// The beginning of the name of a default folder, before the mentor's login.
const PREFIX: &str = "aethos-";
/// Nobody but its owner can remove the socket from the folder, though the group may write there.
const STICKY: u32 = 0o1000;

fn failed(path: &Path) -> impl Fn(io::Error) -> NoRoom {
    move |error| NoRoom::Io {
        path: path.to_owned(),
        error,
    }
}

/// Returns the login of a user; the number if there is none.
pub fn login(uid: u32) -> String {
    let user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    user.map_or_else(|| uid.to_string(), |user| user.name)
}

/// Returns the default folder of a login.
pub fn default_folder(login: &str) -> PathBuf {
    Path::new(PARENT).join(format!("{PREFIX}{login}"))
}

/// Checks that a session can be opened at a place, without changing anything. Returns the folder and the group.
///
/// # Errors
/// There is no such group, the folder can't be used safely, another session is open there, or the file system fails.
pub fn check(place: &RoomPlace) -> Result<(PathBuf, Option<Gid>), NoRoom> {
    let own = Uid::effective().as_raw();
    let folder = place
        .folder
        .as_ref()
        .map_or_else(|| default_folder(&login(own)), PathBuf::from);
    let folder = absolute(&folder)?;
    let path = folder.join(NAME);
    // The socket is created under a longer name first.
    let longest = folder.join(format!(".s{}/s", u32::MAX));
    if SocketAddrUnix::new(&longest).is_err() {
        return Err(NoRoom::TooLong(folder));
    }
    let group = place.group.as_deref().map(group).transpose()?;
    match check_folder(&folder, own) {
        Err(NoRoom::Io { error, .. }) if error.kind() == ErrorKind::NotFound => {}
        Err(why) => return Err(why),
        Ok(()) if is_listening(&path).map_err(failed(&path))? => {
            return Err(NoRoom::Taken(folder));
        }
        Ok(()) => {}
    }
    Ok((folder, group))
}

/// Prepares the folder, and listens in it.
///
/// # Errors
/// As for [`check`].
pub fn listen(place: &RoomPlace) -> Result<(UnixListener, PathBuf), NoRoom> {
    let (folder, group) = check(place)?;
    let path = folder.join(NAME);
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(failed(&folder)(error));
        }
        // Someone else may have created it in the meantime.
        _ => check_folder(&folder, Uid::effective().as_raw())?,
    }
    let (of_folder, of_socket) = match group {
        Some(_) => (STICKY | 0o770, 0o660),
        None => (0o700, 0o600),
    };
    if let Some(group) = group {
        chown(&folder, None, Some(group.as_raw())).map_err(failed(&folder))?;
    }
    fs::set_permissions(&folder, Permissions::from_mode(of_folder)).map_err(failed(&folder))?;
    let listener = bind_privately(&folder, &path, |fresh| {
        if let Some(group) = group {
            chown(fresh, None, Some(group.as_raw()))?;
        }
        fs::set_permissions(fresh, Permissions::from_mode(of_socket))
    })
    .map_err(failed(&path))?;
    Ok((listener, path))
}

/// Returns the path with the links of its parents resolved, none of which others may change.
fn absolute(folder: &Path) -> Result<PathBuf, NoRoom> {
    let absolute = std::path::absolute(folder).map_err(failed(folder))?;
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(NoRoom::NoFolder(absolute));
    };
    let parent = parent.canonicalize().map_err(failed(parent))?;
    let own = Uid::effective().as_raw();
    for above in parent.ancestors() {
        let found = fs::symlink_metadata(above).map_err(failed(above))?;
        let is_trusted = found.uid() == 0 || found.uid() == own;
        let is_open = found.mode() & 0o022 != 0 && found.mode() & STICKY == 0;
        if !is_trusted || is_open {
            return Err(NoRoom::Writable(above.to_owned()));
        }
    }
    Ok(parent.join(name))
}

/// Checks that the path is a folder of this user and no link.
fn check_folder(folder: &Path, own: u32) -> Result<(), NoRoom> {
    let found = fs::symlink_metadata(folder).map_err(failed(folder))?;
    if !found.is_dir() {
        return Err(NoRoom::NoFolder(folder.to_owned()));
    }
    if found.uid() != own {
        return Err(NoRoom::NotYours(folder.to_owned()));
    }
    Ok(())
}

fn group(name: &str) -> Result<Gid, NoRoom> {
    let found = Group::from_name(name).ok().flatten();
    let gid = found.ok_or_else(|| NoRoom::NoGroup(name.to_owned()))?.gid;
    let is_member = Gid::effective() == gid || getgroups().is_ok_and(|of| of.contains(&gid));
    match is_member || Uid::effective().is_root() {
        true => Ok(gid),
        false => Err(NoRoom::NotYourGroup(name.to_owned())),
    }
}

/// A session that can be joined.
pub struct OpenRoom {
    pub path: PathBuf,
    /// The user who owns the folder and the socket.
    pub owner: u32,
}

/// Finds the socket in a folder. Both must belong to the same user; otherwise somebody else who may write in the
/// folder could have put it there. Returns `None` if the folder has no session.
///
/// # Errors
/// The folder can't be read; `Ok(None)` if there is no session in it.
pub fn room_in(folder: &Path) -> Result<Option<OpenRoom>, NoRoom> {
    let path = folder.join(NAME);
    let found = match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => found.map_err(failed(folder))?,
    };
    if !found.is_dir() {
        return Err(NoRoom::NoFolder(folder.to_owned()));
    }
    let socket = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(NoRoom::Shut(folder.to_owned()));
        }
        socket => socket.map_err(failed(&path))?,
    };
    let is_theirs = socket.file_type().is_socket() && socket.uid() == found.uid();
    Ok(is_theirs.then_some(OpenRoom {
        path,
        owner: found.uid(),
    }))
}

/// Returns the default folders of mentors, with their logins.
fn default_folders() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(PARENT).into_iter().flatten().flatten();
    let mentor = |name: &OsStr| Some(name.to_str()?.strip_prefix(PREFIX)?.to_owned());
    entries
        .filter_map(|entry| Some((mentor(&entry.file_name())?, entry.path())))
        .collect()
}

/// Returns true if there is a default folder that this user can't look into.
pub fn is_any_shut() -> bool {
    default_folders().into_iter().any(|(mentor, folder)| {
        is_owned_by(&folder, &mentor) && matches!(room_in(&folder), Err(NoRoom::Shut(_)))
    })
}

fn is_owned_by(folder: &Path, of: &str) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|found| login(found.uid()) == of)
}

/// Finds the sessions in default folders that this user may join, with the logins of their mentors. A folder counts only
/// if it belongs to the login in its name.
pub fn rooms() -> Vec<(String, OpenRoom)> {
    let mut rooms: Vec<(String, OpenRoom)> = default_folders()
        .into_iter()
        .filter_map(|(mentor, folder)| {
            let room = room_in(&folder).ok().flatten()?;
            (login(room.owner) == mentor).then_some((mentor, room))
        })
        .collect();
    rooms.sort_by(|one, other| one.0.cmp(&other.0));
    rooms
}
