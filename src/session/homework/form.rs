//! The form of a homework: one file for several people, each with an order of options of their own.

use serde::{Deserialize, Serialize};

use super::question::FormQuestion;
use crate::core::calendar::Date;
use crate::core::form::Form;
use crate::core::id::{Fingerprint, QuestionId, SessionId};
use crate::core::question::Question;
use crate::core::text::Text;
use crate::core::time::{Limit, Millis, Multiplier};

/// The version of the file format.
pub const FORMAT: u32 = 1;
/// The largest number of questions.
pub const MAX_QUESTIONS: usize = 80;
/// The largest number of people.
const MAX_PEOPLE: usize = 100;
/// The longest name, title or id, in bytes.
const MAX_NAME: usize = 200;

/// A homework as it is sent: questions without keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeworkForm {
    /// The version of the format, [`FORMAT`].
    pub aethos_homework: u32,
    pub id: SessionId,
    pub title: Text,
    /// The names of the people it is for. The place in this list is a person's seat.
    pub people: Vec<Text>,
    /// The last day on which a result is in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The time limit in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    #[serde(rename = "question")]
    pub questions: Vec<SentQuestion>,
}

/// A question with the hash of its content when it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentQuestion {
    pub hash: Fingerprint,
    #[serde(flatten)]
    pub question: FormQuestion,
}

/// The setup of a session in which a person takes a homework.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenHomework {
    pub form: SessionId,
    pub title: Text,
    pub seat: usize,
    pub name: Text,
}

/// The reason why a form can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    #[error("it was written by a later version of aethos")]
    Newer,
    #[error("it is for nobody, for too many people, or for somebody without a name")]
    People,
    #[error("it has no questions, or more than {MAX_QUESTIONS}")]
    Questions,
    #[error("its id or title is missing or too long")]
    Id,
    #[error("question {0} is incomplete")]
    Question(QuestionId),
}

impl HomeworkForm {
    /// Creates the form of a homework.
    pub fn new(
        id: SessionId,
        title: &str,
        people: Vec<Text>,
        due: Option<Date>,
        minutes: Option<u32>,
        questions: Vec<FormQuestion>,
    ) -> Self {
        let sent = |question: FormQuestion| SentQuestion {
            hash: question.hash(),
            question,
        };
        Self {
            aethos_homework: FORMAT,
            id,
            title: Text::new(title),
            people,
            due,
            minutes,
            questions: questions.into_iter().map(sent).collect(),
        }
    }

    /// Checks that the form can be taken.
    ///
    /// # Errors
    /// The first problem.
    pub fn check(&self) -> Result<(), BadForm> {
        let is_name = |text: &str| !text.trim().is_empty() && text.len() <= MAX_NAME;
        if self.aethos_homework > FORMAT {
            return Err(BadForm::Newer);
        }
        if !is_name(self.id.as_str()) || !is_name(self.title.as_str()) {
            return Err(BadForm::Id);
        }
        let all_named = self.people.iter().all(|name| is_name(&name.line()));
        if !all_named || !(1..=MAX_PEOPLE).contains(&self.people.len()) {
            return Err(BadForm::People);
        }
        if !(1..=MAX_QUESTIONS).contains(&self.questions.len()) {
            return Err(BadForm::Questions);
        }
        self.questions
            .iter()
            .try_for_each(|sent| sent.question.check())
    }

    /// Returns the numbers, from 1, of questions that were changed after the form was written.
    pub fn changed(&self) -> Vec<usize> {
        (1..)
            .zip(&self.questions)
            .filter(|(_, sent)| sent.hash != sent.question.hash())
            .map(|(number, _)| number)
            .collect()
    }

    /// Finds the seat of a person; upper and lower case are the same.
    pub fn seat_of(&self, name: &str) -> Option<usize> {
        let folded = Text::new(name).line().to_lowercase();
        self.people
            .iter()
            .position(|person| person.line().to_lowercase() == folded)
    }

    /// Returns the form and the questions for the person at `seat`, who has an order of choices of their own.
    pub fn for_seat(&self, seat: usize) -> (Form, Vec<Question>) {
        let seed = Fingerprint::of(&format!("{}/{seat}", self.id));
        let mut first = [0; 8];
        first.copy_from_slice(&seed.bytes()[..8]);
        let seed = u64::from_le_bytes(first);
        let questions: Vec<Question> = self
            .questions
            .iter()
            .map(|sent| sent.question.question())
            .collect();
        let items = self
            .questions
            .iter()
            .zip(&questions)
            .map(|(sent, question)| sent.question.item(question, seed))
            .collect();
        let form = Form {
            code: String::new(),
            items,
            growing: None,
        };
        (form, questions)
    }

    /// Returns the time limit for a person with this multiplier.
    pub fn limit(&self, multiplier: Multiplier) -> Limit {
        match self.minutes {
            Some(minutes) => Limit::Within(multiplier.scale(Millis::minutes(minutes.into()))),
            None => Limit::Untimed,
        }
    }
}
