//! The words of the set-up screen about its choices.

use super::Entry;

/// Returns how the questions are chosen.
pub fn questions(adaptive: bool, width: usize) -> &'static str {
    match adaptive {
        true => "adaptive, no going back",
        false if width < 60 => "a fixed form",
        false => "a fixed form: you can go back and change answers",
    }
}

/// Returns what the marked choice means.
pub fn about(entry: Entry, adaptive: bool, is_rated: bool) -> &'static str {
    match entry {
        Entry::Competency(_) if !is_rated => {
            "Space includes these questions or leaves them out. They are not part of the overall \
             score; written questions have their own line."
        }
        Entry::Competency(_) => {
            "Space includes the competency or leaves it out. 1 to 4 rate yourself in it, from \
             junior to staff; 0 removes the rating. The percentage is the share of the overall score; written \
             questions have their own line."
        }
        Entry::Questions if adaptive => {
            "Each question depends on your answers so far: fewer questions are enough, but you \
             can't go back."
        }
        Entry::Questions => "You can change answers and return to questions until you finish.",
        Entry::Length => "More questions make the scores more certain.",
        Entry::Written => {
            "Open questions, which you answer in your own words and rate afterwards. They are not \
             part of the score."
        }
        Entry::Time => "When the time is up, you can finish or continue without a limit.",
        Entry::Start => "The rules come first; the clock starts after them.",
    }
}
