//! Three people with a year of mentor sessions, on made-up questions and competencies.

use std::sync::LazyLock;

use aethos::app::people::{
    CohortPage, DraftQuestion, LastMeeting, MeetingDraft, OwnLine, PersonPage, Roster, RosterLine,
    SessionLine,
};
use aethos::core::blueprint::Blueprint;
use aethos::core::id::{DeckId, Fingerprint, PersonId};
use aethos::core::question::{Interaction, Level};
use aethos::core::text::Text;
use aethos::core::time::Day;
use aethos::session::meeting::{
    Agreement, BringBackCandidate, Cohort, DEFAULT_QUESTIONS, DraftMeeting, MeetingCandidate,
    MeetingPlan, MeetingRecord, MentoringProgress,
};

use aethos::session::present::{Asked, Revealed};

use super::questions::{competency, form, options, question};
use super::year::{Banked, Sitting, year};

pub const PEOPLE: [(PersonId, &str); 3] = [
    (PersonId(2), "Mina"),
    (PersonId(3), "João"),
    (PersonId(4), "Ada"),
];
/// 22 November 2026, a Sunday.
pub const TODAY: Day = Day(20_779);

pub fn names() -> Vec<(PersonId, Text)> {
    PEOPLE
        .iter()
        .map(|(id, name)| (*id, Text::new(name)))
        .collect()
}

pub fn blueprint() -> Blueprint {
    let competencies = vec![
        competency(
            "architecture-design",
            "Architecture design",
            25,
            &[("trade-offs", "Trade-offs")],
        ),
        competency(
            "data-consistency",
            "Data consistency",
            25,
            &[("consensus", "Consensus"), ("models", "Models")],
        ),
        competency(
            "fault-tolerance",
            "Fault tolerance",
            25,
            &[("retries", "Retries"), ("failover", "Failover")],
        ),
        competency(
            "system-monitoring",
            "Monitoring",
            25,
            &[("slo", "Service levels")],
        ),
    ];
    Blueprint {
        competencies,
        tips: Vec::new(),
    }
}

/// Eight single questions on each facet; two are twins by level and facet, and two are a family.
pub fn bank() -> Vec<Banked> {
    let mut bank = Vec::new();
    for competency in blueprint().competencies {
        for facet in &competency.facets {
            for n in 0..8 {
                let id = format!("{}.{n:03}", facet.id);
                let texts = [
                    (&*format!("The key of {id}."), 1.0),
                    ("The first wrong one.", 0.0),
                    ("The second wrong one.", 0.0),
                ];
                let mut question =
                    question(&id, facet.id.as_str(), Interaction::Single(options(&texts)));
                question.fingerprint = Fingerprint::of(&id);
                question.stem = Text::new(&format!(
                    "Situation {n} about {}: a node is slow.",
                    facet.title
                ));
                question.lead_in = Text::new("What does the caller see?");
                question.level = Level::ALL[n % 4];
                question.family = (n < 2).then(|| format!("{}-family", facet.id));
                question.discussion = Some(Text::new("What if the node were dead?"));
                let (deck, competency) =
                    (DeckId::new(competency.id.as_str()), competency.id.clone());
                bank.push(Banked {
                    deck,
                    competency,
                    source: format!("# {id}"),
                    question,
                });
            }
        }
    }
    bank
}

pub fn a_year() -> Vec<Sitting> {
    year(
        &bank(),
        &PEOPLE.map(|(id, _)| id),
        TODAY.plus(-7 * 52 + 3),
        52,
        7,
    )
}

/// The records of the year, computed once because property tests use them thousands of times.
pub fn records() -> &'static [MeetingRecord] {
    static RECORDS: LazyLock<Vec<MeetingRecord>> =
        LazyLock::new(|| a_year().iter().map(Sitting::record).collect());
    &RECORDS
}

pub fn roster() -> Roster {
    let records = records();
    let line = |(id, name): &(PersonId, &str)| {
        let growth = MentoringProgress::of(records, *id);
        RosterLine {
            id: *id,
            name: Text::new(name),
            last: growth.last,
            next: growth.next,
            meetings: growth.meetings,
            own: 2,
            events: 815,
            open: growth.open_agreements().into_iter().cloned().collect(),
            waiting: growth.waiting().len(),
        }
    };
    let mut lines: Vec<RosterLine> = PEOPLE.iter().map(line).collect();
    lines.push(RosterLine {
        id: PersonId(9),
        name: Text::new("Bartholomew Featherstonehaugh the Younger"),
        last: None,
        next: None,
        meetings: 0,
        own: 0,
        events: 0,
        open: Vec::new(),
        waiting: 0,
    });
    Roster {
        today: TODAY,
        lines,
        losses: Vec::new(),
    }
}

