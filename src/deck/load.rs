//! The library: every deck there is, ready for a form to be chosen from it.

use std::collections::HashMap;
use std::io::Seek;
use std::path::{Path, PathBuf};

use super::code::Code;
use super::diagnostic::{Diagnostic, Origin};
use super::fields::Fields;
use super::find::Found;
use super::findings::Findings;
use super::outline::Outline;
use super::read::{self, Head, Names, Read};
use super::scan::{Chunk, Scan, scan_halves, scan_reader, scan_text};
use super::source::{Opened, Source, Stamp, open, shown};
use super::{builtin, diagnostic};
use crate::core::deck::{Deck, Entry};
use crate::core::id::{CompetencyId, DeckId, FacetId};
use crate::core::question::Question;
use crate::core::text::Text;

/// Of so many questions that the quick reading did not understand the full one is tried at once.
const DOUBTFUL: usize = 1000;

/// Questions with errors that are read of one deck when it is checked.
const BROKEN: usize = 1000;

/// The decks and the blueprint that they belong to.
pub struct Library {
    pub outline: Outline,
    /// In the order in which they were found; no two have the same id.
    pub decks: Vec<LoadedDeck>,
    /// Of files and folders that are no decks at all.
    pub diagnostics: Findings,
    /// The first error of the paths that were named.
    pub refused: Option<Diagnostic>,
}

/// A deck, the places of its questions, and the problems that were found so far.
pub struct LoadedDeck {
    pub deck: Deck,
    /// What a person calls the source: a path, or `quizzes/NAME.toml` of a built-in deck.
    pub file: Text,
    source: Source,
    /// The place of each entry of `deck` in the file.
    chunks: Vec<Chunk>,
    doubtful: Vec<Chunk>,
    problems: Findings,
    doubts: Findings,
    is_named_after_id: bool,
}

impl Library {
    /// Loads the decks under `paths`, those in the `decks` folder of `data`, and the built-in ones.
    /// A deck that comes earlier in this order replaces those with the same id.
    pub fn load(paths: &[PathBuf], data: Option<&Path>) -> Self {
        let mut found = Found::default();
        let mut library = Self::named(paths, &mut found);
        if let Some(data) = data {
            found.add_if_there(&data.join("decks"));
            library.add(&mut found);
        }
        for (name, text) in builtin::DECKS {
            if !library.decks.iter().any(|loaded| loaded.deck.id.as_str() == *name) {
                let file = Text::new(&format!("quizzes/{name}.toml"));
                let scan = scan_text(text, &file, &library.outline.facets());
                let mut loaded = LoadedDeck::new(scan, file, Source::Builtin(text), name, &library.outline);
                loaded.settle_doubts(&library.outline);
                library.decks.push(loaded);
            }
        }
        library
    }

    /// Loads the decks under `paths` and no others.
    pub fn only(paths: &[PathBuf]) -> Self {
        Self::named(paths, &mut Found::default())
    }

    fn named(paths: &[PathBuf], found: &mut Found) -> Self {
        let outline = Outline::builtin();
        let mut library = Self { outline, decks: Vec::new(), diagnostics: Findings::default(), refused: None };
        for path in paths {
            found.add(path);
        }
        library.add(found);
        library.refused = library.diagnostics.iter().find(|problem| problem.is_error()).cloned();
        library
    }

    /// Adds the decks that were found, except those whose id is in the library already.
    fn add(&mut self, found: &mut Found) {
        self.diagnostics.extend(found.diagnostics.drain(..));
        let mut loaded = Vec::new();
        for path in found.files.drain(..) {
            match self.scan(path) {
                Ok(deck) if self.deck(&deck.deck.id).is_some() => {}
                Ok(deck) => loaded.push(deck),
                Err(problem) => self.diagnostics.push(problem),
            }
        }
        let used = used_of_each_id(&loaded);
        let files: Vec<Text> = loaded.iter().map(|deck| deck.file.clone()).collect();
        for (place, mut deck) in loaded.into_iter().enumerate() {
            match used.get(&deck.deck.id) {
                Some((first, is_named)) if *first != place => {
                    self.diagnostics.push(deck.not_used(&files[*first], *is_named));
                }
                _ => {
                    deck.settle_doubts(&self.outline);
                    self.decks.push(deck);
                }
            }
        }
    }

    fn scan(&self, path: PathBuf) -> Result<LoadedDeck, Diagnostic> {
        let file = shown(&path);
        let (scan, stamp) = scan(&path, &file, &self.outline.facets())?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(LoadedDeck::new(scan, file, Source::File { path, stamp }, &name, &self.outline))
    }

    pub fn deck(&self, id: &DeckId) -> Option<&LoadedDeck> {
        self.decks.iter().find(|loaded| loaded.deck.id == *id)
    }

    /// Reads every question of a deck and returns the problems of its structure.
    pub fn check(&self, loaded: &LoadedDeck) -> Findings {
        self.check_each(loaded, |_, _, _| Vec::new())
    }

