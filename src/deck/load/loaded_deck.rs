//! A loaded deck, whose questions are parsed when they are needed.

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;

use crate::core::deck::{Deck, Entry};
use crate::core::id::{FacetId, Fingerprint, QuestionId};
use crate::core::question::Question;
use crate::core::text::Text;
use crate::deck::builtin;
use crate::deck::cache::Checks;
use crate::deck::diagnostic::{Diagnostic, Origin};
use crate::deck::diagnostic_code::DiagnosticCode;
use crate::deck::findings::Findings;
use crate::deck::format::Standard;
use crate::deck::index::Chunk;
use crate::deck::outline::Outline;
use crate::deck::parse::{self, DeckMetadata, KnownNames, Parsed};
use crate::deck::scan::Scan;
use crate::deck::simulated;
use crate::deck::source::{OpenSource, Source};

/// The largest number of deferred questions per deck that are parsed while the library is loaded.
const MAX_DEFERRED: usize = 1000;

/// A deck with the positions of its questions and the problems found so far.
pub struct LoadedDeck {
    pub deck: Deck,
    /// The name of the source in messages: a path, or `quizzes/NAME.toml` for a built-in deck.
    pub file: Text,
    pub(super) source: Source,
    /// The checksums of its questions, if it was loaded from its index.
    pub(super) checks: Option<Checks>,
    /// The position in the file of each entry of `deck`.
    pub(super) chunks: Vec<Chunk>,
    /// The questions that are no longer asked, which are no part of the bank.
    pub(super) retired: Vec<(QuestionId, Chunk)>,
    /// Questions that the fast scan could not read. They can be chosen only after the full parser has read them.
    pub(super) deferred: Vec<Chunk>,
    pub(super) problems: Findings,
    pub(super) deferred_problems: Findings,
    pub(super) is_named_after_id: bool,
    /// True if its head states whether it counts for the score.
    pub(super) says_counts: bool,
}

impl LoadedDeck {
    pub(super) fn new(
        scan: Scan,
        file: Text,
        source: Source,
        name: &str,
        outline: &Outline,
    ) -> Self {
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
    pub(super) fn all_chunks(&self) -> Vec<Chunk> {
        let retired = self.retired.iter().map(|(_, chunk)| chunk);
        let asked = self.chunks.iter().chain(&self.deferred);
        let mut chunks: Vec<Chunk> = asked.chain(retired).copied().collect();
        chunks.sort_by_key(|chunk| chunk.start);
        chunks
    }

    /// Returns the problem that another deck with the same id is used instead of this one.
    pub(super) fn unused_problem(&self, used: &Text, used_is_named_after_id: bool) -> Diagnostic {
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
    pub(super) fn standard(&self) -> Standard {
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

    /// Returns the problems found while loading. [`super::Library::check`] finds all problems.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.problems.iter().chain(self.deferred_problems.iter())
    }

    /// Returns how many of `facets` have a question in this deck.
    pub fn covers(&self, facets: impl Iterator<Item = FacetId>) -> usize {
        let asked: HashSet<&FacetId> = self.deck.entries.iter().map(|entry| &entry.facet).collect();
        facets.filter(|facet| asked.contains(facet)).count()
    }

    /// Runs the full parser over the deferred questions, and adds them to the entries or reports their problems.
    pub(super) fn parse_deferred(&mut self, outline: &Outline) {
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
    pub(super) fn text(&self, opened: &mut OpenSource, chunk: Chunk) -> io::Result<String> {
        let text = opened.chunk(chunk)?;
        match &self.checks {
            Some(checks) if !checks.fit(chunk.start, text.as_bytes()) => Err(io::Error::other(
                "the file has changed; quit aethos and start it again",
            )),
            _ => Ok(text),
        }
    }

    pub(super) fn unreadable(&self, chunk: Chunk, error: &io::Error) -> Diagnostic {
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

    /// Returns the text of a question for storage in the history, if it is still the one with this fingerprint.
    pub fn unchanged_source(&self, id: &QuestionId, fingerprint: Fingerprint) -> Option<String> {
        let index = self.deck.entries.iter().position(|entry| entry.id == *id)?;
        let question = self.question(index).ok()?;
        let source = (question.fingerprint == fingerprint).then(|| self.source_of(index));
        source?.ok()
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

/// Parses a question from the text that [`LoadedDeck::source_of`] returned; messages name it `file`.
///
/// It is read like one of a draft, because its deck may have been one.
pub fn question_from(text: &str, file: &Text) -> Result<Question, Vec<Diagnostic>> {
    let read = parse::question(
        Origin {
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
