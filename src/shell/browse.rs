//! Browsing: finds questions that the person has seen, and opens them for review.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use memchr::memmem;

use super::home::day_of;
use super::{Refused, Workspace};
use crate::app::browse::{FoundQuestions, SeenLine, SeenQuery, SeenQuestion};
use crate::app::effect::{OpenedResult, Remark};
use crate::core::blueprint::{Blueprint, Point};
use crate::core::form::Item;
use crate::core::id::{DeckId, PointId, QuestionId, SessionId};
use crate::core::question::{Kind, Question};
use crate::core::seen::{SeenFilter, Topic};
use crate::core::text::Text;
use crate::deck::fast_scan::scan_question;
use crate::deck::load::question_from;
use crate::session::assessment::{Assessment, Bank};
use crate::session::{EarlierAnswers, Session};
use crate::store::SeenRow;

/// The maximum number of questions that a search lists.
const LISTED: usize = 200;

impl Workspace {
    /// Returns the questions that the person has seen and that match, the latest one first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn find_seen(&self, query: &SeenQuery) -> Result<FoundQuestions, Refused> {
        let mut matcher = Matcher::new(query, self)?;
        let is_decided_by_text = !query.text.trim().is_empty()
            || query.topic.is_some()
            || query.filter == SeenFilter::Unanswered;
        let matches: &mut dyn FnMut(&SeenRow, &str) -> bool =
            &mut |row, source| matcher.matches(row, source);
        let (rows, has_more) = self.store.seen_questions(
            self.person,
            query.filter,
            LISTED,
            is_decided_by_text.then_some(matches),
        )?;
        let lines = rows.into_iter().map(|row| self.seen_line(row));
        Ok(FoundQuestions {
            query: query.clone(),
            lines: lines.collect::<Result<_, _>>()?,
            has_more,
        })
    }

    /// Returns the entry of the list for a question.
    fn seen_line(&self, row: SeenRow) -> Result<SeenLine, Refused> {
        let question = self.seen_text(&row);
        let fill = |text: fn(&Question) -> &Text| {
            let question = question.as_ref()?;
            Some(match question.instance() {
                Some(example) => example.fill(text(question)),
                None => question.fill(text(question), row.row),
            })
        };
        let blueprint = &self.library.outline.blueprint;
        let facet = question
            .as_ref()
            .and_then(|question| blueprint.facet(&question.facet));
        let mut line = SeenLine {
            // A question whose text is damaged still has a name.
            lead_in: fill(|question| &question.lead_in)
                .unwrap_or_else(|| Text::new(row.question.as_str())),
            stem: fill(|question| &question.stem).unwrap_or_default(),
            facet: facet
                .map(|(_, facet)| facet.title.clone())
                .unwrap_or_default(),
            seconds: question.as_ref().map_or(0, |question| question.seconds),
            is_open: question.is_some_and(|question| question.kind() == Kind::Open),
            deck: row.deck,
            question: row.question,
            session: row.session,
            slot: row.slot,
            day: day_of(row.wall_ms).to_string(),
            last: row.last,
            note: None,
            dispute: None,
            is_flagged: false,
        };
        for (kind, text, wall_ms) in
            self.store
                .remarks_on(self.person, &line.deck, &line.question)?
        {
            let remark = Remark {
                day: day_of(wall_ms).short(),
                text: Text::new(&text),
            };
            match kind.as_str() {
                "note" => line.note = Some(remark),
                "dispute" => line.dispute = Some(remark),
                _ => line.is_flagged = true,
            }
        }
        Ok(line)
    }

    /// Returns a question as it was shown last; `None` if its text is damaged.
    fn seen_text(&self, row: &SeenRow) -> Option<Question> {
        let source = self.store.source(row.fingerprint).ok()??;
        let question = question_from(&source.text, &Text::new(row.deck.as_str())).ok()?;
        if question.simulation.is_none() {
            return Some(question);
        }
        // The session keeps the instance of a simulated question.
        let item = match row.slot {
            Some(slot) => self.store.item(&row.session, slot).ok(),
            None => self.stored(&row.session).ok().and_then(|stored| {
                let items = stored.start.form.items.into_iter();
                let is_it = |item: &Item| item.question == row.question && item.deck == row.deck;
                items.filter(is_it).last()
            }),
        };
        Some(match item {
            Some(item) => item.concrete(question),
            None => question,
        })
    }

    /// Opens a question that was found for review, in the session of its last answer.
    ///
    /// # Errors
    /// The session cannot be read back.
    pub fn show_seen(&self, line: &SeenLine) -> Result<SeenQuestion, Refused> {
        let stored = self.stored(&line.session)?;
        let session = self.session_as_scored(&stored.start)?;
        let is_it = |slot: &usize| {
            let item = session.item(*slot);
            item.question == line.question && item.deck == line.deck
        };
        let of_answer = line.slot.filter(|slot| *slot < session.len());
        let slot = of_answer
            .or_else(|| (0..session.len()).rev().find(is_it))
            .ok_or(Refused::Changed)?;
        let (deck, question) = (line.deck.clone(), line.question.clone());
        let opened = self.opened_unscored(line.session.clone(), session);
        Ok(SeenQuestion {
            deck,
            question,
            opened,
            slot,
        })
    }

    /// Opens a session to show its questions. Only the outcomes of its answers are needed, so the scores can do without
    /// the bank.
    pub(super) fn opened_unscored(&self, id: SessionId, session: Session) -> OpenedResult {
        let assessment = Assessment::continuing(
            EarlierAnswers::default(),
            &session,
            &self.library.outline.blueprint,
            &Bank::default(),
        );
        let points = self.points_of(&session);
        OpenedResult {
            id,
            session,
            assessment,
            points,
        }
    }

    /// Returns the knowledge points of the competencies in a session.
    pub(super) fn points_of(&self, session: &Session) -> BTreeMap<PointId, Point> {
        let competencies = session.form.items.iter().map(|item| &item.competency);
        let competencies: BTreeSet<_> = competencies.collect();
        let points = competencies
            .into_iter()
            .flat_map(|id| self.library.outline.points_of(id));
        points
            .map(|point| (point.id.clone(), point.clone()))
            .collect()
    }
}

