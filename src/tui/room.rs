//! The people who joined the running mentor session from elsewhere.

use std::collections::BTreeMap;

use super::app::Turn;
use super::meeting::RunningMeeting;
use crate::app::effect::Effect;
use crate::app::room::{GuestId, RoomNews, RoomUpdate};
use crate::core::text::Text;
use crate::session::meeting::chat::{ChatNames, Sender};
use crate::session::meeting::{Event, OwnSeat, RoomFrame, RoomPlace, RoomVote};

/// A session that is open for others.
pub struct OpenRoom {
    /// The path of the socket.
    pub path: String,
    guests: BTreeMap<GuestId, Guest>,
    /// What the connections show.
    shown: Option<RoomUpdate>,
}

/// A connection.
struct Guest {
    login: Option<Text>,
    /// The name that they gave, or else their login.
    name: Text,
    state: GuestState,
    /// The number of their last message.
    heard: u64,
}

#[derive(Clone, Debug, PartialEq)]
enum GuestState {
    /// The mentor has to say who it is; the seats whose names fit.
    Waiting(Vec<usize>),
    Seated(usize),
    Refused(&'static str),
}

const OUTSIDER: &str = "your mentor says that you take no part in this session";
const OTHER_LOGIN: &str = "someone with another login has this seat; tell your mentor";
const NOT_YOU: &str = "your login belongs to another participant: join without --as";
const AGAIN: &str = "you joined again from elsewhere, and continue there";

impl OpenRoom {
    pub fn new(path: String) -> Self {
        Self {
            path,
            guests: BTreeMap::new(),
            shown: None,
        }
    }

    /// Returns true if the person in a seat is connected.
    pub fn is_here(&self, seat: usize) -> bool {
        self.guests
            .values()
            .any(|guest| guest.state == GuestState::Seated(seat))
    }

    /// Returns the number of people who are connected and have a seat.
    pub fn here(&self) -> usize {
        let is_seated = |guest: &&Guest| matches!(guest.state, GuestState::Seated(_));
        self.guests.values().filter(is_seated).count()
    }

    /// Returns the name of a person who waits to be let in, and the seats whose names fit.
    pub fn waiting(&self) -> Option<(&Text, &[usize])> {
        self.guests.values().find_map(|guest| match &guest.state {
            GuestState::Waiting(candidates) => Some((&guest.name, candidates.as_slice())),
            _ => None,
        })
    }

    /// Decides who a connection is. A login that is a participant's counts more than the name that was given.
    fn state(&self, login: Option<&Text>, name: Option<&Text>, names: &ChatNames) -> GuestState {
        let find = |name: Option<&Text>| name.map(|name| names.find(name.as_str()));
        let (by_login, by_name) = (find(login), find(name));
        let seat = match (by_login, by_name) {
            (Some(Sender::Seat(own)), Some(Sender::Seat(given))) if own != given => {
                return GuestState::Refused(NOT_YOU);
            }
            (Some(Sender::Seat(seat)), _) | (_, Some(Sender::Seat(seat))) => seat,
            (_, Some(Sender::Outsider)) | (Some(Sender::Outsider), None) => {
                return GuestState::Refused(OUTSIDER);
            }
            (_, Some(Sender::Several(seats))) | (Some(Sender::Several(seats)), _) => {
                return GuestState::Waiting(seats);
            }
            _ => return GuestState::Waiting(Vec::new()),
        };
        let is_taken = self
            .guests
            .values()
            .any(|other| other.state == GuestState::Seated(seat) && other.login.as_ref() != login);
        match is_taken {
            true => GuestState::Refused(OTHER_LOGIN),
            false => GuestState::Seated(seat),
        }
    }

    /// Seats a connection, or lets it wait. An older connection of the same seat ends.
    fn admit(&mut self, id: GuestId, names: &ChatNames) {
        let Some(guest) = self.guests.get(&id) else {
            return;
        };
        let login = guest.login.clone();
        let is_login = login.as_ref() == Some(&guest.name);
        let name = guest.name.clone();
        let state = self.state(login.as_ref(), Some(&name).filter(|_| !is_login), names);
        if let GuestState::Seated(seat) = state {
            let older = self
                .guests
                .values_mut()
                .filter(|other| other.state == GuestState::Seated(seat));
            older.for_each(|other| other.state = GuestState::Refused(AGAIN));
        }
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.state = state;
        }
    }

