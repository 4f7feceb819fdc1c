//! Splits a deck file into its head and its questions, and reads only the
//! fields of each question that form selection needs. It doesn't run a TOML
//! parser, so that a deck of 100,000 questions loads without a noticeable delay.
//!
//! A line `[[question]]` begins a question, unless it is inside a multiline
//! string. If the quotes that close this string follow `key =`, they open the
//! next value: the string was never closed, and the line does begin a question.
//! A missing `"""` therefore loses one question and not the rest of the deck.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::diagnostic::Diagnostic;
use super::diagnostic_code::DiagnosticCode;
use super::findings::Findings;
use crate::core::deck::Entry;
use crate::core::id::{FacetId, QuestionId};
use crate::core::number::show;
use crate::core::question::{Kind, Level};
use crate::core::text::Text;

use super::cache::checksum;
use super::fast_scan::{self, FastScan, MAX_QUESTION_BYTES, next_header};
use super::index::{Chunk, IndexReader, IndexWriter};
use super::parse::{DRAFT_LEVEL, default_seconds};

/// The largest length of a file, in bytes.
pub const MAX_FILE_BYTES: u64 = 2_000_000_000;
/// The largest number of questions per file. It bounds memory, even if the questions are short.
pub const MAX_QUESTIONS: usize = 250_000;
/// The number of bytes read at a time.
const READ_BYTES: usize = 128 << 10;
/// The length from which a file is scanned in two parallel halves, in bytes.
const MIN_PARALLEL_BYTES: u64 = 1 << 18;

/// The result of a scan.
#[derive(Debug, Default)]
pub struct Scan {
    /// The text before the first question; `None` if it can't be read.
    pub head: Option<String>,
    pub entries: Vec<Entry>,
    /// The position of each entry.
    pub chunks: Vec<Chunk>,
    /// The starts of the entries without a level or an expected time, which only a draft may have.
    pub incomplete: Vec<u32>,
    /// The questions that are no longer asked.
    pub retired: Vec<(QuestionId, Chunk)>,
    /// The questions that the fast scan didn't understand, left to the full parser.
    pub deferred: Vec<Chunk>,
    pub problems: Findings,
}

/// Restores a scan from the head of a deck of `length` bytes and from its index, and adds the start of each question to
/// `starts`; `None` if the index is damaged.
pub fn scan_rows(
    head: String,
    index: &[u8],
    length: u64,
    file: &Text,
    facets: &HashMap<&str, FacetId>,
    starts: &mut Vec<u32>,
) -> Option<Scan> {
    let mut scanner = Scanner::new(file, facets);
    scanner.scan.head = Some(head);
    let mut rows = IndexReader::new(index);
    while !rows.is_at_end() {
        let (chunk, found) = rows.next_row()?;
        if u64::from(chunk.start) + u64::from(chunk.len) > length {
            return None;
        }
        starts.push(chunk.start);
        scanner.question(&found, chunk);
    }
    Some(scanner.finish())
}

/// What has to be kept of a deck, so that it needn't be scanned again.
pub struct Indexed {
    pub head: String,
    pub rows: Vec<u8>,
    /// The checksum of each question.
    pub sums: Vec<u32>,
}

/// Indexes a deck; `None` if it has anything for which it must be scanned each time.
pub fn index_reader(reader: impl Read) -> io::Result<Option<Indexed>> {
    let (file, facets) = (Text::default(), HashMap::new());
    let mut scanner = Scanner::new(&file, &facets);
    scanner.index = Some((IndexWriter::default(), Vec::new()));
    scanner.read(reader)?;
    let is_clean = scanner.scan.problems.is_empty() && !scanner.unclosed;
    let (head, index) = (scanner.scan.head, scanner.index);
    Ok(index
        .zip(head)
        .filter(|_| is_clean)
        .map(|((index, sums), head)| Indexed {
            head,
            rows: index.finish(),
            sums,
        }))
}

/// Scans a text in memory.
pub fn scan_text(text: &str, file: &Text, facets: &HashMap<&str, FacetId>) -> Scan {
    let mut scanner = Scanner::new(file, facets);
    scanner.take(text.as_bytes(), true);
    scanner.finish()
}

/// Scans a file of any length in bounded memory.
pub fn scan_reader(
    reader: impl Read,
    file: &Text,
    facets: &HashMap<&str, FacetId>,
) -> io::Result<Scan> {
    let mut scanner = Scanner::new(file, facets);
    scanner.read(reader)?;
    Ok(scanner.finish())
}

