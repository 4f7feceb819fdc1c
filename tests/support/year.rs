//! A year of made-up mentor sessions: weekly, with one person or all of them, improving at different speeds.

use aethos::core::form::{BankId, Code, Form, Item, Planned, freeze};
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, PersonId, SessionId};
use aethos::core::question::{Interaction, Question};
use aethos::core::response::{Answer, Confidence};
use aethos::core::rng::Stream;
use aethos::core::time::{Day, Limit, Millis, Multiplier};
use aethos::session::meeting::{Event, Meeting, MeetingRecord, MeetingVerdict, Round, Seat};
use aethos::session::{Mode, Stamped};
use aethos::store::{NewSession, Store, StoredEvent};

/// A question that can be asked, and its text as stored in the history.
#[derive(Clone)]
pub struct Banked {
    pub deck: DeckId,
    pub competency: CompetencyId,
    pub question: Question,
    pub source: String,
}

/// A session as stored.
pub struct Sitting {
    pub start: NewSession,
    pub day: Day,
    pub people: Vec<PersonId>,
    pub questions: Vec<Banked>,
    pub log: Vec<StoredEvent<Event>>,
}

/// The number of questions per session.
const ASKED: usize = 7;
const DAY_MS: i64 = 86_400_000;

const EVIDENCE: [&str; 4] = [
    "Guessed, and said so.",
    "Named the quorum after a hint.",
    "Explained it with one example of last week.",
    "Explained it, and said where the rule ends.",
];
const AGREED: [&str; 4] = [
    "Read section 5 of the Raft paper",
    "Draw the failover of our billing service",
    "Set a retry budget in one client and show the graph",
    "Explain linearizability to somebody else",
];
const SAID: [&str; 3] = [
    "A majority is counted among all nodes, not among those I can reach.",
    "I was sure and wrong twice: I mix up isolation and consistency.",
    "I want to try this on our own incident.",
];

/// Creates `weeks` sessions from the day `first` on. Every fourth is with all people, the others with one in turn.
pub fn year(
    bank: &[Banked],
    people: &[PersonId],
    first: Day,
    weeks: usize,
    seed: u64,
) -> Vec<Sitting> {
    let mut made: Vec<Sitting> = Vec::new();
    // Questions to repeat, by person.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    for week in 0..weeks {
        let mut chance = Stream::new(seed, &format!("week {week}"));
        let seats: Vec<usize> = if week % 4 == 3 {
            (0..people.len()).collect()
        } else {
            vec![(week - week / 4) % people.len()]
        };
        let mut places: Vec<usize> = waiting[seats[0]].drain(..).take(2).collect();
        while places.len() < ASKED.min(bank.len()) {
            let place = chance.below(bank.len() as u64) as usize;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let questions: Vec<Banked> = places.iter().map(|place| bank[*place].clone()).collect();
        let coming: Vec<PersonId> = seats.iter().map(|seat| people[*seat]).collect();
        let sitting = sitting(questions, coming, first, week, weeks, &mut chance);
        let meeting = sitting.meeting();
        for (seat, who) in seats.iter().enumerate() {
            let again = (0..meeting.len()).filter(|slot| meeting.brings_back(*slot, seat));
            waiting[*who].extend(again.map(|slot| places[slot]));
            waiting[*who].dedup();
        }
        made.push(sitting);
    }
    made
}

fn sitting(
    questions: Vec<Banked>,
    people: Vec<PersonId>,
    first: Day,
    week: usize,
    weeks: usize,
    chance: &mut Stream,
) -> Sitting {
    let day = first.plus(7 * week as i32);
    let noon = i64::from(day.0) * DAY_MS + DAY_MS / 2;
    let planned: Vec<Planned> = questions
        .iter()
        .map(|banked| Planned {
            deck: &banked.deck,
            competency: &banked.competency,
            question: &banked.question,
            fresh: true,
            rows_seen: &[],
        })
        .collect();
    let form: Form = freeze(Code::new(week as u64, 1, 0, 0, BankId::default()), &planned);
    let mut script = Script {
        at: 0,
        noon,
        log: Vec::new(),
    };
    for (slot, (item, banked)) in form.items.iter().zip(&questions).enumerate() {
        script.say(20, Event::Asked { slot });
        for (seat, person) in people.iter().enumerate() {
            script.vote(
                slot,
                seat,
                skill(*person, week, weeks),
                item,
                &banked.question,
                chance,
            );
        }
        script.say(60, Event::Committed);
        if people.len() > 1 {
            script.say(5, Event::SplitShown);
        }
        for seat in 0..people.len() {
            if let Interaction::Open { .. } = banked.question.interaction {
                continue;
            }
            let level = chance.below(3) as u8 + u8::from(chance.below(weeks as u64) < week as u64);
            script.say(
                20,
                Event::Reasoned {
                    slot,
                    seat,
                    criterion: 0,
                    level: Some(level),
                },
            );
            script.say(
                10,
                Event::Evidence {
                    slot,
                    seat,
                    text: EVIDENCE[usize::from(level)].to_owned(),
                },
            );
        }
        script.say(10, Event::Revealed);
    }
    script.say(200, Event::Closing);
    for seat in 0..people.len() {
        let pick = |of: &[&str], chance: &mut Stream| {
            of[chance.below(of.len() as u64) as usize].to_owned()
        };
        script.say(
            60,
            Event::Said {
                seat,
                text: pick(&SAID, chance),
            },
        );
        let due = (chance.below(3) > 0).then(|| day.plus(14));
        script.say(
            60,
            Event::Agreed {
                seat,
                place: 0,
                text: pick(&AGREED, chance),
                due,
            },
        );
        script.say(
            5,
            Event::PersonNoted {
                seat,
                text: "Tires after forty minutes.".to_owned(),
            },
        );
    }
    script.say(
        5,
        Event::NextMeeting {
            day: Some(day.plus(7)),
        },
    );
    script.say(5, Event::Finished);
    // Agreements are reviewed later; those of the last sessions are still open.
    if week + 6 < weeks {
        for seat in 0..people.len() {
            script.say(
                0,
                Event::Kept {
                    seat,
                    place: 0,
                    kept: Some(chance.below(4) > 0),
                },
            );
        }
    }
    let start = NewSession {
        id: SessionId::new(format!("{}-m{week:03}", day.iso().replace('-', ""))),
        person: PersonId::YOU,
        mode: Mode::Mentor,
        started_at: noon,
        form,
        limit: Limit::Untimed,
        multiplier: Multiplier::ONE,
        setup: format!(
            "{{\"people\":{:?}}}",
            people.iter().map(|person| person.0).collect::<Vec<_>>()
        ),
    };
    Sitting {
        start,
        day,
        people,
        questions,
        log: script.log,
    }
}

