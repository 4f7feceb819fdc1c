//! Drawings of figures: snapshots, properties of random figures, and the gallery for authors.

#[path = "figures/examples.rs"]
mod examples;
#[path = "figures/legible.rs"]
mod legible;
#[path = "figures/random.rs"]
mod random;

use std::fmt::Write;
use std::{env, fs};

use aethos::core::figure::{
    Charset, Drawing, Figure, Picture, Shape, VectorImage, describe, draw, draw_on_screen,
    vector_image,
};
use examples::{EXAMPLES, SOLVED, figure};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

const CHARSETS: [Charset; 2] = [Charset::Unicode, Charset::Ascii];

#[test]
fn every_example_at_three_widths() {
    for (name, source) in EXAMPLES.iter().chain(SOLVED) {
        let figure = figure(source);
        let mut shown = String::new();
        for (width, charset) in [40, 76, 120]
            .into_iter()
            .flat_map(|w| CHARSETS.map(|c| (w, c)))
        {
            let picture = draw(&figure, width, charset);
            let text = picture.text().join("\n");
            let size = format!("{} x {}", picture.width, picture.lines.len());
            writeln!(shown, "{charset:?} in {width} columns: {size}\n\n{text}\n").unwrap();
        }
        insta::assert_snapshot!(format!("figure-{name}"), shown);
    }
}

#[test]
fn every_example_fits_a_terminal_of_80_columns() {
    for (name, source) in EXAMPLES {
        let picture = draw(&figure(source), 76, Charset::Unicode);
        let (width, rows) = (picture.width, picture.lines.len());
        assert!(width <= 76, "{name} is {width} columns wide");
        assert!(rows <= 17, "{name} has {rows} rows");
    }
}

#[test]
fn an_arrow_reaches_its_box_through_the_frame_of_a_group() {
    let source = r#"
[[question.figure]]
kind = "graph"
alt = "A graph."
node = [
    { id = "r", label = "router" },
    { id = "o1", label = "orders 1", group = "cell 1" },
    { id = "l1", label = "ledger 1", group = "cell 1" },
    { id = "q1", label = "quota 1", group = "cell 1" },
    { id = "o2", label = "orders 2", group = "cell 2" },
    { id = "l2", label = "ledger 2", group = "cell 2" },
]
edge = [
    { from = "r", to = "o1" },
    { from = "r", to = "o2" },
    { from = "o1", to = "l1" },
    { from = "o1", to = "q1" },
    { from = "o2", to = "l2" },
    { from = "o2", to = "q1" },
]
"#;
    let text = draw(&figure(source), 76, Charset::Unicode)
        .text()
        .join("\n");
    let is_in_the_middle = |line: &str| {
        let sides = line
            .split_once("└──")
            .and_then(|(_, rest)| rest.split_once('▲'));
        sides.is_some_and(|(before, after)| before.contains('─') && after.starts_with("──"))
    };
    assert!(text.lines().any(is_in_the_middle), "{text}");
    assert!(!text.contains("╌▲"), "{text}");
    let frame = "╌┼╌";
    assert!(text.contains(frame), "the frame is open: {text}");
}

#[test]
fn bars_of_the_same_length_look_the_same_and_those_of_two_lanes_do_not_touch() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
unit = "min"
lanes = ["orders", "reports"]
interval = [
    { lane = "orders", from = 36, to = 42, label = "plan" },
    { lane = "orders", from = 46, to = 52, label = "apply" },
    { lane = "reports", from = 16, to = 22, label = "plan" },
    { lane = "reports", from = 40, to = 46, label = "apply" },
]
"#;
    let lines = draw(&figure(source), 76, Charset::Unicode).text();
    assert!(lines[3].is_empty(), "{lines:?}");
    let source = source.replace("from = 36", "from = 0");
    let lines = draw(&figure(&source), 76, Charset::Unicode).text();
    assert!(lines[0].starts_with("min "), "{lines:?}");
    assert!(
        !lines[4].contains(" plan ") && lines[4].contains("├apply"),
        "{lines:?}"
    );
}

#[test]
fn messages_without_room_between_their_lanes_have_rows_of_their_own() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
unit = "ms"
lanes = ["leader", "B", "C", "D"]
message = [
    { from_lane = "leader", from = 6, to_lane = "B", to = 8, label = "heartbeat 1" },
    { from_lane = "B", from = 8, to_lane = "leader", to = 16, label = "ok 1" },
    { from_lane = "leader", from = 12, to_lane = "C", to = 16, label = "heartbeat 2" },
    { from_lane = "C", from = 16, to_lane = "leader", to = 20, label = "ok 2" },
    { from_lane = "leader", from = 12, to_lane = "D", to = 20, label = "heartbeat 2" },
    { from_lane = "D", from = 20, to_lane = "leader", to = 28, label = "ok 2" },
]
event = [
    { lane = "leader", at = 10, label = "read" },
    { lane = "leader", at = 24, label = "applied 80" },
]
"#;
    let lines = draw(&figure(source), 76, Charset::Unicode).text();
    assert_eq!(lines.len(), 10, "{lines:#?}");
    assert!(lines[2].starts_with("leader → B ") && lines[2].contains('►'));
    assert!(
        lines.iter().any(|line| line.contains("applied 80  ◆")),
        "{lines:#?}"
    );
}

