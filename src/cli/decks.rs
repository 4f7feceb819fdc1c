//! `aethos decks`: lists the decks and their coverage.

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap_complete::engine::ArgValueCandidates;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::items::ItemFormat;
use super::{Exit, Failed, complete};
use crate::core::blueprint::Competency;
use crate::core::id::DeckId;
use crate::core::question::{Kind, Level};
use crate::deck::coverage::{Composition, Coverage};
use crate::deck::diagnostic::count_words;
use crate::deck::load::{Library, LoadedDeck};
use crate::deck::outline::Outline;
use crate::shell::Folder;
use crate::store::Store;

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Print a JSON array with an object for each deck
    #[arg(long)]
    pub json: bool,
    /// Show which knowledge points of the blueprint the questions cover
    #[arg(long)]
    pub coverage: bool,
    /// List the ids of facets and knowledge points, of one competency or of all
    #[arg(long, value_name = "COMPETENCY", num_args = 0..=1, conflicts_with_all = ["json", "coverage", "disputed"], add = ArgValueCandidates::new(complete::competencies))]
    pub facets: Option<Option<String>>,
    /// List the questions you disputed, with your reasons, for their authors
    #[arg(long, conflicts_with_all = ["json", "coverage"])]
    pub disputed: bool,
    /// Show what answers say about each question: difficulty, discrimination, options, time and flags
    #[arg(long, conflicts_with_all = ["json", "coverage", "facets", "disputed"])]
    pub items: bool,
    /// Only the answers of this person; can be repeated; default: all people in the history
    #[arg(long, value_name = "NAME", requires = "items", add = ArgValueCandidates::new(complete::people))]
    pub person: Vec<String>,
    /// Leave out questions with fewer answers
    #[arg(long, value_name = "N", requires = "items", default_value_t = 1)]
    pub min: usize,
    /// Format of the answers' statistics
    #[arg(long, value_enum, requires = "items", default_value_t)]
    pub format: ItemFormat,
}

/// A deck in the output: a table row or a JSON object. The names of the fields are documented and must not change.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    title: String,
    competency: String,
    questions: usize,
    /// The questions that are no longer asked.
    retired: usize,
    types: BTreeMap<&'static str, usize>,
    levels: BTreeMap<&'static str, usize>,
    facets_covered: usize,
    facets_total: usize,
    builtin: bool,
    replaces_builtin: bool,
    /// True if its questions are part of the bank that the score of the role refers to.
    counts: bool,
    /// True for a draft, which can only be practised.
    draft: bool,
    errors: usize,
}

impl Line {
    /// Returns what is special about the deck, behind its row.
    fn remark(&self) -> String {
        let mut remarks = Vec::new();
        if self.errors > 0 {
            remarks.push(count_words(self.errors, 0));
        }
        if self.replaces_builtin {
            remarks.push("yours, replaces the built-in deck".to_owned());
        } else if !self.builtin {
            let role = match (self.draft, self.counts) {
                (true, _) => "yours, a draft for practice only",
                (false, true) => "yours, counts for the score",
                (false, false) => "yours, doesn't count for the score",
            };
            remarks.push(role.to_owned());
        }
        remarks.join(", ")
    }
}

/// Lists the decks, with those in the user's data folder.
pub fn run(args: &Args, folder: Option<&Folder>, out: &mut dyn Write) -> Result<Exit, Failed> {
    let mut library = Library::load(&[], folder.map(Folder::path));
    library.keep_counting(&folder.map(used_decks).unwrap_or_default());
    if let Some(competency) = &args.facets {
        return facets(&library.outline, competency.as_deref(), out);
    }
    if args.coverage {
        return Ok(coverage(&Coverage::of(&library), args.json, out)?);
    }
    let lines: Vec<Line> = library
        .decks
        .iter()
        .map(|loaded| line(&library, loaded))
        .collect();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &lines).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        table(&lines, out)?;
        for problem in library.diagnostics.clone().list(&"other files".into()) {
            writeln!(out, "{}  {}", problem.place(), problem.message.line())?;
        }
    }
    Ok(Exit::Fine)
}

/// Returns the decks that were used before they had to state whether they count. Without a readable history there are
/// none.
fn used_decks(folder: &Folder) -> Vec<DeckId> {
    let store = Store::open_existing(&folder.history()).ok();
    let used = store.and_then(|store| store.counted_decks().ok());
    let used = used.unwrap_or_default().into_iter();
    used.map(|(deck, _)| deck).collect()
}

fn line(library: &Library, loaded: &LoadedDeck) -> Line {
    let deck = &loaded.deck;
    let facets = library
        .outline
        .blueprint
        .competency(&deck.competency)
        .map_or(&[][..], |competency| &competency.facets);
    let count = |types: &mut BTreeMap<_, usize>, word| *types.entry(word).or_default() += 1;
    let (mut types, mut levels) = (BTreeMap::new(), BTreeMap::new());
    for entry in &deck.entries {
        count(&mut types, entry.kind.word());
        count(&mut levels, entry.level.word());
    }
    Line {
        id: deck.id.to_string(),
        title: deck.title.line(),
        competency: deck.competency.to_string(),
        questions: deck.entries.len(),
        retired: loaded.retired(),
        types,
        levels,
        facets_covered: loaded.covers(facets.iter().map(|facet| facet.id.clone())),
        facets_total: facets.len(),
        builtin: deck.builtin,
        replaces_builtin: loaded.replaces_builtin(),
        counts: deck.is_scored(),
        draft: deck.draft,
        errors: library.check(loaded).errors(),
    }
}

