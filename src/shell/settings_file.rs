//! Reads and edits `config.toml` and preserves its comments, order, links and permissions.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table};

use crate::app::settings::Settings;
use crate::core::text::Text;
use crate::deck::diagnostic::nearest;
use crate::deck::source::open_regular;
use crate::store::new_private;

/// The size limit of the settings file, in bytes.
const LONGEST: u64 = 1 << 20;
/// The maximum number of symbolic links followed.
const LINKS: usize = 40;

/// Returns the text of the file, or `None` if it does not exist.
///
/// # Errors
/// A failure of the file system, a file that is not regular, or one of more than 1 MB.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let (file, metadata) = match open_regular(path) {
        Ok(opened) => opened,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if metadata.len() > LONGEST {
        return Err(io::Error::other("it is longer than 1 MB"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    let encoding = match bytes.as_slice() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        _ => "another encoding than UTF-8",
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        io::Error::other(format!(
            "it is text in {encoding}: save it as UTF-8 in your editor"
        ))
    })?;
    Ok(Some(text))
}

/// Returns the line and the column of a position in a text, both from 1.
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}

/// Returns what is wrong with the settings, and how to fix it, in other words than the parser's.
pub fn explained(text: &str, error: &toml::de::Error) -> String {
    let message = Text::new(error.message()).line();
    if toml::de::DeTable::parse(text).is_err() {
        return match message.contains("duplicate key") {
            true => "this key is there twice: remove one of the two lines".to_owned(),
            false => "this is not of the form `key = value`, with quotes around a text".to_owned(),
        };
    }
    let mut names = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let name = names.next().unwrap_or_default();
        let known: Vec<&str> = names.collect();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("`{near}` is the nearest"),
            None => format!("use one of {}", known.join(", ")),
        };
        let what = match message.starts_with("unknown field") {
            true => "there is no such key",
            false => "this word is not possible here",
        };
        return format!("{what}: {hint}");
    }
    match message.split_once(", expected ") {
        Some((_, kind)) => format!("the value must be {}", in_plain_words(kind)),
        None => message,
    }
}

/// Returns the name of a type of values for people who don't program.
fn in_plain_words(kind: &str) -> &str {
    match kind {
        "a boolean" => "true or false",
        "f32" | "f64" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i32" | "i64" => "a whole number",
        "a string" | "string or map" => "a text in quotes",
        "a map" => "a table",
        "a sequence" => "a list in brackets",
        kind => kind,
    }
}

/// Writes the differences between `before` and `after` to the file. After a crash, the file is the old or the new one.
///
/// # Errors
/// A failure of the file system, or a file that is not valid TOML.
pub fn edit(path: &Path, before: &Settings, after: &Settings) -> io::Result<()> {
    let text = read(path)?.unwrap_or_default();
    let mut document: DocumentMut = text.parse().map_err(io::Error::other)?;
    let (before, after) = (document_of(before)?, document_of(after)?);
    change(document.as_table_mut(), before.as_table(), after.as_table());
    replace(path, document.to_string().as_bytes())
}

fn document_of(settings: &Settings) -> io::Result<DocumentMut> {
    toml::to_string(settings)
        .map_err(io::Error::other)?
        .parse()
        .map_err(io::Error::other)
}

/// Applies the differences between two tables to a third one and preserves its comments.
fn change(table: &mut Table, before: &Table, after: &Table) {
    for (key, _) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
        table.remove(key);
    }
    for (key, item) in after {
        match (before.get(key), item, table.get_mut(key)) {
            (Some(Item::Table(before)), Item::Table(after), Some(Item::Table(table))) => {
                change(table, before, after);
            }
            (Some(before), item, _) if before.to_string() == item.to_string() => {}
            (_, Item::Value(value), Some(Item::Value(old))) => {
                let decor = old.decor().clone();
                *old = value.clone();
                *old.decor_mut() = decor;
            }
            _ => drop(table.insert(key, item.clone())),
        }
    }
}

/// Resolves the symbolic links of a path, even if the target does not exist yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(to) => path = path.parent().map_or(to.clone(), |folder| folder.join(&to)),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Returns the file to write for a path: what symbolic links lead to, even if it does not exist yet.
///
/// # Errors
/// Something other than a regular file is there, such as a pipe or a device.
pub fn writable_target(path: &Path) -> io::Result<PathBuf> {
    let path = target(path)?;
    match fs::metadata(&path) {
        Ok(found) if !found.is_file() => Err(io::Error::other("it is not a regular file")),
        _ => Ok(path),
    }
}

