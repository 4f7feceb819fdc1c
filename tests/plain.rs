//! The line dialogue, from input lines to its transcript.

mod sitting;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Read, Write};

use aethos::core::form::{Form, Growing, Item};
use aethos::core::id::ChoiceId;
use aethos::core::practice::{QueueReason, Queued};
use aethos::core::question::Question;
use aethos::core::response::{Answer, Confidence};
use aethos::core::time::{Limit, Millis, Multiplier};
use aethos::plain::{self, ClockReading, End};
use aethos::session::{Conclusion, Draw, Event, Mode, Phase, PracticeQueue, Session, Stamped};
use proptest::prelude::*;
use sitting::*;

/// A person who types a line at a fixed interval, on a terminal with echo.
struct Person<'a> {
    lines: Vec<u8>,
    seconds: u64,
    clock: &'a Cell<u64>,
    terminal: &'a RefCell<Vec<u8>>,
    line: Vec<u8>,
}

impl Read for Person<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Person<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.line.is_empty() && !self.lines.is_empty() {
            let end = self
                .lines
                .iter()
                .position(|b| *b == b'\n')
                .map_or(self.lines.len(), |end| end + 1);
            self.line = self.lines.drain(..end).collect();
            self.clock.set(self.clock.get() + self.seconds * 1000);
            self.terminal.borrow_mut().extend_from_slice(&self.line);
        }
        Ok(&self.line)
    }

    fn consume(&mut self, n: usize) {
        self.line.drain(..n);
    }
}

struct Terminal<'a>(&'a RefCell<Vec<u8>>);

impl Write for Terminal<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Played {
    end: End,
    session: Session,
    log: Vec<Stamped>,
    transcript: String,
}

/// Types `lines`, one every `seconds`.
fn play_slowly(session: Session, lines: &[u8], seconds: u64) -> Played {
    play_drawing(session, lines, seconds, &mut |_| None)
}

fn play_drawing(
    mut session: Session,
    lines: &[u8],
    seconds: u64,
    draw: &mut dyn FnMut(&Session) -> Option<Draw>,
) -> Played {
    let (clock, terminal) = (Cell::new(1_000_000), RefCell::new(Vec::new()));
    let mut log = Vec::new();
    let mut person = Person {
        lines: lines.to_vec(),
        seconds,
        clock: &clock,
        terminal: &terminal,
        line: Vec::new(),
    };
    let end = plain::run(
        &mut session,
        &mut || ClockReading {
            at: Millis(clock.get()),
            stopped: false,
        },
        draw,
        &mut |events| {
            log.extend_from_slice(events);
            Ok(())
        },
        &mut person,
        &mut Terminal(&terminal),
        true,
    )
    .unwrap();
    let transcript = String::from_utf8_lossy(&terminal.into_inner()).into_owned();
    Played {
        end,
        session,
        log,
        transcript,
    }
}

fn play(session: Session, lines: &str) -> Played {
    play_slowly(session, lines.as_bytes(), 5)
}

fn picked(picks: &[u8]) -> Option<Answer> {
    Some(Answer::Picked(
        picks.iter().copied().map(ChoiceId).collect(),
    ))
}

