//! Simulated questions: the contract of every one in the built-in decks, their documentation, and golden instances.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use aethos::core::form::{BankId, Code, Form, Item, Planned, freeze};
use aethos::core::id::{ChoiceId, CompetencyId, DeckId};
use aethos::core::instance::{Alternative, Instance, Outcome, Simulation, WrongNumber};
use aethos::core::question::{Interaction, Kind, Question, Row};
use aethos::core::text::Text;
use aethos::deck::load::Library;
use aethos::simulation::{Audit, Bounds, MODELS, Model, Shape};
use home::Home;
use serde_json::{Value, json};
use support::questions::question;

/// Set to write the documentation and the golden instances instead of comparing them.
const UPDATE: &str = "UPDATE_SIMULATION";

/// Returns the simulated questions of the built-in decks, by deck and id.
fn simulated() -> BTreeMap<String, Simulation> {
    let library = Library::load(&[], None);
    let mut found = BTreeMap::new();
    for loaded in library.decks.iter().filter(|loaded| loaded.deck.builtin) {
        for (i, entry) in loaded.deck.entries.iter().enumerate() {
            if entry.simulated {
                let question = loaded.question(i).expect("built-in questions can be read");
                let simulation = question.simulation.expect("the entry is simulated");
                found.insert(format!("{}/{}", loaded.deck.id, entry.id), simulation);
            }
        }
    }
    found
}

/// Returns the faults of `check` for all of `things`, which several threads share.
fn faults_of<T: Sync>(things: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let taken = std::iter::from_fn(|| things.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.flat_map(&check).collect::<Vec<String>>()
    };
    let mut faults: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap());
        joined.flatten().collect()
    });
    faults.sort();
    faults
}

