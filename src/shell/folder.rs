//! Paths of the data: the data folder, the settings in it, and files written elsewhere.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::settings_file;
use crate::app::settings::Settings;
use crate::store::{Store, rescued_names};

/// The environment variable that overrides every other rule about the data folder.
const HOME: &str = "AETHOS_HOME";

/// The data folder: `AETHOS_HOME`, else `aethos` in the platform's data folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// The file name of the history.
    history: &'static str,
    /// The folder for what can be computed again.
    cache: Option<PathBuf>,
}

/// The file name of the history of homework, which is kept apart from the person's own.
const HOMEWORK: &str = "homework.db";

#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    #[error("no home folder found for the data: set AETHOS_HOME to a folder")]
    NoHome,
    #[error("{file}: {error}")]
    Unreadable { file: String, error: io::Error },
    #[error("{file}:{line}:{column}  {message}; `aethos config` explains every key")]
    Wrong {
        file: String,
        line: usize,
        column: usize,
        message: String,
    },
    #[error("{file}: {error}")]
    Keys {
        file: String,
        error: crate::app::keymap::BadKeys,
    },
}

impl Folder {
    /// Finds the data folder.
    ///
    /// # Errors
    /// [`BadConfig::NoHome`] if the platform defines no such folder.
    pub fn find() -> Result<Self, BadConfig> {
        if let Some(home) = std::env::var_os(HOME).filter(|home| !home.is_empty()) {
            let cache = Some(Path::new(&home).join("cache"));
            return Ok(Self {
                cache,
                ..Self::at(home)
            });
        }
        let base = etcetera::choose_base_strategy().map_err(|_| BadConfig::NoHome)?;
        Ok(Self {
            cache: Some(base.cache_dir().join("aethos")),
            ..Self::at(base.data_dir().join("aethos"))
        })
    }

    /// Returns a data folder at another path, without a cache.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            history: "history.db",
            cache: None,
        }
    }

    /// Returns the same folder with the history of homework in the place of the person's own.
    pub fn for_homework(self) -> Self {
        Self {
            history: HOMEWORK,
            ..self
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn history(&self) -> PathBuf {
        self.path.join(self.history)
    }

    /// Returns the folder for what can be computed again.
    pub fn cache(&self) -> Option<&Path> {
        self.cache.as_deref()
    }

    /// Explains how to use a history that was rescued when the history's file was lost, if there is one. The notice gives
    /// the number of its sessions, because it may hold only the one that was running.
    pub fn rescue_notice(&self) -> Option<String> {
        let rescued = rescued_names(&self.history()).pop()?;
        let holds = Store::open_existing(&self.path.join(&rescued))
            .and_then(|store| store.session_ids())
            .map_or_else(
                |_| "nothing that can be read".to_owned(),
                |sessions| match sessions.len() {
                    1 => "1 session".to_owned(),
                    n => format!("{n} sessions"),
                },
            );
        Some(format!(
            "{rescued} was saved when the history was lost, and has {holds}: compare with `aethos history`. To use it, quit \
             aethos, keep a copy of history.db and history.db-wal elsewhere, and rename {rescued} to history.db; \
             otherwise delete it"
        ))
    }

    pub fn config(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// Reads the settings from `config.toml`; returns the defaults if it does not exist.
    ///
    /// # Errors
    /// A mistake in the file, with its location.
    pub fn settings(&self) -> Result<Settings, BadConfig> {
        let path = self.config();
        let file = path.display().to_string();
        let text = match settings_file::read(&path) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return Err(BadConfig::Unreadable { file, error }),
        };
        let settings: Settings = toml::from_str(&text).map_err(|error| {
            let (line, column) =
                settings_file::place(&text, error.span().map_or(0, |span| span.start));
            BadConfig::Wrong {
                file: file.clone(),
                line,
                column,
                message: settings_file::explained(&text, &error),
            }
        })?;
        crate::app::keymap::Keymap::new(&settings.keys)
            .map_err(|error| BadConfig::Keys { file, error })?;
        Ok(settings)
    }

    /// Writes the settings that differ from `before` to `config.toml` and preserves the rest of the file.
    ///
    /// # Errors
    /// A failure of the file system, or a file that is no longer valid TOML.
    pub fn save(&self, before: &Settings, settings: &Settings) -> io::Result<()> {
        settings_file::edit(&self.config(), before, settings)
    }
}

/// Writes a new file. On failure, for example on a full disk, the partial file is removed.
///
/// # Errors
/// A failure of the file system.
pub fn create_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // The original error is more useful than that of the removal.
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes a file and replaces an existing one.
///
/// # Errors
/// A failure of the file system; the old file is then unchanged.
pub fn replace_whole(path: &Path, text: &str) -> io::Result<()> {
    settings_file::replace(path, text.as_bytes())
}

/// Writes a new file named `NAME.md`, or `NAME-2.md` and so on if it exists, and returns its full path.
///
/// # Errors
/// A failure of the file system.
pub fn write_new(folder: &Path, name: &str, ending: &str, text: &str) -> io::Result<PathBuf> {
    for n in 1..1000 {
        let path = folder.join(if n == 1 {
            format!("{name}.{ending}")
        } else {
            format!("{name}-{n}.{ending}")
        });
        match create_whole(&path, text) {
            Ok(()) => return std::path::absolute(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
