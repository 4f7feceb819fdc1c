//! Text for the terminal's clipboard, as the sequence OSC 52.

/// The largest text that is copied, in bytes; terminals drop longer ones without a word.
pub const LONGEST: usize = 64 * 1024;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the sequence that copies the text; `None` if it is longer than [`LONGEST`]. The text is encoded in base64, so
/// nothing in it can end the sequence.
pub fn sequence(text: &str) -> Option<String> {
    (text.len() <= LONGEST).then(|| format!("\x1b]52;c;{}\x07", base64(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            // Each missing byte leaves one digit without a value.
            let is_padding = place > chunk.len();
            encoded.push(if is_padding { '=' } else { char::from(digit) });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_encodes_the_examples_of_rfc_4648() {
        let examples = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, encoded) in examples {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_longer_text_is_refused() {
        assert!(sequence(&"a".repeat(LONGEST)).is_some());
        assert!(sequence(&"a".repeat(LONGEST + 1)).is_none());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_sequence(text in any::<String>()) {
            let sequence = sequence(&text).unwrap();
            let inside = sequence.strip_prefix("\x1b]52;c;").unwrap().strip_suffix('\x07').unwrap();
            prop_assert!(inside.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')));
        }
    }
}
