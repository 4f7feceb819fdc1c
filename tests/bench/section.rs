//! The sections of the benchmark, with their budgets.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, io, iter, thread};

use portable_pty::CommandBuilder;

use crate::bank::{Explanation, Home, PROGRAM, STEM, deck_name};
use crate::program::{Program, milliseconds};
use crate::table::{Budget, Table, median};

/// The extent of the measurements.
#[derive(Clone, Copy)]
pub struct Scale {
    starts: usize,
    presses: usize,
    idle: Duration,
    /// The numbers of questions in a user's decks, with the budgets for the first question and for memory.
    decks: &'static [(usize, f64, f64)],
    /// The number of answers in a long history.
    answers: usize,
}

impl Scale {
    pub const FULL: Self = Self {
        starts: 30,
        presses: 300,
        idle: Duration::from_secs(5),
        decks: &[
            (1_000, 6.0, 8.0),
            (10_000, 10.0, 10.0),
            (100_000, 50.0, 40.0),
        ],
        answers: 1_000_000,
    };
    pub const QUICK: Self = Self {
        starts: 7,
        presses: 60,
        idle: Duration::from_secs(2),
        decks: &[(1_000, 6.0, 8.0), (10_000, 10.0, 10.0)],
        answers: 50_000,
    };
}

/// The number of sessions finished before.
const SESSIONS: usize = 3;
/// The number of times the idle program is observed: on a busy machine, interruptions look like wake-ups.
const WINDOWS: usize = 3;
const QUIET: Duration = Duration::from_millis(30);
/// A fixed form code, so that the first question is known.
const DRAW: [&str; 4] = ["assess", "--quick", "--seed", "7"];

/// A program whose start is measured.
struct Starter {
    home: Option<Home>,
    landmark: String,
    starts: Vec<f64>,
    peaks: Vec<f64>,
}

impl Starter {
    fn minimal() -> Self {
        Self {
            home: None,
            landmark: "The first question".to_owned(),
            starts: Vec::new(),
            peaks: Vec::new(),
        }
    }

    fn aethos(questions: usize, past: &Home) -> io::Result<Self> {
        let home = Home::new(&format!("start-{questions}"))?;
        if questions > 0 {
            let deck = home.add_deck(questions, Explanation::Short)?;
            // A deck that was changed just now isn't indexed.
            let hour_ago = SystemTime::now() - Duration::from_secs(3600);
            File::options()
                .append(true)
                .open(deck)?
                .set_modified(hour_ago)?;
        }
        let landmark = landmark(&home, past, &DRAW)?;
        if questions > 0 {
            home.wait_for_index(&DRAW)?;
        }
        Ok(Self {
            home: Some(home),
            landmark,
            starts: Vec::new(),
            peaks: Vec::new(),
        })
    }

    fn start(&mut self, past: &Home) -> io::Result<()> {
        let command = match &self.home {
            None => CommandBuilder::new(minimal()),
            Some(home) => {
                home.take_history(past)?;
                home.on_terminal(&DRAW)
            }
        };
        let mut program = Program::start(command)?;
        self.starts.push(program.until(&self.landmark)?);
        program.settle(QUIET)?;
        self.peaks.push(program.peak_memory()?);
        Ok(())
    }
}

/// Measures the first start, which creates the history.
fn first_start(landmark: &str) -> io::Result<f64> {
    let home = Home::new("first-start")?;
    Program::start(home.on_terminal(&DRAW))?.until(landmark)
}

/// Returns the path of an example, which Cargo puts beside the program.
fn minimal() -> PathBuf {
    Path::new(PROGRAM)
        .with_file_name("examples")
        .join("minimal")
}

/// Builds the examples, because `cargo bench` doesn't.
fn build_minimal() -> io::Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let built = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--profile",
            "bench",
            "--example",
            "minimal",
        ])
        .status()?;
    if built.success() {
        Ok(())
    } else {
        Err(io::Error::other("the minimal program cannot be built"))
    }
}

