//! Decodes the bytes that a terminal sends: keys, mouse reports, pastes, and replies to queries.
//!
//! The decoder keeps its state between reads, so the place where a read ends decides nothing. A reply, whether late,
//! split or never requested, is consumed to its end and never becomes a key. Time comes in as a value.

mod csi;

use super::key::Input;
use crate::app::key::{Code, Key};
use crate::core::time::Millis;

/// How long an ESC waits for the rest of a sequence before it is the Esc key.
const LONE_ESCAPE: Millis = Millis(40);
/// How long after the Esc key an introducer still begins a sequence: its ESC came over a slow link.
const LATE_SEQUENCE: Millis = Millis(1_000);
/// A sequence or a paste that has not ended after this time lost its end.
const ABANDONED: Millis = Millis(10_000);
/// The longest paste that is kept, in bytes; the rest is dropped.
const LONGEST_PASTE: usize = 1 << 20;
/// The longest sequence that can mean something, in bytes.
const LONGEST_SEQUENCE: usize = 64;
const PASTE_END: &[u8] = b"\x1b[201~";

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const CTRL_C: u8 = 0x03;

/// Something that the terminal sent and that means something to the program.
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

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Ground,
    /// The first bytes of a UTF-8 character are in the buffer.
    Character,
    /// After ESC, which may be the Esc key, or after two of them.
    Escape {
        twice: bool,
    },
    /// After an ESC that was reported as the Esc key because nothing followed in time.
    LateEscape,
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
    /// Begun by an eight-bit control character, and ended by one.
    eight_bit: bool,
}

/// The state between reads.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    buffer: Vec<u8>,
    /// Alt belongs to the next character or key.
    alt: bool,
    /// How much of the end of a paste has been seen, and how long the paste is.
    matched: usize,
    pasted: usize,
    /// When the sequence began, or the paste last went on.
    since: Millis,
    now: Millis,
    decoded: Vec<Decoded>,
}

impl Decoder {
    /// Returns what the bytes of one read mean, together with those before them.
    pub fn feed(&mut self, now: Millis, bytes: &[u8]) -> Vec<Decoded> {
        self.now = now;
        if !bytes.is_empty() {
            self.give_up_stale(bytes[0]);
        }
        for byte in bytes {
            self.step(*byte);
        }
        if self.state == State::Paste {
            self.since = now;
        }
        std::mem::take(&mut self.decoded)
    }

    /// Returns the moment at which a lone ESC becomes the Esc key.
    pub fn deadline(&self) -> Option<Millis> {
        matches!(self.state, State::Escape { .. }).then(|| self.since + LONE_ESCAPE)
    }

    /// Reports a lone ESC as the Esc key: nothing was left to read at the deadline.
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

    /// Ends what has been going on for too long when `next` arrives.
    fn give_up_stale(&mut self, next: u8) {
        let age = self.now.less(self.since);
        match self.state {
            State::Ground | State::Escape { .. } => {}
            State::LateEscape if age > LATE_SEQUENCE => self.state = State::Ground,
            State::LateEscape => {}
            // The ESC in the string was the Esc key of somebody whose keys did nothing.
            State::TextEscape(_) if age >= LONE_ESCAPE && next != b'\\' => self.state = State::LateEscape,
            State::Paste if age > ABANDONED => self.end_paste(),
            _ if age > ABANDONED => self.end(),
            _ => {}
        }
    }

    fn end(&mut self) {
        self.state = State::Ground;
        self.buffer.clear();
        self.alt = false;
    }

