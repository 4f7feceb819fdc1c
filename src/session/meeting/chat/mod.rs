//! Votes that a mentor copied out of a chat: who voted for what, and which lines could not be read.
//!
//! Nothing is guessed. A line counts only if it says who wrote it and is a vote as a whole; all others are listed.

mod answer;
mod choices;
mod clock;
mod message;
mod names;
#[cfg(test)]
mod tests;

use answer::leading_confidence;
pub use answer::{NotAVote, TypedVote, read_vote};
pub use names::{ChatNames, Sender};

use super::event::Event;
use super::machine::{Meeting, Step};
use crate::core::response::Answer;
use crate::core::text::Text;
use message::Message;

/// The maximum number of bytes of a paste that are read; the rest is listed as unread.
pub const LONGEST_PASTE: usize = 64 * 1024;
/// The maximum number of characters of a reason.
pub const LONGEST_REASON: usize = 300;

/// The votes in a pasted part of a chat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChatReading {
    /// The last vote of each seat, in the order of the seats.
    pub votes: Vec<ChatVote>,
    /// Lines that can't be read as a vote, or that don't name the voter.
    pub unread: Vec<UnreadLine>,
    /// Names that match no participant or several, each once, with their votes.
    pub unknown: Vec<UnknownName>,
}

/// A vote of a participant.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatVote {
    pub seat: usize,
    pub vote: TypedVote,
    /// The number of the line that names the participant, from 1.
    pub line: usize,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadLine {
    /// Its number, from 1.
    pub line: usize,
    pub text: Text,
    pub why: NotAVote,
}

/// A name that the mentor has to assign.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownName {
    pub name: Text,
    /// The vote, as it was typed.
    pub vote: Text,
    /// The seats whose names match; empty if none does.
    pub candidates: Vec<usize>,
}

impl ChatReading {
    /// Reads pasted text as votes on the current question of a meeting.
    pub fn of(pasted: &str, names: &ChatNames, meeting: &Meeting) -> Self {
        let slot = meeting.slot();
        let (Some(question), Some(item)) =
            (meeting.questions.get(slot), meeting.form.items.get(slot))
        else {
            return Self::default();
        };
        let mut reading = Self::default();
        let read = |line: &str| read_vote(question, &item.order, line);
        let is_vote = |line: &str| matches!(read(line), Ok(_) | Err(NotAVote::Value));
        let mut before = None;
        for message in message::split(pasted, names, &is_vote) {
            let sender = message.seat();
            let follows = sender.is_some() && sender == before;
            before = sender;
            let recorded = sender.and_then(|seat| meeting.sheet(slot, seat).vote(meeting.round()));
            reading.add(message, follows, recorded, &read);
        }
        reading.votes.sort_by_key(|vote| vote.seat);
        reading
    }

