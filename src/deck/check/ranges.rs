//! Options that are ranges of a quantity: only one of them may hold.

/// An option as an interval with its unit.
struct Range {
    from: f64,
    to: f64,
    unit: String,
}

/// Returns true if two options are ranges of the quantity asked for, and overlap. Spans of time that
/// name a read or an outage may overlap: only one of them begins and ends as it should.
pub fn overlap(lead_in: &str, options: &[&str]) -> bool {
    let lead_in = lead_in.to_lowercase();
    if !["how ", "what ", "range"]
        .iter()
        .any(|word| lead_in.contains(word))
    {
        return false;
    }
    let Some(mut ranges) = options
        .iter()
        .map(|o| range(o))
        .collect::<Option<Vec<Range>>>()
    else {
        return false;
    };
    let closed = |r: &Range| r.from.is_finite() && r.to.is_finite() && r.from < r.to;
    let same_unit = ranges.windows(2).all(|w| w[0].unit == w[1].unit);
    if !same_unit || !ranges.iter().any(closed) {
        return false;
    }
    ranges.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
    ranges.windows(2).any(|w| w[0].to > w[1].from)
}

/// Reads "10-20 ms", "10 to 20 ms", "between 10 and 20", "under 10" and "20 or more".
fn range(option: &str) -> Option<Range> {
    let mut text = option.trim().trim_end_matches('.').to_lowercase();
    text = text.replace(['–', '—'], "-");
    let word = |text: &str, words: &[&str]| {
        words
            .iter()
            .find_map(|w| text.strip_prefix(w))
            .map(|rest| rest.trim().to_owned())
    };
    if let Some(rest) = word(
        &text,
        &[
            "less than ",
            "fewer than ",
            "under ",
            "below ",
            "at most ",
            "up to ",
        ],
    ) {
        let (to, unit) = quantity(&rest)?;
        return Some(Range {
            from: f64::NEG_INFINITY,
            to,
            unit,
        });
    }
    if let Some(rest) = word(&text, &["more than ", "over ", "above ", "at least "]) {
        let (from, unit) = quantity(&rest)?;
        return Some(Range {
            from,
            to: f64::INFINITY,
            unit,
        });
    }
    if let Some(rest) = text.strip_suffix(" or more") {
        let (from, unit) = quantity(rest)?;
        return Some(Range {
            from,
            to: f64::INFINITY,
            unit,
        });
    }
    let text = word(&text, &["between ", "from "]).unwrap_or(text);
    let (from, to) = text
        .split_once(" to ")
        .or_else(|| text.split_once(" and "))
        .or_else(|| text.split_once('-'))?;
    let ((from, left), (to, unit)) = (quantity(from)?, quantity(to)?);
    (left.is_empty() || left == unit).then_some(Range { from, to, unit })
}

/// Splits "10 ms" into its number and its unit of at most two words.
fn quantity(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(text.len());
    let number = text[..end].replace(',', "").parse().ok()?;
    let unit = text[end..].trim();
    (unit.split_whitespace().count() <= 2 && !unit.contains(|c: char| c.is_ascii_digit()))
        .then(|| (number, unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_overlap_in_digits_and_in_words() {
        assert!(overlap("How long?", &["1-3", "2-5", "6-9"]));
        assert!(overlap(
            "How long?",
            &["10 to 30 ms", "20 to 40 ms", "50 to 60 ms"]
        ));
        assert!(overlap(
            "How long?",
            &["Under 20 ms", "10–30 ms", "More than 30 ms"]
        ));
        assert!(overlap(
            "How long?",
            &["Between 1 and 5", "Between 5 and 10", "9 or more"]
        ));
    }

    #[test]
    fn ranges_that_touch_and_other_options_do_not_overlap() {
        assert!(!overlap(
            "How long?",
            &["10 to 20 ms", "20 to 30 ms", "30 to 40 ms"]
        ));
        assert!(!overlap(
            "How long?",
            &["At most 5 nodes", "At most 10 nodes"]
        ));
        assert!(!overlap("How long?", &["lines 3 to 7", "lines 5 to 9"]));
        assert!(!overlap("How long?", &["10 to 20 ms", "15 to 30 s"]));
        assert!(!overlap("How long?", &["P-1", "P-2"]));
        assert!(!overlap(
            "Which read is stale?",
            &["12 to 16 s", "13 to 17 s"]
        ));
    }
}
