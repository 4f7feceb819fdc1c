//! The library: every deck there is, ready for a form to be chosen from it.

use std::collections::HashMap;
use std::io::Seek;
use std::path::{Path, PathBuf};

use super::code::Code;
use super::diagnostic::{Diagnostic, Origin};
use super::fields::Fields;
use super::find::Found;
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

/// The decks and the blueprint that they belong to.
pub struct Library {
    pub outline: Outline,
    /// In the order in which they were found; no two have the same id.
    pub decks: Vec<LoadedDeck>,
    /// Of files and folders that are no decks at all.
    pub diagnostics: Vec<Diagnostic>,
}

/// A deck, where its questions stand, and what was seen to be wrong with it so far.
pub struct LoadedDeck {
    pub deck: Deck,
    /// What a person calls the source: a path, or `quizzes/NAME.toml` of a built-in deck.
    pub file: Text,
    source: Source,
    /// Where each entry of `deck` stands.
    chunks: Vec<Chunk>,
    doubtful: Vec<Chunk>,
    problems: Vec<Diagnostic>,
    doubts: Vec<Diagnostic>,
}

impl Library {
    /// All decks: those under `paths`, those in the `decks` folder of `data`, and the built-in ones.
    /// A deck that comes earlier replaces those with its id.
    pub fn load(paths: &[PathBuf], data: Option<&Path>) -> Self {
        let mut library = Self::only(paths);
        if let Some(data) = data {
            let mut found = Found::default();
            found.add_if_there(&data.join("decks"));
            library.add(found);
        }
        for (name, text) in builtin::DECKS {
            if !library.decks.iter().any(|loaded| loaded.deck.id.as_str() == *name) {
                let file = Text::new(&format!("quizzes/{name}.toml"));
                let scan = scan_text(text, &file, &library.outline.facets());
                library.keep(scan, file, Source::Builtin(text), name);
            }
        }
        library
    }

    /// The decks under `paths` and no others.
    pub fn only(paths: &[PathBuf]) -> Self {
        let mut library = Self { outline: Outline::builtin(), decks: Vec::new(), diagnostics: Vec::new() };
        let mut found = Found::default();
        for path in paths {
            found.add(path);
        }
        library.add(found);
        library
    }

    fn add(&mut self, found: Found) {
        self.diagnostics.extend(found.diagnostics);
        for path in found.files {
            let file = shown(&path);
            let facets = self.outline.facets();
            let scanned = scan(&path, &file, &facets);
            match scanned {
                Ok((scan, stamp)) => {
                    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                    drop(facets);
                    self.keep(scan, file, Source::File { path, stamp }, &name);
                }
                Err(problem) => self.diagnostics.push(problem),
            }
        }
    }

    fn keep(&mut self, scan: Scan, file: Text, source: Source, name: &str) {
        let builtin = matches!(source, Source::Builtin(_));
        let mut loaded = LoadedDeck::new(scan, file, source, name, builtin, &self.outline);
        if let Some(other) = self.decks.iter().find(|other| other.deck.id == loaded.deck.id) {
            let message = format!("the deck {} has the id `{}` as well, and came first", other.file, loaded.deck.id);
            let problem = Diagnostic::of_file(Code::Duplicate, &loaded.file, 0, message);
            self.diagnostics.push(problem.help("give one of them another id"));
        } else {
            loaded.settle_doubts(&self.outline);
            self.decks.push(loaded);
        }
    }

    pub fn deck(&self, id: &DeckId) -> Option<&LoadedDeck> {
        self.decks.iter().find(|loaded| loaded.deck.id == *id)
    }

    /// Reads everything of a deck: all problems of its structure in the order of the file.
    pub fn check(&self, loaded: &LoadedDeck) -> Vec<Diagnostic> {
        self.check_each(loaded, |_, _, _| Vec::new())
    }

    /// The same, with what `rules` find in each question that can be read.
    pub fn check_each(
        &self,
        loaded: &LoadedDeck,
        mut rules: impl FnMut(Question, &Fields, Origin) -> Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        let mut diagnostics = loaded.problems.clone();
        let mut chunks: Vec<Chunk> = loaded.chunks.iter().chain(&loaded.doubtful).copied().collect();
        chunks.sort_by_key(|chunk| chunk.start);
        let mut names = loaded.names(&self.outline);
        names.ids.clear();
        match loaded.source.open() {
            Ok(mut opened) => {
                for chunk in chunks {
                    let text = match opened.chunk(chunk) {
                        Ok(text) => text,
                        Err(error) => {
                            diagnostics.push(loaded.unreadable(chunk, &error));
                            continue;
                        }
                    };
                    let origin = Origin { file: &loaded.file, text: &text, first_line: chunk.line as usize };
                    let (read, fields) = read::question_and_fields(origin, Some(&mut names));
                    diagnostics.extend(read.diagnostics);
                    diagnostics.extend(read.value.map(|q| rules(q, &fields, origin)).unwrap_or_default());
                }
            }
            Err(problem) => diagnostics.push(problem),
        }
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        diagnostics
    }
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
    fn new(scan: Scan, file: Text, source: Source, name: &str, builtin: bool, outline: &Outline) -> Self {
        let Scan { head, entries, chunks, doubtful, mut problems } = scan;
        let read = head.map(|text| {
            let origin = Origin { file: &file, text: &text, first_line: 1 };
            let read = read::head(origin, outline);
            problems.extend(read.diagnostics);
            read.value
        });
        let head = read.flatten();
        let usable = head.is_some();
        if usable && entries.is_empty() && doubtful.is_empty() {
            problems.push(Diagnostic::of_file(Code::NoQuestions, &file, 0, "the deck has no questions"));
        }
        let head = head.unwrap_or_else(|| Head {
            id: DeckId::new(Text::new(name).line()),
            title: Text::new(name),
            version: Text::default(),
            competency: CompetencyId::new(""),
        });
        if head.id.as_str() != name {
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
            doubts: Vec::new(),
        };
        if !usable {
            loaded.doubtful.append(&mut loaded.chunks);
            loaded.deck.entries.clear();
        }
        loaded
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
        self.problems.iter().chain(&self.doubts)
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
        let mut doubts = Vec::new();
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
