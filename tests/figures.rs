//! Drawings of figures: snapshots, properties of random figures, and the gallery for authors.

#[path = "figures/examples.rs"]
mod examples;

use aethos::core::figure::{Charset, draw};
use examples::EXAMPLES;

#[test]
fn show() {
    let only = std::env::var("ONLY").unwrap_or_default();
    let width = std::env::var("W")
        .ok()
        .and_then(|w| w.parse().ok())
        .unwrap_or(76);
    let charset = if std::env::var("ASCII").is_ok() {
        Charset::Ascii
    } else {
        Charset::Unicode
    };
    for (name, source) in EXAMPLES {
        if name.contains(&only) {
            let picture = draw(&examples::figure(source), width, charset);
            println!("\n== {name} {}x{}", picture.width, picture.lines.len());
            println!("{}", picture.text().join("\n"));
        }
    }
}
