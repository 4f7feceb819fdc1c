//! A form: the questions of one session, chosen and frozen.

use serde::{Deserialize, Serialize};

use super::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use super::question::{Kind, Level, Row};

/// The frozen list of questions of one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// What repeats this form: `7K3-QX9`.
    pub code: String,
    pub seed: u64,
    pub items: Vec<Item>,
}

/// One question of a form, with everything that chance decided about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub deck: DeckId,
    pub question: QuestionId,
    pub fingerprint: Fingerprint,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// Fair time in seconds.
    pub seconds: u32,
    pub row: Row,
    /// The order in which options, steps or right entries are shown.
    pub order: Vec<ChoiceId>,
    /// Never shown to this person before: only such answers count for the score.
    pub fresh: bool,
}
