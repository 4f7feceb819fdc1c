//! Every screen in every state with a snapshot: its name, and the steps that lead to it.

use aethos::app::agenda::{PracticeLine, Weakest};
use aethos::app::effect::{CalibrationView, LastAssessment, News, OpenSession, Remark, Started};
use aethos::app::export::ExportOffer;
use aethos::app::people::{PeopleView, Roster};
use aethos::core::form::{Form, Growing, Item, fair_seconds};
use aethos::core::id::{CompetencyId, SessionId};
use aethos::core::practice::{QueueReason, Queued};
use aethos::core::question::Level;
use aethos::core::text::Text;
use aethos::core::time::{Limit, Millis, Multiplier};
use aethos::session::{Event, Mode, PracticeQueue, Session, Stamped};

use super::content::{
    self, CODE, LONG, MATCHING, MULTIPLE, NUMERIC, OPEN, ORDERING, SHARDING, SINGLE,
};
use super::practice;
use super::support::desk::Desk;
use super::support::mentored;
use super::support::questions::form;

pub type State = (&'static str, fn(&mut Desk));

pub const STATES: &[State] = &[
    ("home_first_run", |_| {}),
    ("home_with_history", |desk| {
        desk.app.model.home.sessions = 3;
        desk.app.model.home.last = Some(LastAssessment {
            day: "21 Nov".to_owned(),
            score: Some((64.0, 57.0, 71.0)),
            competencies: Vec::new(),
        });
        desk.app.model.home.practice = Some(PracticeLine {
            due: 0,
            due_tomorrow: 5,
            sure_and_wrong: 3,
            weakest: Some(Weakest {
                title: "Data consistency".to_owned(),
                all_wrong: None,
            }),
            streak: 2,
        });
    }),
    ("home_open_session", |desk| {
        desk.app.model.home.open = vec![content::open_session()];
    }),
    ("home_notices", |desk| {
        let notice = "errors in incidents.toml, outages.toml: see Decks, or run `aethos check`";
        desk.app.model.home.notices = vec![
            notice.to_owned(),
            "the history was made by a newer version".to_owned(),
        ];
    }),
    ("home_no_questions", |desk| {
        desk.app.model.home.stock.clear();
        desk.press("enter");
    }),
    ("resume_dialog", |desk| {
        desk.app.model.home.open = vec![content::open_session()];
        desk.press("enter");
    }),
    ("briefing", |desk| desk.press("enter")),
    ("briefing_with_history", |desk| {
        let competencies = [Some((61.0, 45.0, 76.0)), None, Some((70.0, 55.0, 83.0))];
        desk.app.model.home.sessions = 3;
        desk.app.model.home.last = Some(LastAssessment {
            day: "21 Nov".to_owned(),
            score: Some((64.0, 57.0, 71.0)),
            competencies: competencies.to_vec(),
        });
        desk.press("enter");
    }),
    ("briefing_rating", |desk| {
        desk.press("enter down enter 3 right right");
    }),
    ("briefing_deepening", |desk| {
        finish(desk);
        desk.press("d");
    }),
    ("setup", |desk| desk.press("s")),
    ("setup_changed", |desk| {
        desk.press("s home 3 down space down 4 down 2 end up right up right up left home");
    }),
    ("setup_short", |desk| {
        desk.app
            .model
            .home
            .stock
            .iter_mut()
            .for_each(|stock| (stock.questions, stock.unseen) = (3, 1));
        desk.press("s");
    }),
    ("setup_adaptive", |desk| {
        desk.press("s end up up up up right");
    }),
    ("setup_adaptive_short", |desk| {
        desk.app
            .model
            .home
            .stock
            .iter_mut()
            .for_each(|stock| (stock.questions, stock.unseen) = (3, 1));
        desk.press("s end up up up up right down right");
    }),
    ("adaptive", |desk| adaptive(desk, "b 3 n a 2 n c 4")),
    ("adaptive_result", |desk| {
        adaptive(desk, "b 3 n a 2 n c 4 n");
    }),
    ("single", |desk| at(desk, SINGLE)),
    ("single_answered", |desk| {
        at(desk, SINGLE);
        desk.press("b 3");
    }),
    ("single_struck_and_flagged", |desk| {
        at(desk, SINGLE);
        desk.press("c x a x f b");
    }),
    ("homework", |desk| {
        sit_in(desk, Mode::Homework, Limit::Untimed, &[]);
        desk.press("b 3 i");
        desk.write("a majority has to say so first");
        desk.press("enter");
    }),
    ("homework_without_reasons", |desk| {
        sit_in(desk, Mode::Homework, Limit::Untimed, &[]);
        desk.press("b 3 n g F");
    }),
    ("homework_overview", |desk| {
        sit_in(desk, Mode::Homework, Limit::Untimed, &[]);
        desk.press("b 3 n g");
    }),
    ("multiple", |desk| at(desk, MULTIPLE)),
    ("multiple_answered", |desk| {
        at(desk, MULTIPLE);
        desk.press("a c 2");
    }),
    ("multiple_one_too_many", |desk| {
        at(desk, MULTIPLE);
        desk.press("a c d");
    }),
    ("ordering", |desk| at(desk, ORDERING)),
    ("ordering_typed", |desk| {
        at(desk, ORDERING);
        desk.press("c a");
    }),
    ("ordering_moved", |desk| {
        at(desk, ORDERING);
        desk.press("J J 4");
    }),
    ("matching", |desk| at(desk, MATCHING)),
    ("matching_half", |desk| {
        at(desk, MATCHING);
        desk.press("a");
    }),
    ("matching_answered", |desk| {
        at(desk, MATCHING);
        desk.press("a b d 1");
    }),
    ("numeric", |desk| at(desk, NUMERIC)),
    ("numeric_typed", |desk| {
        at(desk, NUMERIC);
        desk.write("1.5k");
    }),
    ("numeric_not_a_number", |desk| {
        at(desk, NUMERIC);
        desk.write("1.5a");
        desk.press("tab");
    }),
    ("open", |desk| at(desk, OPEN)),
    ("open_written", |desk| {
        at(desk, OPEN);
        desk.write("The one side is cheap to run and dear to change. I would start with it, and move once a second team has to deploy on its own.");
        desk.press("enter");
        desk.write("Then the other one.");
        desk.press("tab");
    }),
    ("code", |desk| at(desk, CODE)),
    ("long_stem", |desk| at(desk, LONG)),
    ("long_stem_scrolled", |desk| {
        at(desk, LONG);
        desk.press("pagedown pagedown");
    }),
    ("long_stem_at_its_end", |desk| {
        at(desk, LONG);
        desk.press("end");
    }),
    ("warning", |desk| {
        at(desk, SINGLE);
        desk.wait_until(Millis::seconds(fair() / 2 + 1));
    }),
    ("the_last_seconds", |desk| {
        at(desk, SINGLE);
        desk.wait_until(Millis::seconds(fair() - 20));
    }),
    ("untimed", |desk| {
        sit(desk, Limit::Untimed, &[Event::Shown { slot: SINGLE }]);
    }),
    ("not_saved", |desk| {
        at(desk, SINGLE);
        desk.press("b");
        desk.news(News::Unsaved(
            "the disk is full: make room, then answer on".to_owned(),
        ));
    }),
    ("overview", |desk| half_way(desk, "g")),
    ("finish_dialog", |desk| half_way(desk, "g F")),
    ("finish_dialog_complete", |desk| {
        at(desk, SINGLE);
        desk.press("a n a c n J n a b d n 8 0 0 0 tab n a n c n a n b n a n a n");
        desk.write("It depends on who has to run it.");
        desk.press("tab g F");
    }),
    ("leave_dialog", |desk| half_way(desk, "q")),
    ("time_is_up_dialog", |desk| {
        half_way(desk, "");
        desk.wait_until(Millis::seconds(fair() + 2));
    }),
    ("result", finish),
    ("result_end", |desk| {
        finish(desk);
        desk.press("end pagedown pagedown");
    }),
    ("export", |desk| export(desk, "")),
    ("export_summary", |desk| {
        export(desk, "up up right right up right");
    }),
    ("result_too_few", |desk| {
        at(desk, SINGLE);
        desk.press("b 4 g F 2");
    }),
    ("result_both", |desk| {
        half_way(desk, "");
        desk.wait_until(Millis::seconds(fair() + 2));
        desk.press("2 g 8 enter a n b n a g F 2");
    }),
    ("competency", |desk| {
        finish(desk);
        desk.press("down down enter");
    }),
    ("competency_too_few", |desk| {
        finish(desk);
        desk.press("down enter");
    }),
    ("review_single", |desk| review(desk, SINGLE)),
    ("review_single_end", |desk| {
        review(desk, SINGLE);
        desk.press("end");
    }),
    ("review_multiple", |desk| review(desk, MULTIPLE)),
    ("review_ordering", |desk| review(desk, ORDERING)),
    ("review_matching", |desk| review(desk, MATCHING)),
    ("review_numeric", |desk| review(desk, NUMERIC)),
    ("review_code_omitted", |desk| review(desk, CODE)),
    ("review_open", |desk| review(desk, OPEN)),
    ("review_open_rated", |desk| {
        review(desk, OPEN);
        desk.press("2 1 end");
    }),
    ("review_note", |desk| {
        review(desk, SINGLE);
        desk.press("i");
        desk.write("Look this up.");
    }),
    ("sure_and_wrong", |desk| {
        finish(desk);
        desk.press("W");
    }),
    ("review_dispute", |desk| {
        review(desk, SINGLE);
        desk.press("!");
        desk.write("Both hold.");
    }),
    ("home_open_practice", |desk| {
        let (mode, answered, questions) = (Mode::Practise, 5, 12);
        desk.app.model.home.open = vec![OpenSession {
            mode,
            answered,
            questions,
            ..content::open_session()
        }];
    }),
    ("home_two_open", |desk| {
        let (mode, answered, questions) = (Mode::Practise, 5, 12);
        desk.app.model.home.open = vec![OpenSession {
            mode,
            answered,
            questions,
            ..content::open_session()
        }];
        desk.app.model.home.open.push(content::open_session());
    }),
    ("practice_resume_dialog", |desk| {
        let (mode, answered, questions) = (Mode::Practise, 5, 12);
        desk.app.model.home.open = vec![OpenSession {
            mode,
            answered,
            questions,
            ..content::open_session()
        }];
        desk.press("enter");
    }),
    ("practice", |desk| practise(desk, &[SINGLE, CODE], "b")),
    ("practice_numeric", |desk| {
        practise(desk, &[NUMERIC], "");
        desk.write("80");
        desk.press("tab");
    }),
    ("practice_time_is_over", |desk| {
        practise(desk, &[ORDERING, CODE], "down up");
        desk.wait_until(Millis::minutes(20));
    }),
    ("practice_time_dialog", |desk| {
        practise(desk, &[SINGLE, CODE], "b 4 enter");
        desk.wait_until(Millis::minutes(20));
        desk.press("n");
    }),
    ("practice_leave_dialog", |desk| {
        practise(desk, &[SINGLE, CODE], "b q");
    }),
    ("practice_overview", |desk| {
        practise(desk, &[SINGLE, CODE, MULTIPLE], "b enter n u n g");
    }),
    ("practice_paused", |desk| {
        practise(desk, &[SINGLE, CODE], "b enter n z");
    }),
    ("practice_summary", |desk| {
        let slots = [SINGLE, CODE, MULTIPLE, MATCHING, SHARDING];
        practise(desk, &slots, "a 4 enter !");
        desk.write("The lease of L may still hold.");
        desk.press("enter n a enter n a b enter n u n b enter n u n q 4");
    }),
    ("feedback_right", |desk| {
        desk.beside.returns = Some("in 4 days".to_owned());
        practise(desk, &[SINGLE, CODE], "b 3 enter");
    }),
    ("feedback_easy", |desk| {
        practise(desk, &[SINGLE, CODE], "b 3 enter +");
    }),
    ("feedback_wrong", |desk| {
        practise(desk, &[SINGLE, CODE], "a 4 enter");
    }),
    ("feedback_wrong_end", |desk| {
        practise(desk, &[SINGLE, CODE], "a 4 enter end");
    }),
    ("feedback_partly", |desk| {
        practise(desk, &[CODE], "b 2 enter");
    }),
    ("feedback_not_known", |desk| {
        practise(desk, &[SINGLE, CODE], "u");
    }),
    ("feedback_again", |desk| {
        practise(desk, &[SINGLE], "a enter n a enter");
    }),
    ("feedback_multiple", |desk| {
        practise(desk, &[MULTIPLE], "a b 1 enter");
    }),
    ("feedback_ordering", |desk| {
        practise(desk, &[ORDERING], "J enter");
    }),
    ("feedback_matching", |desk| {
        practise(desk, &[MATCHING], "a b d enter");
    }),
    ("feedback_numeric", |desk| {
        practise(desk, &[NUMERIC], "");
        desk.write("8000");
        desk.press("enter enter");
    }),
    ("feedback_open", |desk| {
        practise(desk, &[OPEN], "");
        desk.write("It depends.");
        desk.press("tab enter");
    }),
    ("feedback_open_rated", |desk| {
        practise(desk, &[OPEN], "");
        desk.write("It depends.");
        desk.press("tab enter 2 2 1");
    }),
    ("feedback_notes", |desk| {
        let text = Text::new("Leases and terms: I mixed them up.");
        desk.beside.notes = vec![Remark {
            day: "3 Nov 2026".to_owned(),
            text,
        }];
        practise(desk, &[SINGLE], "a enter i");
        desk.write("A majority, not a lease.");
        desk.press("tab n b enter end");
    }),
    ("feedback_dispute", |desk| {
        practise(desk, &[SINGLE], "a enter !");
        desk.write("The lease of L may still hold.");
    }),
    ("feedback_disputed", |desk| {
        practise(desk, &[SINGLE], "a enter !");
        desk.write("The lease of L may still hold.");
        desk.press("enter end");
    }),
    ("others", |desk| {
        practise(desk, &[SINGLE, CODE], "b enter o");
    }),
    ("help_of_feedback", |desk| {
        practise(desk, &[SINGLE, CODE], "b enter ?");
    }),
    ("history_empty", |desk| desk.news(News::History(Vec::new()))),
    ("history", |desk| {
        desk.news(News::History(content::history()));
    }),
    ("calibration", |desk| {
        desk.news(News::Calibrated(Box::new(content::calibrated())));
    }),
    ("calibration_end", |desk| {
        desk.news(News::Calibrated(Box::new(content::calibrated())));
        desk.draw();
        desk.press("end");
    }),
    ("calibration_none", |desk| {
        desk.news(News::Calibrated(Box::new(CalibrationView {
            sessions: 0,
            calibration: None,
        })));
    }),
    ("items", |desk| {
        desk.news(News::Items(Box::new(content::items())));
    }),
    ("items_none", |desk| {
        let mut items = content::items();
        items.lines.clear();
        desk.news(News::Items(Box::new(items)));
    }),
    ("item", |desk| {
        desk.news(News::Items(Box::new(content::items())));
        desk.press("enter");
    }),
    ("item_counts_only", |desk| {
        desk.news(News::Items(Box::new(content::items())));
        desk.press("end enter");
    }),
    ("decks", |desk| desk.news(News::Decks(content::decks()))),
    ("home_practice", |desk| {
        let weakest = Some(Weakest {
            title: "Data consistency".to_owned(),
            all_wrong: None,
        });
        desk.app.model.home.practice = Some(PracticeLine {
            due: 12,
            due_tomorrow: 0,
            sure_and_wrong: 2,
            weakest,
            streak: 3,
        });
    }),
    ("agenda", |desk| {
        desk.news(News::Practice(Box::new(practice::agenda())));
    }),
    ("agenda_first", |desk| {
        desk.news(News::Practice(Box::new(practice::first())));
    }),
    ("agenda_interview", |desk| {
        desk.news(News::Practice(Box::new(practice::with_interview())));
        desk.press("down down");
    }),
    ("agenda_past", |desk| {
        desk.news(News::Practice(Box::new(practice::past())));
    }),
    ("agenda_idle", |desk| {
        desk.news(News::Practice(Box::new(practice::idle())));
        desk.press("enter");
    }),
    ("agenda_facets", |desk| {
        desk.news(News::Practice(Box::new(practice::agenda())));
        desk.press("end up up up up up up right down");
    }),
    ("progress", |desk| {
        desk.news(News::Progress(Box::new(practice::progress())));
    }),
    ("progress_end", |desk| {
        desk.news(News::Progress(Box::new(practice::progress())));
        desk.press("end");
    }),
    ("progress_none", |desk| {
        desk.news(News::Progress(Box::new(practice::no_progress())));
    }),
    ("help_of_practice", |desk| {
        desk.news(News::Practice(Box::new(practice::agenda())));
        desk.press("?");
    }),
    ("roster_empty", |desk| people(desk, Roster::default(), "")),
    ("roster", |desk| people(desk, mentored::roster(), "")),
    ("roster_with_a_loss", |desk| {
        let loss =
            "the session 20251217-m003 cannot be read back: the text of a question is missing";
        people(
            desk,
            Roster {
                losses: vec![loss.to_owned()],
                ..mentored::roster()
            },
            "end",
        );
    }),
    ("roster_taken", |desk| {
        people(desk, mentored::roster(), "space down space down down");
    }),
    ("person_new", |desk| {
        people(desk, mentored::roster(), "a J o");
    }),
    ("person_forget", |desk| {
        people(desk, mentored::roster(), "X");
    }),
    ("person", |desk| person(desk, "")),
    ("person_session", |desk| {
        person(desk, "");
        desk.press(&"down ".repeat(11));
        desk.press("enter");
        let Some(page) = desk.app.model.people.person.clone() else {
            return;
        };
        let record = mentored::records().iter();
        let record = record
            .rev()
            .find(|record| record.session == page.sessions[0].session);
        desk.news(News::People(Box::new(PeopleView::Session(Box::new(
            aethos::app::people::SessionPage {
                names: vec![page.name],
                record: record.expect("it was held").clone(),
            },
        )))));
    }),
    ("person_sessions", |desk| {
        person(desk, "");
        desk.press(&"down ".repeat(11));
    }),
    ("person_agreement", |desk| {
        person(desk, "a");
        desk.write("Read the runbook");
        desk.press("enter");
        desk.write("+2w");
    }),
    ("person_table", |desk| person(desk, "end")),
    ("person_reasoning", |desk| person(desk, "tab left left end")),
    ("cohort", |desk| {
        people(desk, mentored::roster(), "c");
        desk.news(News::People(Box::new(PeopleView::Cohort(
            mentored::cohort(),
        ))));
    }),
    ("prepare", |desk| prepare(desk, "m", &[0], "")),
    ("prepare_several", |desk| {
        prepare(desk, "space down space m", &[0, 1], "down space");
    }),
    ("prepare_level", |desk| {
        let level = "end ".to_owned() + &"up ".repeat(5) + "right";
        prepare(desk, "m", &[0], &level);
    }),
    ("prepare_question", |desk| {
        prepare(desk, "m", &[0], "down down down down down");
    }),
    ("prepare_reading", |desk| {
        prepare(desk, "m", &[0], "down down down down down enter");
        let prepared = desk.app.model.people.prepared.as_ref();
        let plan = prepared.expect("it is prepared").draft.plan();
        desk.news(News::People(Box::new(PeopleView::Question(
            mentored::draft_question(&plan, 1),
        ))));
    }),
    ("prepare_facets", |desk| {
        prepare(desk, "m", &[0], "end up up space down right right");
    }),
    ("deck", |desk| {
        desk.news(News::Deck(Box::new(content::deck())));
    }),
    ("settings", |desk| desk.press(", down right")),
    ("help_of_home", |desk| desk.press("?")),
    ("help_of_a_question", |desk| {
        at(desk, SINGLE);
        desk.press("?");
    }),
];

/// Opens the list of people, and presses these keys.
fn people(desk: &mut Desk, roster: Roster, keys: &str) {
    desk.app.model.home.people = roster.lines.len();
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(roster))));
    desk.press(keys);
}

