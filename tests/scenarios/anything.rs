//! Property tests: any sequence of events sent to a session.

use std::sync::Arc;

use aethos::core::blueprint::Blueprint;
use aethos::core::id::{ChoiceId, CompetencyId};
use aethos::core::practice::Grade;
use aethos::core::question::{Interaction, Level, Question};
use aethos::core::response::{Answer, Confidence};
use aethos::core::time::{Limit, Millis, Multiplier};
use aethos::session::assessment::{Assessment, Bank};
use aethos::session::{Event, Mode, Phase, Session, Stamped};
use proptest::prelude::*;

use super::support::questions::{
    competency, form, matching, multiple, numeric, open, options, ordering, question,
};

const OPTIONS: [(&str, f64); 4] = [("one", 1.0), ("two", 0.0), ("three", 0.5), ("four", 0.0)];

fn blueprint() -> Blueprint {
    let competencies = vec![
        competency(
            "consistency",
            "Consistency",
            60,
            &[("consistency-facet", "A facet")],
        ),
        competency("tips", "Tips", 0, &[("tips-facet", "A facet")]),
    ];
    Blueprint {
        competencies,
        tips: Vec::new(),
    }
}

fn questions() -> Vec<Question> {
    let interactions = [
        Interaction::Single(options(&OPTIONS)),
        multiple(options(&[
            ("one", 1.0),
            ("two", 0.0),
            ("three", 1.0),
            ("four", 0.0),
        ])),
        ordering(&["first", "second", "third", "fourth"]),
        matching(
            &[("left", 1), ("right", 0), ("both", 2)],
            &["a", "b", "c", "d", "e"],
        ),
        numeric("1500", &[], "ms", &[("15", "a hundred too few")]),
        open(&[("it is said", 2), ("it is shown", 1)]),
        Interaction::Single(options(&OPTIONS)),
    ];
    let facet = |i: usize| {
        if i == 6 {
            "tips-facet"
        } else {
            "consistency-facet"
        }
    };
    interactions
        .into_iter()
        .enumerate()
        .map(|(i, it)| question(&format!("q{i}"), facet(i), it))
        .collect()
}