#[test]
fn a_whole_session() {
    let lines = "\
c\n4\n\
x\nb\n5\n3\n\
abc\nac\n2\n\
f\nbca\nb a c d\n\n\
1b 9a\n1b 2c\n-\n1b 2c 3a\n1\n\
12 apples\n3.6\n2\n\
I would split the key\nand add a suffix.\n.\n\
?\nn\n\
p\nn\nn\ng\n9\nd\n4\nc\n4\n42\ne\nn\ne\ny\n2\n7\n3\n";
    let played = play(session(), lines);
    assert_eq!(played.end, End::Finished);
    insta::assert_snapshot!(played.transcript);
    let answer = |slot: usize| played.session.sheet(slot).answer.clone();
    assert_eq!(answer(QUORUM), picked(&[1]));
    assert_eq!(
        played.session.sheet(QUORUM).confidence,
        Some(Confidence::Sure)
    );
    assert_eq!(answer(CONFLICTS), picked(&[1, 2]));
    assert_eq!(
        answer(COMMIT),
        Some(Answer::Ordered([0, 2, 1, 3].map(ChoiceId).into()))
    );
    assert_eq!(
        answer(ISOLATION),
        Some(Answer::Matched(
            [0, 1, 2].map(|id| Some(ChoiceId(id))).into()
        ))
    );
    assert_eq!(answer(BUDGET), Some(Answer::Number("3.6".into())));
    assert_eq!(
        answer(HOTSPOT),
        Some(Answer::Written(
            "I would split the key\nand add a suffix.".into()
        ))
    );
    assert_eq!(answer(SHARDS), None);
    assert_eq!(
        played.session.sheet(HOTSPOT).rubric,
        BTreeMap::from([(0, 2), (1, 3)])
    );
    assert!(played.session.sheet(COMMIT).flagged);
}

/// Plays practice with these questions, asked in this order.
fn practice(questions: &[Question], limit: Limit, lines: &str, seconds: u64) -> Played {
    let all = session_of(questions.to_vec(), limit);
    let bank: Vec<(Item, Question)> = (0..all.len())
        .map(|slot| (all.item(slot).clone(), all.question(slot).clone()))
        .collect();
    let queued = |(item, _): &(Item, Question)| {
        let (deck, question) = (item.deck.clone(), item.question.clone());
        Queued {
            deck,
            question,
            why: QueueReason::Due,
        }
    };
    let queue = PracticeQueue::new(bank.iter().map(queued).collect(), HashMap::new());
    let growing = Some(Growing {
        budget: bank.len(),
        seed: 7,
        deepens: false,
    });
    let first = Item {
        why: Some(QueueReason::Due),
        ..bank[0].0.clone()
    };
    let form = Form {
        code: String::new(),
        items: vec![first],
        growing,
    };
    let session = Session::new(form, [bank[0].1.clone()].into(), limit, Multiplier::ONE)
        .in_mode(Mode::Practise);
    let mut draw = |session: &Session| {
        Some(match queue.next(session) {
            None => Draw::Conclude(Conclusion::Exhausted),
            Some(next) => {
                let (item, question) = bank
                    .iter()
                    .find(|(item, _)| item.question == next.question)
                    .unwrap();
                Draw::Next(
                    Box::new(Item {
                        why: Some(next.why),
                        ..item.clone()
                    }),
                    Box::new(question.clone()),
                )
            }
        })
    };
    play_drawing(session, lines.as_bytes(), seconds, &mut draw)
}

#[test]
fn practice_explains_each_answer_at_once() {
    let lines = "\
n\nx\nb\n4\n\
e\ni\nThree, not two.\n!\nIt depends.\nf\nz\n\n\n\
ab\n1\n\n\
bacd\n\np\nn\n\n\
1b 2c 3a\n3\n\n\
none\n12\n\n\n\
ba\n4\n\n\
I would split the key.\n.\n2\n9\n1\n\n\
u\n\n\
3.6\n\n\n\
c\n4\ne\n\n";
    let questions: Vec<Question> = questions()
        .into_iter()
        .filter(|q| q.id.as_str() != "lease.001")
        .take(7)
        .collect();
    let played = practice(&questions, Limit::Within(Millis::minutes(10)), lines, 5);
    insta::assert_snapshot!(played.transcript);
    let grades: Vec<&str> = played
        .session
        .sheets()
        .iter()
        .filter_map(|s| Some(s.grade?.word()))
        .collect();
    assert_eq!(played.end, End::Finished);
    let expected = [
        "again", "again", "hard", "good", "again", "good", "hard", "again", "good", "easy",
    ];
    assert_eq!(grades, expected);
    assert_eq!(played.session.sheet(0).dispute, "It depends.");
    assert_eq!(played.session.sheet(0).note, "Three, not two.");
}