fn person(desk: &mut Desk, keys: &str) {
    people(desk, mentored::roster(), "enter");
    desk.news(News::People(Box::new(PeopleView::Person(
        mentored::person(),
    ))));
    desk.press(keys);
}

/// Prepares a session with some people, by pressing `choose` in the list of people.
fn prepare(desk: &mut Desk, choose: &str, who: &[usize], keys: &str) {
    people(desk, mentored::roster(), choose);
    desk.news(News::People(Box::new(PeopleView::Prepared(
        mentored::prepared(who),
    ))));
    desk.press(keys);
}

fn session(limit: Limit) -> Session {
    let questions = content::questions();
    let form = form(&content::blueprint(), &questions, |slot| slot != 9);
    Session::new(form, questions.into(), limit, Multiplier::ONE)
}

fn fair() -> u64 {
    fair_seconds(&session(Limit::Untimed).form)
}

/// Opens a session with these events.
fn sit(desk: &mut Desk, limit: Limit, events: &[Event]) {
    sit_in(desk, Mode::Assess, limit, events);
}

fn sit_in(desk: &mut Desk, mode: Mode, limit: Limit, events: &[Event]) {
    let log: Vec<Stamped> = (0..)
        .zip(events)
        .map(|(n, e)| Stamped {
            at: Millis::seconds(n),
            event: e.clone(),
        })
        .collect();
    let session = session(limit).in_mode(mode).replay(&log);
    desk.points.insert(content::point().id, content::point());
    let id = SessionId::new("20261122-1");
    desk.sit_down(Started {
        id,
        session,
        drafts: Default::default(),
        notice: None,
    });
}

