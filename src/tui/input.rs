//! Decodes the bytes that a terminal sends: keys, mouse reports, pastes, and replies to queries.
//!
//! The decoder keeps its state between reads, so it doesn't matter where a read ends. A reply that is late, split or
//! unrequested is consumed completely and never becomes a key. Time is passed in as a value.

mod csi;
mod report;

use super::key::Input;
use crate::app::key::{Code, Key};
use crate::core::time::Millis;

/// How long an ESC waits for the rest of a sequence before it counts as the Esc key.
const LONE_ESCAPE: Millis = Millis(40);
/// How long after the Esc key an introducer still begins a sequence, for slow connections.
const LATE_SEQUENCE: Millis = Millis(1_000);
/// How long an unfinished sequence or paste consumes single keys. The rest of a late reply is longer or ends the reply.
const UNFINISHED: Millis = Millis(1_000);
/// The age at which an unfinished sequence or paste is given up, because its end was lost.
const ABANDONED: Millis = Millis(10_000);
/// The longest accepted paste, in bytes; the rest is dropped.
const LONGEST_PASTE: usize = 1 << 20;
/// The longest sequence with a meaning, in bytes.
const LONGEST_SEQUENCE: usize = 64;
const PASTE_END: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const CTRL_C: u8 = 0x03;

/// A decoded message from the terminal that is relevant to the program.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    Input(Input),
    /// The reply to the query for the background colour.
    Background {
        dark: bool,
    },
    /// The reply to the query for device attributes, which every terminal answers.
    Attributes,
}

impl Decoded {
    fn is_mouse(&self) -> bool {
        matches!(
            self,
            Decoded::Input(Input::Click { .. } | Input::Drag { .. } | Input::Wheel { .. })
        )
    }
}

/// The decoder state: what the next byte belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Ground,
    /// In a UTF-8 character whose first bytes are in the buffer.
    Character,
    /// After one ESC, which may be the Esc key, or after two.
    Escape {
        twice: bool,
    },
    /// The Esc key was reported because nothing followed the ESC in time; the rest of a sequence may still arrive.
    LateEscape,
    /// After the Esc key and, long after it, a bracket that was reported as a key; the rest of a report may still arrive.
    LateBracket {
        osc: bool,
    },
    /// After ESC O: one final byte, with an optional parameter.
    SingleShift,
    /// After ESC [: parameters are collected in the buffer until the final byte.
    Csi,
    /// The three bytes of a mouse report in the encoding of X10.
    X10Mouse,
    /// The letter of a function key of the Linux console.
    ConsoleKey,
    /// A control string that ends with ST.
    Text(Text),
    /// After ESC in a control string: `\` ends it.
    TextEscape(Text),
    Paste,
}

/// A kind of control string.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Text {
    /// An operating system command, which BEL ends too.
    osc: bool,
    /// True if an eight-bit control character began the string; such a character also ends it.
    eight_bit: bool,
}

/// The state between reads.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    buffer: Vec<u8>,
    /// True if Alt applies to the next character or key.
    alt: bool,
    /// True if the ESC of this sequence was reported as the Esc key.
    is_late: bool,
    /// The number of matched bytes of the end marker of a paste, and the length of the paste.
    matched: usize,
    pasted: usize,
    /// The time at which the sequence began or the paste last continued with more than a key.
    since: Millis,
    now: Millis,
    decoded: Vec<Decoded>,
}

impl Decoder {
    /// Decodes the bytes of one read, together with unfinished earlier ones.
    pub fn feed(&mut self, now: Millis, bytes: &[u8]) -> Vec<Decoded> {
        self.now = now;
        if !bytes.is_empty() {
            self.give_up_stale(bytes);
        }
        for byte in bytes {
            self.step(*byte);
        }
        if self.state == State::Paste && !is_one_key(bytes) {
            self.since = now;
        }
        std::mem::take(&mut self.decoded)
    }

    /// Returns the time at which a lone ESC becomes the Esc key.
    pub fn deadline(&self) -> Option<Millis> {
        matches!(self.state, State::Escape { .. }).then(|| self.since + LONE_ESCAPE)
    }

