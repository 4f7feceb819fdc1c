//! The order of practice questions: the queue, with missed questions repeated once.

use std::collections::{BTreeSet, HashMap};

use super::machine::Session;
use crate::core::form::Item;
use crate::core::id::{DeckId, QuestionId};
use crate::core::practice::{QueueReason, Queued};
use crate::core::question::Row;

/// The number of other questions asked before a missed one is repeated.
const QUESTIONS_BEFORE_REPEAT: usize = 3;

/// The queue of practice questions. Its order depends only on the queue and the session, so a resumed session asks the
/// same questions.
#[derive(Clone, Debug, Default)]
pub struct PracticeQueue {
    waiting: Vec<Queued>,
    families: HashMap<(DeckId, QuestionId), String>,
    /// Questions that can't be read.
    excluded: Vec<(DeckId, QuestionId)>,
}

impl PracticeQueue {
    /// Creates a queue. `families` has the family of each question that has one.
    pub fn new(waiting: Vec<Queued>, families: HashMap<(DeckId, QuestionId), String>) -> Self {
        Self {
            waiting,
            families,
            excluded: Vec::new(),
        }
    }

    /// Returns the next question, or `None` at the end of the queue.
    ///
    /// A missed question is repeated as soon as `QUESTIONS_BEFORE_REPEAT` others were asked, otherwise at the end.
    /// Two questions of one family are separated by another question if possible.
    pub fn next(&self, session: &Session) -> Option<Queued> {
        let asked = &session.form.items;
        let owed: Vec<usize> = session
            .questions_to_repeat()
            .filter(|slot| !self.is_excluded(&asked[*slot]))
            .collect();
        let again = |slot: &usize| {
            let Item { deck, question, .. } = asked[*slot].clone();
            Queued {
                deck,
                question,
                why: QueueReason::Again,
            }
        };
        let ripe = owed
            .iter()
            .filter(|slot| *slot + QUESTIONS_BEFORE_REPEAT < asked.len())
            .map(again);
        let is_asked = |queued: &Queued| {
            asked
                .iter()
                .any(|item| is_of(item, &queued.deck, &queued.question))
        };
        let is_excluded = |queued: &Queued| {
            self.excluded
                .iter()
                .any(|(d, q)| *d == queued.deck && *q == queued.question)
        };
        let waiting = self
            .waiting
            .iter()
            .filter(|queued| !is_asked(queued) && !is_excluded(queued))
            .cloned();
        let mut candidates: Vec<Queued> = ripe.chain(waiting).collect();
        if candidates.is_empty() {
            candidates = owed.iter().map(again).collect();
        }
        let apart = candidates
            .iter()
            .position(|queued| !self.is_related(queued, asked.last()));
        (!candidates.is_empty()).then(|| candidates.swap_remove(apart.unwrap_or(0)))
    }

    /// Returns the reason for asking a question: that of the queue, otherwise that the person wants more of its facet.
    pub fn why(&self, deck: &DeckId, question: &QuestionId, session: &Session) -> QueueReason {
        let is_asked = session
            .form
            .items
            .iter()
            .any(|item| is_of(item, deck, question));
        let queued = self
            .waiting
            .iter()
            .find(|queued| queued.deck == *deck && queued.question == *question);
        queued
            .filter(|_| !is_asked)
            .map_or(QueueReason::More, |queued| queued.why)
    }

    /// Excludes a question that can't be read.
    pub fn exclude(&mut self, deck: &DeckId, question: &QuestionId) {
        self.excluded.push((deck.clone(), question.clone()));
    }

    fn is_excluded(&self, item: &Item) -> bool {
        self.excluded
            .iter()
            .any(|(deck, question)| is_of(item, deck, question))
    }

    /// Returns true if it is the same question as the last one, or of the same family.
    fn is_related(&self, queued: &Queued, last: Option<&Item>) -> bool {
        let Some(last) = last else { return false };
        let family = |deck: &DeckId, question: &QuestionId| {
            self.families.get(&(deck.clone(), question.clone()))
        };
        let own = family(&queued.deck, &queued.question);
        is_of(last, &queued.deck, &queued.question)
            || own.is_some() && own == family(&last.deck, &last.question)
    }
}

