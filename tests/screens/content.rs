//! Made-up decks, questions and a history for the snapshots.

use std::sync::Arc;

use aethos::app::effect::{
    CalibrationView, DeckLine, DeckPage, FacetCoverage, HistoryRow, HistoryState, Home,
    OpenSession, PreviousComparison, Stock,
};
use aethos::app::items::{ItemLine, ItemsPage};
use aethos::core::blueprint::{Blueprint, Point};
use aethos::core::id::{DeckId, FacetId, PointId, QuestionId, SessionId};
use aethos::core::items::{AnalysedItem, ItemResponse, analyse};
use aethos::core::measure::{Calibration, Difference};
use aethos::core::question::{Checked, Code, Interaction, Level, Question, Reference};
use aethos::core::text::Text;
use aethos::core::time::{Day, Millis};
use aethos::session::assessment::FormerScores;
use aethos::session::{Comparison, Mode};

use super::support::questions::{
    competency, matching, multiple, numeric, open, options, ordering, question,
};

/// The slots of the questions in the session.
pub const SINGLE: usize = 0;
pub const MULTIPLE: usize = 1;
pub const ORDERING: usize = 2;
pub const MATCHING: usize = 3;
pub const NUMERIC: usize = 4;
pub const CODE: usize = 5;
pub const LONG: usize = 6;
pub const SHARDING: usize = 6;
pub const OPEN: usize = 11;

pub fn blueprint() -> Blueprint {
    let competencies = vec![
        competency(
            "architecture-design",
            "Architecture design",
            10,
            &[("trade-offs", "Trade-offs")],
        ),
        competency(
            "scalability-expertise",
            "Scalability",
            11,
            &[("capacity", "Capacity"), ("sharding", "Sharding")],
        ),
        competency(
            "data-consistency",
            "Data consistency",
            15,
            &[("consensus", "Consensus"), ("models", "Models")],
        ),
        competency(
            "fault-tolerance",
            "Fault tolerance",
            18,
            &[
                ("retries", "Retries and timeouts"),
                ("failover", "Failover"),
            ],
        ),
        competency(
            "cloud-technologies",
            "Cloud technologies",
            10,
            &[("networks", "Networks")],
        ),
        competency(
            "concurrency-management",
            "Concurrency",
            17,
            &[("locks", "Locks")],
        ),
        competency(
            "system-monitoring",
            "Monitoring",
            11,
            &[("slo", "Service levels")],
        ),
        competency(
            "mentorship-skills",
            "Mentorship",
            8,
            &[("review", "Reviewing")],
        ),
        competency(
            "tips",
            "Tips",
            0,
            &[("tip-design-for-failure", "Design for failure")],
        ),
    ];
    Blueprint {
        competencies,
        tips: Vec::new(),
    }
}

pub fn home() -> Home {
    let blueprint = Arc::new(blueprint());
    let stock = |i: usize| Stock {
        questions: 12,
        unseen: 12 - i,
        written: i % 2,
        seconds: 12 * 75,
    };
    Home {
        stock: (0..blueprint.competencies.len()).map(stock).collect(),
        blueprint,
        decks: 9,
        questions: 112,
        ..Home::default()
    }
}

pub fn open_session() -> OpenSession {
    let left = Some(Millis::seconds(31 * 60 + 12));
    OpenSession {
        name: None,
        id: SessionId::new("20261121-1"),
        mode: Mode::Assess,
        people: Vec::new(),
        day: "21 Nov".to_owned(),
        time: "14:05".to_owned(),
        answered: 17,
        questions: 40,
        left,
    }
}

pub fn point() -> Point {
    Point {
        id: PointId::new("consensus/kp1"),
        facet: FacetId::new("consensus"),
        level: Level::Senior,
        text: Text::new(
            "A leader serves a linearizable read only after a majority has confirmed its term.",
        ),
        references: Vec::new(),
    }
}

