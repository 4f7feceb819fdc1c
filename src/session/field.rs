//! The fields whose text becomes an event only when they are left, so that it is kept as a draft until then.

use serde::{Deserialize, Serialize};

use super::meeting;

/// A field for text that is no answer: beside a question, or of a mentor's session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "field", rename_all = "kebab-case")]
pub enum TextField {
    Note {
        slot: usize,
    },
    Dispute {
        slot: usize,
    },
    Evidence {
        slot: usize,
        seat: usize,
    },
    PersonNote {
        seat: usize,
    },
    QuestionNote {
        slot: usize,
    },
    Said {
        seat: usize,
    },
    Agreement {
        seat: usize,
        place: usize,
    },
    Due {
        seat: usize,
        place: usize,
    },
    NextMeeting,
    /// The number or text of a vote that is being typed at the keyboard.
    Vote {
        slot: usize,
        seat: usize,
        round: meeting::Round,
    },
}

impl TextField {
    /// Returns the event of a mentor's session that keeps this text; `None` for a day or a vote, which have to be read
    /// first, and for fields of other sessions.
    pub fn meeting_event(&self, text: String) -> Option<meeting::Event> {
        use meeting::Event;
        Some(match *self {
            TextField::Evidence { slot, seat } => Event::Evidence { slot, seat, text },
            TextField::PersonNote { seat } => Event::PersonNoted { seat, text },
            TextField::QuestionNote { slot } => Event::QuestionNoted { slot, text },
            TextField::Said { seat } => Event::Said { seat, text },
            TextField::Agreement { seat, place } => Event::Agreed {
                seat,
                place,
                text,
                due: None,
            },
            TextField::Note { .. }
            | TextField::Dispute { .. }
            | TextField::Due { .. }
            | TextField::NextMeeting
            | TextField::Vote { .. } => {
                return None;
            }
        })
    }
}