/// Opens the first of three adaptive single questions, and presses these keys.
fn adaptive(desk: &mut Desk, keys: &str) {
    let mut session = session(Limit::Within(Millis::minutes(4)));
    let (item, question) = (
        session.item(SINGLE).clone(),
        session.question(SINGLE).clone(),
    );
    desk.bank = vec![(item, question.clone()); 3];
    session.form.items = vec![desk.bank[0].0.clone()];
    session.form.growing = Some(Growing {
        budget: 24,
        seed: 7,
        deepens: false,
    });
    let session = Session::new(
        session.form,
        [question].into(),
        session.limit,
        Multiplier::ONE,
    );
    let session = session.replay(&[Stamped {
        at: Millis::ZERO,
        event: Event::Shown { slot: 0 },
    }]);
    let id = SessionId::new("20261122-1");
    desk.sit_down(Started {
        id,
        session,
        drafts: Default::default(),
        notice: None,
    });
    desk.press(keys);
}

/// Opens practice with a queue of these questions, and presses these keys.
fn practise(desk: &mut Desk, slots: &[usize], keys: &str) {
    let all = session(Limit::Untimed);
    let item = |slot: usize| Item {
        why: Some(QueueReason::Due),
        ..all.item(slot).clone()
    };
    desk.bank = (0..all.len())
        .map(|slot| (item(slot), all.question(slot).clone()))
        .collect();
    let queued = |item: Item| Queued {
        deck: item.deck,
        question: item.question,
        why: QueueReason::Due,
    };
    desk.queue = PracticeQueue::new(
        slots.iter().map(|slot| queued(item(*slot))).collect(),
        Default::default(),
    );
    let growing = Some(Growing {
        budget: slots.len(),
        seed: 7,
        deepens: false,
    });
    let form = Form {
        code: String::new(),
        items: vec![item(slots[0])],
        growing,
    };
    let questions = [all.question(slots[0]).clone()].into();
    let session = Session::new(
        form,
        questions,
        Limit::Within(Millis::minutes(15)),
        Multiplier::ONE,
    );
    let session = session.in_mode(Mode::Practise).replay(&[Stamped {
        at: Millis::ZERO,
        event: Event::Shown { slot: 0 },
    }]);
    desk.points.insert(content::point().id, content::point());
    let id = SessionId::new("20261122-1");
    desk.sit_down(Started {
        id,
        session,
        drafts: Default::default(),
        notice: None,
    });
    desk.wait_until(desk.now + Millis::seconds(25));
    desk.press(keys);
}

