//! The active key map: the default table with the user's changes, and its lookups.

use std::collections::BTreeMap;

use super::table::{DEFAULT, Entry};
use super::{Action, Context, LEAVE};
use crate::app::key::Key;

/// The user's changes: action names such as `question.flag`, with their keys.
pub type Patch = BTreeMap<String, Vec<String>>;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("keys: unknown action {0:?}; `aethos config` lists the actions")]
    NoSuchAction(String),
    #[error("keys.{action:?}: {problem}")]
    NoSuchKey { action: String, problem: String },
    #[error("keys: {key} is assigned to both {one} and {other}; give one of them another key")]
    Clash {
        key: String,
        one: String,
        other: String,
    },
}

pub struct Keymap(Vec<Binding>);

pub struct Binding {
    pub context: Context,
    pub name: &'static str,
    /// The keys of the default map, separated by spaces.
    pub names: &'static str,
    pub keys: Vec<Key>,
    pub action: Action,
    pub word: &'static str,
    pub sentence: &'static str,
}

impl Binding {
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.context.name(), self.name)
    }
}

/// Names of earlier versions whose actions another key now covers. They are ignored in the settings.
const FORMER: &[&str] = &["mentor.field", "person.not-kept"];

impl Keymap {
    /// Returns the default map with the user's changes. A key that the user assigns is removed from the default action of
    /// the same context, unless that action would have no key left.
    ///
    /// # Errors
    /// An action or key that doesn't exist, or a key with two meanings in one context.
    pub fn new(patch: &Patch) -> Result<Self, BadKeys> {
        let mut map = Vec::new();
        for (context, entries) in DEFAULT {
            let full = |entry: &Entry| format!("{}.{}", context.name(), entry.0);
            let mut users = Vec::new();
            for name in entries.iter().map(full) {
                let keys = patch.get(&name).into_iter().flatten();
                users.extend(parse(&name, keys.map(String::as_str))?);
            }
            for entry @ Entry(name, names, action, word, sentence) in *entries {
                let full = full(entry);
                let keys = match patch.get(&full) {
                    Some(keys) => parse(&full, keys.iter().map(String::as_str))?,
                    None => {
                        let keys = parse(&full, names.split(' '))?;
                        let is_free = |key: &Key| !users.contains(key);
                        let free: Vec<Key> = keys.iter().copied().filter(is_free).collect();
                        if free.is_empty() { keys } else { free }
                    }
                };
                map.push(Binding {
                    context: *context,
                    name,
                    names,
                    keys,
                    action: *action,
                    word,
                    sentence,
                });
            }
        }
        let map = Self(map);
        let is_known = |name: &str| {
            FORMER.contains(&name) || map.0.iter().any(|binding| binding.full_name() == name)
        };
        if let Some(unknown) = patch.keys().find(|name| !is_known(name)) {
            return Err(BadKeys::NoSuchAction(unknown.clone()));
        }
        map.refuse_clashes()?;
        Ok(map)
    }

    fn refuse_clashes(&self) -> Result<(), BadKeys> {
        for (i, one) in self.0.iter().enumerate() {
            for other in self.0[i + 1..].iter().filter(|b| b.context == one.context) {
                if let Some(key) = one.keys.iter().find(|k| other.keys.contains(k)) {
                    let (one, other) = (one.full_name(), other.full_name());
                    return Err(BadKeys::Clash {
                        key: key.to_string(),
                        one,
                        other,
                    });
                }
            }
        }
        Ok(())
    }

    /// Returns the action of a key in a context. The context's own keys take precedence over those that work anywhere.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let bound = |context| {
            self.0
                .iter()
                .find(|b| b.context == context && b.keys.contains(&key))
        };
        let anywhere = || {
            if context == Context::Field {
                None
            } else {
                bound(Context::Anywhere)
            }
        };
        if let Some(binding) = bound(context).or_else(anywhere) {
            return Some(binding.action);
        }
        match key.typed()? {
            c @ '0'..='9' => Some(Action::Digit(c as u8 - b'0')),
            _ => None,
        }
    }

    /// Returns the first key of an action in this context that is not one of the first `letters` letters.
    pub fn hint(
        &self,
        context: Context,
        action: Action,
        letters: usize,
    ) -> Option<(Key, &'static str)> {
        let of = |c| self.0.iter().find(|b| b.context == c && b.action == action);
        // In a field, all keys except Enter and those that scroll type text.
        let works = context != Context::Field || matches!(action, Action::Enter | Action::PageDown);
        let anywhere = || of(Context::Anywhere).filter(|_| works);
        let binding = of(context).or_else(anywhere)?;
        let free = |key: &&Key| key.typed().is_none_or(|c| !is_letter_of(c, letters));
        let word = match action {
            Action::Leave if context.is_in_session() => LEAVE.0,
            _ => binding.word,
        };
        Some((*binding.keys.iter().find(free)?, word))
    }

    /// Returns all bindings that work in `context`, its own first. A general binding is omitted if the context has its
    /// own for the same action or reassigns all of its keys.
    pub fn help(&self, context: Context) -> impl Iterator<Item = &Binding> {
        let own = self.0.iter().filter(move |b| b.context == context);
        let is_own = move |b: &Binding| {
            self.0
                .iter()
                .any(|own| own.context == context && own.action == b.action)
        };
        let anywhere = self
            .0
            .iter()
            .filter(move |b| b.context == Context::Anywhere && context != Context::Field);
        let reaches = move |b: &Binding| {
            b.keys
                .iter()
                .any(|key| self.action(context, *key) == Some(b.action))
        };
        own.chain(anywhere.filter(move |b| !is_own(b) && reaches(b)))
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.0
    }
}

