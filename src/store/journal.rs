//! A reader for `SQLite`'s write-ahead log. `SQLite` itself would apply the log as soon as it opens it.
//!
//! The format is described at <https://www.sqlite.org/fileformat2.html#walformat>. A header of 32 bytes is followed by
//! frames, each with a header of 24 bytes and one page. Each checksum continues the previous one, so the first invalid
//! frame ends the log.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME: usize = 24;
/// The last bit gives the byte order of the checksums: 1 is big-endian.
const MAGIC: u32 = 0x377f_0682;

/// A page as written by a transaction.
pub(super) struct Frame {
    /// The page number, from 1.
    pub page: u32,
    /// The size of the database in pages after this transaction if this is its last frame, otherwise 0.
    pub commit: u32,
    pub content: Vec<u8>,
}

/// An open write-ahead log, read frame by frame.
pub(super) struct Journal {
    input: BufReader<File>,
    page_size: usize,
    big_endian: bool,
    salts: [u8; 8],
    sums: (u32, u32),
}

impl Journal {
    /// Opens the log at `path`. Returns `None` if it is missing or empty.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if its header is damaged, or the file system's error.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut input = BufReader::with_capacity(1 << 16, file);
        let mut header = Vec::with_capacity(HEADER);
        input
            .by_ref()
            .take(HEADER as u64)
            .read_to_end(&mut header)?;
        // SQLite writes the header first and in one piece; a shorter file, or one that was never filled, holds nothing.
        if header.len() < HEADER || header.iter().all(|byte| *byte == 0) {
            let is_empty = input.bytes().all(|byte| matches!(byte, Ok(0)));
            return if is_empty {
                Ok(None)
            } else {
                Err(io::ErrorKind::InvalidData.into())
            };
        }
        let magic = word(&header, 0);
        let big_endian = magic & 1 == 1;
        let sums = checksum((0, 0), &header[..24], big_endian);
        let page_size = word(&header, 8) as usize;
        if magic & !1 != MAGIC
            || sums != (word(&header, 24), word(&header, 28))
            || !page_size.is_power_of_two()
            || !(512..=65536).contains(&page_size)
        {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut salts = [0; 8];
        salts.copy_from_slice(&header[16..24]);
        Ok(Some(Self {
            input,
            page_size,
            big_endian,
            salts,
            sums,
        }))
    }

    /// Reads the next frame. Returns `None` after the last one.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if complete transactions follow a damaged frame, because `SQLite` would drop them
    /// silently. A single one may be a torn write, which was never acknowledged.
    pub fn next(&mut self) -> io::Result<Option<Frame>> {
        let Some((header, content)) = self.read()? else {
            return Ok(None);
        };
        let sums = checksum(self.sums, &header[..8], self.big_endian);
        let sums = checksum(sums, &content, self.big_endian);
        let is_valid = header[8..16] == self.salts
            && sums == (word(&header, 16), word(&header, 20))
            && word(&header, 0) > 0;
        if is_valid {
            self.sums = sums;
            return Ok(Some(Frame {
                page: word(&header, 0),
                commit: word(&header, 4),
                content,
            }));
        }
        let mut commits = u32::from(self.is_commit(&header));
        while let Some((header, _)) = self.read()? {
            commits += u32::from(self.is_commit(&header));
        }
        if commits > 1 {
            Err(io::ErrorKind::InvalidData.into())
        } else {
            Ok(None)
        }
    }

    fn is_commit(&self, header: &[u8; FRAME]) -> bool {
        header[8..16] == self.salts && word(header, 4) > 0
    }

    /// Reads the header and page of a frame. Returns `None` if the rest of the file is too short.
    fn read(&mut self) -> io::Result<Option<([u8; FRAME], Vec<u8>)>> {
        let mut header = [0; FRAME];
        let mut content = vec![0; self.page_size];
        let read = self
            .input
            .read_exact(&mut header)
            .and_then(|()| self.input.read_exact(&mut content));
        match read {
            Ok(()) => Ok(Some((header, content))),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn checksum((mut a, mut b): (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let read = if big_endian {
        u32::from_be_bytes
    } else {
        u32::from_le_bytes
    };
    for pair in bytes.chunks_exact(8) {
        a = a
            .wrapping_add(read([pair[0], pair[1], pair[2], pair[3]]))
            .wrapping_add(b);
        b = b
            .wrapping_add(read([pair[4], pair[5], pair[6], pair[7]]))
            .wrapping_add(a);
    }
    (a, b)
}
