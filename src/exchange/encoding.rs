//! The encoding of imported files.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A decoded file.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub encoding: &'static str,
    /// A sentence about an encoding that was guessed.
    pub note: Option<String>,
}

/// The reason why a file is not text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    #[error("it is a Zip archive: unpack it, or save it as text (CSV)")]
    Zip,
    #[error("it is an Excel workbook: in the spreadsheet, choose Save As, CSV UTF-8")]
    Workbook,
    #[error("it is an OpenDocument spreadsheet: choose Save As, Text CSV")]
    OpenDocument,
    #[error(
        "it is an Anki package, which is not read: in Anki, choose File, Export, and the format Notes in Plain Text"
    )]
    AnkiPackage,
    #[error("it is a word processor document: save it as plain text (.txt), encoding UTF-8")]
    Document,
    #[error("it is a PDF: copy its text into a file")]
    Pdf,
    #[error("it is in UTF-32: save it as UTF-8")]
    Utf32,
    #[error("byte {offset} (line {line}) is NUL: this is not a text file")]
    Nul { offset: usize, line: usize },
    #[error("byte {offset} (line {line}) is not UTF-8: save the file as UTF-8")]
    NotUtf8 { offset: usize, line: usize },
    #[error("byte {offset} is not valid UTF-16: save the file as UTF-8")]
    NotUtf16 { offset: usize },
}

/// Decodes a file in UTF-8, UTF-16 or windows-1252. `name` helps to name other kinds of files.
///
/// # Errors
/// The file is not text, or its encoding is damaged.
pub fn decode(bytes: &[u8], name: &str) -> Result<Decoded, NotText> {
    if let Some(kind) = binary_kind(bytes, name) {
        return Err(kind);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf_8(rest, 3);
    }
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(NotText::Utf32);
    }
    let wide = match bytes {
        [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
        _ => unmarked_utf_16(bytes).map(|encoding| (encoding, 0)),
    };
    match wide {
        Some((encoding, mark)) => utf_16(bytes, encoding, mark),
        None => utf_8(bytes, 0),
    }
}

/// Returns the kind of a file that is not text, from its first bytes.
fn binary_kind(bytes: &[u8], name: &str) -> Option<NotText> {
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(match () {
            () if ends(&[".apkg", ".colpkg"]) => NotText::AnkiPackage,
            () if ends(&[".xlsx", ".xlsm"]) => NotText::Workbook,
            () if ends(&[".ods"]) => NotText::OpenDocument,
            () if ends(&[".docx", ".odt"]) => NotText::Document,
            () => NotText::Zip,
        }),
        [0xd0, 0xcf, 0x11, 0xe0, ..] if ends(&[".doc"]) => Some(NotText::Document),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(NotText::Workbook),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => Some(NotText::AnkiPackage),
        [b'%', b'P', b'D', b'F', ..] => Some(NotText::Pdf),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some(NotText::Document),
        _ => None,
    }
}

/// Recognizes UTF-16 without a byte-order mark by ASCII characters at the beginning.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..8)?;
    let zeros = |from: usize| head.iter().skip(from).step_by(2).all(|b| *b == 0);
    let ascii = |from: usize| {
        head.iter()
            .skip(from)
            .step_by(2)
            .all(|b| (1..128).contains(b))
    };
    match () {
        () if zeros(1) && ascii(0) => Some(UTF_16LE),
        () if zeros(0) && ascii(1) => Some(UTF_16BE),
        () => None,
    }
}

fn utf_16(bytes: &[u8], encoding: &'static Encoding, mark: usize) -> Result<Decoded, NotText> {
    let mut text = String::with_capacity(bytes.len());
    let body = &bytes[mark..];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len());
    text.reserve(room.unwrap_or(0));
    let (result, read) = decoder.decode_to_string_without_replacement(body, &mut text, true);
    match result {
        encoding_rs::DecoderResult::InputEmpty => {
            refuse_nul(&text)?;
            Ok(Decoded {
                text,
                encoding: encoding.name(),
                note: None,
            })
        }
        _ => Err(NotText::NotUtf16 {
            offset: mark + read,
        }),
    }
}

fn refuse_nul(text: &str) -> Result<(), NotText> {
    match memchr::memchr(0, text.as_bytes()) {
        Some(offset) => Err(NotText::Nul {
            offset,
            line: line_at(text.as_bytes(), offset),
        }),
        None => Ok(()),
    }
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &bytes[..offset.min(bytes.len())]).count()
}

/// Reads UTF-8, or windows-1252 if the text contains no other character beyond ASCII before the first that isn't UTF-8.
fn utf_8(bytes: &[u8], mark: usize) -> Result<Decoded, NotText> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => {
            refuse_nul(text)?;
            return Ok(Decoded {
                text: text.to_owned(),
                encoding: "UTF-8",
                note: None,
            });
        }
        Err(error) => error,
    };
    if let Some(offset) = memchr::memchr(0, bytes) {
        let line = line_at(bytes, offset);
        return Err(NotText::Nul { offset, line });
    }
    let at = error.valid_up_to();
    let (offset, line) = (mark + at, line_at(bytes, at));
    let undefined = |b: &u8| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    if mark > 0 || !bytes[..at].is_ascii() || bytes.iter().any(undefined) {
        return Err(NotText::NotUtf8 { offset, line });
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok(Decoded {
        text: text.into_owned(),
        encoding: "windows-1252",
        note: Some(format!(
            "read as windows-1252, because byte {offset} (line {line}) is not UTF-8: if letters look wrong, save the \
             file as UTF-8"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<(String, &'static str), NotText> {
        decode(bytes, "x.txt").map(|decoded| (decoded.text, decoded.encoding))
    }

    #[test]
    fn encodings_of_spreadsheets_are_recognized() {
        let wide = |text: &str, big: bool| -> Vec<u8> {
            let unit = |unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            text.encode_utf16().flat_map(unit).collect()
        };
        let text = "question;caf\u{e9} \u{1f600}".to_owned();
        assert_eq!(decoded(text.as_bytes()), Ok((text.clone(), "UTF-8")));
        assert_eq!(
            decoded(&wide(&format!("\u{feff}{text}"), false)),
            Ok((text.clone(), "UTF-16LE"))
        );
        assert_eq!(
            decoded(&wide(&format!("\u{feff}{text}"), true)),
            Ok((text.clone(), "UTF-16BE"))
        );
        assert_eq!(decoded(&wide(&text, false)), Ok((text, "UTF-16LE")));
        assert_eq!(
            decoded(b"it\x92s caf\xe9"),
            Ok(("it\u{2019}s caf\u{e9}".to_owned(), "windows-1252"))
        );
    }

    #[test]
    fn damaged_text_is_refused_with_its_place() {
        let not_utf8 = Err(NotText::NotUtf8 { offset: 5, line: 2 });
        assert_eq!(decoded(b"\xc3\xa9 a\n\xe9"), not_utf8);
        assert_eq!(decoded(b"ab\n\0"), Err(NotText::Nul { offset: 3, line: 2 }));
        assert_eq!(
            decoded(b"\xff\xfea\0\0\xd8b\0"),
            Err(NotText::NotUtf16 { offset: 6 })
        );
        assert!(decode(b"PK\x03\x04", "x.apkg") == Err(NotText::AnkiPackage));
    }
}
