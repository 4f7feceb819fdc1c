//! What participants who join from elsewhere send and receive.
//!
//! They receive a [`RoomFrame`] and nothing else. It consists of the stage, which everyone may see, and of the
//! participant's own vote, so it can't hold a key, a note or another person's vote.

use serde::{Deserialize, Serialize};

use super::admit::Rejected;
use super::event::{Event, Round};
use super::machine::{Meeting, Step};
use super::stage::{GivenAnswer, Scene, Stage};
use crate::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, QuestionId};
use crate::core::question::{Kind, Level, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::text::Text;
use crate::session::homework::{FormQuestion, choice_fields};
use crate::session::present::{Asked, Places};

/// The version of the messages. Programs with different versions don't talk to each other.
pub const ROOM_VERSION: u32 = 1;
/// The maximum number of bytes of a written answer that is accepted.
const LONGEST_ANSWER: usize = 20_000;
/// The maximum number of characters of a reason.
const LONGEST_REASON: usize = 300;

/// Where a session is open for others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPlace {
    /// The folder of the socket; `None` means the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The group that may join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl RoomPlace {
    /// Returns the command with which a participant joins.
    pub fn command(&self) -> String {
        match &self.folder {
            None => "aethos join".to_owned(),
            Some(folder) => format!("aethos join --at {folder}"),
        }
    }
}

/// The state that a participant is shown. Each frame replaces the one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "kebab-case")]
pub enum RoomFrame {
    /// The mentor has not said yet who this is.
    Lobby {
        name: Text,
    },
    Seated {
        stage: Box<Stage>,
        own: OwnSeat,
    },
    /// The connection ends, for this reason.
    Refused {
        why: Text,
    },
    /// There is no connection: the folder of a session can't be opened with the participant's login. It is named if the
    /// participant chose it. Never sent; the participant's own program finds out.
    Shut {
        folder: Option<Text>,
    },
    /// There was a connection to a session, and it is lost. Never sent.
    Stopped,
}

/// The participant's own seat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnSeat {
    pub name: Text,
    /// The vote as it is stored.
    pub given: Option<GivenAnswer>,
    pub reason: Text,
    /// The number of the last message that was handled.
    pub heard: u64,
}

/// A message from a participant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomMessage {
    /// The first message; `name` says who it is on an account that several people share.
    Hello {
        version: u32,
        name: Option<String>,
    },
    Vote(RoomVote),
}

/// The whole vote of a participant: it replaces the earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomVote {
    /// The number of this message, which increases.
    pub n: u64,
    /// The question and the round on the participant's screen.
    pub question: usize,
    pub round: Round,
    pub answer: Option<Places>,
    pub confidence: Option<Confidence>,
    #[serde(default)]
    pub reason: String,
}

impl Stage {
    /// Returns the stage for participants who vote on a screen of their own. They are anonymous to each other.
    pub fn apart(mut self) -> Self {
        (self.read, self.join) = (0, None);
        if let Scene::Asking { turn, fingers, .. } = &mut self.scene {
            (*turn, *fingers) = (None, false);
        }
        self
    }
}

impl OwnSeat {
    /// Returns what a participant sees of their own vote.
    pub fn of(meeting: &Meeting, seat: usize, name: &Text, heard: u64) -> Self {
        let slot = meeting.slot();
        let shown = matches!(
            meeting.step(),
            Step::Asking(_) | Step::Committed(_) | Step::Split | Step::Revealed
        );
        let sheet = (shown && !meeting.is_empty()).then(|| meeting.sheet(slot, seat));
        let vote = sheet.and_then(|sheet| match meeting.step() {
            Step::Asking(round) => sheet.vote(round),
            _ => sheet.last_vote(),
        });
        let given = vote.map(|answer| GivenAnswer {
            answer: Places::of(answer, &meeting.form.items[slot]),
            confidence: sheet.and_then(|sheet| sheet.confidence),
        });
        Self {
            name: name.clone(),
            given,
            reason: sheet.map_or(Text::default(), |sheet| Text::new(&sheet.reason)),
            heard,
        }
    }
}