    /// Reports a lone ESC as the Esc key, because nothing more was available at the deadline.
    pub fn expire(&mut self, now: Millis) -> Vec<Decoded> {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            if self.state == (State::Escape { twice: true }) {
                self.key(Key::plain(Code::Esc));
            }
            self.key(Key::plain(Code::Esc));
            self.state = State::LateEscape;
        }
        std::mem::take(&mut self.decoded)
    }

    /// Ends a sequence or paste that has lasted too long when the bytes of another read arrive.
    fn give_up_stale(&mut self, bytes: &[u8]) {
        let age = self.now.saturating_sub(self.since);
        let is_stale = age > ABANDONED || age > UNFINISHED && self.is_typed(bytes);
        match self.state {
            State::Ground | State::Escape { .. } => {}
            // A letter that arrives by itself was typed after the Esc key.
            State::LateEscape if bytes.len() == 1 && bytes[0].is_ascii_alphabetic() => {
                self.state = State::Ground;
            }
            State::LateEscape if age <= LATE_SEQUENCE => {}
            State::LateEscape if age <= ABANDONED && report::is_rest(bytes) => {}
            State::LateEscape if age <= ABANDONED && matches!(bytes, b"[" | b"]") => {
                let osc = bytes == b"]";
                self.state = State::LateBracket { osc };
            }
            State::LateEscape => self.state = State::Ground,
            State::LateBracket { osc } => {
                let bracket = if osc { b']' } else { b'[' };
                self.state = State::Ground;
                if age <= ABANDONED && report::is_rest(&[&[bracket], bytes].concat()) {
                    self.introduce(bracket);
                    self.is_late = true;
                }
            }
            // The ESC in the string was the Esc key, pressed because other keys had no effect.
            State::TextEscape(_) if age >= LONE_ESCAPE && bytes[0] != b'\\' => {
                self.state = State::LateEscape;
            }
            State::Paste if is_stale || age >= LONE_ESCAPE && bytes == [CTRL_C] => self.end_paste(),
            _ if is_stale => self.end(),
            _ => {}
        }
    }

    /// Returns true if the bytes look like a key and not like the rest of the unfinished sequence or paste.
    fn is_typed(&self, bytes: &[u8]) -> bool {
        let ends_it = match self.state {
            State::Text(text) => is_end(bytes[0], text),
            State::TextEscape(_) => bytes[0] == b'\\',
            State::Csi | State::SingleShift => {
                let is_final = matches!(bytes[0], b'@'..=b'~');
                // Nobody types the beginning of a report by hand.
                let is_report = matches!(self.buffer.first(), Some(b'<' | b'>' | b'?'));
                let goes_on = is_report && matches!(bytes[0], b'0'..=b'9' | b';' | b'$');
                !self.buffer.is_empty() && (is_final || goes_on)
            }
            State::Character => true,
            State::Paste => PASTE_END[self.matched..].starts_with(bytes),
            _ => false,
        };
        is_one_key(bytes) && !ends_it
    }

    fn end(&mut self) {
        self.state = State::Ground;
        self.buffer.clear();
        self.alt = false;
        self.is_late = false;
    }

    fn begin(&mut self, state: State) {
        self.state = state;
        self.buffer.clear();
        self.is_late = false;
        self.since = self.now;
    }

    fn key(&mut self, key: Key) {
        self.decoded.push(Decoded::Input(Input::Key(key)));
    }

    fn step(&mut self, byte: u8) {
        match self.state {
            State::Ground => self.ground(byte),
            State::Character => self.character(byte),
            State::Escape { twice } => self.escape(byte, twice),
            State::LateEscape => self.late_escape(byte),
            State::LateBracket { .. } => self.ground(byte),
            State::SingleShift => self.single_shift(byte),
            State::Csi => self.csi(byte),
            State::X10Mouse => self.x10_mouse(byte),
            State::ConsoleKey => {
                self.report(self.is_late, None);
                self.end();
            }
            State::Text(text) => self.text(byte, text),
            State::TextEscape(text) => self.text_escape(byte, text),
            State::Paste => self.paste(byte),
        }
    }

    fn ground(&mut self, byte: u8) {
        match byte {
            ESC => self.begin(State::Escape { twice: false }),
            // Eight-bit control characters, which cannot begin a UTF-8 character.
            0x8f | 0x90 | 0x98 | 0x9b | 0x9d..=0x9f => {
                self.alt = false;
                self.begin(match byte {
                    0x8f => State::SingleShift,
                    0x9b => State::Csi,
                    _ => State::Text(Text {
                        osc: byte == 0x9d,
                        eight_bit: true,
                    }),
                });
            }
            0x80.. => {
                self.begin(State::Character);
                self.character(byte);
            }
            _ => {
                let alt = std::mem::take(&mut self.alt);
                self.decoded
                    .extend(key_of(byte).map(|key| Decoded::Input(Input::Key(Key { alt, ..key }))));
            }
        }
    }

    fn character(&mut self, byte: u8) {
        self.buffer.push(byte);
        match std::str::from_utf8(&self.buffer) {
            Ok(text) => {
                let key = text
                    .chars()
                    .next()
                    .filter(|c| !c.is_control())
                    .map(|c| Key::plain(Code::Char(c)));
                let alt = self.alt;
                self.end();
                key.into_iter().for_each(|key| self.key(Key { alt, ..key }));
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => {
                let is_new = self.buffer.len() > 1;
                self.end();
                if is_new {
                    self.ground(byte);
                }
            }
        }
    }

    fn escape(&mut self, byte: u8, twice: bool) {
        if twice && !matches!(byte, b'[' | b'O') {
            // The first ESC was the Esc key.
            self.key(Key::plain(Code::Esc));
        }
        self.alt = twice;
        match byte {
            ESC => self.begin(State::Escape { twice: true }),
            _ if self.introduce(byte) => {}
            // The end of an earlier string.
            b'\\' => self.end(),
            _ => {
                self.begin(State::Ground);
                self.alt = true;
                self.ground(byte);
            }
        }
    }

    fn late_escape(&mut self, byte: u8) {
        self.alt = false;
        // Only strings that the program expects are recognised here, so that a letter after Esc remains a letter.
        if byte == b'X' || !(self.introduce(byte) || byte == b'\\') {
            self.begin(State::Ground);
            self.ground(byte);
        } else if byte == b'\\' {
            self.end();
        } else {
            self.is_late = true;
        }
    }

    /// Starts the sequence that this byte introduces after ESC.
    fn introduce(&mut self, byte: u8) -> bool {
        let state = match byte {
            b'[' => State::Csi,
            b'O' => State::SingleShift,
            b'P' | b'X' | b']' | b'^' | b'_' => State::Text(Text {
                osc: byte == b']',
                eight_bit: false,
            }),
            _ => return false,
        };
        self.alt &= matches!(byte, b'[' | b'O');
        self.begin(state);
        true
    }

    fn single_shift(&mut self, byte: u8) {
        match byte {
            b'0'..=b'9' | b';' if self.buffer.len() < LONGEST_SEQUENCE => self.buffer.push(byte),
            _ => self.finish(byte, csi::key),
        }
    }

    fn csi(&mut self, byte: u8) {
        match byte {
            b' '..=b'?' => {
                // One byte beyond the limit is enough to recognise a sequence without a meaning.
                if self.buffer.len() <= LONGEST_SEQUENCE {
                    self.buffer.push(byte);
                }
            }
            b'[' if self.buffer.is_empty() => self.state = State::ConsoleKey,
            b'M' if self.buffer.is_empty() => self.state = State::X10Mouse,
            _ => self.finish(byte, csi::decode),
        }
    }

    fn x10_mouse(&mut self, byte: u8) {
        self.buffer.push(byte);
        if let [button, column, row] = self.buffer[..] {
            let is_late = self.is_late;
            self.end();
            let from_one = |byte: u8| u32::from(byte.saturating_sub(b' '));
            let input = csi::mouse(from_one(button), from_one(column), from_one(row), true);
            self.report(is_late, input.map(Decoded::Input));
        }
    }

    /// Ends a sequence with its final byte; any other byte cancels it.
    fn finish(&mut self, last: u8, meaning: fn(&[u8], u8) -> csi::Meaning) {
        let sequence = std::mem::take(&mut self.buffer);
        let (alt, is_late) = (self.alt, self.is_late);
        self.end();
        match last {
            b'@'..=b'~' if sequence.len() <= LONGEST_SEQUENCE => match meaning(&sequence, last) {
                csi::Meaning::Key(key) => {
                    let alt = key.alt || alt;
                    self.report(
                        is_late,
                        Some(Decoded::Input(Input::Key(Key { alt, ..key }))),
                    );
                }
                csi::Meaning::PasteBegins => {
                    self.report(is_late, None);
                    self.begin(State::Paste);
                    (self.matched, self.pasted) = (0, 0);
                }
                csi::Meaning::Other(decoded) => {
                    if alt {
                        self.key(Key::plain(Code::Esc));
                    }
                    self.report(is_late, decoded);
                }
            },
            b'@'..=b'~' | CANCEL | SUBSTITUTE => {}
            _ => self.ground(last),
        }
    }

    /// Reports a complete sequence. If its ESC was reported as the Esc key, that key is withdrawn first, and a mouse
    /// report is dropped, because it may refer to a screen that the Esc key has replaced.
    fn report(&mut self, is_late: bool, decoded: Option<Decoded>) {
        if is_late {
            self.decoded.push(Decoded::Input(Input::EscapeWithdrawn));
        }
        self.decoded
            .extend(decoded.filter(|decoded| !(is_late && decoded.is_mouse())));
    }

    fn text(&mut self, byte: u8, text: Text) {
        match byte {
            ESC => {
                self.state = State::TextEscape(text);
                self.since = self.now;
            }
            _ if is_end(byte, text) => self.end_text(text),
            CANCEL | SUBSTITUTE => self.end(),
            CTRL_C => {
                self.end();
                self.ground(byte);
            }
            _ => {
                if self.buffer.len() < LONGEST_SEQUENCE {
                    self.buffer.push(byte);
                }
            }
        }
    }

    fn text_escape(&mut self, byte: u8, text: Text) {
        match byte {
            b'\\' => self.end_text(text),
            // Any other sequence cancels the string.
            _ => {
                self.begin(State::Escape { twice: false });
                self.escape(byte, false);
            }
        }
    }

    fn end_text(&mut self, text: Text) {
        let dark = if text.osc {
            is_dark(&self.buffer)
        } else {
            None
        };
        self.report(self.is_late, dark.map(|dark| Decoded::Background { dark }));
        self.end();
    }

    fn paste(&mut self, byte: u8) {
        self.matched = match byte {
            _ if byte == PASTE_END[self.matched] => self.matched + 1,
            ESC => 1,
            _ => 0,
        };
        self.pasted += 1;
        if self.buffer.len() < LONGEST_PASTE + PASTE_END.len() {
            self.buffer.push(byte);
        }
        if self.matched == PASTE_END.len() {
            self.pasted -= PASTE_END.len();
            self.end_paste();
        }
    }

    fn end_paste(&mut self) {
        self.buffer.truncate(self.pasted.min(LONGEST_PASTE));
        let text = String::from_utf8_lossy(&self.buffer).into_owned();
        self.decoded.push(Decoded::Input(Input::Paste(text)));
        self.end();
    }
}