/// The probability of a correct answer, in percent: it grows over the year, from different starting points.
fn skill(person: PersonId, week: usize, weeks: usize) -> u64 {
    let begin = [35, 50, 60][person.0.unsigned_abs() as usize % 3];
    begin + 35 * week as u64 / weeks as u64
}

struct Script {
    at: u64,
    noon: i64,
    log: Vec<StoredEvent<Event>>,
}

impl Script {
    /// Records an event, this many seconds later.
    fn say(&mut self, seconds: u64, event: Event) {
        self.at += 1000 * seconds;
        let stamped = Stamped {
            at: Millis(self.at),
            event,
        };
        self.log.push(StoredEvent {
            wall_ms: self.noon + self.at as i64,
            day: Day(0),
            stamped,
            score: None,
        });
    }

    fn vote(
        &mut self,
        slot: usize,
        seat: usize,
        skill: u64,
        item: &Item,
        question: &Question,
        chance: &mut Stream,
    ) {
        let right = chance.below(100) < skill;
        let answer = answer(question, item, right);
        let said = match (right, chance.below(10)) {
            (true, 0..2) => Confidence::Unsure,
            (true, _) => Confidence::Fairly,
            (false, 0..2) => Confidence::Sure,
            (false, _) => Confidence::Unsure,
        };
        self.say(
            30,
            Event::Voted {
                slot,
                round: Round::First,
                seat,
                answer,
            },
        );
        self.say(
            3,
            Event::Confident {
                slot,
                seat,
                confidence: Some(said),
            },
        );
    }
}

/// Returns a right or a wrong answer to a question.
pub fn answer(question: &Question, item: &Item, right: bool) -> Answer {
    match &question.interaction {
        Interaction::Single(options) => {
            let pick = ChoiceId::first(options.len())
                .zip(options)
                .find(|(_, option)| option.is_key() == right);
            Answer::Picked(pick.map(|(id, _)| id).into_iter().collect())
        }
        Interaction::Multiple { options, .. } => {
            let picks = ChoiceId::first(options.len())
                .zip(options)
                .filter(|(_, option)| option.is_key());
            let picks: Vec<ChoiceId> = picks.map(|(id, _)| id).collect();
            let few = if right { picks.len() } else { 1 };
            Answer::Picked(picks.into_iter().take(few).collect())
        }
        Interaction::Ordering { steps, .. } => {
            let mut order: Vec<ChoiceId> = ChoiceId::first(steps.len()).collect();
            if !right {
                order.reverse();
            }
            Answer::Ordered(order)
        }
        Interaction::Matching { left, .. } => Answer::Matched(
            left.iter()
                .map(|entry| right.then_some(entry.key).or(Some(left[0].key)))
                .collect(),
        ),
        Interaction::Numeric(numeric) => {
            let value = numeric.right(item.row) * if right { 1.0 } else { 3.0 };
            Answer::Number(format!("{value}"))
        }
        Interaction::Open { .. } | Interaction::Recall(_) => {
            Answer::Written("It depends on who has to run it.".to_owned())
        }
    }
}

impl Sitting {
    pub fn meeting(&self) -> Meeting {
        let seats = self
            .people
            .iter()
            .map(|person| Seat { person: *person })
            .collect();
        let questions: Vec<Question> = self
            .questions
            .iter()
            .map(|banked| banked.question.clone())
            .collect();
        let log: Vec<Stamped<Event>> = self
            .log
            .iter()
            .map(|logged| logged.stamped.clone())
            .collect();
        Meeting::new(self.start.form.clone(), questions.into(), seats).replay(&log)
    }

    pub fn record(&self) -> MeetingRecord {
        MeetingRecord::of(&self.meeting(), self.start.id.clone(), self.day)
    }

    /// Returns true if an answer in the session has this verdict.
    pub fn has(&self, verdict: MeetingVerdict) -> bool {
        self.record()
            .seats
            .iter()
            .any(|seat| seat.marks.iter().any(|mark| mark.verdict == Some(verdict)))
    }

    /// Writes the session to a store, as it would have been written while it was held.
    pub fn keep(&self, store: &mut Store) {
        let items = self.start.form.items.iter().zip(&self.questions);
        let sources: Vec<_> = items
            .map(|(item, banked)| {
                (
                    item.fingerprint,
                    item.deck.clone(),
                    item.question.clone(),
                    banked.source.as_str(),
                )
            })
            .collect();
        store
            .start(&self.start, &sources)
            .expect("a session can be stored");
        store
            .append(&self.start.id, 0, &self.log)
            .expect("its events can be stored");
    }
}
