//! Simulated questions: the contract of every one in the built-in decks, their documentation, and golden instances.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use aethos::core::instance::{Instance, Outcome, Simulation};
use aethos::core::question::Kind;
use aethos::deck::load::Library;
use aethos::simulation::{Audit, Bounds, MODELS, Model, Shape};

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

/// Asserts that the draws of every simulated question keep the contract.
fn assert_contract(seeds: u64) {
    let mut faults = Vec::new();
    for (name, simulation) in simulated() {
        let model = Model::named(&simulation.model).expect("the deck was checked");
        let ask = model.ask(&simulation.ask).expect("the deck was checked");
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
    }
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