    /// Adds a message: its last vote counts, and the lines after it are its reason. `follows` tells whether the message
    /// before it is from the same person, whose recorded vote is `recorded`.
    ///
    /// After a vote, a digit may be the confidence in it. It is that if the vote directly before it was given by letters
    /// and states no confidence. Otherwise it is not read, unless it repeats the vote.
    fn add(
        &mut self,
        message: Message,
        follows: bool,
        recorded: Option<&Answer>,
        read: &impl Fn(&str) -> Result<TypedVote, NotAVote>,
    ) {
        let seat = message.seat();
        let Some(sender) = message.sender else {
            let unread = message.lines.into_iter().map(|(line, text)| UnreadLine {
                line,
                why: read(&text).err().unwrap_or(NotAVote::Nameless),
                text: Text::new(&text),
            });
            return self.unread.extend(unread);
        };
        let mut vote: Option<(TypedVote, String)> = None;
        for (line, text) in message.lines {
            let is_of_message = vote.is_some();
            let is_direct = follows || is_of_message;
            let above = self.votes.iter_mut().find(|vote| seat == Some(vote.seat));
            let before = match &mut vote {
                Some((vote, _)) => Some(vote),
                None => above.map(|above| &mut above.vote),
            };
            let counted = before.as_ref().map(|before| before.answer.clone());
            let is_other = |answer: &Answer| {
                let counted = counted.as_ref().or(recorded);
                counted.is_some_and(|counted| counted != answer)
            };
            let digit = leading_confidence(&text);
            match (read(&text), before) {
                (_, Some(before))
                    if is_direct
                        && before.confidence.is_none()
                        && !before.is_by_number
                        && matches!(digit, Some((_, true))) =>
                {
                    before.confidence = digit.map(|(said, _)| said);
                }
                (Ok(given), _)
                    if digit.is_some() && given.confidence.is_none() && is_other(&given.answer) =>
                {
                    self.unread.push(UnreadLine {
                        line,
                        text: Text::new(&text),
                        why: NotAVote::PerhapsConfidence,
                    });
                }
                (Ok(given), _) => vote = Some((given, text)),
                (Err(_), Some(before)) if is_of_message => before.add_reason(&text),
                (Err(why), _) if sender.found != Sender::Outsider => {
                    let text = Text::new(&text);
                    self.unread.push(UnreadLine { line, text, why });
                }
                (Err(_), _) => {}
            }
        }
        let Some((vote, typed)) = vote else { return };
        let line = sender.line;
        match sender.found {
            Sender::Seat(seat) => {
                self.votes.retain(|earlier| earlier.seat != seat);
                self.votes.push(ChatVote { seat, vote, line });
            }
            Sender::Outsider => {}
            Sender::Several(candidates) => self.ask(&sender.name, &typed, candidates),
            Sender::Unknown => self.ask(&sender.name, &typed, Vec::new()),
        }
    }

    /// Lists a name to be assigned, with its latest vote.
    fn ask(&mut self, name: &str, typed: &str, candidates: Vec<usize>) {
        let (name, vote) = (Text::new(name), Text::new(typed));
        match self.unknown.iter_mut().find(|known| known.name == name) {
            Some(known) => known.vote = vote,
            None => self.unknown.push(UnknownName {
                name,
                vote,
                candidates,
            }),
        }
    }
}

impl Meeting {
    /// Returns true if a vote on the current question can be given or corrected: until votes or the key are shown.
    pub fn takes_votes(&self) -> bool {
        let is_open = matches!(self.step(), Step::Asking(_) | Step::Committed(_));
        is_open && !self.is_paused() && !self.is_over() && !self.is_empty()
    }

    /// Returns the events that record these votes, without those that change nothing. A closed vote is opened and closed
    /// again.
    pub fn recording(&self, votes: &[ChatVote]) -> Vec<Event> {
        let events: Vec<Event> = votes
            .iter()
            .flat_map(|vote| self.recording_one(vote))
            .collect();
        match self.step() {
            Step::Committed(_) if !events.is_empty() => [Event::Undone]
                .into_iter()
                .chain(events)
                .chain([Event::Committed])
                .collect(),
            _ => events,
        }
    }

    /// Returns the events that make this the vote of a seat, with its confidence and its reason. What the vote doesn't
    /// state stays while its answer does.
    fn recording_one(&self, ChatVote { seat, vote, .. }: &ChatVote) -> Vec<Event> {
        let (slot, seat) = (self.slot(), *seat);
        let sheet = self.sheet(slot, seat);
        let is_new = sheet.vote(self.round()) != Some(&vote.answer);
        let confidence = vote
            .confidence
            .filter(|_| sheet.confidence != vote.confidence || is_new);
        let has_reason = is_new || !vote.reason.is_empty();
        let text = vote.reason.clone();
        let answer = is_new.then(|| self.voting(slot, seat, vote.answer.clone()));
        let confidence = confidence.map(|said| Event::Confident {
            slot,
            seat,
            confidence: Some(said),
        });
        let reason =
            (has_reason && sheet.reason != text).then_some(Event::Explained { slot, seat, text });
        answer.into_iter().chain(confidence).chain(reason).collect()
    }
}
