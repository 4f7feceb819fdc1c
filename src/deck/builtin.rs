//! The decks and outlines that are part of the program.

macro_rules! embedded {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name, ".toml")))),*]
    };
}

/// Name and text of each deck, in the order in which the document names the competencies.
pub const DECKS: &[(&str, &str)] = embedded!("quizzes":
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// Returns whether a built-in deck has this name.
pub fn is_name(name: &str) -> bool {
    DECKS.iter().any(|(builtin, _)| *builtin == name)
}

/// Name and text of each outline, in the same order.
pub const SEEDS: &[(&str, &str)] = embedded!("seeds":
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// The sources that the outlines name by their keys.
pub const REFERENCES: &str = include_str!("../../seeds/references.toml");
