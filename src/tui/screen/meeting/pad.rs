//! What an answer is given with: the marked line, and the field of a question that is typed.

use crate::app::key::{Code, Key};
use crate::app::keymap::Action;
use crate::core::id::ChoiceId;
use crate::core::question::{Interaction, Question};
use crate::core::response::Answer;
use crate::tui::widget::field::Field;

/// Choices from here on are entries of the left side of a matching question.
const LEFT: usize = 100;

#[derive(Default)]
pub struct Pad {
    /// The marked option, step or left entry, by its place as shown.
    pub at: usize,
    pub field: Option<Field>,
    /// Keys go into the field.
    pub typing: bool,
}

impl Pad {
    /// A pad for a question that stands as answered so far.
    pub fn new(question: &Question, answer: Option<&Answer>) -> Self {
        let text = match answer {
            Some(Answer::Number(text) | Answer::Written(text)) => text.as_str(),
            _ => "",
        };
        let field = match question.interaction {
            Interaction::Numeric(_) => Some(Field::new(text, false, 60)),
            Interaction::Open { .. } => Some(Field::new(text, true, 20_000)),
            _ => None,
        };
        let at = match answer {
            Some(Answer::Matched(pairs)) => pairs.iter().position(Option::is_none).unwrap_or(0),
            _ => 0,
        };
        Self { at, typing: field.is_some() && answer.is_none(), field }
    }

    /// The answer that stands in the field.
    pub fn typed(&self, question: &Question) -> Option<Answer> {
        self.field.as_ref().map(|field| Answer::typed(question, field.text().to_owned()))
    }

    /// A key for the field: the answer, where a line of it is complete.
    pub fn press(&mut self, key: Key, question: &Question) -> Option<Answer> {
        let is_open = matches!(question.interaction, Interaction::Open { .. });
        if key.code == Code::Enter && !is_open {
            self.typing = false;
            return self.typed(question);
        }
        self.field.as_mut()?.press(key);
        if key.code == Code::Enter { self.typed(question) } else { None }
    }

    /// What the action makes of the answer; `None` where it changes nothing of it.
    pub fn act(
        &mut self,
        action: Action,
        question: &Question,
        order: &[ChoiceId],
        answer: Option<&Answer>,
    ) -> Option<Answer> {
        let lines = match &question.interaction {
            Interaction::Matching { left, .. } => left.len(),
            interaction => interaction.movable(),
        };
        match action {
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(lines.saturating_sub(1)),
            _ => {
                return match &question.interaction {
                    Interaction::Single(_) => self.pick(action, 1, order, answer),
                    Interaction::Multiple { select, .. } => self.pick(action, *select, order, answer),
                    Interaction::Ordering { .. } => self.order(action, order, answer),
                    Interaction::Matching { left, .. } => self.pair(action, left.len(), order, answer),
                    Interaction::Numeric(_) | Interaction::Open { .. } => self.field(action, question),
                };
            }
        }
        None
    }

    fn pick(&mut self, action: Action, select: usize, order: &[ChoiceId], answer: Option<&Answer>) -> Option<Answer> {
        let mut picks = match answer {
            Some(Answer::Picked(picks)) => picks.clone(),
            _ => Vec::new(),
        };
        let place = match action {
            Action::Choose(place) => place,
            Action::Toggle => self.at,
            Action::Clear => return Some(Answer::Picked(Vec::new())),
            _ => return None,
        };
        let pick = *order.get(place)?;
        self.at = place;
        match picks.iter().position(|id| *id == pick) {
            Some(at) if select > 1 || action == Action::Toggle => drop(picks.remove(at)),
            _ if select == 1 => picks = vec![pick],
            _ => picks.push(pick),
        }
        picks.sort();
        Some(Answer::Picked(picks))
    }

    fn order(&mut self, action: Action, dealt: &[ChoiceId], answer: Option<&Answer>) -> Option<Answer> {
        let mut order = match answer {
            Some(Answer::Ordered(order)) => order.clone(),
            _ => dealt.to_vec(),
        };
        let to = match action {
            Action::MoveUp => self.at.checked_sub(1)?,
            Action::MoveDown => self.at + 1,
            Action::DragTo(to) if to != self.at => to,
            Action::Choose(i) => {
                self.at = i.min(order.len().saturating_sub(1));
                return None;
            }
            Action::Toggle => return Some(Answer::Ordered(order)),
            Action::Clear => return Some(Answer::Ordered(Vec::new())),
            _ => return None,
        };
        if to >= order.len() || self.at >= order.len() {
            return None;
        }
        let step = order.remove(self.at);
        order.insert(to, step);
        self.at = to;
        Some(Answer::Ordered(order))
    }

    fn pair(&mut self, action: Action, left: usize, order: &[ChoiceId], answer: Option<&Answer>) -> Option<Answer> {
        let mut pairs = match answer {
            Some(Answer::Matched(pairs)) => pairs.clone(),
            _ => vec![None; left],
        };
        let here = pairs.get_mut(self.at)?;
        match action {
            Action::Choose(i) if i >= LEFT => {
                self.at = (i - LEFT).min(left.saturating_sub(1));
                return None;
            }
            Action::Choose(i) => *here = Some(*order.get(i)?),
            Action::Clear => *here = None,
            _ => return None,
        }
        if action != Action::Clear {
            let open = |at: &usize| pairs[*at].is_none();
            self.at = (self.at..left).find(open).or_else(|| (0..left).find(open)).unwrap_or(self.at);
        }
        Some(Answer::Matched(pairs))
    }

    fn field(&mut self, action: Action, question: &Question) -> Option<Answer> {
        match action {
            Action::LeaveField => {
                self.typing = !self.typing;
                if self.typing { None } else { self.typed(question) }
            }
            Action::Choose(_) => {
                self.typing = true;
                None
            }
            Action::Clear => {
                self.field.as_mut()?.clear();
                self.typed(question)
            }
            _ => None,
        }
    }
}