/// Scans a large file in two parallel halves, through two handles of the same file.
///
/// The second half begins at a `[[question]]` line in the middle. Returns `None` if the first half doesn't end
/// there, because the line is inside a string or inside a question that is too long, and for small files.
pub fn scan_parallel(
    files: [&File; 2],
    length: u64,
    file: &Text,
    facets: &HashMap<&str, FacetId>,
) -> io::Result<Option<Scan>> {
    let [mut whole, mut half] = files;
    let middle = length / 2;
    if length < MIN_PARALLEL_BYTES {
        return Ok(None);
    }
    let mut around = Vec::new();
    half.seek(SeekFrom::Start(middle))?;
    half.take(MAX_QUESTION_BYTES as u64)
        .read_to_end(&mut around)?;
    let mut first = Scanner::new(file, facets);
    let newline = memchr::memchr(b'\n', &around).map_or(around.len(), |newline| newline + 1);
    let Some(seam) = next_header(&around, newline, false).map(|seam| middle + seam as u64) else {
        return Ok(None);
    };
    half.seek(SeekFrom::Start(seam))?;
    whole.seek(SeekFrom::Start(0))?;
    // The second half has its own copies of the names, so that the threads don't contend for reference counts.
    let own: HashMap<&str, FacetId> = facets
        .keys()
        .map(|name| (*name, FacetId::new(name)))
        .collect();
    let mut second = Scanner::new(file, &own);
    (second.state, second.offset) = (State::Question, seam);
    std::thread::scope(|scope| {
        let job = || second.read(half).map(|()| second.scan);
        // If no thread can be started, the caller scans the file in one piece.
        let Ok(other) = std::thread::Builder::new().spawn_scoped(scope, job) else {
            return Ok(None);
        };
        first.read(whole.take(seam))?;
        match other.join() {
            Ok(second) if matches!(first.state, State::Question) && !first.unclosed => {
                let second = second?;
                if first.scan.questions() + second.questions() > MAX_QUESTIONS {
                    return Ok(None);
                }
                first.append(second);
                Ok(Some(first.finish()))
            }
            _ => Ok(None),
        }
    })
}

impl Scan {
    fn questions(&self) -> usize {
        self.entries.len() + self.retired.len() + self.deferred.len()
    }
}

/// Returns the problem of a file whose encoding or line ends are not supported.
fn unsupported_encoding(head: &[u8]) -> Option<&'static str> {
    let width = [2, 4]
        .into_iter()
        .find(|width| is_wide(head, *width))
        .unwrap_or(1);
    let has_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    match width {
        4 => return Some("the file is in UTF-32: save it as UTF-8"),
        2 => return Some("the file is in UTF-16: save it as UTF-8"),
        _ if has_mark => return Some("the file is in UTF-16: save it as UTF-8"),
        _ => {}
    }
    let newlines_are_cr = head.contains(&b'\r') && !head.contains(&b'\n');
    newlines_are_cr.then_some("the lines end in CR alone: save the file with LF or CRLF line ends")
}

/// Returns true if the text begins with ASCII characters of `width` bytes each, as in UTF-16 and UTF-32.
fn is_wide(head: &[u8], width: usize) -> bool {
    let is_ascii_unit = |unit: &[u8]| {
        let is_mark = [&b"\xff\xfe"[..], b"\xfe\xff"]
            .iter()
            .any(|mark| unit.windows(2).any(|pair| pair == *mark));
        let nuls = memchr::memchr_iter(0, unit).count();
        (nuls == width - 1 && unit.iter().all(u8::is_ascii)) || (is_mark && nuls + 2 == width)
    };
    width > 1 && head.len() >= 4 * width && head.chunks_exact(width).take(4).all(is_ascii_unit)
}

/// The part of a deck file at the current position of the scanner.
enum State {
    Head,
    Question,
    /// Inside a question that is too long; `mid_line` if the next byte doesn't begin a line.
    Skipping {
        mid_line: bool,
    },
    Stopped,
}

/// A scan in progress.
struct Scanner<'a> {
    file: &'a Text,
    facets: &'a HashMap<&'a str, FacetId>,
    state: State,
    offset: u64,
    line: u32,
    /// True if a string was still open at the end of the text.
    unclosed: bool,
    scan: Scan,
    /// The index and the checksums of the questions so far, if they are wanted.
    index: Option<(IndexWriter, Vec<u32>)>,
}

impl<'a> Scanner<'a> {
    fn new(file: &'a Text, facets: &'a HashMap<&'a str, FacetId>) -> Self {
        Self {
            file,
            facets,
            state: State::Head,
            offset: 0,
            line: 1,
            unclosed: false,
            scan: Scan::default(),
            index: None,
        }
    }