/// Twelve questions: each type, one with code, a long one, and an open one at the end.
pub fn questions() -> Vec<Question> {
    let filler = |i: usize| {
        Interaction::Single(options(&[
            ("The first of them, as it bounds the damage.", 1.0),
            (
                "The second, as it is cheaper to run.",
                if i.is_multiple_of(2) { 0.5 } else { 0.0 },
            ),
            ("Neither, as both fail together.", 0.0),
        ]))
    };
    let mut questions = vec![
        question(
            "consensus.001",
            "consensus",
            Interaction::Single(options(&[
                (
                    "Answer 1, because the majority vote of term 7 stays in force until L itself steps down.",
                    0.0,
                ),
                (
                    "Hold it until a majority confirms term 7 by heartbeat, and fail it if none arrives.",
                    1.0,
                ),
                (
                    "Answer 1 once the remaining follower reports the same entry, as two copies now agree.",
                    0.0,
                ),
                (
                    "Redirect it to the follower beside L, as followers hear of a new term before leaders do.",
                    0.0,
                ),
            ])),
        ),
        question(
            "models.001",
            "models",
            multiple(options(&[
                ("Reads of one session never go back in time.", 1.0),
                ("A write is visible to everybody once it returns.", 0.0),
                (
                    "Writes that depend on one another are seen in their order.",
                    1.0,
                ),
                ("Two clients always agree on the latest value.", 0.0),
            ])),
        ),
        question(
            "failover.001",
            "failover",
            ordering(&[
                "Stop the old primary from taking writes.",
                "Find the replica with the longest log.",
                "Let the others follow it.",
                "Send the clients to it.",
            ]),
        ),
        question(
            "retries.001",
            "retries",
            matching(
                &[
                    ("A retry storm", 0),
                    ("A slow dependency", 1),
                    ("A request that is sent twice", 2),
                ],
                &[
                    "A retry budget",
                    "A deadline that is passed on",
                    "An idempotency key",
                    "A larger pool",
                    "A second region",
                ],
            ),
        ),
        question(
            "capacity.001",
            "capacity",
            numeric(
                "rate * time",
                &[("rate", &[400.0, 500.0]), ("time", &[0.05, 0.2])],
                "requests",
                &[(
                    "rate / time",
                    "Little's law multiplies; dividing gives no number of requests.",
                )],
            ),
        ),
        question("locks.001", "locks", filler(0)),
        question("sharding.001", "sharding", filler(1)),
    ];
    for (i, facet) in ["consensus", "models", "retries", "tip-design-for-failure"]
        .into_iter()
        .enumerate()
    {
        questions.push(question(&format!("{facet}.9{i}"), facet, filler(i)));
    }
    let criteria = [
        ("Names the cost of each side", 2),
        ("Chooses one and says when to change", 3),
    ];
    questions.push(question("trade-offs.001", "trade-offs", open(&criteria)));
    questions[SINGLE].stem = Text::new(
        "A configuration store runs Raft on five nodes. A switch fault leaves the leader L (term 7) with one \
         follower on one side and three nodes on the other. A client beside L asks for the value of a key \
         that L has as 1.",
    );
    questions[SINGLE].lead_in = Text::new("How should L treat this read?");
    questions[SINGLE].points = vec![PointId::new("consensus/kp1")];
    questions[SINGLE].references = vec![Reference {
        author: Text::new("Ongaro, Ousterhout"),
        title: Text::new("In Search of an Understandable Consensus Algorithm"),
        place: Text::new("USENIX ATC"),
        year: 2014,
        url: None,
    }];
    questions[SINGLE].checked = Some(Checked {
        on: Text::new("2026-11-01"),
        against: Text::new("the extended version"),
    });
    questions[SINGLE].explanation = Text::new(
        "L cannot know whether the other side has elected a leader of term 8. A heartbeat round tells it.",
    );
    questions[NUMERIC].stem =
        Text::new("A service takes {rate} requests a second, each for {time} s.");
    questions[NUMERIC].lead_in = Text::new("How many requests are in it at a time?");
    questions[CODE].stem = Text::new("Two threads call this method.");
    questions[CODE].code = Some(Code {
        language: Text::new("rust"),
        text: Text::new(
            "fn take(&self) -> Option<Job> {\n    if self.queue.lock().is_empty() { // another thread may come between\n        return None;\n    }\n    self.queue.lock().pop()\n}",
        ),
        numbers: false,
    });
    let paragraph = |i: usize| {
        format!(
            "Paragraph {i}. {}",
            "The partition map names an owner for every key. ".repeat(9)
        )
    };
    let stem: Vec<String> = (1..=9).map(paragraph).collect();
    questions[LONG].stem = Text::new(&format!(
        "{}\n\n- one entry of a list\n- another one",
        stem.join("\n\n")
    ));
    questions
}

/// A change of the overall score by this many points, from `low` on.
fn since(by: f64, low: f64) -> Comparison {
    let overall = Some(Difference {
        by,
        low,
        high: 2.0 * by - low,
    });
    Comparison {
        session: SessionId::new("2026"),
        day: "14 Nov 2026".to_owned(),
        overall,
        competencies: Default::default(),
        different_editions: false,
    }
}

/// 180 answers with a confidence, by an overconfident person.
pub fn calibrated() -> CalibrationView {
    let answers = [(0.25, 20, 7), (0.5, 50, 27), (0.75, 60, 38), (0.95, 50, 40)];
    let answers = answers.into_iter().flat_map(|(stated, n, right)| {
        (0..n).map(move |i| (stated, if i < right { 1.0 } else { 0.0 }))
    });
    CalibrationView {
        sessions: 5,
        calibration: Calibration::of(&answers.collect::<Vec<_>>()),
    }
}

/// The scores of version 1 of the scoring.
fn former() -> FormerScores {
    FormerScores {
        version: 1,
        overall: Some((60.0, 48.0, 71.0)),
        competencies: Default::default(),
        corrected: None,
    }
}

