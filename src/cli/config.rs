//! `aethos config`: lists every setting with its meaning and its possible values.

use std::io::Write;

use super::{Exit, Failed};
use crate::app::keymap::{Keymap, Patch};
use crate::core::question::Level;
use crate::shell::Folder;

pub fn run(folder: &Folder, out: &mut dyn Write) -> Result<Exit, Failed> {
    let settings = folder.settings()?;
    writeln!(out, "# {}\n", folder.config().display())?;
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
        "\n# ask how sure one is after each answer; never part of the score"
    )?;
    writeln!(out, "confidence = {}", settings.confidence)?;
    writeln!(
        out,
        "\n# the day that practice works towards, as year-month-day; leave it out where there is none"
    )?;
    match settings.interview {
        Some(date) => writeln!(out, "interview = \"{date}\"")?,
        None => writeln!(out, "# interview = \"2026-12-15\"")?,
    }
    writeln!(
        out,
        "\n# mid, senior or staff: the level you aim for; results say how likely it is"
    )?;
    writeln!(out, "target = \"{}\"", Level::from(settings.target))?;
    writeln!(
        out,
        "\n# 0 to 23: the hour at which a day of practice ends and the next one begins"
    )?;
    writeln!(out, "day_starts_at = {}", settings.day_starts_at.get())?;
    writeln!(
        out,
        "\n# how many questions that are new to you practice asks on a day; drills ask all there are"
    )?;
    writeln!(out, "new_per_day = {}", settings.new_per_day)?;
    writeln!(
        out,
        "\n# 1 to 600: minutes of practice on a day, unless you say how long"
    )?;
    writeln!(out, "minutes_per_day = {}", settings.minutes_per_day.get())?;
    writeln!(
        out,
        "\n# which keys do what; a key may do one thing only in one place\n[keys]"
    )?;
    let defaults = Keymap::new(&Patch::new()).map_err(|bad| Failed::Refused(bad.to_string()))?;
    for binding in defaults.bindings() {
        let name = binding.full_name();
        let keys: Vec<String> = match settings.keys.get(&name) {
            Some(keys) => keys.iter().map(|key| format!("{key:?}")).collect(),
            None => binding.names.iter().map(|key| format!("{key:?}")).collect(),
        };
        let line = format!("\"{name}\" = [{}]", keys.join(", "));
        writeln!(out, "{line:<46} # {}", binding.sentence)?;
    }
    Ok(Exit::Fine)
}
