//! Checks the dependencies between the layers, the purity of the core and the length of functions, by reading the
//! sources.
//!
//! [`LAYERS`] names the layers that each may use; only the commands that start the terminal use the screens.
//! Core and session access no file, clock, environment or global randomness.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, with the layers that each may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("simulation", &["core"]),
    ("session", &["core", "simulation"]),
    ("deck", &["core", "simulation"]),
    ("exchange", &["core"]),
    ("store", &["core", "session"]),
    ("report", &["core", "session"]),
    ("app", &["core", "session"]),
    ("tui", &["core", "session", "app"]),
    ("plain", &["core", "session"]),
    (
        "shell",
        &[
            "core",
            "simulation",
            "session",
            "app",
            "deck",
            "store",
            "report",
        ],
    ),
    (
        "cli",
        &[
            "core",
            "simulation",
            "session",
            "app",
            "deck",
            "store",
            "exchange",
            "report",
            "plain",
            "shell",
        ],
    ),
];

/// The files of `cli` that start the terminal; only these use the screens.
const TERMINAL: [&[&str]; 2] = [&["cli", "interactive"], &["cli", "look"]];

/// The pure layers.
const PURE: [&str; 3] = ["core", "simulation", "session"];

/// The dependencies that are pure, too.
const PURE_CRATES: &[&str] = &[
    "blake3",
    "fsrs",
    "rand",
    "serde",
    "serde_json",
    "thiserror",
    "unicode_normalization",
    "unicode_segmentation",
    "unicode_width",
];

/// Paths that a pure layer must not use: the beginning of a path, or any single segment.
const IMPURE_PATHS: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::path",
    "std::process",
    "std::thread",
    "std::sync::mpsc",
    "std::time::Instant",
    "std::time::SystemTime",
    "rand::rng",
    "rand::random",
    "rand::thread_rng",
];
const IMPURE_NAMES: &[&str] = &[
    "Instant",
    "SystemTime",
    "RandomState",
    "ThreadRng",
    "OsRng",
    "SysRng",
    "StdRng",
    "SmallRng",
    "thread_rng",
    "from_os_rng",
    "env!",
    "option_env!",
    "include_str!",
    "include_bytes!",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
    "extern",
    "unsafe",
];

/// The largest number of code lines in a function.
const MOST_LINES: usize = 80;

/// A forbidden path in a source file.
#[derive(Debug, PartialEq)]
struct Violation {
    line: usize,
    path: String,
    why: &'static str,
}

/// Returns the violations in a source file; `module` is its path from the crate root, such as `core`, `form`.
fn violations(module: &[&str], source: &str, dependencies: &BTreeSet<String>) -> Vec<Violation> {
    let layer = module[0];
    let allowed = LAYERS
        .iter()
        .find(|(name, _)| *name == layer)
        .map_or(&[][..], |(_, allowed)| allowed);
    let code = without_tests(&without_text(source));
    let mut found = Vec::new();
    for (line, path) in paths(&code) {
        let path = from_root(module, &path);
        let mut refuse = |why| {
            found.push(Violation {
                line,
                path: path.join("::"),
                why,
            });
        };
        if let [root, other, ..] = &path[..]
            && root == "crate"
            && other != layer
            && LAYERS.iter().any(|(name, _)| name == other)
            && !allowed.contains(&other.as_str())
            && !(other == "tui" && TERMINAL.contains(&module))
        {
            refuse("this layer does not know that one");
        }
        if !PURE.contains(&layer) {
            continue;
        }
        let begins = |with: &str| {
            path.iter()
                .map(String::as_str)
                .zip(with.split("::"))
                .all(|(a, b)| a == b)
                && path.len() >= with.split("::").count()
        };
        if IMPURE_PATHS.iter().any(|with| begins(with))
            || path.iter().any(|p| IMPURE_NAMES.contains(&p.as_str()))
        {
            refuse("core and session only compute");
        }
        if path.len() > 1
            && dependencies.contains(&path[0])
            && !PURE_CRATES.contains(&path[0].as_str())
        {
            refuse("this crate does more than compute");
        }
    }
    found
}

