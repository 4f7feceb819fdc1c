//! A question as it is asked.

use serde::{Deserialize, Serialize};

use super::part::{Entry, Part};
use super::places::letter;
use crate::core::figure::Figure;
use crate::core::form::Item;
use crate::core::question::{Code, Interaction, Question};
use crate::core::scoring;
use crate::core::text::Text;

/// The part of a question that is visible before answering, with parameter values filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub stem: Text,
    pub code: Option<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    pub lead_in: Text,
    /// The rule for answering and scoring.
    pub rule: Text,
    pub body: Body,
}

/// The choices, in displayed order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    Options {
        select: usize,
        options: Vec<Text>,
    },
    Steps(Vec<Text>),
    Entries {
        left: Vec<Text>,
        right: Vec<Text>,
    },
    Number {
        unit: Text,
    },
    Words,
    /// Nothing is chosen or written.
    Card,
}

/// Returns the rule for answering, without what the lead-in says already.
fn rule(question: &Question) -> String {
    let rule = scoring::rule(&question.interaction);
    match rule.strip_prefix("Type a whole number") {
        Some(rest) if question.lead_in.as_str().contains("Enter a whole number") => {
            let rest = rest.split_once(". ").map_or(rest, |(_, rest)| rest);
            rest.to_owned()
        }
        _ => rule,
    }
}

impl Asked {
    /// Creates the visible part of a question.
    pub fn of(question: &Question, item: &Item) -> Self {
        let fill = |text: &Text| question.fill(text, item.row);
        Self {
            stem: fill(&question.stem),
            code: question.code.as_ref().map(|code| Code {
                language: code.language.clone(),
                text: fill(&code.text),
                numbers: code.numbers,
            }),
            figures: question.figures(item.row),
            lead_in: fill(&question.lead_in),
            rule: Text::new(&rule(question)),
            body: Body::of(question, item),
        }
    }

    /// Returns true if the question has a figure or a code listing beside its prose.
    pub fn has_figure(&self) -> bool {
        self.code.is_some() || !self.figures.is_empty()
    }

    /// Returns stem, listing, figures and lead-in.
    pub fn parts(&self) -> Vec<Part> {
        let stem = (!self.stem.is_empty()).then(|| Part::Prose(self.stem.clone()));
        let listing = self.code.clone().map(Part::Listing);
        let figures = self.figures.iter().cloned().map(Part::Figure);
        stem.into_iter()
            .chain(listing)
            .chain(figures)
            .chain([Part::LeadIn(self.lead_in.clone())])
            .collect()
    }

    /// Returns the rule and all choices, for output that shows them before the answer.
    pub fn choices(&self) -> Vec<Part> {
        let numbered = (1..)
            .zip(self.numbered())
            .map(|(n, text): (usize, _)| Entry::plain(n, text));
        let lettered = self
            .lettered()
            .iter()
            .enumerate()
            .map(|(place, text)| Entry::plain(letter(place), text));
        [Part::Aside(self.rule.line())]
            .into_iter()
            .chain(numbered)
            .chain(lettered)
            .collect()
    }

    /// Returns the texts labelled with numbers: the left entries of a matching question.
    pub fn numbered(&self) -> &[Text] {
        if let Body::Entries { left, .. } = &self.body {
            left
        } else {
            &[]
        }
    }

    /// Returns the texts labelled with letters: options, steps or right entries.
    pub fn lettered(&self) -> &[Text] {
        match &self.body {
            Body::Options { options, .. } => options,
            Body::Steps(steps) => steps,
            Body::Entries { right, .. } => right,
            Body::Number { .. } | Body::Words | Body::Card => &[],
        }
    }
}

impl Body {
    fn of(question: &Question, item: &Item) -> Self {
        let shown = |texts: Vec<&Text>| {
            item.order
                .iter()
                .filter_map(|id| texts.get(id.index()).map(|text| (*text).clone()))
                .collect::<Vec<_>>()
        };
        match &question.interaction {
            Interaction::Single(options) => Body::Options {
                select: 1,
                options: shown(options.iter().map(|o| &o.text).collect()),
            },
            Interaction::Multiple { select, options } => Body::Options {
                select: *select,
                options: shown(options.iter().map(|o| &o.text).collect()),
            },
            Interaction::Ordering { steps, .. } => {
                Body::Steps(shown(steps.iter().map(|s| &s.text).collect()))
            }
            Interaction::Matching { left, right } => Body::Entries {
                left: left.iter().map(|entry| entry.text.clone()).collect(),
                right: shown(right.iter().collect()),
            },
            Interaction::Numeric(numeric) => Body::Number {
                unit: numeric.unit.clone(),
            },
            Interaction::Open { .. } => Body::Words,
            Interaction::Recall(_) => Body::Card,
        }
    }
}
