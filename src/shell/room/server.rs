//! The server of a session that is open for others: one thread, which sleeps until something happens.
//!
//! Participants are not trusted. Their messages have a limited size and rate; one that reads nothing is disconnected,
//! and costs no memory until then, because only its latest state is kept.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::{NoRoom, place};
use crate::app::room::{GuestId, RoomNews, RoomUpdate};
use crate::core::text::Text;
use crate::session::meeting::{ROOM_VERSION, RoomFrame, RoomMessage, RoomPlace, seated_line};
use crate::shell::stage::{Outgoing, wait};

/// How long a participant may read nothing.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the first message may take; aethos sends it at once.
const HELLO: Duration = Duration::from_secs(3);
/// The minimum interval between two frames for a participant.
const FRAME: Duration = Duration::from_millis(34);
/// The pause after running out of file descriptors.
const PAUSE: Duration = Duration::from_millis(400);
/// The maximum number of connections. A further one takes the place of the one that has said nothing for longest; if all
/// have said something, it waits in the listener's queue.
const MOST: usize = 64;
/// The maximum length of a message, in bytes.
const LONGEST: usize = 64 * 1024;
/// The maximum number of messages in a second.
const MOST_MESSAGES: u32 = 50;
/// The maximum number of characters of a name that a participant gives.
const LONGEST_NAME: usize = 80;

/// The server. Dropping it disconnects everyone and removes the socket.
pub struct Room {
    path: PathBuf,
    shared: Arc<Mutex<Shared>>,
    /// A pipe whose bytes wake the server thread.
    wake: UnixStream,
}

/// The state shared by the session and the server thread.
#[derive(Default)]
struct Shared {
    /// The latest line of each connection.
    lines: BTreeMap<GuestId, Line>,
    version: u64,
    over: bool,
}

#[derive(Clone)]
struct Line {
    text: Arc<str>,
    version: u64,
    /// The connection ends after this line.
    is_last: bool,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    // Every change is complete before anything can panic, so the lock's data is valid.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Room {
    /// Checks that a session can be opened at a place.
    ///
    /// # Errors
    /// The place can't be used.
    pub fn check(place: &RoomPlace) -> Result<(), NoRoom> {
        place::check(place).map(drop)
    }

    /// Opens a socket at `place`, and calls `tell` with the messages of participants until it returns `false`.
    ///
    /// # Errors
    /// The place can't be used.
    pub fn open(
        place: &RoomPlace,
        tell: impl Fn(RoomNews) -> bool + Send + 'static,
    ) -> Result<Self, NoRoom> {
        let (listener, path) = place::listen(place)?;
        let failed = |error| NoRoom::Io {
            path: path.clone(),
            error,
        };
        let shared = Arc::new(Mutex::new(Shared::default()));
        let start = || {
            listener.set_nonblocking(true)?;
            let (wake, woken) = UnixStream::pair()?;
            wake.set_nonblocking(true)?;
            woken.set_nonblocking(true)?;
            let server = Server {
                listener,
                woken,
                shared: shared.clone(),
                guests: Vec::new(),
                next: 1,
                resting: None,
                tell: Box::new(tell),
            };
            thread::Builder::new()
                .name("room".to_owned())
                .spawn(move || server.run())?;
            Ok(wake)
        };
        let wake = start().map_err(failed)?;
        Ok(Self { path, shared, wake })
    }

    /// Returns the path of the socket.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sends each connection its latest state, without waiting for them. A connection whose state is the same as before
    /// receives nothing.
    pub fn show(&self, update: &RoomUpdate) {
        let Ok(stage) = serde_json::to_string(&update.stage) else {
            return;
        };
        let seated = update
            .seats
            .iter()
            .map(|(guest, own)| (*guest, seated_line(&stage, own), false));
        let others = update.others.iter().map(|(guest, frame)| {
            let line = serde_json::to_string(frame).unwrap_or_default();
            (
                *guest,
                line + "\n",
                matches!(frame, RoomFrame::Refused { .. }),
            )
        });
        let mut shared = lock(&self.shared);
        for (guest, text, is_last) in seated.chain(others) {
            let is_same = shared
                .lines
                .get(&guest)
                .is_some_and(|line| *line.text == *text);
            if !is_same {
                shared.version += 1;
                let (text, version) = (text.into(), shared.version);
                shared.lines.insert(
                    guest,
                    Line {
                        text,
                        version,
                        is_last,
                    },
                );
            }
        }
        drop(shared);
        self.wake();
    }

