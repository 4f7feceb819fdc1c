//! Builds the figures of a question, and checks the names and numbers in them.

use serde_json::{Map, Value as Json};

use super::diagnostic::quoted;
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::figure_format::{KINDS, MAX_LANES};
use super::figure_numbers;
use super::format::{Table, Value};
use super::numeric::{given, sample_rows};
use super::parse::no_duplicates;
use super::table::TableReader;
use crate::core::figure::{FigureTemplate, calculations};
use crate::core::question::{Interaction, Numeric, Row};

/// The largest number of rows of parameters for which the numbers of a figure are checked.
const MAX_ROWS: u32 = 100;

/// Builds the figures of a question, and reports every problem in their names and the first one in their numbers.
pub fn build(
    reader: &mut TableReader,
    question: &Fields,
    interaction: Option<&Interaction>,
) -> Vec<FigureTemplate> {
    let numeric = match interaction {
        Some(Interaction::Numeric(numeric)) => Some(numeric),
        _ => None,
    };
    let mut figures = Vec::new();
    for fields in question.tables("figure") {
        let kind = fields.word("kind").unwrap_or_default();
        let Some((_, format)) = KINDS.iter().find(|(word, _)| *word == kind) else {
            continue;
        };
        check_names(reader, fields, kind);
        if let Some(numeric) = numeric {
            check_placeholders(reader, fields, numeric);
        }
        let template = FigureTemplate::new(source(fields, format));
        // A missing or refused number counts as 0, which would be reported again.
        if !reader.has_errors() {
            check_numbers(reader, fields, &template, numeric);
        }
        figures.push(template);
    }
    figures
}

/// Returns the JSON form of a figure.
fn source(fields: &Fields, format: &Table) -> Json {
    let lanes: Vec<&str> = words(fields, "lanes").collect();
    let mut source = object(fields, format, &lanes);
    if let (Some(axis), Some(series)) = (fields.table("x"), source.get_mut("series")) {
        let ends = (number(axis, "min"), number(axis, "max"));
        for series in series.as_array_mut().into_iter().flatten() {
            spread(series, ends);
        }
    }
    Json::Object(source)
}

/// Returns the JSON form of a table; lanes become indices, and arrays of tables have a name in the plural.
fn object(fields: &Fields, format: &Table, lanes: &[&str]) -> Map<String, Json> {
    let mut source = Map::new();
    for key in format.keys.iter().filter(|key| fields.has(key.name)) {
        let name = key.name;
        let value: Json = match &key.value {
            Value::Text if is_lane(name) => {
                let lane = fields.text(name).line();
                lanes.iter().position(|known| *known == lane).into()
            }
            Value::Text | Value::Id | Value::Word(_) => fields.text(name).as_str().into(),
            Value::Flag => fields.flag(name).into(),
            Value::Integer(..) => fields.integer(name).into(),
            Value::Texts | Value::Words(_) => words(fields, name).collect(),
            Value::Pairs => {
                let pairs = fields.pairs(name).iter();
                pairs
                    .map(|(pair, _)| pair.map(|n| n - 1).to_vec().into())
                    .collect::<Vec<Json>>()
                    .into()
            }
            Value::Table(inner) => fields
                .table(name)
                .map(|table| object(table, inner, lanes))
                .into(),
            Value::Tables(inner, ..) => {
                let tables = fields.tables(name).iter();
                tables.map(|table| object(table, inner, lanes)).collect()
            }
            _ => fields.json(name).cloned().unwrap_or_default(),
        };
        source.insert(plural(name, &key.value), value);
    }
    source
}

fn plural(name: &str, value: &Value) -> String {
    match value {
        Value::Tables(..) if !matches!(name, "series" | "shaded") => format!("{name}s"),
        _ => name.to_owned(),
    }
}

fn is_lane(name: &str) -> bool {
    name == "lane" || name.ends_with("_lane")
}

fn words<'f>(fields: &'f Fields, key: &str) -> impl Iterator<Item = &'f str> {
    fields.words(key).iter().map(|(word, _)| word.as_str())
}

