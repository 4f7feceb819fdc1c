//! The HTML report: a file that is safe to open and to share, and readable for everybody.

#[path = "figures/examples.rs"]
mod examples;
#[allow(
    dead_code,
    reason = "shared with the other reports, which answer more questions"
)]
mod sitting;

use std::collections::BTreeMap;

use aethos::core::figure::Figure;
use aethos::core::id::{ChoiceId, SessionId};
use aethos::core::question::{Interaction, Question};
use aethos::core::response::{Answer, Confidence};
use aethos::core::text::Text;
use aethos::core::time::{Day, Limit, Millis};
use aethos::report::{self, Heading, PastScore, Report};
use aethos::session::assessment::{Assessment, Bank};
use aethos::session::present::Verdict;
use aethos::session::{Event, Session, Stamped};
use examples::{EXAMPLES, figure};
use proptest::prelude::*;
use sitting::*;

fn heading(person: &str) -> Heading {
    Heading {
        session: SessionId::new("20261121-1405"),
        day: "21 Nov 2026, 14:05".into(),
        person: person.into(),
        started_at: "2026-11-21T14:05:00+00:00".to_owned(),
        finished_at: None,
    }
}

/// Answers each single-choice question with its first option, sure, and writes a note; other questions stay blank.
fn answered(mut session: Session) -> Session {
    let mut tell = |event: Event| {
        let at = session.at() + Millis::seconds(35);
        session.apply(&Stamped { at, event }).unwrap();
    };
    let slots = sitting::questions().len();
    for slot in 0..slots {
        tell(Event::Shown { slot });
        if matches!(slot, QUORUM | LEASE | SHARDS) {
            let answer = Answer::Picked(vec![ChoiceId(0)]);
            tell(Event::Answered { slot, answer });
            let confidence = Some(Confidence::Sure);
            tell(Event::Confident { slot, confidence });
        }
    }
    tell(Event::Noted {
        slot: LEASE,
        text: "a private note".into(),
    });
    tell(Event::Finished);
    session
}

fn report_of(session: &Session, person: &str) -> Report {
    let (blueprint, mut bank) = (blueprint(), Bank::default());
    for slot in 0..session.len() {
        bank.add(&session.item(slot).competency, session.question(slot));
    }
    let assessment = Assessment::of(session, &blueprint, &bank);
    let points = BTreeMap::new();
    Report::of(session, &assessment, &blueprint, &points, heading(person))
}

/// Returns a report of every type of question with every figure.
fn sample(person: &str) -> Report {
    let mut report = report_of(&answered(session()), person);
    let figures = EXAMPLES.iter().map(|(_, source)| figure(source));
    for (n, figure) in figures.enumerate() {
        let place = n % report.questions.len();
        report.questions[place].presented.asked.figures.push(figure);
    }
    report
}

fn past() -> Vec<PastScore> {
    let score = |day, is_this, overall| PastScore {
        day: Day(day),
        is_this,
        overall,
        competencies: vec![("Data consistency".into(), (40.0, 30.0, 55.0))],
    };
    vec![
        score(20_000, false, Some((40.0, 30.0, 55.0))),
        score(20_000, false, None),
        score(20_100, true, Some((62.0, 44.0, 78.0))),
    ]
}

/// An element of the page: its name and attributes. Closing tags begin with `/`.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

/// Reads the tags of a page. Fails on a `<` that begins none, and on an attribute that isn't quoted.
fn tags(page: &str) -> Vec<Tag> {
    let body = page.split("<style>").collect::<Vec<_>>();
    let (head, rest) = (body[0], body[1].split_once("</style>").unwrap().1);
    let mut tags = Vec::new();
    for piece in [head, rest] {
        for after in piece.split('<').skip(1) {
            let (inside, text) = after.split_once('>').expect("each < begins a tag");
            assert!(!text.contains('>'), "an unescaped > in {text:?}");
            if inside == "!DOCTYPE html" {
                continue;
            }
            let (name, mut attributes) = match inside.split_once(' ') {
                Some((name, attributes)) => (name, attributes.trim_end_matches('/')),
                None => (inside, ""),
            };
            let mut read = Vec::new();
            while !attributes.trim().is_empty() {
                let (name, rest) = attributes.split_once("=\"").expect("a quoted attribute");
                let (value, rest) = rest.split_once('"').expect("an end of the attribute");
                read.push((name.trim().to_owned(), value.to_owned()));
                attributes = rest;
            }
            let name = name.trim_end_matches('/').to_owned();
            tags.push(Tag {
                name,
                attributes: read,
            });
        }
    }
    tags
}

