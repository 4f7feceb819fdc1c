//! Units after numbers: their usual spellings, their scales, and their singular.

/// The usual spellings of each unit, in the singular. The first one is the standard spelling.
const SPELLINGS: &[&[&str]] = &[
    &["ns", "nanosecond"],
    &["us", "\u{b5}s", "\u{3bc}s", "microsecond"],
    &["ms", "msec", "millisecond"],
    &["s", "sec", "second"],
    &["min", "minute"],
    &["h", "hr", "hour"],
    &["d", "day"],
    &["%", "percent", "pct"],
    &["B", "byte"],
    &["kB", "KB", "kilobyte"],
    &["MB", "megabyte"],
    &["GB", "gigabyte"],
    &["TB", "terabyte"],
    &["KiB", "kibibyte"],
    &["MiB", "mebibyte"],
    &["GiB", "gibibyte"],
    &["EUR", "\u{20ac}", "euro"],
    &["request", "req"],
];

/// The words and the beginnings of words that multiply a unit.
const SCALES: &[&str] = &[
    "hundred", "thousand", "million", "billion", "kilo", "mega", "giga", "tera", "kibi", "mebi",
    "gibi", "tebi",
];
const PREFIXES: &[&str] = &[
    "Ki", "Mi", "Gi", "Ti", "Pi", "k", "K", "M", "G", "T", "P", "mn", "bn",
];
const BASES: &[&str] = &[
    "", "B", "b", "bit", "bits", "bps", "byte", "bytes", "Hz", "W", "Wh", "EUR", "USD",
];

/// Returns true if both texts are spellings of the same unit: `minutes` and `min`, `requests per second` and
/// `request/s`.
pub fn is_same(typed: &str, unit: &str) -> bool {
    typed == unit || !unit.is_empty() && standard(typed) == standard(unit)
}

/// Returns a unit in its standard spelling.
fn standard(unit: &str) -> String {
    let unit = unit.replace("per cent", "percent").replace(" per ", "/");
    let parts = unit.split('/').map(|part| {
        let words = part.split_whitespace().map(standard_word);
        words.collect::<Vec<_>>().join(" ")
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns a word of a unit in its standard spelling. Abbreviations keep their case, because `MB` is not `Mb`.
fn standard_word(word: &str) -> String {
    let spelled = |word: &str| {
        SPELLINGS
            .iter()
            .find(|same| same.contains(&word))
            .map(|same| same[0].to_owned())
    };
    let is_word = word.chars().count() > 2 && word.chars().skip(1).all(char::is_lowercase);
    spelled(word).unwrap_or_else(|| match is_word {
        true => {
            let one = singular(&word.to_lowercase());
            spelled(&one).unwrap_or(one)
        }
        false => word.to_owned(),
    })
}

/// Returns the singular of an English plural; any other word as it is.
fn singular(word: &str) -> String {
    let is_changed = |stem: &str| stem.chars().count() > 2;
    if let Some(stem) = word
        .strip_suffix("ies")
        .filter(|stem| *stem != "ser" && is_changed(stem))
    {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "shes", "tches"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if word != "series" && is_changed(stem) && !stem.ends_with(['s', 'u', 'i']) => {
            stem.to_owned()
        }
        _ => word.to_owned(),
    }
}

/// Returns true if a unit multiplies what it counts, such as `thousand EUR` or `MiB`: a suffix such as `k` before it
/// is then probably the unit's own scale.
pub fn has_scale(unit: &str) -> bool {
    let first = unit.split(['/', ' ']).next().unwrap_or_default();
    let lower = first.to_lowercase();
    let mut bases = PREFIXES
        .iter()
        .filter_map(|prefix| first.strip_prefix(prefix));
    SCALES.iter().any(|scale| lower.starts_with(scale)) || bases.any(|base| BASES.contains(&base))
}

/// Returns the text before the unit at its end; the whole text if there is no unit.
pub fn before_unit<'a>(text: &'a str, unit: &str) -> &'a str {
    if unit.is_empty() {
        return text;
    }
    let last_digit = text.rfind(|c: char| c.is_ascii_digit() || c == '.');
    let tail = last_digit.map_or(0, |at| at + 1);
    let mut ends = text[tail..].char_indices().map(|(at, _)| tail + at);
    match ends.find(|end| is_same(text[*end..].trim(), unit)) {
        Some(end) => &text[..end],
        // A unit may contain digits.
        None => text.strip_suffix(unit).unwrap_or(text),
    }
}

/// Returns a number that was typed or formatted, with its unit after it: once, and in the singular after 1.
pub fn with_unit(number: &str, unit: &str) -> String {
    let number = number.trim();
    if unit.is_empty() || before_unit(number, unit).len() < number.len() {
        return number.to_owned();
    }
    match number {
        "1" | "-1" => format!("{number} {}", one_of(unit)),
        _ => format!("{number} {unit}"),
    }
}

/// Returns a unit in the singular: `request/s` for `requests/s`. Abbreviations stay as they are.
pub fn one_of(unit: &str) -> String {
    let end = unit.find('/').unwrap_or(unit.len());
    let start = unit[..end].rfind(' ').map_or(0, |at| at + 1);
    let word = &unit[start..end];
    if word.len() < 4 || !word.chars().all(char::is_lowercase) {
        return unit.to_owned();
    }
    format!("{}{}{}", &unit[..start], singular(word), &unit[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_in_its_usual_spellings() {
        for (typed, unit) in [
            ("minutes", "min"),
            ("min", "minutes"),
            ("Mins", "min"),
            ("sec", "s"),
            ("hours", "h"),
            ("request", "requests"),
            ("requests per second", "requests/s"),
            ("req/sec", "requests/s"),
            ("percent", "%"),
            ("per cent", "%"),
            ("megabytes", "MB"),
            ("thousand euros", "thousand EUR"),
            ("retry", "retries"),
        ] {
            assert!(is_same(typed, unit), "{typed} is {unit}");
        }
        for (typed, unit) in [
            ("mb", "Mb"),
            ("m", "min"),
            ("s", "ms"),
            ("serie", "series"),
            ("min", ""),
        ] {
            assert!(!is_same(typed, unit), "{typed} is not {unit}");
        }
    }

    #[test]
    fn a_unit_has_a_scale_if_it_multiplies() {
        for unit in [
            "thousand EUR",
            "MiB",
            "GB",
            "kB/s",
            "million requests",
            "k",
            "megabytes",
        ] {
            assert!(has_scale(unit), "{unit}");
        }
        for unit in [
            "ms",
            "min",
            "s",
            "%",
            "",
            "requests/s",
            "keys",
            "messages",
            "TLS handshakes",
        ] {
            assert!(!has_scale(unit), "{unit}");
        }
    }

    #[test]
    fn a_quantity_has_its_unit_once_and_in_the_singular_after_1() {
        for (number, unit, shown) in [
            ("134 ms", "ms", "134 ms"),
            ("134", "ms", "134 ms"),
            ("2 minutes", "min", "2 minutes"),
            ("99.9%", "%", "99.9%"),
            ("1", "positions", "1 position"),
            ("1", "requests/s", "1 request/s"),
            ("1", "cache misses", "1 cache miss"),
            ("1", "series", "1 series"),
            ("1", "ms", "1 ms"),
            ("1.5", "positions", "1.5 positions"),
            ("7", "", "7"),
        ] {
            assert_eq!(with_unit(number, unit), shown);
        }
    }
}
