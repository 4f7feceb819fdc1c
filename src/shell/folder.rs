//! Where data lives: the data folder, the settings in it, and files written elsewhere.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::settings_file;
use crate::app::settings::Settings;
use crate::core::text::Text;

/// Overrides every other rule about the data folder.
const HOME: &str = "AETHOS_HOME";

/// The data folder: `AETHOS_HOME`, else `aethos` in the platform's data folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    #[error("there is no home folder to keep data in: set AETHOS_HOME to a folder")]
    NoHome,
    #[error("{file}: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("{file}:{line}:{column}  {message}; `aethos config` explains every key")]
    Wrong { file: String, line: usize, column: usize, message: String },
    #[error("{file}: {error}")]
    Keys { file: String, error: crate::app::keymap::BadKeys },
}

impl Folder {
    /// # Errors
    /// [`BadConfig::NoHome`] where the platform names no folder.
    pub fn find() -> Result<Self, BadConfig> {
        if let Some(home) = std::env::var_os(HOME).filter(|home| !home.is_empty()) {
            return Ok(Self(home.into()));
        }
        let base = etcetera::choose_base_strategy().map_err(|_| BadConfig::NoHome)?;
        Ok(Self(base.data_dir().join("aethos")))
    }

    /// A data folder that is somewhere else.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn history(&self) -> PathBuf {
        self.0.join("history.db")
    }

    pub fn config(&self) -> PathBuf {
        self.0.join("config.toml")
    }

    /// The settings of `config.toml`, or the defaults where there is none.
    ///
    /// # Errors
    /// Says what is wrong with the file, and where.
    pub fn settings(&self) -> Result<Settings, BadConfig> {
        let path = self.config();
        let file = path.display().to_string();
        let text = match settings_file::read(&path) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return Err(BadConfig::Unreadable { file, error }),
        };
        let settings: Settings = toml::from_str(&text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let before = text.get(..at).unwrap_or("");
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
            BadConfig::Wrong { file: file.clone(), line, column, message: Text::new(error.message()).line() }
        })?;
        crate::app::keymap::Keymap::new(&settings.keys).map_err(|error| BadConfig::Keys { file, error })?;
        Ok(settings)
    }

    /// Writes the settings that differ from `before` to `config.toml`, and leaves the rest of the file as it is.
    ///
    /// # Errors
    /// What the file system says, or that the file cannot be read as TOML any more.
    pub fn save(&self, before: &Settings, settings: &Settings) -> io::Result<()> {
        settings_file::edit(&self.config(), before, settings)
    }
}

/// Writes a file that did not exist. Where that fails, as on a full disk, no half of one is left.
///
/// # Errors
/// What the file system says.
pub fn create_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // The reason why it could not be written is the one to be told.
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes a file that did not exist: `NAME.md`, or `NAME-2.md` and so on.
///
/// # Errors
/// What the file system says.
pub fn write_new(name: &str, ending: &str, text: &str) -> io::Result<PathBuf> {
    for n in 1..1000 {
        let path = PathBuf::from(if n == 1 { format!("{name}.{ending}") } else { format!("{name}-{n}.{ending}") });
        match create_whole(&path, text) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
