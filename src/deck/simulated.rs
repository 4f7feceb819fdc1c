//! Simulated questions in decks: parses the model, its ask and its bounds, and checks them against the model.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic_code::DiagnosticCode;
use super::fields::{Fields, SimulationFields};
use super::format::{QUESTION, is_computed};
use super::table::TableReader;
use super::value::{KeyContext, integer};
use crate::core::instance::{Setting, Simulation};
use crate::core::question::{Interaction, Kind, Numeric, Question};
use crate::core::text::Text;
use crate::simulation::{self, Bound, MODELS, Model, Shape};

/// The number of seeds that are tried for an example.
const EXAMPLES: u64 = 50;

impl TableReader<'_> {
    /// Reads the table of a simulation; every key but `model` and `ask` is a bound.
    pub(super) fn simulation(
        &mut self,
        context: &KeyContext,
        table: &DeTable,
        span: Range<usize>,
    ) -> SimulationFields {
        let mut fields = SimulationFields::default();
        for (name, value) in table {
            let (key, at) = (name.get_ref().as_ref(), value.span());
            match (key, value.get_ref()) {
                ("model", DeValue::String(raw)) => fields.model = Some((raw.to_string(), at)),
                ("ask", DeValue::String(raw)) => fields.ask = Some((raw.to_string(), at)),
                ("model" | "ask", _) => self.wrong_type(context, at, "named by strings"),
                _ => match setting(value) {
                    Some(setting) => {
                        fields
                            .bounds
                            .push((key.to_owned(), name.span(), setting, at));
                    }
                    None => {
                        let message = format!("`{key}` is no value of a bound");
                        let help = "a bound is an integer, a range such as [2, 4], a word, or true or false";
                        self.report_with(DiagnosticCode::WrongType, at, message, help);
                    }
                },
            }
        }
        for key in ["model", "ask"] {
            if !table.contains_key(key) {
                let message = format!("`simulation` has no `{key}`");
                self.report(DiagnosticCode::MissingKey, span.clone(), message);
            }
        }
        fields
    }
}

fn setting(value: &Spanned<DeValue>) -> Option<Setting> {
    match value.get_ref() {
        DeValue::Boolean(flag) => Some(Setting::Flag(*flag)),
        DeValue::String(word) => Some(Setting::Word(word.to_string())),
        DeValue::Array(array) => {
            let ends: Option<Vec<i64>> = array.iter().map(|end| integer(end.get_ref())).collect();
            match ends?.as_slice() {
                [from, to] => Some(Setting::Whole(*from, *to)),
                _ => None,
            }
        }
        number => integer(number).map(|n| Setting::Whole(n, n)),
    }
}

/// Builds the simulation of a question, and reports what does not fit the model if `is_checked`.
pub fn build(
    reader: &mut TableReader,
    question: &Fields,
    kind: Kind,
    is_checked: bool,
) -> Option<Simulation> {
    let fields = question.simulation()?;
    if is_checked {
        refuse_computed(reader, question);
        check(reader, fields, kind);
    }
    let bounds = fields
        .bounds
        .iter()
        .map(|(name, _, setting, _)| (name.clone(), setting.clone()));
    Some(Simulation {
        model: fields.model.as_ref()?.0.clone(),
        ask: fields.ask.as_ref()?.0.clone(),
        kind,
        bounds: bounds.collect(),
        draw: simulation::instance_of,
        instance: None,
    })
}

/// Reports options and other keys that the model computes.
fn refuse_computed(reader: &mut TableReader, question: &Fields) {
    for key in QUESTION.keys.iter().filter(|key| is_computed(key)) {
        if question.has(key.name) {
            let message = format!("a simulated question has no `{}` of its own", key.name);
            let help = "the model computes the options and the key: leave it out";
            let span = question.span_of(key.name);
            reader.report_with(DiagnosticCode::NotOfType, span, message, help);
        }
    }
}

