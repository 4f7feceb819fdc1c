//! The full parser: turns the text of a deck's head or question into values, and reports every problem.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::check;
use super::diagnostic::{Diagnostic, Origin, nearest, quoted};
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::figure;
use super::format::{DECK, HEAD, QUESTION, Standard};
use super::interaction;
use super::outline::Outline;
use super::simulated;
use super::table::TableReader;
use crate::core::id::{CompetencyId, DeckId, FacetId, Fingerprint, PointId, QuestionId, TipId};
use crate::core::question::{
    Checked, Code as Listing, Demand, Interaction, Kind, Level, Question, Reference,
};
use crate::core::text::Text;

/// The level of a question in a draft that states none.
pub const DRAFT_LEVEL: Level = Level::Mid;
/// The expected time in seconds of a question in a draft that states none.
const DRAFT_SECONDS: u32 = 60;
/// The expected time in seconds of a card that states none.
const CARD_SECONDS: u32 = 15;

/// Returns the expected time in seconds of a question of this type that states none.
pub fn default_seconds(kind: Kind) -> u32 {
    match kind {
        Kind::Recall => CARD_SECONDS,
        _ => DRAFT_SECONDS,
    }
}

/// The metadata at the head of a deck.
#[derive(Clone, Debug, PartialEq)]
pub struct DeckMetadata {
    pub id: DeckId,
    pub title: Text,
    pub version: Text,
    pub competency: CompetencyId,
    /// True if the questions may lack what assessments need.
    pub draft: bool,
    /// Whether its questions count for the score of the role, if the deck says so.
    pub counts: Option<bool>,
}

impl DeckMetadata {
    /// Returns metadata for a deck whose head can't be parsed, from the name of its file.
    pub fn of_unreadable(name: &str) -> Self {
        Self {
            id: DeckId::new(Text::new(name).line()),
            title: Text::new(name),
            version: Text::default(),
            competency: CompetencyId::new(""),
            draft: false,
            counts: None,
        }
    }
}

/// The names that a question may use.
pub struct KnownNames<'a> {
    pub outline: &'a Outline,
    pub competency: &'a CompetencyId,
    /// The ids of the deck's earlier questions, with the lines on which they begin.
    pub ids: HashMap<String, usize>,
}

