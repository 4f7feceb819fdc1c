//! The second reading of numbers with a group of three digits.

use super::{parse, show};

/// Returns how people of another language would read a number or calculation, as its value: `1.500` as 1500, and
/// `1,000/8` as 0.125. `None` if all people read it alike.
pub fn other_reading(text: &str, unit: &str) -> Option<String> {
    let value = parse(text, unit).ok()?;
    let mut other = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let after = &rest[start..];
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
        other.push_str(&rest[..start]);
        other.push_str(&exchanged(&after[..end])?);
        rest = &after[end..];
    }
    other.push_str(rest);
    let read = parse(&other, unit).ok()?;
    (read != value).then(|| show(read))
}

/// Returns digits with the decimal comma as a point and without points between groups; `None` if no one reads them so.
fn exchanged(digits: &str) -> Option<String> {
    let (whole, fraction) = match digits.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let is_grouped = groups.len() == 1
        || (1..=3).contains(&groups[0].len())
            && !groups[0].starts_with('0')
            && groups[1..].iter().all(|group| group.len() == 3);
    let is_plain = fraction.is_none_or(|fraction| !fraction.contains(['.', ',']));
    (is_grouped && is_plain).then(|| match fraction {
        Some(fraction) => format!("{}.{fraction}", groups.concat()),
        None => groups.concat(),
    })
}
