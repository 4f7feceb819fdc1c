//! Reads what a history says from the program's data formats and from its tables, never from prose.
//!
//! After a change of the schema only the queries in [`TABLES`] follow; the names of their columns stay.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};

use super::home::Home;

/// Report fields that the estimator computes.
const SCORED: [&str; 4] = ["result", "within_limit", "since", "confidence"];
/// Report fields with sentences and display texts, which may be reworded at any time.
const PROSE: [&str; 15] = [
    "adaptive",
    "arithmetic",
    "day",
    "evidence",
    "explanation",
    "misconception",
    "model_answer",
    "next",
    "place",
    "references",
    "rule",
    "standing",
    "title",
    "told",
    "why",
];

/// Queries by the name under which their rows are frozen.
const TABLES: [(&str, &str); 7] = [
    (
        "sessions",
        "SELECT session.id, person.name AS person, mode, state, started_at, finished_at, start
         FROM session JOIN person ON person.id = session.person ORDER BY session.id",
    ),
    (
        "events",
        "SELECT session.id AS session, sequence, wall, body
         FROM event JOIN session ON session.key = event.session ORDER BY session.id, sequence",
    ),
    (
        "reviews",
        "SELECT review.person, deck, question, session.id AS session, slot, wall, day, grade, score, confidence,
                review.mode, competency, seconds
         FROM review JOIN session ON session.key = review.session ORDER BY 1, 2, 3, 4, 5",
    ),
    (
        "memories",
        "SELECT person, deck, question, due, stability, difficulty, last, reviews, lapses, recalled, score, confidence,
                mode, competency, seconds
         FROM memory ORDER BY 1, 2, 3",
    ),
    (
        "exposures",
        "SELECT exposure.person, deck, question, lower(hex(fingerprint)) AS fingerprint, row, times, wall,
                exposure.mode, session.id AS session
         FROM exposure JOIN session ON session.key = exposure.session ORDER BY 1, 2, 3, 4, 5",
    ),
    (
        "remarks",
        "SELECT remark.person, kind, deck, question, iif(kind = 'flag', NULL, text) AS text, wall, session.id AS session
         FROM remark JOIN session ON session.key = remark.session ORDER BY 1, 2, 3, 4",
    ),
    (
        "drafts",
        "SELECT session.id AS session, slot, text
         FROM draft JOIN session ON session.key = draft.session ORDER BY 1, 2",
    ),
];

/// Returns everything but scores: events, reviews, memories, exposures, remarks, reports, and the records of a mentor.
pub fn facts(home: &Home) -> Value {
    // The program runs first, because it migrates the file and derives missing data.
    let people = json_of(home, &["mentor", "people", "--json"]);
    let mut facts = Map::new();
    for (name, sql) in TABLES {
        facts.insert(name.to_owned(), Value::Array(rows(&home.history(), sql)));
    }
    let without_today = |mut person: Value| {
        for agreement in person["agreements"].as_array_mut().unwrap() {
            agreement.as_object_mut().unwrap().remove("is_due");
        }
        person
    };
    facts.insert(
        "people".to_owned(),
        people
            .as_array()
            .unwrap()
            .iter()
            .cloned()
            .map(without_today)
            .collect(),
    );
    let (mut reports, mut answers, mut mentoring) = (Map::new(), Map::new(), Map::new());
    for session in finished(home) {
        match session.mode.as_str() {
            "assess" => {
                let report = report(home, &session);
                let report = report
                    .into_iter()
                    .filter(|(key, _)| !SCORED.contains(&key.as_str()) && key != "kind");
                reports.insert(session.id, without_prose(Value::Object(report.collect())));
            }
            "mentor" => {
                let text = output_of(home, &["report", &session.id, "--format", "csv"]);
                answers.insert(session.id, Value::Array(csv(&text)));
            }
            _ => {}
        }
    }
    for person in people.as_array().unwrap() {
        let name = person["name"].as_str().unwrap();
        // A person with only open sessions has nothing to report.
        if person["sessions"] != 0 {
            let mut object = json_of(home, &["report", "--person", name, "--format", "json"]);
            let mut said = object["mentoring"].take();
            said.as_object_mut().unwrap().remove("kind");
            mentoring.insert(name.to_owned(), said);
        }
    }
    facts.insert("reports".to_owned(), reports.into());
    facts.insert("answers".to_owned(), answers.into());
    facts.insert("mentoring".to_owned(), mentoring.into());
    facts.into()
}