#[test]
fn a_question_can_be_suspended_before_it_is_answered() {
    let limit = Limit::Within(Millis::minutes(10));
    for word in ["-", "suspend"] {
        let played = practice(&questions()[..2], limit, &format!("{word}\nn\nq\n"), 5);
        assert!(
            played.session.sheet(0).is_suspended(),
            "{}",
            played.transcript
        );
        assert!(
            played
                .transcript
                .contains("Type n to continue without answering")
        );
        assert!(played.session.sheet(0).answer.is_none());
        assert!(!played.session.sheet(0).revealed);
    }
}

#[test]
fn when_the_minutes_are_over_practice_asks_whether_to_go_on() {
    let limit = Limit::Within(Millis::seconds(30));
    let two = &questions()[..2];
    let ended = practice(two, limit, "c\n4\n\ne\n", 20);
    assert_eq!((ended.end, ended.session.len()), (End::Finished, 1));
    assert!(
        ended.transcript.contains("Your time is up."),
        "{}",
        ended.transcript
    );
    assert!(
        ended
            .transcript
            .contains("Practice finished: 1 done in 1:20, 1 right"),
        "{}",
        ended.transcript
    );
    let went_on = practice(two, limit, "c\n4\n\nu\nc\n4\n\n", 20);
    assert_eq!((went_on.end, went_on.session.len()), (End::Finished, 2));
    assert!(
        went_on
            .transcript
            .contains("Question 2 of 2, data consistency, due.\n"),
        "{}",
        went_on.transcript
    );
}

#[test]
fn a_pause_in_lines_is_not_charged() {
    let played = practice(&questions()[..1], Limit::Untimed, "z\n\nc\nq\n", 10);
    assert_eq!(
        played.session.at(),
        Millis::seconds(30),
        "all lines but the one that ended the pause"
    );
    let left = practice(&questions()[..1], Limit::Untimed, "z\nq\n", 10);
    assert_eq!((left.end, left.session.phase()), (End::Left, Phase::Paused));
}

#[test]
fn the_end_of_the_input_leaves_the_session_and_it_goes_on_where_it_was() {
    let left = play(session(), "c\n4\nb\n");
    assert_eq!(
        (left.end, left.session.phase()),
        (End::Left, Phase::Running)
    );
    assert!(
        left.transcript
            .ends_with("Left. Everything is saved: you can resume the session.\n"),
        "{}",
        left.transcript
    );
    let resumed = play(session().replay(&left.log), "q\n");
    assert_eq!(resumed.end, End::Left);
    let opening = "Form code 7K3-QX9: 10 questions, 2 answered, 9:45 left. Type ? for help.\n\nQuestion 2 of 10";
    assert!(
        resumed.transcript.starts_with(opening),
        "{}",
        resumed.transcript
    );
    assert!(
        resumed.transcript.contains("Your answer so far: b."),
        "{}",
        resumed.transcript
    );
}

#[test]
fn a_line_that_arrives_after_the_limit_does_not_count() {
    let short = session_of(questions(), Limit::Within(Millis::seconds(100)));
    let played = play_slowly(short, b"c\n4\nb\nwhat\nu\na\n", 40);
    assert!(
        played
            .transcript
            .contains("Question 2 of 10, data consistency. 0:20 left: less than 30 seconds left.")
    );
    let refused = "The time was up before this line arrived, so it does not count.";
    assert!(played.transcript.contains(refused), "{}", played.transcript);
    // What follows is an answer after the limit.
    let lease = played.session.sheet(LEASE);
    assert_eq!(
        lease.at_expiry.as_ref().and_then(|b| b.answer.clone()),
        None
    );
    assert_eq!(lease.answer, picked(&[2]));
    assert_eq!(
        played.session.expiry().map(|e| e.at),
        Some(Millis::seconds(100))
    );
    assert_eq!(played.session.phase(), Phase::Overtime);
    insta::assert_snapshot!(played.transcript);
}