/// Resolves `super` and `self`, so that a detour can't hide a dependency.
fn from_root(module: &[&str], path: &[String]) -> Vec<String> {
    let mut root: Vec<&str> = [&["crate"], module].concat();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("self") if path.len() > 1 => rest = &path[1..],
        Some("super") => {
            while let [first, after @ ..] = rest
                && first == "super"
            {
                root.pop();
                rest = after;
            }
        }
        _ => return path.to_vec(),
    }
    root.into_iter()
        .map(str::to_owned)
        .chain(rest.iter().cloned())
        .collect()
}

/// Blanks comments, strings and characters of a source, and keeps its lines in place.
fn without_text(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut code = String::with_capacity(source.len());
    let mut i = 0;
    while i < bytes.len() {
        let end = match bytes[i] {
            b'/' if source[i..].starts_with("//") => {
                source[i..].find('\n').map_or(source.len(), |n| i + n)
            }
            b'/' if source[i..].starts_with("/*") => {
                source[i..].find("*/").map_or(source.len(), |n| i + n + 2)
            }
            b'r' if raw_string(&source[i..]).is_some() => i + raw_string(&source[i..]).unwrap_or(1),
            b'"' => i + quoted(&bytes[i..], b'"'),
            b'\'' if is_character(&source[i + 1..]) => i + quoted(&bytes[i..], b'\''),
            byte => {
                // Only text can contain characters outside ASCII, and text is blanked.
                code.push(char::from(byte));
                i += 1;
                continue;
            }
        };
        code.extend(
            source[i..end]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        i = end;
    }
    code
}

/// Returns the length of the raw string that begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
    let body = rest[1 + hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&close)? + close.len())
}

fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut i = 1;
    while i < bytes.len() && bytes[i] != quote {
        i += if bytes[i] == b'\\' { 2 } else { 1 };
    }
    (i + 1).min(bytes.len())
}

/// Returns true for a character literal rather than a lifetime.
fn is_character(after: &str) -> bool {
    let mut chars = after.chars();
    matches!(
        (chars.next(), chars.next()),
        (Some('\\'), _) | (Some(_), Some('\''))
    )
}

/// Removes the items under `#[cfg(test)]`, and keeps all lines in place.
fn without_tests(code: &str) -> String {
    let mut kept = code.to_owned();
    while let Some(start) = kept.find("#[cfg(test)]") {
        let end = match kept[start..].find(['{', ';']).map(|n| start + n) {
            Some(open) if kept.as_bytes()[open] == b'{' => {
                let mut depth = 0;
                let closes = |c: char| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    depth == 0 && c == '}'
                };
                kept[open..]
                    .find(closes)
                    .map_or(kept.len(), |n| open + n + 1)
            }
            Some(semicolon) => semicolon + 1,
            None => kept.len(),
        };
        let blank: String = kept[start..end]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect();
        kept.replace_range(start..end, &blank);
    }
    kept
}

/// Returns every path in the code with its line: `use` trees expanded, macros with their `!`.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut reader = Reader {
        rest: code,
        line: 1,
        found: Vec::new(),
    };
    while !reader.rest.is_empty() {
        if reader.ident().is_some() {
            reader.path(&[]);
        } else {
            reader.skip(1);
        }
    }
    reader.found
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    found: Vec<(usize, Vec<String>)>,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, n: usize) {
        self.line += self.rest[..n].matches('\n').count();
        self.rest = &self.rest[n..];
    }

    fn space(&mut self) {
        self.skip(self.rest.len() - self.rest.trim_start().len());
    }

    fn ident(&self) -> Option<&'a str> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(self.rest.len());
        (end > 0).then(|| &self.rest[..end])
    }

    fn eat(&mut self, token: &str) -> bool {
        let here = self.rest.starts_with(token);
        if here {
            self.skip(token.len());
            self.space();
        }
        here
    }

    /// Parses a path that begins here, after the prefix `before`.
    fn path(&mut self, before: &[String]) {
        let line = self.line;
        let mut path = before.to_vec();
        loop {
            match self.ident() {
                Some(ident) => {
                    path.push(ident.to_owned());
                    self.skip(ident.len());
                }
                None if !self.eat("*") => break,
                None => path.push("*".to_owned()),
            }
            if self.rest.starts_with('!') && !self.rest.starts_with("!=") {
                path.last_mut().into_iter().for_each(|last| last.push('!'));
            }
            if !self.rest.trim_start().starts_with("::") {
                break;
            }
            self.space();
            self.eat("::");
            if self.eat("{") {
                while !self.eat("}") && !self.rest.is_empty() {
                    let before = self.rest.len();
                    self.path(&path);
                    self.space();
                    if self.eat("as ") {
                        let name = self.ident().map_or(0, str::len);
                        self.skip(name);
                        self.space();
                    }
                    self.eat(",");
                    if self.rest.len() == before {
                        self.skip(1);
                    }
                }
                return;
            }
        }
        self.found.push((line, path));
    }
}