/// Reports an unknown model, ask or bound, an ask that does not fit the type, and a bound out of its range.
fn check(reader: &mut TableReader, fields: &SimulationFields, kind: Kind) {
    let Some((name, span)) = &fields.model else {
        return;
    };
    let Some(model) = Model::named(name) else {
        let known = MODELS.iter().map(|model| model.name);
        return reader.unknown(span.clone(), "model", name, known);
    };
    if let Some((name, span)) = &fields.ask {
        match model.ask(name) {
            None => {
                let known = model.asks.iter().map(|ask| ask.name);
                let what = format!("ask of `{}` called", model.name);
                reader.unknown(span.clone(), &what, name, known);
            }
            Some(ask) if !ask.kinds.contains(&kind) => {
                let kinds: Vec<&str> = ask.kinds.iter().map(|kind| kind.word()).collect();
                let message = format!("`{name}` does not fit a question of type {}", kind.word());
                let help = format!("it fits the type {}", kinds.join(" or "));
                reader.report_with(DiagnosticCode::AskNotOfType, span.clone(), message, help);
            }
            Some(_) => {}
        }
    }
    for (name, at, setting, value) in &fields.bounds {
        match model.bounds.iter().find(|bound| bound.name == name) {
            Some(bound) => {
                if let Some(allowed) = refused(bound, setting) {
                    let message = format!("`{name}` has to be {allowed}");
                    let code = DiagnosticCode::BadValue;
                    reader.report_with(code, value.clone(), message, bound.summary);
                }
            }
            None => {
                let known = model.bounds.iter().map(|bound| bound.name);
                let what = format!("bound of `{}` called", model.name);
                reader.unknown(at.clone(), &what, name, known);
            }
        }
    }
}

/// Returns what a bound accepts if it does not accept `setting`.
fn refused(bound: &Bound, setting: &Setting) -> Option<String> {
    let is_fine = match (&bound.shape, setting) {
        (Shape::Whole { min, max, .. }, Setting::Whole(from, to)) => {
            min <= from && from <= to && to <= max
        }
        (Shape::Word(words), Setting::Word(word)) => words.contains(&word.as_str()),
        (Shape::Flag(_), Setting::Flag(_)) => true,
        _ => false,
    };
    (!is_fine).then(|| accepted(&bound.shape))
}

/// Returns the values that a bound accepts, in words.
pub fn accepted(shape: &Shape) -> String {
    match shape {
        Shape::Whole { min, max, .. } => {
            format!("a whole number from {min} to {max}, or a range of them such as [{min}, {max}]")
        }
        Shape::Word(words) => format!("one of {}", words.join(", ")),
        Shape::Flag(_) => "true or false".to_owned(),
    }
}

/// Returns the interaction of a simulated question before an instance is drawn.
pub fn blank(kind: Kind) -> Interaction {
    match kind {
        Kind::Multiple => Interaction::Multiple {
            select: 1,
            options: Vec::new(),
        },
        Kind::Ordering => Interaction::Ordering {
            steps: Vec::new(),
            free: Vec::new(),
        },
        Kind::Numeric => {
            Interaction::Numeric(Numeric::exactly(0.0, Text::default(), 0.0, Vec::new()))
        }
        _ => Interaction::Single(Vec::new()),
    }
}

/// Gives a simulated question the options of an example, so that it has a chance level. Its texts keep their `{name}`.
///
/// # Errors
/// The model draws no instance, in a sentence.
pub fn with_example(question: Question) -> Result<Question, String> {
    let Some(simulation) = &question.simulation else {
        return Ok(question);
    };
    let example = (0..EXAMPLES).find_map(|seed| simulation.instance_of(seed));
    let Some(example) = example else {
        return Err(format!(
            "the model `{}` draws nothing for `{}` within these bounds",
            simulation.model, simulation.ask
        ));
    };
    let interaction = example.outcome.interaction(question.kind());
    let simulation = question.simulation.map(|simulation| Simulation {
        instance: Some(Box::new(example)),
        ..simulation
    });
    Ok(Question {
        interaction,
        simulation,
        ..question
    })
}
