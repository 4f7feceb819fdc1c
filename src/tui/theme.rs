//! Named roles and their styles. Screens never use colours directly.

use ratatui::style::{Color, Modifier, Style};

use crate::app::settings::ThemeChoice;

/// The role of a piece of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    /// Secondary text: labels, hints, and options that are not chosen.
    Dim,
    Strong,
    Title,
    /// The line marked by the cursor.
    Cursor,
    /// Chosen options, and the filled part of a bar.
    Chosen,
    Key,
    Good,
    Bad,
    Warn,
    Struck,
    Code,
    Keyword,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    dark: bool,
    mono: bool,
    /// True if marks are drawn in ASCII, because the locale is not UTF-8.
    pub ascii: bool,
}

impl Theme {
    pub fn new(choice: ThemeChoice, no_color: bool, ascii: bool) -> Self {
        Self {
            dark: choice != ThemeChoice::Light,
            mono: no_color || choice == ThemeChoice::Mono,
            ascii,
        }
    }

    /// Resolves `auto` with the background reported by the terminal.
    pub fn on(self, dark: bool) -> Self {
        Self { dark, ..self }
    }

    pub fn is_mono(&self) -> bool {
        self.mono
    }

    /// Returns the style of a role.
    ///
    /// The contrast of each colour is at least 4.5:1 on black and #1e1e1e (dark), and on white and #fdf6e3 (light). The
    /// colours are from the fixed 6x6x6 cube and grey ramp, which terminal colour schemes don't change.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let color = |dark, light| match self.mono {
            true => plain,
            false => plain.fg(Color::Indexed(if self.dark { dark } else { light })),
        };
        match role {
            Role::Text => plain,
            Role::Dim => color(248, 240),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Title => color(117, 25).add_modifier(Modifier::BOLD),
            Role::Cursor if self.mono => plain.add_modifier(Modifier::REVERSED),
            Role::Cursor => plain
                .bg(Color::Indexed(if self.dark { 237 } else { 254 }))
                .add_modifier(Modifier::BOLD),
            Role::Chosen => color(117, 25).add_modifier(Modifier::BOLD),
            Role::Key => color(223, 94).add_modifier(Modifier::BOLD),
            Role::Good => color(114, 22).add_modifier(Modifier::BOLD),
            Role::Bad => color(217, 124).add_modifier(Modifier::BOLD),
            Role::Warn => color(221, 94).add_modifier(Modifier::BOLD),
            Role::Struck => color(250, 239).add_modifier(Modifier::CROSSED_OUT),
            Role::Code => color(252, 236),
            Role::Keyword => color(180, 90),
        }
    }

    /// Returns `fine`, or `ascii` if only ASCII can be drawn.
    pub fn mark(&self, fine: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { fine }
    }
}
