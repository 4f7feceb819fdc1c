//! `aethos schema`: prints the JSON Schema (draft 2020-12) of a deck, for completion and checks in editors.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::Exit;
use crate::core::question::Kind;
use crate::deck::figure_format;
use crate::deck::format::{FILE, Key, QUESTION, Required, Table, Value, is_computed};
use crate::simulation::{Bound, MODELS, Shape};

pub fn run(out: &mut dyn Write) -> io::Result<Exit> {
    serde_json::to_writer_pretty(&mut *out, &schema())?;
    writeln!(out)?;
    Ok(Exit::Fine)
}

/// Returns the schema of a deck file, generated from the description that the parser uses.
pub fn schema() -> Json {
    let mut schema = table(&FILE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("aethos deck");
    schema
}

fn table(table: &Table) -> Json {
    let properties: Map<String, Json> = table
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<&str> = table
        .keys
        .iter()
        .filter(|k| k.required == Required::Always && k.kinds.is_empty())
        .map(|k| k.name)
        .collect();
    let mut schema = json!({
        "description": table.doc,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if std::ptr::eq(table, &raw const QUESTION) {
        schema["allOf"] = Kind::ALL.into_iter().map(keys_of_kind).collect();
    }
    let unless_url = table
        .keys
        .iter()
        .filter(|k| k.required == Required::UnlessUrl);
    let unless_url: Vec<&str> = unless_url.map(|k| k.name).collect();
    if !unless_url.is_empty() {
        schema["anyOf"] = json!([{ "required": ["url"] }, { "required": unless_url }]);
    }
    schema
}

/// Returns the keys that a question type requires and those it doesn't allow.
fn keys_of_kind(kind: Kind) -> Json {
    let own = QUESTION
        .keys
        .iter()
        .filter(|key| !key.kinds.is_empty() && key.applies_to(kind));
    let required: Vec<&str> = own
        .filter(|key| key.required == Required::Always)
        .map(|key| key.name)
        .collect();
    let of_all = QUESTION
        .keys
        .iter()
        .filter(|key| key.required == Required::UnlessCard && kind != Kind::Recall);
    let of_all: Vec<&str> = of_all.map(|key| key.name).collect();
    let computed: Map<String, Json> = QUESTION
        .keys
        .iter()
        .filter(|key| is_computed(key))
        .map(|key| (key.name.to_owned(), json!(false)))
        .collect();
    let foreign = QUESTION.keys.iter().filter(|key| !key.applies_to(kind));
    let refused: Map<String, Json> = foreign
        .map(|key| (key.name.to_owned(), json!(false)))
        .collect();
    json!({
        "if": { "properties": { "type": { "const": kind.word() } }, "required": ["type"] },
        "then": {
            "properties": refused,
            "required": of_all,
            "if": { "required": ["simulation"] },
            "then": { "properties": computed },
            "else": { "required": required },
        },
    })
}

fn property(key: &Key) -> Json {
    let mut schema = match key.value {
        Value::Text | Value::Listing => json!({ "type": "string", "minLength": 1 }),
        Value::Url => json!({ "type": "string", "pattern": "^https?://[^ ]+$" }),
        Value::Id => id(),
        Value::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Value::Ids => json!({ "type": "array", "items": id() }),
        Value::Word(words) => json!({ "type": "string", "enum": words() }),
        Value::Date => json!({ "type": "string", "format": "date" }),
        Value::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Value::Number(least, f64::MAX) => json!({ "type": "number", "minimum": least }),
        Value::Number(least, most) => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Value::Numbers => json!({ "type": "array", "items": { "type": "number" }, "minItems": 1 }),
        Value::Flag => json!({ "type": "boolean" }),
        Value::Pairs => {
            let pair = json!({ "type": "array", "items": { "type": "integer", "minimum": 1 }, "minItems": 2, "maxItems": 2 });
            json!({ "type": "array", "items": pair })
        }
        Value::Table(inner) => table(inner),
        Value::Tables(inner, least, usize::MAX) => {
            json!({ "type": "array", "items": table(inner), "minItems": least })
        }
        Value::Tables(inner, least, most) => {
            json!({ "type": "array", "items": table(inner), "minItems": least, "maxItems": most })
        }
        Value::Named(inner) => json!({ "type": "object", "additionalProperties": table(inner) }),
        Value::NamedNumbers => {
            json!({ "type": "object", "additionalProperties": { "type": "number" } })
        }
        Value::Amount => amount(),
        Value::Amounts => json!({ "type": "array", "items": amount(), "minItems": 1 }),
        Value::Points => {
            let pair = json!({ "type": "array", "items": amount(), "minItems": 2, "maxItems": 2 });
            json!({ "type": "array", "items": pair, "minItems": 1 })
        }
        Value::TextRows => {
            let row = json!({ "type": "array", "items": { "type": "string" } });
            json!({ "type": "array", "items": row, "minItems": 1 })
        }
        Value::Words(words) => {
            json!({ "type": "array", "items": { "type": "string", "enum": words() } })
        }
        Value::Figures => {
            let kinds = figure_format::KINDS.iter().map(|(word, format)| {
                let mut figure = table(format);
                figure["properties"]["kind"] = json!({ "const": word });
                figure
            });
            let kinds: Vec<Json> = kinds.collect();
            json!({ "type": "array", "items": { "oneOf": kinds } })
        }
        Value::Simulation => simulation(),
    };
    schema["description"] = json!(key.doc);
    schema
}

/// Returns the schema of a number that may be calculated from parameters.
fn amount() -> Json {
    json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": "^\\{.+\\}$" }] })
}

/// Returns the models, each with its asks and its bounds.
fn simulation() -> Json {
    let models = MODELS.iter().map(|model| {
        let asks: Vec<&str> = model.asks.iter().map(|ask| ask.name).collect();
        let mut properties = Map::new();
        properties.insert("model".into(), json!({ "const": model.name }));
        properties.insert("ask".into(), json!({ "enum": asks }));
        for bound in model.bounds {
            properties.insert(bound.name.to_owned(), bounded(bound));
        }
        json!({
            "description": model.summary,
            "properties": properties,
            "required": ["model", "ask"],
            "additionalProperties": false,
        })
    });
    json!({ "type": "object", "oneOf": models.collect::<Vec<Json>>() })
}

fn bounded(bound: &Bound) -> Json {
    let mut schema = match &bound.shape {
        Shape::Whole { min, max, .. } => {
            let whole = json!({ "type": "integer", "minimum": min, "maximum": max });
            let range = json!({ "type": "array", "items": whole, "minItems": 2, "maxItems": 2 });
            json!({ "anyOf": [whole, range] })
        }
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Flag(_) => json!({ "type": "boolean" }),
    };
    schema["description"] = json!(bound.summary);
    schema
}

fn id() -> Json {
    json!({ "type": "string", "pattern": "^[a-z0-9./_+-]{1,100}$" })
}