/// Returns the functions with more than [`MOST_LINES`] lines, as `line name: lines`. Blank lines, comments and unit
/// tests don't count.
fn long_functions(source: &str) -> Vec<String> {
    let code = without_tests(&without_text(source));
    let counts: Vec<bool> = source
        .lines()
        .map(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
        .collect();
    let line_of = |at: usize| code[..at].matches('\n').count();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (start, keyword) in code.match_indices("fn ") {
        let after = &code[start + keyword.len()..];
        let name = &after[..after.find(|c| !is_word(c)).unwrap_or(after.len())];
        if code[..start].ends_with(is_word) || name.is_empty() {
            continue;
        }
        let (first, last) = (line_of(start), line_of(end_of_function(&code, start)));
        let lines = counts[first..=last]
            .iter()
            .filter(|counts| **counts)
            .count();
        if lines > MOST_LINES {
            found.push(format!("{} {name}: {lines}", first + 1));
        }
    }
    found
}

/// Returns the position of the closing brace of the function that begins at `start`, or of its semicolon if it has no
/// body.
fn end_of_function(code: &str, start: usize) -> usize {
    let mut depth = 0;
    let is_end = |c: char| {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        depth == 0 && matches!(c, '}' | ';')
    };
    let end = code[start..].find(is_end);
    end.map_or(code.len(), |length| start + length)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the crates of Cargo.toml by their names in code.
fn dependencies() -> BTreeSet<String> {
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap();
    manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .map(|name| name.replace('-', "_"))
        .collect()
}

/// Collects all sources of a folder with their module paths, without files that contain only tests.
fn sources(folder: &Path, module: &[String], into: &mut Vec<(Vec<String>, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let own: Vec<String> = module
            .iter()
            .cloned()
            .chain((name != "mod").then(|| name.clone()))
            .collect();
        if ["tests", "contract"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            sources(&path, &own, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push((own, path));
        }
    }
}

#[test]
fn every_layer_names_only_those_behind_it_and_the_inside_only_computes() {
    let mut files = Vec::new();
    for (layer, _) in LAYERS {
        sources(
            &root().join("src").join(layer),
            &[(*layer).to_owned()],
            &mut files,
        );
    }
    assert!(files.len() > 60, "only {} sources were found", files.len());
    let dependencies = dependencies();
    let mut report = Vec::new();
    for (module, path) in files {
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        let source = fs::read_to_string(&path).unwrap();
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        let found = violations(&module, &source, &dependencies);
        report.extend(
            found
                .into_iter()
                .map(|v| format!("{shown}:{}: {}: {}", v.line, v.path, v.why)),
        );
    }
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

#[test]
fn every_module_of_the_crate_is_a_layer() {
    let code = without_text(&fs::read_to_string(root().join("src/lib.rs")).unwrap());
    let modules: BTreeSet<&str> = code
        .split(';')
        .filter_map(|item| item.trim().strip_prefix("pub mod "))
        .collect();
    assert_eq!(modules, LAYERS.iter().map(|(layer, _)| *layer).collect());
    assert!(
        PURE_CRATES
            .iter()
            .all(|name| dependencies().contains(*name)),
        "a crate that is allowed is gone"
    );
}

/// Returns the violations in `source` as part of a module, as `line path`.
fn planted(module: &[&str], source: &str) -> Vec<String> {
    violations(module, source, &dependencies())
        .into_iter()
        .map(|v| format!("{} {}", v.line, v.path))
        .collect()
}

#[test]
fn a_planted_violation_is_found() {
    let source = "use std::{fmt, fs::{self, File}, time::{Duration, Instant as Now}};\nfn f() { crate::store::open() }\n";
    assert_eq!(
        planted(&["core", "form", "choose"], source),
        [
            "1 std::fs::self",
            "1 std::fs::File",
            "1 std::time::Instant",
            "2 crate::store::open"
        ]
    );
    assert_eq!(
        planted(
            &["core", "form", "choose"],
            "use super::super::super::tui::App;"
        ),
        ["1 crate::tui::App"]
    );
    assert_eq!(
        planted(&["core"], "use super::{session, id};"),
        ["1 crate::session"]
    );
    assert_eq!(
        planted(
            &["session", "clock"],
            "fn now() {\n    jiff::Timestamp::now()\n}"
        ),
        ["2 jiff::Timestamp::now"]
    );
    assert_eq!(
        planted(
            &["session"],
            "fn f() { println!(\"{}\", 1); rand :: rng ( ) }"
        ),
        ["1 println!", "1 rand::rng"]
    );
    assert_eq!(
        planted(
            &["tui", "app"],
            "use crate::{core::id, deck::load, report};"
        ),
        ["1 crate::deck::load", "1 crate::report"]
    );
    assert_eq!(
        planted(&["shell"], "use crate::tui::App;"),
        ["1 crate::tui::App"]
    );
    assert_eq!(
        planted(&["cli", "config"], "use crate::tui::App;"),
        ["1 crate::tui::App"]
    );
    assert_eq!(
        planted(
            &["cli", "interactive"],
            "use crate::{tui::App, shell::Shell};"
        ),
        [""; 0]
    );
    assert_eq!(
        planted(&["deck", "load"], "use crate::session::Session;"),
        ["1 crate::session::Session"]
    );
}

#[test]
fn text_comments_and_tests_may_say_anything() {
    let innocent = r##"
        //! This comment mentions std::fs and crate::tui.
        use std::collections::BTreeMap;
        /* println!("no"); */
        fn f<'a>(c: &'a char) -> &'a str { if *c == '"' { "std::fs::read" } else { r#"crate::store "quoted" "# } }
        #[cfg(test)]
        mod tests { use std::fs; fn g() { if true { println!("{}", fs::read("x").is_ok()) } } }
        fn instant() {}
    "##;
    assert_eq!(planted(&["core", "text"], innocent), [""; 0]);
    // Code after the test module is checked again.
    let behind = "#[cfg(test)]\nmod tests { fn f() { { } } }\nuse std::env;";
    assert_eq!(planted(&["core", "text"], behind), ["3 std::env"]);
}

#[test]
fn no_function_has_more_than_80_lines() {
    let mut files = vec![(Vec::new(), root().join("build.rs"))];
    sources(&root().join("src"), &[], &mut files);
    assert!(files.len() > 200, "only {} sources were found", files.len());
    let mut report = Vec::new();
    for (_, path) in files {
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        let found = long_functions(&fs::read_to_string(&path).unwrap());
        report.extend(found.into_iter().map(|long| format!("{shown}:{long}")));
    }
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

#[test]
fn a_planted_long_function_is_found() {
    let function = |name: &str, statements: usize| {
        let body = "    f([0; 2], '}');\n\n    // A comment with a {.\n".repeat(statements);
        format!("pub fn {name}(a: [u8; 4]) -> fn (u8) {{\n{body}}}\n")
    };
    // The first and the last line count, too.
    let source = function("long", 78) + &function("too_long", 79);
    assert_eq!(long_functions(&source), ["237 too_long: 81"]);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function("f", 100));
    assert_eq!(long_functions(&tests), [""; 0]);
    // Lines within a text count, and a method without a body ends at its semicolon.
    let text = format!("fn text() {{\n\"{}\"\n}}", "words {\n".repeat(79));
    assert_eq!(long_functions(&text), ["1 text: 82"]);
    let methods = "    fn method(&self) -> [u8; 2];\n".repeat(90);
    assert_eq!(
        long_functions(&format!("trait T {{\n{methods}}}\n")),
        [""; 0]
    );
}