/// Replaces the file with a new one of the same permissions; a file with several hard links is overwritten in place. A
/// symbolic link stays and leads to the new file.
///
/// # Errors
/// Something other than a regular file is there, or the file system fails.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &writable_target(path)?;
    // A write-protected file is not replaced.
    let old = match OpenOptions::new().write(true).open(path) {
        Ok(file) => Some((file.metadata()?, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some((metadata, mut file)) = old.as_ref().map(|(metadata, file)| (metadata, file))
        && names(metadata) > 1
    {
        file.set_len(0)?;
        file.write_all(bytes)?;
        return file.sync_all();
    }
    let fresh = path.with_extension("toml.new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = write(
        &fresh,
        bytes,
        old.map(|(metadata, _)| metadata.permissions()),
    );
    written
        .and_then(|()| fs::rename(&fresh, path))
        .inspect_err(|_| {
            // The first error is the one to report.
            let _ = fs::remove_file(&fresh);
        })
}

fn write(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = new_private(path)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// Returns the number of hard links to a file.
fn names(metadata: &fs::Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(metadata);
    #[cfg(not(unix))]
    return {
        let _ = metadata;
        1
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_is_not_utf_8_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        for (bytes, named) in [
            (&b"\xff\xfet\0h\0"[..], "text in UTF-16: save it as UTF-8"),
            (b"# Gr\xfc\xdfe", "another encoding than UTF-8"),
        ] {
            fs::write(&path, bytes).unwrap();
            let refused = read(&path).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }
    use crate::app::settings::ThemeChoice as Choice;

    const MINE: &str =
        "# mine\ntheme = \"dark\" # keep\n\n[keys] # my keys\n\"question.next\" = [\"x\"]\n";

    fn edited(text: &str, change: impl FnOnce(&mut Settings)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text).unwrap();
        let before: Settings = toml::from_str(text).unwrap();
        let mut after = before.clone();
        change(&mut after);
        edit(&path, &before, &after).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(toml::from_str::<Settings>(&text).unwrap(), after);
        text
    }

    #[test]
    fn comments_order_and_other_keys_stay() {
        let light = edited(MINE, |settings| settings.theme = Choice::Light);
        assert_eq!(light, MINE.replace("dark", "light"));
        let quiet = edited(MINE, |settings| settings.confidence = false);
        assert!(
            quiet.starts_with("# mine\ntheme = \"dark\" # keep\n") && quiet.contains("# my keys"),
            "{quiet}"
        );
        assert_eq!(edited(MINE, |_| {}), MINE);
        assert_eq!(
            edited("interview = \"2027-01-15\" # day\n", |settings| settings
                .interview =
                None),
            ""
        );
    }

    #[test]
    fn what_another_program_changed_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, "theme = \"light\"\n").unwrap();
        let before = Settings::default();
        edit(
            &path,
            &before,
            &Settings {
                confidence: false,
                ..before.clone()
            },
        )
        .unwrap();
        let after: Settings = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!((after.theme, after.confidence), (Choice::Light, false));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("dotfiles")).unwrap();
        fs::write(at("dotfiles/real.toml"), MINE).unwrap();
        fs::set_permissions(at("dotfiles/real.toml"), Permissions::from_mode(0o640)).unwrap();
        symlink("dotfiles/real.toml", at("config.toml")).unwrap();
        fs::hard_link(at("dotfiles/real.toml"), at("second.toml")).unwrap();
        let before: Settings = toml::from_str(MINE).unwrap();
        for theme in [Choice::Light, Choice::Mono] {
            edit(
                &at("config.toml"),
                &before,
                &Settings {
                    theme,
                    ..before.clone()
                },
            )
            .unwrap();
            assert!(at("config.toml").is_symlink());
            let now = fs::read_to_string(at("dotfiles/real.toml")).unwrap();
            assert_eq!(now, MINE.replace("dark", theme.word()));
            let mode = fs::metadata(at("dotfiles/real.toml"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o640);
            if at("second.toml").exists() {
                assert_eq!(fs::read_to_string(at("second.toml")).unwrap(), now);
                fs::remove_file(at("second.toml")).unwrap();
            }
        }
        symlink("dotfiles/none-yet.toml", at("dangling.toml")).unwrap();
        edit(&at("dangling.toml"), &before, &Settings::default()).unwrap();
        assert_eq!(
            fs::metadata(at("dotfiles/none-yet.toml"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o600
        );
    }

    /// Returns how a mistake in the settings is explained.
    fn mistake(text: &str) -> String {
        let error = toml::from_str::<Settings>(text).unwrap_err();
        super::explained(text, &error)
    }

    #[test]
    fn mistakes_are_explained_without_the_words_of_the_parser() {
        assert_eq!(
            mistake("tehme = \"dark\""),
            "there is no such key: `theme` is the nearest"
        );
        assert!(
            mistake("theme = \"pink\"")
                .starts_with("this word is not possible here: use one of auto")
        );
        assert_eq!(mistake("mouse = 3"), "the value must be true or false");
        assert_eq!(
            mistake("time_multiplier = \"x\""),
            "the value must be a number"
        );
        assert!(mistake("mouse true").contains("`key = value`"));
        assert!(mistake("mouse = true\nmouse = true").contains("there twice"));
        assert_eq!(super::place("a\nbc", 3), (2, 2));
    }
}
