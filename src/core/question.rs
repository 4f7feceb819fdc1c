//! A question: stem, lead-in, interaction, explanation and references.

mod card;
mod label;
mod numeric;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, FigureTemplate};
use super::id::{ChoiceId, FacetId, Fingerprint, PointId, QuestionId, TipId};
use super::instance::{Instance, Simulation};
use super::response::Answer;
use super::text::Text;

pub use card::Card;
pub use label::{Demand, Kind, Level};
pub use numeric::{Numeric, Param, WrongFormula, fill_braces, split_at_braces};

#[derive(Clone, Debug)]
pub struct Question {
    pub id: QuestionId,
    pub fingerprint: Fingerprint,
    pub facet: FacetId,
    pub points: Vec<PointId>,
    pub tips: Vec<TipId>,
    pub level: Level,
    pub demand: Demand,
    /// Questions of one family reveal each other's answers; a form has at most one of them.
    pub family: Option<String>,
    /// The expected time to read, think and answer, in seconds.
    pub seconds: u32,
    /// The situation.
    pub stem: Text,
    pub code: Option<Code>,
    /// The figures, in the order in which they are shown.
    pub figures: Vec<FigureTemplate>,
    /// The one closed question.
    pub lead_in: Text,
    pub interaction: Interaction,
    pub explanation: Text,
    /// What a mentor may ask next.
    pub discussion: Option<Text>,
    pub references: Vec<Reference>,
    /// When, and against which edition, facts that can expire were last looked up.
    pub checked: Option<Checked>,
    /// The model that draws the situation and computes the key; `None` for a question written out in its deck.
    pub simulation: Option<Simulation>,
    /// The reason why the question is no longer asked. It is not part of the bank, but old sessions show it.
    pub retired: Option<Text>,
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub enum Interaction {
    /// One pick of 3 to 5 options.
    Single(Vec<Choice>),
    /// `select` picks out of 4 to 6 options, of which `select` are keys.
    Multiple { select: usize, options: Vec<Choice> },
    /// 4 to 7 steps in the correct order; the order of the pairs in `free` doesn't matter.
    Ordering {
        steps: Vec<Step>,
        free: Vec<(ChoiceId, ChoiceId)>,
    },
    /// 3 to 6 entries on the left, each with one match on the right; some on the right match nothing.
    Matching { left: Vec<Left>, right: Vec<Text> },
    /// A number, calculated from the row of parameters that was drawn.
    Numeric(Numeric),
    /// Free text, rated by criteria. Never part of a score with the others.
    Open {
        model_answer: Text,
        rubric: Vec<Criterion>,
    },
    /// A card that is answered in the head, revealed, and graded by the person. Only practice asks it.
    Recall(Card),
}

impl Interaction {
    pub fn kind(&self) -> Kind {
        match self {
            Interaction::Single(_) => Kind::Single,
            Interaction::Multiple { .. } => Kind::Multiple,
            Interaction::Ordering { .. } => Kind::Ordering,
            Interaction::Matching { .. } => Kind::Matching,
            Interaction::Numeric(_) => Kind::Numeric,
            Interaction::Open { .. } => Kind::Open,
            Interaction::Recall(_) => Kind::Recall,
        }
    }

    /// Returns the number of entries that can be shuffled and have a letter: options, steps or right-hand entries.
    pub fn movable(&self) -> usize {
        match self {
            Interaction::Single(options) | Interaction::Multiple { options, .. } => options.len(),
            Interaction::Ordering { steps, .. } => steps.len(),
            Interaction::Matching { right, .. } => right.len(),
            Interaction::Numeric(_) | Interaction::Open { .. } | Interaction::Recall(_) => 0,
        }
    }

    /// Returns how many lines can be marked while answering: options, steps or left entries.
    pub fn lines(&self) -> usize {
        match self {
            Interaction::Matching { left, .. } => left.len(),
            _ => self.movable(),
        }
    }

    /// Returns the criteria by which an answer is rated; empty for all but open questions.
    pub fn rubric(&self) -> &[Criterion] {
        match self {
            Interaction::Open { rubric, .. } => rubric,
            _ => &[],
        }
    }

    /// Returns whether the answer is one or more of the options.
    pub fn has_options(&self) -> bool {
        matches!(self, Interaction::Single(_) | Interaction::Multiple { .. })
    }

    /// Returns whether the answer is an order of steps.
    pub fn is_ordering(&self) -> bool {
        matches!(self, Interaction::Ordering { .. })
    }

    /// Returns whether the answer is a text of several lines that people rate.
    pub fn is_open(&self) -> bool {
        matches!(self, Interaction::Open { .. })
    }

    /// Returns whether it is a card, which the person grades.
    pub fn is_card(&self) -> bool {
        matches!(self, Interaction::Recall(_))
    }

