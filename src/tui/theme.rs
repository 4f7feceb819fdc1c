//! Named roles and how they look. No screen names a colour.

use ratatui::style::{Color, Modifier, Style};

use crate::app::settings::ThemeChoice;

/// What a piece of the screen is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Text,
    /// Beside the point: labels, hints, what is not chosen.
    Dim,
    Strong,
    Title,
    /// What is marked by the cursor.
    Cursor,
    /// What was chosen, and the filled part of a bar.
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
    /// Stand-ins for marks where the locale is not UTF-8.
    pub ascii: bool,
}

impl Theme {
    pub fn new(choice: ThemeChoice, no_color: bool, ascii: bool) -> Self {
        Self { dark: choice != ThemeChoice::Light, mono: no_color || choice == ThemeChoice::Mono, ascii }
    }

    /// With `auto`: what the terminal said of its background.
    pub fn on(self, dark: bool) -> Self {
        Self { dark, ..self }
    }

    pub fn is_mono(&self) -> bool {
        self.mono
    }

    /// The contrast of each colour is at least 4.5:1 on black and on #1e1e1e
    /// (dark), on white and on #fdf6e3 (light). They are of the fixed 6x6x6 cube
    /// and grey ramp, which no terminal scheme changes.
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
            Role::Cursor => plain.bg(Color::Indexed(if self.dark { 237 } else { 254 })).add_modifier(Modifier::BOLD),
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

    /// `fine`, or its stand-in where only ASCII can be drawn.
    pub fn mark(&self, fine: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { fine }
    }
}
