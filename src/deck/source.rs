//! Where a deck's text comes from.

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::scan::{Chunk, LARGEST};
use crate::core::text::Text;

/// A deck's text: part of the program, or a file as it was when it was scanned.
#[derive(Clone, Debug)]
pub enum Source {
    Builtin(&'static str),
    File { path: PathBuf, stamp: Stamp },
}

/// Tells a file that was changed from the one that was scanned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    pub length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The source, open for reading pieces of it.
pub enum Opened {
    Builtin(&'static str),
    File(File),
}

/// A path as it is shown to a person.
pub fn shown(path: &Path) -> Text {
    Text::new(&Text::new(&path.to_string_lossy()).line())
}

/// Opens a regular file, and refuses everything else without waiting for it: pipes, devices, folders.
///
/// # Errors
/// What the file system says, or that it is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let refuse_others = |metadata: Metadata| match metadata.is_file() {
        true => Ok(metadata),
        false => Err(io::Error::other("it is not a regular file")),
    };
    refuse_others(path.metadata()?)?;
    let mut options = File::options();
    options.read(true);
    // The path may have become a pipe in the meantime.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NONBLOCK.bits() as i32);
    let file = options.open(path)?;
    let metadata = refuse_others(file.metadata()?)?;
    Ok((file, metadata))
}

/// Opens a deck file of at most 2 GB.
pub fn open(path: &Path) -> Result<(File, Stamp), Diagnostic> {
    let refuse = |code, message: &str| Err(Diagnostic::of_file(code, &shown(path), 0, message));
    match open_regular(path) {
        Err(error) => refuse(Code::Unreadable, &format!("the file cannot be read: {error}")),
        Ok((_, metadata)) if metadata.len() > LARGEST => {
            refuse(Code::TooLarge, "the file is over 2 GB and is not read")
        }
        Ok((file, metadata)) => Ok((file, Stamp::of(&metadata))),
    }
}

impl Source {
    /// Opens the text for [`Opened::chunk`]; refuses a file that is not the one that was scanned.
    pub fn open(&self) -> Result<Opened, Diagnostic> {
        match self {
            Source::Builtin(text) => Ok(Opened::Builtin(text)),
            Source::File { path, stamp } => match open(path)? {
                (file, now) if now == *stamp => Ok(Opened::File(file)),
                _ => {
                    let message = "the file was changed after it had been read; leave this session and start again";
                    Err(Diagnostic::of_file(Code::Unreadable, &shown(path), 0, message))
                }
            },
        }
    }
}

impl Opened {
    /// The text of one question. It was found to be clean UTF-8 when it was scanned.
    pub fn chunk(&mut self, chunk: Chunk) -> std::io::Result<Cow<'static, str>> {
        match self {
            Opened::Builtin(text) => {
                let start = chunk.start as usize;
                Ok(Cow::Borrowed(text.get(start..start + chunk.len as usize).unwrap_or_default()))
            }
            Opened::File(file) => {
                let mut bytes = vec![0; chunk.len as usize];
                file.seek(SeekFrom::Start(u64::from(chunk.start)))?;
                file.read_exact(&mut bytes)?;
                String::from_utf8(bytes).map(Cow::Owned).map_err(std::io::Error::other)
            }
        }
    }
}