/// Writes a table with a column for every level and question type that occurs in a deck.
fn table(lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
    let levels = Level::ALL
        .map(Level::word)
        .into_iter()
        .filter(|word| lines.iter().any(|l| l.levels.contains_key(word)));
    let types = Kind::ALL
        .map(Kind::word)
        .into_iter()
        .filter(|word| lines.iter().any(|l| l.types.contains_key(word)));
    let (levels, types): (Vec<_>, Vec<_>) = (levels.collect(), types.collect());
    let mut rows = vec![["deck", "questions", "facets"].map(str::to_owned).to_vec()];
    rows[0].extend(levels.iter().chain(&types).map(|word| (*word).to_owned()));
    for line in lines {
        let mut row = vec![
            line.id.clone(),
            line.questions.to_string(),
            format!("{}/{}", line.facets_covered, line.facets_total),
        ];
        let cell = |n: Option<&usize>| n.map_or("·".to_owned(), usize::to_string);
        row.extend(levels.iter().map(|word| cell(line.levels.get(word))));
        row.extend(types.iter().map(|word| cell(line.types.get(word))));
        rows.push(row);
    }
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| {
            rows.iter()
                .map(|row| row[column].width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for (n, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let blanks = " ".repeat(width - cell.width());
            if column == 0 {
                write!(out, "{cell}{blanks}")?;
            } else {
                write!(out, "  {blanks}{cell}")?;
            }
        }
        let line = n.checked_sub(1).map(|n| &lines[n]);
        let remark = line.map(Line::remark).unwrap_or_default();
        let gap = if remark.is_empty() { "" } else { "  " };
        writeln!(out, "{gap}{remark}")?;
    }
    let questions: usize = lines.iter().map(|line| line.questions).sum();
    let retired: usize = lines.iter().map(|line| line.retired).sum();
    let retired = match retired {
        0 => String::new(),
        1 => "; 1 retired question, shown only in old sessions".to_owned(),
        n => format!("; {n} retired questions, shown only in old sessions"),
    };
    writeln!(
        out,
        "\n{} decks, {questions} questions{retired}",
        lines.len()
    )?;
    if lines.iter().any(|line| line.errors > 0) {
        writeln!(out, "`aethos check` shows the errors")?;
    }
    Ok(())
}

/// Lists the facets of a competency, or of all of them, with their knowledge points.
fn facets(outline: &Outline, only: Option<&str>, out: &mut dyn Write) -> Result<Exit, Failed> {
    let all = &outline.blueprint.competencies;
    let chosen = |competency: &&Competency| only.is_none_or(|id| id == competency.id.as_str());
    if !all.iter().any(|competency| chosen(&competency)) {
        let known: Vec<&str> = all.iter().map(|c| c.id.as_str()).collect();
        return Err(Failed::usage(format!(
            "unknown competency {:?}: use {}",
            only.unwrap_or_default(),
            known.join(", ")
        )));
    }
    for competency in all.iter().filter(chosen) {
        writeln!(out, "{}: {}", competency.id, competency.title.line())?;
        let points = outline.points_of(&competency.id);
        for facet in &competency.facets {
            writeln!(out, "  {}: {}", facet.id, facet.title.line())?;
            for point in points.iter().filter(|point| point.facet == facet.id) {
                let (level, text) = (point.level, point.text.line());
                writeln!(out, "    {} ({level}): {text}", point.id)?;
            }
        }
    }
    Ok(Exit::Fine)
}

/// Writes a mark for each knowledge point: not covered, covered once, or covered more than once.
/// Returns the levels of the questions and how many have figures, twins or simulations, in one line.
fn composition(composition: &Composition) -> String {
    let levels = Level::ALL.iter().zip(composition.levels);
    let levels: Vec<String> = levels.map(|(level, n)| format!("{n} {level}")).collect();
    format!(
        "{}; {} with a figure or listing, {} with a twin, {} simulated",
        levels.join(", "),
        composition.figures,
        composition.twins,
        composition.simulations
    )
}

fn coverage(coverage: &Coverage, json: bool, out: &mut dyn Write) -> io::Result<Exit> {
    if json {
        serde_json::to_writer_pretty(&mut *out, coverage)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    writeln!(
        out,
        "One mark per knowledge point: o not covered, * covered, # covered more than once, O not \
         covered and senior.\n"
    )?;
    for competency in &coverage.competencies {
        let questions: usize = competency.facets.iter().map(|facet| facet.questions).sum();
        writeln!(out, "{}, {questions} questions", competency.title.line())?;
        writeln!(out, "  {}", composition(&competency.composition))?;
        for facet in &competency.facets {
            let marks: String = facet
                .points
                .iter()
                .map(|point| match point.questions {
                    0 if point.level == Level::Senior => 'O',
                    0 => 'o',
                    1 => '*',
                    _ => '#',
                })
                .collect();
            let title = facet.title.line();
            let blanks = " ".repeat(46usize.saturating_sub(title.width()));
            writeln!(out, "  {title}{blanks} {:>3}  {marks}", facet.questions)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Tips")?;
    for tip in &coverage.tips {
        let title = tip.title.line();
        writeln!(
            out,
            "  {title}{} {:>3}",
            " ".repeat(46usize.saturating_sub(title.width())),
            tip.questions
        )?;
    }
    let (facets, all) = (
        coverage.facets().filter(|f| f.questions > 0).count(),
        coverage.facets().count(),
    );
    let (points, senior) = coverage.senior_points();
    writeln!(
        out,
        "\n{facets} of {all} facets, {points} of {senior} senior knowledge points covered"
    )?;
    Ok(Exit::Fine)
}
