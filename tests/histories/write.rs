//! Writes the histories of this version, to be frozen once: see `tests/fixtures/histories/0.1/README.md`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use aethos::app::effect::{Effect, Started, TimeChoice};
use aethos::core::form::cells;
use aethos::core::id::{ChoiceId, CompetencyId, DeckId, SessionId};
use aethos::core::practice::{Drill, Grade};
use aethos::core::question::{Interaction, Kind, Level};
use aethos::core::response::{Answer, Confidence};
use aethos::core::rng::Stream;
use aethos::core::time::{Day, Millis};
use aethos::session::meeting::Event as Said;
use aethos::session::{Draw, Event, Mode, Session, Stamped};
use aethos::shell::{Deepening, Folder, Shell, StartRequest, Workspace};

use super::home::{Home, head, numeric, single};
use super::meetings::mentor;
use super::year::answer;
use super::{INTERRUPTED, expectations};

const DAY_MS: i64 = 86_400_000;
/// 2 March 2026, a Monday.
pub const FIRST: Day = Day(20_514);
/// The hour of the first event of a day, in UTC.
const HOUR: i64 = 10;
pub const FOUR: [&str; 4] = ["Ada", "Ben", "Cem", "Dua"];
const ALL: usize = usize::MAX;

type Story = fn(&mut Player);

/// Writes every history and its expectations to a new folder; fails if the folder exists.
#[test]
#[ignore = "writes the fixtures of a version, which is done once"]
fn write_the_histories_of_this_version() {
    assert_eq!(
        std::env::var("TZ").as_deref(),
        Ok("UTC"),
        "days are counted in UTC"
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("histories-{}", env!("CARGO_PKG_VERSION")));
    fs::create_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let stories: [(&str, Story); 5] = [
        ("assessment", assessment),
        ("adaptive", adaptive),
        ("practice", practice),
        ("mentor", mentor),
        (INTERRUPTED, interrupted),
    ];
    for (name, story) in stories {
        let mut player = Player::new(name);
        story(&mut player);
        let file = player.close(&folder, name);
        for (what, value) in expectations(&file) {
            let text = value.to_string() + "\n";
            fs::write(folder.join(format!("{name}.{what}.json")), text).unwrap();
        }
    }
    fs::write(folder.join("checksums.txt"), checksums(&folder)).unwrap();
    println!("written to {}", folder.display());
}

/// Returns a line with hash and name for each file in a folder, by name.
fn checksums(folder: &Path) -> String {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let line = |file: &PathBuf| {
        let hash = blake3::hash(&fs::read(file).unwrap());
        format!("{hash}  {}\n", file.file_name().unwrap().to_string_lossy())
    };
    files.iter().map(line).collect()
}

/// A user of the program's shell, with a clock that only their actions move.
pub struct Player {
    home: Home,
    pub shell: Shell,
    clock: Rc<Cell<i64>>,
    pub chance: Stream,
    /// How many of ten answers are right, outside meetings.
    skill: u64,
}

impl Player {
    fn new(name: &str) -> Self {
        let home = Home::new();
        home.deck(
            "mine",
            head("mine") + &(1..=6).map(single).collect::<String>() + &numeric(7),
        );
        let folder = Folder::at(home.data());
        let settings = folder.settings().unwrap();
        let clock = Rc::new(Cell::new(0));
        let reading = clock.clone();
        let shell = Shell::new(
            Workspace::open(folder, settings, &[])
                .unwrap()
                .with_clock(move || reading.get()),
        );
        let player = Self {
            home,
            shell,
            clock,
            chance: Stream::new(7, name),
            skill: 6,
        };
        player.go_to(0);
        player
    }

    /// Sets the clock to the usual hour of a day, counted from the first one.
    pub fn go_to(&self, days: i32) {
        self.clock
            .set(i64::from(FIRST.plus(days).0) * DAY_MS + HOUR * 3_600_000);
    }

    pub fn spend(&self, seconds: u64) {
        self.clock.set(self.clock.get() + 1000 * seconds as i64);
    }