pub fn person() -> PersonPage {
    let (id, name) = PEOPLE[0];
    let name_of = |id: PersonId| {
        let known = PEOPLE.iter().find(|(of, _)| *of == id);
        known.map_or_else(Text::default, |(_, name)| Text::new(name))
    };
    let lines = records()
        .iter()
        .rev()
        .filter_map(|record| SessionLine::of(record, id, name_of));
    PersonPage {
        sessions: lines.collect(),
        note: Some("Tires after forty minutes.".into()),
        id,
        name: Text::new(name),
        today: TODAY,
        growth: MentoringProgress::of(records(), id),
        own: vec![
            OwnLine {
                day: "21 Oct 2026".to_owned(),
                score: Some((64.0, 57.0, 71.0)),
            },
            OwnLine {
                day: "2 Mar 2026".to_owned(),
                score: None,
            },
        ],
        practice: 12,
    }
}

pub fn cohort() -> CohortPage {
    let names = PEOPLE.iter().map(|(_, name)| Text::new(name)).collect();
    CohortPage {
        names,
        cohort: Cohort::of(records(), &PEOPLE.map(|(id, _)| id)),
    }
}

/// Creates a session with some of [`PEOPLE`].
pub fn prepared(who: &[usize]) -> MeetingDraft {
    let records = records();
    let candidates: Vec<MeetingCandidate> = bank()
        .into_iter()
        .map(|banked| MeetingCandidate {
            deck: banked.deck,
            question: banked.question.id,
            competency: banked.competency,
            facet: banked.question.facet,
            level: banked.question.level,
            kind: banked.question.interaction.kind(),
            seconds: banked.question.seconds,
            family: banked.question.family,
            seen: usize::from(banked.question.level == Level::Junior),
        })
        .collect();
    let (mut back, mut agreed): (Vec<BringBackCandidate>, Vec<(usize, Agreement)>) =
        Default::default();
    for (place, (person, _)) in who.iter().map(|place| PEOPLE[*place]).enumerate() {
        let growth = MentoringProgress::of(records, person);
        agreed.extend(
            growth
                .open_agreements()
                .into_iter()
                .map(|agreement| (place, agreement.clone())),
        );
        back.extend(growth.waiting().into_iter().filter_map(|waiting| {
            let candidate = candidates
                .iter()
                .position(|candidate| candidate.question == waiting.item.question)?;
            Some(BringBackCandidate {
                candidate,
                person,
                reason: waiting.reason,
                day: waiting.day,
                about: waiting.about.clone(),
                answer: Text::new("The second wrong one."),
            })
        }));
    }
    back.sort_by_key(|back| (back.reason, back.day));
    let mut draft = DraftMeeting::new(
        who.iter().map(|place| PEOPLE[*place].0).collect(),
        candidates,
        back,
    );
    draft.suggest(
        DEFAULT_QUESTIONS,
        &blueprint()
            .competencies
            .into_iter()
            .map(|c| c.id)
            .collect::<Vec<_>>(),
    );
    let names = who
        .iter()
        .map(|place| Text::new(PEOPLE[*place].1))
        .collect();
    let last = who.iter().enumerate().filter_map(|(place, who)| {
        let last = LastMeeting::of(records, PEOPLE[*who].0)?;
        Some((place, last))
    });
    MeetingDraft {
        today: TODAY,
        names,
        last: last.collect(),
        agreed,
        draft,
    }
}

/// Returns a question of a plan as the shell reads it.
pub fn draft_question(plan: &MeetingPlan, at: usize) -> DraftQuestion {
    let question = bank()
        .into_iter()
        .map(|banked| banked.question)
        .find(|question| question.id == plan.questions[at].1)
        .expect("it is in the bank");
    let form = form(&blueprint(), std::slice::from_ref(&question), |_| true);
    let item = &form.items[0];
    DraftQuestion {
        at,
        asked: Asked::of(&question, item),
        revealed: Revealed::of(&question, item, None, |_| None),
        discussion: question.discussion.clone().unwrap_or_default(),
    }
}
