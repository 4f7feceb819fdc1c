//! Questions of decks as drafts, and drafts in the formats of other programs.

mod aiken;
mod anki;
mod gift;
mod table;

use super::draft::{Body, Choice, Draft, Number, Pair, Problem, ProblemKind};
use super::format::Format;
use crate::core::figure::describe;
use crate::core::form::Item;
use crate::core::id::CompetencyId;
use crate::core::question::{self, Interaction, Numeric, Question};

/// The heading of the sources at the end of an explanation, in formats that have no place of their own for them.
pub(super) const SOURCES: &str = "Sources:";

/// A question on its way out, with what was lost so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    /// Its deck and id, such as `data-consistency/clocks.001`.
    pub name: String,
    /// The title of its deck.
    pub deck: String,
    pub draft: Draft,
    pub losses: Vec<String>,
}

/// A file in another format.
#[derive(Debug, Default)]
pub struct Exported {
    pub text: String,
    /// The number of questions in it.
    pub written: usize,
    /// The number of questions with a loss.
    pub with_loss: usize,
    /// The problems, each with the name of its question; without one for the whole file.
    pub problems: Vec<(String, Problem)>,
}

impl Exported {
    fn note(&mut self, what: &str) {
        self.problems.push((
            String::new(),
            Problem::new(ProblemKind::Note, 0, what.to_owned()),
        ));
    }

    /// Adds what became of a question: its losses if it was written, or the reason why it can't be.
    fn add(&mut self, question: &Outgoing, written: Result<Vec<String>, String>) {
        let mut problem = |kind, what| {
            let problem = Problem::new(kind, 0, what);
            self.problems.push((question.name.clone(), problem));
        };
        match written {
            Ok(losses) => {
                let losses: Vec<&String> = question.losses.iter().chain(&losses).collect();
                losses
                    .iter()
                    .for_each(|loss| problem(ProblemKind::Loss, (*loss).clone()));
                self.with_loss += usize::from(!losses.is_empty());
                self.written += 1;
            }
            Err(why) => problem(ProblemKind::Refused, why),
        }
    }
}

impl Format {
    /// Writes questions in this format.
    pub fn write(self, questions: &[Outgoing]) -> Exported {
        match self {
            Format::Gift => gift::write(questions),
            Format::Aiken => aiken::write(questions),
            Format::Csv => table::write(questions),
            Format::Anki => anki::write(questions),
        }
    }
}

impl Outgoing {
    /// Converts a question as it was drawn; texts get the parameters of the item.
    pub fn of(question: &Question, item: &Item, deck: &str, competency: &CompetencyId) -> Self {
        let mut losses = Vec::new();
        let fill = |text| question.fill(text, item.row).as_str().to_owned();
        if question.simulation.is_some() {
            losses.push("only one of its situations was written".to_owned());
        } else if question.rows() > 1 {
            losses.push(format!(
                "only the first of its {} sets of numbers was written",
                question.rows()
            ));
        }
        let mut stem = fill(&question.stem);
        for figure in question.figures(item.row) {
            losses.push("a figure was replaced by its description".to_owned());
            stem.push_str("\n\n");
            stem.push_str(&describe(&figure).join("\n"));
        }
        let body = body(question, item, &mut losses);
        let draft = Draft {
            title: question.id.to_string(),
            category: format!("{competency}/{}", question.facet),
            facet: question.facet.to_string(),
            level: Some(question.level),
            demand: Some(question.demand),
            stem: stem.trim().to_owned(),
            code: question.code.as_ref().map(|code| {
                let code_text = code.text.as_str().trim_end_matches('\n').to_owned();
                (code.language.line(), code_text)
            }),
            lead_in: match &question.interaction {
                Interaction::Recall(card) => card.front.as_str().to_owned(),
                _ => fill(&question.lead_in),
            },
            body,
            explanation: fill(&question.explanation),
            sources: question
                .references
                .iter()
                .map(|reference| reference.citation().line())
                .collect(),
            ..Draft::default()
        };
        Self {
            name: format!("{}/{}", item.deck, item.question),
            deck: deck.to_owned(),
            draft,
            losses,
        }
    }
}