const ELEMENTS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "body",
    "header",
    "main",
    "section",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "b",
    "strong",
    "em",
    "span",
    "div",
    "a",
    "ul",
    "ol",
    "li",
    "details",
    "summary",
    "figure",
    "figcaption",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "pre",
    "code",
    "svg",
    "path",
    "rect",
    "text",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "id",
    "href",
    "title",
    "role",
    "viewBox",
    "width",
    "height",
    "stroke-width",
    "d",
    "x",
    "y",
    "rx",
    "tabindex",
    "scope",
    "aria-hidden",
];

/// Fails if the page contains anything that the templates don't write.
fn check(page: &str) -> Vec<Tag> {
    let tags = tags(page);
    for tag in &tags {
        let name = tag.name.trim_start_matches('/');
        assert!(ELEMENTS.contains(&name), "element {name:?}");
        for (name, value) in &tag.attributes {
            assert!(ATTRIBUTES.contains(&name.as_str()), "attribute {name:?}");
            assert!(
                name != "href" || value.starts_with("#q"),
                "a link to {value:?}"
            );
            let is_words = matches!(name.as_str(), "title" | "content");
            let is_plain = |c: char| c.is_alphanumeric() || " .-#".contains(c);
            assert!(
                is_words || value.chars().all(is_plain),
                "{name} is {value:?}"
            );
        }
    }
    tags
}

#[test]
fn as_html() {
    let page = report::html(&report_of(&answered(session()), "Ada"), &past());
    check(&page);
    let (head, body) = page.split_once("<style>").unwrap();
    let body = body.split_once("</style>").unwrap().1;
    insta::assert_snapshot!(format!("{head}…{body}"));
}

#[test]
fn sentences_begin_with_a_capital_and_code_is_marked() {
    let mut report = report_of(&answered(session()), "Ada");
    report.next = vec!["See `aethos decks`, then `open".to_owned()];
    let page = report::html(&report, &past());
    assert!(page.contains("See <code>aethos decks</code>, then `open"));
    assert!(page.contains("unsupervised. Form "), "{page}");
    assert!(!page.contains("; Not enough"));
}

#[test]
fn notes_are_never_shared() {
    let page = report::html(&sample("Ada"), &past());
    assert!(!page.contains("private note"));
    assert!(report::text(&sample("Ada")).contains("private note"));
}

