//! The rules for connections.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Room;
use crate::app::room::{GuestId, RoomNews, RoomUpdate};
use crate::session::meeting::stage::Scene;
use crate::session::meeting::{OwnSeat, RoomFrame, RoomPlace, Stage};

const SOON: Duration = Duration::from_secs(20);

fn open(folder: &Path) -> (Room, Receiver<RoomNews>) {
    let (tell, told) = channel();
    let folder = Some(folder.join("room").display().to_string());
    let place = RoomPlace {
        folder,
        group: None,
    };
    let room = Room::open(&place, move |news| tell.send(news).is_ok()).unwrap();
    (room, told)
}

/// Connects and says hello; returns the connection as the session knows it.
fn connect(room: &Room, told: &Receiver<RoomNews>) -> (UnixStream, GuestId) {
    let mut stream = UnixStream::connect(room.path()).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream
        .write_all(b"{\"hello\":{\"version\":1,\"name\":\"mina\"}}\n")
        .unwrap();
    match told.recv_timeout(SOON).unwrap() {
        RoomNews::Knocked { guest, name, .. } => {
            assert_eq!(name.unwrap().as_str(), "mina");
            (stream, guest)
        }
        other => panic!("{other:?}"),
    }
}

fn update(guest: GuestId, question: usize, filler: usize) -> RoomUpdate {
    let stage = Stage {
        question,
        questions: 9000,
        topic: Some(("x".repeat(filler).as_str().into(), "y".into())),
        people: 1,
        read: 0,
        join: None,
        scene: Scene::Waiting,
    };
    let own = OwnSeat {
        name: "Mina".into(),
        given: None,
        reason: Default::default(),
        heard: 0,
    };
    RoomUpdate {
        stage: Box::new(stage),
        seats: vec![(guest, own)],
        others: Vec::new(),
    }
}

#[test]
fn at_most_thirty_frames_a_second_are_sent_and_the_last_state_always_comes() {
    let folder = tempfile::tempdir().unwrap();
    let (room, told) = open(folder.path());
    let (stream, guest) = connect(&room, &told);
    let begun = Instant::now();
    let reader = thread::spawn(move || {
        let mut frames = 0;
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            frames += 1;
            if line.contains("\"question\":1000,") {
                return frames;
            }
        }
        panic!("the last state did not come")
    });
    for question in 1..=1000 {
        room.show(&update(guest, question, 10));
        thread::sleep(Duration::from_millis(1));
    }
    let frames: u128 = reader.join().unwrap();
    let limit = begun.elapsed().as_millis() / 33 + 2;
    assert!(frames <= limit, "{frames} frames, {limit} allowed");
}

#[test]
fn connections_that_say_nothing_keep_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let (room, told) = open(folder.path());
    let silent: Vec<UnixStream> = (0..200)
        .map(|_| UnixStream::connect(room.path()).unwrap())
        .collect();
    let begun = Instant::now();
    let (_stream, _) = connect(&room, &told);
    assert!(begun.elapsed() < Duration::from_secs(2));
    // They are dropped soon, and the one who said something stays.
    for mut stream in silent {
        stream
            .set_read_timeout(Some(Duration::from_secs(6)))
            .unwrap();
        assert_eq!(stream.read(&mut [0; 1]).unwrap_or_default(), 0);
    }
    assert!(begun.elapsed() < Duration::from_secs(8));
    let left = told.try_iter().count();
    assert!(left <= 64, "{left}");
}

#[test]
fn the_same_state_is_sent_once_and_a_refusal_ends_the_connection() {
    let folder = tempfile::tempdir().unwrap();
    let (room, told) = open(folder.path());
    let (mut stream, guest) = connect(&room, &told);
    for _ in 0..5 {
        room.show(&update(guest, 1, 10));
        thread::sleep(Duration::from_millis(50));
    }
    let why = "no".into();
    let mut last = update(guest, 1, 10);
    (last.seats, last.others) = (Vec::new(), vec![(guest, RoomFrame::Refused { why })]);
    room.show(&last);
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert_eq!(all.lines().count(), 2, "{all}");
    assert_eq!(told.recv_timeout(SOON), Ok(RoomNews::Left { guest }));
}

#[test]
fn closing_sends_the_last_state_and_leaves_no_socket() {
    let folder = tempfile::tempdir().unwrap();
    let (room, told) = open(folder.path());
    let (mut stream, guest) = connect(&room, &told);
    let mut over = update(guest, 1, 10);
    over.stage.scene = Scene::Over;
    room.show(&over);
    let path = room.path().to_owned();
    drop(room);
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert!(all.contains("\"scene\":\"over\""), "{all}");
    assert!(!path.exists());
}

#[test]
#[ignore = "takes the 15 seconds that it is about: see .ci/full"]
fn who_reads_nothing_for_15_seconds_is_disconnected() {
    let folder = tempfile::tempdir().unwrap();
    let (room, told) = open(folder.path());
    let (stream, guest) = connect(&room, &told);
    let begun = Instant::now();
    let mut question = 0;
    let left = loop {
        question += 1;
        room.show(&update(guest, question, 100_000));
        if let Ok(news) = told.recv_timeout(Duration::from_millis(100)) {
            break news;
        }
    };
    assert_eq!(left, RoomNews::Left { guest });
    let after = begun.elapsed().as_secs();
    assert!((14..20).contains(&after), "after {after} s");
    drop(stream);
}
