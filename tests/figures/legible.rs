//! What a reader can tell from a drawing: which label belongs to what, and where a line leads.

use std::fmt::Write;

use aethos::core::figure::{Charset, Ink, Run, describe, draw};

use super::CHARSETS;
use super::examples::figure;

/// Returns a graph in which every node after the first depends on an earlier one, as `edges` says.
fn graph(nodes: &[&str], edges: &[(usize, usize)]) -> String {
    let mut source = "[[question.figure]]\nkind = \"graph\"\nalt = \"A graph.\"\n".to_owned();
    let node = |node: &&str| format!("{{ id = \"n{node}\", label = \"{node}\" }}");
    let edge = |(from, to): &(usize, usize)| {
        format!(
            "{{ from = \"n{}\", to = \"n{}\" }}",
            nodes[*from], nodes[*to]
        )
    };
    let list = |items: Vec<String>| items.join(", ");
    let nodes_of = list(nodes.iter().map(node).collect());
    let edges_of = list(edges.iter().map(edge).collect());
    writeln!(source, "node = [{nodes_of}]\nedge = [{edges_of}]").unwrap();
    source
}

#[test]
fn the_edges_of_a_source_part_from_one_trunk() {
    let nodes = ["checkout", "basket", "payment", "orders"];
    let source = graph(&nodes, &[(0, 1), (0, 2), (0, 3)]);
    let text = draw(&figure(&source), 76, Charset::Unicode).text();
    assert!(text.iter().any(|line| line.contains("├──")), "{text:#?}");
    let columns: Vec<usize> = text
        .iter()
        .filter(|line| line.contains('►'))
        .filter_map(|line| line.chars().position(|c| c == '►'))
        .collect();
    assert_eq!(columns.len(), 3, "{text:#?}");
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]));
    let forks = text.iter().filter(|line| line.contains('┼')).count();
    assert_eq!(forks, 1, "{text:#?}");
}

#[test]
fn graphs_with_many_layers_or_many_nodes_in_a_layer_stay_flat() {
    let chain = [
        "gateway",
        "secrets",
        "db",
        "registry",
        "directory",
        "scheduler",
    ];
    let links: Vec<(usize, usize)> = (1..chain.len()).map(|n| (n - 1, n)).collect();
    let fan = ["exchange", "one", "two", "three", "four", "five"];
    let arrows: Vec<(usize, usize)> = (1..fan.len()).map(|n| (0, n)).collect();
    for (source, rows) in [(graph(&chain, &links), 3), (graph(&fan, &arrows), 15)] {
        let picture = draw(&figure(&source), 76, Charset::Unicode);
        assert!(picture.width <= 76);
        assert_eq!(picture.lines.len(), rows, "{:#?}", picture.text());
    }
    // Where only a layout that runs down fits, an arrow without a label takes one row.
    let picture = draw(
        &figure(&graph(&chain[..3], &links[..2])),
        24,
        Charset::Unicode,
    );
    assert_eq!(picture.lines.len(), 11, "{:#?}", picture.text());
}

#[test]
fn no_drawing_calls_a_plain_box_a_service() {
    let source = r#"
[[question.figure]]
kind = "graph"
alt = "A graph."
node = [
    { id = "e", label = "exchange", kind = "service" },
    { id = "q", label = "mail", kind = "queue" },
]
edge = [{ from = "e", to = "q" }]
"#;
    let figure = figure(source);
    let text = draw(&figure, 76, Charset::Unicode).text().join("\n");
    assert!(
        text.contains("╓─╖ queue") && !text.contains("service"),
        "{text}"
    );
    let said = describe(&figure).join("\n");
    assert!(
        said.contains("mail (queue)") && !said.contains("service"),
        "{said}"
    );
}

