//! The decks that a command names: those of the library by name, others as files and folders.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::Failed;
use crate::core::form;
use crate::core::id::{CompetencyId, DeckId};
use crate::deck::diagnostic::nearest;
use crate::deck::source::shown;
use crate::shell::Workspace;

pub struct Named<'a> {
    pub paths: Vec<PathBuf>,
    names: Vec<&'a str>,
}

impl<'a> Named<'a> {
    pub fn of(decks: &'a [String]) -> Self {
        let (paths, names): (Vec<&String>, Vec<&String>) = decks.iter().partition(|deck| is_path(deck));
        Self {
            paths: paths.into_iter().map(PathBuf::from).collect(),
            names: names.into_iter().map(String::as_str).collect(),
        }
    }

    /// Their ids in the library that was opened with the paths, or none for all.
    ///
    /// # Errors
    /// A file that cannot be read, or a name that no deck has.
    pub fn decks(&self, workspace: &Workspace) -> Result<Vec<DeckId>, Failed> {
        let library = &workspace.library;
        let is_asked_for = |file: &str| self.paths.iter().any(|path| file.starts_with(shown(path).as_str()));
        if let Some(problem) = library.diagnostics.iter().find(|d| d.is_error() && is_asked_for(d.file.as_str())) {
            return Err(Failed::Usage(format!("{}  {}", problem.place(), problem.message.line())));
        }
        let mut decks = Vec::new();
        for name in &self.names {
            let id = DeckId::new(name);
            if library.deck(&id).is_none() {
                let known: Vec<&str> = library.decks.iter().map(|loaded| loaded.deck.id.as_str()).collect();
                let near = nearest(name, known.iter().copied());
                let hint =
                    near.map_or(format!("there are {}", known.join(", ")), |near| format!("did you mean {near}?"));
                return Err(Failed::Usage(format!("there is no deck {name:?}: {hint}")));
            }
            decks.push(id);
        }
        // Decks given as files come first in the library.
        decks.extend(library.decks.iter().filter(|d| d.is_of(&self.paths)).map(|loaded| loaded.deck.id.clone()));
        Ok(decks)
    }
}

fn is_path(deck: &str) -> bool {
    deck.contains(['/', MAIN_SEPARATOR]) || deck.ends_with(".toml") || Path::new(deck).exists()
}

/// The competencies of these decks, or all scored ones where none is named: a bit per place in the blueprint.
pub fn competencies(decks: &[DeckId], workspace: &Workspace) -> u16 {
    let loaded = decks.iter().filter_map(|id| workspace.library.deck(id));
    let named: Vec<CompetencyId> = loaded.map(|loaded| loaded.deck.competency.clone()).collect();
    form::cells(&workspace.library.outline.blueprint, &named)
}