#[test]
fn scripts_and_everything_from_the_network_are_forbidden() {
    let page = report::html(&sample("Ada"), &past());
    assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"));
    for word in [
        "<script",
        "<link",
        "<img",
        "<iframe",
        "src=",
        "url(",
        "@import",
        "javascript:",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    let style = page
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    assert!(!style.contains("http"), "the style mentions an address");
    for template in ["page", "blocks", "words", "svg"] {
        let path = format!("src/report/html/{template}.html");
        let source = std::fs::read_to_string(path).unwrap();
        assert!(
            !source.replace(' ', "").contains("|safe"),
            "{template} writes text that is not escaped"
        );
    }
}

#[test]
fn headings_are_in_order_and_every_drawing_has_a_title() {
    let page = report::html(&sample("Ada"), &past());
    let mut before = 0;
    let mut headings = 0;
    for tag in check(&page) {
        if let Some(level) = tag
            .name
            .strip_prefix('h')
            .and_then(|n| n.parse::<u8>().ok())
        {
            assert!(level <= before + 1, "h{level} follows h{before}");
            assert!(level > 1 || headings == 0, "there is a second h1");
            (before, headings) = (level, headings + 1);
        }
    }
    assert!(headings > 20);
    let drawings: Vec<&str> = page.split("<svg ").skip(1).collect();
    assert!(drawings.len() > 15);
    for drawing in drawings {
        let (_, title) = drawing.split_once("><title>").unwrap();
        assert!(!title.starts_with('<'), "an empty title");
    }
}

#[test]
fn all_elements_are_closed() {
    let page = report::html(&sample("Ada"), &past());
    let mut open: Vec<String> = Vec::new();
    for tag in check(&page) {
        match tag.name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None if matches!(tag.name.as_str(), "meta" | "path" | "rect") => {}
            None => open.push(tag.name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Returns a report of `n` questions that were all shown, with a figure each. Every eighth one was answered.
fn long_report(n: usize) -> Report {
    let questions: Vec<Question> = (0..n)
        .map(|n| sitting::questions()[n % 8].clone())
        .map(|question| Question {
            explanation: "x".repeat(900).as_str().into(),
            ..question
        })
        .collect();
    let mut session = session_of(questions, Limit::Untimed);
    let tell = |session: &mut Session, event| {
        let at = session.at() + Millis::seconds(35);
        session.apply(&Stamped { at, event }).unwrap();
    };
    for slot in 0..session.len() {
        tell(&mut session, Event::Shown { slot });
        if slot % 8 == QUORUM {
            let answer = Answer::Picked(vec![ChoiceId(u8::from(slot % 16 == QUORUM))]);
            tell(&mut session, Event::Answered { slot, answer });
        }
    }
    tell(&mut session, Event::Finished);
    let mut report = report_of(&session, "Ada");
    for (n, question) in report.questions.iter_mut().enumerate() {
        let source = EXAMPLES[n % EXAMPLES.len()].1;
        question.presented.asked.figures.push(figure(source));
    }
    report
}

#[test]
fn a_deep_assessment_with_figures_fits_the_limit() {
    let report = long_report(80);
    assert_eq!(report.questions.len(), 80);
    let page = report::html(&report, &past());
    assert!(page.len() < 350_000, "{} bytes", page.len());
    assert_eq!(page.matches("<details id=").count(), 80);
    assert!(!page.contains("This page shows"));
}

#[test]
fn a_report_that_would_be_too_large_says_what_it_leaves_out() {
    for n in [200, 800] {
        let report = long_report(n);
        let page = report::html(&report, &past());
        assert!(page.len() < 500_000, "{n}: {} bytes", page.len());
        let shown = page.matches("<details id=").count();
        let words =
            format!("This page shows {shown} of {n} questions, so that the file stays small");
        assert!(page.contains(&words), "{shown}");
        assert!(page.contains("aethos report 20261121-1405 -o report.md"));
        let has_times = page.contains("Times as a table");
        assert_ne!(has_times, page.contains("it leaves out the table of times"));
        assert_eq!(has_times, n == 200);
        assert!(shown > 30, "{shown} of {n}");
        let all = report.questions.iter();
        let wrong: Vec<usize> = all
            .filter(|question| question.verdict == Verdict::Wrong)
            .map(|question| question.number)
            .collect();
        let is_shown = |number: &&usize| page.contains(&format!("<details id=\"q{number}\">"));
        assert_eq!(
            wrong.iter().filter(is_shown).count(),
            wrong.len().min(shown)
        );
        for link in page.split("href=\"#").skip(1) {
            let target = link.split('"').next().unwrap();
            assert!(
                page.contains(&format!("<details id=\"{target}\">")),
                "{target}"
            );
        }
    }
}

#[test]
fn a_long_history_is_listed_in_part() {
    let past: Vec<PastScore> = (0..700)
        .map(|n| PastScore {
            day: Day(18_000 + n),
            is_this: n == 699,
            ..past().remove(0)
        })
        .collect();
    let page = report::html(&sample("Ada"), &past);
    assert!(page.contains("The chart also shows 640 earlier assessments."));
    assert!(page.contains("Overall scores of 700 assessments"));
}

/// The relative luminance of a colour `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let channel = |n: usize| {
        let value = u8::from_str_radix(&colour[n..n + 2], 16).unwrap();
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// All texts and signs have a contrast of 4.5:1 to the page and to panels, in the light, the dark and the printed
/// colours.
#[test]
fn colours_have_enough_contrast() {
    let style = std::fs::read_to_string("src/report/html/style.css").unwrap();
    let palettes: Vec<&str> = style.split("--bg:").skip(1).collect();
    assert_eq!(palettes.len(), 3);
    for palette in palettes {
        let palette = format!("--bg:{}", palette.split_once('}').unwrap().0);
        let colours: BTreeMap<&str, &str> = palette
            .split(';')
            .filter_map(|pair| pair.split_once(": "))
            .map(|(name, colour)| (name.trim(), colour.trim()))
            .collect();
        for (name, colour) in &colours {
            if matches!(*name, "--bg" | "--panel" | "--line") {
                continue;
            }
            for ground in ["--bg", "--panel"] {
                let (a, b) = (luminance(colour), luminance(colours[ground]));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(
                    contrast >= 4.5,
                    "{name} {colour} on {ground}: {contrast:.2}"
                );
            }
        }
    }
}

/// Replaces the texts of a figure.
fn with_labels(figure: &Figure, text: &str) -> Figure {
    fn replace(value: &mut serde_json::Value, is_text: bool, text: &str) {
        use serde_json::Value::{Array, Object, String};
        const TEXTS: [&str; 11] = [
            "alt", "caption", "label", "unit", "lanes", "service", "name", "columns", "rows",
            "ticks", "group",
        ];
        match value {
            Object(fields) => {
                for (key, field) in fields {
                    replace(field, TEXTS.contains(&key.as_str()), text);
                }
            }
            Array(values) => values.iter_mut().for_each(|v| replace(v, is_text, text)),
            String(words) if is_text => text.clone_into(words),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(figure).unwrap();
    replace(&mut value, false, text);
    serde_json::from_value(value).unwrap()
}

/// Returns the questions with this text in place of all texts.
fn hostile_questions(text: &str) -> Vec<Question> {
    let text: Text = text.into();
    let questions = sitting::questions().into_iter().map(|mut question| {
        question.stem = text.clone();
        question.lead_in = text.clone();
        question.explanation = text.clone();
        for reference in &mut question.references {
            reference.author = text.clone();
            reference.title = text.clone();
        }
        if let Some(code) = &mut question.code {
            code.text = text.clone();
            code.language = "log".into();
        }
        if let Interaction::Single(choices)
        | Interaction::Multiple {
            options: choices, ..
        } = &mut question.interaction
        {
            for choice in choices {
                choice.text = text.clone();
                choice.why = text.clone();
                choice.misconception = choice.misconception.as_ref().map(|_| text.clone());
            }
        }
        question
    });
    questions.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_text_becomes_markup(text in "[<>\"'&/=;{}%#a-z \u{1b}\u{202e}\\]-]{0,60}") {
        let session = answered(session_of(hostile_questions(&text), Limit::Untimed));
        let mut report = report_of(&session, &text);
        for (n, (_, source)) in EXAMPLES.iter().enumerate() {
            let place = n % report.questions.len();
            let figure = with_labels(&figure(source), &text);
            report.questions[place].presented.asked.figures.push(figure);
        }
        check(&report::html(&report, &past()));
    }
}

#[test]
fn known_attacks_stay_text() {
    for text in [
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</svg></style><style>*{display:none}</style>",
        "{{ 7*7 }}{% raw %}",
        "<!--",
        "]]>&#60;script&#62;",
    ] {
        let session = answered(session_of(hostile_questions(text), Limit::Untimed));
        let mut report = report_of(&session, text);
        for (_, source) in EXAMPLES {
            let figure = with_labels(&figure(source), text);
            report.questions[0].presented.asked.figures.push(figure);
        }
        check(&report::html(&report, &past()));
    }
}

/// Opens a file in headless Chromium; returns the messages of its console.
fn browse(page: &std::path::Path, options: &[String]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = std::process::Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .args([
            "--disable-background-networking",
            "--enable-logging=stderr",
            "--v=0",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(options)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium is installed");
    assert!(output.status.success(), "{output:?}");
    let messages = String::from_utf8_lossy(&output.stderr);
    let of_page = |line: &&str| line.contains(":CONSOLE");
    messages
        .lines()
        .filter(of_page)
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Screenshots and the print are left in the folder `AETHOS_SHOTS`, if it is set, to be looked at.
#[test]
#[ignore = "needs chromium"]
fn a_browser_draws_and_prints_it_without_a_message() {
    let kept = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("AETHOS_SHOTS").map_or(kept.path().to_owned(), Into::into);
    let page = folder.join("report.html");
    let text = report::html(&sample("Ada"), &past());
    std::fs::write(&page, text.replace("<details id=", "<details open id=")).unwrap();
    // Chromium has no narrower windows than 500 pixels, so a frame is as wide as a phone.
    let phone = folder.join("phone.html");
    let frame = "<body style='margin:0'><iframe style='border:0' width=390 height=3000 src='report.html'></iframe>";
    std::fs::write(&phone, frame).unwrap();
    for (name, page, looks) in [
        ("wide-light", &page, ""),
        ("wide-dark", &page, "--force-dark-mode"),
        ("phone-light", &phone, ""),
        ("phone-dark", &phone, "--force-dark-mode"),
    ] {
        let shot = folder.join(format!("{name}.png"));
        let width = if page == &phone { 500 } else { 1280 };
        let mut options = vec![
            format!("--screenshot={}", shot.display()),
            format!("--window-size={width},3000"),
        ];
        options.extend((!looks.is_empty()).then(|| looks.to_owned()));
        assert_eq!(browse(page, &options), "");
        assert!(
            std::fs::metadata(&shot).unwrap().len() > 20_000,
            "{name} is blank"
        );
    }
    let print = folder.join("report.pdf");
    let options = [
        format!("--print-to-pdf={}", print.display()),
        "--no-pdf-header-footer".into(),
    ];
    assert_eq!(browse(&page, &options), "");
    assert!(std::fs::metadata(&print).unwrap().len() > 20_000);
    // A message does arrive here: a script is refused, and the console says so.
    std::fs::write(&page, text.replace("<main>", "<main><script>1</script>")).unwrap();
    let shot = format!("--screenshot={}", folder.join("refused.png").display());
    assert!(browse(&page, &[shot]).contains("Content Security Policy"));
}
