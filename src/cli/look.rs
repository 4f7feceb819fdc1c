//! The look that settings and environment ask for.

use crate::app::keymap::{BadKeys, Keymap};
use crate::app::settings::{Settings, ThemeChoice};
use crate::tui::page::Look;
use crate::tui::theme::Theme;

/// `dark` is what the terminal said of its background, where it was asked.
///
/// # Errors
/// Keys in the settings that clash or do not exist.
pub fn look(settings: &Settings, dark: Option<bool>) -> Result<Look, BadKeys> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let theme = Theme::new(settings.theme, set("NO_COLOR").is_some(), !speaks_utf8());
    let theme = match (settings.theme, dark) {
        (ThemeChoice::Auto, Some(dark)) => theme.on(dark),
        _ => theme,
    };
    Ok(Look { theme, keymap: Keymap::new(&settings.keys)? })
}

/// The locale by the rule of POSIX: LC_ALL before LC_CTYPE before LANG. None set means UTF-8 here:
/// that is how containers are, and their terminals draw it.
fn speaks_utf8() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| std::env::var(name).ok()).find(|v| !v.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
