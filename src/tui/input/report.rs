//! Recognition of reports that arrive long after their ESC, on a connection that stalled.

/// Returns true if the bytes of one read look like what follows the ESC of a report, and not like keys that were typed
/// in a row. They are at least two, and may end before the report does.
pub fn is_rest(bytes: &[u8]) -> bool {
    match bytes {
        [b'[', b'<' | b'>' | b'?', rest @ ..] => rest
            .iter()
            .all(|byte| is_parameter(*byte) || is_final(*byte)),
        // Focus reports, and keys that send a bracket and one letter.
        [b'[', b'A'..=b'D' | b'F' | b'H' | b'I' | b'O' | b'Z'] => true,
        [b'[', b'M', _, _, _] => true,
        [b'[', b'0'..=b'9', rest @ ..] => {
            let parameters = rest.iter().take_while(|byte| is_parameter(**byte)).count();
            let (parameters, after) = rest.split_at(parameters);
            parameters.contains(&b';') || after.first().is_some_and(|byte| is_final(*byte))
        }
        [b']', b'0'..=b'9', rest @ ..] => rest.contains(&b';'),
        [b']', b'l' | b'L', rest @ ..] => rest.len() > 1,
        [b'P', b'>', b'|', ..] | [b'P', b'0' | b'1', b'+' | b'$', ..] => true,
        [b'_', b'G', rest @ ..] => rest.contains(&b'='),
        _ => false,
    }
}

fn is_parameter(byte: u8) -> bool {
    matches!(byte, b' '..=b'?')
}

fn is_final(byte: u8) -> bool {
    matches!(byte, b'@'..=b'~')
}