    fn wake(&self) {
        // If the pipe is full, the thread has already been woken.
        let _ = (&self.wake).write(&[0]);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        lock(&self.shared).over = true;
        self.wake();
        let _ = fs::remove_file(&self.path);
    }
}

struct Server {
    listener: UnixListener,
    woken: UnixStream,
    shared: Arc<Mutex<Shared>>,
    guests: Vec<Guest>,
    next: GuestId,
    /// The time until which no one is accepted, because the process is out of file descriptors.
    resting: Option<Instant>,
    tell: Box<dyn Fn(RoomNews) -> bool + Send>,
}

impl Server {
    fn run(mut self) {
        loop {
            let lines = {
                let guests = &self.guests;
                let mut shared = lock(&self.shared);
                if shared.over {
                    return self.say_goodbye(&shared.lines);
                }
                // A line may come after its connection was lost.
                let is_here = |id: &GuestId| guests.iter().any(|guest| guest.id == *id);
                shared.lines.retain(|id, _| is_here(id));
                shared.lines.clone()
            };
            let now = Instant::now();
            let shared = self.shared.clone();
            let mut is_heard = true;
            let tell = &self.tell;
            self.guests.retain_mut(|guest| {
                let stays = guest.serve(lines.get(&guest.id), now, tell).is_ok();
                if !stays {
                    lock(&shared).lines.remove(&guest.id);
                    is_heard &= tell(RoomNews::Left { guest: guest.id });
                }
                stays
            });
            if !is_heard || self.wait(&lines).is_err() {
                return;
            }
            let _ = self.woken.read(&mut [0; 64]);
            self.accept();
        }
    }

    /// Sends the last state, which says that the session is over, to those who can take it at once.
    fn say_goodbye(&self, lines: &BTreeMap<GuestId, Line>) {
        for guest in &self.guests {
            if let Some(line) = lines
                .get(&guest.id)
                .filter(|_| !guest.outgoing.is_writing())
            {
                let _ = (&guest.stream).write_all(line.text.as_bytes());
            }
        }
    }

    fn wait(&self, lines: &BTreeMap<GuestId, Line>) -> rustix::io::Result<()> {
        let until = self
            .guests
            .iter()
            .filter_map(|guest| guest.wakes(lines.get(&guest.id)))
            .chain(self.resting)
            .min();
        let connections = self
            .guests
            .iter()
            .map(|guest| (&guest.stream, &guest.outgoing));
        let accepts = self.has_place() && self.resting.is_none();
        let listener = accepts.then_some(&self.listener);
        wait(&self.woken, connections, listener, until)
    }

    /// Returns true if another connection can be accepted.
    fn has_place(&self) -> bool {
        self.guests.len() < MOST || self.guests.iter().any(|guest| !guest.is_known)
    }

    fn accept(&mut self) {
        self.resting = self.resting.filter(|until| *until > Instant::now());
        for _ in 0..MOST {
            if !self.has_place() || self.resting.is_some() {
                return;
            }
            match self.listener.accept() {
                Ok((stream, _)) => {
                    if self.guests.len() >= MOST
                        && let Some(silent) = self.guests.iter().position(|guest| !guest.is_known)
                    {
                        // The guests are in the order of their arrival.
                        self.guests.remove(silent);
                    }
                    if let Ok(guest) = Guest::new(self.next, stream) {
                        self.guests.push(guest);
                    }
                    self.next += 1;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => self.resting = Some(Instant::now() + PAUSE),
            }
        }
    }
}

/// A connection.
struct Guest {
    id: GuestId,
    stream: UnixStream,
    login: Option<Text>,
    outgoing: Outgoing,
    /// The earliest time of the next frame.
    next_frame: Instant,
    /// The beginning of a message.
    incoming: Vec<u8>,
    /// True once the first message arrived.
    is_known: bool,
    since: Instant,
    /// The number of messages in the second that began at `second`.
    messages: u32,
    second: Instant,
}

impl Guest {
    fn new(id: GuestId, stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let now = Instant::now();
        Ok(Self {
            id,
            login: login_of(&stream).map(|login| Text::new(&login)),
            stream,
            outgoing: Outgoing::new(PATIENCE),
            next_frame: now,
            incoming: Vec::new(),
            is_known: false,
            since: now,
            messages: 0,
            second: now,
        })
    }