    fn read(&mut self, mut reader: impl Read) -> io::Result<()> {
        let mut window = Vec::with_capacity(2 * READ_BYTES);
        loop {
            let read = reader
                .by_ref()
                .take(READ_BYTES as u64)
                .read_to_end(&mut window)?;
            let used = self.take(&window, read == 0);
            window.drain(..used);
            if read == 0 || matches!(self.state, State::Stopped) {
                return Ok(());
            }
        }
    }

    /// Adds the results for the part of the file that follows.
    fn append(&mut self, after: Scan) {
        let lines = self.line - 1;
        let moved = |chunk: Chunk| Chunk {
            line: chunk.line + lines,
            ..chunk
        };
        self.scan.entries.extend(after.entries);
        self.scan.chunks.extend(after.chunks.into_iter().map(moved));
        self.scan.incomplete.extend(after.incomplete);
        let retired = after.retired.into_iter();
        self.scan
            .retired
            .extend(retired.map(|(id, chunk)| (id, moved(chunk))));
        self.scan
            .deferred
            .extend(after.deferred.into_iter().map(moved));
        self.scan.problems.append(after.problems, lines as usize);
    }

    /// Processes the complete questions in `window`, and returns the number of bytes used.
    fn take(&mut self, window: &[u8], last: bool) -> usize {
        let text = std::str::from_utf8(window).map_or_else(|error| error.valid_up_to(), str::len);
        let clean = memchr::memchr(0, &window[..text]).unwrap_or(text);
        let mut used = 0;
        loop {
            let rest = &window[used..];
            if rest.is_empty() && !matches!(self.state, State::Head) {
                return used;
            }
            let Some(step) = self.step(rest, clean.saturating_sub(used), last) else {
                return used;
            };
            self.line += memchr::memchr_iter(b'\n', &rest[..step]).count() as u32;
            self.offset += step as u64;
            used += step;
            if self.offset > MAX_FILE_BYTES {
                self.problem(
                    DiagnosticCode::TooLarge,
                    self.line,
                    "the rest of the file is not read: a deck is at most 2 GB",
                );
                self.state = State::Stopped;
            }
        }
    }

    /// Processes the beginning of `rest`, of which the first `clean` bytes are valid text, and returns its length.
    ///
    /// Returns `None` if more has to be read first, or if the scan has stopped.
    fn step(&mut self, rest: &[u8], clean: usize, last: bool) -> Option<usize> {
        match self.state {
            State::Stopped => None,
            State::Head => self.take_head(rest, last),
            State::Question => self.take_question(rest, clean, last),
            State::Skipping { mid_line } => self.skip(rest, mid_line, last),
        }
    }

    fn take_head(&mut self, rest: &[u8], last: bool) -> Option<usize> {
        let end = match next_header(rest, 0, last) {
            Some(start) => start,
            None if last || rest.len() > MAX_QUESTION_BYTES => rest.len(),
            None => return None,
        };
        self.state = State::Question;
        if let Some(problem) = unsupported_encoding(&rest[..end]) {
            self.problem(DiagnosticCode::NotText, 1, problem);
            self.state = State::Stopped;
        } else if end > MAX_QUESTION_BYTES {
            self.problem(
                DiagnosticCode::TooLarge,
                1,
                "no question begins in the first 1 MB of the file",
            );
            self.state = State::Stopped;
        } else {
            self.scan.head = self.text(&rest[..end]).map(str::to_owned);
            if self.scan.head.is_none() {
                self.state = State::Stopped;
            }
        }
        Some(end)
    }

    fn take_question(&mut self, rest: &[u8], clean: usize, last: bool) -> Option<usize> {
        match fast_scan::scan_question(rest, last) {
            Some((found, end)) if end <= MAX_QUESTION_BYTES => {
                self.unclosed |= found.unclosed;
                if end <= clean || self.text(&rest[..end]).is_some() {
                    let chunk = Chunk {
                        start: self.offset as u32,
                        len: end as u32,
                        line: self.line,
                    };
                    if let Some((index, sums)) = &mut self.index {
                        index.push(chunk, &found);
                        sums.push(checksum(&rest[..end]));
                    }
                    self.question(&found, chunk);
                }
                Some(end)
            }
            None if rest.len() <= MAX_QUESTION_BYTES => None,
            _ => {
                self.problem(
                    DiagnosticCode::TooLarge,
                    self.line,
                    "the question is over 1 MB long and is not read",
                );
                let newline = memchr::memchr(b'\n', rest);
                self.state = State::Skipping {
                    mid_line: newline.is_none(),
                };
                Some(newline.map_or(rest.len(), |newline| newline + 1))
            }
        }
    }