impl Meeting {
    /// Returns the events by which a participant's message becomes their vote, without those that change nothing.
    ///
    /// # Errors
    /// The vote is closed, was about another question or round, or doesn't fit its question.
    pub fn recording_message(&self, seat: usize, vote: &RoomVote) -> Result<Vec<Event>, Rejected> {
        let number = (0..self.len()).filter(|slot| self.was_asked(*slot)).count();
        let is_open = self.step() == Step::Asking(vote.round) && !self.is_paused();
        if !is_open || self.is_over() || vote.question != number {
            return Err(Rejected::Closed);
        }
        let slot = self.slot();
        let (question, sheet) = (&self.questions[slot], self.sheet(slot, seat));
        let answer = match &vote.answer {
            Some(places) => places
                .answer(question, &self.form.items[slot].order)
                .filter(|answer| !is_too_long(answer))
                .ok_or(Rejected::Answer(
                    crate::core::response::AnswerMismatch::Shape,
                ))?,
            None => question.blank(),
        };
        answer.fits(&question.interaction)?;
        let voting = self.voting(slot, seat, answer);
        let (Event::Voted { answer, .. } | Event::VoteChanged { answer, .. }) = &voting else {
            return Ok(Vec::new());
        };
        let is_voted = !answer.is_blank();
        let is_changed = match sheet.vote(vote.round) {
            Some(before) => before != answer,
            None => is_voted,
        };
        let clears = matches!(voting, Event::VoteChanged { .. }) && is_changed;
        let before = sheet.confidence.filter(|_| !clears);
        let confidence = vote.confidence.filter(|_| is_voted);
        let text: String = Text::new(&vote.reason)
            .line()
            .chars()
            .take(LONGEST_REASON)
            .collect();
        let mut events = Vec::new();
        events.extend(is_changed.then_some(voting));
        if before != confidence {
            events.push(Event::Confident {
                slot,
                seat,
                confidence,
            });
        }
        if sheet.reason != text {
            events.push(Event::Explained { slot, seat, text });
        }
        Ok(events)
    }
}

/// Returns the frame of a seated participant as a line of JSON. The stage is the same for everyone, so its JSON is passed
/// in instead of being written for each participant.
pub fn seated_line(stage: &str, own: &OwnSeat) -> String {
    let own = serde_json::to_string(own).unwrap_or_default();
    format!("{{\"frame\":\"seated\",\"stage\":{stage},\"own\":{own}}}\n")
}

fn is_too_long(answer: &Answer) -> bool {
    matches!(answer, Answer::Number(text) | Answer::Number2(text) | Answer::Number3(text) | Answer::Written(text) if text.len() > LONGEST_ANSWER)
}