/// Returns the distance of the upper dot of a braille character from the top of its row, in rows.
fn upper_dot(c: char) -> Option<f64> {
    let dots = (c as u32)
        .checked_sub(0x2800)
        .filter(|dots| (1..256).contains(dots))?;
    let masks = [0x09, 0x12, 0x24, 0xc0];
    let row = masks.iter().position(|mask| dots & mask != 0)?;
    Some((row as f64 + 0.5) / 4.0)
}

#[test]
fn a_line_is_drawn_at_its_value_to_half_a_dot() {
    for value in 1..24 {
        let source = format!(
            r#"[[question.figure]]
kind = "chart"
alt = "A line chart with one level line."
x = {{ min = 0, max = 60 }}
y = {{ min = 0, max = 24 }}
series = [{{ label = "reads", points = [[0, {value}], [60, {value}]] }}]
"#
        );
        let source = format!("[question]\n{source}");
        let picture = draw(&figure(&source), 76, Charset::Unicode).text();
        let row_of = |label: &str| {
            let row = picture
                .iter()
                .position(|line| line.trim_start().starts_with(label));
            row.unwrap() as f64 + 0.5
        };
        let (top, bottom) = (row_of("20┤"), row_of("0┤"));
        let drawn = picture
            .iter()
            .enumerate()
            .find_map(|(row, line)| Some(row as f64 + line.chars().find_map(upper_dot)?))
            .unwrap();
        let read = 20.0 * (bottom - drawn) / (bottom - top);
        let half_a_dot = 20.0 / (bottom - top) / 8.0;
        assert!(
            (read - f64::from(value)).abs() <= half_a_dot + 1e-9,
            "{value} reads as {read}"
        );
    }
}

#[test]
fn a_chart_is_taller_on_a_tall_terminal() {
    for (name, source) in EXAMPLES
        .iter()
        .filter(|(name, _)| name.starts_with("chart"))
    {
        let figure = figure(source);
        let rows = |height| {
            draw_on_screen(&figure, 76, height, Charset::Unicode)
                .lines
                .len()
        };
        let usual = draw(&figure, 76, Charset::Unicode).lines.len();
        assert_eq!([rows(12), rows(24), rows(30)], [usual; 3], "{name}");
        assert!(rows(40) > usual && rows(50) >= usual + 5, "{name}");
        assert!(rows(50) <= 25 && rows(200) <= 33, "{name}");
    }
}

#[test]
fn a_small_value_has_a_bar() {
    let source = r#"
[[question.figure]]
kind = "chart"
alt = "A bar chart."
x = { label = "class" }
y = { label = "requests", min = 0, max = 500 }
series = [{ label = "requests", style = "bars", points = [[1, 480], [2, 1], [3, 0]] }]
"#;
    let lines = draw(&figure(source), 76, Charset::Unicode).text();
    assert_eq!(lines.join("").matches('▁').count(), 12, "{lines:#?}");
}

#[test]
fn the_label_of_a_marker_covers_no_other_marker() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
unit = "s"
lanes = ["row 101"]
interval = [{ lane = "row 101", from = 2, to = 8 }]
marker = [
    { at = 20, label = "poll 1" },
    { at = 40, label = "poll 2" },
    { at = 56, label = "poll 3" },
]
"#;
    let lines = draw(&figure(source), 39, Charset::Unicode).text();
    assert!(
        lines[2].ends_with(" poll 1 ┊         poll 3 ┊"),
        "{lines:#?}"
    );
    assert!(lines[3].ends_with(" ┊  poll 2 ┊      ┊"), "{lines:#?}");
}