    /// Skips the rest of a question that is too long.
    fn skip(&mut self, rest: &[u8], mid_line: bool, last: bool) -> Option<usize> {
        let from = if mid_line {
            memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1)
        } else {
            0
        };
        if let Some(start) = next_header(rest, from, last) {
            self.state = State::Question;
            return Some(start);
        }
        let whole_lines = memchr::memrchr(b'\n', rest).map_or(0, |newline| newline + 1);
        let step = match whole_lines {
            0 if !last && rest.len() < READ_BYTES => return None,
            0 => rest.len(),
            _ => whole_lines,
        };
        self.state = State::Skipping {
            mid_line: whole_lines == 0,
        };
        Some(step)
    }

    /// Adds a question as an entry, or defers it to the full parser.
    fn question(&mut self, found: &FastScan, chunk: Chunk) {
        if self.scan.questions() >= MAX_QUESTIONS {
            let message = format!(
                "the rest of the file is not read: a deck has at most {} questions",
                show(MAX_QUESTIONS as f64)
            );
            self.problem(DiagnosticCode::TooMany, self.line, &message);
            self.state = State::Stopped;
            return;
        }
        let is_retired = found.retired;
        let is_card = found.kind == Some(Kind::Recall.word());
        let is_incomplete = !is_card && (found.level.is_none() || found.seconds.is_none());
        match self.entry(found) {
            None => self.scan.deferred.push(chunk),
            Some(_) if is_retired && is_incomplete => self.scan.deferred.push(chunk),
            Some(entry) if is_retired => self.scan.retired.push((entry.id, chunk)),
            Some(entry) => {
                self.scan.entries.push(entry);
                self.scan.chunks.push(chunk);
                self.scan
                    .incomplete
                    .extend(is_incomplete.then_some(chunk.start));
            }
        }
    }

    fn entry(&self, found: &FastScan) -> Option<Entry> {
        if found.needs_full_parse {
            return None;
        }
        let id = found.id.filter(|id| fast_scan::is_id(id))?;
        let facet = found.facet?;
        let before = self
            .scan
            .entries
            .last()
            .map(|entry| &entry.facet)
            .filter(|before| before.as_str() == facet);
        let kind = Kind::parse(found.kind?)?;
        Some(Entry {
            id: QuestionId::new(id),
            facet: before.or_else(|| self.facets.get(facet))?.clone(),
            level: found.level.map_or(Some(DRAFT_LEVEL), Level::parse)?,
            kind,
            family: found.family.map(Into::into),
            seconds: found.seconds.unwrap_or_else(|| default_seconds(kind)),
            simulated: found.simulated,
        })
    }

    /// Defers the questions whose id an earlier question has, and returns the scan.
    ///
    /// Sorting is faster than a hash set here, because the ids of most decks are already in order.
    fn finish(self) -> Scan {
        let mut scan = self.scan;
        let mut order: Vec<usize> = (0..scan.entries.len()).collect();
        order.sort_by(|&a, &b| scan.entries[a].id.cmp(&scan.entries[b].id));
        let duplicates = order
            .windows(2)
            .filter(|pair| scan.entries[pair[0]].id == scan.entries[pair[1]].id);
        let mut again: Vec<usize> = duplicates.map(|pair| pair[1]).collect();
        if !again.is_empty() {
            again.sort_unstable();
            let keep = |place: usize| again.binary_search(&place).is_err();
            scan.deferred
                .extend(again.iter().map(|&place| scan.chunks[place]));
            scan.deferred.sort_by_key(|chunk| chunk.start);
            let mut places = 0..;
            scan.entries.retain(|_| places.next().is_some_and(keep));
            let mut places = 0..;
            scan.chunks.retain(|_| places.next().is_some_and(keep));
        }
        scan
    }

    /// Returns `bytes` as text, or reports why they are not valid text.
    fn text<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b str> {
        let (good, problem) = match std::str::from_utf8(bytes) {
            Ok(text) => match memchr::memchr(0, bytes) {
                None => return Some(text),
                Some(nul) => (nul, "a NUL character stands here"),
            },
            Err(error) => (
                error.valid_up_to(),
                "these bytes are not UTF-8: save the file as UTF-8",
            ),
        };
        let line = self.line + memchr::memchr_iter(b'\n', &bytes[..good]).count() as u32;
        self.problem(DiagnosticCode::NotText, line, problem);
        None
    }

    fn problem(&mut self, code: DiagnosticCode, line: u32, message: &str) {
        self.scan
            .problems
            .push(Diagnostic::of_file(code, self.file, line as usize, message));
    }
}
