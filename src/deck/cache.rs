//! Cached indexes of large decks, with which they are loaded without being scanned.
//!
//! An index is used only for the file that was scanned: same length, same times to the nanosecond, same inode. It has a
//! checksum, and one for each question, which is checked when the question is read. Whatever is wrong with an index,
//! the deck is scanned as if there were none.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use nix::sys::signal::SigSet;

use super::scan::{Indexed, Scan, index_reader, scan_rows};
use super::source::open;
use crate::core::id::FacetId;
use crate::core::text::Text;

/// The length from which a deck is worth an index, in bytes.
const MIN_BYTES: u64 = 1 << 18;
/// The largest length of an index that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;
/// The largest number of indexes that are kept.
const MAX_FILES: usize = 64;
/// A deck that changed less than this before it was scanned may have changed again at the same time.
const SETTLED: Duration = Duration::from_secs(3);
/// The time for which indexing waits, so that it doesn't delay the first question.
const DELAY: Duration = Duration::from_millis(300);
/// The beginning of each index: its format, and the version that scanned the deck.
const FORMAT: &str = concat!("aethos index 1, ", env!("CARGO_PKG_VERSION"), "\n");
const CHECK: usize = blake3::OUT_LEN;

/// The checksums of the questions of a deck that was loaded from its index.
#[derive(Clone, Debug)]
pub struct Checks {
    index: PathBuf,
    /// The start of each question and the checksum of its text, in file order.
    sums: Vec<(u32, u32)>,
}

impl Checks {
    /// Returns true if the text is that of the question which began here when the deck was indexed. Otherwise the index
    /// is deleted, so that the next start scans the deck.
    pub fn fit(&self, start: u32, text: &[u8]) -> bool {
        let found = self.sums.binary_search_by_key(&start, |(start, _)| *start);
        let fits = found.is_ok_and(|place| self.sums[place].1 == checksum(text));
        if !fits {
            // If it can't be deleted, the question stays unreadable, and the message says why.
            let _ = fs::remove_file(&self.index);
        }
        fits
    }
}

/// Returns the checksum of a question.
pub(super) fn checksum(text: &[u8]) -> u32 {
    let hash = blake3::hash(text);
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A folder of indexes.
#[derive(Clone, Copy, Debug)]
pub struct Cache<'a>(pub &'a Path);

