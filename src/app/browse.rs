//! Browsing: the questions that a person has seen, searched by text, topic and last answer.

use super::effect::{OpenedResult, Remark};
use crate::core::id::{DeckId, QuestionId, SessionId};
use crate::core::seen::{LastAnswer, SeenFilter, Topic};
use crate::core::text::Text;
use crate::session::Event;
use crate::session::present::Mark;

/// A search among the questions that the person has seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeenQuery {
    /// Words that all occur in a question or in what the person wrote about it.
    pub text: String,
    pub filter: SeenFilter,
    /// `None` means all topics.
    pub topic: Option<Topic>,
}

impl SeenQuery {
    /// Returns true if it lists every question that the person has seen.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// A question that was found.
#[derive(Clone, Debug)]
pub struct SeenLine {
    pub deck: DeckId,
    pub question: QuestionId,
    /// The session with the last answer, and the slot there if it is known.
    pub session: SessionId,
    pub slot: Option<usize>,
    /// The day of its last showing, such as `21 Nov 2026`.
    pub day: String,
    /// The facet's title.
    pub facet: Text,
    pub lead_in: Text,
    pub stem: Text,
    pub last: Option<LastAnswer>,
    /// The fair time, in seconds.
    pub seconds: u32,
    /// True for an open question, whose answer has no score.
    pub is_open: bool,
    pub note: Option<Remark>,
    pub dispute: Option<Remark>,
    pub is_flagged: bool,
}

impl SeenLine {
    pub fn is(&self, other: &SeenLine) -> bool {
        self.question == other.question && self.deck == other.deck
    }

    /// Applies a note or a dispute that the person wrote just now.
    pub fn heed(&mut self, event: &Event) {
        let written = |text: &str| {
            (!text.is_empty()).then(|| Remark {
                day: String::new(),
                text: Text::new(text),
            })
        };
        match event {
            Event::Noted { text, .. } => self.note = written(text),
            Event::Disputed { reason, .. } => self.dispute = written(reason),
            _ => {}
        }
    }

    /// Returns the sign of the last answer.
    pub fn mark(&self) -> Mark {
        match self.last {
            Some(last) if last.is_right() => Mark::Right,
            Some(last) if last.score > 0.0 => Mark::Partly,
            Some(_) => Mark::Wrong,
            None if self.is_open => Mark::Given,
            None => Mark::Blank,
        }
    }

    /// Returns the last answer and the person's remarks in words, such as `wrong, sure, note`.
    pub fn words(&self) -> String {
        let verdict = match self.mark() {
            Mark::Right => "right",
            Mark::Partly => "partly right",
            Mark::Wrong => "wrong",
            Mark::Given => "open question",
            _ => "unanswered",
        };
        let confidence = self.last.and_then(|last| last.confidence);
        let remarks = [
            (self.note.is_some(), "note"),
            (self.is_flagged, "flagged"),
            (self.dispute.is_some(), "disputed"),
        ];
        let remarks = remarks.into_iter().filter(|(is, _)| *is);
        let words = [verdict]
            .into_iter()
            .chain(confidence.map(|said| said.words()))
            .chain(remarks.map(|(_, word)| word));
        words.collect::<Vec<_>>().join(", ")
    }
}

/// The questions that a search found, the latest one first.
#[derive(Clone, Debug, Default)]
pub struct FoundQuestions {
    pub query: SeenQuery,
    pub lines: Vec<SeenLine>,
    /// True if further questions match.
    pub has_more: bool,
}

/// A question that was found, opened for review.
#[derive(Clone, Debug)]
pub struct SeenQuestion {
    pub deck: DeckId,
    pub question: QuestionId,
    pub opened: OpenedResult,
    pub slot: usize,
}

/// A search in progress: what is searched for, what was found, and the marked question.
#[derive(Clone, Debug, Default)]
pub struct Browse {
    pub query: SeenQuery,
    pub found: FoundQuestions,
    pub marked: usize,
    shown: Option<Box<SeenQuestion>>,
}

impl Browse {
    /// Takes what was found; the mark stays on its question if it is still listed.
    pub fn take(&mut self, found: FoundQuestions) {
        if found.query != self.query {
            return;
        }
        let marked = self.line().and_then(|marked| {
            let mut lines = found.lines.iter();
            lines.position(|line| line.is(marked))
        });
        self.marked = marked.unwrap_or(0);
        self.found = found;
    }

    pub fn line(&self) -> Option<&SeenLine> {
        self.found.lines.get(self.marked)
    }

    pub fn line_mut(&mut self) -> Option<&mut SeenLine> {
        self.found.lines.get_mut(self.marked)
    }

    pub fn show(&mut self, shown: SeenQuestion) {
        self.shown = Some(Box::new(shown));
    }

    /// Returns the marked question, opened for review; `None` until it was read.
    pub fn shown(&self) -> Option<&SeenQuestion> {
        let line = self.line()?;
        let shown = self.shown.as_deref();
        shown.filter(|shown| shown.question == line.question && shown.deck == line.deck)
    }

    pub fn shown_mut(&mut self) -> Option<&mut SeenQuestion> {
        self.shown()?;
        self.shown.as_deref_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(question: &str) -> SeenLine {
        SeenLine {
            deck: DeckId::new("deck"),
            question: QuestionId::new(question),
            session: SessionId::new("session"),
            slot: None,
            day: String::new(),
            facet: Text::default(),
            lead_in: Text::default(),
            stem: Text::default(),
            last: None,
            seconds: 60,
            is_open: false,
            note: None,
            dispute: None,
            is_flagged: false,
        }
    }

    fn found(query: &SeenQuery, questions: &[&str]) -> FoundQuestions {
        FoundQuestions {
            query: query.clone(),
            lines: questions.iter().map(|question| line(question)).collect(),
            has_more: false,
        }
    }

    #[test]
    fn the_mark_follows_its_question() {
        let mut browse = Browse::default();
        let query = browse.query.clone();
        browse.take(found(&query, &["a", "b", "c"]));
        browse.marked = 2;
        browse.take(found(&query, &["c", "a"]));
        assert_eq!(browse.marked, 0);
        browse.take(found(&query, &["a", "b"]));
        assert_eq!(browse.marked, 0, "the question is gone");
    }

    #[test]
    fn the_reply_to_an_earlier_search_is_ignored() {
        let mut browse = Browse::default();
        let earlier = browse.query.clone();
        browse.query.text = "lease".to_owned();
        browse.take(found(&earlier, &["a"]));
        assert!(browse.found.lines.is_empty());
    }

    #[test]
    fn a_line_names_its_last_answer_and_remarks() {
        let mut line = line("a");
        assert_eq!(line.words(), "unanswered");
        line.last = Some(LastAnswer {
            score: 0.0,
            confidence: Some(crate::core::response::Confidence::Sure),
        });
        line.is_flagged = true;
        assert_eq!(line.words(), "wrong, sure, flagged");
    }
}