    /// Closes the history, compacts it and copies it to `folder`.
    fn close(self, folder: &Path, name: &str) -> PathBuf {
        drop(self.shell);
        let connection = rusqlite::Connection::open(self.home.history()).unwrap();
        connection
            .execute_batch(
                "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
            )
            .unwrap();
        drop(connection);
        let file = folder.join(format!("{name}.db"));
        fs::copy(self.home.history(), &file).unwrap();
        file
    }

    pub fn wanted(&self, size: usize, seed: u64) -> StartRequest {
        StartRequest {
            competencies: cells(&self.shell.workspace.library.outline.blueprint, &[]),
            size,
            written: 0,
            time: TimeChoice::Untimed,
            ratings: BTreeMap::new(),
            form: None,
            seed: Some(seed),
            decks: Vec::new(),
            adaptive: false,
        }
    }

    fn say(&mut self, session: &mut Session, seconds: u64, event: Event) {
        self.spend(seconds);
        let stamped = Stamped {
            at: session.at() + Millis::seconds(seconds),
            event,
        };
        session
            .apply(&stamped)
            .unwrap_or_else(|refused| panic!("{stamped:?}: {refused}"));
        let news = self.shell.save(stamped);
        assert!(news.is_empty(), "{news:?}");
    }

    /// Answers the question on the screen.
    fn answer(&mut self, session: &mut Session, slot: usize) {
        let right = self.chance.below(10) < self.skill;
        let given = answer(session.question(slot), session.item(slot), right);
        self.say(
            session,
            25,
            Event::Answered {
                slot,
                answer: given,
            },
        );
        if session.item(slot).kind != Kind::Open {
            let confidence = Confidence::ALL[self.chance.below(4) as usize];
            self.say(
                session,
                3,
                Event::Confident {
                    slot,
                    confidence: Some(confidence),
                },
            );
        }
    }

    /// Answers questions up to a place, drawing them where the session grows.
    fn play(&mut self, session: &mut Session, until: usize) {
        let first = session.slot().map_or(0, |slot| slot + 1);
        for slot in first..until {
            if slot == session.len() {
                match session.grows().then(|| self.shell.draw(session).unwrap()) {
                    Some(Draw::Next(item, question)) => {
                        session.learn(*question);
                        self.say(session, 0, Event::Drawn { item: *item });
                    }
                    Some(Draw::Conclude(because)) => {
                        return self.say(session, 0, Event::Concluded { because });
                    }
                    None => return,
                }
            }
            self.say(session, 2, Event::Shown { slot });
            self.answer(session, slot);
            if session.mode == Mode::Practise {
                self.reveal(session, slot);
            }
        }
    }

    fn reveal(&mut self, session: &mut Session, slot: usize) {
        self.say(session, 1, Event::Revealed { slot });
        let grade = session.automatic_grade(slot).unwrap_or(Grade::Hard);
        self.say(session, 10, Event::Graded { slot, grade });
    }

    fn finish(&mut self, mut session: Session) {
        self.say(&mut session, 2, Event::Finished);
        self.shell.score_running(session);
    }

    pub fn leave(&mut self) {
        self.shell.perform(Effect::Leave);
    }

    fn practise(&mut self, drill: &Drill, minutes: u32) -> Session {
        self.shell
            .practise(drill, minutes, &[])
            .unwrap_or_else(|refused| panic!("{refused}"))
            .session
    }

    fn amend(&mut self, id: &SessionId, at: Millis, event: Event) {
        self.spend(30);
        self.shell.amend(id, Stamped { at, event }).unwrap();
    }
}

