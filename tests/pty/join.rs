//! A session that others join over a socket: votes, reconnections, and `kill -9` on both sides.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::home::{Home, head, single};
use super::terminal::{Terminal, signal};
use super::{ENTER, assert_restored};

const TAB: &str = "\t";
/// Words of the deck that only the reveal may show.
const SECRETS: [&str; 3] = [
    "Being elected once proves",
    "A majority that still follows it",
    "Ongaro",
];

struct Room {
    home: Home,
    at: PathBuf,
}

impl Room {
    fn new() -> Self {
        let home = Home::new();
        home.deck("mine", head("mine") + &single(1) + &single(2));
        let at = home.work().join("room");
        Self { home, at }
    }

    fn at(&self) -> &str {
        self.at.to_str().unwrap()
    }

    fn meet(&self, names: &[&str]) -> Terminal {
        let mut args = vec!["mentor", "meet"];
        args.extend(names);
        args.extend([
            "--deck",
            "mine",
            "--questions",
            "2",
            "--seed",
            "1",
            "--open",
            "--at",
            self.at(),
        ]);
        let mut terminal = Terminal::start(&self.home, &args);
        terminal.wait_for("open for your own account only: participants run");
        terminal
    }

    fn join(&self, name: &str) -> Terminal {
        Terminal::start(&self.home, &["join", "--as", name, "--at", self.at()])
    }

    /// Connects without the program, and says who it is.
    fn connect(&self, name: &str) -> UnixStream {
        let mut stream = UnixStream::connect(self.at.join("join.sock")).unwrap();
        let hello = format!("{{\"hello\":{{\"version\":1,\"name\":\"{name}\"}}}}\n");
        stream.write_all(hello.as_bytes()).unwrap();
        stream
    }
}

#[test]
fn two_participants_vote_and_see_the_answer_only_after_the_reveal() {
    let room = Room::new();
    let mut early = room.join("ben");
    early.wait_for("Waiting for a session.");
    let mut mentor = room.meet(&["Ada", "Ben"]);
    let folder = std::fs::metadata(&room.at).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    early.wait_for("You are Ben. The others see neither");
    let mut ada = room.join("Ada");
    ada.wait_for("You are Ada.");
    mentor.wait_for("open: 2 of 2 joined");
    mentor.press(ENTER);
    ada.wait_for("What does the old leader have to do");
    early.wait_for("your vote is open");
    ada.press("b3");
    ada.wait_for("your vote counts");
    ada.press("ia majority decides\r");
    ada.wait_for("Why? a majority decides");
    mentor.wait_for("open: 2 of 2 joined, 1 voted");
    early.wait_for("1 of 2 answers in");
    mentor.press(TAB);
    mentor.wait_for("as Ada voted");
    assert!(
        !mentor.screen().contains("majority decides"),
        "the mentor has not asked for it"
    );
    mentor.press("V");
    mentor.wait_for("a majority decides");
    early.press("ac");
    early.wait_for("● c");
    mentor.wait_for("2 voted");
    // A vote can be changed until it is closed.
    early.press("a2");
    early.wait_for("● a");
    mentor.press(ENTER);
    early.wait_for("The answers are in");
    early.press("b");
    mentor.press("\tv");
    early.wait_for("▰▱ 1");
    for terminal in [&ada, &early] {
        let seen = String::from_utf8_lossy(&terminal.raw()).into_owned();
        for secret in SECRETS {
            assert!(
                !seen.contains(secret),
                "{secret} was shown before the reveal"
            );
        }
    }
    let seen = String::from_utf8_lossy(&early.raw()).into_owned();
    assert!(
        !seen.contains("Ada") && !seen.contains("majority decides"),
        "participants are anonymous"
    );
    mentor.decide(ENTER);
    ada.wait_for("A majority that still follows it");
    early.wait_for("A majority that still follows it");
    early.press("q");
    assert_restored("q", early);
    mentor.wait_for("open: 1 of 2 joined");
    mentor.press("O");
    mentor.wait_for("closed: nobody can join");
    ada.wait_for("Waiting for a session.");
    assert!(!room.at.join("join.sock").exists());
}

