//! A small form with every question type, for tests of results and reports.

use aethos::core::blueprint::{Blueprint, Competency, Facet};
use aethos::core::form::{Form, Item};
use aethos::core::formula::Formula;
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, PointId, QuestionId};
use aethos::core::question::{
    Choice, Code, Criterion, Demand, Interaction, Left, Level, Numeric, Param, Question, Reference,
    Row, Step, WrongFormula,
};
use aethos::core::time::{Limit, Millis, Multiplier};
use aethos::session::Session;

/// The slots of the form.
pub const QUORUM: usize = 0;
pub const LEASE: usize = 1;
pub const CONFLICTS: usize = 2;
pub const COMMIT: usize = 3;
pub const ISOLATION: usize = 4;
pub const BUDGET: usize = 5;
pub const HOTSPOT: usize = 6;
pub const SHARDS: usize = 7;

fn choice(text: &str, credit: f64, why: &str, misconception: &str) -> Choice {
    let misconception = (!misconception.is_empty()).then(|| misconception.into());
    Choice {
        text: text.into(),
        credit,
        why: why.into(),
        misconception,
    }
}

fn ids(ids: &[u8]) -> Vec<ChoiceId> {
    ids.iter().copied().map(ChoiceId).collect()
}

pub fn question(
    id: &str,
    facet: &str,
    stem: &str,
    lead_in: &str,
    interaction: Interaction,
) -> Question {
    Question {
        id: QuestionId::new(id),
        fingerprint: Fingerprint::of(id),
        facet: FacetId::new(facet),
        points: vec![PointId::new(format!("{facet}/kp1"))],
        tips: vec![],
        level: Level::Senior,
        demand: Demand::Apply,
        family: None,
        seconds: 60,
        stem: stem.into(),
        code: None,
        lead_in: lead_in.into(),
        interaction,
        explanation: format!("The explanation of {id}.").as_str().into(),
        discussion: None,
        references: vec![Reference {
            author: "Gray".into(),
            title: "Notes on Data Base Operating Systems".into(),
            place: "section 5.8".into(),
            year: 1978,
            url: None,
        }],
        checked: None,
        simulation: None,
        retired: None,
        figures: Vec::new(),
    }
}

/// Four options, of which the second is the key.
fn single(id: &str, facet: &str) -> Question {
    let options = vec![
        choice(
            "Two of five",
            0.0,
            "Two sets of two need not meet.",
            "A fixed share is enough.",
        ),
        choice(
            "Three of five",
            1.0,
            "Any two sets of three meet in one node.",
            "",
        ),
        choice(
            "Four of five",
            0.5,
            "It works and tolerates one failure less.",
            "",
        ),
        choice(
            "Five of five",
            0.0,
            "One failure stops all writes.",
            "All must agree.",
        ),
    ];
    let stem =
        "A register is kept on five nodes.\n\n- a write goes to some of them\n- a read as well";
    question(
        id,
        facet,
        stem,
        "How many nodes should a write reach?",
        Interaction::Single(options),
    )
}

