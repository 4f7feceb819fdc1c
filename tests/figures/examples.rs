//! The example figures, in the notation of decks.

use aethos::core::figure::Figure;
use toml::{Table, Value};

macro_rules! examples {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("examples/", $name, ".toml")))),*]
    };
}

/// Figures with the emphasis of a solution, which only models can draw.
#[allow(dead_code, reason = "not every test needs them")]
pub const SOLVED: &[(&str, &str)] = examples!("timeline-solved", "trace-solved", "ring-solved");

/// The names and sources of the examples, in the order of the gallery.
pub const EXAMPLES: &[(&str, &str)] = examples!(
    "timeline-transactions",
    "timeline-history",
    "timeline-copy",
    "timeline-read",
    "timeline-lost",
    "timeline-broadcast",
    "trace-sequence",
    "trace-parallel",
    "trace-error",
    "chart-climb",
    "chart-jump",
    "chart-threshold",
    "chart-steps",
    "chart-bars",
    "table-zones",
    "table-log",
    "graph-dependencies",
    "graph-zones",
    "ring-tokens",
);

/// Reads the first figure of a question.
pub fn figure(source: &str) -> Figure {
    let table: Table = source.parse().unwrap();
    let figure = table["question"]["figure"][0].as_table().unwrap();
    let lanes: Vec<Value> = match figure.get("lanes") {
        Some(Value::Array(lanes)) => lanes.clone(),
        _ => Vec::new(),
    };
    let plural = [
        "interval",
        "event",
        "message",
        "marker",
        "span",
        "threshold",
        "node",
        "edge",
        "point",
        "arc",
    ];
    let mut renamed = Table::new();
    for (key, value) in figure {
        let key = if plural.contains(&key.as_str()) {
            format!("{key}s")
        } else {
            key.clone()
        };
        renamed.insert(key, entries(value, &lanes));
    }
    Value::Table(renamed).try_into().unwrap()
}

/// Replaces the names of lanes with their indices, and values with points.
fn entries(value: &Value, lanes: &[Value]) -> Value {
    let Some(tables) = value.as_array() else {
        return value.clone();
    };
    let entry = |value: &Value| match value {
        Value::Table(table) => {
            let mut table = table.clone();
            for key in ["lane", "from_lane", "to_lane"] {
                if let Some(name) = table.get(key) {
                    let lane = lanes.iter().position(|lane| lane == name).unwrap();
                    table.insert(key.to_owned(), Value::Integer(lane as i64));
                }
            }
            if let Some(Value::Array(values)) = table.remove("values") {
                let points = values.into_iter().enumerate();
                let points = points.map(|(x, y)| Value::Array(vec![Value::Integer(x as i64), y]));
                table.insert("points".to_owned(), points.collect::<Vec<_>>().into());
            }
            if table.contains_key("points") && !table.contains_key("style") {
                table.insert("style".to_owned(), "line".into());
            }
            Value::Table(table)
        }
        other => other.clone(),
    };
    Value::Array(tables.iter().map(entry).collect())
}