fn ids(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<ChoiceId>> {
    prop::collection::vec((0..6u8).prop_map(ChoiceId), n)
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        ids(0..4).prop_map(Answer::Picked),
        Just(ChoiceId::first(4).collect())
            .prop_shuffle()
            .prop_map(Answer::Ordered),
        ids(0..6).prop_map(Answer::Ordered),
        prop::collection::vec(prop::option::of((0..6u8).prop_map(ChoiceId)), 2..5)
            .prop_map(Answer::Matched),
        prop_oneof![
            Just("1500"),
            Just("1.5k ms"),
            Just("15"),
            Just(" "),
            Just("1e"),
            Just("∞")
        ]
        .prop_map(|text| Answer::Number(text.to_owned())),
        ".{0,12}".prop_map(Answer::Written),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let slot = || 0..9usize;
    prop_oneof![
        8 => (slot(), answer()).prop_map(|(slot, answer)| Event::Answered { slot, answer }),
        4 => slot().prop_map(|slot| Event::Shown { slot }),
        2 => (slot(), prop::option::of(prop::sample::select(Confidence::ALL.to_vec())))
            .prop_map(|(slot, confidence)| Event::Confident { slot, confidence }),
        1 => (slot(), any::<bool>()).prop_map(|(slot, on)| Event::Flagged { slot, on }),
        1 => (slot(), 0..7u8, any::<bool>())
            .prop_map(|(slot, choice, on)| Event::Struck { slot, choice: ChoiceId(choice), on }),
        1 => (slot(), 0..4usize, 0..4u32)
            .prop_map(|(slot, criterion, points)| Event::RubricRated { slot, criterion, points }),
        1 => (slot(), ".{0,9}").prop_map(|(slot, text)| Event::Noted { slot, text }),
        1 => any::<u64>().prop_map(|length| Event::Gap { length: Millis(length) }),
        1 => prop::sample::select(Level::ALL.to_vec())
            .prop_map(|level| Event::Rated { competency: CompetencyId::new("consistency"), level }),
        1 => prop::sample::select(vec![Event::Ticked, Event::Expired, Event::WentOn]),
        1 => prop::sample::select(vec![Event::Ticked, Event::Finished, Event::Discarded]),
        3 => slot().prop_map(|slot| Event::Revealed { slot }),
        2 => (slot(), prop::sample::select(Grade::ALL.to_vec())).prop_map(|(slot, grade)| Event::Graded { slot, grade }),
        1 => (slot(), ".{0,9}").prop_map(|(slot, reason)| Event::Disputed { slot, reason }),
        2 => prop::sample::select(vec![Event::Paused, Event::Resumed]),
    ]
}

/// Generates the time before each event, which is sometimes negative.
fn log() -> impl Strategy<Value = Vec<(i64, Event)>> {
    prop::collection::vec(
        (
            prop_oneof![9 => 0..20_000i64, 1 => -9_000..0i64, 1 => Just(i64::MAX / 64)],
            event(),
        ),
        0..60,
    )
}

fn session(limit: Limit, mode: Mode) -> Session {
    let questions = questions();
    let form = form(&blueprint(), &questions, |slot| slot != 3);
    Session::new(form, Arc::from(questions), limit, Multiplier::ONE).in_mode(mode)
}

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

proptest! {
    #[test]
    fn whatever_happens_the_log_of_what_was_accepted_is_the_session(
        events in log(), timed in any::<bool>(), mode in mode(),
    ) {
        let limit = if timed { Limit::Within(Millis::minutes(2)) } else { Limit::Untimed };
        let mut live = session(limit, mode);
        let mut kept = Vec::new();
        let mut at = 0i64;
        for (wait, event) in events {
            at = at.saturating_add(wait).max(0);
            let stamped = Stamped { at: Millis(at as u64), event };
            let before = format!("{live:?}");
            if let Ok(()) = live.apply(&stamped) { kept.push(stamped) } else { prop_assert_eq!(format!("{live:?}"), before, "a refused event changed something") }
        }
        let saved = serde_json::to_string(&kept).unwrap();
        let read: Vec<Stamped> = serde_json::from_str(&saved).unwrap();
        prop_assert_eq!(format!("{:?}", session(limit, mode).replay(&read)), format!("{live:?}"));
        let half = kept.len() / 2;
        let twice = session(limit, mode).replay(&kept[..half]).replay(&kept[half..]);
        prop_assert_eq!(format!("{twice:?}"), format!("{live:?}"), "resumed in the middle");
        if mode == Mode::Assess {
            prop_assert!(live.sheets().iter().all(|sheet| !sheet.revealed && sheet.grade.is_none()), "told too early");
        }
        prop_assert!(live.sheets().iter().all(|sheet| sheet.grade.is_none() || sheet.revealed || mode != Mode::Practise));
        let shown: u128 = live.sheets().iter().map(|sheet| u128::from(sheet.spent.0)).sum();
        prop_assert!(shown <= u128::from(live.at().0), "the screens were shown longer than there was time");
    }

    #[test]
    fn every_state_has_a_result_in_range(events in log()) {
        let log: Vec<Stamped> = events
            .into_iter()
            .scan(0u64, |at, (wait, event)| {
                *at = at.saturating_add(wait.unsigned_abs());
                Some(Stamped { at: Millis(*at), event })
            })
            .collect();
        let session = session(Limit::Within(Millis::minutes(2)), Mode::Assess).replay(&log);
        let blueprint = blueprint();
        let mut bank = Bank::default();
        session.questions.iter().for_each(|q| bank.add(&CompetencyId::new("consistency"), q));
        let assessment = Assessment::of(&session, &blueprint, &bank);
        prop_assert_eq!(assessment.outcomes.len(), session.len());
        prop_assert!(assessment.outcomes.iter().all(|o| (0.0..=1.0).contains(&o.value())));
        prop_assert!((0..session.len()).all(|slot| session.rated(slot).is_none_or(|(points, all)| points <= all)));
        // Questions seen before, open questions and questions without weight don't count for the score.
        prop_assert!(!assessment.outcomes[3].counts && !assessment.outcomes[5].counts);
        for scores in [Some(&assessment.scores), assessment.within_limit.as_ref()].into_iter().flatten() {
            prop_assert!(scores.competencies.iter().all(|line| line.id.as_str() == "consistency"));
            for line in &scores.competencies {
                prop_assert!(line.points <= line.scored as f64 + 1e-9 && line.scored <= line.planned);
                prop_assert_eq!(line.measure.is_some(), line.scored >= 3 && line.answered > 0);
                if let Some(measure) = &line.measure {
                    prop_assert!(0.0 <= measure.low && measure.low <= measure.score);
                    prop_assert!(measure.score <= measure.high && measure.high <= 100.0);
                }
            }
        }
        prop_assert!(assessment.within_limit.is_none() || session.expiry().is_some_and(|e| e.went_on));
        prop_assert_eq!(session.is_over(), matches!(session.phase(), Phase::Finished | Phase::Discarded));
    }
}