    /// Does the same, and adds what `rules` find in each question that can be read.
    pub fn check_each(
        &self,
        loaded: &LoadedDeck,
        mut rules: impl FnMut(Question, &Fields, Origin) -> Vec<Diagnostic>,
    ) -> Findings {
        let mut found = loaded.problems.clone();
        let mut chunks: Vec<Chunk> = loaded.chunks.iter().chain(&loaded.doubtful).copied().collect();
        chunks.sort_by_key(|chunk| chunk.start);
        let mut names = Names { outline: &self.outline, competency: &loaded.deck.competency, ids: HashMap::new() };
        let mut opened = match loaded.source.open() {
            Ok(opened) => opened,
            Err(problem) => {
                found.push(problem);
                return found;
            }
        };
        let mut broken = 0;
        for chunk in chunks {
            if broken >= BROKEN {
                let message = "the rest of the file is not checked: 1,000 questions have errors already";
                found.push(Diagnostic::of_file(Code::TooMany, &loaded.file, chunk.line as usize, message));
                break;
            }
            let text = match opened.chunk(chunk) {
                Ok(text) => text,
                Err(error) => {
                    broken += 1;
                    found.push(loaded.unreadable(chunk, &error));
                    continue;
                }
            };
            let origin = Origin { file: &loaded.file, text: &text, first_line: chunk.line as usize };
            let (read, fields) = read::question_and_fields(origin, Some(&mut names));
            let mut problems = read.diagnostics;
            problems.extend(read.value.map(|q| rules(q, &fields, origin)).unwrap_or_default());
            broken += usize::from(problems.iter().any(Diagnostic::is_error));
            found.extend(problems);
        }
        found
    }
}

