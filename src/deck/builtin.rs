//! The decks and outlines that are compiled into the program.

macro_rules! embedded {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name, ".toml")))),*]
    };
}

/// The name and text of each deck, in the order of the competencies in the source document.
pub const DECKS: &[(&str, &str)] = embedded!("quizzes":
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// The edition of the built-in decks. It is incremented in every release that adds, retires or replaces questions.
pub const EDITION: u16 = 2;

/// Returns true if a built-in deck has this name.
pub fn is_name(name: &str) -> bool {
    DECKS.iter().any(|(builtin, _)| *builtin == name)
}

/// The name and text of each outline, in the same order.
pub const SEEDS: &[(&str, &str)] = embedded!("seeds":
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// The sources that the outlines cite by key.
pub const REFERENCES: &str = include_str!("../../seeds/references.toml");
