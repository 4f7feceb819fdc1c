//! The library: every deck that was found, with what form selection needs of each question.

mod loaded_deck;

use std::collections::HashMap;
use std::fs::File;
use std::io::Seek;
use std::path::{Path, PathBuf};

use super::builtin;
use super::cache::Cache;
use super::diagnostic::{Diagnostic, Origin};
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::find::DeckFinder;
use super::findings::Findings;
use super::outline::Outline;
use super::parse::{self, KnownNames};
use super::scan::{Scan, scan_parallel, scan_reader};
use super::source::{Source, display_path, open};
use crate::core::deck::Deck;
use crate::core::form::FIRST_EDITION;
use crate::core::id::{DeckId, FacetId};
use crate::core::question::Question;
use crate::core::text::Text;

pub use loaded_deck::{LoadedDeck, question_from};

/// The number of broken questions after which the check of a deck stops.
const MAX_BROKEN: usize = 1000;

/// The loaded decks, with the blueprint that they refer to.
pub struct Library {
    pub outline: Outline,
    /// The decks in the order in which they were found, with unique ids.
    pub decks: Vec<LoadedDeck>,
    /// Problems of files and folders that could not be loaded as decks.
    pub diagnostics: Findings,
    /// The first error in the paths that the user named.
    pub refused: Option<Diagnostic>,
}

impl Library {
    /// Loads the decks under `paths`, those in the `decks` folder of `data`, and the built-in decks.
    ///
    /// A deck that comes earlier in this order replaces later decks with the same id.
    pub fn load(paths: &[PathBuf], data: Option<&Path>) -> Self {
        Self::load_with(paths, data, None)
    }

    /// Loads decks like [`Library::load`], large ones from their indexes in `cache`, and keeps these up to date.
    pub fn load_with(paths: &[PathBuf], data: Option<&Path>, cache: Option<Cache>) -> Self {
        let mut found = DeckFinder::default();
        let mut library = Self::named(paths, &mut found, cache);
        if let Some(data) = data {
            found.add_if_there(&data.join("decks"));
            library.add(&mut found, cache);
        }
        let facets = library.outline.facets();
        let mut builtin = Vec::new();
        for deck in builtin::DECKS {
            let is_replaced = |loaded: &LoadedDeck| loaded.deck.id.as_str() == deck.name;
            if !library.decks.iter().any(is_replaced) {
                let file = Text::new(&format!("quizzes/{}.toml", deck.name));
                let scan = deck.scan(&file, &facets);
                let source = Source::Builtin(deck.questions);
                let mut loaded = LoadedDeck::new(scan, file, source, deck.name, &library.outline);
                loaded.parse_deferred(&library.outline);
                builtin.push(loaded);
            }
        }
        drop(facets);
        library.decks.extend(builtin);
        library
    }

    /// Loads only the decks under `paths`.
    pub fn only(paths: &[PathBuf]) -> Self {
        Self::named(paths, &mut DeckFinder::default(), None)
    }

    fn named(paths: &[PathBuf], found: &mut DeckFinder, cache: Option<Cache>) -> Self {
        let outline = Outline::builtin();
        let mut library = Self {
            outline,
            decks: Vec::new(),
            diagnostics: Findings::default(),
            refused: None,
        };
        for path in paths {
            found.add(path);
        }
        library.add(found, cache);
        library.refused = library
            .diagnostics
            .iter()
            .find(|problem| problem.is_error())
            .cloned();
        library
    }

    /// Adds the decks that were found, except those whose id is already in the library.
    fn add(&mut self, found: &mut DeckFinder, cache: Option<Cache>) {
        self.diagnostics.extend(found.diagnostics.drain(..));
        let mut loaded = Vec::new();
        for path in found.files.drain(..) {
            match self.scan(path, cache) {
                Ok(deck) if self.deck(&deck.deck.id).is_some() => {}
                Ok(deck) => loaded.push(deck),
                Err(problem) => self.diagnostics.push(problem),
            }
        }
        let used = choose_by_id(&loaded);
        let files: Vec<Text> = loaded.iter().map(|deck| deck.file.clone()).collect();
        for (place, mut deck) in loaded.into_iter().enumerate() {
            match used.get(&deck.deck.id) {
                Some((first, is_named)) if *first != place => {
                    self.diagnostics
                        .push(deck.unused_problem(&files[*first], *is_named));
                }
                _ => {
                    deck.parse_deferred(&self.outline);
                    self.decks.push(deck);
                }
            }
        }
    }

    fn scan(&self, path: PathBuf, cache: Option<Cache>) -> Result<LoadedDeck, Diagnostic> {
        let file = display_path(&path);
        let facets = self.outline.facets();
        let (opened, version) = open(&path)?;
        let restored = cache.and_then(|cache| cache.restore(&path, &opened, &file, &facets));
        let (scan, checks) = match restored {
            Some((scan, checks)) => (scan, Some(checks)),
            None => {
                if let Some(cache) = cache {
                    cache.index_later(&path);
                }
                (scan(&path, &opened, version.length, &file, &facets)?, None)
            }
        };
        let name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let source = Source::File { path, version };
        let loaded = LoadedDeck::new(scan, file, source, &name, &self.outline);
        Ok(LoadedDeck { checks, ..loaded })
    }

