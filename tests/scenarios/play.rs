//! Plays a scenario and reports the differences from its expectations.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

use aethos::app::effect::{Home, Started};
use aethos::app::settings::Settings;
use aethos::core::blueprint::Blueprint;
use aethos::core::form::{Form, Growing, Item};
use aethos::core::id::SessionId;
use aethos::core::practice::{Grade, QueueReason, Queued};
use aethos::core::question::{Interaction, Question};
use aethos::core::response::Answer;
use aethos::core::scoring;
use aethos::core::time::{Limit, Millis, Multiplier};
use aethos::session::assessment::{Assessment, Bank, Scores};
use aethos::session::{Event, Mode, Phase, PracticeQueue, Session, Sheet, Stamped};

use super::script::{Asked, Asks, Deed, Line, Outcome, Scenario, Standing};
use super::support::desk::Desk;
use super::support::questions::{
    competency, form, matching, multiple, numeric, open, option, ordering, question,
};

/// A scenario being played: at most one process, and the data that outlives it.
struct Play {
    blueprint: Arc<Blueprint>,
    form: Form,
    /// All questions that can be asked, with their slots in the form.
    bank: Vec<(Item, Question)>,
    mode: Mode,
    limit: Limit,
    multiplier: Multiplier,
    desk: Desk,
    alive: bool,
    /// The scenario time at which the process started.
    began: Millis,
    /// The lead of the wall clock over the scenario time, in milliseconds.
    wall: i64,
    /// The wall-clock time of the last saved event.
    last_saved: i64,
    problems: Vec<String>,
}

pub fn play(scenario: &Scenario) -> Vec<String> {
    assert!(!scenario.shows.is_empty());
    let mut play = Play::new(scenario);
    for (i, (then, deed)) in scenario.script.iter().enumerate() {
        let before = play.problems.len();
        play.step(then.0, deed);
        play.compare_with_log();
        for problem in &mut play.problems[before..] {
            *problem = format!("step {} at {}: {problem}", i + 1, then.0.clock());
        }
    }
    play.standing(&scenario.end);
    if let Some(outcome) = &scenario.result {
        play.outcome(outcome);
    }
    play.problems
}

