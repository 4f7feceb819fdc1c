//! Notes of Anki as text: lines that begin with `#` name the columns, and each row is a note.

mod cloze;

use csv::StringRecord;

use super::draft::{Body, Draft, Imported, is_address};
use super::{html, rows};

/// What the lines at the beginning say.
#[derive(Debug, Default)]
struct Header {
    separator: Option<u8>,
    html: Option<bool>,
    /// The names of the columns.
    names: Vec<String>,
    /// The type and the deck of all notes.
    notetype: String,
    deck: String,
    tags: String,
    /// The columns from 0 that are no fields.
    notetypes: Option<usize>,
    guids: Option<usize>,
    decks: Option<usize>,
    tags_column: Option<usize>,
}

/// The fields of a note as plain text.
#[derive(Debug, Default)]
struct Note {
    line: usize,
    guid: String,
    /// The deck and the tags.
    category: String,
    is_cloze: bool,
    is_reversed: bool,
    front: String,
    back: String,
    sources: Vec<String>,
}

/// Returns true for a line that Anki writes at the beginning of a file.
pub fn is_header(line: &str) -> bool {
    let keys = [
        "separator",
        "html",
        "columns",
        "notetype",
        "deck",
        "tags",
        "guid",
        "if matches",
    ];
    line.strip_prefix('#')
        .is_some_and(|rest| keys.iter().any(|key| rest.starts_with(key)) && rest.contains(':'))
}

/// Reads the notes of a file.
pub fn read(text: &str) -> Imported {
    let mut imported = Imported::default();
    let mut header = Header::default();
    let (mut lines, mut start) = (0, 0);
    for line in text.split_inclusive('\n') {
        if !line.starts_with('#') {
            break;
        }
        lines += 1;
        start += line.len();
        header.add(line.trim_end()[1..].trim_start(), lines, &mut imported);
    }
    let body = &text[start..];
    let separator = header.separator.unwrap_or_else(|| guess(body));
    let is_html = header.html.unwrap_or_else(|| html::has_markup(body));
    let read = rows::each(body, separator, |line, record| {
        let mut losses = Vec::new();
        let note = header.note(lines + line, record, is_html, &mut losses);
        note.add(losses, &mut imported);
        true
    });
    if let Err(broken) = read {
        imported.refuse(lines + broken.line, broken.message);
    }
    imported
}

/// Returns the separator of a file that names none.
fn guess(body: &str) -> u8 {
    let first = body.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
    [b'\t', b';', b',', b'|']
        .into_iter()
        .find(|separator| first.as_bytes().contains(separator))
        .unwrap_or(b'\t')
}

impl Header {
    /// Reads a line such as `tags column:3`, without its `#`.
    fn add(&mut self, line: &str, number: usize, imported: &mut Imported) {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let column = || value.trim().parse::<usize>().ok()?.checked_sub(1);
        match key.trim().to_lowercase().as_str() {
            "separator" => self.separator = separator(value),
            "html" => self.html = Some(value.trim().eq_ignore_ascii_case("true")),
            "columns" => {
                let separator = char::from(self.separator.unwrap_or(b'\t'));
                let names = value
                    .split(separator)
                    .map(|name| name.trim().to_lowercase());
                self.names = names.collect();
            }
            "notetype" => value.trim().clone_into(&mut self.notetype),
            "deck" => value.trim().clone_into(&mut self.deck),
            "tags" => value.trim().clone_into(&mut self.tags),
            "notetype column" => self.notetypes = column(),
            "deck column" => self.decks = column(),
            "tags column" => self.tags_column = column(),
            "guid column" => self.guids = column(),
            "if matches" => {}
            _ => imported.note(
                number,
                format!("the line `#{line}` was taken for a comment"),
            ),
        }
    }

    fn note(
        &self,
        line: usize,
        record: &StringRecord,
        is_html: bool,
        losses: &mut Vec<String>,
    ) -> Note {
        let at = |column: Option<usize>| column.and_then(|n| record.get(n)).unwrap_or_default();
        let or = |own: &str, all: &str| {
            if own.is_empty() {
                all.to_owned()
            } else {
                own.to_owned()
            }
        };
        let notetype = or(at(self.notetypes), &self.notetype).to_lowercase();
        let category = [
            or(at(self.decks), &self.deck),
            at(self.tags_column).to_owned(),
            self.tags.clone(),
        ];
        let mut note = Note {
            line,
            guid: at(self.guids).to_owned(),
            category: category.join(" ").trim().to_owned(),
            ..Note::default()
        };
        let special = [self.notetypes, self.decks, self.tags_column, self.guids];
        let fields = record.iter().enumerate();
        let fields = fields.filter(|(n, _)| !special.contains(&Some(*n)));
        let mut extra = String::new();
        for (nth, (n, raw)) in fields.enumerate() {
            if raw.contains("[sound:") {
                losses.push("a sound is not played".to_owned());
            }
            let text = match is_html {
                true => html::plain(raw, false, losses),
                false => raw.to_owned(),
            };
            let name = self.names.get(n).map_or("", String::as_str);
            match (nth, name) {
                _ if text.is_empty() => {}
                (_, "source" | "reference" | "url") if is_address(&text) => note.sources.push(text),
                (0, _) => note.front = text,
                (1, _) => note.back = text,
                (2, _) if notetype.contains("optional reversed") => extra.clone_from(&text),
                (_, "") => note.back.push_str(&format!("\n\n{text}")),
                (_, name) => note.back.push_str(&format!("\n\n{name}: {text}")),
            }
        }
        note.back = note.back.trim().to_owned();
        note.is_cloze = cloze::is_in(&note.front) && !notetype.contains("basic");
        note.is_reversed = notetype.contains("and reversed") || !extra.is_empty();
        note
    }
}

/// Returns the character that a header names by a word or as it is.
fn separator(value: &str) -> Option<u8> {
    Some(match value.trim().to_lowercase().as_str() {
        "tab" | "\\t" => b'\t',
        "comma" => b',',
        "semicolon" => b';',
        "colon" => b':',
        "pipe" => b'|',
        "space" => b' ',
        _ => match value.as_bytes() {
            [byte] => *byte,
            _ => return None,
        },
    })
}

impl Note {
    /// Adds the cards of a note.
    fn add(self, mut losses: Vec<String>, imported: &mut Imported) {
        if self.front.is_empty() {
            return imported.refuse(self.line, "its first field, the front, is empty");
        }
        if self.is_cloze {
            for (number, front) in cloze::cards(&self.front, &mut losses) {
                let title = format!("{} c{number}", self.guid);
                let draft = self.card(title.trim(), &front, &self.back);
                imported.add(draft, std::mem::take(&mut losses));
            }
            return;
        }
        if self.back.is_empty() {
            return imported.refuse(self.line, "its second field, the back, is empty");
        }
        let front = cloze::literal(&self.front, &mut losses);
        imported.add(self.card(&self.guid, &front, &self.back), losses);
        if self.is_reversed {
            let mut losses = Vec::new();
            let title = format!("{} reversed", self.guid);
            let back = cloze::literal(&self.back, &mut losses);
            imported.add(self.card(title.trim(), &back, &self.front), losses);
        }
    }

    fn card(&self, title: &str, front: &str, back: &str) -> Draft {
        Draft {
            line: self.line,
            title: title.to_owned(),
            category: self.category.clone(),
            lead_in: front.to_owned(),
            body: Body::Recall(back.to_owned()),
            sources: self.sources.clone(),
            ..Draft::default()
        }
    }
}