#[test]
fn killed_on_either_side_everyone_comes_back_to_their_seat_with_their_vote() {
    let room = Room::new();
    let mut mentor = room.meet(&["Ada", "Ben"]);
    let (mut ada, mut ben) = (room.join("ada"), room.join("ben"));
    mentor.wait_for("2 of 2 joined");
    mentor.press(ENTER);
    ada.wait_for("your vote is open");
    ben.wait_for("your vote is open");
    ada.press("b4");
    ada.wait_for("●4 sure");
    signal(ada.pid(), "KILL");
    drop(ada);
    mentor.wait_for("1 of 2 joined, 1 voted");
    let mut ada = room.join("ada");
    ada.wait_for("● b");
    ben.press("c");
    ben.wait_for("your vote counts");
    signal(mentor.pid(), "KILL");
    drop(mentor);
    ben.wait_for("The connection is lost.");
    let mut mentor = Terminal::start(&room.home, &[]);
    mentor.wait_for(" discussed");
    mentor.press(ENTER);
    mentor.wait_for("A mentor session is waiting");
    mentor.press(ENTER);
    mentor.wait_for("2 of 2 joined, 2 voted");
    ben.wait_for("● c");
    ada.wait_for("● b");
    // A second program on the same seat replaces the first one.
    let mut again = room.join("ada");
    again.wait_for("● b");
    ada.wait_for("you joined again from elsewhere");
    again.press("a");
    again.wait_for("● a");
    mentor.wait_for("2 of 2 joined, 2 voted");
}

#[test]
fn a_name_that_nobody_has_is_asked_on_the_console() {
    let room = Room::new();
    let mut mentor = room.meet(&["Ada", "Ben"]);
    let mut guest = room.join("xkim");
    guest.wait_for("Your mentor is asked who you are");
    mentor.press(TAB);
    mentor.wait_for("Who is \"xkim\"?");
    // Enter may have been meant for the question, and chooses nobody.
    mentor.decide(ENTER);
    mentor.wait_for("first say who this is");
    mentor.press("2");
    guest.wait_for("You are Ben.");
    let mut stranger = room.join("stranger");
    mentor.wait_for("Who is \"stranger\"?");
    mentor.decide("0");
    stranger.wait_for("you take no part in this session");
    assert!(!stranger.screen().contains("Ben"));
    // Sent away by mistake: they may ask again.
    let again = room.join("stranger");
    mentor.wait_for("Who is \"stranger\"?");
    drop(again);
    // After a crash, nobody is asked for again.
    signal(mentor.pid(), "KILL");
    drop(mentor);
    guest.wait_for("Your mentor's aethos stopped");
    assert!(!guest.screen().contains("/tmp/"), "{}", guest.screen());
    let mut mentor = Terminal::start(&room.home, &[]);
    mentor.wait_for(" discussed");
    mentor.press(ENTER);
    mentor.wait_for("A mentor session is waiting");
    mentor.press(ENTER);
    guest.wait_for("You are Ben.");
    mentor.wait_for("1 of 2 joined");
}

#[test]
fn a_login_that_was_accepted_with_a_name_returns_to_its_seat_without_it() {
    let room = Room::new();
    let mut mentor = room.meet(&["Ada", "Ben"]);
    let mut ben = room.join("Ben");
    ben.wait_for("You are Ben.");
    signal(ben.pid(), "KILL");
    drop(ben);
    mentor.wait_for("0 of 2 joined");
    let plain = || Terminal::start(&room.home, &["join", "--at", room.at()]);
    let mut ben = plain();
    ben.wait_for("You are Ben.");
    // It also returns after a crash of the mentor.
    signal(ben.pid(), "KILL");
    signal(mentor.pid(), "KILL");
    drop((mentor, ben));
    let mut mentor = Terminal::start(&room.home, &[]);
    mentor.wait_for(" discussed");
    mentor.press(ENTER);
    mentor.wait_for("A mentor session is waiting");
    mentor.press(ENTER);
    mentor.wait_for("participants run");
    plain().wait_for("You are Ben.");
    // Two names on one account: the mentor is asked.
    room.join("Ada").wait_for("You are Ada.");
    plain().wait_for("Your mentor is asked who you are");
}