    fn begin(&mut self, state: State) {
        self.state = state;
        self.buffer.clear();
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
            State::SingleShift => self.single_shift(byte),
            State::Csi => self.csi(byte),
            State::X10Mouse => self.x10_mouse(byte),
            State::ConsoleKey => self.end(),
            State::Text(text) => self.text(byte, text),
            State::TextEscape(text) => self.text_escape(byte, text),
            State::Paste => self.paste(byte),
        }
    }

    fn ground(&mut self, byte: u8) {
        match byte {
            ESC => self.begin(State::Escape { twice: false }),
            // Control characters of eight bits, which cannot begin a character.
            0x8f | 0x90 | 0x98 | 0x9b | 0x9d..=0x9f => {
                self.alt = false;
                self.begin(match byte {
                    0x8f => State::SingleShift,
                    0x9b => State::Csi,
                    _ => State::Text(Text { osc: byte == 0x9d, eight_bit: true }),
                });
            }
            0x80.. => {
                self.begin(State::Character);
                self.character(byte);
            }
            _ => {
                let alt = std::mem::take(&mut self.alt);
                self.decoded.extend(key_of(byte).map(|key| Decoded::Input(Input::Key(Key { alt, ..key }))));
            }
        }
    }

    fn character(&mut self, byte: u8) {
        self.buffer.push(byte);
        match std::str::from_utf8(&self.buffer) {
            Ok(text) => {
                let key = text.chars().next().filter(|c| !c.is_control()).map(|c| Key::plain(Code::Char(c)));
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
            // The first was the Esc key.
            self.key(Key::plain(Code::Esc));
        }
        self.alt = twice;
        match byte {
            ESC => self.begin(State::Escape { twice: true }),
            _ if self.introduce(byte) => {}
            // The end of a string that began before.
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
        // A string that is none of ours is not expected here, so that a letter after Esc is a letter.
        if byte == b'X' || !(self.introduce(byte) || byte == b'\\') {
            self.begin(State::Ground);
            self.ground(byte);
        } else if byte == b'\\' {
            self.end();
        }
    }

    /// Begins the sequence that this byte introduces after ESC.
    fn introduce(&mut self, byte: u8) -> bool {
        let state = match byte {
            b'[' => State::Csi,
            b'O' => State::SingleShift,
            b'P' | b'X' | b']' | b'^' | b'_' => State::Text(Text { osc: byte == b']', eight_bit: false }),
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
                // One byte more than can mean something is enough to know that it means nothing.
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
            self.end();
            let from_one = |byte: u8| u32::from(byte.saturating_sub(b' '));
            let input = csi::mouse(from_one(button), from_one(column), from_one(row), true);
            self.decoded.extend(input.map(Decoded::Input));
        }
    }

    /// Ends a sequence with its final byte; any other byte cancels it.
    fn finish(&mut self, last: u8, meaning: fn(&[u8], u8) -> csi::Meaning) {
        let sequence = std::mem::take(&mut self.buffer);
        let alt = self.alt;
        self.end();
        match last {
            b'@'..=b'~' if sequence.len() <= LONGEST_SEQUENCE => match meaning(&sequence, last) {
                csi::Meaning::Key(key) => self.key(Key { alt: key.alt || alt, ..key }),
                csi::Meaning::PasteBegins => {
                    self.begin(State::Paste);
                    (self.matched, self.pasted) = (0, 0);
                }
                csi::Meaning::Other(decoded) => {
                    if alt {
                        self.key(Key::plain(Code::Esc));
                    }
                    self.decoded.extend(decoded);
                }
            },
            b'@'..=b'~' | CANCEL | SUBSTITUTE => {}
            _ => self.ground(last),
        }
    }

    fn text(&mut self, byte: u8, text: Text) {
        match byte {
            ESC => {
                self.state = State::TextEscape(text);
                self.since = self.now;
            }
            BEL if text.osc => self.end_text(text),
            0x9c if text.eight_bit => self.end_text(text),
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
        if let Some(dark) = Some(&self.buffer).filter(|_| text.osc).and_then(|reply| is_dark(reply)) {
            self.decoded.push(Decoded::Background { dark });
        }
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

/// Returns the key that a single byte means; `None` for control characters that mean nothing.
fn key_of(byte: u8) -> Option<Key> {
    let ctrl = |base: u8| Key { ctrl: true, ..Key::plain(Code::Char(char::from(base))) };
    Some(match byte {
        b'\r' | b'\n' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        // Terminals send either for the Backspace key.
        0x08 | 0x7f => Key::plain(Code::Backspace),
        0 => ctrl(b' '),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1c..=0x1f => ctrl(byte - 0x1c + b'4'),
        b' '..=b'~' => Key::plain(Code::Char(char::from(byte))),
        _ => return None,
    })
}

/// Returns whether the colour of an OSC 11 reply (`11;rgb:RRRR/GGGG/BBBB`) is dark.
fn is_dark(reply: &[u8]) -> Option<bool> {
    let colour = std::str::from_utf8(reply).ok()?.strip_prefix("11;rgb")?.trim_start_matches('a').strip_prefix(':')?;
    let mut channels = colour.split('/').map(hex_share);
    let (red, green, blue) = (channels.next()??, channels.next()??, channels.next()??);
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5)
}

/// Returns a colour channel of one to four hexadecimal digits as a share of its largest value.
fn hex_share(digits: &str) -> Option<f64> {
    let is_channel = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let most = 16_f64.powi(i32::try_from(digits.len()).ok()?) - 1.0;
    is_channel.then(|| u32::from_str_radix(digits, 16).ok().map(|value| f64::from(value) / most))?
}

#[cfg(test)]
mod tests;