/// Returns a text that was on the screen at the time of the first call.
fn landmark(home: &Home, past: &Home, arguments: &[&str]) -> io::Result<String> {
    home.take_history(past)?;
    let mut program = Program::start(home.on_terminal(arguments))?;
    program.wait_for_output()?;
    program.settle(Duration::from_millis(300))?;
    Ok(program.landmark())
}

fn past() -> io::Result<Home> {
    let past = Home::new("past")?;
    past.sit(SESSIONS)?;
    Ok(past)
}

pub fn start_and_memory(scale: Scale, table: &mut Table) -> io::Result<()> {
    build_minimal()?;
    say("exec to the first question");
    let past = past()?;
    let sizes = iter::once(0).chain(scale.decks.iter().map(|(questions, ..)| *questions));
    let mut starters = vec![Starter::minimal()];
    for questions in sizes {
        starters.push(Starter::aethos(questions, &past)?);
    }
    let mut first_starts = Vec::new();
    for _ in 0..scale.starts {
        for starter in &mut starters {
            starter.start(&past)?;
        }
        first_starts.push(first_start(&starters[1].landmark)?);
    }
    let mut starters = starters.into_iter();
    let (Some(minimal), Some(builtin)) = (starters.next(), starters.next()) else {
        return Ok(());
    };
    let least = median(&minimal.starts);
    let ratio = median(&builtin.starts) / least;
    let decks: Vec<(&(usize, f64, f64), Starter)> = scale.decks.iter().zip(starters).collect();
    table.add(
        "minimal program: exec to its text",
        "ms",
        minimal.starts,
        Budget::None,
    );
    table.add(
        "exec to the first question, built-in bank",
        "ms",
        builtin.starts,
        Budget::Median(3.0 * least),
    );
    table.add(
        "  as a multiple of the minimal program",
        "x",
        vec![ratio],
        Budget::Median(3.0),
    );
    table.add("  and a new history", "ms", first_starts, Budget::None);
    for ((questions, most, _), starter) in &decks {
        let what = format!("  and {questions} questions of the user");
        table.add(what, "ms", starter.starts.clone(), Budget::Median(*most));
    }
    table.add(
        "minimal program: peak memory",
        "MB",
        minimal.peaks,
        Budget::None,
    );
    table.add(
        "peak memory, built-in bank",
        "MB",
        builtin.peaks,
        Budget::Median(7.0),
    );
    for ((questions, _, most), starter) in decks {
        table.add(
            format!("  and {questions} questions of the user"),
            "MB",
            starter.peaks,
            Budget::Median(*most),
        );
    }
    Ok(())
}

pub fn keys(scale: Scale, table: &mut Table) -> io::Result<()> {
    let past = past()?;
    let largest = scale
        .decks
        .last()
        .map_or(1_000, |(questions, ..)| *questions);
    for (questions, size) in [
        (24, "built-in bank".to_owned()),
        (largest, format!("and {largest} questions")),
    ] {
        say(&format!("key to frame, {size}"));
        let home = Home::new(&format!("keys-{questions}"))?;
        home.add_deck(questions, Explanation::Short)?;
        home.take_history(&past)?;
        let answered = home.answers()?;
        // In a deck with one key per question, alternating between two letters changes the answer each time.
        let deck = deck_name(questions);
        let mut program =
            Program::start(home.on_terminal(&["assess", deck.as_str(), "--quick", "--untimed"]))?;
        program.until(STEM)?;
        let mut samples = Vec::new();
        for press in 0..scale.presses {
            program.settle(QUIET)?;
            // An interval that is out of step with every clock.
            thread::sleep(Duration::from_micros(press as u64 * 7_919 % 17_000));
            samples.extend(program.press(["a", "b"][press % 2])?);
        }
        let peak = program.peak_memory()?;
        drop(program);
        let saved = home.answers()? - answered;
        table.add(
            format!("key to the frame, {saved} answers saved; {size}"),
            "ms",
            samples,
            Budget::MedianAndP99(0.8, 3.0),
        );
        table.add("  peak memory after it", "MB", vec![peak], Budget::None);
    }
    Ok(())
}

