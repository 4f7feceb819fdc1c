//! The deck format, described once: the reader, its suggestions and `aethos schema` all follow these tables.

use crate::core::question::{Demand, Kind, Level};

/// A TOML table: what it is, and the keys it may have.
#[derive(Debug)]
pub struct Table {
    pub doc: &'static str,
    pub keys: &'static [Key],
}

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub value: Value,
    pub required: bool,
    /// The types of question that have this key; empty for all of them.
    pub kinds: &'static [Kind],
    pub doc: &'static str,
}

#[derive(Debug)]
pub enum Value {
    /// Running text, not empty.
    Text,
    /// Text whose spaces and line breaks count.
    Listing,
    /// Small letters, digits, `.`, `-` and `/`.
    Id,
    Ids,
    /// An array of texts.
    Texts,
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// `YYYY-MM-DD`
    Date,
    Integer(i64, i64),
    Number(f64, f64),
    Numbers,
    Flag,
    /// Pairs of step numbers, from 1.
    Pairs,
    Table(&'static Table),
    /// An array of tables, at least and at most so many.
    Tables(&'static Table, usize, usize),
    /// Tables under names that the author chooses.
    Named(&'static Table),
    /// Numbers under names that the author chooses.
    Figures,
}

const fn must(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key { name, value, required: true, kinds: &[], doc }
}

const fn may(name: &'static str, value: Value, doc: &'static str) -> Key {
    Key { required: false, ..must(name, value, doc) }
}

impl Key {
    const fn of(self, kinds: &'static [Kind]) -> Key {
        Key { kinds, ..self }
    }

    pub fn is_of(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

impl Table {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

use Value::*;

/// A whole deck file.
pub static FILE: Table = Table {
    doc: "A deck of aethos: its provenance and its questions.",
    keys: &[
        must("deck", Table(&DECK), "Provenance of the deck."),
        must(
            "question",
            Tables(&QUESTION, 1, usize::MAX),
            "The questions; each begins with [[question]] on a line of its own.",
        ),
    ],
};

/// The part of a deck file before its first question.
pub static HEAD: Table =
    Table { doc: "The head of a deck.", keys: &[must("deck", Table(&DECK), "Provenance of the deck.")] };

pub static DECK: Table = Table {
    doc: "Provenance of a deck.",
    keys: &[
        must("id", Id, "The name of the file without .toml."),
        must("title", Text, "What a person calls the deck."),
        must("version", Text, "Version of the deck, such as 1.0.0."),
        must("language", Text, "Language of the texts, such as en."),
        must("competency", Id, "The competency of the blueprint that all questions belong to."),
    ],
};

pub static QUESTION: Table = Table {
    doc: "A question. Its scalar keys stand before its tables.",
    keys: &[
        must("id", Id, "Unique in the deck: the facet, a dot and a number, such as consensus-paxos-raft.001."),
        must("facet", Id, "The facet of the blueprint that it belongs to."),
        must("points", Ids, "The knowledge points that it samples, such as consensus-paxos-raft/kp7."),
        may("tips", Ids, "Tips of the source document that it illustrates."),
        must(
            "level",
            Word(|| Level::ALL.map(Level::word).to_vec()),
            "The seniority from which one is expected to answer it.",
        ),
        must("demand", Word(|| Demand::ALL.map(Demand::word).to_vec()), "What it asks of the mind."),
        must("type", Word(|| Kind::ALL.map(Kind::word).to_vec()), "How it is answered."),
        may("family", Id, "Questions of one family give each other away: a form has at most one of them."),
        must("seconds", Integer(5, 3600), "Fair time to read, think and answer, in seconds."),
        must("stem", Text, "The situation."),
        may("code_lang", Id, "The language of the listing."),
        may("code", Listing, "A listing of at most 20 lines and 76 columns."),
        must("lead_in", Text, "The one closed question."),
        must("select", Integer(2, 5), "How many options are right.").of(&[Kind::Multiple]),
        may("free", Pairs, "Pairs of steps that may stand either way, by their numbers from 1: [[2, 3]].")
            .of(&[Kind::Ordering]),
        must("explanation", Text, "What teaches: the mechanism, why the tempting answers fail, the limit of the rule."),
        may("waive", Texts, "Rules that this question breaks for a reason: [\"L07: proper noun\"]."),
        may("discussion", Text, "What a mentor may ask next."),
        may("checked", Table(&CHECKED), "When and against what facts that can expire were last looked up."),
        must("model_answer", Text, "A good answer.").of(&[Kind::Open]),
        must(
            "option",
            Tables(&OPTION, 3, 6),
            "What can be chosen: 3 to 5 in a single question, 4 to 6 in a multiple one.",
        )
        .of(&[Kind::Single, Kind::Multiple]),
        must("step", Tables(&STEP, 4, 7), "The steps in their right order.").of(&[Kind::Ordering]),
        must("left", Tables(&LEFT, 3, 6), "What is to be matched.").of(&[Kind::Matching]),
        must("right", Tables(&RIGHT, 5, 12), "What it is matched with; at least two more than there are left entries.")
            .of(&[Kind::Matching]),
        may("params", Named(&PARAM), "The parameters; {name} in a text is replaced by the value that was drawn, {value} by the correct answer, {=formula} by any calculation.")
            .of(&[Kind::Numeric]),
        must("answer", Table(&ANSWER), "How the right number is calculated.").of(&[Kind::Numeric]),
        must("rubric", Tables(&CRITERION, 4, 8), "What an answer is rated by.").of(&[Kind::Open]),
        must("reference", Tables(&REFERENCE, 1, 20), "Primary sources."),
    ],
};

pub static OPTION: Table = Table {
    doc: "Something that can be chosen.",
    keys: &[
        must("text", Text, "The option as it is shown."),
        may("correct", Flag, "Whether it is keyed; false where it is left out."),
        may("credit", Number(0.0, 1.0), "What picking it earns in a single question: 1.0 for the key, 0.5 or 0.0."),
        must("why", Text, "Why it is right or wrong."),
        may("misconception", Text, "The wrong belief that a distractor stands for; every distractor has one."),
    ],
};

pub static STEP: Table = Table {
    doc: "A step of an ordering question.",
    keys: &[must("text", Text, "The step as it is shown."), must("why", Text, "Why it stands here.")],
};

pub static LEFT: Table = Table {
    doc: "An entry that is to be matched.",
    keys: &[
        must("text", Text, "The entry as it is shown."),
        must("match", Id, "The id of the right entry that belongs to it."),
        must("why", Text, "Why these two belong together."),
    ],
};

pub static RIGHT: Table = Table {
    doc: "An entry that others are matched with.",
    keys: &[must("id", Id, "Unique in the question."), must("text", Text, "The entry as it is shown.")],
};

pub static PARAM: Table = Table {
    doc: "A parameter of a numeric question.",
    keys: &[
        must("values", Numbers, "The values that can be drawn; every combination of all parameters must make sense."),
        may("unit", Text, "Unit of the values."),
        may("label", Text, "What the parameter is."),
    ],
};

pub static ANSWER: Table = Table {
    doc: "The right number of a numeric question.",
    keys: &[
        must("formula", Text, "Numbers, parameters, + - * / ^ ( ) and min max ceil floor sqrt ln log2."),
        may("unit", Text, "Unit of the answer."),
        may("tolerance_rel", Number(0.0, 1.0), "Accepted distance as a share of the right value."),
        may(
            "tolerance_abs",
            Number(0.0, f64::MAX),
            "Accepted distance in the answer's unit; the larger of the two counts.",
        ),
        may("example", Figures, "A value for each parameter, and the right `value` for them."),
        may("wrong", Tables(&WRONG, 1, 20), "Wrong ways to calculate it, each a misconception."),
    ],
};

pub static WRONG: Table = Table {
    doc: "A wrong way to calculate the answer.",
    keys: &[must("formula", Text, "As in the answer."), must("why", Text, "What is wrong with it.")],
};

pub static CRITERION: Table = Table {
    doc: "An observable criterion of an open question.",
    keys: &[
        must("criterion", Text, "What a good answer does."),
        must("points", Integer(1, 100), "What it is worth."),
        must("evidence", Text, "What to look for in the answer."),
    ],
};

pub static REFERENCE: Table = Table {
    doc: "A primary source.",
    keys: &[
        must("author", Text, "Author or publisher."),
        must("title", Text, "Title."),
        must("where", Text, "Section, chapter, venue or edition."),
        must("year", Integer(1800, 2200), "Year of publication."),
    ],
};

pub static CHECKED: Table = Table {
    doc: "When facts that can expire were last looked up.",
    keys: &[must("on", Date, "The day, YYYY-MM-DD."), must("against", Text, "The version or edition.")],
};

/// An outline in seeds/: a competency of the blueprint.
pub static SEED: Table = Table {
    doc: "The outline of a competency.",
    keys: &[
        must("id", Id, "The name of the file without .toml."),
        must("title", Text, "What a person calls it."),
        must("weight", Integer(0, 100), "Percent of the score."),
        must("section", Text, "The section of the source document."),
        may("facet", Tables(&FACET, 0, usize::MAX), "Its facets."),
        may("tip", Tables(&TIP, 0, usize::MAX), "Tips of the source document."),
        may("point", Tables(&POINT, 0, usize::MAX), "Its knowledge points."),
    ],
};

pub static FACET: Table = Table {
    doc: "A part of a competency.",
    keys: &[
        must("id", Id, "Unique over all outlines."),
        must("title", Text, "What a person calls it."),
        must("place", Text, "Where the source document names it."),
    ],
};

pub static TIP: Table = Table {
    doc: "A tip of the source document.",
    keys: &[
        must("id", Id, "Unique over all outlines."),
        must("title", Text, "What a person calls it."),
        must("place", Text, "Where the source document names it."),
        must("covers", Ids, "The facets that it is about."),
    ],
};

pub static POINT: Table = Table {
    doc: "Something an engineer has to know.",
    keys: &[
        must("id", Id, "The facet, a slash, kp and a number."),
        must("facet", Id, "The facet that it belongs to."),
        must("level", Word(|| Level::ALL.map(Level::word).to_vec()), "The seniority from which it is expected."),
        must("text", Text, "The point in a sentence."),
        may("refs", Ids, "Keys in references.toml."),
    ],
};

/// The part of an outline after its facets and tips.
pub static POINTS: Table =
    Table { doc: "Knowledge points.", keys: &[may("point", Tables(&POINT, 0, usize::MAX), "Points.")] };