fn asked(i: usize, asked: &Asked, first: &str) -> Question {
    let words: Vec<String> = (0..9).map(|n| format!("entry {n}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let options = |credits: &[f64]| {
        credits
            .iter()
            .zip(&words)
            .map(|(credit, text)| option(text, *credit))
            .collect()
    };
    let interaction = match &asked.asks {
        Asks::Single(credits) => Interaction::Single(options(credits)),
        Asks::Multiple(credits) => multiple(options(credits)),
        Asks::Ordering(steps) => ordering(&words[..*steps]),
        Asks::Matching { left, right } => {
            let left: Vec<(&str, u8)> = words.iter().copied().zip(left.iter().copied()).collect();
            matching(&left, &words[..*right])
        }
        Asks::Numeric(right) => numeric(&right.to_string(), &[], "", &[]),
        Asks::Open(points) => open(
            &words
                .iter()
                .copied()
                .zip(points.iter().copied())
                .collect::<Vec<_>>(),
        ),
    };
    let competency = asked.competency.as_deref().unwrap_or(first);
    question(
        &format!("q{}", i + 1),
        &format!("{competency}-facet"),
        interaction,
    )
}

impl Play {
    fn new(scenario: &Scenario) -> Self {
        let competencies = scenario.blueprint.iter().map(|(id, weight)| {
            competency(id, id, *weight, &[(&format!("{id}-facet"), "A facet")])
        });
        let blueprint = Arc::new(Blueprint {
            competencies: competencies.collect(),
            tips: Vec::new(),
        });
        let first = &scenario.blueprint[0].0;
        let questions: Vec<Question> = scenario
            .question
            .iter()
            .enumerate()
            .map(|(i, q)| asked(i, q, first))
            .collect();
        let multiplier = Multiplier::new(scenario.multiplier).unwrap();
        let mut form = form(&blueprint, &questions, |slot| scenario.question[slot].fresh);
        let bank: Vec<_> = form.items.iter().cloned().zip(questions).collect();
        if let Some(budget) = scenario.adaptive {
            form.items.truncate(1);
            form.growing = Some(Growing {
                budget,
                seed: 7,
                deepens: false,
            });
        }
        if scenario.practice {
            form.growing = Some(Growing {
                budget: form.items.len(),
                seed: 7,
                deepens: false,
            });
            form.items.truncate(1);
            form.items[0].why = Some(QueueReason::New);
        }
        let mut play = Self {
            form,
            bank,
            mode: if scenario.practice {
                Mode::Practise
            } else {
                Mode::Assess
            },
            limit: scenario.limit.map_or(Limit::Untimed, |limit| {
                Limit::Within(multiplier.scale(limit.0))
            }),
            multiplier,
            desk: desk(&blueprint),
            blueprint,
            alive: true,
            began: Millis::ZERO,
            wall: 0,
            last_saved: 0,
            problems: Vec::new(),
        };
        let session = play.replayed();
        play.sit_down(session);
        play
    }

    fn sit_down(&mut self, session: Session) {
        self.desk.bank = self.bank.clone();
        let queued = |(item, _): &(Item, Question)| Queued {
            deck: item.deck.clone(),
            question: item.question.clone(),
            why: QueueReason::New,
        };
        self.desk.queue =
            PracticeQueue::new(self.bank.iter().map(queued).collect(), HashMap::new());
        let drafts = self.desk.drafts.clone();
        self.desk.sit_down(Started {
            id: SessionId::new("story"),
            session,
            drafts,
            notice: None,
        });
    }

    /// Replays the log, after a round trip through JSON.
    fn replayed(&self) -> Session {
        let read = |(_, stamped): &(Millis, Stamped)| -> Stamped {
            serde_json::from_str(&serde_json::to_string(stamped).unwrap()).unwrap()
        };
        let log: Vec<Stamped> = self.desk.log.iter().map(read).collect();
        let drawn = log.iter().filter_map(|stamped| match &stamped.event {
            Event::Drawn { item } => Some(item),
            _ => None,
        });
        let question = |asked: &Item| {
            let (_, question) = self
                .bank
                .iter()
                .find(|(item, _)| item.question == asked.question)
                .unwrap();
            question.clone()
        };
        let questions: Arc<[Question]> =
            self.form.items.iter().chain(drawn).map(question).collect();
        Session::new(self.form.clone(), questions, self.limit, self.multiplier)
            .in_mode(self.mode)
            .replay(&log)
    }

    fn session(&mut self) -> &mut Session {
        let model = &mut self.desk.app.model;
        match (&mut model.running, &mut model.opened) {
            (Some(running), _) => &mut running.driver.session,
            (None, Some(opened)) => &mut opened.session,
            (None, None) => panic!("the session is on no screen"),
        }
    }

    fn step(&mut self, then: Millis, deed: &Deed) {
        let now = then.saturating_sub(self.began);
        match deed {
            Deed::Slept | Deed::Stopped => {
                self.desk.now = now;
                self.desk.wake(matches!(deed, Deed::Stopped));
            }
            Deed::Resumed => self.resume(then),
            _ if self.alive => self.desk.wait_until(now),
            _ => {}
        }
        match deed {
            Deed::Keys(keys) => self.desk.press(keys),
            Deed::Types(text) => self.desk.write(text),
            Deed::Is(standing) => {
                self.desk.wake(false);
                self.standing(standing);
            }
            Deed::Event(event) => {
                let result = self.apply(event);
                self.same("the event", &result, &Ok(()));
            }
            Deed::Refuses(event, why) => {
                let before = format!("{:?}", self.session());
                let result = self.apply(event);
                self.same("the event", &result, &Err(why.clone()));
                let after = format!("{:?}", self.session());
                self.same("the state after a refusal", &after, &before);
            }
            Deed::Killed => self.alive = false,
            Deed::WallSet(seconds) => self.wall += seconds * 1000,
            Deed::Slept | Deed::Stopped | Deed::Resumed => {}
        }
        if let Some((at, _)) = self.desk.log.last().filter(|_| self.alive) {
            self.last_saved = (self.began + *at).0 as i64 + self.wall;
        }
    }

    fn apply(&mut self, event: &Event) -> Result<(), String> {
        self.desk.wake(false);
        let at = self
            .desk
            .app
            .model
            .running
            .as_ref()
            .map(aethos::tui::running::Running::spent);
        let session = self.session();
        let stamped = Stamped {
            at: at.unwrap_or(session.at()),
            event: event.clone(),
        };
        session
            .apply(&stamped)
            .map_err(|refused| refused.to_string())?;
        self.desk.log.push((self.desk.now, stamped));
        Ok(())
    }

    /// Starts a new process, which reads the log and records the gap, as the shell does.
    fn resume(&mut self, then: Millis) {
        let mut next = desk(&self.blueprint);
        next.log = std::mem::take(&mut self.desk.log);
        next.drafts = std::mem::take(&mut self.desk.drafts);
        self.desk = next;
        (self.alive, self.began) = (true, then);
        let mut session = self.replayed();
        if let Ok(away) = u64::try_from(then.0 as i64 + self.wall - self.last_saved)
            && away > 0
        {
            let gap = Stamped {
                at: session.at(),
                event: Event::Gap {
                    length: Millis(away),
                },
            };
            if session.apply(&gap).is_ok() {
                self.desk.log.push((Millis::ZERO, gap));
            }
        }
        self.sit_down(session);
    }

    /// Asserts that replaying the log gives the same session.
    fn compare_with_log(&mut self) {
        let replayed = self.replayed();
        let draft = self
            .desk
            .app
            .model
            .running
            .as_ref()
            .and_then(|running| running.draft);
        let live = self.session().clone();
        match draft {
            None => self.same("the log", &format!("{replayed:?}"), &format!("{live:?}")),
            // A draft is stored beside the log. It is an answer unless it cannot be read.
            Some(slot) => {
                let kept = self.desk.drafts.get(&slot).cloned().unwrap_or_default();
                let answer = scoring::recordable(
                    live.question(slot),
                    Answer::typed(live.question(slot), kept),
                );
                let answer = (!answer.is_blank()).then_some(answer);
                self.same("the draft", &answer, &live.sheet(slot).answer);
            }
        }
    }

    fn standing(&mut self, standing: &Standing) {
        let running = self.desk.app.model.running.as_ref();
        let told = self.desk.app.model.told.clone().unwrap_or_default();
        let spent = running.map(aethos::tui::running::Running::spent);
        let session = self.session().clone();
        let spent = spent.unwrap_or(session.at());
        if let Some(phase) = &standing.phase {
            self.same(
                "phase",
                &format!("{:?}", session.phase()).to_lowercase(),
                phase,
            );
        }
        if let Some(question) = standing.question {
            self.same(
                "question",
                &session.slot().map(|slot| slot + 1),
                &Some(question),
            );
        }
        if let Some(answered) = standing.answered {
            self.same("answered", &session.answered(), &answered);
        }
        if let Some(expected) = standing.spent {
            self.near("spent", spent, expected.0);
        }
        if let Some(expected) = standing.remaining {
            match session.remaining(spent) {
                Some(left) => self.near("remaining", left, expected.0),
                None => self.problems.push(format!(
                    "remaining: no limit instead of {}",
                    expected.0.clock()
                )),
            }
        }
        if standing.unlimited {
            self.same("remaining", &session.remaining(spent), &None);
        }
        if let Some(warning) = &standing.warning {
            self.same(
                "warning",
                &session.warning(spent).unwrap_or_default(),
                &warning.as_str(),
            );
        }
        if let Some(gaps) = &standing.gaps {
            let lengths: Vec<Millis> = session.gaps().iter().map(|gap| gap.length).collect();
            self.spans(
                "gaps",
                &lengths,
                &gaps.iter().map(|gap| gap.0).collect::<Vec<_>>(),
            );
        }
        if let Some(words) = &standing.told {
            self.same("told", &told, words);
        }
        if let Some(words) = &standing.ending {
            self.same("ending", &session.ending().as_ref(), &Some(words));
        }
        if let Some(asked) = &standing.asked {
            let number = |item: &Item| {
                item.question
                    .as_str()
                    .trim_start_matches('q')
                    .parse()
                    .unwrap()
            };
            let numbers: Vec<usize> = session.form.items.iter().map(number).collect();
            self.same("asked", &numbers, asked);
        }
        if let Some(grades) = &standing.grades {
            let word = |sheet: &Sheet| sheet.grade.map_or("", Grade::word).to_owned();
            self.same(
                "grades",
                &session.sheets().iter().map(word).collect(),
                grades,
            );
        }
        if let Some(disputed) = &standing.disputed {
            let sheets = session
                .sheets()
                .iter()
                .enumerate()
                .filter(|(_, sheet)| !sheet.dispute.is_empty());
            let found = sheets.map(|(slot, sheet)| ((slot + 1).to_string(), sheet.dispute.clone()));
            self.same("disputed", &found.collect(), disputed);
        }
        if let Some(most) = standing.most {
            self.same("most", &session.most(), &most);
        }
        let picture = self.desk.picture();
        if let Some(words) = standing
            .screen
            .as_ref()
            .filter(|words| !picture.contains(*words))
        {
            self.problems
                .push(format!("{words:?} is not on the screen:\n{picture}"));
        }
        if let Some(words) = standing
            .hidden
            .as_ref()
            .filter(|words| picture.contains(*words))
        {
            self.problems
                .push(format!("{words:?} is on the screen:\n{picture}"));
        }
        if let Some(shown) = &standing.shown {
            let spent: Vec<Millis> = session.sheets().iter().map(|sheet| sheet.spent).collect();
            self.spans(
                "shown",
                &spent,
                &shown.iter().map(|span| span.0).collect::<Vec<_>>(),
            );
        }
    }

    fn outcome(&mut self, expected: &Outcome) {
        let session = self.session().clone();
        self.same("phase", &session.phase(), &Phase::Finished);
        let mut bank = Bank::default();
        for (item, question) in &self.bank {
            bank.add(&item.competency, question);
        }
        let assessment = Assessment::of(&session, &self.blueprint, &bank);
        let outcomes = &assessment.outcomes;
        let statuses: Vec<String> = outcomes
            .iter()
            .map(|o| {
                serde_json::to_value(o.status)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        self.same("statuses", &statuses, &expected.statuses);
        let scores: Vec<f64> = outcomes
            .iter()
            .map(|o| (o.value() * 100.0).round() / 100.0)
            .collect();
        self.same("scores", &scores, &expected.scores);
        let counts: Vec<bool> = outcomes.iter().map(|o| o.counts).collect();
        self.same(
            "counts",
            &counts,
            &expected.counts.clone().unwrap_or(vec![true; counts.len()]),
        );
        let rated = (0..session.len())
            .filter_map(|slot| Some(((slot + 1).to_string(), session.rated(slot)?)));
        self.same("rated", &rated.collect(), &expected.rated);
        let sure_and_wrong: Vec<usize> = assessment
            .sure_and_wrong
            .iter()
            .map(|slot| slot + 1)
            .collect();
        self.same("sure and wrong", &sure_and_wrong, &expected.sure_and_wrong);
        self.same(
            "stated",
            &assessment.calibration.as_ref().map_or(0, |c| c.n),
            &expected.stated,
        );
        let apart = assessment
            .apart
            .iter()
            .map(|a| (a.id.to_string(), (a.asked, a.points)));
        self.same("apart", &apart.collect(), &expected.apart);
        self.scores("", &assessment.scores, &expected.competency);
        match (&assessment.within_limit, &expected.within_limit) {
            (Some(scores), Some(expected)) => self.scores("within the limit: ", scores, expected),
            (scores, expected) => {
                self.same("within the limit", &scores.is_some(), &expected.is_some());
            }
        }
    }

    fn scores(&mut self, which: &str, scores: &Scores, expected: &BTreeMap<String, Line>) {
        let ids: Vec<&str> = scores.competencies.iter().map(|c| c.id.as_str()).collect();
        let mut known: Vec<&str> = expected.keys().map(String::as_str).collect();
        known.sort_by_key(|id| ids.iter().position(|i| i == id));
        self.same(&format!("{which}competencies"), &ids, &known);
        for line in &scores.competencies {
            let Some(expected) = expected.get(line.id.as_str()) else {
                continue;
            };
            let points = (line.points * 100.0).round() / 100.0;
            let found = (
                line.planned,
                line.scored,
                points,
                line.omitted,
                line.not_reached,
                line.measure.is_some(),
            );
            let Line {
                planned,
                scored,
                points,
                omitted,
                not_reached,
                measured,
            } = *expected;
            self.same(
                &format!(
                    "{which}{}: planned, scored, points, omitted, not reached, measured",
                    line.id
                ),
                &found,
                &(planned, scored, points, omitted, not_reached, measured),
            );
        }
    }

    fn same<T: PartialEq + Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found != expected {
            self.problems
                .push(format!("{what}: {found:?} instead of {expected:?}"));
        }
    }

    /// Durations may differ by a few milliseconds, because the loop waits so that each second is drawn once.
    fn near(&mut self, what: &str, found: Millis, expected: Millis) {
        if found.0.abs_diff(expected.0) > 20 {
            self.problems.push(format!(
                "{what}: {} s instead of {} s",
                found.0 as f64 / 1e3,
                expected.0 as f64 / 1e3
            ));
        }
    }

    fn spans(&mut self, what: &str, found: &[Millis], expected: &[Millis]) {
        self.same(&format!("number of {what}"), &found.len(), &expected.len());
        found
            .iter()
            .zip(expected)
            .for_each(|(found, expected)| self.near(what, *found, *expected));
    }
}

fn desk(blueprint: &Arc<Blueprint>) -> Desk {
    Desk::usual(
        Home {
            blueprint: blueprint.clone(),
            ..Home::default()
        },
        Settings::default(),
    )
}