/// Returns a question as it is asked, without a key, so that an answer can be entered where the question is not known.
/// Its choices are numbered as they are displayed. `None` if it can't be asked.
pub fn keyless(asked: &Asked) -> Option<(Question, Vec<ChoiceId>)> {
    let kind = asked.body.kind();
    if kind == Kind::Recall {
        // No meeting asks a card.
        return None;
    }
    let (select, left, choices, unit) = choice_fields(asked.body.clone());
    let question = FormQuestion {
        deck: DeckId::new("stage"),
        id: QuestionId::new("stage"),
        competency: CompetencyId::new("stage"),
        facet: FacetId::new("stage"),
        level: Level::Mid,
        kind,
        seconds: 0,
        stem: asked.stem.clone(),
        lead_in: asked.lead_in.clone(),
        select,
        unit,
        tolerance: None,
        in_order: true,
        left,
        choices,
        code: None,
        figures: Vec::new(),
    };
    question.check().ok()?;
    let question = question.question();
    let order = ChoiceId::first(question.interaction.movable()).collect();
    Some((question, order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::blueprint::Blueprint;
    use crate::session::meeting::tests::{
        MATCHING, MULTIPLE, NUMERIC, ORDERING, SINGLE, happen, meeting,
    };

    fn vote(answer: Option<Places>, confidence: Option<Confidence>, reason: &str) -> RoomVote {
        RoomVote {
            n: 1,
            question: 1,
            round: Round::First,
            answer,
            confidence,
            reason: reason.to_owned(),
        }
    }

    fn asking(slot: usize) -> Meeting {
        let mut meeting = meeting(3);
        happen(&mut meeting, Event::Asked { slot }).unwrap();
        meeting
    }

    fn cast(meeting: &mut Meeting, seat: usize, vote: &RoomVote) -> usize {
        let events = meeting.recording_message(seat, vote).unwrap();
        for event in &events {
            happen(meeting, event.clone()).unwrap();
        }
        events.len()
    }

    fn own(meeting: &Meeting, seat: usize) -> OwnSeat {
        OwnSeat::of(meeting, seat, &"Mina".into(), 0)
    }

    #[test]
    fn a_vote_comes_back_as_it_was_sent_for_every_type() {
        for (slot, places) in [
            (SINGLE, Places::Picked(vec![1])),
            (MULTIPLE, Places::Picked(vec![0, 3])),
            (ORDERING, Places::Ordered(vec![2, 0, 1, 3])),
            (MATCHING, Places::Matched(vec![Some(2), None])),
            (NUMERIC, Places::Typed("42.5".into())),
        ] {
            let mut meeting = asking(slot);
            let sent = vote(Some(places.clone()), Some(Confidence::Fairly), "because");
            assert_eq!(cast(&mut meeting, 1, &sent), 3, "{places:?}");
            assert_eq!(
                cast(&mut meeting, 1, &sent),
                0,
                "the same again changes nothing"
            );
            let given = own(&meeting, 1).given.unwrap();
            assert_eq!(
                (given.answer, given.confidence),
                (places, Some(Confidence::Fairly))
            );
            assert_eq!(own(&meeting, 1).reason.as_str(), "because");
            assert_eq!(own(&meeting, 0).given, None);
            assert_eq!(
                cast(&mut meeting, 1, &vote(None, None, "")),
                2,
                "taken back"
            );
            assert_eq!(own(&meeting, 1).given, None);
        }
    }

    #[test]
    fn a_late_or_invalid_vote_changes_nothing() {
        let mut meeting = asking(SINGLE);
        let good = vote(Some(Places::Picked(vec![1])), None, "");
        for bad in [
            RoomVote {
                question: 2,
                ..good.clone()
            },
            RoomVote {
                round: Round::Second,
                ..good.clone()
            },
            vote(Some(Places::Picked(vec![0, 1])), None, ""),
            vote(Some(Places::Picked(vec![99])), None, ""),
            vote(Some(Places::Ordered(vec![0])), None, ""),
            vote(Some(Places::Typed("1".into())), None, ""),
        ] {
            assert!(meeting.recording_message(0, &bad).is_err(), "{bad:?}");
        }
        happen(&mut meeting, Event::Committed).unwrap();
        assert_eq!(meeting.recording_message(0, &good), Err(Rejected::Closed));
    }

    #[test]
    fn the_bytes_for_a_participant_hold_nothing_private_before_the_reveal() {
        for slot in [SINGLE, MULTIPLE, ORDERING, MATCHING, NUMERIC] {
            let mut meeting = asking(slot);
            let names: Vec<Text> = ["Mina-0", "Ben-1", "Cem-2"].map(Text::from).into();
            let mine = match slot {
                MULTIPLE | SINGLE => Places::Picked(vec![0]),
                ORDERING => Places::Ordered(vec![1, 0, 2, 3]),
                MATCHING => Places::Matched(vec![Some(0), None]),
                _ => Places::Typed("77".into()),
            };
            cast(
                &mut meeting,
                1,
                &vote(Some(mine), Some(Confidence::Sure), "REASON-of-ben"),
            );
            happen(
                &mut meeting,
                Event::PersonNoted {
                    seat: 0,
                    text: "PRIVATE-note".to_owned(),
                },
            )
            .unwrap();
            happen(
                &mut meeting,
                Event::Evidence {
                    slot,
                    seat: 0,
                    text: "PRIVATE-evidence".to_owned(),
                },
            )
            .unwrap();
            happen(&mut meeting, Event::AtKeyboard { turn: Some(1) }).unwrap();
            for event in [
                None,
                Some(Event::Committed),
                Some(Event::AskedAgain),
                Some(Event::Committed),
                Some(Event::SplitShown),
            ] {
                if let Some(event) = event {
                    happen(&mut meeting, event).unwrap();
                }
                let stage = Stage::of(&meeting, &names, &Blueprint::default()).apart();
                let line = seated_line(
                    &serde_json::to_string(&stage).unwrap(),
                    &OwnSeat::of(&meeting, 0, &names[0], 3),
                );
                for secret in [
                    "SECRET", "PRIVATE", "REASON", "Ben", "Cem", "Sure", "sure\"",
                ] {
                    assert!(!line.contains(secret), "{secret} in {line}");
                }
                if meeting.step() != Step::Split {
                    assert!(!line.contains("77"), "another person's number: {line}");
                }
                let read: RoomFrame = serde_json::from_str(&line).unwrap();
                let RoomFrame::Seated { own, .. } = read else {
                    panic!("{line}")
                };
                assert_eq!((own.given, own.heard), (None, 3));
            }
        }
    }

    #[test]
    fn a_question_without_its_key_takes_the_same_answers() {
        let meeting = meeting(2);
        for (slot, question) in meeting.questions.iter().enumerate() {
            let asked = Asked::of(question, &meeting.form.items[slot]);
            let (keyless, order) = keyless(&asked).unwrap();
            assert_eq!(keyless.kind(), question.kind());
            assert_eq!(order.len(), question.interaction.movable());
            let text = format!("{keyless:?}");
            assert!(!text.contains("SECRET"), "{text}");
        }
    }
}