/// Returns for each id the place of the deck that is used, and whether its file is named after the id.
///
/// A file that is named after the id of its deck comes before the copies of it that a sync tool made.
fn used_of_each_id(decks: &[LoadedDeck]) -> HashMap<DeckId, (usize, bool)> {
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

fn scan(path: &Path, name: &Text, facets: &HashMap<&str, FacetId>) -> Result<(Scan, Stamp), Diagnostic> {
    let (file, stamp) = open(path)?;
    let (again, _) = open(path)?;
    let halves = scan_halves([&file, &again], stamp.length, name, facets);
    let scanned = halves.and_then(|scan| match scan {
        Some(scan) => Ok(scan),
        None => {
            (&again).rewind()?;
            scan_reader(&again, name, facets)
        }
    });
    match scanned {
        Ok(scan) => Ok((scan, stamp)),
        Err(error) => Err(Diagnostic::of_file(Code::Unreadable, name, 0, format!("cannot be read: {error}"))),
    }
}

impl LoadedDeck {
    fn new(scan: Scan, file: Text, source: Source, name: &str, outline: &Outline) -> Self {
        let builtin = matches!(source, Source::Builtin(_));
        let Scan { head, entries, chunks, doubtful, mut problems } = scan;
        let read = head.map(|text| {
            let origin = Origin { file: &file, text: &text, first_line: 1 };
            let read = read::head(origin, outline);
            problems.extend(read.diagnostics);
            read.value
        });
        let head = read.flatten();
        let usable = head.is_some();
        if usable && entries.is_empty() && doubtful.is_empty() && problems.is_empty() {
            problems.push(Diagnostic::of_file(Code::NoQuestions, &file, 0, "the deck has no questions"));
        }
        let head = head.unwrap_or_else(|| Head {
            id: DeckId::new(Text::new(name).line()),
            title: Text::new(name),
            version: Text::default(),
            competency: CompetencyId::new(""),
        });
        let is_named_after_id = head.id.as_str() == name;
        if !is_named_after_id {
            let message = format!("the deck has the id `{}`, but its file another name", head.id);
            problems.push(Diagnostic::of_file(Code::FileName, &file, 0, message));
        }
        let Head { id, title, version, competency } = head;
        // Without a head nobody knows what the questions are about: they are checked, but none is offered.
        let mut loaded = Self {
            deck: Deck { id, title, version, competency, builtin, entries },
            file,
            source,
            chunks,
            doubtful,
            problems,
            doubts: Findings::default(),
            is_named_after_id,
        };
        if !usable {
            loaded.doubtful.append(&mut loaded.chunks);
            loaded.deck.entries.clear();
        }
        loaded
    }

    /// Says that another deck with this id is used instead.
    fn not_used(&self, used: &Text, used_is_named_after_id: bool) -> Diagnostic {
        let id = &self.deck.id;
        if used_is_named_after_id && !self.is_named_after_id {
            let message = format!("not used: {used} has the same id `{id}`, and it is named after it");
            let problem = Diagnostic::of_file(Code::OtherCopy, &self.file, 0, message);
            return problem.help("delete this copy, or give it another id and name its file after it");
        }
        let message = format!("the deck {used} has the id `{id}` as well, and came first");
        Diagnostic::of_file(Code::Duplicate, &self.file, 0, message).help("give one of them another id")
    }

    /// Returns whether the deck hides a built-in one that has the same id.
    pub fn replaces_builtin(&self) -> bool {
        !self.deck.builtin && builtin::is_name(self.deck.id.as_str())
    }

    /// The deck was given by one of `paths`, or lies under it.
    pub fn is_of(&self, paths: &[PathBuf]) -> bool {
        match &self.source {
            Source::File { path, .. } => paths.iter().any(|given| path.starts_with(given)),
            Source::Builtin(_) => false,
        }
    }

    /// What was seen to be wrong when the deck was loaded. [`Library::check`] looks at everything.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().chain(self.doubts.iter())
    }

    /// Facets that have a question, among `facets`.
    pub fn covers(&self, facets: impl Iterator<Item = FacetId>) -> usize {
        let asked: std::collections::HashSet<&FacetId> = self.deck.entries.iter().map(|entry| &entry.facet).collect();
        facets.filter(|facet| asked.contains(facet)).count()
    }

    /// Reads in full what the quick reading did not understand: it is offered after all, or its problems are told.
    fn settle_doubts(&mut self, outline: &Outline) {
        if self.deck.competency.as_str().is_empty() || self.doubtful.is_empty() {
            return;
        }
        let mut opened = match self.source.open() {
            Ok(opened) => opened,
            Err(problem) => return self.problems.push(problem),
        };
        let mut found = Vec::new();
        let mut doubts = Findings::default();
        let mut still_doubtful = self.doubtful.get(DOUBTFUL..).unwrap_or_default().to_vec();
        let mut names = self.names(outline);
        for &chunk in self.doubtful.iter().take(DOUBTFUL) {
            let read = self.read(&mut opened, chunk, Some(&mut names));
            doubts.extend(read.diagnostics);
            match read.value {
                Some(question) => found.push((chunk, entry(&question))),
                None => still_doubtful.push(chunk),
            }
        }
        (self.doubts, self.doubtful) = (doubts, still_doubtful);
        if !found.is_empty() {
            found.extend(self.chunks.drain(..).zip(self.deck.entries.drain(..)));
            found.sort_by_key(|(chunk, _)| chunk.start);
            (self.chunks, self.deck.entries) = found.into_iter().unzip();
        }
    }

    /// The names of the blueprint, and the ids of the questions that are offered.
    fn names<'a>(&'a self, outline: &'a Outline) -> Names<'a> {
        let ids = self.deck.entries.iter().map(|entry| entry.id.to_string());
        let ids = ids.zip(self.chunks.iter().map(|chunk| chunk.line as usize)).collect();
        Names { outline, competency: &self.deck.competency, ids }
    }

    fn read(&self, opened: &mut Opened, chunk: Chunk, names: Option<&mut Names>) -> Read<Question> {
        match opened.chunk(chunk) {
            Ok(text) => {
                let origin = Origin { file: &self.file, text: &text, first_line: chunk.line as usize };
                read::question(origin, names)
            }
            Err(error) => Read { value: None, diagnostics: vec![self.unreadable(chunk, &error)] },
        }
    }

    fn unreadable(&self, chunk: Chunk, error: &std::io::Error) -> Diagnostic {
        let message = format!("the question cannot be read: {error}");
        Diagnostic::of_file(Code::Unreadable, &self.file, chunk.line as usize, message)
    }

    /// The question of entry number `index`; only its text is read.
    pub fn question(&self, index: usize) -> Result<Question, Vec<Diagnostic>> {
        let chunk = self.chunk(index)?;
        let mut opened = self.source.open().map_err(|problem| vec![problem])?;
        let read = self.read(&mut opened, chunk, None);
        read.value.ok_or(read.diagnostics)
    }

    /// The text of entry number `index`, which the history keeps: [`question_from`] reads it again.
    pub fn source_of(&self, index: usize) -> Result<String, Diagnostic> {
        let chunk = self.chunk(index).map_err(|mut problems| problems.remove(0))?;
        let text = self.source.open()?.chunk(chunk).map_err(|error| self.unreadable(chunk, &error))?;
        Ok(read::body(&text).to_owned())
    }

    fn chunk(&self, index: usize) -> Result<Chunk, Vec<Diagnostic>> {
        self.chunks.get(index).copied().ok_or_else(|| {
            let message = format!("the deck has no question number {}", index + 1);
            vec![Diagnostic::of_file(Code::Unreadable, &self.file, 0, message)]
        })
    }
}

/// A question from the text that [`LoadedDeck::source_of`] gave; `file` is what messages call it.
pub fn question_from(text: &str, file: &Text) -> Result<Question, Vec<Diagnostic>> {
    let read = read::question(diagnostic::Origin { file, text, first_line: 1 }, None);
    read.value.ok_or(read.diagnostics)
}

fn entry(question: &Question) -> Entry {
    Entry {
        id: question.id.clone(),
        facet: question.facet.clone(),
        level: question.level,
        kind: question.kind(),
        family: question.family.as_deref().map(Into::into),
        seconds: question.seconds,
    }
}