    /// Reads what the participant sent, and writes the latest line.
    ///
    /// # Errors
    /// The connection ended, or broke a rule.
    fn serve(
        &mut self,
        line: Option<&Line>,
        now: Instant,
        tell: &dyn Fn(RoomNews) -> bool,
    ) -> io::Result<()> {
        self.read(tell)?;
        if !self.is_known && now > self.since + HELLO {
            return Err(ErrorKind::TimedOut.into());
        }
        let latest = line.filter(|line| line.version != self.outgoing.version());
        let may_begin = now >= self.next_frame;
        if latest.is_some() && may_begin && !self.outgoing.is_writing() {
            self.next_frame = now + FRAME;
        }
        let next = latest.filter(|_| may_begin);
        self.outgoing
            .write(&self.stream, next.map(|line| (&line.text, line.version)))?;
        let is_over = line.is_some_and(|line| {
            line.is_last && self.outgoing.version() == line.version && !self.outgoing.is_writing()
        });
        match is_over {
            true => Err(ErrorKind::ConnectionAborted.into()),
            false => Ok(()),
        }
    }

    /// Returns the time at which something is due without an event on the connection.
    fn wakes(&self, line: Option<&Line>) -> Option<Instant> {
        let is_waiting = line.is_some_and(|line| line.version != self.outgoing.version());
        let frame = (is_waiting && !self.outgoing.is_writing()).then_some(self.next_frame);
        let hello = (!self.is_known).then(|| self.since + HELLO);
        frame
            .into_iter()
            .chain(hello)
            .chain(self.outgoing.deadline())
            .min()
    }

    fn read(&mut self, tell: &dyn Fn(RoomNews) -> bool) -> io::Result<()> {
        let mut chunk = [0; 4096];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(ErrorKind::ConnectionAborted.into()),
                Ok(n) => self.incoming.extend_from_slice(&chunk[..n]),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
            while let Some(end) = self.incoming.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.incoming.drain(..=end).collect();
                self.hear(&line, tell)?;
            }
            if self.incoming.len() > LONGEST {
                return Err(ErrorKind::InvalidData.into());
            }
        }
    }

    /// Handles a message.
    ///
    /// # Errors
    /// It can't be read, comes out of order, or is one too many.
    fn hear(&mut self, line: &[u8], tell: &dyn Fn(RoomNews) -> bool) -> io::Result<()> {
        let invalid = || io::Error::from(ErrorKind::InvalidData);
        if self.second.elapsed() > Duration::from_secs(1) {
            (self.second, self.messages) = (Instant::now(), 0);
        }
        self.messages += 1;
        if self.messages > MOST_MESSAGES || line.len() > LONGEST {
            return Err(invalid());
        }
        let guest = self.id;
        let news = match serde_json::from_slice(line).map_err(|_| invalid())? {
            RoomMessage::Hello { version, name } if !self.is_known => {
                if version != ROOM_VERSION {
                    return Err(invalid());
                }
                self.is_known = true;
                let short = |name: String| -> String { name.chars().take(LONGEST_NAME).collect() };
                RoomNews::Knocked {
                    guest,
                    login: self.login.clone(),
                    name: name.map(|name| Text::new(&Text::new(&short(name)).line())),
                }
            }
            RoomMessage::Vote(vote) if self.is_known => RoomNews::Voted { guest, vote },
            _ => return Err(invalid()),
        };
        match tell(news) {
            true => Ok(()),
            false => Err(ErrorKind::ConnectionAborted.into()),
        }
    }
}

/// Returns the login of the process at the other end.
#[cfg(target_os = "linux")]
fn login_of(stream: &UnixStream) -> Option<String> {
    let peer = rustix::net::sockopt::socket_peercred(stream).ok()?;
    Some(place::login(peer.uid.as_raw()))
}

/// Returns nothing: on other systems the login is not available without unsafe code.
#[cfg(not(target_os = "linux"))]
fn login_of(_: &UnixStream) -> Option<String> {
    None
}