fn number(fields: &Fields, key: &str) -> Option<f64> {
    fields.json(key).and_then(Json::as_f64)
}

/// Replaces the `values` of a series by points at equal distances between the ends of the axis, or at 0, 1, 2...
fn spread(series: &mut Json, ends: (Option<f64>, Option<f64>)) {
    let Some(fields) = series.as_object_mut() else {
        return;
    };
    let Some(Json::Array(values)) = fields.remove("values") else {
        return;
    };
    let last = values.len().saturating_sub(1).max(1) as f64;
    let x = |n: usize| match ends {
        (Some(min), Some(max)) => min + (max - min) * n as f64 / last,
        _ => n as f64,
    };
    let points = values
        .into_iter()
        .enumerate()
        .map(|(n, value)| Json::Array(vec![x(n).into(), value]));
    fields.insert("points".to_owned(), points.collect());
}

/// Reports lanes, spans and nodes that do not exist or exist twice, and rows that do not fit the columns.
fn check_names(reader: &mut TableReader, fields: &Fields, kind: &str) {
    match kind {
        "timeline" => check_lanes(reader, fields),
        "trace" => check_spans(reader, fields),
        "chart" => check_series(reader, fields),
        "table" => check_rows(reader, fields),
        "graph" => check_nodes(reader, fields),
        _ => {}
    }
}

fn check_lanes(reader: &mut TableReader, fields: &Fields) {
    let lanes = fields.words("lanes");
    if fields.has("lanes") && !(1..=MAX_LANES).contains(&lanes.len()) {
        let message = format!(
            "{} has {} lanes, and 1 to {MAX_LANES} are allowed",
            fields.what,
            lanes.len()
        );
        reader.report(DiagnosticCode::Count, fields.span_of("lanes"), message);
    }
    let named = lanes
        .iter()
        .map(|(lane, span)| (lane.as_str(), span.clone()));
    no_duplicates(reader, "lane", named);
    let tables = ["interval", "event", "message"];
    for table in tables.iter().flat_map(|key| fields.tables(key)) {
        for key in ["lane", "from_lane", "to_lane"] {
            let lane = table.text(key).line();
            if fields.has("lanes")
                && table.has(key)
                && !lanes.iter().any(|(known, _)| *known == lane)
            {
                reader.unknown(table.span_of(key), "lane", &lane, words(fields, "lanes"));
            }
        }
    }
}

/// Reports ids that occur twice, and references to ids that do not exist.
fn check_ids(
    reader: &mut TableReader,
    what: &str,
    tables: &[Fields],
    references: &[(&Fields, &str)],
) {
    let ids = || tables.iter().filter_map(|table| table.word("id"));
    let spans = tables
        .iter()
        .filter_map(|table| Some((table.word("id")?, table.span_of("id"))));
    no_duplicates(reader, what, spans);
    let all_have_ids = tables.iter().all(|table| table.has("id"));
    for (table, key) in references.iter().filter(|_| all_have_ids) {
        if let Some(id) = table.word(key)
            && !ids().any(|known| known == id)
        {
            reader.unknown(table.span_of(key), what, id, ids());
        }
    }
}

fn check_spans(reader: &mut TableReader, fields: &Fields) {
    let spans = fields.tables("span");
    let parents: Vec<(&Fields, &str)> = spans.iter().map(|span| (span, "parent")).collect();
    check_ids(reader, "span", spans, &parents);
    let parent_of = |span: &Fields| {
        let parent = span.word("parent")?;
        spans.iter().find(|other| other.word("id") == Some(parent))
    };
    for span in spans {
        let mut above = parent_of(span);
        for _ in spans {
            above = above.and_then(parent_of);
        }
        if above.is_some() {
            let id = quoted(span.word("id").unwrap_or_default());
            let message = format!("the parents of the span {id} form a circle");
            return reader.report(DiagnosticCode::BadValue, span.span_of("parent"), message);
        }
    }
}

