//! Joining a session over ssh: a real sshd on the loopback interface, with a forced command.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::home::{Home, head, single};
use super::terminal::{Terminal, signal};
use super::{ENTER, assert_restored};

const SSHD: &str = "/usr/sbin/sshd";

/// A server of this test.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn key(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    let path = path.to_str().unwrap();
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f", path])
        .status();
    assert!(made.unwrap().success(), "ssh-keygen");
    fs::read_to_string(format!("{path}.pub")).unwrap()
}

/// Starts an sshd that lets `keys` in and forces `command`, if one is given.
fn serve(folder: &Path, name: &str, keys: &str, command: Option<&str>) -> Server {
    // Debian's sshd wants this folder if it is started by root.
    if rustix::process::geteuid().is_root() {
        fs::create_dir_all("/run/sshd").unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    key(folder, &format!("{name}-host"));
    let file = |suffix: &str| {
        folder
            .join(format!("{name}-{suffix}"))
            .display()
            .to_string()
    };
    fs::write(file("keys"), keys).unwrap();
    let forced = command.map_or(String::new(), |command| format!("ForceCommand {command}\n"));
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nPrintMotd no\n{forced}",
        file("host"),
        file("keys"),
    );
    fs::write(file("config"), config).unwrap();
    let child = Command::new(SSHD)
        .args(["-D", "-q", "-f", &file("config")])
        .stdin(Stdio::null())
        .spawn()
        .expect("install openssh-server");
    let until = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "sshd does not listen");
        thread::sleep(Duration::from_millis(50));
    }
    Server { child, port }
}

fn ssh(home: &Home, server: &Server, key: &Path) -> Terminal {
    let (port, key) = (server.port.to_string(), key.to_str().unwrap());
    let options = [
        "-tt",
        "-F",
        "none",
        "-p",
        &port,
        "-i",
        key,
        "-o",
        "IdentitiesOnly=yes",
    ];
    let trust = [
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
    ];
    let quiet = ["-o", "LogLevel=ERROR", "127.0.0.1"];
    Terminal::run(home, "ssh", &[&options[..], &trust, &quiet].concat(), &[])
}

/// Returns the command that joins the session in a folder, for a shell.
fn join(home: &Home, at: &str) -> String {
    let program = env!("CARGO_BIN_EXE_aethos");
    let data = home.data().display();
    format!("env AETHOS_HOME={data} LANG=C.UTF-8 {program} join --at {at}")
}

/// Opens a session for these people.
fn meet(home: &Home, at: &str, names: [&str; 2]) -> Terminal {
    home.deck("mine", head("mine") + &single(1) + &single(2));
    let deck = ["--deck", "mine", "--questions", "2", "--open", "--at", at];
    let args = [&["mentor", "meet"][..], &names, &deck].concat();
    let mut mentor = Terminal::start(home, &args);
    mentor.wait_for("participants run");
    mentor
}

#[test]
#[ignore = "needs openssh-server: see .ci/full"]
fn over_ssh_each_key_of_a_shared_account_has_a_seat_to_come_back_to() {
    let home = Home::new();
    let (work, room) = (home.work(), home.work().join("room"));
    let at = room.to_str().unwrap();
    let allow = |name: &str| {
        let public = key(&work, name);
        let command = format!("{} --as {name}", join(&home, at));
        format!("restrict,pty,command=\"{command}\" {public}")
    };
    let server = serve(&work, "shared", &(allow("mina") + &allow("ben")), None);
    let mut mentor = meet(&home, at, ["Mina", "Ben"]);
    let mut ben = ssh(&home, &server, &work.join("ben"));
    ben.wait_for("You are Ben.");
    let mut mina = ssh(&home, &server, &work.join("mina"));
    mina.wait_for("You are Mina.");
    mentor.wait_for("2 of 2 joined");
    mentor.press(ENTER);
    ben.wait_for("your vote is open");
    mina.wait_for("your vote is open");
    ben.press("b3");
    ben.wait_for("●3");
    mina.press("c");
    mina.wait_for("your vote counts");
    mentor.wait_for("2 of 2 joined, 2 voted");
    // The laptop loses its connection.
    signal(mina.pid(), "KILL");
    drop(mina);
    mentor.wait_for("1 of 2 joined, 2 voted");
    let mut mina = ssh(&home, &server, &work.join("mina"));
    mina.wait_for("● c");
    mentor.press(ENTER);
    ben.wait_for("The answers are in");
    mentor.press("v");
    ben.wait_for("▰▱ 1");
    let seen = String::from_utf8_lossy(&ben.raw()).into_owned();
    assert!(!seen.contains("Mina") && !seen.contains("Ongaro"));
    mentor.decide(ENTER);
    ben.wait_for("A majority that still follows it");
    mina.wait_for("A majority that still follows it");
    ben.press("q");
    assert_restored("q over ssh", ben);
}

#[test]
#[ignore = "needs openssh-server: see .ci/full"]
fn over_ssh_a_forced_command_joins_by_the_login() {
    let home = Home::new();
    let (work, room) = (home.work(), home.work().join("room"));
    let at = room.to_str().unwrap();
    let output = Command::new("id").arg("-un").output().unwrap();
    let login = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let own = key(&work, "own");
    let server = serve(&work, "login", &own, Some(&join(&home, at)));
    let mut mentor = meet(&home, at, [&login, "Mina"]);
    let mut guest = ssh(&home, &server, &work.join("own"));
    guest.wait_for(&format!("You are {login}."));
    mentor.press(ENTER);
    guest.wait_for("your vote is open");
    guest.press("b");
    mentor.wait_for("1 of 2 joined, 1 voted");
    // The login decides: no one takes another seat.
    let mut liar = Terminal::start(&home, &["join", "--as", "mina", "--at", at]);
    liar.wait_for("your login belongs to another participant");
}
