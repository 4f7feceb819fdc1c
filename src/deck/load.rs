//! The library: every deck that was found, with what form selection needs of each question.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use super::cache::{Cache, Checks};
use super::diagnostic::{Diagnostic, Origin};
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::find::DeckFinder;
use super::findings::Findings;
use super::format::Standard;
use super::index::Chunk;
use super::outline::Outline;
use super::parse::{self, DeckMetadata, KnownNames, Parsed};
use super::scan::{Scan, scan_parallel, scan_reader};
use super::simulated;
use super::source::{OpenSource, Source, display_path, open};
use super::{builtin, diagnostic};
use crate::core::deck::{Deck, Entry};
use crate::core::form::FIRST_EDITION;
use crate::core::id::{DeckId, FacetId, QuestionId};
use crate::core::question::Question;
use crate::core::text::Text;

/// The largest number of deferred questions per deck that are parsed while the library is loaded.
const MAX_DEFERRED: usize = 1000;

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

/// A deck with the positions of its questions and the problems found so far.
pub struct LoadedDeck {
    pub deck: Deck,
    /// The name of the source in messages: a path, or `quizzes/NAME.toml` for a built-in deck.
    pub file: Text,
    source: Source,
    /// The checksums of its questions, if it was loaded from its index.
    checks: Option<Checks>,
    /// The position in the file of each entry of `deck`.
    chunks: Vec<Chunk>,
    /// The questions that are no longer asked, which are no part of the bank.
    retired: Vec<(QuestionId, Chunk)>,
    /// Questions that the fast scan could not read. They can be chosen only after the full parser has read them.
    deferred: Vec<Chunk>,
    problems: Findings,
    deferred_problems: Findings,
    is_named_after_id: bool,
    /// True if its head states whether it counts for the score.
    says_counts: bool,
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

/// Parses the head of a deck, and adds its problems to `problems`.
fn read_metadata(
    text: &str,
    file: &Text,
    outline: &Outline,
    problems: &mut Findings,
) -> Option<DeckMetadata> {
    let parsed = parse::metadata(
        Origin {
            file,
            text,
            first_line: 1,
        },
        outline,
    );
    problems.extend(parsed.diagnostics);
    parsed.value
}

impl LoadedDeck {
    fn new(scan: Scan, file: Text, source: Source, name: &str, outline: &Outline) -> Self {
        let builtin = matches!(source, Source::Builtin(_));
        let Scan {
            head,
            mut entries,
            mut chunks,
            incomplete,
            retired,
            mut deferred,
            mut problems,
        } = scan;
        let metadata = head.and_then(|text| read_metadata(&text, &file, outline, &mut problems));
        match metadata {
            Some(_) if entries.is_empty() && deferred.is_empty() && problems.is_empty() => {
                let message = "the deck has no questions";
                problems.push(Diagnostic::of_file(
                    DiagnosticCode::NoQuestions,
                    &file,
                    0,
                    message,
                ));
            }
            Some(_) => {}
            // Without metadata the competency is unknown: the questions are checked, but can't be chosen.
            None => {
                deferred.append(&mut chunks);
                entries.clear();
            }
        }
        let DeckMetadata {
            id,
            title,
            version,
            competency,
            draft,
            counts,
        } = metadata.unwrap_or_else(|| DeckMetadata::of_unreadable(name));
        if !draft && !incomplete.is_empty() {
            defer(&incomplete, &mut entries, &mut chunks, &mut deferred);
        }
        let is_named_after_id = id.as_str() == name;
        let is_builtin_name = builtin::is_name(id.as_str());
        if !is_named_after_id {
            let message =
                format!("the deck has the id `{id}`, but the name of its file is {name}.toml");
            let help = format!("rename the file to {id}.toml, or change the id");
            let problem = Diagnostic::of_file(DiagnosticCode::FileName, &file, 0, message);
            problems.push(problem.help(help));
        }
        Self {
            deck: Deck {
                id,
                title,
                version,
                competency,
                builtin,
                draft,
                counts: counts.unwrap_or(builtin || is_builtin_name),
                entries,
            },
            says_counts: counts.is_some(),
            file,
            source,
            checks: None,
            chunks,
            retired,
            deferred,
            problems,
            deferred_problems: Findings::default(),
            is_named_after_id,
        }
    }

    /// Returns the places of all questions, in file order.
    fn all_chunks(&self) -> Vec<Chunk> {
        let retired = self.retired.iter().map(|(_, chunk)| chunk);
        let asked = self.chunks.iter().chain(&self.deferred);
        let mut chunks: Vec<Chunk> = asked.chain(retired).copied().collect();
        chunks.sort_by_key(|chunk| chunk.start);
        chunks
    }

