//! Compares JSON values: everything frozen must still be there, and new fields may be added.

use serde_json::Value;

/// Relative difference of two numbers that count as equal: another machine rounds differently.
const TOLERANCE: f64 = 1e-5;
/// Differences that one message lists.
const LISTED: usize = 12;

/// Panics with the places where `found` lacks something of `frozen` or differs from it.
///
/// An object may have more fields than it had, since fields are added to formats; a list has the same entries.
#[track_caller]
pub fn assert_same(what: &str, frozen: &Value, found: &Value) {
    let mut differences = Vec::new();
    collect(frozen, found, String::new(), &mut differences);
    let n = differences.len();
    differences.truncate(LISTED);
    assert!(
        n == 0,
        "{what}: {n} differences from the frozen expectation\n{}",
        differences.join("\n")
    );
}

fn collect(frozen: &Value, found: &Value, path: String, differences: &mut Vec<String>) {
    match (frozen, found) {
        (Value::Object(frozen), Value::Object(found)) => {
            for (key, value) in frozen {
                let path = format!("{path}/{key}");
                match found.get(key) {
                    Some(other) => collect(value, other, path, differences),
                    None => differences.push(format!("{path}: missing, was {value}")),
                }
            }
        }
        (Value::Array(frozen), Value::Array(found)) => {
            if frozen.len() != found.len() {
                differences.push(format!(
                    "{path}: {} entries, were {}",
                    found.len(),
                    frozen.len()
                ));
            }
            for (n, (value, other)) in frozen.iter().zip(found).enumerate() {
                collect(value, other, format!("{path}/{n}"), differences);
            }
        }
        (Value::Number(frozen), Value::Number(found)) if frozen.is_f64() || found.is_f64() => {
            let (one, other) = (frozen.as_f64().unwrap(), found.as_f64().unwrap());
            if (one - other).abs() > TOLERANCE * one.abs().max(1.0) {
                differences.push(format!("{path}: {other}, was {one}"));
            }
        }
        _ if frozen != found => differences.push(format!("{path}: {found}, was {frozen}")),
        _ => {}
    }
}

#[test]
fn differences_are_found_and_additions_are_not() {
    use serde_json::json;
    let count = |frozen: Value, found: Value| {
        let mut differences = Vec::new();
        collect(&frozen, &found, String::new(), &mut differences);
        differences.len()
    };
    assert_eq!(
        count(json!({"a": [1, 2.5]}), json!({"a": [1, 2.500001], "b": 3})),
        0
    );
    assert_eq!(count(json!({"a": 1}), json!({"b": 1})), 1);
    assert_eq!(count(json!([1, 2]), json!([1])), 1);
    assert_eq!(count(json!([1, "x", null]), json!([2, "y", 0])), 3);
    assert_eq!(count(json!(2.5), json!(2.501)), 1);
}