/// Asserts that the draws of every simulated question keep the contract.
fn assert_contract(seeds: u64) {
    let questions: Vec<(String, Simulation)> = simulated().into_iter().collect();
    let faults = faults_of(&questions, |(name, simulation)| {
        let model = Model::named(&simulation.model).expect("the deck was checked");
        let ask = model.ask(&simulation.ask).expect("the deck was checked");
        let mut faults = Vec::new();
        let mut audit = Audit::new(ask, simulation.kind);
        for seed in 0..seeds {
            let instance = simulation.instance_of(seed);
            if seed % 50 == 0 && simulation.instance_of(seed) != instance {
                faults.push(format!("{name}: seed {seed} gives two instances"));
            }
            audit.add(seed, instance.as_ref());
        }
        faults.extend(
            audit
                .findings()
                .iter()
                .map(|found| format!("{name}: {found}")),
        );
        faults
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_simulated_question_keeps_the_contract() {
    assert_contract(2000);
}

#[test]
#[ignore = "takes minutes: run it in release, as .ci/full does"]
fn every_simulated_question_keeps_the_contract_for_100_000_seeds() {
    assert_contract(100_000);
}

#[test]
fn every_ask_keeps_the_contract_with_the_default_bounds() {
    let mut asks = Vec::new();
    for model in MODELS {
        for ask in model.asks {
            asks.extend(ask.kinds.iter().map(|kind| (*model, ask, *kind)));
        }
    }
    let faults = faults_of(&asks, |(model, ask, kind)| {
        let bounds = Bounds::new(model.bounds, &BTreeMap::new());
        let audit = Audit::of(model, ask.name, *kind, &bounds, 0..100);
        let findings = audit.expect("the ask is the model's own").findings();
        let of = format!("{} {} as {}", model.name, ask.name, kind.word());
        findings
            .iter()
            .map(|found| format!("{of}: {found}"))
            .collect()
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a generated text with a file of the repository, or writes it.
fn assert_current(name: &str, text: &str) {
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(path(name), text).unwrap();
    }
    let stored = std::fs::read_to_string(path(name)).unwrap_or_default();
    let differs = stored.lines().zip(text.lines()).position(|(a, b)| a != b);
    assert!(
        stored == text,
        "{name} is out of date from line {:?} on: run {UPDATE}=1 cargo test --test simulation, and look at the changes",
        differs.map(|line| line + 1)
    );
}

/// Returns the instance of a seed with the default bounds.
fn default_instance(model: &'static Model, ask: &str, kind: Kind, seed: u64) -> Option<Instance> {
    let bounds = Bounds::new(model.bounds, &BTreeMap::new());
    model.instance_for(kind, ask, &bounds, seed)
}

#[test]
fn the_documentation_describes_the_models() {
    let mut page = String::from(
        "# Simulated questions\n\nThe models that a `[question.simulation]` can name. This page is generated from the \
         models: change them, and run `UPDATE_SIMULATION=1 cargo test --test simulation`.\n\n\
         ```toml\n[[question]]\n# ... id, facet, points, level, demand, seconds, explanation, references ...\n\
         type = \"single\"\nstem = \"All rules that the figure needs, and {name} of the texts below.\"\n\
         lead_in = \"The one question.\"\n  [question.simulation]\n  model = \"MODEL\"\n  ask = \"ASK\"\n  \
         bound = [2, 4] # a number, a range, a word, or true or false\n```\n\nThe model draws the figure and the \
         options, computes the key and explains it. `aethos show DECK/QUESTION --seed N --key` prints an instance, and \
         `aethos check` draws 200.\n",
    );
    for model in MODELS {
        describe(model, &mut page);
    }
    assert_current("docs/simulations.md", &page);
}

fn describe(model: &'static Model, page: &mut String) {
    let list = |page: &mut String, title: &str, items: &[&str]| {
        if !items.is_empty() {
            write!(page, "\n{title}\n\n").unwrap();
            items
                .iter()
                .for_each(|item| writeln!(page, "- {item}").unwrap());
        }
    };
    write!(page, "\n## `{}`\n\n{}\n", model.name, model.summary).unwrap();
    list(page, "Rules:", model.rules);
    list(
        page,
        "Draws whose answer depends on one of these readings are rejected, unless the stem settles it:",
        model.rivals,
    );
    page.push_str("\n| ask | type | what it asks for | texts |\n|---|---|---|---|\n");
    for ask in model.asks {
        let kinds: Vec<&str> = ask.kinds.iter().map(|kind| kind.word()).collect();
        let texts: Vec<String> = ask
            .texts
            .iter()
            .map(|text| format!("`{{{text}}}`"))
            .collect();
        writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            ask.name,
            kinds.join(", "),
            ask.summary,
            texts.join(", ")
        )
        .unwrap();
    }
    if !model.bounds.is_empty() {
        page.push_str("\n| bound | values | default | what it limits |\n|---|---|---|---|\n");
    }
    for bound in model.bounds {
        let (values, default) = match &bound.shape {
            Shape::Whole {
                min,
                max,
                default: (from, to),
            } => (format!("{min} to {max}"), format!("[{from}, {to}]")),
            Shape::Word(words) => (
                words.join(", "),
                words.first().copied().unwrap_or_default().to_owned(),
            ),
            Shape::Flag(flag) => ("true, false".to_owned(), flag.to_string()),
        };
        writeln!(
            page,
            "| `{}` | {values} | {default} | {} |",
            bound.name, bound.summary
        )
        .unwrap();
    }
    let Some(ask) = model.asks.first() else {
        return;
    };
    let example = (0..50).find_map(|seed| default_instance(model, ask.name, ask.kinds[0], seed));
    let Some(example) = example else { return };
    write!(
        page,
        "\nAn example for `{}`, seed {}: the scenario\n\n```json\n{}\n```\n",
        ask.name, example.seed, example.scenario
    )
    .unwrap();
    let answer = key(&example.outcome);
    write!(page, "\nhas the key {answer}:\n\n").unwrap();
    (1..)
        .zip(&example.steps)
        .for_each(|(n, step)| writeln!(page, "{n}. {}", step.line()).unwrap());
}

/// Returns the key in words.
fn key(outcome: &Outcome) -> String {
    let texts: Vec<String> = match outcome {
        Outcome::One { options } | Outcome::Several { options } => options
            .iter()
            .filter(|option| option.right)
            .map(|option| option.text.line())
            .collect(),
        Outcome::Order { steps } => steps.iter().map(|step| step.text.line()).collect(),
        Outcome::Number { value, unit, .. } => vec![format!("{value} {unit}").trim().to_owned()],
    };
    texts.join("; ")
}

/// The golden instances: a hash of the scenario and the key for each version of each model.
///
/// They change only with a model's version, because an instance is named by its question and its seed.
#[test]
fn golden_instances_stay_as_they_are() {
    let mut lines = String::new();
    for model in MODELS {
        for ask in model.asks {
            for kind in ask.kinds {
                for seed in [0, 1, 2, 1_000_000_007] {
                    let drawn = default_instance(model, ask.name, *kind, seed);
                    let hash = drawn.map_or("none".to_owned(), |instance| {
                        let whole = format!("{} {}", instance.scenario, key(&instance.outcome));
                        blake3::hash(whole.as_bytes()).to_hex()[..16].to_owned()
                    });
                    let (name, version) = (model.name, model.version);
                    writeln!(
                        lines,
                        "{name} {version} {} {} {seed} {hash}",
                        ask.name,
                        kind.word()
                    )
                    .unwrap();
                }
            }
        }
    }
    assert_current("tests/fixtures/simulation/golden.txt", &lines);
}

/// Returns an instance whose options name its seed, or none for every third seed.
fn toy(simulation: &Simulation, seed: u64) -> Option<Instance> {
    let outcome = if simulation.ask == "number" {
        let wrong = [seed + 5, seed + 7, seed.wrapping_sub(1)];
        Outcome::Number {
            value: seed as f64,
            unit: "ms".into(),
            tolerance: 0.0,
            wrong: wrong
                .map(|n| WrongNumber::new(n as i64, "It is another number.", "Miscounts."))
                .to_vec(),
        }
    } else {
        let wrong = |text: &str| Alternative::wrong(text, "It is not.", "Confuses them.");
        Outcome::One {
            options: vec![
                Alternative::right(&format!("seed {seed}"), "It is."),
                wrong("another"),
                wrong("none"),
            ],
        }
    };
    let instance = Instance {
        model: simulation.model.clone(),
        version: 1,
        ask: simulation.ask.clone(),
        seed,
        scenario: json!({ "seed": seed }),
        figures: Vec::new(),
        texts: [("seed".to_owned(), Text::new(&seed.to_string()))].into(),
        outcome,
        steps: vec![Text::new(&format!("The seed is {seed}."))],
        solved: Vec::new(),
    };
    (!seed.is_multiple_of(3)).then_some(instance)
}

fn never(_: &Simulation, _: u64) -> Option<Instance> {
    None
}

/// Returns a question that a toy model draws.
fn simulated_question(id: &str, ask: &str, kind: Kind) -> Question {
    let blank = Interaction::Single(Vec::new());
    Question {
        stem: "Seed {seed}, and {other} text in braces.".into(),
        simulation: Some(Simulation {
            model: "toy".to_owned(),
            ask: ask.to_owned(),
            kind,
            bounds: BTreeMap::new(),
            draw: toy,
            instance: None,
        }),
        ..question(id, "a facet", blank)
    }
}

fn frozen(code: Code, question: &Question, fresh: bool, rows_seen: &[Row]) -> Form {
    let (deck, competency) = (DeckId::new("deck"), CompetencyId::new("c0"));
    let planned = Planned {
        deck: &deck,
        competency: &competency,
        question,
        fresh,
        rows_seen,
    };
    freeze(code, &[planned])
}

fn new_code(seed: u64) -> Code {
    Code::new(seed, 1, 0xff, 0, BankId::default())
}

#[test]
fn a_form_code_repeats_the_instances() {
    let question = simulated_question("q1", "text", Kind::Single);
    let mut seen: Vec<Row> = Vec::new();
    for _ in 0..20 {
        let form = frozen(new_code(7), &question, seen.is_empty(), &seen);
        let item = &form.items[0];
        assert!(!seen.contains(&item.row), "an instance was drawn twice");
        assert!(item.fresh, "a new instance counts");
        assert_eq!(item.variant, !seen.is_empty());
        assert_eq!(item.instance.as_ref().unwrap().seed, u64::from(item.row.0));
        seen.push(item.row);

        let code = Code::parse(&form.code).unwrap();
        let again = frozen(code, &question, false, &seen);
        assert_eq!(again.items[0].instance, item.instance);
        assert_eq!(again.items[0].order, item.order);
        assert!(!again.items[0].fresh, "the same instance counts once");
        assert!(!again.items[0].variant);
    }
}

#[test]
fn a_session_never_depends_on_the_model_that_drew_it() {
    let mut question = simulated_question("q1", "text", Kind::Single);
    let form = frozen(new_code(7), &question, true, &[]);
    let stored = serde_json::to_string(&form).unwrap();
    question.simulation.as_mut().unwrap().draw = never;
    let form: Form = serde_json::from_str(&stored).unwrap();
    let item = &form.items[0];
    let seed = item.row.0;
    let concrete = item.concrete(question);
    assert_eq!(
        concrete.stem.as_str(),
        format!("Seed {seed}, and {{other}} text in braces.")
    );
    assert!(
        concrete
            .explanation
            .as_str()
            .ends_with(&format!("1. The seed is {seed}."))
    );
    let Interaction::Single(options) = &concrete.interaction else {
        panic!("not a single-choice question");
    };
    let key = options.iter().find(|option| option.is_key()).unwrap();
    assert_eq!(key.text.as_str(), format!("seed {seed}"));
}

#[test]
fn items_stored_before_there_were_simulations_are_read() {
    let question = simulated_question("q1", "text", Kind::Single);
    let form = frozen(new_code(7), &question, true, &[]);
    let mut item = serde_json::to_value(&form.items[0]).unwrap();
    let fields = item.as_object_mut().unwrap();
    assert!(fields.remove("instance").is_some());
    assert!(
        !fields.contains_key("variant"),
        "written only if it is true"
    );
    let item: Item = serde_json::from_value(item).unwrap();
    assert_eq!((item.instance, item.variant), (None, false));
}

#[test]
fn numbers_among_options_stand_in_ascending_order_with_their_unit() {
    let question = simulated_question("q1", "number", Kind::Single);
    let form = frozen(new_code(7), &question, true, &[]);
    let item = &form.items[0];
    let seed = u64::from(item.row.0);
    let Interaction::Single(options) = item.concrete(question).interaction else {
        panic!("not a single-choice question");
    };
    assert_eq!(item.order, ChoiceId::first(4).collect::<Vec<_>>());
    let number = |n| format!("{} ms", aethos::core::number::show(n as f64));
    let texts: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
    assert_eq!(texts, [seed - 1, seed, seed + 5, seed + 7].map(number));
    assert!(options[1].is_key());
}

const REFERENCE: &str = "  [[question.reference]]\n  author = \"Herlihy, Wing\"\n  title = \"Linearizability\"\n  \
    where = \"TOPLAS 12(3)\"\n  year = 1990\n";

/// Returns a deck with one simulated question.
fn deck() -> String {
    let explanation = "The general lesson. ".repeat(25);
    home::head("sim")
        + &format!(
            "[[question]]\nid = \"consistency-models.901\"\nfacet = \"consistency-models\"\npoints = \
             [\"consistency-models/kp1\"]\nlevel = \"senior\"\ndemand = \"apply\"\ntype = \"single\"\nseconds = \
             120\nstem = \"The figure shows the calls of three clients.\"\nlead_in = \"Which is the strongest model \
             that holds?\"\nexplanation = \"{explanation}\"\n  [question.simulation]\n  model = \
             \"register-history\"\n  ask = \"strongest-model\"\n{REFERENCE}"
        )
}

/// Takes an assessment of one question and returns its report.
fn assessed(home: &Home, args: &[&str]) -> Value {
    let args = [&["assess", "sim", "--plain"], args].concat();
    let output = home.run_with(&args, "a\n4\nfinish\ny\n");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    home.json(&["report", "--format", "json"])
}

#[test]
fn a_new_instance_counts_and_the_same_one_does_not() {
    let home = Home::new();
    home.deck("sim", deck());
    let one = ["--questions", "1"];
    let first = assessed(&home, &one);
    let second = assessed(&home, &one);
    let lesson = |report: &Value| report["questions"][0]["explanation"].to_string();
    assert_eq!(first["questions"][0]["counts"], true);
    assert!(first["variants"].is_null());
    assert_eq!(
        second["questions"][0]["counts"], true,
        "another instance counts"
    );
    assert_eq!(second["variants"], 1);
    assert_ne!(lesson(&first), lesson(&second));
    let code = second["form"].as_str().unwrap();
    let third = assessed(&home, &["--form", code]);
    assert_eq!(
        lesson(&third),
        lesson(&second),
        "the same form has the same instances"
    );
    assert_eq!(third["questions"][0]["counts"], false);
    assert!(third["variants"].is_null());
    for format in ["text", "markdown"] {
        let session = second["session"].as_str().unwrap();
        let report = home.output(&["report", session, "--format", format]);
        assert!(report.contains("1 question was a new variant"), "{report}");
    }
    // An adaptive assessment asks only what is new, and a new instance is.
    let adaptive = assessed(&home, &["--adaptive", "--questions", "3"]);
    assert_eq!(adaptive["questions"].as_array().unwrap().len(), 1);
    assert_eq!(adaptive["variants"], 1);
}

#[test]
fn practice_draws_a_new_instance_each_time() {
    let home = Home::new();
    home.deck("sim", deck());
    let mut lessons = BTreeSet::new();
    for _ in 0..4 {
        let args = ["practice", "sim", "--plain", "--only", "consistency-models"];
        let output = home.run_with(&args, "u\nq\n");
        let said = String::from_utf8(output.stdout).unwrap();
        let lesson = said
            .split("Step by step:")
            .nth(1)
            .unwrap_or_else(|| panic!("{said}"));
        lessons.insert(lesson.split("Sources").next().unwrap().to_owned());
        // The session that was left is over before the next one begins.
        home.output(&["history", "--json"]);
    }
    assert_eq!(lessons.len(), 4);
}

#[test]
fn a_question_is_shown_with_and_without_its_key() {
    let home = Home::new();
    home.deck("sim", deck());
    let name = "sim/consistency-models.901";
    let asked = home.json(&["show", name, "--seed", "5", "--format", "json"]);
    let solved = home.json(&["show", name, "--seed", "5", "--format", "json", "--key"]);
    for field in ["answer", "steps", "explanation"] {
        assert!(asked[field].is_null(), "{field} is part of the key");
        assert!(!solved[field].is_null(), "{field} is missing");
    }
    assert!(!asked["scenario"].is_null());
    assert_eq!(asked["options"], solved["options"]);
    assert!(
        solved["options"]
            .as_array()
            .unwrap()
            .contains(&solved["answer"])
    );
    let figures = asked["figures"].as_array().unwrap().len();
    assert_eq!(figures, 2, "the timeline and its table, once each");
    let text = home.output(&["show", name, "--seed", "5"]);
    assert_eq!(text.matches("client").count(), 1 + 1, "{text}");
    assert!(text.contains("Which is the strongest model") && !text.contains("Explanation"));
    let text = home.output(&["show", name, "--seed", "5", "--key"]);
    assert!(text.contains("Step by step:"), "{text}");
    let fixed = home.json(&[
        "show",
        "data-consistency/consensus-paxos-raft.002",
        "--format",
        "json",
        "--key",
    ]);
    assert!(!fixed["answer"].is_null());
    let typo = home.run(&["show", "sim/consistency-models.902"]);
    assert!(String::from_utf8_lossy(&typo.stderr).contains("did you mean consistency-models.901?"));
}
