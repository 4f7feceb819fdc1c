//! Practice over simulated days, through the same shell as the program.

mod support;

#[path = "practice/browse.rs"]
mod browse;
#[path = "practice/cli.rs"]
mod cli;
#[path = "practice/large.rs"]
mod large;
#[path = "practice/life.rs"]
mod life;
#[path = "practice/manage.rs"]
mod manage;
#[path = "practice/records.rs"]
mod records;
#[path = "practice/trust.rs"]
mod trust;

use std::collections::{BTreeMap, BTreeSet};

use aethos::app::{Effect, News};
use aethos::core::calendar::Date;
use aethos::core::fill::FEEDBACK;
use aethos::core::form::allocate;
use aethos::core::id::CompetencyId;
use aethos::core::practice::{Drill, QueueReason};
use aethos::core::reserve::KEPT;
use aethos::core::response::Confidence;
use aethos::core::time::Day;
use aethos::shell::{Refused, Workspace};
use life::{Id, Life, Said};

fn ids(workspace: &Workspace, drill: &Drill, minutes: u32) -> BTreeSet<Id> {
    match workspace.queue(drill, minutes, &[]) {
        Ok(queue) => queue
            .into_iter()
            .map(|queued| (queued.deck, queued.question))
            .collect(),
        Err(Refused::Idle(_)) => BTreeSet::new(),
        Err(refused) => panic!("{refused}"),
    }
}

fn why(workspace: &Workspace, minutes: u32, why: QueueReason) -> BTreeSet<Id> {
    let queue = workspace.queue(&Drill::Daily, minutes, &[]).unwrap();
    queue
        .into_iter()
        .filter(|queued| queued.why == why)
        .map(|queued| (queued.deck, queued.question))
        .collect()
}

/// Returns the last answer of each question.
fn last(said: &[Said]) -> BTreeMap<Id, &Said> {
    said.iter().map(|said| (said.id(), said)).collect()
}

/// Asserts that every competency has enough unseen questions for its share of an assessment.
fn assert_a_form_is_kept(life: &Life) {
    let shell = &life.shell.workspace;
    let blueprint = &shell.library.outline.blueprint;
    let weights: Vec<u32> = blueprint.scored().map(|c| c.weight).collect();
    let unseen = life.unseen();
    for (competency, share) in blueprint.scored().zip(allocate(&weights, KEPT)) {
        let unseen = unseen.get(&competency.id).copied().unwrap_or(0);
        assert!(
            unseen >= share,
            "{}: {unseen} unseen, {share} are kept",
            competency.id
        );
    }
}

/// Asserts that every answered question is in the plan exactly once.
fn assert_the_load_adds_up(life: &Life) {
    let plan = life.shell.workspace.agenda(15).unwrap().plan;
    let load: u32 = plan.days.iter().map(|(_, questions, _)| questions).sum();
    assert_eq!(
        (load + plan.later + plan.left) as usize,
        life.answered.len()
    );
    let workspace = &life.shell.workspace;
    let minutes = workspace.settings.minutes_per_day.get();
    let plan = workspace.agenda(minutes).unwrap().plan;
    let tomorrow = plan.days.get(1).map_or(0, |(_, questions, _)| *questions);
    let home = workspace.home();
    assert_eq!(
        home.practice.unwrap().due_tomorrow,
        tomorrow as usize,
        "home shows what the plan has"
    );
    assert_eq!(home.sessions, workspace.past().unwrap().len());
}