#[test]
fn an_open_answer_cut_off_is_kept_as_far_as_it_went() {
    let open = || {
        session_of(
            vec![questions()[HOTSPOT].clone()],
            Limit::Within(Millis::seconds(30)),
        )
    };
    let written = |played: Played| played.session.replay(&[]).sheet(0).answer.clone();
    assert_eq!(
        written(play(open(), "split\nthe key\n")),
        Some(Answer::Written("split\nthe key".into()))
    );
    let late = play_slowly(open(), b"split\nthe key\ne\n", 20);
    assert_eq!(
        (late.end, written(late)),
        (End::Finished, Some(Answer::Written("split".into())))
    );
}

#[test]
fn nothing_is_confirmed_or_rated_after_the_limit() {
    let short = || session_of(questions(), Limit::Within(Millis::seconds(100)));
    let rated = play_slowly(short(), b"c\n4\nq\n", 60);
    assert_eq!(rated.session.sheet(QUORUM).confidence, None);
    assert_eq!(rated.session.sheet(QUORUM).answer, picked(&[1]));
    assert_eq!(
        rated.session.phase(),
        Phase::Expired,
        "{}",
        rated.transcript
    );
    let finished = play_slowly(short(), b"c\n4\nfinish\ny\ne\n", 30);
    assert_eq!(finished.end, End::Finished, "{}", finished.transcript);
    assert!(finished.session.expiry().is_some());
}

#[test]
fn an_options_letter_is_never_a_command() {
    let five = || session_of(vec![questions()[CONFLICTS].clone()], Limit::Untimed);
    let played = play(five(), "e\n");
    assert!(played.transcript.contains("answer (2 of a-e), ? help> "));
    assert_eq!(played.session.sheet(0).answer, picked(&[4]));
    assert_eq!(play(five(), "finish\ny\n").end, End::Finished);
}

#[test]
fn a_command_typed_instead_of_a_confidence_is_obeyed() {
    let played = play(session(), "c\nfinish\ny\n");
    assert_eq!(played.end, End::Finished, "{}", played.transcript);
    assert_eq!(played.session.sheet(QUORUM).answer, picked(&[1]));
    assert_eq!(played.session.sheet(QUORUM).confidence, None);
}

#[test]
fn a_line_without_an_end_is_refused_and_the_next_one_taken() {
    let mut lines = vec![b'a'; 1_000_000];
    lines.extend_from_slice(b"\nc\n");
    let played = play_slowly(session(), &lines, 1);
    assert!(
        played
            .transcript
            .contains("This line is too long and was ignored.")
    );
    assert_eq!(played.session.sheet(QUORUM).answer, picked(&[1]));
}

#[test]
fn standing_still_is_a_gap_and_not_charged() {
    let mut session = session();
    let mut log = Vec::new();
    let mut readings = [(0, false), (10_000, false), (600_000, true)].into_iter();
    let mut now = || {
        readings
            .next()
            .map(|(at, stopped)| ClockReading {
                at: Millis(at),
                stopped,
            })
            .unwrap()
    };
    let mut save = |events: &[Stamped]| {
        log.extend(events.iter().map(|stamped| stamped.event.clone()));
        Ok(())
    };
    let end = plain::run(
        &mut session,
        &mut now,
        &mut |_| None,
        &mut save,
        &mut &b"f\n"[..],
        &mut io::sink(),
        false,
    )
    .unwrap();
    assert_eq!((end, session.at()), (End::Left, Millis::seconds(15)));
    assert!(
        log.contains(&Event::Gap {
            length: Millis::seconds(585)
        }),
        "{log:?}"
    );
}

#[test]
fn a_reader_that_goes_away_leaves_the_session_open() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut now = || ClockReading {
        at: Millis::ZERO,
        stopped: false,
    };
    let end = plain::run(
        &mut session(),
        &mut now,
        &mut |_| None,
        &mut |_| Ok(()),
        &mut &b"c\n"[..],
        &mut Closed,
        true,
    );
    assert_eq!(end.unwrap(), End::Left);
}

