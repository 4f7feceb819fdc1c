//! Cuts a deck file into its head and its questions, and reads of every
//! question only what a form is chosen from. No TOML parser runs over it: 100,000
//! questions have to be there in less time than a person notices.
//!
//! A line `[[question]]` begins a question, unless it stands in a string of
//! several lines. If that string is closed only where the next text opens
//! (`stem = """`), it was never closed at all, and the line does begin a
//! question: a forgotten `"""` costs one question and not the rest of the deck.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem::Finder;

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::findings::Findings;
use crate::core::deck::Entry;
use crate::core::id::{FacetId, QuestionId};
use crate::core::number::show;
use crate::core::question::{Kind, Level};
use crate::core::text::Text;

use super::quick::{self, Quick};

/// A longer question, or a longer line, is not read.
pub const LONGEST: usize = 1 << 20;
/// A larger file is not read.
pub const LARGEST: u64 = 2_000_000_000;
/// Questions that are read of one file: memory grows with their number, however short they are.
pub const MOST_QUESTIONS: usize = 250_000;
/// How much of a file is read at a time.
const PIECE: usize = 128 << 10;
/// A file from this length on is scanned in two halves at a time.
const HALVED: u64 = 1 << 18;
const HEADER: &[u8] = b"[[question]]";

/// Where a question stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// In bytes.
    pub start: u32,
    pub len: u32,
    /// The number of its first line, from 1.
    pub line: u32,
}

/// What a scan found.
#[derive(Debug, Default)]
pub struct Scan {
    /// What stands before the first question; `None` where that cannot be read.
    pub head: Option<String>,
    pub entries: Vec<Entry>,
    /// Where each entry stands.
    pub chunks: Vec<Chunk>,
    /// Questions that the quick reading did not understand: the full one has to say why.
    pub doubtful: Vec<Chunk>,
    pub problems: Findings,
}

/// Scans a text that is in memory.
pub fn scan_text(text: &str, file: &Text, facets: &HashMap<&str, FacetId>) -> Scan {
    let mut scanner = Scanner::new(file, facets);
    scanner.take(text.as_bytes(), true);
    scanner.finish()
}

/// Scans a file of any length in bounded memory.
pub fn scan_reader(reader: impl Read, file: &Text, facets: &HashMap<&str, FacetId>) -> io::Result<Scan> {
    let mut scanner = Scanner::new(file, facets);
    scanner.read(reader)?;
    Ok(scanner.finish())
}