pub fn idle(scale: Scale, table: &mut Table) -> io::Result<()> {
    let past = past()?;
    let home = Home::new("idle")?;
    for (timed, most) in [(false, 0.0), (true, 1.0)] {
        let words = if timed {
            "with a timer"
        } else {
            "without a timer"
        };
        say(&format!("idle, {words}"));
        home.take_history(&past)?;
        let arguments: Vec<&str> = DRAW
            .into_iter()
            .chain((!timed).then_some("--untimed"))
            .collect();
        let mut program = Program::start(home.on_terminal(&arguments))?;
        program.wait_for_output()?;
        program.settle(Duration::from_millis(300))?;
        if timed {
            // Measures from between two ticks to between two later ticks.
            program.wait_for_output()?;
            program.settle(Duration::from_millis(300))?;
        }
        let mut samples = Vec::new();
        for _ in 0..WINDOWS {
            let before = program.switches()?;
            thread::sleep(scale.idle);
            samples.push((program.switches()? - before) / scale.idle.as_secs_f64());
        }
        table.add(
            format!("wake-ups a second, idle {words}"),
            "1/s",
            samples,
            Budget::Median(most),
        );
    }
    Ok(())
}

pub fn check(scale: Scale, table: &mut Table) -> io::Result<()> {
    for (questions, most, times) in [(1_000, 150.0, scale.starts), (10_000, 2_000.0, 3)] {
        say(&format!("check of {questions} questions"));
        let deck = Home::new("check")?.add_deck(questions, Explanation::Full)?;
        let mut samples = Vec::new();
        for _ in 0..times {
            let begun = Instant::now();
            let found = Command::new(PROGRAM)
                .arg("check")
                .arg(&deck)
                .stdout(Stdio::null())
                .status()?;
            // Meaningless words break rules of wording, which is a valid result here.
            if found.code().is_some() {
                samples.push(milliseconds(begun.elapsed()));
            }
        }
        let what = format!("check of {questions} questions");
        table.add(what, "ms", samples, Budget::Median(most));
    }
    Ok(())
}

pub fn home(scale: Scale, table: &mut Table) -> io::Result<()> {
    say("home screen with a long history");
    let long = Home::new("long")?;
    long.sit(SESSIONS)?;
    long.grow_history(scale.answers)?;
    let mut program = Program::start(long.on_terminal(&[]))?;
    program.wait_for_output()?;
    program.settle(Duration::from_millis(300))?;
    let landmark = program.landmark();
    drop(program);
    let mut samples = Vec::new();
    for _ in 0..scale.starts {
        samples.push(Program::start(long.on_terminal(&[]))?.until(&landmark)?);
    }
    table.add(
        format!("home screen, {} answers in the history", scale.answers),
        "ms",
        samples,
        Budget::Median(30.0),
    );
    fs::remove_file(long.history())
}

pub fn practice(scale: Scale, table: &mut Table) -> io::Result<()> {
    let questions = scale
        .decks
        .last()
        .map_or(1_000, |(questions, ..)| *questions);
    say(&format!("practice with {questions} scheduled questions"));
    let home = Home::new("practice")?;
    home.sit(SESSIONS)?;
    home.add_deck(questions, Explanation::Short)?;
    home.schedule(questions)?;
    let mut program = Program::start(home.on_terminal(&[]))?;
    program.until("Practice")?;
    let mut samples = Vec::new();
    for _ in 0..scale.starts {
        program.settle(QUIET)?;
        samples.extend(program.press("p")?);
        program.settle(QUIET)?;
        program.press("\x1b")?;
    }
    table.add(
        format!("queue and plan of {questions} scheduled questions"),
        "ms",
        samples,
        Budget::Median(50.0),
    );
    Ok(())
}

pub fn binary(table: &mut Table) -> io::Result<()> {
    let size = fs::metadata(PROGRAM)?.len() as f64 / 1e6;
    table.add(
        "binary, release, stripped",
        "MB",
        vec![size],
        Budget::Median(8.0),
    );
    Ok(())
}

fn say(what: &str) {
    eprintln!("measuring: {what}");
}
