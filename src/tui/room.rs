//! The people who joined the running mentor session from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

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
    /// The seats in which someone was connected, now or before.
    joined: BTreeSet<usize>,
    /// What the connections show.
    shown: Option<RoomUpdate>,
}

/// The seats of those who joined, as the mentor has said: by login and by the name that they gave, because two logins may
/// give the same name. `None` means that the mentor wants to be asked again.
pub type Decisions = BTreeMap<(Option<Text>, Text), Option<usize>>;

/// Someone who waits until the mentor says who it is.
pub struct Waiting<'a> {
    pub name: &'a Text,
    pub login: Option<&'a Text>,
    /// The seats whose names fit.
    pub candidates: &'a [usize],
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

impl Guest {
    fn key(&self) -> (Option<Text>, Text) {
        (self.login.clone(), self.name.clone())
    }

    /// Returns the login as the mentor sees it.
    fn shown(&self) -> String {
        match &self.login {
            Some(login) if *login != self.name => {
                format!("{} as {}", login.line(), self.name.line())
            }
            _ => self.name.line(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum GuestState {
    /// The mentor has to say who it is; the seats whose names fit.
    Waiting(Vec<usize>),
    Seated(usize),
    Refused(&'static str),
}

const OUTSIDER: &str =
    "your mentor says that you take no part in this session; join again if that was a mistake";
const OTHER_LOGIN: &str = "someone with another login has this seat; tell your mentor";
const NOT_YOU: &str = "your login belongs to another participant: join without --as";
const AGAIN: &str = "you joined again from elsewhere, and continue there";

/// Returns the seats that a login has taken under other names, each once.
fn bound(login: &Text, decisions: &Decisions) -> Vec<usize> {
    let of_login = |((of, _), seat): (&(Option<Text>, Text), &Option<usize>)| {
        seat.filter(|_| of.as_ref() == Some(login))
    };
    let seats: BTreeSet<usize> = decisions.iter().filter_map(of_login).collect();
    seats.into_iter().collect()
}

impl OpenRoom {
    pub fn new(path: String) -> Self {
        Self {
            path,
            guests: BTreeMap::new(),
            joined: BTreeSet::new(),
            shown: None,
        }
    }

    /// Returns the number of people who are connected and have a seat.
    pub fn here(&self) -> usize {
        let is_seated = |guest: &&Guest| matches!(guest.state, GuestState::Seated(_));
        self.guests.values().filter(is_seated).count()
    }

    /// Returns the login in a seat, such as `mina`, or `quiz as mina` where several people share an account; `None` if
    /// nobody is connected there.
    pub fn login(&self, seat: usize) -> Option<String> {
        let is_there = |guest: &&Guest| guest.state == GuestState::Seated(seat);
        self.guests.values().find(is_there).map(Guest::shown)
    }

    /// Returns true if someone was connected in this seat, now or before.
    pub fn has_joined(&self, seat: usize) -> bool {
        self.joined.contains(&seat)
    }

    /// Returns the logins of all who have a seat.
    pub fn logins(&self) -> impl Iterator<Item = String> + '_ {
        self.guests
            .values()
            .filter(|guest| matches!(guest.state, GuestState::Seated(_)))
            .map(Guest::shown)
    }

    /// Returns the person who is to be let in next.
    pub fn waiting(&self) -> Option<Waiting<'_>> {
        self.guests.values().find_map(|guest| match &guest.state {
            GuestState::Waiting(candidates) => Some(Waiting {
                name: &guest.name,
                login: guest.login.as_ref(),
                candidates,
            }),
            _ => None,
        })
    }

    fn waiting_ids(&self, is_meant: impl Fn(&Guest) -> bool) -> Vec<GuestId> {
        let is_waiting = |guest: &Guest| matches!(guest.state, GuestState::Waiting(_));
        self.guests
            .iter()
            .filter(|(_, guest)| is_waiting(guest) && is_meant(guest))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Decides who a connection is. What the mentor said counts most, then a login that is a participant's, then the
    /// name that was given.
    fn state(&self, guest: &Guest, names: &ChatNames, decisions: &Decisions) -> GuestState {
        let decided = decisions.get(&guest.key());
        let login = guest.login.as_ref();
        let bound = login
            .filter(|login| **login == guest.name)
            .map(|login| bound(login, decisions));
        let find = |name: Option<&Text>| name.map(|name| names.find(name.as_str()));
        let given = Some(&guest.name).filter(|name| login != Some(name));
        let seat = match (decided, find(login), find(given)) {
            (Some(Some(seat)), ..) => *seat,
            (Some(None), ..) => return GuestState::Waiting(Vec::new()),
            (None, Some(Sender::Seat(own)), Some(Sender::Seat(given))) if own != given => {
                return GuestState::Refused(NOT_YOU);
            }
            (None, Some(Sender::Seat(seat)), _) | (None, _, Some(Sender::Seat(seat))) => seat,
            (None, Some(Sender::Unknown | Sender::Outsider), None)
                if bound.as_ref().is_some_and(|bound| !bound.is_empty()) =>
            {
                match bound.unwrap_or_default().as_slice() {
                    [seat] => *seat,
                    several => return GuestState::Waiting(several.to_vec()),
                }
            }
            (None, _, Some(Sender::Several(seats))) | (None, Some(Sender::Several(seats)), _) => {
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
    fn admit(&mut self, id: GuestId, names: &ChatNames, decisions: &Decisions) {
        let Some(guest) = self.guests.get(&id) else {
            return;
        };
        let state = self.state(guest, names, decisions);
        if let GuestState::Seated(seat) = state {
            let older = self
                .guests
                .values_mut()
                .filter(|other| other.state == GuestState::Seated(seat));
            older.for_each(|other| other.state = GuestState::Refused(AGAIN));
            self.joined.insert(seat);
        }
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.state = state;
        }
    }

    /// Binds a login to the seat that it took by a name given with `--as`, so that it returns there without it. Returns
    /// what is to be stored: the seat, the name and the login.
    fn accepted(&self, id: GuestId, decisions: &mut Decisions) -> Option<(usize, Text, Text)> {
        let guest = self.guests.get(&id)?;
        let login = guest.login.clone().filter(|login| *login != guest.name)?;
        let GuestState::Seated(seat) = guest.state else {
            return None;
        };
        let before = decisions.insert(guest.key(), Some(seat));
        (before != Some(Some(seat))).then(|| (seat, guest.name.clone(), login))
    }

    fn refuse(&mut self, id: GuestId) {
        if let Some(guest) = self.guests.get_mut(&id) {
            guest.state = GuestState::Refused(OUTSIDER);
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
        let whom = match &place.group {
            None => "open for your own account only",
            Some(_) => "open",
        };
        let words = format!("{whom}: participants run `{}`", place.command());
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
        room.admit(id, &running.chat_names, &running.decisions);
        let is_waiting = room.waiting().is_some();
        let named = room.accepted(id, &mut running.decisions);
        if let Some((seat, name, login)) = named {
            self.remember_name(name.as_str(), Some(&login), Some(seat));
        }
        if is_waiting {
            self.appeared();
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

    /// Remembers whose name this is in a chat. Who waits under the same name is let in, too.
    pub fn assign_sender(&mut self, name: &str, seat: Option<usize>) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        running.chat_names.assign(name, seat);
        if let Some(room) = &mut running.room {
            for id in room.waiting_ids(|guest| guest.name.as_str() == name) {
                room.admit(id, &running.chat_names, &running.decisions);
            }
        }
        self.remember_name(name, None, seat);
        self.show_room();
    }

    /// Lets in those who wait under the name of a participant who was just added.
    pub fn let_in(&mut self, seat: usize) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let Some(room) = &mut running.room else {
            return;
        };
        let names = &running.chat_names;
        let is_theirs = |guest: &Guest| names.find(guest.name.as_str()) == Sender::Seat(seat);
        for id in room.waiting_ids(is_theirs) {
            room.admit(id, names, &running.decisions);
        }
        self.show_room();
    }

    /// Remembers who waits under a name and a login, and lets them in. `None` sends them away; if they come again, the
    /// mentor is asked again, so that a slip of the finger does no harm.
    pub fn assign_guest(&mut self, name: &Text, login: Option<&Text>, seat: Option<usize>) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let key = (login.cloned(), name.clone());
        running.decisions.insert(key.clone(), seat);
        // In a chat, the same name means the same person, unless it is a participant's own name.
        if seat.is_some() && running.chat_names.is_unclear(name.as_str()) {
            running.chat_names.assign(name.as_str(), seat);
        }
        if let Some(room) = &mut running.room {
            for id in room.waiting_ids(|guest| guest.key() == key) {
                match seat {
                    Some(_) => room.admit(id, &running.chat_names, &running.decisions),
                    None => room.refuse(id),
                }
            }
        }
        if seat.is_none() {
            self.tell("sent away; if they join again, you are asked again");
        }
        self.remember_name(name.as_str(), login, seat);
        self.show_room();
    }

    /// Stores to whom a name belongs, so that nobody is asked for again when the session is resumed.
    fn remember_name(&mut self, name: &str, login: Option<&Text>, seat: Option<usize>) {
        let Some(seat) = seat else { return };
        let login = login.map(|login| login.as_str().to_owned());
        let name = name.to_owned();
        if let Err(refused) = self.record_meeting(Event::Named { seat, name, login }) {
            self.tell(refused.to_string());
        }
    }

    /// Asks again who is in a seat. Until the mentor says so, they wait outside; the votes stay with the seat.
    pub fn ask_who(&mut self, seat: usize) {
        let Some(running) = &mut self.model.meeting else {
            return;
        };
        let Some(room) = &mut running.room else {
            return;
        };
        for guest in room.guests.values_mut() {
            if guest.state == GuestState::Seated(seat) {
                guest.state = GuestState::Waiting(Vec::new());
                running.decisions.insert(guest.key(), None);
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
