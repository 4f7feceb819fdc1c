//! Times and dates as chat programs write them beside names.

/// Words that occur in the time of a message.
const WORDS: [&str; 27] = [
    "today",
    "yesterday",
    "at",
    "am",
    "pm",
    "a.m.",
    "p.m.",
    "mon",
    "monday",
    "tue",
    "tuesday",
    "wed",
    "wednesday",
    "thu",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "heute",
    "gestern",
    "um",
    "hier",
    "uhr",
    "h",
];
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// The maximum length of a line that can be a name with a time, in bytes.
const LONGEST: usize = 160;

/// Returns true for a time of day such as `14:02`, `2:02:33` or `2:02pm`.
fn is_clock(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let digits = lower
        .strip_suffix("am")
        .or(lower.strip_suffix("pm"))
        .unwrap_or(&lower);
    let mut parts = digits.split(':');
    let number = |part: Option<&str>, longest: usize, limit: u32| {
        part.is_some_and(|part| {
            !part.is_empty()
                && part.len() <= longest
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse::<u32>().is_ok_and(|n| n < limit)
        })
    };
    let two = |part: Option<&str>| part.is_some_and(|part| part.len() == 2) && number(part, 2, 60);
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    number(hour, 2, 24)
        && two(minute)
        && (second.is_none() || two(second))
        && parts.next().is_none()
}

/// Returns true for a date such as `29/11/2026`, `29.11.26` or `2026-11-29`.
fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word
        .split(['/', '.', '-'])
        .filter(|part| !part.is_empty())
        .collect();
    let is_number = |part: &&str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(is_number)
}

/// Returns true if the text is a time of day, with or without a date.
pub fn is_time(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | ',' | '|' | '·' | '•')
        })
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_month = |word: &str| MONTHS.contains(&word.get(..3).unwrap_or(""));
    let has_month = words.iter().any(|word| is_month(word));
    let is_number = |word: &str| {
        has_month
            && word
                .trim_end_matches('.')
                .parse::<u32>()
                .is_ok_and(|n| n < 2200)
    };
    let clocks = words.iter().filter(|word| is_clock(word)).count();
    clocks == 1
        && words.iter().all(|word| {
            is_clock(word)
                || is_date(word)
                || is_number(word)
                || is_month(word) && word.len() <= 9
                || WORDS.contains(&word.as_str())
        })
}

/// Returns the text after the time at its beginning: `[14:02] Mina: b3` gives `Mina: b3`.
pub fn after_time(line: &str) -> Option<&str> {
    if let Some((time, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return is_time(time).then(|| rest.trim_start());
    }
    // The longest prefix of whole words that is a time; a dash may follow it, as in exports of WhatsApp.
    let ends = line
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(at, _)| at);
    let end = ends
        .take_while(|end| *end < LONGEST)
        .filter(|end| is_time(&line[..*end]))
        .last()?;
    let rest = line[end..].trim_start();
    Some(rest.strip_prefix("- ").unwrap_or(rest))
}

/// Returns the text before the time at its end: `Mina Okafor — Today at 14:02` gives `Mina Okafor —`.
///
/// Copies from Google Meet have no space between the two.
pub fn before_time(line: &str) -> Option<&str> {
    if line.len() > LONGEST {
        return None;
    }
    let start = line.char_indices().map(|(at, _)| at).find(|at| {
        let is_inside_word = line[..*at].ends_with(|c: char| c.is_ascii_digit() || c == ':')
            || line[*at..].starts_with(char::is_alphabetic)
                && line[..*at].ends_with(char::is_alphanumeric);
        let has_name = line[..*at].chars().any(char::is_alphabetic);
        has_name && !is_inside_word && is_time(&line[*at..])
    })?;
    Some(line[..start].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_programs_are_recognized() {
        for time in [
            "14:02",
            "2:02 PM",
            "[2:02 PM]",
            "14:02:33",
            "Today at 14:02",
            "Yesterday at 2:02 PM",
            "29/11/2026 14:02",
            "29.11.26, 14:02:33",
            "11/29 2:02 PM",
            "Nov 29, 2026, 2:02 PM",
            "2026-11-29 14:02",
            "Sunday 14:02",
            "2:02pm",
            "14:02, 29/11/2026",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "b3",
            "42.5",
            "1:2",
            "25:00",
            "14:75",
            "",
            "at",
            "3 14:02",
            "14:02 15:03",
        ] {
            assert!(!is_time(other), "{other}");
        }
    }

    #[test]
    fn a_time_is_separated_from_the_name_beside_it() {
        let before = [
            ("Mina — Today at 14:02", "Mina —"),
            ("Mina Okafor14:02", "Mina Okafor"),
            ("April 14:02", "April"),
            ("Mina Okafor  [2:02 PM]", "Mina Okafor"),
        ];
        for (line, name) in before {
            assert_eq!(before_time(line), Some(name), "{line}");
        }
        assert_eq!(before_time("b3 because it is late"), None);
        assert_eq!(after_time("[14:02] Ben Ode  c 2"), Some("Ben Ode  c 2"));
        assert_eq!(after_time("29/11/2026, 14:02 - Mina: b3"), Some("Mina: b3"));
        assert_eq!(
            after_time("14:02:31 From Mina to Everyone: b3"),
            Some("From Mina to Everyone: b3")
        );
        assert_eq!(after_time("14:02 <mina> b3"), Some("<mina> b3"));
        assert_eq!(after_time("Mina: b3"), None);
    }
}
