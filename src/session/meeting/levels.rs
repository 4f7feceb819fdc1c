//! The levels from which the questions of a session or homework are drawn, so that they suit the people.

use super::record::{AnswerRecord, MIN_ANSWERS};
use crate::core::question::Level;

/// The levels of a draw: those around the level that it is meant for, or a range of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelRange {
    /// The level that is preferred, if the range lies around one.
    aim: Option<Level>,
    lowest: Level,
    highest: Level,
}

/// Which levels a command draws from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelChoice {
    /// Those around the level at which the people have answered so far; all if it is unknown.
    #[default]
    Matched,
    Any,
    Within(LevelRange),
}

impl LevelRange {
    /// Returns a level with those one step above and below it.
    pub fn around(level: Level) -> Self {
        let at = level as usize;
        Self {
            aim: Some(level),
            lowest: Level::ALL[at.saturating_sub(1)],
            highest: Level::ALL[(at + 1).min(Level::ALL.len() - 1)],
        }
    }

    /// Returns the level that the range lies around; `None` for a range from one level to another.
    pub fn aim(self) -> Option<Level> {
        self.aim
    }

    pub fn contains(self, level: Level) -> bool {
        (self.lowest..=self.highest).contains(&level)
    }

    /// Returns how many steps a level is away from the preferred one.
    pub fn distance(self, level: Level) -> usize {
        self.aim
            .map_or(0, |aim| (aim as usize).abs_diff(level as usize))
    }

    /// Returns for whom it draws, such as "for juniors".
    fn whom(self) -> String {
        match self.aim {
            Some(Level::Junior) => "for juniors".to_owned(),
            Some(Level::Senior) => "for seniors".to_owned(),
            Some(level) => format!("for {level} engineers"),
            None => format!("from {} to {}", self.lowest, self.highest),
        }
    }
}

/// The levels that a draw used, and what it could not do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelDraw {
    /// The levels that were drawn from, if not all.
    pub range: Option<LevelRange>,
    /// The levels around that of the people, if there were too few questions of them.
    pub too_few: Option<LevelRange>,
    /// The number of questions that were wanted and that don't exist.
    pub missing: usize,
}

impl LevelDraw {
    /// Returns what was drawn and for whom, such as "for juniors: 5 junior, 3 mid".
    pub fn summary(self, drawn: impl Iterator<Item = Level>) -> String {
        let whom = match (self.range, self.too_few) {
            (Some(range), _) => range.whom(),
            (None, Some(range)) => {
                format!(
                    "from all levels, because there are too few {}",
                    range.whom()
                )
            }
            (None, None) => "from all levels".to_owned(),
        };
        let missing = match self.missing {
            0 => String::new(),
            n => format!("; {n} fewer than wanted, because there are no more"),
        };
        format!("{whom}: {}{missing}", level_counts(drawn))
    }
}

/// Returns the number of questions of each level, such as "5 junior, 3 mid".
pub fn level_counts(drawn: impl Iterator<Item = Level>) -> String {
    let mut counts = [0; Level::ALL.len()];
    drawn.for_each(|level| counts[level as usize] += 1);
    let parts: Vec<String> = Level::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, n)| *n > 0)
        .map(|(level, n)| format!("{n} {level}"))
        .collect();
    match parts.is_empty() {
        true => "no questions".to_owned(),
        false => parts.join(", "),
    }
}

impl std::str::FromStr for LevelChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let level = |word: &str| {
            Level::parse(word.trim()).ok_or_else(|| {
                let all = Level::ALL.map(Level::word).join(", ");
                format!("no such level: {word:?}; use {all}, a range such as junior..mid, or any")
            })
        };
        if text == "any" {
            return Ok(Self::Any);
        }
        let Some((lowest, highest)) = text.split_once("..") else {
            return Ok(Self::Within(LevelRange::around(level(text)?)));
        };
        let (lowest, highest) = (level(lowest)?, level(highest)?);
        if lowest > highest {
            return Err(format!(
                "the range ends before it begins: use {highest}..{lowest}"
            ));
        }
        Ok(Self::Within(LevelRange {
            aim: None,
            lowest,
            highest,
        }))
    }
}