/// The days of the sessions, newest first.
const DAYS: [Day; 6] = [
    Day(20_778),
    Day(20_775),
    Day(20_740),
    Day(20_718),
    Day(20_717),
    Day(20_716),
];

pub fn history() -> Vec<HistoryRow> {
    let scores = [
        (71.0, 62.0, 80.0),
        (66.0, 55.0, 76.0),
        (58.0, 45.0, 70.0),
        (61.0, 40.0, 79.0),
    ];
    let past = |i: usize| HistoryRow {
        id: SessionId::new(format!("2026-{i}")),
        name: (i == 3).then(|| Text::new("before the move")),
        day: DAYS[i].to_string(),
        date: DAYS[i],
        started_at: format!("2026-11-{}T14:05:00+00:00", 21 - i),
        finished_at: None,
        questions: if i == 4 { 8 } else { 40 },
        answered: if i == 4 { 2 } else { 38 - i },
        spent: Millis::seconds(2840 - 60 * i as u64),
        mode: Mode::Assess,
        state: match i {
            5 => HistoryState::Waiting(open_session()),
            _ => HistoryState::Finished,
        },
        overall: scores.get(i).copied(),
        competencies: vec![scores.get(i).copied(), None],
        continues: if i == 1 {
            vec![SessionId::new("2026-2")]
        } else {
            Vec::new()
        },
        own_decks: if i == 3 {
            vec![DeckId::new("mine")]
        } else {
            Vec::new()
        },
        before: match i {
            0 => PreviousComparison::Compared(since(9.2, 1.8)),
            1 => PreviousComparison::Compared(since(3.4, -4.9)),
            2 => PreviousComparison::OtherBank {
                different_editions: false,
            },
            _ => PreviousComparison::Nothing,
        },
        former: if i == 2 { vec![former()] } else { Vec::new() },
    };
    (0..6).map(past).collect()
}

pub fn deck() -> DeckPage {
    let facet = |title: &str, questions, seen: &[&str]| FacetCoverage {
        title: Text::new(title),
        questions,
        seen: seen
            .iter()
            .map(|lead_in| (Level::Senior, Text::new(lead_in)))
            .collect(),
    };
    DeckPage {
        id: DeckId::new("data-consistency"),
        title: Text::new("Data consistency"),
        facets: vec![
            facet(
                "Consensus",
                9,
                &[
                    "What does the old leader have to do?",
                    "Which of these reads can be stale, and why does the lease not help here at all?",
                ],
            ),
            facet("Models", 12, &[]),
        ],
    }
}

/// Returns `n` answers; those who are good elsewhere pick the option at `best`.
fn answers(n: usize, best: usize) -> Vec<ItemResponse> {
    let answer = |i: usize| {
        let pick = if i < n / 3 { i % 3 } else { best };
        ItemResponse {
            score: f64::from(u8::from(pick == 0)),
            picks: vec![pick],
            rest: Some(i as f64 / n as f64),
            spent: Some(Millis::seconds(40 + 3 * i as u64)),
            is_sure: i.is_multiple_of(2).then_some(i.is_multiple_of(4)),
        }
    };
    (0..n).map(answer).collect()
}

/// What the answers say about three questions: many answers and a doubtful key, many answers, and few answers to a
/// question that the user has not seen.
pub fn items() -> ItemsPage {
    let line = |id: &str, n, best, is_seen| {
        let item = AnalysedItem {
            chance: Some(1.0 / 3.0),
            fair: Millis::seconds(45),
            keys: vec![true, false, false],
        };
        ItemLine {
            deck: DeckId::new("data-consistency"),
            question: QuestionId::new(id),
            lead_in: Text::new("What does the old leader have to do when the connection to the others returns?"),
            options: [
                "It steps down as soon as it sees a higher term, and its uncommitted entries are replaced by those of the new leader.",
                "It keeps its entries.",
                "It asks the clients which of the entries were confirmed.",
            ]
            .map(Text::new)
            .to_vec(),
            statistics: analyse(&item, &answers(n, best)),
            item,
            is_seen,
        }
    };
    ItemsPage {
        title: Text::new("Data consistency"),
        lines: vec![
            line("consensus-paxos-raft.001", 24, 1, true),
            line("consensus-paxos-raft.004", 21, 0, true),
            line("consistency-models-and-their-anomalies.012", 4, 0, false),
        ],
    }
}

pub fn decks() -> Vec<DeckLine> {
    let deck = |title: &str, questions, builtin| DeckLine {
        id: Some(DeckId::new("data-consistency")),
        title: title.to_owned(),
        questions,
        facets: (5, 6),
        builtin,
        counts: builtin,
        problems: Vec::new(),
    };
    let mut broken = deck("Our own incidents", 3, false);
    broken.problems = vec![
        "incidents.toml:14:1  the question `retry.001` has no key: give one option `key = true`"
            .to_owned(),
        "and 4 more: aethos check incidents.toml".to_owned(),
    ];
    vec![
        deck("Data consistency", 12, true),
        deck("Fault tolerance", 1, true),
        broken,
    ]
}