fn body(question: &Question, item: &Item, losses: &mut Vec<String>) -> Body {
    let choices = |options: &[question::Choice]| options.iter().map(choice).collect();
    match &question.interaction {
        Interaction::Single(options) => Body::Single(choices(options)),
        Interaction::Multiple { options, .. } => Body::Multiple(choices(options)),
        Interaction::Ordering { steps, .. } => Body::Ordering(
            steps
                .iter()
                .map(|step| step.text.as_str().to_owned())
                .collect(),
        ),
        Interaction::Matching { left, right } => {
            let text = |n: usize| right.get(n).map_or("", |text| text.as_str()).to_owned();
            let pairs = left.iter().map(|left| Pair {
                left: left.text.as_str().to_owned(),
                right: text(left.key.index()),
                why: left.why.as_str().to_owned(),
            });
            let is_spare = |n: &usize| left.iter().all(|left| left.key.index() != *n);
            let spare = (0..right.len()).filter(is_spare).map(text);
            Body::Matching(pairs.collect(), spare.collect())
        }
        Interaction::Numeric(numeric) => Body::Numeric(number(numeric, item)),
        Interaction::Recall(card) => Body::Recall(card.back.as_str().to_owned()),
        Interaction::Open { model_answer, .. } => {
            losses.push("the rubric was not kept".to_owned());
            Body::Open(model_answer.as_str().to_owned())
        }
    }
}

fn choice(option: &question::Choice) -> Choice {
    Choice {
        text: option.text.as_str().to_owned(),
        credit: option.credit,
        why: option.why.as_str().to_owned(),
    }
}

fn number(numeric: &Numeric, item: &Item) -> Number {
    let values = numeric.values(item.row);
    let wrong = numeric.wrong.iter().map(|wrong| {
        let why = numeric.fill(&wrong.why, item.row).as_str().to_owned();
        (wrong.formula.evaluate(&values), why)
    });
    Number {
        value: numeric.right(item.row),
        tolerance: numeric.tolerance(item.row),
        unit: numeric.unit.line(),
        wrong: wrong.filter(|(value, _)| value.is_finite()).collect(),
    }
}

impl Draft {
    /// Returns situation, listing and question as one text, the listing between fences.
    fn asked(&self) -> String {
        let fenced = self
            .code
            .as_ref()
            .map(|(language, code)| format!("```{language}\n{code}\n```"));
        let parts = [Some(self.stem.clone()), fenced, Some(self.lead_in.clone())];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// Returns the explanation with the sources below it.
    fn lesson(&self) -> String {
        let mut lesson = self.explanation.clone();
        if !self.sources.is_empty() {
            lesson.push_str("\n\n");
            lesson.push_str(SOURCES);
            self.sources
                .iter()
                .for_each(|source| lesson.push_str(&format!("\n- {source}")));
        }
        lesson.trim().to_owned()
    }

    /// Splits the sources off an explanation as [`Draft::lesson`] wrote it.
    pub(super) fn set_lesson(&mut self, lesson: &str) {
        self.explanation = lesson.to_owned();
        let Some((explanation, sources)) = format!("\n\n{lesson}")
            .rsplit_once(&format!("\n\n{SOURCES}\n"))
            .map(|(explanation, sources)| (explanation.trim().to_owned(), sources.to_owned()))
        else {
            return;
        };
        let sources: Option<Vec<String>> = sources
            .lines()
            .map(|line| Some(line.strip_prefix("- ")?.trim().to_owned()))
            .collect();
        if let Some(sources) = sources {
            self.explanation = explanation;
            self.sources = sources;
        }
    }
}

#[cfg(test)]
mod tests;
