//! Figures in decks: reading each kind, every mistake in them, and parameters in every output.

#[path = "figures/examples.rs"]
#[allow(dead_code, reason = "shared with the tests of drawings")]
mod examples;
#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use std::fs;

use aethos::cli;
use aethos::core::figure::{Drawing, Figure};
use aethos::core::form::Item;
use aethos::core::id::{CompetencyId, DeckId};
use aethos::core::question::{Question, Row};
use aethos::core::text::Text;
use aethos::core::time::Day;
use aethos::deck::load::{Library, question_from};
use aethos::report::{Handout, handout};
use aethos::session::present::Asked;
use home::{Home, head, single};
use proptest::prelude::*;
use serde_json::{Value, json};

const TIMELINE: &str = r#"
  [[question.figure]]
  kind = "timeline"
  alt = "A timeline of two lanes, with one bar, one instant and two messages between them."
  unit = "ms"
  lanes = ["A", "B"]
    [[question.figure.interval]]
    lane = "A"
    from = 0
    to = 10
    label = "write"
    [[question.figure.event]]
    lane = "B"
    at = 12.5
    label = "read"
    [[question.figure.message]]
    from_lane = "A"
    from = 1
    to_lane = "B"
    to = 4
    label = "copy"
    [[question.figure.message]]
    from_lane = "A"
    from = 2
    to_lane = "B"
    to = 5
    label = "again"
    lost = true
    [[question.figure.marker]]
    at = 20
    label = "timeout"
"#;

const TRACE: &str = r#"
  [[question.figure]]
  kind = "trace"
  alt = "A trace of one request with a root span and one call to another service."
  caption = "All times in ms"
  unit = "ms"
    [[question.figure.span]]
    id = "root"
    service = "gateway"
    name = "GET"
    start = 0
    end = 100
    [[question.figure.span]]
    id = "call"
    parent = "root"
    service = "stock"
    name = "reserve"
    start = 10
    end = 90
    error = true
"#;

const CHART: &str = r#"
  [[question.figure]]
  kind = "chart"
  alt = "A chart of one hour with two lines, a limit and a release in thousands per second."
  x = { label = "time", min = 0, max = 60, ticks = ["10:00", "10:30", "11:00"] }
  y = { label = "rate", unit = "k/s", log = true }
    [[question.figure.series]]
    label = "requests"
    points = [[0, 10], [30, 20], [30, 40.5]]
    [[question.figure.series]]
    label = "errors"
    style = "step"
    values = [1, 2, 3]
    [[question.figure.threshold]]
    at = 30
    label = "limit"
    [[question.figure.shaded]]
    from = 10
    to = 20
    label = "release"
"#;

const TABLE: &str = r#"
  [[question.figure]]
  kind = "table"
  alt = "A table of the number of instances in each of the two zones."
  columns = ["zone", "instances"]
  align = ["left", "right"]
  rows = [["zone 1", "24"], ["zone 2", "18"]]
  highlighted = [[2, 2]]
"#;

const GRAPH: &str = r#"
  [[question.figure]]
  kind = "graph"
  alt = "A graph of three nodes and the calls between them, in one group."
    [[question.figure.node]]
    id = "web"
    kind = "client"
    rank = 0
    [[question.figure.node]]
    id = "api"
    label = "the API"
    group = "cell"
    [[question.figure.node]]
    id = "db"
    kind = "store"
    group = "cell"
    [[question.figure.edge]]
    from = "web"
    to = "api"
    label = "HTTP"
    [[question.figure.edge]]
    from = "api"
    to = "db"
"#;

const RING: &str = r#"
  [[question.figure]]
  kind = "ring"
  alt = "A hash ring with one node and one key, at their positions."
  size = 100
    [[question.figure.point]]
    at = 20
    label = "N1"
    kind = "node"
    [[question.figure.point]]
    at = 70
    label = "K1"
    kind = "key"
"#;

const KINDS: [&str; 6] = [TIMELINE, TRACE, CHART, TABLE, GRAPH, RING];