impl Cache<'_> {
    /// Restores the scan of an open deck from its index, if there is one that fits.
    pub fn restore(
        self,
        path: &Path,
        deck: &File,
        name: &Text,
        facets: &HashMap<&str, FacetId>,
    ) -> Option<(Scan, Checks)> {
        let stamp = stamp(deck).ok()?;
        if length(&stamp) < MIN_BYTES {
            return None;
        }
        let index = self.index_of(path)?;
        let file = File::open(&index).ok()?;
        let mut bytes = Vec::with_capacity(file.metadata().ok()?.len().min(MAX_BYTES) as usize);
        file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
        let (content, check) = bytes.split_at_checked(bytes.len().checked_sub(CHECK)?)?;
        if blake3::hash(content).as_bytes() != check {
            return None;
        }
        let rest = content.strip_prefix(FORMAT.as_bytes())?;
        let rest = rest.strip_prefix(&stamp[..])?;
        let (head, rest) = part(rest)?;
        let (rows, sums) = part(rest)?;
        let head = std::str::from_utf8(head).ok()?.to_owned();
        let mut places = Vec::new();
        let scan = scan_rows(head, rows, length(&stamp), name, facets, &mut places)?;
        let (sums, _) = sums.as_chunks::<4>();
        if sums.len() != places.len() {
            return None;
        }
        let sums = sums.iter().map(|sum| u32::from_le_bytes(*sum));
        let sums = places.into_iter().zip(sums).collect();
        Some((scan, Checks { index, sums }))
    }

    /// Starts a thread that indexes a deck for the next start. It may be interrupted at any time.
    pub fn index_later(self, path: &Path) {
        let (folder, path) = (self.0.to_owned(), path.to_owned());
        // Without a thread or a writable folder, the deck is scanned again at the next start.
        let _ = thread::Builder::new()
            .name("index".to_owned())
            .spawn(move || {
                // This thread must not take a signal from the threads that wait for it.
                let _ = SigSet::all().thread_block();
                thread::sleep(DELAY);
                let _ = Cache(&folder).index(&path, SystemTime::now());
            });
    }

    /// Scans a deck and writes its index, unless there is something wrong with the deck or it may be changing.
    ///
    /// # Errors
    /// A failure of the file system.
    fn index(self, path: &Path, now: SystemTime) -> io::Result<()> {
        let Ok((deck, _)) = open(path) else {
            return Ok(());
        };
        let (before, modified) = (stamp(&deck)?, deck.metadata()?.modified()?);
        let is_settled = now.duration_since(modified).is_ok_and(|age| age > SETTLED);
        if length(&before) < MIN_BYTES || !is_settled {
            return Ok(());
        }
        let Some(file) = self.index_of(path) else {
            return Ok(());
        };
        make_folder(self.0)?;
        let Some(Indexed { head, rows, sums }) = index_reader(&deck)? else {
            return Ok(());
        };
        if stamp(&deck)? != before {
            return Ok(());
        }
        let mut content = FORMAT.as_bytes().to_vec();
        content.extend(before);
        for part in [head.as_bytes(), &rows] {
            content.extend((part.len() as u64).to_le_bytes());
            content.extend(part);
        }
        content.extend(sums.into_iter().flat_map(u32::to_le_bytes));
        let check = blake3::hash(&content);
        content.extend(check.as_bytes());
        self.prune();
        // Renamed when it is complete; after a power cut, the checksum finds what is missing.
        let fresh = file.with_extension("new");
        fs::write(&fresh, content)?;
        fs::rename(&fresh, &file)
    }

    /// Returns the path of the index of a deck.
    fn index_of(self, path: &Path) -> Option<PathBuf> {
        let path = fs::canonicalize(path).ok()?;
        let name = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
        Some(self.0.join(&name[..32]).with_extension("index"))
    }

    /// Deletes the oldest indexes, so that those of deleted decks don't pile up.
    fn prune(self) {
        let Ok(entries) = fs::read_dir(self.0) else {
            return;
        };
        let is_index = |path: &Path| {
            path.extension()
                .is_some_and(|extension| extension == "index")
        };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter(|entry| is_index(&entry.path()))
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        let extra = files.len().saturating_sub(MAX_FILES - 1);
        for (_, file) in &files[..extra] {
            let _ = fs::remove_file(file);
        }
    }
}

/// Splits off a part with its length before it.
fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

/// The length, times and inode of a file, as 8 bytes each.
type Stamp = Vec<u8>;

/// Returns the length in a stamp.
fn length(stamp: &Stamp) -> u64 {
    let length = stamp.first_chunk().copied();
    length.map_or(0, u64::from_le_bytes)
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let found = file.metadata()?;
    #[cfg(unix)]
    let numbers = {
        use std::os::unix::fs::MetadataExt;
        [
            found.len(),
            found.mtime() as u64,
            found.mtime_nsec() as u64,
            found.ctime() as u64,
            found.ctime_nsec() as u64,
            found.ino(),
        ]
    };
    #[cfg(not(unix))]
    let numbers = {
        let modified = found.modified()?.duration_since(SystemTime::UNIX_EPOCH);
        let modified = modified.unwrap_or_default();
        let (seconds, nanoseconds) = (modified.as_secs(), modified.subsec_nanos());
        [found.len(), seconds, nanoseconds.into(), 0, 0, 0]
    };
    Ok(numbers.into_iter().flat_map(u64::to_le_bytes).collect())
}

/// Creates the folder, readable only by its owner.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests;