fn check_nodes(reader: &mut TableReader, fields: &Fields) {
    let edges = fields.tables("edge").iter();
    let ends: Vec<(&Fields, &str)> = edges
        .flat_map(|edge| [(edge, "from"), (edge, "to")])
        .collect();
    check_ids(reader, "node", fields.tables("node"), &ends);
}

fn check_series(reader: &mut TableReader, fields: &Fields) {
    let is_given = |series: &Fields, key| series.has(key) || series.is_refused(key);
    for series in fields.tables("series") {
        let (code, words) = match (is_given(series, "points"), is_given(series, "values")) {
            (true, true) => (DiagnosticCode::BadValue, "both `points` and `values`"),
            (false, false) => (DiagnosticCode::MissingKey, "no `points` and no `values`"),
            _ => continue,
        };
        let help = "`points` are pairs of x and y, and `values` are y at equal distances";
        let message = format!("{} has {words}", series.what);
        reader.report_with(code, series.span.clone(), message, help);
    }
}

fn check_rows(reader: &mut TableReader, fields: &Fields) {
    let columns = fields.words("columns").len();
    let rows = fields.json("rows").and_then(Json::as_array);
    let rows = rows.map(Vec::as_slice).unwrap_or_default();
    for (n, row) in (1..).zip(rows) {
        let cells = row.as_array().map_or(0, Vec::len);
        if fields.has("columns") && cells != columns {
            let message = format!("row {n} has {cells} cells, and the table has {columns} columns");
            return reader.report(DiagnosticCode::Count, fields.span_of("rows"), message);
        }
    }
    let is_inside = |[row, column]: [i64; 2]| {
        (1..=rows.len() as i64).contains(&row) && (1..=columns as i64).contains(&column)
    };
    for (cell, span) in fields.pairs("highlighted") {
        if fields.has("rows") && fields.has("columns") && !is_inside(*cell) {
            let message = format!("the table has no row {} with a column {}", cell[0], cell[1]);
            reader.report(DiagnosticCode::BadValue, span.clone(), message);
        }
    }
}

/// Reports placeholders of numbers that are no calculation over the parameters.
fn check_placeholders(reader: &mut TableReader, figure: &Fields, numeric: &Numeric) {
    for fields in figure.nested() {
        for (span, json) in fields.jsons() {
            let bad = calculations(json).into_iter().find(|text| {
                let inner = text.trim_start_matches('{').trim_end_matches('}');
                numeric.value_of(inner, Row(0)).is_none()
            });
            if let Some(text) = bad {
                let message = format!("{} cannot be calculated from the parameters", quoted(text));
                let help =
                    "write the name of a parameter in braces, or a calculation such as {=2*n}";
                reader.report_with(DiagnosticCode::Formula, span, message, help);
            }
        }
    }
}

/// Reports the first contradiction among the numbers of a figure, over a sample of the rows of parameters.
fn check_numbers(
    reader: &mut TableReader,
    fields: &Fields,
    template: &FigureTemplate,
    numeric: Option<&Numeric>,
) {
    let rows: Vec<Row> = match numeric {
        Some(numeric) => sample_rows(numeric, MAX_ROWS).collect(),
        None => vec![Row(0)],
    };
    for row in rows {
        let given = numeric
            .map(|numeric| given(numeric, row))
            .unwrap_or_default();
        let Some(figure) = template.fill(numeric, row) else {
            // Only calculated numbers can fail here.
            let message = format!("a number of {} is not finite{given}", fields.what);
            return reader.report(DiagnosticCode::NotFinite, fields.span.clone(), message);
        };
        if let Some(problem) = figure_numbers::check(&figure) {
            let part = fields
                .tables(problem.table)
                .get(problem.index)
                .unwrap_or(fields);
            let message = format!("{}{given}", problem.message);
            return reader.report(
                DiagnosticCode::FigureNumbers,
                part.span_of(problem.key),
                message,
            );
        }
    }
}
