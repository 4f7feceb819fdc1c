//! `aethos show`: prints a question as a person meets it, with its key if asked for.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Value as Json, json};

use super::look::speaks_utf8;
use super::named::Named;
use super::{Exit, Failed};
use crate::core::figure::Charset;
use crate::core::form::{Item, Planned};
use crate::core::question::{Choice, INSTANCES, Interaction, Question, Row};
use crate::core::text::Text;
use crate::deck::diagnostic::nearest;
use crate::deck::load::{Library, LoadedDeck};
use crate::report::question_text;
use crate::session::present::{Asked, Marks, Revealed};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The deck or its file, and the question, such as data-consistency/consensus-paxos-raft.002
    #[arg(value_name = "DECK/QUESTION")]
    question: String,
    /// Seed for the instance, the parameters and the order of the options
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..i64::from(INSTANCES)))]
    seed: u32,
    /// Include the answer, the worked steps and the explanation
    #[arg(long)]
    key: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Prints the question. `data` is the user's data folder.
pub fn run(args: &Args, data: Option<&Path>, out: &mut dyn Write) -> Result<Exit, Failed> {
    let Some((deck, id)) = args.question.rsplit_once('/') else {
        return Err(Failed::usage(
            "name the deck and the question, such as data-consistency/consensus-paxos-raft.002",
        ));
    };
    let decks = [deck.into()];
    let named = Named::of(&decks);
    let library = Library::load(&named.paths, data);
    let found = named.decks(&library)?;
    let loaded = found.first().and_then(|id| library.deck(id));
    let loaded = loaded.ok_or_else(|| {
        Failed::Usage(format!(
            "unknown deck {deck:?}: `aethos decks` lists the decks"
        ))
    })?;
    let (item, question) = drawn(loaded, id, args.seed)?;
    let asked = Asked::of(&question, &item);
    let revealed = args
        .key
        .then(|| Revealed::of(&question, &item, None, |_| None));
    match args.format {
        Format::Text => {
            let mut parts = asked.parts();
            match &revealed {
                Some(revealed) => parts.extend(revealed.parts(&asked, &Marks::default())),
                None => parts.extend(asked.choices()),
            }
            let charset = match speaks_utf8() {
                true => Charset::Unicode,
                false => Charset::Ascii,
            };
            out.write_all(question_text(&parts, charset).as_bytes())?;
        }
        Format::Json => {
            let json = to_json(&item, &question, &asked, args);
            serde_json::to_writer_pretty(&mut *out, &json).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(Exit::Fine)
}

/// Returns the question of a deck as `seed` draws it.
pub(super) fn drawn(loaded: &LoadedDeck, id: &str, seed: u32) -> Result<(Item, Question), Failed> {
    let deck = &loaded.deck;
    let Some(entry) = deck
        .entries
        .iter()
        .position(|entry| entry.id.as_str() == id)
    else {
        let hint = nearest(id, deck.entries.iter().map(|entry| entry.id.as_str()));
        let hint = match hint {
            Some(near) => format!(": did you mean {near}?"),
            None => match deck.entries.first() {
                Some(first) => format!(": its first one is {}", first.id),
                None => ": it has none".to_owned(),
            },
        };
        let message = format!("the deck {} has no question {id:?}{hint}", deck.id);
        return Err(Failed::Refused(message));
    };
    let question = loaded.question(entry).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.line());
        Failed::Refused(format!("{id}: {}", first.unwrap_or_default()))
    })?;
    let instance = match &question.simulation {
        Some(simulation) => {
            let instance = simulation.instance_of(seed.into()).ok_or_else(|| {
                let message = format!("{id}: the model finds no situation for the seed {seed}");
                Failed::Refused(format!("{message}: try another one"))
            })?;
            Some(Box::new(instance))
        }
        None => None,
    };
    let planned = Planned {
        deck: &deck.id,
        competency: &deck.competency,
        question: &question,
        fresh: true,
        rows_seen: &[],
    };
    let item = planned.item(Row(seed % question.rows().max(1)), instance, seed.into());
    let question = item.concrete(question);
    Ok((item, question))
}

/// Returns the fields of the output. Their names are documented and must not change.
fn to_json(item: &Item, question: &Question, asked: &Asked, args: &Args) -> Json {
    let texts = |texts: &[Text]| texts.iter().map(Text::line).collect::<Vec<_>>();
    let mut json = json!({
        "deck": item.deck,
        "question": item.question,
        "seed": args.seed,
        "type": item.kind.word(),
        "seconds": item.seconds,
        "stem": asked.stem,
        "lead_in": asked.lead_in,
        "rule": asked.rule,
        "options": texts(asked.lettered()),
    });
    if let Some(code) = &asked.code {
        json["code"] = json!(code.text);
    }
    if let Interaction::Numeric(numeric) = &question.interaction {
        json["unit"] = json!(numeric.unit);
    }
    if !asked.numbered().is_empty() {
        json["left"] = json!(texts(asked.numbered()));
    }
    if !asked.figures.is_empty() {
        json["figures"] = json!(asked.figures);
    }
    if let Some(instance) = &item.instance {
        json["model"] = json!(instance.model);
        json["version"] = json!(instance.version);
        json["ask"] = json!(instance.ask);
        json["scenario"] = instance.scenario.clone();
    }
    if args.key {
        json["answer"] = answer(question, item);
        json["explanation"] = json!(question.fill(&question.explanation, item.row));
        if let Some(instance) = &item.instance {
            json["steps"] = json!(instance.steps);
            json["solved"] = json!(instance.solved);
        }
    }
    json
}

/// Returns the key: the text of the right option, the texts of all right options, the steps or the right entries in
/// their order, or the number.
fn answer(question: &Question, item: &Item) -> Json {
    let keys = |options: &[Choice]| -> Vec<String> {
        options
            .iter()
            .filter(|option| option.is_key())
            .map(|option| option.text.line())
            .collect()
    };
    match &question.interaction {
        Interaction::Single(options) => json!(keys(options).first()),
        Interaction::Multiple { options, .. } => json!(keys(options)),
        Interaction::Ordering { steps, .. } => {
            json!(
                steps
                    .iter()
                    .map(|step| step.text.line())
                    .collect::<Vec<_>>()
            )
        }
        Interaction::Matching { left, right } => {
            let entry = |id: usize| right.get(id).map(Text::line);
            let pairs = left.iter().map(|left| entry(left.key.index()));
            json!(pairs.collect::<Vec<_>>())
        }
        Interaction::Numeric(numeric) => json!(numeric.right(item.row)),
        Interaction::Open { model_answer, .. } => json!(model_answer),
        Interaction::Recall(card) => json!(card.answer()),
    }
}