#[test]
fn a_week_of_use() {
    let mut life = Life::new(11);
    let first = life.shell.workspace.today();

    // Day 1: nothing is due, everything is new, and the queue fits the available time.
    let queue = life.shell.workspace.queue(&Drill::Daily, 15, &[]).unwrap();
    assert!(
        queue.len() >= 5 && queue.iter().all(|queued| queued.why == QueueReason::New),
        "{queue:?}"
    );
    let agenda = life.shell.workspace.agenda(15).unwrap();
    assert_eq!(agenda.parts, [(QueueReason::New, queue.len())]);
    assert!(
        agenda.seconds <= 15 * 60 && agenda.seconds > 9 * 60,
        "{}",
        agenda.seconds
    );
    let monday = life.practise(&Drill::Daily, 15);
    let is_missed = |said: &&Said| said.score < 0.5 || said.confidence == Confidence::Guess;
    let missed = monday.iter().take(queue.len()).filter(is_missed).count();
    assert_eq!(
        monday.len(),
        queue.len() + missed,
        "what was missed comes back once, the same day"
    );
    let last = last(&monday);
    assert_eq!(last.len(), queue.len());
    assert_the_load_adds_up(&life);
    assert_a_form_is_kept(&life);

    // Day 2: missed questions come back.
    life.sleep(1);
    let due = why(&life.shell.workspace, 120, QueueReason::Due);
    let wrong: BTreeSet<Id> = last
        .values()
        .filter(|said| said.score < 0.5)
        .map(|said| said.id())
        .collect();
    assert!(
        !wrong.is_empty() && wrong.is_subset(&due),
        "{wrong:?} come back, but due are {due:?}"
    );
    assert_eq!(
        ids(&life.shell.workspace, &Drill::Wrong, 600),
        last.values()
            .filter(|said| !said.is_right())
            .map(|said| said.id())
            .collect()
    );
    let tuesday = life.practise(&Drill::Daily, 15);
    assert!(
        tuesday
            .iter()
            .take(wrong.len())
            .all(|said| due.contains(&said.question)),
        "due ones come first"
    );

    // Day 3 is missed. On day 4 an interview is set, one week after the beginning.
    life.sleep(2);
    assert_eq!(
        life.shell.workspace.agenda(15).unwrap().streak.days,
        2,
        "a missed day takes nothing away"
    );
    let interview = first.plus(7);
    life.set_interview(Some(interview));
    let plan = life.shell.workspace.agenda(15).unwrap().plan;
    assert_eq!(
        (plan.days.last().unwrap().0, plan.later + plan.left),
        (interview, 0),
        "all comes before the interview"
    );
    assert_eq!(plan.kept, Some(first.plus(4)));
    assert_the_load_adds_up(&life);
    life.practise(&Drill::Daily, 15);

    // Day 5: an assessment of the reserved questions. All of them are new.
    life.sleep(1);
    assert_a_form_is_kept(&life);
    let before = life.seen.clone();
    let assessed = life.assess(40);
    assert_eq!(assessed.len(), 40);
    assert!(
        assessed.iter().all(|said| !before.contains(&said.question)),
        "an unseen form was kept"
    );
    let sure: BTreeSet<Id> = assessed
        .iter()
        .filter(|s| s.confidence == Confidence::Sure && !s.is_right())
        .map(Said::id)
        .collect();
    assert!(!sure.is_empty());
    assert!(ids(&life.shell.workspace, &Drill::SureAndWrong, 600).is_superset(&sure));
    assert_eq!(
        why(&life.shell.workspace, 600, QueueReason::SureAndWrong)
            .intersection(&sure)
            .count(),
        sure.len(),
        "asked the same day"
    );
    assert_the_load_adds_up(&life);
    assert_a_form_is_kept(&life);
    let weakest = life
        .shell
        .workspace
        .agenda(15)
        .unwrap()
        .weakest
        .expect("the assessment says which is weakest");
    let past = life.shell.workspace.past().unwrap();
    let scored = life.shell.workspace.library.outline.blueprint.scored();
    let lowest = scored
        .zip(&past[0].competencies)
        .filter_map(|(c, score)| Some((c.title.line(), (*score)?.1)));
    assert_eq!(
        weakest.title,
        lowest.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0
    );

    // The last days before the interview.
    for _ in 0..2 {
        life.sleep(1);
        let agenda = life.shell.workspace.agenda(15).unwrap();
        assert!(agenda.due > 0 && agenda.plan.days.last().unwrap().0 == interview);
        life.practise(&Drill::Daily, 15);
        assert_the_load_adds_up(&life);
    }

    // The day after: the program asks for the next date, and ignores the old one.
    life.sleep(2);
    let agenda = life.shell.workspace.agenda(15).unwrap();
    assert!(agenda.is_past() && agenda.plan.kept.is_none() && agenda.plan.days.len() == 14);
    life.set_interview(None);
    assert!(!life.shell.workspace.agenda(15).unwrap().is_past());
    assert_the_load_adds_up(&life);

    let progress = life.shell.workspace.progress().unwrap();
    let days: Vec<Day> = progress.days.iter().map(|(day, _)| *day).collect();
    assert_eq!(days, [0, 1, 3, 4, 5, 6].map(|n| first.plus(n)));
    assert_eq!(
        progress
            .days
            .iter()
            .map(|(_, n)| *n as usize)
            .sum::<usize>(),
        life.answers
    );
    assert_eq!(
        (progress.streak.days, progress.streak.goes_on(first.plus(8))),
        (6, true)
    );
    assert_eq!(
        progress.all.tried as usize,
        life.answers - life.answered.len(),
        "each answer but the first of each"
    );
    let recalled: u32 = progress
        .recalls
        .iter()
        .map(|(_, recalls)| recalls.recalled)
        .sum();
    assert_eq!(recalled, progress.all.recalled);
    let minutes: u64 = progress
        .weeks
        .iter()
        .map(|(_, spent)| spent.0 / 60_000)
        .sum();
    assert!(
        minutes as usize >= life.answers - 40,
        "a minute for each answer in practice: {minutes}"
    );
}

