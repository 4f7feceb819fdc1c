//! The parts of a question as blocks of HTML.

use super::svg::Svg;
use crate::core::figure::{Align, Drawing, Figure, Run, Table, describe, vector_image};
use crate::core::question::Code;
use crate::core::text::{self, Text};
use crate::session::present::{Entry, Mark, Part};

/// A block of a question. Blocks of the same kind that follow one another are one block.
pub enum Block {
    Paragraph(String),
    LeadIn(String),
    Heading(&'static str),
    /// List entries, each with its number or an empty text.
    List(Vec<(String, String)>),
    /// The pieces of each line, with their classes.
    Listing(Vec<Vec<(String, String)>>),
    Figure(FigureView),
    Table(TableView),
    Entries(Vec<EntryView>),
    Labelled(&'static str, String),
    Sources(Vec<String>),
    Criteria(Vec<String>),
}

pub struct FigureView {
    pub image: Svg,
    pub caption: String,
    /// The data, a sentence each.
    pub data: Vec<String>,
}

pub struct TableView {
    pub alt: String,
    pub caption: String,
    pub heads: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
}

pub struct Cell {
    pub text: String,
    pub class: &'static str,
    pub is_strong: bool,
}

/// An option, step, pair or value with its verdict and notes.
pub struct EntryView {
    pub lead: String,
    pub text: String,
    /// The class, which gives it a sign and a colour.
    pub class: &'static str,
    pub word: String,
    pub notes: Vec<String>,
}

/// Returns the parts of a question as blocks.
pub fn blocks(parts: &[Part]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for part in parts {
        match part {
            Part::Prose(text) => prose(&mut blocks, text),
            Part::Listing(code) => blocks.push(listing(code)),
            Part::Figure(figure) => blocks.push(drawn(figure)),
            Part::LeadIn(text) => blocks.push(Block::LeadIn(text.line())),
            Part::Aside(text) => blocks.push(Block::Paragraph(text.clone())),
            Part::Heading(words) => blocks.push(Block::Heading(words)),
            Part::Entry(entry) => match blocks.last_mut() {
                Some(Block::Entries(entries)) => entries.push(EntryView::of(entry)),
                _ => blocks.push(Block::Entries(vec![EntryView::of(entry)])),
            },
            Part::Labelled(label, text) => blocks.push(Block::Labelled(label, text.line())),
            Part::Source(text) => match blocks.last_mut() {
                Some(Block::Sources(sources)) => sources.push(text.line()),
                _ => blocks.push(Block::Sources(vec![text.line()])),
            },
            Part::Criterion(_, rating) => {
                let (criterion, evidence) = (rating.criterion.line(), rating.evidence.line());
                let words = format!("{criterion} ({}). Look for: {evidence}", rating.given());
                match blocks.last_mut() {
                    Some(Block::Criteria(criteria)) => criteria.push(words),
                    _ => blocks.push(Block::Criteria(vec![words])),
                }
            }
        }
    }
    blocks
}

/// Splits a text at its backquotes into plain pieces and pieces of code. A backquote without a second one is plain.
pub fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('`')
        && let Some((code, after)) = from.split_once('`')
    {
        pieces.extend([(false, before), (true, code)]);
        rest = after;
    }
    pieces.push((false, rest));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

fn prose(blocks: &mut Vec<Block>, text: &Text) {
    for block in text.blocks() {
        match block {
            text::Block::Paragraph(words) => blocks.push(Block::Paragraph(words)),
            text::Block::Entry { mark, text } => {
                let mark = if matches!(mark, "-" | "*") { "" } else { mark };
                let entry = (mark.to_owned(), text);
                match blocks.last_mut() {
                    Some(Block::List(entries)) => entries.push(entry),
                    _ => blocks.push(Block::List(vec![entry])),
                }
            }
            text::Block::Code(code) => {
                let lines = code.lines().map(|line| vec![plain(line)]);
                blocks.push(Block::Listing(lines.collect()));
            }
        }
    }
}

fn plain(line: &str) -> (String, String) {
    (String::new(), line.to_owned())
}

fn listing(code: &Code) -> Block {
    let piece = |run: Run| (super::svg::class(run.ink), run.text);
    let lines = match code.runs() {
        Some(lines) => lines
            .into_iter()
            .map(|runs| runs.into_iter().map(piece).collect())
            .collect(),
        None => code.lines().iter().map(|line| vec![plain(line)]).collect(),
    };
    Block::Listing(lines)
}

fn drawn(figure: &Figure) -> Block {
    let caption = figure.caption.as_ref().map(Text::line).unwrap_or_default();
    if let Drawing::Table(table) = &figure.drawing {
        return Block::Table(TableView::of(table, figure.alt.line(), caption));
    }
    let image = vector_image(figure).unwrap_or_default();
    // The first sentence is the title.
    let data = describe(figure).into_iter().skip(1).collect();
    Block::Figure(FigureView {
        image: Svg::of(&image, figure.alt.line()),
        caption,
        data,
    })
}

impl TableView {
    fn of(table: &Table, alt: String, caption: String) -> Self {
        let class = |column: usize| match table.align.get(column) {
            Some(Align::Right) => "end",
            Some(Align::Center) => "mid",
            _ => "",
        };
        let cells = |row: Option<usize>, cells: &[Text]| -> Vec<Cell> {
            let cells = cells.iter().enumerate();
            cells
                .map(|(column, text)| Cell {
                    text: text.line(),
                    class: class(column),
                    is_strong: row.is_some_and(|row| table.highlighted.contains(&(row, column))),
                })
                .collect()
        };
        let has_heads = table.columns.iter().any(|column| !column.is_empty());
        let rows = table.rows.iter().enumerate();
        Self {
            alt,
            caption,
            heads: match has_heads {
                true => cells(None, &table.columns),
                false => Vec::new(),
            },
            rows: rows.map(|(n, row)| cells(Some(n), row)).collect(),
        }
    }
}

impl EntryView {
    fn of(entry: &Entry) -> Self {
        let note = |(label, text): &(&'static str, Text)| match label.is_empty() {
            true => text.line(),
            false => format!("{label}: {}", text.line()),
        };
        let class = match entry.mark {
            Mark::None => "",
            Mark::Right => "right",
            Mark::Partly => "partly",
            Mark::Wrong => "wrong",
            Mark::Given => "given",
            Mark::Blank => "blank",
            Mark::Unseen => "unseen",
        };
        Self {
            lead: entry.lead.clone(),
            text: entry.text.line(),
            class,
            word: entry.word.clone(),
            notes: entry
                .notes
                .iter()
                .map(note)
                .filter(|note| !note.is_empty())
                .collect(),
        }
    }
}