/// Returns the level that suits a person by their answers so far: the highest one at which at least half of the first
/// votes were right, or else the lowest one that was asked. Levels with fewer than [`MIN_ANSWERS`] first votes don't
/// count.
pub(super) fn suitable<'a>(
    answers: impl Iterator<Item = (Level, &'a AnswerRecord)>,
) -> Option<Level> {
    let mut counts = [(0, 0); Level::ALL.len()];
    for (level, answer) in answers {
        if let Some(right) = answer.right_at_first() {
            counts[level as usize].0 += usize::from(right);
            counts[level as usize].1 += 1;
        }
    }
    let known = || {
        let enough = |(_, (_, n)): &(Level, (usize, usize))| *n >= MIN_ANSWERS;
        Level::ALL.into_iter().zip(counts).filter(enough)
    };
    let reached = known().rfind(|(_, (right, n))| 2 * right >= *n);
    reached.or_else(|| known().next()).map(|(level, _)| level)
}

/// Returns the level for a group: the lower middle one of the known levels.
pub fn level_of_group(mut levels: Vec<Level>) -> Option<Level> {
    levels.sort_unstable();
    let middle = levels.len().checked_sub(1)? / 2;
    levels.get(middle).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_drawn_with_its_neighbours_and_a_range_as_it_is() {
        let Ok(LevelChoice::Within(juniors)) = "junior".parse() else {
            panic!("it is a level")
        };
        assert!(juniors.contains(Level::Mid) && !juniors.contains(Level::Senior));
        assert_eq!(juniors.distance(Level::Mid), 1);
        let drawn = [Level::Mid, Level::Junior, Level::Junior];
        let draw = |range, too_few, missing| LevelDraw {
            range,
            too_few,
            missing,
        };
        let summary = |draw: LevelDraw| draw.summary(drawn.into_iter());
        assert_eq!(
            summary(draw(Some(juniors), None, 0)),
            "for juniors: 2 junior, 1 mid"
        );
        assert_eq!(
            summary(draw(Some(juniors), None, 3)),
            "for juniors: 2 junior, 1 mid; 3 fewer than wanted, because there are no more"
        );
        assert_eq!(
            summary(draw(None, None, 0)),
            "from all levels: 2 junior, 1 mid"
        );
        assert_eq!(
            summary(draw(None, Some(juniors), 0)),
            "from all levels, because there are too few for juniors: 2 junior, 1 mid"
        );
        let Ok(LevelChoice::Within(range)) = "mid..staff".parse() else {
            panic!("it is a range")
        };
        assert!(range.contains(Level::Staff) && !range.contains(Level::Junior));
        assert_eq!(
            draw(Some(range), None, 0).summary([].into_iter()),
            "from mid to staff: no questions"
        );
        assert_eq!("any".parse(), Ok(LevelChoice::Any));
        for wrong in ["novice", "staff..mid", "junior..", ""] {
            assert!(wrong.parse::<LevelChoice>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_level_of_a_person_is_the_highest_at_which_half_of_the_answers_are_right() {
        let answer = |right: bool| AnswerRecord {
            votes: [Some(f64::from(right)), None],
            ..AnswerRecord::default()
        };
        let (right, wrong) = (answer(true), answer(false));
        let of = |votes: &[(Level, &AnswerRecord)]| suitable(votes.iter().copied());
        let (junior, mid, senior) = (Level::Junior, Level::Mid, Level::Senior);
        assert_eq!(of(&[(junior, &right); 2]), None);
        assert_eq!(of(&[(senior, &wrong); 3]), Some(senior));
        let mut votes = vec![(junior, &right); 3];
        votes.extend([(mid, &right), (mid, &wrong), (mid, &right)]);
        votes.extend([(senior, &wrong); 4]);
        assert_eq!(of(&votes), Some(mid));
        assert_eq!(level_of_group(vec![senior, junior]), Some(junior));
        assert_eq!(level_of_group(vec![senior, junior, mid]), Some(mid));
        assert_eq!(level_of_group(Vec::new()), None);
    }
}