#[test]
fn a_competency_with_few_answers_that_were_all_wrong_is_named_first() {
    let mut life = Life::new(5);
    life.assess(40);
    let blueprint = &life.shell.workspace.library.outline.blueprint;
    for competency in blueprint.scored() {
        let id = competency.id.as_str();
        life.execute(&format!(
            "UPDATE memory SET score = 1.0;
             UPDATE memory SET score = 0.0 WHERE competency = '{id}';"
        ));
        let kept = format!(
            "SELECT deck || question FROM memory WHERE competency = '{id}' ORDER BY 1 LIMIT 2"
        );
        life.execute(&format!(
            "DELETE FROM memory WHERE competency = '{id}' AND deck || question NOT IN ({kept});"
        ));
        let weakest = life.shell.workspace.agenda(15).unwrap().weakest.unwrap();
        let title = competency.title.line();
        assert_eq!(
            weakest.words(),
            format!("{title}: 0 of 2 right, too few for a score")
        );
        // Partly right is not wrong.
        life.execute(&format!(
            "UPDATE memory SET score = 0.5 WHERE competency = '{id}';"
        ));
        let weakest = life.shell.workspace.agenda(15).unwrap().weakest.unwrap();
        assert_eq!(weakest.all_wrong, None);
    }
}

#[test]
fn whoever_practises_everything_there_is_keeps_an_unseen_form() {
    let mut life = Life::new(3);
    let competencies: Vec<CompetencyId> = life
        .shell
        .workspace
        .library
        .outline
        .blueprint
        .competencies
        .iter()
        .map(|c| c.id.clone())
        // Practice asks no open questions, and those about the role are all open.
        .filter(|id| id.as_str() != "role")
        .collect();
    for id in &competencies {
        life.practise(&Drill::Competency(id.clone()), 24 * 60);
    }
    // Only reserved questions and their families are left, and practice says so.
    let agenda = life.shell.workspace.agenda(15).unwrap();
    assert_eq!(
        agenda.nothing_new.len(),
        life.shell
            .workspace
            .library
            .outline
            .blueprint
            .scored()
            .count()
    );
    let unseen: BTreeMap<CompetencyId, usize> = life.unseen();
    assert!(
        (KEPT..=KEPT + 2).contains(&unseen.values().sum()),
        "{unseen:?}"
    );
    assert_a_form_is_kept(&life);
    let assessed = life.assess(40);
    assert_eq!(assessed.len(), KEPT);
    assert!(life.unseen().values().sum::<usize>() <= 2);
    // Questions used in an assessment are practised like all others.
    let wrong: BTreeSet<Id> = assessed
        .iter()
        .filter(|said| !said.is_right())
        .map(Said::id)
        .collect();
    assert!(ids(&life.shell.workspace, &Drill::Wrong, 100_000).is_superset(&wrong));
}

#[test]
fn practising_others_does_not_change_what_is_kept() {
    let mut life = Life::new(5);
    let everything = |life: &Life| -> BTreeSet<Id> {
        let competencies = &life.shell.workspace.library.outline.blueprint.competencies;
        competencies
            .iter()
            .flat_map(|c| {
                ids(
                    &life.shell.workspace,
                    &Drill::Competency(c.id.clone()),
                    100_000,
                )
            })
            .collect()
    };
    let offered = everything(&life);
    for _ in 0..4 {
        let said = life.practise(&Drill::Daily, 60);
        assert!(said.iter().all(|said| offered.contains(&said.question)));
        life.sleep(1);
        assert_eq!(everything(&life), offered);
    }
}

#[test]
fn a_drill_has_what_it_says_and_nothing_else() {
    let mut life = Life::new(7);
    life.practise(&Drill::Daily, 60);
    let facet = life.shell.workspace.library.outline.blueprint.competencies[0].facets[0]
        .id
        .clone();
    let decks = &life.shell.workspace.library.decks;
    let of_facet = |(deck, question): &Id| {
        let deck = decks.iter().find(|loaded| loaded.deck.id == *deck).unwrap();
        deck.deck
            .entries
            .iter()
            .find(|entry| entry.id == *question)
            .unwrap()
            .facet
            == facet
    };
    let found = ids(&life.shell.workspace, &Drill::Facet(facet.clone()), 600);
    assert!(!found.is_empty() && found.iter().all(of_facet));
    let tips = life
        .shell
        .workspace
        .queue(&Drill::Competency(CompetencyId::new("tips")), 60, &[])
        .unwrap();
    assert!(
        tips.iter()
            .all(|queued| queued.deck.as_str() == "tips" && queued.why == QueueReason::Chosen)
    );
    let these: Vec<_> = tips
        .iter()
        .rev()
        .map(|queued| (queued.deck.clone(), queued.question.clone()))
        .collect();
    let queue = life
        .shell
        .workspace
        .queue(&Drill::These(these.clone()), 1, &[])
        .unwrap();
    assert_eq!(
        queue
            .into_iter()
            .map(|queued| (queued.deck, queued.question))
            .collect::<Vec<_>>(),
        these
    );
    assert!(
        matches!(life.shell.workspace.queue(&Drill::Flagged, 15, &[]), Err(Refused::Idle(why)) if why.contains("no question is flagged"))
    );
}