    /// Returns the problem that another deck with the same id is used instead of this one.
    fn unused_problem(&self, used: &Text, used_is_named_after_id: bool) -> Diagnostic {
        let id = &self.deck.id;
        if used_is_named_after_id && !self.is_named_after_id {
            let message =
                format!("not used: {used} has the same id `{id}`, and it is named after it");
            let problem = Diagnostic::of_file(DiagnosticCode::OtherCopy, &self.file, 0, message);
            return problem
                .help("delete this copy, or give it another id and name its file after it");
        }
        let message = format!("the deck {used} has the id `{id}` as well, and came first");
        Diagnostic::of_file(DiagnosticCode::Duplicate, &self.file, 0, message)
            .help("give one of them another id")
    }

    /// Returns the number of questions that are no longer asked.
    pub fn retired(&self) -> usize {
        self.retired.len()
    }

    /// Returns how complete its questions have to be. A deck that replaces a built-in one has to be as complete.
    fn standard(&self) -> Standard {
        match builtin::is_name(self.deck.id.as_str()) {
            _ if self.deck.draft => Standard::Draft,
            true => Standard::BuiltIn,
            false => Standard::Own,
        }
    }

    /// Returns true if the deck replaces a built-in deck with the same id.
    pub fn replaces_builtin(&self) -> bool {
        !self.deck.builtin && builtin::is_name(self.deck.id.as_str())
    }

    /// Returns true if the deck's file is one of `paths` or is in one of these folders.
    pub fn is_under(&self, paths: &[PathBuf]) -> bool {
        match &self.source {
            Source::File { path, .. } => paths.iter().any(|given| path.starts_with(given)),
            Source::Builtin(_) => false,
        }
    }

    /// Returns the problems found while loading. [`Library::check`] finds all problems.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().chain(self.deferred_problems.iter())
    }

    /// Returns how many of `facets` have a question in this deck.
    pub fn covers(&self, facets: impl Iterator<Item = FacetId>) -> usize {
        let asked: HashSet<&FacetId> = self.deck.entries.iter().map(|entry| &entry.facet).collect();
        facets.filter(|facet| asked.contains(facet)).count()
    }

    /// Runs the full parser over the deferred questions, and adds them to the entries or reports their problems.
    fn parse_deferred(&mut self, outline: &Outline) {
        if self.deck.competency.as_str().is_empty() || self.deferred.is_empty() {
            return;
        }
        let mut opened = match self.source.open() {
            Ok(opened) => opened,
            Err(problem) => return self.problems.push(problem),
        };
        let (mut found, mut retired) = (Vec::new(), Vec::new());
        let mut deferred_problems = Findings::default();
        let mut still_deferred = self
            .deferred
            .get(MAX_DEFERRED..)
            .unwrap_or_default()
            .to_vec();
        let mut names = self.names(outline);
        for &chunk in self.deferred.iter().take(MAX_DEFERRED) {
            let read = self.read(&mut opened, chunk, Some(&mut names));
            deferred_problems.extend(read.diagnostics);
            match read.value {
                Some(question) if question.retired.is_some() => retired.push((question.id, chunk)),
                Some(question) => found.push((chunk, entry(&question))),
                None => still_deferred.push(chunk),
            }
        }
        (self.deferred_problems, self.deferred) = (deferred_problems, still_deferred);
        self.retired.extend(retired);
        if !found.is_empty() {
            found.extend(self.chunks.drain(..).zip(self.deck.entries.drain(..)));
            found.sort_by_key(|(chunk, _)| chunk.start);
            (self.chunks, self.deck.entries) = found.into_iter().unzip();
        }
    }

    /// Returns the names that a deferred question is checked against, including the ids of the other questions.
    fn names<'a>(&'a self, outline: &'a Outline) -> KnownNames<'a> {
        let entries = self.deck.entries.iter().map(|entry| &entry.id);
        let retired = self.retired.iter().map(|(id, chunk)| (id, chunk));
        let ids = entries.zip(&self.chunks).chain(retired);
        let ids = ids
            .map(|(id, chunk)| (id.to_string(), chunk.line as usize))
            .collect();
        KnownNames {
            outline,
            competency: &self.deck.competency,
            ids,
        }
    }