#[test]
fn what_breaks_the_rules_is_disconnected_and_harms_nobody() {
    let room = Room::new();
    let mut mentor = room.meet(&["Ada", "Ben"]);
    let socket = room.at.join("join.sock");
    let is_cut = |mut stream: UnixStream| {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut rest = Vec::new();
        match std::io::Read::read_to_end(&mut stream, &mut rest) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    };
    for bytes in [
        b"{\"vote\":{}}\n".to_vec(),
        b"\xff\xfe\n".to_vec(),
        vec![b'x'; 100_000],
        b"{\"hello\":{\"version\":99,\"name\":null}}\n".to_vec(),
    ] {
        let mut stream = UnixStream::connect(&socket).unwrap();
        let _ = stream.write_all(&bytes);
        assert!(is_cut(stream), "{:?}", &bytes[..9]);
    }
    let mut flood = room.connect("ada");
    mentor.wait_for("1 of 2 joined");
    let vote = "{\"vote\":{\"n\":1,\"question\":9,\"round\":\"first\",\"answer\":{\"picked\":[99]},\"confidence\":null}}\n";
    let _ = flood.write_all(vote.repeat(60).as_bytes());
    assert!(is_cut(flood));
    mentor.wait_for("0 of 2 joined");
    mentor.press(ENTER);
    mentor.wait_for("0 of 2 joined, 0 voted");
    // Escape sequences in names and reasons never reach the mentor's terminal.
    let mut evil = room.connect("\\u001b]0;evil\\u0007kim");
    mentor.press(TAB);
    mentor.wait_for("Who is");
    assert!(!String::from_utf8_lossy(&mentor.raw()).contains("]0;evil\u{7}"));
    let _ = evil.write_all(vote.as_bytes());
    let quiet = mentor.switches();
    thread::sleep(Duration::from_secs(2));
    assert!(
        mentor.switches().saturating_sub(quiet) < 8,
        "nothing changes, so nothing wakes"
    );
}