#[test]
fn a_queue_fits_its_time_and_is_the_same_all_day() {
    let life = Life::new(1);
    for minutes in [1, 5, 15, 60] {
        let queue = life
            .shell
            .workspace
            .queue(&Drill::Daily, minutes, &[])
            .unwrap();
        let fair = |queued: &aethos::core::practice::Queued| {
            let deck = life.shell.workspace.library.deck(&queued.deck).unwrap();
            deck.deck
                .entries
                .iter()
                .find(|entry| entry.id == queued.question)
                .unwrap()
                .seconds
                + FEEDBACK
        };
        let seconds: u32 = queue.iter().map(fair).sum();
        assert!(
            seconds <= minutes * 60 || queue.len() == 1,
            "{seconds} s in {minutes} min"
        );
        assert_eq!(
            life.shell
                .workspace
                .queue(&Drill::Daily, minutes, &[])
                .unwrap(),
            queue
        );
    }
}

#[test]
fn an_interview_is_kept_in_the_settings_and_aimed_at_after_a_restart() {
    let mut life = Life::new(2);
    life.practise(&Drill::Daily, 30);
    let interview = life.shell.workspace.today().plus(10);
    life.set_interview(Some(interview));
    let plan = life.shell.workspace.agenda(15).unwrap().plan;
    let life = life.restarted();
    assert_eq!(
        life.shell.workspace.settings.interview,
        Some(Date(interview))
    );
    let again = life.shell.workspace.agenda(15).unwrap();
    assert_eq!((again.plan.days, again.plan.later), (plan.days, 0));
    assert_eq!(again.interview, Some(interview));
}

#[test]
fn what_was_done_before_this_version_is_derived_from_the_events() {
    let mut life = Life::new(4);
    life.assess(24);
    life.dispute(3, "This is not so.");
    life.sleep(1);
    life.practise(&Drill::Daily, 30);
    life.sleep(3);
    let tables = |life: &Life| life.rows("review") + &life.rows("memory") + &life.rows("remark");
    let before = tables(&life);
    assert!(before.lines().count() > 50);
    life.execute("DELETE FROM review; DELETE FROM memory; DELETE FROM remark; DELETE FROM derived");
    let life = life.restarted();
    assert_eq!(tables(&life), before);
    // A new version of the scheduler only derives the memories again.
    life.execute("UPDATE memory SET due = 1; UPDATE derived SET scheduler = 0");
    assert_eq!(tables(&life.restarted()), before);
}

#[test]
fn a_later_grade_takes_the_place_of_an_earlier_one() {
    let mut life = Life::new(6);
    let graded = life.practise_and_regrade(&Drill::Daily, 5);
    let rows = life.rows("review");
    assert_eq!(rows.lines().count(), graded);
    assert!(rows.lines().all(|row| row.contains("easy")), "{rows}");
}

#[test]
fn a_session_whose_setup_cannot_be_read_is_refused_with_the_reason_and_can_be_discarded() {
    let mut life = Life::new(8);
    let practice = life.begin(&Drill::Daily, 15);
    let adaptive = life.begin_adaptive();
    life.shell.perform(Effect::Leave);
    for (id, setup) in [(practice, r#"{"queue":3}"#), (adaptive, "nonsense")] {
        let id = life.with_setup(&id, setup);
        let news = life.shell.perform(Effect::Resume(id.clone()));
        let [News::Told(words)] = &news[..] else {
            panic!("{news:?}")
        };
        assert!(
            words.contains(&format!("session {id} can't be read: its setup: ")),
            "{words}"
        );
        let news = life.shell.perform(Effect::Discard(id.clone()));
        let [News::Home(home)] = &news[..] else {
            panic!("{news:?}")
        };
        assert!(home.open.iter().all(|open| open.id != id));
    }
}

#[test]
fn an_adaptive_session_with_less_in_its_setup_than_today_is_resumed() {
    let mut life = Life::new(9);
    let id = life.begin_adaptive();
    life.shell.perform(Effect::Leave);
    let id = life.with_setup(&id, "{}");
    let news = life.shell.perform(Effect::Resume(id));
    assert!(matches!(&news[..], [News::Running(_)]), "{news:?}");
}