    fn read(
        &self,
        opened: &mut OpenSource,
        chunk: Chunk,
        names: Option<&mut KnownNames>,
    ) -> Parsed<Question> {
        match self.text(opened, chunk) {
            Ok(text) => {
                let origin = Origin {
                    file: &self.file,
                    text: &text,
                    first_line: chunk.line as usize,
                };
                parse::question(origin, names, self.standard())
            }
            Err(error) => Parsed {
                value: None,
                diagnostics: vec![self.unreadable(chunk, &error)],
            },
        }
    }

    /// Reads the text of a question.
    ///
    /// # Errors
    /// A failure of the file system, or another text than that which was indexed.
    fn text(&self, opened: &mut OpenSource, chunk: Chunk) -> io::Result<String> {
        let text = opened.chunk(chunk)?;
        match &self.checks {
            Some(checks) if !checks.fit(chunk.start, text.as_bytes()) => Err(io::Error::other(
                "the file has changed; quit aethos and start it again",
            )),
            _ => Ok(text),
        }
    }

    fn unreadable(&self, chunk: Chunk, error: &io::Error) -> Diagnostic {
        let message = format!("the question cannot be read: {error}");
        Diagnostic::of_file(
            DiagnosticCode::Unreadable,
            &self.file,
            chunk.line as usize,
            message,
        )
    }

    /// Parses the question of an entry, and reads only its part of the file. A simulated question gets an example.
    pub fn question(&self, index: usize) -> Result<Question, Vec<Diagnostic>> {
        let chunk = self.chunk(index)?;
        let mut opened = self.source.open().map_err(|problem| vec![problem])?;
        let read = self.read(&mut opened, chunk, None);
        let question = read.value.ok_or(read.diagnostics)?;
        simulated::with_example(question).map_err(|message| {
            let line = chunk.line as usize;
            let code = DiagnosticCode::NoInstance;
            vec![Diagnostic::of_file(code, &self.file, line, message)]
        })
    }

    /// Returns the text of an entry for storage in the history; [`question_from`] parses it again.
    pub fn source_of(&self, index: usize) -> Result<String, Diagnostic> {
        let chunk = self
            .chunk(index)
            .map_err(|mut problems| problems.remove(0))?;
        let text = self
            .text(&mut self.source.open()?, chunk)
            .map_err(|error| self.unreadable(chunk, &error))?;
        Ok(parse::body(&text).to_owned())
    }

    /// Returns the text of the question with this id, even if it is retired; `None` without one, or if it can't be read.
    pub fn source_of_id(&self, id: &QuestionId) -> Option<String> {
        let entries = self.deck.entries.iter().map(|entry| &entry.id);
        let retired = self.retired.iter().map(|(id, chunk)| (id, chunk));
        let mut all = entries.zip(&self.chunks).chain(retired);
        let (_, chunk) = all.find(|(other, _)| *other == id)?;
        let text = self.source.open().ok()?.chunk(*chunk).ok()?;
        Some(parse::body(&text).to_owned())
    }

    fn chunk(&self, index: usize) -> Result<Chunk, Vec<Diagnostic>> {
        self.chunks.get(index).copied().ok_or_else(|| {
            let message = format!("the deck has no question number {}", index + 1);
            vec![Diagnostic::of_file(
                DiagnosticCode::Unreadable,
                &self.file,
                0,
                message,
            )]
        })
    }
}

/// Parses a question from the text that [`LoadedDeck::source_of`] returned; messages name it `file`.
///
/// It is read like one of a draft, because its deck may have been one.
pub fn question_from(text: &str, file: &Text) -> Result<Question, Vec<Diagnostic>> {
    let read = parse::question(
        diagnostic::Origin {
            file,
            text,
            first_line: 1,
        },
        None,
        Standard::Draft,
    );
    read.value.ok_or(read.diagnostics)
}

/// Moves the entries that begin at `starts` to the deferred questions.
fn defer(
    starts: &[u32],
    entries: &mut Vec<Entry>,
    chunks: &mut Vec<Chunk>,
    deferred: &mut Vec<Chunk>,
) {
    let starts: HashSet<u32> = starts.iter().copied().collect();
    let is_complete = |chunk: &Chunk| !starts.contains(&chunk.start);
    deferred.extend(chunks.iter().filter(|chunk| !is_complete(chunk)));
    deferred.sort_by_key(|chunk| chunk.start);
    let mut places = chunks.iter();
    entries.retain(|_| places.next().is_some_and(is_complete));
    chunks.retain(is_complete);
}

fn entry(question: &Question) -> Entry {
    Entry {
        id: question.id.clone(),
        facet: question.facet.clone(),
        level: question.level,
        kind: question.kind(),
        family: question.family.as_deref().map(Into::into),
        seconds: question.seconds,
        simulated: question.simulation.is_some(),
    }
}