/// Scans a large file in two halves at a time.
///
/// The second half begins at a line `[[question]]` in the middle, and counts only if the first
/// one turns out to end there: not in a string, and not in a question that is too long.
/// `None` if it does not, or the file is so small that halves gain nothing.
pub fn scan_halves(
    files: [&File; 2],
    length: u64,
    file: &Text,
    facets: &HashMap<&str, FacetId>,
) -> io::Result<Option<Scan>> {
    let [mut whole, mut half] = files;
    let middle = length / 2;
    if length < HALVED {
        return Ok(None);
    }
    let mut around = Vec::new();
    half.seek(SeekFrom::Start(middle))?;
    half.take(LONGEST as u64).read_to_end(&mut around)?;
    let mut first = Scanner::new(file, facets);
    let newline = memchr::memchr(b'\n', &around).map_or(around.len(), |newline| newline + 1);
    let Some(seam) = first.header(&around, newline, false).map(|seam| middle + seam as u64) else { return Ok(None) };
    half.seek(SeekFrom::Start(seam))?;
    whole.seek(SeekFrom::Start(0))?;
    // Names of its own: counting the uses of shared ones would make the halves wait for one another.
    let own: HashMap<&str, FacetId> = facets.keys().map(|name| (*name, FacetId::new(name))).collect();
    let mut second = Scanner::new(file, &own);
    (second.state, second.offset) = (State::Question, seam);
    std::thread::scope(|scope| {
        let job = || second.read(half).map(|()| second.scan);
        // Without a second thread the first one reads it all.
        let Ok(other) = std::thread::Builder::new().spawn_scoped(scope, job) else { return Ok(None) };
        first.read(whole.take(seam))?;
        match other.join() {
            Ok(second) if matches!(first.state, State::Question) && !first.open => {
                let second = second?;
                if first.scan.questions() + second.questions() > MOST_QUESTIONS {
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
        self.entries.len() + self.doubtful.len()
    }
}

/// Returns what is wrong with a file that another program wrote in a way that is never read.
fn unreadable(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some("the file is in UTF-16: save it as UTF-8");
    }
    let newlines_are_cr = head.contains(&b'\r') && !head.contains(&b'\n');
    newlines_are_cr.then_some("the lines end in CR alone: save the file with LF or CRLF line ends")
}

enum State {
    Head,
    Question,
    /// In a question that is too long; `mid_line` where what comes next does not begin a line.
    Skipping {
        mid_line: bool,
    },
    Stopped,
}

struct Scanner<'a> {
    file: &'a Text,
    facets: &'a HashMap<&'a str, FacetId>,
    header: Finder<'static>,
    state: State,
    offset: u64,
    line: u32,
    /// A string was still open where the text ended.
    open: bool,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn new(file: &'a Text, facets: &'a HashMap<&'a str, FacetId>) -> Self {
        let header = Finder::new(HEADER);
        Self { file, facets, header, state: State::Head, offset: 0, line: 1, open: false, scan: Scan::default() }
    }

    fn read(&mut self, mut reader: impl Read) -> io::Result<()> {
        let mut window = Vec::with_capacity(2 * PIECE);
        loop {
            let read = reader.by_ref().take(PIECE as u64).read_to_end(&mut window)?;
            let used = self.take(&window, read == 0);
            window.drain(..used);
            if read == 0 || matches!(self.state, State::Stopped) {
                return Ok(());
            }
        }
    }

    /// Adds what was found after the end of what this scanner has read.
    fn append(&mut self, after: Scan) {
        let lines = self.line - 1;
        let moved = |chunk: Chunk| Chunk { line: chunk.line + lines, ..chunk };
        self.scan.entries.extend(after.entries);
        self.scan.chunks.extend(after.chunks.into_iter().map(moved));
        self.scan.doubtful.extend(after.doubtful.into_iter().map(moved));
        self.scan.problems.append(after.problems, lines as usize);
    }

    /// Takes from `window` what is complete, and says how many bytes that were.
    fn take(&mut self, window: &[u8], last: bool) -> usize {
        let text = std::str::from_utf8(window).map_or_else(|error| error.valid_up_to(), str::len);
        let clean = memchr::memchr(0, &window[..text]).unwrap_or(text);
        let mut used = 0;
        loop {
            let rest = &window[used..];
            if rest.is_empty() && !matches!(self.state, State::Head) {
                return used;
            }
            let Some(step) = self.step(rest, clean.saturating_sub(used), last) else { return used };
            self.line += memchr::memchr_iter(b'\n', &rest[..step]).count() as u32;
            self.offset += step as u64;
            used += step;
            if self.offset > LARGEST {
                self.problem(Code::TooLarge, self.line, "the rest of the file is not read: a deck is at most 2 GB");
                self.state = State::Stopped;
            }
        }
    }

    /// Handles what `rest` begins with and says how long it is; its first `clean` bytes are text.
    /// `None` if more has to be read first, or all is done.
    fn step(&mut self, rest: &[u8], clean: usize, last: bool) -> Option<usize> {
        match self.state {
            State::Stopped => None,
            State::Head => {
                let end = match self.header(rest, 0, last) {
                    Some(start) => start,
                    None if last => rest.len(),
                    None if rest.len() > LONGEST => rest.len(),
                    None => return None,
                };
                self.state = State::Question;
                if let Some(problem) = unreadable(&rest[..end]) {
                    self.problem(Code::NotText, 1, problem);
                    self.state = State::Stopped;
                } else if end > LONGEST {
                    self.problem(Code::TooLarge, 1, "no question begins in the first 1 MB of the file");
                    self.state = State::Stopped;
                } else {
                    self.scan.head = self.text(&rest[..end]).map(str::to_owned);
                    if self.scan.head.is_none() {
                        self.state = State::Stopped;
                    }
                }
                Some(end)
            }
            State::Question => {
                let quick = quick::read(rest, |from| self.header(rest, from, last), last);
                match quick {
                    Some((quick, end)) if end <= LONGEST => {
                        self.open |= quick.open;
                        if end <= clean || self.text(&rest[..end]).is_some() {
                            self.question(quick, end);
                        }
                        Some(end)
                    }
                    None if rest.len() <= LONGEST => None,
                    _ => {
                        self.problem(Code::TooLarge, self.line, "the question is over 1 MB long and is not read");
                        let newline = memchr::memchr(b'\n', rest);
                        self.state = State::Skipping { mid_line: newline.is_none() };
                        Some(newline.map_or(rest.len(), |newline| newline + 1))
                    }
                }
            }
            State::Skipping { mid_line } => {
                let from =
                    if mid_line { memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1) } else { 0 };
                if let Some(start) = self.header(rest, from, last) {
                    self.state = State::Question;
                    return Some(start);
                }
                let whole_lines = memchr::memrchr(b'\n', rest).map_or(0, |newline| newline + 1);
                let step = match whole_lines {
                    0 if !last && rest.len() < PIECE => return None,
                    0 => rest.len(),
                    _ => whole_lines,
                };
                self.state = State::Skipping { mid_line: whole_lines == 0 };
                Some(step)
            }
        }
    }

    /// The start of the first line at or after `from` that says `[[question]]`.
    fn header(&self, rest: &[u8], from: usize, last: bool) -> Option<usize> {
        let mut from = from;
        loop {
            let at = from + self.header.find(rest.get(from..)?)?;
            from = at + HEADER.len();
            let line = memchr::memrchr(b'\n', &rest[..at]).map_or(0, |newline| newline + 1);
            let blank = |b: &&u8| matches!(**b, b' ' | b'\t');
            let alone = rest[line..at].iter().all(|b| blank(&b));
            match rest[from..].iter().find(|b| !blank(b)) {
                Some(b'\n' | b'\r' | b'#') if alone => return Some(line),
                None if alone => return last.then_some(line),
                _ => {}
            }
        }
    }

    fn question(&mut self, quick: Quick, len: usize) {
        if self.scan.questions() >= MOST_QUESTIONS {
            let message = format!(
                "the rest of the file is not read: a deck has at most {} questions",
                show(MOST_QUESTIONS as f64)
            );
            self.problem(Code::TooMany, self.line, &message);
            self.state = State::Stopped;
            return;
        }
        let chunk = Chunk { start: self.offset as u32, len: len as u32, line: self.line };
        match self.entry(quick) {
            Some(entry) => {
                self.scan.entries.push(entry);
                self.scan.chunks.push(chunk);
            }
            None => self.scan.doubtful.push(chunk),
        }
    }

    fn entry(&self, quick: Quick) -> Option<Entry> {
        if quick.odd {
            return None;
        }
        let id = quick.id.filter(|id| quick::is_id(id))?;
        let facet = quick.facet?;
        let before = self.scan.entries.last().map(|entry| &entry.facet).filter(|before| before.as_str() == facet);
        Some(Entry {
            id: QuestionId::new(id),
            facet: before.or_else(|| self.facets.get(facet))?.clone(),
            level: Level::parse(quick.level?)?,
            kind: Kind::parse(quick.kind?)?,
            family: quick.family.map(Into::into),
            seconds: quick.seconds?,
        })
    }

    /// Sets questions aside whose id an earlier one has.
    ///
    /// Sorting is quicker than a hash set here: the ids of most decks are in order already.
    fn finish(self) -> Scan {
        let mut scan = self.scan;
        let mut order: Vec<usize> = (0..scan.entries.len()).collect();
        order.sort_by(|&a, &b| scan.entries[a].id.cmp(&scan.entries[b].id));
        let twins = order.windows(2).filter(|pair| scan.entries[pair[0]].id == scan.entries[pair[1]].id);
        let mut again: Vec<usize> = twins.map(|pair| pair[1]).collect();
        if !again.is_empty() {
            again.sort_unstable();
            let keep = |place: usize| again.binary_search(&place).is_err();
            scan.doubtful.extend(again.iter().map(|&place| scan.chunks[place]));
            scan.doubtful.sort_by_key(|chunk| chunk.start);
            let mut places = 0..;
            scan.entries.retain(|_| places.next().is_some_and(keep));
            let mut places = 0..;
            scan.chunks.retain(|_| places.next().is_some_and(keep));
        }
        scan
    }

    /// `bytes` as text, or a problem that says why they are none.
    fn text<'b>(&mut self, bytes: &'b [u8]) -> Option<&'b str> {
        let (good, problem) = match std::str::from_utf8(bytes) {
            Ok(text) => match memchr::memchr(0, bytes) {
                None => return Some(text),
                Some(nul) => (nul, "a NUL character stands here"),
            },
            Err(error) => (error.valid_up_to(), "these bytes are not UTF-8: save the file as UTF-8"),
        };
        let line = self.line + memchr::memchr_iter(b'\n', &bytes[..good]).count() as u32;
        self.problem(Code::NotText, line, problem);
        None
    }

    fn problem(&mut self, code: Code, line: u32, message: &str) {
        self.scan.problems.push(Diagnostic::of_file(code, self.file, line as usize, message));
    }
}