fn is_of(item: &Item, deck: &DeckId, question: &QuestionId) -> bool {
    item.question == *question && item.deck == *deck
}

/// Returns the rows of parameters not to draw for a question that has `rows` of them: all rows that the person has seen
/// if another one is left, otherwise those of this session, otherwise the last one.
pub fn rows_to_avoid(
    session: &Session,
    (deck, question): (&DeckId, &QuestionId),
    rows: u32,
    seen: &BTreeSet<Row>,
) -> Vec<Row> {
    let items = session
        .form
        .items
        .iter()
        .filter(|item| is_of(item, deck, question));
    let here: Vec<Row> = items.map(|item| item.row).collect();
    let ever: BTreeSet<Row> = seen.iter().chain(&here).copied().collect();
    let leaves_one = |taken: usize| taken < rows as usize;
    if leaves_one(ever.len()) {
        ever.into_iter().collect()
    } else if leaves_one(here.iter().collect::<BTreeSet<_>>().len()) {
        here
    } else {
        here.last().copied().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::form::{Form, Growing};
    use crate::core::id::{ChoiceId, CompetencyId, FacetId, Fingerprint};
    use crate::core::practice::Grade;
    use crate::core::question::{Choice, Demand, Interaction, Kind, Level, Question};
    use crate::core::response::{Answer, Confidence};
    use crate::core::text::Text;
    use crate::core::time::{Limit, Millis, Multiplier};
    use crate::session::{Event, Mode, Stamped};

    fn question(name: &str) -> Question {
        let option = |credit| Choice {
            text: Text::new("an option"),
            credit,
            why: Text::new("why"),
            misconception: None,
        };
        Question {
            id: QuestionId::new(name),
            fingerprint: Fingerprint::of(name),
            facet: FacetId::new("facet"),
            points: Vec::new(),
            tips: Vec::new(),
            level: Level::Senior,
            demand: Demand::Apply,
            family: None,
            seconds: 60,
            stem: Text::new("stem"),
            code: None,
            lead_in: Text::new("lead-in"),
            interaction: Interaction::Single(vec![option(1.0), option(0.0), option(0.0)]),
            explanation: Text::new("explanation"),
            discussion: None,
            references: Vec::new(),
            checked: None,
            simulation: None,
            retired: None,
            figures: Vec::new(),
        }
    }

    fn item(name: &str, why: QueueReason) -> Item {
        Item {
            deck: DeckId::new("deck"),
            question: QuestionId::new(name),
            fingerprint: Fingerprint::of(name),
            competency: CompetencyId::new("competency"),
            facet: FacetId::new("facet"),
            level: Level::Senior,
            kind: Kind::Single,
            seconds: 60,
            row: Row(0),
            order: ChoiceId::first(3).collect(),
            fresh: true,
            variant: false,
            instance: None,
            why: Some(why),
        }
    }

    fn queue(names: &str, families: &[(&str, &str)]) -> PracticeQueue {
        let queued = |name| Queued {
            deck: DeckId::new("deck"),
            question: QuestionId::new(name),
            why: QueueReason::New,
        };
        let family = |(name, family): &(&str, &str)| {
            (
                (DeckId::new("deck"), QuestionId::new(*name)),
                family.to_string(),
            )
        };
        PracticeQueue::new(
            names.split(' ').map(queued).collect(),
            families.iter().map(family).collect(),
        )
    }

    /// Answers all questions of the queue, those in `wrong` wrongly, and returns their names; a repeat has a `+`.
    fn asked(queue: &PracticeQueue, wrong: &str) -> String {
        let first = queue.waiting[0].question.to_string();
        let growing = Some(Growing {
            budget: queue.waiting.len(),
            seed: 7,
            deepens: false,
        });
        let form = Form {
            code: String::new(),
            items: vec![item(&first, QueueReason::New)],
            growing,
        };
        let mut session = Session::new(
            form,
            [question(&first)].into(),
            Limit::Untimed,
            Multiplier::ONE,
        )
        .in_mode(Mode::Practise);
        let mut names = vec![first];
        loop {
            let slot = session.len() - 1;
            let mut happens = |event| {
                session
                    .apply(&Stamped {
                        at: Millis::ZERO,
                        event,
                    })
                    .unwrap();
            };
            let is_right = !wrong
                .split(' ')
                .any(|name| names[slot].trim_end_matches('+') == name);
            happens(Event::Shown { slot });
            happens(Event::Answered {
                slot,
                answer: Answer::Picked(vec![ChoiceId(u8::from(!is_right))]),
            });
            happens(Event::Confident {
                slot,
                confidence: Some(Confidence::Sure),
            });
            happens(Event::Revealed { slot });
            let grade = session.automatic_grade(slot).unwrap();
            session
                .apply(&Stamped {
                    at: Millis::ZERO,
                    event: Event::Graded { slot, grade },
                })
                .unwrap();
            assert_eq!(grade, if is_right { Grade::Good } else { Grade::Again });
            let Some(next) = queue.next(&session) else {
                assert_eq!(
                    session.most(),
                    session.len(),
                    "it was known how many there would be"
                );
                return names.join(" ");
            };
            let name = next.question.to_string();
            session.learn(question(&name));
            session
                .apply(&Stamped {
                    at: Millis::ZERO,
                    event: Event::Drawn {
                        item: item(&name, next.why),
                    },
                })
                .unwrap();
            names.push(if next.why == QueueReason::Again {
                format!("{name}+")
            } else {
                name
            });
        }
    }

    #[test]
    fn the_queue_is_asked_in_its_order() {
        assert_eq!(asked(&queue("a b c d", &[]), ""), "a b c d");
    }

    #[test]
    fn what_was_not_known_comes_back_once_after_three_others() {
        assert_eq!(
            asked(&queue("a b c d e f", &[]), "a c"),
            "a b c d a+ e c+ f"
        );
        assert_eq!(asked(&queue("a b c d e f", &[]), "a"), "a b c d a+ e f");
    }

    #[test]
    fn at_the_end_it_comes_back_although_fewer_are_left() {
        assert_eq!(asked(&queue("a b c", &[]), "b c"), "a b c b+ c+");
        assert_eq!(asked(&queue("a", &[]), "a"), "a a+");
    }

    #[test]
    fn a_family_is_pulled_apart_where_that_is_possible() {
        assert_eq!(
            asked(&queue("a b c", &[("a", "f"), ("b", "f")]), ""),
            "a c b"
        );
        assert_eq!(asked(&queue("a b", &[("a", "f"), ("b", "f")]), ""), "a b");
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let mut queue = queue("a b c", &[]);
        queue.exclude(&DeckId::new("deck"), &QuestionId::new("b"));
        let growing = Some(Growing {
            budget: 3,
            seed: 7,
            deepens: false,
        });
        let form = Form {
            code: String::new(),
            items: vec![item("a", QueueReason::New)],
            growing,
        };
        let session = Session::new(
            form,
            [question("a")].into(),
            Limit::Untimed,
            Multiplier::ONE,
        );
        assert_eq!(
            queue
                .next(&session.in_mode(Mode::Practise))
                .unwrap()
                .question
                .as_str(),
            "c"
        );
    }

    #[test]
    fn a_new_row_each_time_and_unseen_ones_first() {
        let session = |rows: &[u32]| {
            let items = rows
                .iter()
                .map(|row| Item {
                    row: Row(*row),
                    ..item("a", QueueReason::New)
                })
                .collect();
            let form = Form {
                code: String::new(),
                items,
                growing: None,
            };
            Session::new(
                form,
                rows.iter().map(|_| question("a")).collect(),
                Limit::Untimed,
                Multiplier::ONE,
            )
        };
        let avoid = |here: &[u32], rows, seen: &[u32]| {
            let seen = seen.iter().map(|row| Row(*row)).collect();
            let avoided = rows_to_avoid(
                &session(here),
                (&DeckId::new("deck"), &QuestionId::new("a")),
                rows,
                &seen,
            );
            avoided.into_iter().map(|row| row.0).collect::<Vec<_>>()
        };
        assert_eq!(avoid(&[1], 4, &[0, 2]), [0, 1, 2]);
        assert_eq!(avoid(&[1], 3, &[0, 2]), [1]);
        assert_eq!(avoid(&[0, 1, 0], 2, &[]), [0]);
    }
}
