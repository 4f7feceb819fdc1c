//! A question of a homework form: what may be seen before an answer, and nothing that depends on the key.

use serde::{Deserialize, Serialize};

use super::form::BadForm;
use crate::core::figure::Figure;
use crate::core::form::{Item, Planned};
use crate::core::id::{CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use crate::core::number;
use crate::core::question::{Code, Interaction, Kind, Level, Question, Row};
use crate::core::rng::Stream;
use crate::core::text::Text;
use crate::session::present::{Asked, Body};

/// The largest number of options, steps or entries of a question; each has a letter.
const MAX_CHOICES: usize = 26;
/// The largest expected time of a question, in seconds.
const MAX_SECONDS: u32 = 7200;

/// A question without its key. Answers refer to the choices in the order in which they are listed here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormQuestion {
    pub deck: DeckId,
    pub id: QuestionId,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// The expected time to answer, in seconds.
    pub seconds: u32,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub stem: Text,
    pub lead_in: Text,
    /// How many options to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub select: Option<usize>,
    /// The unit of a number.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub unit: Text,
    /// The accepted relative and absolute errors of a number, which the rule below the question states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<(f64, f64)>,
    /// True if everyone sees the choices in the listed order, because they are numbers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_order: bool,
    /// The entries on the left of a matching question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Text>,
    /// The options, steps or entries on the right, in an order drawn for this form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    #[serde(default, rename = "figure", skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
}

/// Draws the order in which a form lists the choices of a question. `secret` must not be derivable from the form: the
/// order of the deck, where authors tend to put the key first, could be recovered from it. Numbers stay in order.
pub fn secret_order(item: &mut Item, question: &Question, secret: u64) {
    if !is_in_order(item, question) {
        let purpose = format!("homework {}/{}", item.deck, item.question);
        Stream::new(secret, &purpose).shuffle(&mut item.order);
    }
}

/// Returns true if the choices are numbers in ascending order.
fn is_in_order(item: &Item, question: &Question) -> bool {
    if let Some(instance) = &item.instance {
        return instance.outcome.is_number();
    }
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => options
            .iter()
            .all(|option| number::parse(option.text.as_str(), "").is_ok()),
        _ => false,
    }
}

/// Returns the choices of a question as fields of a form: how many to choose, the entries on the left, the choices, and
/// the unit of a number.
pub fn choice_fields(body: Body) -> (Option<usize>, Vec<Text>, Vec<Text>, Text) {
    let (mut select, mut left, mut choices, mut unit) =
        (None, Vec::new(), Vec::new(), Text::default());
    match body {
        Body::Options { select: n, options } => (select, choices) = (Some(n), options),
        Body::Steps(steps) => choices = steps,
        Body::Entries { left: l, right } => (left, choices) = (l, right),
        Body::Number { unit: of } => unit = of,
        Body::Words | Body::Card => {}
    }
    (select, left, choices, unit)
}

impl FormQuestion {
    /// Creates the question as `item` asks it.
    pub fn of(item: &Item, question: &Question) -> Self {
        let Asked {
            stem,
            code,
            figures,
            lead_in,
            body,
            rule: _,
        } = Asked::of(question, item);
        let (select, left, choices, unit) = choice_fields(body);
        Self {
            deck: item.deck.clone(),
            id: item.question.clone(),
            competency: item.competency.clone(),
            facet: item.facet.clone(),
            level: item.level,
            kind: item.kind,
            seconds: item.seconds,
            select: select.filter(|_| item.kind == Kind::Multiple),
            tolerance: match &question.interaction {
                Interaction::Numeric(numeric) => {
                    Some((numeric.tolerance_rel, numeric.tolerance_abs))
                }
                _ => None,
            },
            in_order: is_in_order(item, question),
            stem,
            lead_in,
            unit,
            left,
            choices,
            code,
            figures,
        }
    }

    /// Returns the hash of what the form shows. It is computed from nothing else, so it confirms no guess of a key.
    pub fn hash(&self) -> Fingerprint {
        // All fields have a JSON form.
        Fingerprint::of(&serde_json::to_string(self).unwrap_or_default())
    }

    /// Checks that the question can be asked.
    ///
    /// # Errors
    /// The reason why it can't.
    pub fn check(&self) -> Result<(), BadForm> {
        let n = self.choices.len();
        let (least, fits) = match self.kind {
            Kind::Single => (2, self.left.is_empty()),
            Kind::Multiple => (
                2,
                self.select.is_some_and(|select| (1..=n).contains(&select)),
            ),
            Kind::Ordering => (2, self.left.is_empty()),
            Kind::Matching => (2, (1..=9).contains(&self.left.len())),
            Kind::Numeric | Kind::Open => (0, n == 0),
            // No form has cards.
            Kind::Recall => (0, false),
        };
        let tolerances = self.tolerance.unwrap_or_default();
        let is_sound = [tolerances.0, tolerances.1]
            .iter()
            .all(|tolerance| tolerance.is_finite() && *tolerance >= 0.0);
        let fits = fits && is_sound && (least..=MAX_CHOICES).contains(&n);
        match fits && self.seconds <= MAX_SECONDS {
            true => Ok(()),
            false => Err(BadForm::Question(self.id.clone())),
        }
    }

    /// Returns the question for a session. It has no key, so it can't be scored.
    pub fn question(&self) -> Question {
        Question {
            id: self.id.clone(),
            fingerprint: self.hash(),
            facet: self.facet.clone(),
            points: Vec::new(),
            tips: Vec::new(),
            level: self.level,
            demand: crate::core::question::Demand::Apply,
            family: None,
            seconds: self.seconds,
            stem: self.stem.clone(),
            code: self.code.clone(),
            figures: self.figures.iter().cloned().map(Into::into).collect(),
            lead_in: self.lead_in.clone(),
            interaction: self.body().keyless(self.tolerance.unwrap_or_default()),
            explanation: Text::default(),
            discussion: None,
            references: Vec::new(),
            checked: None,
            simulation: None,
            retired: None,
        }
    }

    /// Returns the choices as they are shown.
    fn body(&self) -> Body {
        let choices = self.choices.clone();
        match self.kind {
            Kind::Single => Body::Options {
                select: 1,
                options: choices,
            },
            Kind::Multiple => Body::Options {
                select: self.select.unwrap_or(1),
                options: choices,
            },
            Kind::Ordering => Body::Steps(choices),
            Kind::Matching => Body::Entries {
                left: self.left.clone(),
                right: choices,
            },
            Kind::Numeric => Body::Number {
                unit: self.unit.clone(),
            },
            // A checked form has no card.
            Kind::Open | Kind::Recall => Body::Words,
        }
    }

    /// Returns the question as an item of a person's form; `seed` draws the order of the choices.
    pub fn item(&self, question: &Question, seed: u64) -> Item {
        let planned = Planned {
            deck: &self.deck,
            competency: &self.competency,
            question,
            fresh: true,
            rows_seen: &[],
        };
        let mut item = planned.item(Row::default(), None, seed);
        if self.in_order {
            item.order.sort_unstable();
        }
        item
    }
}