    /// Returns whether the answer is typed into a field.
    pub fn is_typed(&self) -> bool {
        matches!(self, Interaction::Numeric(_) | Interaction::Open { .. })
    }
}

/// An option of a single or multiple question.
#[derive(Clone, Debug)]
pub struct Choice {
    pub text: Text,
    /// The score for picking it in a single-choice question, in [0, 1]; exactly 1 for a key.
    pub credit: f64,
    /// The rationale: why it is correct or incorrect.
    pub why: Text,
    /// The misconception behind a distractor.
    pub misconception: Option<Text>,
}

impl Choice {
    pub fn is_key(&self) -> bool {
        self.credit >= 1.0
    }
}

#[derive(Clone, Debug)]
pub struct Step {
    pub text: Text,
    pub why: Text,
}

#[derive(Clone, Debug)]
pub struct Left {
    pub text: Text,
    /// The matching entry on the right.
    pub key: ChoiceId,
    pub why: Text,
}

/// The number of instances of a simulated question. Their rows are the seeds.
pub const INSTANCES: u32 = 1 << 31;

/// A row of parameters: its index in the product of all values, where the last parameter varies fastest. For a simulated
/// question it is the seed of the instance.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Row(pub u32);

/// An observable criterion of an open question.
#[derive(Clone, Debug)]
pub struct Criterion {
    pub criterion: Text,
    pub points: u32,
    /// The evidence to look for in the answer.
    pub evidence: Text,
}

/// A code listing of at most 20 lines of 76 columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    pub language: Text,
    pub text: Text,
    /// True if its lines are numbered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub numbers: bool,
}

#[derive(Clone, Debug)]
pub struct Reference {
    pub author: Text,
    pub title: Text,
    pub place: Text,
    /// The year of publication, or 0 if it is not known.
    pub year: u16,
    pub url: Option<Text>,
}

impl Reference {
    /// Returns the citation without the fields that are empty, and the address at its end, such as
    /// `Ongaro, In Search of an Understandable Consensus Algorithm, section 5.4, 2014`.
    pub fn citation(&self) -> Text {
        let year = if self.year == 0 {
            String::new()
        } else {
            self.year.to_string()
        };
        let fields = [
            self.author.line(),
            self.title.line(),
            self.place.line(),
            year,
            self.url.as_ref().map(Text::line).unwrap_or_default(),
        ];
        let present: Vec<String> = fields
            .into_iter()
            .filter(|field| !field.is_empty())
            .collect();
        Text::new(&present.join(", "))
    }
}

#[derive(Clone, Debug)]
pub struct Checked {
    /// `YYYY-MM-DD`
    pub on: Text,
    pub against: Text,
}

impl Question {
    pub fn kind(&self) -> Kind {
        self.interaction.kind()
    }

    /// Returns the blank answer of this question.
    pub fn blank(&self) -> Answer {
        match &self.interaction {
            Interaction::Single(_) | Interaction::Multiple { .. } => Answer::Picked(Vec::new()),
            Interaction::Ordering { .. } => Answer::Ordered(Vec::new()),
            Interaction::Matching { left, .. } => Answer::Matched(vec![None; left.len()]),
            Interaction::Numeric(_) => Answer::Number(String::new()),
            Interaction::Open { .. } | Interaction::Recall(_) => Answer::Written(String::new()),
        }
    }

    /// Returns true if the question has a figure or a code listing beside its prose.
    pub fn has_figure(&self) -> bool {
        self.code.is_some() || !self.figures.is_empty()
    }

    /// Returns the figures with the parameters of `row` filled in.
    pub fn figures(&self, row: Row) -> Vec<Figure> {
        let numeric = match &self.interaction {
            Interaction::Numeric(numeric) => Some(numeric),
            _ => None,
        };
        self.figures
            .iter()
            .filter_map(|figure| figure.fill(numeric, row))
            .collect()
    }

    /// Returns the number of rows that can be drawn: of parameters, or of the instances of a simulated question.
    pub fn rows(&self) -> u32 {
        match &self.interaction {
            _ if self.simulation.is_some() => INSTANCES,
            Interaction::Numeric(numeric) => numeric.rows(),
            _ => 1,
        }
    }

    /// Returns the instance of a simulated question; an example before one is drawn.
    pub fn instance(&self) -> Option<&Instance> {
        self.simulation.as_ref()?.instance.as_deref()
    }

    /// Returns the reason if the question was withdrawn, so that the answers to it no longer count.
    ///
    /// A question that was only replaced by another one, as its reason says, was not wrong: its answers still count.
    pub fn withdrawal(&self) -> Option<&Text> {
        let is_replaced = |reason: &Text| {
            let words = reason.line().to_lowercase();
            words.starts_with("replaced by ")
        };
        self.retired.as_ref().filter(|reason| !is_replaced(reason))
    }

    /// Returns `text` with the parameters of `row` filled in.
    pub fn fill(&self, text: &Text, row: Row) -> Text {
        match &self.interaction {
            Interaction::Numeric(numeric) => numeric.fill(text, row),
            _ => text.clone(),
        }
    }
}
