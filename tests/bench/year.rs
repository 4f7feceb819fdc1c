//! Writes a history with a year of made-up mentor sessions: `cargo run --example year -- FOLDER [WEEKS]`.
//!
//! View it with `AETHOS_HOME=FOLDER aethos mentor`; the folder must not contain a history yet.

use std::path::PathBuf;
use std::time::Instant;

use aethos::core::time::Day;
use aethos::deck::load::Library;
use aethos::store::Store;

#[path = "../support/year.rs"]
#[allow(dead_code, reason = "shared with the tests, which use other parts")]
mod year;

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(folder), weeks) = (args.next().map(PathBuf::from), args.next()) else {
        panic!("year FOLDER [WEEKS]");
    };
    let weeks = weeks.map_or(52, |weeks| weeks.parse().expect("a number of weeks"));
    let library = Library::load(&[], None);
    let mut bank = Vec::new();
    for loaded in &library.decks {
        for (place, _) in loaded.deck.entries.iter().enumerate() {
            bank.push(year::Banked {
                deck: loaded.deck.id.clone(),
                competency: loaded.deck.competency.clone(),
                question: loaded
                    .question(place)
                    .expect("the built-in decks are whole"),
                source: loaded
                    .source_of(place)
                    .expect("the built-in decks are whole"),
            });
        }
    }
    let file = folder.join("history.db");
    assert!(!file.exists(), "{} is there already", file.display());
    let mut store = Store::open(&file).expect("a history can be begun");
    let people: Vec<_> = ["Mina", "Jo\u{e3}o", "Ada"]
        .map(|name| store.add_person(name).expect("a new name").id)
        .to_vec();
    let today = Day((std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |t| t.as_secs())
        / 86_400) as i32);
    let began = Instant::now();
    for sitting in year::year(&bank, &people, today.plus(-7 * weeks as i32 + 3), weeks, 7) {
        sitting.keep(&mut store);
    }
    println!("{weeks} sessions written in {:?}", began.elapsed());
}
