//! The messages between a running mentor session and those who joined it from elsewhere.

use crate::core::text::Text;
use crate::session::meeting::{OwnSeat, RoomFrame, RoomVote, Stage};

/// A connection of a participant.
pub type GuestId = u64;

/// A message of a connection for the session.
#[derive(Clone, Debug, PartialEq)]
pub enum RoomNews {
    /// Someone wants to join: their login, and the name that they gave.
    Knocked {
        guest: GuestId,
        login: Option<Text>,
        name: Option<Text>,
    },
    Voted {
        guest: GuestId,
        vote: RoomVote,
    },
    /// The connection is lost.
    Left {
        guest: GuestId,
    },
}

/// What the connections show next.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomUpdate {
    /// The stage for all who have a seat.
    pub stage: Box<Stage>,
    pub seats: Vec<(GuestId, OwnSeat)>,
    /// The connections without a seat.
    pub others: Vec<(GuestId, RoomFrame)>,
}