/// Returns true if the byte ends a control string or begins its end.
fn is_end(byte: u8, text: Text) -> bool {
    byte == ESC || byte == BEL && text.osc || byte == 0x9c && text.eight_bit
}

/// Returns true if a read consists of one character, or of one sequence such as that of an arrow key.
fn is_one_key(bytes: &[u8]) -> bool {
    match bytes {
        [ESC, rest @ ..] => {
            rest.len() <= 6 && !PASTE_END.starts_with(bytes) && !rest.contains(&ESC)
        }
        _ => std::str::from_utf8(bytes).is_ok_and(|text| text.chars().count() == 1),
    }
}

/// Returns the key of a single byte; `None` for control characters without a meaning.
fn key_of(byte: u8) -> Option<Key> {
    let ctrl = |base: u8| Key {
        ctrl: true,
        ..Key::plain(Code::Char(char::from(base)))
    };
    Some(match byte {
        b'\r' | b'\n' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        // Terminals send one of these for the Backspace key.
        0x08 | 0x7f => Key::plain(Code::Backspace),
        0 => ctrl(b' '),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1c..=0x1f => ctrl(byte - 0x1c + b'4'),
        b' '..=b'~' => Key::plain(Code::Char(char::from(byte))),
        _ => return None,
    })
}

/// Returns true if the colour of an OSC 11 reply (`11;rgb:RRRR/GGGG/BBBB`) is dark.
fn is_dark(reply: &[u8]) -> Option<bool> {
    let colour = std::str::from_utf8(reply)
        .ok()?
        .strip_prefix("11;rgb")?
        .trim_start_matches('a')
        .strip_prefix(':')?;
    let mut channels = colour.split('/').map(hex_share);
    let (red, green, blue) = (channels.next()??, channels.next()??, channels.next()??);
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5)
}

/// Parses a colour channel of one to four hexadecimal digits as a fraction of its maximum.
fn hex_share(digits: &str) -> Option<f64> {
    let is_channel =
        (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let most = 16_f64.powi(i32::try_from(digits.len()).ok()?) - 1.0;
    is_channel.then(|| {
        u32::from_str_radix(digits, 16)
            .ok()
            .map(|value| f64::from(value) / most)
    })?
}

#[cfg(test)]
mod tests;