/// Plays a timed assessment past its limit, a second one three weeks later, one that is discarded, and one of another
/// person with their own deck.
fn assessment(player: &mut Player) {
    let ratings = [
        ("data-consistency", Level::Mid),
        ("fault-tolerance", Level::Senior),
    ];
    let ratings = ratings
        .map(|(id, level)| (CompetencyId::new(id), level))
        .into();
    let limit = Millis::minutes(11);
    let wanted = StartRequest {
        written: 1,
        ratings,
        time: TimeChoice::Within(limit),
        ..player.wanted(24, 1)
    };
    let Started {
        id, mut session, ..
    } = player.shell.start(&wanted).unwrap();
    let open = (0..session.len())
        .find(|slot| session.item(*slot).kind == Kind::Open)
        .unwrap();
    let places: Vec<usize> = [open]
        .into_iter()
        .chain((0..session.len()).filter(|slot| *slot != open))
        .collect();
    for (n, slot) in places[..20].iter().copied().enumerate() {
        player.say(&mut session, 2, Event::Shown { slot });
        oddity(player, &mut session, n, slot);
        player.answer(&mut session, slot);
        if n == 4 {
            let blank = blank(&session.question(slot).interaction);
            player.say(
                &mut session,
                1,
                Event::Answered {
                    slot,
                    answer: blank,
                },
            );
        }
    }
    let late = places[20];
    player.say(&mut session, 1, Event::Shown { slot: late });
    let rest = limit.saturating_sub(session.at());
    assert!(rest > Millis::ZERO, "the first twenty fit the limit");
    player.spend(rest.0 / 1000);
    for event in [Event::Expired, Event::WentOn] {
        let stamped = Stamped { at: limit, event };
        session.apply(&stamped).unwrap();
        player.shell.save(stamped);
    }
    player.answer(&mut session, late);
    player.say(&mut session, 2, Event::Shown { slot: places[1] });
    player.answer(&mut session, places[1]);
    let end = session.at() + Millis::seconds(2);
    player.finish(session);
    player.amend(
        &id,
        end,
        Event::RubricRated {
            slot: open,
            criterion: 0,
            points: 1,
        },
    );
    player.amend(
        &id,
        end,
        Event::Noted {
            slot: places[2],
            text: "Read about this again.".to_owned(),
        },
    );
    player.amend(
        &id,
        end,
        Event::Disputed {
            slot: places[3],
            reason: "It depends on the client.".to_owned(),
        },
    );

    player.go_to(21);
    let mut session = player.shell.start(&player.wanted(24, 2)).unwrap().session;
    player.play(&mut session, ALL);
    player.finish(session);

    player.go_to(22);
    let mut session = player.shell.start(&player.wanted(6, 3)).unwrap();
    player.play(&mut session.session, 2);
    player.leave();
    player.shell.perform(Effect::Discard(session.id));

    player.go_to(23);
    player.shell.workspace.switch_person("Mina").unwrap();
    let wanted = StartRequest {
        decks: vec![DeckId::new("mine")],
        ..player.wanted(7, 4)
    };
    let mut session = player.shell.start(&wanted).unwrap().session;
    player.play(&mut session, ALL);
    player.finish(session);
}

/// Records what happens besides answering at the nth question.
fn oddity(player: &mut Player, session: &mut Session, n: usize, slot: usize) {
    match n {
        2 | 3 if session.question(slot).interaction.movable() > 0 => {
            player.say(
                session,
                1,
                Event::Struck {
                    slot,
                    choice: ChoiceId(0),
                    on: true,
                },
            );
            player.say(
                session,
                1,
                Event::Struck {
                    slot,
                    choice: ChoiceId(1),
                    on: true,
                },
            );
            player.say(
                session,
                1,
                Event::Struck {
                    slot,
                    choice: ChoiceId(1),
                    on: false,
                },
            );
        }
        5 => player.answer(session, slot),
        6 | 7 => player.say(session, 1, Event::Flagged { slot, on: true }),
        8 => player.say(session, 10, Event::Ticked),
        9 => {
            player.spend(95);
            player.say(
                session,
                0,
                Event::Gap {
                    length: Millis::seconds(95),
                },
            );
        }
        10 => player.say(
            session,
            5,
            Event::Noted {
                slot,
                text: "Ask Ben.".to_owned(),
            },
        ),
        _ => {}
    }
    if n == 7 {
        player.say(session, 1, Event::Flagged { slot, on: false });
    }
}

/// Returns the answer that takes an earlier one back.
fn blank(interaction: &Interaction) -> Answer {
    match interaction {
        Interaction::Single(_) | Interaction::Multiple { .. } => Answer::Picked(Vec::new()),
        Interaction::Ordering { .. } => Answer::Ordered(Vec::new()),
        Interaction::Matching { left, .. } => Answer::Matched(vec![None; left.len()]),
        Interaction::Numeric(_) => Answer::Number(String::new()),
        Interaction::Open { .. } | Interaction::Recall(_) => Answer::Written(String::new()),
    }
}

