//! The help screen: all keys of the screen below, generated from the key map.

use ratatui::text::Line;

use super::{Screen, fixed, reads};
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::keymap::{Action, Context, LEAVE, is_letter_of};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll, ascii_key};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The width for which a screen is asked for its title.
const COLUMNS: usize = 80;

pub struct HelpScreen {
    title: String,
    /// The keys, and what they do.
    lines: Vec<(String, &'static str)>,
    scroll: Scroll,
}

impl HelpScreen {
    /// Lists the keys that work on a screen now.
    pub fn new(of: &dyn Screen, model: &Model, look: &Look, scrolls: bool) -> Self {
        let context = of.context();
        let works = |action| of.works(action, model, scrolls);
        let words = |action, usual| match action {
            Action::Leave if of.context().is_in_session() => LEAVE.1,
            _ => of.sentence(action, model).unwrap_or(usual),
        };
        let chosen = of.letters(model);
        let mut lines = Vec::new();
        if chosen > 0 {
            lines.push((
                "a b c ...".to_owned(),
                letters(context, works(Action::MoveUp)),
            ));
        }
        if works(Action::Digit(1)) {
            let digit = digits(context);
            lines.extend(
                digit.map(|(keys, usual)| (keys.to_owned(), words(Action::Digit(1), usual))),
            );
        }
        for binding in look.keymap.help(context).filter(|b| works(b.action)) {
            // A letter that chooses an option does nothing else.
            let is_free = |key: &&Key| key.typed().is_none_or(|c| !is_letter_of(c, chosen));
            let keys = binding.keys.iter().filter(is_free);
            let keys: Vec<String> = keys
                .map(|k| ascii_key(&k.to_string(), &look.theme))
                .collect();
            if !keys.is_empty() {
                lines.push((keys.join(" "), words(binding.action, binding.sentence)));
            }
        }
        if model.settings.mouse {
            lines.push((
                "mouse".to_owned(),
                "click to choose, turn the wheel to scroll",
            ));
        }
        Self {
            title: title(of, model, look),
            lines,
            scroll: Scroll {
                free: true,
                ..Scroll::default()
            },
        }
    }
}

/// Returns the title of a screen; of those whose first line shows progress, their name.
fn title(of: &dyn Screen, model: &Model, look: &Look) -> String {
    if let Some(name) = of.name() {
        return name.to_owned();
    }
    match of.context() {
        Context::Home => "Home".to_owned(),
        Context::Question => "Question".to_owned(),
        Context::Feedback => "Explanation".to_owned(),
        Context::Review => "Review".to_owned(),
        Context::Pause => "Pause".to_owned(),
        Context::Mentor => "Mentor session".to_owned(),
        Context::Joined => "Joined session".to_owned(),
        _ => of
            .view(model, look, COLUMNS)
            .left
            .to_string()
            .trim()
            .to_owned(),
    }
}

fn letters(context: Context, has_steps: bool) -> &'static str {
    match context {
        _ if has_steps => "the steps, typed in the right order",
        Context::Mentor => "the answer of the only person, or of the person at the keyboard",
        _ => "choose an option, or the right entry for the highlighted one",
    }
}

/// Returns the digits that work in a context, and what they mean.
fn digits(context: Context) -> Option<(&'static str, &'static str)> {
    match context {
        Context::Question | Context::Joined => {
            Some(("1 2 3 4", "how sure: guess, unsure, fairly, sure"))
        }
        Context::Setup => Some((
            "1 2 3 4  0",
            "rate yourself in a competency, or clear the rating",
        )),
        Context::Mentor => Some((
            "0 1 2 ...",
            "confidence, fingers down the roster, a level or points",
        )),
        Context::Feedback | Context::Review => {
            Some(("0 1 2 ...", "points for the highlighted criterion"))
        }
        Context::Overview => Some(("1 2 3 ...", "to a question, by its number")),
        Context::Dialog => Some(("1 2 3 ...", "choose a line")),
        _ => None,
    }
}

impl Screen for HelpScreen {
    fn context(&self) -> Context {
        Context::Anywhere
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn is_help(&self) -> bool {
        true
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::PageUp | Action::PageDown => {
                self.scroll.by_page(turn.seen, action == Action::PageDown);
            }
            Action::Top => self.scroll.offset = 0,
            Action::Bottom => self.scroll.offset = turn.seen.last_offset,
            Action::Leave => turn.effect(Effect::Quit),
            _ => turn.pop(),
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        reads(action, scrolls)
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line(format!("Keys: {}", self.title), Role::Title),
            ..Page::default()
        };
        let room = if width >= 50 { 18 } else { 11 };
        for (keys, words) in &self.lines {
            let words = prose::wrap(words, width.saturating_sub(room + 1), 0);
            for (n, words) in words.into_iter().enumerate() {
                let keys = if n == 0 { keys.as_str() } else { "" };
                page.push(Line::from(vec![
                    look.span(fixed(keys, room), Role::Key),
                    look.span(" ", Role::Text),
                    look.span(words, Role::Text),
                ]));
            }
        }
        page.footer = vec![Action::Back];
        page.words.push((Action::Help, "close"));
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Home;
    use crate::app::keymap::Keymap;
    use crate::app::settings::{Settings, ThemeChoice};
    use crate::tui::app::App;
    use crate::tui::theme::Theme;

    /// A question with this many options.
    struct Lettered(usize);

    impl Screen for Lettered {
        fn context(&self) -> Context {
            Context::Question
        }

        fn letters(&self, _: &Model) -> usize {
            self.0
        }

        fn act(&mut self, _: Action, _: &mut Turn) {}

        fn scroll(&self) -> Scroll {
            Scroll::default()
        }

        fn works(&self, _: Action, _: &Model, _: bool) -> bool {
            true
        }

        fn view(&self, _: &Model, _: &Look, _: usize) -> Page {
            Page::default()
        }
    }

    #[test]
    fn a_letter_that_chooses_an_option_is_not_listed_with_another_meaning() {
        let look = || Look {
            theme: Theme::new(ThemeChoice::Dark, false, false),
            keymap: Keymap::new(&Default::default()).unwrap(),
            height: 24,
        };
        let app = App::new(Settings::default(), look(), Home::default());
        let keys = |options| {
            let help = HelpScreen::new(&Lettered(options), &app.model, &look(), false);
            let of = |words: &str| {
                let line = help.lines.iter().find(|(_, of)| *of == words);
                line.map(|(keys, _)| keys.clone())
            };
            (
                of("flag the question to return to it"),
                of("all questions, and the end of the session"),
            )
        };
        let some = |keys: &str| Some(keys.to_owned());
        assert_eq!(keys(4), (some("f *"), some("g G")));
        assert_eq!(keys(7), (some("*"), some("G")));
    }
}
