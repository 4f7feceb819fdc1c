//! The input state of an answer: the marked line, and the text field of a typed answer.

use crate::app::key::{Code, Key};
use crate::app::keymap::Action;
use crate::core::id::ChoiceId;
use crate::core::question::{Interaction, Question};
use crate::core::response::Answer;
use crate::core::scoring;
use crate::session::present::{self, Intent, Response, respond};
use crate::tui::widget::field::Field;

/// The first choice number that marks a left entry of a matching question, or a step of an ordering.
pub(super) const LEFT: usize = 100;

/// The marked line and the field of the question that is being answered.
#[derive(Default)]
pub struct Pad {
    /// The displayed index of the marked option, step or left entry. Nothing is marked at first, so that Enter chooses
    /// nothing.
    pub at: Option<usize>,
    pub field: Option<Field>,
    /// True if keys go into the field.
    pub typing: bool,
    /// The steps of an ordering whose letters were typed so far, as indices in the order in which they were dealt.
    pub sequence: Vec<usize>,
    is_multiline: bool,
}

/// The effect of a key on the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    Nothing,
    Changed,
    /// A line was completed.
    Line,
}

impl Pad {
    /// Creates the input state for a question with the current `answer`.
    pub fn new(question: &Question, order: &[ChoiceId], answer: Option<&Answer>) -> Self {
        let is_multiline = question.interaction.is_open();
        let text = match answer {
            Some(
                Answer::Number(text)
                | Answer::Number2(text)
                | Answer::Number3(text)
                | Answer::Written(text),
            ) => text.as_str(),
            _ => "",
        };
        let longest = if is_multiline { 20_000 } else { 60 };
        let field = question
            .interaction
            .is_typed()
            .then(|| Field::new(text, is_multiline, longest));
        let at = match (&question.interaction, answer) {
            // The entry that the next letter applies to.
            (_, Some(Answer::Matched(pairs))) => Some(
                pairs
                    .iter()
                    .position(Option::is_none)
                    .unwrap_or(pairs.len().saturating_sub(1)),
            ),
            (Interaction::Multiple { select, .. }, Some(Answer::Picked(picks)))
                if picks.len() < *select =>
            {
                None
            }
            (_, Some(Answer::Picked(picks))) => order.iter().position(|id| picks.contains(id)),
            (Interaction::Ordering { .. } | Interaction::Matching { .. }, _) => Some(0),
            _ => None,
        };
        Self {
            at,
            typing: field.is_some() && answer.is_none(),
            sequence: Vec::new(),
            field,
            is_multiline,
        }
    }

    /// Returns true if the field has text that can be the answer, such as a number in a numeric question.
    pub fn is_readable(&self, question: &Question) -> bool {
        let typed = self.typed(question);
        typed.is_some_and(|answer| !answer.is_blank() && scoring::is_readable(question, &answer))
    }

    /// Returns the answer in the field.
    pub fn typed(&self, question: &Question) -> Option<Answer> {
        self.field
            .as_ref()
            .map(|field| Answer::typed(question, field.text().to_owned()))
    }

    /// Returns true if Enter would leave a single-line field in which nothing was typed.
    pub fn is_blank_line(&self, key: Key) -> bool {
        let is_blank = self
            .field
            .as_ref()
            .is_some_and(|field| field.text().trim().is_empty());
        key.code == Code::Enter && !self.is_multiline && is_blank
    }

    /// Returns the letters of the steps of an ordering that were typed so far.
    pub fn typed_steps(&self) -> String {
        let letters = self.sequence.iter().copied().map(present::letter);
        letters.collect()
    }

    /// Continues an ordering of this many steps after those whose letters were typed before.
    pub fn resume_steps(&mut self, letters: &str, steps: usize) {
        let places = (0..steps).map(present::letter).collect::<String>();
        self.sequence.clear();
        for place in letters.chars().filter_map(|letter| places.find(letter)) {
            if !self.sequence.contains(&place) && self.sequence.len() + 1 < steps {
                self.sequence.push(place);
            }
        }
    }