/// Plays an adaptive assessment and a deepening of it on the next day.
fn adaptive(player: &mut Player) {
    let wanted = StartRequest {
        adaptive: true,
        ..player.wanted(24, 5)
    };
    let Started {
        id, mut session, ..
    } = player.shell.start(&wanted).unwrap();
    player.play(&mut session, ALL);
    player.finish(session);
    player.go_to(1);
    let deepening = Deepening {
        size: 6,
        time: TimeChoice::Fair,
        seed: Some(6),
        ..Deepening::of(id)
    };
    let mut session = player.shell.deepen(&deepening).unwrap().session;
    player.play(&mut session, ALL);
    player.finish(session);
}

/// Practises on six days as two people, with a note, a dispute, a flag, a pause and a changed grade.
fn practice(player: &mut Player) {
    let mut session = player.practise(&Drill::Daily, 8);
    player.play(&mut session, 2);
    player.say(
        &mut session,
        1,
        Event::Graded {
            slot: 1,
            grade: Grade::Easy,
        },
    );
    player.say(&mut session, 3, Event::Flagged { slot: 0, on: true });
    player.say(
        &mut session,
        3,
        Event::Noted {
            slot: 0,
            text: "The majority of all nodes.".to_owned(),
        },
    );
    player.say(
        &mut session,
        3,
        Event::Disputed {
            slot: 1,
            reason: "Two options are right.".to_owned(),
        },
    );
    player.say(&mut session, 1, Event::Paused);
    player.spend(600);
    player.say(&mut session, 0, Event::Resumed);
    player.play(&mut session, ALL);
    player.finish(session);
    for (day, skill) in [(1, 6), (3, 8), (6, 2)] {
        player.go_to(day);
        player.skill = skill;
        let mut session = player.practise(&Drill::Daily, 6);
        player.play(&mut session, ALL);
        player.finish(session);
    }
    player.go_to(10);
    player.skill = 6;
    let mut session = player.practise(&Drill::Wrong, 3);
    player.play(&mut session, 2);
    player.say(&mut session, 0, Event::WentOn);
    player.play(&mut session, ALL);
    player.finish(session);
    player.go_to(11);
    player.shell.workspace.switch_person("Mina").unwrap();
    let mine = [DeckId::new("mine")];
    let mut session = player
        .shell
        .practise(&Drill::Daily, 6, &mine)
        .unwrap()
        .session;
    player.play(&mut session, ALL);
    player.finish(session);
}

/// Leaves a session of each mode in the middle of a question.
fn interrupted(player: &mut Player) {
    let wanted = StartRequest {
        time: TimeChoice::Within(Millis::minutes(20)),
        ..player.wanted(16, 10)
    };
    let mut session = player.shell.start(&wanted).unwrap().session;
    player.play(&mut session, 3);
    let is_numeric = |slot: &usize| session.item(*slot).kind == Kind::Numeric;
    let slot = (3..session.len())
        .find(is_numeric)
        .expect("this form has a question that is answered with a number");
    player.say(&mut session, 2, Event::Shown { slot });
    player.shell.draft(slot, "12");
    player.leave();

    player.go_to(1);
    let mut session = player.practise(&Drill::Daily, 10);
    player.play(&mut session, 2);
    let Some(Draw::Next(item, question)) = player.shell.draw(&session) else {
        panic!("practice has a third question")
    };
    session.learn(*question);
    player.say(&mut session, 0, Event::Drawn { item: *item });
    player.say(&mut session, 2, Event::Shown { slot: 2 });
    player.answer(&mut session, 2);
    player.say(&mut session, 4, Event::Paused);
    player.leave();

    player.go_to(2);
    let (_, mut meeting) = player.meet(&FOUR, Some(11));
    player.ask(&mut meeting, 0);
    player.minute(&mut meeting, 5, Said::Asked { slot: 1 });
    player.vote(&mut meeting, 2);
    player.leave();
}