#[test]
fn a_tangled_timeline_on_a_narrow_screen_lists_its_parts_below_their_names() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
unit = "ms"
lanes = ["leader", "B", "C", "D"]
message = [
    { from_lane = "leader", from = 12, to_lane = "C", to = 14, label = "heartbeat 2" },
    { from_lane = "leader", from = 12, to_lane = "B", to = 16, label = "heartbeat 2" },
    { from_lane = "leader", from = 12, to_lane = "D", to = 20, label = "heartbeat 2" },
    { from_lane = "C", from = 14, to_lane = "leader", to = 16, label = "ok 2" },
    { from_lane = "B", from = 16, to_lane = "leader", to = 20, label = "ok 2" },
    { from_lane = "D", from = 20, to_lane = "leader", to = 28, label = "ok 2" },
]
event = [
    { lane = "leader", at = 10, label = "read" },
    { lane = "leader", at = 24, label = "applied 80" },
]
"#;
    for charset in CHARSETS {
        let picture = draw(&figure(source), 39, charset);
        assert!(picture.width <= 39, "{picture:#?}");
        let lines = picture.text();
        let at = lines.iter().position(|line| line == "leader: applied 80");
        assert!(at.is_some(), "{lines:#?}");
        assert_eq!(lines.len(), 2 + 2 * 8);
    }
}

#[test]
fn the_axis_of_a_trace_fits_the_screen_and_names_its_unit() {
    let source = r#"
[[question.figure]]
kind = "trace"
alt = "A trace."
unit = "ms"
span = [
    { id = "a", service = "offer", name = "GET /offer", start = 0, end = 200 },
    { id = "b", parent = "a", service = "bank", name = "rates", start = 15, end = 70 },
]
"#;
    for width in 30..100 {
        let picture = draw(&figure(source), width, Charset::Unicode);
        assert!(picture.width <= width, "{picture:#?}");
        assert!(picture.text()[0].contains(" ms"), "{picture:#?}");
    }
}

#[test]
fn a_table_has_narrower_rules_before_it_is_too_wide() {
    let source = r#"
[[question.figure]]
kind = "table"
alt = "A table."
columns = ["process", "delay each way", "vote if asked", "crashed"]
align = ["left", "right", "left", "left"]
rows = [["coordinator", "", "", "629-646"], ["P1", "13", "yes", ""]]
"#;
    let figure = figure(source);
    let picture = draw(&figure, 39, Charset::Unicode);
    assert!(picture.width <= 39, "{picture:#?}");
    let lines = picture.text();
    let is_whole = |line: &String| line.starts_with("coordinator│") && line.ends_with("│629-646");
    assert!(lines.iter().any(is_whole), "{lines:#?}");
    assert_eq!(
        describe(&figure)[1],
        "process: coordinator; crashed: 629-646"
    );
}

#[test]
fn edges_from_one_box_part_at_one_place() {
    let source = r#"
[[question.figure]]
kind = "graph"
alt = "A graph."
node = [
    { id = "a", label = "orders" },
    { id = "b", label = "ledger" },
    { id = "c", label = "quota" },
]
edge = [{ from = "a", to = "b" }, { from = "a", to = "c" }]
"#;
    let text = draw(&figure(source), 76, Charset::Unicode)
        .text()
        .join("\n");
    assert!(
        text.contains("│ orders ├─") && text.contains("─┤"),
        "{text}"
    );
    assert!(!text.contains('┬') && !text.contains('┴'), "{text}");
}

/// Returns the labels that a picture must contain.
fn labels(figure: &Figure) -> Vec<String> {
    let texts = match &figure.drawing {
        Drawing::Timeline(timeline) => {
            let labels = timeline.intervals.iter().filter_map(|i| i.label.as_ref());
            let labels = labels.chain(timeline.events.iter().filter_map(|e| e.label.as_ref()));
            let labels = labels.chain(timeline.messages.iter().filter_map(|m| m.label.as_ref()));
            let labels = labels.chain(timeline.markers.iter().map(|marker| &marker.label));
            timeline.lanes.iter().chain(labels).collect::<Vec<_>>()
        }
        Drawing::Trace(trace) => trace
            .spans
            .iter()
            .flat_map(|s| [&s.service, &s.name])
            .collect(),
        Drawing::Chart(chart) => {
            let labels = chart.series.iter().map(|series| &series.label);
            let labels = labels.chain(chart.thresholds.iter().map(|threshold| &threshold.label));
            labels
                .chain(chart.shaded.iter().map(|shaded| &shaded.label))
                .collect()
        }
        Drawing::Table(table) => table
            .columns
            .iter()
            .chain(table.rows.iter().flatten())
            .collect(),
        Drawing::Graph(graph) => {
            let labels = graph.edges.iter().filter_map(|edge| edge.label.as_ref());
            graph
                .nodes
                .iter()
                .map(|node| &node.label)
                .chain(labels)
                .collect()
        }
        Drawing::Ring(ring) => {
            let labels = ring
                .points
                .iter()
                .flat_map(|point| [&point.label, &point.kind]);
            labels
                .chain(ring.arcs.iter().map(|arc| &arc.label))
                .collect()
        }
    };
    texts.into_iter().map(|text| text.line()).collect()
}

