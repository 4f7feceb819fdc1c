//! The source of a deck's text: a file or a built-in text.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::diagnostic::Diagnostic;
use super::diagnostic_code::DiagnosticCode;
use super::find::unreadable;
use super::index::Chunk;
use super::packed::Packed;
use super::scan::MAX_FILE_BYTES;
use crate::core::text::Text;

/// The source of a deck: a built-in text, or a file in the version that was scanned.
#[derive(Clone, Debug)]
pub enum Source {
    Builtin(Packed),
    File { path: PathBuf, version: FileVersion },
}

/// The length and modification time of a file, used to detect changes since the scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileVersion {
    pub length: u64,
    modified: Option<SystemTime>,
}

impl FileVersion {
    fn of(metadata: &Metadata) -> Self {
        Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }
}

/// An open source, from which the texts of questions can be read.
pub enum OpenSource {
    Builtin(Packed),
    File(File),
}

/// Returns a path as messages show it: cleaned and on one line.
pub fn display_path(path: &Path) -> Text {
    Text::new(&Text::new(&path.to_string_lossy()).line())
}

/// Opens a regular file. Refuses pipes, devices and folders without blocking on them.
///
/// # Errors
/// An error of the file system, or a path that is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let refuse_others = |metadata: Metadata| match metadata.is_file() {
        true => Ok(metadata),
        false => Err(io::Error::other("it is not a regular file")),
    };
    refuse_others(path.metadata()?)?;
    let mut options = File::options();
    options.read(true);
    // The path may have been replaced by a pipe since the check above.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits() as i32,
    );
    let file = options.open(path)?;
    let metadata = refuse_others(file.metadata()?)?;
    Ok((file, metadata))
}

/// Opens a deck file of at most 2 GB.
pub fn open(path: &Path) -> Result<(File, FileVersion), Diagnostic> {
    let refuse =
        |code, message: &str| Err(Diagnostic::of_file(code, &display_path(path), 0, message));
    match open_regular(path) {
        Err(error) => Err(unreadable(path, &error)),
        Ok((_, metadata)) if metadata.len() > MAX_FILE_BYTES => refuse(
            DiagnosticCode::TooLarge,
            "the file is over 2 GB and is not read",
        ),
        Ok((file, metadata)) => Ok((file, FileVersion::of(&metadata))),
    }
}

impl Source {
    /// Opens the text for [`OpenSource::chunk`]; refuses a file that has changed since the scan.
    pub fn open(&self) -> Result<OpenSource, Diagnostic> {
        match self {
            Source::Builtin(questions) => Ok(OpenSource::Builtin(*questions)),
            Source::File { path, version } => match open(path)? {
                (file, now) if now == *version => Ok(OpenSource::File(file)),
                _ => {
                    let message =
                        "the file was changed after aethos read it; quit aethos and start it again";
                    Err(Diagnostic::of_file(
                        DiagnosticCode::Unreadable,
                        &display_path(path),
                        0,
                        message,
                    ))
                }
            },
        }
    }
}

impl OpenSource {
    /// Reads the text of one question, which the scan has validated as UTF-8.
    pub fn chunk(&mut self, chunk: Chunk) -> io::Result<String> {
        match self {
            OpenSource::Builtin(questions) => questions
                .text(chunk.start)
                .ok_or_else(|| io::ErrorKind::InvalidData.into()),
            OpenSource::File(file) => {
                let mut bytes = vec![0; chunk.len as usize];
                file.seek(SeekFrom::Start(u64::from(chunk.start)))?;
                file.read_exact(&mut bytes)?;
                String::from_utf8(bytes).map_err(io::Error::other)
            }
        }
    }
}