    /// Returns what the connections are to show.
    fn update(
        &self,
        running: &RunningMeeting,
        stage: crate::session::meeting::Stage,
    ) -> RoomUpdate {
        let (mut seats, mut others) = (Vec::new(), Vec::new());
        for (id, guest) in &self.guests {
            let name = guest.name.clone();
            match &guest.state {
                GuestState::Seated(seat) => {
                    let name = running.names.get(*seat).unwrap_or(&name);
                    let own = OwnSeat::of(running.meeting(), *seat, name, guest.heard);
                    seats.push((*id, own));
                }
                GuestState::Waiting(_) => others.push((*id, RoomFrame::Lobby { name })),
                GuestState::Refused(why) => {
                    let why = Text::new(why);
                    others.push((*id, RoomFrame::Refused { why }));
                }
            }
        }
        RoomUpdate {
            stage: Box::new(stage.apart()),
            seats,
            others,
        }
    }
}

impl Turn<'_> {
    /// Opens the session for others, or closes it.
    pub fn switch_room(&mut self) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        if running.room.take().is_none() {
            let place = running.meeting().room().cloned().unwrap_or_default();
            return self.effect(Effect::OpenRoom(place));
        }
        self.effect(Effect::CloseRoom);
        if let Err(refused) = self.record_meeting(Event::Room { place: None }) {
            return self.tell(refused.to_string());
        }
        self.tell("closed: nobody can join, and those who had joined are disconnected");
    }

    /// Notes that the session is open, so that it is opened again when it is resumed.
    pub fn room_opened(&mut self, path: String, place: RoomPlace) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let words = match &place.folder {
            None => format!("open at {path}: participants run `aethos join`"),
            Some(folder) => format!("open: participants run `aethos join --at {folder}`"),
        };
        running.room = Some(OpenRoom::new(path));
        if running.meeting().room() != Some(&place)
            && let Err(refused) = self.record_meeting(Event::Room { place: Some(place) })
        {
            return self.tell(refused.to_string());
        }
        self.tell(words);
    }

    /// Handles a message of someone who joined.
    pub fn room_news(&mut self, news: RoomNews) {
        if !matches!(news, RoomNews::Voted { .. }) {
            // The status line shows who has joined.
            self.model.told = None;
        }
        match news {
            RoomNews::Knocked { guest, login, name } => self.knocked(guest, login, name),
            RoomNews::Voted { guest, vote } => self.voted(guest, &vote),
            RoomNews::Left { guest } => {
                if let Some(room) = self.room() {
                    room.guests.remove(&guest);
                }
            }
        }
        self.show_room();
    }

    fn room(&mut self) -> Option<&mut OpenRoom> {
        self.model.meeting.as_mut()?.room.as_mut()
    }

    fn knocked(&mut self, id: GuestId, login: Option<Text>, name: Option<Text>) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let Some(room) = &mut running.room else {
            return;
        };
        let name = name
            .filter(|name| !name.is_empty())
            .or_else(|| login.clone())
            .unwrap_or_else(|| "someone".into());
        let guest = Guest {
            login,
            name,
            state: GuestState::Waiting(Vec::new()),
            heard: 0,
        };
        room.guests.insert(id, guest);
        room.admit(id, &running.chat_names);
        if room.waiting().is_some() {
            self.tell("someone wants to join: the console asks who it is");
        }
    }

    fn voted(&mut self, id: GuestId, vote: &RoomVote) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let Some(guest) = running
            .room
            .as_mut()
            .and_then(|room| room.guests.get_mut(&id))
        else {
            return;
        };
        let GuestState::Seated(seat) = guest.state else {
            return;
        };
        guest.heard = vote.n;
        // A vote that comes too late or doesn't fit is not recorded; the frame that follows shows the one that counts.
        let events = running.meeting().recording_message(seat, vote);
        for event in events.unwrap_or_default() {
            let _ = self.record_meeting(event);
        }
    }

    /// Remembers whose name this is, and lets in those who wait under it. `None` refuses them.
    pub fn assign_guest(&mut self, name: &str, seat: Option<usize>) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        running.chat_names.assign(name, seat);
        if let Some(room) = &mut running.room {
            let is_waiting = |(id, guest): (&GuestId, &Guest)| {
                let waits = matches!(guest.state, GuestState::Waiting(_));
                (waits && guest.name.as_str() == name).then_some(*id)
            };
            let waiting: Vec<GuestId> = room.guests.iter().filter_map(is_waiting).collect();
            for id in waiting {
                room.admit(id, &running.chat_names);
            }
        }
        self.show_room();
    }

    /// Updates the screens of those who joined, if they have changed.
    pub fn show_room(&mut self) {
        let Some(running) = &self.model.meeting else {
            return;
        };
        let Some(room) = &running.room else {
            return;
        };
        let update = room.update(running, running.stage(&self.model.home.blueprint));
        if room.shown.as_ref() == Some(&update) {
            return;
        }
        if let Some(room) = self.room() {
            room.shown = Some(update.clone());
        }
        self.effect(Effect::ToRoom(Box::new(update)));
    }
}