/// Fails if a picture has control characters, trailing spaces or another width than it says.
fn check(picture: &Picture) -> Result<(), TestCaseError> {
    let mut widest = 0;
    for line in picture.text() {
        prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        prop_assert_eq!(line.trim_end(), line.as_str());
        widest = widest.max(line.width());
    }
    prop_assert_eq!(widest, picture.width);
    Ok(())
}

/// Returns the texts of an image. Fails if a number is not finite, or a text is not inside.
fn texts(image: &VectorImage) -> Result<String, TestCaseError> {
    let mut texts = Vec::new();
    for shape in &image.shapes {
        let numbers: Vec<f64> = match shape {
            Shape::Line { points, .. } | Shape::Polygon { points, .. } => {
                points.iter().flat_map(|(x, y)| [*x, *y]).collect()
            }
            Shape::Area { rect, corner, .. } => {
                prop_assert!(rect.width >= 0.0 && rect.height >= 0.0, "{rect:?}");
                vec![rect.x, rect.y, *corner]
            }
            Shape::Label { at, text, .. } => {
                let is_inside = (0.0..=image.height).contains(&at.1) && at.0 <= image.width;
                prop_assert!(is_inside, "{text} at {at:?}");
                texts.push(text.as_str());
                vec![at.0, at.1]
            }
        };
        prop_assert!(numbers.iter().all(|n| n.is_finite()), "{shape:?}");
    }
    Ok(texts.join(" "))
}

#[test]
fn a_table_without_rows_has_a_line_under_its_only_letter() {
    let table = aethos::core::figure::Table {
        columns: vec![aethos::core::text::Text::new("a")],
        ..Default::default()
    };
    let figure = Figure {
        alt: Default::default(),
        caption: None,
        drawing: Drawing::Table(table),
    };
    let picture = draw(&figure, 40, Charset::Unicode);
    check(&picture).unwrap();
    assert!(picture.text()[1].contains("──"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn random_figures_are_drawn_at_every_size(
        figure in random::figure(),
        width in 0usize..200,
        height in 0usize..60,
    ) {
        for charset in CHARSETS {
            check(&draw_on_screen(&figure, width, height, charset))?;
        }
        prop_assert!(describe(&figure).iter().all(|line| !line.contains('\n')));
    }

    #[test]
    fn all_labels_within_the_limits_are_complete(
        figure in random::usual(),
        width in 76usize..200,
        height in 0usize..60,
    ) {
        for charset in CHARSETS {
            let picture = draw_on_screen(&figure, width, height, charset);
            check(&picture)?;
            let text = picture.text().join("\n");
            for label in labels(&figure) {
                prop_assert!(text.contains(&label), "{label} is missing:\n{text}");
            }
        }
    }

    #[test]
    fn random_figures_are_drawn_in_pixels(figure in random::figure()) {
        if let Some(image) = vector_image(&figure) {
            prop_assert!(image.width.is_finite() && image.height.is_finite());
            texts(&image)?;
        }
    }

    #[test]
    fn drawings_in_pixels_have_all_labels(figure in random::usual()) {
        if let Some(image) = vector_image(&figure) {
            let texts = texts(&image)?;
            for label in labels(&figure) {
                prop_assert!(texts.contains(&label), "{label} is missing in {texts}");
            }
        }
    }

    #[test]
    fn ascii_drawings_of_ascii_labels_are_ascii(figure in random::usual(), width in 0usize..200) {
        let text = draw(&figure, width, Charset::Ascii).text().join("\n");
        prop_assert!(text.is_ascii(), "{text}");
    }
}

/// The gallery for authors. `GALLERY=write cargo test --test figures gallery` writes it.
#[test]
fn the_gallery_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
    let mut page = include_str!("figures/gallery.md").to_owned();
    for (name, source) in EXAMPLES {
        let (kind, what) = name.split_once('-').unwrap();
        let picture = draw(&figure(source), 76, Charset::Unicode)
            .text()
            .join("\n");
        let ascii = draw(&figure(source), 76, Charset::Ascii).text().join("\n");
        write!(
            page,
            "\n## {kind}: {what}\n\n```text\n{picture}\n```\n\nIn ASCII:\n\n```text\n{ascii}\n```\n"
        )
        .unwrap();
        page += "\nPlain mode reads:\n\n";
        for line in describe(&figure(source)) {
            writeln!(page, "> {line}  ").unwrap();
        }
        write!(page, "\n```toml\n{source}```\n").unwrap();
    }
    if env::var("GALLERY").is_ok() {
        fs::write(path, page).unwrap();
    } else {
        let written = fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == page,
            "docs/figures.md is out of date: GALLERY=write cargo test --test figures gallery"
        );
    }
}