/// Decides whether the text of a question matches a search.
struct Matcher {
    words: Vec<Word>,
    /// The facets of the topic; `None` for all topics.
    topic: Option<Vec<String>>,
    /// True if open questions are left out: their answers have no score, so they only look unanswered.
    only_scored: bool,
    /// What the person wrote about questions, in small letters.
    remarks: HashMap<(DeckId, QuestionId), String>,
    /// The text being searched, in small letters.
    text: String,
}

/// A word of the search, and the facets that match it by their title.
struct Word {
    word: memmem::Finder<'static>,
    facets: Vec<String>,
}

impl Matcher {
    fn new(query: &SeenQuery, workspace: &Workspace) -> Result<Self, Refused> {
        let blueprint = &workspace.library.outline.blueprint;
        let lower = query.text.to_lowercase();
        let words: Vec<Word> = lower
            .split_whitespace()
            .map(|word| Word::new(word, blueprint))
            .collect();
        let remarks = match words.is_empty() {
            true => Vec::new(),
            false => workspace.store.written_remarks(workspace.person)?,
        };
        Ok(Self {
            words,
            topic: query
                .topic
                .as_ref()
                .map(|topic| facets_of(topic, blueprint)),
            only_scored: query.filter == SeenFilter::Unanswered,
            remarks: remarks
                .into_iter()
                .map(|(deck, question, text)| ((deck, question), text.to_lowercase()))
                .collect(),
            text: String::new(),
        })
    }

    fn matches(&mut self, row: &SeenRow, source: &str) -> bool {
        if self.only_scored
            && scan_question(source.as_bytes(), true)
                .is_some_and(|(scan, _)| scan.kind == Some("open"))
        {
            return false;
        }
        if let Some(topic) = &self.topic
            && !facet_of(source).is_some_and(|facet| topic.contains(&facet))
        {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let remark = match self.remarks.is_empty() {
            true => "",
            false => self
                .remarks
                .get(&(row.deck.clone(), row.question.clone()))
                .map_or("", String::as_str),
        };
        self.text.clear();
        self.text.push_str(source);
        self.text.make_ascii_lowercase();
        // Most questions fail here. In the others, the names of keys such as `option` do not count.
        let in_source =
            |word: &Word| word.is_in(&self.text) || word.is_in(remark) || word.is_about(&self.text);
        if !self.words.iter().all(in_source) {
            return false;
        }
        values_of(source, &mut self.text);
        self.words
            .iter()
            .all(|word| word.is_in(&self.text) || word.is_in(remark) || word.is_about(source))
    }
}

impl Word {
    fn new(word: &str, blueprint: &Blueprint) -> Self {
        let mut facets = Vec::new();
        for competency in &blueprint.competencies {
            let is_of_all = competency.title.as_str().to_lowercase().contains(word);
            let named = competency
                .facets
                .iter()
                .filter(|facet| is_of_all || facet.title.as_str().to_lowercase().contains(word));
            facets.extend(named.map(|facet| format!("\"{}\"", facet.id)));
        }
        Self {
            word: memmem::Finder::new(word).into_owned(),
            facets,
        }
    }

    fn is_in(&self, text: &str) -> bool {
        self.word.find(text.as_bytes()).is_some()
    }

    /// Returns true if the question is on a facet whose title has the word.
    fn is_about(&self, source: &str) -> bool {
        !self.facets.is_empty() && self.facets.iter().any(|facet| source.contains(facet))
    }
}

/// Returns the names of the facets of a topic.
fn facets_of(topic: &Topic, blueprint: &Blueprint) -> Vec<String> {
    match topic {
        Topic::Facet(id) => vec![id.to_string()],
        Topic::Competency(id) => {
            let facets = blueprint
                .competency(id)
                .map_or(&[][..], |competency| &competency.facets);
            facets.iter().map(|facet| facet.id.to_string()).collect()
        }
    }
}

/// Returns the facet of a question by its text.
fn facet_of(source: &str) -> Option<String> {
    let scanned = scan_question(source.as_bytes(), true).and_then(|(scan, _)| scan.facet);
    match scanned {
        Some(facet) => Some(facet.to_owned()),
        None => question_from(source, &Text::default())
            .ok()
            .map(|question| question.facet.to_string()),
    }
}

/// Writes the values in the text of a question, in small letters, without the names of keys and tables.
fn values_of(source: &str, values: &mut String) {
    values.clear();
    for line in source.lines() {
        let is_key = |key: &str| {
            let key = key.trim();
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        let text = line.trim();
        let value = match line.split_once('=') {
            _ if text.starts_with('[') && text.ends_with(']') => continue,
            Some((key, value)) if is_key(key) => value,
            _ => line,
        };
        values.push_str(value);
        values.push('\n');
    }
    *values = values.to_lowercase();
}
