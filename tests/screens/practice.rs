//! Made-up practice for the snapshots: a queue, the days to come, and a past year.

use aethos::app::agenda::{Agenda, Coverage, DrillLine, Plan, Progress, Weakest};
use aethos::core::id::{CompetencyId, FacetId};
use aethos::core::practice::{Drill, QueueReason};
use aethos::core::progress::{Recalls, Streak};
use aethos::core::time::{Day, Millis};

use super::content::blueprint;

/// Sunday 22 November 2026.
const TODAY: Day = Day(20_779);

pub fn agenda() -> Agenda {
    let days = [12, 3, 0, 7, 4, 0, 1, 0, 9, 2, 0, 3, 5, 1];
    let line =
        |(n, questions): (usize, u32)| (TODAY.plus(n as i32), questions, u64::from(questions) * 80);
    Agenda {
        today: TODAY,
        minutes: 15,
        parts: vec![
            (QueueReason::Due, 6),
            (QueueReason::SureAndWrong, 2),
            (QueueReason::Weak, 2),
            (QueueReason::New, 1),
        ],
        seconds: 14 * 60 - 10,
        due: 12,
        weakest: Some(Weakest {
            title: "Data consistency".to_owned(),
            all_wrong: None,
        }),
        idle: None,
        nothing_new: Vec::new(),
        plan: Plan {
            days: days.into_iter().enumerate().map(line).collect(),
            caught_up: None,
            kept: None,
            later: 31,
            left: 0,
        },
        drills: drills(),
        interview: None,
        coverage: Coverage {
            seen: 38,
            all: 187,
            recent: 20,
        },
        streak: Streak {
            days: 3,
            last: Some(TODAY.plus(-1)),
        },
    }
}

fn drills() -> Vec<DrillLine> {
    let line = |drill, title: &str, questions| DrillLine {
        drill,
        title: title.to_owned(),
        questions,
        facets: vec![],
    };
    let mut lines = vec![
        line(Drill::Wrong, "Wrong last time", 14),
        line(Drill::SureAndWrong, "Sure and wrong", 2),
        line(Drill::Flagged, "Flagged", 0),
    ];
    for (i, competency) in blueprint().competencies.iter().enumerate() {
        let facet = |facet: &aethos::core::blueprint::Facet| {
            line(
                Drill::Facet(FacetId::new(facet.id.as_str())),
                facet.title.as_str(),
                i + 1,
            )
        };
        let drill = Drill::Competency(CompetencyId::new(competency.id.as_str()));
        let facets = competency.facets.iter().map(facet).collect();
        lines.push(DrillLine {
            facets,
            ..line(drill, competency.title.as_str(), 3 * i + 1)
        });
    }
    lines
}

pub fn with_interview() -> Agenda {
    let interview = TODAY.plus(23);
    let days = (0..=23)
        .map(|n| {
            (
                TODAY.plus(n),
                (n as u32 * 7) % 12,
                (u64::from(n as u32) * 7) % 12 * 80,
            )
        })
        .collect();
    let plan = Plan {
        days,
        caught_up: None,
        kept: Some(interview.plus(-3)),
        later: 0,
        left: 0,
    };
    Agenda {
        interview: Some(interview),
        plan,
        nothing_new: vec!["Fault tolerance".to_owned()],
        ..agenda()
    }
}

pub fn past() -> Agenda {
    Agenda {
        interview: Some(TODAY.plus(-2)),
        ..agenda()
    }
}

/// The state before the first answer.
pub fn first() -> Agenda {
    let days = (0..14).map(|n| (TODAY.plus(n), 0, 0)).collect();
    Agenda {
        parts: vec![(QueueReason::New, 6)],
        due: 0,
        weakest: None,
        plan: Plan {
            days,
            caught_up: None,
            kept: None,
            later: 0,
            left: 0,
        },
        streak: Streak::default(),
        ..agenda()
    }
}

pub fn idle() -> Agenda {
    let why = "nothing is due before Tue 24 Nov, in 2 days, and the unseen questions are kept for \
               an assessment: take one, or practise a single competency";
    let days = (0..14).map(|n| (TODAY.plus(n), 0, 0)).collect();
    Agenda {
        parts: Vec::new(),
        seconds: 0,
        due: 0,
        weakest: None,
        idle: Some(why.to_owned()),
        plan: Plan {
            days,
            caught_up: None,
            kept: None,
            later: 0,
            left: 0,
        },
        streak: Streak::default(),
        ..agenda()
    }
}

pub fn progress() -> Progress {
    let tried = [
        (61, 52),
        (12, 12),
        (8, 3),
        (140, 120),
        (0, 0),
        (33, 20),
        (25, 22),
        (4, 4),
        (0, 0),
    ];
    let recalls: Vec<(String, Recalls)> = blueprint()
        .competencies
        .iter()
        .zip(tried)
        .map(|(competency, (tried, recalled))| {
            (competency.title.line(), Recalls { tried, recalled })
        })
        .collect();
    let all = recalls
        .iter()
        .fold(Recalls::default(), |all, (_, r)| Recalls {
            tried: all.tried + r.tried,
            recalled: all.recalled + r.recalled,
        });
    let days = (0..365)
        .rev()
        .filter(|n| n % 5 != 3 && n % 30 < 22)
        .map(|n| (TODAY.plus(-n), (n as u32 * 13) % 53));
    let weeks = (0..8).rev().map(|n| {
        (
            TODAY.monday().plus(-7 * n),
            Millis::minutes((n as u64 * 37) % 140 + 10),
        )
    });
    Progress {
        today: TODAY,
        recalls,
        all,
        days: days.collect(),
        streak: Streak {
            days: 12,
            last: Some(TODAY.plus(-1)),
        },
        weeks: weeks.collect(),
    }
}

pub fn no_progress() -> Progress {
    Progress {
        today: TODAY,
        ..Progress::default()
    }
}