/// A parsed value, or `None` if there were errors, with all errors and warnings.
pub struct Parsed<T> {
    pub value: Option<T>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Parsed<T> {
    fn new(value: Option<T>, diagnostics: Vec<Diagnostic>) -> Self {
        let sound = !diagnostics.iter().any(Diagnostic::is_error);
        Self {
            value: value.filter(|_| sound),
            diagnostics,
        }
    }
}

/// Parses the metadata of a deck from the text before its first question.
pub fn metadata(origin: Origin, outline: &Outline) -> Parsed<DeckMetadata> {
    let mut reader = TableReader::new(origin);
    let table = reader.parse();
    let mut root = table.into_inner();
    if !reader.is_sound() {
        return Parsed::new(None, reader.diagnostics);
    }
    if !root.contains_key("deck") && report_no_deck(&mut reader, &root) {
        return Parsed::new(None, reader.diagnostics);
    }
    let misspelt = root.keys().find(|key| {
        !["deck", "question"].contains(&key.get_ref().as_ref())
            && nearest(key.get_ref(), ["question"]).is_some()
    });
    if let Some(name) = misspelt.cloned() {
        let message = format!("{} begins no question", quoted(name.get_ref()));
        let help = "each question begins with [[question]] on a line of its own";
        reader.report_with(DiagnosticCode::UnknownKey, name.span(), message, help);
        root.remove(name.get_ref().as_ref());
        // The tables inside it use the correct name, so they need no report of their own.
        root.remove("question");
    }
    if let Some((name, _)) = root.get_key_value("question") {
        let message =
            "a question has to begin with [[question]] on a line of its own, without spaces in it";
        reader.report(DiagnosticCode::BadValue, name.span(), message);
        root.remove("question");
    }
    let root = reader.table(&root, 0..0, &HEAD, "the file".into(), None);
    reader.blame_header();
    let Some(deck) = root.table("deck") else {
        return Parsed::new(None, reader.diagnostics);
    };
    let competency = CompetencyId::new(deck.word("competency").unwrap_or_default());
    if deck.has("competency") && outline.blueprint.competency(&competency).is_none() {
        let known = outline.blueprint.competencies.iter().map(|c| c.id.as_str());
        reader.unknown(
            deck.span_of("competency"),
            "competency",
            competency.as_str(),
            known,
        );
    }
    let head = DeckMetadata {
        id: DeckId::new(deck.word("id").unwrap_or_default()),
        title: deck.text("title"),
        version: deck.text("version"),
        competency,
        draft: deck.flag("draft"),
        counts: deck.has("counts").then(|| deck.flag("counts")),
    };
    let mut parsed = Parsed::new(Some(head), reader.diagnostics);
    // The deck can be used nevertheless.
    parsed.diagnostics.extend(check::long_text(&root, origin));
    parsed
}

/// Reports a head without a `[deck]` table, and returns false if a key there may be its misspelt name.
fn report_no_deck(reader: &mut TableReader, root: &DeTable) -> bool {
    let loose = root
        .keys()
        .filter(|key| DECK.key(key.get_ref()).is_some())
        .min_by_key(|key| key.span().start);
    if let Some(name) = loose {
        let message = format!("{} is outside of the [deck] table", quoted(name.get_ref()));
        let help = "write [deck] on a line of its own above it";
        reader.report_with(DiagnosticCode::MissingKey, name.span(), message, help);
    } else if root.is_empty() {
        let names: Vec<&str> = DECK.keys.iter().map(|key| key.name).collect();
        let help = format!(
            "begin the file with [deck], and below it {}",
            names.join(", ")
        );
        let message = "the file has no [deck] table";
        reader.report_with(DiagnosticCode::MissingKey, 0..0, message, help);
    }
    loose.is_some() || root.is_empty()
}

/// Parses the text of one question, from a deck or from the history.
///
/// Without `names`, the names in it are not checked: the blueprint may have changed since a question was stored.
pub fn question(
    origin: Origin,
    names: Option<&mut KnownNames>,
    standard: Standard,
) -> Parsed<Question> {
    question_and_fields(origin, names, standard).0
}

/// Parses a question like [`question`], and also returns its keys with their positions.
pub fn question_and_fields(
    origin: Origin,
    names: Option<&mut KnownNames>,
    standard: Standard,
) -> (Parsed<Question>, Fields) {
    let mut reader = TableReader::new(origin);
    reader.standard = standard;
    let table = reader.parse();
    if !reader.is_sound() {
        return (Parsed::new(None, reader.diagnostics), Fields::default());
    }
    let first_line = origin.text.find('\n').unwrap_or(origin.text.len());
    let mut question = None;
    for (name, value) in table.get_ref() {
        match value.get_ref().as_array() {
            Some(array) if name.get_ref() == "question" => {
                question = array.first().map(|value| value.get_ref());
                if let Some(second) = array.get(1) {
                    let message = "a question has to begin with [[question]] on a line of its own, without spaces in it";
                    reader.report(DiagnosticCode::BadValue, second.span(), message);
                }
            }
            _ => {
                let message = format!("{} stands outside of the question", quoted(name.get_ref()));
                let help = match QUESTION.key(name.get_ref()) {
                    Some(key) => format!(
                        "tables of a question are written as [[question.{}]]",
                        key.name
                    ),
                    None if nearest(name.get_ref(), ["question"]).is_some() => {
                        "each question begins with [[question]] on a line of its own".into()
                    }
                    None => "after the first question there is nothing but questions".into(),
                };
                reader.report_with(DiagnosticCode::UnknownKey, name.span(), message, help);
            }
        }
    }
    let Some(DeValue::Table(table)) = question else {
        reader.blame_header();
        if reader.diagnostics.is_empty() {
            reader.report(
                DiagnosticCode::MissingKey,
                0..first_line,
                "no question begins here",
            );
        }
        return (Parsed::new(None, reader.diagnostics), Fields::default());
    };
    let kind = table
        .get("type")
        .and_then(|kind| kind.get_ref().as_str())
        .and_then(Kind::parse);
    let fields = reader.table(table, 0..first_line, &QUESTION, "the question".into(), kind);
    let is_new = names.is_some();
    let built = kind.and_then(|kind| build(&mut reader, &fields, kind, is_new));
    if let Some(names) = names {
        check_names(&mut reader, &fields, names);
    }
    reader.blame_header();
    (Parsed::new(built, reader.diagnostics), fields)
}

/// Returns the part of a question's text that its [`Fingerprint`] covers, without trailing blank lines and comments.
pub fn body(chunk: &str) -> &str {
    let mut body = chunk.trim_end();
    while let Some(line) = body
        .rfind('\n')
        .filter(|newline| body[newline + 1..].trim_start().starts_with('#'))
    {
        body = body[..line].trim_end();
    }
    body
}

/// Builds the question from its keys; returns `None` if a required key is missing.
///
/// The model of a simulated question is checked only if `is_new`: a stored question does not need it any more.
fn build(reader: &mut TableReader, fields: &Fields, kind: Kind, is_new: bool) -> Option<Question> {
    if fields.has("points") && fields.words("points").is_empty() {
        reader.report(
            DiagnosticCode::Count,
            fields.span_of("points"),
            "a question samples at least one knowledge point",
        );
    }
    let simulation = simulated::build(reader, fields, kind, is_new);
    let interaction = match simulation {
        Some(_) => Some(simulated::blank(kind)),
        None => interaction::build(reader, fields, kind),
    };
    let code = listing(reader, fields);
    let figures = figure::build(reader, fields, interaction.as_ref());
    Some(Question {
        id: QuestionId::new(fields.word("id")?),
        fingerprint: Fingerprint::of(body(reader.origin.text)),
        facet: FacetId::new(fields.word("facet")?),
        points: fields
            .words("points")
            .iter()
            .map(|(id, _)| PointId::new(id))
            .collect(),
        tips: fields
            .words("tips")
            .iter()
            .map(|(id, _)| TipId::new(id))
            .collect(),
        level: match fields.is_refused("level") {
            true => return None,
            false => fields
                .word("level")
                .and_then(Level::parse)
                .unwrap_or(DRAFT_LEVEL),
        },
        demand: match fields.is_refused("demand") {
            true => return None,
            false => fields
                .word("demand")
                .and_then(Demand::parse)
                .unwrap_or(match kind {
                    Kind::Recall => Demand::Recall,
                    _ => Demand::Apply,
                }),
        },
        family: fields.word("family").map(str::to_owned),
        seconds: match fields.is_refused("seconds") {
            true => return None,
            false => fields
                .integer("seconds")
                .and_then(|seconds| u32::try_from(seconds).ok())
                .unwrap_or_else(|| default_seconds(kind)),
        },
        stem: fields.text("stem"),
        code,
        figures,
        lead_in: match &interaction {
            Some(Interaction::Recall(card)) => card.prompt(),
            _ => fields.text("lead_in"),
        },
        interaction: interaction?,
        explanation: fields.text("explanation"),
        discussion: fields.optional_text("discussion"),
        references: fields
            .tables("reference")
            .iter()
            .filter_map(reference)
            .collect(),
        simulation,
        checked: fields.table("checked").map(|c| Checked {
            on: c.text("on"),
            against: c.text("against"),
        }),
        retired: fields.optional_text("retired"),
    })
}

fn reference(fields: &Fields) -> Option<Reference> {
    Some(Reference {
        author: fields.text("author"),
        title: fields.text("title"),
        place: fields.text("where"),
        year: fields
            .integer("year")
            .and_then(|year| u16::try_from(year).ok())
            .unwrap_or_default(),
        url: fields.optional_text("url"),
    })
}

/// Builds the listing, and reports one that is too large or has no language.
fn listing(reader: &mut TableReader, fields: &Fields) -> Option<Listing> {
    let text = fields.optional_text("code")?;
    check_listing(reader, &text, fields.span_of("code"));
    if !fields.has("code_lang") {
        reader.report(
            DiagnosticCode::MissingKey,
            fields.span_of("code"),
            "the listing has no `code_lang`",
        );
    }
    Some(Listing {
        language: fields.text("code_lang"),
        text,
        numbers: fields.flag("code_numbers"),
    })
}

fn check_listing(reader: &mut TableReader, text: &Text, span: Range<usize>) {
    let lines = text.as_str().lines().count();
    let columns = text
        .as_str()
        .lines()
        .map(unicode_width::UnicodeWidthStr::width)
        .max()
        .unwrap_or(0);
    if lines > 20 || columns > 76 {
        let message = format!(
            "the listing has {lines} lines and {columns} columns, and 20 lines of 76 columns are allowed"
        );
        reader.report(DiagnosticCode::Listing, span, message);
    }
}

/// Checks the names in a question: a new id; an existing facet, points and tips; a facet of the deck's competency.
fn check_names(reader: &mut TableReader, fields: &Fields, names: &mut KnownNames) {
    check_id(reader, fields, names);
    check_facet(reader, fields, names);
    check_points(reader, fields, names.outline);
    let tips = &names.outline.blueprint.tips;
    for (name, span) in fields.words("tips") {
        if !tips.iter().any(|tip| tip.id.as_str() == name) {
            reader.unknown(
                span.clone(),
                "tip",
                name,
                tips.iter().map(|tip| tip.id.as_str()),
            );
        }
    }
}

fn check_id(reader: &mut TableReader, fields: &Fields, names: &mut KnownNames) {
    let Some(id) = fields.word("id") else { return };
    match names.ids.get(id) {
        Some(line) => {
            let message = format!("the question on line {line} has the id `{id}` as well");
            reader.report(DiagnosticCode::Duplicate, fields.span_of("id"), message);
        }
        None => drop(names.ids.insert(id.to_owned(), reader.origin.first_line)),
    }
}

/// Reports an unknown facet, or one of another competency in the deck of a scored competency.
fn check_facet(reader: &mut TableReader, fields: &Fields, names: &KnownNames) {
    let Some(name) = fields.word("facet") else {
        return;
    };
    let (blueprint, span) = (&names.outline.blueprint, fields.span_of("facet"));
    let scored = blueprint
        .competency(names.competency)
        .is_some_and(|competency| competency.is_scored());
    match blueprint.facet(&FacetId::new(name)) {
        Some((competency, _)) if scored && competency.id != *names.competency => {
            let message = format!(
                "the facet `{name}` belongs to {}, and this deck to {}",
                competency.id, names.competency
            );
            reader.report(DiagnosticCode::UnknownName, span, message);
        }
        Some(_) => {}
        None => {
            let known = blueprint
                .competencies
                .iter()
                .flat_map(|competency| &competency.facets);
            reader.unknown(span, "facet", name, known.map(|facet| facet.id.as_str()));
        }
    }
}

fn check_points(reader: &mut TableReader, fields: &Fields, outline: &Outline) {
    for (name, span) in fields.words("points") {
        let facet = FacetId::new(name.split('/').next().unwrap_or_default());
        match outline.blueprint.facet(&facet) {
            Some((competency, _)) => {
                let points = outline.points_of(&competency.id);
                if !points.iter().any(|point| point.id.as_str() == name) {
                    reader.unknown(
                        span.clone(),
                        "knowledge point",
                        name,
                        points.iter().map(|point| point.id.as_str()),
                    );
                }
            }
            None => reader.unknown(span.clone(), "knowledge point", name, []),
        }
    }
}

/// Reports entries with the id of an earlier entry.
pub fn no_duplicates<'f>(
    reader: &mut TableReader,
    what: &str,
    ids: impl Iterator<Item = (&'f str, Range<usize>)>,
) {
    let mut seen = HashMap::new();
    for (id, span) in ids {
        if seen.insert(id, ()).is_some() {
            reader.report(
                DiagnosticCode::Duplicate,
                span,
                format!("another {what} has the id {}", quoted(id)),
            );
        }
    }
}