#[test]
fn an_answer_that_cannot_be_saved_is_not_acknowledged() {
    let mut output = Vec::new();
    let mut now = || ClockReading {
        at: Millis::ZERO,
        stopped: false,
    };
    let mut save = |events: &[Stamped]| match events[0].event {
        Event::Answered { .. } => Err(io::Error::other("the disk is full")),
        _ => Ok(()),
    };
    let end = plain::run(
        &mut session(),
        &mut now,
        &mut |_| None,
        &mut save,
        &mut &b"c\n"[..],
        &mut output,
        true,
    );
    assert_eq!(end.unwrap_err().to_string(), "the disk is full");
    assert!(!String::from_utf8(output).unwrap().contains("Your answer"));
}

/// Generates lines that are valid in some places, and invalid lines.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[a-g1-4?.]{0,5}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            "n", "p", "g", "u", "e", "y", "f", "-", ".", "finish", "1c 2a 3b", "3.6 h", "cbad"
        ])
        .prop_map(|line| line.as_bytes().to_vec()),
        any::<String>().prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #[test]
    fn whatever_is_typed_in_practice_nothing_acknowledged_is_lost(
        lines in prop::collection::vec(prop_oneof![
            3 => line(),
            1 => prop::sample::select(vec!["", "u", "z", "!", "i", "q", "easy"]).prop_map(|l| l.as_bytes().to_vec()),
        ], 0..60),
        seconds in 0u64..30,
    ) {
        let lines = String::from_utf8_lossy(&lines.join(&b'\n')).into_owned();
        let played = practice(&questions(), Limit::Within(Millis::minutes(3)), &lines, seconds);
        let drawn = |stamped: &Stamped| matches!(stamped.event, Event::Drawn { .. });
        let mut form = played.session.form.clone();
        form.items.truncate(played.session.len() - played.log.iter().filter(|s| drawn(s)).count());
        let again = Session::new(form, played.session.questions.clone(), Limit::Within(Millis::minutes(3)), Multiplier::ONE);
        let again = again.in_mode(Mode::Practise).replay(&played.log);
        prop_assert_eq!(again.sheets(), played.session.sheets());
        prop_assert_eq!(again.phase(), played.session.phase());
    }

    #[test]
    fn whatever_is_typed_nothing_acknowledged_is_lost(
        lines in prop::collection::vec(line(), 0..60),
        seconds in 0u64..30,
    ) {
        let played = play_slowly(session(), &lines.join(&b'\n'), seconds);
        let replayed = session().replay(&played.log);
        prop_assert_eq!(replayed.sheets(), played.session.sheets());
        prop_assert_eq!(replayed.phase(), played.session.phase());
        let mut last: BTreeMap<usize, Answer> = BTreeMap::new();
        for stamped in &played.log {
            if let Event::Answered { slot, answer } | Event::AnswerChanged { slot, answer } = &stamped.event {
                last.insert(*slot, answer.clone());
            }
        }
        for (slot, answer) in last {
            let kept = played.session.sheet(slot).answer.clone();
            prop_assert_eq!(kept, (!answer.is_blank()).then_some(answer));
        }
        let finished = played.session.phase() == Phase::Finished;
        prop_assert_eq!(played.end, if finished { End::Finished } else { End::Left });
    }

    #[test]
    fn nothing_printed_controls_a_terminal(lines in prop::collection::vec(line(), 0..20), words in any::<String>()) {
        let mut questions = questions();
        for question in &mut questions {
            (question.stem, question.lead_in) = (words.as_str().into(), words.as_str().into());
        }
        let mut output = Vec::new();
        let mut now = || ClockReading { at: Millis::ZERO, stopped: false };
        let input = lines.join(&b'\n');
        let mut session = session_of(questions, Limit::Untimed);
        plain::run(&mut session, &mut now, &mut |_| None, &mut |_| Ok(()), &mut input.as_slice(), &mut output, true).unwrap();
        let printed = String::from_utf8(output).unwrap();
        prop_assert!(printed.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", printed);
    }
}