/// Returns the scores with their intervals, from the reports and from the list of sessions.
pub fn scores(home: &Home) -> Value {
    let (mut reports, mut listed) = (Map::new(), Map::new());
    for session in finished(home)
        .into_iter()
        .filter(|session| session.mode == "assess")
    {
        let report = report(home, &session)
            .into_iter()
            .filter(|(key, _)| SCORED.contains(&key.as_str()));
        reports.insert(session.id, without_prose(Value::Object(report.collect())));
    }
    for person in rows(
        &home.history(),
        "SELECT DISTINCT person.name FROM session JOIN person ON person.id = person",
    ) {
        let name = person["name"].as_str().unwrap();
        let sessions = json_of(home, &["history", "--json", "--person", name]);
        // Version 0.1 listed assessments alone.
        let assessments = sessions
            .as_array()
            .unwrap()
            .iter()
            .filter(|session| session["mode"] == "assess");
        listed.insert(
            name.to_owned(),
            without_prose(assessments.cloned().collect()),
        );
    }
    json!({ "reports": reports, "listed": listed })
}

/// Returns the stored results by session and scoring version.
pub fn kept(home: &Home) -> Value {
    output_of(home, &["history"]);
    let sql = "SELECT session.id, version, body FROM result JOIN session ON session.key = result.session ORDER BY 1, 2";
    let named = |row: Value| {
        (
            format!("{} version {}", row["id"].as_str().unwrap(), row["version"]),
            row["body"].clone(),
        )
    };
    rows(&home.history(), sql)
        .into_iter()
        .map(named)
        .collect::<Map<_, _>>()
        .into()
}

struct Session {
    id: String,
    mode: String,
    person: String,
}

fn finished(home: &Home) -> Vec<Session> {
    let sql = "SELECT session.id, mode, person.name FROM session JOIN person ON person.id = session.person
               WHERE state = 'finished' ORDER BY session.id";
    let text = |row: &Value, column: &str| row[column].as_str().unwrap().to_owned();
    let session = |row: Value| Session {
        id: text(&row, "id"),
        mode: text(&row, "mode"),
        person: text(&row, "name"),
    };
    rows(&home.history(), sql)
        .into_iter()
        .map(session)
        .collect()
}

fn report(home: &Home, session: &Session) -> Map<String, Value> {
    let args = [
        "report",
        &session.id,
        "--person",
        &session.person,
        "--format",
        "json",
    ];
    match json_of(home, &args) {
        Value::Object(report) => report,
        other => panic!("a report is an object: {other}"),
    }
}

fn output_of(home: &Home, args: &[&str]) -> String {
    let output = home.command(args).env("TZ", "UTC").output().unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn json_of(home: &Home, args: &[&str]) -> Value {
    serde_json::from_str(&output_of(home, args)).unwrap()
}

/// Returns every row as an object; `body` and `start` hold JSON.
fn rows(file: &Path, sql: &str) -> Vec<Value> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let value = |column: &str, value: ValueRef| match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(x) => x.into(),
        ValueRef::Text(text) if ["body", "start"].contains(&column) => {
            serde_json::from_slice(text).unwrap()
        }
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(_) => panic!("no blob is asked for"),
    };
    let row = |row: &rusqlite::Row| {
        let cells = columns.iter().enumerate();
        cells
            .map(|(n, column)| Ok((column.clone(), value(column, row.get_ref(n)?))))
            .collect::<Result<Map<_, _>, _>>()
    };
    statement
        .query_map([], row)
        .unwrap()
        .map(|row| row.unwrap().into())
        .collect()
}

fn without_prose(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let is_data = |(key, value): &(String, Value)| {
                // The knowledge points of a question are texts of the outline; points of a score are a number.
                let is_list_of_points = key == "points" && value.is_array();
                !is_list_of_points && !PROSE.contains(&key.as_str())
            };
            fields
                .into_iter()
                .filter(is_data)
                .map(|(key, value)| (key, without_prose(value)))
                .collect()
        }
        Value::Array(values) => values.into_iter().map(without_prose).collect(),
        other => other,
    }
}

/// Parses CSV into objects whose keys are the column names.
fn csv(text: &str) -> Vec<Value> {
    let mut lines = text.lines().map(cells);
    let head = lines.next().unwrap();
    let row = |cells: Vec<String>| {
        assert_eq!(cells.len(), head.len(), "{cells:?}");
        head.iter()
            .cloned()
            .zip(cells.into_iter().map(Value::from))
            .collect::<Map<_, _>>()
            .into()
    };
    lines.map(row).collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}