#[test]
fn labels_of_events_are_right_of_their_signs_in_the_lane() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
lanes = ["a", "b", "c"]
event = [
    { lane = "a", at = 1, label = "a1" },
    { lane = "a", at = 2, label = "a2" },
    { lane = "a", at = 8, label = "a3" },
    { lane = "b", at = 2, label = "b1" },
    { lane = "b", at = 5, label = "b2" },
    { lane = "b", at = 15, label = "b3" },
    { lane = "c", at = 9, label = "c1" },
    { lane = "c", at = 10, label = "c2" },
]
message = [
    { from_lane = "a", from = 1, to_lane = "c", to = 9, label = "p" },
    { from_lane = "a", from = 2, to_lane = "b", to = 5, label = "q" },
    { from_lane = "b", from = 2, to_lane = "a", to = 8, label = "r" },
]
"#;
    for charset in CHARSETS {
        let text = draw(&figure(source), 76, charset).text().join("\n");
        for label in ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2"] {
            let before = text.split(label).next().unwrap().trim_end_matches(' ');
            let sign = before.chars().last().unwrap();
            let is_sign = "◆●▲▼*o^v".contains(sign);
            assert!(is_sign || charset == Charset::Ascii, "{label}: {text}");
            assert_eq!(text.matches(label).count(), 1, "{text}");
        }
    }
}

#[test]
fn the_arrival_of_a_message_is_never_right_of_what_it_causes() {
    let source = r#"
[[question.figure]]
kind = "timeline"
alt = "A timeline."
lanes = ["coordinator", "P1", "P2"]
interval = [{ lane = "P1", from = 10, to = 30, label = "in doubt" }]
message = [
    { from_lane = "P2", from = 4, to_lane = "coordinator", to = 10 },
    { from_lane = "coordinator", from = 2, to_lane = "P1", to = 10 },
    { from_lane = "P1", from = 10, to_lane = "coordinator", to = 20 },
]
"#;
    let text = draw(&figure(source), 76, Charset::Unicode).text();
    let lane = text.iter().find(|line| line.starts_with("P1")).unwrap();
    // The sign of the vote hides the arrival and the end of the bar.
    assert!(!lane.contains("●▼") && !lane.contains("├▼"), "{text:#?}");
}

#[test]
fn lines_that_share_their_cells_take_turns() {
    let source = r#"
[[question.figure]]
kind = "chart"
alt = "A chart."
x = { label = "time", min = 0, max = 10 }
y = { label = "ms", min = 0, max = 100 }
series = [
    { label = "p99", points = [[0, 20], [5, 50], [10, 50]] },
    { label = "mean", points = [[0, 80], [5, 50], [10, 50]] },
]
"#;
    for charset in CHARSETS {
        let picture = draw(&figure(source), 76, charset);
        let inks = |line: &Vec<Run>| -> Vec<Ink> {
            let series = line.iter().map(|run| run.ink);
            series.filter(|ink| matches!(ink, Ink::Series(_))).collect()
        };
        let plateau = picture.lines.iter().map(inks).max_by_key(Vec::len).unwrap();
        assert!(plateau.len() > 8, "{:#?}", picture.text());
        for series in [0, 1] {
            let count = plateau
                .iter()
                .filter(|ink| **ink == Ink::Series(series))
                .count();
            assert!(count >= 4, "{plateau:?}");
        }
    }
}

#[test]
fn ticks_of_values_are_round_and_at_least_four() {
    for max in [6.5, 48.0, 24.0, 12.0, 10.0, 3.0, 7.0, 100.0, 0.35] {
        let source = format!(
            r#"
[[question.figure]]
kind = "chart"
alt = "A chart."
x = {{ label = "time", min = 0, max = 10 }}
y = {{ label = "ms", min = 0, max = {max} }}
series = [{{ label = "p99", points = [[0, 0], [10, {max}]] }}]
"#
        );
        let text = draw(&figure(&source), 76, Charset::Unicode).text();
        let tick = |line: &String| line.split_once('┤').map(|(tick, _)| tick.trim().to_owned());
        let ticks: Vec<f64> = text
            .iter()
            .filter_map(tick)
            .map(|tick| tick.parse().unwrap())
            .collect();
        assert!((4..=8).contains(&ticks.len()), "{max}: {ticks:?}");
        let step = ticks[0] - ticks[1];
        let mantissa = step / 10f64.powf((step + 1e-9).log10().floor());
        let is_round = [1.0, 2.0, 4.0, 5.0]
            .iter()
            .any(|round| (mantissa - round).abs() < 1e-6);
        assert!(is_round, "{max}: {ticks:?}");
        assert!(text.len() <= 17, "{max} takes {} rows", text.len());
    }
}
