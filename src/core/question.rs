//! A question: stem, lead-in, interaction, explanation and references.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, FigureTemplate};
use super::formula::Formula;
use super::id::{ChoiceId, FacetId, Fingerprint, PointId, QuestionId, TipId};
use super::instance::{Instance, Simulation};
use super::response::Answer;
use super::text::Text;

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

/// The seniority from which an engineer is expected to know the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Junior,
    Mid,
    Senior,
    Staff,
    Principal,
}

impl Level {
    pub const ALL: [Level; 5] = [
        Level::Junior,
        Level::Mid,
        Level::Senior,
        Level::Staff,
        Level::Principal,
    ];

    pub fn word(self) -> &'static str {
        ["junior", "mid", "senior", "staff", "principal"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The kind of thinking that a question requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Demand {
    Recall,
    Apply,
    Diagnose,
    Judge,
    Design,
}

impl Demand {
    pub const ALL: [Demand; 5] = [
        Demand::Recall,
        Demand::Apply,
        Demand::Diagnose,
        Demand::Judge,
        Demand::Design,
    ];

    pub fn word(self) -> &'static str {
        ["recall", "apply", "diagnose", "judge", "design"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|demand| demand.word() == word)
    }
}

/// The seven types of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Single,
    Multiple,
    Ordering,
    Matching,
    Numeric,
    Open,
    Recall,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::Single,
        Kind::Multiple,
        Kind::Ordering,
        Kind::Matching,
        Kind::Numeric,
        Kind::Open,
        Kind::Recall,
    ];

    pub fn word(self) -> &'static str {
        [
            "single", "multiple", "ordering", "matching", "numeric", "open", "recall",
        ][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Returns true if answers have a score, which rating by people is not.
    pub fn is_scored(self) -> bool {
        !matches!(self, Kind::Open | Kind::Recall)
    }
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

/// A card. Its question shows the front with its blanks hidden.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The front as it is written, with blanks such as `{{a majority}}` or `{{a majority::how many?}}`.
    pub front: Text,
    /// The back; may be empty if the front has blanks.
    pub back: Text,
}

impl Card {
    /// Returns the front with `[…]` or a hint in the place of each blank.
    pub fn prompt(&self) -> Text {
        self.with_blanks(|_, hint| format!("[{}]", hint.unwrap_or("…")))
    }

    /// Returns what is revealed: the front with its blanks filled in, if it has any, and the back.
    pub fn answer(&self) -> Text {
        let filled = self.with_blanks(|answer, _| answer.to_owned());
        match (self.has_blanks(), self.back.is_empty()) {
            (false, _) => self.back.clone(),
            (true, true) => filled,
            (true, false) => Text::new(&format!("{filled}\n\n{}", self.back)),
        }
    }

    pub fn has_blanks(&self) -> bool {
        split_at_blank(self.front.as_str()).is_some()
    }

    /// Replaces each blank by what `shown` returns for its text and its hint.
    fn with_blanks(&self, shown: impl Fn(&str, Option<&str>) -> String) -> Text {
        let mut text = String::with_capacity(self.front.as_str().len());
        let mut rest = self.front.as_str();
        while let Some((before, inner, after)) = split_at_blank(rest) {
            text.push_str(before);
            text.push_str(&match inner.split_once("::") {
                Some((answer, hint)) => shown(answer, Some(hint)),
                None => shown(inner, None),
            });
            rest = after;
        }
        text.push_str(rest);
        Text::new(&text)
    }
}

/// Splits at the first `{{...}}` into the text before it, its inner part, and the text after it.
fn split_at_blank(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inner, after) = rest.split_once("}}")?;
    Some((before, inner, after))
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

#[derive(Clone, Debug)]
pub struct Numeric {
    /// Sorted by name; a row has one value for each.
    pub params: Vec<Param>,
    pub formula: Formula,
    /// The unit of the answer; empty if it has none.
    pub unit: Text,
    /// The accepted relative error.
    pub tolerance_rel: f64,
    /// The accepted absolute error, in the unit of the answer; the larger of the two applies.
    pub tolerance_abs: f64,
    /// Wrong formulas whose results reveal a misconception.
    pub wrong: Vec<WrongFormula>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub values: Vec<f64>,
    pub unit: Text,
    pub label: Text,
}

