//! A question as it is asked, turned into one that can be answered without knowing its key.

use super::asked::Body;
use crate::core::id::ChoiceId;
use crate::core::question::{Choice, Interaction, Kind, Left, Numeric, Step};
use crate::core::text::Text;

impl Body {
    /// Returns the type of the question.
    pub fn kind(&self) -> Kind {
        match self {
            Body::Options { select: 1, .. } => Kind::Single,
            Body::Options { .. } => Kind::Multiple,
            Body::Steps(_) => Kind::Ordering,
            Body::Entries { .. } => Kind::Matching,
            Body::Number { .. } => Kind::Numeric,
            Body::Words => Kind::Open,
            Body::Card => Kind::Recall,
        }
    }

    /// Returns the choices without a key. `tolerance` is the accepted relative and absolute error of a number. A card
    /// has nothing to choose and becomes a written answer.
    pub fn keyless(self, (relative, absolute): (f64, f64)) -> Interaction {
        match self {
            Body::Options { select: 1, options } => Interaction::Single(choices(options)),
            Body::Options { select, options } => Interaction::Multiple {
                select,
                options: choices(options),
            },
            Body::Steps(steps) => Interaction::Ordering {
                steps: steps.into_iter().map(step).collect(),
                free: Vec::new(),
            },
            Body::Entries { left, right } => Interaction::Matching {
                left: left.into_iter().map(entry).collect(),
                right,
            },
            Body::Number { unit } => Interaction::Numeric(Numeric {
                tolerance_rel: relative,
                ..Numeric::exactly(f64::NAN, unit, absolute, Vec::new())
            }),
            Body::Words | Body::Card => Interaction::Open {
                model_answer: Text::default(),
                rubric: Vec::new(),
            },
        }
    }
}

fn choices(texts: Vec<Text>) -> Vec<Choice> {
    let choice = |text| Choice {
        text,
        credit: 0.0,
        why: Text::default(),
        misconception: None,
    };
    texts.into_iter().map(choice).collect()
}

fn step(text: Text) -> Step {
    Step {
        text,
        why: Text::default(),
    }
}

fn entry(text: Text) -> Left {
    Left {
        text,
        key: ChoiceId(0),
        why: Text::default(),
    }
}