fn at(desk: &mut Desk, slot: usize) {
    sit(
        desk,
        Limit::Within(Millis::seconds(fair())),
        &[Event::Shown { slot }],
    );
}

/// Answers, skips and flags some questions, and presses these keys.
fn half_way(desk: &mut Desk, keys: &str) {
    let rated = |id, level| Event::Rated {
        competency: CompetencyId::new(id),
        level,
    };
    let events = [
        rated("data-consistency", Level::Senior),
        rated("fault-tolerance", Level::Staff),
        Event::Shown { slot: SINGLE },
    ];
    sit(desk, Limit::Within(Millis::seconds(fair())), &events);
    for keys in [
        "a 4 f n",
        "a c 3 n",
        "J 2 n",
        "a b d 1 n",
        "8 0 0 0 tab 4 n",
        "f n",
    ] {
        desk.wait_until(desk.now + Millis::seconds(25));
        desk.press(keys);
    }
    desk.press(keys);
}

pub fn finish(desk: &mut Desk) {
    half_way(desk, "c n a 3 n b 2 n a n a n");
    desk.write("It depends on who has to run it.");
    desk.press("tab g F 2");
}

/// Opens the export screen with two folders, and presses keys.
fn export(desk: &mut Desk, keys: &str) {
    finish(desk);
    desk.news(News::Export(ExportOffer {
        session: SessionId::new("20261121-1"),
        name: "aethos-20261121-1".to_owned(),
        folders: vec![
            ("this folder", "/quiz/reports".to_owned()),
            ("your home folder", "/quiz".to_owned()),
        ],
    }));
    desk.press(keys);
}

/// Opens the review of one question through the list of its competency.
fn review(desk: &mut Desk, slot: usize) {
    finish(desk);
    let opened = desk
        .app
        .model
        .opened
        .as_ref()
        .expect("the session was finished");
    let lines = &opened.assessment.scores.competencies;
    let line = lines
        .iter()
        .position(|line| line.slots.contains(&slot))
        .expect("its competency has a line");
    let blueprint = content::blueprint();
    let facets: Vec<_> = blueprint
        .competencies
        .iter()
        .flat_map(|c| &c.facets)
        .collect();
    let of_facet = |slot: &usize| {
        let facet = &opened.session.item(*slot).facet;
        facets.iter().position(|of| of.id == *facet)
    };
    let mut slots = lines[line].slots.clone();
    slots.sort_by_key(|slot| (of_facet(slot), *slot));
    let place = slots
        .iter()
        .position(|s| *s == slot)
        .expect("it holds the question");
    desk.press(&"down ".repeat(line));
    desk.press("enter");
    desk.press(&"down ".repeat(place));
    desk.press("enter");
}