pub fn questions() -> Vec<Question> {
    let mut lease = single("lease.001", "leases");
    lease.code = Some(Code {
        language: "rust".into(),
        text: "fn renew(lease: Lease) {\n    lease.extend();\n}".into(),
        numbers: false,
    });
    let conflicts = Interaction::Multiple {
        select: 2,
        options: vec![
            choice(
                "Vector clocks",
                1.0,
                "They tell concurrent writes apart.",
                "",
            ),
            choice(
                "Wall clocks",
                0.0,
                "They order what was concurrent.",
                "Clocks agree.",
            ),
            choice("Version vectors", 1.0, "One counter for each replica.", ""),
            choice("Bloom filters", 0.0, "They tell membership.", ""),
            choice("Checksums", 0.0, "They tell that copies differ.", ""),
        ],
    };
    let step = |text: &str| Step {
        text: text.into(),
        why: "It needs the one before.".into(),
    };
    let commit = Interaction::Ordering {
        steps: [
            "Prepare is sent",
            "Votes are logged",
            "The decision is logged",
            "Commit is sent",
        ]
        .map(step)
        .into(),
        free: vec![],
    };
    let left = |text: &str, key: u8| Left {
        text: text.into(),
        key: ChoiceId(key),
        why: "By its definition.".into(),
    };
    let isolation = Interaction::Matching {
        left: vec![
            left("Read committed", 0),
            left("Snapshot", 1),
            left("Serialisable", 2),
        ],
        right: [
            "Unrepeatable read",
            "Write skew",
            "None of these",
            "Dirty write",
            "Dirty read",
        ]
        .map(Into::into)
        .into(),
    };
    let budget = Interaction::Numeric(Numeric {
        params: vec![Param {
            name: "slo".into(),
            values: vec![99.9, 99.5],
            unit: "%".into(),
            label: "objective".into(),
        }],
        formula: Formula::parse("720*(100-slo)/100", &["slo"]).unwrap(),
        unit: "h".into(),
        tolerance_rel: 0.01,
        tolerance_abs: 0.0,
        wrong: vec![WrongFormula {
            formula: Formula::parse("24*(100-slo)/100", &["slo"]).unwrap(),
            why: "A day instead of a month at {slo} %.".into(),
        }],
    });
    let criterion = |text: &str, points| Criterion {
        criterion: text.into(),
        points,
        evidence: "A sentence on it.".into(),
    };
    let hotspot = Interaction::Open {
        model_answer: "Split the key.\n\n1. add a suffix\n2. read all of them".into(),
        rubric: vec![
            criterion("Names the cause", 2),
            criterion("Spreads the writes", 3),
        ],
    };
    vec![
        single("quorum.001", "quorums"),
        lease,
        question(
            "conflict.001",
            "conflicts",
            "Two replicas take writes.",
            "Which two find conflicts?",
            conflicts,
        ),
        question(
            "commit.001",
            "commit",
            "Two-phase commit of one transaction.",
            "In which order?",
            commit,
        ),
        question(
            "isolation.001",
            "conflicts",
            "Three levels.",
            "Which anomaly does each still allow?",
            isolation,
        ),
        question(
            "budget.001",
            "objectives",
            "The objective is {slo} % of 720 h.",
            "How long may it be down?",
            budget,
        ),
        question(
            "hotspot.001",
            "partitions",
            "One key takes half of all writes.",
            "What do you change?",
            hotspot,
        ),
        single("shards.001", "partitions"),
        single("cache.001", "objectives"),
        single("tip.001", "tip-designs"),
    ]
}

/// Two competencies with weight, and the tips.
pub fn blueprint() -> Blueprint {
    let competency = |id: &str, title: &str, weight, facets: &[(&str, &str)]| Competency {
        id: CompetencyId::new(id),
        title: title.into(),
        weight,
        facets: facets
            .iter()
            .map(|(id, title)| Facet {
                id: FacetId::new(id),
                title: (*title).into(),
                place: "section 5, paragraph 2".into(),
            })
            .collect(),
    };
    let consistency = [
        ("quorums", "Quorums"),
        ("leases", "Leases"),
        ("conflicts", "Conflicts"),
        ("commit", "Atomic commit"),
        ("logs", "Replicated logs"),
    ];
    let scalability = [("objectives", "Objectives"), ("partitions", "Partitions")];
    Blueprint {
        competencies: vec![
            competency("data-consistency", "Data consistency", 60, &consistency),
            competency("scalability", "Scalability", 40, &scalability),
            competency("tips", "Tips", 0, &[("tip-designs", "Design for failure")]),
        ],
        tips: vec![],
    }
}

pub fn session_of(questions: Vec<Question>, limit: Limit) -> Session {
    let blueprint = blueprint();
    let item = |question: &Question| {
        let mut order = ids(&[2, 0, 1, 3, 4, 5]);
        order.retain(|id| id.index() < question.interaction.movable());
        Item {
            deck: DeckId::new("consistency"),
            question: question.id.clone(),
            fingerprint: question.fingerprint,
            competency: blueprint.facet(&question.facet).unwrap().0.id.clone(),
            facet: question.facet.clone(),
            level: question.level,
            kind: question.kind(),
            seconds: question.seconds,
            row: Row(1),
            order,
            fresh: true,
            variant: false,
            instance: None,
            why: None,
        }
    };
    let form = Form {
        code: "7K3-QX9".into(),
        items: questions.iter().map(item).collect(),
        growing: None,
    };
    Session::new(form, questions.into(), limit, Multiplier::ONE)
}

/// A session with ten questions, ten minutes and no answers yet.
pub fn session() -> Session {
    session_of(questions(), Limit::Within(Millis::minutes(10)))
}