    pub fn is_multiline(&self) -> bool {
        self.is_multiline
    }

    pub(super) fn open_field(&self) -> Option<(&Field, bool)> {
        self.field.as_ref().map(|field| (field, self.typing))
    }

    /// Passes a key to the field. Enter leaves a single-line field.
    pub fn press(&mut self, key: Key) -> Typed {
        let is_enter = key.code == Code::Enter;
        if is_enter && !self.is_multiline {
            self.typing = false;
            return Typed::Line;
        }
        match self.field.as_mut().is_some_and(|field| field.press(key)) {
            true if is_enter => Typed::Line,
            true => Typed::Changed,
            false => Typed::Nothing,
        }
    }

    /// Puts the step with this letter behind those typed before; the last one completes the answer.
    fn type_step(
        &mut self,
        letter: usize,
        dealt: &[ChoiceId],
        answer: Option<&Answer>,
    ) -> Response {
        let shown = match answer {
            Some(Answer::Ordered(order)) => order,
            _ => dealt,
        };
        let Some(step) = dealt.get(letter) else {
            return Response::Unchanged;
        };
        if self.sequence.contains(&letter) {
            let letter = present::letter(letter);
            return Response::Refused(format!("step {letter} was typed already"));
        }
        self.sequence.push(letter);
        self.at = shown.iter().position(|id| id == step);
        if self.sequence.len() < dealt.len() {
            return Response::Unchanged;
        }
        let typed = std::mem::take(&mut self.sequence);
        self.at = Some(0);
        let steps = typed.into_iter().filter_map(|letter| dealt.get(letter));
        Response::Answer(Answer::Ordered(steps.copied().collect()))
    }

    /// Applies an action to the answer.
    pub fn act(
        &mut self,
        action: Action,
        question: &Question,
        order: &[ChoiceId],
        answer: Option<&Answer>,
    ) -> Response {
        if let (Action::LeaveField, Some(_)) = (action, &self.field) {
            self.typing = !self.typing;
            return match self.typed(question) {
                Some(answer) if !self.typing => Response::Answer(answer),
                _ => Response::Unchanged,
            };
        }
        if let Interaction::Ordering { .. } = question.interaction {
            match action {
                Action::Choose(letter) if letter < LEFT => {
                    return self.type_step(letter, order, answer);
                }
                Action::Clear if self.sequence.pop().is_some() => return Response::Unchanged,
                Action::Enter if !self.sequence.is_empty() => {
                    let (typed, all) = (self.sequence.len(), order.len());
                    return Response::Refused(format!("{typed} of {all} steps typed so far"));
                }
                _ => {}
            }
        }
        let Some(intent) = intent(action) else {
            return Response::Unchanged;
        };
        if let (Intent::TakeBack, Some(field)) = (&intent, &mut self.field) {
            field.clear();
        }
        let response = respond(question, order, answer, &mut self.at, intent);
        self.typing |= response == Response::Type;
        if matches!(response, Response::Answer(_)) {
            self.sequence.clear();
        }
        response
    }
}

/// Returns the change of the answer that an action means; `None` for other actions.
fn intent(action: Action) -> Option<Intent> {
    Some(match action {
        Action::Choose(place) if place >= LEFT => Intent::Mark(place - LEFT),
        Action::Choose(place) => Intent::Choose(place),
        Action::Up => Intent::MarkBefore,
        Action::Down => Intent::MarkAfter,
        Action::DragTo(place) => Intent::Move(place.checked_sub(LEFT)?),
        Action::MoveUp => Intent::MoveUp,
        Action::MoveDown => Intent::MoveDown,
        Action::Toggle => Intent::Toggle,
        Action::Enter => Intent::Confirm,
        Action::Clear => Intent::TakeBack,
        _ => return None,
    })
}