#[derive(Clone, Debug)]
pub struct WrongFormula {
    pub formula: Formula,
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

impl Numeric {
    /// Creates a question for a fixed value, with wrong values that reveal a misconception.
    pub fn exactly(value: f64, unit: Text, tolerance_abs: f64, wrong: Vec<(f64, Text)>) -> Self {
        let wrong = wrong.into_iter().map(|(value, why)| WrongFormula {
            formula: Formula::constant(value),
            why,
        });
        Self {
            params: Vec::new(),
            formula: Formula::constant(value),
            unit,
            tolerance_rel: 0.0,
            tolerance_abs,
            wrong: wrong.collect(),
        }
    }

    /// Returns the number of rows; 1 for a question without parameters.
    pub fn rows(&self) -> u32 {
        self.params
            .iter()
            .fold(1u32, |n, p| n.saturating_mul(p.values.len() as u32))
    }

    /// Returns the value of each parameter in `row`, in the order of `params`.
    pub fn values(&self, row: Row) -> Vec<f64> {
        let mut rest = row.0;
        let mut values: Vec<f64> = self
            .params
            .iter()
            .rev()
            .map(|p| {
                let n = p.values.len().max(1) as u32;
                let value = p
                    .values
                    .get((rest % n) as usize)
                    .copied()
                    .unwrap_or(f64::NAN);
                rest /= n;
                value
            })
            .collect();
        values.reverse();
        values
    }

    /// Returns the correct value; not finite only in a deck that `check` rejects.
    pub fn right(&self, row: Row) -> f64 {
        self.formula.evaluate(&self.values(row))
    }

    pub fn tolerance(&self, row: Row) -> f64 {
        self.tolerance_of(self.right(row))
    }

    /// Returns how far from `value` an answer may be to count as that value.
    pub fn tolerance_of(&self, value: f64) -> f64 {
        (value.abs() * self.tolerance_rel).max(self.tolerance_abs)
    }

    /// Returns `text` with the values of `row` in the places of `{name}` (a parameter), `{value}` (the correct value)
    /// and `{=formula}` (any calculation with the parameters). Other text in braces stays as it is.
    pub fn fill(&self, text: &Text, row: Row) -> Text {
        let mut filled = String::with_capacity(text.as_str().len());
        let mut rest = text.as_str();
        while let Some((before, (inner, after))) = split_at_braces(rest) {
            filled.push_str(before);
            if let Some(value) = self.placeholder(inner, row) {
                filled.push_str(&value);
                rest = after;
            } else {
                filled.push('{');
                rest = &rest[before.len() + 1..];
            }
        }
        filled.push_str(rest);
        Text::new(&filled)
    }

    /// Parses the formula of a `{=formula}`; `None` if it is no formula over the parameters.
    pub fn calculation(&self, source: &str) -> Option<Formula> {
        let names: Vec<&str> = self
            .params
            .iter()
            .map(|param| param.name.as_str())
            .collect();
        Formula::parse(source, &names).ok()
    }

    /// Returns the exact value of `{inner}`, or `None` if it is no placeholder of this question.
    pub fn value_of(&self, inner: &str, row: Row) -> Option<f64> {
        let values = self.values(row);
        if let Some(place) = self.params.iter().position(|param| param.name == inner) {
            return values.get(place).copied();
        }
        match inner.strip_prefix('=') {
            Some(source) => Some(self.calculation(source)?.evaluate(&values)),
            None if inner == "value" => Some(self.right(row)),
            None => None,
        }
    }

    /// Returns what is shown in the place of `{inner}`, or `None` if it is no placeholder of this question.
    pub fn placeholder(&self, inner: &str, row: Row) -> Option<String> {
        let value = self.value_of(inner, row)?;
        if self.params.iter().any(|param| param.name == inner) {
            return Some(super::number::show(value));
        }
        let tolerance = (value.abs() * self.tolerance_rel).max(self.tolerance_abs);
        Some(super::number::show_within(value, tolerance))
    }
}

/// Splits at the first `{...}` into the text before it, its inner part, and the text after it.
pub fn split_at_braces(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = text.split_once('{')?;
    Some((before, rest.split_once('}')?))
}

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

    /// Returns true if there is something to look at besides texts.
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
