//! The appearance that the settings and the environment select.

use crate::app::keymap::{BadKeys, Keymap};
use crate::app::settings::{Settings, ThemeChoice};
use crate::tui::page::Look;
use crate::tui::theme::Theme;

/// Returns the appearance. `dark` tells whether the terminal reported a dark background, if it was queried.
///
/// # Errors
/// Conflicting or unknown keys in the settings.
pub fn look(settings: &Settings, dark: Option<bool>) -> Result<Look, BadKeys> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let theme = Theme::new(settings.theme, set("NO_COLOR").is_some(), !speaks_utf8());
    let theme = match (settings.theme, dark) {
        (ThemeChoice::Auto, Some(dark)) => theme.on(dark),
        _ => theme,
    };
    Ok(Look {
        theme,
        keymap: Keymap::new(&settings.keys)?,
        height: 0,
    })
}

/// Returns true if the locale uses UTF-8: `LC_ALL` has priority over `LC_CTYPE`, and that over LANG, as in POSIX. If none
/// is set, UTF-8 is assumed, because containers often set none and run in terminals that support it.
pub fn speaks_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|v| !v.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