/// Returns true if `c` is one of the first `n` letters, which choose an option.
pub fn is_letter_of(c: char, n: usize) -> bool {
    c.is_ascii_lowercase() && usize::from(c as u8 - b'a') < n
}

fn parse<'a>(action: &str, keys: impl Iterator<Item = &'a str>) -> Result<Vec<Key>, BadKeys> {
    keys.map(|key| {
        key.parse().map_err(|problem| BadKeys::NoSuchKey {
            action: action.to_owned(),
            problem,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_map_has_no_clash() {
        assert!(Keymap::new(&Patch::new()).is_ok());
    }

    #[test]
    fn a_user_may_move_a_key_but_not_onto_another() {
        let patch =
            |action: &str, key: &str| Patch::from([(action.to_owned(), vec![key.to_owned()])]);
        let map = Keymap::new(&patch("question.flag", "m")).unwrap();
        assert_eq!(
            map.action(Context::Question, "m".parse().unwrap()),
            Some(Action::Flag)
        );
        assert_eq!(map.action(Context::Question, "f".parse().unwrap()), None);
        assert!(matches!(
            Keymap::new(&patch("question.flag", "x")),
            Err(BadKeys::Clash { .. })
        ));
        assert!(matches!(
            Keymap::new(&patch("question.fly", "x")),
            Err(BadKeys::NoSuchAction(_))
        ));
        assert!(matches!(
            Keymap::new(&patch("question.flag", "hyper")),
            Err(BadKeys::NoSuchKey { .. })
        ));
    }

    /// The exceptions: `h` and `l` are the left and right arrow keys, which change a value or turn to another question.
    /// Text fields and the letters of options, which come before the key map, have no part in it.
    #[test]
    fn no_letter_has_two_meanings() {
        let arrow = |action| match action {
            Action::Previous => Action::Left,
            Action::Next => Action::Right,
            action => action,
        };
        let map = Keymap::new(&Patch::new()).unwrap();
        let mut meanings: BTreeMap<char, (Action, String)> = BTreeMap::new();
        for binding in map.bindings() {
            let letters = binding.keys.iter().filter_map(Key::typed);
            for letter in letters.filter(|c| c.is_alphabetic()) {
                let action = match letter {
                    'h' | 'l' => arrow(binding.action),
                    _ => binding.action,
                };
                let name = binding.full_name();
                let (first, elsewhere) = meanings.entry(letter).or_insert((action, name.clone()));
                assert_eq!(*first, action, "{letter}: {elsewhere} and {name}");
            }
        }
    }

    /// Every action of a question and of a mentor session has a key that no option can take.
    #[test]
    fn the_letters_of_options_hide_no_action() {
        let map = Keymap::new(&Patch::new()).unwrap();
        for binding in map.bindings() {
            // On the stage, evidence is written only where there are no options.
            let has_options = binding.context == Context::Question
                || binding.context == Context::Mentor && binding.action != Action::Edit;
            let free = |key: &Key| key.typed().is_none_or(|c| !is_letter_of(c, 8));
            assert!(
                !has_options || binding.keys.iter().any(free),
                "{}",
                binding.full_name()
            );
        }
    }

    #[test]
    fn keys_of_earlier_versions_still_load() {
        let patch = |entries: &[(&str, &[&str])]| -> Patch {
            let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
            let entry = |(name, of): &(&str, &[&str])| ((*name).to_owned(), keys(of));
            entries.iter().map(entry).collect()
        };
        let old = patch(&[
            ("mentor.field", &["i"]),
            ("mentor.note", &["n"]),
            ("mentor.question-note", &["N"]),
            ("mentor.hot-seat", &["h"]),
            ("overview.finish", &["e"]),
            ("people.forget", &["f"]),
            ("people.rename", &["r"]),
            ("person.kept", &["y"]),
            ("person.not-kept", &["n"]),
            ("question.flag", &["f", "F"]),
            ("question.previous", &["p", "left", "h"]),
        ]);
        let map = Keymap::new(&old).unwrap();
        let action = |context, key: &str| map.action(context, key.parse().unwrap());
        assert_eq!(action(Context::Overview, "e"), Some(Action::Finish));
        assert_eq!(action(Context::Person, "y"), Some(Action::Toggle));
        let map = Keymap::new(&patch(&[("question.flag", &["n"])])).unwrap();
        let action = |key: &str| map.action(Context::Question, key.parse().unwrap());
        assert_eq!(
            action("n"),
            Some(Action::Flag),
            "the user's key comes first"
        );
        assert_eq!(action("right"), Some(Action::Next));
    }

    #[test]
    fn letters_of_options_take_precedence_in_the_footer() {
        let map = Keymap::new(&Patch::new()).unwrap();
        let key = |letters| {
            map.hint(Context::Question, Action::Flag, letters)
                .unwrap()
                .0
                .to_string()
        };
        assert_eq!((key(4), key(6)), ("f".to_owned(), "*".to_owned()));
    }
}