    /// Returns the edition of a bank of these decks: that of the built-in decks if there is one among them.
    pub fn edition<'a>(&self, mut decks: impl Iterator<Item = &'a Deck>) -> u16 {
        if decks.any(|deck| deck.builtin) {
            builtin::EDITION
        } else {
            FIRST_EDITION
        }
    }

    /// Makes the decks among `used` count for the score if they don't state whether they do, and returns their files.
    pub fn keep_counting(&mut self, used: &[DeckId]) -> Vec<Text> {
        let mut kept = Vec::new();
        for loaded in &mut self.decks {
            let deck = &mut loaded.deck;
            if !deck.counts && !loaded.says_counts && used.contains(&deck.id) {
                deck.counts = true;
                kept.push(loaded.file.clone());
            }
        }
        kept
    }

    pub fn deck(&self, id: &DeckId) -> Option<&LoadedDeck> {
        self.decks.iter().find(|loaded| loaded.deck.id == *id)
    }

    /// Parses every question of a deck and returns the structural problems.
    pub fn check(&self, loaded: &LoadedDeck) -> Findings {
        self.check_each(loaded, |_, _, _| Vec::new())
    }

    /// Checks a deck like [`Library::check`], and applies `rules` to each question that can be parsed.
    pub fn check_each(
        &self,
        loaded: &LoadedDeck,
        mut rules: impl FnMut(Question, &Fields, Origin) -> Vec<Diagnostic>,
    ) -> Findings {
        let mut found = loaded.problems.clone();
        let mut names = KnownNames {
            outline: &self.outline,
            competency: &loaded.deck.competency,
            ids: HashMap::new(),
        };
        let mut opened = match loaded.source.open() {
            Ok(opened) => opened,
            Err(problem) => {
                found.push(problem);
                return found;
            }
        };
        let mut broken = 0;
        for chunk in loaded.all_chunks() {
            if broken >= MAX_BROKEN {
                let message =
                    "the rest of the file is not checked: 1,000 questions have errors already";
                found.push(Diagnostic::of_file(
                    DiagnosticCode::TooMany,
                    &loaded.file,
                    chunk.line as usize,
                    message,
                ));
                break;
            }
            let problems = match loaded.text(&mut opened, chunk) {
                Ok(text) => {
                    let origin = Origin {
                        file: &loaded.file,
                        text: &text,
                        first_line: chunk.line as usize,
                    };
                    let is_draft = loaded.deck.draft;
                    let (parsed, fields) =
                        parse::question_and_fields(origin, Some(&mut names), loaded.standard());
                    let mut problems = parsed.diagnostics;
                    // What is missing comes first: only a complete question of a draft is examined further.
                    if let Some(question) =
                        parsed.value.filter(|_| !is_draft || problems.is_empty())
                    {
                        let found = rules(question, &fields, origin).into_iter();
                        problems.extend(found.map(|problem| match is_draft {
                            true => problem.as_warning(),
                            false => problem,
                        }));
                    }
                    problems
                }
                Err(error) => vec![loaded.unreadable(chunk, &error)],
            };
            broken += usize::from(problems.iter().any(Diagnostic::is_error));
            found.extend(problems);
        }
        found
    }
}

/// Chooses one deck for each id, and returns its index and whether its file is named after the id.
///
/// A file named after its deck's id is preferred to others, which are usually copies left behind by a sync tool.
fn choose_by_id(decks: &[LoadedDeck]) -> HashMap<DeckId, (usize, bool)> {
    let mut used: HashMap<DeckId, (usize, bool)> = HashMap::new();
    for (place, deck) in decks.iter().enumerate() {
        let candidate = (place, deck.is_named_after_id);
        let chosen = used.entry(deck.deck.id.clone()).or_insert(candidate);
        if deck.is_named_after_id && !chosen.1 {
            *chosen = candidate;
        }
    }
    used
}

fn scan(
    path: &Path,
    file: &File,
    length: u64,
    name: &Text,
    facets: &HashMap<&str, FacetId>,
) -> Result<Scan, Diagnostic> {
    let (again, _) = open(path)?;
    let halves = scan_parallel([file, &again], length, name, facets);
    let scanned = halves.and_then(|scan| {
        if let Some(scan) = scan {
            Ok(scan)
        } else {
            (&again).rewind()?;
            scan_reader(&again, name, facets)
        }
    });
    scanned.map_err(|error| {
        let message = format!("cannot be read: {error}");
        Diagnostic::of_file(DiagnosticCode::Unreadable, name, 0, message)
    })
}