/// Returns a question with these tables before its first option.
fn with(figures: &str) -> String {
    let question = single(1);
    let at = question.find("  [[question.option]]").unwrap();
    format!("{}{figures}{}", &question[..at], &question[at..])
}

/// Returns the diagnostics of `aethos check` for a deck of these questions.
fn check(questions: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, format!("{}{questions}", head("mine"))).unwrap();
    let args = cli::check::Args {
        paths: vec![path],
        format: cli::check::Format::Json,
        deny: None,
        explain: None,
        ..cli::check::Args::default()
    };
    let mut out = Vec::new();
    cli::check::run(&args, None, false, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn codes(questions: &str) -> Vec<String> {
    let found = check(questions);
    let codes = found.iter().map(|found| found["code"].as_str().unwrap());
    // The expected time of the question does not fit every figure.
    codes
        .filter(|code| *code != "L17")
        .map(str::to_owned)
        .collect()
}

fn read(text: &str) -> Question {
    question_from(text, &Text::new("test")).unwrap()
}

fn figures(text: &str, row: u32) -> Vec<Figure> {
    read(text).figures(Row(row))
}

#[test]
fn every_kind_is_read_in_the_order_written() {
    let text = with(&KINDS.concat());
    // Of the six figures four are allowed.
    assert_eq!(codes(&text), ["D13"]);
    let json = |figure: &str| {
        let found = figures(&with(figure), 0);
        assert_eq!(codes(&with(figure)), Vec::<String>::new(), "{figure}");
        assert_eq!(found.len(), 1);
        serde_json::to_value(&found[0]).unwrap()
    };
    let timeline = json(TIMELINE);
    assert_eq!(timeline["lanes"], json!(["A", "B"]));
    assert_eq!(timeline["intervals"][0]["to"], json!(10.0));
    assert_eq!(timeline["events"][0]["lane"], json!(1));
    assert_eq!(timeline["messages"][1]["lost"], json!(true));
    assert_eq!(
        timeline["markers"][0],
        json!({"at": 20.0, "label": "timeout"})
    );
    let trace = json(TRACE);
    assert_eq!(trace["caption"], "All times in ms");
    assert_eq!(trace["spans"][1]["parent"], "root");
    assert_eq!(trace["spans"][1]["error"], json!(true));
    let chart = json(CHART);
    assert_eq!(chart["x"]["ticks"][2], "11:00");
    assert_eq!(chart["y"]["log"], json!(true));
    assert_eq!(chart["series"][0]["points"][2], json!([30.0, 40.5]));
    assert_eq!(chart["series"][1]["style"], "step");
    // Values are spread evenly over the axis.
    assert_eq!(
        chart["series"][1]["points"],
        json!([[0.0, 1.0], [30.0, 2.0], [60.0, 3.0]])
    );
    assert_eq!(chart["thresholds"][0]["at"], json!(30.0));
    assert_eq!(chart["shaded"][0]["to"], json!(20.0));
    let table = json(TABLE);
    assert_eq!(table["rows"][1], json!(["zone 2", "18"]));
    assert_eq!(table["align"], json!(["left", "right"]));
    assert_eq!(table["highlighted"], json!([[1, 1]]));
    let graph = json(GRAPH);
    assert_eq!(graph["nodes"][0]["kind"], "client");
    assert_eq!(graph["nodes"][1]["group"], "cell");
    assert_eq!(graph["edges"][0]["label"], "HTTP");
    let ring = json(RING);
    assert_eq!(ring["points"][1]["at"], json!(70.0));
    let two = figures(&with(&format!("{RING}{TABLE}")), 0);
    assert!(matches!(two[0].drawing, Drawing::Ring(_)));
    assert!(matches!(two[1].drawing, Drawing::Table(_)));
}

fn changed(figure: &str, from: &str, to: &str) -> String {
    assert!(figure.contains(from), "{from:?} is not in {figure}");
    with(&figure.replacen(from, to, 1))
}

/// Each mistake, with the only code that is reported for it.
#[test]
fn one_cause_in_a_figure_is_one_error() {
    let lanes: String = (0..9).map(|n| format!("\"L{n}\", ")).collect();
    let spans: String = (0..14)
        .map(|n| format!("    [[question.figure.span]]\n    id = \"s{n}\"\n    service = \"s\"\n    name = \"n\"\n    start = 1\n    end = 2\n"))
        .collect();
    let nodes: String = (0..12)
        .map(|n| format!("    [[question.figure.node]]\n    id = \"n{n}\"\n"))
        .collect();
    for (figure, from, to, expected) in [
        (TIMELINE, "kind = \"timeline\"\n", "", "D06"),
        (
            TIMELINE,
            "kind = \"timeline\"",
            "kind = \"timelines\"",
            "D08",
        ),
        (TIMELINE, "kind = \"timeline\"", "kind = 1", "D07"),
        (TIMELINE, "alt = ", "caption = ", "D06"),
        (
            TIMELINE,
            "alt = \"A timeline of two lanes, with one bar, one instant and two messages between them.\"",
            "alt = \" \"",
            "D09",
        ),
        (TIMELINE, "lanes = [\"A\", \"B\"]\n", "", "D06"),
        (TIMELINE, "lane = \"B\"", "lane = \"C\"", "D11"),
        (TIMELINE, "to_lane = \"B\"", "to_lane = \"b\"", "D11"),
        (
            TIMELINE,
            "lanes = [\"A\", \"B\"]",
            "lanes = [\"A\", \"B\", \"A\"]",
            "D10",
        ),
        (TIMELINE, "lanes = [", &format!("lanes = [{lanes}"), "D13"),
        (TIMELINE, "to = 10", "to = 0", "D30"),
        (TIMELINE, "to = 4", "to = 0.5", "D30"),
        (TIMELINE, "at = 12.5", "at = \"12.5\"", "D07"),
        (TIMELINE, "at = 12.5", "at = nan", "D07"),
        (TIMELINE, "at = 12.5\n", "", "D06"),
        (TIMELINE, "at = 12.5", "when = 12.5", "D05"),
        (
            TIMELINE,
            "[[question.figure.event]]",
            "[question.figure.event]",
            "D05",
        ),
        (TRACE, "parent = \"root\"", "parent = \"rot\"", "D11"),
        (TRACE, "parent = \"root\"", "parent = \"call\"", "D08"),
        (TRACE, "id = \"call\"", "id = \"root\"", "D10"),
        (TRACE, "end = 90", "end = 10", "D30"),
        (
            TRACE,
            "    [[question.figure.span]]\n    id = \"root\"",
            &format!("{spans}    [[question.figure.span]]\n    id = \"root\""),
            "D13",
        ),
        (CHART, "values = [1, 2, 3]\n", "", "D06"),
        (
            CHART,
            "values = [1, 2, 3]",
            "values = [1, 2, 3]\n    points = [[0, 1]]",
            "D08",
        ),
        (CHART, "values = [1, 2, 3]", "values = [1, 2, -3]", "D30"),
        (CHART, "values = [1, 2, 3]", "values = []", "D30"),
        (CHART, "values = [1, 2, 3]", "values = 3", "D07"),
        (CHART, "[30, 40.5]", "[20, 40.5]", "D30"),
        (CHART, "[30, 40.5]", "[30]", "D07"),
        (CHART, "max = 60", "max = 0", "D30"),
        (
            CHART,
            "ticks = [\"10:00\", \"10:30\", \"11:00\"]",
            "ticks = [\"10:00\"]",
            "D30",
        ),
        (CHART, "style = \"step\"", "style = \"steps\"", "D08"),
        (CHART, "label = \"errors\"", "label = \"Requests\"", "L51"),
        (CHART, "[30, 20]", "[70, 20]", "D30"),
        (CHART, "to = 20", "to = 90", "L49"),
        (TABLE, "[\"zone 2\", \"18\"]", "[\"zone 2\"]", "D13"),
        (TABLE, "[\"zone 2\", \"18\"]", "[\"zone 2\", 18]", "D07"),
        (TABLE, "[[2, 2]]", "[[3, 2]]", "D08"),
        (
            TABLE,
            "[\"left\", \"right\"]",
            "[\"left\", \"rigth\"]",
            "D08",
        ),
        (GRAPH, "to = \"db\"", "to = \"dbb\"", "D11"),
        (GRAPH, "id = \"db\"", "id = \"api\"", "D10"),
        (GRAPH, "id = \"db\"", "id = \"D B\"", "D08"),
        (GRAPH, "rank = 0", "rank = 99", "D08"),
        (
            GRAPH,
            "    [[question.figure.edge]]\n    from = \"api\"\n    to = \"db\"\n",
            "",
            "L50",
        ),
        (RING, "at = 70", "at = 100", "D30"),
        (RING, "size = 100", "size = 0", "D30"),
        (
            RING,
            "alt = \"A hash ring with one node and one key, at their positions.\"",
            "alt = \"A hash ring.\"",
            "L46",
        ),
        (
            RING,
            "at their positions.",
            "at their positions. Where is it?",
            "L47",
        ),
        (
            RING,
            "at their positions.",
            "after a round of heartbeats.",
            "L47",
        ),
    ] {
        let mut found = codes(&changed(figure, from, to));
        found.dedup();
        if expected == "D10" {
            // The edges of the lost node are unknown, too.
            found.truncate(1);
        }
        assert_eq!(found, [expected], "{from:?} to {to:?}");
    }
    let crowded = with(&GRAPH.replace(
        "    [[question.figure.edge]]\n    from = \"web\"",
        &format!("{nodes}    [[question.figure.edge]]\n    from = \"web\""),
    ));
    assert_eq!(codes(&crowded), ["D13"]);
}

#[test]
fn mistakes_in_figures_are_reported_at_their_lines() {
    let args = cli::check::Args {
        paths: vec!["tests/fixtures/decks/figures.toml".into()],
        format: cli::check::Format::Text,
        deny: None,
        explain: None,
        ..cli::check::Args::default()
    };
    let mut out = Vec::new();
    cli::check::run(&args, None, false, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let found: Vec<&str> = out
        .split("\n\n")
        .filter(|found| !found.contains("[L17]"))
        .collect();
    insta::assert_snapshot!(found.join("\n\n"));
}

/// Authors copy the examples of the gallery.
#[test]
fn the_examples_of_the_gallery_have_no_mistakes() {
    for (name, source) in examples::EXAMPLES {
        let found = codes(&with(source));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn a_long_label_is_found() {
    let long = "a label of many words ".repeat(8);
    let table = TABLE.replace("\"zone 1\"", &format!("\"{long}\""));
    let wide = table.replace("\"zone 2\"", &format!("\"{}\"", "w".repeat(90)));
    assert!(codes(&with(&wide)).contains(&"L48".to_owned()));
}

#[test]
fn a_diff_without_signs_is_found() {
    let diff = |line: &str| {
        let code = format!(
            "code_lang = \"diff\"\ncode_numbers = true\ncode = '''\n kept\n{line}\n'''\nlead_in = "
        );
        single(1).replacen("lead_in = ", &code, 1)
    };
    assert!(!codes(&diff("+added")).contains(&"L52".to_owned()));
    assert!(codes(&diff("added")).contains(&"L52".to_owned()));
    let code = read(&diff("-removed")).code.unwrap();
    assert_eq!(code.lines(), ["1   kept", "2  -removed"]);
}

#[test]
fn twins_with_different_figures_are_no_duplicates() {
    let twin = |figure: &str, number: usize| {
        let text = with(figure).replace("raft.001", &format!("raft.{number:03}"));
        text.replacen("seconds = ", "family = \"twins\"\nseconds = ", 1)
    };
    let moved = TIMELINE.replace("at = 12.5", "at = 13.5");
    let pair = |other: &str| format!("{}{}", twin(TIMELINE, 1), twin(other, 2));
    assert!(!codes(&pair(&moved)).contains(&"B7".to_owned()));
    assert!(codes(&pair(TIMELINE)).contains(&"B7".to_owned()));
    let strangers = pair(&moved).replace("family = \"twins\"\n", "");
    assert!(codes(&strangers).contains(&"B7".to_owned()));
}

const NUMERIC: &str = r#"[[question]]
id = "consensus-paxos-raft.003"
facet = "consensus-paxos-raft"
points = ["consensus-paxos-raft/kp1"]
level = "mid"
demand = "apply"
type = "numeric"
seconds = 110
stem = "A service runs in the zones of the table, and a standby pool is as large as both zones together."
lead_in = "How many instances run in all?"
explanation = "The two zones have a and b instances, and the standby pool has their sum. All in all this is twice the sum of the zones. A common mistake counts the pool once for each zone, which gives three times the sum. Another one forgets the pool. The pool takes over when a zone is lost, and then nothing has to be started, which is what makes it expensive: it costs as much as both."
  [question.params]
  a = { values = [1701, 1807] }
  b = { values = [2203, 2411, 2617] }
  [question.answer]
  formula = "2*(a + b)"
  unit = "instances"
  tolerance_abs = 0.1
  [[question.answer.wrong]]
  formula = "a + b"
  why = "Forgets the pool that stands by."
  [[question.answer.wrong]]
  formula = "3*(a + b)"
  why = "Counts the pool once for each zone."
  [[question.figure]]
  kind = "table"
  alt = "A table of the number of instances in each of the two zones."
  columns = ["zone", "instances"]
  rows = [["zone 1", "{a}"], ["zone 2", "{b}"], ["pool", "{=a+b}"]]
  [[question.figure]]
  kind = "chart"
  alt = "A bar chart of the number of instances in each of the two zones."
  x = { label = "zone" }
  y = { label = "instances", min = 0, max = "{=2*b}" }
    [[question.figure.series]]
    label = "{a} and {b}"
    style = "bars"
    values = ["{a}", "{=b/10}"]
  [[question.reference]]
  author = "Weiss, Furr"
  title = "Static Stability Using Availability Zones"
  where = "AWS Builders' Library"
  year = 2019
"#;

#[test]
fn parameters_are_filled_into_numbers_and_texts() {
    assert_eq!(codes(NUMERIC), Vec::<String>::new());
    let question = read(NUMERIC);
    for row in 0..6 {
        let a = [1701.0, 1807.0][row / 3];
        let b = [2203.0, 2411.0, 2617.0][row % 3];
        let figures = question.figures(Row(row as u32));
        let (Drawing::Table(table), Drawing::Chart(chart)) =
            (&figures[0].drawing, &figures[1].drawing)
        else {
            panic!("{figures:?}");
        };
        let show = aethos::core::number::show;
        assert_eq!(table.rows[0][1].as_str(), show(a));
        assert_eq!(table.rows[1][1].as_str(), show(b));
        assert_eq!(chart.series[0].points, [(0.0, a), (1.0, b / 10.0)]);
        assert_eq!(chart.y.max, Some(2.0 * b));
        assert_eq!(
            chart.series[0].label.as_str(),
            format!("{} and {}", show(a), show(b))
        );
    }
}

#[test]
fn mistakes_with_parameters_in_figures_are_found() {
    for (from, to, expected) in [
        ("values = [\"{a}\"", "values = [\"{c}\"", "D17"),
        ("values = [\"{a}\"", "values = [\"a\"", "D07"),
        ("values = [\"{a}\"", "values = [\"{a} {b}\"", "D07"),
        ("values = [\"{a}\"", "values = [\"{=1/(a-1701)}\"", "D18"),
        ("max = \"{=2*b}\"", "max = \"{=a-1701}\"", "D30"),
        ("[\"pool\", \"{=a+b}\"]", "[\"pool\", \"{c}\"]", "L41"),
        ("[\"pool\", \"{=a+b}\"]", "[\"pool\", \"{value}\"]", "L43"),
        ("[\"zone 1\", \"{a}\"]", "[\"zone 1\", \"{ a }\"]", "L41"),
    ] {
        assert!(NUMERIC.contains(from), "{from}");
        let mut found = codes(&NUMERIC.replacen(from, to, 1));
        found.dedup();
        assert_eq!(found, [expected], "{to}");
    }
    // A parameter that only a figure shows is not hidden.
    let figure = NUMERIC.find("  [[question.figure]]").unwrap();
    let reference = NUMERIC.find("  [[question.reference]]").unwrap();
    let bare = format!("{}{}", &NUMERIC[..figure], &NUMERIC[reference..]);
    assert!(codes(&bare).contains(&"L42".to_owned()));
    // A question without parameters has only plain numbers.
    assert_eq!(codes(&changed(RING, "at = 70", "at = \"{a}\"")), ["D07"]);
}

/// The same numbers are on the question screen's data, in plain mode, reports, handouts and on the stage.
#[test]
fn a_number_from_the_parameters_is_shown_in_every_output() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", format!("{}{NUMERIC}", head("mine")));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "1"];
    let played = home.run_with(&args, "5\nfinish\ny\n");
    let plain = String::from_utf8(played.stdout).unwrap();
    let report = home.json(&["report", "--format", "json"]);
    let figures = &report["questions"][0]["figures"];
    let rows = figures[0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert!(plain.contains("Figure: A table of the number"), "{plain}");
    for format in ["text", "markdown"] {
        let written = home.output(&["report", "--format", format]);
        for row in rows {
            let cell = row[1].as_str().unwrap();
            assert!(cell.len() > 3 && plain.contains(cell), "{cell}: {plain}");
            assert!(written.contains(cell), "{cell}: {written}");
        }
    }
    let question = read(NUMERIC);
    let item = Item {
        deck: DeckId::new("mine"),
        question: question.id.clone(),
        fingerprint: question.fingerprint,
        competency: CompetencyId::new("data-consistency"),
        facet: question.facet.clone(),
        level: question.level,
        kind: question.kind(),
        seconds: question.seconds,
        row: Row(4),
        order: Vec::new(),
        fresh: true,
        why: None,
        instance: None,
        variant: false,
    };
    // The stage of a mentor session is sent to other windows as JSON.
    let asked = Asked::of(&question, &item);
    let sent = serde_json::to_string(&asked).unwrap();
    assert_eq!(serde_json::from_str::<Asked>(&sent).unwrap(), asked);
    assert!(sent.contains("4218"), "{sent}");
    let page = handout(&Handout {
        people: vec![Text::new("Ada")],
        day: Day(0),
        blueprint: &Library::only(&[]).outline.blueprint,
        questions: &[(item, question)],
        answers: false,
    });
    assert!(page.contains("4218") && page.contains("2411"), "{page}");
}

#[test]
fn questions_stored_before_figures_are_read() {
    let question = read(&single(1));
    assert!(question.figures(Row(0)).is_empty() && question.retired.is_none());
    let stage = json!({
        "stem": "Old", "code": { "language": "sh", "text": "ls" }, "lead_in": "What?", "rule": "Choose 1.",
        "body": { "options": { "select": 1, "options": ["a", "b"] } }
    });
    let asked: Asked = serde_json::from_value(stage).unwrap();
    assert!(asked.figures.is_empty() && !asked.code.unwrap().numbers);
}

#[test]
fn the_schema_describes_figures() {
    let schema = cli::schema::schema();
    let question = &schema["properties"]["question"]["items"];
    let kinds = question["properties"]["figure"]["items"]["oneOf"]
        .as_array()
        .unwrap();
    let names: Vec<&str> = kinds
        .iter()
        .map(|kind| kind["properties"]["kind"]["const"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["timeline", "trace", "chart", "table", "graph", "ring"]
    );
    for kind in kinds {
        assert!(kind["required"].as_array().unwrap().contains(&json!("alt")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn figures_that_are_cut_and_spliced_never_panic(
        first in 0..6usize, second in 0..6usize, cut in 0..1500usize, from in 0..1500usize,
        odd in prop::sample::select(vec!["", "1e308", "-1", "nan", "\"{=1/0}\"", "[]", "\"\"", "9223372036854775807"]),
    ) {
        let (first, second) = (KINDS[first], KINDS[second]);
        let spliced = format!("{}{odd}{}", &first[..cut.min(first.len())], &second[from.min(second.len())..]);
        check(&with(&spliced));
        check(&NUMERIC.replacen("  [[question.figure]]", &format!("{spliced}\n  [[question.figure]]"), 1));
    }
}
