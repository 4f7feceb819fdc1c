//! The full reading: from a question's text to a [`Question`], with every problem on the way.

use std::collections::HashMap;
use std::ops::Range;

use super::code::Code;
use super::diagnostic::{Diagnostic, Origin, nearest, quoted};
use super::fields::Fields;
use super::format::{HEAD, QUESTION};
use super::interaction;
use super::outline::Outline;
use super::table::Reader;
use crate::core::id::{CompetencyId, DeckId, FacetId, Fingerprint, PointId, QuestionId, TipId};
use crate::core::question::{Checked, Code as Listing, Demand, Kind, Level, Question, Reference};
use crate::core::text::Text;

/// The head of a deck.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub id: DeckId,
    pub title: Text,
    pub version: Text,
    pub competency: CompetencyId,
}

/// What the names in a question are held against.
pub struct Names<'a> {
    pub outline: &'a Outline,
    pub competency: &'a CompetencyId,
    /// The ids of the deck's questions so far, and the lines on which they begin.
    pub ids: HashMap<String, usize>,
}

/// What reading gave: a value if there were no errors, and all problems, warnings among them.
pub struct Read<T> {
    pub value: Option<T>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Read<T> {
    fn new(value: Option<T>, diagnostics: Vec<Diagnostic>) -> Self {
        let sound = !diagnostics.iter().any(Diagnostic::is_error);
        Self { value: value.filter(|_| sound), diagnostics }
    }
}

/// Reads the head of a deck.
pub fn head(origin: Origin, outline: &Outline) -> Read<Head> {
    let mut reader = Reader::new(origin);
    let table = reader.parse();
    let mut root = table.into_inner();
    let misspelt = root.keys().find(|key| {
        !["deck", "question"].contains(&key.get_ref().as_ref()) && nearest(key.get_ref(), ["question"]).is_some()
    });
    if let Some(name) = misspelt.cloned() {
        let message = format!("{} begins no question", quoted(name.get_ref()));
        let help = "each question begins with [[question]] on a line of its own";
        reader.report_with(Code::UnknownKey, name.span(), message, help);
        root.remove(name.get_ref().as_ref());
        // Its tables are under the name that was meant.
        root.remove("question");
    }
    if let Some((name, _)) = root.get_key_value("question") {
        let message = "a question has to begin with [[question]] on a line of its own, without spaces in it";
        reader.report(Code::BadValue, name.span(), message);
        root.remove("question");
    }
    let root = reader.table(&root, 0..0, &HEAD, "the deck".into(), None);
    let Some(deck) = root.table("deck") else { return Read::new(None, reader.diagnostics) };
    let competency = CompetencyId::new(deck.word("competency").unwrap_or_default());
    if deck.has("competency") && outline.blueprint.competency(&competency).is_none() {
        let known = outline.blueprint.competencies.iter().map(|c| c.id.as_str());
        reader.unknown(deck.span_of("competency"), "competency", competency.as_str(), known);
    }
    let head = Head {
        id: DeckId::new(deck.word("id").unwrap_or_default()),
        title: deck.text("title"),
        version: deck.text("version"),
        competency,
    };
    Read::new(Some(head), reader.diagnostics)
}

/// Reads the text of one question, as it stands in a deck or was kept in the history.
///
/// Without `names` nothing is held against the blueprint: it may have changed since a question was kept.
pub fn question(origin: Origin, names: Option<&mut Names>) -> Read<Question> {
    question_and_fields(origin, names).0
}

/// The same, with the keys it was read from and where they stand.
pub fn question_and_fields(origin: Origin, names: Option<&mut Names>) -> (Read<Question>, Fields) {
    let mut reader = Reader::new(origin);
    let table = reader.parse();
    let first_line = origin.text.find('\n').unwrap_or(origin.text.len());
    let mut question = None;
    for (name, value) in table.get_ref() {
        match value.get_ref().as_array() {
            Some(array) if name.get_ref() == "question" => {
                question = array.first().map(|value| value.get_ref());
                if let Some(second) = array.get(1) {
                    let message =
                        "a question has to begin with [[question]] on a line of its own, without spaces in it";
                    reader.report(Code::BadValue, second.span(), message);
                }
            }
            _ => {
                let message = format!("{} stands outside of the question", quoted(name.get_ref()));
                let help = match QUESTION.key(name.get_ref()) {
                    Some(key) => format!("tables of a question are written as [[question.{}]]", key.name),
                    None if nearest(name.get_ref(), ["question"]).is_some() => {
                        "each question begins with [[question]] on a line of its own".into()
                    }
                    None => "after the first question there is nothing but questions".into(),
                };
                reader.report_with(Code::UnknownKey, name.span(), message, help);
            }
        }
    }
    let Some(toml::de::DeValue::Table(table)) = question else {
        if reader.diagnostics.is_empty() {
            reader.report(Code::MissingKey, 0..first_line, "no question begins here");
        }
        return (Read::new(None, reader.diagnostics), Fields::default());
    };
    let kind = table.get("type").and_then(|kind| kind.get_ref().as_str()).and_then(Kind::parse);
    let fields = reader.table(table, 0..first_line, &QUESTION, "the question".into(), kind);
    let built = kind.and_then(|kind| build(&mut reader, &fields, kind));
    if let Some(names) = names {
        hold_against(&mut reader, &fields, names);
    }
    (Read::new(built, reader.diagnostics), fields)
}

/// The text that a question's [`Fingerprint`] is taken of: blank lines and comments after it belong to the next one.
pub fn body(chunk: &str) -> &str {
    let mut body = chunk.trim_end();
    while let Some(line) = body.rfind('\n').filter(|newline| body[newline + 1..].trim_start().starts_with('#')) {
        body = body[..line].trim_end();
    }
    body
}

fn build(reader: &mut Reader, fields: &Fields, kind: Kind) -> Option<Question> {
    if fields.has("points") && fields.words("points").is_empty() {
        reader.report(Code::Count, fields.span_of("points"), "a question samples at least one knowledge point");
    }
    let interaction = interaction::build(reader, fields, kind);
    let code = fields.optional_text("code");
    if let Some(text) = &code {
        check_listing(reader, text, fields.span_of("code"));
        if !fields.has("code_lang") {
            reader.report(Code::MissingKey, fields.span_of("code"), "the listing has no `code_lang`");
        }
    }
    Some(Question {
        id: QuestionId::new(fields.word("id")?),
        fingerprint: Fingerprint::of(body(reader.origin.text)),
        facet: FacetId::new(fields.word("facet")?),
        points: fields.words("points").iter().map(|(id, _)| PointId::new(id)).collect(),
        tips: fields.words("tips").iter().map(|(id, _)| TipId::new(id)).collect(),
        level: fields.word("level").and_then(Level::parse)?,
        demand: fields.word("demand").and_then(Demand::parse)?,
        family: fields.word("family").map(str::to_owned),
        seconds: fields.integer("seconds").and_then(|seconds| u32::try_from(seconds).ok())?,
        stem: fields.text("stem"),
        code: code.map(|text| Listing { language: fields.text("code_lang"), text }),
        lead_in: fields.text("lead_in"),
        interaction: interaction?,
        explanation: fields.text("explanation"),
        discussion: fields.optional_text("discussion"),
        references: fields.tables("reference").iter().filter_map(reference).collect(),
        checked: fields.table("checked").map(|c| Checked { on: c.text("on"), against: c.text("against") }),
    })
}

fn reference(fields: &Fields) -> Option<Reference> {
    Some(Reference {
        author: fields.text("author"),
        title: fields.text("title"),
        place: fields.text("where"),
        year: fields.integer("year").and_then(|year| u16::try_from(year).ok())?,
    })
}

fn check_listing(reader: &mut Reader, text: &Text, span: Range<usize>) {
    let lines = text.as_str().lines().count();
    let columns = text.as_str().lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap_or(0);
    if lines > 20 || columns > 76 {
        let message =
            format!("the listing has {lines} lines and {columns} columns, and 20 lines of 76 columns are allowed");
        reader.report(Code::Listing, span, message);
    }
}

/// The id has to be new; facet, points and tips have to exist; the facet belongs to the deck's competency, if that one is scored.
fn hold_against(reader: &mut Reader, fields: &Fields, names: &mut Names) {
    let blueprint = &names.outline.blueprint;
    if let Some(id) = fields.word("id") {
        match names.ids.get(id) {
            Some(line) => {
                let message = format!("the question on line {line} has the id `{id}` as well");
                reader.report(Code::Duplicate, fields.span_of("id"), message);
            }
            None => drop(names.ids.insert(id.to_owned(), reader.origin.first_line)),
        }
    }
    if let Some(name) = fields.word("facet") {
        let span = fields.span_of("facet");
        let scored = blueprint.competency(names.competency).is_some_and(|competency| competency.is_scored());
        match blueprint.facet(&FacetId::new(name)) {
            Some((competency, _)) if scored && competency.id != *names.competency => {
                let message =
                    format!("the facet `{name}` belongs to {}, and this deck to {}", competency.id, names.competency);
                reader.report(Code::UnknownName, span, message);
            }
            Some(_) => {}
            None => {
                let known = blueprint.competencies.iter().flat_map(|competency| &competency.facets);
                reader.unknown(span, "facet", name, known.map(|facet| facet.id.as_str()));
            }
        }
    }
    for (name, span) in fields.words("points") {
        let facet = FacetId::new(name.split('/').next().unwrap_or_default());
        match blueprint.facet(&facet) {
            Some((competency, _)) => {
                let points = names.outline.points_of(&competency.id);
                if !points.iter().any(|point| point.id.as_str() == name) {
                    reader.unknown(span.clone(), "knowledge point", name, points.iter().map(|point| point.id.as_str()));
                }
            }
            None => reader.unknown(span.clone(), "knowledge point", name, []),
        }
    }
    for (name, span) in fields.words("tips") {
        if !blueprint.tips.iter().any(|tip| tip.id.as_str() == name) {
            reader.unknown(span.clone(), "tip", name, blueprint.tips.iter().map(|tip| tip.id.as_str()));
        }
    }
}

/// Reports entries that have an id which an earlier one has.
pub fn no_duplicates<'f>(reader: &mut Reader, what: &str, ids: impl Iterator<Item = (&'f str, Range<usize>)>) {
    let mut seen = HashMap::new();
    for (id, span) in ids {
        if seen.insert(id, ()).is_some() {
            reader.report(Code::Duplicate, span, format!("another {what} has the id {}", quoted(id)));
        }
    }
}
