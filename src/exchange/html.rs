//! Plain text from the HTML in imported questions.

/// The elements that separate paragraphs.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];
/// The elements whose text is kept without their formatting.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "em", "strong", "span", "font", "code", "tt", "kbd", "small", "sub", "sup",
    "s", "td", "th", "tbody", "thead", "label", "section",
];
/// The elements that are replaced by a mark, with a loss.
const MEDIA: &[&str] = &["img", "audio", "video", "iframe", "object", "embed", "svg"];

/// Returns true if a text contains an element or a character reference that we know.
pub fn has_markup(text: &str) -> bool {
    let is_tag = text
        .match_indices('<')
        .any(|(at, _)| tag(&text[at..]).is_some());
    let entities = ["&nbsp;", "&lt;", "&gt;", "&amp;", "&quot;", "&#"];
    is_tag || entities.iter().any(|entity| text.contains(entity))
}

/// Returns the text of HTML. With `keeps_lines`, line breaks of the source are line breaks of the text.
pub fn plain(html: &str, keeps_lines: bool, losses: &mut Vec<String>) -> String {
    let mut text = String::with_capacity(html.len());
    let (mut rest, mut is_code) = (html, false);
    while let Some(c) = rest.chars().next() {
        let Some((name, closes, length)) = tag(rest) else {
            match c {
                '\n' | '\r' if !keeps_lines && !is_code => text.push(' '),
                _ => text.push(c),
            }
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let element = &rest[..length];
        rest = &rest[length..];
        match name.as_str() {
            "br" => text.push('\n'),
            "pre" => {
                is_code = !closes;
                text.push_str(if closes { "\n```\n\n" } else { "\n\n```\n" });
            }
            "li" if !closes => text.push_str("\n- "),
            "tr" => text.push('\n'),
            "td" | "th" if closes => text.push_str("  "),
            "sup" if !closes => text.push('^'),
            "script" | "style" if !closes => {
                let end = rest
                    .to_ascii_lowercase()
                    .find(&format!("</{name}"))
                    .unwrap_or(rest.len());
                losses.push(format!("a <{name}> was left out"));
                rest = &rest[end..];
            }
            name if BLOCKS.contains(&name) => text.push_str("\n\n"),
            name if MEDIA.contains(&name) && !closes => {
                let source = attribute(element, "src").or(attribute(element, "alt"));
                let source = source.unwrap_or_else(|| name.to_owned());
                losses.push(format!("the media file `{source}` is not shown"));
                text.push_str(&format!("[{source}]"));
            }
            _ => {}
        }
    }
    let text = html_escape::decode_html_entities(&text);
    tidy(&text)
}

/// Returns the name of the element that begins here, whether it is an end tag, and the length of the tag.
fn tag(text: &str) -> Option<(String, bool, usize)> {
    let inner = text.strip_prefix('<')?;
    if inner.starts_with("!--") {
        let end = inner.find("-->")?;
        return Some(("!--".to_owned(), true, end + 4));
    }
    let closes = inner.starts_with('/');
    let name = inner.trim_start_matches('/');
    let length = name
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let known = name[..length].to_ascii_lowercase();
    let others = ["br", "pre", "li", "tr", "script", "style", "hr"];
    let lists = [BLOCKS, INLINE, MEDIA, &others];
    if !lists.iter().any(|list| list.contains(&known.as_str())) {
        return None;
    }
    // The attributes of a real tag are short; the limit bounds the search in hostile texts.
    let end = text.bytes().take(20_000).position(|b| b == b'>')?;
    Some((known, closes, end + 1))
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = rest[1..].split_once(quote)?;
    Some(value.chars().take(80).collect())
}

/// Removes spaces at the ends of lines, and more than one empty line between paragraphs.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let (mut blank, mut is_code) = (0, false);
    for line in text.replace('\u{a0}', " ").lines() {
        is_code ^= line.trim() == "```";
        let line = if is_code {
            line.trim_end()
        } else {
            line.trim()
        };
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.trim().to_owned()
}
