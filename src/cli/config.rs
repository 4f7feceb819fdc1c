//! `aethos config`: lists every setting with its meaning and its possible values.

use std::io::Write;

use super::{Exit, Failed};
use crate::app::keymap::{Keymap, Patch};
use crate::core::question::Level;
use crate::shell::Folder;

pub fn run(folder: &Folder, out: &mut dyn Write) -> Result<Exit, Failed> {
    let settings = folder.settings()?;
    writeln!(out, "# {}\n", super::printable(&folder.config()))?;
    writeln!(
        out,
        "# auto, light, dark or mono; NO_COLOR in the environment means mono"
    )?;
    writeln!(out, "theme = \"{}\"", settings.theme.word())?;
    writeln!(out, "\n# 1.0 to 10.0: scales every time limit and warning")?;
    writeln!(
        out,
        "time_multiplier = {:?}",
        settings.time_multiplier.get()
    )?;
    writeln!(
        out,
        "\n# ask asks how sure you are after each answer; never part of the score"
    )?;
    writeln!(out, "confidence = {}", settings.confidence)?;
    writeln!(
        out,
        "\n# whether aethos uses the mouse; without it, the terminal selects text"
    )?;
    writeln!(out, "mouse = {}", settings.mouse)?;
    writeln!(
        out,
        "\n# the date of your interview, as year-month-day; leave it out if there is none"
    )?;
    match settings.interview {
        Some(date) => writeln!(out, "interview = \"{date}\"")?,
        None => writeln!(out, "# interview = \"2026-12-15\"")?,
    }
    writeln!(
        out,
        "\n# mid, senior or staff: the level you aim for; results show how likely you have \
         reached it"
    )?;
    writeln!(out, "target = \"{}\"", Level::from(settings.target))?;
    writeln!(
        out,
        "\n# 0 to 23: the hour at which a day of practice ends and the next one begins"
    )?;
    writeln!(out, "day_starts_at = {}", settings.day_starts_at.get())?;
    writeln!(
        out,
        "\n# new questions per day of practice; sets that you choose ignore this"
    )?;
    writeln!(out, "new_per_day = {}", settings.new_per_day)?;
    writeln!(out, "\n# 1 to 600: minutes of practice per day")?;
    writeln!(out, "minutes_per_day = {}", settings.minutes_per_day.get())?;
    writeln!(
        out,
        "\n# keys per action; within a screen, a key can have only one action\n[keys]"
    )?;
    let defaults = Keymap::new(&Patch::new()).map_err(|bad| Failed::Refused(bad.to_string()))?;
    for binding in defaults.bindings() {
        let name = binding.full_name();
        let keys: Vec<String> = match settings.keys.get(&name) {
            Some(keys) => keys.iter().map(|key| format!("{key:?}")).collect(),
            None => binding
                .names
                .split(' ')
                .map(|key| format!("{key:?}"))
                .collect(),
        };
        let line = format!("\"{name}\" = [{}]", keys.join(", "));
        writeln!(out, "{line:<46} # {}", binding.sentence)?;
    }
    Ok(Exit::Fine)
}
