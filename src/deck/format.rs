//! The description of the deck format, from which the parser, its suggestions and `aethos schema` are derived.

use crate::core::question::{Demand, Kind, Level};

/// The description of a TOML table and its keys.
#[derive(Debug)]
pub struct Table {
    pub doc: &'static str,
    pub keys: &'static [Key],
}

/// The description of a key of a table.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub value: Value,
    pub required: Required,
    /// The types of question that have this key; empty for all of them.
    pub kinds: &'static [Kind],
    pub doc: &'static str,
}

/// Where a key is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    Always,
    /// Only in the built-in decks.
    BuiltIn,
    /// In the built-in decks, and in tables without a `url`.
    UnlessUrl,
    /// In all questions but cards.
    UnlessCard,
    Never,
}

/// How complete the questions of a deck have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// A deck that is part of the program.
    BuiltIn,
    /// A person's own deck.
    Own,
    /// An own deck that is still being written: what is missing is only a warning.
    Draft,
}

/// The type of a value, with its constraints.
#[derive(Debug)]
pub enum Value {
    /// Prose, not empty.
    Text,
    /// Text in which spaces and line breaks matter.
    Listing,
    /// An id of lower-case letters, digits, `.`, `-`, `/`, `_` and `+`.
    Id,
    Ids,
    /// An array of texts.
    Texts,
    /// One of a set of words.
    Word(fn() -> Vec<&'static str>),
    /// `YYYY-MM-DD`
    Date,
    /// An address of the web.
    Url,
    Integer(i64, i64),
    Number(f64, f64),
    Numbers,
    Flag,
    /// Pairs of step numbers, from 1.
    Pairs,
    Table(&'static Table),
    /// An array of tables, with its minimum and maximum length.
    Tables(&'static Table, usize, usize),
    /// A table of tables, under names chosen by the author.
    Named(&'static Table),
    /// A table of numbers, under names chosen by the author.
    NamedNumbers,
    /// A number, or in a numeric question a placeholder such as `{n}` or `{=2*n}`.
    Amount,
    /// An array of amounts.
    Amounts,
    /// An array of pairs of amounts.
    Points,
    /// An array of arrays of texts.
    TextRows,
    /// An array of words from a set.
    Words(fn() -> Vec<&'static str>),
    /// An array of figures, each with the format of its `kind`.
    Figures,
    /// A model, one of its asks, and its bounds.
    Simulation,
}

pub const fn required(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key {
        name,
        value,
        required: Required::Always,
        kinds: &[],
        doc,
    }
}

pub const fn optional(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key {
        required: Required::Never,
        ..required(name, value, doc)
    }
}

impl Key {
    const fn only_for(self, kinds: &'static [Kind]) -> Key {
        Key { kinds, ..self }
    }

    const fn unless_own(self) -> Key {
        Key {
            required: Required::BuiltIn,
            ..self
        }
    }

    const fn unless_url(self) -> Key {
        Key {
            required: Required::UnlessUrl,
            ..self
        }
    }

    const fn unless_card(self) -> Key {
        Key {
            required: Required::UnlessCard,
            ..self
        }
    }

    /// Returns true if a table of such a deck, in a question of type `kind`, must have the key.
    pub fn is_required(&self, standard: Standard, has_url: bool, kind: Option<Kind>) -> bool {
        let is_builtin = standard == Standard::BuiltIn;
        match self.required {
            Required::Always => true,
            Required::BuiltIn => is_builtin,
            Required::UnlessUrl => is_builtin || !has_url,
            Required::UnlessCard => kind != Some(Kind::Recall),
            Required::Never => false,
        }
    }

    /// Returns true for a key that has a header of its own, such as `[[question.right]]`.
    pub fn is_of_tables(&self) -> bool {
        matches!(
            self.value,
            Value::Table(_) | Value::Tables(..) | Value::Named(_) | Value::Figures
        )
    }

    /// Returns true for a key that no deck needs.
    pub fn is_optional(&self) -> bool {
        matches!(self.required, Required::Never)
    }

    /// Returns true for a required key that a draft may still lack.
    pub fn can_follow(&self) -> bool {
        DRAFT_LACKS.contains(&self.name)
    }

    pub fn applies_to(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

impl Table {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

use Value::*;

/// The types of question that a model can draw.
pub const SIMULATED: &[Kind] = &[Kind::Single, Kind::Multiple, Kind::Ordering, Kind::Numeric];

/// The required keys without which a question can already be practised.
const DRAFT_LACKS: &[&str] = &[
    "points",
    "level",
    "demand",
    "seconds",
    "stem",
    "explanation",
    "model_answer",
    "rubric",
    "why",
    "reference",
    "author",
    "where",
];

/// Returns true for a key of a question that a simulated one computes, such as its options.
pub fn is_computed(key: &Key) -> bool {
    !key.kinds.is_empty() && key.name != "simulation"
}

/// A whole deck file.
pub static FILE: Table = Table {
    doc: "A deck of aethos: its provenance and its questions.",
    keys: &[
        required("deck", Table(&DECK), "Provenance of the deck."),
        required(
            "question",
            Tables(&QUESTION, 1, usize::MAX),
            "The questions; each begins with [[question]] on a line of its own.",
        ),
    ],
};

/// The part of a deck file before its first question.
pub static HEAD: Table = Table {
    doc: "The head of a deck.",
    keys: &[required("deck", Table(&DECK), "Provenance of the deck.")],
};

pub static DECK: Table = Table {
    doc: "Provenance of a deck.",
    keys: &[
        required("id", Id, "The name of the file without .toml."),
        required("title", Text, "What a person calls the deck."),
        required("version", Text, "Version of the deck, such as 1.0.0."),
        required("language", Text, "Language of the texts, such as en."),
        required(
            "competency",
            Id,
            "The competency of the blueprint that all questions belong to.",
        ),
        optional(
            "draft",
            Flag,
            "Whether its questions are still to be completed: they can be practised, and no assessment asks them.",
        ),
        optional(
            "counts",
            Flag,
            "Whether assessments that name no decks ask its questions, too, so that they count for the score of the role.",
        ),
    ],
};

pub static QUESTION: Table = Table {
    doc: "A question. Its scalar keys stand before its tables.",
    keys: &[
        required("id", Id, "Unique in the deck: the facet, a dot and a number, such as consensus-paxos-raft.001."),
        required("facet", Id, "The facet of the blueprint that it belongs to."),
        required("points", Ids, "The knowledge points that it samples, such as consensus-paxos-raft/kp7.").unless_own(),
        optional("tips", Ids, "Tips of the source document that it illustrates."),
        required(
            "level",
            Word(|| Level::ALL.map(Level::word).to_vec()),
            "The seniority from which one is expected to answer it: junior, mid, senior, staff or principal.",
        )
        .unless_card(),
        required("demand", Word(|| Demand::ALL.map(Demand::word).to_vec()), "The kind of thinking that it requires: recall, apply, diagnose, judge or design.").unless_card(),
        required("type", Word(|| Kind::ALL.map(Kind::word).to_vec()), "How it is answered: single, multiple, ordering, matching, numeric, open or recall."),
        optional("family", Id, "Questions of one family give each other away: a form has at most one of them."),
        required("seconds", Integer(5, 3600), "Fair time to read, think and answer, in seconds.").unless_card(),
        required("stem", Text, "The situation.").unless_card(),
        optional("code_lang", Id, "The language of the listing; `log` and `diff` have their own colours."),
        optional("code", Listing, "A listing of at most 20 lines and 76 columns."),
        optional("code_numbers", Flag, "Whether the lines of the listing are numbered."),
        required("lead_in", Text, "The one closed question; a card has a `front` in its place.").unless_card(),
        required("front", Text, "The front of a card; {{a word}} or {{a word::a hint}} is a blank.").only_for(&[Kind::Recall]),
        optional("back", Text, "The back of a card; it may be left out if the front has blanks.").only_for(&[Kind::Recall]),
        required("select", Integer(2, 5), "How many options are right.").only_for(&[Kind::Multiple]),
        optional("free", Pairs, "Pairs of steps that may stand either way, by their numbers from 1: [[2, 3]].")
            .only_for(&[Kind::Ordering]),
        required("explanation", Text, "What teaches: the mechanism, why the tempting answers fail, the limit of the rule.").unless_card(),
        optional("waive", Texts, "Rules that this question breaks for a reason: [\"L07: proper noun\"]."),
        optional("retired", Text, "The reason why the question is no longer asked. It can still be reviewed in old sessions. `aethos rescore` takes it out of their scores, unless the reason begins with `replaced by`."),
        optional("discussion", Text, "What a mentor may ask next."),
        optional("checked", Table(&CHECKED), "When and against what facts that can expire were last looked up."),
        required("model_answer", Text, "A good answer.").only_for(&[Kind::Open]),
        required(
            "option",
            Tables(&OPTION, 3, 6),
            "What can be chosen: 3 to 5 in a single question, 4 to 6 in a multiple one.",
        )
        .only_for(&[Kind::Single, Kind::Multiple]),
        required("step", Tables(&STEP, 4, 7), "The steps in their right order.").only_for(&[Kind::Ordering]),
        required("left", Tables(&LEFT, 3, 6), "What is to be matched.").only_for(&[Kind::Matching]),
        required("right", Tables(&RIGHT, 5, 12), "What it is matched with; at least two more than there are left entries.")
            .only_for(&[Kind::Matching]),
        optional("params", Named(&PARAM), "The parameters; {name} in a text is replaced by the value that was drawn, {value} by the correct answer, {=formula} by any calculation.")
            .only_for(&[Kind::Numeric]),
        required("answer", Table(&ANSWER), "How the right number is calculated.").only_for(&[Kind::Numeric]),
        optional("figure", Figures, "Figures, shown between the stem and the lead-in in this order."),
        required("rubric", Tables(&CRITERION, 4, 8), "What an answer is rated by.").only_for(&[Kind::Open]),
        optional("simulation", Simulation, "The model that draws the situation, its figure and the options, in the place of a key of its own.")
            .only_for(SIMULATED),
        required("reference", Tables(&REFERENCE, 1, 20), "Primary sources.").unless_card(),
    ],
};

pub static OPTION: Table = Table {
    doc: "Something that can be chosen.",
    keys: &[
        required("text", Text, "The option as it is shown."),
        optional(
            "correct",
            Flag,
            "Whether it is keyed; false where it is left out.",
        ),
        optional(
            "credit",
            Number(0.0, 1.0),
            "What picking it earns in a single question: 1.0 for the key, 0.5 or 0.0.",
        ),
        required("why", Text, "Why it is right or wrong."),
        optional(
            "misconception",
            Text,
            "The wrong belief that a distractor stands for; every distractor has one.",
        ),
    ],
};

pub static STEP: Table = Table {
    doc: "A step of an ordering question.",
    keys: &[
        required("text", Text, "The step as it is shown."),
        required("why", Text, "Why it stands here."),
    ],
};

pub static LEFT: Table = Table {
    doc: "An entry that is to be matched.",
    keys: &[
        required("text", Text, "The entry as it is shown."),
        required("match", Id, "The id of the right entry that belongs to it."),
        required("why", Text, "Why these two belong together."),
    ],
};

pub static RIGHT: Table = Table {
    doc: "An entry that others are matched with.",
    keys: &[
        required("id", Id, "Unique in the question."),
        required("text", Text, "The entry as it is shown."),
    ],
};

pub static PARAM: Table = Table {
    doc: "A parameter of a numeric question.",
    keys: &[
        required(
            "values",
            Numbers,
            "The values that can be drawn; every combination of all parameters must make sense.",
        ),
        optional("unit", Text, "Unit of the values."),
        optional("label", Text, "What the parameter is."),
    ],
};

pub static ANSWER: Table = Table {
    doc: "The right number of a numeric question.",
    keys: &[
        required(
            "formula",
            Text,
            "Numbers, parameters, + - * / ^ ( ) and min max ceil floor sqrt ln log2.",
        ),
        optional("unit", Text, "Unit of the answer."),
        optional(
            "tolerance_rel",
            Number(0.0, 1.0),
            "Accepted distance as a share of the right value.",
        ),
        optional(
            "tolerance_abs",
            Number(0.0, f64::MAX),
            "Accepted distance in the answer's unit; the larger of the two counts.",
        ),
        optional(
            "example",
            NamedNumbers,
            "A value for each parameter, and the right `value` for them.",
        ),
        optional(
            "wrong",
            Tables(&WRONG, 1, 20),
            "Wrong ways to calculate it, each a misconception.",
        ),
    ],
};

pub static WRONG: Table = Table {
    doc: "A wrong way to calculate the answer.",
    keys: &[
        required("formula", Text, "As in the answer."),
        required("why", Text, "What is wrong with it."),
    ],
};

pub static CRITERION: Table = Table {
    doc: "An observable criterion of an open question.",
    keys: &[
        required("criterion", Text, "What a good answer does."),
        required("points", Integer(1, 100), "What it is worth."),
        required("evidence", Text, "What to look for in the answer."),
    ],
};

pub static REFERENCE: Table = Table {
    doc: "A primary source.",
    keys: &[
        required(
            "author",
            Text,
            "Author or publisher; optional with a `url`.",
        )
        .unless_url(),
        required("title", Text, "Title."),
        required(
            "where",
            Text,
            "Section, chapter, venue or edition; optional with a `url`.",
        )
        .unless_url(),
        required("year", Integer(1800, 2200), "Year of publication.").unless_own(),
        optional(
            "url",
            Url,
            "Its address, such as https://example.org/runbook.",
        ),
    ],
};

pub static CHECKED: Table = Table {
    doc: "When facts that can expire were last looked up.",
    keys: &[
        required("on", Date, "The day, YYYY-MM-DD."),
        required("against", Text, "The version or edition."),
    ],
};

/// An outline in seeds/: a competency of the blueprint.
pub static SEED: Table = Table {
    doc: "The outline of a competency.",
    keys: &[
        required("id", Id, "The name of the file without .toml."),
        required("title", Text, "What a person calls it."),
        required("weight", Integer(0, 100), "Percent of the score."),
        required("section", Text, "The section of the source document."),
        optional("facet", Tables(&FACET, 0, usize::MAX), "Its facets."),
        optional(
            "tip",
            Tables(&TIP, 0, usize::MAX),
            "Tips of the source document.",
        ),
        optional(
            "point",
            Tables(&POINT, 0, usize::MAX),
            "Its knowledge points.",
        ),
    ],
};

pub static FACET: Table = Table {
    doc: "A part of a competency.",
    keys: &[
        required("id", Id, "Unique over all outlines."),
        required("title", Text, "What a person calls it."),
        required("place", Text, "Where the source document names it."),
    ],
};

pub static TIP: Table = Table {
    doc: "A tip of the source document.",
    keys: &[
        required("id", Id, "Unique over all outlines."),
        required("title", Text, "What a person calls it."),
        required("place", Text, "Where the source document names it."),
        required("covers", Ids, "The facets that it is about."),
    ],
};

pub static POINT: Table = Table {
    doc: "Something an engineer has to know.",
    keys: &[
        required("id", Id, "The facet, a slash, kp and a number."),
        required("facet", Id, "The facet that it belongs to."),
        required(
            "level",
            Word(|| Level::ALL.map(Level::word).to_vec()),
            "The seniority from which it is expected.",
        ),
        required("text", Text, "The point in a sentence."),
        optional("refs", Ids, "Keys in references.toml."),
    ],
};

/// The part of an outline after its facets and tips.
pub static POINTS: Table = Table {
    doc: "Knowledge points.",
    keys: &[optional("point", Tables(&POINT, 0, usize::MAX), "Points.")],
};

#[cfg(test)]
mod tests {
    use super::{QUESTION, Value};

    #[test]
    fn documentation_of_a_question_names_the_allowed_words() {
        for key in QUESTION.keys {
            let Value::Word(words) = key.value else {
                continue;
            };
            for word in words() {
                assert!(key.doc.contains(word), "`{}` can be {word}", key.name);
            }
        }
    }
}