#[test]
fn thirty_participants_see_the_reveal_within_a_quarter_of_a_second() {
    let room = Room::new();
    let names: Vec<String> = (0..30).map(|n| format!("Person{n:02}")).collect();
    let mut mentor = room.meet(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (tell, told) = channel();
    for name in &names {
        let (mut stream, tell) = (room.connect(name), tell.clone());
        thread::spawn(move || {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut has_voted = false;
            for line in lines.map_while(Result::ok) {
                if line.contains("\"scene\":\"asking\"") && !has_voted {
                    has_voted = true;
                    let vote = "{\"vote\":{\"n\":1,\"question\":1,\"round\":\"first\",\"answer\":{\"picked\":[0]},\"confidence\":\"sure\",\"reason\":\"because\"}}\n";
                    stream.write_all(vote.as_bytes()).unwrap();
                }
                if line.contains("\"scene\":\"revealed\"") {
                    let _ = tell.send(Instant::now());
                }
            }
        });
    }
    mentor.wait_for("30 of 30 joined");
    // One that never reads delays nobody.
    let _silent = room.connect("nobody");
    mentor.wait_for("someone wants to join");
    mentor.press(ENTER);
    mentor.wait_for("30 of 30 joined, 30 voted");
    mentor.press(ENTER);
    mentor.wait_for("The answers are in");
    mentor.press("v");
    mentor.wait_for("▰ 30");
    thread::sleep(Duration::from_millis(320));
    let begun = Instant::now();
    mentor.press(ENTER);
    let last = (0..30)
        .map(|_| told.recv_timeout(Duration::from_secs(20)).unwrap())
        .max()
        .unwrap();
    let took = last - begun;
    eprintln!("reveal on the last of 30 connections after {took:?}");
    assert!(
        took < Duration::from_millis(250) * if cfg!(debug_assertions) { 4 } else { 1 },
        "{took:?}"
    );
    let process = std::fs::read_to_string(format!("/proc/{}/status", mentor.pid())).unwrap();
    eprintln!(
        "{}",
        process
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap()
    );
}

#[test]
fn a_folder_that_others_could_replace_is_refused() {
    let room = Room::new();
    let meet = |at: &str| {
        let args = [
            "mentor",
            "meet",
            "Ada",
            "--deck",
            "mine",
            "--questions",
            "2",
            "--open",
            "--at",
            at,
        ];
        Terminal::start(&room.home, &args)
    };
    std::os::unix::fs::symlink("/tmp", &room.at).unwrap();
    meet(room.at()).wait_for("is a link or no folder");
    let open = room.home.work().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    meet(open.join("room").to_str().unwrap()).wait_for("others can change");
    let long = room.home.work().join("l".repeat(120));
    meet(long.to_str().unwrap()).wait_for("is too long for a socket");
    let mut first = meet(room.home.work().join("own").to_str().unwrap());
    first.wait_for("only: participants run");
    let group = std::fs::metadata(room.home.work()).unwrap().gid();
    assert_eq!(
        std::fs::metadata(room.home.work().join("own"))
            .unwrap()
            .gid(),
        group
    );
    let args = [
        "mentor",
        "meet",
        "Ben",
        "--deck",
        "mine",
        "--open",
        "--group",
        "no-such-group",
    ];
    Terminal::start(&room.home, &args).wait_for("there is no group no-such-group");
    let sessions = room.home.history();
    let store = aethos::store::Store::open(&sessions).unwrap();
    let open = store
        .open_sessions(aethos::core::id::PersonId::YOU)
        .unwrap();
    assert_eq!(open.len(), 1, "only the session that was opened");
}

#[test]
fn the_same_command_after_a_crash_names_the_session_that_waits() {
    let room = Room::new();
    let mut mentor = room.meet(&["Ada", "Ben"]);
    mentor.press(ENTER);
    mentor.wait_for("0 voted");
    signal(mentor.pid(), "KILL");
    drop(mentor);
    let args = [
        "mentor",
        "meet",
        "Ben",
        "Ada",
        "--deck",
        "mine",
        "--questions",
        "2",
    ];
    let mut again = Terminal::start(&room.home, &args);
    again.wait_for("aethos history resume");
    again.wait_for("add --new to start another");
    let mut new = Terminal::start(&room.home, &[&args[..], &["--new"]].concat());
    new.wait_for("Ready to begin.");
}

/// The group of this test, which Debian and its relatives have, and two users who need no entry in `/etc/passwd`.
const GROUP: (&str, &str) = ("users", "100");

/// Returns true if this test can act as other users.
fn is_root_with_group() -> bool {
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let (name, id) = GROUP;
    let has_group = groups
        .lines()
        .any(|line| line.starts_with(&format!("{name}:")) && line.contains(&format!(":{id}:")));
    let has_setpriv = std::process::Command::new("setpriv")
        .arg("--version")
        .output()
        .is_ok();
    rustix::process::geteuid().is_root() && has_group && has_setpriv
}

#[test]
fn members_of_the_group_join_and_others_do_not() {
    if !is_root_with_group() {
        eprintln!(
            "skipped: only root can act as a member of the group \"users\" and as a stranger, with setpriv"
        );
        return;
    }
    let room = Room::new();
    // The folders of the test are private, so the socket and the settings of the others are elsewhere.
    let shared = tempfile::tempdir().unwrap();
    std::fs::set_permissions(shared.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = shared.path().join("aethos");
    std::fs::copy(env!("CARGO_BIN_EXE_aethos"), &program).unwrap();
    let at = shared.path().join("room").display().to_string();
    let meet = [
        "mentor",
        "meet",
        "Ada",
        "Ben",
        "--deck",
        "mine",
        "--questions",
        "2",
    ];
    let open = ["--open", "--at", &at, "--group", GROUP.0];
    let mut mentor = Terminal::start(&room.home, &[&meet[..], &open].concat());
    mentor.wait_for("open: participants run");
    let found = std::fs::metadata(&at).unwrap();
    assert_eq!(found.gid().to_string(), GROUP.1);
    assert_eq!(found.permissions().mode() & 0o7777, 0o1770);
    let socket = std::fs::metadata(format!("{at}/join.sock")).unwrap();
    assert_eq!(socket.gid().to_string(), GROUP.1);
    assert_eq!(socket.permissions().mode() & 0o777, 0o660);
    let join = |user: &str, groups: &[&str], name: &str| {
        let become_user = ["--reuid", user, "--regid", user];
        let run = [program.to_str().unwrap(), "join", "--at", &at, "--as", name];
        let args = [&become_user[..], groups, &run].concat();
        let data = shared.path().join(user);
        let data = data.to_str().unwrap();
        Terminal::run(&room.home, "setpriv", &args, &[("AETHOS_HOME", data)])
    };
    let mut member = join("61001", &["--groups", GROUP.1], "ada");
    member.wait_for("You are Ada.");
    let mut stranger = join("61002", &["--clear-groups"], "ben");
    stranger.wait_for("can't be opened with your login");
    mentor.wait_for("open: 1 of 2 joined");
    mentor.press(TAB);
    // The login of a user without a name is its number.
    mentor.wait_for("joined 61001 as ada");
    // A member can't replace the socket, although the group may write in the folder.
    let remove = [
        "--reuid", "61001", "--regid", "61001", "--groups", GROUP.1, "rm", "-f",
    ];
    let removed = std::process::Command::new("setpriv")
        .args(remove)
        .arg(format!("{at}/join.sock"))
        .output()
        .unwrap();
    assert!(!removed.status.success());
    assert_eq!(found.uid(), 0, "the mentor of this test");
}
